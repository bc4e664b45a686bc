"""Proving who one is: name and password, then the second factor, each within the throttle. Starts no sign-in.

Passwords are compared outside of any transaction: that takes a twentieth of a second, in which nobody else could save.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services import second_factor, trail
from app.services.accounts import normal_name
from app.services.passwords import hash_password, needs_renewal, password_fits
from app.services.sign_ins import Factors
from app.services.throttling import ACCOUNT, Attempt, Door, admit, succeeded
from app.services.trail import Event
from app.storage import accounts as store

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.sealing import Seal
    from app.storage.database import Database, Session

PASSWORD, CODE = "password", "code"  # what is counted apart


class RanOut(Exception):  # noqa: N818 - an answer, not a failure
    """The password fits, but the program made it and nobody replaced it in time."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody whose password fits. `stamp` stands for that password: another one makes it worthless."""

    user_id: int
    name: str
    stamp: str
    needs_code: bool


def prove_password(
    database: Database, *, name: str, password: str, door: Door, seal: Seal, clock: Clock, signed_in: bool = False
) -> Proven | None:
    """Return who `name` is when the password fits, else None; Throttled when it was not even compared.

    Takes as long for an unknown name as for a known one. RanOut for a first password after its time, unless its user
    is `signed_in` already (and may be about to choose another).
    """
    with database.begin() as session:
        attempt = admit(session, PASSWORD, normal_name(name), door, seal=seal, clock=clock)
    with database.read() as session:
        user = store.user_by_name(session, normal_name(name))
    usable = user is not None and user.disabled_at is None
    fits = password_fits(user.password_hash if user and usable else None, password)
    with database.begin() as session:
        if user is None or not fits:
            _tell_failure(session, attempt, PASSWORD, user.id if user else None, clock)
            return None
        succeeded(session, attempt)
        ran_out = not signed_in and user.password_until is not None and clock() >= user.password_until
        if ran_out:
            _tell(session, Event.SIGN_IN_FAILED, "first-password", user.id, clock)
        known = user.password_hash
        if needs_renewal(known):
            known = hash_password(password)
            store.set_password_hash(session, user.id, known)
        needs_code = second_factor.state_of(session, user.id) is not None
    if ran_out:
        raise RanOut
    return Proven(user.id, user.name, stamp_of(known), needs_code)


def prove_code(
    database: Database, proven: Proven, code: str, *, door: Door, seal: Seal, clock: Clock
) -> Factors | None:
    """Return by what somebody with a fitting password has proved who they are; None for a code that does not fit.

    Throttled when it was not even compared.
    """
    with database.begin() as session:
        attempt = admit(session, CODE, str(proven.user_id), door, seal=seal, clock=clock)
    with database.begin() as session:
        factors = _factors(session, proven.user_id, code, seal, clock)
        if factors is None:
            _tell_failure(session, attempt, CODE, proven.user_id, clock)
        else:
            succeeded(session, attempt)
        return factors


def still_proven(session: Session, user_id: int, stamp: str) -> Proven | None:
    """Return who proved a password a while ago; None when it was changed, or the account disabled, since."""
    user = store.user_by_id(session, user_id)
    if user is None or user.disabled_at is not None or not hmac.compare_digest(stamp_of(user.password_hash), stamp):
        return None
    return Proven(user.id, user.name, stamp, second_factor.state_of(session, user.id) is not None)


def stamp_of(password_hash: str) -> str:
    """Return what stands for a password in a cookie: worth nothing, and another one for another password."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


def _factors(session: Session, user_id: int, code: str, seal: Seal, clock: Clock) -> Factors | None:
    if second_factor.code_fits(session, user_id, code, seal=seal, clock=clock):
        return Factors.CODE
    if second_factor.recovery_code_fits(session, user_id, code, clock=clock):
        return Factors.RECOVERY
    return None


def _tell_failure(session: Session, attempt: Attempt, what: str, user_id: int | None, clock: Clock) -> None:
    _tell(session, Event.SIGN_IN_FAILED, what, user_id, clock)
    if attempt.failures + 1 == ACCOUNT.free:
        _tell(session, Event.SIGN_IN_THROTTLED, what, user_id, clock)


def _tell(session: Session, event: Event, what: str, user_id: int | None, clock: Clock) -> None:
    about = ("user", user_id) if user_id else None
    trail.record(session, event, actor=None, clock=clock, about=about, details={"what": what})
