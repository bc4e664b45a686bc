"""Queries over sign-ins. Knows hashes of tokens, never the tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import String, Table, bindparam, func, insert, select, update
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import Session

from app.storage.accounts import USER_COLUMNS, UserRecord
from app.storage.tables import SignInRow, UserRow
from app.storage.trust_tables import MembershipRow, SecondFactorRow


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """A sign-in as stored. `second_factor_at`: since when its user has a second factor.

    `parts`: what its user is in which engagement, by engagement id.
    """

    id: int
    user_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    device: str | None
    factors: str | None
    proved_at: datetime | None
    second_factor_at: datetime | None
    parts: Mapping[int, str]
    user: UserRecord


# Every request asks who is signed in: the statement is built once, on plain tables.
_USERS = cast("Table", UserRow.__table__)
_SIGN_INS = cast("Table", SignInRow.__table__)
_SECOND = cast("Table", SecondFactorRow.__table__)
_MEMBERSHIPS = cast("Table", MembershipRow.__table__)
_PARTS = (  # "3:lead,7:observer" spares every request a second query
    select(
        func.aggregate_strings(
            cast_to(_MEMBERSHIPS.c.engagement_id, String).concat(":").concat(_MEMBERSHIPS.c.part), ","
        )
    )
    .where(_MEMBERSHIPS.c.user_id == _SIGN_INS.c.user_id)
    .scalar_subquery()
)
_ALL: Any = (
    select(
        _SIGN_INS.c.id,
        _SIGN_INS.c.user_id,
        _SIGN_INS.c.created_at,
        _SIGN_INS.c.seen_at,
        _SIGN_INS.c.expires_at,
        _SIGN_INS.c.ended_at,
        _SIGN_INS.c.device,
        _SIGN_INS.c.factors,
        _SIGN_INS.c.proved_at,
        _SECOND.c.confirmed_at,
        _PARTS,
        *(_USERS.c[column.key] for column in USER_COLUMNS),
    )
    .join_from(_SIGN_INS, _USERS, _USERS.c.id == _SIGN_INS.c.user_id)
    .outerjoin(_SECOND, _SECOND.c.user_id == _SIGN_INS.c.user_id)
)
_BY_HASH = _ALL.where(_SIGN_INS.c.token_hash == bindparam("wanted"))
_OWN = 10  # columns of the sign-in itself; the parts and the user's follow


def _record(row: Any) -> SignInRecord:
    values: list[Any] = [*row[:_OWN], _parts(row[_OWN]), UserRecord(*row[_OWN + 1 :])]
    return SignInRecord(*values)


def _parts(told: str | None) -> dict[int, str]:
    pairs = (one.partition(":") for one in told.split(",")) if told else ()
    return {int(engagement_id): part for engagement_id, _, part in pairs}


def sign_in_by_hash(session: Session, token_hash: str) -> SignInRecord | None:
    """Return the sign-in whose token has that hash, with its user."""
    row = session.connection().execute(_BY_HASH, {"wanted": token_hash}).one_or_none()
    return None if row is None else _record(row)


def sign_ins_of(session: Session, user_id: int) -> tuple[SignInRecord, ...]:
    """Return the sign-ins of a user that were not ended, the last used first."""
    wanted = _ALL.where(_SIGN_INS.c.user_id == user_id, _SIGN_INS.c.ended_at.is_(None))
    return tuple(_record(row) for row in session.execute(wanted.order_by(_SIGN_INS.c.seen_at.desc(), _SIGN_INS.c.id)))


def insert_sign_in(
    session: Session,
    *,
    token_hash: str,
    user_id: int,
    at: datetime,
    expires_at: datetime,
    device: str | None,
    factors: str,
) -> int:
    """Store a new sign-in, whose user has just proved who they are; return its id."""
    values = {"token_hash": token_hash, "user_id": user_id, "expires_at": expires_at, "device": device}
    values |= {"created_at": at, "seen_at": at, "proved_at": at, "factors": factors}
    return session.execute(insert(SignInRow).values(**values).returning(SignInRow.id)).scalar_one()


def set_seen(session: Session, sign_in_id: int, at: datetime) -> None:
    """Note that a sign-in was used."""
    session.execute(update(SignInRow).where(SignInRow.id == sign_in_id).values(seen_at=at))


def end_sign_in(session: Session, sign_in_id: int, at: datetime) -> None:
    """End one sign-in; an ended one keeps its time."""
    session.execute(
        update(SignInRow).where(SignInRow.id == sign_in_id, SignInRow.ended_at.is_(None)).values(ended_at=at)
    )


def end_sign_ins_of(session: Session, user_id: int, at: datetime, *, but: int | None = None) -> int:
    """End every sign-in of a user but one; return how many were ended."""
    statement = update(SignInRow).where(SignInRow.user_id == user_id, SignInRow.ended_at.is_(None))
    if but is not None:
        statement = statement.where(SignInRow.id != but)
    return int(cast("Any", session.execute(statement.values(ended_at=at))).rowcount)
