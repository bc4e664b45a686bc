"""/drafts/<id>/rebase: what was published meanwhile is put together with the draft, chosen where both changed it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services.drafting import Conflict
from app.services.permissions import Action
from app.services.rebasing import Choice, Rebase, preview_rebase, rebase_draft
from app.services.refusals import Invalid
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.drafting.base import SHELL, blueprint, posted_number
from app.web.drafting.pages import line_changes, published_name
from app.web.drafting.words import kind_words
from app.web.wording import sentence


@blueprint.get("/drafts/<int:draft_id>/rebase")
@requires(Action.REVISE)
def rebase(draft_id: int) -> str | Response:
    """Show the draft put together with the newest version."""
    return _page(draft_id, [])


@blueprint.post("/drafts/<int:draft_id>/rebase")
@requires(Action.REVISE)
def rebase_now(draft_id: int) -> str | Response | tuple[str | Response, int]:
    """Base the draft on the newest version, everything chosen."""
    try:
        with context().database.begin() as session:
            outcome = rebase_draft(
                session,
                draft_id,
                _choices(),
                newest=request.form.get("newest", ""),
                base_version=posted_number("version"),
                library=context().library,
                actor=actor(),
                clock=context().clock,
            )
    except Invalid as refused:
        return _page(draft_id, [(None, sentence(refused))]), 422
    if isinstance(outcome, Conflict):
        return _page(draft_id, [(None, translate("就在刚才草稿又改过，请再看一次。"))]), 409
    flash(translate("草稿现在以最新版本为基础；之前的样子留在经过里。"))
    return redirect(url_for(".show", draft_id=draft_id), 303)


def _choices() -> dict[str, Choice]:
    values = {choice.value: choice for choice in Choice}
    posted = request.form.items()
    return {name[7:]: values[value] for name, value in posted if name.startswith("choice-") and value in values}


def _page(draft_id: int, faults: list[tuple[None, str]]) -> str | Response:
    library = context().library
    try:
        with context().database.read() as session:
            found = preview_rebase(session, draft_id, library=library, actor=actor())
            name = published_name(session, library, found.draft.kind, found.draft.key)
    except Invalid:
        return redirect(url_for(".show", draft_id=draft_id), 303)
    return render_template(
        "drafting/rebase.html",
        found=found,
        draft=found.draft,
        name=name,
        taken=_taken(found),
        chosen=_choices() if request.method == "POST" else {},
        kinds=kind_words(),
        faults=faults,
        shell=SHELL,
        help_page="drafts",
    )


def _taken(found: Rebase) -> dict[str, list[tuple[str, str]]]:
    """Return, by file, what comes in from the newest version without a question."""
    changes = {}
    for file in found.files:
        if not file.whole:
            kept = dict.fromkeys(file.questions(), Choice.MINE)
            changes[file.name] = list(line_changes(file.mine, file.text(kept)))
    return {name: lines for name, lines in changes.items() if lines}
