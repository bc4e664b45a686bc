"""Personal links: frozen records out, named writes in. Knows hashes of tokens, never a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.orm import Session

from app.storage.tables import PersonalLinkRow


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """One link of one interview; an interview may have had several, the newest counts."""

    id: int
    interview_id: int
    token_hash: str
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None


_LINKS: Any = select(
    PersonalLinkRow.id,
    PersonalLinkRow.interview_id,
    PersonalLinkRow.token_hash,
    PersonalLinkRow.created_at,
    PersonalLinkRow.expires_at,
    PersonalLinkRow.opened_at,
    PersonalLinkRow.ended_at,
)


def insert_link(
    session: Session, *, interview_id: int, token_hash: str, at: datetime, expires_at: datetime, user_id: int | None
) -> int:
    """Store a link and return its id."""
    result = session.execute(
        insert(PersonalLinkRow).values(
            interview_id=interview_id,
            token_hash=token_hash,
            created_at=at,
            created_by=user_id,
            expires_at=expires_at,
        )
    )
    key: Any = cast("CursorResult[Any]", result).inserted_primary_key
    return int(key[0])


def link_by_hash(session: Session, token_hash: str) -> LinkRecord | None:
    """Return the link whose token has this hash, alive or not."""
    return _record(session.execute(_LINKS.where(PersonalLinkRow.token_hash == token_hash)).one_or_none())


def link(session: Session, link_id: int) -> LinkRecord | None:
    """Return one link, alive or not."""
    return _record(session.execute(_LINKS.where(PersonalLinkRow.id == link_id)).one_or_none())


def newest_links(session: Session, interview_ids: Sequence[int]) -> dict[int, LinkRecord]:
    """Return the newest link of each of these interviews that has one."""
    rows = session.execute(_LINKS.where(PersonalLinkRow.interview_id.in_(interview_ids)).order_by(PersonalLinkRow.id))
    return {row.interview_id: LinkRecord(*row) for row in rows}


def end_links(session: Session, interview_id: int, at: datetime) -> None:
    """End every link of an interview that has not ended yet."""
    session.execute(
        update(PersonalLinkRow)
        .where(PersonalLinkRow.interview_id == interview_id, PersonalLinkRow.ended_at.is_(None))
        .values(ended_at=at)
    )


def set_opened(session: Session, link_id: int, at: datetime) -> None:
    """Note when a link was first opened."""
    session.execute(
        update(PersonalLinkRow)
        .where(PersonalLinkRow.id == link_id, PersonalLinkRow.opened_at.is_(None))
        .values(opened_at=at)
    )


def _record(row: Any) -> LinkRecord | None:
    return None if row is None else LinkRecord(*row)
