"""How much room blocks take on a slide, in millimetres: an estimate without font files, a little on the safe side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.charts.lettering import ems, wrap
from app.charts.spec import Bars, Chart, DotPlot, Heatmap, Label, Multiples, Radar
from app.document.values import Facts, Listing, Picture, Sentence, Statement, Table, TableRow, Words
from app.exports.column_widths import CELL_SIDE, column_widths, safety, table_size, word_width
from app.exports.office_charts.dots import key_height as dots_key_height
from app.exports.office_charts.radar import radar_key_height
from app.exports.office_charts.rows import AXIS
from app.exports.office_charts.values import Room
from app.exports.office_look import NOTE, POINT, TABLE, TEXT, leading

GAP = 4.0  # between two blocks
FACT_NAME = 34.0  # width of a fact's name
_BEYOND = 400.0  # millimetres: no slide is as high
LINE_GAP = 0.8  # below a fact or sentence
CELL_TOP = 0.6  # margin of a cell
PANEL = 50.0  # the least width of one of many radars
_KEY = 9.0  # the key below a heatmap
_HEAT_ROW = 8.0  # the best height of a row of a heatmap


@dataclass(frozen=True, slots=True)
class Contents:
    """Lines of the contents: anchor, title, depth."""

    lines: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """The sentences of the message page, numbered from `first`, set in `size` points."""

    id: str
    sentences: tuple[Sentence, ...]
    first: int
    size: float


Item = Message | Statement | Picture | Table | Facts | Listing | Words | Contents


@lru_cache(maxsize=65_536)
def line_count(text: str, width: float, size: float) -> int:
    """Return how many lines a text takes in `width` millimetres; a word that is too long is broken."""
    limit = max(1.0, width / (size * POINT * safety(text)))
    return sum(max(1, -int(-ems(line) // limit)) for part in text.split("\n") for line in wrap(part, limit))


def text_height(text: str, width: float, size: float) -> float:
    """Return the height of a paragraph."""
    return line_count(text, width, size) * leading(size) * POINT


def notes_height(lines: Sequence[str], width: float) -> float:
    """Return the height of the notes under a chart or table: one paragraph."""
    return text_height("  ".join(lines), width, NOTE) + 1 if lines else 0.0


def title_height(title: str, width: float) -> float:
    """Return the height of a block's title with the air below it."""
    return text_height(title, width, TEXT) + 1 if title else 0.0


# tables


def row_height(row: TableRow, widths: Sequence[float], size: float) -> float:
    """Return the height of a row."""
    most = max(
        (
            sum(text_height(text, room - 2 * CELL_SIDE - (2.6 if inner else 0), size) for inner, text in paragraphs)
            for room, paragraphs in (
                (room, list(_paragraphs(cell))) for room, cell in zip(widths, row.cells, strict=True)
            )
        ),
        default=0.0,
    )
    return max(most, leading(size) * POINT) + 2 * CELL_TOP


def _paragraphs(cell: object) -> Iterable[tuple[bool, str]]:
    text, sign, lines = cell.text, cell.sign, cell.lines  # type: ignore[attr-defined]
    if text or sign or not lines:
        yield False, f"{text}{sign}"
    for line in lines:
        yield True, line.text


def head_height(table: Table, width: float) -> float:
    """Return the height of a table's head."""
    size = table_size(len(table.columns))
    widths = column_widths(table, width)
    heads = (text_height(c.title, room - 2 * CELL_SIDE, size) for c, room in zip(table.columns, widths, strict=True))
    return max(heads, default=0.0) + 2 * CELL_TOP


def table_height(table: Table, width: float) -> float:
    """Return the height of a table with title and notes; of one far beyond a slide, the least that it can be."""
    size = table_size(len(table.columns))
    least = len(table.rows) * (leading(size) * POINT + 2 * CELL_TOP)
    if least > _BEYOND:
        return least
    widths = column_widths(table, width)
    rows = sum(row_height(row, widths, size) for row in table.rows)
    frame = title_height(table.title, width) + head_height(table, width) + notes_height(table.notes, width)
    return frame + rows


# charts


def panel_grid(count: int, width: float) -> tuple[int, int]:
    """Return columns and rows of small radars in a width."""
    across = max(1, min(count, int(width // PANEL), 6))
    down = -(-count // across)
    return -(-count // down), down


def chart_heights(chart: Chart, width: float, *, keyed: bool = True) -> tuple[float, float]:
    """Return the least and the best height of a chart without title and notes; of a dot plot also without its key."""
    match chart:
        case Radar():
            key = radar_key_height(chart, Room(width, 0, TABLE))
            return min(58.0, width * 0.6) + key / 2, min(width * 0.7 + key, 118.0)
        case Multiples():
            down = panel_grid(len(chart.panels), width)[1]
            return down * 38.0, down * 58.0
        case Heatmap():
            head, lines = heatmap_heights(chart, width)
            least = head + sum(lines) + _KEY
            return least, least + sum(max(0.0, _HEAT_ROW - line) for line in lines)
        case DotPlot():
            lanes = max(1, len(chart.series))
            least = max(4.6, lanes * 1.3, _name_height(chart.rows, width))
            frame = AXIS + dots_key_height(chart, Room(width, 0, TABLE, keyed)) + 2
            return len(chart.rows) * least + frame, len(chart.rows) * max(12.0, lanes * 2.6) + frame
        case Bars():
            least = max(4.8, _name_height(chart.rows, width))
            return len(chart.rows) * least + 8, len(chart.rows) * max(8.5, least) + 9
        case _:
            rows = [chart.start, *(step.label for step in chart.steps), chart.end]
            least = max(4.4, _name_height(rows, width))
            return len(rows) * least + 4, len(rows) * max(8.0, least) + 6


def _name_height(rows: Sequence[Label], width: float) -> float:
    """Return how high a row is whose name takes the most lines beside a chart."""
    return max((text_height(label.name, width * 0.3, TABLE) for label in rows), default=0.0) + 0.6


def heatmap_size(columns: int) -> float:
    """Return the size of the letters of a heatmap: smaller where there are many columns."""
    return TABLE if columns <= 8 else TABLE - 1.5


def heatmap_widths(chart: Heatmap, width: float, widest: float = 32.0) -> tuple[float, float]:
    """Return how wide the names of a heatmap's rows are, and each column: names stand on one line where columns can
    spare the room."""
    size, columns = heatmap_size(len(chart.columns)) * POINT, max(1, len(chart.columns))
    needs = max((word_width(c.name) for c in chart.columns), default=0.0) * size + 1
    longest = max((ems(row.name) * safety(row.name) for row in chart.rows), default=0.0) * size + 2.4
    spare = width - columns * min(widest, max(15.0, needs))
    names = min(longest, max(spare, width * 0.24))
    return names, min(widest, (width - names) / columns)


def heatmap_heights(chart: Heatmap, width: float, widest: float = 32.0) -> tuple[float, list[float]]:
    """Return the least height of a heatmap's head and of every row."""
    size = heatmap_size(len(chart.columns))
    names, wide = heatmap_widths(chart, width, widest)
    head = max((text_height(column.name, wide - 1, size) for column in chart.columns), default=5) + 1.5
    return head, [text_height(row.name, names - 1.2, size) + 0.5 for row in chart.rows]


def picture_frame(block: Picture, width: float) -> float:
    """Return the height of the title and notes of a picture."""
    caption = block.chart.caption
    return title_height(caption.title, width) + notes_height(caption.lines, width)


# everything


def heights(item: Item, width: float) -> tuple[float, float]:
    """Return the least and the best height of a block."""
    if isinstance(item, Picture):
        frame = picture_frame(item, width)
        least, best = chart_heights(item.chart, width)
        return frame + least, frame + best
    found = _fixed(item, width)
    return found, found


def _fixed(item: Item, width: float) -> float:  # noqa: PLR0911 - one per kind
    match item:
        case Table():
            return table_height(item, width)
        case Facts():
            return title_height(item.title, width) + sum(fact_height(f.name, f.value, width) for f in item.items)
        case Listing():
            pairs = ((name, listed(items)) for name, items in item.groups)
            return title_height(item.title, width) + sum(fact_height(name, text, width) for name, text in pairs)
        case Statement():
            return title_height(item.title, width) + sum(sentence_height(s, width) for s in item.sentences)
        case Message():
            return sum(message_height(s, width, item.size) for s in item.sentences)
        case Words():
            return text_height(item.text, width, TEXT) + 1
        case Contents():
            return sum(contents_line_height(title, depth, width) for _anchor, title, depth in item.lines)
        case _:
            raise TypeError(type(item).__name__)


CONTENTS_NUMBER, CONTENTS_INDENT, CONTENTS_AIR = 12.0, 5.0, 0.3


def contents_line_height(title: str, depth: int, width: float) -> float:
    """Return the height of a line of the contents; its number stands on the right."""
    inner = width - CONTENTS_NUMBER - CELL_SIDE - (CONTENTS_INDENT if depth > 1 else 0)
    return text_height(title, inner, TABLE) + 2 * CONTENTS_AIR


MESSAGE_SHARES = (0.04, 0.14, 0.73, 0.09)  # ordinal, label, sentence, references
MESSAGE_AIR = 2.0


def message_height(sentence: Sentence, width: float, size: float) -> float:
    """Return the height of a sentence on the message page, with its label and references beside it."""
    widths = [width * share - 2 * CELL_SIDE for share in MESSAGE_SHARES]
    label = text_height(sentence.label, widths[1], size)
    references = len(sentence.evidence) * leading(NOTE) * POINT
    return max(label, text_height(sentence.text, widths[2], size), references) + 2 * MESSAGE_AIR


def listed(items: Sequence[str]) -> str:
    """Return short items as one line."""
    return " · ".join(items)


def fact_height(name: str, value: str, width: float) -> float:
    """Return the height of a named fact: its name on the left, what is said of it on the right."""
    left = fact_name_width(width)
    inner = 2 * CELL_SIDE
    high = max(text_height(name, left - inner, TABLE), text_height(value, width - left - inner, TABLE))
    return high + 2 * CELL_TOP


def fact_name_width(width: float) -> float:
    """Return the width of the names of facts."""
    return min(FACT_NAME, width * 0.32)


def sentence_height(sentence: Sentence, width: float, size: float = TEXT) -> float:
    """Return the height of a sentence as a paragraph of its own, its label before it."""
    label = f"{sentence.label}  " if sentence.label else ""
    return text_height(label + sentence.text, width, size) + LINE_GAP
