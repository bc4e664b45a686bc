"""How wide the columns of a table are, in millimetres: no word broken, few second lines, air between figures.

An estimate without font files: where a font is missing, another takes its place, and Latin ones differ the most.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from app.charts.lettering import ems
from app.document.values import Table
from app.exports.office_look import POINT, TABLE

CELL_SIDE = 1.2  # margin of a cell
CHINESE, LATIN, _WORD = 1.05, 1.08, 1.05  # by how much lines may be wider than estimated; single words still more
_ADDED = 0.3  # ems by which signs of arithmetic may be wider than a digit
_AIRY, _WIDEST_LINE = 1.25, 0.4  # a column of numbers keeps air; a cell of words stands on one line up to a share
_SIGN = 0.5  # ems that a column of numbers keeps for signs
_BOLD = 1.12  # how much wider bold letters are
_ROWS_READ = 200  # of a long table, to find its longest words


@lru_cache(maxsize=65_536)
def safety(text: str) -> float:
    """Return by how much a text may be wider than estimated, as its letters are Chinese or Latin."""
    wide = sum(1 for letter in text if letter >= "\u2e80")
    whole = ems(text)
    return LATIN + (CHINESE - LATIN) * wide / whole if whole else LATIN


def table_size(columns: int) -> float:
    """Return the size of the letters of a table: smaller where there are many columns."""
    return TABLE if columns <= 9 else TABLE - 1 if columns <= 14 else TABLE - 2


def column_widths(table: Table, width: float) -> tuple[float, ...]:
    """Return the widths of columns: by their shares, but none narrower than its longest word as long as others can."""
    total = sum(column.share for column in table.columns) or 1.0
    needs = word_widths(table)
    shares = _balanced([width * column.share / total for column in table.columns], needs, needs)
    figures = [column.align == "number" for column in table.columns]
    least = [need * _AIRY if number else share for need, share, number in zip(needs, shares, figures, strict=True)]
    lines = _line_widths(table, width * _WIDEST_LINE)
    wishes = [share if number else line for line, share, number in zip(lines, shares, figures, strict=True)]
    return tuple(_balanced(shares, least, wishes))


def _balanced(shares: Sequence[float], least: Sequence[float], wishes: Sequence[float]) -> list[float]:
    """Return widths: columns narrower than they wish take from those that are wider than their least."""
    asked = [max(0.0, wish - share) for wish, share in zip(wishes, shares, strict=True)]
    spare = [0.0 if want else max(0.0, share - low) for want, share, low in zip(asked, shares, least, strict=True)]
    moved = min(sum(asked), sum(spare))
    if not moved:
        return list(shares)
    more, less = moved / sum(asked), moved / sum(spare)
    return [share + want * more - give * less for share, want, give in zip(shares, asked, spare, strict=True)]


def _line_widths(table: Table, most: float) -> list[float]:
    """Return the width of every column in which no cell of words takes a second line; `most` where that is too wide."""
    size = table_size(len(table.columns)) * POINT
    found = []
    for place in range(len(table.columns)):
        cells = {(row.cells[place].text, row.kind) for row in table.rows[:_ROWS_READ]}
        longest = max((ems(text) * safety(text) * (1 if kind == "plain" else _BOLD) for text, kind in cells), default=0)
        found.append(min(most, longest * size + 2 * CELL_SIDE))
    return found


def word_widths(table: Table) -> tuple[float, ...]:
    """Return the least width of every column in which no word or number of it is broken."""
    size = table_size(len(table.columns)) * POINT
    found = []
    for place, column in enumerate(table.columns):
        cells = {(f"{row.cells[place].text}{row.cells[place].sign}", row.kind) for row in table.rows[:_ROWS_READ]}
        widest = max((word_width(text) * (1 if kind == "plain" else _BOLD) for text, kind in cells), default=0.0)
        signed = column.align == "number" and any(row.cells[place].sign for row in table.rows[:_ROWS_READ])
        widest = max(widest + (_SIGN if signed else 0), word_width(column.title))
        found.append(widest * size + 2 * CELL_SIDE)
    return tuple(found)


@lru_cache(maxsize=16_384)
def word_width(text: str) -> float:
    """Return the width of the longest stretch of a text that should not be broken, in ems."""
    return max((_unbroken(word) * safety(word) * _WORD for word in text.split()), default=0.0)


def _unbroken(word: str) -> float:
    whole = ems(word) + _ADDED * sum(word.count(sign) for sign in "+−")
    return whole if word.isascii() or "–" in word or "−" in word else min(whole, 4.0)
