"""Users, passwords and sign-ins. Passwords are argon2id; a browser holds a random token, the database its hash.

A sign-in ends after 12 hours without a request and after 7 days in any case: an interview day is never cut, a
forgotten tablet is. A new token is made at every sign-in; a new password, another role or disabling ends all of them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.text import LOCALES, Locale
from app.services.clock import Clock
from app.services.common_passwords import COMMON
from app.services.lines import one_line
from app.services.permissions import Actor, Role
from app.services.refusals import Invalid, NotFound, Taken
from app.storage import accounts as store
from app.storage.database import Session

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
TOUCH_AFTER = timedelta(minutes=5)  # how stale `seen_at` may grow
MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
FEWEST_DIFFERENT = 5
LEFT_BESIDE_CONTEXT = 6
LONGEST_NAME = 80
NAME = re.compile(r"[\w.@+-]{1,80}")
CONTEXT = ("crm-maturity", "crmmaturity", "crm", "maturity", "telecom", "能力成熟度", "评估")


@dataclass(frozen=True, slots=True)
class UserView:
    """A user as an administrator sees one."""

    id: int
    name: str
    display_name: str
    role: Role
    locale: Locale | None
    created_at: datetime
    disabled: bool


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id, RFC 9106's parameters for limited memory


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def normal_name(name: str) -> str:
    """Return a user name as it is stored and compared: full-width and capital letters folded."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def generate_password() -> str:
    """Return a random password of 120 bits that can be read out and typed."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(6)) for _ in range(4))


def check_password(password: str, *, context: Iterable[str] = ()) -> None:
    """Raise Invalid unless `password` is long enough, not common and not made of `context` words (names, product)."""
    if len(password) < MINIMUM_LENGTH:
        raise Invalid("password", "too-short", f"use {MINIMUM_LENGTH} characters or more", least=str(MINIMUM_LENGTH))
    if len(password) > MAXIMUM_LENGTH:
        raise Invalid("password", "too-long", f"use {MAXIMUM_LENGTH} characters or fewer", most=str(MAXIMUM_LENGTH))
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT or folded in COMMON or folded.rstrip("0123456789!.@#") in COMMON:
        raise Invalid("password", "too-common", "this password is among the first that are tried; choose another")
    rest = folded
    for word in sorted({w.casefold() for w in (*CONTEXT, *context) if len(w) > 2}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < LEFT_BESIDE_CONTEXT:
        raise Invalid("password", "too-close", "this password is little more than a name; add words of your own")


def _view(user: store.UserRecord) -> UserView:
    return UserView(
        user.id,
        user.name,
        user.display_name,
        Role(user.role),
        next((locale for locale in LOCALES if locale == user.locale), None),
        user.created_at,
        user.disabled_at is not None,
    )


def _actor(user: store.UserRecord) -> Actor:
    return Actor(user.id, user.name, user.display_name, Role(user.role))


def _found(session: Session, name: str) -> store.UserRecord:
    user = store.user_by_name(session, normal_name(name))
    if user is None:
        raise NotFound("user", name)
    return user


def list_users(session: Session) -> tuple[UserView, ...]:
    """Return all users by name."""
    return tuple(_view(user) for user in store.users(session))


def get_user(session: Session, name: str) -> UserView:
    """Return the user of that name; NotFound if there is none."""
    return _view(_found(session, name))


def add_user(
    session: Session, *, name: str, password: str, role: Role, clock: Clock, display_name: str | None = None
) -> UserView:
    """Store a user. Invalid for a name or password that cannot be used, Taken for a name in use."""
    normal = normal_name(name)
    if not NAME.fullmatch(normal):
        raise Invalid("name", "bad-name", "a name is 1 to 80 letters, digits, dots, @, +, - or _", name=name)
    if store.user_by_name(session, normal) is not None:
        raise Taken("name", normal)
    shown = _display_name(display_name or name)
    check_password(password, context=(normal, shown))
    user_id = store.insert_user(
        session, name=normal, display_name=shown, password_hash=_hasher().hash(password), role=role, at=clock()
    )
    stored = store.user_by_id(session, user_id)
    assert stored is not None
    return _view(stored)


def _display_name(display_name: str) -> str:
    shown = one_line(display_name, field="display_name", longest=LONGEST_NAME)
    if not shown:
        raise Invalid("display_name", "empty", "give a name to show")
    return shown


def set_password(session: Session, name: str, password: str, clock: Clock) -> None:
    """Give a user another password and end all of the user's sign-ins."""
    user = _found(session, name)
    check_password(password, context=(user.name, user.display_name))
    store.set_password_hash(session, user.id, _hasher().hash(password))
    store.end_sign_ins_of(session, user.id, clock())


def set_role(session: Session, name: str, role: Role, clock: Clock) -> None:
    """Give a user another role and end all of the user's sign-ins; the last administrator keeps the role."""
    user = _found(session, name)
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(session, user)
    store.set_role(session, user.id, role)
    store.end_sign_ins_of(session, user.id, clock())


def disable_user(session: Session, name: str, clock: Clock) -> None:
    """Shut a user out at once; the last administrator cannot be."""
    user = _found(session, name)
    _keep_an_administrator(session, user)
    store.set_disabled(session, user.id, clock())
    store.end_sign_ins_of(session, user.id, clock())


def enable_user(session: Session, name: str) -> None:
    """Let a disabled user in again."""
    store.set_disabled(session, _found(session, name).id, None)


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


def verify(session: Session, name: str, password: str) -> Actor | None:
    """Return who `name` is when `password` fits, else None; takes as long for an unknown name as for a known one.

    A hash made with former parameters is renewed, so the session must be a writing one.
    """
    user = store.user_by_name(session, normal_name(name))
    known = user.password_hash if user is not None and user.disabled_at is None else _hash_of_nobody()
    try:
        _hasher().verify(known, password[: MAXIMUM_LENGTH * 8])
    except (VerificationError, InvalidHashError):
        return None
    if user is None or user.disabled_at is not None:
        return None
    if _hasher().check_needs_rehash(user.password_hash):
        store.set_password_hash(session, user.id, _hasher().hash(password))
    return _actor(user)


def sign_in(session: Session, name: str, password: str, clock: Clock) -> str | None:
    """Return a new token for the browser when `password` fits, else None."""
    actor = verify(session, name, password)
    if actor is None:
        return None
    token, now = secrets.token_urlsafe(32), clock()
    store.insert_sign_in(
        session, token_hash=_token_hash(token), user_id=actor.user_id, at=now, expires_at=now + LONGEST
    )
    return token


@dataclass(frozen=True, slots=True)
class Use:
    """A live sign-in in use: who holds it, and whether that should be noted with `touch`."""

    actor: Actor
    touch_due: bool


def use_of(session: Session, token: str, clock: Clock) -> Use | None:
    """Return who holds `token`, None when it is unknown, ended, idle for too long or expired. Writes nothing.

    A use is noted at most every five minutes, so that reading pages seldom writes.
    """
    signed_in, now = store.sign_in_by_hash(session, _token_hash(token)), clock()
    if signed_in is None or not _is_alive(signed_in, now) or signed_in.user.disabled_at is not None:
        return None
    return Use(_actor(signed_in.user), now >= signed_in.seen_at + TOUCH_AFTER)


def actor_of(session: Session, token: str, clock: Clock) -> Actor | None:
    """Return who holds a live `token`, else None."""
    use = use_of(session, token, clock)
    return use.actor if use else None


def _is_alive(signed_in: store.SignInRecord, now: datetime) -> bool:
    return signed_in.ended_at is None and now < signed_in.expires_at and now < signed_in.seen_at + IDLE


def touch(session: Session, token: str, clock: Clock) -> None:
    """Note that a live `token` was used, which starts its idle time anew."""
    signed_in = store.sign_in_by_hash(session, _token_hash(token))
    if signed_in is not None and _is_alive(signed_in, clock()):
        store.set_seen(session, signed_in.id, clock())


def sign_out(session: Session, token: str, clock: Clock) -> None:
    """End the sign-in of `token` at once."""
    store.end_sign_in(session, _token_hash(token), clock())
