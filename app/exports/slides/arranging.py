"""Blocks onto slides: where each stands, in millimetres. Reads no block's words and writes no file.

Blocks keep their order. Neighbours that are narrow enough stand in two columns, the left one first; everything else
takes the whole width. What is longer than a slide goes on on the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.charts.spec import Heatmap, Multiples
from app.document.values import Facts, Listing, Picture, Statement, Table
from app.exports import measuring
from app.exports.column_widths import word_widths
from app.exports.measuring import GAP, Item
from app.exports.slides.splitting import split

WIDTH, HEIGHT = 338.667, 190.5  # a slide of 16:9
LEFT, RIGHT, BOTTOM = 20.0, 318.667, 173.0
FULL = RIGHT - LEFT
GUTTER = 8.7
_LEAST_REST = 45.0  # a remainder of a slide smaller than this is left empty
_FIRST = 45.0  # where blocks begin below a title and a headline, at most as a rule
_ROUNDING = 0.001  # millimetres
_GALLERY = 3  # so many charts of one kind stand in a row of their own
_SPLITS = (0.5, 0.44, 0.56, 0.38, 0.62, 0.34, 0.66)  # widths of the left column that are tried, the best looking first


class Area(NamedTuple):
    """A rectangle on a slide, in millimetres."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A block, or a part of one, in its place."""

    item: Item
    left: float
    top: float
    width: float
    height: float


@dataclass
class _Pages:
    """Slides being filled from the top; `first` is where the first begins, `top` where the others do."""

    first: float
    top: float
    done: list[list[Placed]] = field(default_factory=lambda: [[]])
    at: float = 0.0

    def __post_init__(self) -> None:
        self.at = self.first

    @property
    def room(self) -> float:
        return BOTTOM - self.at

    @property
    def fresh(self) -> bool:
        return not self.done[-1]

    def turn(self) -> None:
        self.done.append([])
        self.at = self.top

    def put(self, placed: Sequence[Placed]) -> None:
        self.done[-1].extend(placed)
        self.at = max((p.top + p.height for p in placed), default=self.at) + GAP


def arrange(items: Sequence[Item], first: float, top: float) -> list[list[Placed]]:
    """Return the slides: what stands on each, from `first` millimetres on the first and `top` on the others."""
    pages = _Pages(first, top)
    runs = list(_runs(items))
    for number, run in enumerate(runs):
        if len(run) == 1:
            _whole(pages, run[0], _wish(runs[number + 1 :]))
        elif _is_gallery(run):
            _gallery(pages, run, _wish(runs[number + 1 :]))
        else:
            _columns(pages, run)
    return [page for page in pages.done if page] or [[]]


def _runs(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield neighbours that can stand in columns together, and everything else alone."""
    run: list[Item] = []
    rest = list(items)
    while rest:
        alike = _alike(rest)
        if not run and alike >= _GALLERY:
            yield rest[:alike]
            rest = rest[alike:]
            continue
        item = rest.pop(0)
        if is_narrow(item):
            run.append(item)
            continue
        if run:
            yield run
        run = []
        yield [item]
    if run:
        yield run


def _alike(items: Sequence[Item]) -> int:
    """Return how many narrow charts of the same kind stand at the beginning."""
    kinds = [type(item.chart) if isinstance(item, Picture) and is_narrow(item) else None for item in items]
    return next((n for n, kind in enumerate(kinds) if kind is None or kind is not kinds[0]), len(kinds))


def _is_gallery(run: Sequence[Item]) -> bool:
    return len(run) >= _GALLERY and _alike(run) == len(run)


def _wish(runs: Sequence[Sequence[Item]]) -> float:
    """Return how much room the next block would like to have on the same slide; 0 where it cannot share it."""
    if not runs:
        return 0.0
    following = runs[0]
    high = measuring.heights(following[0], FULL)[0] if len(following) == 1 else _LEAST_REST
    return high + GAP


def is_narrow(item: Item) -> bool:
    """Tell whether a block can stand in half the width of a slide."""
    half = (FULL - GUTTER) / 2
    match item:
        case Table():
            if len(item.columns) > 7 or not _words_fit(item, half):
                return False
            return measuring.table_height(item, half) <= BOTTOM - _FIRST
        case Picture():
            chart = item.chart
            if isinstance(chart, Multiples):
                return False
            return not (isinstance(chart, Heatmap) and len(chart.columns) > 6)
        case Facts() | Listing() | Statement():
            return measuring.heights(item, half)[0] <= BOTTOM - _FIRST
        case _:
            return False


def _words_fit(table: Table, width: float) -> bool:
    """Tell whether no word or number of a table would have to be broken in this width."""
    return sum(word_widths(table)) <= width


def _whole(pages: _Pages, item: Item, wish: float = 0.0) -> None:
    """Put a block over the whole width, on as many slides as it needs; a chart leaves `wish` to what follows it."""
    rest: Item | None = item
    while rest is not None:
        least, best = measuring.heights(rest, FULL)
        if least <= pages.room + _ROUNDING:
            generous = pages.room - wish if least <= pages.room - wish else pages.room
            pages.put([Placed(rest, LEFT, pages.at, FULL, min(best, generous))])
            return
        parts = split(rest, FULL, pages.room) if pages.fresh or _begins(rest, least, pages) else None
        if parts is None:
            if pages.fresh:
                pages.put([Placed(rest, LEFT, pages.at, FULL, pages.room)])  # pressed into the slide: a chart shrinks
                return
            pages.turn()
            continue
        pages.put([Placed(parts[0], LEFT, pages.at, FULL, pages.room)])
        pages.turn()
        rest = parts[1]


def _begins(item: Item, least: float, pages: _Pages) -> bool:
    """Tell whether a block that is too high begins at the foot of a slide: never a chart that fits on the next one."""
    whole = isinstance(item, Picture) and least <= BOTTOM - pages.top
    return pages.room >= _LEAST_REST and not whole


def _across(run: Sequence[Item]) -> int:
    """Return how many charts stand side by side: evenly in rows, fewer where narrow ones would be too high."""
    down = -(-len(run) // 4)
    across = -(-len(run) // down)
    while across > 1:
        width = (FULL - GUTTER * (across - 1)) / across
        if max(measuring.heights(item, width)[0] for item in run) <= BOTTOM - _FIRST:
            break
        across -= 1
    return across


def _gallery(pages: _Pages, run: Sequence[Item], wish: float) -> None:
    """Put charts of one kind side by side, at most four in a row; they leave `wish` to what follows them."""
    across = _across(run)
    width = (FULL - GUTTER * (across - 1)) / across
    for start in range(0, len(run), across):
        row = run[start : start + across]
        least, best = (max(found) for found in zip(*(measuring.heights(item, width) for item in row), strict=True))
        if least > pages.room and not pages.fresh:
            pages.turn()
        rows_left = -(-(len(run) - start) // across)
        generous = (pages.room - wish - GAP * (rows_left - 1)) / rows_left
        height = min(best, generous if least <= generous else max(least, min(pages.room, least)), pages.room)
        pages.put([Placed(item, LEFT + n * (width + GUTTER), pages.at, width, height) for n, item in enumerate(row)])


def _columns(pages: _Pages, run: Sequence[Item]) -> None:
    """Put blocks in two columns; over several slides where they do not fit on one."""
    waiting = list(run)
    while waiting:
        found = _fitted(waiting, pages) or (None if pages.fresh else _turned(waiting, pages))
        if found is not None:
            pages.put(found)
            return
        count = next((n for n in range(len(waiting) - 1, 1, -1) if _fitted(waiting[:n], pages)), 1)
        first, waiting = waiting[:count], waiting[count:]
        if count == 1:
            _whole(pages, first[0])
        else:
            needed = sum(measuring.heights(item, FULL)[0] + GAP for item in waiting)  # what follows, on the same slide
            pages.put(_fitted(first, pages, pages.room - needed) or _fitted(first, pages) or [])
        if waiting and pages.room < _LEAST_REST:
            pages.turn()


def _turned(waiting: Sequence[Item], pages: _Pages) -> list[Placed] | None:
    """Return the blocks in their places on the next slide, and turn to it, where all of them fit there."""
    ahead = _Pages(pages.top, pages.top)
    found = _fitted(waiting, ahead)
    if found is not None:
        pages.turn()
    return found


def _fitted(items: Sequence[Item], pages: _Pages, within: float | None = None) -> list[Placed] | None:
    """Return the blocks in two columns, evenly, if they fit into what is left of the slide, or `within` less."""
    room = pages.room if within is None else within
    best: tuple[float, list[Placed]] | None = None
    for fancy, share in enumerate(_SPLITS):
        left = (FULL - GUTTER) * share
        widths = (left, FULL - GUTTER - left)
        if any(isinstance(item, Table) and not _words_fit(item, min(widths)) for item in items):
            continue
        for cut in range(1, len(items)):
            sides = (items[:cut], items[cut:])
            highs = [_stacked(side, width) for side, width in zip(sides, widths, strict=True)]
            if max(highs) > room + _ROUNDING:
                continue
            cost = max(highs) + fancy * 3.0
            if best is None or cost < best[0] - 0.5:
                placed = _column(sides[0], LEFT, pages.at, widths[0], room)
                placed += _column(sides[1], LEFT + left + GUTTER, pages.at, widths[1], room)
                best = (cost, placed)
    return best[1] if best else None


def _stacked(items: Sequence[Item], width: float) -> float:
    return sum(measuring.heights(item, width)[0] for item in items) + GAP * (len(items) - 1)


def _column(items: Sequence[Item], left: float, top: float, width: float, room: float) -> list[Placed]:
    """Stack blocks; charts share the height that is left over, up to their best."""
    spare = room - _stacked(items, width)
    placed = []
    for item in items:
        least, best = measuring.heights(item, width)
        more = min(spare, best - least)
        spare -= more
        placed.append(Placed(item, left, top, width, least + more))
        top += least + more + GAP
    return placed
