"""The workshop's pages: what they show to whom, the posted form, medians that are adopted, and what is polled."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from app.services import interviewing
from app.storage import assessments
from app.storage.agreeing import decision, update_decision
from tests.services.holding import ELEMENT
from tests.services.test_agreeing import OTHER, Team

if TYPE_CHECKING:
    from tests.conftest import FixedClock
    from tests.web.conftest import Visitor


def overview(team: Team, query: str = "") -> str:
    return f"/assessments/{team.assessment_id}/agree{query}"


def page(team: Team, element: str = ELEMENT, query: str = "") -> str:
    return f"/assessments/{team.assessment_id}/agree/{element}{query}"


def polled(team: Team, element: str | None = ELEMENT, query: str = "") -> str:
    return f"/api/assessments/{team.assessment_id}/agreed{'/' + element if element else ''}{query}"


def told(visitor: Visitor, address: str) -> dict[str, Any]:
    """Return what the server tells a page that asks."""
    answer: dict[str, Any] | None = visitor.get(address).json
    assert answer
    return answer


def form(score: str | None, *, version: int = 0, form_id: str | None = None, **fields: str) -> dict[str, Any]:
    """Return what the form of an element posts."""
    values = {f"{ELEMENT}.{name}": given for name, given in fields.items()}
    chosen = {} if score is None else {f"{ELEMENT}.judgement": score}
    return {**values, **chosen, f"{ELEMENT}.version": str(version), "form": form_id or uuid.uuid4().hex, "go": "stay"}


# --- the overview -------------------------------------------------------------------------------------------


def test_the_overview_puts_disagreement_first_and_says_why(team: Team, consultant: Visitor) -> None:
    team.scores("2", "2.5")
    team.scores("1", "4", element=OTHER)
    text = consultant.get(overview(team)).text
    assert text.index(f'id="row-{OTHER}"') < text.index(f'id="row-{ELEMENT}"')
    words = consultant.page(overview(team)).words
    assert "极差大" in words
    assert "在 1 个未定的要素上分歧大" in words


def test_the_overview_can_follow_the_framework(team: Team, consultant: Visitor) -> None:
    team.scores("1", "4", element=OTHER)
    text = consultant.get(overview(team, "?order=tree")).text
    assert text.index(f'id="row-{ELEMENT}"') < text.index(f'id="row-{OTHER}"')


def test_filters_show_what_is_left_to_do(team: Team, consultant: Visitor) -> None:
    team.scores("2", "2.5")
    team.scores("1", "4", element=OTHER)
    assert f"row-{ELEMENT}" not in consultant.get(overview(team, "?show=discuss")).text
    assert f"row-{OTHER}" in consultant.get(overview(team, "?show=discuss")).text
    team.agree({"score": "2.5", "reason": "折中"}, element=OTHER)
    assert f"row-{OTHER}" not in consultant.get(overview(team, "?show=discuss")).text
    assert f"row-{OTHER}" not in consultant.get(overview(team, "?show=undecided")).text
    assert f"row-{OTHER}" in consultant.get(overview(team, "?show=nonsense")).text


def test_an_assessment_without_interviews_says_what_to_do(consultant: Visitor) -> None:
    words = consultant.page("/assessments/1/agree").words
    assert "还没有访谈" in words
    assert consultant.page("/assessments/1/agree/customer-data-strategy").words


@pytest.mark.parametrize(
    "path", ["/assessments/999/agree", "/assessments/1/agree/nothing", "/assessments/1/agree/collect-data"]
)
def test_what_is_not_there_is_not_found(consultant: Visitor, path: str) -> None:
    assert consultant.get(path).status_code == 404
    assert (
        consultant.get(path.replace("/assessments", "/api/assessments").replace("agree", "agreed")).status_code == 404
    )


# --- one element --------------------------------------------------------------------------------------------


def test_an_element_shows_its_figures(team: Team, consultant: Visitor) -> None:
    team.scores("1", "4")
    words = consultant.page(page(team)).words
    for fact in ("2 位受访者从 1.0 到 4.0 分，分歧大；中位数 2.5", "极差 3.0，达到 1.5", "r_wg 0.00，低于 0.70"):
        assert fact in words
    assert "角色之间差 3.0：市场部 低，计费账务 高" in words


def test_every_mark_has_a_shape_of_its_role(team: Team, consultant: Visitor) -> None:
    team.scores("1", "4")
    text = consultant.get(page(team)).text
    strip = text[text.index("strip-large") : text.index("</svg>", text.index("strip-large"))]
    assert strip.count("<circle") == 1  # the first role
    assert strip.count("<polygon") == 1  # the second


def test_one_respondent_and_none_are_worded(team: Team, consultant: Visitor) -> None:
    assert "还没有受访者谈到这个要素" in consultant.page(page(team)).words
    team.interview("billing", (ELEMENT, {"state": "not-applicable", "reason": "没有这项业务"}))
    assert "1 位受访者都没有评分" in consultant.page(page(team)).words
    team.scores("2")
    assert "只有 1 位受访者评分：2.0 分" in consultant.page(page(team)).words


def test_readers_see_roles_but_not_who_said_what(team: Team, consultant: Visitor, reader: Visitor) -> None:
    team.held.save({"state": "scored", "score": "2", "note": "张三说的原话"})
    for seen in (consultant.get(page(team)).text, consultant.get(polled(team)).text):
        assert "受访者A" in seen
        assert "张三说的原话" in seen
    for seen in (reader.get(page(team)).text, reader.get(polled(team)).text):
        assert "市场部" in seen
        assert "受访者A" not in seen
        assert "张三说的原话" not in seen
        assert "顾问ann" not in seen
        assert 'name="customer-data-strategy.judgement"' not in seen


def test_the_projector_names_nobody(team: Team, consultant: Visitor) -> None:
    team.held.save({"state": "scored", "score": "2", "note": "张三说的原话"})
    team.agree({"score": "3", "reason": "张三同意"})
    for address in (page(team, query="?projector=1"), polled(team, query="?projector=1")):
        seen = consultant.get(address).text
        assert "市场部" in seen
        for hidden in ("受访者A", "张三", "顾问ann"):
            assert hidden not in seen


def test_untrusted_words_stay_words(team: Team, consultant: Visitor) -> None:
    team.agree({"score": "3", "reason": "<script>alert(1)</script>"})
    for seen in (consultant.get(page(team)).text, told(consultant, polled(team))["parts"]["decided"]):
        assert "<script>alert" not in seen
        assert "&lt;script&gt;alert" in seen


def test_english_says_the_same(team: Team, consultant: Visitor) -> None:
    team.scores("1", "4")
    words = consultant.speak("en").page(page(team)).words
    assert "2 respondents, from 1.0 to 4.0, differ widely; median 2.5." in words
    assert "spread 3.0, threshold 1.5" in words


# --- the posted form ----------------------------------------------------------------------------------------


def test_a_posted_score_is_recorded_once_however_often_it_is_posted(team: Team, consultant: Visitor) -> None:
    team.scores("2", "2.5")
    posted = form("2.5", reason="", method="consensus", confidence="high", note="备注")
    for _ in range(2):
        answer = consultant.post(page(team), posted)
        assert (answer.status_code, answer.headers["Location"]) == (303, page(team))
    assert team.stored() == {
        "state": "scored",
        "score": "2.5",
        "reason": None,
        "note": "备注",
        "method": "consensus",
        "confidence": "high",
        "version": 1,
    }


def test_recording_may_lead_to_the_next_element(team: Team, consultant: Visitor) -> None:
    team.scores("2", "2.5")
    answer = consultant.post(page(team), {**form("2.5"), "go": "next"})
    assert answer.headers["Location"] != page(team)


def test_a_form_that_owes_a_reason_comes_back_with_what_was_filled_in(team: Team, consultant: Visitor) -> None:
    team.scores("1", "4")
    answer = consultant.post(page(team), form("3.0", note="我写的备注"))
    assert answer.status_code == 422
    assert "受访者分歧大：为什么取这个分？" in answer.text
    assert "我写的备注" in answer.text
    assert "data-unsaved" in answer.text
    assert re.search(r'value="3.0" checked', answer.text)
    assert team.stored() is None


def test_two_who_post_on_the_same_page_see_both_values_and_choose(
    team: Team, consultant: Visitor, administrator: Visitor
) -> None:
    consultant.post(page(team), form("2.0", reason="甲的理由"))
    answer = administrator.post(page(team), form("3.5", reason="乙的理由"))
    assert answer.status_code == 409
    assert "甲的理由" in answer.text
    assert "乙的理由" in answer.text
    assert f'name="{ELEMENT}.version" value="1"' in answer.text
    assert administrator.post(page(team), form("3.5", version=1, reason="乙的理由")).status_code == 303
    assert (team.stored() or {})["score"] == "3.5"
    assert team.kinds() == ["normal", "conflict-lost", "normal"]


def test_taking_back_is_one_button(team: Team, consultant: Visitor) -> None:
    team.agree({"score": "3", "reason": "现场核对"})
    consultant.post(page(team), {**form("3.0", version=1, reason="现场核对"), "clear": ELEMENT})
    assert (team.stored() or {})["state"] == "open"
    assert "尚未定" in consultant.page(page(team)).words


def test_a_form_that_changes_nothing_stores_nothing(team: Team, consultant: Visitor) -> None:
    team.agree({"score": "3", "reason": "现场核对"})
    consultant.post(page(team), form("3.0", version=1, reason="现场核对"))
    assert team.kinds() == ["normal"]


def test_an_imported_inferred_score_survives_a_note(team: Team, consultant: Visitor) -> None:
    team.agree({"score": "3", "reason": "现场核对"})
    with team.held.database.begin() as session:
        values = assessments.AgreedScoreValues("inferred", 6, "现场核对")
        stood = decision(session, team.assessment_id, ELEMENT)
        assert stood is not None
        assert update_decision(session, stood, values, at=team.held.clock(), user_id=None)
        change = assessments.AgreedChange(ELEMENT, 2, None, values.document(), "import", None, team.held.clock())
        assessments.append_agreed_changes(session, team.assessment_id, [change])
    consultant.post(page(team), form("3.0", version=2, reason="现场核对", note="备注"))
    stored = team.stored() or {}
    assert (stored["state"], stored["score"], stored["note"]) == ("inferred", "3.0", "备注")


def test_a_published_assessment_refuses_the_form_and_offers_none(team: Team, consultant: Visitor) -> None:
    with team.held.database.begin() as session:
        assessments.update_assessment(session, team.assessment_id, state="published")
    assert "agree-form" not in consultant.get(page(team)).text
    assert consultant.post(page(team), form("2.0", reason="x")).status_code == 423


def test_readers_post_nothing(team: Team, reader: Visitor) -> None:
    assert reader.post(page(team), form("2.0", reason="x")).status_code == 403
    assert reader.get(f"/assessments/{team.assessment_id}/adopt-medians").status_code == 403


# --- medians that are adopted -------------------------------------------------------------------------------


def test_medians_are_adopted_after_a_list_was_confirmed(team: Team, consultant: Visitor) -> None:
    team.scores("2", "2.5")
    team.scores("3", "3", element=OTHER)
    team.scores("1", "4", element="external-data-collection")
    address = f"/assessments/{team.assessment_id}/adopt-medians"
    listed = consultant.get(address).text
    assert f'value="{ELEMENT}"' in listed
    assert "external-data-collection" not in listed
    form_id = re.search(r'name="form" value="(\w+)"', listed)
    assert form_id
    posted = {"form": form_id[1], "element": [ELEMENT], f"{ELEMENT}.score": "2.5", f"{OTHER}.score": "3.0"}
    for _ in range(2):
        assert "已采用 1 个中位数为共识分" in consultant.post(address, posted, follow_redirects=True).text
    assert (team.stored() or {})["method"] == "median-adopted"
    assert team.stored(OTHER) is None


def test_a_score_that_was_not_shown_is_not_adopted(team: Team, consultant: Visitor) -> None:
    team.scores("2", "2.5")
    address = f"/assessments/{team.assessment_id}/adopt-medians"
    posted = {"form": uuid.uuid4().hex, "element": [ELEMENT, "nothing"], f"{ELEMENT}.score": "5.0"}
    assert "2 个要素没有采用" in consultant.post(address, posted, follow_redirects=True).text
    assert team.stored() is None


# --- what is polled -----------------------------------------------------------------------------------------


def test_while_nothing_changes_the_answer_is_empty(team: Team, consultant: Visitor) -> None:
    for element in (ELEMENT, None):
        version = told(consultant, polled(team, element))["version"]
        unchanged = consultant.get(polled(team, element, f"?since={version}"))
        assert (unchanged.status_code, unchanged.data) == (204, b"")
        assert unchanged.headers["Cache-Control"] == "no-store"


def test_an_answer_a_decision_and_an_archived_interview_are_told(
    team: Team, consultant: Visitor, clock: FixedClock
) -> None:
    version = told(consultant, polled(team))["version"]
    team.held.save({"state": "scored", "score": "2"})
    now = told(consultant, polled(team, query=f"?since={version}"))
    assert "<polygon" in now["parts"]["strip"] or "<circle" in now["parts"]["strip"]
    team.agree({"score": "2"})
    now = told(consultant, polled(team, query=f"?since={now['version']}"))
    assert now["agreed"]["version"] == 1
    assert (now["agreed"]["said"]["score"], now["agreed"]["words"]) == ("2.0", "2.0")
    with team.held.database.begin() as session:
        interviewing.archive_interview(session, team.held.interview_id, clock)
    now = told(consultant, polled(team, query=f"?since={now['version']}"))
    assert "还没有受访者谈到" in now["parts"]["head"]


def test_what_changes_elsewhere_is_no_news(team: Team, consultant: Visitor) -> None:
    elsewhere = "/api/assessments/1/agreed/customer-data-strategy"
    version = told(consultant, elsewhere)["version"]
    team.agree({"score": "2", "reason": "x"})
    assert consultant.get(f"{elsewhere}?since={version}").status_code == 204


def test_the_overview_tells_every_row_and_the_order_of_the_page(team: Team, consultant: Visitor) -> None:
    team.scores("1", "4", element=OTHER)
    now = told(consultant, polled(team, None, "?show=discuss"))
    assert now["order"] == [OTHER]
    assert now["parts"]["rows"].count("<tr") == 50


def test_languages_and_roles_never_share_an_answer(team: Team, consultant: Visitor, reader: Visitor) -> None:
    team.held.save({"state": "scored", "score": "2"})
    first = told(consultant, polled(team))["parts"]
    assert "受访者A" in first["voices"]
    assert "受访者A" not in told(reader, polled(team))["parts"]["voices"]
    assert "Only one respondent" in told(consultant.speak("en"), polled(team))["parts"]["head"]


def test_strangers_are_told_to_sign_in(team: Team, stranger: Visitor) -> None:
    assert stranger.get(polled(team)).status_code == 401
