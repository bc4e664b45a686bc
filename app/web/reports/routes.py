"""/reports: ask for a report, watch it being made, fetch it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.services import engagements
from app.services.jobs import JobState, cancel_job, list_jobs
from app.services.permissions import Action
from app.services.refusals import Invalid, Refused
from app.services.reporting import KIND, ask_for_report, get_report, report_file
from app.web.access import requires
from app.web.acting import act
from app.web.choices import Carrier, carriers_of
from app.web.context import actor, context, locale, translate
from app.web.reports.forms import ReportForm
from app.web.reports.pages import report_page
from app.web.reports.wording import stage_words
from app.web.shell import Shell, engagement_shell
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.services.engagements import AssessmentSummary, EngagementView
    from app.storage.database import Session

blueprint = Blueprint("reports", __name__)
SHELL = Shell(section="reports")
SHOWN = 50


@blueprint.get("/reports")
@requires(Action.READ)
def listing() -> str:
    """Show earlier reports, of `?engagement=` where given, with the form for another one."""
    key = request.args.get("engagement")
    with context().database.read() as session:
        if key is None:
            return _listing(session, None, None)
        found = engagements.get_engagement(session, key)
        summaries = _assessments(session, found)
        form = ReportForm(
            None,
            assessments=[one.id for one in summaries],
            language=locale(),
            carriers=[one.reference for one in _carriers(summaries)],
        )
        return _listing(session, found, form)


@blueprint.post("/reports")
@requires(Action.REPORT)
def ask() -> Response | tuple[str, int]:
    """Hand a report over to the worker and show how far it is."""
    parts = context()
    with parts.database.read() as session:
        found = engagements.get_engagement(session, request.args.get("engagement", ""))
        summaries = _assessments(session, found)
    form = ReportForm()
    form.offer(summaries, _carriers(summaries), parts.library.reports())
    wanted = form.request(parts.clock().astimezone().date()) if form.validate() else None
    if wanted is not None:
        try:
            with parts.database.begin() as session:
                job_id = ask_for_report(
                    session,
                    wanted,
                    engagement_id=found.id,
                    library=parts.library,
                    queue=parts.queue,
                    actor=actor(),
                )
            return redirect(url_for("reports.show", job_id=job_id))
        except Invalid as refused:
            form.add_refusal(refused)
        except Refused as refused:
            form.add_loose(sentence(refused))
    with parts.database.read() as session:
        return _listing(session, found, form), 422


@blueprint.get("/reports/<int:job_id>")
@requires(Action.READ)
def show(job_id: int) -> str:
    """Show how far a report is, its file, or why there is none."""
    with context().database.read() as session:
        job = get_report(session, job_id)
        page = report_page(session, context().library, job)
        key = _key(session, job.engagement_id)
        shell = engagement_shell(session, key) if key else SHELL
    waiting = job.state in (JobState.QUEUED, JobState.RUNNING)
    return render_template(
        "reports/show.html", page=page, waiting=waiting, engagement_key=key, shell=shell, help_page="reports"
    )


@blueprint.get("/api/reports/<int:job_id>")
@requires(Action.READ)
def progress(job_id: int) -> Response:
    """Say how far a report is."""
    with context().database.read() as session:
        job = get_report(session, job_id)
    answer = jsonify(state=job.state.value, progress=job.progress, stage=stage_words(job), ended=job.state.has_ended)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/reports/<int:job_id>/file")
@requires(Action.REPORT)
def download(job_id: int) -> Response:
    """Send the finished PDF, to be saved."""
    with context().database.read() as session:
        job = get_report(session, job_id)
        page = report_page(session, context().library, job)
    file = report_file(job, context().settings)
    sent = send_file(
        file, mimetype="application/pdf", as_attachment=True, download_name=page.file_name, max_age=0, etag=False
    )
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


@blueprint.post("/reports/<int:job_id>/cancel")
@requires(Action.REPORT)
def cancel(job_id: int) -> Response:
    """Stop a report that is not finished."""

    def stop(session: Session) -> None:
        cancel_job(session, get_report(session, job_id).id, context().clock)

    return act(stop, done=translate("报告已取消。"), back=url_for("reports.show", job_id=job_id))


def _listing(session: Session, found: EngagementView | None, form: ReportForm | None) -> str:
    library = context().library
    jobs = list_jobs(session, engagement_id=found.id if found else None, kind=KIND, limit=SHOWN)
    summaries = _assessments(session, found) if found else []
    carriers = _carriers(summaries)
    if form is not None:
        form.offer(summaries, carriers, library.reports())
    return render_template(
        "reports/listing.html",
        engagement=found,
        engagements=engagements.list_engagements(session),
        form=form,
        faults=form.faults() if form is not None else [],
        summaries=summaries,
        carriers=carriers,
        pages=[report_page(session, library, job) for job in jobs],
        shell=engagement_shell(session, found.key, page="reports") if found else SHELL,
        help_page="reports",
    )


def _assessments(session: Session, found: EngagementView) -> list[AssessmentSummary]:
    return [one for one in engagements.list_assessments(session, found.id) if one.current]


def _carriers(summaries: list[AssessmentSummary]) -> list[Carrier]:
    """Return the carriers of every framework that is assessed here."""
    library = context().library
    references = dict.fromkeys(one.framework_reference for one in summaries)
    found: dict[str, Carrier] = {}
    for reference in references:
        if reference.partition("@")[0] in library.framework_ids():
            framework = library.framework(reference.partition("@")[0])
            found |= {carrier.reference: carrier for carrier in carriers_of(framework, library)}
    return list(found.values())


def _key(session: Session, engagement_id: int | None) -> str | None:
    return None if engagement_id is None else engagements.get_engagement_by_id(session, engagement_id).key
