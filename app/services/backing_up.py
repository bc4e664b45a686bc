"""A backup of everything that people entered, made while they go on: database, evidence files, finished reports, keys.

The database is copied first, in one consistent moment; evidence files are stored before the row that names them and
never deleted, so each that the copy names is there to be copied after it. A file that an earlier backup in the same
folder holds already is linked, not copied.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from app.services import backup_folders as folders
from app.services import certificates, file_shelf
from app.services.backup_folders import KeptBackup
from app.services.backup_manifest import DATABASE, BackupFault, Kind, Manifest, Secrets, StoredFile, check_of
from app.services.disk_room import ask_room
from app.services.refusals import Refused
from app.services.trail import Event, record
from app.settings import SECRET_KEY_FILE, Settings, found_secret_key
from app.storage import attachment_files
from app.storage.attachment_files import AttachmentFolder
from app.storage.copying import Contents, CopyFault, copy_database, examine
from app.storage.syncing import sync

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.storage.database import Database

log = structlog.get_logger(__name__)

CHUNK = 1024 * 1024


class OtherDatabase(Refused):
    """The database is not SQLite: its own tools back it up."""

    def __init__(self) -> None:
        super().__init__(
            "other-database",
            "this database is not SQLite: back it up with its own tools (pg_dump --format=custom), then copy the data "
            "folder (docs/operating.md)",
        )


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: where, what it says of itself, the SHA-256 of that, what was removed for it."""

    folder: Path
    manifest: Manifest
    manifest_sha256: str
    removed: tuple[Path, ...]


def back_up(
    database: Database,
    settings: Settings,
    clock: Clock,
    *,
    kind: Kind = Kind.ASKED,
    to: Path | None = None,
    with_secrets: bool = True,
    alive: Callable[[], object] = lambda: None,
) -> Made:
    """Make a backup in the folder `to` (default: the settings'); clear out old ones in the latter.

    Nobody who writes waits longer than for one save. `alive` is called again and again meanwhile. A backup that fails
    leaves nothing behind. Raises OtherDatabase, BackupRunning, DiskScarce, BackupFault (the database itself is
    damaged), OSError.
    """
    if database.file is None:
        raise OtherDatabase
    parent = to or settings.backups
    begun, taken_at = time.monotonic(), clock()
    with folders.only_one(parent):
        earlier = folders.newest_backup(parent)
        ask_room(parent, _needed(database.file, settings, earlier))
        name = folders.name_for(parent, taken_at)
        part = parent / f".{name}{folders.UNFINISHED}"
        part.mkdir(mode=0o700)
        try:
            contents = _copy_database(database.file, part)
            files = list(_copy_files(part, settings, contents, earlier, with_secrets=with_secrets, alive=alive))
            there = {file.path for file in files}
            key, elsewhere = found_secret_key(settings)
            manifest = Manifest(
                kind=kind,
                program=version("crm-maturity"),
                taken_at=taken_at,
                seconds=round(time.monotonic() - begun, 3),
                revision=contents.revision,
                rows=contents.rows,
                files=tuple(files),
                missing=tuple(sorted(one for one in contents.attachments if _evidence(one) not in there)),
                secrets=_secrets(key, elsewhere=elsewhere, wanted=with_secrets),
                key_check=None if key is None else check_of(key),
            )
            sha256 = manifest.write(part)
            folders.sync_tree(part)
            part.rename(parent / name)
            sync(parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        removed = tuple(folders.clear_old(parent, kept=settings.backups_kept)) if to is None else ()
    made = Made(parent / name, manifest, sha256, removed)
    note(database, made, clock)
    return made


def note(database: Database, made: Made, clock: Clock) -> None:
    """Enter a backup into the trail; a schema that is about to be migrated may have none yet."""
    if not database.is_current():
        return
    with database.begin() as session:
        details = {
            "kind": made.manifest.kind.value,
            "manifest": made.manifest_sha256,
            "rows": sum(made.manifest.rows.values()),
            "files": len(made.manifest.files),
            "bytes": made.manifest.size,
        }
        record(session, Event.BACKED_UP, actor=None, clock=clock, details=details)


def back_up_when_due(
    database: Database, settings: Settings, clock: Clock, *, alive: Callable[[], object] = lambda: None
) -> Made | None:
    """Make a scheduled backup unless the newest one is young enough, or none are wanted or can be made here."""
    if settings.backup_hours == 0 or database.file is None:
        return None
    newest = folders.newest_backup(settings.backups)
    if newest is not None and clock() - newest.manifest.taken_at < timedelta(hours=settings.backup_hours):
        return None
    made = back_up(database, settings, clock, kind=Kind.SCHEDULED, alive=alive)
    log.info("backed up", seconds=made.manifest.seconds, files=len(made.manifest.files), removed=len(made.removed))
    return made


def _secrets(key: str | None, *, elsewhere: bool, wanted: bool) -> Secrets:
    if key is None:
        return Secrets.NONE
    if elsewhere:
        return Secrets.ELSEWHERE
    return Secrets.INCLUDED if wanted else Secrets.LEFT_OUT


def _copy_database(source: Path, part: Path) -> Contents:
    target = part / DATABASE
    try:
        copy_database(source, target)
        contents = examine(target)
    except CopyFault as fault:
        raise BackupFault(str(fault)) from fault
    if contents.faults:
        raise BackupFault(f"the database itself is damaged: {'; '.join(contents.faults)}")
    return contents


def _evidence(stored_as: str) -> str:
    return f"{attachment_files.FOLDER}/{stored_as}"


def _wanted(settings: Settings, contents: Contents, *, with_secrets: bool) -> Iterator[Path]:
    """Yield the files of the data folder that belong to a backup."""
    attachments = AttachmentFolder(settings.data)
    for stored_as in sorted(contents.attachments):
        yield attachments.file(stored_as)
        yield attachments.preview(stored_as)
    for product in sorted(contents.products):
        yield settings.data / product
    if with_secrets:
        yield settings.data / SECRET_KEY_FILE
        yield from sorted((settings.data / certificates.FOLDER).glob("*"))


def _copy_files(
    part: Path,
    settings: Settings,
    contents: Contents,
    earlier: KeptBackup | None,
    *,
    with_secrets: bool,
    alive: Callable[[], object],
) -> Iterator[StoredFile]:
    """Yield what stands in the backup: the database, then every wanted file that is there."""
    database = part / DATABASE
    yield StoredFile(DATABASE, database.stat().st_size, _hash_of(database))
    known = {} if earlier is None else {file.path: file for file in earlier.manifest.files}
    for source in _wanted(settings, contents, with_secrets=with_secrets):
        alive()
        try:
            path = source.resolve().relative_to(settings.data.resolve()).as_posix()
        except ValueError:  # a path that leads out of the data folder is none of ours
            continue
        target = part / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        former = known.get(path)
        if former is not None and earlier is not None and _link(earlier.folder / path, source, target, former):
            yield former
            continue
        try:
            yield copy_file(source, target, path)
        except (FileNotFoundError, IsADirectoryError):  # a report that was cleared out: it can be made again
            target.unlink(missing_ok=True)


def _link(earlier: Path, source: Path, target: Path, former: StoredFile) -> bool:
    """Use the earlier backup's file if it is still what it was and the source has not grown; never changed in place."""
    try:
        if source.stat().st_size != former.size or _hash_of(earlier) != former.sha256:
            return False
        if _holds_secret(former.path) and _hash_of(source) != former.sha256:
            return False
        os.link(earlier, target)
    except OSError:  # gone, another disk, a file system without links: copied instead
        return False
    return True


def _holds_secret(path: str) -> bool:
    """Tell whether a file may be written anew under its name: keys and certificates, unlike evidence and reports."""
    return path == SECRET_KEY_FILE or path.startswith(f"{certificates.FOLDER}/")


def copy_file(source: Path, target: Path, path: str) -> StoredFile:
    """Copy a file (0600) and return what was read."""
    digest, size = hashlib.sha256(), 0
    with (
        source.open("rb") as reading,
        os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as writing,
    ):
        while chunk := reading.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            writing.write(chunk)
    return StoredFile(path, size, digest.hexdigest())


def _hash_of(file: Path) -> str:
    with file.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def _needed(database: Path, settings: Settings, earlier: KeptBackup | None) -> int:
    """Return how many bytes a backup will take at most: the database, and files that no earlier backup has."""
    known: Mapping[str, int] = {} if earlier is None else {one.path: one.size for one in earlier.manifest.files}
    journal = database.with_name(f"{database.name}-wal")
    size = sum(file.stat().st_size for file in (database, journal) if file.exists())
    for folder in (attachment_files.FOLDER, *file_shelf.FOLDERS):
        for file in (settings.data / folder).glob("*"):
            if f"{folder}/{file.name}" not in known and file.is_file():
                size += file.stat().st_size
    return size
