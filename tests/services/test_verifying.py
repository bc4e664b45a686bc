"""Codes, hashes and files of reports: what they are, whether the figures are released, whether newer ones exist."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from app import bootstrap
from app.cli.main import Factories, group
from app.services.correcting import begin_correction
from app.services.jobs import Work
from app.services.permissions import Actor, Part, Role
from app.services.rendering import render_report
from app.services.report_requests import ReportRequest
from app.services.verifying import CODE, code_of, verify_file, verify_text
from app.storage.attachment_files import AttachmentFolder
from tests.acting import acting
from tests.services.holding import consultant
from tests.services.releases import DEMO, release, scored

if TYPE_CHECKING:
    from app.content.library import Library
    from app.settings import Settings
    from app.storage.database import Database
    from tests.conftest import FixedClock


@pytest.fixture
def lead(demo_database: Database, clock: FixedClock) -> Actor:
    with demo_database.begin() as session:
        return consultant(session, "lead", clock)


@pytest.fixture
def guangzhou(demo_database: Database) -> int:
    with demo_database.read() as session:
        return scored(session)


def make(
    database: Database, library: Library, settings: Settings, clock: FixedClock, *ids: int, form: str = "json"
) -> bytes:
    """Make a file of the executive report as the worker does."""
    request = ReportRequest("executive", "zh", ids, date(2026, 3, 2), format=form)
    work = Work(1, request.parameters(), None, lambda _percent, _stage: None)
    return render_report(database, library, settings, work, clock=clock).file.read_bytes()


def issue(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)["report"]["issue"]
    return found


def test_a_report_carries_revision_state_time_and_hashes(  # noqa: PLR0917 - the parts of an installation
    demo_database: Database, library: Library, settings: Settings, clock: FixedClock, lead: Actor, guangzhou: int
) -> None:
    before = make(demo_database, library, settings, clock, guangzhou)
    digest = release(demo_database, guangzhou, actor=lead, clock=clock)
    after = make(demo_database, library, settings, clock, guangzhou)
    (told,) = issue(after)["assessments"]
    assert (told["revision"], told["state"], told["result_hash"]) == (1, "published", digest)
    assert issue(before)["assessments"][0]["state"] == "in-progress"
    assert issue(before)["code"] != issue(after)["code"], "a draft is never taken for what was released"
    assert issue(after)["issued_at"] == clock().isoformat(timespec="seconds")
    assert code_of(issue(after)["data_hash"]) == issue(after)["code"]


def test_the_same_contents_have_the_same_code_in_every_format(
    demo_database: Database, library: Library, settings: Settings, clock: FixedClock, guangzhou: int
) -> None:
    codes = set()
    for form in ("json", "csv"):
        content = make(demo_database, library, settings, clock, guangzhou, form=form)
        with demo_database.read() as session:
            (found,) = verify_file(session, content).issues
        codes.add(found.issue.code)
        assert found.whole
    assert len(codes) == 1


def test_a_file_is_known_by_its_bytes_and_a_changed_one_is_not(
    demo_database: Database, library: Library, settings: Settings, clock: FixedClock, guangzhou: int
) -> None:
    content = make(demo_database, library, settings, clock, guangzhou)
    with demo_database.read() as session:
        (found,) = verify_file(session, content).issues
        assert not verify_file(session, content + b" ").known
        assert not found.as_published, "nothing is released yet"
        by_code = verify_text(session, issue(content)["code"].lower().replace("-", " "))
        by_hash = verify_text(session, hashlib.sha256(content).hexdigest()[:10])
    assert [one.issue.code for one in by_code.issues] == [one.issue.code for one in by_hash.issues]


def test_released_figures_are_known_and_a_correction_is_told(  # noqa: PLR0917 - the parts of an installation
    demo_database: Database, library: Library, settings: Settings, clock: FixedClock, lead: Actor, guangzhou: int
) -> None:
    digest = release(demo_database, guangzhou, actor=lead, clock=clock)
    content = make(demo_database, library, settings, clock, guangzhou)
    with demo_database.begin() as session:
        (found,) = verify_file(session, content).issues
        assert found.as_published
        assert not found.superseded
        assert [one.release.hash for one in verify_text(session, digest[:12]).releases] == [digest]
        folder = AttachmentFolder(settings.data)
        copy = begin_correction(session, guangzhou, "记错一分", folder=folder, actor=lead, clock=clock)
        assert not verify_file(session, content).issues[0].superseded, "not before the correction is released"
    release(demo_database, copy, actor=lead, clock=clock)
    with demo_database.read() as session:
        (found,) = verify_file(session, content).issues
    assert found.as_published
    assert found.superseded


def test_nothing_is_told_across_the_walls(  # noqa: PLR0917 - the parts of an installation
    demo_database: Database, library: Library, settings: Settings, clock: FixedClock, lead: Actor, guangzhou: int
) -> None:
    content = make(demo_database, library, settings, clock, guangzhou)
    stranger = Actor(77, "x", "x", Role.CONSULTANT)
    with demo_database.read() as session:
        engagement_id = session.execute(text("SELECT id FROM engagement WHERE key = :key"), {"key": DEMO}).scalar_one()
    executive = Actor(78, "y", "y", Role.READER, memberships={engagement_id: Part.EXECUTIVE})
    for actor in (stranger, executive):
        with demo_database.opened_for(asker=actor).read() as session:
            assert not verify_file(session, content).known
            assert not verify_text(session, issue(content)["code"]).known
    release(demo_database, guangzhou, actor=lead, clock=clock)
    content = make(demo_database, library, settings, clock, guangzhou)
    with demo_database.opened_for(asker=executive).read() as session:
        assert verify_file(session, content).known


@pytest.mark.parametrize("typed", ["", "x", "0123", "' OR 1=1", "%%%%%%%%", "g" * 64, "A" * 500, "\0" * 12])
def test_odd_texts_are_no_code(demo_database: Database, typed: str) -> None:
    with demo_database.read() as session:
        assert not verify_text(session, typed).known


def test_a_code_is_twelve_plain_characters() -> None:
    assert all(CODE.fullmatch(code_of(hashlib.sha256(bytes([n])).hexdigest()).replace("-", "")) for n in range(64))


def test_the_command_tells_a_difference_and_ends_with_1(
    demo_database: Database, settings: Settings, clock: FixedClock, guangzhou: int
) -> None:
    actor = acting(0, "root", "root", Role.ADMINISTRATOR)
    with demo_database.begin() as session:
        actor = consultant(session, "lead", clock)
    release(demo_database, guangzhou, actor=actor, clock=clock)

    def run(*arguments: str) -> tuple[int, str]:
        nothing: Any = None
        factories = Factories(
            settings=lambda: settings,
            library=nothing,
            database=lambda: bootstrap.open_database(settings),
            application=nothing,
            worker=nothing,
            attempt=nothing,
            command=(),
        )
        result = CliRunner().invoke(group, ["verify", *arguments], obj=factories)
        return result.exit_code, result.stdout

    assert run() == (0, run()[1])
    assert "1 released results, 0 different" in run()[1]
    with demo_database.begin() as session:
        session.execute(text("UPDATE agreed_score SET steps = 2 WHERE steps = 3"))
    code, told = run()
    assert code == 1
    assert "DIFFERENT" in told
    code, told = run("--format", "json")
    assert code == 1
    assert json.loads(told)["different"] == 1
