"""/assessments/<id>: one assessment, and each of its capabilities."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from app.services.assessing import load_assessment
from app.services.engagements import list_units
from app.services.findings import findings_of
from app.services.finishing import accepted_in
from app.services.permissions import Action, permitted
from app.services.proposing import waiting
from app.services.verifying import recompute
from app.web.access import requires
from app.web.assessments.pages import assessment_page, capability_page
from app.web.choices import read_choices
from app.web.consistency.pages import consistency_page
from app.web.context import actor, context
from app.web.frameworks.pages import METHOD_WORDS
from app.web.shell import assessment_shell

blueprint = Blueprint("assessments", __name__)


@blueprint.get("/assessments/<int:assessment_id>")
@requires(Action.RESULTS)
def show(assessment_id: int) -> str:
    """Show how the unit stands, against the carriers that the address names."""
    with context().database.read() as session:
        view = load_assessment(session, assessment_id)
        shell = assessment_shell(session, view)
        units = [unit.key for unit in list_units(session, view.engagement.id)]
        proposals = waiting(session, assessment_id)
        recomputed = recompute(session, view)
        accepted = sum(len(one.about) for one in accepted_in(session, view))
        consistency = consistency_page(session, view)
    choices = read_choices(view.framework, context().library, request.args)
    return render_template(
        "assessments/show.html",
        view=view,
        choices=choices,
        page=assessment_page(view, choices, units, choices.offered),
        method_names=METHOD_WORDS,
        accepted=accepted,
        proposals=proposals,
        recomputed=recomputed,
        consistency=consistency,
        shell=shell,
        help_page="assessment",
    )


@blueprint.get("/assessments/<int:assessment_id>/capabilities/<node_id>")
@requires(Action.RESULTS)
def capability(assessment_id: int, node_id: str) -> str:
    """Show one capability of an assessment."""
    with context().database.read() as session:
        view = load_assessment(session, assessment_id)
        hears = permitted(actor(), Action.ANSWER)
        found = findings_of(session, assessment_id, sources=hears)
        shell = assessment_shell(session, view)
    choices = read_choices(view.framework, context().library, request.args)
    if node_id not in view.framework:
        abort(404)
    return render_template(
        "assessments/capability.html",
        view=view,
        choices=choices,
        page=capability_page(view, choices, node_id, findings=found),
        hears=hears,
        shell=shell,
        help_page="assessment",
    )
