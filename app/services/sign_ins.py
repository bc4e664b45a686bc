"""Sign-ins: a browser holds a random token, the database its hash. Started here whatever proved who the user is.

A sign-in ends after some hours without a request and after some days in any case (`Rules`): an interview day is never
cut, a forgotten tablet is. A new token is made at every proof of who somebody is; a new password, another role or
disabling ends all sign-ins of a user.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.services import trail
from app.services.accounts import acting_as
from app.services.permissions import Actor, Role
from app.services.refusals import NotFound
from app.services.tokens import token_hash
from app.services.trail import Event
from app.storage import sign_ins as store

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.settings import Settings
    from app.storage.database import Session

TOUCH_AFTER = timedelta(minutes=5)  # how stale `seen_at` may grow
PROOF_LASTS = timedelta(minutes=15)  # for what asks again who somebody is
LONGEST_DEVICE = 80
WHO_NEEDS_A_SECOND_FACTOR = {
    "off": frozenset[Role](),
    "privileged": frozenset({Role.ADMINISTRATOR, Role.EDITOR}),
    "all": frozenset(Role),
}


class Factors(StrEnum):
    """By what somebody proved who they are."""

    PASSWORD = "password"  # noqa: S105 - a word
    CODE = "password+code"
    RECOVERY = "password+recovery"
    OIDC = "oidc"  # the provider answers for what it asked


@dataclass(frozen=True, slots=True)
class Rules:
    """What an installation chose about sign-ins; `grace`: how old an account may grow without its second factor."""

    idle: timedelta = timedelta(hours=12)
    longest: timedelta = timedelta(days=7)
    second_factor: frozenset[Role] = WHO_NEEDS_A_SECOND_FACTOR["privileged"]
    grace: timedelta = timedelta(days=7)


USUAL = Rules()


def rules_of(settings: Settings) -> Rules:
    """Return what the settings say about sign-ins."""
    return Rules(
        settings.sign_in_idle,
        settings.sign_in_longest,
        WHO_NEEDS_A_SECOND_FACTOR[settings.second_factor],
        settings.second_factor_grace,
    )


@dataclass(frozen=True, slots=True)
class SignInView:
    """A living sign-in as its user and administrators see it."""

    id: int
    device: str | None
    factors: str | None
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """A living sign-in in use: who holds it, whether that should be noted with `touch`, and what it is good for.

    `must_enrol`: the grace was over when it began, so that nothing but setting up a second factor is open to it.
    `enrol_by`: until when the user may still wait with that; None when nothing is asked. `choose_by`: until when the
    user has to choose a password instead of the one that the program made; None when nothing is asked.
    """

    actor: Actor
    sign_in_id: int
    touch_due: bool
    factors: str
    idle_until: datetime
    ends_at: datetime
    proved_until: datetime
    must_enrol: bool
    enrol_by: datetime | None
    choose_by: datetime | None


def start_sign_in(
    session: Session,
    user_id: int,
    *,
    factors: Factors,
    device: str | None,
    clock: Clock,
    rules: Rules = USUAL,
    instead_of: int | None = None,
) -> str:
    """Start a sign-in for a user who has just proved who they are and return the token for the browser.

    The caller has checked that the account is in use. `instead_of`: the sign-in that this browser held, which ends.
    """
    token, now = secrets.token_urlsafe(32), clock()
    if instead_of is not None:
        store.end_sign_in(session, instead_of, now)
    sign_in_id = store.insert_sign_in(
        session,
        token_hash=token_hash(token),
        user_id=user_id,
        at=now,
        expires_at=now + rules.longest,
        device=device[:LONGEST_DEVICE] if device else None,
        factors=factors.value,
    )
    about, details = ("sign-in", sign_in_id), {"factors": factors.value, "again": instead_of is not None}
    trail.record(session, Event.SIGNED_IN, actor=user_id, clock=clock, about=about, details=details)
    return token


def use_of(session: Session, token: str, clock: Clock, rules: Rules = USUAL) -> Use | None:
    """Return who holds `token`, None when it is unknown, ended, idle for too long or expired. Writes nothing.

    A use is noted at most every five minutes, so that reading pages seldom writes.
    """
    found, now = store.sign_in_by_hash(session, token_hash(token)), clock()
    if found is None or not _is_alive(found, now, rules) or found.user.disabled_at is not None:
        return None
    asked = Role(found.user.role) in rules.second_factor and found.factors != Factors.OIDC
    enrol_by = found.user.created_at + rules.grace if asked and found.second_factor_at is None else None
    return Use(
        acting_as(found.user, found.parts),
        found.id,
        now >= found.seen_at + TOUCH_AFTER,
        found.factors or Factors.PASSWORD,
        found.seen_at + rules.idle,
        found.expires_at,
        (found.proved_at or found.created_at) + PROOF_LASTS,
        enrol_by is not None and found.created_at >= enrol_by,  # a sign-in that began within the grace keeps working
        enrol_by,
        found.user.password_until if found.factors != Factors.OIDC else None,
    )


def user_of_ended(session: Session, token: str) -> int | None:
    """Return whose sign-in `token` was or is, alive or not; None for a token that we did not make."""
    found = store.sign_in_by_hash(session, token_hash(token))
    return found.user_id if found else None


def actor_of(session: Session, token: str, clock: Clock, rules: Rules = USUAL) -> Actor | None:
    """Return who holds a live `token`, else None."""
    use = use_of(session, token, clock, rules)
    return use.actor if use else None


def _is_alive(found: store.SignInRecord, now: datetime, rules: Rules) -> bool:
    return found.ended_at is None and now < found.expires_at and now < found.seen_at + rules.idle


def touch(session: Session, token: str, clock: Clock, rules: Rules = USUAL) -> None:
    """Note that a live `token` was used, which starts its idle time anew."""
    found = store.sign_in_by_hash(session, token_hash(token))
    if found is not None and _is_alive(found, clock(), rules):
        store.set_seen(session, found.id, clock())


def sign_out(session: Session, token: str, clock: Clock) -> None:
    """End the sign-in of `token` at once."""
    found = store.sign_in_by_hash(session, token_hash(token))
    if found is not None and found.ended_at is None:
        store.end_sign_in(session, found.id, clock())
        trail.record(session, Event.SIGNED_OUT, actor=found.user_id, clock=clock, about=("sign-in", found.id))


def list_sign_ins(session: Session, user_id: int, clock: Clock, rules: Rules = USUAL) -> tuple[SignInView, ...]:
    """Return the living sign-ins of a user, the last used first."""
    return tuple(
        SignInView(
            one.id,
            one.device,
            one.factors,
            one.created_at,
            one.seen_at,
            min(one.expires_at, one.seen_at + rules.idle),
        )
        for one in store.sign_ins_of(session, user_id)
        if _is_alive(one, clock(), rules)
    )


def end_one(session: Session, user_id: int, sign_in_id: int, *, actor: Actor | None, clock: Clock) -> None:
    """End one sign-in of a user; NotFound when the user has no living one of that id."""
    if sign_in_id not in {one.id for one in store.sign_ins_of(session, user_id)}:
        raise NotFound("sign-in", sign_in_id)
    store.end_sign_in(session, sign_in_id, clock())
    trail.record(session, Event.SIGNED_OUT, actor=actor, clock=clock, about=("sign-in", sign_in_id))


def end_all(session: Session, user_id: int, *, actor: Actor | None, clock: Clock, but: int | None = None) -> int:
    """End every sign-in of a user but one; return how many were ended."""
    ended = store.end_sign_ins_of(session, user_id, clock(), but=but)
    if ended:
        details = {"sign-ins-ended": ended}
        trail.record(session, Event.SIGNED_OUT, actor=actor, clock=clock, about=("user", user_id), details=details)
    return ended
