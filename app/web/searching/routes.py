"""GET /search?q=…&in=<engagement>: units, capabilities and findings."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from app.services import engagements
from app.services.permissions import Action
from app.services.searching import LONGEST_QUERY, Hit, Hits, search
from app.web.access import requires
from app.web.context import context
from app.web.shell import Shell, engagement_shell

blueprint = Blueprint("searching", __name__)


@blueprint.get("/search")
@requires(Action.RESULTS, within="in")
def results() -> str:
    """Show what was found, in one engagement (`in`) or in all."""
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    key = request.args.get("in", "")
    with context().database.read() as session:
        engagement = engagements.get_engagement(session, key) if key else None
        hits = search(session, query, engagement=engagement) if query else Hits()
        shell = engagement_shell(session, key) if engagement else Shell()
    return render_template(
        "searching/results.html",
        query=query,
        hits=hits,
        engagement=engagement,
        shell=shell,
        help_page="search",
        longest=LONGEST_QUERY,
        finding_url=finding_url,
    )


def finding_url(hit: Hit) -> str | None:
    """Return the address of the element that a finding is about."""
    if hit.assessment is None:
        return None
    return url_for("assessments.capability", assessment_id=hit.assessment.id, node_id=hit.element)
