"""Signing in as tests do: without a browser and its throttle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.passwords import password_fits
from app.services.sealing import Seal
from app.services.sign_ins import Factors, start_sign_in
from app.storage import accounts as store

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.storage.database import Session

PASSWORD = "nine lanterns on the pier"
SEAL = Seal("a key for tests, long enough to be accepted")


def sign_in(session: Session, name: str, password: str, clock: Clock) -> str | None:
    """Return a new token when the password of an account that is in use fits."""
    user = store.user_by_name(session, name)
    if user is None or user.disabled_at is not None or not password_fits(user.password_hash, password):
        return None
    return start_sign_in(session, user.id, factors=Factors.PASSWORD, device="Firefox · Linux", clock=clock)
