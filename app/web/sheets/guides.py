"""Interview guides on paper: asked for from an interview or an assessment, watched while printed, fetched as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.services import interviewing
from app.services.guides import (
    LANGUAGES,
    GuideRequest,
    Language,
    ask_for_guide,
    get_guide,
    guide_file,
    request_of,
)
from app.services.interview_sheet import read_sheet
from app.services.jobs import JobState, JobView, TooManyJobs, cancel_job
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound
from app.web.access import requires
from app.web.acting import act
from app.web.context import actor, context, locale, translate
from app.web.interviews.pages import role_groups
from app.web.reports.pages import file_name
from app.web.reports.wording import failure_words, stage_words
from app.web.sheets.shells import place_shell
from app.web.shell import Shell, engagement_shell
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.storage.database import Session

blueprint = Blueprint("guides", __name__)


@blueprint.post("/interview/<int:interview_id>/guide")
@requires(Action.REPORT)
def ask(interview_id: int) -> Response:
    """Have an interview's guide printed: `filled` with its answers, or blank; `language` zh, en or both."""
    address = url_for("interviewing.hub", interview_id=interview_id, _external=True)
    wanted = GuideRequest(
        _language(), interview_id=interview_id, filled=request.form.get("filled") == "1", address=address
    )
    return _asked(wanted, back=url_for("interviewing.hub", interview_id=interview_id))


@blueprint.get("/assessments/<int:assessment_id>/guide")
@requires(Action.REPORT)
def choose(assessment_id: int) -> str:
    """Offer blank guides for the roles of a questionnaire (`?questionnaire=`, `?role=` are chosen already)."""
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
        frame = place_shell(session, place)
    fitting = interviewing.questionnaires_for(context().library, place.framework)
    asked_for = request.args.get("questionnaire")
    chosen = next((one for one in fitting if asked_for in (one.reference, one.id)), fitting[0] if fitting else None)
    return render_template(
        "sheets/guide.html",
        place=place,
        questionnaires=fitting,
        chosen=chosen,
        roles=role_groups(chosen, place.framework) if chosen else (),
        chosen_role=request.args.get("role"),
        language=locale(),
        shell=frame,
        help_page="paper",
    )


@blueprint.post("/assessments/<int:assessment_id>/guide")
@requires(Action.REPORT)
def ask_blank(assessment_id: int) -> Response:
    """Have a blank guide of a questionnaire printed, for one role or for all elements."""
    wanted = GuideRequest(
        _language(),
        assessment_id=assessment_id,
        questionnaire=request.form.get("questionnaire", ""),
        role=request.form.get("role") or None,
    )
    return _asked(wanted, back=url_for(".choose", assessment_id=assessment_id))


@blueprint.get("/guides/<int:job_id>")
@requires(Action.READ)
def show(job_id: int) -> str:
    """Show how far a guide is, its file, or why there is none."""
    with context().database.read() as session:
        job = get_guide(session, job_id)
        title, back, key = _about(session, job)
        shell = engagement_shell(session, key) if key else Shell(section="reports")
    return render_template(
        "sheets/printing.html",
        job=job,
        waiting=not job.state.has_ended,
        stage=stage_words(job),
        failure=failure_words(job) if job.state is JobState.FAILED else "",
        title=title,
        back=back,
        shell=shell,
        help_page="paper",
    )


@blueprint.get("/api/guides/<int:job_id>")
@requires(Action.READ)
def progress(job_id: int) -> Response:
    """Say how far a guide is."""
    with context().database.read() as session:
        job = get_guide(session, job_id)
    answer = jsonify(state=job.state.value, progress=job.progress, stage=stage_words(job), ended=job.state.has_ended)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/guides/<int:job_id>/file")
@requires(Action.REPORT)
def download(job_id: int) -> Response:
    """Send the finished PDF, to be saved and printed."""
    with context().database.read() as session:
        job = get_guide(session, job_id)
        title, _, _ = _about(session, job)
    sent = send_file(
        guide_file(job, context().settings),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=file_name(title, ".pdf"),
        max_age=0,
        etag=False,
    )
    sent.headers["Cache-Control"] = "private, no-store"
    return sent


@blueprint.post("/guides/<int:job_id>/cancel")
@requires(Action.REPORT)
def cancel(job_id: int) -> Response:
    """Stop a guide that is not finished."""

    def stop(session: Session) -> None:
        cancel_job(session, get_guide(session, job_id).id, context().clock)

    return act(stop, done=translate("已取消打印。"), back=url_for(".show", job_id=job_id))


def _language() -> Language:
    wanted = request.form.get("language", locale())
    if wanted not in LANGUAGES:
        raise Invalid("language", "unknown-language", "a guide is in zh, en or both")
    return wanted


def _asked(wanted: GuideRequest, *, back: str) -> Response:
    parts = context()
    try:
        with parts.database.begin() as session:
            job_id = ask_for_guide(session, wanted, library=parts.library, queue=parts.queue, actor=actor())
    except TooManyJobs as refused:
        flash(sentence(refused), "error")
        return redirect(back, 303)
    return redirect(url_for(".show", job_id=job_id), 303)


def _about(session: Session, job: JobView) -> tuple[str, tuple[str, str] | None, str | None]:
    """Return what a guide is called, the page (label, address) it was asked from, and its engagement's key."""
    wanted, here = request_of(job.parameters), locale()
    kind = translate("访谈记录") if wanted.filled else translate("访谈提纲")
    try:
        if wanted.interview_id is not None:
            record = read_sheet(session, wanted.interview_id).interview
            unit, key = record.unit_name.in_locale(here), record.engagement_key
            back = (f"{unit} {record.key}", url_for("interviewing.hub", interview_id=record.id))
            return f"{kind}-{unit}-{record.key}", back, key
        assert wanted.assessment_id is not None
        place = interviewing.workplace(session, wanted.assessment_id)
    except NotFound:
        return kind, None, None
    unit = place.assessment.unit.name.in_locale(here)
    back = (unit, url_for("interviewing.listing", assessment_id=wanted.assessment_id))
    return f"{kind}-{unit}-{wanted.role or translate('全部角色')}", back, place.engagement.key
