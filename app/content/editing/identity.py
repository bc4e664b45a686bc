"""Elements that become others: another id, one split into several, several merged into one. `replaces` says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.content.editing.editing import CAPABILITY_ORDER, Editing, check_name, check_new_id, scores_from
from app.content.editing.items import changed_item
from app.content.editing.refusals import EditRefused
from app.content.editing.sequences import inserted, removed
from app.content.editing.skeleton import Sources, Spot
from app.core.text import Text


def rename_id(files: Sources, node_id: str, new_id: str, *, before: Collection[str]) -> Sources:
    """Give a capability another id. An element of the version that is revised (`before`) is noted as replaced."""
    editing = Editing(files)
    spot = editing.tree.spot(node_id)
    check_new_id(editing.tree, new_id, field="new_id", leaving=(node_id,))
    if new_id == node_id:
        return editing.files
    changes: dict[str, object] = {"id": new_id}
    if spot.children is None:
        replaces = [one for one in scores_from(spot, before) if one != new_id]
        if list(spot.ids("replaces")) != replaces:
            changes["replaces"] = replaces or None
    editing.set({node_id: changes})
    editing.point_elsewhere({node_id: (new_id,)})
    return editing.files


@dataclass(frozen=True, slots=True)
class Part:
    """An element that takes over from others."""

    id: str
    name: Text
    code: str | None = None
    weight: Fraction | None = None

    def changes(self, replaces: Sequence[str]) -> dict[str, object]:
        """Return what it says otherwise than the element that it is made from."""
        return {
            "id": self.id,
            "name": self.name,
            "code": self.code or None,
            "weight": self.weight,
            "replaces": list(replaces) or None,
        }


def split_element(files: Sources, node_id: str, new: Sequence[Part], *, before: Collection[str]) -> Sources:
    """Put several elements in the place of one, each with its definition, level texts and other marks to go on from."""
    editing = Editing(files)
    spot = editing.tree.spot(node_id)
    _check_element(spot)
    if len(new) < 2:
        raise EditRefused("split-into-one", "parts")
    _check_parts(editing, new)
    replaces = scores_from(spot, before)
    text, family, position = editing.files[spot.file], spot.family.sequence, spot.position
    written = [
        changed_item(text, family, position, part.changes(replaces), CAPABILITY_ORDER, comments=number == 0)
        for number, part in enumerate(new)
    ]
    for one in reversed(written):
        spot = editing.tree.spot(node_id)
        editing.in_list(spot.family, lambda text, seq, one=one, at=spot.position: inserted(text, seq, at + 1, one))  # type: ignore[misc]
    spot = editing.tree.spot(node_id)
    editing.in_list(spot.family, lambda text, seq: removed(text, seq, spot.position))
    editing.point_elsewhere({node_id: [part.id for part in new]})
    return editing.files


def _check_parts(editing: Editing, new: Sequence[Part]) -> None:
    seen: set[str] = set()
    for number, part in enumerate(new):
        check_new_id(editing.tree, part.id, field=f"parts-{number}-id")
        if part.id in seen:
            raise EditRefused("id-taken", f"parts-{number}-id", id=part.id)
        seen.add(part.id)
        check_name(part.name, field=f"parts-{number}-name")


def merge_elements(files: Sources, node_ids: Sequence[str], new: Part, *, before: Collection[str]) -> Sources:
    """Put one element in the place of the first of several (in document order), made from it; the others go.

    The id of one of them can only be kept where it was not in the version that is revised: an element that keeps its
    id keeps its scores and takes over no others.
    """
    editing = Editing(files)
    spots = sorted((editing.tree.spot(one) for one in dict.fromkeys(node_ids)), key=_document_order(editing))
    if len(spots) < 2:
        raise EditRefused("merge-of-one", "others")
    for spot in spots:
        _check_element(spot)
    check_new_id(editing.tree, new.id, leaving=[spot.id for spot in spots if spot.id not in before])
    check_name(new.name)
    first, others = spots[0], spots[1:]
    _check_left_over(others)
    changes = new.changes(tuple(dict.fromkeys(one for spot in spots for one in scores_from(spot, before))))
    gone = {spot.id for spot in spots}
    for key in ("prerequisites", "related"):
        joined = dict.fromkeys(one for spot in spots for one in spot.ids(key) if one not in gone)
        changes[key] = list(joined) or None
    editing.set({first.id: {key: value for key, value in changes.items() if key != "id"}})
    for spot in others:
        _take_out(editing, spot.id)
    editing.set({first.id: {"id": new.id}})
    editing.point_elsewhere(dict.fromkeys(gone, (new.id,)))
    return editing.files


def _document_order(editing: Editing) -> Callable[[Spot], int]:
    rank = {id(spot): place for place, spot in enumerate(editing.tree.walk())}
    return lambda spot: rank[id(spot)]


def _take_out(editing: Editing, node_id: str) -> None:
    spot = editing.tree.spot(node_id)
    editing.in_list(spot.family, lambda text, seq: removed(text, seq, spot.position))


def _check_left_over(gone: Sequence[Spot]) -> None:
    """Raise EditRefused where a capability would lose everything below it."""
    for spot in gone:
        leaving = sum(other.family is spot.family for other in gone)
        if leaving == len(spot.family.sequence.items):
            raise EditRefused("last-child", "others", id=spot.id, parent=spot.parent.id if spot.parent else "")


def _check_element(spot: Spot) -> None:
    if spot.children is not None:
        raise EditRefused("not-an-element", "", id=spot.id)
