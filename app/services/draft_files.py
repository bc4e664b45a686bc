"""What may be called a file of a draft, and how much it may hold. Says nothing about what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.content.collection import VERSIONS_FILE
from app.content.layering import ContentKind
from app.content.reading import MOST_BYTES
from app.services.refusals import Invalid

LARGEST_DRAFT = 8 * 1024 * 1024
MOST_FILES = 100
LONGEST_NAME = 100

# plain names that any file system takes: no separator, no control character, none of <>:"|?*
_NAME = re.compile(r'[^./\\<>:"|?*\x00-\x1f\x7f][^/\\<>:"|?*\x00-\x1f\x7f]*\.ya?ml')
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_ID = 64
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\.", re.IGNORECASE)


def is_key(kind: ContentKind, key: str) -> bool:
    """Tell whether a key is an id, of weights `framework/profile`: nothing else can be the name of content."""
    parts = key.split("/")
    expected = 2 if kind is ContentKind.WEIGHTS else 1
    return len(parts) == expected and all(len(part) <= _LONGEST_ID and _ID.fullmatch(part) for part in parts)


def check_key(kind: ContentKind, key: str) -> None:
    """Raise Invalid (`bad-id`) unless a key is an id, of weights `framework/profile`."""
    if not is_key(kind, key):
        raise Invalid("key", "bad-id", f"{key!r} is not an id", key=key)


def check_file(name: str, text: str, *, others: Iterable[str] = ()) -> None:
    """Raise Invalid where a file cannot be part of a draft: `file-name`, `draft-file-too-large`, `nul-character`."""
    plain = _NAME.fullmatch(name) and not _DEVICES.match(name) and len(name) <= LONGEST_NAME
    if not plain or not name.isprintable() or name.casefold() == VERSIONS_FILE:
        raise Invalid("name", "file-name", f"{name!r} is not a name for a file of a draft", name=name)
    if any(other.casefold() == name.casefold() and other != name for other in others):
        raise Invalid("name", "taken", f"{name!r} is already in use", key=name)
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        most = MOST_BYTES // 2**20
        raise Invalid("text", "draft-file-too-large", f"{name} is larger than {most} MiB", name=name, most=str(most))
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Invalid("text", "nul-character", f"{name} holds a character that cannot be stored", name=name)


def check_files(files: Mapping[str, str]) -> None:
    """Raise Invalid where files are no draft: what `check_file` refuses, `draft-too-many-files`, `draft-too-large`."""
    if len(files) > MOST_FILES:
        raise Invalid("files", "draft-too-many-files", f"a draft has at most {MOST_FILES} files", most=str(MOST_FILES))
    for name, text in files.items():
        check_file(name, text, others=files)
    if sum(len(text.encode("utf-8")) for text in files.values()) > LARGEST_DRAFT:
        most = LARGEST_DRAFT // 2**20
        raise Invalid("files", "draft-too-large", f"a draft holds at most {most} MiB", most=str(most))
