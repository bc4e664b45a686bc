"""/drafts/<id>/tree/…: what a framework says of itself: names, scale, rollup, and the weights of the whole tree."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from app.content.editing.front import NewScale, change_front, change_scale, change_tiers
from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Skeleton, Sources
from app.content.editing.spans import MappingSpan, ScalarSpan
from app.content.editing.structure import weigh
from app.core.framework import Method
from app.core.scale import Level
from app.core.text import Text
from app.services.permissions import Action
from app.services.tree_editing import TreeDraft
from app.web.access import requires
from app.web.context import context, translate
from app.web.frameworks.pages import METHOD_MEANINGS, METHOD_WORDS
from app.web.tree.forms import TreeForm
from app.web.tree.nodes import apply
from app.web.tree.pages import equip, named_levels, opened_tree, render, text_in, tree_rows
from app.web.tree.whole_forms import MOST_LEVELS, RollupForm, front_form, scale_form, weight_key, weights_form

blueprint = Blueprint("tree_whole", __name__, url_prefix="/drafts/<int:draft_id>/tree")
equip(blueprint)
_SPARE = 2  # empty rows for levels that are to come
_RULE = ("range", "r_wg", "role_gap", "minimum_roles")


def _opened(draft_id: int) -> TreeDraft:
    with context().database.read() as session:
        return opened_tree(session, draft_id)


def _done(draft_id: int) -> Response:
    return redirect(url_for("tree.show", draft_id=draft_id), 303)


# --- weights ---------------------------------------------------------------------------------------------------------


@blueprint.route("/weights", methods=["GET", "POST"])
@requires(Action.REVISE)
def weights(draft_id: int) -> str | Response | tuple[str, int]:
    """Show every weight in a field of its own; an empty one means 1."""
    opened = _opened(draft_id)
    rows = [row for row in tree_rows(opened) if row.id and row.id not in opened.tree.repeated]
    made = weights_form(row.id for row in rows)
    form = made(**({} if request.method == "POST" else {weight_key(row.id): row.weight for row in rows}))
    if request.method == "POST" and form.validate():
        typed = {row.id: form[weight_key(row.id)].data for row in rows}
        wanted = {
            row.id: typed[row.id] for row in rows if (1 if typed[row.id] is None else typed[row.id]) != row.weight
        }
        if _weigh(draft_id, wanted, form):
            return _done(draft_id)
    fields = {row.id: form[weight_key(row.id)] for row in rows}
    page = render("tree/weights.html", opened, rows=rows, fields=fields, faults=form.faults())
    return (page, 422) if request.method == "POST" else page


def _weigh(draft_id: int, wanted: dict[str, Fraction | None], form: TreeForm) -> bool:
    def change(files: Sources) -> Sources:
        try:
            return weigh(files, wanted)
        except EditRefused as refused:
            raise EditRefused(refused.code, weight_key(refused.field), **refused.values) from refused

    return apply(draft_id, change, form)


# --- names, source, tiers --------------------------------------------------------------------------------------------


@blueprint.route("/front", methods=["GET", "POST"])
@requires(Action.REVISE)
def front(draft_id: int) -> str | Response | tuple[str, int]:
    """Show the names, the summary, the source and the tiers."""
    opened = _opened(draft_id)
    tiers = opened.tree.tiers
    form = front_form(len(tiers))(**({} if request.method == "POST" else _front_data(opened)))
    if request.method == "POST" and form.validate() and apply(draft_id, lambda files: _front(files, form), form):
        return _done(draft_id)
    page = render("tree/front.html", opened, form=form, faults=form.faults(), tiers=tiers)
    return (page, 422) if request.method == "POST" else page


def _front_data(opened: TreeDraft) -> dict[str, object]:
    front = opened.tree.front
    name, summary = text_in(front, "name"), text_in(front, "summary")
    source = front.get("source")
    data: dict[str, object] = {"name_zh": name.zh, "name_en": name.en}
    data |= {"summary_zh": summary.zh, "summary_en": summary.en}
    for key in ("title", "year", "note"):
        said = source.get(key) if isinstance(source, MappingSpan) else None
        value = said.value if isinstance(said, ScalarSpan) else None
        data[f"source_{key}"] = value if isinstance(value, Fraction) == (key == "year") else None
    for number, (_, words) in enumerate(opened.tree.tiers):
        data |= {f"tiers_{number}_name_zh": words.zh, f"tiers_{number}_name_en": words.en}
    return data


def _front(files: Sources, form: TreeForm) -> Sources:
    tree = Skeleton(files)
    name = form.text("name")
    if name is None or not name.zh:
        raise EditRefused("name-missing", "name_zh")
    listed = [(tier_id, form.text(f"tiers_{number}_name") or Text()) for number, (tier_id, _) in enumerate(tree.tiers)]
    changes: dict[str, object] = {"name": name, "summary": form.text("summary")}
    source = {key: form.value(f"source_{key}") for key in ("title", "year", "note")}
    old = tree.front.get("source")
    if isinstance(old, MappingSpan):
        source = {**{pair.key.text: _said(pair.value) for pair in old.pairs}, **source}
    source = {key: value for key, value in source.items() if value is not None}
    changes["source"] = source or None
    return change_tiers(change_front(files, changes), listed)


def _said(value: object) -> object:
    return value.value if isinstance(value, ScalarSpan) else None


# --- rollup and agreement --------------------------------------------------------------------------------------------


@blueprint.route("/rollup", methods=["GET", "POST"])
@requires(Action.REVISE)
def rollup(draft_id: int) -> str | Response | tuple[str, int]:
    """Show how scores are rolled up and when respondents must talk."""
    opened = _opened(draft_id)
    form = RollupForm(**({} if request.method == "POST" else _rollup_data(opened)))
    form.method.choices = [(one.value, translate(METHOD_WORDS[one])) for one in Method]
    if request.method == "POST" and form.validate() and apply(draft_id, lambda files: _rollup(files, form), form):
        return _done(draft_id)
    meanings = [(METHOD_WORDS[one], METHOD_MEANINGS[one]) for one in Method]
    page = render("tree/rollup.html", opened, form=form, faults=form.faults(), meanings=meanings)
    return (page, 422) if request.method == "POST" else page


def _number(mapping: object, key: str) -> Fraction | None:
    found = mapping.get(key) if isinstance(mapping, MappingSpan) else None
    value = found.value if isinstance(found, ScalarSpan) else None
    return value if isinstance(value, Fraction) else None


def _rollup_data(opened: TreeDraft) -> dict[str, object]:
    rollup, rule = opened.tree.front.get("rollup"), opened.tree.front.get("agreement")
    method = rollup.get("method") if isinstance(rollup, MappingSpan) else None
    coverage = rollup.get("coverage") if isinstance(rollup, MappingSpan) else None
    data: dict[str, object] = {"method": method.text if isinstance(method, ScalarSpan) else Method.WEIGHTED_MEAN.value}
    data |= {key: _number(coverage, key) for key in ("publish", "provisional")}
    return data | {key: _number(rule, key) for key in _RULE}


def _rollup(files: Sources, form: TreeForm) -> Sources:
    publish, provisional = form["publish"].data, form["provisional"].data
    for key, value in (("publish", publish), ("provisional", provisional), ("r_wg", form["r_wg"].data)):
        if value is None and key != "r_wg":
            raise EditRefused("share-missing", key)
        if value is not None and value > 1:
            raise EditRefused("share-above-one", key)
    if provisional > publish:
        raise EditRefused("provisional-above-publish", "provisional")
    roles = form["minimum_roles"].data
    if roles is not None and (roles < 1 or roles.denominator != 1):
        raise EditRefused("roles-whole", "minimum_roles")
    rule = {key: form[key].data for key in _RULE if form[key].data is not None}
    said = {"method": form["method"].data, "coverage": {"publish": publish, "provisional": provisional}}
    return change_front(files, {"rollup": said, "agreement": rule or None})


# --- scale -----------------------------------------------------------------------------------------------------------


@blueprint.route("/scale", methods=["GET", "POST"])
@requires(Action.REVISE)
def scale(draft_id: int) -> str | Response | tuple[str, int]:
    """Show the scale with its named levels."""
    opened = _opened(draft_id)
    levels = named_levels(opened)
    rows = min(MOST_LEVELS, len(levels) + _SPARE)
    if request.method == "POST":
        rows = max(rows, sum(f"levels_{number}_value" in request.form for number in range(MOST_LEVELS)))
    form = scale_form(rows)(**({} if request.method == "POST" else _scale_data(opened)))
    if request.method == "POST" and form.validate() and apply(draft_id, lambda files: _scale(files, form, rows), form):
        return _done(draft_id)
    scored = opened.base is not None
    page = render("tree/scale.html", opened, form=form, faults=form.faults(), rows=rows, scored=scored)
    return (page, 422) if request.method == "POST" else page


def _scale_data(opened: TreeDraft) -> dict[str, object]:
    found = opened.tree.front.get("scale")
    names = {"minimum": "min", "maximum": "max", "step": "step"}
    data: dict[str, object] = {name: _number(found, key) for name, key in names.items()}
    for number, (value, name, description) in enumerate(named_levels(opened)):
        prefix = f"levels_{number}_"
        data |= {f"{prefix}value": value, f"{prefix}name_zh": name.zh, f"{prefix}name_en": name.en}
        data |= {f"{prefix}description_zh": description.zh, f"{prefix}description_en": description.en}
    return data


def _scale(files: Sources, form: TreeForm, rows: int) -> Sources:
    for key in ("minimum", "maximum", "step"):
        if form[key].data is None:
            raise EditRefused("number-missing", key)
    levels: list[tuple[int, Level]] = []
    for number in range(rows):
        prefix = f"levels_{number}_"
        value, name, words = form[f"{prefix}value"].data, form.text(f"{prefix}name"), form.text(f"{prefix}description")
        if value is None and name is None and words is None:
            continue
        if value is None:
            raise EditRefused("number-missing", f"{prefix}value")
        levels.append((number, Level(value, name or Text(), words)))
    levels.sort(key=lambda one: one[1].value)
    new = NewScale(form["minimum"].data, form["maximum"].data, form["step"].data, tuple(level for _, level in levels))
    try:
        return change_scale(files, new)
    except EditRefused as refused:
        part = refused.field.split("-")
        if part[0] == "levels" and len(part) > 2:  # numbered as sorted; the form numbers them as typed
            raise EditRefused(
                refused.code, f"levels-{levels[int(part[1])][0]}-{part[2]}", **refused.values
            ) from refused
        raise
