"""How often somebody may try: per account, per address and altogether, counted in the database by all processes.

Waiting grows with every failure and ends by itself: nobody is locked out for good. A browser that signed in to an
account before has a count of its own there (OWASP's device cookies), so that strangers who try keep nobody else out.
An attempt is noted before it is judged and struck out when it succeeds, so that many at once gain nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from app.services.clock import Clock
from app.services.sealing import Seal
from app.storage import sign_in_attempts as store
from app.storage.database import Session

HOME_NETWORK = 64  # whoever has one IPv6 address has all that share its first bits


@dataclass(frozen=True, slots=True)
class Pace:
    """So many failures within `window` are free; each further one doubles the wait, from a second up to `longest`."""

    window: timedelta
    free: int
    longest: timedelta

    def wait(self, failures: store.Failures, now: datetime) -> timedelta:
        """Return how long to wait from now."""
        if failures.count < self.free or failures.last is None:
            return timedelta()
        doubled = timedelta(seconds=2 ** min(failures.count - self.free, 30))
        return max(timedelta(), failures.last + min(doubled, self.longest) - now)


ACCOUNT = Pace(timedelta(hours=24), 5, timedelta(minutes=15))
ADDRESS = Pace(timedelta(hours=1), 30, timedelta(minutes=5))  # many people may sit behind one address
ALTOGETHER = Pace(timedelta(minutes=10), 300, timedelta(seconds=30))


class Throttled(Exception):  # noqa: N818 - an answer, not a failure
    """Too many failures: nothing was compared. `seconds`: how long to wait."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        super().__init__(f"try again in {self.seconds} s")


@dataclass(frozen=True, slots=True)
class Door:
    """From where somebody tries. `known`: what a browser holds that signed in to this account before."""

    address: str
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that may be made now."""

    id: int
    account: str
    failures: int  # at this account before it


def admit(session: Session, purpose: str, account: str, door: Door, *, seal: Seal, clock: Clock) -> Attempt:
    """Note an attempt at an account (`purpose`: password, code) and let it be judged; Throttled."""
    now = clock()
    hashed = seal.keyed(purpose, account, *([door.known] if door.known else []))
    address = seal.keyed("address", network_of(door.address))
    at_account = store.of_account(session, hashed, now - ACCOUNT.window)
    waits = [ACCOUNT.wait(at_account, now)]
    if not door.known:
        waits.append(ADDRESS.wait(store.of_address(session, address, now - ADDRESS.window), now))
        waits.append(ALTOGETHER.wait(store.of_all(session, now - ALTOGETHER.window), now))
    if max(waits):
        raise Throttled(max(waits))
    return Attempt(store.insert_attempt(session, hashed, address, now), hashed, at_account.count)


def succeeded(session: Session, attempt: Attempt) -> None:
    """Forget the failures at an account, this attempt with them."""
    store.delete_of_account(session, attempt.account)


def network_of(address: str) -> str:
    """Return what stands for an address in the count: itself, or the network of an IPv6 address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return f"{int(found) >> (128 - HOME_NETWORK):x}"
    return str(found)
