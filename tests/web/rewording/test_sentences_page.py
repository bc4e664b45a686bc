"""Reading a report's sentences, wording them, taking them back, on the web."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.services.engagements import get_engagement, list_assessments
from app.services.kept_reports import edits_of, keep_report
from app.services.report_requests import ReportRequest
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from app.storage.database import Database
    from tests.conftest import FixedClock

pytestmark = pytest.mark.usefixtures("short_reports")
SLOT = "message.leader"
WORDS = "深圳总体1.80分，只有一个单位。"
HIDDEN = re.compile(r'name="(slot|seen|version)" value="([^"]*)"')


@pytest.fixture
def report_id(web_database: Database, clock: FixedClock) -> int:
    with web_database.begin() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        ids = {one.unit.key: one.id for one in list_assessments(session, engagement.id)}
        asked = ReportRequest("executive", "zh", (ids["shenzhen"],), date(2026, 3, 2))
        return keep_report(session, asked, engagement_id=engagement.id, actor=None, clock=clock)


@pytest.fixture
def page(report_id: int) -> str:
    return f"/reports/kept/{report_id}/sentences/zh"


def form_of(visitor: Visitor, page: str) -> dict[str, str]:
    """Open the sentence for wording and return what the form would send along."""
    text = visitor.get(f"{page}?edit={SLOT}").text
    return dict(HIDDEN.findall(text[text.index("words-form") :]))


def worded(visitor: Visitor, page: str, words: str = WORDS) -> None:
    answer = visitor.post(page, {**form_of(visitor, page), "text": words})
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].endswith(f"#sentence-{SLOT}")


def test_every_sentence_stands_with_its_rule(reader: Visitor, page: str) -> None:
    words = reader.page(page).words
    assert "个句子都是机器按数字写的" in words
    assert "规则" in words
    assert "改写这句" not in words


def test_a_wording_stands_beside_the_machine_s_and_can_be_taken_back(
    consultant: Visitor, page: str, web_database: Database, report_id: int
) -> None:
    worded(consultant, page)
    found = consultant.page(page).words
    assert WORDS in found
    assert "其中 1 个由人工改写" in found
    assert "深圳电信的总体得分为1.80；只有一个评估单位，不排先后" in found
    answer = consultant.post(f"{page}/take-back", {"slot": SLOT, "version": "1"})
    assert answer.status_code == 303
    assert WORDS not in consultant.page(page).words
    with web_database.read() as session:
        assert edits_of(session, report_id, "zh") == {}


def test_the_history_shows_every_wording(consultant: Visitor, page: str) -> None:
    worded(consultant, page)
    consultant.post(f"{page}/take-back", {"slot": SLOT, "version": "1"})
    history = consultant.page(f"{page}/history?slot={SLOT}").words
    assert WORDS in history
    assert "恢复机器的句子" in history


def test_the_other_language_keeps_the_machine_s(consultant: Visitor, page: str) -> None:
    worded(consultant, page)
    assert WORDS not in consultant.page(page.replace("/zh", "/en")).words


def test_numbers_of_one_s_own_are_to_be_looked_at_again(consultant: Visitor, page: str) -> None:
    worded(consultant, page, "深圳总体9.99分。")
    assert "机器的句子里没有这些数字：9.99" in consultant.page(page).words


def test_markup_is_words(consultant: Visitor, page: str) -> None:
    worded(consultant, page, "<script>alert(1.80)</script>")
    assert "<script>alert" not in consultant.get(page).text
    assert "&lt;script&gt;alert(1.80)" in consultant.get(page).text


def test_an_empty_sentence_is_refused_in_the_form(consultant: Visitor, page: str) -> None:
    answer = consultant.post(page, {**form_of(consultant, page), "text": " "})
    assert answer.status_code == 422
    assert "一个句子不能是空的" in answer.text


def test_the_slower_writer_sees_the_other_s_words_and_keeps_their_own(
    consultant: Visitor, administrator: Visitor, page: str
) -> None:
    mine = form_of(consultant, page)
    worded(administrator, page, "管理员写的1.80。")
    answer = consultant.post(page, {**mine, "text": "顾问写的1.80。"})
    assert answer.status_code == 409
    assert "管理员写的1.80。" in answer.text
    assert "顾问写的1.80。" in answer.text
    again = dict(HIDDEN.findall(answer.text[answer.text.index("words-form") :]))
    assert consultant.post(page, {**again, "text": "顾问写的1.80。"}).status_code == 303
    assert "顾问写的1.80。" in consultant.page(page).words


def test_a_form_drawn_before_the_figures_changed_is_not_stored(consultant: Visitor, page: str) -> None:
    answer = consultant.post(page, {**form_of(consultant, page), "seen": "0" * 16, "text": WORDS})
    assert answer.status_code == 422
    assert "机器的句子也变了" in answer.text


def test_readers_cannot_write(reader: Visitor, page: str) -> None:
    assert reader.post(page, {"slot": SLOT, "text": WORDS}).status_code == 403
    assert reader.post(f"{page}/take-back", {"slot": SLOT}).status_code == 403


@pytest.mark.parametrize(
    "path", ["/reports/kept/99/sentences/zh", "{page}?edit=nothing", "{page}/history?slot=nothing"]
)
def test_what_is_not_there_is_not_found(reader: Visitor, page: str, path: str) -> None:
    assert reader.get(path.format(page=page)).status_code == 404


def test_there_are_two_languages(reader: Visitor, page: str) -> None:
    assert reader.get(page.replace("/zh", "/fr")).status_code == 404


def test_the_page_speaks_english_around_chinese_sentences(reader: Visitor, page: str) -> None:
    text = reader.speak("en").get(page).text
    assert "Sentences of the report" in text
    assert '<p class="words-text" lang="zh-Hans">' in text
