"""The second factor: codes of an app, recovery codes, secrets that nobody reads out of the database."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlalchemy import select

from app.services import accounts, second_factor
from app.services.permissions import Actor, Role
from app.services.refusals import Invalid, NotFound
from app.services.sealing import Seal, SealBroken
from app.storage.trust_tables import RecoveryCodeRow, SecondFactorRow
from tests.conftest import FixedClock
from tests.services.signing import PASSWORD, SEAL

if TYPE_CHECKING:
    from app.storage.database import Session


@pytest.fixture
def alice(session: Session, clock: FixedClock) -> Actor:
    """An editor who is called Alice."""
    user = accounts.add_user(session, name="alice", password=PASSWORD, role=Role.EDITOR, clock=clock)
    return Actor(user.id, user.name, user.display_name, user.role)


def begun(session: Session, actor: Actor, clock: FixedClock) -> pyotp.TOTP:
    second_factor.begin(session, actor, seal=SEAL, clock=clock)
    return pyotp.TOTP(second_factor.enrolment(session, actor, seal=SEAL).secret)


def fits(session: Session, actor: Actor, code: str, clock: FixedClock) -> bool:
    return second_factor.code_fits(session, actor.user_id, code, seal=SEAL, clock=clock)


def test_nothing_counts_until_a_code_has_confirmed_it(session: Session, alice: Actor, clock: FixedClock) -> None:
    app = begun(session, alice, clock)
    assert second_factor.state_of(session, alice.user_id) is None
    with pytest.raises(Invalid) as refused:
        second_factor.confirm(session, alice, "123456", seal=SEAL, clock=clock)
    assert refused.value.code == "bad-code"
    second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    state = second_factor.state_of(session, alice.user_id)
    assert state
    assert (state.since, state.recovery_codes) == (clock(), 10)
    assert second_factor.users_with_one(session) == {alice.user_id}


def test_an_unconfirmed_secret_can_be_made_anew_and_a_confirmed_one_not(
    session: Session, alice: Actor, clock: FixedClock
) -> None:
    first = begun(session, alice, clock)
    app = begun(session, alice, clock)
    assert first.secret != app.secret
    second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    with pytest.raises(Invalid):
        second_factor.begin(session, alice, seal=SEAL, clock=clock)
    with pytest.raises(NotFound):
        second_factor.enrolment(session, alice, seal=SEAL)


def test_a_code_may_be_one_step_early_or_late_and_works_once(session: Session, alice: Actor, clock: FixedClock) -> None:
    app = begun(session, alice, clock)
    second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    clock.advance(timedelta(minutes=10))
    late = app.at(clock() - timedelta(seconds=30))
    assert not fits(session, alice, app.at(clock() - timedelta(seconds=60)), clock)
    assert fits(session, alice, f"{late[:3]} {late[3:]}", clock)
    assert not fits(session, alice, late, clock)
    assert fits(session, alice, app.at(clock() + timedelta(seconds=30)), clock)
    assert not fits(session, alice, app.at(clock()), clock), "an earlier step than the last one is spent"


@pytest.mark.parametrize("code", ["", "1", "abcdef", "0000000", "１２３４５６", "9" * 500])
def test_what_is_no_code_does_not_fit(session: Session, alice: Actor, clock: FixedClock, code: str) -> None:
    app = begun(session, alice, clock)
    second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    clock.advance(timedelta(minutes=1))
    assert not fits(session, alice, code, clock)


def test_the_secret_is_sealed_and_recovery_codes_are_hashed(session: Session, alice: Actor, clock: FixedClock) -> None:
    app = begun(session, alice, clock)
    codes = second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    assert app.secret not in session.execute(select(SecondFactorRow.secret)).scalar_one()
    kept = set(session.scalars(select(RecoveryCodeRow.code_hash)))
    assert len(kept) == len(set(codes)) == 10
    assert not kept & set(codes)


def test_under_another_key_codes_fail_and_recovery_codes_work(
    session: Session, alice: Actor, clock: FixedClock
) -> None:
    app = begun(session, alice, clock)
    codes = second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    clock.advance(timedelta(minutes=1))
    other = Seal("another key, also long enough to be accepted")
    assert not second_factor.code_fits(session, alice.user_id, app.at(clock()), seal=other, clock=clock)
    assert second_factor.recovery_code_fits(session, alice.user_id, codes[0], clock=clock)
    with pytest.raises(SealBroken):
        other.open(SEAL.close("a secret"))


def test_recovery_codes_work_once_are_ones_own_and_can_be_renewed(
    session: Session, alice: Actor, clock: FixedClock
) -> None:
    app = begun(session, alice, clock)
    codes = second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    assert second_factor.recovery_code_fits(session, alice.user_id, codes[0], clock=clock)
    assert not second_factor.recovery_code_fits(session, alice.user_id, codes[0], clock=clock)
    assert not second_factor.recovery_code_fits(session, alice.user_id + 1, codes[1], clock=clock)
    fresh = second_factor.renew_recovery_codes(session, alice, clock=clock)
    assert not second_factor.recovery_code_fits(session, alice.user_id, codes[1], clock=clock)
    assert second_factor.recovery_code_fits(session, alice.user_id, fresh[1], clock=clock)


def test_a_removed_second_factor_and_its_codes_are_worth_nothing(
    session: Session, alice: Actor, clock: FixedClock
) -> None:
    app = begun(session, alice, clock)
    codes = second_factor.confirm(session, alice, app.at(clock()), seal=SEAL, clock=clock)
    second_factor.remove(session, alice.user_id, actor=None, clock=clock)
    clock.advance(timedelta(minutes=1))
    assert second_factor.state_of(session, alice.user_id) is None
    assert not fits(session, alice, app.at(clock()), clock)
    assert not second_factor.recovery_code_fits(session, alice.user_id, codes[0], clock=clock)
    with pytest.raises(NotFound):
        second_factor.renew_recovery_codes(session, alice, clock=clock)


def test_keyed_hashes_differ_by_purpose_value_and_key() -> None:
    other = Seal("another key, also long enough to be accepted")
    values = {
        SEAL.keyed("a", "x"),
        SEAL.keyed("b", "x"),
        SEAL.keyed("a", "y"),
        SEAL.keyed("a", "x", "y"),
        other.keyed("a", "x"),
    }
    assert len(values) == 5
    assert SEAL.keyed("a", "x") in values
