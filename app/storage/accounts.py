"""Queries over users. Knows hashes of passwords, never the passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.storage.tables import UserRow


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
    password_until: datetime | None


USER_COLUMNS = (
    UserRow.id,
    UserRow.name,
    UserRow.display_name,
    UserRow.password_hash,
    UserRow.role,
    UserRow.locale,
    UserRow.created_at,
    UserRow.disabled_at,
    UserRow.password_until,
)


def user_by_name(session: Session, name: str) -> UserRecord | None:
    """Return the user of that (normalised) name."""
    row = session.execute(select(*USER_COLUMNS).where(UserRow.name == name)).one_or_none()
    return None if row is None else UserRecord(*row)


def user_by_id(session: Session, user_id: int) -> UserRecord | None:
    """Return the user with that id."""
    row = session.execute(select(*USER_COLUMNS).where(UserRow.id == user_id)).one_or_none()
    return None if row is None else UserRecord(*row)


def users(session: Session) -> tuple[UserRecord, ...]:
    """Return all users by name."""
    return tuple(UserRecord(*row) for row in session.execute(select(*USER_COLUMNS).order_by(UserRow.name)))


def insert_user(session: Session, *, name: str, display_name: str, password_hash: str, role: str, at: datetime) -> int:
    """Store a user and return its id."""
    values = {"name": name, "display_name": display_name, "password_hash": password_hash, "role": role}
    return session.execute(insert(UserRow).values(**values, created_at=at).returning(UserRow.id)).scalar_one()


def set_password_hash(session: Session, user_id: int, password_hash: str) -> None:
    """Store another password hash."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(password_hash=password_hash))


def set_password_until(session: Session, user_id: int, until: datetime | None) -> None:
    """Store when the password of a user runs out; None: never."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(password_until=until))


def set_display_name(session: Session, user_id: int, display_name: str) -> None:
    """Store another name to show."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(display_name=display_name))


def set_role(session: Session, user_id: int, role: str) -> None:
    """Store another role."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(role=role))


def set_locale(session: Session, user_id: int, locale: str | None) -> None:
    """Store the language that a user chose."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(locale=locale))


def set_disabled(session: Session, user_id: int, at: datetime | None) -> None:
    """Disable a user, enable again with None."""
    session.execute(update(UserRow).where(UserRow.id == user_id).values(disabled_at=at))
