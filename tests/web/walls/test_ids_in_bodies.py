"""Ids that come in queries, forms and beside others in an address reach nothing that the address could not reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import Visitor
from tests.web.walls.world import ELSEWHERE, FIRM, FOUND, NOTED, REASON, SAID, World

Enter = Callable[[str], Visitor]

REPORT: dict[str, Any] = {"template": "executive", "formats": "pdf", "languages": "zh", "weights": "default"}


def test_a_comparison_takes_no_assessment_of_another_engagement(world: World, enter: Enter) -> None:
    foreign = {"a": world.published["assessment_id"]}
    for name in ("outsider", "administrator"):
        assert enter(name).get(f"/engagements/{ELSEWHERE}/compare", query_string=foreign).status_code == 404


@pytest.mark.parametrize("how", ["together", "each"])
def test_a_report_takes_no_assessment_of_another_engagement(world: World, enter: Enter, how: str) -> None:
    for name in ("outsider", "administrator"):
        asked = {**REPORT, "how": how, "assessments": str(world.published["assessment_id"])}
        assert enter(name).post(f"/reports?engagement={ELSEWHERE}", asked).status_code == 422


def test_an_engagement_in_the_query_passes_the_same_door(enter: Enter) -> None:
    for name in ("outsider", "reader", "editor"):
        visitor = enter(name)
        assert visitor.get(f"/reports?engagement={FIRM}").status_code == 404
        assert visitor.get(f"/search?q=x&in={FIRM}").status_code == 404
        assert visitor.post(f"/reports?engagement={FIRM}", REPORT).status_code == 404
        assert visitor.post("/reports", REPORT).status_code == 404


def test_things_of_two_engagements_in_one_address_are_not_found(world: World, enter: Enter) -> None:
    crossed = f"/engagements/{ELSEWHERE}/assessments/{world.open['assessment_id']}"
    assert enter("administrator").get(f"{crossed}/export").status_code == 404
    assert enter("administrator").post(f"{crossed}/archive").status_code == 404


def test_things_of_two_assessments_in_one_address_are_not_found(world: World, enter: Enter) -> None:
    lead, other = enter("lead"), world.published
    here = f"/assessments/{world.open['assessment_id']}"
    for done in ("end", "renew", "reopen"):
        assert lead.post(f"{here}/self-assessments/{other['interview_id']}/{done}").status_code == 404, done
    assert lead.get(f"{here}/upgrade/records/{other['upgrade_id']}").status_code == 404
    assert lead.get(f"{here}/upgrade/records/{other['upgrade_id']}/case").status_code == 404
    assert lead.post(f"{here}/upgrade/records/{other['upgrade_id']}/revert").status_code == 404
    assert lead.post(f"{here}/upgrade/proposals/{other['proposal_id']}", {"do": "decline"}).status_code == 404
    assert lead.post(f"/reports/{world.open['report_id']}/files/{other['job_id']}").status_code == 404


def test_a_finding_takes_no_interview_and_a_file_no_finding_of_another_assessment(world: World, enter: Enter) -> None:
    lead, other = enter("lead"), world.published
    here = f"/assessments/{world.open['assessment_id']}/findings/kept"
    assert lead.post(here, {"text_zh": "别处的话", "source": str(other["interview_id"])}).status_code == 422
    for field in ("finding", "interview"):
        assert lead.post(f"{here}/attach", {field: str(other[f"{field}_id"])}).status_code == 404, field


def test_confirming_proposals_passes_over_those_of_another_assessment(world: World, enter: Enter) -> None:
    lead = enter("lead")
    here = f"/assessments/{world.open['assessment_id']}/upgrade/proposals"
    answer = lead.post(f"{here}/confirm", {"proposal": str(world.published["proposal_id"])}, follow_redirects=True)
    assert "已确认" not in answer.text


def test_lists_name_nothing_that_is_not_theirs(enter: Enter) -> None:
    for name in ("outsider", "reader", "editor"):
        visitor = enter(name)
        for path in ("/engagements", "/reports", "/search?q=north", "/search?q=%E6%B2%A1%E6%9C%89%E7%BB%9F%E4%B8%80"):
            assert "公司" not in visitor.page(path).words, (name, path)
        assert FOUND not in visitor.page(f"/search?q={FOUND[:4]}").words


def test_search_looks_through_notes_only_for_those_who_may_read_them(enter: Enter) -> None:
    hears = {
        "lead": (True, True, True),
        "observer": (True, True, False),
        "executive": (True, False, False),
        "outsider": (False, False, False),
    }
    for name, expected in hears.items():
        visitor = enter(name)
        found = tuple("没有找到" not in visitor.page(f"/search?q={words}").words for words in (REASON, NOTED, SAID))
        assert found == expected, name


def test_a_printed_interview_is_for_those_who_hold_interviews(world: World, enter: Enter) -> None:
    expected = {"consultant": 200, "observer": 403, "executive": 404, "outsider": 404, "administrator": 200}
    for name, status in expected.items():
        assert enter(name).get(f"/jobs/{world.guide}").status_code == status, name
        assert enter(name).get(f"/api/jobs/{world.guide}").status_code == status, name


def test_editors_learn_how_many_assessments_run_on_a_version_not_whose(enter: Enter) -> None:
    page = enter("editor").page("/frameworks/small/2.0.0/impact")
    assert "您没有参加的项目里有 2 份评估在用这个框架。" in page.words
    assert "公司" not in page.words
    assert "north" not in page.words
    assert "公司" in enter("lead").page("/frameworks/small/2.0.0/impact").words
