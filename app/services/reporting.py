"""Reports: asked for by a user, gathered from the database or from case files, worded and printed in the background.

One way from figures to paper for web and command line: subjects -> material -> document -> PDF.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.core.case import Case, Round, Unit
from app.core.framework import Framework, Method
from app.core.report import HOUSE
from app.core.scoring import Scorecard
from app.core.text import Locale
from app.core.weights import DEFAULT
from app.document.build import build_document
from app.document.material import Material, Subject, material
from app.document.values import Document
from app.i18n import as_locale
from app.reports.printing import WRITING, PrintingFailed, print_pdf
from app.reports.typesetting import TemplateFault, typeset
from app.services.assessing import AssessmentView, load_assessment
from app.services.engagements import list_units
from app.services.jobs import JobView, Progress, Queue, get_job
from app.services.permissions import Action, Actor, require
from app.services.refusals import Invalid, NotFound, Refused
from app.settings import CHECKOUT

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.benchmark import BenchmarkSet
    from app.settings import Settings
    from app.storage.database import Database, Session

KIND = "report"
FOLDER = "reports"  # below the data folder
MOST_ASSESSMENTS = 24
GATHERING, WORDING, PAGES, FINISHING = "gathering", "wording", "pages", "writing"


class ReportRefused(Refused):
    """The report cannot be made; the code says why."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What is asked for. `assessments` in the order of the report; `entries` None: every carrier of the set."""

    template: str
    locale: Locale
    assessments: tuple[int, ...]
    made_on: date
    benchmark: str | None = None
    entries: tuple[str, ...] | None = None
    weights: str = DEFAULT
    method: Method | None = None

    def parameters(self) -> dict[str, Any]:
        """Return the request as a job keeps it."""
        return {
            "template": self.template,
            "locale": self.locale,
            "assessments": list(self.assessments),
            "made_on": self.made_on.isoformat(),
            "benchmark": self.benchmark,
            "entries": None if self.entries is None else list(self.entries),
            "weights": self.weights,
            "method": self.method.value if self.method else None,
        }


def request_of(parameters: Mapping[str, Any]) -> ReportRequest:
    """Return the request that a job keeps."""
    entries, method = parameters["entries"], parameters["method"]
    return ReportRequest(
        template=parameters["template"],
        locale=as_locale(parameters["locale"]) or "zh",
        assessments=tuple(parameters["assessments"]),
        made_on=date.fromisoformat(parameters["made_on"]),
        benchmark=parameters["benchmark"],
        entries=None if entries is None else tuple(entries),
        weights=parameters["weights"],
        method=Method(method) if method else None,
    )


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_for_report(
    session: Session, request: ReportRequest, *, engagement_id: int, library: Library, queue: Queue, actor: Actor | None
) -> int:
    """Check a request and hand it over; return the job's id.

    Invalid names the field that cannot be used: `assessments` (none, too many, of another engagement or of more than
    one framework), `template`, `benchmark`, `weights`. NotPermitted, TooManyJobs.
    """
    require(actor, Action.REPORT)
    views = _chosen(session, request, engagement_id)
    framework = views[0].framework
    if request.template not in {report.id for report in library.reports()}:
        raise Invalid("template", "unknown-template", f"there is no report {request.template!r}")
    if request.weights not in library.weight_profiles(framework):
        raise Invalid("weights", "unknown-weights", f"there is no weight profile {request.weights!r}")
    if request.benchmark is not None and request.benchmark not in {s.id for s in library.benchmarks(framework.id)}:
        raise Invalid("benchmark", "unknown-benchmark", f"there is no benchmark {request.benchmark!r}")
    return queue.submit(session, kind=KIND, parameters=request.parameters(), engagement_id=engagement_id, actor=actor)


def _chosen(session: Session, request: ReportRequest, engagement_id: int) -> list[AssessmentView]:
    if not request.assessments:
        raise Invalid("assessments", "no-assessment", "choose at least one assessment")
    if len(request.assessments) > MOST_ASSESSMENTS:
        most = str(MOST_ASSESSMENTS)
        raise Invalid("assessments", "too-many-assessments", f"choose at most {most} assessments", most=most)
    views = [load_assessment(session, assessment_id) for assessment_id in request.assessments]
    if any(view.engagement.id != engagement_id for view in views):
        raise NotFound("assessment", request.assessments)
    if len({view.snapshot_hash for view in views}) > 1:
        raise Invalid(
            "assessments", "unlike-frameworks", "all assessments of a report must be of one framework version"
        )
    return views


# --- making ----------------------------------------------------------------------------------------------------------


def render_report(
    database: Database, library: Library, settings: Settings, parameters: Mapping[str, Any], progress: Progress
) -> Path:
    """Make the report of a job and return the file, which has a name of its own below the data folder.

    NotFound, ReportRefused (code `unknown-template` and its like, `printing`).
    """
    request = request_of(parameters)
    progress(2, GATHERING)
    with database.read() as session:
        gathered = gather(session, library, request)
    progress(8, WORDING)
    document = build_document(gathered, library.report(request.template), request.locale)
    written = print_document(document, templates_of(library.root, request.template), progress)
    folder = settings.data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{uuid4().hex}.pdf"
    file.write_bytes(written)
    return file


def gather(session: Session, library: Library, request: ReportRequest) -> Material:
    """Return what a request asks for; everything scored under one weight profile and method."""
    first = load_assessment(session, request.assessments[0])
    framework = first.framework
    profiles = library.weight_profiles(framework)
    if request.weights not in profiles:
        raise ReportRefused("unknown-weights", f"there is no weight profile {request.weights!r}")
    profile = profiles[request.weights]
    views = [load_assessment(session, one, weights=profile, method=request.method) for one in request.assessments]
    return material(
        framework,
        [subject_of(view, name) for view, name in zip(views, _names(views), strict=True)],
        made_on=request.made_on,
        weights=profile,
        benchmark=_benchmark(library, framework, request.benchmark),
        entries=request.entries,
        engagement=first.engagement.name,
        units=[unit.key for unit in list_units(session, first.engagement.id)],
    )


def _benchmark(library: Library, framework: Framework, benchmark: str | None) -> BenchmarkSet | None:
    if benchmark is None:
        return None
    for found in library.benchmarks(framework.id):
        if found.id == benchmark:
            return found
    raise ReportRefused("unknown-benchmark", f"there is no benchmark {benchmark!r}")


def _names(views: Sequence[AssessmentView]) -> list[str]:
    """Return a name for each assessment: its key, as in a case file, with its number where a key recurs."""
    keys = [view.key for view in views]
    return [view.key if keys.count(view.key) == 1 else f"{view.key}-{view.id}" for view in views]


def subject_of(view: AssessmentView, subject_id: str) -> Subject:
    """Return an assessment of the database as a report takes it."""
    return Subject(
        id=subject_id,
        name=view.unit.name,
        unit=Unit(view.unit.key, view.unit.name, view.unit.kind, view.unit.parent, view.unit.size),
        round=Round(view.round.key, view.round.name, view.round.date),
        scorecard=view.scorecard,
        agreed=view.told,
        source=view.source,
        published_decimals=view.published_decimals,
        interviews=len(view.interviews),
    )


def subject_of_case(case: Case, scorecard: Scorecard) -> Subject:
    """Return a case file as a report takes it."""
    return Subject(
        id=case.id,
        name=case.unit.name,
        unit=case.unit,
        round=case.round,
        scorecard=scorecard,
        agreed=case.scores,
        source=case.source,
        published_decimals=case.published_decimals,
        interviews=len(case.interviews),
    )


def templates_of(root: Path, template: str) -> tuple[Path, ...]:
    """Return the folders in which the templates of a report of a content root are looked for: its own, the house's."""
    house = root / "reports" / HOUSE
    return (root / "reports" / template, house if house.is_dir() else CHECKOUT / "reports" / HOUSE)


def print_document(document: Document, templates: Sequence[Path], progress: Progress | None = None) -> bytes:
    """Return a worded document as PDF. `progress` hears per cent and stage (`pages 12`, `writing`).

    ReportRefused with code `template` or `printing`.
    """
    tell = _Told(progress)
    try:
        return print_pdf(typeset(document, templates), progress=tell.hear)
    except TemplateFault as fault:
        raise ReportRefused("template", str(fault)) from fault
    except PrintingFailed as failure:
        raise ReportRefused("printing", str(failure)) from failure


class _Told:
    """Turns pages laid out into per cent that never fall; pages are laid out more than once until all numbers fit."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._page = 0

    def hear(self, stage: str, page: int) -> None:
        """Pass on what the printer says."""
        if self._progress is None:
            return
        if stage == WRITING:
            self._progress(90, FINISHING)
        elif page > self._page:
            self._page = page
            self._progress(15 + round(70 * (1 - math.exp(-page / 30))), f"{PAGES} {page}")


# --- fetching --------------------------------------------------------------------------------------------------------


def get_report(session: Session, job_id: int) -> JobView:
    """Return the job of a report; NotFound for anything else."""
    job = get_job(session, job_id)
    if job.kind != KIND:
        raise NotFound("report", job_id)
    return job


def report_file(job: JobView, settings: Settings) -> Path:
    """Return the finished file of a report; NotFound where it is not made yet, or gone."""
    if job.result is None:
        raise NotFound("report", job.id)
    file = (settings.data / job.result).resolve()
    if not file.is_relative_to((settings.data / FOLDER).resolve()) or not file.is_file():
        raise NotFound("report", job.id)
    return file


def units_of(session: Session, request: ReportRequest) -> Sequence[AssessmentView]:
    """Return the assessments of a request that are still there, in its order."""
    found: list[AssessmentView] = []
    for assessment_id in request.assessments:
        try:
            found.append(load_assessment(session, assessment_id))
        except NotFound:
            continue
    return found
