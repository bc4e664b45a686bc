"""A workbook in the making: its sheets in order, and how texts, figures and links are put on them.

Knows XlsxWriter; every text is written as text, never read as a formula, a number or a link.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.charts.spec import Standing
from app.exports.cell_text import plain, reads_as_formula, words_of
from app.exports.workbook.number_formats import number_format
from app.exports.workbook.styles import Styles

if TYPE_CHECKING:
    from datetime import date

    from app.document.values import Cell, Document

NARROWEST, WIDEST = 8, 60
HIGHEST = 400.0  # points; Excel allows 409
_RAGGED = 1.08  # what lines lose at their ends, where words are kept whole
_FOOTER = 80  # characters of each part of a page's footer, which holds 255 in all
_QUIET = (Standing.OPEN, Standing.NOT_APPLICABLE, Standing.ABSENT)


class Book:
    """An open workbook. `places` maps an anchor of the document to the title of the sheet where it stands."""

    def __init__(self, document: Document, made_on: date, places: Mapping[str, str]) -> None:
        import xlsxwriter  # noqa: PLC0415 - only who writes a workbook waits for it

        self.document = document
        self.places = places
        self._file = BytesIO()
        self.workbook: Any = xlsxwriter.Workbook(
            self._file,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self.workbook.set_properties(
            {
                "title": plain(document.title, 255),
                "subject": plain(document.subtitle, 255),
                "author": plain(document.author, 255),
                "comments": plain(document.confidentiality, 255),
                "created": datetime(made_on.year, made_on.month, made_on.day),  # noqa: DTZ001 - a day has no zone
            }
        )
        self.styles = Styles(self.workbook, document.theme)

    def add(self, title: str, *, colour: str | None = None) -> Page:
        """Add a sheet, set up for print: landscape A4, as wide as one page, the report's words in its footer."""
        sheet = self.workbook.add_worksheet(title)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.hide_gridlines(2)
        sheet.set_footer(self._footer())
        if colour:
            sheet.set_tab_color(colour)
        return Page(self, sheet, title)

    def _footer(self) -> str:
        left, middle = (
            plain(text, _FOOTER).replace("\n", " ").replace("&", "&&")
            for text in (self.document.footer, self.document.foot)
        )
        return f"&L&8{_apart(left)}&C&8{_apart(middle)}&R&8&P / &N"

    def finished(self) -> bytes:
        """Close the workbook and return the file."""
        self.workbook.close()
        return self._file.getvalue()


def _apart(text: str) -> str:
    """Keep a leading digit from being read as part of the font size before it."""
    return f" {text}" if text[:1].isdigit() else text


class Page:
    """One sheet."""

    def __init__(self, book: Book, sheet: Any, title: str) -> None:
        self.book, self.sheet, self.title = book, sheet, title
        self.styles = book.styles

    def put(self, row: int, column: int, text: str, **look: object) -> None:
        """Write a text."""
        written = plain(text)
        if reads_as_formula(written):
            look["quote_prefix"] = True
        style = self.styles.of(**look)
        if written:
            self.sheet.write_string(row, column, written, style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def figure(self, row: int, column: int, cell: Cell, **look: object) -> None:
        """Write a cell of the document: a number that shows as it is printed, else its words."""
        printed = cell.text + cell.sign
        if cell.value is not None and not cell.lines:
            shown = number_format(cell.value, printed)
            if shown is not None and self.styles.allows(shown):
                style = self.styles.of(num_format=shown, **look)
                self.sheet.write_number(row, column, float(cell.value), style)
                return
        if cell.standing in _QUIET:
            look["font_color"] = self.styles.colours.muted
        text = words_of(cell)
        target = self.book.places.get(cell.target) if cell.target else None
        if target and target != self.title and text:
            self.link(row, column, text, target, **look)
        else:
            self.put(row, column, text, **look)

    def link(self, row: int, column: int, text: str, sheet: str, **look: object) -> None:
        """Write a text that leads to another sheet of this workbook."""
        written = plain(text)
        look |= {"font_color": self.styles.colours.accent}
        if reads_as_formula(written):
            look["quote_prefix"] = True
        quoted = sheet.replace("'", "''")
        self.sheet.write_url(row, column, f"internal:'{quoted}'!A1", self.styles.of(**look), written)

    def paragraph(self, row: int, text: str, *, last: int, width: float, **look: object) -> None:
        """Write a text over the columns up to `last`, `width` characters wide together, as high as it needs."""
        look |= {"text_wrap": True}
        if last > 0:
            self.sheet.merge_range(row, 0, row, last, "", self.styles.of(**look))
        self.put(row, 0, text, **look)
        size = look.get("font_size", 10)
        points = float(size) if isinstance(size, (int, float)) else 10.0
        self.sheet.set_row(row, min(lines_of(text, width * 10 / points) * points * 1.5 + 3, HIGHEST))

    def fit(self, row: int, texts: Iterable[tuple[str, float]], *, points: float = 10) -> None:
        """Make a row as high as its texts need in columns of these widths; a single line keeps the usual height."""
        lines = max((lines_of(text, width) for text, width in texts), default=1)
        if lines > 1:
            self.sheet.set_row(row, min(lines * points * 1.5 + 2, HIGHEST))


def width_of(text: str) -> int:
    """Return how many narrow characters wide the longest line of a text is; a Chinese character counts twice."""
    return max((_width(line) for line in text.split("\n")), default=0)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a cell of that width."""
    return sum(_lines(_width(line), max(1, int(width))) for line in text.split("\n"))


def _lines(text: int, width: int) -> int:
    return 1 if text <= width else -(-round(text * _RAGGED) // width)
