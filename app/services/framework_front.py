"""What a framework's workbook says of the framework itself: names, source, rollup, tiers, scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.content.editing.front import NewScale
from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Skeleton
from app.content.editing.spans import MappingSpan, ScalarSpan
from app.core.scale import Level
from app.core.text import Text
from app.exports.framework_sheets import layout
from app.exports.framework_sheets.layout import SheetName, in_language
from app.exports.framework_sheets.reading import RawFramework, RawLine
from app.services.framework_cells import Located, Unfit, number_in, text_in

_NUMBERS = frozenset({"source.year", "scale.min", "scale.max", "scale.step"})


@dataclass
class Front:
    """What the other sheets say: keys to change, tiers and scale where they can be read."""

    changes: dict[str, object] = field(default_factory=dict)
    tiers: Sequence[tuple[str, Text]] | None = None
    scale: NewScale | None = None
    faults: list[Located] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def place_of(self, name: str) -> str:
        """Return the cell of a part of the scale or the tiers, as the editing room calls it."""
        return self.places.get(name) or self.places.get("-".join(name.split("-")[:2])) or ""


_PATHS = {
    "rollup.publish": ("rollup", "coverage", "publish"),
    "rollup.provisional": ("rollup", "coverage", "provisional"),
}


def front_value(tree: Skeleton, key: str) -> layout.Cell:
    """Return what a framework says under a key of the sheet of the whole."""
    found: object = tree.front
    for part in _PATHS.get(key, tuple(key.split("."))):
        found = found.get(part) if isinstance(found, MappingSpan) else None
    value = found.value if isinstance(found, ScalarSpan) else None
    return value if isinstance(value, str | Fraction) else None


def read_front(book: RawFramework, tree: Skeleton) -> Front:
    """Return what the sheets of the framework, its tiers and its scale say."""
    front = Front()
    values: dict[str, object] = {}
    for line in book.lines[SheetName.FRONT]:
        key = line.cell(layout.KEY).text.strip()
        if key in layout.FRONT_ROWS:
            try:
                values[key] = _front_value(line, key)
                front.places[key] = line.cell(layout.ZH).place
            except Unfit as unfit:
                front.faults.append(unfit.located)
    _read_keys(front, values, tree)
    _read_tiers(front, book, tree)
    _read_scale(front, book, values)
    return front


def _front_value(line: RawLine, key: str) -> object:
    cell = line.cell(layout.ZH)
    if key in layout.TEXT_ROWS:
        text = Text(text_in(cell) or None, text_in(line.cell(layout.EN)) or None)
        if key == "name" and not text.zh:
            raise Unfit(cell, EditRefused("name-missing"))
        return text if text.zh or text.en else None
    if key in _NUMBERS or key.startswith(("rollup.p", "agreement.")):
        return number_in(cell)
    return text_in(cell) or None


def _read_keys(front: Front, values: Mapping[str, object], tree: Skeleton) -> None:
    for key in layout.TEXT_ROWS & values.keys():
        front.changes[key] = values[key]
    for group in ("source", "agreement"):
        named = {key: value for key, value in values.items() if key.startswith(f"{group}.")}
        if any(value != front_value(tree, key) for key, value in named.items()):
            said = {key.partition(".")[2]: value for key, value in named.items() if value is not None}
            kept = {one: front_value(tree, f"{group}.{one}") for one in ("method", "confidence") if group == "source"}
            front.changes[group] = {**{key: value for key, value in kept.items() if value is not None}, **said} or None
    rollup = {key: value for key, value in values.items() if key.startswith("rollup.")}
    if len(rollup) == 3 and any(value != front_value(tree, key) for key, value in rollup.items()):
        missing = next((key for key, value in rollup.items() if value is None), None)
        if missing:
            front.faults.append(Located(front.places.get(missing, ""), EditRefused("number-missing")))
            return
        coverage = {"publish": rollup["rollup.publish"], "provisional": rollup["rollup.provisional"]}
        front.changes["rollup"] = {"method": rollup["rollup.method"], "coverage": coverage}


def _read_tiers(front: Front, book: RawFramework, tree: Skeleton) -> None:
    found = []
    for number, line in enumerate(book.lines[SheetName.TIERS]):
        cells = [line.cell(in_language(layout.NAME, language)) for language in (layout.ZH, layout.EN)]
        front.places[f"tiers-{number}"] = cells[0].place
        try:
            found.append((line.cell(layout.KNOWN).text.strip(), Text(*(text_in(cell) or None for cell in cells))))
        except Unfit as unfit:
            front.faults.append(unfit.located)
    if [one for one, _ in found] == [one for one, _ in tree.tiers]:
        front.tiers = found
    elif not front.faults:
        place = next(iter(book.lines[SheetName.TIERS]), None)
        front.faults.append(Located(place.cell(layout.KNOWN).place if place else "", EditRefused("tiers-changed")))


def _read_scale(front: Front, book: RawFramework, values: Mapping[str, object]) -> None:
    levels = []
    for line in book.lines[SheetName.SCALE]:
        try:
            value = number_in(line.cell(layout.VALUE))
            if value is None:
                raise Unfit(line.cell(layout.VALUE), EditRefused("number-missing"))  # noqa: TRY301
            texts = [
                Text(*(text_in(line.cell(in_language(key, one))) or None for one in (layout.ZH, layout.EN)))
                for key in (layout.NAME, layout.DESCRIPTION)
            ]
        except Unfit as unfit:
            front.faults.append(unfit.located)
            continue
        words = texts[1] if texts[1].zh or texts[1].en else None
        levels.append((line.cell(layout.VALUE).place, Level(value, texts[0], words)))
    levels.sort(key=lambda one: one[1].value)
    for number, (place, _) in enumerate(levels):
        front.places[f"levels-{number}"] = place
    low, high, step = (values.get(f"scale.{key}") for key in ("min", "max", "step"))
    for key, name in (("scale.min", "minimum"), ("scale.max", "maximum"), ("scale.step", "step")):
        front.places[name] = front.places.get(key, "")
    if isinstance(low, Fraction) and isinstance(high, Fraction) and isinstance(step, Fraction):
        front.scale = NewScale(low, high, step, tuple(level for _, level in levels))
