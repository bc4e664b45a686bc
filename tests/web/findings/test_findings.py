"""Pages of findings: written from a note without a script, changed by two, ordered, archived."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services import findings
from app.services.findings import Draft
from app.storage import assessments as store
from tests.services.holding import ELEMENT
from tests.web.conftest import Visitor
from tests.web.findings.conftest import NOTE, WORDS, Desk

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

OTHER = "internal-data-collection"


def test_the_list_says_how_far_the_findings_are(consultant: Visitor, desk: Desk) -> None:
    desk.held.save({"note": "另一条"}, element=OTHER)
    page = consultant.page(desk.listing)
    assert "50 个要素中 1 个有发现，共 1 条；1 条访谈记录还没有写进发现。" in page.words
    assert WORDS in page.words
    waiting = consultant.page(f"{desk.listing}?show=waiting")
    assert "内部数据收集" in waiting.words
    assert WORDS not in waiting.words
    without = consultant.page(f"{desk.listing}?show=without")
    assert WORDS not in without.words
    assert "内部数据收集" in without.words


def test_the_list_can_be_narrowed_to_a_dimension(consultant: Visitor, desk: Desk) -> None:
    page = consultant.page(f"{desk.listing}?dimension=enterprise-integration")
    assert "信息共享" in page.words
    assert WORDS not in page.words
    assert WORDS in consultant.page(f"{desk.listing}?dimension=nonsense&show=nonsense").words


def test_a_filter_that_leaves_nothing_says_so(consultant: Visitor, desk: Desk) -> None:
    assert "没有这样的要素" in consultant.page(f"{desk.listing}?show=waiting").words


def test_notes_stand_beside_findings(consultant: Visitor, desk: Desk) -> None:
    page = consultant.page(desk.element)
    for words in (NOTE, "受访者A", "顾问ann", "2.5", "已写进发现", WORDS, "证据：听说"):
        assert words in page.words, words


def test_the_form_begins_with_the_note_and_its_source(consultant: Visitor, desk: Desk) -> None:
    page = consultant.get(f"{desk.element}?write=1&from={desk.held.interview_id}").text
    assert f"{NOTE}</textarea>" in page
    assert re.search(rf'name="source" value="{desk.held.interview_id}" checked', page)


def test_a_finding_is_written_without_a_script(consultant: Visitor, desk: Desk) -> None:
    answer = consultant.post(
        desk.element, {"text_zh": "数据没有负责人", "strength": "3", "source": [str(desk.held.interview_id)]}
    )
    assert answer.status_code == 303
    assert answer.location.startswith(f"{desk.element}#finding-")
    assert desk.standing() == [WORDS, "数据没有负责人"]
    page = consultant.page(desk.element)
    assert "发现已写下。" in page.words
    assert "核实" in page.words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text_zh": ""}, "请至少用一种语言写下发现。"),
        ({"text_zh": "很" * 2001}, "一条发现最多 2000 个字符"),
        ({"text_zh": "a\x00b"}, "控制字符"),
        ({"text_zh": "甲", "source": "99999"}, "来源只能是本次评估的访谈。"),
        ({"text_zh": "甲", "strength": "9"}, "没有这个选项"),
    ],
)
def test_a_faulty_form_comes_back_with_what_was_typed(
    consultant: Visitor, desk: Desk, values: dict[str, str], words: str
) -> None:
    answer = consultant.post(desk.element, {"text_en": "kept as typed", **values} if values["text_zh"] else values)
    assert answer.status_code == 422
    assert words in answer.text
    assert values["text_zh"][:50].replace("\x00", "") in answer.text.replace("\x00", "")
    assert desk.standing() == [WORDS]


def change(consultant: Visitor, desk: Desk, version: int, words: str, strength: str = "1") -> TestResponse:
    values = {"text_zh": words, "strength": strength, "version": str(version), "source": str(desk.held.interview_id)}
    return consultant.post(f"/findings/{desk.finding_id}", values)


def test_a_finding_is_changed(consultant: Visitor, desk: Desk) -> None:
    form = consultant.get(f"{desk.element}?edit={desk.finding_id}").text
    assert f"{WORDS}</textarea>" in form
    assert 'name="version" value="1"' in form
    assert change(consultant, desk, 1, "改过的话").status_code == 303
    assert desk.standing() == ["改过的话"]
    history = consultant.page(f"/findings/{desk.finding_id}/history")
    for words in (WORDS, "改过的话", "改写", "写下"):
        assert words in history.words


def test_a_conflict_shows_both_and_lets_the_user_choose(
    consultant: Visitor, administrator: Visitor, desk: Desk
) -> None:
    assert change(administrator, desk, 1, "对方的话", "3").status_code == 303
    clash = change(consultant, desk, 1, "我的话")
    assert clash.status_code == 409
    for words in ("administrator 在", "对方的话", "我的话</textarea>", 'name="version" value="2"', "另存为一条新发现"):
        assert words in clash.text, words
    assert re.search(r'name="strength" value="3" checked', clash.text)
    assert desk.standing() == ["对方的话"]
    assert "我的话" in consultant.page(f"/findings/{desk.finding_id}/history").words
    assert change(consultant, desk, 2, "我的话", "3").status_code == 303
    assert desk.standing() == ["我的话"]


def test_the_address_of_a_finding_leads_to_its_element(reader: Visitor, desk: Desk) -> None:
    answer = reader.get(f"/findings/{desk.finding_id}")
    assert (answer.status_code, answer.location) == (302, f"{desk.element}#finding-{desk.finding_id}")


def test_the_losing_side_may_become_a_finding_of_its_own(
    consultant: Visitor, administrator: Visitor, desk: Desk
) -> None:
    change(administrator, desk, 1, "对方的话")
    change(consultant, desk, 1, "我的话")
    consultant.post(desk.element, {"text_zh": "我的话", "version": "2"})
    assert desk.standing() == ["对方的话", "我的话"]


def test_changes_of_different_parts_are_merged_and_said(
    consultant: Visitor, administrator: Visitor, desk: Desk
) -> None:
    change(administrator, desk, 1, WORDS, "3")
    merged = change(consultant, desk, 1, "改过的话", "1")
    assert merged.status_code == 303
    assert "别人同时改的部分也在" in consultant.page(desk.element).words


def test_findings_move_are_archived_and_come_back(consultant: Visitor, desk: Desk) -> None:
    consultant.post(desk.element, {"text_zh": "乙"})
    consultant.post(f"/findings/{desk.finding_id}/move")
    assert desk.standing() == ["乙", WORDS]
    consultant.post(f"/findings/{desk.finding_id}/move", {"up": "1"})
    assert desk.standing() == [WORDS, "乙"]
    consultant.post(f"/findings/{desk.finding_id}/archive")
    assert desk.standing() == ["乙"]
    assert "已归档的发现（1）" in consultant.page(desk.element).words
    assert consultant.get(f"{desk.element}?edit={desk.finding_id}").status_code == 404
    consultant.post(f"/findings/{desk.finding_id}/restore")
    assert desk.standing() == ["乙", WORDS]


def test_a_closed_assessment_is_shown_and_takes_nothing(consultant: Visitor, desk: Desk) -> None:
    with desk.held.database.begin() as session:
        store.update_assessment(session, desk.held.assessment_id, state="published")
    page = consultant.get(desk.element).text
    assert "这项评估已发布，不再接受修改。" in page
    assert "写一条发现" not in page
    assert consultant.post(desk.element, {"text_zh": "乙"}).status_code == 422
    consultant.post(f"/findings/{desk.finding_id}/archive")
    assert desk.standing() == [WORDS]


@pytest.mark.parametrize(
    "path",
    [
        "/assessments/999/findings",
        "/assessments/{a}/findings/nothing",
        "/assessments/{a}/findings/collect-data",
        "/assessments/{a}/findings/customer-data-strategy?edit=99999",
        "/findings/99999/history",
    ],
)
def test_what_is_not_there_is_not_found(consultant: Visitor, desk: Desk, path: str) -> None:
    assert consultant.get(path.format(a=desk.held.assessment_id)).status_code == 404


def test_a_finding_is_not_edited_from_another_element(consultant: Visitor, desk: Desk) -> None:
    assert consultant.get(f"{desk.listing}/{OTHER}?edit={desk.finding_id}").status_code == 404


def test_markup_in_findings_and_notes_is_text(consultant: Visitor, desk: Desk) -> None:
    desk.held.save({"note": "<b>记录</b>"}, base=1)
    consultant.post(desk.element, {"text_zh": "<script>alert(1)</script>"})
    page = consultant.get(desk.element).text
    assert "<script>alert" not in page
    assert "<b>记录" not in page
    assert "&lt;script&gt;alert" in page


# --- readers -------------------------------------------------------------------------------------------------------

SECRETS = (NOTE, "受访者A", "顾问ann", "i-01", "访谈里的记录", "证据文件")


def pages_of(desk: Desk) -> list[str]:
    assessment = f"/assessments/{desk.held.assessment_id}"
    return [
        assessment,
        f"{assessment}/capabilities/{ELEMENT}",
        f"{assessment}/capabilities/collect-data",
        desk.listing,
        desk.element,
        f"{desk.element}?write=1&from={desk.held.interview_id}",
        f"{desk.element}?edit={desk.finding_id}",
        "/search?q=口头约定",
        f"/search?q={WORDS}",
        "/engagements/china-telecom-2003",
    ]


def test_readers_get_findings_and_strength_and_nothing_that_tells_who_said_so(reader: Visitor, desk: Desk) -> None:
    for path in pages_of(desk):
        answer = reader.get(path)
        assert answer.status_code == 200, path
        assert [secret for secret in SECRETS if secret in answer.text] == [], path
    for path in (desk.listing, desk.element, f"/assessments/{desk.held.assessment_id}/capabilities/{ELEMENT}"):
        page = reader.page(path)
        assert WORDS in page.words, path
        assert "听说" in page.words, path


def test_consultants_find_on_the_same_pages_what_readers_do_not(consultant: Visitor, desk: Desk) -> None:
    together = " ".join(consultant.get(path).text for path in pages_of(desk))
    assert [secret for secret in SECRETS if secret not in together] == []


def test_readers_find_findings_and_no_notes(reader: Visitor, consultant: Visitor, desk: Desk) -> None:
    assert WORDS in reader.page(f"/search?q={WORDS[:4]}").words
    assert "没有找到" in reader.page("/search?q=口头约定").words
    assert NOTE in consultant.page("/search?q=口头约定").words


def test_readers_learn_how_many_spoke_not_who(reader: Visitor, desk: Desk) -> None:
    page = reader.page(f"/assessments/{desk.held.assessment_id}/capabilities/{ELEMENT}")
    assert "1 位受访者谈到了这个要素。" in page.words


def test_readers_are_offered_only_pages_that_open(reader: Visitor, desk: Desk) -> None:
    page = reader.page(desk.listing)
    tabs = [link for link in page.links if link.startswith(f"/assessments/{desk.held.assessment_id}")]
    refused = [link for link in {*tabs, *reader.page(desk.element).links} if link.startswith("/assessments/")]
    assert [link for link in refused if reader.get(link).status_code != 200] == []


def test_readers_open_neither_interviews_nor_histories(reader: Visitor, desk: Desk) -> None:
    interview = f"/interview/{desk.held.interview_id}"
    for path in (
        interview,
        f"{interview}/elements/{ELEMENT}",
        f"{interview}/groups/collect-data",
        f"/assessments/{desk.held.assessment_id}/interviews",
        f"/findings/{desk.finding_id}/history",
    ):
        assert reader.get(path).status_code == 403, path


def test_readers_write_nothing(reader: Visitor, desk: Desk) -> None:
    for path in (
        desk.element,
        f"/findings/{desk.finding_id}",
        f"/findings/{desk.finding_id}/move",
        f"/findings/{desk.finding_id}/archive",
        f"/findings/{desk.finding_id}/restore",
    ):
        assert reader.post(path, {"text_zh": "x"}).status_code == 403, path
    assert desk.standing() == [WORDS]


def test_english_pages_speak_english(consultant: Visitor, desk: Desk) -> None:
    with desk.held.database.begin() as session:
        findings.write_finding(
            session,
            desk.held.assessment_id,
            ELEMENT,
            Draft(Text("乙", "Second"), 2),
            actor=desk.held.ann,
            clock=desk.held.clock,
        )
    page = consultant.speak("en").page(desk.element)
    for words in ("Interview notes", "Used in a finding", "Second", "Evidence files", "Seen"):
        assert words in page.words, words
    assert (
        "Findings for 1 of 50 elements, 2 in all; every interview note is used." in consultant.page(desk.listing).words
    )
