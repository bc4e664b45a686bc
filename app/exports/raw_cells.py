"""Cells of a workbook that was brought back: what each holds, whatever Excel made of it. Judges nothing."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.exports.escaping import escaped

_ESCAPE = re.compile("_x(00[01][0-9A-Fa-f]|005[Ff])_")  # what Excel escapes: control characters, and its own escapes

# what a damaged or hostile workbook makes openpyxl and its XML reader raise
UNREADABLE = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    SyntaxError,
    OverflowError,
    AssertionError,
    RecursionError,
    zipfile.BadZipFile,
    OSError,
)


def column_letter(number: int) -> str:
    """Return the letters of a column, the first being 1: A, Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def holds(cell: RawCell, text: str) -> bool:
    """Tell whether a cell holds this text, however it was stored: openpyxl undoes escapes in shared texts alone."""
    written = escaped(text)
    known = {form.strip() for form in (text, written, written.replace("x005F_", ""))}
    return cell.kind is RawKind.TEXT and (cell.literal.strip() in known or cell.text.strip() == text.strip())


class RawKind(StrEnum):
    """What a cell holds."""

    EMPTY = "empty"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    FORMULA = "formula"
    BOOLEAN = "boolean"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell: its place (`1 Customer Insight!H5`), what it holds, its text, its number if it is one.

    `literal` is the text before escapes were undone: openpyxl has undone some already, depending on how it was stored.
    """

    place: str
    kind: RawKind
    text: str = ""
    number: Fraction | None = None
    literal: str = ""


def raw_cell(place: str, cell: Any) -> RawCell:
    """Return what a cell of a workbook holds; `place` is sheet and cell (`1 Customer Insight!H5`)."""
    value = cell.value
    if value is None:
        return RawCell(place, RawKind.EMPTY)
    kind = getattr(cell, "data_type", "n")
    if kind in ("f", "e"):
        return RawCell(place, RawKind.FORMULA if kind == "f" else RawKind.ERROR, str(getattr(value, "text", value)))
    if isinstance(value, datetime | date | time | timedelta):
        return RawCell(place, RawKind.DATE, value.date().isoformat() if isinstance(value, datetime) else str(value))
    if isinstance(value, bool):
        return RawCell(place, RawKind.BOOLEAN, "TRUE" if value else "FALSE")
    return _number(place, value) if isinstance(value, int | float) else raw_text(place, str(value))


def raw_text(place: str, value: str) -> RawCell:
    """Return a text as a cell, Excel's escapes undone."""
    text = _plain(_ESCAPE.sub(lambda found: chr(int(found[1], 16)), value))
    return RawCell(place, RawKind.TEXT if value.strip() else RawKind.EMPTY, text, literal=_plain(value))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _number(place: str, value: float) -> RawCell:
    written = repr(value)
    try:
        number = Fraction(written)
    except ValueError:  # nan, inf
        return RawCell(place, RawKind.ERROR, written)
    return RawCell(place, RawKind.NUMBER, written.removesuffix(".0"), number)
