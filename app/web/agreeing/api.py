"""What the pages of the workshop ask every second or two: has anything changed, and how do the changed parts look now.

`since` is the version that a page shows. While it is the current one the answer is 204 and costs one small query.
Changed parts come as the same templates draw them on the page, so that there is one drawing of everything; a room that
asks for the same parts has them drawn once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from app.services.agreeing import OPEN, said_of
from app.services.findings import findings_of
from app.services.permissions import Action
from app.services.workshop import current_version, history_of, read_workshop
from app.web.access import can, requires
from app.web.agreeing.kept import kept
from app.web.agreeing.pages import chosen, element_page, elements_shown, overview_of
from app.web.agreeing.wording import judgement_words
from app.web.context import actor, context, locale

if TYPE_CHECKING:
    from app.services.workshop import Workshop
    from app.storage.database import Session

blueprint = Blueprint("agreeing_api", __name__, url_prefix="/api")

ELEMENT_PARTS = ("head", "strip", "decided", "voices", "findings", "history")
PROJECTOR_PARTS = ("head", "strip", "decided", "levels")


@blueprint.get("/assessments/<int:assessment_id>/agreed")
@requires(Action.READ)
def get_overview(assessment_id: int) -> Response:
    """Answer with the rows of the overview as they are now; 204 while nothing changed since `since`."""
    shown, order = chosen(request.args)
    return _answer(assessment_id, ("overview", shown, order), lambda _, table: _overview(table, shown, order))


@blueprint.get("/assessments/<int:assessment_id>/agreed/<element>")
@requires(Action.READ)
def get_element(assessment_id: int, element: str) -> Response:
    """Answer with the parts of an element's page as they are now; 204 while nothing changed since `since`."""
    projected = request.args.get("projector") == "1"
    asked = (element, "projector" if projected else "page")
    return _answer(assessment_id, asked, lambda session, table: _element(session, table, element, projected=projected))


def _answer(
    assessment_id: int, asked: tuple[str, ...], make: Callable[[Session, Workshop], dict[str, Any]]
) -> Response:
    with context().database.read() as session:
        version = current_version(session, assessment_id)
        if request.args.get("since") == version:
            response = Response(status=204)
        else:
            place = (assessment_id, version)

            def body() -> str:
                table = kept().get(place, lambda: read_workshop(session, assessment_id))
                return json.dumps({"version": version, **make(session, table)}, ensure_ascii=False)

            reader = (locale(), actor().role, actor().part)  # in which language, and who may see who said what
            response = Response(kept().get((*place, *reader, *asked), body), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _overview(table: Workshop, shown: str, order: str) -> dict[str, Any]:
    page = overview_of(table, shown="all", order="discuss")  # also rows that no longer belong on the page must follow
    parts = {
        name: render_template(f"agreeing/parts/{name}.html", table=table, page=page) for name in ("summary", "rows")
    }
    return {"order": elements_shown(table, shown=shown, order=order), "parts": parts}


def _element(session: Session, table: Workshop, element: str, *, projected: bool) -> dict[str, Any]:
    if element not in table.agreements:
        abort(404)
    page = element_page(table, element, history_of(session, table.view.id, element))
    findings = findings_of(session, table.view.id, sources=can("agree")).get(element, ())
    parts = {
        name: render_template(
            f"agreeing/parts/{name}.html", table=table, page=page, findings=findings, projected=projected
        )
        for name in (PROJECTOR_PARTS if projected else ELEMENT_PARTS)
    }
    if projected:
        return {"parts": parts}
    decision = table.decisions.get(element)
    said = said_of(decision.values if decision else OPEN, table.framework.scale)
    agreed = {
        "version": decision.version if decision else 0,
        "said": said,
        "words": judgement_words(said),
        "by": decision.decided_by_name if decision else None,
    }
    return {"agreed": agreed, "wanted": page.wanted, "parts": parts}
