"""/engagements/<key>/assessments: list, new, archive, restore, import with a rehearsal first, export."""

from __future__ import annotations

from collections import Counter
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.content.cases import write_case
from app.core.case import Case
from app.core.errors import Fault
from app.services import engagements
from app.services.engagements import AssessmentSummary
from app.services.exporting import export_case
from app.services.importing import AlreadyThere
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound
from app.storage.database import Session
from app.web.access import requires
from app.web.acting import act, stored
from app.web.context import actor, context, translate
from app.web.enrolling.casefiles import read_upload, rehearse, store_case
from app.web.enrolling.forms import AssessmentForm, UploadForm
from app.web.security import takes_files
from app.web.shell import assessment_url, engagement_shell
from app.web.wording import sentence

blueprint = Blueprint("enrolling", __name__)


@blueprint.get("/engagements/<key>/assessments")
@requires(Action.READ)
def listing(key: str) -> str:
    """Show all assessments, former revisions and archived ones too."""
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key)
        found = engagements.list_assessments(session, engagement.id, archived=True)
        return _page(session, "enrolling/listing.html", key, assessments=found, assessment_url=assessment_url)


@blueprint.get("/engagements/<key>/assessments/new")
@requires(Action.EDIT)
def new(key: str) -> str:
    """Show the form for a new assessment; `unit` in the query is chosen already."""
    form = AssessmentForm(unit=request.args.get("unit"))
    with context().database.read() as session:
        _offer(session, form, key)
        return _page(session, "enrolling/new.html", key, form=form)


@blueprint.post("/engagements/<key>/assessments/new")
@requires(Action.EDIT)
def create(key: str) -> Response | tuple[str, int]:
    """Start an assessment and open it."""
    form = AssessmentForm()
    made: list[AssessmentSummary] = []

    def create_it(session: Session) -> None:
        engagement = engagements.get_engagement(session, key)
        made.append(
            engagements.create_assessment(
                session,
                engagement.id,
                unit=form.unit.data,
                round=form.round.data,
                framework=context().library.framework(form.framework.data),
                actor=actor(),
                clock=context().clock,
            )
        )

    with context().database.read() as session:
        _offer(session, form, key)
    if stored(form, create_it):
        flash(translate("评估已建立。现在可以开始访谈。"))
        return redirect(assessment_url(made[0].id))
    with context().database.read() as session:
        return _page(session, "enrolling/new.html", key, form=form, faults=form.faults()), 422


@blueprint.post("/engagements/<key>/assessments/<int:assessment_id>/archive")
@requires(Action.EDIT)
def archive(key: str, assessment_id: int) -> Response:
    """Hide an assessment."""

    def change(session: Session) -> None:
        _summary(session, key, assessment_id)
        engagements.archive_assessment(session, assessment_id, context().clock)

    return act(change, done=translate("评估已归档，可在本页恢复。"), back=url_for("enrolling.listing", key=key))


@blueprint.post("/engagements/<key>/assessments/<int:assessment_id>/restore")
@requires(Action.EDIT)
def restore(key: str, assessment_id: int) -> Response:
    """Bring an assessment back."""

    def change(session: Session) -> None:
        _summary(session, key, assessment_id)
        engagements.restore_assessment(session, assessment_id)

    return act(change, done=translate("评估已恢复。"), back=url_for("enrolling.listing", key=key))


@blueprint.get("/engagements/<key>/assessments/<int:assessment_id>/export")
@requires(Action.EXPORT)
def export(key: str, assessment_id: int) -> Response:
    """Send an assessment as a case file; `names=1` keeps the labels of respondents and interviewers."""
    with context().database.read() as session:
        summary = _summary(session, key, assessment_id)
        case = export_case(session, assessment_id, names=request.args.get("names") == "1")
    name = quote(f"{summary.key}.yaml")
    return Response(
        write_case(case),
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@blueprint.get("/engagements/<key>/assessments/import")
@requires(Action.EDIT)
def upload(key: str) -> str:
    """Ask for a case file."""
    with context().database.read() as session:
        return _page(session, "enrolling/upload.html", key, form=UploadForm())


@blueprint.post("/engagements/<key>/assessments/import")
@takes_files
@requires(Action.EDIT)
def check(key: str) -> Response | tuple[str, int] | str:
    """Check a case file and show what importing it would do; nothing is stored."""
    file = request.files.get("file")
    content = file.read() if file else b""
    name = (file.filename or "") if file else ""
    form = UploadForm()
    if not content:
        form.file.errors = [translate("请选择一个案例文件。")]
        with context().database.read() as session:
            return _page(session, "enrolling/upload.html", key, form=form, faults=form.faults()), 422
    found = read_upload(content)
    if not isinstance(found, Case):
        return _show_faults(key, name, found), 422
    return _show_rehearsal(key, found, content, name=name)


@blueprint.post("/engagements/<key>/assessments/import/confirm")
@takes_files
@requires(Action.EDIT)
def confirm(key: str) -> Response | tuple[str, int]:
    """Store what was checked; `as_revision` beside an assessment that is there already."""
    content = request.form.get("content", "").replace("\r\n", "\n").encode("utf-8")
    found = read_upload(content)
    if not isinstance(found, Case):
        return _show_faults(key, "", found), 422
    try:
        with context().database.begin() as session:
            assessment_id = store_case(
                session,
                found,
                key,
                as_revision=request.form.get("as_revision") == "1",
                reason=request.form.get("reason", ""),
            )
    except Invalid as refused:
        return _show_rehearsal(key, found, content, fault=sentence(refused)), 422
    except AlreadyThere:
        flash(translate("这个单位和轮次在此期间有了评估；没有写入。请重新检查文件。"), "error")
        return redirect(url_for("enrolling.upload", key=key))
    flash(translate("案例已导入。"))
    return redirect(assessment_url(assessment_id))


def _show_rehearsal(key: str, case: Case, content: bytes, *, name: str = "", fault: str = "") -> str:
    values = {"rehearsal": rehearse(case, key), "name": name, "content": content.decode("utf-8"), "fault": fault}
    with context().database.read() as session:
        return _page(session, "enrolling/check.html", key, reason=request.form.get("reason", ""), **values)


def _show_faults(key: str, name: str, faults: tuple[Fault, ...]) -> str:
    with context().database.read() as session:
        return _page(
            session, "enrolling/upload.html", key, form=UploadForm(formdata=None), case_faults=faults, name=name
        )


def _summary(session: Session, key: str, assessment_id: int) -> AssessmentSummary:
    """Return an assessment of this engagement, archived or not; NotFound for any other."""
    engagement = engagements.get_engagement(session, key)
    for one in engagements.list_assessments(session, engagement.id, archived=True):
        if one.id == assessment_id:
            return one
    raise NotFound("assessment", assessment_id)


def _offer(session: Session, form: AssessmentForm, key: str) -> None:
    engagement = engagements.get_engagement(session, key)
    used = Counter(one.framework_id for one in engagements.list_assessments(session, engagement.id))
    form.offer(
        engagements.list_units(session, engagement.id),
        engagements.list_rounds(session, engagement.id),
        context().library,
        [framework_id for framework_id, _ in used.most_common()],
    )


def _page(session: Session, template: str, key: str, **values: object) -> str:
    return render_template(
        template,
        engagement=engagements.get_engagement(session, key),
        shell=engagement_shell(session, key, page="assessments"),
        help_page="assessments",
        **values,
    )
