"""/drafts/<id>/tree/nodes/…: elements that become others: another id, one split into several, several merged."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.content.editing.identity import Part, merge_elements, rename_id, split_element
from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Spot
from app.core.text import Text
from app.services.permissions import Action
from app.services.tree_editing import TreeDraft
from app.web.access import requires
from app.web.tree.forms import MOST_PARTS, MergingForm, RenamingForm, TreeForm, splitting_form
from app.web.tree.nodes import apply, read
from app.web.tree.pages import element_choices, equip, render
from app.web.tree.routes import to_node

blueprint = Blueprint("tree_becoming", __name__, url_prefix="/drafts/<int:draft_id>/tree")
equip(blueprint)


@blueprint.route("/nodes/<node_id>/rename", methods=["GET", "POST"])
@requires(Action.REVISE)
def rename(draft_id: int, node_id: str) -> str | Response | tuple[str, int]:
    """Give a capability another id."""
    opened, spot = read(draft_id, node_id)
    form = RenamingForm(**({} if request.method == "POST" else {"new_id": node_id}))
    if request.method == "POST" and form.validate():
        new_id = form.new_id.data or ""
        if apply(draft_id, lambda files: rename_id(files, node_id, new_id, before=opened.before), form):
            return to_node(draft_id, new_id)
    page = render("tree/rename.html", opened, spot=spot, form=form, faults=form.faults())
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/nodes/<node_id>/split", methods=["GET", "POST"])
@requires(Action.REVISE)
def split(draft_id: int, node_id: str) -> str | Response | tuple[str, int]:
    """Put several elements in the place of one."""
    opened, spot = read(draft_id, node_id)
    _must_be_element(spot)
    form = splitting_form()(**({} if request.method == "POST" else _suggested(opened, spot)))
    if request.method == "POST" and form.validate():
        parts = _parts(form)
        if apply(draft_id, lambda files: split_element(files, node_id, parts, before=opened.before), form):
            return to_node(draft_id, parts[0].id)
    page = render("tree/split.html", opened, spot=spot, form=form, faults=form.faults(), most=MOST_PARTS)
    return (page, 422) if request.method == "POST" else page


def _suggested(opened: TreeDraft, spot: Spot) -> dict[str, object]:
    """Return ids that are free and the weight shared in two: the group keeps its balance."""
    weight = (spot.weight if spot.weight is not None else Fraction(1)) / 2
    found: dict[str, object] = {}
    free = (f"{spot.id}-{letter}" for letter in "abcdefghij" if f"{spot.id}-{letter}" not in opened.tree.by_id)
    for number in range(2):
        found |= {f"parts_{number}_id": next(free, ""), f"parts_{number}_weight": weight}
    return found


def _parts(form: TreeForm) -> list[Part]:
    """Return the parts that were filled in; an empty row between them is left out."""
    found = []
    for number in range(MOST_PARTS):
        prefix = f"parts_{number}_"
        weight = form[f"{prefix}weight"].data
        name = form.text(f"{prefix}name") or Text()
        found.append(Part(form.value(f"{prefix}id") or "", name, code=form.value(f"{prefix}code"), weight=weight))
    while len(found) > 2 and not (found[-1].id or found[-1].name.zh or found[-1].name.en):
        found.pop()
    return found


@blueprint.route("/nodes/<node_id>/merge", methods=["GET", "POST"])
@requires(Action.REVISE)
def merge(draft_id: int, node_id: str) -> str | Response | tuple[str, int]:
    """Put one element in the place of several."""
    opened, spot = read(draft_id, node_id)
    _must_be_element(spot)
    form = MergingForm()
    form.others.choices = element_choices(opened, leaving=[node_id])
    if request.method == "POST" and form.validate():
        new = Part(
            form.id.data or "", form.text("name") or Text(), code=form.code.data or None, weight=form.weight.data
        )
        ids = [node_id, *(form.others.data or [])]
        if apply(draft_id, lambda files: merge_elements(files, ids, new, before=opened.before), form):
            return to_node(draft_id, new.id)
    page = render("tree/merge.html", opened, spot=spot, form=form, faults=form.faults())
    return (page, 422) if request.method == "POST" else page


def _must_be_element(spot: Spot) -> None:
    if spot.children is not None:
        raise EditRefused("not-an-element", id=spot.id)
