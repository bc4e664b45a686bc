"""A password that the program made is there to be replaced: after a week it lets nobody in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.services import accounts, sign_ins
from app.services.permissions import Role
from app.services.sign_ins import Factors
from app.services.signing_in import Proven, RanOut, prove_password
from app.services.throttling import Door
from app.storage import accounts as store
from app.storage.trust_tables import AuditEventRow
from tests.conftest import FixedClock
from tests.services.signing import PASSWORD, SEAL

if TYPE_CHECKING:
    from app.storage.database import Database

HERE = Door("192.0.2.1")
OWN = "seven herons in the reeds"
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def first(database: Database, clock: FixedClock) -> None:
    """An administrator with a password that the program made."""
    with database.begin() as session:
        accounts.add_user(session, name="admin", password=PASSWORD, role=Role.ADMINISTRATOR, clock=clock)
        accounts.let_password_run_out(session, "admin", clock)


def proved(
    database: Database, clock: FixedClock, password: str = PASSWORD, *, signed_in: bool = False
) -> Proven | None:
    return prove_password(
        database, name="admin", password=password, door=HERE, seal=SEAL, clock=clock, signed_in=signed_in
    )


def test_it_works_for_a_week_and_not_a_second_longer(database: Database, clock: FixedClock) -> None:
    clock.advance(WEEK - timedelta(seconds=1))
    assert proved(database, clock) is not None
    clock.advance(timedelta(seconds=1))
    with pytest.raises(RanOut):
        proved(database, clock)


def test_only_whoever_knows_it_learns_that_it_ran_out(database: Database, clock: FixedClock) -> None:
    clock.advance(WEEK)
    assert proved(database, clock, "something else altogether") is None


def test_the_trail_tells_of_every_try_after_its_time(database: Database, clock: FixedClock) -> None:
    clock.advance(WEEK)
    with pytest.raises(RanOut):
        proved(database, clock)
    with database.read() as session:
        events = session.execute(select(AuditEventRow.kind, AuditEventRow.details)).all()
    assert ("sign-in.failed", {"what": "first-password"}) in [tuple(one) for one in events]


def test_renewing_its_hash_makes_it_last_no_longer(database: Database, clock: FixedClock) -> None:
    with database.begin() as session:
        user = store.user_by_name(session, "admin")
        assert user is not None
        store.set_password_hash(session, user.id, user.password_hash)
    clock.advance(WEEK)
    with pytest.raises(RanOut):
        proved(database, clock)


def test_a_password_of_ones_own_lasts(database: Database, clock: FixedClock) -> None:
    with database.begin() as session:
        accounts.set_password(session, "admin", OWN, clock)
    clock.advance(400 * timedelta(days=1))
    assert proved(database, clock, OWN) is not None


def test_whoever_is_still_signed_in_may_choose_another(database: Database, clock: FixedClock) -> None:
    clock.advance(WEEK)
    assert proved(database, clock, signed_in=True) is not None


@pytest.mark.parametrize(("factors", "told"), [(Factors.PASSWORD, True), (Factors.CODE, True), (Factors.OIDC, False)])
def test_a_sign_in_knows_until_when_unless_it_came_by_another_way(
    database: Database, clock: FixedClock, factors: Factors, told: bool
) -> None:
    with database.begin() as session:
        user = accounts.get_user(session, "admin")
        token = sign_ins.start_sign_in(session, user.id, factors=factors, device=None, clock=clock)
        use = sign_ins.use_of(session, token, clock)
    assert use is not None
    assert use.choose_by == (clock() + WEEK if told else None)
