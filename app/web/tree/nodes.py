"""/drafts/<id>/tree/nodes/…: one capability: its words, and what can become of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from app.content.editing.contents import Contents, contents_of
from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Sources, Spot
from app.content.editing.structure import add_capability, move_capability, remove_capability
from app.services.permissions import Action
from app.services.tree_editing import ChangedMeanwhile, TreeDraft, change_tree, reword, seal
from app.web.access import requires
from app.web.context import actor, context, locale, translate
from app.web.tree.forms import (
    POSITIONS,
    MovingForm,
    RemovingForm,
    TreeForm,
    adding_form,
    contents_form,
    filled_in,
    level_key,
    new_capability,
    said_in,
)
from app.web.tree.pages import (
    element_choices,
    equip,
    opened_tree,
    related_choices,
    render,
    scale_values,
    tier_name,
)
from app.web.tree.routes import is_known, to_node

blueprint = Blueprint("tree_nodes", __name__, url_prefix="/drafts/<int:draft_id>/tree")
equip(blueprint)


def read(draft_id: int, node_id: str) -> tuple[TreeDraft, Spot]:
    """Return a tree and one capability of it; EditRefused where there is none."""
    with context().database.read() as session:
        opened = opened_tree(session, draft_id)
    return opened, opened.tree.spot(node_id)


def apply(draft_id: int, change: Callable[[Sources], Sources], form: TreeForm) -> bool:
    """Make a change; what it refuses is put into the form. Tell whether it was made."""
    try:
        with context().database.begin() as session:
            change_tree(session, draft_id, change, actor=actor(), clock=context().clock)
    except EditRefused as refused:
        if not is_known(refused):
            raise
        form.refuse(refused)
        return False
    flash(translate("已保存。"))
    return True


# --- its words -------------------------------------------------------------------------------------------------------


@blueprint.get("/nodes/<node_id>")
@requires(Action.REVISE)
def edit(draft_id: int, node_id: str) -> str:
    """Show everything that a capability says."""
    opened, spot = read(draft_id, node_id)
    return _words_page(opened, spot, _words_form(opened, spot, posted=False))


@blueprint.post("/nodes/<node_id>")
@requires(Action.REVISE)
def save(draft_id: int, node_id: str) -> Response | tuple[str, int]:
    """Store what was typed; where the capability was changed meanwhile, both are shown."""
    opened, spot = read(draft_id, node_id)
    form = _words_form(opened, spot, posted=True)
    if not form.validate():
        return _words_page(opened, spot, form), 422
    new = said_in(form, contents_of(spot), _values(opened, spot), element=spot.children is None)
    try:
        with context().database.begin() as session:
            reword(session, draft_id, node_id, new, seen=form["seen"].data or "", actor=actor(), clock=context().clock)
    except EditRefused as refused:
        form.refuse(refused)
        return _words_page(opened, spot, form), 422
    except ChangedMeanwhile as changed:
        form["seen"].data = seal(changed.now)
        form.add_loose(
            translate("就在刚才这项能力在别处改过。下面是您填的；旁边是现在的内容。再按一次保存，就以您填的为准。")
        )
        return _words_page(opened, spot, form, now=changed.now), 409
    flash(translate("已保存。"))
    return to_node(draft_id, node_id)


def _values(opened: TreeDraft, spot: Spot) -> list[Fraction]:
    return [value for value, _ in scale_values(opened, spot)]


def _words_form(opened: TreeDraft, spot: Spot, *, posted: bool) -> TreeForm:
    element = spot.children is None
    values, now = _values(opened, spot), contents_of(spot)
    made = contents_form(values, element=element)
    form = made() if posted else made(None, data={**filled_in(now, values, element=element), "seen": seal(now)})
    if element:
        elements = element_choices(opened, leaving=[spot.id])
        known = {one for one, _ in elements}
        strange = [(one, one) for one in now.prerequisites if one not in known]
        choices: dict[str, Any] = {"prerequisites": [*elements, *strange], "related": related_choices(opened, spot)}
        for name, offered in choices.items():
            chooser: Any = form[name]
            chooser.choices = offered
    return form


def _words_page(opened: TreeDraft, spot: Spot, form: TreeForm, *, now: Contents | None = None) -> str:
    levels = [
        (
            value,
            name,
            form[f"{level_key(value)}_zh"],
            form[f"{level_key(value)}_en"],
            (now.levels or {}).get(value) if now else None,
        )
        for value, name in (scale_values(opened, spot) if spot.children is None else [])
    ]
    return render(
        "tree/node.html",
        opened,
        spot=spot,
        form=form,
        faults=form.faults(),
        levels=levels,
        now=now,
        tier=tier_name(opened, spot.depth),
        below=tier_name(opened, spot.depth + 1) if spot.children is not None else None,
    )


# --- a new one -------------------------------------------------------------------------------------------------------


@blueprint.route("/add", methods=["GET", "POST"], defaults={"node_id": None})
@blueprint.route("/nodes/<node_id>/add", methods=["GET", "POST"])
@requires(Action.REVISE)
def add(draft_id: int, node_id: str | None) -> str | Response | tuple[str, int]:
    """Ask for a new capability below one (or on the first tier) and write it."""
    with context().database.read() as session:
        opened = opened_tree(session, draft_id)
    parent = opened.tree.spot(node_id) if node_id is not None else None
    depth = parent.depth + 1 if parent else 0
    tiers = max(1, len(opened.tree.tiers) - depth)
    form = adding_form(tiers)()
    if request.method == "POST" and form.validate():
        new = new_capability(form, tiers)
        if apply(draft_id, lambda files: add_capability(files, node_id, new), form):
            return to_node(draft_id, new.id)
    parts = [("child_" * number, tier_name(opened, depth + number)) for number in range(tiers)]
    page = render("tree/add.html", opened, parent=parent, form=form, faults=form.faults(), levels=parts)
    return (page, 422) if request.method == "POST" else page


# --- to another place, or out of it ----------------------------------------------------------------------------------


@blueprint.route("/nodes/<node_id>/move", methods=["GET", "POST"])
@requires(Action.REVISE)
def move(draft_id: int, node_id: str) -> str | Response | tuple[str, int]:
    """Put a capability below another one of the same tier as its parent."""
    opened, spot = read(draft_id, node_id)
    parents = [one for one in opened.tree.walk() if one.depth == spot.depth - 1 and one.children is not None]
    form = MovingForm(**({} if request.method == "POST" else {"parent": spot.parent.id if spot.parent else ""}))
    form.parent.choices = [(one.id, _called(one)) for one in parents if one.id]
    form.position.choices = [(value, translate(words)) for value, words in POSITIONS.items()]
    if request.method == "POST" and form.validate():
        position = 0 if form.position.data == "first" else None
        if apply(draft_id, lambda files: move_capability(files, node_id, form.parent.data, position), form):
            return to_node(draft_id, node_id)
    page = render("tree/move.html", opened, spot=spot, form=form, faults=form.faults())
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/nodes/<node_id>/remove", methods=["GET", "POST"])
@requires(Action.REVISE)
def remove(draft_id: int, node_id: str) -> str | Response | tuple[str, int]:
    """Say what removing a capability means, and do it."""
    opened, spot = read(draft_id, node_id)
    gone = [one for one in opened.tree.below(spot) if one.children is None]
    scored = [one for one in gone if one.id in opened.before]
    fresh = element_choices(opened, leaving=[*opened.before, *(one.id for one in gone)])
    form = RemovingForm()
    form.heir.choices = [("", translate("不交给谁：旧得分只留在旧版本里")), *fresh]
    if request.method == "POST" and form.validate():
        heir = form.heir.data or None
        if apply(draft_id, lambda files: remove_capability(files, node_id, heir=heir, before=opened.before), form):
            return to_node(draft_id, spot.parent.id if spot.parent else "")
    needed = [
        one
        for one in opened.tree.leaves()
        if set(one.ids("prerequisites")) & {leaf.id for leaf in gone} and one not in gone
    ]
    page = render(
        "tree/remove.html",
        opened,
        spot=spot,
        form=form,
        faults=form.faults(),
        gone=gone,
        scored=scored,
        fresh=fresh,
        needed=needed,
    )
    return (page, 422) if request.method == "POST" else page


def _called(spot: Spot) -> str:
    name = spot.text("name")
    return name.in_locale(locale()) if name else spot.id
