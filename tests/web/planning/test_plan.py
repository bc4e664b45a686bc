"""The plan page: its answer, whom to ask next, the matrix and what it is cut to, and the settings."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.core.text import Text
from app.services import interviewing, planning
from app.services.engagements import create_assessment, create_round, get_engagement
from app.services.interviewing import archive_interview
from app.services.planning import Settings, change_settings, minimum_roles, settings_of
from tests.services.holding import ELEMENT, GUIDE, Held
from tests.web.conftest import Visitor

CELL = re.compile(r'class="asking asking-([a-z-]+)" aria-hidden="true"></span><span class="visually-hidden">')


def plan(held: Held, rest: str = "") -> str:
    return f"/assessments/{held.assessment_id}/plan{rest}"


def cells(page: str) -> list[str]:
    """Return the shapes of the matrix, without those of the legend."""
    return CELL.findall(page)


def test_the_plan_says_how_many_roles_are_enough(consultant: Visitor, held: Held) -> None:
    with held.database.begin() as session:
        archive_interview(session, held.interview_id, held.clock)
    page = consultant.page(plan(held))
    assert "还没有人被问到：访谈 10 个角色，50 个要素就都有至少 2 个独立角色。" in page.words
    assert set(cells(page.text)) == {"asked"}


def test_what_is_planned_is_taken_into_account(consultant: Visitor, held: Held) -> None:
    page = consultant.page(plan(held))
    assert "还没有要素达到 2 个独立角色。再访谈 9 个角色，就能补齐另外 50 个。" in page.words
    assert cells(page.text).count("planned") == 27


def test_an_answer_is_seen_in_its_cell_which_leads_to_it(consultant: Visitor, held: Held) -> None:
    held.save({"score": "2"})
    page = consultant.page(plan(held))
    assert cells(page.text).count("scored") == 1
    assert cells(page.text).count("begun") == 26
    assert f"/interview/{held.interview_id}/elements/{ELEMENT}" in page.links
    assert '1<span class="of">/2' in page.text


@pytest.mark.parametrize(
    ("choice", "rows", "columns"),
    [("", 50, 28), ("?level=headquarters", 50, 3), ("?dimension=customer-insight", 20, 28), ("?level=nowhere", 50, 28)],
)
def test_the_matrix_is_cut_to_a_level_or_a_dimension(
    consultant: Visitor, held: Held, choice: str, rows: int, columns: int
) -> None:
    page = consultant.page(plan(held, choice)).text
    assert page.count('class="matrix-sum"><span class="reach') == rows
    assert page.count('class="matrix-role"') == columns


def test_only_elements_that_lack_roles_can_be_shown(consultant: Visitor, held: Held) -> None:
    held.save({"score": "2"})
    with held.database.begin() as session:
        change_settings(session, held.assessment_id, Settings(1, shows_previous=True))
    page = consultant.page(plan(held, "?show=gaps")).text
    assert page.count('class="matrix-sum"><span class="reach') == 50 - 27
    assert "没有符合条件的要素" not in page


def test_an_agreed_assessment_needs_nobody(consultant: Visitor, held: Held) -> None:
    del held
    page = consultant.page("/assessments/1/plan")
    assert "50 个要素已有共识分，不必再问。" in page.words
    assert "接下来问谁" not in page.words


def test_elements_out_of_reach_are_named(consultant: Visitor, held: Held) -> None:
    with held.database.begin() as session:
        change_settings(session, held.assessment_id, Settings(9, shows_previous=True))
    page = consultant.page(plan(held))
    assert "有 50 个要素，这份问卷问不到足够的角色。" in page.words
    assert "最多 5/9" in page.words


def test_another_questionnaire_can_be_looked_at(consultant: Visitor, held: Held) -> None:
    page = consultant.page(plan(held, "?questionnaire=telecom-crm-self-assessment@1.1.0"))
    assert '<option value="telecom-crm-self-assessment@1.1.0" selected>' in page.text


def test_a_framework_of_a_single_tier_has_a_plan_and_nothing_to_rotate(consultant: Visitor, held: Held) -> None:
    framework = held.library.framework("telecom-crm")
    flat = replace(framework, tiers=framework.tiers[-1:], capabilities=framework.leaves)
    with held.database.begin() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        create_round(session, engagement.id, key="flat", name=Text("单层"))
        made = create_assessment(
            session, engagement.id, unit="fuzhou", round="flat", framework=flat, actor=held.ann, clock=held.clock
        )
    page = consultant.page(f"/assessments/{made.id}/plan").text
    assert page.count('class="matrix-sum"><span class="reach') == 50
    assert 'name="dimension"' not in page
    assert "data-folds" not in page
    form = consultant.page(f"/assessments/{made.id}/plan/appointments/new?role=billing").text
    assert "opens_with" not in form
    posted = {"questionnaire": GUIDE, "role": "billing", "row0-date": "2026-03-09", "row0-time": "09:00"}
    assert consultant.post(f"/assessments/{made.id}/plan/appointments/new", posted).status_code == 303
    assert consultant.post(f"/assessments/{made.id}/interviews/new", posted | {"role": "finance"}).status_code == 303
    assert "按问卷的顺序" in consultant.page(f"/assessments/{made.id}/plan/appointments").words


def test_a_questionnaire_without_roles_says_what_to_do(
    consultant: Visitor, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held.database.begin() as session:
        archive_interview(session, held.interview_id, held.clock)
    bare = replace(held.library.questionnaire(GUIDE), roles=())
    for module in (planning, interviewing):
        monkeypatch.setattr(module, "questionnaires_for", lambda *_: (bare,))
    assert "这份问卷没有角色" in consultant.page(plan(held)).words
    start = f"/assessments/{held.assessment_id}/interviews/new"
    assert "这份问卷没有写角色，不能开始访谈" in consultant.page(start).words
    monkeypatch.setattr(planning, "questionnaires_for", lambda *_: ())
    assert "没有适用的问卷" in consultant.page(plan(held)).words


def test_the_plan_speaks_english(consultant: Visitor, held: Held) -> None:
    page = consultant.speak("en").page(plan(held))
    assert (
        "No element has its minimum of 2 independent roles yet. "
        "Interviewing 9 more roles completes the other 50." in page.words
    )


def test_readers_and_strangers_do_not_see_who_is_asked(reader: Visitor, stranger: Visitor, held: Held) -> None:
    for rest in ("", "/appointments", "/appointments.ics", "/appointments/new", "/settings"):
        assert reader.get(plan(held, rest)).status_code == 403
        assert stranger.get(plan(held, rest)).status_code == 302


def test_an_unknown_assessment_is_not_found(consultant: Visitor) -> None:
    for rest in ("", "/appointments", "/appointments.ics", "/appointments/new", "/settings"):
        assert consultant.get(f"/assessments/999999/plan{rest}").status_code == 404
    assert consultant.post("/assessments/999999/plan/settings").status_code == 404
    assert consultant.post("/interview/999999/cancel").status_code == 404


def test_settings_are_stored_and_seen_in_the_plan(consultant: Visitor, held: Held) -> None:
    page = consultant.page(plan(held, "/settings"))
    assert "按框架的规定（2）" in page.words
    answer = consultant.post(plan(held, "/settings"), {"minimum_roles": "3", "shows_previous": "no"})
    assert answer.status_code == 303
    with held.database.read() as session:
        assert minimum_roles(session, held.assessment_id) == 3
        assert not settings_of(session, held.assessment_id).shows_previous
    assert "3 个独立角色" in consultant.page(plan(held)).words
    consultant.post(plan(held, "/settings"), {"minimum_roles": "", "shows_previous": "yes"})
    with held.database.read() as session:
        assert settings_of(session, held.assessment_id).minimum_roles is None


@pytest.mark.parametrize("values", [{"minimum_roles": "0"}, {"minimum_roles": "10"}, {"shows_previous": "later"}, {}])
def test_settings_that_do_not_exist_are_refused(consultant: Visitor, held: Held, values: dict[str, str]) -> None:
    posted = {"minimum_roles": "", "shows_previous": "yes"} | values if values else {"minimum_roles": ""}
    answer = consultant.post(plan(held, "/settings"), posted)
    assert answer.status_code == 422
    assert "没有这个选项" in answer.text
