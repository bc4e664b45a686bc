"""Sign-ins: tokens, how long they last, what ends them, when a second factor is asked for."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.services import accounts, sign_ins
from app.services.permissions import Role
from app.services.refusals import NotFound
from app.services.sign_ins import Factors, Rules, start_sign_in
from app.storage.tables import SignInRow
from tests.conftest import FixedClock
from tests.services.signing import PASSWORD, sign_in

if TYPE_CHECKING:
    from app.storage.database import Session


@pytest.fixture
def alice(session: Session, clock: FixedClock) -> str:
    """The name of a consultant who is called Alice."""
    accounts.add_user(session, name="Alice", password=PASSWORD, role=Role.CONSULTANT, clock=clock)
    return "alice"


def test_the_right_password_signs_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    actor = sign_ins.actor_of(session, token, clock)
    assert actor is not None
    assert (actor.name, actor.display_name, actor.role) == ("alice", "Alice", Role.CONSULTANT)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + "x", PASSWORD.upper(), "x" * 100_000])
def test_a_wrong_password_does_not_sign_in(session: Session, alice: str, clock: FixedClock, password: str) -> None:
    assert sign_in(session, alice, password, clock) is None


def test_the_database_holds_the_hash_of_a_token_of_256_bits(session: Session, alice: str, clock: FixedClock) -> None:
    token = sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    assert len(token) >= 43
    stored = session.execute(select(SignInRow.token_hash)).scalar_one()
    assert stored == hashlib.sha256(token.encode()).hexdigest()


def test_every_sign_in_has_a_token_of_its_own(session: Session, alice: str, clock: FixedClock) -> None:
    assert sign_in(session, alice, PASSWORD, clock) != sign_in(session, alice, PASSWORD, clock)


def test_signing_out_ends_this_sign_in_only(session: Session, alice: str, clock: FixedClock) -> None:
    here, there = (sign_in(session, alice, PASSWORD, clock) for _ in range(2))
    assert here is not None
    assert there is not None
    sign_ins.sign_out(session, here, clock)
    assert sign_ins.actor_of(session, here, clock) is None
    assert sign_ins.actor_of(session, there, clock) is not None


def use_is_due(session: Session, token: str, clock: FixedClock) -> bool:
    use = sign_ins.use_of(session, token, clock)
    assert use is not None
    return use.touch_due


def test_an_idle_sign_in_ends_unless_it_was_touched(session: Session, alice: str, clock: FixedClock) -> None:
    idle, used = (sign_in(session, alice, PASSWORD, clock) for _ in range(2))
    assert idle is not None
    assert used is not None
    clock.advance(timedelta(hours=11))
    assert use_is_due(session, used, clock)
    sign_ins.touch(session, used, clock)
    assert not use_is_due(session, used, clock)
    clock.advance(timedelta(hours=2))
    assert sign_ins.actor_of(session, idle, clock) is None
    assert sign_ins.actor_of(session, used, clock) is not None


def test_no_sign_in_outlives_a_week(session: Session, alice: str, clock: FixedClock) -> None:
    token = sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    for _ in range(15):
        clock.advance(timedelta(hours=11))
        sign_ins.touch(session, token, clock)
    clock.advance(timedelta(hours=11))
    assert sign_ins.actor_of(session, token, clock) is None


def test_a_touch_does_not_wake_a_dead_sign_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    clock.advance(timedelta(hours=13))
    sign_ins.touch(session, token, clock)
    assert sign_ins.actor_of(session, token, clock) is None


def test_an_unknown_token_is_nobody(session: Session, clock: FixedClock) -> None:
    assert sign_ins.actor_of(session, "made up", clock) is None


def started(session: Session, name: str, clock: FixedClock, **options: object) -> str:
    user = accounts.get_user(session, name)
    given = {"factors": Factors.PASSWORD, "device": None, "clock": clock, **options}
    return start_sign_in(session, user.id, **given)  # type: ignore[arg-type]


def test_an_installation_chooses_how_long_sign_ins_last(session: Session, alice: str, clock: FixedClock) -> None:
    rules = Rules(idle=timedelta(hours=1), longest=timedelta(hours=3))
    token = started(session, alice, clock, rules=rules)
    clock.advance(timedelta(minutes=59))
    sign_ins.touch(session, token, clock, rules)
    clock.advance(timedelta(minutes=59))
    assert sign_ins.actor_of(session, token, clock, rules) is not None
    clock.advance(timedelta(minutes=2))
    assert sign_ins.actor_of(session, token, clock, rules) is None


def test_a_new_proof_replaces_the_token_of_this_browser_alone(session: Session, alice: str, clock: FixedClock) -> None:
    here, there = started(session, alice, clock), started(session, alice, clock)
    use = sign_ins.use_of(session, here, clock)
    assert use
    renewed = started(session, alice, clock, instead_of=use.sign_in_id)
    assert sign_ins.actor_of(session, here, clock) is None
    assert sign_ins.actor_of(session, there, clock) is not None
    assert sign_ins.actor_of(session, renewed, clock) is not None


def test_a_user_sees_living_sign_ins_with_device_and_last_use(session: Session, alice: str, clock: FixedClock) -> None:
    old = started(session, alice, clock, device="Chrome · Windows")
    clock.advance(timedelta(hours=1))
    started(session, alice, clock, device="Safari · iPad")
    user = accounts.get_user(session, alice)
    assert [one.device for one in sign_ins.list_sign_ins(session, user.id, clock)] == [
        "Safari · iPad",
        "Chrome · Windows",
    ]
    clock.advance(timedelta(minutes=5))
    sign_ins.touch(session, old, clock)
    first = sign_ins.list_sign_ins(session, user.id, clock)[0]
    assert (first.device, first.seen_at) == ("Chrome · Windows", clock())
    clock.advance(timedelta(hours=13))
    assert sign_ins.list_sign_ins(session, user.id, clock) == ()


def test_one_sign_in_or_all_others_end_at_once(session: Session, alice: str, clock: FixedClock) -> None:
    here, there, far = (started(session, alice, clock) for _ in range(3))
    user = accounts.get_user(session, alice)
    uses = [sign_ins.use_of(session, token, clock) for token in (here, there, far)]
    assert uses[0]
    assert uses[1]
    sign_ins.end_one(session, user.id, uses[1].sign_in_id, actor=None, clock=clock)
    assert sign_ins.actor_of(session, there, clock) is None
    assert sign_ins.end_all(session, user.id, actor=None, clock=clock, but=uses[0].sign_in_id) == 1
    assert sign_ins.actor_of(session, far, clock) is None
    assert sign_ins.actor_of(session, here, clock) is not None


def test_nobody_ends_a_sign_in_of_somebody_else(session: Session, alice: str, clock: FixedClock) -> None:
    use = sign_ins.use_of(session, started(session, alice, clock), clock)
    other = accounts.add_user(session, name="bob", password=PASSWORD, role=Role.READER, clock=clock)
    assert use
    with pytest.raises(NotFound):
        sign_ins.end_one(session, other.id, use.sign_in_id, actor=None, clock=clock)


@pytest.mark.parametrize(
    ("setting", "role", "asked"),
    [
        ("privileged", Role.ADMINISTRATOR, True),
        ("privileged", Role.EDITOR, True),
        ("privileged", Role.CONSULTANT, False),
        ("all", Role.READER, True),
        ("off", Role.ADMINISTRATOR, False),
    ],
)
def test_a_second_factor_is_asked_of_whom_the_setting_says_once_the_grace_is_over(
    session: Session, clock: FixedClock, setting: str, role: Role, asked: bool
) -> None:
    rules = Rules(second_factor=sign_ins.WHO_NEEDS_A_SECOND_FACTOR[setting])
    accounts.add_user(session, name="bob", password=PASSWORD, role=role, clock=clock)
    early = sign_ins.use_of(session, started(session, "bob", clock), clock, rules)
    clock.advance(timedelta(days=6, hours=20))
    token = started(session, "bob", clock)
    clock.advance(timedelta(hours=4))
    kept = sign_ins.use_of(session, token, clock, rules)
    late = sign_ins.use_of(session, started(session, "bob", clock), clock, rules)
    assert early
    assert kept
    assert late
    assert (early.must_enrol, early.enrol_by is not None) == (False, asked)
    assert not kept.must_enrol, "a sign-in that began within the grace is not cut in the middle of work"
    assert late.must_enrol is asked


def test_the_provider_of_a_single_sign_on_answers_for_the_second_factor(session: Session, clock: FixedClock) -> None:
    accounts.add_user(session, name="bob", password=None, role=Role.EDITOR, clock=clock)
    clock.advance(timedelta(days=30))
    use = sign_ins.use_of(session, started(session, "bob", clock, factors=Factors.OIDC), clock)
    assert use
    assert not use.must_enrol
