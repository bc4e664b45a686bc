"""/drafts: what is being revised, and by whom; one draft with its files and history; bringing files in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, MultipleFileField

from app.content.layering import ContentKind
from app.content.proofing import lint_draft
from app.i18n import msgid
from app.services import drafting
from app.services.content_archives import archive
from app.services.content_files import newest_version
from app.services.content_imports import Import, read_import
from app.services.drafting import IMPORT, Conflict
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.drafting import publish_routes, rebase_routes, version_routes
from app.web.drafting.base import SHELL, blueprint, download, kind_of, name_of, posted_number, versions_url
from app.web.drafting.pages import content_rows, draft_rows, fault_lines, history_steps, published_name
from app.web.drafting.words import OUTCOMES, REVISIONS, kind_words
from app.web.forms import Form
from app.web.security import takes_files
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.storage.database import Session

__all__ = ["blueprint", "publish_routes", "rebase_routes", "version_routes"]


class ImportForm(Form):
    """Files or an archive, and whether what is missing among them goes."""

    file = MultipleFileField(msgid("YAML 文件或 zip"))
    whole = BooleanField(msgid("没有带来的文件从草稿里去掉"))


@blueprint.get("/drafts")
@requires(Action.REVISE)
def listing() -> str:
    """Show every open draft, and everything that one can be begun of."""
    return _listing(ImportForm(formdata=None))


def _listing(form: ImportForm) -> str:
    library = context().library
    with context().database.read() as session:
        mine, others = draft_rows(session, library, actor())
        return render_template(
            "drafting/listing.html",
            mine=mine,
            others=others,
            closed=[
                (one, published_name(session, library, ContentKind(one.kind), one.key))
                for one in drafting.closed_drafts(session, actor())
            ],
            contents=content_rows(session, library, actor()),
            kinds=kind_words(),
            outcomes=OUTCOMES,
            form=form,
            faults=form.faults(),
            shell=SHELL,
            help_page="drafts",
        )


@blueprint.post("/drafts")
@requires(Action.REVISE)
def begin() -> Response:
    """Open the reader's draft of one content, or begin one; then to its page."""
    kind, key = kind_of(request.form.get("kind", "")), request.form.get("key", "")
    with context().database.begin() as session:
        draft = drafting.begin_draft(
            session, kind, key, library=context().library, actor=actor(), clock=context().clock
        )
    return redirect(url_for(".show", draft_id=draft.id), 303)


@blueprint.post("/drafts/import")
@takes_files
@requires(Action.REVISE)
def import_new() -> Response | tuple[str, int]:
    """Take files into the draft of the content that they are; one of content that is not known yet is begun."""
    form = ImportForm()
    try:
        brought = read_import(_uploads())
        with context().database.begin() as session:
            draft_id, version = _draft_for(session, brought)
            outcome = _take(session, draft_id, brought, version=version, whole=True)
    except Invalid as refused:
        form.add_refusal(refused)
        return _listing(form), 422
    _tell(brought, outcome)
    return redirect(url_for(".show", draft_id=draft_id), 303)


@blueprint.get("/drafts/<int:draft_id>")
@requires(Action.REVISE)
def show(draft_id: int) -> str:
    """Show one draft: what it revises, its state, its files, and where to go from here."""
    return _show(draft_id, ImportForm(formdata=None))


def _show(draft_id: int, form: ImportForm) -> str:
    library = context().library
    with context().database.read() as session:
        draft = drafting.get_draft(session, draft_id, actor())
        lint = lint_draft(draft.kind, draft.key, draft.files, library)
        newest = newest_version(library, session, draft.kind, draft.key)
        name = name_of(lint.content, "") if lint.content else published_name(session, library, draft.kind, draft.key)
    counted = {file: sum(1 for fault in lint.errors if fault.file == file) for file in draft.files}
    return render_template(
        "drafting/show.html",
        draft=draft,
        name=name,
        lint=lint,
        newest=newest,
        overtaken=draft.outcome is None and newest != draft.base_version,
        counted=counted,
        listed=fault_lines(lint.faults, draft),
        kinds=kind_words(),
        outcomes=OUTCOMES,
        form=form,
        faults=form.faults(),
        versions_url=versions_url(draft.kind, draft.key) if newest is not None else None,
        shell=SHELL,
        help_page="drafts",
    )


@blueprint.post("/drafts/<int:draft_id>/import")
@takes_files
@requires(Action.REVISE)
def import_files(draft_id: int) -> Response | tuple[str, int]:
    """Take files into a draft, as one step that its history can take back."""
    form = ImportForm()
    try:
        with context().database.begin() as session:
            draft = drafting.get_draft(session, draft_id, actor())
            brought = read_import(_uploads(), wanted=(draft.kind, draft.key))
            whole = bool(form.whole.data) or draft.kind is not ContentKind.FRAMEWORK
            outcome = _take(session, draft_id, brought, version=posted_number("version"), whole=whole)
    except Invalid as refused:
        form.add_refusal(refused)
        return _show(draft_id, form), 422
    _tell(brought, outcome)
    return redirect(url_for(".show", draft_id=draft_id), 303)


@blueprint.get("/drafts/<int:draft_id>/files.zip")
@requires(Action.REVISE)
def export(draft_id: int) -> Response:
    """Send the files of a draft as they stand, faults and all."""
    with context().database.read() as session:
        draft = drafting.get_draft(session, draft_id, actor())
    folder = draft.key.rpartition("/")[2]
    files = {f"{folder}/{name}": text for name, text in draft.files.items()}
    return download(archive(files), f"{folder}-{translate(msgid('草稿'))}")


@blueprint.get("/drafts/<int:draft_id>/history")
@requires(Action.REVISE)
def history(draft_id: int) -> str:
    """Show what the files of a draft said, step by step."""
    library = context().library
    with context().database.read() as session:
        draft = drafting.get_draft(session, draft_id, actor())
        steps = history_steps(drafting.draft_history(session, draft_id, actor()))
        name = published_name(session, library, draft.kind, draft.key)
    return render_template(
        "drafting/history.html",
        draft=draft,
        name=name,
        steps=steps,
        words=REVISIONS,
        shell=SHELL,
        help_page="drafts",
    )


@blueprint.post("/drafts/<int:draft_id>/history/<int:revision_id>")
@requires(Action.REVISE)
def restore(draft_id: int, revision_id: int) -> Response:
    """Let a file say again what it said in a step."""
    with context().database.begin() as session:
        outcome = drafting.restore_revision(
            session,
            draft_id,
            revision_id,
            base_version=posted_number("version"),
            actor=actor(),
            clock=context().clock,
        )
    if isinstance(outcome, Conflict):
        flash(translate("就在刚才这个文件又改了，没有恢复。下面是现在的样子。"), "error")
    else:
        flash(translate("文件已恢复成那时的样子；之前的也留在经过里。"))
    return redirect(url_for(".history", draft_id=draft_id), 303)


@blueprint.post("/drafts/<int:draft_id>/discard")
@requires(Action.REVISE)
def discard(draft_id: int) -> Response:
    """Close a draft without publishing it."""
    with context().database.begin() as session:
        drafting.discard_draft(session, draft_id, actor=actor(), clock=context().clock)
    flash(translate("草稿已丢弃；可在本页下方恢复。"))
    return redirect(url_for(".listing"), 303)


@blueprint.post("/drafts/<int:draft_id>/reopen")
@requires(Action.REVISE)
def reopen(draft_id: int) -> Response:
    """Take back that a draft was discarded."""
    try:
        with context().database.begin() as session:
            drafting.reopen_draft(session, draft_id, actor=actor(), clock=context().clock)
    except Invalid as refused:
        flash(sentence(refused), "error")
        return redirect(url_for(".listing"), 303)
    return redirect(url_for(".show", draft_id=draft_id), 303)


def _uploads() -> list[tuple[str, bytes]]:
    return [(file.filename or "", file.read()) for file in request.files.getlist("file") if file.filename]


def _draft_for(session: Session, brought: Import) -> tuple[int, int]:
    """Return the draft that files go into, begun where there is none, and its version."""
    library, clock = context().library, context().clock
    if newest_version(library, session, brought.kind, brought.key) is not None:
        draft = drafting.begin_draft(session, brought.kind, brought.key, library=library, actor=actor(), clock=clock)
    else:
        open_now = [
            one.id
            for one in drafting.list_drafts(session, actor())
            if (one.kind, one.key, one.owner_id) == (brought.kind.value, brought.key, actor().user_id)
        ]
        if open_now:
            draft = drafting.get_draft(session, open_now[0], actor())
        else:
            draft = drafting.begin_new_draft(
                session, brought.kind, brought.key, brought.files, library=library, actor=actor(), clock=clock
            )
    return draft.id, draft.version


def _take(session: Session, draft_id: int, brought: Import, *, version: int, whole: bool) -> drafting.Saved | Conflict:
    """Store what was brought; of content of one file it takes that file's place, whatever its name is."""
    draft = drafting.get_draft(session, draft_id, actor())
    files: dict[str, str | None] = dict.fromkeys(draft.files) if whole else {}
    files |= brought.files
    return drafting.save_files(
        session, draft_id, files, base_version=version, actor=actor(), clock=context().clock, kind=IMPORT
    )


def _tell(brought: Import, outcome: drafting.Saved | Conflict) -> None:
    if isinstance(outcome, Conflict):
        flash(translate("草稿在您打开这一页之后又改过，没有导入；带来的文件留在经过里，可以从那里恢复。"), "error")
        return
    flash(translate("已导入 %(n)s 个文件。") % {"n": len(brought.files)})
    if brought.left_out:
        shown = translate("、").join(brought.left_out[:8]) + (" …" if len(brought.left_out) > 8 else "")
        flash(translate("没有用到的文件：%(names)s") % {"names": shown}, "warning")
