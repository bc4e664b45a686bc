"""Queries over users and their sign-ins. Knows hashes of tokens and passwords, never the tokens or passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.storage.tables import SignInRow, UserRow


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user as stored."""

    id: int
    name: str
    display_name: str
    password_hash: str
    role: str
    locale: str | None
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """A sign-in as stored."""

    id: int
    user_id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    user: UserRecord


_USER = (
    UserRow.id,
    UserRow.name,
    UserRow.display_name,
    UserRow.password_hash,
    UserRow.role,
    UserRow.locale,
    UserRow.created_at,
    UserRow.disabled_at,
)
# Every request asks who is signed in: the statement is built once, on plain tables.
_USERS = cast("Table", UserRow.__table__)
_SIGN_INS = cast("Table", SignInRow.__table__)
_SIGN_IN: Any = (
    select(
        _SIGN_INS.c.id,
        _SIGN_INS.c.user_id,
        _SIGN_INS.c.created_at,
        _SIGN_INS.c.seen_at,
        _SIGN_INS.c.expires_at,
        _SIGN_INS.c.ended_at,
        *(_USERS.c[column.key] for column in _USER),
    )
    .join_from(_SIGN_INS, _USERS, _USERS.c.id == _SIGN_INS.c.user_id)
    .where(_SIGN_INS.c.token_hash == bindparam("wanted"))
)


def user_by_name(session: Session, name: str) -> UserRecord | None:
    """Return the user of that (normalised) name."""
    row = session.execute(select(*_USER).where(UserRow.name == name)).one_or_none()
    return None if row is None else UserRecord(*row)


def user_by_id(session: Session, user_id: int) -> UserRecord | None:
    """Return the user with that id."""
    row = session.execute(select(*_USER).where(UserRow.id == user_id)).one_or_none()
    return None if row is None else UserRecord(*row)


def users(session: Session) -> tuple[UserRecord, ...]:
    """Return all users by name."""
    return tuple(UserRecord(*row) for row in session.execute(select(*_USER).order_by(UserRow.name)))


def insert_user(session: Session, *, name: str, display_name: str, password_hash: str, role: str, at: datetime) -> int:
    """Store a user and return its id."""
    values = {"name": name, "display_name": display_name, "password_hash": password_hash, "role": role}
    return session.execute(insert(UserRow).values(**values, created_at=at).returning(UserRow.id)).scalar_one()


def set_password_hash(session: Session, user_id: int, password_hash: str) -> None:
    """Store another password hash."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=password_hash))


def set_role(session: Session, user_id: int, role: str) -> None:
    """Store another role."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(role=role))


def set_locale(session: Session, user_id: int, locale: str | None) -> None:
    """Store the language that a user chose."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(locale=locale))


def set_disabled(session: Session, user_id: int, at: datetime | None) -> None:
    """Disable a user, enable again with None."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(disabled_at=at))


def insert_sign_in(session: Session, *, token_hash: str, user_id: int, at: datetime, expires_at: datetime) -> None:
    """Store a new sign-in."""
    session.execute(
        insert(SignInRow).values(
            token_hash=token_hash, user_id=user_id, created_at=at, seen_at=at, expires_at=expires_at
        )
    )


def sign_in_by_hash(session: Session, token_hash: str) -> SignInRecord | None:
    """Return the sign-in whose token has that hash, with its user."""
    row = session.execute(_SIGN_IN, {"wanted": token_hash}).one_or_none()
    if row is None:
        return None
    sign_in_id, user_id, created_at, seen_at, expires_at, ended_at, *user = row
    return SignInRecord(sign_in_id, user_id, created_at, seen_at, expires_at, ended_at, UserRecord(*user))


def set_seen(session: Session, sign_in_id: int, at: datetime) -> None:
    """Note that a sign-in was used."""
    session.execute(update(SignInRow).where(SignInRow.id == sign_in_id).values(seen_at=at))


def end_sign_in(session: Session, token_hash: str, at: datetime) -> None:
    """End one sign-in; an ended one keeps its time."""
    session.execute(
        update(SignInRow).where(SignInRow.token_hash == token_hash, SignInRow.ended_at.is_(None)).values(ended_at=at)
    )


def end_sign_ins_of(session: Session, user_id: int, at: datetime) -> None:
    """End every sign-in of a user."""
    session.execute(
        update(SignInRow).where(SignInRow.user_id == user_id, SignInRow.ended_at.is_(None)).values(ended_at=at)
    )
