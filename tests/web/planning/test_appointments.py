"""Appointments on the web: several at once, spread over days, changed, cancelled, started, taken into a calendar."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

from app.services.engagements import archive_assessment
from app.services.interviewing import archive_interview, list_interviews
from app.web.planning.forms import spread
from tests.services.holding import ELEMENT, GUIDE, Held
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from app.services.interview_sheet import Sheet

ROW = {
    "date": "2026-03-09",
    "time": "09:30",
    "respondent": "受访者B",
    "interviewer": "张三",
    "place": "三楼",
    "opens_with": "",
}


def plan(held: Held, rest: str = "") -> str:
    return f"/assessments/{held.assessment_id}/plan{rest}"


def posted(*rows: dict[str, str], roles: tuple[str, ...] = ("billing", "finance")) -> dict[str, object]:
    values: dict[str, object] = {"questionnaire": GUIDE, "role": list(roles)}
    for number, row in enumerate(rows):
        values |= {f"row{number}-{name}": value for name, value in row.items()}
    return values


def listed(held: Held) -> list[Sheet]:
    with held.database.read() as session:
        return list(list_interviews(session, held.assessment_id))


def local(sheet: Sheet) -> str:
    assert sheet.interview.starts_at is not None
    return sheet.interview.starts_at.astimezone().strftime("%Y-%m-%d %H:%M")


def test_the_form_has_a_row_for_every_role_with_a_rotated_opening(consultant: Visitor, held: Held) -> None:
    page = consultant.get(plan(held, "/appointments/new?role=billing&role=key-accounts&role=nobody")).text
    assert page.count('class="plan-row"') == 2
    chosen = re.findall(r'<option selected value="([a-z-]*)"', page)
    assert chosen[-2:] == ["customer-offers", "customer-interactions"], (
        "the interview that is planned opens with insight"
    )
    assert 'value="consultant"' in page


def test_several_appointments_are_made_at_once(consultant: Visitor, held: Held) -> None:
    second = ROW | {"time": "14:00", "opens_with": "customer-offers"}
    answer = consultant.post(plan(held, "/appointments/new"), posted(ROW, second))
    assert answer.status_code == 303
    _, one, other = listed(held)
    assert [(sheet.interview.role, local(sheet)) for sheet in (one, other)] == [
        ("billing", "2026-03-09 09:30"),
        ("finance", "2026-03-09 14:00"),
    ]
    assert (one.interview.place, one.interview.respondent, one.interview.opens_with) == ("三楼", "受访者B", None)
    assert other.interview.opens_with == "customer-offers"
    agenda = consultant.page(plan(held, "/appointments"))
    assert "2026年3月9日星期一" in agenda.words
    assert "09:30" in agenda.words
    assert "冲突" not in agenda.words.replace("就算冲突", "")


def test_a_day_or_nothing_is_enough(consultant: Visitor, held: Held) -> None:
    answer = consultant.post(
        plan(held, "/appointments/new"), posted(ROW | {"time": ""}, ROW | {"time": "", "date": ""})
    )
    assert answer.status_code == 303
    _, one, other = listed(held)
    assert (one.interview.starts_at, one.interview.date) == (None, date(2026, 3, 9))
    assert (other.interview.starts_at, other.interview.date) == (None, None)
    assert "还没有定日期" in consultant.page(plan(held, "/appointments")).words


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"date": ""}, "有时间就要有日期"),
        ({"date": "9.3.2026"}, "请按 年-月-日 填写"),
        ({"time": "half past nine"}, "请按 时:分 填写"),
        ({"place": "长" * 81}, "太长了"),
        ({"opens_with": "collect-data"}, "没有这个选项"),
    ],
)
def test_a_faulty_row_stores_none_and_says_whose_it_is(
    consultant: Visitor, held: Held, wrong: dict[str, str], sentence: str
) -> None:
    answer = consultant.post(plan(held, "/appointments/new"), posted(ROW, ROW | wrong))
    assert answer.status_code == 422
    assert re.search(rf"财务部 · [^<]*{sentence}", answer.text)
    assert "受访者B" in answer.text
    assert len(listed(held)) == 1


def test_full_width_digits_are_read(consultant: Visitor, held: Held) -> None:
    assert (
        consultant.post(plan(held, "/appointments/new"), posted(ROW | {"time": "０９：３０"}, ROW)).status_code == 303
    )
    assert local(listed(held)[1]) == "2026-03-09 09:30"


def test_nobody_ticked_leads_back_to_the_plan(consultant: Visitor, held: Held) -> None:
    for answer in (
        consultant.get(plan(held, "/appointments/new")),
        consultant.post(plan(held, "/appointments/new"), {"questionnaire": GUIDE}),
    ):
        assert answer.location == plan(held)
    assert "请先勾选要访谈的角色" in consultant.page(plan(held)).words


def test_rows_are_filled_one_after_the_other(consultant: Visitor, held: Held) -> None:
    shared = {
        "all-date": "2026-03-09",
        "all-time": "16:00",
        "all-gap": "90",
        "all-interviewer": "李四",
        "all-place": "五楼",
        "spread": "1",
    }
    roles = ("billing", "finance", "key-accounts")
    answer = consultant.post(plan(held, "/appointments/new"), posted(ROW, ROW, ROW, roles=roles) | shared)
    assert answer.status_code == 200
    assert len(listed(held)) == 1
    times = re.findall(r'name="row\d-(?:date|time)"[^>]*value="([^"]+)"', answer.text)
    assert times == ["2026-03-09", "16:00", "2026-03-09", "17:30", "2026-03-10", "16:00"]
    assert answer.text.count('value="五楼"') == 4
    assert answer.text.count('value="受访者B"') == 3, "what was typed stays"


def spread_out(first: date, begins: time, gap: timedelta, number: int) -> list[str]:
    return [f"{moment:%d %H:%M}" for moment in spread(first, begins, gap, number)]


def test_spreading_skips_evenings_and_weekends() -> None:
    friday, saturday = date(2026, 3, 6), date(2026, 3, 7)
    ninety = timedelta(minutes=90)
    assert spread_out(friday, time(15), ninety, 4) == ["06 15:00", "06 16:30", "09 15:00", "09 16:30"]
    assert spread_out(saturday, time(9), ninety, 1) == ["09 09:00"]
    assert spread_out(friday, time(23), timedelta(hours=2), 2) == ["06 23:00", "09 23:00"]
    assert spread_out(friday, time(9), ninety, 0) == []


def test_a_faulty_first_day_is_said_before_anything_is_filled(consultant: Visitor, held: Held) -> None:
    values = posted(ROW, ROW) | {"all-date": "soon", "all-gap": "7", "spread": "1"}
    answer = consultant.post(plan(held, "/appointments/new"), values)
    assert answer.status_code == 422
    assert "请按 年-月-日 填写" in answer.text
    assert "没有这个选项" in answer.text


def test_an_interviewer_in_two_places_is_warned_about(consultant: Visitor, held: Held) -> None:
    consultant.post(plan(held, "/appointments/new"), posted(ROW, ROW | {"time": "10:00"}))
    page = consultant.page(plan(held, "/appointments"))
    assert "有 2 次访谈与同一访谈人的其他安排时间冲突" in page.words
    assert "与 10:00 i-03 时间冲突" in page.words


def test_an_appointment_is_changed_and_cancelled(consultant: Visitor, held: Held) -> None:
    particulars = f"/interview/{held.interview_id}/particulars"
    assert consultant.post(particulars, ROW | {"opens_with": "customer-offers"}).status_code == 303
    (sheet,) = listed(held)
    assert (local(sheet), sheet.sections[0].node and sheet.sections[0].node.id) == (
        "2026-03-09 09:30",
        "customer-offers",
    )
    page = consultant.get(particulars).text
    assert 'value="2026-03-09"' in page
    assert 'value="09:30"' in page
    assert '<option selected value="customer-offers">' in page
    assert consultant.post(f"/interview/{held.interview_id}/cancel").location == plan(held, "/appointments")
    assert "还没有安排访谈" in consultant.page(plan(held, "/appointments")).words


def test_moving_an_appointment_onto_another_one_is_warned_about(consultant: Visitor, held: Held) -> None:
    consultant.post(plan(held, "/appointments/new"), posted(ROW, roles=("billing",)))
    moved = consultant.post(
        f"/interview/{held.interview_id}/particulars", ROW | {"time": "10:00"}, follow_redirects=True
    )
    assert "这个时间与同一访谈人的其他安排冲突" in moved.text
    assert "三楼" in moved.text


def test_an_interview_that_has_begun_is_not_cancelled(consultant: Visitor, held: Held) -> None:
    held.save({"score": "1"})
    consultant.post(f"/interview/{held.interview_id}/cancel")
    assert "这次访谈已经开始，不能取消安排" in consultant.page(plan(held)).words
    assert listed(held)[0].interview.archived_at is None


def test_time_that_has_passed_is_said(consultant: Visitor, held: Held) -> None:
    consultant.post(f"/interview/{held.interview_id}/particulars", ROW | {"date": "2026-02-02"})
    assert "时间已过" in consultant.page(plan(held, "/appointments")).words


def test_the_calendar_file_has_a_stable_name_for_every_appointment(consultant: Visitor, held: Held) -> None:
    consultant.post(plan(held, "/appointments/new"), posted(ROW, ROW | {"time": "", "date": ""}))
    answer = consultant.get(plan(held, "/appointments.ics?names=1"))
    assert answer.mimetype == "text/calendar"
    file = answer.data.replace(b"\r\n ", b"").decode()
    assert file.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:访谈 计费账务 · 福州电信" in file
    assert "DESCRIPTION:受访者：受访者B\\n访谈人：张三" in file
    (uid,) = re.findall(r"UID:(\S+)", file)
    interview_id = listed(held)[1].interview.id
    consultant.post(f"/interview/{interview_id}/particulars", ROW | {"time": "11:00"})
    moved = consultant.get(plan(held, "/appointments.ics?names=1")).data.decode()
    assert f"UID:{uid}" in moved
    assert "STATUS:CONFIRMED" in moved
    consultant.post(f"/interview/{interview_id}/cancel")
    gone = consultant.get(plan(held, "/appointments.ics?names=1")).data.decode()
    assert f"UID:{uid}" in gone
    assert "STATUS:CANCELLED" in gone


def test_a_closed_assessment_takes_no_appointments(consultant: Visitor, held: Held) -> None:
    with held.database.begin() as session:
        archive_assessment(session, held.assessment_id, held.clock)
    assert "安排勾选的角色" not in consultant.page(plan(held)).words
    answer = consultant.post(plan(held, "/appointments/new"), posted(ROW, ROW))
    assert answer.status_code == 422
    assert "这项评估已归档" in answer.text
    assert len(listed(held)) == 1


def test_starting_offers_the_appointment_of_the_role_first(consultant: Visitor, held: Held) -> None:
    start = f"/assessments/{held.assessment_id}/interviews/new"
    page = consultant.page(start)
    assert "已经安排好的访谈" in page.words
    assert f"/interview/{held.interview_id}" in page.links
    values = {"questionnaire": GUIDE, "role": "local-marketing", "respondent": "受访者Y", "opens_with": "-"}
    answer = consultant.post(start, values)
    assert answer.status_code == 422
    assert "这个角色已经安排了访谈" in answer.text
    assert "受访者Y" in answer.text
    assert len(listed(held)) == 1
    assert consultant.post(start, values | {"anyway": "1"}).status_code == 303
    assert listed(held)[1].interview.opens_with == "customer-interactions", "it is that dimension's turn"


def test_an_interview_that_has_begun_is_no_appointment_any_more(consultant: Visitor, held: Held) -> None:
    held.save({"score": "1"}, element=ELEMENT)
    start = f"/assessments/{held.assessment_id}/interviews/new"
    assert "已经安排好的访谈" not in consultant.page(start).words
    assert consultant.post(start, {"questionnaire": GUIDE, "role": "local-marketing"}).status_code == 303


def test_the_list_tells_held_interviews_from_planned_ones(consultant: Visitor, held: Held) -> None:
    listing = f"/assessments/{held.assessment_id}/interviews"
    assert "安排了 1 次访谈，都还没有开始。" in consultant.page(listing).words
    consultant.post(plan(held, "/appointments/new"), posted(ROW, ROW))
    held.save({"score": "1"})
    page = consultant.page(listing)
    assert "有 1 次访谈，其中 0 次已提交或结束。另有 2 次已安排，还没有开始。" in page.words
    assert "2026年3月9日 09:30" in page.words


def test_an_empty_list_leads_to_the_plan_and_to_a_start(consultant: Visitor, held: Held) -> None:
    with held.database.begin() as session:
        archive_interview(session, held.interview_id, held.clock)
    page = consultant.page(f"/assessments/{held.assessment_id}/interviews")
    assert "还没有访谈" in page.words
    assert plan(held) in page.links
    assert f"/assessments/{held.assessment_id}/interviews/new" in page.links
