"""The second factor: time-based one-time codes (RFC 6238) from an app, and recovery codes for a lost telephone.

The secret is sealed with a key derived from the installation's; each time step works once. Recovery codes are random
with 118 bits, shown once, kept as SHA-256 and work once.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyotp

from app.services import trail
from app.services.passwords import generate_password
from app.services.permissions import Actor
from app.services.refusals import Invalid, NotFound
from app.services.sealing import Seal, SealBroken
from app.services.trail import Event
from app.storage import second_factors as store

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.storage.database import Session

STEP = 30  # seconds
LATE = (0, -1, 1)  # steps that a clock may be off
RECOVERY_CODES = 10
ISSUER = "CRM Maturity"


@dataclass(frozen=True, slots=True)
class SecondFactorState:
    """A confirmed second factor: since when, and how many recovery codes are left."""

    since: datetime
    recovery_codes: int


def state_of(session: Session, user_id: int) -> SecondFactorState | None:
    """Return the second factor of a user; None while there is no confirmed one."""
    found = store.second_factor(session, user_id)
    if found is None or found.confirmed_at is None:
        return None
    return SecondFactorState(found.confirmed_at, store.recovery_codes_left(session, user_id))


def users_with_one(session: Session) -> frozenset[int]:
    """Return the ids of the users who have a confirmed second factor."""
    return store.users_with_one(session)


def begin(session: Session, actor: Actor, *, seal: Seal, clock: Clock) -> None:
    """Make a new secret that waits to be confirmed; Invalid while another one is confirmed."""
    if state_of(session, actor.user_id):
        raise Invalid("code", "second-factor-there", "remove the second factor before you set up another")
    store.delete_second_factor(session, actor.user_id)
    store.insert_second_factor(session, actor.user_id, seal.close(pyotp.random_base32()), clock())


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret that waits to be confirmed, for the app: to type, and as the address in the QR code."""

    secret: str
    address: str


def enrolment(session: Session, actor: Actor, *, seal: Seal) -> Enrolment:
    """Return the secret that waits to be confirmed; NotFound if none does."""
    found = store.second_factor(session, actor.user_id)
    if found is None or found.confirmed_at is not None:
        raise NotFound("enrolment", actor.user_id)
    secret = _opened(found, seal)
    if secret is None:
        raise NotFound("enrolment", actor.user_id)
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=actor.name, issuer_name=ISSUER))


def confirm(session: Session, actor: Actor, code: str, *, seal: Seal, clock: Clock) -> tuple[str, ...]:
    """Confirm the waiting secret by a code of it and return the recovery codes; Invalid (code), NotFound."""
    enrolment(session, actor, seal=seal)
    if not code_fits(session, actor.user_id, code, seal=seal, clock=clock):
        raise Invalid("code", "bad-code", "this code does not fit")
    store.confirm_second_factor(session, actor.user_id, clock())
    _told(session, actor, actor.user_id, "set-up", clock)
    return _new_codes(session, actor.user_id, clock)


def code_fits(session: Session, user_id: int, code: str, *, seal: Seal, clock: Clock) -> bool:
    """Tell whether a code fits now, and use it up."""
    found, typed = store.second_factor(session, user_id), _digits(code)
    secret = _opened(found, seal) if found else None
    if secret is None:
        return False
    now = int(clock().timestamp()) // STEP
    app = pyotp.TOTP(secret)
    steps = [now + late for late in LATE if hmac.compare_digest(app.generate_otp(now + late), typed)]
    return bool(steps) and store.use_step(session, user_id, steps[0])


def recovery_code_fits(session: Session, user_id: int, code: str, *, clock: Clock) -> bool:
    """Tell whether an unused recovery code fits, and use it up."""
    return store.use_recovery_code(session, user_id, _code_hash(code), clock())


def renew_recovery_codes(session: Session, actor: Actor, *, clock: Clock) -> tuple[str, ...]:
    """Make new recovery codes instead of those that there were; NotFound without a second factor."""
    if state_of(session, actor.user_id) is None:
        raise NotFound("second factor", actor.user_id)
    _told(session, actor, actor.user_id, "recovery-codes", clock)
    return _new_codes(session, actor.user_id, clock)


def remove(session: Session, user_id: int, *, actor: Actor | None, clock: Clock) -> None:
    """Forget a user's second factor and recovery codes."""
    store.replace_recovery_codes(session, user_id, (), clock())
    store.delete_second_factor(session, user_id)
    _told(session, actor, user_id, "removed", clock)


def _new_codes(session: Session, user_id: int, clock: Clock) -> tuple[str, ...]:
    codes = tuple(generate_password() for _ in range(RECOVERY_CODES))
    store.replace_recovery_codes(session, user_id, tuple(_code_hash(code) for code in codes), clock())
    return codes


def _told(session: Session, actor: Actor | None, user_id: int, what: str, clock: Clock) -> None:
    event, details = Event.SECOND_FACTOR_CHANGED, {"what": what}
    trail.record(session, event, actor=actor, clock=clock, about=("user", user_id), details=details)


def _opened(found: store.SecondFactorRecord, seal: Seal) -> str | None:
    try:
        return seal.open(found.secret)
    except SealBroken:  # the key was exchanged: recovery codes still work, an administrator can remove the factor
        return None


def _digits(code: str) -> str:
    typed = unicodedata.normalize("NFKC", code)
    return "".join(character for character in typed if character in "0123456789")


def _code_hash(code: str) -> str:
    typed = unicodedata.normalize("NFKC", code).casefold()
    bare = "".join(character for character in typed if character.isalnum())
    return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()
