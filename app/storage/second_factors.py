"""Queries over second factors: sealed secrets of one-time codes, hashes of recovery codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.storage.trust_tables import RecoveryCodeRow, SecondFactorRow


@dataclass(frozen=True, slots=True)
class SecondFactorRecord:
    """A second factor as stored; the secret is sealed."""

    user_id: int
    secret: str
    created_at: datetime
    confirmed_at: datetime | None
    last_step: int | None


def second_factor(session: Session, user_id: int) -> SecondFactorRecord | None:
    """Return a user's second factor, confirmed or not."""
    row = session.execute(
        select(
            SecondFactorRow.user_id,
            SecondFactorRow.secret,
            SecondFactorRow.created_at,
            SecondFactorRow.confirmed_at,
            SecondFactorRow.last_step,
        ).where(SecondFactorRow.user_id == user_id)
    ).one_or_none()
    return None if row is None else SecondFactorRecord(*row)


def users_with_one(session: Session) -> frozenset[int]:
    """Return the ids of the users whose second factor is confirmed."""
    return frozenset(session.scalars(select(SecondFactorRow.user_id).where(SecondFactorRow.confirmed_at.is_not(None))))


def sealed_secrets(session: Session) -> dict[int, str]:
    """Return every sealed secret by its user's id."""
    return {row.user_id: row.secret for row in session.execute(select(SecondFactorRow.user_id, SecondFactorRow.secret))}


def replace_sealed_secrets(session: Session, secrets: Mapping[int, str]) -> None:
    """Store secrets that were sealed anew."""
    for user_id, sealed in secrets.items():
        session.execute(update(SecondFactorRow).where(SecondFactorRow.user_id == user_id).values(secret=sealed))


def insert_second_factor(session: Session, user_id: int, secret: str, at: datetime) -> None:
    """Store a second factor that is not confirmed yet."""
    session.execute(insert(SecondFactorRow).values(user_id=user_id, secret=secret, created_at=at))


def delete_second_factor(session: Session, user_id: int) -> None:
    """Forget a user's second factor."""
    session.execute(delete(SecondFactorRow).where(SecondFactorRow.user_id == user_id))


def confirm_second_factor(session: Session, user_id: int, at: datetime) -> None:
    """Note that the user has shown a code of it."""
    session.execute(update(SecondFactorRow).where(SecondFactorRow.user_id == user_id).values(confirmed_at=at))


def use_step(session: Session, user_id: int, step: int) -> bool:
    """Note that the code of a time step was used; False when it, or a later one, was used before."""
    unused = or_(SecondFactorRow.last_step.is_(None), SecondFactorRow.last_step < step)
    done = session.execute(
        update(SecondFactorRow).where(SecondFactorRow.user_id == user_id, unused).values(last_step=step)
    )
    return bool(cast("Any", done).rowcount)


def replace_recovery_codes(session: Session, user_id: int, hashes: tuple[str, ...], at: datetime) -> None:
    """Store new recovery codes instead of those that a user had."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    if hashes:
        rows = [{"user_id": user_id, "code_hash": one, "created_at": at} for one in hashes]
        session.execute(insert(RecoveryCodeRow), rows)


def use_recovery_code(session: Session, user_id: int, code_hash: str, at: datetime) -> bool:
    """Note that a recovery code was used; False when the user has none of that hash, or used it before."""
    done = session.execute(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.user_id == user_id,
            RecoveryCodeRow.code_hash == code_hash,
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=at)
    )
    return bool(cast("Any", done).rowcount)


def recovery_codes_left(session: Session, user_id: int) -> int:
    """Return how many recovery codes a user has not used."""
    wanted = select(func.count()).where(RecoveryCodeRow.user_id == user_id, RecoveryCodeRow.used_at.is_(None))
    return session.execute(wanted).scalar_one()
