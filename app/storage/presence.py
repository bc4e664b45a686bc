"""Who looks at an interview right now: one row per interview and user, written over. Knows no rule about staleness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.storage.tables import PresenceRow, UserRow


@dataclass(frozen=True, slots=True)
class PresenceRecord:
    """A user in an interview, and the element that is open there (None: none, or a page of several)."""

    user_id: int
    user_name: str
    element: str | None
    seen_at: datetime


def present(session: Session, interview_id: int, since: datetime) -> tuple[PresenceRecord, ...]:
    """Return who was seen in an interview since a moment, by name."""
    rows = session.execute(
        select(PresenceRow.user_id, UserRow.display_name, PresenceRow.element, PresenceRow.seen_at)
        .join(UserRow, UserRow.id == PresenceRow.user_id)
        .where(PresenceRow.interview_id == interview_id, PresenceRow.seen_at >= since)
        .order_by(UserRow.display_name, PresenceRow.user_id)
    )
    return tuple(PresenceRecord(*row) for row in rows)


def set_presence(session: Session, *, interview_id: int, user_id: int, element: str | None, at: datetime) -> None:
    """Note that a user is in an interview; of two first notes at the same moment one wins."""
    here = (PresenceRow.interview_id == interview_id, PresenceRow.user_id == user_id)
    values = {"element": element, "seen_at": at}
    result = session.execute(update(PresenceRow).where(*here).values(**values))
    if cast("CursorResult[Any]", result).rowcount == 1:
        return
    try:
        with session.begin_nested():
            session.execute(insert(PresenceRow).values(interview_id=interview_id, user_id=user_id, **values))
    except IntegrityError:
        session.execute(update(PresenceRow).where(*here).values(**values))
