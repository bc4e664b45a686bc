"""/drafts/<id>/impact, /frameworks/<id>/<version>/impact: figures before and after, before anything is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app.content.layering import ContentKind
from app.services.drafting import get_draft, lint_draft
from app.services.impact import assessments_out_of_sight, impact_of_version, impact_of_weights
from app.services.permissions import Action
from app.services.refusals import NotFound
from app.web.access import requires
from app.web.context import actor, context
from app.web.impact import pages
from app.web.shell import Shell

if TYPE_CHECKING:
    from app.core.framework import Framework
    from app.services.drafting import DraftView
    from app.services.impact import RoundOfUnits
    from app.storage.database import Session

blueprint = Blueprint("impact", __name__)


@blueprint.get("/drafts/<int:draft_id>/impact")
@requires(Action.REVISE)
def of_draft(draft_id: int) -> str:
    """Show what publishing a draft, and going to it, would make of every assessment."""
    library = context().library
    with context().database.read() as session:
        draft = get_draft(session, draft_id, actor())
        read = lint_draft(draft.kind, draft.key, draft.files, library)
        framework = read.framework
        rounds: tuple[RoundOfUnits, ...] = ()
        if framework is not None and draft.kind is ContentKind.FRAMEWORK:
            rounds = impact_of_version(session, framework, library=library, draft=True)
        elif read.profile is not None:
            rounds = _of_profile(session, draft)
        hidden = assessments_out_of_sight(session, draft.key.partition("/")[0])
    return render_template(
        "impact/show.html",
        draft=draft,
        framework=framework,
        errors=read.errors,
        answer=pages.answer(rounds, hidden=hidden),
        parts=[pages.round_part(found) for found in rounds],
        shell=Shell(section="frameworks"),
        help_page="upgrade",
    )


def _of_profile(session: Session, draft: DraftView) -> tuple[RoundOfUnits, ...]:
    library = context().library
    framework_id, _, profile_id = draft.key.partition("/")
    profile = lint_draft(draft.kind, draft.key, draft.files, library).profile
    former = library.weight_profiles(library.framework(framework_id)).get(profile_id)
    return impact_of_weights(session, framework_id, (former, profile), library=library)


@blueprint.get("/frameworks/<framework_id>/<version>/impact")
@requires(Action.READ)
def of_version(framework_id: str, version: str) -> str:
    """Show what going to a published version would make of every assessment."""
    library = context().library
    framework = _framework(framework_id, version)
    with context().database.read() as session:
        rounds = impact_of_version(session, framework, library=library)
        hidden = assessments_out_of_sight(session, framework_id)
    return render_template(
        "impact/show.html",
        draft=None,
        framework=framework,
        errors=(),
        answer=pages.answer(rounds, hidden=hidden),
        parts=[pages.round_part(found) for found in rounds],
        shell=Shell(section="frameworks"),
        help_page="upgrade",
    )


def _framework(framework_id: str, version: str) -> Framework:
    library = context().library
    if version not in library.versions(framework_id):
        raise NotFound("framework", f"{framework_id}@{version}")
    return library.framework(f"{framework_id}@{version}")
