"""Asking for a report, making it from the database, and fetching the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.core.judging import judge, respondents_of
from app.core.scoring import score
from app.core.weights import default_profile
from app.document.build import build_document
from app.document.material import material
from app.jobs.queue import DatabaseQueue
from app.services.engagements import archive_assessment, get_engagement, list_assessments
from app.services.jobs import MOST_UNFINISHED, TooManyJobs, get_job, list_jobs
from app.services.permissions import Actor, NotPermitted, Role
from app.services.refusals import Invalid, NotFound
from app.services.reporting import (
    KIND,
    ReportRefused,
    ReportRequest,
    ask_for_report,
    gather,
    get_report,
    render_report,
    report_file,
    request_of,
    subject_of_case,
)
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.content.library import Library
    from app.settings import Settings
    from app.storage.database import Database, Session

READER = Actor(1, "reader", "Reader", Role.READER)
DAY = date(2026, 3, 2)


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
    from app.services import accounts

    accounts.add_user(
        demo_session, name="reader", password="seven lamps over Fuzhou", role=Role.READER, clock=clock, display_name="R"
    )
    return Actor(accounts.get_user(demo_session, "reader").id, "reader", "R", Role.READER)


def test_a_reader_may_ask_and_the_job_keeps_the_request(
    demo_session: Session, library: Library, clock: FixedClock, ids: dict[str, int], *, engagement_id: int, asker: Actor
) -> None:
    request = wanted(ids["shenzhen"], ids["fuzhou"])
    job_id = ask_for_report(
        demo_session,
        request,
        engagement_id=engagement_id,
        library=library,
        queue=DatabaseQueue(clock),
        actor=asker,
    )
    job = get_report(demo_session, job_id)
    assert request_of(job.parameters) == request
    assert (job.kind, job.engagement_id, job.created_by) == (KIND, engagement_id, asker.user_id)


def test_a_stranger_may_not_ask(
    demo_session: Session, library: Library, clock: FixedClock, ids: dict[str, int], engagement_id: int
) -> None:
    with pytest.raises(NotPermitted):
        ask_for_report(
            demo_session,
            wanted(ids["shenzhen"]),
            engagement_id=engagement_id,
            library=library,
            queue=DatabaseQueue(clock),
            actor=None,
        )


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"assessments": ()}, "assessments", "no-assessment"),
        ({"assessments": tuple(range(30))}, "assessments", "too-many-assessments"),
        ({"template": "nope"}, "template", "unknown-template"),
        ({"benchmark": "nope"}, "benchmark", "unknown-benchmark"),
        ({"weights": "nope"}, "weights", "unknown-weights"),
    ],
)
def test_what_cannot_be_made_is_refused_before_it_is_queued(
    demo_session: Session,
    library: Library,
    clock: FixedClock,
    ids: dict[str, int],
    *,
    engagement_id: int,
    change: dict[str, object],
    field: str,
    code: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        ask_for_report(
            demo_session,
            replace(wanted(ids["shenzhen"]), **change),  # type: ignore[arg-type]
            engagement_id=engagement_id,
            library=library,
            queue=DatabaseQueue(clock),
            actor=READER,
        )
    assert (refused.value.field, refused.value.code) == (field, code)
    assert list_jobs(demo_session, kind=KIND) == ()


def test_an_assessment_of_another_engagement_is_not_there(
    demo_session: Session, library: Library, clock: FixedClock, ids: dict[str, int], engagement_id: int
) -> None:
    with pytest.raises(NotFound):
        ask_for_report(
            demo_session,
            wanted(ids["shenzhen"]),
            engagement_id=engagement_id + 1,
            library=library,
            queue=DatabaseQueue(clock),
            actor=READER,
        )


def test_nobody_may_have_endless_reports_waiting(
    demo_session: Session, library: Library, clock: FixedClock, ids: dict[str, int], *, engagement_id: int, asker: Actor
) -> None:
    def ask(day: int) -> int:
        return ask_for_report(
            demo_session,
            wanted(ids["shenzhen"], made_on=date(2026, 3, day)),
            engagement_id=engagement_id,
            library=library,
            queue=DatabaseQueue(clock),
            actor=asker,
        )

    assert ask(1) == ask(1)
    waiting = [ask(day) for day in range(2, 1 + MOST_UNFINISHED)]
    assert len(waiting) == MOST_UNFINISHED - 1
    with pytest.raises(TooManyJobs):
        ask(20)


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


def test_a_job_makes_a_file_with_a_name_of_its_own(
    demo_database: Database, library: Library, settings: Settings
) -> None:
    with demo_database.read() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        ids = {one.unit.key: one.id for one in list_assessments(session, engagement.id)}
    told: list[tuple[int, str]] = []
    request = wanted(ids["fuzhou"], locale="en")
    file = render_report(
        demo_database, library, settings, request.parameters(), lambda percent, stage: told.append((percent, stage))
    )
    assert file.parent == settings.data / "reports"
    assert file.read_bytes().startswith(b"%PDF-")
    assert "fuzhou" not in file.name
    assert [percent for percent, _ in told] == sorted(percent for percent, _ in told)
    assert told[0] == (2, "gathering")
    assert told[-1] == (90, "writing")
    assert any(stage.startswith("pages ") for _, stage in told)
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


def test_a_file_outside_the_reports_folder_is_not_there(
    demo_session: Session, settings: Settings, tmp_path: Path
) -> None:
    from app.services.jobs import JobState, JobView

    (tmp_path / "data").mkdir(exist_ok=True)
    (settings.data / "secret-key").write_text("x")
    for result in ("secret-key", "../x", "reports/../secret-key", None):
        job = JobView(1, KIND, None, {}, JobState.DONE, 100, None, None, result, None, None, None)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            report_file(job, settings)


def test_another_kind_of_job_is_no_report(demo_session: Session, clock: FixedClock) -> None:
    job_id = DatabaseQueue(clock).submit(demo_session, kind="other", parameters={}, engagement_id=None, actor=None)
    assert get_job(demo_session, job_id).kind == "other"
    with pytest.raises(NotFound):
        get_report(demo_session, job_id)
