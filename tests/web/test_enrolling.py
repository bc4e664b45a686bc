"""Assessments on the web: started, archived, taken in from a case file after a rehearsal, given out again."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from app.content.cases import read_case, write_case
from app.services.permissions import Role
from app.settings import CHECKOUT
from tests.acting import acting
from tests.services.releases import release, scored
from tests.web.conftest import ENGAGEMENT, Page, Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock

SHENZHEN = (CHECKOUT / "frameworks/telecom-crm/cases/shenzhen-2003.yaml").read_text("utf-8")
EMPTY = "/engagements/empty"


def upload(visitor: Visitor, text: str | bytes, place: str = ENGAGEMENT) -> TestResponse:
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    return visitor.post(f"{place}/assessments/import", {"file": (io.BytesIO(content), "案例.yaml")})


def confirm(visitor: Visitor, checked: TestResponse, place: str = ENGAGEMENT, **typed: str) -> TestResponse:
    """Press the button of the page that an upload was answered with."""
    values = dict(re.findall(r'<input type="hidden" name="(content|as_revision)" value="([^"]*)"', checked.text))
    return visitor.post(
        f"{place}/assessments/import/confirm", {name: unescape(value) for name, value in values.items()} | typed
    )


def assessments(visitor: Visitor, place: str = ENGAGEMENT) -> int:
    return len(re.findall(r"/assessments/\d+/export", visitor.get(f"{place}/assessments").text))


@pytest.fixture
def empty(consultant: Visitor) -> Visitor:
    consultant.post("/engagements/new", {"key": "empty", "name_zh": "空的"})
    return consultant


def test_an_assessment_is_started_and_opens(consultant: Visitor) -> None:
    values = {"unit": "guangdong", "round": "2003-09", "framework": "telecom-crm@1.0.0"}
    answer = consultant.post(f"{ENGAGEMENT}/assessments/new", values)
    assert re.fullmatch(r"/assessments/\d+", answer.headers["Location"])
    assert "广东省电信" in consultant.page(answer.headers["Location"]).words


def test_the_unit_asked_about_is_chosen_already(consultant: Visitor) -> None:
    text = consultant.get(f"{ENGAGEMENT}/assessments/new?unit=fujian").text
    assert re.search(r'<option[^>]*selected[^>]*value="fujian"', text)


def test_a_second_assessment_of_the_same_kind_is_refused_in_words(consultant: Visitor) -> None:
    values = {"unit": "shenzhen", "round": "2003-09", "framework": "telecom-crm@1.0.0"}
    answer = consultant.post(f"{ENGAGEMENT}/assessments/new", values)
    assert answer.status_code == 422
    assert "#unit" in Page(answer.text).links


@pytest.mark.parametrize("field", ["unit", "round", "framework"])
def test_what_is_not_offered_cannot_be_chosen(consultant: Visitor, field: str) -> None:
    values = {"unit": "fujian", "round": "2003-09", "framework": "telecom-crm@1.0.0", field: "made-up"}
    answer = consultant.post(f"{ENGAGEMENT}/assessments/new", values)
    assert answer.status_code == 422
    assert "没有这个选项" in answer.text


def test_an_assessment_is_archived_and_restored(consultant: Visitor) -> None:
    place = next(
        link for link in consultant.page(f"{ENGAGEMENT}/assessments").links if link.endswith("/export")
    ).removesuffix("/export")
    consultant.post(f"{place}/archive")
    assert "（已归档）" in consultant.page(f"{ENGAGEMENT}/assessments").words
    consultant.post(f"{place}/restore")
    assert "（已归档）" not in consultant.page(f"{ENGAGEMENT}/assessments").words


def test_an_assessment_answers_only_within_its_engagement(empty: Visitor) -> None:
    assert empty.get(f"{EMPTY}/assessments/1/export").status_code == 404
    assert empty.post(f"{EMPTY}/assessments/1/archive").status_code == 404
    assert empty.post(f"{EMPTY}/assessments/1/restore").status_code == 404


def test_a_case_is_shown_first_and_stored_when_confirmed(empty: Visitor) -> None:
    checked = upload(empty, SHENZHEN, EMPTY)
    page = Page(checked.text)
    assert "可以导入" in page.words
    assert "深圳电信" in page.words
    assert "案例.yaml" in page.words
    assert assessments(empty, EMPTY) == 0
    answer = confirm(empty, checked, EMPTY)
    assert answer.status_code == 302
    assert assessments(empty, EMPTY) == 1
    assert "深圳电信" in empty.page(EMPTY).words
    assert "广东省电信" in empty.page(EMPTY).words  # its parent came along


def test_what_went_in_comes_out_again(empty: Visitor, library: Library, tmp_path: Path) -> None:
    confirm(empty, upload(empty, SHENZHEN, EMPTY), EMPTY)
    link = next(link for link in empty.page(f"{EMPTY}/assessments").links if link.endswith("/export"))
    answer = empty.get(link)
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''shenzhen-2003.yaml"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.mimetype == "application/yaml"
    given, taken = tmp_path / "given.yaml", tmp_path / "taken.yaml"
    given.write_text(SHENZHEN, "utf-8")
    taken.write_bytes(answer.data)
    assert read_case(taken, library=library) == read_case(given, library=library)
    assert answer.text == write_case(read_case(given, library=library))


def test_the_same_case_again_is_not_needed(consultant: Visitor) -> None:
    page = Page(upload(consultant, SHENZHEN).text)
    assert "完全一致" in page.words
    assert "as_revision" not in page.text


def test_another_case_for_the_same_place_shows_every_difference_and_becomes_a_revision(consultant: Visitor) -> None:
    before = assessments(consultant)
    checked = upload(consultant, SHENZHEN.replace("score: 1.0", "score: 1.5", 1))
    page = Page(checked.text)
    assert "有 1 处不同" in page.words
    assert "scores.customer-data-strategy.score" in page.words
    assert confirm(consultant, checked).status_code == 302
    assert assessments(consultant) == before + 1
    assert "（已有更新的修订）" in consultant.page(f"{ENGAGEMENT}/assessments").words


def test_over_a_released_assessment_a_case_is_a_correction_with_a_reason(
    consultant: Visitor, web_database: Database, clock: FixedClock
) -> None:
    with web_database.read() as session:
        released = scored(session, "shenzhen")
        user_id = session.execute(text("SELECT id FROM user WHERE name = 'consultant'")).scalar_one()
    lead = acting(user_id, "consultant", "consultant", Role.CONSULTANT)
    release(web_database, released, actor=lead, clock=clock)
    before = assessments(consultant)
    checked = upload(consultant, SHENZHEN.replace("score: 1.0", "score: 1.5", 1))
    assert "更正的理由" in Page(checked.text).words
    refused = confirm(consultant, checked)
    assert refused.status_code == 422
    assert "请写明理由" in Page(refused.text).words
    assert assessments(consultant) == before
    assert confirm(consultant, refused, reason="第三方复核后改正").status_code == 302
    assert assessments(consultant) == before + 1
    page = consultant.page(f"/assessments/{released}/release")
    assert "第三方复核后改正" in page.words
    assert "一字不差" in page.words
    with web_database.read() as session:
        kinds = session.execute(text("SELECT kind FROM audit_event ORDER BY id")).scalars().all()
    assert kinds[-2:] == ["import.done", "assessment.corrected"]


def test_a_revision_is_never_stored_unasked(consultant: Visitor) -> None:
    before = assessments(consultant)
    changed = SHENZHEN.replace("score: 1.0", "score: 1.5", 1)
    answer = consultant.post(f"{ENGAGEMENT}/assessments/import/confirm", {"content": changed}, follow_redirects=True)
    assert "没有写入" in answer.text
    assert assessments(consultant) == before


def test_a_faulty_file_is_answered_with_every_fault_and_its_line(consultant: Visitor) -> None:
    faulty = SHENZHEN.replace("score: 1.0", "score: 1.3", 1).replace("kind: case", "kind: case\nsurprise: 1")
    answer = upload(consultant, faulty)
    assert answer.status_code == 422
    page = Page(answer.text)
    assert "scores.customer-data-strategy.score" in page.words
    assert "surprise" in page.words
    line = faulty.splitlines().index("surprise: 1") + 1
    assert re.search(rf"\b{line}\s+E201\b", page.words)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b"a: &a [1]\nb: *a\n",
        b"format: 1\nkind: framework\nid: x\n",
        b"format: 1\nkind: case\nid: x\nframework: none@1.0.0\n",
        b"<script>alert(1)</script>: 1\n",
    ],
)
def test_whatever_is_uploaded_is_answered_in_words(consultant: Visitor, content: bytes) -> None:
    answer = upload(consultant, content)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_an_archived_round_takes_no_case(consultant: Visitor) -> None:
    consultant.post(f"{ENGAGEMENT}/rounds/2003-09/archive")
    page = Page(upload(consultant, SHENZHEN).text)
    assert "已归档" in page.words
    assert 'name="content"' not in page.text


def test_a_confirmation_is_checked_again(consultant: Visitor) -> None:
    answer = consultant.post(
        f"{ENGAGEMENT}/assessments/import/confirm", {"content": "kind: case\n", "as_revision": "1"}
    )
    assert answer.status_code == 422
