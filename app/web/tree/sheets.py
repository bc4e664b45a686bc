"""/drafts/<id>/tree/sheet: a framework as a workbook, out and back in with a rehearsal before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import FileField

from app.content.editing.refusals import EditRefused
from app.content.fault_words import sentence as fault_sentence
from app.core.errors import Fault
from app.exports.unpacking import LARGEST_FILE, BookRefused
from app.i18n import as_locale, msgid
from app.services.file_names import file_name
from app.services.framework_sheets import apply_framework_sheet, export_framework_sheet, rehearse_framework_sheet
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.services.sheet_uploads import Shelf, shelf_of
from app.web.access import requires
from app.web.context import actor, context, locale, translate
from app.web.security import takes_files
from app.web.sheets.pages import Refusal, refusals
from app.web.sheets.routes import XLSX
from app.web.tree.forms import TreeForm
from app.web.tree.pages import equip, framework_name, opened_tree, render
from app.web.tree.wording import refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.services.framework_cells import Located
    from app.services.framework_sheets import SheetRehearsal
    from app.services.tree_editing import TreeDraft

blueprint = Blueprint("tree_sheets", __name__, url_prefix="/drafts/<int:draft_id>/tree")
equip(blueprint)
PARTS = {"front": msgid("名称、来源、汇总"), "tiers": msgid("层级"), "scale": msgid("量表")}


class SheetForm(TreeForm):
    """A filled workbook to take in."""

    file = FileField(msgid("改好的表格"))


@blueprint.get("/sheet")
@requires(Action.REVISE)
def show(draft_id: int) -> str:
    """Offer both ways."""
    return _upload_page(_opened(draft_id), SheetForm(formdata=None))


@blueprint.get("/sheet.xlsx")
@requires(Action.REVISE)
def export(draft_id: int) -> Response:
    """Send the framework of a draft as a workbook in the reader's language (or `?language=`)."""
    language = as_locale(request.args.get("language")) or locale()
    opened = _opened(draft_id)
    content = export_framework_sheet(opened, locale=language)
    name = quote(file_name(framework_name(opened).in_locale(language), ".xlsx"))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, content_type=XLSX, headers=headers)


@blueprint.post("/sheet")
@takes_files
@requires(Action.REVISE)
def check(draft_id: int) -> Response | tuple[str, int]:
    """Look at a workbook; one that can be used at all is kept and rehearsed on a page of its own."""
    file = request.files.get("file")
    content = file.read(LARGEST_FILE + 1) if file else b""
    form = SheetForm()
    opened = _opened(draft_id)
    if not content:
        form.file.errors = [translate("请选择一个改好的表格。")]
        return _upload_page(opened, form), 422
    try:
        _rehearse(draft_id, content)
    except BookRefused as refused:
        return _upload_page(opened, SheetForm(formdata=None), refusals(refused.errors)), 422
    checksum = _shelf(draft_id).keep(content, context().clock)
    return redirect(url_for(".rehearsal", draft_id=draft_id, checksum=checksum), 303)


@blueprint.get("/sheet/<checksum>")
@requires(Action.REVISE)
def rehearsal(draft_id: int, checksum: str) -> str | tuple[str, int]:
    """Show what applying a workbook would do; nothing is stored."""
    content = _shelf(draft_id).content(checksum)
    opened = _opened(draft_id)
    try:
        found = _rehearse(draft_id, content)
    except BookRefused as refused:
        return _upload_page(opened, SheetForm(formdata=None), refusals(refused.errors)), 422
    return render(
        "tree/rehearsal.html",
        opened,
        rehearsal=found,
        refusals=[Refusal(one.place, _reason(one)) for one in found.faults],
        lines=_lines(opened, found),
        parts_changed=[PARTS[one] for one in found.front],
        checksum=checksum,
    )


@blueprint.post("/sheet/<checksum>")
@requires(Action.REVISE)
def apply(draft_id: int, checksum: str) -> Response:
    """Write what was rehearsed into the draft."""
    content = _shelf(draft_id).content(checksum)
    try:
        with context().database.begin() as session:
            apply_framework_sheet(
                session, draft_id, content, library=context().library, actor=actor(), clock=context().clock
            )
    except (BookRefused, Invalid):  # the draft has changed since it was rehearsed: shown anew
        return redirect(url_for(".rehearsal", draft_id=draft_id, checksum=checksum), 303)
    flash(translate("表格里的改动已写进草稿。"))
    return redirect(url_for("tree.show", draft_id=draft_id), 303)


def _opened(draft_id: int) -> TreeDraft:
    with context().database.read() as session:
        return opened_tree(session, draft_id)


def _rehearse(draft_id: int, content: bytes) -> SheetRehearsal:
    with context().database.read() as session:
        return rehearse_framework_sheet(session, draft_id, content, library=context().library, actor=actor())


def _shelf(draft_id: int) -> Shelf:
    """Return where this user's workbooks of a draft are kept, apart from those of interviews."""
    kept = shelf_of(context().settings, draft_id, actor().user_id)
    return Shelf(kept.folder / "frameworks", draft_id, actor().user_id)


def _reason(one: Located) -> str:
    if isinstance(one.error, EditRefused):
        return refusal(one.error)
    return _fault_words(one.error)


def _fault_words(fault: Fault) -> str:
    if fault.code.startswith("S"):
        return refusals([fault])[0].reason
    return fault_sentence(fault, locale())


def _lines(opened: TreeDraft, found: SheetRehearsal) -> list[tuple[str, list[str]]]:
    """Return what would happen, in words, with the capabilities that it happens to."""
    shaped = found.shaped
    if shaped is None:
        return []
    told: list[tuple[str, Iterable[str]]] = [
        (translate("新增"), shaped.added),
        (translate("删除"), shaped.removed),
        (translate("换标识"), [f"{old} → {new}" for old, new in shaped.renamed]),
        (translate("移到别的上级"), shaped.moved),
        (translate("改内容"), shaped.changed),
        (translate("下级换顺序"), [one or opened.draft.key for one in shaped.reordered]),
    ]
    return [(words, list(ids)) for words, ids in told if ids]


def _upload_page(opened: TreeDraft, form: SheetForm, refused: list[Refusal] | None = None) -> str:
    most = LARGEST_FILE // 2**20
    return render("tree/sheet.html", opened, form=form, faults=form.faults(), refusals=refused or [], most=most)
