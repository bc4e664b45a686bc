"""What one capability says: names, definition, level texts and marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.content.editing.editing import Editing, check_name
from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Sources, Spot
from app.core.text import Text


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that forms and sheets say of one capability; what is None or empty is not said.

    `levels` and what follows are for elements only.
    """

    name: Text
    code: str | None = None
    definition: Text | None = None
    weight: Fraction | None = None
    levels: Mapping[Fraction, Text] | None = None
    critical: bool = False
    prerequisites: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


def contents_of(spot: Spot) -> Contents:
    """Return what a capability says; a weight that is not written is None."""
    return Contents(
        name=spot.text("name") or Text(),
        code=spot.line("code"),
        definition=spot.text("definition"),
        weight=spot.weight if spot.mapping.get("weight") is not None else None,
        levels=spot.levels,
        critical=spot.line("critical") == "true",
        prerequisites=spot.ids("prerequisites"),
        related=spot.ids("related"),
        replaces=spot.ids("replaces"),
    )


def change_contents(files: Sources, contents: Mapping[str, Contents]) -> Sources:
    """Let capabilities, each named by its id, say something else; what does not differ is not touched."""
    editing = Editing(files)
    changes: dict[str, dict[str, object]] = {}
    for node_id, new in contents.items():
        spot = editing.tree.spot(node_id)
        found = _differences(spot, new)
        if found:
            changes[node_id] = found
    editing.set(changes)
    return editing.files


def _differences(spot: Spot, new: Contents) -> dict[str, object]:
    old = contents_of(spot)
    check_name(new.name)
    if new.weight is not None and new.weight < 0:
        raise EditRefused("weight-negative", "weight")
    changes: dict[str, object] = {}
    for key in ("name", "code", "definition", "weight"):
        if getattr(old, key) != getattr(new, key):
            changes[key] = getattr(new, key) or (getattr(new, key) if key == "weight" else None)
    if spot.children is not None:
        return changes
    if dict(old.levels or {}) != dict(new.levels or {}):
        changes["levels"] = {value: new.levels[value] for value in sorted(new.levels)} if new.levels else None
    if old.critical != new.critical:
        changes["critical"] = new.critical or None
    for key in ("prerequisites", "related", "replaces"):
        if getattr(old, key) != getattr(new, key):
            changes[key] = list(getattr(new, key)) or None
    return changes
