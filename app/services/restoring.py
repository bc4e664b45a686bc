"""Bringing a backup back into an empty folder: everything verified, then brought to this version's schema.

The database gets its name last: a restore that is interrupted leaves a folder that no server takes for an installation.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.services.backing_up import copy_file
from app.services.backup_folders import sync_tree
from app.services.backup_manifest import DATABASE, BackupFault, Manifest, StoredFile, read_manifest
from app.services.checking_backups import database_faults
from app.services.disk_room import ask_room
from app.services.refusals import Refused
from app.services.trail import Event, record
from app.storage import restored
from app.storage.database import Database
from app.storage.migrating import head
from app.storage.syncing import sync

if TYPE_CHECKING:
    from app.services.clock import Clock

UNFINISHED = ".restoring"


class NotEmpty(Refused):
    """A backup is only restored where nothing is."""

    def __init__(self, folder: Path) -> None:
        super().__init__("not-empty", f"{folder} is not empty; name a folder that does not exist yet, or an empty one")


class FromNewerProgram(Refused):
    """The backup's schema is newer than this program."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            "newer-program", f"the backup has schema revision {revision}, this program only knows {head()}; update it"
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    `lost`: how far back the backup lies (what was entered since is not in it). `seconds`: how long it took.
    `revision`: of the schema now. `sign_ins`, `links`: how many were ended, None where the old schema was left.
    """

    manifest: Manifest
    lost: timedelta
    seconds: float
    revision: str
    sign_ins: int | None
    links: int | None


def restore(
    backup: Path,
    into: Path,
    clock: Clock,
    *,
    migrate: bool = True,
    telling: Callable[[str], object] = str,
) -> Restored:
    """Restore a backup into a folder that does not exist or is empty; the backup itself is not changed.

    `telling` is called with a line before each step.

    With `migrate` the schema becomes this version's, and everybody has to sign in again: who signed out, lost an
    account or used a link since the backup must not come back with it. Raises NotEmpty, BackupFault (a file is missing
    or changed; then the folder is as before), FromNewerProgram, DiskScarce, OSError.
    """
    begun = time.monotonic()
    manifest = read_manifest(backup)
    _check_place(backup, into)
    if manifest.revision is None or DATABASE not in {file.path for file in manifest.files}:
        raise BackupFault(f"{backup} holds no database")
    if manifest.revision > head():
        raise FromNewerProgram(manifest.revision)
    ask_room(into, manifest.size)
    made_folder = not into.exists()
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        telling(f"copying {len(manifest.files)} files, {manifest.size} bytes")
        _copy(backup, into, manifest)
        telling("checking the database")
        _check_database(into / f"{DATABASE}{UNFINISHED}", manifest)
        sync_tree(into)
        (into / f"{DATABASE}{UNFINISHED}").rename(into / DATABASE)
        sync(into)
    except BaseException:
        _clear(into, manifest, folder_too=made_folder)
        raise
    revision, sign_ins, links = manifest.revision, None, None
    if migrate:
        telling(f"schema: {revision} to {head()}")
        sign_ins, links = _begin_anew(into, manifest, clock)
        revision = head()
    seconds = time.monotonic() - begun
    return Restored(manifest, clock() - manifest.taken_at, seconds, revision, sign_ins, links)


def _check_place(backup: Path, into: Path) -> None:
    inside = into.resolve().is_relative_to(backup.resolve())
    if inside or (into.exists() and (not into.is_dir() or any(into.iterdir()))):
        raise NotEmpty(into)


def _copy(backup: Path, into: Path, manifest: Manifest) -> None:
    """Copy every file of a backup and refuse the first that is not what the manifest says."""
    for file in manifest.files:
        target = into / (f"{DATABASE}{UNFINISHED}" if file.path == DATABASE else file.path)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        source = backup / file.path
        if source.is_symlink() or not source.is_file():
            raise BackupFault(f"{file.path} is not in the backup")
        if copy_file(source, target, file.path) != file:
            raise BackupFault(f"{file.path} was changed since the backup was made")


def _check_database(file: Path, manifest: Manifest) -> None:
    faults = list(database_faults(file, manifest))
    if faults:
        raise BackupFault("; ".join(faults))


def _clear(into: Path, manifest: Manifest, *, folder_too: bool) -> None:
    """Remove what a failed restore wrote, and nothing else."""
    for file in (*manifest.files, StoredFile(f"{DATABASE}{UNFINISHED}", 0, "")):
        (into / file.path).unlink(missing_ok=True)
    folders = sorted((path for path in into.rglob("*") if path.is_dir()), reverse=True)
    for folder in (*folders, *([into] if folder_too else [])):
        if not any(folder.iterdir()):
            folder.rmdir()


def _begin_anew(into: Path, manifest: Manifest, clock: Clock) -> tuple[int, int]:
    """Bring the schema to this version, end what must not outlive a restore, and enter it into the trail."""
    database = Database(f"sqlite:///{into / DATABASE}")
    try:
        database.upgrade()
        with database.begin() as session:
            ended = restored.end_sign_ins(session, clock()), restored.end_account_links(session, clock())
            details = {
                "taken_at": manifest.taken_at.isoformat(),
                "from_revision": manifest.revision,
                "sign_ins_ended": ended[0],
                "links_ended": ended[1],
            }
            record(session, Event.RESTORED, actor=None, clock=clock, details=details)
    finally:
        database.dispose()
    return ended
