"""What a framework says of itself: names, tiers, scale, rollup, agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.content.editing.editing import FRAMEWORK_ORDER, Editing, check_name
from app.content.editing.items import written_item
from app.content.editing.mappings import set_values
from app.content.editing.refusals import EditRefused
from app.content.editing.sequences import rearranged
from app.content.editing.skeleton import Sources
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan
from app.content.frameworks import FRAMEWORK_FILE
from app.core.scale import Level
from app.core.text import Text

_LEVEL_ORDER = ("value", "name", "description")
_TIER_ORDER = ("id", "name")


def change_front(files: Sources, changes: Mapping[str, object]) -> Sources:
    """Set keys of the framework itself (`name`, `summary`, `version`, `source`, `rollup`, `agreement`, …).

    None takes a key away; of a mapping that stands there only what differs is touched.
    """
    editing = Editing(files)
    _set(editing, editing.tree.front, changes, FRAMEWORK_ORDER)
    return editing.files


def _set(editing: Editing, mapping: MappingSpan, changes: Mapping[str, object], order: Sequence[str]) -> None:
    text = editing.files[FRAMEWORK_FILE]
    editing.patch_one(FRAMEWORK_FILE, set_values(text, mapping, changes, order))


@dataclass(frozen=True, slots=True)
class NewScale:
    """The scale as it is to be: its ends, its step, its named levels in ascending order."""

    minimum: Fraction
    maximum: Fraction
    step: Fraction
    levels: tuple[Level, ...]


def change_scale(files: Sources, scale: NewScale) -> Sources:
    """Write another scale. A level that keeps its value keeps its place in the file and its comments."""
    _check_scale(scale)
    editing = Editing(files)
    ends = {"min": scale.minimum, "max": scale.maximum, "step": scale.step}
    if not isinstance(editing.tree.front.get("scale"), MappingSpan):
        raise EditRefused("no-scale", "scale")
    _set(editing, _scale(editing), ends, ("min", "max", "step", "levels"))
    listed = _scale(editing).get("levels")
    if not isinstance(listed, SequenceSpan) or not listed.items:
        _set(editing, _scale(editing), {"levels": [_level(level) for level in scale.levels]}, ())
        return editing.files
    _relist(editing, listed, scale.levels)
    _reword(editing, scale.levels)
    return editing.files


def _scale(editing: Editing) -> MappingSpan:
    found = editing.tree.front.get("scale")
    assert isinstance(found, MappingSpan)
    return found


def _relist(editing: Editing, listed: SequenceSpan, levels: Sequence[Level]) -> None:
    """Bring the named levels into order: known ones as they stand, new ones beside them."""
    text = editing.files[FRAMEWORK_FILE]
    there = {_value(one): place for place, one in reversed(list(enumerate(listed.items)))}
    wanted = [
        there[level.value] if level.value in there else written_item(text, listed, _level(level)) for level in levels
    ]
    if wanted != list(range(len(listed.items))):
        editing.patch_one(FRAMEWORK_FILE, [rearranged(text, listed, wanted)])


def _reword(editing: Editing, levels: Sequence[Level]) -> None:
    listed = _scale(editing).get("levels")
    assert isinstance(listed, SequenceSpan)
    text = editing.files[FRAMEWORK_FILE]
    patches = [
        patch
        for one, level in zip(listed.items, levels, strict=True)
        if isinstance(one, MappingSpan)
        for patch in set_values(text, one, {"name": level.name, "description": level.description}, _LEVEL_ORDER)
    ]
    editing.patch_one(FRAMEWORK_FILE, patches)


def _value(one: object) -> object:
    found = one.get("value") if isinstance(one, MappingSpan) else None
    return found.value if isinstance(found, ScalarSpan) else None


def _level(level: Level) -> dict[str, object]:
    said = {"value": level.value, "name": level.name, "description": level.description}
    return {key: value for key, value in said.items() if value is not None}


def _check_scale(scale: NewScale) -> None:
    if scale.maximum <= scale.minimum:
        raise EditRefused("scale-ends", "maximum")
    if scale.step <= 0 or ((scale.maximum - scale.minimum) / scale.step).denominator != 1:
        raise EditRefused("scale-step", "step")
    values = [level.value for level in scale.levels]
    if values != sorted(set(values)):
        raise EditRefused("level-repeated", "levels")
    for number, level in enumerate(scale.levels):
        off = ((level.value - scale.minimum) / scale.step).denominator != 1
        if off or not scale.minimum <= level.value <= scale.maximum:
            raise EditRefused("level-off-grid", f"levels-{number}-value")
        check_name(level.name, field=f"levels-{number}-name")
    if not values or values[0] != scale.minimum or values[-1] != scale.maximum:
        raise EditRefused("level-ends", "levels")


def change_tiers(files: Sources, tiers: Sequence[tuple[str, Text]]) -> Sources:
    """Give the tiers other ids and names; their number stays."""
    editing = Editing(files)
    listed = editing.tree.front.get("tiers")
    items = [one for one in listed.items if isinstance(one, MappingSpan)] if isinstance(listed, SequenceSpan) else []
    if len(items) != len(tiers):
        raise EditRefused("tier-count", "tiers")
    text = editing.files[FRAMEWORK_FILE]
    patches = []
    for number, (one, (tier_id, name)) in enumerate(zip(items, tiers, strict=True)):
        check_name(name, field=f"tiers-{number}-name")
        patches += list(set_values(text, one, {"id": tier_id, "name": name}, _TIER_ORDER))
    editing.patch_one(FRAMEWORK_FILE, patches)
    return editing.files
