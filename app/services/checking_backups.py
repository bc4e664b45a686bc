"""Is a backup whole? Every file against its hash, the database against its own rules and against the counted rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from app.services.backup_manifest import DATABASE, MANIFEST, Manifest, StoredFile, read_manifest
from app.storage.copying import CopyFault, examine


def check_backup(folder: Path) -> tuple[Manifest, list[str]]:
    """Return what a backup says of itself and every fault in it; BackupFault where it cannot be read at all."""
    manifest = read_manifest(folder)
    faults = [fault for file in manifest.files if (fault := _fault_of(folder, file))]
    faults += _strangers(folder, manifest)
    if not any(fault.startswith(f"{DATABASE}:") for fault in faults):
        faults += database_faults(folder / DATABASE, manifest)
    return manifest, faults


def _fault_of(folder: Path, file: StoredFile) -> str | None:
    place = folder / file.path
    if not place.is_file() or place.is_symlink():
        return f"{file.path}: is not there"
    if place.stat().st_size != file.size:
        return f"{file.path}: has {place.stat().st_size} bytes, not {file.size}"
    with place.open("rb") as reading:
        if hashlib.file_digest(reading, "sha256").hexdigest() != file.sha256:
            return f"{file.path}: was changed (SHA-256 differs)"
    return None


def _strangers(folder: Path, manifest: Manifest) -> Iterator[str]:
    known = {MANIFEST, *(file.path for file in manifest.files)}
    if DATABASE not in known:
        yield f"{DATABASE}: the manifest names no database"
    for place in sorted(folder.rglob("*")):
        path = place.relative_to(folder).as_posix()
        if path not in known and not place.is_dir():
            yield f"{path}: does not belong to this backup"


def database_faults(file: Path, manifest: Manifest) -> Iterator[str]:
    """Yield where a copy of the database is broken, or is not the one that was counted."""
    try:
        found = examine(file)
    except CopyFault as fault:
        yield f"{DATABASE}: {fault}"
        return
    yield from (f"{DATABASE}: {fault}" for fault in found.faults)
    if found.revision != manifest.revision:
        yield f"{DATABASE}: schema at revision {found.revision}, not {manifest.revision}"
    for table in sorted({*found.rows, *manifest.rows}):
        there, counted = found.rows.get(table), manifest.rows.get(table)
        if there != counted:
            yield f"{DATABASE}: {table} has {there} rows, not {counted}"
