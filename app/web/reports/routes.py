"""/reports: ask for a report, see its files being made, ask for more of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services import engagements
from app.services.batches import ask_for_batch
from app.services.jobs import TooManyJobs, cancel_job, get_job, jobs_of_reports, may_cancel
from app.services.kept_reports import KeptReport, kept_report
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound, Refused
from app.services.report_material import untranslated_texts
from app.services.report_requests import ReportRequest, request_of
from app.services.reporting import Press, ask_for_report, newest_files, offered_reports
from app.services.walls import hides
from app.web.access import requires
from app.web.acting import act
from app.web.choices import Carrier, carriers_of
from app.web.context import actor, context, locale, translate
from app.web.jobs.pages import progress_of
from app.web.jobs.routes import told
from app.web.reports.forms import FilesForm, ReportForm
from app.web.reports.pages import batch_lines, loose_lines, reading_now, report_lines, report_page
from app.web.shell import Shell, engagement_shell
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.core.framework import Framework, WeightProfile
    from app.services.engagements import AssessmentSummary, EngagementView
    from app.storage.database import Session

blueprint = Blueprint("reports", __name__)
SHELL = Shell(section="reports")


@blueprint.get("/reports")
@requires(Action.REPORT, within="engagement")
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
            assessments=[one.id for one in _most_alike(summaries)],
            languages=[locale()],
            formats=["pdf"],
            template=next((one.id for one in offered_reports(context().library)), None),
            carriers=[one.reference for one in _carriers(_most_alike(summaries))],
        )
        return _listing(session, found, form)


@blueprint.post("/reports")
@requires(Action.REPORT, within="engagement")
def ask() -> Response | tuple[str, int]:
    """Hand a report over to the worker, or one for each unit, and show how far it is."""
    with context().database.read() as session:
        found = engagements.get_engagement(session, request.args.get("engagement", ""))
        summaries = _assessments(session, found)
    form = ReportForm()
    form.offer(summaries, _carriers(summaries), offered_reports(context().library), _profiles(summaries))
    wanted = form.requests(_today()) if form.validate() else None
    if wanted is not None:
        try:
            with context().database.begin() as session:
                place = _hand_over(session, form, wanted, found.id)
            return redirect(place)
        except Invalid as refused:
            form.add_refusal(refused)
        except Refused as refused:
            form.add_loose(sentence(refused))
    with context().database.read() as session:
        g.hidden = hides(session, form.assessments.data or ())  # the trail is told of it, the form says no more
        return _listing(session, found, form), 422


def _hand_over(session: Session, form: ReportForm, wanted: list[ReportRequest], engagement_id: int) -> str:
    if form.each:
        job_id = ask_for_batch(session, wanted, engagement_id=engagement_id, press=_press(), actor=actor())
        return url_for("jobs.show", job_id=job_id)
    asked = ask_for_report(session, wanted, engagement_id=engagement_id, press=_press(), actor=actor())
    return url_for(".show", report_id=asked.report_id)


@blueprint.get("/reports/<int:report_id>")
@requires(Action.REPORT)
def show(report_id: int) -> str:
    """Show a report: what is in it, its files and how far they are."""
    with context().database.read() as session:
        return _report(session, report_id, None)


@blueprint.post("/reports/<int:report_id>")
@requires(Action.REPORT)
def add(report_id: int) -> Response | tuple[str, int]:
    """Ask for more files of a report."""
    form = FilesForm()
    form.offer_files()
    if form.validate():
        try:
            with context().database.begin() as session:
                kept = kept_report(session, report_id)
                _ask_again(session, kept, form.files(_request_of(kept)))
            return redirect(url_for(".show", report_id=report_id))
        except Invalid as refused:
            form.add_refusal(refused)
        except Refused as refused:
            form.add_loose(sentence(refused))
    with context().database.read() as session:
        return _report(session, report_id, form), 422


@blueprint.post("/reports/<int:report_id>/files/<int:job_id>")
@requires(Action.REPORT)
def make_again(report_id: int, job_id: int) -> Response:
    """Make a file once more from what is stored now: it is out of date, was cleared out, or was not made."""
    with context().database.read() as session:
        kept, job = kept_report(session, report_id), get_job(session, job_id)
    if job.report_id != report_id:
        raise NotFound("file", job_id)
    try:
        with context().database.begin() as session:
            _ask_again(session, kept, [replace(request_of(job.parameters), made_on=_today())])
    except (Invalid, TooManyJobs) as refused:
        flash(sentence(refused), "error")
    return redirect(url_for(".show", report_id=report_id))


@blueprint.post("/reports/<int:report_id>/cancel")
@requires(Action.REPORT)
def cancel(report_id: int) -> Response:
    """Stop every file of a report that is not finished and theirs to stop."""

    def stop(session: Session) -> None:
        kept_report(session, report_id)
        making = [job for job in jobs_of_reports(session, [report_id]) if not job.state.has_ended]
        for job in [job for job in making if may_cancel(job, actor())] or making:
            cancel_job(session, job.id, actor=actor(), clock=context().clock)

    return act(stop, done=translate("已取消。"), back=url_for(".show", report_id=report_id))


@blueprint.get("/api/reports/<int:report_id>")
@requires(Action.REPORT)
def progress(report_id: int) -> Response:
    """Say how far the files of a report are."""
    with context().database.read() as session:
        kept_report(session, report_id)
        files = newest_files(jobs_of_reports(session, [report_id]))
        return told([progress_of(session, job) for job in files])


def _ask_again(session: Session, kept: KeptReport, wanted: list[ReportRequest]) -> None:
    ask_for_report(session, wanted, engagement_id=kept.engagement_id, press=_press(), actor=actor())


def _request_of(kept: KeptReport) -> ReportRequest:
    stored = {"template": kept.template, **kept.parameters, "locale": "zh", "made_on": _today().isoformat()}
    return request_of(stored)


def _report(session: Session, report_id: int, form: FilesForm | None) -> str:
    kept = kept_report(session, report_id)
    page = report_page(reading_now(session), kept, jobs_of_reports(session, [report_id]))
    key = engagements.get_engagement_by_id(session, kept.engagement_id).key
    form = form or FilesForm(None, languages=[locale()], formats=[], paper="")
    form.offer_files()
    english = any(file.locale == "en" for file in page.files)
    return render_template(
        "reports/show.html",
        page=page,
        untranslated=untranslated_texts(session, context().library, _request_of(kept)) if english else [],
        form=form,
        faults=form.faults(),
        engagement_key=key,
        shell=engagement_shell(session, key, page="reports"),
        help_page="reports",
    )


def _listing(session: Session, found: EngagementView | None, form: ReportForm | None) -> str:
    library = context().library
    summaries = _assessments(session, found) if found else []
    carriers = _carriers(summaries)
    if form is not None:
        form.offer(summaries, carriers, offered_reports(library), _profiles(summaries))
    reading, engagement_id = reading_now(session), found.id if found else None
    return render_template(
        "reports/listing.html",
        engagement=found,
        engagements=engagements.list_engagements(session),
        form=form,
        faults=form.faults() if form is not None else [],
        summaries=summaries,
        definitions=offered_reports(library),
        carriers=carriers,
        framework_names={one.id: one.name for one in _frameworks(summaries)},
        reports=report_lines(reading, engagement_id),
        batches=batch_lines(reading, engagement_id),
        loose=loose_lines(reading, engagement_id),
        shell=engagement_shell(session, found.key, page="reports") if found else SHELL,
        help_page="reports",
    )


def _press() -> Press:
    parts = context()
    return Press(parts.library, parts.settings, parts.queue, parts.clock)


def _today() -> date:
    return context().clock().astimezone().date()


def _assessments(session: Session, found: EngagementView) -> list[AssessmentSummary]:
    return [one for one in engagements.list_assessments(session, found.id) if one.current]


def _most_alike(summaries: list[AssessmentSummary]) -> list[AssessmentSummary]:
    """Return the assessments of the framework that most of them have: only they fit into one report."""
    counted = Counter(one.framework_id for one in summaries)
    return [one for one in summaries if one.framework_id == counted.most_common(1)[0][0]]


def _frameworks(summaries: list[AssessmentSummary]) -> list[Framework]:
    """Return the frameworks that are assessed here, as far as the content still has them."""
    library = context().library
    ids = dict.fromkeys(one.framework_id for one in summaries)
    return [library.framework(one) for one in ids if one in library.framework_ids()]


def _carriers(summaries: list[AssessmentSummary]) -> list[Carrier]:
    """Return the carriers of every framework that is assessed here."""
    found: dict[str, Carrier] = {}
    for framework in _frameworks(summaries):
        found |= {carrier.reference: carrier for carrier in carriers_of(framework, context().library)}
    return list(found.values())


def _profiles(summaries: list[AssessmentSummary]) -> list[WeightProfile]:
    """Return the weight profiles of every framework that is assessed here, each id once."""
    found: dict[str, WeightProfile] = {}
    for framework in _frameworks(summaries):
        found = {**context().library.weight_profiles(framework), **found}
    return list(found.values())
