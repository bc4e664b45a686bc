"""Users: names, roles, who remains an administrator; and what each change ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from app.services import accounts, sign_ins
from app.services.permissions import Actor, Role
from app.services.refusals import Invalid, NotFound, Taken
from app.storage.tables import UserRow
from app.storage.trust_tables import AuditEventRow
from tests.conftest import FixedClock
from tests.services.signing import PASSWORD, sign_in

if TYPE_CHECKING:
    from app.storage.database import Session


@pytest.fixture
def alice(session: Session, clock: FixedClock) -> str:
    """The name of a consultant who is called Alice."""
    accounts.add_user(session, name="Alice", password=PASSWORD, role=Role.CONSULTANT, clock=clock)
    return "alice"


def test_a_password_is_stored_as_argon2id(session: Session, alice: str) -> None:
    stored = session.execute(select(UserRow.password_hash)).scalar_one()
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_a_new_password_ends_every_sign_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    accounts.set_password(session, alice, "seven herons in the reeds", clock)
    assert sign_ins.actor_of(session, token, clock) is None
    assert sign_in(session, alice, PASSWORD, clock) is None
    assert sign_in(session, alice, "seven herons in the reeds", clock) is not None


def test_another_role_ends_every_sign_in(session: Session, alice: str, clock: FixedClock) -> None:
    token = sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    accounts.set_role(session, alice, Role.READER, clock)
    assert sign_ins.actor_of(session, token, clock) is None
    assert accounts.get_user(session, alice).role is Role.READER


def test_a_disabled_user_is_out_until_enabled(session: Session, alice: str, clock: FixedClock) -> None:
    token = sign_in(session, alice, PASSWORD, clock)
    assert token is not None
    accounts.disable_user(session, alice, clock)
    assert sign_ins.actor_of(session, token, clock) is None
    assert sign_in(session, alice, PASSWORD, clock) is None
    accounts.enable_user(session, alice, clock=clock)
    assert sign_in(session, alice, PASSWORD, clock) is not None
    assert sign_ins.actor_of(session, token, clock) is None


def test_the_last_administrator_stays_one(session: Session, alice: str, clock: FixedClock) -> None:
    accounts.add_user(session, name="chief", password=PASSWORD, role=Role.ADMINISTRATOR, clock=clock)
    with pytest.raises(Invalid, match="last administrator"):
        accounts.disable_user(session, "chief", clock)
    with pytest.raises(Invalid, match="last administrator"):
        accounts.set_role(session, "chief", Role.READER, clock)
    accounts.set_role(session, alice, Role.ADMINISTRATOR, clock)
    accounts.disable_user(session, "chief", clock)
    assert [user.name for user in accounts.administrators(session)] == ["alice"]


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


def test_a_user_keeps_a_language(session: Session, alice: str) -> None:
    user = accounts.get_user(session, alice)
    assert user.locale is None
    accounts.set_locale(session, Actor(user.id, user.name, user.display_name, user.role), "en")
    assert accounts.get_user(session, alice).locale == "en"


def test_an_unknown_user_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        accounts.get_user(session, "nobody")


def test_a_user_without_a_password_cannot_sign_in(session: Session, clock: FixedClock) -> None:
    added = accounts.add_user(session, name="bob", password=None, role=Role.READER, clock=clock)
    assert not added.has_password
    assert sign_in(session, "bob", "", clock) is None


def test_another_name_to_show_is_one_printable_line(session: Session, alice: str, clock: FixedClock) -> None:
    accounts.set_display_name(session, alice, " 李雷 ", actor=None, clock=clock)
    assert accounts.get_user(session, alice).display_name == "李雷"
    with pytest.raises(Invalid):
        accounts.set_display_name(session, alice, "two\nlines", actor=None, clock=clock)


def test_every_change_of_an_account_stands_in_the_trail_without_a_name(
    session: Session, alice: str, clock: FixedClock
) -> None:
    chief = accounts.add_user(session, name="chief", password=PASSWORD, role=Role.ADMINISTRATOR, clock=clock)
    actor = Actor(chief.id, chief.name, chief.display_name, chief.role)
    accounts.set_role(session, alice, Role.READER, clock, actor=actor)
    accounts.set_password(session, alice, "seven herons in the reeds", clock, actor=actor)
    accounts.disable_user(session, alice, clock, actor=actor)
    accounts.enable_user(session, alice, actor=actor, clock=clock)
    rows = session.execute(select(AuditEventRow).order_by(AuditEventRow.id)).scalars().all()
    kinds = [(row.kind, row.user_id) for row in rows]
    assert kinds == [
        ("account.added", None),
        ("account.added", None),
        ("account.role", chief.id),
        ("account.password", chief.id),
        ("account.disabled", chief.id),
        ("account.enabled", chief.id),
    ]
    assert not any("alice" in str(row.details) or "heron" in str(row.details) for row in rows)
