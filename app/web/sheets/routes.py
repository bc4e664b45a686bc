"""/interview/<id>/sheet: an interview as a workbook, out and back in with a rehearsal before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FileField

from app.exports.unpacking import LARGEST_FILE, BookRefused
from app.i18n import as_locale, msgid
from app.services.answering import InterviewClosed
from app.services.file_names import file_name
from app.services.interview_sheet import read_sheet
from app.services.permissions import Action
from app.services.sheet_uploads import shelf_of
from app.services.sheets import Rehearsal, apply_sheet, export_sheet, rehearse
from app.web.access import requires
from app.web.context import actor, context, locale, translate
from app.web.forms import Form
from app.web.interviews.wording import closed_sentence
from app.web.security import takes_files
from app.web.sheets.pages import element_lines, refusals
from app.web.sheets.shells import sheet_shell

if TYPE_CHECKING:
    from app.core.errors import Fault
    from app.storage.database import Session

blueprint = Blueprint("sheets", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEEP_MINE = "mine"


class UploadForm(Form):
    """A filled workbook to take in."""

    file = FileField(msgid("填好的表格"))


@blueprint.get("/interview/<int:interview_id>/sheet.xlsx")
@requires(Action.EXPORT)
def export(interview_id: int) -> Response:
    """Send an interview as a workbook in the reader's language (or `?language=`); `names=1` says who was asked."""
    language = as_locale(request.args.get("language")) or locale()
    names = request.args.get("names") == "1"
    with context().database.read() as session:
        sheet = read_sheet(session, interview_id)
        content = export_sheet(session, interview_id, locale=language, clock=context().clock, names=names)
    unit = sheet.interview.unit_name.in_locale(language)
    role = sheet.role.name.in_locale(language) if sheet.role else sheet.interview.role
    name = quote(file_name(f"{unit}-{role}-{sheet.interview.key}", ".xlsx"))
    return Response(
        content,
        content_type=XLSX,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@blueprint.get("/interview/<int:interview_id>/sheet")
@requires(Action.ANSWER)
def upload(interview_id: int) -> str:
    """Ask for a filled workbook."""
    with context().database.read() as session:
        return _upload_page(session, interview_id, UploadForm(formdata=None))


@blueprint.post("/interview/<int:interview_id>/sheet")
@takes_files
@requires(Action.ANSWER)
def check(interview_id: int) -> Response | tuple[str, int]:
    """Look at a workbook; one that can be used at all is kept and rehearsed on a page of its own."""
    file = request.files.get("file")
    content = file.read() if file else b""
    form = UploadForm()
    with context().database.read() as session:
        if not content:
            form.file.errors = [translate("请选择一个填好的表格。")]
            return _upload_page(session, interview_id, form), 422
        try:
            rehearse(session, interview_id, content)
        except BookRefused as refused:
            name = (file.filename or "") if file else ""
            return _upload_page(session, interview_id, UploadForm(formdata=None), refused.errors, name), 422
    checksum = shelf_of(context().settings, interview_id, actor().user_id).keep(content, context().clock)
    return redirect(url_for(".rehearsal", interview_id=interview_id, checksum=checksum), 303)


@blueprint.get("/interview/<int:interview_id>/sheet/<checksum>")
@requires(Action.ANSWER)
def rehearsal(interview_id: int, checksum: str) -> str | tuple[str, int]:
    """Show what applying a workbook would do, row by row; nothing is stored."""
    content = shelf_of(context().settings, interview_id, actor().user_id).content(checksum)
    with context().database.read() as session:
        try:
            found = rehearse(session, interview_id, content)
        except BookRefused as refused:  # the interview itself has changed since
            return _upload_page(session, interview_id, UploadForm(formdata=None), refused.errors), 422
        return _rehearsal_page(session, found, checksum)


@blueprint.post("/interview/<int:interview_id>/sheet/<checksum>")
@requires(Action.ANSWER)
def apply(interview_id: int, checksum: str) -> Response:
    """Save what was rehearsed; what could not be saved is shown again."""
    content = shelf_of(context().settings, interview_id, actor().user_id).content(checksum)
    back = redirect(url_for(".rehearsal", interview_id=interview_id, checksum=checksum), 303)
    try:
        with context().database.begin() as session:
            applied = apply_sheet(
                session, interview_id, content, keep_mine=_kept(), actor=actor(), clock=context().clock
            )
    except InterviewClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
        return back
    flash(translate("已写入 %(n)s 个要素。") % {"n": applied.saved})
    if applied.conflicts:
        flash(translate("%(n)s 个要素有冲突，保留了系统中的内容。") % {"n": applied.conflicts}, "warning")
    return back


def _kept() -> dict[str, int]:
    """Return the elements whose conflict is decided for the workbook, each with the version that was shown."""
    kept = {}
    for name, value in request.form.items():
        kind, _, element = name.partition(".")
        version = request.form.get(f"version.{element}", "")
        if kind == "choice" and value == KEEP_MINE and version.isascii() and version.isdigit() and len(version) < 10:
            kept[element] = int(version)
    return kept


def _upload_page(
    session: Session, interview_id: int, form: UploadForm, faults: tuple[Fault, ...] = (), name: str = ""
) -> str:
    sheet = read_sheet(session, interview_id)
    return render_template(
        "sheets/upload.html",
        sheet=sheet,
        form=form,
        faults=form.faults(),
        refusals=refusals(faults),
        name=name,
        most=LARGEST_FILE // 2**20,
        shell=sheet_shell(session, sheet),
        help_page="paper",
    )


def _rehearsal_page(session: Session, found: Rehearsal, checksum: str) -> str:
    return render_template(
        "sheets/rehearsal.html",
        sheet=found.sheet,
        rehearsal=found,
        elements=element_lines(found),
        loose=refusals(found.loose),
        checksum=checksum,
        shell=sheet_shell(session, found.sheet),
        help_page="paper",
    )
