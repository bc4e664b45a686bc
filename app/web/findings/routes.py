"""/assessments/<id>/findings: findings by element, written from the interviews' notes; /attachments/<id>: the files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.services import attaching, findings
from app.services.assessing import AssessmentView, load_assessment
from app.services.confining import inspect_apart
from app.services.findings import Clash, Draft, FindingView, Stored
from app.services.interview_notes import Source, notes_of, sources_of
from app.services.permissions import Action, permitted
from app.services.refusals import Invalid, NotFound
from app.web.access import local_path, requires
from app.web.acting import act
from app.web.context import actor, context, locale, translate
from app.web.findings import pages
from app.web.findings.forms import FileForm, FindingForm, posted_id, posted_version
from app.web.interviews.wording import STRENGTHS
from app.web.security import takes_upload
from app.web.shell import assessment_shell

if TYPE_CHECKING:
    from app.services.attaching import AttachmentView
    from app.services.interview_sheet import Sheet
    from app.storage.database import Session

blueprint = Blueprint("findings", __name__)
MEBIBYTE = 2**20
ALONE = "default-src 'none'; sandbox"  # policy of a file that somebody uploaded


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"strength_words": STRENGTHS, "interview_files": interview_files, "file_size": pages.file_size}


def interview_files(sheet: Sheet, element: str) -> tuple[AttachmentView, ...]:
    """Return the files that were added to an element in one interview (for the page of that interview)."""
    with context().database.read() as session:
        files = attaching.attachments_of(session, sheet.interview.assessment_id, element)
    return tuple(file for file in files if file.interview_id == sheet.interview.id)


def _hears() -> bool:
    """Tell whether the reader of this page may know who said what (decision 0019)."""
    return permitted(actor(), Action.ANSWER)


# --- pages ---------------------------------------------------------------------------------------------------------


@blueprint.get("/assessments/<int:assessment_id>/findings")
@requires(Action.READ)
def listing(assessment_id: int) -> str:
    """Show the findings of every element: `show` (all, without, waiting), `dimension`."""
    with context().database.read() as session:
        view = load_assessment(session, assessment_id)
        page = pages.listing_page(
            session,
            view,
            show=request.args.get("show", "all"),
            dimension=request.args.get("dimension"),
            hears=_hears(),
        )
        shell = assessment_shell(session, view)
    return render_template(
        "findings/listing.html",
        view=view,
        page=page,
        hears=_hears(),
        filters=pages.FILTERS,
        closed_words=pages.CLOSED,
        shown=pages.SHOWN,
        shell=shell,
        help_page="findings",
    )


@blueprint.get("/assessments/<int:assessment_id>/findings/<element>")
@requires(Action.READ)
def element(assessment_id: int, element: str) -> str:
    """Show one element; `write=1` opens the form, filled from the notes of the interviews `from`; `edit` a finding."""
    writes = permitted(actor(), Action.AGREE)
    with context().database.read() as session:
        form, edited = _asked_for(session, assessment_id, element) if writes else (None, None)
        return _element_page(session, assessment_id, element, form=form, edited=edited)


def _asked_for(session: Session, assessment_id: int, element: str) -> tuple[FindingForm | None, FindingView | None]:
    edit = posted_id("edit")
    if edit is not None:
        finding = findings.get_finding(session, edit)
        if (finding.assessment_id, finding.element) != (assessment_id, element) or finding.archived:
            raise NotFound("finding", edit)
        return FindingForm(_draft_of(finding)), finding
    if "write" not in request.args:
        return None, None
    chosen = set(request.args.getlist("from"))
    notes = notes_of(session, assessment_id).get(element, ())
    return FindingForm(findings.draft_from([note for note in notes if str(note.interview_id) in chosen])), None


def _draft_of(finding: FindingView) -> Draft:
    return Draft(finding.text, finding.strength, tuple(source.interview_id for source in finding.sources))


def _element_page(
    session: Session,
    assessment_id: int,
    element: str,
    *,
    form: FindingForm | None = None,
    edited: FindingView | None = None,
    clash: Clash | None = None,
    file_form: FileForm | None = None,
) -> str:
    view = load_assessment(session, assessment_id)
    if element not in view.framework or not view.framework.node(element).is_leaf:
        raise NotFound("element", element)
    page = pages.element_page(session, view, element, hears=_hears())
    files = file_form or FileForm(formdata=None)
    files.finding.choices = _finding_choices(page.findings)
    faults = [*(form.faults() if form else ()), *(file_form.faults() if file_form else ())]
    return render_template(
        "findings/element.html",
        view=view,
        page=page,
        hears=_hears(),
        form=form,
        edited=edited,
        clash=clash,
        version=clash.version if clash else edited.version if edited else 0,
        file_form=files,
        faults=faults,
        confidence_word=pages.confidence_word,
        closed_words=pages.CLOSED,
        limit=context().settings.largest_attachment // MEBIBYTE,
        shell=assessment_shell(session, view),
        help_page="findings",
    )


def _finding_choices(found: tuple[FindingView, ...]) -> list[tuple[str, str]]:
    words = [(one.id, " ".join(one.text.in_locale(locale()).split())) for one in found]
    cut = [(str(finding_id), text if len(text) <= 40 else f"{text[:39]}…") for finding_id, text in words]
    return [("", translate("整个要素")), *cut]


@blueprint.get("/findings/<int:finding_id>/history")
@requires(Action.ANSWER)
def history(finding_id: int) -> str:
    """Show everything that happened to a finding."""
    with context().database.read() as session:
        finding = findings.get_finding(session, finding_id)
        view = load_assessment(session, finding.assessment_id)
        changes = findings.history_of(session, finding_id)
        names = {one.interview_id: _source_name(one) for one in sources_of(session, finding.assessment_id)}
        shell = assessment_shell(session, view)
    return render_template(
        "findings/history.html",
        view=view,
        node=view.framework.node(finding.element),
        finding=finding,
        changes=[(one, pages.kind_word(one), pages.field_words(one, names)) for one in reversed(changes)],
        shell=shell,
        help_page="findings",
    )


def _source_name(source: Source) -> str:
    return " ".join(filter(None, (source.role.in_locale(locale()), source.respondent, source.key)))


# --- writing -------------------------------------------------------------------------------------------------------


@blueprint.post("/assessments/<int:assessment_id>/findings/<element>")
@requires(Action.AGREE)
def add(assessment_id: int, element: str) -> Response | tuple[str, int]:
    """Write a new finding."""
    form = FindingForm()
    stored: list[Stored] = []
    if form.validate():
        try:
            with context().database.begin() as session:
                stored.append(
                    findings.write_finding(
                        session, assessment_id, element, form.draft(), actor=actor(), clock=context().clock
                    )
                )
        except Invalid as refused:
            form.add_refusal(refused)
    if not stored:
        with context().database.read() as session:
            return _element_page(session, assessment_id, element, form=form), 422
    if stored[0].joined:
        flash(translate("同样的发现已有一条，来源已并入。"))
    else:
        flash(translate("发现已写下。"))
    return redirect(_place(assessment_id, element, stored[0].finding_id), 303)


@blueprint.get("/findings/<int:finding_id>")
@requires(Action.READ)
def show(finding_id: int) -> Response:
    """Lead to a finding on the page of its element (a conflict's page is asked for again, say to change language)."""
    return redirect(_place_of(finding_id))


@blueprint.post("/findings/<int:finding_id>")
@requires(Action.AGREE)
def save(finding_id: int) -> Response | tuple[str, int]:
    """Change a finding; where somebody else changed the same, show both and let the user choose."""
    form = FindingForm()
    outcome: list[Stored | Clash] = []
    with context().database.read() as session:
        before = findings.get_finding(session, finding_id)
    if form.validate():
        try:
            with context().database.begin() as session:
                outcome.append(
                    findings.change_finding(
                        session,
                        finding_id,
                        form.draft(),
                        base_version=posted_version(),
                        actor=actor(),
                        clock=context().clock,
                    )
                )
        except Invalid as refused:
            form.add_refusal(refused)
    done = outcome[0] if outcome else None
    if isinstance(done, Stored):
        flash(translate("发现已保存；别人同时改的部分也在。") if done.merged else translate("发现已保存。"))
        return redirect(_place(before.assessment_id, before.element, finding_id), 303)
    with context().database.read() as session:
        shown = partial(_element_page, session, before.assessment_id, before.element, edited=before)
        if done is None:
            return shown(form=form), 422
        return shown(form=FindingForm(done.mine), clash=done), 409


@blueprint.post("/findings/<int:finding_id>/move")
@requires(Action.AGREE)
def move(finding_id: int) -> Response:
    """Move a finding up (`up=1`) or down among those of its element."""

    def change(session: Session) -> None:
        up = request.form.get("up") == "1"
        findings.move_finding(session, finding_id, up=up, actor=actor(), clock=context().clock)

    return act(change, done=translate("顺序已改。"), back=_place_of(finding_id))


@blueprint.post("/findings/<int:finding_id>/archive")
@requires(Action.AGREE)
def archive(finding_id: int) -> Response:
    """Take a finding out of use."""
    change = partial(findings.archive_finding, finding_id=finding_id, actor=actor(), clock=context().clock)
    return act(change, done=translate("发现已归档，可在本页下方恢复。"), back=_place_of(finding_id))


@blueprint.post("/findings/<int:finding_id>/restore")
@requires(Action.AGREE)
def restore(finding_id: int) -> Response:
    """Bring a finding back."""
    change = partial(findings.restore_finding, finding_id=finding_id, actor=actor(), clock=context().clock)
    return act(change, done=translate("发现已恢复，排在最后。"), back=_place_of(finding_id))


def _place_of(finding_id: int) -> str:
    with context().database.read() as session:
        finding = findings.get_finding(session, finding_id, sources=False)
    return _place(finding.assessment_id, finding.element, finding_id)


def _place(assessment_id: int, element: str, finding_id: int | None = None) -> str:
    anchor = None if finding_id is None else f"finding-{finding_id}"
    return url_for(".element", assessment_id=assessment_id, element=element, _anchor=anchor)


# --- files ---------------------------------------------------------------------------------------------------------


@blueprint.get("/assessments/<int:assessment_id>/findings/<element>/attach")
@requires(Action.ANSWER)
def attach(assessment_id: int, element: str) -> str:
    """Ask for a file, for the element, one `interview` or one `finding`; `back` is where to return."""
    with context().database.read() as session:
        return _attach_page(session, assessment_id, element, FileForm(formdata=None))


@blueprint.post("/assessments/<int:assessment_id>/findings/<element>/attach")
@takes_upload
@requires(Action.ANSWER)
def attach_now(assessment_id: int, element: str) -> Response | tuple[str, int]:
    """Inspect a file and keep it."""
    form = FileForm()
    try:
        label = _keep(assessment_id, element)
    except Invalid as refused:
        form.add_refusal(refused)
        with context().database.read() as session:
            if request.form.get("on") == "element":
                return _element_page(session, assessment_id, element, file_form=form), 422
            return _attach_page(session, assessment_id, element, form), 422
    flash(translate("已添加：%(label)s。") % {"label": label})
    return redirect(local_path(request.form.get("back")) or f"{_place(assessment_id, element)}#files", 303)


def _keep(assessment_id: int, element: str) -> str:
    settings = context().settings
    file = request.files.get("file")
    whose = {"interview_id": posted_id("interview"), "finding_id": posted_id("finding")}
    with context().database.read() as session:  # nothing is decoded for a place that takes no files
        attaching.check_place(session, assessment_id, element, **whose)
    content = file.read(settings.largest_attachment + 1) if file else b""
    name = (file.filename or "") if file else ""
    inspected = inspect_apart(content, name=name, largest=settings.largest_attachment)
    with (
        attaching.kept(attaching.AttachmentFolder(settings.data), inspected) as kept,
        context().database.begin() as session,
    ):
        attaching.attach(
            session,
            kept,
            assessment_id=assessment_id,
            element=element,
            most=settings.largest_attachments,
            actor=actor(),
            clock=context().clock,
            **whose,
        )
    return inspected.label


def _attach_page(session: Session, assessment_id: int, element: str, form: FileForm) -> str:
    findings.check_element(session, assessment_id, element)
    view: AssessmentView = load_assessment(session, assessment_id)
    interview_id = posted_id("interview")
    interview = next((one for one in sources_of(session, assessment_id) if one.interview_id == interview_id), None)
    if interview_id is not None and interview is None:
        raise NotFound("interview", interview_id)
    return render_template(
        "findings/attach.html",
        view=view,
        node=view.framework.node(element),
        interview=interview,
        form=form,
        faults=form.faults(),
        back=local_path(request.values.get("back")),
        limit=context().settings.largest_attachment // MEBIBYTE,
        shell=assessment_shell(session, view),
        help_page="findings",
    )


@blueprint.get("/attachments/<int:attachment_id>")
@requires(Action.ANSWER)
def download(attachment_id: int) -> Response:
    """Send a file, to be kept, never to be shown as a page of ours."""
    with context().database.read() as session:
        view, path = attaching.attachment_file(session, _folder(), attachment_id)
    response = send_file(
        path, mimetype=view.media_type, as_attachment=True, download_name=view.label, conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = ALONE
    return response


@blueprint.get("/attachments/<int:attachment_id>/preview")
@requires(Action.ANSWER)
def preview(attachment_id: int) -> Response:
    """Send the small picture of an image."""
    with context().database.read() as session:
        _, path = attaching.attachment_file(session, _folder(), attachment_id, preview=True)
    response = send_file(path, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = ALONE
    return response


@blueprint.post("/attachments/<int:attachment_id>/archive")
@requires(Action.ANSWER)
def archive_file(attachment_id: int) -> Response:
    """Take a file out of use."""
    change = partial(attaching.archive_attachment, attachment_id=attachment_id, clock=context().clock)
    return act(change, done=translate("文件已归档，可在本页下方恢复。"), back=_files_of(attachment_id))


@blueprint.post("/attachments/<int:attachment_id>/restore")
@requires(Action.ANSWER)
def restore_file(attachment_id: int) -> Response:
    """Bring a file back."""
    change = partial(attaching.restore_attachment, attachment_id=attachment_id)
    return act(change, done=translate("文件已恢复。"), back=_files_of(attachment_id))


def _files_of(attachment_id: int) -> str:
    with context().database.read() as session:
        view = attaching.get_attachment(session, attachment_id)
    return url_for(".element", assessment_id=view.assessment_id, element=view.element, _anchor="files")


def _folder() -> attaching.AttachmentFolder:
    return attaching.AttachmentFolder(context().settings.data)
