"""A workbook goes out, comes back, is rehearsed and applied, over the pages."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from app.storage import interviews as store
from tests.services.books import filled
from tests.services.holding import ELEMENT, Held

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.web.interviews.conftest import Visitor


def page(held: Held, more: str = "") -> str:
    return f"/interview/{held.interview_id}/sheet{more}"


def exported(ann: Visitor, held: Held) -> bytes:
    answer = ann.get(page(held, ".xlsx"))
    assert answer.status_code == 200
    content: bytes = answer.data
    return content


def brought(ann: Visitor, held: Held, content: bytes, name: str = "填好.xlsx") -> TestResponse:
    return ann.post(page(held), {"file": (BytesIO(content), name)}, content_type="multipart/form-data")


def test_the_workbook_is_sent_as_a_file_to_keep(ann: Visitor, held: Held) -> None:
    answer = ann.get(page(held, ".xlsx"))
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%A6%8F%E5%B7%9E")
    assert answer.headers["Cache-Control"] == "no-store"
    assert load_workbook(BytesIO(answer.data)).sheetnames[0] == "填写说明"


def test_a_reader_may_not_take_it_out(reader: Visitor, held: Held) -> None:
    assert reader.get(page(held, ".xlsx")).status_code == 403
    assert reader.get(page(held)).status_code == 403


def test_filled_in_rehearsed_and_applied(ann: Visitor, held: Held) -> None:
    content = filled(
        exported(ann, held), {(ELEMENT, "answer", "answer"): "３．５", (ELEMENT, "answer", "note"): "看过"}
    )
    answer = brought(ann, held, content)
    assert answer.status_code == 303
    rehearsed = ann.page(answer.location)
    assert "表格会改动 1 个要素；还没有写入。" in rehearsed.words
    assert "全角字符，已按半角读" in rehearsed.words
    with held.database.read() as session:
        assert store.answer(session, held.interview_id, ELEMENT) is None
    done = ann.page(ann.post(answer.location).location)
    assert "已写入 1 个要素。" in done.words
    assert "表格与系统一致，没有要写入的内容。" in done.words
    with held.database.read() as session:
        stored = store.answer(session, held.interview_id, ELEMENT)
    assert stored
    assert (stored.values.steps, stored.values.note) == (7, "看过")


def test_a_conflict_is_decided_on_the_page(ann: Visitor, held: Held) -> None:
    held.save({"state": "scored", "score": "2"})
    content = filled(exported(ann, held), {(ELEMENT, "answer", "answer"): 1})
    held.save({"state": "scored", "score": "4"}, base=1, by=held.bo)
    address = brought(ann, held, content).location
    assert "保留系统中的" in ann.page(address).words
    kept = ann.page(ann.post(address, {f"choice.{ELEMENT}": "theirs", f"version.{ELEMENT}": "2"}).location)
    assert "1 个要素有冲突，保留了系统中的内容。" in kept.words
    ann.post(address, {f"choice.{ELEMENT}": "mine", f"version.{ELEMENT}": "2"})
    with held.database.read() as session:
        stored = store.answer(session, held.interview_id, ELEMENT)
    assert stored
    assert stored.values.steps == 2


def test_a_file_that_cannot_be_used_is_refused_with_its_reason(ann: Visitor, held: Held) -> None:
    answer = brought(ann, held, b"x", "x.xlsx")
    assert answer.status_code == 422
    assert "这不是 .xlsx 工作簿，或者文件已损坏。" in answer.text


def test_no_file_at_all_is_said_at_the_field(ann: Visitor, held: Held) -> None:
    answer = ann.post(page(held), {}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "请选择一个填好的表格。" in answer.text


def test_a_closed_interview_takes_no_workbook(ann: Visitor, held: Held) -> None:
    content = filled(exported(ann, held), {(ELEMENT, "answer", "answer"): 1})
    address = brought(ann, held, content).location
    with held.database.begin() as session:
        store.update_interview(session, held.interview_id, state="closed")
    assert "写入" not in [line.strip() for line in ann.get(address).text.split("<button>")[-1:]]
    told = ann.page(ann.post(address).location)
    assert "这次访谈已结束，不再接受修改。" in told.words
    with held.database.read() as session:
        assert store.answer(session, held.interview_id, ELEMENT) is None
    assert ann.get(page(held, ".xlsx")).status_code == 200


def test_nobody_sees_another_users_upload(ann: Visitor, held: Held, administrator: Visitor) -> None:
    address = brought(ann, held, exported(ann, held)).location
    assert ann.get(address).status_code == 200
    assert administrator.get(address).status_code == 404
    assert ann.get(page(held, "/" + "0" * 64)).status_code == 404
    assert ann.get(page(held, "/..%2f..%2fsecret-key")).status_code == 404


def test_the_pages_speak_english(ann: Visitor, held: Held) -> None:
    ann.speak("en")
    content = filled(exported(ann, held), {(ELEMENT, "answer", "answer"): 3.3})
    rehearsed = ann.page(brought(ann, held, content).location)
    assert "is not on the scale: a score lies from 0 to 5 in steps of 0.5." in rehearsed.words
