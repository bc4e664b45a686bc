"""`crm-maturity user`: members, links, sign-ins and second factors from the command line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from app import bootstrap
from app.cli.main import Factories, group
from app.services import account_links, accounts, second_factor
from app.services.clock import system_clock
from app.services.engagements import archive_engagement
from app.services.permissions import Actor
from app.settings import read_settings
from app.storage.accounts import user_by_name
from app.storage.database import Database
from tests.services.signing import PASSWORD, SEAL, sign_in

if TYPE_CHECKING:
    from app.content.library import Library

Command = Callable[..., Result]
KEY = "china-telecom-2003"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_file: Path) -> Path:
    """The data folder that the environment names, with the engagement of 2003."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(demo_file, folder / "crm-maturity.db")
    monkeypatch.setenv("CRM_MATURITY_DATA", str(folder))
    for name in ("DATABASE_URL", "SECRET_KEY", "CRM_MATURITY_ROOT"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def crm(data: Path, library: Library) -> Command:
    """Run `crm-maturity user` in this process."""
    factories = Factories(
        settings=read_settings,
        library=lambda _: library,
        database=bootstrap.open_database,
        application=bootstrap.create_application,
        worker=bootstrap.create_worker,
        attempt=bootstrap.run_attempt,
        command=bootstrap.COMMAND,
    )

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(group, ["user", *arguments], obj=factories, input=typed, prog_name="crm-maturity")

    return run


@pytest.fixture
def bo(crm: Command, data: Path) -> Command:
    """The same, with a reader called bo."""
    assert crm("add", "bo", "--role", "reader", "--password-stdin", typed=PASSWORD + "\n").exit_code == 0
    return crm


def stored(data: Path) -> Database:
    return Database(f"sqlite:///{data / 'crm-maturity.db'}")


def token_of(result: Result) -> str:
    assert result.exit_code == 0, result.stderr
    found = re.fullmatch(r"link: http://127\.0\.0\.1:8000/link/(\S{43})\n", result.stdout)
    assert found
    return found[1]


def test_a_user_is_added_to_an_engagement_at_once(crm: Command) -> None:
    added = crm("add", "ann", "--engagement", KEY, "--part", "lead", "--password-stdin", typed=PASSWORD + "\n")
    assert added.exit_code == 0
    assert crm("member", "list", KEY).stdout == "ann\tlead\tann\n"


def test_members_come_change_and_go(bo: Command) -> None:
    assert bo("member", "add", KEY, "bo").stdout == f"bo: observer in {KEY}\n"
    assert bo("member", "add", KEY, "bo", "--part", "executive").exit_code == 0
    listed = json.loads(bo("member", "list", KEY, "--format", "json").stdout)
    assert listed == {"members": [{"name": "bo", "part": "executive", "disabled": False}]}
    assert bo("member", "remove", KEY, "bo").exit_code == 0
    assert bo("member", "list", KEY).stdout == ""


def test_an_archived_engagement_is_read_only_for_the_command_line_too(bo: Command, data: Path) -> None:
    assert bo("member", "add", KEY, "bo").exit_code == 0
    database = stored(data)
    with database.begin() as session:
        archive_engagement(session, KEY, system_clock)
    database.dispose()
    for refused in (
        bo("member", "add", KEY, "bo", "--part", "executive"),
        bo("invite", "--engagement", KEY, "--part", "lead"),
        bo("add", "cy", "--engagement", KEY, "--part", "lead", "--password-stdin", typed=PASSWORD + "\n"),
    ):
        assert refused.exit_code == 1
        assert "the engagement is archived; restore it first" in refused.stderr
    assert bo("member", "list", KEY).stdout == "bo\tobserver\tbo\n"
    assert bo("member", "remove", KEY, "bo").exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("member", "add", KEY, "nobody"),
        ("member", "add", "nowhere", "bo"),
        ("member", "add", KEY, "bo", "--part", "lead"),
        ("member", "remove", KEY, "bo"),
        ("reset-link", "nobody"),
        ("end-sessions", "nobody"),
        ("remove-second-factor", "nobody"),
        ("invite", "--engagement", "nowhere", "--part", "lead"),
        ("invite", "--role", "reader", "--days", "5"),
    ],
)
def test_what_cannot_be_done_is_told_with_exit_code_1(bo: Command, arguments: tuple[str, ...]) -> None:
    assert bo(*arguments).exit_code == 1


@pytest.mark.parametrize("arguments", [(), ("--role", "reader", "--engagement", KEY), ("--engagement", KEY)])
def test_an_invitation_is_to_a_role_or_to_a_part(crm: Command, arguments: tuple[str, ...]) -> None:
    assert crm("invite", *arguments).exit_code == 2


def test_an_invitation_is_printed_once_as_a_link(crm: Command, data: Path) -> None:
    tokens = [
        token_of(crm("invite", "--engagement", KEY, "--part", "executive", "--label", "王总")),
        token_of(crm("invite", "--role", "editor", "--days", "1")),
    ]
    database = stored(data)
    with database.read() as session:
        assert all(account_links.link_of_token(session, token, clock=system_clock) for token in tokens)
    database.dispose()


def test_a_reset_link_lets_a_user_choose_another_password(bo: Command, data: Path) -> None:
    token = token_of(bo("reset-link", "bo"))
    database = stored(data)
    with database.begin() as session:
        link_id = account_links.link_of_token(session, token, clock=system_clock)
        assert link_id
        account_links.choose_password(session, link_id, "seven herons in the reeds", clock=system_clock)
    database.dispose()


def test_sign_ins_and_a_lost_telephone_are_ended(bo: Command, data: Path) -> None:
    database = stored(data)
    with database.begin() as session:
        assert sign_in(session, "bo", PASSWORD, system_clock)
        user = accounts.get_user(session, "bo")
        actor = Actor(user.id, user.name, user.display_name, user.role)
        second_factor.begin(session, actor, seal=SEAL, clock=system_clock)
    assert bo("end-sessions", "bo").stdout == "ended: 1\n"
    assert bo("end-sessions", "bo").stdout == "ended: 0\n"
    assert bo("remove-second-factor", "BO").stdout == "user: bo\n"
    with database.begin() as session:
        second_factor.begin(session, actor, seal=SEAL, clock=system_clock)
    database.dispose()


@pytest.mark.parametrize("arguments", [("add", "cy"), ("password", "bo"), ("first", "dora")])
def test_a_password_that_is_printed_runs_out_in_a_week(bo: Command, data: Path, arguments: tuple[str, str]) -> None:
    if arguments[0] == "first":
        with stored(data).begin() as session:
            assert accounts.administrators(session) == ()
    done = bo(*arguments)
    assert done.exit_code == 0, done.stderr
    assert "password: " in done.stdout
    assert "good for 7 days" in done.stderr
    assert until_of(data, arguments[1]) == timedelta(days=7)


def test_a_password_that_was_typed_lasts(bo: Command, data: Path) -> None:
    assert until_of(data, "bo") is None
    assert bo("password", "bo").exit_code == 0
    assert bo("password", "bo", "--password-stdin", typed="seven herons in the reeds\n").exit_code == 0
    assert until_of(data, "bo") is None


def until_of(data: Path, name: str) -> timedelta | None:
    """Return for about how long the password of a user lasts from now; None: for good."""
    with stored(data).read() as session:
        user = user_by_name(session, name)
    assert user is not None
    left = user.password_until - system_clock() if user.password_until else None
    return timedelta(days=round(left / timedelta(days=1))) if left else None
