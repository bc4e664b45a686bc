"""/assessments/<id>/plan: who is still to be asked, appointments as a list and as a calendar file, and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from app.core.rotation import propose_openings
from app.exports.calendar import Event, calendar
from app.i18n import msgid
from app.services import interviewing, planning
from app.services.answering import InterviewClosed
from app.services.interview_sheet import dimensions, read_sheet
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.web.access import requires
from app.web.acting import act, stored
from app.web.context import actor, context, locale, translate
from app.web.interviews.wording import closed_sentence
from app.web.planning import pages
from app.web.planning.forms import GAPS, AppointmentForm, SettingsForm, SpreadForm, spread
from app.web.shell import Shell, engagement_shell

if TYPE_CHECKING:
    from app.core.questionnaire import Questionnaire, Role
    from app.services.interview_sheet import Sheet
    from app.services.interviewing import Workplace
    from app.services.planning import Plan
    from app.storage.database import Session

blueprint = Blueprint("planning", __name__)

MOST_AT_ONCE = 60


@blueprint.get("/assessments/<int:assessment_id>/plan")
@requires(Action.ANSWER)
def plan(assessment_id: int) -> str:
    """Show who is asked about what, whom to ask next, and how many roles every element has."""
    with context().database.read() as session:
        found = planning.read_plan(session, assessment_id, context().library, request.args.get("questionnaire"))
        frame = _shell(session, found.place)
    shown = pages.matrix(
        found,
        level=request.args.get("level", ""),
        dimension=request.args.get("dimension", ""),
        show=request.args.get("show", ""),
    )
    return render_template(
        "planning/plan.html",
        plan=found,
        place=found.place,
        matrix=shown,
        candidates=pages.candidates(found),
        counts={reach.value: len(elements) for reach, elements in found.reaches.items()},
        plan_pages=pages,
        shell=frame,
        help_page="plan",
    )


@blueprint.get("/assessments/<int:assessment_id>/plan/appointments")
@requires(Action.ANSWER)
def agenda(assessment_id: int) -> str:
    """Show the appointments by day."""
    with context().database.read() as session:
        found = planning.read_plan(session, assessment_id, context().library)
        clashes = planning.clashes(session, found.place.engagement.id)
        frame = _shell(session, found.place)
    now = context().clock()
    return render_template(
        "planning/agenda.html",
        plan=found,
        place=found.place,
        days=pages.agenda(found.appointments, clashes, now),
        zone=pages.zone(now),
        shell=frame,
        help_page="plan",
    )


@blueprint.get("/assessments/<int:assessment_id>/plan/appointments.ics")
@requires(Action.ANSWER)
def calendar_file(assessment_id: int) -> Response:
    """Send the appointments for a calendar; cancelled ones are marked, so that calendars that have them drop them.

    `names=1` says whom to meet.
    """
    names = request.args.get("names") == "1"
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
        sheets = interviewing.list_interviews(session, assessment_id)
    events = [
        _event(sheet, names=names) for sheet in sheets if sheet.interview.starts_at and planning.is_planned(sheet)
    ]
    name = f"{translate('访谈')} {place.assessment.unit.name.in_locale(locale())}"
    body = calendar(events, name=name, made_at=context().clock())
    return Response(
        body,
        mimetype="text/calendar",
        headers={"Content-Disposition": f'attachment; filename="{place.assessment.key}-appointments.ics"'},
    )


def _event(sheet: Sheet, *, names: bool) -> Event:
    one = sheet.interview
    role = sheet.role.name.in_locale(locale()) if sheet.role else one.role
    said = [(msgid("受访者"), one.respondent), (msgid("访谈人"), one.interviewer)] if names else []
    assert one.starts_at is not None
    return Event(
        uid=f"interview-{one.id}-{one.created_at:%Y%m%dT%H%M%S}@crm-maturity",
        starts_at=one.starts_at,
        length=planning.LENGTH,
        summary=f"{translate('访谈')} {role} · {one.unit_name.in_locale(locale())}",
        location=one.place or "",
        description="\n".join(
            f"{translate(label)}{translate('：')}{value}" for label, value in said if value and names
        ),
        url=url_for("interviewing.hub", interview_id=one.id, _external=True),
        cancelled=one.archived_at is not None,
    )


@blueprint.get("/assessments/<int:assessment_id>/plan/appointments/new")
@requires(Action.ANSWER)
def new(assessment_id: int) -> str | BaseResponse:
    """Show one form per role that was ticked, each with the opening that is proposed for it."""
    with context().database.read() as session:
        found = planning.read_plan(session, assessment_id, context().library, request.args.get("questionnaire"))
        frame = _shell(session, found.place)
        roles = _roles(found.questionnaire, request.args.getlist("role"))
        openings = _openings(session, found, roles)
    if not roles or found.questionnaire is None:
        flash(translate("请先勾选要访谈的角色。"), "warning")
        return redirect(url_for(".plan", assessment_id=assessment_id))
    name = actor().display_name
    forms = [
        _form(found, number, interviewer=name, opens_with=opening or "") for number, opening in enumerate(openings)
    ]
    return _new_page(found, roles, forms, SpreadForm(prefix="all-", interviewer=name), frame)


@blueprint.post("/assessments/<int:assessment_id>/plan/appointments/new")
@requires(Action.ANSWER)
def create(assessment_id: int) -> BaseResponse | tuple[str, int] | str:
    """Store the appointments, all or none; or spread them over days and show the forms again."""
    with context().database.read() as session:
        found = planning.read_plan(session, assessment_id, context().library, request.form.get("questionnaire"))
        frame = _shell(session, found.place)
    roles = _roles(found.questionnaire, request.form.getlist("role"))
    if not roles or found.questionnaire is None:
        flash(translate("请先勾选要访谈的角色。"), "warning")
        return redirect(url_for(".plan", assessment_id=assessment_id), 303)
    shared = SpreadForm(prefix="all-")
    forms = [_form(found, number) for number in range(len(roles))]
    if "spread" in request.form:
        return _spread(found, roles, forms, shared, frame)
    valid = [form.validate() for form in forms]
    if not all(valid) or not _appointed(found, roles, forms):
        return _new_page(found, roles, forms, shared, frame), 422
    flash(translate("已安排 %(n)s 次访谈。") % {"n": len(roles)})
    _warn_of_clashes(found)
    return redirect(url_for(".agenda", assessment_id=assessment_id), 303)


def _roles(questionnaire: Questionnaire | None, asked_for: Sequence[str]) -> tuple[Role, ...]:
    known = {role.id: role for role in questionnaire.roles} if questionnaire else {}
    return tuple(known[role] for role in asked_for[:MOST_AT_ONCE] if role in known)


def _openings(session: Session, found: Plan, roles: Sequence[Role]) -> tuple[str | None, ...]:
    if found.questionnaire is None:
        return ()
    framework = found.place.framework
    asked = [dimensions(framework, found.questionnaire, role.id) for role in roles]
    return propose_openings(asked, interviewing.openings(session, found.place.assessment.id, framework))


def _form(found: Plan, number: int, **values: object) -> AppointmentForm:
    form = AppointmentForm(prefix=f"row{number}-", **values)
    framework = found.place.framework
    form.offer([framework.node(one) for one in dimensions(framework, found.questionnaire)])
    return form


def _spread(
    found: Plan, roles: Sequence[Role], forms: Sequence[AppointmentForm], shared: SpreadForm, frame: Shell
) -> tuple[str, int] | str:
    if not shared.validate():
        return _new_page(found, roles, forms, shared, frame), 422
    day, begins = shared.date.data, shared.time.data
    times = spread(day, begins, GAPS[shared.gap.data][1], len(roles)) if day and begins else ()
    for number, form in enumerate(forms):
        for field in form:
            field.raw_data = None  # show what is set below, not what was posted
        if times:
            form.date.data, form.time.data = times[number].date(), times[number].time()
        elif day:
            form.date.data = day
        form.place.data = shared.place.data or form.place.data
        form.interviewer.data = shared.interviewer.data or form.interviewer.data
    return _new_page(found, roles, forms, shared, frame)


def _appointed(found: Plan, roles: Sequence[Role], forms: Sequence[AppointmentForm]) -> bool:
    """Store one interview per role in one transaction; False puts the refusal at its form and stores none."""
    at = forms[0]
    try:
        with context().database.begin() as session:
            for role, form in zip(roles, forms, strict=True):
                at = form
                interviewing.start_interview(
                    session,
                    found.place.assessment.id,
                    questionnaire=found.questionnaire.reference if found.questionnaire else "",
                    role=role.id,
                    particulars=form.particulars(),
                    library=context().library,
                    actor=actor(),
                    clock=context().clock,
                )
    except InterviewClosed as closed:
        at.add_loose(closed_sentence(closed.values["why"]))
        return False
    except Invalid as refused:
        at.add_refusal(refused)
        return False
    return True


def _warn_of_clashes(found: Plan) -> None:
    with context().database.read() as session:
        clashing = planning.clashes(session, found.place.engagement.id)
        listed = interviewing.list_interviews(session, found.place.assessment.id)
    number = sum(sheet.interview.id in clashing for sheet in listed)
    if number:
        flash(translate("有 %(n)s 次访谈与同一访谈人的其他安排时间冲突，见下表。") % {"n": number}, "warning")


def _new_page(
    found: Plan, roles: Sequence[Role], forms: Sequence[AppointmentForm], shared: SpreadForm, frame: Shell
) -> str:
    faults = shared.faults()
    for role, form in zip(roles, forms, strict=True):
        faults += [(at, f"{role.name.in_locale(locale())} · {words}") for at, words in form.faults()]
    return render_template(
        "planning/new.html",
        plan=found,
        place=found.place,
        rows=list(zip(roles, forms, strict=True)),
        shared=shared,
        faults=faults,
        zone=pages.zone(context().clock()),
        shell=frame,
        help_page="plan",
    )


@blueprint.post("/interview/<int:interview_id>/cancel")
@requires(Action.ANSWER)
def cancel(interview_id: int) -> BaseResponse:
    """Take an appointment out of use; what was begun meanwhile stays."""
    with context().database.read() as session:
        assessment_id = read_sheet(session, interview_id).interview.assessment_id
    return act(
        lambda session: planning.cancel_appointment(session, interview_id, context().clock),
        done=translate("访谈安排已取消，可在访谈列表里恢复。"),
        back=url_for(".agenda", assessment_id=assessment_id),
    )


@blueprint.get("/assessments/<int:assessment_id>/plan/settings")
@requires(Action.EDIT)
def settings(assessment_id: int) -> str:
    """Show what the assessment sets for its interviews."""
    with context().database.read() as session:
        known = planning.settings_of(session, assessment_id)
    form = SettingsForm(
        minimum_roles="" if known.minimum_roles is None else str(known.minimum_roles),
        shows_previous="yes" if known.shows_previous else "no",
    )
    return _settings_page(assessment_id, form)


@blueprint.post("/assessments/<int:assessment_id>/plan/settings")
@requires(Action.EDIT)
def save_settings(assessment_id: int) -> BaseResponse | tuple[str, int]:
    """Store what the assessment sets for its interviews."""
    form = SettingsForm()
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
    form.offer(place.framework.agreement.minimum_roles)
    if stored(form, lambda session: planning.change_settings(session, assessment_id, form.settings())):
        flash(translate("访谈设置已保存。"))
        return redirect(url_for(".plan", assessment_id=assessment_id), 303)
    return _settings_page(assessment_id, form), 422


def _settings_page(assessment_id: int, form: SettingsForm) -> str:
    with context().database.read() as session:
        place = interviewing.workplace(session, assessment_id)
        frame = _shell(session, place)
    form.offer(place.framework.agreement.minimum_roles)
    return render_template(
        "planning/settings.html", place=place, form=form, faults=form.faults(), shell=frame, help_page="plan"
    )


def _shell(session: Session, place: Workplace) -> Shell:
    framework = place.framework
    return engagement_shell(
        session,
        place.engagement.key,
        unit=place.assessment.unit.key,
        facts=[
            (msgid("评估单位"), place.assessment.unit.name.in_locale(locale())),
            (msgid("评估轮次"), place.assessment.round.name.in_locale(locale())),
            (msgid("框架"), f"{framework.name.in_locale(locale())} {framework.version}"),
        ],
    )
