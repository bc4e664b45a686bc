"""/drafts/<id>/tree: the tree of a framework's draft, put in order, and the last step taken back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Skeleton, Sources
from app.content.editing.structure import move_capability
from app.services.permissions import Action
from app.services.refusals import Invalid
from app.services.tree_editing import change_tree, undo_step
from app.web.access import requires
from app.web.context import actor, context, translate
from app.web.tree.pages import change_from_base, equip, opened_tree, render, tier_name, tree_rows, worded_faults

blueprint = Blueprint("tree", __name__)
equip(blueprint)


@blueprint.get("/drafts/<int:draft_id>/tree")
@requires(Action.REVISE)
def show(draft_id: int) -> str | Response:
    """Show the tree with what can be done to it; a closed draft only has its overview."""
    with context().database.read() as session:
        opened = opened_tree(session, draft_id)
    if opened.draft.outcome is not None:
        flash(translate("这份草稿已经结束，不再修改。"), "warning")
        return redirect(url_for("drafting.show", draft_id=draft_id))
    found = opened.lint(context().library)
    rows = tree_rows(opened)
    return render(
        "tree/show.html",
        opened,
        rows=rows,
        tiers=[tier_name(opened, depth) for depth in range(len(opened.tree.tiers))],
        counts=[sum(row.depth == depth for row in rows) for depth in range(len(opened.tree.tiers))],
        errors=len(found.errors),
        warnings=len(found.warnings),
        faults_shown=worded_faults(opened, found),
        change=change_from_base(opened, found),
    )


@blueprint.post("/drafts/<int:draft_id>/tree/order")
@requires(Action.REVISE)
def order(draft_id: int) -> Response:
    """Put one capability before or after its neighbour."""
    node_id = request.form.get("up") or request.form.get("down") or ""
    step = -1 if request.form.get("up") else 1

    def change(files: Sources) -> Sources:
        spot = Skeleton(files).spot(node_id)
        position = spot.position + step
        if not 0 <= position < len(spot.family.sequence.items):
            return files
        return move_capability(files, node_id, spot.parent.id if spot.parent else None, position)

    with context().database.begin() as session:
        change_tree(session, draft_id, change, actor=actor(), clock=context().clock)
    return to_node(draft_id, node_id)


@blueprint.post("/drafts/<int:draft_id>/tree/undo")
@requires(Action.REVISE)
def undo(draft_id: int) -> Response:
    """Take the last step of a form back."""
    try:
        with context().database.begin() as session:
            undo_step(session, draft_id, actor=actor(), clock=context().clock)
    except Invalid as refused:
        if refused.code != "nothing-to-undo":
            raise
        flash(translate("没有可撤销的一步：草稿在这之后又改过。"), "warning")
    else:
        flash(translate("已撤销上一步。"))
    return redirect(url_for(".show", draft_id=draft_id), 303)


def to_node(draft_id: int, node_id: str) -> Response:
    """Return the way back to a row of the tree."""
    return redirect(url_for("tree.show", draft_id=draft_id, _anchor=f"node-{node_id}"), 303)


def is_known(error: EditRefused) -> bool:
    """Tell whether a refusal belongs to a form; what concerns the node itself does not."""
    return error.code not in ("unknown-node", "repeated-id")
