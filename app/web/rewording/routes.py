"""/reports/kept/<id>/sentences/<language>: every sentence of a report; a page of its own for each history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from app.core.text import Locale
from app.i18n import as_locale, msgid
from app.services import rewording
from app.services.engagements import get_engagement_by_id
from app.services.kept_reports import kept_report
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound
from app.services.rewording import Book, Overtaken
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.forms import Form, whole
from app.web.rewording.pages import about, shown
from app.web.shell import engagement_shell

if TYPE_CHECKING:
    from app.storage.database import Session

blueprint = Blueprint("rewording", __name__, url_prefix="/reports/kept/<int:report_id>/sentences/<language>")


class SentenceForm(Form):
    """A sentence, judged by the service."""

    text = TextAreaField(msgid("句子"))


@blueprint.get("")
@requires(Action.READ)
def show(report_id: int, language: str) -> str:
    """Show every sentence; with `?edit=<slot>` one of them in a form."""
    with context().database.read() as session:
        book = _book(session, report_id, language)
        edited = request.args.get("edit")
        form = SentenceForm(None, text=book.place(edited).text) if edited else None
        return _page(session, book, edited=edited, form=form)


@blueprint.post("")
@requires(Action.AGREE)
def save(report_id: int, language: str) -> Response | tuple[str, int]:
    """Store a wording; where somebody else was faster, show theirs beside it."""
    form, slot = SentenceForm(), request.form.get("slot", "")
    outcome: Overtaken | None = None
    with context().database.read() as session:
        book = _book(session, report_id, language)
    try:
        with context().database.begin() as session:
            outcome = rewording.reword(
                session,
                book,
                slot,
                form.text.data or "",
                seen=request.form.get("seen", ""),
                base_version=_version(),
                actor=actor(),
                clock=context().clock,
            )
    except Invalid as refused:
        form.add_refusal(refused)
    if outcome is None and not form.faults():
        flash(translate("句子已保存；以后制作的报告都用它。"))
        return redirect(_place(book, slot), 303)
    with context().database.read() as session:
        page = _page(session, book, edited=slot, form=form, overtaken=outcome)
    return page, 409 if outcome else 422


@blueprint.post("/take-back")
@requires(Action.AGREE)
def take_back(report_id: int, language: str) -> Response:
    """Let the machine's sentence stand again."""
    slot = request.form.get("slot", "")
    with context().database.read() as session:
        book = _book(session, report_id, language)
    with context().database.begin() as session:
        outcome = rewording.take_back(
            session, book, slot, base_version=_version(), actor=actor(), clock=context().clock
        )
    if outcome is not None:
        flash(translate("就在刚才有人改了这个句子，没有恢复。下面是现在的样子。"), "error")
    else:
        flash(translate("机器的句子已恢复；写过的都留在经过里。"))
    return redirect(_place(book, slot), 303)


@blueprint.get("/history")
@requires(Action.READ)
def history(report_id: int, language: str) -> str:
    """Show every wording that the sentence `?slot=` had."""
    slot = request.args.get("slot", "")
    with context().database.read() as session:
        book = _book(session, report_id, language)
        changes = rewording.history_of(session, report_id, book.locale, slot)
        return render_template(
            "rewording/history.html",
            book=book,
            slot=slot,
            place=next((place for place in book.walk() if place.slot == slot), None),
            changes=tuple(reversed(changes)),
            back=_place(book, slot),
            help_page="sentences",
            **_frame(session, report_id),
        )


def _book(session: Session, report_id: int, language: str) -> Book:
    today = context().clock().astimezone().date()
    return rewording.read_book(session, context().library, report_id, _language(language), today=today)


def _language(written: str) -> Locale:
    found = as_locale(written)
    if found is None:
        raise NotFound("language", written)
    return found


def _version() -> int:
    return whole(request.form.get("version", ""))


def _place(book: Book, slot: str) -> str:
    return url_for(".show", report_id=book.report_id, language=book.locale, _anchor=f"sentence-{slot}")


def _page(
    session: Session,
    book: Book,
    *,
    edited: str | None = None,
    form: SentenceForm | None = None,
    overtaken: Overtaken | None = None,
) -> str:
    return render_template(
        "rewording/show.html",
        page=shown(book),
        book=book,
        edited=edited,
        form=form,
        overtaken=overtaken,
        faults=form.faults() if form is not None else [],
        longest=rewording.LONGEST_SENTENCE,
        help_page="sentences",
        **_frame(session, book.report_id),
    )


def _frame(session: Session, report_id: int) -> dict[str, object]:
    kept = kept_report(session, report_id)
    engagement = get_engagement_by_id(session, kept.engagement_id)
    return {
        "engagement": engagement,
        "about": about(session, context().library, kept),
        "shell": engagement_shell(session, engagement.key, page="reports"),
    }
