"""Files and zip archives that an editor brings: what is taken of them, what is not, and what content they are.

An archive is only ever read: nothing in it becomes a path. Sizes are counted while unpacking, since it may lie.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from app.content.collection import VERSIONS_FILE
from app.content.folders import SUFFIXES
from app.content.frameworks import FRAMEWORK_FILE
from app.content.headers import header_of
from app.content.layering import ContentKind
from app.content.versions import REFERENCE, Version
from app.services.draft_files import LARGEST_DRAFT, check_files, check_key
from app.services.refusals import Invalid

LARGEST_ARCHIVE = 3 * 1024 * 1024
MOST_MEMBERS = 2000
HIGHEST_RATIO = 200
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Import:
    """What was brought: the content that it is, its files by plain name, and the paths that were left out."""

    kind: ContentKind
    key: str
    files: Mapping[str, str]
    left_out: tuple[str, ...] = ()


def read_import(uploads: Sequence[tuple[str, bytes]], *, wanted: tuple[ContentKind, str] | None = None) -> Import:
    """Return what uploaded files (name, content) hold: a framework, a questionnaire or a weight profile.

    Of an archive with versions, cases and more the current files of one content are taken. `wanted`: what it must be.
    Invalid `file`: import-empty, import-archive, import-too-large, import-encoding, import-unknown, import-several,
    import-other, and what files of drafts are refused for.
    """
    members = dict(_members(uploads))
    if not members:
        raise Invalid("file", "import-empty", "no YAML file was found")
    found = _framework(members) or _single(members, wanted)
    if wanted is not None and (found.kind, found.key) != wanted:
        message = f"these files are {found.key}, not {wanted[1]}"
        raise Invalid("file", "import-other", message, found=found.key, wanted=wanted[1])
    check_key(found.kind, found.key)
    check_files(found.files)
    return found


def _framework(members: Mapping[str, str]) -> Import | None:
    """Take the framework whose framework.yaml lies highest, with the files beside it."""
    heads = [path for path in members if PurePosixPath(path).name == FRAMEWORK_FILE]
    lone = [path for path, text in members.items() if header_of(text).get("kind") == "framework"]
    if not heads and len(lone) != 1:
        return None
    head = min(heads or lone, key=lambda path: (path.count("/"), path))
    if sum(path.count("/") == head.count("/") for path in heads) > 1:
        raise Invalid("file", "import-several", "there is more than one framework; bring one at a time")
    folder = PurePosixPath(head).parent
    beside = [path for path in members if PurePosixPath(path).parent == folder]
    names = {path: PurePosixPath(path).name for path in beside if PurePosixPath(path).name != VERSIONS_FILE}
    names[head] = FRAMEWORK_FILE
    key = header_of(members[head]).get("id", "")
    files = {FRAMEWORK_FILE: members[head], **{name: members[path] for path, name in names.items()}}
    return Import(ContentKind.FRAMEWORK, key, files, tuple(sorted(set(members) - set(names))))


def _single(members: Mapping[str, str], wanted: tuple[ContentKind, str] | None) -> Import:
    """Take the one questionnaire or weight profile; of several versions of a questionnaire the newest."""
    known = [(path, *named) for path, text in members.items() if (named := _named(text)) is not None]
    keys = {(kind, key) for _, kind, key in known}
    if wanted in keys:
        keys = {wanted}
    if not keys:
        raise Invalid("file", "import-unknown", "these files are no framework, questionnaire or weight profile")
    if len(keys) > 1:
        raise Invalid("file", "import-several", "there is more than one content; bring one at a time")
    ((kind, key),) = keys
    paths = [path for path, one, named in known if (one, named) == (kind, key)]
    path = max(paths, key=lambda one: _version(members[one]))
    name = PurePosixPath(path).name
    return Import(kind, key, {name: members[path]}, tuple(sorted(set(members) - {path})))


def _named(text: str) -> tuple[ContentKind, str] | None:
    header = header_of(text)
    if header.get("kind") == "questionnaire":
        return ContentKind.QUESTIONNAIRE, header.get("id", "")
    if header.get("kind") == "weights":
        reference = header.get("framework", "")
        framework = reference.partition("@")[0] if REFERENCE.fullmatch(reference) else ""
        return ContentKind.WEIGHTS, f"{framework}/{header.get('id', '')}"
    return None


def _version(text: str) -> Version:
    return Version.parse(header_of(text).get("version", "")) or Version((0, 0, 0))


def _members(uploads: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    """Yield every YAML file by path, those in archives too."""
    for name, content in uploads:
        if name.lower().endswith(".zip") or content.startswith(b"PK\x03\x04"):
            for path, inside in _unpacked(content):
                yield path, _decoded(path, inside)
        elif PurePosixPath(name).suffix.lower() in SUFFIXES:
            plain = name.replace("\\", "/").rpartition("/")[2]
            yield plain, _decoded(plain, content)


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    if len(content) > LARGEST_ARCHIVE:
        raise _too_large()
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            members = packed.infolist()
            if len(members) > MOST_MEMBERS:
                raise _too_large()
            yield from _yaml_members(packed, members, len(content))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Invalid("file", "import-archive", "the archive is damaged, or it has a password") from error


def _yaml_members(
    packed: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], size: int
) -> Iterator[tuple[str, bytes]]:
    total = 0
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        hidden = any(part.startswith((".", "__")) for part in path.parts)
        if member.is_dir() or hidden or path.suffix.lower() not in SUFFIXES:
            continue
        parts = []
        with packed.open(member) as opened:
            while chunk := opened.read(_CHUNK):
                parts.append(chunk)
                total += len(chunk)
                if total > 2 * LARGEST_DRAFT or total > max(HIGHEST_RATIO * size, _CHUNK):
                    raise _too_large()
        yield str(path), b"".join(parts)


def _too_large() -> Invalid:
    most = LARGEST_ARCHIVE // 2**20
    return Invalid("file", "import-too-large", f"an archive has at most {most} MiB", most=str(most))


def _decoded(path: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid("file", "import-encoding", f"{path} is not UTF-8", name=path) from error
