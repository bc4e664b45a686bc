"""GET and POST /drafts/<id>/edit: the editor; without a script a plain text field, saved by its button."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services import drafting
from app.services.drafting import Conflict, DraftView
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.editing.pages import FileTab, file_tabs, known_ids, script_data, told_faults
from app.web.forms import whole
from app.web.security import takes_files
from app.web.shell import Shell
from app.web.wording import sentence

blueprint = Blueprint("editing", __name__)
SHELL = Shell(section="frameworks")


@blueprint.get("/drafts/<int:draft_id>/edit")
@requires(Action.REVISE)
def edit(draft_id: int) -> str | Response:
    """Show the editor at `file` and `line`; a closed draft only has its overview."""
    with context().database.read() as session:
        draft = drafting.get_draft(session, draft_id, actor())
    if draft.outcome is not None:
        flash(translate("这份草稿已经结束，不再修改。"), "warning")
        return redirect(url_for("drafting.show", draft_id=draft_id))
    return _page(draft, request.args.get("file"), line=whole(request.args.get("line", ""), 1))


@blueprint.post("/drafts/<int:draft_id>/edit")
@takes_files
@requires(Action.REVISE)
def save(draft_id: int) -> str | Response | tuple[str, int]:
    """Save one file without a script; in conflict both texts are shown."""
    name, text = request.form.get("name", ""), request.form.get("text", "")
    with context().database.begin() as session:
        stored = drafting.get_draft(session, draft_id, actor())
        if name not in stored.files:
            raise NotFound("file", name)
        text = _with_breaks_of(stored.files[name], text)
        version = whole(request.form.get("version", ""))
        try:
            outcome = drafting.save_file(
                session, draft_id, name, text, base_version=version, actor=actor(), clock=context().clock
            )
        except Invalid as refused:
            flash(sentence(refused), "error")
            return _page(stored, name, typed=text), 422
    if isinstance(outcome, Conflict):
        with context().database.read() as session:
            return _page(drafting.get_draft(session, draft_id, actor()), name, typed=text), 409
    flash(translate("已保存。"))
    return redirect(url_for("editing.edit", draft_id=draft_id, file=name))


def _page(draft: DraftView, name: str | None, *, line: int = 1, typed: str | None = None) -> str:
    """Return the page at a file; `typed` is what was refused and stands in the field, beside what is stored."""
    tabs = file_tabs(draft)
    chosen = next((tab for tab in tabs if tab.name == name), tabs[0] if tabs else FileTab("", ""))
    library = context().library
    result = drafting.lint_draft(draft.kind, draft.key, draft.files, library)
    faults = told_faults(result.faults, dict(draft.files), ids=known_ids(draft, library))
    return render_template(
        "editing/edit.html",
        draft=draft,
        tabs=tabs,
        chosen=chosen,
        typed=typed,
        faults_found=[fault for fault in faults if fault["file"] == chosen.name],
        errors=len(result.errors),
        warnings=len(result.warnings),
        data=script_data(draft, library, first=chosen.name, line=line),
        shell=SHELL,
        help_page="editor",
    )


def _with_breaks_of(stored: str, posted: str) -> str:
    """Return a posted text with the line breaks of the stored one: a form sends CR LF whatever stood there."""
    plain = posted.replace("\r\n", "\n")
    return plain.replace("\n", "\r\n") if "\r\n" in stored else plain
