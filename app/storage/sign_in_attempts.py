"""Queries over attempts to sign in that failed, or are being tried. Knows keyed hashes, no name and no address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.storage.trust_tables import SignInAttemptRow


@dataclass(frozen=True, slots=True)
class Failures:
    """How many attempts there were since a moment, and when the last one was."""

    count: int
    last: datetime | None


def of_account(session: Session, account: str, since: datetime) -> Failures:
    """Return the attempts at an account since a moment."""
    return _counted(session, SignInAttemptRow.account == account, since)


def of_address(session: Session, address: str, since: datetime) -> Failures:
    """Return the attempts from an address since a moment."""
    return _counted(session, SignInAttemptRow.address == address, since)


def of_all(session: Session, since: datetime) -> Failures:
    """Return all attempts since a moment."""
    return _counted(session, SignInAttemptRow.id > 0, since)


def _counted(session: Session, condition: object, since: datetime) -> Failures:
    count, last = func.count(), func.max(SignInAttemptRow.at)
    row = session.execute(select(count, last).where(condition, SignInAttemptRow.at > since)).one()  # type: ignore[arg-type]
    return Failures(row[0], row[1])


def insert_attempt(session: Session, account: str, address: str, at: datetime) -> int:
    """Store an attempt and return its id."""
    values = {"account": account, "address": address, "at": at}
    return session.execute(insert(SignInAttemptRow).values(**values).returning(SignInAttemptRow.id)).scalar_one()


def delete_attempt(session: Session, attempt_id: int) -> None:
    """Forget one attempt."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.id == attempt_id))


def delete_of_account(session: Session, account: str) -> None:
    """Forget the attempts at an account."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.account == account))
