"""Pages of an interview: started, looked at, filled in without a script, closed, archived."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services import engagements, interviewing
from app.storage import answer_revisions
from app.storage import interviews as store
from tests.services.holding import ELEMENT, GUIDE, Held
from tests.web.conftest import Page

if TYPE_CHECKING:
    from app.content.library import Library
    from tests.web.interviews.conftest import Visitor

SECOND = "external-data-collection"
INPUT = re.compile(r"<input ([^>]*)>|<textarea ([^>]*)>([^<]*)</textarea>")


def fields(page: str) -> dict[str, str]:
    """Return what a browser without scripts would post: hidden fields, chosen radios and boxes, texts."""
    found: dict[str, str] = {}
    for line, area, text in INPUT.findall(page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', line or area))
        name = attributes.get("name", "")
        if not name or name == "q" or (attributes.get("type") in ("radio", "checkbox") and " checked" not in line):
            continue
        found[name] = html.unescape(text if area else attributes.get("value", ""))
    return found


def stored(held: Held, element: str = ELEMENT) -> store.AnswerValues:
    with held.database.read() as session:
        answer = store.answer(session, held.interview_id, element)
    assert answer is not None
    return answer.values


def path(held: Held, rest: str = "") -> str:
    return f"/interview/{held.interview_id}{rest}"


@pytest.mark.parametrize("rest", ["", f"/elements/{ELEMENT}", "/groups/collect-data", "/particulars"])
def test_pages_open_for_consultants_and_ask_strangers_to_sign_in(
    ann: Visitor, stranger: Visitor, held: Held, rest: str
) -> None:
    assert ann.get(path(held, rest)).status_code == 200
    answer = stranger.get(path(held, rest))
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("rest", ["", f"/elements/{ELEMENT}", "/groups/collect-data"])
def test_readers_neither_look_nor_touch(reader: Visitor, held: Held, rest: str) -> None:
    assert reader.get(path(held, rest)).status_code == 403
    if rest:
        assert reader.post(path(held, rest), {}).status_code == 403
    for act in ("reopen", "archive", "restore"):
        assert reader.post(path(held, f"/{act}")).status_code == 403


def test_what_is_not_there_is_not_found(ann: Visitor, held: Held) -> None:
    assert ann.get("/interview/9999").status_code == 404
    assert ann.get(path(held, "/elements/no-such-element")).status_code == 404
    assert ann.get(path(held, "/groups/no-such-group")).status_code == 404
    assert ann.get("/assessments/9999/interviews").status_code == 404


def test_starting_an_interview_leads_to_its_hub(ann: Visitor, held: Held) -> None:
    start = f"/assessments/{held.assessment_id}/interviews/new"
    page = ann.get(start)
    assert "总部市场部" in page.text
    values = {**fields(page.text), "role": "billing", "respondent": "受访者B", "date": "2026-03-02"}
    answer = ann.post(start, values)
    assert answer.status_code == 303
    hub = ann.get(answer.location)
    assert "计费账务" in hub.text
    assert "受访者B" in hub.text
    with held.database.read() as session:
        (_, record) = store.interviews_of(session, held.assessment_id)
    assert (record.key, record.questionnaire_reference, record.state) == ("i-02", GUIDE, "draft")


def test_a_start_without_a_role_says_so_and_keeps_what_was_typed(ann: Visitor, held: Held) -> None:
    start = f"/assessments/{held.assessment_id}/interviews/new"
    answer = ann.post(start, {"questionnaire": GUIDE, "respondent": "受访者C"})
    assert answer.status_code == 422
    assert "请选一个角色" in answer.text
    assert "受访者C" in answer.text
    assert "错误：" in answer.text


def test_a_role_of_the_other_questionnaire_is_not_taken(ann: Visitor, held: Held) -> None:
    start = f"/assessments/{held.assessment_id}/interviews/new"
    assert ann.post(start, {"questionnaire": GUIDE, "role": "no-such-role"}).status_code == 422
    assert ann.post(start, {"questionnaire": "credit-risk-interview@1.0.0", "role": "billing"}).status_code == 422


def test_the_focus_page_shows_prompts_evidence_and_every_level(ann: Visitor, held: Held) -> None:
    page = ann.get(path(held, f"/elements/{ELEMENT}")).text
    assert "公司有没有一份成文的客户数据规划" in page
    assert "客户数据责任人清单" in page
    assert "数据需求随营销重点每年修订" in page
    radios = re.findall(rf'name="{ELEMENT}.judgement" value="([^"]+)"', page)
    assert radios == [
        "0.0",
        "0.5",
        "1.0",
        "1.5",
        "2.0",
        "2.5",
        "3.0",
        "3.5",
        "4.0",
        "4.5",
        "5.0",
        "not-applicable",
        "unknown",
    ]
    assert " checked" not in page


def test_a_half_point_reads_as_its_two_neighbours(ann: Visitor, held: Held) -> None:
    held.save({"score": "3.5"})
    page = ann.get(path(held, f"/elements/{ELEMENT}")).text
    assert "3 级“规范”全部做到；4 级“精细”做到了一部分" in html.unescape(page)


def test_an_element_is_saved_without_a_script(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    values = fields(ann.get(here).text) | {
        f"{ELEMENT}.judgement": "3.5",
        f"{ELEMENT}.note": "第一行\r\n第二行",
        f"{ELEMENT}.confidence": "high",
        "go": "next",
    }
    answer = ann.post(here, values)
    assert answer.status_code == 303
    assert answer.location.endswith(SECOND)
    assert (stored(held).steps, stored(held).note, stored(held).confidence) == (7, "第一行\n第二行", "high")


def test_posting_a_form_twice_saves_once(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    values = fields(ann.get(here).text) | {f"{ELEMENT}.judgement": "2.0"}
    ann.post(here, values)
    ann.post(here, values)
    with held.database.read() as session:
        assert len(answer_revisions.revisions_of(session, held.interview_id, ELEMENT)) == 1


def test_a_form_found_again_with_the_back_button_is_another_save(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    values = fields(ann.get(here).text)
    ann.post(here, {**values, f"{ELEMENT}.judgement": "2.0"})
    answer = ann.post(here, {**values, f"{ELEMENT}.judgement": "2.0", f"{ELEMENT}.note": "补记"})
    assert answer.status_code == 303
    assert stored(held).note == "补记"


def test_clear_takes_the_score_back_and_leaves_the_note(ann: Visitor, held: Held) -> None:
    held.save({"score": "3.5", "note": "留着"})
    here = path(held, f"/elements/{ELEMENT}")
    ann.post(here, fields(ann.get(here).text) | {"clear": ELEMENT})
    assert (stored(held).state, stored(held).steps, stored(held).note) == ("open", None, "留着")


def test_a_group_is_saved_without_a_script(ann: Visitor, held: Held) -> None:
    here = path(held, "/groups/collect-data")
    page = ann.get(here).text
    values = fields(page) | {
        f"{ELEMENT}.judgement": "1.5",
        f"{SECOND}.judgement": "not-applicable",
        f"{SECOND}.reason": "没有外部数据",
    }
    answer = ann.post(here, values)
    assert answer.status_code == 303
    assert "已保存" in ann.get(answer.location).text
    assert stored(held).steps == 3
    assert (stored(held, SECOND).state, stored(held, SECOND).reason) == ("not-applicable", "没有外部数据")


def test_an_untouched_group_saves_nothing(ann: Visitor, held: Held) -> None:
    held.save({"score": "1.5", "note": "一行\n两行"})
    here = path(held, "/groups/collect-data")
    values = fields(ann.get(here).text)
    values[f"{ELEMENT}.note"] = values[f"{ELEMENT}.note"].replace("\n", "\r\n")
    ann.post(here, values)
    with held.database.read() as session:
        assert len(answer_revisions.revisions_of(session, held.interview_id, ELEMENT)) == 1


def test_a_group_leaves_ticks_that_it_does_not_show(ann: Visitor, held: Held) -> None:
    with held.database.begin() as session:
        store.insert_answer(
            session,
            held.interview_id,
            ELEMENT,
            store.AnswerValues("open", ticks={"plan": "seen"}),
            at=held.clock(),
            user_id=held.ann.user_id,
        )
    here = path(held, "/groups/collect-data")
    ann.post(here, fields(ann.get(here).text) | {f"{ELEMENT}.judgement": "2.0"})
    assert stored(held).ticks == {"plan": "seen"}


def test_a_conflict_stands_in_the_error_summary_and_at_its_element(ann: Visitor, held: Held) -> None:
    here = path(held, "/groups/collect-data")
    values = fields(ann.get(here).text) | {f"{ELEMENT}.judgement": "3.5", f"{SECOND}.judgement": "1.0"}
    held.save({"score": "2.5"}, by=held.bo)

    answer = ann.post(here, values)

    assert answer.status_code == 409
    assert f'<a href="#{ELEMENT}-answer">客户数据战略：{held.bo.display_name}' in answer.text
    assert "得分：2.5" in answer.text
    assert 'value="3.5" checked' in answer.text.replace("  ", " ")
    assert stored(held).steps == 5
    assert stored(held, SECOND).steps == 2, "what has no conflict is saved"

    insisting = fields(answer.text)
    assert ann.post(here, insisting).status_code == 303
    assert stored(held).steps == 7


def test_another_consultants_note_is_merged_with_a_posted_score(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    values = fields(ann.get(here).text) | {f"{ELEMENT}.judgement": "3.5"}
    held.save({"note": "对方的记录"}, by=held.bo)
    assert ann.post(here, values).status_code == 303
    assert (stored(held).steps, stored(held).note) == (7, "对方的记录")


def test_a_score_off_the_grid_comes_back_with_its_reason(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    answer = ann.post(here, fields(ann.get(here).text) | {f"{ELEMENT}.judgement": "3.3", f"{ELEMENT}.note": "留住我"})
    assert answer.status_code == 422
    assert "得分须在 0 到 5 之间，每 0.5 一档" in answer.text
    assert "留住我" in answer.text


@pytest.mark.parametrize("posted", ["-1", "1/0", "x", "9", "nan"])
def test_a_judgement_that_no_page_offers_is_refused_in_words(ann: Visitor, held: Held, posted: str) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    answer = ann.post(here, fields(ann.get(here).text) | {f"{ELEMENT}.judgement": posted})
    assert answer.status_code == 422
    assert "得分须在" in answer.text


def test_full_width_digits_are_understood(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    assert ann.post(here, fields(ann.get(here).text) | {f"{ELEMENT}.judgement": "３．５"}).status_code == 303
    assert stored(held).steps == 7


def test_the_hub_counts_states_and_flags_what_is_missing(ann: Visitor, held: Held) -> None:
    held.save({"score": "3"})
    held.save({"state": "unknown"}, element=SECOND)
    held.save({"state": "not-applicable"}, element="data-query-reporting")
    page = ann.get(path(held)).text
    assert "27 个要素问完了 2 个" in page
    assert "有 1 个问题" in page
    assert "已完成" in page


def test_a_closed_interview_can_be_read_only(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    values = fields(ann.get(here).text) | {f"{ELEMENT}.judgement": "3.5"}
    held.close()
    assert "这次访谈已结束" in ann.get(here).text
    answer = ann.post(here, values)
    assert answer.status_code == 423
    assert "这次访谈已结束" in answer.text
    ann.post(path(held, "/reopen"))
    assert ann.post(here, values).status_code == 303


def test_an_archived_interview_is_listed_apart_and_comes_back(ann: Visitor, held: Held) -> None:
    listing = f"/assessments/{held.assessment_id}/interviews"
    ann.post(path(held, "/archive"))
    assert "已归档的访谈（1）" in ann.get(listing).text
    ann.post(path(held, "/restore"))
    assert "已归档的访谈" not in ann.get(listing).text


def test_particulars_are_changed(ann: Visitor, held: Held) -> None:
    here = path(held, "/particulars")
    ann.post(here, fields(ann.get(here).text) | {"respondent": "受访者Z", "date": "2026-03-09"})
    with held.database.read() as session:
        record = store.interview(session, held.interview_id)
    assert record is not None
    assert (record.respondent, str(record.date)) == ("受访者Z", "2026-03-09")
    assert ann.post(here, {"respondent": "长" * 81}).status_code == 422


def test_what_others_are_asked_can_be_asked_too(ann: Visitor, held: Held) -> None:
    assert "分析数据架构" not in ann.get(path(held)).text
    mine = ann.get(path(held, f"/elements/{ELEMENT}")).text
    every = ann.get(path(held, f"/elements/{ELEMENT}?all=1")).text
    assert len(re.findall(r'data-mark="', every)) == 50
    assert len(re.findall(r'data-mark="', mine)) == 27
    assert ann.get(path(held, "/elements/internal-data-collection")).status_code == 200, "a shared address opens"


def test_an_interview_of_an_archived_engagement_stays_as_it_is(ann: Visitor, held: Held) -> None:
    from app.services.engagements import archive_engagement

    ann.speak("zh")
    assert "修改访谈信息" in ann.page(path(held)).words
    with held.database.begin() as session:
        archive_engagement(session, "china-telecom-2003", held.clock)
        before = store.interview(session, held.interview_id)
    assert "修改访谈信息" not in ann.page(path(held)).words
    for act, values in (("particulars", {"respondent": "别人"}), ("archive", {}), ("restore", {}), ("reopen", {})):
        answer = ann.post(path(held, f"/{act}"), values)
        assert answer.status_code in (400, 422), act
        assert "这项评估已归档，不再接受修改。" in Page(answer.text).words
    with held.database.read() as session:
        assert store.interview(session, held.interview_id) == before


def test_starting_in_an_archived_assessment_is_refused(ann: Visitor, held: Held) -> None:
    from app.services.engagements import archive_assessment

    with held.database.begin() as session:
        archive_assessment(session, held.assessment_id, held.clock)
    start = f"/assessments/{held.assessment_id}/interviews/new"
    assert "这项评估已归档" in ann.get(start).text
    answer = ann.post(start, {"questionnaire": GUIDE, "role": "billing"})
    assert answer.status_code == 302
    with held.database.read() as session:
        assert len(interviewing.list_interviews(session, held.assessment_id)) == 1


def test_every_page_speaks_english_too(ann: Visitor, held: Held) -> None:
    ann.client.set_cookie("locale", "en")
    for rest in ("", f"/elements/{ELEMENT}", "/groups/collect-data", "/particulars"):
        page = ann.get(path(held, rest)).text
        main = page[page.index("<main") : page.index("</main>")]
        chinese = set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]*>", " ", main)))
        assert chinese <= {"受访者", "顾问"}, f"{rest}: {chinese}"


PART = "4/0"
PART_LINE = "4 级已做到：数据需求随营销重点每年修订"


def test_a_part_of_the_next_level_is_ticked_and_unticked_without_a_script(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    held.save({"score": "3.5", "note": "听到的"})
    page = ann.get(here).text
    assert re.search(r'<fieldset class="parts" data-parts="3.5">', page)
    assert re.search(r'<fieldset class="parts" data-parts="2.5" hidden>', page)
    ann.post(here, fields(page) | {f"{ELEMENT}.part": PART})
    assert stored(held).note == f"听到的\n{PART_LINE}"

    page = ann.get(here).text
    values = fields(page)
    assert values[f"{ELEMENT}.parts"] == values.pop(f"{ELEMENT}.part") == PART
    ann.post(here, values)
    assert stored(held).note == "听到的"


def test_the_strength_of_evidence_is_chosen_and_taken_back_without_a_script(ann: Visitor, held: Held) -> None:
    here = path(held, "/groups/collect-data")
    ann.post(here, fields(ann.get(here).text) | {f"{ELEMENT}.evidence_strength": "0"})
    assert stored(held).evidence_strength == 0
    page = ann.get(here).text
    assert re.search(rf'name="{ELEMENT}.evidence_strength" value="0" checked', page)
    ann.post(here, fields(page) | {"clear": f"{ELEMENT}.evidence_strength", f"{ELEMENT}.confidence": "low"})
    assert (stored(held).evidence_strength, stored(held).confidence) == (None, "low")
    refused = ann.post(here, fields(ann.get(here).text) | {f"{ELEMENT}.evidence_strength": "7"})
    assert refused.status_code == 422
    assert "证据强度为 0 到 3" in refused.text


def test_ticks_of_a_group_are_saved_and_suggest_how_strong_the_evidence_is(ann: Visitor, held: Held) -> None:
    here = path(held, "/groups/collect-data")
    tick = f"{ELEMENT}.tick.list-customer-data-owners"
    ann.post(here, fields(ann.get(here).text) | {tick: "seen"})
    assert stored(held).ticks == {"list-customer-data-owners": "seen"}
    assert "按勾选应为“看到”" in ann.get(here).text
    held.save({"evidence_strength": 3}, base=1)
    assert not re.search(r"data-strength-suggested>.*按勾选应为“看到”", ann.get(here).text)


def test_a_conflict_about_the_strength_of_evidence_says_both(ann: Visitor, held: Held) -> None:
    here = path(held, f"/elements/{ELEMENT}")
    values = fields(ann.get(here).text) | {f"{ELEMENT}.evidence_strength": "3"}
    held.save({"evidence_strength": 0}, by=held.bo)
    answer = ann.post(here, values)
    assert answer.status_code == 409
    assert "证据强度：没有" in answer.text
    assert re.search(rf'name="{ELEMENT}.evidence_strength" value="3" checked', answer.text)


def test_the_round_before_is_not_in_a_page_until_the_own_answer_is_stored(
    ann: Visitor, held: Held, library: Library
) -> None:
    with held.database.begin() as session:
        engagement = engagements.get_engagement(session, "china-telecom-2003")
        engagements.create_round(session, engagement.id, key="2026-03", name=Text("2026年3月"), day=date(2026, 3, 2))
        assessment = engagements.create_assessment(
            session,
            engagement.id,
            unit="shenzhen",
            round="2026-03",
            framework=library.framework("telecom-crm"),
            actor=held.ann,
            clock=held.clock,
        )
        interview_id = interviewing.start_interview(
            session,
            assessment.id,
            questionnaire=GUIDE,
            role="local-marketing",
            particulars=interviewing.Particulars(None, None, None),
            library=library,
            actor=held.ann,
            clock=held.clock,
        )
    shenzhen = replace(held, interview_id=interview_id)
    addresses = [path(shenzhen, f"/elements/{ELEMENT}"), path(shenzhen, "/groups/collect-data")]
    api = f"/api/interviews/{interview_id}/previous/{ELEMENT}"
    assert not any("上一轮" in ann.get(address).text for address in addresses)
    assert ann.get(api).json == {"words": None, "open": True}

    shenzhen.save({"score": "2.5"})
    said = "上一轮（2003年9月）的共识分：1.0"
    assert all(said in ann.get(address).text for address in addresses)
    assert ann.get(addresses[1]).text.count("上一轮（") == 1
    assert ann.get(api).json == {"words": said, "open": False}
    assert ann.get(api).headers["Cache-Control"] == "no-store"
    assert ann.get(f"/api/interviews/{interview_id}/previous/no-such-element").status_code == 404


def test_a_unit_without_an_earlier_round_has_no_place_for_it(ann: Visitor, held: Held) -> None:
    held.save({"score": "2.5"})
    assert "data-previous" not in ann.get(path(held, f"/elements/{ELEMENT}")).text
    assert ann.get(f"/api/interviews/{held.interview_id}/previous/{ELEMENT}").json == {"words": None, "open": False}


def test_strangers_are_not_told_of_the_round_before(stranger: Visitor, held: Held) -> None:
    assert stranger.get(f"/api/interviews/{held.interview_id}/previous/{ELEMENT}").status_code == 401
