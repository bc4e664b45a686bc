"""Proving who one is: password and second factor within the throttle."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from app.services import accounts, passwords, second_factor, signing_in
from app.services.permissions import Actor, Role
from app.services.sign_ins import Factors
from app.services.signing_in import Proven, prove_code, prove_password
from app.services.throttling import Door, Throttled
from app.storage.tables import UserRow
from app.storage.trust_tables import AuditEventRow, SignInAttemptRow
from tests.conftest import FixedClock
from tests.services.signing import PASSWORD, SEAL

if TYPE_CHECKING:
    from app.storage.database import Database

HERE = Door("192.0.2.1")
OTHER = Door("198.51.100.7")


@pytest.fixture
def alice(database: Database, clock: FixedClock) -> Actor:
    """A consultant who is called Alice."""
    with database.begin() as session:
        user = accounts.add_user(session, name="Alice", password=PASSWORD, role=Role.CONSULTANT, clock=clock)
    return Actor(user.id, user.name, user.display_name, user.role)


def proved(
    database: Database, clock: FixedClock, password: str = PASSWORD, *, name: str = "alice", door: Door = HERE
) -> Proven | None:
    return prove_password(database, name=name, password=password, door=door, seal=SEAL, clock=clock)


def fail(database: Database, clock: FixedClock, times: int, **options: object) -> None:
    """Fail so often, waiting in between as long as one must."""
    for _ in range(times):
        try:
            assert proved(database, clock, "wrong", **options) is None  # type: ignore[arg-type]
        except Throttled as throttled:
            clock.advance(timedelta(seconds=throttled.seconds))
            assert proved(database, clock, "wrong", **options) is None  # type: ignore[arg-type]


@pytest.mark.usefixtures("alice")
@pytest.mark.parametrize("name", ["ALICE", " alice ", "ａｌｉｃｅ"])
def test_a_name_is_found_however_it_is_typed(database: Database, clock: FixedClock, name: str) -> None:
    assert proved(database, clock, name=name) is not None


def test_a_disabled_account_proves_nothing(database: Database, alice: Actor, clock: FixedClock) -> None:
    with database.begin() as session:
        accounts.disable_user(session, alice.name, clock)
    assert proved(database, clock) is None


@pytest.fixture
def as_shipped(monkeypatch: pytest.MonkeyPatch, shipped_hasher: Callable[[], PasswordHasher]) -> Iterator[None]:
    """Hash passwords with as much work as the product does."""
    monkeypatch.setattr(passwords, "_hasher", shipped_hasher)
    passwords._hash_of_nobody.cache_clear()
    yield
    passwords._hash_of_nobody.cache_clear()


@pytest.mark.usefixtures("as_shipped")
def test_an_unknown_name_takes_as_long_as_a_wrong_password(database: Database, alice: Actor, clock: FixedClock) -> None:
    with database.begin() as session:
        accounts.set_password(session, alice.name, PASSWORD, clock)
        accounts.add_user(session, name="none", password=None, role=Role.READER, clock=clock)

    def seconds(name: str) -> float:
        begun = time.process_time()  # a busy machine slows the one or the other
        clock.advance(timedelta(hours=1))
        assert proved(database, clock, "not the password", name=name) is None
        return time.process_time() - begun

    known = median(seconds("alice") for _ in range(3))
    for name in ("nobody", "none"):
        assert 0.5 < median(seconds(name) for _ in range(3)) / known < 2


@pytest.mark.usefixtures("alice", "as_shipped")
def test_a_hash_of_former_parameters_is_renewed_at_sign_in(database: Database, clock: FixedClock) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    with database.begin() as session:
        session.execute(update(UserRow).values(password_hash=weak))
    proven = proved(database, clock)
    assert proven
    with database.read() as session:
        renewed = session.execute(select(UserRow.password_hash)).scalar_one()
        assert signing_in.still_proven(session, proven.user_id, proven.stamp) == proven
    assert renewed != weak
    assert not PasswordHasher().check_needs_rehash(renewed)


@pytest.mark.usefixtures("alice")
def test_waits_grow_with_every_failure_and_end_by_themselves(database: Database, clock: FixedClock) -> None:
    fail(database, clock, 5)
    waits = []
    for _ in range(13):
        with pytest.raises(Throttled) as throttled:
            proved(database, clock)
        waits.append(throttled.value.seconds)
        clock.advance(timedelta(seconds=throttled.value.seconds))
        assert proved(database, clock, "wrong") is None
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 900
    clock.advance(timedelta(seconds=900))
    assert proved(database, clock) is not None, "nobody is locked out for good"
    assert proved(database, clock, "wrong") is None
    assert proved(database, clock) is not None, "success forgets the failures"


@pytest.mark.usefixtures("alice")
def test_a_throttled_attempt_compares_nothing_and_is_not_counted(database: Database, clock: FixedClock) -> None:
    fail(database, clock, 5)
    for _ in range(20):
        with pytest.raises(Throttled):
            proved(database, clock)
    clock.advance(timedelta(seconds=1))
    assert proved(database, clock) is not None


def test_unknown_names_are_throttled_like_known_ones(database: Database, clock: FixedClock) -> None:
    fail(database, clock, 5, name="nobody")
    with pytest.raises(Throttled):
        proved(database, clock, name="nobody")


@pytest.mark.usefixtures("alice")
def test_an_address_that_tries_many_names_waits(database: Database, clock: FixedClock) -> None:
    for number in range(30):
        assert proved(database, clock, name=f"user{number}") is None
    with pytest.raises(Throttled):
        proved(database, clock)
    assert proved(database, clock, door=OTHER) is not None


@pytest.mark.usefixtures("alice")
def test_a_browser_that_was_here_before_is_not_kept_out_by_strangers(database: Database, clock: FixedClock) -> None:
    fail(database, clock, 6, door=OTHER)
    with pytest.raises(Throttled):
        proved(database, clock)
    known = Door("192.0.2.1", known="a3f0")
    assert proved(database, clock, door=known) is not None
    fail(database, clock, 5, door=known)
    with pytest.raises(Throttled):
        proved(database, clock, door=known)


@pytest.mark.usefixtures("alice")
def test_very_many_failures_from_everywhere_slow_all_strangers_down(database: Database, clock: FixedClock) -> None:
    with database.begin() as session:
        session.add_all(SignInAttemptRow(account=f"{n}", address=f"{n}", at=clock()) for n in range(300))
    with pytest.raises(Throttled) as throttled:
        proved(database, clock)
    assert throttled.value.seconds <= 30
    assert proved(database, clock, door=Door("192.0.2.1", known="a3f0")) is not None


@pytest.mark.usefixtures("alice")
def test_many_attempts_at_once_are_not_more_than_the_free_ones(database: Database, clock: FixedClock) -> None:
    def attempt(_: int) -> bool:
        try:
            proved(database, clock, "wrong")
        except Throttled:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


@pytest.mark.usefixtures("alice")
def test_attempts_are_kept_as_keyed_hashes(database: Database, clock: FixedClock) -> None:
    fail(database, clock, 2)
    with database.read() as session:
        rows = session.execute(select(SignInAttemptRow.account, SignInAttemptRow.address)).all()
    assert len(rows) == 2
    assert all(len(value) == 64 and set(value) <= set("0123456789abcdef") for row in rows for value in row)


def test_the_trail_tells_of_failures_and_of_the_throttle(database: Database, alice: Actor, clock: FixedClock) -> None:
    fail(database, clock, 5)
    fail(database, clock, 1, name="nobody")
    with database.read() as session:
        found = session.execute(select(AuditEventRow.kind, AuditEventRow.object_id).order_by(AuditEventRow.id)).all()
    assert [tuple(row) for row in found[1:]] == [
        *[("sign-in.failed", alice.user_id)] * 5,
        ("sign-in.throttled", alice.user_id),
        ("sign-in.failed", None),
    ]


def enrolled(database: Database, actor: Actor, clock: FixedClock) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    with database.begin() as session:
        second_factor.begin(session, actor, seal=SEAL, clock=clock)
        app = pyotp.TOTP(second_factor.enrolment(session, actor, seal=SEAL).secret)
        codes = second_factor.confirm(session, actor, app.at(clock()), seal=SEAL, clock=clock)
    return app, codes


def test_a_second_factor_is_asked_for_and_each_code_works_once(
    database: Database, alice: Actor, clock: FixedClock
) -> None:
    app, recovery = enrolled(database, alice, clock)

    def factors(code: str) -> Factors | None:
        proven = proved(database, clock)
        assert proven
        assert proven.needs_code
        return prove_code(database, proven, code, door=HERE, seal=SEAL, clock=clock)

    assert factors(app.at(clock())) is None, "the code that confirmed the app was used by that"
    clock.advance(timedelta(seconds=30))
    assert factors(app.at(clock())) is Factors.CODE
    assert factors(app.at(clock())) is None
    assert factors(recovery[3].upper()) is Factors.RECOVERY
    assert factors(recovery[3]) is None


def test_codes_are_throttled_apart_from_passwords(database: Database, alice: Actor, clock: FixedClock) -> None:
    app, _ = enrolled(database, alice, clock)
    proven = proved(database, clock)
    assert proven
    clock.advance(timedelta(minutes=1))
    for _ in range(5):
        assert prove_code(database, proven, "000000", door=HERE, seal=SEAL, clock=clock) is None
    with pytest.raises(Throttled):
        prove_code(database, proven, app.at(clock()), door=HERE, seal=SEAL, clock=clock)
    assert proved(database, clock) is not None


def test_a_proven_password_is_worth_nothing_after_another_one(
    database: Database, alice: Actor, clock: FixedClock
) -> None:
    proven = proved(database, clock)
    assert proven
    with database.begin() as session:
        assert signing_in.still_proven(session, alice.user_id, proven.stamp) is not None
        accounts.set_password(session, alice.name, "seven herons in the reeds", clock)
        assert signing_in.still_proven(session, alice.user_id, proven.stamp) is None
        assert signing_in.still_proven(session, 999, proven.stamp) is None
