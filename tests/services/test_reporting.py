"""Asking for a report, making it from the database, and fetching the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from app.core.judging import judge, respondents_of
from app.core.report import Paper
from app.core.scoring import score
from app.core.weights import default_profile
from app.document.build import build_document
from app.document.material import material
from app.jobs.child import Attempt
from app.jobs.queue import DatabaseQueue
from app.services.engagements import archive_assessment, get_engagement, list_assessments
from app.services.file_shelf import made_file
from app.services.jobs import MOST_UNFINISHED, JobState, JobView, TooManyJobs, Work, get_job, list_jobs
from app.services.permissions import Actor, NotPermitted, Role
from app.services.printing import PagesTold
from app.services.refusals import Invalid, NotFound
from app.services.rendering import render_report
from app.services.report_formats import FileFormat, Rendering
from app.services.report_material import ReportRefused, gather, subject_of_case
from app.services.report_requests import ReportRequest, request_of
from app.services.reporting import KIND, Asked, Press, ask_for_report, out_of_date
from app.storage import assessments
from app.storage import jobs as store
from app.storage.publications import insert_publication
from tests.acting import acting
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.content.library import Library
    from app.settings import Settings
    from app.storage.database import Database, Session

READER = acting(1, "reader", "Reader", Role.READER)
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def ids(demo_session: Session) -> dict[str, int]:
    """Assessment ids of the demo engagement by unit."""
    engagement = get_engagement(demo_session, "china-telecom-2003")
    return {one.unit.key: one.id for one in list_assessments(demo_session, engagement.id)}


@pytest.fixture
def engagement_id(demo_session: Session) -> int:
    return get_engagement(demo_session, "china-telecom-2003").id


def wanted(*assessments: int, **other: object) -> ReportRequest:
    request = ReportRequest("executive", "zh", assessments, DAY, benchmark="foreign-carriers-2003")
    return replace(request, **other)  # type: ignore[arg-type]


def test_a_request_survives_the_job(ids: dict[str, int]) -> None:
    request = wanted(ids["shenzhen"], entries=("sbc",))
    assert request_of(request.parameters()) == request


@pytest.fixture
def asker(demo_session: Session, clock: FixedClock) -> Actor:
    """A reader who can sign in."""
    return somebody(demo_session, clock, Role.READER)


def somebody(session: Session, clock: FixedClock, role: Role) -> Actor:
    from app.services import accounts

    accounts.add_user(
        session, name=role.value, password="seven lamps over Fuzhou", role=role, clock=clock, display_name="R"
    )
    return acting(accounts.get_user(session, role.value).id, role.value, "R", role)


@pytest.fixture
def press(library: Library, settings: Settings, clock: FixedClock) -> Press:
    return Press(library, settings, DatabaseQueue(clock), clock)


def test_a_reader_may_ask_and_the_job_keeps_the_request(
    demo_session: Session, press: Press, ids: dict[str, int], *, engagement_id: int, asker: Actor
) -> None:
    request = wanted(ids["shenzhen"], ids["fuzhou"])
    asked = ask_for_report(demo_session, [request], engagement_id=engagement_id, press=press, actor=asker)
    job = get_job(demo_session, asked.jobs[0])
    assert request_of(job.parameters) == request
    assert (job.kind, job.engagement_id, job.created_by) == (KIND, engagement_id, asker.user_id)
    assert job.report_id == asked.report_id


def test_all_files_of_a_report_belong_to_it_and_so_does_the_same_report_tomorrow(
    demo_session: Session, press: Press, ids: dict[str, int], *, engagement_id: int, asker: Actor
) -> None:
    def ask(*requests: ReportRequest) -> Asked:
        return ask_for_report(demo_session, requests, engagement_id=engagement_id, press=press, actor=asker)

    one = wanted(ids["shenzhen"])
    both = ask(one, replace(one, locale="en", format="xlsx", paper=Paper.A4, data_attached=True))
    tomorrow = ask(replace(one, made_on=date(2026, 3, 3)))
    assert both.report_id == tomorrow.report_id
    assert len({*both.jobs, *tomorrow.jobs}) == 3
    workbook = request_of(get_job(demo_session, both.jobs[1]).parameters)
    assert (workbook.paper, workbook.data_attached) == (None, False), "a workbook has no paper and is the data"
    assert ask(wanted(ids["shenzhen"], ids["fuzhou"])).report_id != both.report_id


def test_files_of_different_reports_are_not_asked_for_together(
    demo_session: Session, press: Press, ids: dict[str, int], *, engagement_id: int, asker: Actor
) -> None:
    requests = [wanted(ids["shenzhen"]), wanted(ids["fuzhou"])]
    with pytest.raises(ValueError, match="one report"):
        ask_for_report(demo_session, requests, engagement_id=engagement_id, press=press, actor=asker)


def test_a_stranger_may_not_ask(demo_session: Session, press: Press, ids: dict[str, int], engagement_id: int) -> None:
    with pytest.raises(NotPermitted):
        ask_for_report(demo_session, [wanted(ids["shenzhen"])], engagement_id=engagement_id, press=press, actor=None)


def test_what_single_respondents_said_is_for_those_who_may_take_assessments_out(
    demo_session: Session, press: Press, clock: FixedClock, ids: dict[str, int], *, engagement_id: int, asker: Actor
) -> None:
    request = wanted(ids["shenzhen"], format="yaml")
    with pytest.raises(NotPermitted):
        ask_for_report(demo_session, [request], engagement_id=engagement_id, press=press, actor=asker)
    consultant = somebody(demo_session, clock, Role.CONSULTANT)
    assert ask_for_report(demo_session, [request], engagement_id=engagement_id, press=press, actor=consultant).jobs


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"assessments": ()}, "assessments", "no-assessment"),
        ({"assessments": tuple(range(30))}, "assessments", "too-many-assessments"),
        ({"template": "nope"}, "template", "unknown-template"),
        ({"template": "interview-guide"}, "template", "unknown-template"),
        ({"template": "progress"}, "assessments", "one-round-only"),
        ({"benchmark": "nope"}, "benchmark", "unknown-benchmark"),
        ({"weights": "nope"}, "weights", "unknown-weights"),
        ({"format": "exe"}, "formats", "unknown-format"),
    ],
)
def test_what_cannot_be_made_is_refused_before_it_is_queued(
    demo_session: Session,
    press: Press,
    ids: dict[str, int],
    *,
    engagement_id: int,
    change: dict[str, object],
    field: str,
    code: str,
) -> None:
    request = replace(wanted(ids["shenzhen"]), **change)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        ask_for_report(demo_session, [request], engagement_id=engagement_id, press=press, actor=READER)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert list_jobs(demo_session, kind=KIND) == ()


def test_an_assessment_of_another_engagement_is_not_there(
    demo_session: Session, press: Press, ids: dict[str, int], engagement_id: int
) -> None:
    with pytest.raises(NotFound):
        ask_for_report(
            demo_session, [wanted(ids["shenzhen"])], engagement_id=engagement_id + 1, press=press, actor=READER
        )


def test_nobody_may_have_endless_reports_waiting(
    demo_session: Session, press: Press, ids: dict[str, int], *, engagement_id: int, asker: Actor
) -> None:
    def ask(*carriers: str) -> Asked:
        request = wanted(ids["fuzhou"], entries=carriers)
        return ask_for_report(demo_session, [request], engagement_id=engagement_id, press=press, actor=asker)

    assert ask("sbc") == ask("sbc")
    others = ("att-wireless", "singapore-mobile-operator", "asia-pacific-mobile-operator")
    waiting = [ask("sbc", other) for other in others] + [ask("att-wireless")]
    assert len(waiting) == MOST_UNFINISHED - 1
    with pytest.raises(TooManyJobs):
        ask("singapore-mobile-operator")


def test_the_database_and_the_case_files_make_the_same_document(
    demo_session: Session, library: Library, ids: dict[str, int]
) -> None:
    units = ("china-telecom", "shenzhen", "guangzhou", "fuzhou")
    stored = gather(demo_session, library, wanted(*(ids[unit] for unit in units)))
    framework = library.framework("telecom-crm")
    cases = {case.unit.id: case for case in library.cases("telecom-crm")}
    tree = library.unit_tree("telecom-crm")
    assert tree is not None
    subjects = [
        subject_of_case(
            case,
            score(framework, judge(framework, case.scores, respondents_of(case, None)), published=case.published),
        )
        for case in (cases[unit] for unit in units)
    ]
    filed = material(
        framework,
        subjects,
        made_on=DAY,
        weights=default_profile(framework),
        benchmark=library.benchmarks("telecom-crm")[0],
        engagement=tree.name,
        units=[unit.id for unit in tree.depth_first],
    )
    definition = library.report("executive")
    for locale in ("zh", "en"):
        assert build_document(stored, definition, locale) == build_document(filed, definition, locale)


# --- the same file is made once --------------------------------------------------------------------------------------


@dataclass
class Office:
    """Everything that asking and making needs, with a stand-in for the printer."""

    database: Database
    press: Press
    asker: Actor
    engagement_id: int
    printed: list[str]

    def ask(self, request: ReportRequest) -> JobView:
        with self.database.begin() as session:
            asked = ask_for_report(
                session, [request], engagement_id=self.engagement_id, press=self.press, actor=self.asker
            )
            return get_job(session, asked.jobs[0])

    def work(self) -> None:
        """Do every job that waits, as the worker would."""
        handlers = {KIND: lambda work: render_report(self.database, self.press.library, self.press.settings, work)}
        while True:
            with self.database.begin() as session:
                at = self.press.clock()
                job = store.claim(session, kinds=[KIND], at=at, until=at)
            if job is None:
                return
            Attempt(self.database, self.press.clock, self.press.settings.data, job.id, job.attempt).run(handlers)


@pytest.fixture
def office(
    demo_database: Database, library: Library, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Office:
    printed: list[str] = []

    def write(rendering: Rendering) -> bytes:
        printed.append(rendering.document.title)
        return f"%PDF- {len(printed)} {rendering.document.message[0].text}".encode()

    stand_in = FileFormat("pdf", "application/pdf", write, lambda _: 31)
    monkeypatch.setattr("app.services.rendering.FORMATS", {"pdf": stand_in})
    with demo_database.begin() as session:
        asker = somebody(session, clock, Role.CONSULTANT)
        engagement = get_engagement(session, "china-telecom-2003")
    return Office(demo_database, Press(library, settings, DatabaseQueue(clock), clock), asker, engagement.id, printed)


@pytest.fixture
def fuzhou(office: Office) -> int:
    with office.database.read() as session:
        return next(one.id for one in list_assessments(session, office.engagement_id) if one.unit.key == "fuzhou")


def test_asking_again_for_what_has_not_changed_gives_the_file_at_once(office: Office, fuzhou: int) -> None:
    first = office.ask(wanted(fuzhou))
    assert first.state is JobState.QUEUED
    office.work()
    again = office.ask(wanted(fuzhou))
    assert (again.id, again.state, again.pages) == (first.id, JobState.DONE, 31)
    assert made_file(again, office.press.settings).is_file()
    assert len(office.printed) == 1


def test_a_changed_score_another_language_and_another_day_are_new_files(office: Office, fuzhou: int) -> None:
    for request in (wanted(fuzhou), wanted(fuzhou, locale="en"), wanted(fuzhou, made_on=date(2026, 3, 9))):
        assert office.ask(request).state is JobState.QUEUED
        office.work()
    assert len(office.printed) == 3
    with office.database.begin() as session:
        set_score(session, fuzhou)
    assert office.ask(wanted(fuzhou)).state is JobState.QUEUED


def set_score(session: Session, assessment_id: int) -> None:
    """Agree on a score for an element."""
    values = assessments.AgreedScoreValues(state="scored", steps=4)
    assessments.insert_agreed_scores(session, assessment_id, {"customer-data-strategy": values}, at=NOW, user_id=None)


def test_two_reports_of_the_same_content_share_one_file(office: Office, fuzhou: int) -> None:
    first = office.ask(wanted(fuzhou))
    second = office.ask(wanted(fuzhou))
    assert first.id == second.id, "it waits already"
    office.work()
    with office.database.begin() as session:
        sharing = office.press.queue.submit(
            session,
            kind=KIND,
            parameters=wanted(fuzhou).parameters(),
            engagement_id=office.engagement_id,
            actor=None,
        )
    office.work()
    with office.database.read() as session:
        one, two = get_job(session, first.id), get_job(session, sharing)
    assert (one.result, one.content_hash) == (two.result, two.content_hash)
    assert len(office.printed) == 1


def test_a_file_that_has_gone_is_made_again(office: Office, fuzhou: int) -> None:
    first = office.ask(wanted(fuzhou))
    office.work()
    with office.database.read() as session:
        made_file(get_job(session, first.id), office.press.settings).unlink()
    again = office.ask(wanted(fuzhou))
    assert (again.id != first.id, again.state) == (True, JobState.QUEUED)
    office.work()
    assert len(office.printed) == 2


def test_a_finished_file_is_known_to_be_out_of_date(office: Office, fuzhou: int) -> None:
    job_id = office.ask(wanted(fuzhou)).id
    office.work()
    root = office.press.library.root
    with office.database.begin() as session:
        assert out_of_date(session, [get_job(session, job_id)], root) == frozenset()
        set_score(session, fuzhou)
        assert out_of_date(session, [get_job(session, job_id)], root) == {job_id}


def test_a_publication_makes_finished_files_out_of_date(office: Office, fuzhou: int) -> None:
    job_id = office.ask(wanted(fuzhou)).id
    office.work()
    root = office.press.library.root
    with office.database.begin() as session:
        insert_publication(
            session,
            kind="weights",
            key="telecom-crm/service",
            version="1",
            hash="0",
            files={"service.yaml": ""},
            note="n",
            step="first",
            published_at=NOW,
        )
        assert out_of_date(session, [get_job(session, job_id)], root) == {job_id}


def test_a_report_in_the_making_tells_how_far_it_is(office: Office, fuzhou: int) -> None:
    told: list[tuple[int, str]] = []
    work = Work(1, wanted(fuzhou).parameters(), None, lambda percent, stage: told.append((percent, stage)))
    product = render_report(office.database, office.press.library, office.press.settings, work)
    assert product.file.parent == office.press.settings.data / "reports"
    assert "fuzhou" not in product.file.name
    assert told == [(2, "gathering"), (8, "wording")]


def test_the_printer_tells_its_pages_in_per_cent_that_never_fall() -> None:
    told: list[tuple[int, str]] = []
    pages = PagesTold(lambda percent, stage: told.append((percent, stage)))
    for _ in range(2):
        for page in range(1, 40):
            pages._told_at = -1.0
            pages.hear("pages", page)
    pages.hear("writing", 0)
    assert [percent for percent, _ in told] == sorted(percent for percent, _ in told)
    assert told[-1] == (90, "writing")
    assert all(len(stage) <= 40 for _, stage in told)


def test_an_archived_benchmark_or_profile_is_refused_in_the_job(
    demo_session: Session, library: Library, ids: dict[str, int]
) -> None:
    with pytest.raises(ReportRefused) as refused:
        gather(demo_session, library, wanted(ids["fuzhou"], benchmark="gone"))
    assert refused.value.code == "unknown-benchmark"


def test_an_archived_assessment_can_still_be_reported(
    demo_session: Session, library: Library, clock: FixedClock, ids: dict[str, int]
) -> None:
    archive_assessment(demo_session, ids["shenzhen"], clock)
    found = gather(demo_session, library, wanted(ids["shenzhen"]))
    assert [subject.id for subject in found.subjects] == ["shenzhen-2003"]
