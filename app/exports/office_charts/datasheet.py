"""The figures of a chart: a workbook of columns, and the same columns as references with their cached values.

Figures are written as numbers and texts as texts; nothing that somebody typed becomes a formula or a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from app.exports.escaping import escaped
from app.exports.xml_text import allowed, content

SHEET = "data"
_LONGEST_CELL = 32_000
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

Figures = Sequence[Fraction | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its letter, its head and its values."""

    letter: str
    title: str
    values: Sequence[Fraction | str | None]

    @property
    def _range(self) -> str:
        return f"{SHEET}!${self.letter}$2:${self.letter}${len(self.values) + 1}"

    @property
    def name(self) -> str:
        """The head, as a series refers to it."""
        return (
            f"<c:tx><c:strRef><c:f>{SHEET}!${self.letter}$1</c:f><c:strCache><c:ptCount val='1'/>"
            f"<c:pt idx='0'><c:v>{content(self.title)}</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        )

    @property
    def texts(self) -> str:
        """The values as texts, as categories refer to them."""
        points = "".join(
            f"<c:pt idx='{place}'><c:v>{content(str(value))}</c:v></c:pt>" for place, value in enumerate(self.values)
        )
        count = f"<c:ptCount val='{len(self.values)}'/>"
        return f"<c:strRef><c:f>{self._range}</c:f><c:strCache>{count}{points}</c:strCache></c:strRef>"

    def numbers(self, code: str = "General") -> str:
        """The values as numbers; what is missing is left out."""
        points = "".join(
            f"<c:pt idx='{place}'><c:v>{float(value)!r}</c:v></c:pt>"
            for place, value in enumerate(self.values)
            if isinstance(value, Fraction)
        )
        cache = f"<c:formatCode>{code}</c:formatCode><c:ptCount val='{len(self.values)}'/>{points}"
        return f"<c:numRef><c:f>{self._range}</c:f><c:numCache>{cache}</c:numCache></c:numRef>"


class Datasheet:
    """Collects the columns of a chart and writes them as a workbook."""

    def __init__(self) -> None:
        self._columns: list[Column] = []

    def column(self, title: str, values: Sequence[Fraction | str | None]) -> Column:
        """Add a column."""
        found = Column(xl_col_to_name(len(self._columns)), allowed(title), tuple(values))
        self._columns.append(found)
        return found

    def workbook(self) -> bytes:
        """Return the workbook."""
        file = BytesIO()
        book = Workbook(file, _PLAIN)
        sheet = book.add_worksheet(SHEET)
        for place, column in enumerate(self._columns):
            _write_text(sheet, 0, place, column.title)
            for row, value in enumerate(column.values, start=1):
                if isinstance(value, Fraction):
                    sheet.write_number(row, place, float(value))
                elif value is not None:
                    _write_text(sheet, row, place, value)
        book.close()
        return file.getvalue()


def _write_text(sheet: object, row: int, place: int, text: str) -> None:
    if text:
        sheet.write_string(row, place, escaped(allowed(text))[:_LONGEST_CELL])  # type: ignore[attr-defined]
