"""/assessments/<id>/agree: what respondents said of every element, and the score that the team settles on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.services.agreeing import AgreeingClosed, adopt_medians
from app.services.findings import findings_of
from app.services.permissions import Action
from app.services.workshop import history_of, read_workshop
from app.web.access import can, requires
from app.web.agreeing.pages import chosen, element_page, element_url, overview_of, role_names, row_of
from app.web.agreeing.saving import PostedAgreement, save_posted
from app.web.agreeing.wording import closed_sentence, method_words, script_texts
from app.web.consistency.pages import consistency_page
from app.web.context import actor, context, locale, translate
from app.web.interviews.forms import mutation_id, new_form_id
from app.web.shell import assessment_shell

if TYPE_CHECKING:
    from app.services.workshop import Workshop
    from app.storage.database import Session

blueprint = Blueprint("agreeing", __name__)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"method_words": method_words, "agreeing_closed": closed_sentence}


@blueprint.get("/assessments/<int:assessment_id>/agree")
@requires(Action.READ)
def overview(assessment_id: int) -> str:
    """Show every element with its respondents' marks, those to discuss first."""
    with context().database.read() as session:
        table = read_workshop(session, assessment_id)
        shell = assessment_shell(session, table.view)
        consistency = consistency_page(session, table.view)
    shown, order = chosen(request.args)
    page = overview_of(table, shown=shown, order=order)
    script = {
        "version": table.version,
        "poll": url_for(
            "agreeing_api.get_overview", assessment_id=assessment_id, show=page.shown, order=page.order, since="VERSION"
        ),
    }
    return render_template(
        "agreeing/overview.html",
        table=table,
        page=page,
        consistency=consistency,
        script=_script(script),
        shell=shell,
        help_page="agree",
    )


@blueprint.get("/assessments/<int:assessment_id>/agree/<element>")
@requires(Action.READ)
def element(assessment_id: int, element: str) -> str:
    """Show one element: marks, figures, what was said, what is agreed. `projector=1`: for the wall of a room."""
    with context().database.read() as session:
        table = _table(session, assessment_id, element)
        return _element(session, table, element)


@blueprint.post("/assessments/<int:assessment_id>/agree/<element>")
@requires(Action.AGREE)
def save_element(assessment_id: int, element: str) -> Response | tuple[str, int]:
    """Save the agreed score of an element and go where the button says."""
    with context().database.begin() as session:
        table = _table(session, assessment_id, element)
        posted = save_posted(session, table, element)
        if posted.faults:
            table = _table(session, assessment_id, element)
            return _element(session, table, element, posted), posted.status
    flash(translate("已记下。") if posted.saved else translate("没有改动。"))
    following = request.form.get("go") == "next" and table.order[table.order.index(element) + 1 :]
    return redirect(element_url(table, following[0] if following else element), 303)


def _table(session: Session, assessment_id: int, element: str) -> Workshop:
    table = read_workshop(session, assessment_id)
    if element not in table.agreements:
        abort(404)
    return table


def _element(session: Session, table: Workshop, element: str, posted: PostedAgreement | None = None) -> str:
    assessment_id = table.view.id
    page = element_page(table, element, history_of(session, assessment_id, element), posted.form if posted else None)
    projected = request.args.get("projector") == "1"
    script = {
        "version": table.version,
        "poll": url_for(
            "agreeing_api.get_element",
            assessment_id=assessment_id,
            element=element,
            projector="1" if projected else None,
            since="VERSION",
        ),
        **page.script,
    }
    return render_template(
        "agreeing/projector.html" if projected else "agreeing/element.html",
        table=table,
        page=page,
        consistency=consistency_page(session, table.view, element),
        findings=findings_of(session, assessment_id, sources=can("agree")).get(element, ()),
        script=_script(script),
        form_id=new_form_id(),
        faults=posted.faults if posted else (),
        shell=assessment_shell(session, table.view),
        help_page="agree",
    )


def _script(data: Mapping[str, object]) -> dict[str, object]:
    sign_in = url_for("signing.sign_in", next=request.path)
    return {**data, "locale": locale(), "texts": script_texts(), "signIn": sign_in}


@blueprint.get("/assessments/<int:assessment_id>/adopt-medians")
@requires(Action.AGREE)
def adopt(assessment_id: int) -> str:
    """Show the elements of clear agreement with their medians, to be confirmed."""
    with context().database.read() as session:
        table = read_workshop(session, assessment_id)
        shell = assessment_shell(session, table.view)
    return render_template(
        "agreeing/adopt.html",
        table=table,
        rows=[row_of(table, element) for element in table.adoptable],
        roles=role_names(table),
        form_id=new_form_id(),
        shell=shell,
        help_page="agree",
    )


@blueprint.post("/assessments/<int:assessment_id>/adopt-medians")
@requires(Action.AGREE)
def adopt_now(assessment_id: int) -> Response:
    """Agree the medians that were confirmed."""
    chosen = request.form.getlist("element")
    seen = {element: request.form.get(f"{element}.score", "") for element in chosen}
    form_id = request.form.get("form", "")
    try:
        with context().database.begin() as session:
            adopted = adopt_medians(
                session,
                assessment_id=assessment_id,
                seen=seen,
                mutation_ids={element: mutation_id(form_id, element, {"median": seen[element]}) for element in seen},
                actor=actor(),
                clock=context().clock,
            )
    except AgreeingClosed as closed:
        flash(closed_sentence(closed.values["why"]), "error")
        return redirect(url_for(".overview", assessment_id=assessment_id), 303)
    if adopted.left:
        left = translate("%(n)s 个要素没有采用：评分在您确认之前变了，或已定了共识分。") % {"n": len(adopted.left)}
        flash(left, "warning")
    flash(translate("已采用 %(n)s 个中位数为共识分。") % {"n": len(adopted.agreed)})
    return redirect(url_for(".overview", assessment_id=assessment_id), 303)
