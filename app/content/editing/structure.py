"""The tree itself changed: capabilities added, moved, put in order, removed, weighed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.content.editing.editing import CAPABILITY_ORDER, Editing, check_name, check_new_id, scores_from
from app.content.editing.items import carried_item, written_item
from app.content.editing.mappings import plain
from app.content.editing.refusals import EditRefused
from app.content.editing.sequences import inserted, permuted, removed
from app.content.editing.skeleton import Family, Skeleton, Sources, Spot
from app.content.editing.writing import item
from app.core.text import Text


@dataclass(frozen=True, slots=True)
class NewCapability:
    """A capability to be written; one above the last tier needs capabilities below it."""

    id: str
    name: Text
    code: str | None = None
    definition: Text | None = None
    weight: Fraction | None = None
    levels: Mapping[Fraction, Text] | None = None
    children: tuple[NewCapability, ...] = ()

    def values(self) -> dict[str, object]:
        """Return what a file says of it."""
        said = {
            "id": self.id,
            "code": self.code or None,
            "name": self.name,
            "definition": self.definition,
            "weight": self.weight,
            "children": [child.values() for child in self.children] or None,
            "levels": dict(self.levels) if self.levels else None,
        }
        return {key: said[key] for key in CAPABILITY_ORDER if said.get(key) is not None}


def add_capability(
    files: Sources, parent_id: str | None, new: NewCapability, *, position: int | None = None
) -> Sources:
    """Write a new capability below `parent_id` (None: on the first tier), at the end or before the one at `position`.

    Where the siblings have their children in files of their own, so has the new one.
    """
    editing = Editing(files)
    family = editing.family(parent_id)
    depth = 0 if family.holder is None else family.holder.depth + 1
    _check_new(editing.tree, new, depth, field="")
    values = new.values()
    if new.children and family.spots and all(one.children and one.children.own_file for one in family.spots):
        values["children"] = _own_file(editing, family, new)
    place = len(family.sequence.items) if position is None else max(0, min(position, len(family.sequence.items)))
    editing.in_list(family, lambda text, seq: inserted(text, seq, place, written_item(text, seq, values)))
    return editing.files


def _check_new(tree: Skeleton, new: NewCapability, depth: int, *, field: str) -> None:
    prefix = f"{field}." if field else ""
    check_new_id(tree, new.id, field=f"{prefix}id")
    check_name(new.name, field=f"{prefix}name")
    last = len(tree.tiers) - 1
    if depth < last and not new.children:
        raise EditRefused("needs-children", f"{prefix}children", id=new.id)
    if depth >= last and new.children:
        raise EditRefused("no-children-here", f"{prefix}children", id=new.id)
    for child in new.children:
        if child.id == new.id:
            raise EditRefused("id-taken", "child.id", id=child.id)
        _check_new(tree, child, depth + 1, field="child" if not field else f"child.{field}")


def _own_file(editing: Editing, family: Family, new: NewCapability) -> str:
    """Write the children of a new capability into a file beside those of its siblings; return its name."""
    name = f"{new.id}.yaml"
    if name in editing.files:
        raise EditRefused("file-taken", "id", name=name)
    sibling = next(one.children for one in family.spots if one.children)
    first = editing.files[sibling.file].split("\n", 1)[0]
    head = f"{first}\n" if first.startswith("# yaml-language-server") else ""
    lines = [line for child in new.children for line in item(plain(child.values()))]
    editing.files[name] = head + "\n".join(lines) + "\n"
    return name


def move_capability(files: Sources, node_id: str, parent_id: str | None, position: int | None = None) -> Sources:
    """Put a capability, with all below it, to another place: before the one at `position`, or at the end.

    `position` counts the capabilities there without the one that is moved.
    """
    editing = Editing(files)
    spot, target = editing.tree.spot(node_id), editing.family(parent_id)
    if target is spot.family:
        _reorder(editing, spot, position)
        return editing.files
    if target.holder is not None and target.holder in editing.tree.below(spot):
        raise EditRefused("into-itself", "parent", id=node_id)
    depth = 0 if target.holder is None else target.holder.depth + 1
    if depth != spot.depth:
        raise EditRefused("other-tier", "parent", id=node_id)
    _check_not_last(spot)
    before = editing.files[spot.file]
    cut = spot.position
    from_list = spot.family.sequence
    editing.in_list(spot.family, lambda text, seq: removed(text, seq, cut))
    target = editing.family(parent_id)
    place = len(target.sequence.items) if position is None else max(0, min(position, len(target.sequence.items)))
    editing.in_list(
        target, lambda text, seq: inserted(text, seq, place, carried_item(before, from_list, cut, text, seq))
    )
    return editing.files


def _reorder(editing: Editing, spot: Spot, position: int | None) -> None:
    order = [place for place in range(len(spot.family.sequence.items)) if place != spot.position]
    order.insert(len(order) if position is None else max(0, position), spot.position)
    editing.in_list(spot.family, lambda text, seq: permuted(text, seq, order))


def _check_not_last(spot: Spot) -> None:
    if len(spot.family.sequence.items) == 1:
        raise EditRefused("last-child", "", id=spot.id, parent=spot.parent.id if spot.parent else "")


def remove_capability(
    files: Sources, node_id: str, *, heir: str | None = None, before: Collection[str] = ()
) -> Sources:
    """Take a capability out, with all below it. `heir` (an element that is new) is noted as what replaces it.

    `before` are the elements of the version that is revised. Prerequisites do not name it any more.
    """
    editing = Editing(files)
    spot = editing.tree.spot(node_id)
    _check_not_last(spot)
    gone = [one for one in editing.tree.below(spot) if one.children is None]
    if heir:
        _inherit(editing, heir, gone, before)
        spot = editing.tree.spot(node_id)
    used = editing.tree.used_files()
    editing.in_list(spot.family, lambda text, seq: removed(text, seq, spot.position))
    editing.drop_unused(used)
    editing.point_elsewhere({one.id: (heir,) if heir else () for one in gone})
    return editing.files


def _inherit(editing: Editing, heir: str, gone: list[Spot], before: Collection[str]) -> None:
    spot = editing.tree.spot(heir)
    if spot.children is not None or heir in before or spot in gone:
        raise EditRefused("heir-not-new", "heir", id=heir)
    origins = [origin for one in gone for origin in scores_from(one, before)]
    replaces = list(dict.fromkeys((*spot.ids("replaces"), *origins)))
    editing.set({heir: {"replaces": replaces or None}})


def weigh(files: Sources, weights: Mapping[str, Fraction | None]) -> Sources:
    """Give capabilities other weights; None takes the key away, which means 1."""
    editing = Editing(files)
    for node_id, weight in weights.items():
        if weight is not None and weight < 0:
            raise EditRefused("weight-negative", node_id)
    for family in {id(one): one for one in (editing.tree.spot(node_id).family for node_id in weights)}.values():
        said = [weights.get(one.id, one.weight) for one in family.spots]
        if all(weight == 0 for weight in said):
            raise EditRefused("weights-zero", family.spots[0].id)
    editing.set(
        {node_id: {"weight": weight} for node_id, weight in weights.items() if _differs(editing, node_id, weight)}
    )
    return editing.files


def _differs(editing: Editing, node_id: str, weight: Fraction | None) -> bool:
    """Tell whether a weight has to be written: where nothing is said, 1 is meant."""
    spot = editing.tree.spot(node_id)
    return spot.mapping.get("weight") is not None or weight not in (None, 1)
