"""Queries over invitations and reset links. Knows hashes of tokens, never the tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.storage.tables import EngagementRow
from app.storage.trust_tables import AccountLinkRow


@dataclass(frozen=True, slots=True)
class AccountLinkRecord:
    """A link as stored."""

    id: int
    kind: str
    label: str | None
    role: str | None
    engagement_id: int | None
    engagement_key: str | None
    part: str | None
    user_id: int | None
    created_at: datetime
    created_by: int | None
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewAccountLink:
    """A link to be stored."""

    kind: str
    token_hash: str
    created_at: datetime
    expires_at: datetime
    label: str | None = None
    role: str | None = None
    engagement_id: int | None = None
    part: str | None = None
    user_id: int | None = None
    created_by: int | None = None


_LINK: Any = select(
    AccountLinkRow.id,
    AccountLinkRow.kind,
    AccountLinkRow.label,
    AccountLinkRow.role,
    AccountLinkRow.engagement_id,
    EngagementRow.key,
    AccountLinkRow.part,
    AccountLinkRow.user_id,
    AccountLinkRow.created_at,
    AccountLinkRow.created_by,
    AccountLinkRow.expires_at,
    AccountLinkRow.used_at,
    AccountLinkRow.ended_at,
).outerjoin(EngagementRow, EngagementRow.id == AccountLinkRow.engagement_id)


def insert_link(session: Session, link: NewAccountLink) -> int:
    """Store a link and return its id."""
    values = {name: getattr(link, name) for name in NewAccountLink.__slots__}
    return session.execute(insert(AccountLinkRow).values(**values).returning(AccountLinkRow.id)).scalar_one()


def link(session: Session, link_id: int) -> AccountLinkRecord | None:
    """Return a link."""
    row = session.execute(_LINK.where(AccountLinkRow.id == link_id)).one_or_none()
    return None if row is None else AccountLinkRecord(*row)


def link_by_hash(session: Session, token_hash: str) -> AccountLinkRecord | None:
    """Return the link whose token has that hash."""
    row = session.execute(_LINK.where(AccountLinkRow.token_hash == token_hash)).one_or_none()
    return None if row is None else AccountLinkRecord(*row)


def open_links(session: Session, kind: str, engagement_id: int | None) -> tuple[AccountLinkRecord, ...]:
    """Return the unused links of a kind into an engagement (None: into none), newest first."""
    wanted = _LINK.where(
        AccountLinkRow.kind == kind,
        AccountLinkRow.used_at.is_(None),
        AccountLinkRow.ended_at.is_(None),
        AccountLinkRow.engagement_id.is_(None)
        if engagement_id is None
        else AccountLinkRow.engagement_id == engagement_id,
    )
    return tuple(AccountLinkRecord(*row) for row in session.execute(wanted.order_by(AccountLinkRow.id.desc())))


def use_link(session: Session, link_id: int, user_id: int, at: datetime) -> bool:
    """Note who used a link, and blank whom it was for; False when it was used or ended before."""
    done = session.execute(_open(link_id).values(used_at=at, user_id=user_id, label=None))
    return bool(cast("Any", done).rowcount)


def end_link(session: Session, link_id: int, at: datetime) -> bool:
    """End a link, and blank whom it was for; False when it was used or ended before."""
    return bool(cast("Any", session.execute(_open(link_id).values(ended_at=at, label=None))).rowcount)


def end_links_of(session: Session, user_id: int, at: datetime) -> None:
    """End every open link by which the password of a user can be chosen."""
    session.execute(_OPEN.where(AccountLinkRow.user_id == user_id).values(ended_at=at, label=None))


def end_links_made_by(session: Session, user_id: int, at: datetime, *, engagement_id: int | None = None) -> None:
    """End every open link that a user made: of one engagement those into it, and those to others' passwords."""
    wanted = _OPEN.where(AccountLinkRow.created_by == user_id)
    if engagement_id is not None:
        wanted = wanted.where((AccountLinkRow.engagement_id == engagement_id) | (AccountLinkRow.user_id.is_not(None)))
    session.execute(wanted.values(ended_at=at, label=None))


_OPEN: Any = update(AccountLinkRow).where(AccountLinkRow.used_at.is_(None), AccountLinkRow.ended_at.is_(None))


def _open(link_id: int) -> Any:
    return _OPEN.where(AccountLinkRow.id == link_id)
