"""What a browser keeps between leaving for the provider and coming back, and until a new account has its name.

It stands in the signed session cookie, is good for ten minutes and for once. Whoever holds the browser may read it: the
code that the provider sends can be traded only by us, and only with all of it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import session

from app.services.identity_provider import Begun
from app.services.token_checking import Identity
from app.web.context import context

JOURNEY = "single-sign-on"
ARRIVAL = "single-sign-on-new"
LASTS = timedelta(minutes=10)


class Purpose(StrEnum):
    """Why a browser was sent to the provider."""

    SIGN_IN = "sign-in"
    PROVE = "prove"  # once more, who is signed in already
    LINK = "link"  # to the account of whoever is signed in


@dataclass(frozen=True, slots=True)
class Journey:
    """A browser is at the provider. `user_id`: who was signed in when it left."""

    begun: Begun
    purpose: Purpose
    user_id: int | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """The provider vouches for somebody who has no account yet and may make one."""

    identity: Identity
    target: str | None = None


def remember_journey(journey: Journey) -> None:
    """Keep what must come back; another journey of this browser is forgotten."""
    session[JOURNEY] = {"at": _now(), **asdict(journey)}


def end_journey() -> Journey | None:
    """Return and forget the journey; None if there is none, or it took too long."""
    kept = _fresh(session.pop(JOURNEY, None))
    if kept is None:
        return None
    return Journey(Begun(**kept["begun"]), Purpose(kept["purpose"]), kept["user_id"], kept["target"])


def remember_arrival(arrival: Arrival) -> None:
    """Keep whom the provider vouches for until the account has a name."""
    session[ARRIVAL] = {"at": _now(), **asdict(arrival)}


def arrival() -> Arrival | None:
    """Return who waits for an account; None if nobody does, or it took too long."""
    kept = _fresh(session.get(ARRIVAL))
    return None if kept is None else Arrival(Identity(**kept["identity"]), kept["target"])


def end_arrival() -> None:
    """Forget who waited for an account."""
    session.pop(ARRIVAL, None)


def _now() -> str:
    return context().clock().isoformat()


def _fresh(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what was kept if it is recent. Only we can have written it: the cookie is signed."""
    if kept is None or context().clock() >= datetime.fromisoformat(kept["at"]) + LASTS:
        return None
    return kept
