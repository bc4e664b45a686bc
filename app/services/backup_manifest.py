"""What a backup says of itself: `manifest.json`, with a hash of every file and a count of every table's rows.

Written last, so that a folder with a manifest is a whole backup; read strictly, since it may come from a damaged disk.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from app.services.refusals import Refused

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "crm-maturity.db"


class Kind(StrEnum):
    """Why a backup was made."""

    SCHEDULED = "scheduled"  # by the worker
    ASKED = "asked"  # by an operator
    BEFORE_MIGRATION = "before-migration"  # by `db upgrade`


class Secrets(StrEnum):
    """What became of the secret key."""

    INCLUDED = "included"
    LEFT_OUT = "left-out"  # as was asked for
    ELSEWHERE = "elsewhere"  # it comes from the environment
    NONE = "none"  # there was none yet


class BackupFault(Refused):
    """A backup is not whole, or cannot be read."""

    def __init__(self, message: str) -> None:
        super().__init__("backup-damaged", message)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a backup: its path below the data folder with slashes, its size in bytes and the SHA-256 of it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole backup. `rows`: count by table. `missing`: evidence files that were lost before the backup was made.

    `key_check`: tells whether a secret key is the one that this installation had, and nothing else about it.
    """

    kind: Kind
    program: str
    taken_at: datetime
    seconds: float
    revision: str | None
    rows: Mapping[str, int]
    files: tuple[StoredFile, ...]
    missing: tuple[str, ...]
    secrets: Secrets
    key_check: str | None

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    def write(self, folder: Path) -> str:
        """Write this as the manifest of a backup (0600, not yet brought to the disk); return its SHA-256."""
        document = {"format": FORMAT, **asdict(self), "taken_at": self.taken_at.isoformat()}
        content = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
        target = folder / MANIFEST
        target.touch(mode=0o600)
        target.write_bytes(content)
        return hashlib.sha256(content).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read what a backup says of itself; BackupFault where it has no manifest or one that cannot be used."""
    try:
        document = json.loads((folder / MANIFEST).read_text("utf-8"))
    except FileNotFoundError as error:
        raise BackupFault(f"{folder} is no backup: it has no {MANIFEST}") from error
    except (OSError, ValueError) as error:
        raise BackupFault(f"{folder / MANIFEST} cannot be read: {error}") from error
    try:
        return _manifest(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupFault(f"{folder / MANIFEST} is damaged, or of another program: {error!r}") from error


def _manifest(document: Mapping[str, Any]) -> Manifest:
    if document["format"] != FORMAT:
        raise ValueError(f"format {document['format']!r}; this program reads {FORMAT}")
    files = tuple(StoredFile(str(one["path"]), int(one["size"]), str(one["sha256"])) for one in document["files"])
    for file in files:
        if not is_inside(file.path):
            raise ValueError(f"{file.path!r} leads out of the backup")
    taken_at = datetime.fromisoformat(document["taken_at"])
    if taken_at.tzinfo is None:
        raise ValueError("taken_at without a zone")
    return Manifest(
        kind=Kind(document["kind"]),
        program=str(document["program"]),
        taken_at=taken_at,
        seconds=float(document["seconds"]),
        revision=None if document["revision"] is None else str(document["revision"]),
        rows={str(name): int(count) for name, count in document["rows"].items()},
        files=files,
        missing=tuple(map(str, document["missing"])),
        secrets=Secrets(document["secrets"]),
        key_check=None if document["key_check"] is None else str(document["key_check"]),
    )


def is_inside(path: str) -> bool:
    """Tell whether a path of a manifest stays below its folder."""
    parts = PurePosixPath(path)
    return bool(path) and not parts.is_absolute() and ".." not in parts.parts and "\\" not in path and "\0" not in path


def check_of(key: str) -> str:
    """Return what tells a secret key from another, without telling anything else about it."""
    return hmac.new(key.encode(), b"crm-maturity: which key is this", hashlib.sha256).hexdigest()[:16]
