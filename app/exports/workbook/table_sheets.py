"""A table of the report on a sheet of its own: its heads, its figures as numbers, its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.charts.spec import Standing
from app.exports.cell_text import words_of
from app.exports.workbook.front import heading
from app.exports.workbook.pages import NARROWEST, WIDEST, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.document.values import Align, Cell, Table, TableColumn, TableRow
    from app.exports.sequence import Part
    from app.exports.workbook.pages import Page

HATCHED = 16  # Excel's thin reverse diagonal stripes: how a withheld score is printed
_NARROW_HEAD = 16
_BOLD = 0.9  # of a width that bold letters leave
_TITLE = 1.5  # how much wider than a plain one a letter of a sheet's title is
_READABLE = 80  # characters that a paragraph may take
USUAL = 8.43  # width of a column that nobody set
_ALIGNED: dict[Align, str] = {"text": "left", "number": "right", "state": "left"}


def write_table(page: Page, part: Part, contents: str) -> None:
    """Write one table of the document, below its title and what its section says."""
    table, widths = part.table, widths_of(part.table)
    head = put_opening(page, part, contents, widths)
    put_notes(page, table, put_table(page, table, head, widths), widths)
    page.sheet.freeze_panes(head + 1, 1 if len(widths) > 2 else 0)
    page.sheet.repeat_rows(head)
    if table.rows and all(one.kind == "plain" for one in table.rows):
        page.sheet.autofilter(head, 0, head + len(table.rows), len(widths) - 1)


def put_opening(page: Page, part: Part, contents: str, widths: Sequence[int]) -> int:
    """Set the columns and write title, place in the report and what the section says; return the row of the heads."""
    section = part.section
    titled = part.table.title or section.title
    above = " · ".join(dict.fromkeys(t for t in (part.top.title, section.title) if t != titled))
    heading(page, titled, contents)
    for column, wide in enumerate(widths):
        page.sheet.set_column(column, column, wide)
    last, width = reach(widths)
    if width_of(titled) * _TITLE > width:
        page.paragraph(0, titled, last=last, width=width * _BOLD, bold=True, font_size=14)
    row = 2
    if above:
        page.put(row, 0, above, **page.styles.aside)
        row += 1
    for text in (section.headline.text if section.headline else "", section.text.text if section.text else ""):
        if text:
            page.paragraph(row, text, last=last, width=width)
            row += 1
    return row + 1


def put_notes(page: Page, table: Table, row: int, widths: Sequence[int]) -> int:
    """Write the notes of a table below it; return the row after the last."""
    last, width = reach(widths)
    for note in table.notes:
        page.paragraph(row, note, last=last, width=width, **page.styles.aside)
        row += 1
    return row


def reach(widths: Sequence[int]) -> tuple[int, float]:
    """Return the last column that a paragraph takes, and its width: a narrow table's go on to its right."""
    last, width = len(widths) - 1, float(sum(widths))
    while width < _READABLE:
        last, width = last + 1, width + USUAL
    return last, width


def put_table(page: Page, table: Table, row: int, widths: Sequence[int]) -> int:
    """Write heads and rows from a row on, as high as they need; return the row after the last."""
    heads = [one.title + (f"\n{one.note}" if one.note else "") for one in table.columns]
    page.fit(row, zip(heads, (width * _BOLD for width in widths), strict=False))
    for place, (head, one) in enumerate(zip(heads, table.columns, strict=True)):
        page.put(row, place, head, **page.styles.head | _aligned(one, place))
    for line in table.rows:
        row += 1
        page.fit(row, zip(map(words_of, line.cells), widths, strict=False))
        for place, (cell, one) in enumerate(zip(line.cells, table.columns, strict=True)):
            page.figure(row, place, cell, **_look(page, line, cell), **_aligned(one, place))
    return row + 1


def _aligned(column: TableColumn, place: int) -> dict[str, object]:
    """Return how a column is aligned; each keeps a distance from the one before it."""
    align = _ALIGNED[column.align]
    return {"align": align} | ({"indent": 1} if place or align == "right" else {})


def _look(page: Page, row: TableRow, cell: Cell) -> dict[str, Any]:
    look: dict[str, Any] = page.styles.line | {"text_wrap": True}
    if row.kind == "total":
        look |= {"bold": True, "top": 1, "top_color": page.styles.colours.muted}
    if row.kind == "heading":
        look |= {"top": 1, "top_color": page.styles.colours.muted}
    if cell.standing is Standing.WITHHELD:
        look |= {"pattern": HATCHED, "fg_color": page.styles.colours.hairline, "bg_color": "#ffffff"}
    return look


def widths_of(table: Table) -> list[int]:
    """Return how wide each column should be: as its longest cell, within bounds; long texts wrap."""
    widths = []
    for place, column in enumerate(table.columns):
        texts = [
            text
            for row in table.rows
            for text in (row.cells[place].text + row.cells[place].sign, *(line.text for line in row.cells[place].lines))
        ]
        longest = max(map(width_of, texts), default=0)
        head = min(width_of(column.title), max(_NARROW_HEAD, longest))
        widths.append(min(max(longest + 3, head + 4, NARROWEST), WIDEST))
    return widths
