"""One file of a report, made in the background: gathered, worded, edited, written; or found, where nothing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.content.roots import Roots, as_roots
from app.core.report import Paper, ReportDefinition
from app.document.build import build_document
from app.document.edits import with_edits
from app.services.assessing import AssessmentView, load_assessment
from app.services.clock import Clock, system_clock
from app.services.engagements import get_engagement_by_id, list_units
from app.services.file_shelf import kept_path, put_file
from app.services.fingerprints import files_below, fingerprint, program
from app.services.issuing import Issue, told_of
from app.services.jobs import Product
from app.services.kept_reports import edits_of
from app.services.printing import templates_of
from app.services.report_formats import FORMATS, Rendering
from app.services.report_material import ReportRefused, gather, told_apart
from app.services.report_requests import ReportRequest, request_of
from app.storage import job_lists as store
from app.storage.publications import newest_publication

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.jobs import Work
    from app.settings import Settings
    from app.storage.database import Database, Session

GATHERING, WORDING = "gathering", "wording"


def render_report(
    database: Database, library: Library, settings: Settings, work: Work, *, clock: Clock = system_clock
) -> Product:
    """Make the file of a job, or find one that was made from the very same; it has a name of its own.

    NotFound, ReportRefused (code `unknown-template` and its like, `template`, `printing`).
    """
    request = request_of(work.parameters)
    work.progress(2, GATHERING)
    with database.read() as session:
        content_hash = ingredients(session, request, library.roots).hash_of(session, request, work.report_id)
        found = file_made_from(session, content_hash, settings)
        if found is not None:
            return found
        gathered = gather(session, library, request)
        edits = _edits(session, work.report_id, request)
        told = told_of(session, request.assessments)
    work.progress(8, WORDING)
    definition = on_paper(definition_of(library, request.template), request.paper)
    form = FORMATS[request.format]
    document = with_edits(build_document(gathered, definition, request.locale), edits)
    issue = Issue.of(document, gathered, told, at=clock())
    written = form.write(
        Rendering(
            material=gathered,
            definition=definition,
            document=issue.stamped(document, gathered),
            templates=templates_of(library.roots, request.template),
            progress=work.progress,
            data_attached=request.data_attached,
        )
    )
    pages = form.pages(written) if form.pages else None
    with database.begin() as session:
        get_engagement_by_id(session, told[0].engagement_id)  # it may have been erased meanwhile
        issue.keep(session, written, job_id=work.job_id, title=document.title)
        file = put_file(settings, written, form.suffix, work.job_id)
    return Product(file, content_hash, pages)


def definition_of(library: Library, template: str) -> ReportDefinition:
    """Return a report's definition; ReportRefused where it is gone."""
    for definition in library.reports():
        if definition.id == template:
            return definition
    raise ReportRefused("unknown-template", f"there is no report {template!r}")


def on_paper(definition: ReportDefinition, paper: Paper | None) -> ReportDefinition:
    """Return a definition for other paper than its theme says; as it is for None."""
    return definition if paper is None else replace(definition, theme=replace(definition.theme, paper=paper))


def file_made_from(session: Session, content_hash: str, settings: Settings) -> Product | None:
    """Return a kept file that was made from what has this hash; None where there is none."""
    for job in store.made_from(session, content_hash):
        file = kept_path(settings, job.result or "")
        if file is not None:
            return Product(file, content_hash, job.pages)
    return None


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What all files of a report are made from: what was assessed, the content beside it, this program."""

    base: str

    def hash_of(self, session: Session, request: ReportRequest, report_id: int | None) -> str:
        """Return the hash of one file: the same, with language, day, file format, paper and people's own sentences."""
        parameters = {**request.parameters(), "assessments": None}  # their numbers say nothing; base has what they hold
        return fingerprint(self.base, parameters, _edits(session, report_id, request))


def ingredients(session: Session, request: ReportRequest, roots: Roots) -> Ingredients:
    """Read what a request's files are made from; NotFound where an assessment is gone."""
    views = [load_assessment(session, assessment_id) for assessment_id in request.assessments]
    units = [unit.key for unit in list_units(session, views[0].engagement.id)]
    frameworks = [root / "frameworks" for root in as_roots(roots)]
    content = files_below((*templates_of(roots, request.template), *frameworks))
    published = newest_publication(session)
    return Ingredients(
        fingerprint([_said(view) for view in views], told_apart(session, views), units, content, published, program())
    )


def _said(view: AssessmentView) -> list[object]:
    """Return everything about an assessment that a report can show; its figures follow from it."""
    return [
        *(view.key, view.engagement.name, view.unit, view.round, view.snapshot_hash, view.source, view.questionnaire),
        *(view.agreed, view.findings, view.published, view.published_decimals, view.interviews, view.respondents),
        *(view.revision, view.state),
    ]


def _edits(session: Session, report_id: int | None, request: ReportRequest) -> Mapping[str, str]:
    return {} if report_id is None else edits_of(session, report_id, request.locale)
