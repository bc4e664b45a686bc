"""/interview/<id>/finish and /assessments/<id>/finish: what is left to mend or to explain, and handing over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.i18n import msgid
from app.services import handing_over
from app.services.finishing import check_assessment, check_interview
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.services.releasing import released
from app.web.access import can, requires
from app.web.context import actor, context, locale, translate
from app.web.finishing.pages import MANY, assessment_page, interview_page
from app.web.finishing.wording import ASSESSMENT_STATES, STEPS, refusal
from app.web.interviews.pages import script_data
from app.web.shell import Shell, assessment_shell, engagement_shell

if TYPE_CHECKING:
    from app.services.finishing import InterviewFinish
    from app.storage.database import Session

blueprint = Blueprint("finishing", __name__)

Change = Callable[["Session"], object]
Faults = list[tuple[str | None, str]]


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"assessment_state_words": ASSESSMENT_STATES, "many_things": MANY, "step_words": STEPS}


# --- an interview ---------------------------------------------------------------------------------------------------


@blueprint.get("/interview/<int:interview_id>/finish")
@requires(Action.ANSWER)
def interview(interview_id: int) -> str:
    """Show what is left to mend or to explain before an interview is handed over, and how its review stands."""
    return _interview_page(interview_id, [])


@blueprint.post("/interview/<int:interview_id>/finish/accept")
@requires(Action.ANSWER)
def accept_in_interview(interview_id: int) -> Response | tuple[str, int]:
    """Accept the chosen warnings with a reason."""

    def accept(session: Session) -> object:
        return handing_over.accept_in_interview(
            session,
            interview_id,
            request.form.get("code", ""),
            request.form.getlist("about"),
            reason=request.form.get("reason", ""),
            actor=actor(),
            clock=context().clock,
        )

    return _on_interview(interview_id, accept, translate("理由已记下。"))


@blueprint.post("/interview/<int:interview_id>/finish/withdraw")
@requires(Action.ANSWER)
def withdraw_in_interview(interview_id: int) -> Response | tuple[str, int]:
    """Take accepted warnings back."""
    ids = _ids()

    def withdraw(session: Session) -> object:
        return handing_over.withdraw_in_interview(session, interview_id, ids, actor=actor(), clock=context().clock)

    return _on_interview(interview_id, withdraw, translate("理由已撤回，这些警告重新等待说明。"))


@blueprint.post("/interview/<int:interview_id>/finish/submit")
@requires(Action.ANSWER)
def submit_interview(interview_id: int) -> Response | tuple[str, int]:
    """Hand an interview over to the reviewer."""

    def submit(session: Session) -> None:
        handing_over.submit_interview(session, interview_id, actor=actor(), clock=context().clock)

    return _on_interview(interview_id, submit, translate("访谈已提交，等待复核。"))


@blueprint.post("/interview/<int:interview_id>/finish/request")
@requires(Action.AGREE)
def request_changes(interview_id: int) -> Response | tuple[str, int]:
    """Give a submitted interview back with what is to be changed."""

    def give_back(session: Session) -> None:
        words = request.form.get("words", "")
        handing_over.request_changes(session, interview_id, words, actor=actor(), clock=context().clock)

    return _on_interview(interview_id, give_back, translate("已要求修改，访谈可以继续填写。"))


@blueprint.post("/interview/<int:interview_id>/finish/close")
@requires(Action.AGREE)
def close_interview(interview_id: int) -> Response | tuple[str, int]:
    """Find a submitted interview in order."""

    def close(session: Session) -> None:
        handing_over.close_interview(session, interview_id, actor=actor(), clock=context().clock)

    return _on_interview(interview_id, close, translate("访谈已结束，回答不再改动。"))


def _on_interview(interview_id: int, change: Change, done: str) -> Response | tuple[str, int]:
    faults = _carried_out(change, done)
    if faults:
        return _interview_page(interview_id, faults), 422
    return redirect(url_for(".interview", interview_id=interview_id), 303)


def _interview_page(interview_id: int, faults: Faults) -> str:
    with context().database.read() as session:
        finish = check_interview(session, interview_id)
        frame = _interview_shell(session, finish)
    return render_template(
        "finishing/interview.html",
        finish=finish,
        sheet=finish.sheet,
        page=interview_page(finish),
        script=script_data(finish.sheet),
        said=_said(faults),
        faults=faults,
        shell=frame,
        help_page="finish",
    )


def _interview_shell(session: Session, finish: InterviewFinish) -> Shell:
    record = finish.sheet.interview
    return engagement_shell(
        session,
        record.engagement_key,
        unit=record.unit_key,
        facts=[
            (msgid("评估单位"), record.unit_name.in_locale(locale())),
            (msgid("评估轮次"), record.round_name.in_locale(locale())),
        ],
    )


# --- an assessment --------------------------------------------------------------------------------------------------


@blueprint.get("/assessments/<int:assessment_id>/finish")
@requires(Action.READ)
def assessment(assessment_id: int) -> str:
    """Show what is left to mend or to explain before an assessment goes to review, and how its review stands."""
    return _assessment_page(assessment_id, [])


@blueprint.post("/assessments/<int:assessment_id>/finish/accept")
@requires(Action.AGREE)
def accept_in_assessment(assessment_id: int) -> Response | tuple[str, int]:
    """Accept the chosen warnings with a reason."""

    def accept(session: Session) -> object:
        return handing_over.accept_in_assessment(
            session,
            assessment_id,
            request.form.get("code", ""),
            request.form.getlist("about"),
            reason=request.form.get("reason", ""),
            actor=actor(),
            clock=context().clock,
        )

    return _on_assessment(assessment_id, accept, translate("理由已记下。"))


@blueprint.post("/assessments/<int:assessment_id>/finish/withdraw")
@requires(Action.AGREE)
def withdraw_in_assessment(assessment_id: int) -> Response | tuple[str, int]:
    """Take accepted warnings back."""
    ids = _ids()

    def withdraw(session: Session) -> object:
        return handing_over.withdraw_in_assessment(session, assessment_id, ids, actor=actor(), clock=context().clock)

    return _on_assessment(assessment_id, withdraw, translate("理由已撤回，这些警告重新等待说明。"))


@blueprint.post("/assessments/<int:assessment_id>/finish/hand-over")
@requires(Action.AGREE)
def hand_over_assessment(assessment_id: int) -> Response | tuple[str, int]:
    """Give an assessment to review."""

    def hand_over(session: Session) -> None:
        handing_over.hand_over_assessment(session, assessment_id, actor=actor(), clock=context().clock)

    return _on_assessment(assessment_id, hand_over, translate("评估已提交复核，访谈不再改动。"))


@blueprint.post("/assessments/<int:assessment_id>/finish/send-back")
@requires(Action.AGREE)
def send_back_assessment(assessment_id: int) -> Response | tuple[str, int]:
    """Give an assessment in review back with what is to be changed."""

    def send_back(session: Session) -> None:
        words = request.form.get("words", "")
        handing_over.send_back_assessment(session, assessment_id, words, actor=actor(), clock=context().clock)

    return _on_assessment(assessment_id, send_back, translate("评估已退回，访谈可以继续。"))


def _on_assessment(assessment_id: int, change: Change, done: str) -> Response | tuple[str, int]:
    faults = _carried_out(change, done)
    if faults:
        return _assessment_page(assessment_id, faults), 422
    return redirect(url_for(".assessment", assessment_id=assessment_id), 303)


def _assessment_page(assessment_id: int, faults: Faults) -> str:
    with context().database.read() as session:
        finish = check_assessment(session, assessment_id)
        release = released(session, assessment_id)
        frame = assessment_shell(session, finish.view)
    return render_template(
        "finishing/assessment.html",
        finish=finish,
        view=finish.view,
        page=assessment_page(finish, hears=can("answer"), release=release),
        said=_said(faults),
        faults=faults,
        shell=frame,
        help_page="finish",
    )


# --- what both need -------------------------------------------------------------------------------------------------


def _carried_out(change: Change, done: str) -> Faults:
    """Carry out `change` and say `done`; else return why not, with the field to look at."""
    try:
        with context().database.begin() as session:
            change(session)
    except Invalid as refused:
        field = {"reason": f"reason-{request.form.get('code', '')}", "words": "words"}.get(refused.field)
        return [(field, refusal(refused))]
    flash(done)
    return []


def _said(faults: Faults) -> dict[str, str]:
    """Return what was typed into a form that comes back, by the id of its field."""
    if not faults:
        return {}
    return {
        f"reason-{request.form.get('code', '')}": request.form.get("reason", ""),
        "words": request.form.get("words", ""),
    }


def _ids() -> list[int]:
    return [int(written) for written in request.form.getlist("id") if written.isdecimal() and len(written) < 19]
