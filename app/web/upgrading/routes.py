"""/assessments/<id>/upgrade: preview and confirm, decide proposals, look at records, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.content.cases import write_case
from app.services.agreeing import AgreeingClosed
from app.services.answer_changes import AnswerRefused
from app.services.assessing import load_assessment
from app.services.exporting import case_of
from app.services.permissions import Action
from app.services.proposing import ProposalView, change_proposal, confirm_proposals, decline_proposal, proposals_for
from app.services.refusals import Invalid, NotFound
from app.services.reverting import history_of, recorded_view, reversible, revert_upgrade
from app.services.upgrading import PreviewOutdated, preview_upgrade, upgrade_assessment, versions_ahead
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.forms import whole
from app.web.interviews.wording import closed_sentence
from app.web.shell import assessment_shell
from app.web.upgrading import pages
from app.web.wording import sentence

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.storage.database import Session
    from app.storage.upgrades import UpgradeRecord

blueprint = Blueprint("upgrading", __name__, url_prefix="/assessments/<int:assessment_id>/upgrade")


@blueprint.get("")
@requires(Action.READ)
def show(assessment_id: int) -> str:
    """Show the version of an assessment, those ahead with what they would do (`to`), and its records."""
    return _page(assessment_id)


def _page(assessment_id: int, *, outdated: bool = False) -> str:
    library = context().library
    with context().database.read() as session:
        view = load_assessment(session, assessment_id)
        ahead = versions_ahead(session, assessment_id, library)
        version = request.values.get("to") or next(iter(ahead), None)
        preview = preview_upgrade(session, assessment_id, version, library=library) if version else None
        history = history_of(session, assessment_id)
        undo = reversible(session, assessment_id)
        proposals = proposals_for(session, assessment_id)[1]
        shell = assessment_shell(session, view)
    return render_template(
        "upgrading/show.html",
        view=view,
        ahead=ahead,
        page=pages.preview_page(preview, version) if preview and version else None,
        history=pages.history_lines(history),
        undo=undo,
        waiting=sum(one.open for one in proposals),
        proposals=len(proposals),
        outdated=outdated,
        shell=shell,
        help_page="upgrade",
    )


@blueprint.post("")
@requires(Action.EDIT)
def confirm(assessment_id: int) -> Response | tuple[str, int]:
    """Do what was previewed: `to`, and `seen`, which names the preview. What changed meanwhile is shown anew."""
    try:
        with context().database.begin() as session:
            done = upgrade_assessment(
                session,
                assessment_id,
                request.form.get("to", ""),
                seen=request.form.get("seen", ""),
                library=context().library,
                actor=actor(),
                clock=context().clock,
            )
            target = _upgrade_of(session, done)
            waiting = sum(one.open for one in proposals_for(session, target)[1])
    except PreviewOutdated:
        return _page(assessment_id, outdated=True), 409
    except Invalid as refused:
        flash(_why(refused), "error")
        return redirect(url_for(".show", assessment_id=assessment_id), 303)
    flash(translate("已升级。升级以前的评估完整留在记录里，随时可以撤回。"))
    return redirect(url_for(".proposals" if waiting else ".show", assessment_id=target), 303)


def _upgrade_of(session: Session, upgrade_id: int) -> int:
    return recorded_view(session, upgrade_id)[0].assessment_id


def _why(refused: Invalid) -> str:
    known = {
        "interviews-open": translate("两个版本的量表不同，要另起修订版；请先提交或归档还开着的访谈。"),
        "assessment-in-review": closed_sentence("assessment-in-review"),
        "not-the-last-upgrade": translate("只能撤回最后一次升级。"),
    }
    return known.get(refused.code) or sentence(refused)


# --- proposals -------------------------------------------------------------------------------------------------------


@blueprint.get("/proposals")
@requires(Action.READ)
def proposals(assessment_id: int) -> str:
    """Show what the upgrade proposes, to be confirmed, changed or declined."""
    return _proposals_page(assessment_id)


def _proposals_page(assessment_id: int, *, faults: dict[int, str] | None = None) -> str:
    with context().database.read() as session:
        view, found = proposals_for(session, assessment_id)
        shell = assessment_shell(session, view)
    return render_template(
        "upgrading/proposals.html",
        view=view,
        found=found,
        waiting=[one for one in found if one.open and not one.settled],
        said={one.id: request.form.get("score", "") for one in found if faults and one.id in faults},
        refused=faults or {},
        faults=[(f"score-{number}", words) for number, words in (faults or {}).items()],
        reason_for=pages.reason_for,
        shell=shell,
        help_page="upgrade",
    )


@blueprint.post("/proposals/confirm")
@requires(Action.AGREE)
def confirm_all(assessment_id: int) -> Response:
    """Agree the chosen proposals (`proposal`, several) as they are."""
    chosen = {whole(one) for one in request.form.getlist("proposal")}
    try:
        with context().database.begin() as session:
            found = [one for one in proposals_for(session, assessment_id)[1] if one.id in chosen]
            agreed = sum(_confirm(session, assessment_id, one) for one in found)
    except AgreeingClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
        return redirect(url_for(".proposals", assessment_id=assessment_id), 303)
    if agreed < len(chosen):
        flash(translate("%(left)s 个得分刚才已有别人定过，没有改动。") % {"left": len(chosen) - agreed}, "warning")
    if agreed:
        flash(translate("已确认 %(n)s 个得分。") % {"n": agreed})
    return redirect(url_for(".proposals", assessment_id=assessment_id), 303)


def _confirm(session: Session, assessment_id: int, one: ProposalView) -> int:
    reason = pages.reason_for(one)
    return confirm_proposals(session, assessment_id, (one.id,), reason=reason, actor=actor(), clock=context().clock)


@blueprint.post("/proposals/<int:proposal_id>")
@requires(Action.AGREE)
def decide(assessment_id: int, proposal_id: int) -> Response | tuple[str, int]:
    """Change (`score`, `reason`) or decline (`do=decline`) one proposal."""
    try:
        with context().database.begin() as session:
            done = _decided(session, assessment_id, proposal_id)
    except AnswerRefused as refused:
        return _proposals_page(assessment_id, faults={proposal_id: pages.refusal_sentence(refused)}), 422
    except AgreeingClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
    except Invalid as refused:
        flash(_why(refused), "error")
    else:
        if not done:
            flash(translate("刚才已有别人定过，没有改动。"), "warning")
    return redirect(url_for(".proposals", assessment_id=assessment_id), 303)


def _decided(session: Session, assessment_id: int, proposal_id: int) -> bool:
    if request.form.get("do") == "decline":
        return decline_proposal(session, assessment_id, proposal_id, actor=actor(), clock=context().clock)
    one = next((one for one in proposals_for(session, assessment_id)[1] if one.id == proposal_id), None)
    if one is None:
        raise NotFound("proposal", proposal_id)
    return change_proposal(
        session,
        assessment_id,
        proposal_id,
        request.form.get("score", ""),
        reason=pages.reason_for(one, request.form.get("reason", "")),
        actor=actor(),
        clock=context().clock,
    )


# --- records ---------------------------------------------------------------------------------------------------------


@blueprint.get("/records/<int:upgrade_id>")
@requires(Action.READ)
def record(assessment_id: int, upgrade_id: int) -> str:
    """Show the assessment as it stood before an upgrade, in its own version."""
    with context().database.read() as session:
        done, view = _recorded(session, assessment_id, upgrade_id)
        shell = assessment_shell(session, load_assessment(session, assessment_id))
    return render_template(
        "upgrading/record.html",
        done=done,
        view=view,
        page=pages.record_page(view),
        shell=shell,
        help_page="upgrade",
    )


@blueprint.get("/records/<int:upgrade_id>/case")
@requires(Action.EXPORT)
def record_case(assessment_id: int, upgrade_id: int) -> Response:
    """Send the assessment as it stood, as a case file of its own version."""
    with context().database.read() as session:
        done, view = _recorded(session, assessment_id, upgrade_id)
    name = quote(f"{view.key}-{done.from_version}.yaml")
    return Response(
        write_case(case_of(view, names=False)),
        content_type="application/yaml; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _recorded(session: Session, assessment_id: int, upgrade_id: int) -> tuple[UpgradeRecord, AssessmentView]:
    done, view = recorded_view(session, upgrade_id)
    if done.assessment_id != assessment_id:
        raise NotFound("upgrade", upgrade_id)
    return done, view


@blueprint.post("/records/<int:upgrade_id>/revert")
@requires(Action.EDIT)
def revert(assessment_id: int, upgrade_id: int) -> Response:
    """Take the last upgrade back."""
    try:
        with context().database.begin() as session:
            done, _ = _recorded(session, assessment_id, upgrade_id)
            revert_upgrade(session, done.id, actor=actor(), clock=context().clock)
    except Invalid as refused:
        flash(_why(refused), "error")
    else:
        flash(translate("升级已撤回，评估回到原来的版本；此后在共有要素上的工作都还在。"))
    return redirect(url_for(".show", assessment_id=assessment_id), 303)
