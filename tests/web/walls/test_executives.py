"""Executives see what is published, and reports of that; nothing of the work behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services import batches
from app.web.reports import pages as reports
from tests.web.conftest import Page, Visitor
from tests.web.walls.world import FIRM, FOUND, NOTED, SAID, World

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
    assert FOUND in executive.page(f"/search?q={FOUND[:4]}").words


def test_what_is_not_published_does_not_exist(world: World, executive: Visitor) -> None:
    hidden = world.open["assessment_id"]
    assert executive.get(f"/engagements/{FIRM}/compare?a={hidden}").status_code == 404
    asked: dict[str, Any] = {"template": "executive", "formats": "pdf", "languages": "zh", "how": "together"}
    refused = executive.post(f"/reports?engagement={FIRM}", {**asked, "assessments": str(hidden)})
    assert refused.status_code == 422
    assert f"/reports/{world.open['report_id']}" not in executive.page(f"/reports?engagement={FIRM}").links


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
