"""Queries over the trail: events, and beside them the append-only histories of what people said and wrote.

Rows are only ever added (a trigger refuses everything else). `entries` lays all of them over one another in one shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.storage.tables import UserRow
from app.storage.trail_sources import Asked, trail_of
from app.storage.trust_tables import AuditEventRow


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is to be answered for. Ids, codes and numbers; no names, no texts."""

    at: datetime
    kind: str
    user_id: int | None = None
    engagement_id: int | None = None
    assessment_id: int | None = None
    element: str | None = None
    object_kind: str | None = None
    object_id: int | None = None
    details: Mapping[str, Any] | None = None
    request: str | None = None


def insert_event(session: Session, event: NewEvent) -> None:
    """Add one event."""
    values = {name: getattr(event, name) for name in NewEvent.__slots__}
    values["details"] = None if event.details is None else dict(event.details)
    session.execute(insert(AuditEventRow).values(**values))


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """One line of the trail as stored, wherever; `number` is its id among those of its source."""

    source: str
    number: int
    at: datetime
    kind: str
    user_id: int | None
    user_name: str | None
    engagement_id: int | None
    assessment_id: int | None
    element: str | None
    object_kind: str | None
    object_id: int | None
    before: Any
    after: Any
    details: Any
    request: str | None


def entries(session: Session, asked: Asked, *, limit: int, offset: int = 0) -> tuple[EntryRecord, ...]:
    """Return the entries that were asked for, the newest first."""
    trail = trail_of(asked)
    if trail is None:
        return ()
    rows = session.execute(
        select(
            trail.c.source,
            trail.c.number,
            trail.c.at,
            trail.c.kind,
            trail.c.user_id,
            UserRow.display_name,
            trail.c.engagement_id,
            trail.c.assessment_id,
            trail.c.element,
            trail.c.object_kind,
            trail.c.object_id,
            trail.c.before,
            trail.c.after,
            trail.c.details,
            trail.c.request,
        )
        .outerjoin(UserRow, UserRow.id == trail.c.user_id)
        .order_by(trail.c.at.desc(), trail.c.source, trail.c.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return tuple(EntryRecord(*row) for row in rows)


def count_entries(session: Session, asked: Asked) -> int:
    """Return how many entries there are."""
    trail = trail_of(asked)
    return 0 if trail is None else int(session.execute(select(func.count()).select_from(trail)).scalar_one())


def users_named(session: Session) -> tuple[tuple[int, str], ...]:
    """Return id and name of every account, by name: for the filter."""
    rows = session.execute(select(UserRow.id, UserRow.display_name).order_by(UserRow.display_name))
    return tuple((user_id, name) for user_id, name in rows)


def users_in(session: Session, engagement_id: int) -> tuple[tuple[int, str], ...]:
    """Return id and name of everybody who stands in the trail of an engagement, by name."""
    trail = trail_of(Asked(engagement_id=engagement_id))
    rows = session.execute(
        select(UserRow.id, UserRow.display_name)
        .where(UserRow.id.in_(select(trail.c.user_id).distinct()))
        .order_by(UserRow.display_name)
    )
    return tuple((user_id, name) for user_id, name in rows)
