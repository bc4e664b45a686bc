"""/assessments/<id>/self-assessments: links made and handed out, how far they are, how they differ from interviews."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from app.core.text import Text
from app.i18n import msgid
from app.services import personal_links
from app.services.answering import InterviewClosed
from app.services.interviewing import Workplace, workplace
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.services.self_assessments import Overview, overview
from app.storage.database import Session
from app.web.access import requires
from app.web.context import actor, context, locale, translate
from app.web.interviews.pages import role_groups
from app.web.interviews.wording import closed_sentence
from app.web.self_assessing import pages
from app.web.self_assessing.forms import posted_days, posted_form_id, posted_order
from app.web.self_assessing.wording import LINK_STATES
from app.web.shell import Shell, engagement_shell
from app.web.wording import sentence

blueprint = Blueprint("self_assessing", __name__)

ADDRESS = "/assessments/<int:assessment_id>/self-assessments"


@blueprint.get(ADDRESS)
@requires(Action.READ)
def listing(assessment_id: int) -> str:
    """Show what came back and how it differs; to those who hold interviews also the links."""
    with context().database.read() as session:
        found = overview(session, assessment_id, clock=context().clock)
        frame = _shell(session, found.place)
    framework = found.place.framework
    least = framework.scale.step
    return render_template(
        "self_assessing/listing.html",
        place=found.place,
        found=found,
        differences=found.differences,
        counts=found.differences.count(least=least),
        rows=pages.rows(framework, found.differences),
        element_rows=pages.element_rows(framework, found.differences),
        scale=framework.scale,
        link_states=LINK_STATES,
        role_names=_role_names(found),
        shell=frame,
        help_page="self-assessment",
    )


def _role_names(found: Overview) -> dict[str, Text]:
    return {line.sheet.interview.role: line.sheet.role.name for line in found.lines if line.sheet.role}


@blueprint.get(ADDRESS + "/new")
@requires(Action.ANSWER)
def new(assessment_id: int) -> str:
    """Show the form that makes links."""
    return _form_page(assessment_id)


@blueprint.post(ADDRESS + "/new")
@requires(Action.ANSWER)
def create(assessment_id: int) -> Answer | tuple[str, int]:
    """Make links and show them, this once."""
    with context().database.read() as session:
        place = workplace(session, assessment_id)
    fitting = personal_links.self_assessments_for(context().library, place.framework)
    guide = next((one for one in fitting if one.reference == request.form.get("questionnaire")), None)
    if guide is None:
        return _form_page(assessment_id, (None, translate("请选一份自评问卷。"))), 422
    order = posted_order(request.form, guide)
    if order.faults:
        most = {"most": personal_links.MOST_AT_ONCE}
        return _form_page(assessment_id, *((field, translate(words) % most) for field, words in order.faults)), 422
    try:
        with context().database.begin() as session:
            made = personal_links.create_links(
                session,
                assessment_id,
                questionnaire=guide.reference,
                wanted=order.wanted,
                days=order.days,
                library=context().library,
                actor=actor(),
                clock=context().clock,
                tokens=personal_links.FormTokens(str(current_app.secret_key), posted_form_id(request.form)),
            )
    except InterviewClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
        return redirect(url_for(".listing", assessment_id=assessment_id), 303)
    except Invalid as refused:
        return _form_page(assessment_id, (None, sentence(refused))), 422
    return _shown_once(assessment_id, tuple(pages.hand_out(link, guide.role(link.role).name) for link in made))


def _form_page(assessment_id: int, *faults: tuple[str | None, str]) -> str:
    with context().database.read() as session:
        place = workplace(session, assessment_id)
        frame = _shell(session, place)
    fitting = personal_links.self_assessments_for(context().library, place.framework)
    asked_for = request.values.get("questionnaire")
    chosen = next((guide for guide in fitting if guide.reference == asked_for), fitting[0] if fitting else None)
    return render_template(
        "self_assessing/new.html",
        place=place,
        questionnaires=fitting,
        chosen=chosen,
        roles=role_groups(chosen, place.framework) if chosen else (),
        posted=request.form,
        form_id=posted_form_id(request.form),
        days=personal_links.DAYS,
        chosen_days=posted_days(request.form),
        faults=faults,
        shell=frame,
        help_page="self-assessment",
    )


def _shown_once(assessment_id: int, links: tuple[pages.HandOut, ...]) -> Response:
    with context().database.read() as session:
        place = workplace(session, assessment_id)
        frame = _shell(session, place)
    page = render_template(
        "self_assessing/links.html",
        place=place,
        links=links,
        sheet=pages.as_csv(links),
        only_here=pages.only_here(),
        shell=frame,
        help_page="self-assessment",
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.post(ADDRESS + "/<int:interview_id>/renew")
@requires(Action.ANSWER)
def renew(assessment_id: int, interview_id: int) -> Answer:
    """Make a new link for a self-assessment and show it, this once; the old one ends."""
    try:
        with context().database.begin() as session:
            made = personal_links.renew_link(
                session,
                assessment_id,
                interview_id,
                days=posted_days(request.form),
                actor=actor(),
                clock=context().clock,
            )
            role_name = personal_links.role_name_of(session, made)
    except InterviewClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
        return redirect(url_for(".listing", assessment_id=assessment_id), 303)
    return _shown_once(assessment_id, (pages.hand_out(made, role_name),))


@blueprint.post(ADDRESS + "/<int:interview_id>/end")
@requires(Action.ANSWER)
def end(assessment_id: int, interview_id: int) -> Answer:
    """End the link of a self-assessment; what was answered stays."""
    with context().database.begin() as session:
        personal_links.end_link(session, assessment_id, interview_id, clock=context().clock)
    flash(translate("链接已停用。已填的回答都在，要继续填可以换发新链接。"))
    return redirect(url_for(".listing", assessment_id=assessment_id), 303)


@blueprint.post(ADDRESS + "/<int:interview_id>/reopen")
@requires(Action.ANSWER)
def reopen(assessment_id: int, interview_id: int) -> Answer:
    """Let a submitted self-assessment take answers again."""
    try:
        with context().database.begin() as session:
            personal_links.reopen(session, assessment_id, interview_id)
    except InterviewClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
    else:
        flash(translate("已重新打开，受访者用原来的链接可以接着改。"))
    return redirect(url_for(".listing", assessment_id=assessment_id), 303)


def _shell(session: Session, place: Workplace) -> Shell:
    return engagement_shell(
        session,
        place.engagement.key,
        unit=place.assessment.unit.key,
        facts=[
            (msgid("评估单位"), place.assessment.unit.name.in_locale(locale())),
            (msgid("评估轮次"), place.assessment.round.name.in_locale(locale())),
        ],
    )
