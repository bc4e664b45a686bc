"""/assessments/<id>/release: what would be released, what was, whether it is computed just so today; corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services.correcting import begin_correction
from app.services.engagements import assessment_record, get_assessment
from app.services.permissions import Action
from app.services.refusals import Invalid, NotFound
from app.services.releasing import preview_release, program_version, release_result, released
from app.services.verifying import recompute, revisions_beside
from app.storage.attachment_files import AttachmentFolder
from app.web.access import can, requires
from app.web.context import actor, context, translate
from app.web.releasing.wording import OBSTACLES, place_of, refusal
from app.web.shell import assessment_shell

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.storage.database import Session

blueprint = Blueprint("releasing", __name__)

ADDRESS = "/assessments/<int:assessment_id>/release"
Faults = list[tuple[str | None, str]]


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"obstacle_words": OBSTACLES}


@blueprint.get(ADDRESS)
@requires(Action.RESULTS)
def show(assessment_id: int) -> str:
    """Show what would be released, or what was and how it stands today."""
    return _page(assessment_id, [])


@blueprint.post(ADDRESS)
@requires(Action.MANAGE)
def release(assessment_id: int) -> Response | tuple[str, int]:
    """Publish the assessment."""
    try:
        with context().database.begin() as session:
            release_result(
                session,
                assessment_id,
                seen=request.form.get("seen", ""),
                looked_at=request.form.get("looked_at") == "1",
                note=request.form.get("note", ""),
                actor=actor(),
                clock=context().clock,
            )
    except Invalid as refused:
        return _page(assessment_id, [_fault(refused)]), 422
    flash(translate("结果已发布，从现在起不再改动。"))
    return redirect(url_for(".show", assessment_id=assessment_id), 303)


@blueprint.post(ADDRESS + "/correct")
@requires(Action.MANAGE)
def correct(assessment_id: int) -> Response | tuple[str, int]:
    """Begin a correction: a further revision, with the reason."""
    folder = AttachmentFolder(context().settings.data)
    reason = request.form.get("reason", "")
    try:
        with context().database.begin() as session:
            further = begin_correction(
                session, assessment_id, reason, folder=folder, actor=actor(), clock=context().clock
            )
    except Invalid as refused:
        return _page(assessment_id, [_fault(refused)]), 422
    flash(translate("更正已开始：这是新的一版，内容与已发布的一版相同。改好以后照常提交复核、发布。"))
    return redirect(url_for("assessments.show", assessment_id=further), 303)


@blueprint.get(ADDRESS + "/result.json")
@requires(Action.RESULTS)
def result(assessment_id: int) -> Response:
    """Send the released result just as it was stored: its SHA-256 is the hash that reports print."""
    with context().database.read() as session:
        found = released(session, assessment_id)
    if found is None:
        raise NotFound("result", assessment_id)
    response = make_response(found.document)
    response.mimetype = "application/json"
    name = f"result-{assessment_id}-r{found.revision}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _fault(refused: Invalid) -> tuple[str | None, str]:
    known = {"note": "note", "reason": "reason", "looked_at": "looked-at"}
    return known.get(refused.field), refusal(refused)


def _page(assessment_id: int, faults: Faults) -> str:
    with context().database.read() as session:
        preview = preview_release(session, assessment_id)
        view = preview.view
        recomputed = recompute(session, view)
        revisions = [
            (one, _correction(session, one.id)) for one in revisions_beside(session, get_assessment(session, view.id))
        ]
        shell = assessment_shell(session, view)
    return render_template(
        "releasing/show.html",
        view=view,
        preview=preview,
        recomputed=recomputed,
        places=_places(view, recomputed.differences) if recomputed else [],
        revisions=revisions,
        program=program_version(),
        manages=can("manage"),
        said=request.form if faults else {},
        faults=faults,
        shell=shell,
        help_page="release",
    )


def _correction(session: Session, assessment_id: int) -> str | None:
    return assessment_record(session, assessment_id).correction


def _places(view: AssessmentView, differences: object) -> list[object]:
    return [(*place_of(one.path, view.framework), one) for one in differences]  # type: ignore[attr-defined]
