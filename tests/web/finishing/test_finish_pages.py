"""The finish pages without a script: what they list, what their forms do, who may press what, in both languages."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from app.services import finishing
from app.services.engagements import get_engagement, list_assessments
from app.storage import assessments, interviews
from tests.services.holding import ELEMENT, Held

if TYPE_CHECKING:
    from tests.web.conftest import Visitor

SECOND = "external-data-collection"
REASON = "电话访谈，没有问“把握”<b>"


def here(held: Held, rest: str = "") -> str:
    return f"/interview/{held.interview_id}/finish{rest}"


def there(held: Held, rest: str = "") -> str:
    return f"/assessments/{held.assessment_id}/finish{rest}"


def shenzhen(held: Held) -> int:
    with held.database.read() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        return next(one.id for one in list_assessments(session, engagement.id) if one.unit.key == "shenzhen")


def text_of(page: str) -> str:
    """Return the words of the main part of a page."""
    main = page[page.index("<main") : page.index("</main>")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]*>", " ", main, flags=re.DOTALL)))


def forms(page: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return address and fields (ticked boxes, hidden fields) of every form in the main part of a page."""
    found = []
    main = page[page.index("<main") : page.index("</main>")]
    for action, inside in re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', main, flags=re.DOTALL):
        fields = re.findall(r'<input type="(?:hidden|checkbox)" name="([^"]+)" value="([^"]*)"', inside)
        found.append((action, [(name, html.unescape(value)) for name, value in fields]))
    return found


def explain_everything(ann: Visitor, address: str) -> None:
    """Give every warning on a page a reason, as somebody without a script would."""
    for action, fields in forms(ann.get(address).text):
        if action.endswith("/accept"):
            values: dict[str, Any] = {"reason": REASON, "about": [value for name, value in fields if name == "about"]}
            answer = ann.post(action, values | {"code": dict(fields)["code"]})
            assert answer.status_code == 303


def state_of(held: Held) -> str:
    with held.database.read() as session:
        record = interviews.interview(session, held.interview_id)
    assert record is not None
    return record.state


# --- an interview ---------------------------------------------------------------------------------------------------


def test_an_interview_goes_from_errors_to_submitted_to_closed(ann: Visitor, held: Held) -> None:
    held.save({"score": "4.5"})
    held.save({"state": "not-applicable"}, element=SECOND)
    page = ann.get(here(held)).text
    assert "提交前要改 1 个错误，并为 27 条警告说明理由。" in text_of(page)
    assert f'href="/interview/{held.interview_id}/elements/{SECOND}"' in page
    assert not [action for action, _ in forms(page) if action.endswith("/submit")]

    held.save({"reason": "没有外部数据"}, element=SECOND, base=1)
    explain_everything(ann, here(held))
    page = ann.get(here(held)).text
    assert "没有错误，27 条警告都有理由：可以提交。" in text_of(page)
    assert "&lt;b&gt;" in page, "a reason is text"

    assert ann.post(here(held, "/submit")).status_code == 303
    page = ann.get(here(held)).text
    assert "已提交，等待复核。" in text_of(page)
    assert not [action for action, _ in forms(page) if action.endswith(("/accept", "/withdraw", "/submit"))]

    assert ann.post(here(held, "/close")).status_code == 303
    assert "复核通过，访谈已结束。" in text_of(ann.get(here(held)).text)
    assert "复核通过" in text_of(ann.get(f"/interview/{held.interview_id}").text)
    assert state_of(held) == "closed"


def test_without_a_warning_the_button_is_there_at_once(ann: Visitor, held: Held) -> None:
    with held.database.read() as session:
        elements = [line.element.id for line in finishing.check_interview(session, held.interview_id).sheet.lines]
    for place, element in enumerate(elements):
        held.save({"score": f"{place % 4}.5", "confidence": "high"}, element=element)
    page = ann.get(here(held)).text
    assert "没有错误，也没有警告：可以提交。" in text_of(page)
    assert ann.post(here(held, "/submit")).status_code == 303
    assert state_of(held) == "submitted"


def test_submitting_too_early_is_refused_in_words(ann: Visitor, held: Held) -> None:
    held.save({"score": "4.5"})
    answer = ann.post(here(held, "/submit"))
    assert answer.status_code == 422
    assert "还不能提交：有 0 个错误、28 条没有理由的警告。" in text_of(answer.text)
    assert "<title>错误：" in answer.text
    assert state_of(held) == "in-progress"


def test_a_missing_reason_is_said_at_its_field(ann: Visitor, held: Held) -> None:
    held.save({"score": "3"})
    answer = ann.post(here(held, "/accept"), {"code": "no-confidence", "about": ELEMENT, "reason": " "})
    assert answer.status_code == 422
    assert '<a href="#reason-no-confidence">请写明理由或要求。</a>' in answer.text
    assert re.search(r'id="reason-no-confidence"[^>]*aria-invalid="true"', answer.text)


def test_a_reason_that_is_too_long_comes_back_as_it_was_typed(ann: Visitor, held: Held) -> None:
    held.save({"score": "3"})
    answer = ann.post(here(held, "/accept"), {"code": "no-confidence", "about": ELEMENT, "reason": "长" * 501})
    assert answer.status_code == 422
    assert "长" * 501 in answer.text
    assert "最多 500 个字符" in answer.text


def test_ticking_nothing_is_said(ann: Visitor, held: Held) -> None:
    held.save({"score": "3"})
    answer = ann.post(here(held, "/accept"), {"code": "no-confidence", "reason": REASON})
    assert answer.status_code == 422
    assert "请至少选一项。" in answer.text


@pytest.mark.parametrize(
    "posted", [{}, {"id": ["x", "-1", "9" * 40]}, {"code": "no-such-code", "about": "x", "reason": "y"}]
)
def test_nonsense_changes_nothing(ann: Visitor, held: Held, posted: dict[str, Any]) -> None:
    held.save({"score": "3"})
    for step in ("/accept", "/withdraw"):
        assert ann.post(here(held, step), posted).status_code in (303, 422)
        assert ann.post(there(held, step), posted).status_code in (303, 422)
    with held.database.read() as session:
        assert finishing.accepted_warnings(session, held.assessment_id) == ()


def test_a_reason_is_withdrawn_by_its_button(ann: Visitor, held: Held) -> None:
    held.save({"score": "3"})
    explain_everything(ann, here(held))
    withdrawing = [fields for action, fields in forms(ann.get(here(held)).text) if action.endswith("/withdraw")]
    assert len(withdrawing) == 2
    ids = [value for name, value in withdrawing[0] if name == "id"]
    assert len(ids) == 26
    assert ann.post(here(held, "/withdraw"), {"id": ids}).status_code == 303
    assert "提交前要为 26 条警告说明理由" in text_of(ann.get(here(held)).text)


def test_a_reviewers_request_stands_on_hub_and_elements_until_it_is_submitted_again(ann: Visitor, held: Held) -> None:
    held.save({"score": "3", "confidence": "high"})
    explain_everything(ann, here(held))
    ann.post(here(held, "/submit"))
    answer = ann.post(here(held, "/request"), {"words": ""})
    assert answer.status_code == 422
    assert 'href="#words"' in answer.text
    assert ann.post(here(held, "/request"), {"words": "请补第三题的证据"}).status_code == 303
    for rest in ("", f"/elements/{ELEMENT}", "/finish"):
        assert "请补第三题的证据" in ann.get(f"/interview/{held.interview_id}{rest}").text
    assert "待修改" in ann.get(f"/interview/{held.interview_id}").text
    ann.post(here(held, "/submit"))
    hub = ann.get(f"/interview/{held.interview_id}").text
    assert "请补第三题的证据" not in hub
    assert "请补第三题的证据" in ann.get(here(held)).text, "the steps keep it"


def test_a_submitted_interview_says_why_it_takes_no_answers(ann: Visitor, held: Held) -> None:
    held.save({"score": "3", "confidence": "high"})
    explain_everything(ann, here(held))
    ann.post(here(held, "/submit"))
    page = ann.get(f"/interview/{held.interview_id}/elements/{ELEMENT}").text
    assert "这次访谈已提交，等待复核，不再接受修改。" in page
    assert " disabled" in page


def test_readers_and_strangers_see_nothing_of_an_interview(reader: Visitor, stranger: Visitor, held: Held) -> None:
    assert reader.get(here(held)).status_code == 403
    for step in ("/accept", "/withdraw", "/submit", "/request", "/close"):
        assert reader.post(here(held, step)).status_code == 403
    assert "/sign-in" in stranger.get(here(held)).location


def test_what_is_not_there_is_not_found(ann: Visitor, held: Held) -> None:
    assert ann.get("/interview/9999/finish").status_code == 404
    assert ann.post("/interview/9999/finish/submit").status_code == 404
    assert ann.get("/assessments/9999/finish").status_code == 404


def test_the_hub_shows_an_appointment(ann: Visitor, held: Held) -> None:
    with held.database.begin() as session:
        interviews.update_interview(session, held.interview_id, starts_at=held.clock(), place="三楼会议室")
    words = text_of(ann.get(f"/interview/{held.interview_id}").text)
    assert re.search(r"约定 2026年3月\d+日", words)
    assert "地点 三楼会议室" in words


# --- an assessment --------------------------------------------------------------------------------------------------


def test_an_assessment_goes_to_review_and_back(ann: Visitor, held: Held) -> None:
    assessment_id = shenzhen(held)
    address = f"/assessments/{assessment_id}/finish"
    assert "没有错误；提交复核前要为" in text_of(ann.get(address).text)
    assert ann.post(f"{address}/hand-over").status_code == 422
    explain_everything(ann, address)
    assert "条警告都有理由：可以提交复核。" in text_of(ann.get(address).text)
    shown = text_of(ann.get(f"/assessments/{assessment_id}").text)
    assert re.search(r"接受了理由的警告：[1-9]\d", shown)

    assert ann.post(f"{address}/hand-over").status_code == 303
    assert "正在复核" in text_of(ann.get(address).text)
    assert "复核中" in text_of(ann.get(f"/assessments/{assessment_id}").text)
    assert ann.post(f"{address}/send-back", {"words": ""}).status_code == 422
    assert ann.post(f"{address}/send-back", {"words": "请核对计费的分"}).status_code == 303
    words = text_of(ann.get(address).text)
    assert "复核人要求修改 请核对计费的分" in words


def test_in_review_no_interview_is_started(ann: Visitor, held: Held) -> None:
    with held.database.begin() as session:
        assessments.update_assessment(session, held.assessment_id, state="review")
    for address in (f"/assessments/{held.assessment_id}/interviews", f"/interview/{held.interview_id}"):
        assert "这项评估正在复核，访谈和回答不再接受修改。" in ann.get(address).text


def test_a_reader_sees_the_check_of_an_assessment_and_not_who_was_asked(reader: Visitor, held: Held) -> None:
    held.save({"score": "3"})
    page = reader.get(there(held)).text
    assert "访谈还没有提交" in text_of(page)
    assert "受访者A" not in page
    assert "i-01" not in page
    assert f"/interview/{held.interview_id}" not in page
    assert forms(page) == []
    for step in ("/accept", "/withdraw", "/hand-over", "/send-back"):
        assert reader.post(there(held, step)).status_code == 403


def test_a_consultant_sees_which_interviews_are_not_submitted(ann: Visitor, held: Held) -> None:
    held.save({"score": "3"})
    page = ann.get(there(held)).text
    assert "i-01" in page
    assert "受访者A" in page
    assert f'href="/interview/{held.interview_id}"' in page


def test_an_archived_assessment_offers_nothing(ann: Visitor, held: Held) -> None:
    from app.services.engagements import archive_assessment

    with held.database.begin() as session:
        archive_assessment(session, held.assessment_id, held.clock)
    page = ann.get(there(held)).text
    assert "这份评估已归档，只供查阅。" in page
    assert forms(page) == []
    answer = ann.post(there(held, "/hand-over"))
    assert answer.status_code == 422
    assert "这项评估已归档，不再接受修改。" in answer.text


# --- both -----------------------------------------------------------------------------------------------------------


def test_every_page_speaks_english_too(ann: Visitor, held: Held) -> None:
    held.save({"score": "4.5"})
    held.save({"state": "not-applicable"}, element=SECOND)
    ann.speak("en")
    for address in (
        here(held),
        there(held),
        f"/interview/{held.interview_id}",
        f"/assessments/{shenzhen(held)}/finish",
    ):
        chinese = set(re.findall(r"[\u4e00-\u9fff]+", text_of(ann.get(address).text)))
        assert chinese <= {"受访者", "顾问"}, f"{address}: {chinese}"
    assert "Errors to correct: 1" in text_of(ann.get(here(held)).text).replace("errors", "Errors")


def test_many_things_are_folded_away(ann: Visitor, held: Held) -> None:
    held.save({"score": "3", "confidence": "high"})
    page = ann.get(here(held)).text
    assert "看全部 26 项" in page
    assert page.count("<details") >= 1
