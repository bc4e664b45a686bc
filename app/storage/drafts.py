"""Queries over drafts, their files and what these said before. Knows no rule about who may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.storage.editing_tables import DraftFileRow, DraftRevisionRow, DraftRow
from app.storage.tables import UserRow

LOST = "conflict-lost"


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """A draft as stored, without its files. `version` counts its saves."""

    id: int
    kind: str
    key: str
    owner_id: int
    owner_name: str
    base_version: str | None
    base_hash: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """What a file said from a version on; `text` None: it was removed. Of kind `conflict-lost`: what was not stored."""

    id: int
    version: int
    kind: str
    name: str
    text: str | None
    user_id: int | None
    user_name: str | None
    at: datetime


_DRAFTS: Any = select(
    DraftRow.id,
    DraftRow.kind,
    DraftRow.key,
    DraftRow.owner_id,
    UserRow.display_name,
    DraftRow.base_version,
    DraftRow.base_hash,
    DraftRow.version,
    DraftRow.created_at,
    DraftRow.updated_at,
    DraftRow.closed_at,
    DraftRow.outcome,
).join(UserRow, UserRow.id == DraftRow.owner_id)

_REVISIONS: Any = select(
    DraftRevisionRow.id,
    DraftRevisionRow.version,
    DraftRevisionRow.kind,
    DraftRevisionRow.name,
    DraftRevisionRow.text,
    DraftRevisionRow.user_id,
    UserRow.display_name,
    DraftRevisionRow.at,
).outerjoin(UserRow, UserRow.id == DraftRevisionRow.user_id)


def insert_draft(session: Session, **values: Any) -> int:
    """Store a new draft (its columns by name) and return its id. A second open one of its owner breaks the table."""
    return session.execute(insert(DraftRow).values(**values).returning(DraftRow.id)).scalar_one()


def draft(session: Session, draft_id: int) -> DraftRecord | None:
    """Return one draft, open or closed; None if there is none."""
    row = session.execute(_DRAFTS.where(DraftRow.id == draft_id)).first()
    return None if row is None else DraftRecord(*row)


def open_draft(session: Session, *, kind: str, key: str, owner_id: int) -> DraftRecord | None:
    """Return what an editor is revising of one content; None if nothing."""
    wanted = _DRAFTS.where(
        DraftRow.kind == kind, DraftRow.key == key, DraftRow.owner_id == owner_id, DraftRow.closed_at.is_(None)
    )
    row = session.execute(wanted).first()
    return None if row is None else DraftRecord(*row)


def open_drafts(session: Session, *, kind: str | None = None, key: str | None = None) -> list[DraftRecord]:
    """Return every open draft, or those of a kind, or of one content; what was changed last comes first."""
    wanted = _DRAFTS.where(DraftRow.closed_at.is_(None))
    if kind is not None:
        wanted = wanted.where(DraftRow.kind == kind)
    if key is not None:
        wanted = wanted.where(DraftRow.key == key)
    rows = session.execute(wanted.order_by(DraftRow.updated_at.desc(), DraftRow.id.desc()))
    return [DraftRecord(*row) for row in rows]


def closed_drafts(session: Session, *, owner_id: int, limit: int) -> list[DraftRecord]:
    """Return what an editor published or discarded, the latest first."""
    wanted = _DRAFTS.where(DraftRow.owner_id == owner_id, DraftRow.closed_at.is_not(None))
    rows = session.execute(wanted.order_by(DraftRow.closed_at.desc(), DraftRow.id.desc()).limit(limit))
    return [DraftRecord(*row) for row in rows]


def advance(session: Session, draft_id: int, *, seen: int, at: datetime) -> bool:
    """Count one save of an open draft that stands at version `seen`; False where it does not."""
    change = (
        update(DraftRow)
        .where(DraftRow.id == draft_id, DraftRow.version == seen, DraftRow.closed_at.is_(None))
        .values(version=seen + 1, updated_at=at)
    )
    return cast("CursorResult[Any]", session.execute(change)).rowcount == 1


def set_base(session: Session, draft_id: int, *, version: str | None, digest: str | None) -> None:
    """Store what a draft is based on from now on."""
    session.execute(update(DraftRow).where(DraftRow.id == draft_id).values(base_version=version, base_hash=digest))


def close(session: Session, draft_id: int, *, outcome: str, at: datetime) -> None:
    """Store how a draft ended."""
    session.execute(update(DraftRow).where(DraftRow.id == draft_id).values(closed_at=at, outcome=outcome))


def reopen(session: Session, draft_id: int, *, at: datetime) -> None:
    """Let a closed draft be open again."""
    session.execute(update(DraftRow).where(DraftRow.id == draft_id).values(closed_at=None, outcome=None, updated_at=at))


def files(session: Session, draft_id: int) -> dict[str, str]:
    """Return the files of a draft by name, in the order in which they were added."""
    found = select(DraftFileRow.name, DraftFileRow.text).where(DraftFileRow.draft_id == draft_id)
    rows = session.execute(found.order_by(DraftFileRow.id))
    return {row.name: row.text for row in rows}


def put_file(session: Session, draft_id: int, name: str, text: str) -> None:
    """Store what a file says, new or not."""
    change = update(DraftFileRow).where(DraftFileRow.draft_id == draft_id, DraftFileRow.name == name).values(text=text)
    if cast("CursorResult[Any]", session.execute(change)).rowcount == 0:
        session.execute(insert(DraftFileRow).values(draft_id=draft_id, name=name, text=text))


def delete_file(session: Session, draft_id: int, name: str) -> None:
    """Take a file out of a draft; its history keeps what it said."""
    session.execute(delete(DraftFileRow).where(DraftFileRow.draft_id == draft_id, DraftFileRow.name == name))


def append_revision(session: Session, draft_id: int, **values: Any) -> int:
    """Store what a file says from a version on (columns by name); return the revision's id."""
    new = insert(DraftRevisionRow).values(draft_id=draft_id, **values).returning(DraftRevisionRow.id)
    return session.execute(new).scalar_one()


def revisions(session: Session, draft_id: int) -> list[RevisionRecord]:
    """Return the history of a draft, the newest first."""
    wanted = _REVISIONS.where(DraftRevisionRow.draft_id == draft_id).order_by(DraftRevisionRow.id.desc())
    return [RevisionRecord(*row) for row in session.execute(wanted)]


def revision(session: Session, draft_id: int, revision_id: int) -> RevisionRecord | None:
    """Return one revision of a draft; None if it has no such one."""
    wanted = _REVISIONS.where(DraftRevisionRow.draft_id == draft_id, DraftRevisionRow.id == revision_id)
    row = session.execute(wanted).first()
    return None if row is None else RevisionRecord(*row)


def last_revisions(session: Session, draft_id: int) -> Mapping[str, RevisionRecord]:
    """Return the newest revision of every file that was stored; what lost a conflict is left out."""
    newest = (
        select(func.max(DraftRevisionRow.id))
        .where(DraftRevisionRow.draft_id == draft_id, DraftRevisionRow.kind != LOST)
        .group_by(DraftRevisionRow.name)
    )
    rows = session.execute(_REVISIONS.where(DraftRevisionRow.id.in_(newest)))
    return {record.name: record for record in (RevisionRecord(*row) for row in rows)}
