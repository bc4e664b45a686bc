"""Passwords, sign-ins and who remains an administrator."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import select, update

from app.services import accounts
from app.services.permissions import Role
from app.services.refusals import Invalid, NotFound, Taken
from app.storage.tables import SignInRow, UserRow
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.storage.database import Session

PASSWORD = "nine lanterns on the pier"


@pytest.fixture
def alice(session: Session, clock: FixedClock) -> str:
    """The name of a consultant who is called Alice."""
    accounts.add_user(session, name="Alice", password=PASSWORD, role=Role.CONSULTANT, clock=clock)
    return "alice"


def test_a_password_is_stored_as_argon2id(session: Session, alice: str) -> None:
    stored = session.execute(select(UserRow.password_hash)).scalar_one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_the_right_password_signs_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = accounts.sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    actor = accounts.actor_of(session, token, clock)
    assert actor is not None
    assert (actor.name, actor.display_name, actor.role) == ("alice", "Alice", Role.CONSULTANT)


@pytest.mark.parametrize("name", ["ALICE", " alice ", "ａｌｉｃｅ"])
def test_a_name_is_found_however_it_is_typed(session: Session, alice: str, clock: FixedClock, name: str) -> None:
    assert accounts.sign_in(session, name, PASSWORD, clock) is not None


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + "x", PASSWORD.upper(), "x" * 100_000])
def test_a_wrong_password_does_not_sign_in(session: Session, alice: str, clock: FixedClock, password: str) -> None:
    assert accounts.sign_in(session, alice, password, clock) is None


def test_an_unknown_name_takes_as_long_as_a_wrong_password(
    session: Session, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, shipped_hasher: Callable[[], PasswordHasher]
) -> None:
    monkeypatch.setattr(accounts, "_hasher", shipped_hasher)
    accounts._hash_of_nobody.cache_clear()
    alice = accounts.add_user(session, name="alice", password=PASSWORD, role=Role.CONSULTANT, clock=clock).name

    def seconds(name: str) -> float:
        begun = time.process_time()  # a busy machine slows the one or the other
        assert accounts.verify(session, name, "not the password") is None
        return time.process_time() - begun

    known = median(seconds(alice) for _ in range(5))
    unknown = median(seconds("nobody") for _ in range(5))
    assert 0.5 < unknown / known < 2


def test_the_database_holds_the_hash_of_a_token_of_256_bits(session: Session, alice: str, clock: FixedClock) -> None:
    token = accounts.sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    assert len(token) >= 43
    stored = session.execute(select(SignInRow.token_hash)).scalar_one()
    assert stored == hashlib.sha256(token.encode()).hexdigest()


def test_every_sign_in_has_a_token_of_its_own(session: Session, alice: str, clock: FixedClock) -> None:
    assert accounts.sign_in(session, alice, PASSWORD, clock) != accounts.sign_in(session, alice, PASSWORD, clock)


def test_signing_out_ends_this_sign_in_only(session: Session, alice: str, clock: FixedClock) -> None:
    here, there = (accounts.sign_in(session, alice, PASSWORD, clock) for _ in range(2))
    assert here is not None
    assert there is not None
    accounts.sign_out(session, here, clock)
    assert accounts.actor_of(session, here, clock) is None
    assert accounts.actor_of(session, there, clock) is not None


def use_is_due(session: Session, token: str, clock: FixedClock) -> bool:
    use = accounts.use_of(session, token, clock)
    assert use is not None
    return use.touch_due


def test_an_idle_sign_in_ends_unless_it_was_touched(session: Session, alice: str, clock: FixedClock) -> None:
    idle, used = (accounts.sign_in(session, alice, PASSWORD, clock) for _ in range(2))
    assert idle is not None
    assert used is not None
    clock.advance(timedelta(hours=11))
    assert use_is_due(session, used, clock)
    accounts.touch(session, used, clock)
    assert not use_is_due(session, used, clock)
    clock.advance(timedelta(hours=2))
    assert accounts.actor_of(session, idle, clock) is None
    assert accounts.actor_of(session, used, clock) is not None


def test_no_sign_in_outlives_a_week(session: Session, alice: str, clock: FixedClock) -> None:
    token = accounts.sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    for _ in range(15):
        clock.advance(timedelta(hours=11))
        accounts.touch(session, token, clock)
    clock.advance(timedelta(hours=11))
    assert accounts.actor_of(session, token, clock) is None


def test_a_touch_does_not_wake_a_dead_sign_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = accounts.sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    clock.advance(timedelta(hours=13))
    accounts.touch(session, token, clock)
    assert accounts.actor_of(session, token, clock) is None


def test_an_unknown_token_is_nobody(session: Session, clock: FixedClock) -> None:
    assert accounts.actor_of(session, "made up", clock) is None


def test_a_new_password_ends_every_sign_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = accounts.sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    accounts.set_password(session, alice, "seven herons in the reeds", clock)
    assert accounts.actor_of(session, token, clock) is None
    assert accounts.sign_in(session, alice, PASSWORD, clock) is None
    assert accounts.sign_in(session, alice, "seven herons in the reeds", clock) is not None


def test_another_role_ends_every_sign_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = accounts.sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    accounts.set_role(session, alice, Role.READER, clock)
    assert accounts.actor_of(session, token, clock) is None
    assert accounts.get_user(session, alice).role is Role.READER


def test_a_disabled_user_is_out_until_enabled(session: Session, alice: str, clock: FixedClock) -> None:
    token = accounts.sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    accounts.disable_user(session, alice, clock)
    assert accounts.actor_of(session, token, clock) is None
    assert accounts.sign_in(session, alice, PASSWORD, clock) is None
    accounts.enable_user(session, alice)
    assert accounts.sign_in(session, alice, PASSWORD, clock) is not None
    assert accounts.actor_of(session, token, clock) is None


def test_the_last_administrator_stays_one(session: Session, alice: str, clock: FixedClock) -> None:
    accounts.add_user(session, name="chief", password=PASSWORD, role=Role.ADMINISTRATOR, clock=clock)
    with pytest.raises(Invalid, match="last administrator"):
        accounts.disable_user(session, "chief", clock)
    with pytest.raises(Invalid, match="last administrator"):
        accounts.set_role(session, "chief", Role.READER, clock)
    accounts.set_role(session, alice, Role.ADMINISTRATOR, clock)
    accounts.disable_user(session, "chief", clock)
    assert [user.name for user in accounts.administrators(session)] == ["alice"]


def test_passwords_are_hashed_with_argon2id_as_strong_as_rfc_9106_asks(
    shipped_hasher: Callable[[], PasswordHasher],
) -> None:
    hasher = shipped_hasher()
    assert hasher.type is Type.ID
    assert (hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (3, 64 * 1024, 4)


def test_a_hash_of_former_parameters_is_renewed_at_sign_in(
    session: Session,
    alice: str,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    shipped_hasher: Callable[[], PasswordHasher],
) -> None:
    monkeypatch.setattr(accounts, "_hasher", shipped_hasher)
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    session.execute(update(UserRow).values(password_hash=weak))
    assert accounts.sign_in(session, alice, PASSWORD, clock) is not None
    renewed = session.execute(select(UserRow.password_hash)).scalar_one()
    assert renewed != weak
    assert not PasswordHasher().check_needs_rehash(renewed)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "too-short"),
        ("x1" * 65, "too-long"),
        ("password1234", "too-common"),
        ("PassWord12345", "too-common"),
        ("administrator2026!", "too-common"),
        ("aaaaaaaaaaaaaaaa", "too-common"),
        ("zhangwei-crm1", "too-close"),
        ("CRM-Maturity2026", "too-close"),
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.check_password(password, context=("zhangwei",))
    assert (refused.value.field, refused.value.code) == ("password", code)


@pytest.mark.parametrize("password", [PASSWORD, "夜来风雨声花落知多少春眠", "x" * 5 + "correct battery"])
def test_any_character_may_stand_in_a_password(password: str) -> None:
    accounts.check_password(password, context=("zhangwei",))


def test_generated_passwords_differ_and_pass_the_rules() -> None:
    made = {accounts.generate_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        accounts.check_password(password)


@pytest.mark.parametrize("name", ["", "two words", "x" * 81, "semi;colon", "line\nbreak"])
def test_a_name_that_cannot_be_typed_is_refused(session: Session, clock: FixedClock, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.add_user(session, name=name, password=PASSWORD, role=Role.READER, clock=clock)
    assert refused.value.field == "name"


def test_a_name_is_used_once(session: Session, alice: str, clock: FixedClock) -> None:
    with pytest.raises(Taken):
        accounts.add_user(session, name="ALICE", password=PASSWORD, role=Role.READER, clock=clock)


def test_a_chinese_name_is_a_name(session: Session, clock: FixedClock) -> None:
    assert accounts.add_user(session, name="张伟", password=PASSWORD, role=Role.READER, clock=clock).name == "张伟"


def test_a_display_name_is_one_printable_line(session: Session, clock: FixedClock) -> None:
    def add(name: str, display_name: str) -> None:
        accounts.add_user(
            session, name=name, display_name=display_name, password=PASSWORD, role=Role.READER, clock=clock
        )

    add("lilei", " 李雷 ")
    assert accounts.get_user(session, "lilei").display_name == "李雷"
    for bad in ("two\nlines", "x" * 81):
        with pytest.raises(Invalid):
            add("other", bad)


def test_a_user_keeps_a_language(session: Session, alice: str, clock: FixedClock) -> None:
    actor = accounts.verify(session, alice, PASSWORD)
    assert actor is not None
    assert accounts.get_user(session, alice).locale is None
    accounts.set_locale(session, actor, "en")
    assert accounts.get_user(session, alice).locale == "en"


def test_an_unknown_user_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        accounts.get_user(session, "nobody")
