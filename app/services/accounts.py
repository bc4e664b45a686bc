"""Users: who there is, with which role. Passwords, sign-ins, second factors and links stand in modules beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.core.text import LOCALES, Locale
from app.services import trail
from app.services.clock import Clock
from app.services.lines import one_line
from app.services.passwords import check_password, hash_password
from app.services.permissions import Actor, Part, Role
from app.services.refusals import Invalid, NotFound, Taken
from app.services.trail import Event
from app.storage import account_links
from app.storage import accounts as store
from app.storage import sign_ins as sign_in_store
from app.storage.database import Session

LONGEST_NAME = 80
FIRST_PASSWORD_LASTS = timedelta(days=7)
NAME = re.compile(r"[\w.@+-]{1,80}")


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as an administrator sees one. Without a password only a link or a single sign-on lets the user in."""

    id: int
    name: str
    display_name: str
    role: Role
    locale: Locale | None
    created_at: datetime
    disabled: bool
    has_password: bool = True


def normal_name(name: str) -> str:
    """Return a user name as it is stored and compared: full-width and capital letters folded."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def view_of(user: store.UserRecord) -> UserView:
    """Return a stored user as an administrator sees one."""
    return UserView(
        user.id,
        user.name,
        user.display_name,
        Role(user.role),
        next((locale for locale in LOCALES if locale == user.locale), None),
        user.created_at,
        user.disabled_at is not None,
        bool(user.password_hash),
    )


def acting_as(user: store.UserRecord, parts: Mapping[int, str]) -> Actor:
    """Return a stored user as one who asks, with the parts that their memberships give, by engagement id."""
    given = {engagement_id: Part(part) for engagement_id, part in parts.items()}
    return Actor(user.id, user.name, user.display_name, Role(user.role), given)


def _found(session: Session, name: str) -> store.UserRecord:
    user = store.user_by_name(session, normal_name(name))
    if user is None:
        raise NotFound("user", name)
    return user


def list_users(session: Session) -> tuple[UserView, ...]:
    """Return all users by name."""
    return tuple(view_of(user) for user in store.users(session))


def get_user(session: Session, name: str) -> UserView:
    """Return the user of that name; NotFound if there is none."""
    return view_of(_found(session, name))


def user_of_id(session: Session, user_id: int) -> UserView:
    """Return the user with that id; NotFound if there is none."""
    user = store.user_by_id(session, user_id)
    if user is None:
        raise NotFound("user", user_id)
    return view_of(user)


def add_user(
    session: Session,
    *,
    name: str,
    password: str | None,
    role: Role,
    clock: Clock,
    display_name: str | None = None,
    actor: Actor | None = None,
    breached: Path | None = None,
) -> UserView:
    """Store a user; without a password, a link or a single sign-on must follow.

    Invalid for a name or password that cannot be used, Taken for a name in use.
    """
    normal = normal_name(name)
    if not NAME.fullmatch(normal):
        raise Invalid("name", "bad-name", "a name is 1 to 80 letters, digits, dots, @, +, - or _", name=name)
    if store.user_by_name(session, normal) is not None:
        raise Taken("name", normal)
    shown = _display_name(display_name or name)
    if password is not None:
        check_password(password, context=(normal, shown), breached=breached)
    password_hash = "" if password is None else hash_password(password)
    user_id = store.insert_user(
        session, name=normal, display_name=shown, password_hash=password_hash, role=role, at=clock()
    )
    trail.record(
        session, Event.ACCOUNT_ADDED, actor=actor, clock=clock, about=("user", user_id), details={"role": role.value}
    )
    return user_of_id(session, user_id)


def _display_name(display_name: str) -> str:
    shown = one_line(display_name, field="display_name", longest=LONGEST_NAME)
    if not shown:
        raise Invalid("display_name", "empty", "give a name to show")
    return shown


def set_display_name(session: Session, name: str, display_name: str, *, actor: Actor | None, clock: Clock) -> None:
    """Give a user another name to show; Invalid."""
    user = _found(session, name)
    store.set_display_name(session, user.id, _display_name(display_name))
    details = {"what": "display-name"}
    trail.record(session, Event.ACCOUNT_CHANGED, actor=actor, clock=clock, about=("user", user.id), details=details)


def set_password(
    session: Session,
    name: str,
    password: str,
    clock: Clock,
    *,
    actor: Actor | None = None,
    breached: Path | None = None,
) -> None:
    """Give a user another password; all sign-ins of the user and all open links to the account end. Invalid."""
    user = _found(session, name)
    check_password(password, context=(user.name, user.display_name), breached=breached)
    store.set_password_hash(session, user.id, hash_password(password))
    store.set_password_until(session, user.id, None)
    account_links.end_links_of(session, user.id, clock())
    ended = sign_in_store.end_sign_ins_of(session, user.id, clock())
    details = {"sign-ins-ended": ended}
    trail.record(session, Event.PASSWORD_CHANGED, actor=actor, clock=clock, about=("user", user.id), details=details)


def let_password_run_out(session: Session, name: str, clock: Clock) -> None:
    """Let a password that its user did not choose last for FIRST_PASSWORD_LASTS only."""
    store.set_password_until(session, _found(session, name).id, clock() + FIRST_PASSWORD_LASTS)


def set_role(session: Session, name: str, role: Role, clock: Clock, *, actor: Actor | None = None) -> None:
    """Give a user another role; their sign-ins and the links they made end. The last administrator keeps the role."""
    user = _found(session, name)
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(session, user)
    store.set_role(session, user.id, role)
    account_links.end_links_made_by(session, user.id, clock())
    sign_in_store.end_sign_ins_of(session, user.id, clock())
    details = {"from": user.role, "to": role.value}
    trail.record(session, Event.ROLE_CHANGED, actor=actor, clock=clock, about=("user", user.id), details=details)


def disable_user(session: Session, name: str, clock: Clock, *, actor: Actor | None = None) -> None:
    """Shut a user out at once, with the links to their account and those they made; the last administrator stays."""
    user = _found(session, name)
    _keep_an_administrator(session, user)
    store.set_disabled(session, user.id, clock())
    account_links.end_links_of(session, user.id, clock())
    account_links.end_links_made_by(session, user.id, clock())
    sign_in_store.end_sign_ins_of(session, user.id, clock())
    trail.record(session, Event.ACCOUNT_DISABLED, actor=actor, clock=clock, about=("user", user.id))


def enable_user(session: Session, name: str, *, actor: Actor | None = None, clock: Clock) -> None:
    """Let a disabled user in again."""
    user = _found(session, name)
    store.set_disabled(session, user.id, None)
    trail.record(session, Event.ACCOUNT_ENABLED, actor=actor, clock=clock, about=("user", user.id))


def set_locale(session: Session, actor: Actor, locale: Locale) -> None:
    """Remember the language that a user chose."""
    store.set_locale(session, actor.user_id, locale)


def _keep_an_administrator(session: Session, leaving: store.UserRecord) -> None:
    others = (user for user in administrators(session) if user.id != leaving.id)
    if leaving.role == Role.ADMINISTRATOR and next(others, None) is None:
        raise Invalid("role", "last-administrator", "the last administrator cannot lose this role")


def administrators(session: Session) -> tuple[UserView, ...]:
    """Return the administrators who can sign in."""
    return tuple(user for user in list_users(session) if user.role is Role.ADMINISTRATOR and not user.disabled)
