"""Queries over who users are to identity providers: pairs of issuer and subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.storage.trust_tables import IdentityRow


@dataclass(frozen=True, slots=True)
class IdentityRecord:
    """An identity as stored."""

    id: int
    user_id: int
    issuer: str
    subject: str
    created_at: datetime
    used_at: datetime | None


_COLUMNS = (
    IdentityRow.id,
    IdentityRow.user_id,
    IdentityRow.issuer,
    IdentityRow.subject,
    IdentityRow.created_at,
    IdentityRow.used_at,
)


def identity(session: Session, issuer: str, subject: str) -> IdentityRecord | None:
    """Return the identity that an issuer knows by that subject."""
    wanted = (IdentityRow.issuer == issuer, IdentityRow.subject == subject)
    row = session.execute(select(*_COLUMNS).where(*wanted)).one_or_none()
    return None if row is None else IdentityRecord(*row)


def identity_of(session: Session, user_id: int, issuer: str) -> IdentityRecord | None:
    """Return who a user is to an issuer."""
    wanted = (IdentityRow.user_id == user_id, IdentityRow.issuer == issuer)
    row = session.execute(select(*_COLUMNS).where(*wanted)).one_or_none()
    return None if row is None else IdentityRecord(*row)


def insert_identity(session: Session, user_id: int, *, issuer: str, subject: str, at: datetime) -> int:
    """Store who a user is to an issuer; return the row's id."""
    values = {"user_id": user_id, "issuer": issuer, "subject": subject, "created_at": at}
    return session.execute(insert(IdentityRow).values(**values).returning(IdentityRow.id)).scalar_one()


def set_used(session: Session, issuer: str, subject: str, at: datetime) -> None:
    """Note that somebody signed in by an identity."""
    wanted = (IdentityRow.issuer == issuer, IdentityRow.subject == subject)
    session.execute(update(IdentityRow).where(*wanted).values(used_at=at))


def delete_identity(session: Session, identity_id: int) -> None:
    """Forget an identity."""
    session.execute(delete(IdentityRow).where(IdentityRow.id == identity_id))
