"""The pages of a self-assessment under /self/, opened by a link: start, one element a page, review, submission."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services import personal_links, responding
from app.services.answering import InterviewClosed
from app.services.former_elements import Gone
from app.services.interviewing import InterviewIncomplete
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.services.responding import OwnSheet, read_own_sheet
from app.web.access import requires
from app.web.context import context, locale, translate
from app.web.interviews.forms import new_form_id
from app.web.interviews.late import is_gone, where_now
from app.web.responding import api, pages
from app.web.responding.holding import by_link, hand_over, private, take_back
from app.web.responding.saving import OwnSave, save_posted
from app.web.responding.wording import MARKS, closed_sentence, gone_sentence, moved_sentence

blueprint = Blueprint("responding", __name__, url_prefix="/self")
api.add_to(blueprint)


@blueprint.get("/<token>")
@requires(Action.ENTER)
def enter(token: str) -> Response:
    """Exchange a link's token for a cookie, so that it leaves the address; what is no link loses the cookie."""
    with context().database.read() as session:
        link_id = personal_links.link_of_token(session, token, clock=context().clock)
    response = redirect(url_for(".start"), 303)
    if link_id is None:
        take_back(response)
    else:
        hand_over(response, link_id)
    response.headers["Referrer-Policy"] = "no-referrer"
    return private(response)


@blueprint.get("/")
@requires(Action.ENTER)
@by_link
def start(interview_id: int) -> str:
    """Say what this is, who sees it and how long it takes; go on where it was left."""
    own = _own(interview_id)
    return render_template(
        "responding/start.html",
        own=own,
        resume=own.resume,
        minutes=pages.minutes(own),
        closed=_closed(own),
        pages=pages,
        script=pages.script_data(own),
    )


@blueprint.get("/elements/<element>")
@requires(Action.ENTER)
@by_link
def element(interview_id: int, element: str) -> str | Response:
    """Show one element to answer."""
    with context().database.read() as session:
        own = read_own_sheet(session, interview_id)
        gone = where_now(session, own.sheet, element) if is_gone(own.sheet, element) else None
    if gone is not None:
        return _instead(own, own.told(gone), moved_sentence)
    return _element_page(own, pages.own_form(own, own.line(element)))


@blueprint.post("/elements/<element>")
@requires(Action.ENTER)
@by_link
def save_element(interview_id: int, element: str) -> Response | tuple[str, int]:
    """Save one element without a script and go where the button says."""
    with context().database.begin() as session:
        saved = save_posted(session, read_own_sheet(session, interview_id), element)
        own = read_own_sheet(session, interview_id)
    if saved.gone is not None:
        for sentence in saved.sentences:
            flash(sentence, "error")
        return _instead(own, saved.gone, moved_sentence if saved.sentences or not saved.stored else gone_sentence)
    if saved.sentences:
        return _element_page(own, saved.over(pages.own_form(own, own.line(element))), saved), saved.status
    place = pages.place_of(own, element)
    targets = {"previous": place.previous, "next": place.next, "review": url_for(".review")}
    return redirect(targets.get(request.form.get("go", ""), pages.element_url(element)), 303)


def _instead(own: OwnSheet, gone: Gone, words: Callable[[Gone], str]) -> Response:
    """Say what became of an element that an upgrade took away, and go on where it is asked now."""
    flash(words(gone), "warning")
    ahead = gone.heirs[0] if gone.heirs else own.resume.element if own.resume else None
    return redirect(pages.element_url(ahead.id) if ahead else url_for(".review"), 303)


def _element_page(own: OwnSheet, form: pages.OwnForm, saved: OwnSave | None = None) -> str:
    element = form.line.element
    place = pages.place_of(own, element.id)
    addresses = {"previous": place.previous, "next": place.next, "review": url_for(".review")}
    return render_template(
        "responding/element.html",
        own=own,
        form=form,
        cards=pages.cards_of(own.sheet.framework, element),
        scale=own.sheet.framework.scale,
        place=place,
        closed=_closed(own),
        form_id=new_form_id(),
        faults=[(f"{element.id}-answer", sentence) for sentence in saved.sentences] if saved else (),
        script=pages.script_data(own, element) | {"addresses": addresses},
    )


@blueprint.get("/review")
@requires(Action.ENTER)
@by_link
def review(interview_id: int) -> str:
    """Show every answer before it is handed in, and afterwards."""
    return _review_page(_own(interview_id))


def _review_page(own: OwnSheet, *sentences: str) -> str:
    return render_template(
        "responding/review.html",
        own=own,
        sections=pages.review_of(own),
        marks=MARKS,
        pages=pages,
        closed=_closed(own),
        submitted=own.sheet.interview.state in personal_links.SUBMITTED,
        faults=[(None, sentence) for sentence in sentences],
        script=pages.script_data(own),
    )


@blueprint.post("/submit")
@requires(Action.ENTER)
@by_link
def submit(interview_id: int) -> Response | tuple[str, int]:
    """Hand everything in and say thank you; what stands in the way is said on the review."""
    try:
        with context().database.begin() as session:
            responding.submit(session, interview_id)
    except InterviewIncomplete as incomplete:
        own = _own(interview_id)
        names = [own.line(element).element.name.in_locale(locale()) for element in incomplete.elements]
        lines = [translate("“%(name)s”：请写明为什么与你们无关。") % {"name": name} for name in names]
        return _review_page(own, *lines), 422
    except Invalid:
        return _review_page(_own(interview_id), translate("还没有任何回答。请先回答，再提交。")), 422
    except InterviewClosed:
        return redirect(url_for(".review"), 303)
    return redirect(url_for(".thanks"), 303)


@blueprint.get("/thanks")
@requires(Action.ENTER)
@by_link
def thanks(interview_id: int) -> Response | str:
    """Say that everything has arrived."""
    own = _own(interview_id)
    if own.sheet.interview.state not in personal_links.SUBMITTED:
        return redirect(url_for(".start"), 303)
    return render_template("responding/thanks.html", own=own, closed=None)


@blueprint.post("/leave")
@requires(Action.ENTER)
def leave() -> Response:
    """Forget the link in this browser; the answers stay, and the link opens them again."""
    response = redirect(url_for(".left"), 303)
    take_back(response)
    return private(response)


@blueprint.get("/left")
@requires(Action.ENTER)
def left() -> Response:
    """Say how to come back."""
    return private(Response(render_template("responding/left.html"), mimetype="text/html"))


def _own(interview_id: int) -> OwnSheet:
    with context().database.read() as session:
        return read_own_sheet(session, interview_id)


def _closed(own: OwnSheet) -> str | None:
    return closed_sentence(own.sheet.closed) if own.sheet.closed else None
