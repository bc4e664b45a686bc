"""Blocks that are longer than a slide, cut where a reader can go on: between rows, sentences, facts; a row that is
longer than a slide, between its lines. Nothing is lost and nothing is said twice but heads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from app.charts.lettering import ems, wrap
from app.charts.spec import Bars, Chart, DotPlot, Heatmap, Multiples
from app.document.values import Cell, Facts, Listing, Picture, Statement, Table, TableRow, Words
from app.exports import measuring
from app.exports.column_widths import CELL_SIDE, column_widths, safety, table_size
from app.exports.measuring import CELL_TOP, Contents, Item, Message
from app.exports.office_look import POINT, TABLE, TEXT, leading

T = TypeVar("T", Facts, Listing, Statement, Contents, Message)

_REST_ROWS = 3  # of a table that ends on the next slide, at least
_FEWEST_ROWS = 2  # of a table that begins at the foot of a slide
_ROW = 4.6  # millimetres: a row of a chart below this cannot be read


def split(item: Item, width: float, room: float) -> tuple[Item, Item] | None:  # noqa: PLR0911 - one per kind
    """Return what fits into `room` millimetres and the rest; None where nothing sensible fits."""
    match item:
        case Table():
            return _table(item, width, room)
        case Facts():
            count = _fitting(
                [measuring.fact_height(f.name, f.value, width) for f in item.items], room - _top(item, width)
            )
            return _halves(item, "items", count) or _long_fact(item, width, room)
        case Listing():
            pairs = [measuring.fact_height(name, measuring.listed(items), width) for name, items in item.groups]
            return _halves(item, "groups", _fitting(pairs, room - _top(item, width)))
        case Statement():
            told = [measuring.sentence_height(s, width) for s in item.sentences]
            return _halves(item, "sentences", _fitting(told, room - _top(item, width)))
        case Message():
            count = _fitting([measuring.message_height(s, width, item.size) for s in item.sentences], room)
            halves = _halves(item, "sentences", count)
            return (halves[0], replace(halves[1], first=item.first + count)) if halves else None
        case Contents():
            lines = [measuring.contents_line_height(title, depth, width) for _anchor, title, depth in item.lines]
            return _halves(item, "lines", _fitting(lines, room))
        case Words():
            parts = cut_text(item.text, width, TEXT, room)
            return (Words(parts[0], item.language), Words(parts[1], item.language)) if parts else None
        case Picture():
            return _picture(item, width, room)


def _top(item: Facts | Listing | Statement, width: float) -> float:
    return measuring.title_height(item.title, width)


def _fitting(heights: Iterable[float], room: float) -> int:
    """Return how many heights fit below each other; asks for no more than it needs."""
    used, count = 0.0, -1
    for count, height in enumerate(heights):
        used += height
        if used > room:
            return count
    return count + 1


def _halves(item: T, name: str, count: int) -> tuple[T, T] | None:
    whole = getattr(item, name)
    if not 0 < count < len(whole):
        return None
    return replace(item, **{name: whole[:count]}), replace(item, **{name: whole[count:]})


def _long_fact(item: Facts, width: float, room: float) -> tuple[Facts, Facts] | None:
    """Cut the first fact, where it alone is longer than the room."""
    if not item.items or room < 60:
        return None
    first = item.items[0]
    inner = width - measuring.fact_name_width(width) - 2 * CELL_SIDE
    parts = cut_text(first.value, inner, TABLE, room - _top(item, width) - 2 * CELL_TOP)
    if parts is None:
        return None
    rest = (replace(first, value=parts[1]), *item.items[1:])
    return replace(item, items=(replace(first, value=parts[0]),)), replace(item, items=rest)


def cut_text(text: str, width: float, size: float, room: float) -> tuple[str, str] | None:
    """Cut a text after the last line that fits; None if it fits whole or not at all."""
    most = int(room / (leading(size) * POINT))
    if most < 1 or measuring.line_count(text, width, size) <= most:
        return None
    low, high = 1, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if measuring.line_count(text[:middle], width, size) <= most:
            low = middle
        else:
            high = middle - 1
    limit = width / (size * POINT * safety(text))
    line = wrap(text[:low], limit)[-1]
    at = low - len(line) if ems(line) < limit * 0.9 and text[low : low + 1].isalnum() and len(line) < low else low
    return text[:at], text[at:]


# tables


def _table(item: Table, width: float, room: float) -> tuple[Table, Table] | None:
    size, widths = table_size(len(item.columns)), column_widths(item, width)
    left = room - measuring.title_height(item.title, width) - measuring.head_height(item, width)
    count = _fitting((measuring.row_height(row, widths, size) for row in item.rows), left)
    if len(item.rows) - count < _REST_ROWS < count - 1:  # also where only the notes have no room
        count = len(item.rows) - _REST_ROWS
    while count > 1 and item.rows[count - 1].kind == "heading":
        count -= 1
    if count >= min(_FEWEST_ROWS, len(item.rows)) and count < len(item.rows):
        return _parted(item, item.rows[:count], item.rows[count:])
    if count == 0 and item.rows and left > 60:
        parts = cut_row(item.rows[0], widths, size, left)
        if parts is not None:
            return _parted(item, (parts[0],), (parts[1], *item.rows[1:]))
    return None


def _parted(item: Table, first: tuple[TableRow, ...], rest: tuple[TableRow, ...]) -> tuple[Table, Table]:
    return replace(item, rows=first, notes=()), replace(item, rows=rest)


def cut_row(row: TableRow, widths: Sequence[float], size: float, room: float) -> tuple[TableRow, TableRow] | None:
    """Cut a row that is longer than a slide between the lines of its cells; None if that is not needed."""
    halves = [_cut_cell(cell, at, size, room) for cell, at in zip(row.cells, widths, strict=True)]
    if all(rest == Cell() for _first, rest in halves):
        return None
    return replace(row, cells=tuple(h[0] for h in halves)), replace(row, cells=tuple(h[1] for h in halves))


def _cut_cell(cell: Cell, width: float, size: float, room: float) -> tuple[Cell, Cell]:
    inner, left = width - 2 * CELL_SIDE, room - 2 * CELL_TOP
    parts = cut_text(cell.text, inner, size, left)
    if parts is not None:
        return replace(cell, text=parts[0], lines=()), Cell(text=parts[1], language=cell.language, lines=cell.lines)
    left -= measuring.text_height(cell.text, inner, size) if cell.text else 0.0
    for number, line in enumerate(cell.lines):
        high = measuring.text_height(line.text, inner - 2.6, size)
        if high > left:
            cut = cut_text(line.text, inner - 2.6, size, left)
            kept, rest = ((Words(cut[0], line.language),), (Words(cut[1], line.language),)) if cut else ((), (line,))
            first = replace(cell, lines=(*cell.lines[:number], *kept))
            return first, Cell(language=cell.language, lines=(*rest, *cell.lines[number + 1 :]))
        left -= high
    return cell, Cell()


# charts


def _picture(item: Picture, width: float, room: float) -> tuple[Picture, Picture] | None:
    """Cut a chart of too many rows or panels in two."""
    left = room - measuring.picture_frame(item, width)
    chart = item.chart
    parts: tuple[Chart, Chart] | None = None
    match chart:
        case Multiples():
            across, _down = measuring.panel_grid(len(chart.panels), width)
            count = across * int(left / 38.0)
            parts = (
                (replace(chart, panels=chart.panels[:count]), replace(chart, panels=chart.panels[count:]))
                if 0 < count < len(chart.panels)
                else None
            )
        case Heatmap() | DotPlot() | Bars():
            count = int((left - 16) / _ROW)
            parts = (
                (_rows(chart, slice(None, count)), _rows(chart, slice(count, None)))
                if 0 < count < len(chart.rows)
                else None
            )
        case _:
            pass
    return (replace(item, chart=parts[0]), replace(item, chart=parts[1])) if parts else None


def _rows(chart: Heatmap | DotPlot | Bars, part: slice) -> Chart:
    match chart:
        case Heatmap():
            return replace(chart, rows=chart.rows[part], cells=chart.cells[part])
        case DotPlot():
            series = tuple(replace(found, marks=found.marks[part]) for found in chart.series)
            return replace(chart, rows=chart.rows[part], series=series, bands=chart.bands[part])
        case Bars():
            return replace(chart, rows=chart.rows[part], marks=chart.marks[part], references=chart.references[part])
