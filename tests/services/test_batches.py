"""One report for each unit: asked for at once, made one by one, put together with an index of what is missing too."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.exports.batch_index import BatchIndex, IndexFile, IndexReport, index_page
from app.jobs.child import Attempt
from app.jobs.queue import DatabaseQueue
from app.services import batches
from app.services.batches import ask_for_batch, by_unit, may_fetch, render_batch
from app.services.engagements import create_round, get_engagement, list_assessments
from app.services.file_shelf import made_file, put_file
from app.services.jobs import JobState, JobView, Product, get_job, list_jobs, parts_of
from app.services.permissions import Actor, NotPermitted, Part, Role
from app.services.refusals import Invalid, NotFound
from app.services.rendering import ingredients
from app.services.report_requests import ReportRequest, request_of
from app.services.reporting import KIND as REPORT
from app.services.reporting import Press
from app.services.walls import PUBLISHED
from app.storage import assessments
from app.storage import jobs as store
from app.storage.job_lists import forget_files
from app.storage.reports import reports
from tests.acting import acting
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.jobs import Work
    from app.settings import Settings
    from app.storage.database import Database, Session

DAY = date(2026, 3, 2)
ANN = acting(1, "ann", "Ann", Role.CONSULTANT)


@dataclass
class Office:
    """The demo engagement, and a worker whose printer writes a unit's name; `breaking` is one it cannot print."""

    database: Database
    press: Press
    engagement_id: int
    assessments: dict[str, int]
    breaking: str = ""
    hashing: bool = True

    def ask(self, *units: str, formats: tuple[str, ...] = ("pdf",), languages: tuple[str, ...] = ("zh",)) -> int:
        chosen = tuple(self.assessments[unit] for unit in units)
        first = ReportRequest("executive", "zh", chosen, DAY)
        requests = [replace(first, locale=language, format=name) for language in languages for name in formats]  # type: ignore[arg-type]
        with self.database.begin() as session:
            return ask_for_batch(session, requests, engagement_id=self.engagement_id, press=self.press, actor=ANN)

    def work(self) -> None:
        """Do every job that waits, as the worker would."""
        clock, settings = self.press.clock, self.press.settings

        def pack(work: Work) -> Product:
            return render_batch(self.database, self.press.library, settings, work)

        while True:
            with self.database.begin() as session:
                job = store.claim(session, kinds=[REPORT, batches.KIND], at=clock(), until=clock())
            if job is None:
                return
            attempt = Attempt(self.database, clock, settings.data, job.id, job.attempt)
            attempt.run({REPORT: self.print, batches.KIND: pack})

    def print(self, work: Work) -> Product:
        request = request_of(work.parameters)
        unit = next(unit for unit, one in self.assessments.items() if one == request.assessments[0])
        if unit == self.breaking:
            raise MemoryError
        content = f"{unit} {request.locale} {request.format}".encode()
        return Product(put_file(self.press.settings, content, request.format), self.hash_of(work), pages=17)

    def hash_of(self, work: Work) -> str | None:
        """Return the hash of what a file is made from, as the real printer does; None from before there were any."""
        request, roots = request_of(work.parameters), self.press.library.roots
        with self.database.read() as session:
            made = ingredients(session, request, roots) if self.hashing else None
            return made.hash_of(session, request, work.report_id) if made else None

    def publish(self, *units: str) -> None:
        with self.database.begin() as session:
            for unit in units:
                assessments.update_assessment(session, self.assessments[unit], state=PUBLISHED)

    def gives(self, job_id: int, part: Part) -> bool:
        """Tell whether somebody with this part may fetch the file of a job."""
        asker = Actor(2, "ed", "Ed", Role.READER, {self.engagement_id: part})
        with self.database.opened_for(asker=asker).read() as session:
            return may_fetch(session, get_job(session, job_id), self.press.library.roots)

    def job(self, job_id: int) -> JobView:
        with self.database.read() as session:
            return get_job(session, job_id)

    def files(self, job_id: int) -> dict[str, str]:
        with zipfile.ZipFile(made_file(self.job(job_id), self.press.settings)) as book:
            return {name: book.read(name).decode() for name in book.namelist()}


@pytest.fixture
def office(demo_database: Database, library: Library, settings: Settings, clock: FixedClock) -> Office:
    from app.services import accounts

    with demo_database.begin() as session:
        accounts.add_user(
            session, name="ann", password="seven lamps over Fuzhou", role=Role.CONSULTANT, clock=clock, display_name="A"
        )
        engagement = get_engagement(session, "china-telecom-2003")
        ids = {one.unit.key: one.id for one in list_assessments(session, engagement.id)}
    return Office(demo_database, Press(library, settings, DatabaseQueue(clock), clock), engagement.id, ids)


def test_every_unit_gets_its_files_and_an_index_in_both_languages(office: Office) -> None:
    job_id = office.ask("shenzhen", "fuzhou", formats=("pdf", "json"), languages=("zh", "en"))
    office.work()
    files = office.files(job_id)
    assert list(files) == [
        "index.html",
        "index-en.html",
        "深圳电信-2003年9月-高层报告-zh.pdf",
        "深圳电信-2003年9月-高层报告-zh.json",
        "Shenzhen Telecom-September 2003-Executive report-en.pdf",
        "Shenzhen Telecom-September 2003-Executive report-en.json",
        "福州电信-2003年9月-高层报告-zh.pdf",
        "福州电信-2003年9月-高层报告-zh.json",
        "Fuzhou Telecom-September 2003-Executive report-en.pdf",
        "Fuzhou Telecom-September 2003-Executive report-en.json",
    ]
    assert files["福州电信-2003年9月-高层报告-zh.pdf"] == "fuzhou zh pdf"
    assert "2 个评估单位，8 个文件。" in files["index.html"]
    assert "2 units, 8 files." in files["index-en.html"]


def test_one_that_fails_is_named_and_the_others_are_made(office: Office) -> None:
    office.breaking = "fuzhou"
    job_id = office.ask("shenzhen", "fuzhou", "guangzhou")
    office.work()
    assert office.job(job_id).state is JobState.DONE
    files = office.files(job_id)
    assert sorted(name[:2] for name in files) == ["in", "in", "广州", "深圳"]
    assert "1 个文件没有做成" in files["index.html"]
    assert "PDF 中文：内容太多，内存不够" in files["index.html"]
    assert "too much content for the memory" in files["index-en.html"]


def test_executives_get_a_batch_that_would_come_out_the_same_now(office: Office) -> None:
    office.publish("shenzhen", "fuzhou")
    office.breaking = "fuzhou"
    job_id = office.ask("shenzhen", "fuzhou", languages=("zh", "en"))
    office.work()
    assert office.gives(job_id, Part.EXECUTIVE), "what failed is not in the file"
    office.publish("guangzhou")
    assert office.gives(job_id, Part.EXECUTIVE)


@pytest.mark.parametrize("cleared", [False, True])
def test_a_batch_from_before_the_publication_stays_closed_to_executives_when_its_parts_are_cleared_out(
    office: Office, cleared: bool
) -> None:
    """The parts are older than the zip, and go first; what is in the zip is still what was never published."""
    job_id = office.ask("shenzhen", "fuzhou")
    office.work()
    office.publish("shenzhen", "fuzhou")
    if cleared:
        with office.database.begin() as session:
            forget_files(session, [one.result for one in parts_of(session, job_id) if one.result])
    assert not office.gives(job_id, Part.EXECUTIVE)
    assert office.gives(job_id, Part.OBSERVER)


def test_a_file_of_which_nobody_knows_what_it_was_made_from_is_not_for_executives(office: Office) -> None:
    office.publish("shenzhen")
    office.hashing = False
    job_id = office.ask("shenzhen")
    office.work()
    with office.database.read() as session:
        (part,) = parts_of(session, job_id)
    assert not office.gives(job_id, Part.EXECUTIVE)
    assert not office.gives(part.id, Part.EXECUTIVE)


def test_every_report_of_a_batch_is_kept_once(office: Office) -> None:
    for _ in range(2):
        office.ask("shenzhen", "fuzhou", languages=("zh", "en"))
        office.work()
    with office.database.read() as session:
        assert len(reports(session, office.engagement_id)) == 2


def test_a_batch_asked_for_twice_while_it_waits_is_one(office: Office) -> None:
    assert office.ask("shenzhen", "fuzhou") == office.ask("shenzhen", "fuzhou")
    with office.database.read() as session:
        (job,) = list_jobs(session, kind=batches.KIND)
        assert len(parts_of(session, job.id)) == 2


def test_nobody_signed_in_asks_for_nothing_and_no_format_is_no_batch(office: Office) -> None:
    request = ReportRequest("executive", "zh", (office.assessments["shenzhen"],), DAY)
    with office.database.begin() as session:
        with pytest.raises(NotPermitted):
            ask_for_batch(session, [request], engagement_id=office.engagement_id, press=office.press, actor=None)
        with pytest.raises(Invalid) as refused:
            ask_for_batch(session, [], engagement_id=office.engagement_id, press=office.press, actor=ANN)
        wanted = replace(request, template="progress")
        with pytest.raises(Invalid) as progress:
            ask_for_batch(session, [wanted], engagement_id=office.engagement_id, press=office.press, actor=ANN)
    assert (refused.value.code, progress.value.code) == ("no-format", "one-round-only")


def test_a_batch_is_not_endless(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_FILES", 3)
    with pytest.raises(Invalid) as refused:
        office.ask("shenzhen", "fuzhou", languages=("zh", "en"))
    assert refused.value.code == "too-many-files"


def test_all_rounds_of_a_unit_stand_in_one_report_the_newest_first(demo_session: Session, clock: FixedClock) -> None:
    engagement = get_engagement(demo_session, "china-telecom-2003")
    later = create_round(demo_session, engagement.id, key="2004-09", name=Text(zh="2004年9月"), day=date(2004, 9, 1))
    summaries = list_assessments(demo_session, engagement.id)
    listed = {one.id: one for one in summaries}
    shenzhen = next(one for one in summaries if one.unit.key == "shenzhen")
    fuzhou = next(one for one in summaries if one.unit.key == "fuzhou")
    listed[99] = replace(shenzhen, id=99, round=later)
    assert by_unit((shenzhen.id, 99, fuzhou.id), listed) == [(99, shenzhen.id), (fuzhou.id,)]
    with pytest.raises(NotFound):
        by_unit((4711,), listed)
    with pytest.raises(Invalid):
        by_unit((), listed)


def test_the_index_shows_words_as_words_whatever_they_are() -> None:
    evil = Text(zh='<script src="//x">"深圳"&')
    file = IndexFile('a"b<c>.pdf', "zh", "pdf", 3, 2048)
    page = index_page(BatchIndex(evil, evil, DAY, [IndexReport(evil, evil, 1, [file])]), "en")
    assert "<script" not in page
    assert 'href="a%22b%3Cc%3E.pdf"' in page
    assert '<span lang="zh-Hans">&lt;script' in page
    assert "3 pages, 2 KB" in page
