"""Asking for a report on the web, watching it and fetching it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from sqlalchemy import text

from app.services.engagements import get_engagement, list_assessments
from app.services.file_names import file_name
from app.services.jobs import list_jobs, parts_of
from app.services.report_requests import request_of
from app.storage import jobs as store
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


def wanted(ids: dict[str, int], **other: object) -> dict[str, object]:
    """What the form sends for a report of Shenzhen as a Chinese PDF."""
    return {
        "assessments": [ids["shenzhen"]],
        "languages": ["zh"],
        "formats": ["pdf"],
        "paper": "",
        "how": "together",
        "template": "executive",
        "first": "",
        "weights": "default",
        "method": "",
        **other,
    }


def asked(visitor: Visitor, ids: dict[str, int], **other: object) -> int:
    """Ask for a report of Shenzhen and return its number."""
    values = wanted(ids, **other)
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
        claimed = store.claim(session, kinds=("report", "batch"), at=clock(), until=clock())
        assert claimed
        if failure:
            store.fail(session, claimed.id, claimed.attempt, failure=failure, at=clock())
        else:
            store.finish(session, claimed.id, claimed.attempt, store.Made("reports/0.pdf", pages=17), at=clock())


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
        languages=["en"],
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
        {"languages": ["fr"]},
        {"languages": []},
        {"formats": []},
        {"formats": ["exe"]},
        {"formats": ["yaml"]},
        {"paper": "a0"},
        {"weights": "mine"},
        {"how": "somehow"},
        {"template": "progress"},
        {"template": "interview-guide"},
        {"template": "../executive"},
    ],
)
def test_what_cannot_be_made_is_said_on_the_form(
    reader: Visitor, web_database: Database, ids: dict[str, int], values: dict[str, object]
) -> None:
    answer = reader.post(PAGE, wanted(ids, **values))
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    with web_database.read() as session:
        assert list_jobs(session) == ()


def test_the_sixth_waiting_report_is_refused_in_words(reader: Visitor, ids: dict[str, int]) -> None:
    for carrier in ("att-wireless", "sbc", "singapore-mobile-operator", "asia-pacific-mobile-operator"):
        asked(reader, ids, carriers=[f"foreign-carriers-2003/{carrier}"])
    asked(reader, ids)
    answer = reader.post(PAGE, wanted(ids, assessments=[ids["fuzhou"]]))
    assert answer.status_code == 422
    assert "等一份做完再要" in answer.text


def test_a_stranger_is_sent_to_sign_in(stranger: Visitor) -> None:
    assert stranger.get(PAGE).status_code == 302
    assert stranger.get("/api/reports/1").status_code == 401


def test_a_waiting_report_shows_its_progress_also_without_script(reader: Visitor, ids: dict[str, int]) -> None:
    number = asked(reader, ids)
    answer = reader.get(f"/reports/{number}")
    assert "等待制作" in answer.text
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in answer.text
    told = reader.get(f"/api/reports/{number}").json
    job = {"id": 1, "state": "queued", "progress": 0, "stage": "等待制作", "ended": False}
    assert told == {"ended": False, "jobs": [job]}


def test_the_stage_is_told_in_the_reader_s_language(
    reader: Visitor, web_database: Database, clock: FixedClock, ids: dict[str, int]
) -> None:
    number = asked(reader, ids)
    with web_database.begin() as session:
        claimed = store.claim(session, kinds=("report", "batch"), at=clock(), until=clock())
        assert claimed
        store.set_progress(session, claimed.id, claimed.attempt, progress=40, stage="pages 12")
    told = reader.speak("en").get(f"/api/reports/{number}").json
    assert told
    assert told["jobs"] == [
        {"id": 1, "state": "running", "progress": 40, "stage": "Laying out, page 12", "ended": False}
    ]


def test_a_finished_report_is_downloaded_under_a_name_that_says_what_it_is(
    reader: Visitor, web_database: Database, settings: Settings, clock: FixedClock, ids: dict[str, int]
) -> None:
    number = asked(reader, ids)
    finished(web_database, settings, clock)
    page = reader.page(f"/reports/{number}")
    assert "17" in page.words
    assert "/jobs/1/file" in page.links
    with reader.get("/jobs/1/file") as answer:
        assert answer.data == b"%PDF-1.7 test"
        assert answer.mimetype == "application/pdf"
        sent = answer.headers["Content-Disposition"]
        assert sent.startswith("attachment;")
        assert unquote(sent.partition("filename*=UTF-8''")[2]) == "高层报告-深圳电信-2026-03-02.pdf"
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert "/jobs/1/file" in reader.page(PAGE).links
    assert reader.get("/jobs/1").headers["Location"] == f"/reports/{number}"


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
    assert reader.get("/jobs/1/file").status_code == 404
    reader.post("/jobs/1/retry")
    assert "等待制作" in reader.page(f"/reports/{number}").words


def test_a_waiting_report_can_be_cancelled(reader: Visitor, ids: dict[str, int]) -> None:
    number = asked(reader, ids)
    reader.post("/jobs/1/cancel")
    assert "已取消" in reader.page(f"/reports/{number}").words


def test_all_waiting_files_of_a_report_are_cancelled_at_once(
    reader: Visitor, web_database: Database, settings: Settings, clock: FixedClock, ids: dict[str, int]
) -> None:
    number = asked(reader, ids, formats=["pdf", "xlsx", "json"])
    finished(web_database, settings, clock)
    assert "取消没做完的 2 个文件" in reader.page(f"/reports/{number}").words
    assert "已完成 1 / 3 个文件" in reader.page(PAGE).words
    assert reader.post(f"/reports/{number}/cancel").headers["Location"] == f"/reports/{number}"
    page = reader.page(f"/reports/{number}")
    assert "取消没做完的" not in page.words
    assert page.words.count("再试一次") == 2
    assert "/jobs/1/file" in page.links
    assert reader.post("/reports/77/cancel").status_code == 404


def test_a_report_is_titled_by_its_kind_and_units(reader: Visitor, ids: dict[str, int]) -> None:
    number = asked(reader, ids)
    assert "高层报告：深圳电信" in reader.page(f"/reports/{number}").words
    assert "Executive report: Shenzhen Telecom" in reader.speak("en").page(f"/reports/{number}").words


def test_faults_are_named_with_the_punctuation_of_the_language(reader: Visitor, ids: dict[str, int]) -> None:
    answer = reader.speak("en").post(PAGE, wanted(ids, formats=[]))
    assert "Files: Choose at least one kind of file." in answer.text


def test_a_report_that_is_not_there_is_not_found(reader: Visitor) -> None:
    for address in ("/reports/77", "/api/reports/77", "/jobs/77", "/jobs/77/file", "/api/jobs/77"):
        assert reader.get(address).status_code == 404


def test_several_files_of_a_report_are_asked_for_at_once_and_more_later(
    reader: Visitor, web_database: Database, ids: dict[str, int]
) -> None:
    number = asked(reader, ids, formats=["pdf", "xlsx"], languages=["zh", "en"], paper="a4", with_data="y")
    answer = reader.post(f"/reports/{number}", {"formats": ["json"], "languages": ["en"], "paper": ""})
    assert answer.headers["Location"] == f"/reports/{number}"
    with web_database.read() as session:
        files = [request_of(job.parameters) for job in reversed(list_jobs(session))]
    assert [(one.locale, one.format, one.paper, one.data_attached) for one in files] == [
        ("zh", "pdf", "a4", True),
        ("zh", "xlsx", None, False),
        ("en", "pdf", "a4", True),
        ("en", "xlsx", None, False),
        ("en", "json", None, False),
    ]
    assert reader.post(f"/reports/{number}", {"languages": ["en"], "paper": ""}).status_code == 422


def test_a_file_that_was_cleared_out_can_be_made_again(
    reader: Visitor, web_database: Database, settings: Settings, clock: FixedClock, ids: dict[str, int]
) -> None:
    number = asked(reader, ids)
    finished(web_database, settings, clock)
    (settings.data / "reports" / "0.pdf").unlink()
    page = reader.page(f"/reports/{number}")
    assert "文件已清理，可以再做" in page.words
    assert reader.get("/jobs/1/file").status_code == 404
    assert reader.post(f"/reports/{number}/files/1").status_code == 302
    assert job(web_database).id == 2
    assert reader.post(f"/reports/{number + 1}/files/1").status_code == 404


def test_what_a_file_was_made_from_may_have_changed_and_the_page_says_so(
    reader: Visitor, web_database: Database, settings: Settings, clock: FixedClock, ids: dict[str, int]
) -> None:
    number = asked(reader, ids)
    finished(web_database, settings, clock)
    with web_database.begin() as session:
        session.execute(text("UPDATE job SET content_hash = 'of something else'"))
    assert "已过时" in reader.page(f"/reports/{number}").words


def test_one_report_for_each_unit_is_one_request(
    reader: Visitor, web_database: Database, settings: Settings, clock: FixedClock, ids: dict[str, int]
) -> None:
    answer = reader.post(PAGE, wanted(ids, how="each", assessments=list(ids.values()), languages=["zh", "en"]))
    batch = answer.headers["Location"]
    assert batch == "/jobs/1"
    page = reader.page(batch)
    assert "已完成 0 / 8 个文件" in page.words
    with web_database.read() as session:
        parts = parts_of(session, 1)
    assert len({part.report_id for part in parts}) == 4
    finished(web_database, settings, clock, failure="memory")
    assert reader.get(f"/api{batch}").json == {
        "ended": False,
        "jobs": [{"id": 1, "state": "queued", "progress": 11, "stage": "已完成 1 / 8 个文件", "ended": False}],
    }
    for _ in range(8):
        finished(web_database, settings, clock)
    page = reader.page(batch)
    assert "有 1 个文件没有做成" in page.words
    assert "内存不够" in page.words
    assert f"{batch}/file" in page.links
    assert batch in reader.page(PAGE).links
    reader.post(f"{batch}/retry")
    assert "已完成 7 / 8 个文件" in reader.page(batch).words


def test_readers_do_not_fetch_what_single_respondents_said(
    reader: Visitor,
    consultant: Visitor,
    web_database: Database,
    settings: Settings,
    clock: FixedClock,
    *,
    ids: dict[str, int],
) -> None:
    number = asked(consultant, ids, formats=["yaml"])
    finished(web_database, settings, clock)
    assert "/jobs/1/file" in consultant.page(f"/reports/{number}").links
    assert "/jobs/1/file" not in reader.page(f"/reports/{number}").links
    assert reader.get("/jobs/1/file").status_code == 403
    assert "案例文件" not in reader.page("/reports?engagement=china-telecom-2003").words.partition("以前的报告")[0]


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
