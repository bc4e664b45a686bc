"""The pages of interviews: list, start, hub, one element, one group, and what can be done with an interview."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.i18n import msgid
from app.services import interviewing
from app.services.answering import InterviewClosed
from app.services.finishing import check_interview
from app.services.former_elements import Gone
from app.services.interview_sheet import Sheet, dimensions, read_sheet
from app.services.interviewing import ROTATE, Particulars
from app.services.permissions import Action
from app.services.planning import clashes, is_planned
from app.services.refusals import Invalid
from app.storage.database import Session
from app.web.access import requires
from app.web.context import actor, context, locale, translate
from app.web.interviews import pages
from app.web.interviews.control import key_badges, key_list, score_control
from app.web.interviews.forms import new_form_id
from app.web.interviews.late import is_gone, save_late, where_now
from app.web.interviews.saving import PostedAnswers, save_posted
from app.web.interviews.wording import MARKS, STANDINGS, STATES, STRENGTHS, closed_sentence
from app.web.planning.forms import AppointmentForm, known_particulars
from app.web.planning.pages import clock_time, planned_for
from app.web.shell import Shell, engagement_shell

blueprint = Blueprint("interviewing", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {
        "mark_words": MARKS,
        "standing_words": STANDINGS,
        "state_words": STATES,
        "strength_words": STRENGTHS,
        "interview_closed": closed_sentence,
        "interview_pages": pages,
    }


@blueprint.get("/assessments/<int:assessment_id>/interviews")
@requires(Action.ANSWER)
def listing(assessment_id: int) -> str:
    """Show the interviews of an assessment with their progress."""
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
        sheets = interviewing.list_interviews(session, assessment_id)
        frame = _place_shell(session, place)
    return render_template(
        "interviews/listing.html",
        place=place,
        sheets=sheets,
        clock_time=clock_time,
        is_planned=is_planned,
        shell=frame,
        help_page="interview",
    )


@blueprint.get("/assessments/<int:assessment_id>/interviews/new")
@requires(Action.ANSWER)
def start(assessment_id: int) -> str:
    """Show the form that starts an interview."""
    form = AppointmentForm(interviewer=actor().display_name, date=_today(), opens_with=ROTATE)
    return _start_page(assessment_id, form)


@blueprint.post("/assessments/<int:assessment_id>/interviews/new")
@requires(Action.ANSWER)
def start_now(assessment_id: int) -> Response | tuple[str, int]:
    """Start an interview and go to its hub; a role that has an appointment is offered that first."""
    form = AppointmentForm()
    _offer_openings(assessment_id, form)
    if not form.validate():
        return _start_page(assessment_id, form), 422
    if "anyway" not in request.form and request.form.get("role") in _planned(assessment_id):
        return _start_page(assessment_id, form, twice=True), 422
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


def _start_page(assessment_id: int, form: AppointmentForm, *, role_missing: bool = False, twice: bool = False) -> str:
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
        frame = _place_shell(session, place)
    fitting = interviewing.questionnaires_for(context().library, place.framework)
    asked_for = request.values.get("questionnaire")
    chosen = next((guide for guide in fitting if guide.reference == asked_for), fitting[0] if fitting else None)
    _offer_openings(assessment_id, form)
    return render_template(
        "interviews/start.html",
        place=place,
        questionnaires=fitting,
        chosen=chosen,
        roles=pages.role_groups(chosen, place.framework) if chosen else (),
        chosen_role=request.values.get("role"),
        role_missing=role_missing,
        planned=_planned(assessment_id, chosen.reference) if chosen else {},
        twice=twice,
        clock_time=clock_time,
        form=form,
        faults=form.faults(),
        shell=frame,
        help_page="interview",
    )


def _offer_openings(assessment_id: int, form: AppointmentForm) -> None:
    with context().database.read() as session:
        framework = interviewing.workplace(session, assessment_id).framework
    form.offer([framework.node(one) for one in dimensions(framework, None)], rotates=True)


def _planned(assessment_id: int, reference: str | None = None) -> dict[str, Sheet]:
    """Return by role the appointments with a questionnaire, by default the one that was posted."""
    with context().database.read() as session:
        sheets = interviewing.list_interviews(session, assessment_id)
    return planned_for(sheets, reference or request.form.get("questionnaire", ""))


@blueprint.get("/interview/<int:interview_id>")
@requires(Action.ANSWER)
def hub(interview_id: int) -> str:
    """Show how far an interview is and where to go on."""
    with context().database.read() as session:
        sheet = _sheet(session, interview_id)
        finish = check_interview(session, interview_id)
        frame = _sheet_shell(session, sheet)
    return render_template(
        "interviews/hub.html",
        sheet=sheet,
        finish=finish,
        script=pages.script_data(sheet),
        shell=frame,
        help_page="interview",
    )


@blueprint.get("/interview/<int:interview_id>/elements/<element>")
@requires(Action.ANSWER)
def element(interview_id: int, element: str) -> str | Response:
    """Show one element to ask about."""
    with context().database.read() as session:
        sheet = _sheet(session, interview_id, element)
        gone = where_now(session, sheet, element) if is_gone(sheet, element) else None
        if gone is None:
            frame = _sheet_shell(session, sheet)
            (form,) = pages.answer_forms(session, sheet, [sheet.line(element)])
    if gone is not None:
        return _instead(interview_id, gone)
    return _focus(sheet, form, frame)


def _instead(interview_id: int, gone: Gone) -> Response:
    """Go where an element is asked now, for whoever comes by its former address."""
    flash(translate("框架升级后没有“%(element)s”了。") % {"element": gone.former.name.in_locale(locale())}, "warning")
    if len(gone.heirs) == 1:
        return redirect(url_for(".element", interview_id=interview_id, element=gone.heirs[0].id), 303)
    return redirect(url_for(".hub", interview_id=interview_id), 303)


@blueprint.post("/interview/<int:interview_id>/elements/<element>")
@requires(Action.ANSWER)
def save_element(interview_id: int, element: str) -> Response | tuple[str, int]:
    """Save one element without a script and go where the button says."""
    with context().database.begin() as session:
        sheet = _sheet(session, interview_id, element)
        gone = where_now(session, sheet, element) if is_gone(sheet, element) else None
        if gone is not None:
            late = save_late(session, sheet)
            return _after_late(interview_id, late) if late else _instead(interview_id, gone)
        posted = save_posted(session, sheet, [sheet.line(element)])
        sheet = _sheet(session, interview_id, element)
        frame = _sheet_shell(session, sheet)
        (form,) = posted.forms(pages.answer_forms(session, sheet, [sheet.line(element)]))
    if posted.faults:
        return _focus(sheet, form, frame, posted), posted.status
    page = pages.focus_page(sheet, form)
    target = page.script["addresses"].get(request.form.get("go", ""), pages.element_url(sheet, element))
    return redirect(target, 303)


def _after_late(interview_id: int, late: tuple[str, ...]) -> Response:
    for words in late:
        flash(words, "warning")
    return redirect(url_for(".hub", interview_id=interview_id), 303)


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
@requires(Action.ANSWER)
def group(interview_id: int, group: str) -> str:
    """Show a group as one plain form."""
    with context().database.read() as session:
        sheet = _sheet(session, interview_id)
        frame = _sheet_shell(session, sheet)
        forms = pages.answer_forms(session, sheet, sheet.group(None if group == pages.WHOLE else group).lines)
    return _table(sheet, group, forms, frame)


@blueprint.post("/interview/<int:interview_id>/groups/<group>")
@requires(Action.ANSWER)
def save_group(interview_id: int, group: str) -> Response | tuple[str, int]:
    """Save a group; what can be saved is saved, what cannot comes back with its reason."""
    node_id = None if group == pages.WHOLE else group
    with context().database.begin() as session:
        sheet = _sheet(session, interview_id)
        late = save_late(session, sheet)
        if late and all((one.node.id if one.node else None) != node_id for one in sheet.groups):
            return _after_late(interview_id, late)
        posted = save_posted(session, sheet, sheet.group(node_id).lines)
        sheet = _sheet(session, interview_id)
        frame = _sheet_shell(session, sheet)
        forms = posted.forms(pages.answer_forms(session, sheet, sheet.group(node_id).lines))
    if posted.faults:
        return _table(sheet, group, forms, frame, posted), posted.status
    flash(translate("已保存。"))
    for words in late:
        flash(words, "warning")
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
        badges=key_badges(sheet.framework.scale),
        key_list=key_list(sheet.framework.scale),
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
    one = sheet.interview
    known = Particulars(one.respondent, one.interviewer, one.date, one.starts_at, one.place, one.opens_with)
    return _particulars_page(interview_id, AppointmentForm(**known_particulars(known)))


@blueprint.post("/interview/<int:interview_id>/particulars")
@requires(Action.ANSWER)
def save_particulars(interview_id: int) -> Response | tuple[str, int]:
    """Change who is asked, by whom, when, where, and in which order."""
    form = AppointmentForm()
    with context().database.read() as session:
        _offer_order(_sheet(session, interview_id), form)
    if not form.validate():
        return _particulars_page(interview_id, form), 422
    try:
        with context().database.begin() as session:
            interviewing.describe_interview(session, interview_id, form.particulars())
    except Invalid as refused:
        form.add_refusal(refused)
        return _particulars_page(interview_id, form), 422
    with context().database.read() as session:
        clashing = interview_id in clashes(session, _sheet(session, interview_id).interview.engagement_id)
    if clashing:
        flash(translate("这个时间与同一访谈人的其他安排冲突，见访谈日程。"), "warning")
    return redirect(url_for(".hub", interview_id=interview_id), 303)


def _particulars_page(interview_id: int, form: AppointmentForm) -> str:
    with context().database.read() as session:
        sheet = _sheet(session, interview_id)
        frame = _sheet_shell(session, sheet)
    _offer_order(sheet, form)
    return render_template(
        "interviews/particulars.html", sheet=sheet, form=form, faults=form.faults(), shell=frame, help_page="interview"
    )


def _offer_order(sheet: Sheet, form: AppointmentForm) -> None:
    form.offer([sheet.framework.node(one) for one in dimensions(sheet.framework, sheet.questionnaire)])


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
