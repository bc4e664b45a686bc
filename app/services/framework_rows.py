"""What the cells of a framework's workbook say: the tree that is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.content.editing.contents import Contents, contents_of
from app.content.editing.refusals import EditRefused
from app.content.editing.reshaping import Wanted
from app.content.editing.skeleton import Skeleton, Spot
from app.core.text import Text
from app.exports.framework_sheets import layout
from app.exports.framework_sheets.layout import SheetName, in_language, level_of
from app.exports.framework_sheets.reading import RawFramework, RawLine
from app.exports.raw_cells import RawKind
from app.services.framework_cells import Located, Unfit, folded, text_in, truth_in, weight_in

_SEPARATORS = re.compile(r"[,，、;；\s]+")
_ELEMENTS_ONLY = (layout.CRITICAL, layout.PREREQUISITES, layout.RELATED, layout.REPLACES)


@dataclass
class Rows:
    """The tree that the rows ask for, the cell of every id, and what cannot be read."""

    roots: list[Wanted] = field(default_factory=list)
    faults: list[Located] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    lines: dict[str, RawLine] = field(default_factory=dict)

    def cell(self, node_id: str, path: str) -> str:
        """Return the cell of a capability that a path inside a file leads to; that of its id where none fits."""
        line = self.lines.get(node_id)
        if line is None:
            return ""
        parts = [one.split("[")[0] for one in path.split(".")]
        for number, part in enumerate(parts):
            below = parts[number + 1] if number + 1 < len(parts) else layout.ZH
            for column in (part, in_language(part, below), in_language(part, layout.ZH)):
                if part in ("name", "definition", *_ELEMENTS_ONLY, layout.WEIGHT, layout.CODE) and column in line.cells:
                    return line.cells[column].place
        return self.places.get(node_id, "")


def read_rows(book: RawFramework, tree: Skeleton) -> Rows:
    """Return the tree that the rows ask for; a row belongs to the nearest one above it on a higher tier."""
    return _RowReader(book, tree).read()


class _RowReader:
    def __init__(self, book: RawFramework, tree: Skeleton) -> None:
        self.lines = book.lines[SheetName.TREE]
        self.columns = frozenset(book.columns[SheetName.TREE])
        self.tree = tree
        self.tiers = _tier_names(book, tree)
        self.last = len(tree.tiers) - 1
        self.rows = Rows()
        self.taken: set[str] = set()

    def read(self) -> Rows:
        above: list[Wanted] = []
        for line in self.lines:
            try:
                depth = self._depth(line, len(above))
                one = self._wanted(line, depth)
            except Unfit as unfit:
                self.rows.faults.append(unfit.located)
                continue
            del above[depth:]
            (above[-1].children if above else self.rows.roots).append(one)
            above.append(one)
            self.rows.places[one.id] = line.cell(layout.ID).place
            self.rows.lines[one.id] = line
        if not self.rows.roots and not self.rows.faults:
            self.rows.faults.append(Located("", EditRefused("sheet-empty")))
        return self.rows

    def _depth(self, line: RawLine, deepest: int) -> int:
        cell = line.cell(layout.TIER)
        depth = self.tiers.get(folded(text_in(cell)))
        if depth is None:
            raise Unfit(cell, EditRefused("tier-unknown", found=cell.text[:40]))
        if depth > deepest:
            raise Unfit(cell, EditRefused("tier-jumped", found=cell.text[:40]))
        return depth

    def _wanted(self, line: RawLine, depth: int) -> Wanted:
        node_id = text_in(line.cell(layout.ID))
        if not node_id:
            raise Unfit(line.cell(layout.ID), EditRefused("id-missing"))
        if node_id in self.rows.places:
            raise Unfit(line.cell(layout.ID), EditRefused("id-taken", id=node_id))
        known = text_in(line.cell(layout.KNOWN))
        spot = self.tree.by_id.get(known)
        if known and spot is None:
            raise Unfit(line.cell(layout.KNOWN), EditRefused("unknown-node", id=known))
        if known in self.taken:  # a row that was copied is a new capability
            spot = None
        if spot is not None:
            self.taken.add(known)
        return Wanted(spot.id if spot else None, node_id, self._contents(line, spot, element=depth == self.last))

    def _contents(self, line: RawLine, spot: Spot | None, *, element: bool) -> Contents:
        shown = contents_of(spot) if spot is not None else Contents(Text())
        name = self._words(line, layout.NAME, shown.name) or Text()
        if not name.zh:
            raise Unfit(line.cell(in_language(layout.NAME, layout.ZH)), EditRefused("name-missing"))
        if not element:
            self._only_elements(line)
        return Contents(
            name=name,
            code=(text_in(line.cell(layout.CODE)) or None) if layout.CODE in self.columns else shown.code,
            definition=self._words(line, layout.DEFINITION, shown.definition),
            weight=weight_in(line.cell(layout.WEIGHT)) if layout.WEIGHT in self.columns else shown.weight,
            levels=self._levels(line, shown) if element else shown.levels,
            critical=truth_in(line.cell(layout.CRITICAL)) if layout.CRITICAL in self.columns else shown.critical,
            prerequisites=self._ids(line, layout.PREREQUISITES, shown.prerequisites),
            related=self._ids(line, layout.RELATED, shown.related),
            replaces=self._ids(line, layout.REPLACES, shown.replaces),
        )

    def _only_elements(self, line: RawLine) -> None:
        for column, cell in line.cells.items():
            if (column in _ELEMENTS_ONLY or level_of(column)) and cell.kind is not RawKind.EMPTY:
                raise Unfit(cell, EditRefused("elements-only"))

    def _words(self, line: RawLine, key: str, shown: Text | None) -> Text | None:
        said = []
        for language in (layout.ZH, layout.EN):
            column = in_language(key, language)
            kept = getattr(shown, language) if shown is not None else None
            said.append(text_in(line.cell(column)) or None if column in self.columns else kept)
        return Text(*said) if any(said) else None

    def _levels(self, line: RawLine, shown: Contents) -> Mapping[Fraction, Text]:
        found: dict[Fraction, dict[str, str | None]] = {
            value: {layout.ZH: text.zh, layout.EN: text.en} for value, text in (shown.levels or {}).items()
        }
        for column in self.columns:
            level = level_of(column)
            if level is not None:
                found.setdefault(level[0], {})[level[1]] = text_in(line.cell(column)) or None
        texts = {value: Text(said.get(layout.ZH), said.get(layout.EN)) for value, said in sorted(found.items())}
        return {value: text for value, text in texts.items() if text.zh or text.en}

    def _ids(self, line: RawLine, column: str, shown: tuple[str, ...]) -> tuple[str, ...]:
        if column not in self.columns:
            return shown
        return tuple(dict.fromkeys(one for one in _SEPARATORS.split(text_in(line.cell(column))) if one))


def _tier_names(book: RawFramework, tree: Skeleton) -> dict[str, int]:
    """Return on which tier a row stands by what it says: a tier's id or its name, old or new, in either language."""
    names: dict[str, int] = {}
    for depth, (tier_id, name) in enumerate(tree.tiers):
        for word in (tier_id, name.zh, name.en):
            if word:
                names.setdefault(folded(word), depth)
    for line in book.lines[SheetName.TIERS]:
        found = names.get(folded(line.cell(layout.KNOWN).text))
        for language in (layout.ZH, layout.EN):
            word = line.cell(in_language(layout.NAME, language)).text
            if found is not None and word:
                names.setdefault(folded(word), found)
    return names
