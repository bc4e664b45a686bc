"""/drafts/<id>/translation: Chinese left, English right, edited in place; the same to read for published versions."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.content.layering import ContentKind
from app.core.translations import Progress
from app.services.content_files import content_versions
from app.services.drafting import DraftView, get_draft
from app.services.permissions import Action
from app.services.translating import (
    Overtaken,
    Translated,
    TranslationSheet,
    Unreadable,
    mark_checked,
    sheet_of_draft,
    sheet_of_version,
    translate_text,
)
from app.storage.database import Session
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.forms import whole
from app.web.shell import Shell
from app.web.translating.pages import FILTERS, STANDING_WORDS, as_row, sheet_page, title_of

blueprint = Blueprint("translating", __name__)
SHELL = Shell(section="drafts")
_JSON = "application/json"


@blueprint.get("/drafts/<int:draft_id>/translation")
@requires(Action.REVISE)
def show(draft_id: int) -> ResponseReturnValue:
    """Show the texts of a draft, those that need work first."""
    with context().database.read() as session:
        return _draft_page(session, draft_id)


@blueprint.post("/drafts/<int:draft_id>/translation")
@requires(Action.REVISE)
def translate_one(draft_id: int) -> ResponseReturnValue:
    """Put one English text into the draft."""
    place, english = request.form.get("place", ""), request.form.get("english", "")
    try:
        with context().database.begin() as session:
            outcome = translate_text(
                session,
                draft_id,
                place,
                english,
                seen=request.form.get("seen", ""),
                library=context().library,
                actor=actor(),
                clock=context().clock,
            )
    except Unreadable:
        return redirect(url_for("translating.show", draft_id=draft_id))
    if request.accept_mimetypes.best == _JSON:
        return _answer(outcome)
    if isinstance(outcome, Overtaken):
        with context().database.read() as session:
            return _draft_page(session, draft_id, refused=(place, outcome.refused))
    return redirect(_back(url_for("translating.show", draft_id=draft_id), outcome))


@blueprint.post("/drafts/<int:draft_id>/translation/checked")
@requires(Action.REVISE)
def check_one(draft_id: int) -> ResponseReturnValue:
    """Remember that one English text of a draft still fits its Chinese."""
    with context().database.begin() as session:
        sheet = sheet_of_draft(session, get_draft(session, draft_id, actor()), context().library)
        outcome = _mark(session, sheet)
    if request.accept_mimetypes.best == _JSON:
        return _answer(outcome)
    return redirect(_back(url_for("translating.show", draft_id=draft_id), outcome))


@blueprint.get("/content/<kind>/<path:content_key>/translation")
@requires(Action.READ)
def version(kind: str, content_key: str) -> str:
    """Show the texts of a published version (the newest where none is named), to read and to check."""
    with context().database.read() as session:
        versions = content_versions(context().library, session, _kind(kind), content_key)
        wanted = request.args.get("version") or (versions[-1] if versions else "")
        if wanted not in versions:
            abort(404)
        sheet = sheet_of_version(session, context().library, _kind(kind), content_key, wanted)
    return _page(sheet, versions=versions)


@blueprint.post("/content/<kind>/<path:content_key>/translation/checked")
@requires(Action.REVISE)
def check_version(kind: str, content_key: str) -> ResponseReturnValue:
    """Remember that one English text of a published version still fits its Chinese."""
    wanted = request.form.get("version", "")
    with context().database.begin() as session:
        if wanted not in content_versions(context().library, session, _kind(kind), content_key):
            abort(404)
        sheet = sheet_of_version(session, context().library, _kind(kind), content_key, wanted)
        outcome = _mark(session, sheet)
    if request.accept_mimetypes.best == _JSON:
        return _answer(outcome)
    return redirect(_back(url_for("translating.version", kind=kind, content_key=content_key, version=wanted), outcome))


def _kind(kind: str) -> ContentKind:
    try:
        return ContentKind(kind)
    except ValueError:
        abort(404)


def _mark(session: Session, sheet: TranslationSheet) -> Translated | Overtaken:
    return mark_checked(
        session,
        sheet,
        request.form.get("place", ""),
        seen=request.form.get("seen", ""),
        actor=actor(),
        clock=context().clock,
    )


def _draft_page(session: Session, draft_id: int, refused: tuple[str, str] | None = None) -> ResponseReturnValue:
    draft = get_draft(session, draft_id, actor())
    try:
        sheet = sheet_of_draft(session, draft, context().library)
    except Unreadable as fault:
        return render_template(
            "translating/unreadable.html", draft=draft, fault=fault, shell=SHELL, help_page="translation"
        )
    page = _page(sheet, draft=draft, refused=refused)
    return page if refused is None else (page, 409)


def _page(
    sheet: TranslationSheet,
    *,
    draft: DraftView | None = None,
    versions: tuple[str, ...] = (),
    refused: tuple[str, str] | None = None,
) -> str:
    number = request.values.get("page", "1")
    return render_template(
        "translating/show.html",
        sheet=sheet,
        title=title_of(sheet),
        draft=draft,
        versions=versions,
        writable=draft is not None and draft.outcome is None,
        page=sheet_page(sheet, request.values.get("show"), whole(number, 1), refused),
        refused=refused is not None,
        filters=FILTERS,
        standing_words=STANDING_WORDS,
        shell=SHELL,
        help_page="translation",
    )


def _back(address: str, outcome: Translated | Overtaken) -> str:
    chosen, number = request.form.get("show", ""), request.form.get("page", "1")
    joined = "&" if "?" in address else "?"
    return f"{address}{joined}show={chosen if chosen in FILTERS else ''}&page={whole(number, 1)}" + (
        f"#{as_row(outcome.row).anchor}"
    )


def _answer(outcome: Translated | Overtaken) -> ResponseReturnValue:
    row = as_row(outcome.row)
    said = {
        "standing": row.standing.value,
        "standing_word": translate(STANDING_WORDS[row.standing]),
        "seen": row.seen,
        "zh": row.zh,
        "en": row.en,
    }
    if isinstance(outcome, Overtaken):
        return {**said, "refused": outcome.refused}, 409
    return {**said, "progress": progress_words(outcome.progress)}


def progress_words(progress: Progress) -> str:
    """Return how far a translation is as a sentence in the reader's language."""
    return translate("共 %(texts)s 段文字：%(fresh)s 段已有英文，%(missing)s 段缺英文，%(stale)s 段英文过时。") % {
        "texts": progress.texts,
        "fresh": progress.fresh,
        "missing": progress.missing,
        "stale": progress.stale,
    }
