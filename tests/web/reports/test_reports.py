"""Asking for a report on the web, watching it and fetching it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from app.services.engagements import get_engagement, list_assessments
from app.services.jobs import list_jobs
from app.services.reporting import request_of
from app.storage import jobs as store
from app.web.reports.pages import file_name
from tests.conftest import FixedClock
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from app.services.jobs import JobView
    from app.settings import Settings
    from app.storage.database import Database

PAGE = "/reports?engagement=china-telecom-2003"


@pytest.fixture
def ids(web_database: Database) -> dict[str, int]:
    with web_database.read() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        return {one.unit.key: one.id for one in list_assessments(session, engagement.id)}


def asked(visitor: Visitor, ids: dict[str, int], **other: object) -> int:
    """Ask for a report of Shenzhen and return its number."""
    values = {"assessments": [ids["shenzhen"]], "language": "zh", "template": "executive", "first": "", **other}
    answer = visitor.post(PAGE, values)
    assert answer.status_code == 302, answer.text
    return int(answer.headers["Location"].rsplit("/", 1)[1])


def job(database: Database) -> JobView:
    with database.read() as session:
        return list_jobs(session)[0]


def finished(database: Database, settings: Settings, clock: FixedClock, *, failure: str | None = None) -> None:
    """Do what the worker would do."""
    folder = settings.data / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "0.pdf").write_bytes(b"%PDF-1.7 test")
    with database.begin() as session:
        claimed = store.claim(session, kinds=("report",), at=clock(), until=clock())
        assert claimed
        if failure:
            store.fail(session, claimed.id, claimed.attempt, failure=failure, at=clock())
        else:
            store.finish(session, claimed.id, claimed.attempt, result="reports/0.pdf", at=clock())


def test_the_page_offers_every_current_assessment_and_carrier(reader: Visitor) -> None:
    page = reader.page(PAGE)
    for name in ("中国电信整体", "深圳电信", "广州电信", "福州电信", "AT&T Wireless", "英国电信"):
        assert name in page.words


def test_without_an_engagement_the_page_asks_for_one(reader: Visitor) -> None:
    page = reader.page("/reports")
    assert "/reports?engagement=china-telecom-2003" in page.links


def test_asking_queues_what_was_chosen(reader: Visitor, web_database: Database, ids: dict[str, int]) -> None:
    asked(
        reader,
        ids,
        assessments=[ids["shenzhen"], ids["guangzhou"]],
        first=str(ids["guangzhou"]),
        carriers=["foreign-carriers-2003/sbc"],
        language="en",
    )
    request = request_of(job(web_database).parameters)
    assert request.assessments == (ids["guangzhou"], ids["shenzhen"])
    assert (request.benchmark, request.entries, request.locale) == ("foreign-carriers-2003", ("sbc",), "en")


def test_no_carrier_means_no_benchmark(reader: Visitor, web_database: Database, ids: dict[str, int]) -> None:
    asked(reader, ids)
    assert request_of(job(web_database).parameters).benchmark is None


@pytest.mark.parametrize(
    "values",
    [
        {"assessments": []},
        {"assessments": ["999"]},
        {"assessments": ["x"]},
        {"carriers": ["foreign-carriers-2003/nobody"]},
        {"language": "fr"},
        {"template": "../executive"},
    ],
)
def test_what_cannot_be_made_is_said_on_the_form(
    reader: Visitor, web_database: Database, ids: dict[str, int], values: dict[str, object]
) -> None:
    wanted = {"assessments": [ids["shenzhen"]], "language": "zh", "template": "executive", "first": "", **values}
    answer = reader.post(PAGE, wanted)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    with web_database.read() as session:
        assert list_jobs(session) == ()


def test_the_sixth_waiting_report_is_refused_in_words(reader: Visitor, ids: dict[str, int]) -> None:
    for carrier in ("att-wireless", "sbc", "singapore-mobile-operator", "asia-pacific-mobile-operator"):
        asked(reader, ids, carriers=[f"foreign-carriers-2003/{carrier}"])
    asked(reader, ids)
    values = {"assessments": [ids["fuzhou"]], "language": "zh", "template": "executive", "first": ""}
    answer = reader.post(PAGE, values)
    assert answer.status_code == 422
    assert "等一份做完再要" in answer.text


def test_a_stranger_is_sent_to_sign_in(stranger: Visitor) -> None:
    assert stranger.get(PAGE).status_code == 302
    assert stranger.get("/api/reports/1").status_code == 401


def test_a_waiting_report_shows_its_progress_also_without_script(reader: Visitor, ids: dict[str, int]) -> None:
    number = asked(reader, ids)
    answer = reader.get(f"/reports/{number}")
    assert "等待制作" in answer.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in answer.text
    told = reader.get(f"/api/reports/{number}").json
    assert told == {"state": "queued", "progress": 0, "stage": "等待制作", "ended": False}


def test_the_stage_is_told_in_the_reader_s_language(
    reader: Visitor, web_database: Database, clock: FixedClock, ids: dict[str, int]
) -> None:
    number = asked(reader, ids)
    with web_database.begin() as session:
        claimed = store.claim(session, kinds=("report",), at=clock(), until=clock())
        assert claimed
        store.set_progress(session, claimed.id, claimed.attempt, progress=40, stage="pages 12")
    told = reader.speak("en").get(f"/api/reports/{number}").json
    assert told == {"state": "running", "progress": 40, "stage": "Laying out, page 12", "ended": False}


def test_a_finished_report_is_downloaded_under_a_name_that_says_what_it_is(
    reader: Visitor, web_database: Database, settings: Settings, clock: FixedClock, ids: dict[str, int]
) -> None:
    number = asked(reader, ids)
    finished(web_database, settings, clock)
    assert "报告已经做好" in reader.page(f"/reports/{number}").words
    with reader.get(f"/reports/{number}/file") as answer:
        assert answer.data == b"%PDF-1.7 test"
        assert answer.mimetype == "application/pdf"
        sent = answer.headers["Content-Disposition"]
        assert sent.startswith("attachment;")
        assert unquote(sent.partition("filename*=UTF-8''")[2]) == "高层报告-深圳电信-2026-03-02.pdf"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert f"/reports/{number}/file" in reader.page(PAGE).links


@pytest.mark.parametrize(
    ("failure", "words"),
    [("memory", "内存不够"), ("printing", "没有写出文件"), ("not-found", "重新选择"), ("something", "something")],
)
def test_a_failed_report_says_why_and_what_to_do(
    reader: Visitor,
    web_database: Database,
    settings: Settings,
    clock: FixedClock,
    *,
    ids: dict[str, int],
    failure: str,
    words: str,
) -> None:
    number = asked(reader, ids)
    finished(web_database, settings, clock, failure=failure)
    page = reader.page(f"/reports/{number}")
    assert words in page.words
    assert reader.get(f"/reports/{number}/file").status_code == 404


def test_a_waiting_report_can_be_cancelled(reader: Visitor, ids: dict[str, int]) -> None:
    number = asked(reader, ids)
    reader.post(f"/reports/{number}/cancel")
    assert "已取消" in reader.page(f"/reports/{number}").words


def test_a_report_that_is_not_there_is_not_found(reader: Visitor) -> None:
    for address in ("/reports/77", "/reports/77/file", "/api/reports/77"):
        assert reader.get(address).status_code == 404


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("高层报告-深圳电信", "高层报告-深圳电信.pdf"),
        ('../../etc/pass"wd\r\n', "etc-pass-wd.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
        ("***", "report.pdf"),
    ],
)
def test_file_names_are_plain(words: str, name: str) -> None:
    assert file_name(words, ".pdf") == name
