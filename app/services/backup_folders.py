"""The folder in which backups lie: which there are, which goes when, and that only one is made at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.services.backup_manifest import BackupFault, Kind, Manifest, read_manifest
from app.services.refusals import Refused
from app.storage.syncing import sync

NAME = re.compile(r"crm-maturity-\d{8}T\d{6}Z(-\d+)?")
UNFINISHED = ".part"
LOCK = ".lock"
KEPT_BEFORE_MIGRATIONS = 3


class BackupRunning(Refused):
    """Somebody else is making a backup into the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__("backup-running", f"another backup into {folder} is being made")


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A whole backup that lies in a folder of backups."""

    folder: Path
    manifest: Manifest


def name_for(parent: Path, taken_at: datetime) -> str:
    """Return a name for a new backup that nothing in the folder has."""
    name = f"crm-maturity-{taken_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    others = (f"{name}-{number}" for number in range(2, 10_000))
    return next(one for one in (name, *others) if not (parent / one).exists())


def backups_in(parent: Path) -> list[KeptBackup]:
    """Return the whole backups of a folder, the newest first; what cannot be read is none."""
    found = []
    for folder in parent.glob("crm-maturity-*"):
        if NAME.fullmatch(folder.name):
            with contextlib.suppress(BackupFault):
                found.append(KeptBackup(folder, read_manifest(folder)))
    return sorted(found, key=lambda one: (one.manifest.taken_at, one.folder.name), reverse=True)


def newest_backup(parent: Path) -> KeptBackup | None:
    """Return the newest whole backup of a folder."""
    return next(iter(backups_in(parent)), None)


@contextlib.contextmanager
def only_one(parent: Path) -> Iterator[None]:
    """Hold the folder for one backup, and clear out what backups that were killed left there; BackupRunning."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (parent / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRunning(parent) from error
        for left in parent.glob(f".crm-maturity-*{UNFINISHED}"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def clear_old(parent: Path, *, kept: int) -> list[Path]:
    """Remove the oldest backups that nobody asked for, beyond the newest `kept`; return what was removed."""
    there = backups_in(parent)
    removed = []
    for kind, most in ((Kind.SCHEDULED, kept), (Kind.BEFORE_MIGRATION, KEPT_BEFORE_MIGRATIONS)):
        for old in [one for one in there if one.manifest.kind is kind][most:]:
            going = old.folder.with_name(f".{old.folder.name}{UNFINISHED}")
            old.folder.rename(going)  # half a backup never carries the name of a whole one
            shutil.rmtree(going, ignore_errors=True)
            removed.append(old.folder)
    return removed


def sync_tree(folder: Path) -> None:
    """Bring a folder, all folders below and their files to the disk."""
    for place, _, names in os.walk(folder):
        for path in (*(Path(place) / name for name in names), Path(place)):
            sync(path)
