"""What a file was made from, as one hash: equal inputs, equal hash. Knows values and files, no report."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

from app.settings import CHECKOUT

PROGRAM = (".py", ".po")  # what words and figures depend on; pages and scripts of the site do not


def fingerprint(*values: object) -> str:
    """Return the SHA-256 of plain values: dataclasses, mappings, sequences, sets, texts, numbers, dates, enums.

    The order of a mapping or set plays no part. TypeError for anything else, so that nothing is left out unseen.
    """
    digest = hashlib.sha256()
    for piece in _pieces(values):
        digest.update(piece.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def files_below(folders: Iterable[Path]) -> str:
    """Return the SHA-256 of names and contents of all files below some folders; a missing folder has none."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def program() -> str:
    """Return the SHA-256 of this program: a mended one makes files anew, also under the same version.

    It is that of the files as they are now: each job runs in a new process, which reads them, however old this one is.
    """
    folder = CHECKOUT / "app"
    return _program(folder, tuple(_stamped(folder)))


def _stamped(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield every file that words and figures depend on with its time and size, which tell whether to read it again."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(PROGRAM):
                path = Path(parent, name)
                state = path.stat()
                yield str(path.relative_to(folder)), state.st_mtime_ns, state.st_size


@lru_cache(maxsize=1)
def _program(folder: Path, stamped: tuple[tuple[str, int, int], ...]) -> str:
    digest = hashlib.sha256()
    for name, _, _ in stamped:
        digest.update(f"{name}\0".encode())
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def _pieces(value: object) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        yield f"{type(value).__name__}("
        for field in fields(value):
            yield from _pieces(getattr(value, field.name))
        yield ")"
    elif isinstance(value, Mapping):
        yield "{"
        by_key = sorted(((fingerprint(key), pair) for key, pair in value.items()), key=itemgetter(0))
        for key, pair in by_key:
            yield key
            yield from _pieces(pair)
        yield "}"
    elif isinstance(value, AbstractSet):
        yield "<" + ",".join(sorted(fingerprint(one) for one in value)) + ">"
    elif isinstance(value, list | tuple):
        yield "["
        for one in value:
            yield from _pieces(one)
        yield "]"
    else:
        yield _piece(value)


def _piece(value: object) -> str:
    if isinstance(value, Enum):
        return repr(value.value)
    if isinstance(value, str):
        return f"s{len(value)}:{value}"
    if isinstance(value, date):  # a moment too
        return value.isoformat()
    if value is None or isinstance(value, bool | int | Fraction):
        return repr(value)
    raise TypeError(f"{type(value).__name__} has no fingerprint")
