"""Interview guides on paper: asked for from an interview or an assessment; watched and fetched like every job."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services import interviewing
from app.services.guides import LANGUAGES, GuideRequest, Language, ask_for_guide
from app.services.jobs import TooManyJobs
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.web.access import requires
from app.web.context import actor, context, locale
from app.web.interviews.pages import role_groups
from app.web.sheets.shells import place_shell
from app.web.wording import sentence

blueprint = Blueprint("guides", __name__)


@blueprint.post("/interview/<int:interview_id>/guide")
@requires(Action.ANSWER)
def ask(interview_id: int) -> Response:
    """Have an interview's guide printed: `filled` with its answers, or blank; `language` zh, en or both; `names`=1
    with whoever was asked and asks.
    """
    address = url_for("interviewing.hub", interview_id=interview_id, _external=True)
    wanted = GuideRequest(
        _language(),
        interview_id=interview_id,
        filled=request.form.get("filled") == "1",
        address=address,
        names=request.form.get("names") == "1",
    )
    return _asked(wanted, back=url_for("interviewing.hub", interview_id=interview_id))


@blueprint.get("/assessments/<int:assessment_id>/guide")
@requires(Action.ANSWER)
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
@requires(Action.ANSWER)
def ask_blank(assessment_id: int) -> Response:
    """Have a blank guide of a questionnaire printed, for one role or for all elements."""
    wanted = GuideRequest(
        _language(),
        assessment_id=assessment_id,
        questionnaire=request.form.get("questionnaire", ""),
        role=request.form.get("role") or None,
    )
    return _asked(wanted, back=url_for(".choose", assessment_id=assessment_id))


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
    return redirect(url_for("jobs.show", job_id=job_id), 303)
