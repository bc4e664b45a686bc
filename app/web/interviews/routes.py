"""The pages of interviews: list, start, hub, one element, one group, and what can be done with an interview."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.i18n import msgid
from app.services import interviewing
from app.services.answering import InterviewClosed
from app.services.interview_sheet import Sheet, read_sheet
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.storage.database import Session
from app.web.access import requires
from app.web.context import actor, context, locale, translate
from app.web.interviews import pages
from app.web.interviews.control import score_control
from app.web.interviews.forms import ParticularsForm, new_form_id
from app.web.interviews.saving import PostedAnswers, save_posted
from app.web.interviews.wording import MARKS, STANDINGS, STATES, closed_sentence
from app.web.shell import Shell, engagement_shell

blueprint = Blueprint("interviewing", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {
        "mark_words": MARKS,
        "standing_words": STANDINGS,
        "state_words": STATES,
        "interview_closed": closed_sentence,
        "interview_pages": pages,
    }


@blueprint.get("/assessments/<int:assessment_id>/interviews")
@requires(Action.READ)
def listing(assessment_id: int) -> str:
    """Show the interviews of an assessment with their progress."""
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
        sheets = interviewing.list_interviews(session, assessment_id)
        frame = _place_shell(session, place)
    return render_template("interviews/listing.html", place=place, sheets=sheets, shell=frame, help_page="interview")


@blueprint.get("/assessments/<int:assessment_id>/interviews/new")
@requires(Action.ANSWER)
def start(assessment_id: int) -> str:
    """Show the form that starts an interview."""
    form = ParticularsForm(interviewer=actor().display_name, date=_today())
    return _start_page(assessment_id, form)


@blueprint.post("/assessments/<int:assessment_id>/interviews/new")
@requires(Action.ANSWER)
def start_now(assessment_id: int) -> Response | tuple[str, int]:
    """Start an interview and go to its hub."""
    form = ParticularsForm()
    if not form.validate():
        return _start_page(assessment_id, form), 422
    try:
        with context().database.begin() as session:
            interview_id = interviewing.start_interview(
                session,
                assessment_id,
                questionnaire=request.form.get("questionnaire", ""),
                role=request.form.get("role", ""),
                particulars=form.particulars(),
                library=context().library,
                actor=actor(),
                clock=context().clock,
            )
    except InterviewClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
        return redirect(url_for(".listing", assessment_id=assessment_id))
    except Invalid as refused:
        form.add_refusal(refused)
        return _start_page(assessment_id, form, role_missing=refused.field == "role"), 422
    return redirect(url_for(".hub", interview_id=interview_id), 303)


def _start_page(assessment_id: int, form: ParticularsForm, *, role_missing: bool = False) -> str:
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
        frame = _place_shell(session, place)
    fitting = interviewing.questionnaires_for(context().library, place.framework)
    asked_for = request.values.get("questionnaire")
    chosen = next((guide for guide in fitting if guide.reference == asked_for), fitting[0] if fitting else None)
    return render_template(
        "interviews/start.html",
        place=place,
        questionnaires=fitting,
        chosen=chosen,
        roles=pages.role_groups(chosen, place.framework) if chosen else (),
        chosen_role=request.form.get("role"),
        role_missing=role_missing,
        form=form,
        faults=form.faults(),
        shell=frame,
        help_page="interview",
    )


@blueprint.get("/interview/<int:interview_id>")
@requires(Action.READ)
def hub(interview_id: int) -> str:
    """Show how far an interview is and where to go on."""
    with context().database.read() as session:
        sheet = _sheet(session, interview_id)
        frame = _sheet_shell(session, sheet)
    return render_template(
        "interviews/hub.html", sheet=sheet, script=pages.script_data(sheet), shell=frame, help_page="interview"
    )


@blueprint.get("/interview/<int:interview_id>/elements/<element>")
@requires(Action.READ)
def element(interview_id: int, element: str) -> str:
    """Show one element to ask about."""
    with context().database.read() as session:
        sheet = _sheet(session, interview_id, element)
        frame = _sheet_shell(session, sheet)
    form = pages.answer_form(sheet, sheet.line(element))
    return _focus(sheet, form, frame)


@blueprint.post("/interview/<int:interview_id>/elements/<element>")
@requires(Action.ANSWER)
def save_element(interview_id: int, element: str) -> Response | tuple[str, int]:
    """Save one element without a script and go where the button says."""
    with context().database.begin() as session:
        sheet = _sheet(session, interview_id, element)
        posted = save_posted(session, sheet, [sheet.line(element)])
        sheet = _sheet(session, interview_id, element)
        frame = _sheet_shell(session, sheet)
    if posted.faults:
        form = posted.forms(sheet, [sheet.line(element)])[0]
        return _focus(sheet, form, frame, posted), posted.status
    page = pages.focus_page(sheet, pages.answer_form(sheet, sheet.line(element)))
    target = page.script["addresses"].get(request.form.get("go", ""), pages.element_url(sheet, element))
    return redirect(target, 303)


def _focus(sheet: Sheet, form: pages.AnswerForm, frame: Shell, posted: PostedAnswers | None = None) -> str:
    return render_template(
        "interviews/focus.html",
        sheet=sheet,
        page=pages.focus_page(sheet, form),
        form_id=new_form_id(),
        faults=posted.faults if posted else (),
        shell=frame,
        help_page="interview",
    )


@blueprint.get("/interview/<int:interview_id>/groups/<group>")
@requires(Action.READ)
def group(interview_id: int, group: str) -> str:
    """Show a group as one plain form."""
    with context().database.read() as session:
        sheet = _sheet(session, interview_id)
        frame = _sheet_shell(session, sheet)
    lines = sheet.group(None if group == pages.WHOLE else group).lines
    return _table(sheet, group, tuple(pages.answer_form(sheet, line) for line in lines), frame)


@blueprint.post("/interview/<int:interview_id>/groups/<group>")
@requires(Action.ANSWER)
def save_group(interview_id: int, group: str) -> Response | tuple[str, int]:
    """Save a group; what can be saved is saved, what cannot comes back with its reason."""
    node_id = None if group == pages.WHOLE else group
    with context().database.begin() as session:
        sheet = _sheet(session, interview_id)
        posted = save_posted(session, sheet, sheet.group(node_id).lines)
        sheet = _sheet(session, interview_id)
        frame = _sheet_shell(session, sheet)
    if posted.faults:
        forms = posted.forms(sheet, sheet.group(node_id).lines)
        return _table(sheet, group, forms, frame, posted), posted.status
    flash(translate("已保存。"))
    return redirect(pages.group_url(sheet, node_id), 303)


def _table(
    sheet: Sheet,
    group: str,
    forms: tuple[pages.AnswerForm, ...],
    frame: Shell,
    posted: PostedAnswers | None = None,
) -> str:
    node = None if group == pages.WHOLE else sheet.framework.node(group)
    nodes = [one.node for one in sheet.groups]
    place = nodes.index(node)
    return render_template(
        "interviews/group.html",
        sheet=sheet,
        node=node,
        forms=forms,
        control=score_control(sheet.framework.scale),
        following=nodes[place + 1] if place + 1 < len(nodes) else None,
        form_id=new_form_id(),
        faults=posted.faults if posted else (),
        script=pages.script_data(sheet),
        shell=frame,
        help_page="interview",
    )


@blueprint.get("/interview/<int:interview_id>/particulars")
@requires(Action.ANSWER)
def particulars(interview_id: int) -> str:
    """Show who is asked, by whom, when, to be changed."""
    with context().database.read() as session:
        sheet = _sheet(session, interview_id)
    known = sheet.interview
    form = ParticularsForm(respondent=known.respondent, interviewer=known.interviewer, date=known.date)
    return _particulars_page(interview_id, form)


@blueprint.post("/interview/<int:interview_id>/particulars")
@requires(Action.ANSWER)
def save_particulars(interview_id: int) -> Response | tuple[str, int]:
    """Change who is asked, by whom, when."""
    form = ParticularsForm()
    if not form.validate():
        return _particulars_page(interview_id, form), 422
    try:
        with context().database.begin() as session:
            interviewing.describe_interview(session, interview_id, form.particulars())
    except Invalid as refused:
        form.add_refusal(refused)
        return _particulars_page(interview_id, form), 422
    return redirect(url_for(".hub", interview_id=interview_id), 303)


def _particulars_page(interview_id: int, form: ParticularsForm) -> str:
    with context().database.read() as session:
        sheet = _sheet(session, interview_id)
        frame = _sheet_shell(session, sheet)
    return render_template(
        "interviews/particulars.html", sheet=sheet, form=form, faults=form.faults(), shell=frame, help_page="interview"
    )


@blueprint.post("/interview/<int:interview_id>/close")
@requires(Action.ANSWER)
def close(interview_id: int) -> Response:
    """Close an interview; what is missing is said on the hub."""
    try:
        with context().database.begin() as session:
            interviewing.close_interview(session, interview_id)
    except interviewing.InterviewIncomplete as incomplete:
        count = len(incomplete.elements)
        flash(translate("还不能结束：%(n)s 个要素标为“不适用”却没有写原因。") % {"n": count}, "error")
        return redirect(url_for(".hub", interview_id=interview_id), 303)
    flash(translate("访谈已结束，回答不再改动。"))
    return redirect(url_for(".hub", interview_id=interview_id), 303)


@blueprint.post("/interview/<int:interview_id>/reopen")
@requires(Action.ANSWER)
def reopen(interview_id: int) -> Response:
    """Let a closed interview take answers again."""
    with context().database.begin() as session:
        interviewing.reopen_interview(session, interview_id)
    flash(translate("访谈已重新打开。"))
    return redirect(url_for(".hub", interview_id=interview_id), 303)


@blueprint.post("/interview/<int:interview_id>/archive")
@requires(Action.ANSWER)
def archive(interview_id: int) -> Response:
    """Take an interview out of use."""
    with context().database.begin() as session:
        interviewing.archive_interview(session, interview_id, context().clock)
    flash(translate("访谈已归档，不再计入得分；随时可以恢复。"))
    return redirect(url_for(".hub", interview_id=interview_id), 303)


@blueprint.post("/interview/<int:interview_id>/restore")
@requires(Action.ANSWER)
def restore(interview_id: int) -> Response:
    """Bring an archived interview back."""
    with context().database.begin() as session:
        interviewing.restore_interview(session, interview_id)
    flash(translate("访谈已恢复，重新计入得分。"))
    return redirect(url_for(".hub", interview_id=interview_id), 303)


def _sheet(session: Session, interview_id: int, element: str | None = None) -> Sheet:
    """Read an interview as the address asks for it; an element that the role is not asked is shown all the same."""
    sheet = read_sheet(session, interview_id, everything=request.args.get("all") == "1")
    if element is None or any(line.element.id == element for line in sheet.lines):
        return sheet
    return read_sheet(session, interview_id, everything=True)


def _place_shell(session: Session, place: interviewing.Workplace) -> Shell:
    return engagement_shell(
        session,
        place.engagement.key,
        unit=place.assessment.unit.key,
        facts=[
            (msgid("评估单位"), place.assessment.unit.name.in_locale(locale())),
            (msgid("评估轮次"), place.assessment.round.name.in_locale(locale())),
        ],
    )


def _sheet_shell(session: Session, sheet: Sheet) -> Shell:
    interview = sheet.interview
    return engagement_shell(
        session,
        interview.engagement_key,
        unit=interview.unit_key,
        facts=[
            (msgid("评估单位"), interview.unit_name.in_locale(locale())),
            (msgid("评估轮次"), interview.round_name.in_locale(locale())),
            (msgid("框架"), f"{sheet.framework.name.in_locale(locale())} {sheet.framework.version}"),
        ],
    )


def _today() -> date:
    return context().clock().astimezone().date()
