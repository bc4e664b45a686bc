"""/engagements/<key>/compare: units and carriers side by side."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.services.assessing import AssessmentView, load_current
from app.services.engagements import get_engagement, list_units
from app.services.permissions import Action
from app.web.access import requires
from app.web.comparing.pages import compare_page
from app.web.comparing.selection import chosen_views, name_of, read_selection
from app.web.context import context, translate
from app.web.frameworks.pages import METHOD_WORDS
from app.web.shell import engagement_shell

blueprint = Blueprint("comparing", __name__)


@blueprint.get("/engagements/<key>/compare")
@requires(Action.RESULTS)
def compare(key: str) -> str:
    """Show what the address selects: `a` assessments, `b` carriers, `tier`, `pair` twice, `at`, `weights`, `method`."""
    with context().database.read() as session:
        engagement = get_engagement(session, key)
        current = load_current(session, engagement.id)
        views = chosen_views(session, engagement.id, current, request.args)
        units = [unit.key for unit in list_units(session, engagement.id)]
        shell = engagement_shell(session, key, page="compare")
    selection = read_selection(views, units, context().library, request.args)
    offered = list({view.id: view for view in (*current, *views)}.values())
    return render_template(
        "comparing/compare.html",
        engagement=engagement,
        offered=offered,
        names={view.id: name_of(view, offered) for view in offered},
        chosen={view.id for view in views},
        selection=selection,
        page=compare_page(selection, _source(selection.views)) if selection else None,
        method_names=METHOD_WORDS,
        shell=shell,
        help_page="compare",
    )


def _source(views: tuple[AssessmentView, ...]) -> str:
    titles = dict.fromkeys(view.source.title for view in views if view.source and view.source.title)
    interviewed = any(not view.source and view.interviews for view in views)
    return "，".join([*map(str, titles), *([translate("访谈")] if interviewed else [])])
