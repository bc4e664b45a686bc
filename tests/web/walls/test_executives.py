"""Executives see what is published, and reports of that; nothing of the work behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.document.build import build_document
from app.exports.report_json import write_json
from app.services import batches
from app.services.jobs import JobState
from app.services.report_material import gather
from app.services.report_requests import ReportRequest
from app.web.reports import pages as reports
from app.web.trail import noting
from tests.web.conftest import Page, Visitor
from tests.web.walls.world import FIRM, FOUND, NOTED, REASON, SAID, World

Enter = Callable[[str], Visitor]

INTERNAL = (SAID, NOTED, "李经理")


@pytest.fixture
def executive(enter: Enter) -> Visitor:
    return enter("executive")


def test_the_engagement_shows_published_units_alone(world: World, executive: Visitor) -> None:
    page = executive.page(f"/engagements/{FIRM}")
    assert "south" in page.words
    assert "north" not in page.words
    assert f"/assessments/{world.published['assessment_id']}" in page.links
    assert f"/engagements/{FIRM}" in executive.page("/").links


def test_nothing_of_the_work_is_told(world: World, executive: Visitor) -> None:
    result = f"/assessments/{world.published['assessment_id']}"
    pages: list[Page] = [
        executive.page(path)
        for path in (result, f"{result}/capabilities/kept", f"/engagements/{FIRM}/compare", "/reports")
    ]
    for page in pages:
        assert not [word for word in INTERNAL if word in page.text], page.title
    assert FOUND in pages[1].words
    assert REASON in pages[1].words, "the reason of an agreed score is part of the result"
    assert FOUND in executive.page(f"/search?q={FOUND[:4]}").words


def test_what_is_not_published_does_not_exist(world: World, executive: Visitor) -> None:
    hidden = world.open["assessment_id"]
    assert executive.get(f"/engagements/{FIRM}/compare?a={hidden}").status_code == 404
    asked: dict[str, Any] = {"template": "executive", "formats": "pdf", "languages": "zh", "how": "together"}
    refused = executive.post(f"/reports?engagement={FIRM}", {**asked, "assessments": str(hidden)})
    assert refused.status_code == 422
    assert f"/reports/{world.open['report_id']}" not in executive.page(f"/reports?engagement={FIRM}").links


def test_the_full_report_says_what_the_page_says(world: World) -> None:
    wanted = ReportRequest("full", "zh", (int(str(world.published["assessment_id"])),), date(2026, 3, 2))
    with world.database.read() as session:
        told = gather(session, world.press.library, wanted)
    written = write_json(build_document(told, world.press.library.report("full"), "zh"), told).decode()
    assert REASON in written
    assert not [word for word in INTERNAL if word in written]


@pytest.mark.parametrize(
    "asked",
    [
        ("GET", "/jobs/{job_id}/file"),
        ("GET", "/jobs/{job_id}"),
        ("GET", "/reports/{report_id}"),
        ("POST", "/reports/{report_id}"),
        ("POST", "/reports?engagement={key}"),
    ],
    ids=" ".join,
)
def test_asking_for_what_is_not_published_leaves_a_line_in_the_trail(
    world: World, executive: Visitor, asked: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = noted_in_the_trail(monkeypatch)
    method, address = asked[0], asked[1].format(**world.open)
    form = {"assessments": str(world.open["assessment_id"])}
    status = executive.get(address).status_code if method == "GET" else executive.post(address, form).status_code
    assert (status, noted) == (422 if "?" in address else 404, ["access.denied"])


def test_a_file_that_is_refused_leaves_a_line_in_the_trail_and_a_fault_in_a_form_none(
    world: World, executive: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = noted_in_the_trail(monkeypatch)
    form = {"assessments": str(world.published["assessment_id"])}
    assert executive.post(f"/reports?engagement={FIRM}", form).status_code == 422
    assert noted == []
    monkeypatch.setattr(batches, "out_of_date", lambda *_: frozenset({1}))
    assert executive.get(f"/jobs/{world.published['job_id']}/file").status_code == 404
    assert noted == ["access.denied"]


def noted_in_the_trail(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the events that the trail is told of from now on."""
    noted: list[str] = []
    monkeypatch.setattr(noting, "record", lambda _session, event, **_: noted.append(event.value))
    return noted


def test_what_others_asked_for_is_for_leads_to_cancel(
    world: World, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, job = f"/reports/{world.published['report_id']}", f"/jobs/{world.published['job_id']}"
    monkeypatch.setattr(JobState, "has_ended", property(lambda _: False))
    for name, theirs in (("executive", False), ("observer", False), ("consultant", False), ("lead", True)):
        visitor = enter(name)
        assert (f'action="{job}/cancel"' in visitor.get(report).text) is theirs, name
        assert (visitor.post(f"{job}/cancel").status_code == 302) is theirs, name
        assert visitor.post(f"{report}/cancel").status_code == (302 if theirs else 403), name


def test_a_report_of_what_is_published_is_asked_for_and_fetched(world: World, executive: Visitor) -> None:
    assert f"/reports/{world.published['report_id']}" in executive.page(f"/reports?engagement={FIRM}").links
    page = executive.page(f"/reports/{world.published['report_id']}")
    assert "看报告里的句子" not in page.words
    asked = {"template": "executive", "formats": "pdf", "languages": "en", "how": "together", "weights": "default"}
    handed = executive.post(
        f"/reports?engagement={FIRM}", {**asked, "assessments": str(world.published["assessment_id"])}
    )
    assert handed.status_code == 302


def test_a_file_that_would_come_out_otherwise_now_is_not_given_to_executives(
    world: World, executive: Visitor, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been made before the publication, and hold what was never published."""
    job_id = int(str(world.published["job_id"]))
    file, report = f"/jobs/{job_id}/file", f"/reports/{world.published['report_id']}"
    for module in (batches, reports):
        monkeypatch.setattr(module, "out_of_date", lambda *_: frozenset({job_id}))
    for visitor, given in ((enter("lead"), True), (executive, False)):
        with visitor.get(file) as answer:
            assert answer.status_code == (200 if given else 404)
        assert (file in visitor.page(report).links) is given
        assert "重新制作" in visitor.page(report).words
    monkeypatch.setattr(reports, "out_of_date", lambda *_: frozenset())
    monkeypatch.setattr(batches, "out_of_date", lambda *_: frozenset())
    assert file in executive.page(report).links
    with executive.get(file) as answer:
        assert answer.status_code == 200
