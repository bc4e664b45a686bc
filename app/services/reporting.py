"""Reports: asked for by a user, as one file or several; made in the background, or at once where nothing changed.

One way from figures to paper for web and command line: subjects -> material -> document -> file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.report import About, ReportDefinition
from app.services import trail
from app.services.bridging import ground_of, way_to
from app.services.engagements import AssessmentSummary, assessment_record, list_assessments
from app.services.file_shelf import made_file
from app.services.jobs import JobState, JobView, finish_at_once, jobs_of_reports
from app.services.kept_reports import keep_report
from app.services.permissions import Action, Actor, require
from app.services.pinning import pinned_framework
from app.services.printing import print_document, templates_of
from app.services.refusals import Invalid, NotFound
from app.services.rendering import file_made_from, ingredients, render_report
from app.services.report_formats import FORMATS, HOLDING_ANSWERS, HOLDING_DATA, LAID_OUT
from app.services.report_material import ReportRefused, gather, subject_of, subject_of_case
from app.services.report_requests import ReportRequest, request_of

if TYPE_CHECKING:
    from app.content.library import Library
    from app.content.roots import Roots
    from app.services.clock import Clock
    from app.services.jobs import Queue
    from app.settings import Settings
    from app.storage.database import Session

__all__ = [
    "ReportRefused",
    "ReportRequest",
    "gather",
    "print_document",
    "render_report",
    "request_of",
    "subject_of",
    "subject_of_case",
    "templates_of",
]

KIND = "report"
MOST_ASSESSMENTS = 24
USUAL = "executive"


@dataclass(frozen=True)
class Press:
    """What asking needs of an installation: its content, its settings, its queue, its clock."""

    library: Library
    settings: Settings
    queue: Queue
    clock: Clock


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that was asked for, and the jobs of its files in the order of the requests."""

    report_id: int
    jobs: tuple[int, ...]


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_for_report(
    session: Session, requests: Sequence[ReportRequest], *, engagement_id: int, press: Press, actor: Actor | None
) -> Asked:
    """Check requests for files of one report and hand them over; a file that is there already is done at once.

    Invalid names the field that cannot be used: `assessments` (none, too many, of another engagement or of more than
    one framework, without two rounds where the report tells of changes), `template`, `benchmark`, `weights`,
    `formats`. NotPermitted, TooManyJobs. ValueError for requests of more than one report.
    """
    require(actor, Action.REPORT)
    if not requests:
        raise Invalid("formats", "no-format", "choose at least one file format and language")
    first = requests[0]
    if any(request.contents() != first.contents() for request in requests):
        raise ValueError("the requests are not for files of one report")
    listed = {one.id: one for one in list_assessments(session, engagement_id, archived=True)}
    check_request(session, first, listed, press.library)
    check_formats(requests, actor)
    report_id = keep_report(session, first, engagement_id=engagement_id, actor=actor, clock=press.clock)
    made = ingredients(session, first, press.library.roots)
    jobs = []
    for request in map(plain, requests):
        content_hash = made.hash_of(session, request, report_id)
        jobs.append(
            _job(session, request, report_id, content_hash, engagement_id=engagement_id, press=press, actor=actor)
        )
    trail.record(
        session,
        trail.Event.REPORT_ASKED,
        actor=actor,
        clock=press.clock,
        where=trail.Where(engagement_id),
        about=("report", report_id),
        details={"format": sorted({request.format for request in requests}), "count": len(jobs)},
    )
    return Asked(report_id, tuple(jobs))


def _job(
    session: Session,
    request: ReportRequest,
    report_id: int,
    content_hash: str,
    *,
    engagement_id: int,
    press: Press,
    actor: Actor | None,
) -> int:
    """Return the job that has made just this file, is about to, or is queued for it now."""
    parameters = request.parameters()
    for job in jobs_of_reports(session, [report_id]):
        if (
            job.content_hash == content_hash
            and job.kept
            and job.parameters == parameters
            and is_there(job, press.settings)
        ):
            return job.id
    job_id = press.queue.submit(
        session, kind=KIND, parameters=parameters, engagement_id=engagement_id, actor=actor, report_id=report_id
    )
    product = file_made_from(session, content_hash, press.settings)
    if product is not None:
        finish_at_once(session, job_id, product, data=press.settings.data, clock=press.clock)
    return job_id


def check_formats(requests: Sequence[ReportRequest], actor: Actor | None) -> None:
    """Raise Invalid where a file format is not known, NotPermitted where it is not for this user."""
    for request in requests:
        if request.format not in FORMATS:
            raise Invalid("formats", "unknown-format", f"there is no file format {request.format!r}")
        require(actor, action_for(request.format))


def action_for(*formats: str) -> Action:
    """Return what somebody must be allowed to do who asks for files of some formats, or fetches them."""
    return Action.EXPORT if HOLDING_ANSWERS.intersection(formats) else Action.REPORT


def plain(request: ReportRequest) -> ReportRequest:
    """Return a request without choices that its file format cannot follow, so that equal files are known as equal."""
    return replace(
        request,
        paper=request.paper if request.format in LAID_OUT else None,
        data_attached=request.data_attached and request.format in HOLDING_DATA,
    )


def check_request(
    session: Session, request: ReportRequest, listed: Mapping[int, AssessmentSummary], library: Library
) -> None:
    """Raise Invalid where a report cannot be made from what was chosen of the assessments `listed`."""
    chosen = _chosen(request, listed)
    definition = next((one for one in offered_reports(library) if one.id == request.template), None)
    if definition is None:
        raise Invalid("template", "unknown-template", f"there is no report {request.template!r}")
    rounds = Counter(unit for unit, _ in {(one.unit.id, one.round.id) for one in chosen})
    if definition.about is About.ROUNDS and max(rounds.values()) == 1:
        raise Invalid("assessments", "one-round-only", "this report needs two rounds of the same unit")
    snapshots = {assessment_record(session, one.id).framework_snapshot_id for one in chosen}
    frameworks = [pinned_framework(session, snapshot) for snapshot in sorted(snapshots)]
    framework = ground_of(frameworks)
    if any(way_to(framework, one, library) is None for one in frameworks):
        raise Invalid(
            "assessments", "unlike-frameworks", "all assessments of a report must be of one framework and scale"
        )
    if request.weights not in library.weight_profiles(framework):
        raise Invalid("weights", "unknown-weights", f"there is no weight profile {request.weights!r}")
    if request.benchmark is not None and request.benchmark not in {s.id for s in library.benchmarks(framework.id)}:
        raise Invalid("benchmark", "unknown-benchmark", f"there is no benchmark {request.benchmark!r}")


def _chosen(request: ReportRequest, listed: Mapping[int, AssessmentSummary]) -> list[AssessmentSummary]:
    if not request.assessments:
        raise Invalid("assessments", "no-assessment", "choose at least one assessment")
    if len(request.assessments) > MOST_ASSESSMENTS:
        most = str(MOST_ASSESSMENTS)
        raise Invalid("assessments", "too-many-assessments", f"choose at most {most} assessments", most=most)
    if any(assessment_id not in listed for assessment_id in request.assessments):
        raise NotFound("assessment", request.assessments)
    return [listed[assessment_id] for assessment_id in request.assessments]


def offered_reports(library: Library) -> tuple[ReportDefinition, ...]:
    """Return the reports that can be asked for, the usual one first; an interview's guide is asked for elsewhere."""
    offered = [definition for definition in library.reports() if definition.about is not About.INTERVIEW]
    return tuple(sorted(offered, key=lambda definition: definition.id != USUAL))


# --- looking at what there is --------------------------------------------------------------------------------------


def is_there(job: JobView, settings: Settings) -> bool:
    """Tell whether the file of a job can be fetched."""
    try:
        made_file(job, settings)
    except NotFound:
        return False
    return True


def newest_files(jobs: Sequence[JobView]) -> list[JobView]:
    """Return the newest job of every file of a report: of each language, format and paper, in that order."""
    newest: dict[tuple[object, ...], JobView] = {}
    for job in sorted(jobs, key=lambda one: one.id):
        request = request_of(job.parameters)
        former = newest.get(_file(request))
        if former is None or job.state is not JobState.CANCELLED or not former.kept:
            newest[_file(request)] = job
    order = {name: place for place, name in enumerate(FORMATS)}
    return sorted(
        newest.values(),
        key=lambda job: (
            request_of(job.parameters).locale != "zh",
            order.get(request_of(job.parameters).format, len(order)),
            job.id,
        ),
    )


def _file(request: ReportRequest) -> tuple[object, ...]:
    return request.locale, request.format, request.paper, request.data_attached


def out_of_date(session: Session, jobs: Sequence[JobView], roots: Roots) -> frozenset[int]:
    """Return the ids of finished jobs of one report whose file would come out otherwise now, or nobody knows.

    Files that are no longer kept count too: they may live on in the file of a batch.
    """
    done = [job for job in jobs if job.state is JobState.DONE]
    if not done:
        return frozenset()
    try:
        made = ingredients(session, request_of(done[0].parameters), roots)
    except NotFound:
        return frozenset(job.id for job in done)
    return frozenset(
        job.id for job in done if job.content_hash != made.hash_of(session, request_of(job.parameters), job.report_id)
    )
