"""Erasing an engagement: everything of a client, in one transaction, for good; with the files that it names.

The trail keeps that it was done, by whom and how many rows, and nothing that names the client. Files go after the
rows, by a list that lies in the data folder until all of them are gone: whatever interrupts that, `finish_erasures`
goes on with it; the database file is written anew at the end (`compacting`). A job that is under way loses its row, and
with that the right to keep its file. Backups that were made before hold the engagement until they are removed.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from app.services import trail
from app.services.backup_folders import backups_in
from app.services.compacting import FOLDER, compact, owe_compaction
from app.services.engagements import get_engagement
from app.services.permissions import Action, require
from app.services.refusals import Invalid
from app.services.respondents import remove_workbooks
from app.services.trail import Event, Where
from app.storage import erasing as store
from app.storage.attachment_files import AttachmentFolder
from app.storage.syncing import sync

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.settings import Settings
    from app.storage.database import Database, Session

UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class Holding:
    """What erasing an engagement would take away: rows by table, how many files, how many backups hold it."""

    rows: Mapping[str, int]
    files: int
    backups: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: rows by table, and how many files were named."""

    rows: Mapping[str, int]
    files: int

    @property
    def total(self) -> int:
        """How many rows."""
        return sum(self.rows.values())


def holding_of(session: Session, key: str, settings: Settings) -> Holding:
    """Return what there is of an engagement; raises NotFound."""
    found = get_engagement(session, key)
    named = store.files_named(session, found.id)
    return Holding(
        store.count_rows(session, found.id),
        len(named.attachments) + len(named.products),
        backups_since(settings, found.created_at),
    )


def backups_since(settings: Settings, moment: datetime) -> int:
    """Return how many backups were made after a moment."""
    return sum(one.manifest.taken_at > moment for one in backups_in(settings.backups))


def erase_engagement(
    database: Database, settings: Settings, key: str, *, typed: str, actor: Actor | None, clock: Clock
) -> Erased:
    """Erase an engagement for good, its rows in one transaction, then its files; `typed` must be its key.

    Raises NotPermitted, NotFound, Invalid (`typed`).
    """
    if actor is not None:
        require(actor, Action.ADMINISTER)
    with database.begin() as session:
        engagement_id = get_engagement(session, key).id
        if typed.strip() != key:
            raise Invalid("typed", "not-confirmed", f"type the key of the engagement ({key}) to erase it", key=key)
        named = store.files_named(session, engagement_id)
        owe_compaction(settings)
        note = _note_files(settings, named)
        try:
            counts = _erase_rows(session, engagement_id, actor=actor, clock=clock)
        except BaseException:
            note.unlink(missing_ok=True)
            raise
    finish_erasures(database, settings)
    compact(database, settings)
    return Erased(counts, len(named.attachments) + len(named.products))


def _erase_rows(session: Session, engagement_id: int, *, actor: Actor | None, clock: Clock) -> dict[str, int]:
    user_id = None if actor is None else actor.user_id
    erasure_id = store.open_erasure(session, engagement_id, user_id=user_id, at=clock())
    counts = store.delete_engagement(session, engagement_id)
    store.close_erasure(session, erasure_id, counts, clock())
    trail.record(
        session,
        Event.ENGAGEMENT_ERASED,
        actor=actor,
        clock=clock,
        where=Where(engagement_id),
        about=("erasure", erasure_id),
        details={"count": sum(counts.values())},
    )
    return counts


# --- files -----------------------------------------------------------------------------------------------------------


def _note_files(settings: Settings, named: store.FilesNamed) -> Path:
    """Write down what is to be removed, before the rows are gone that name it."""
    folder = settings.data / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    note = folder / f"{uuid4().hex}.json"
    part = note.with_name(note.name + UNFINISHED)
    document = {
        "attachments": sorted(named.attachments),
        "products": sorted(named.products),
        "interviews": sorted(named.interviews),
    }
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(note)
    sync(folder)
    return note


def finish_erasures(database: Database, settings: Settings) -> int:
    """Remove the files of engagements that are gone; return how many. What a row still names stays."""
    removed = 0
    for note in sorted((settings.data / FOLDER).glob("*.json")):
        listed = json.loads(note.read_text("utf-8"))
        with database.read() as session:
            kept = store.still_named(session, listed["attachments"], listed["products"])
            there = store.interviews_there(session, listed["interviews"])
        folder = AttachmentFolder(settings.data)
        for name in listed["attachments"]:
            if name not in kept:
                removed += folder.file(name).exists()
                folder.remove(name)
        for name in listed["products"]:
            if name not in kept:
                removed += _remove(settings, name)
        remove_workbooks(settings, set(listed["interviews"]) - there)
        note.unlink(missing_ok=True)
    return removed


def _remove(settings: Settings, product: str) -> bool:
    file = (settings.data / product).resolve()
    if not file.is_relative_to(settings.data.resolve()):
        return False
    with contextlib.suppress(OSError):
        file.unlink()
        return True
    return False
