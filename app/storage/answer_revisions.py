"""Every save of an answer, the losing sides of conflicts too. Append-only: what is written here is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from app.storage.tables import AnswerRevisionRow, UserRow

LOST = "conflict-lost"

# Part of every save: the statements are built once, on plain tables.
_REVISION_TABLE = cast("Table", AnswerRevisionRow.__table__)
_USER_TABLE = cast("Table", UserRow.__table__)
_INSERT_REVISION = insert(_REVISION_TABLE)


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """One save of an answer: the fields that it touched `before` and `after`, and what the client was told."""

    id: int
    interview_id: int
    element: str
    mutation_id: str
    base_version: int
    version: int
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    result: Mapping[str, Any]
    user_id: int | None
    user_name: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NewRevision:
    """What is appended for one save; fields as in `RevisionRecord`."""

    interview_id: int
    element: str
    mutation_id: str
    base_version: int
    version: int
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    result: Mapping[str, Any]
    user_id: int | None
    at: datetime


_REVISIONS: Any = (
    select(
        _REVISION_TABLE.c.id,
        _REVISION_TABLE.c.interview_id,
        _REVISION_TABLE.c.element,
        _REVISION_TABLE.c.mutation_id,
        _REVISION_TABLE.c.base_version,
        _REVISION_TABLE.c.version,
        _REVISION_TABLE.c.kind,
        _REVISION_TABLE.c.before,
        _REVISION_TABLE.c.after,
        _REVISION_TABLE.c.result,
        _REVISION_TABLE.c.user_id,
        _USER_TABLE.c.display_name.label("user_name"),
        _REVISION_TABLE.c.at,
    )
    .select_from(_REVISION_TABLE)
    .outerjoin(_USER_TABLE, _USER_TABLE.c.id == _REVISION_TABLE.c.user_id)
)


_REVISION = _REVISIONS.where(_REVISION_TABLE.c.mutation_id == bindparam("wanted"))


def revision_of(session: Session, mutation_id: str) -> RevisionRecord | None:
    """Return what was stored for a mutation id; None for a new one."""
    row = session.connection().execute(_REVISION, {"wanted": mutation_id}).one_or_none()
    return None if row is None else _revision_record(row)


def revisions_of(session: Session, interview_id: int, element: str) -> tuple[RevisionRecord, ...]:
    """Return every save of one answer in order, the losing sides of conflicts too."""
    rows = session.execute(
        _REVISIONS.where(AnswerRevisionRow.interview_id == interview_id, AnswerRevisionRow.element == element).order_by(
            AnswerRevisionRow.id
        )
    )
    return tuple(_revision_record(row) for row in rows)


def revisions_since(session: Session, interview_id: int, element: str, version: int) -> tuple[RevisionRecord, ...]:
    """Return the saves that changed an answer after `version`, in order."""
    rows = session.execute(
        _REVISIONS.where(
            AnswerRevisionRow.interview_id == interview_id,
            AnswerRevisionRow.element == element,
            AnswerRevisionRow.version > version,
            AnswerRevisionRow.kind != LOST,
        ).order_by(AnswerRevisionRow.id)
    )
    return tuple(_revision_record(row) for row in rows)


def _revision_record(row: Any) -> RevisionRecord:
    return RevisionRecord(
        **{**row._mapping, "before": row.before or {}, "after": row.after or {}, "result": row.result or {}}
    )


def insert_revision(session: Session, new: NewRevision) -> None:
    """Append one revision; revisions are never changed afterwards."""
    session.execute(
        _INSERT_REVISION,
        {
            "interview_id": new.interview_id,
            "element": new.element,
            "mutation_id": new.mutation_id,
            "base_version": new.base_version,
            "version": new.version,
            "kind": new.kind,
            "before": dict(new.before),
            "after": dict(new.after),
            "result": dict(new.result),
            "user_id": new.user_id,
            "at": new.at,
        },
    )
