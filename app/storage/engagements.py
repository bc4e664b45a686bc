"""Queries over engagements, their unit trees and rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.core.text import Text
from app.storage.tables import EngagementRow, RoundRow, UnitRow


@dataclass(frozen=True, slots=True)
class EngagementRecord:
    """An engagement as stored."""

    id: int
    key: str
    name_zh: str | None
    name_en: str | None
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit as stored; `size` is an exact decimal."""

    id: int
    engagement_id: int
    key: str
    name_zh: str | None
    name_en: str | None
    kind: str | None
    parent_id: int | None
    size: str | None
    position: int
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """A round as stored."""

    id: int
    engagement_id: int
    key: str
    name_zh: str | None
    name_en: str | None
    date: date | None
    position: int
    archived_at: datetime | None


_ENGAGEMENT = (
    EngagementRow.id,
    EngagementRow.key,
    EngagementRow.name_zh,
    EngagementRow.name_en,
    EngagementRow.created_at,
    EngagementRow.archived_at,
)
_ROUND = (
    RoundRow.id,
    RoundRow.engagement_id,
    RoundRow.key,
    RoundRow.name_zh,
    RoundRow.name_en,
    RoundRow.date,
    RoundRow.position,
    RoundRow.archived_at,
)


def _units() -> Any:
    return select(
        UnitRow.id,
        UnitRow.engagement_id,
        UnitRow.key,
        UnitRow.name_zh,
        UnitRow.name_en,
        UnitRow.kind,
        UnitRow.parent_id,
        UnitRow.size,
        UnitRow.position,
        UnitRow.archived_at,
    )


def engagements(session: Session) -> tuple[EngagementRecord, ...]:
    """Return every engagement, the newest first."""
    rows = session.execute(select(*_ENGAGEMENT).order_by(EngagementRow.created_at.desc(), EngagementRow.id.desc()))
    return tuple(EngagementRecord(*row) for row in rows)


def engagement(session: Session, key: str) -> EngagementRecord | None:
    """Return the engagement of that key."""
    row = session.execute(select(*_ENGAGEMENT).where(EngagementRow.key == key)).one_or_none()
    return None if row is None else EngagementRecord(*row)


def engagement_by_id(session: Session, engagement_id: int) -> EngagementRecord | None:
    """Return the engagement with that id."""
    row = session.execute(select(*_ENGAGEMENT).where(EngagementRow.id == engagement_id)).one_or_none()
    return None if row is None else EngagementRecord(*row)


def insert_engagement(session: Session, *, key: str, name: Text, at: datetime, user_id: int | None) -> int:
    """Store an engagement and return its id."""
    values = {"key": key, "name_zh": name.zh, "name_en": name.en, "created_at": at, "created_by": user_id}
    return session.execute(insert(EngagementRow).values(**values).returning(EngagementRow.id)).scalar_one()


def update_engagement(session: Session, engagement_id: int, **values: Any) -> None:
    """Set columns of an engagement (`name_zh`, `name_en`, `archived_at`)."""
    session.execute(update(EngagementRow).where(EngagementRow.id == engagement_id).values(**values))


def units(session: Session, engagement_id: int) -> tuple[UnitRecord, ...]:
    """Return every unit of an engagement by position."""
    statement = _units().where(UnitRow.engagement_id == engagement_id).order_by(UnitRow.position, UnitRow.id)
    return tuple(UnitRecord(*row) for row in session.execute(statement))


def insert_unit(session: Session, engagement_id: int, *, key: str, **values: Any) -> int:
    """Store a unit after the others (`name_zh`, `name_en`, `kind`, `parent_id`, `size`) and return its id."""
    last = session.execute(select(func.max(UnitRow.position)).where(UnitRow.engagement_id == engagement_id)).scalar()
    row = {"engagement_id": engagement_id, "key": key, "position": (last or 0) + 1, **values}
    return session.execute(insert(UnitRow).values(**row).returning(UnitRow.id)).scalar_one()


def update_unit(session: Session, unit_id: int, **values: Any) -> None:
    """Set columns of a unit (`name_zh`, `name_en`, `kind`, `parent_id`, `size`, `position`, `archived_at`)."""
    session.execute(update(UnitRow).where(UnitRow.id == unit_id).values(**values))


def rounds(session: Session, engagement_id: int) -> tuple[RoundRecord, ...]:
    """Return every round of an engagement, by date (undated ones last), then as they were made."""
    rows = session.execute(
        select(*_ROUND)
        .where(RoundRow.engagement_id == engagement_id)
        .order_by(RoundRow.date.is_(None), RoundRow.date, RoundRow.position, RoundRow.id)
    )
    return tuple(RoundRecord(*row) for row in rows)


def insert_round(session: Session, engagement_id: int, *, key: str, name: Text, day: date | None) -> int:
    """Store a round after the others and return its id."""
    last = session.execute(select(func.max(RoundRow.position)).where(RoundRow.engagement_id == engagement_id)).scalar()
    row = {
        "engagement_id": engagement_id,
        "key": key,
        "name_zh": name.zh,
        "name_en": name.en,
        "date": day,
        "position": (last or 0) + 1,
    }
    return session.execute(insert(RoundRow).values(**row).returning(RoundRow.id)).scalar_one()


def update_round(session: Session, round_id: int, **values: Any) -> None:
    """Set columns of a round (`name_zh`, `name_en`, `date`, `archived_at`)."""
    session.execute(update(RoundRow).where(RoundRow.id == round_id).values(**values))
