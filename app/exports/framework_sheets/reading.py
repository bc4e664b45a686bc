""".xlsx -> the cells of a framework's workbook by sheet, row and column, each with its place. Judges no framework."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.exports.answer_reading import CHECKSUM
from app.exports.framework_sheets.layout import FORMAT, FORMAT_VERSION, SheetName
from app.exports.raw_cells import UNREADABLE, RawCell, RawKind, column_letter, raw_cell, raw_text
from app.exports.sheet_names import META
from app.exports.unpacking import BookRefused, check_archive, refuse

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_ROWS = 3_000
MOST_COLUMNS = 120
_LONGEST_META = 60
_HEAD_ROWS = 2


@dataclass(frozen=True, slots=True)
class RawLine:
    """One row of a sheet: its cells by the key of their column."""

    sheet: str
    number: int
    cells: Mapping[str, RawCell]

    def cell(self, column: str) -> RawCell:
        """Return a cell; an empty one where the column is gone."""
        return self.cells.get(column) or RawCell(f"{self.sheet}!A{self.number}", RawKind.EMPTY)


@dataclass(frozen=True, slots=True)
class RawFramework:
    """A workbook as it came back."""

    meta: Mapping[str, str]
    lines: Mapping[SheetName, tuple[RawLine, ...]]
    columns: Mapping[SheetName, Mapping[str, str]]


def read_framework_book(content: bytes) -> RawFramework:
    """Return the cells of an uploaded workbook. Raises BookRefused with every reason that was found."""
    from openpyxl import load_workbook

    check_archive(content)
    try:
        with warnings.catch_warnings():  # openpyxl warns of what it does not keep; nothing is kept here
            warnings.simplefilter("ignore")
            workbook = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            try:
                return _read(workbook)
            finally:
                workbook.close()
    except BookRefused:
        raise
    except UNREADABLE as error:
        raise refuse("S106", f"the workbook cannot be read: {type(error).__name__}") from error


def _read(workbook: Workbook) -> RawFramework:
    meta = _meta(workbook)
    told = {name: value for name, value in meta.items() if name != CHECKSUM}
    checksum = hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    if meta.get("format") != FORMAT or meta.get(CHECKSUM) != checksum:
        raise refuse("S108", "the hidden sheet that says what this book belongs to was changed", META)
    if meta.get("format_version") != FORMAT_VERSION:
        raise refuse("S109", "this book was made by another version", META)
    lines, columns = {}, {}
    for name in SheetName:
        title = meta.get(f"sheet.{name}", "")
        if title not in workbook.sheetnames:
            raise refuse("S113", f"the sheet {title!r} is missing", title, sheet=title)
        lines[name], columns[name] = _lines(workbook, title)
    return RawFramework(meta, lines, columns)


def _meta(workbook: Workbook) -> dict[str, str]:
    if META not in workbook.sheetnames:
        raise refuse("S107", "the hidden sheet that says what this book belongs to is missing", META)
    pairs = workbook[META].iter_rows(min_row=1, max_row=_LONGEST_META, max_col=2, values_only=True)
    return {str(name): raw_text("", str(value)).text for name, value in pairs if name is not None and value is not None}


def _lines(workbook: Workbook, title: str) -> tuple[tuple[RawLine, ...], dict[str, str]]:
    """Return every row that holds something, and the letter of every column; blank lines end nothing."""
    sheet: Any = workbook[title]
    keys: list[str] = []
    found = []
    for number, line in enumerate(sheet.iter_rows(min_row=1, max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS), start=1):
        cells = [raw_cell(f"{title}!{column_letter(place)}{number}", one) for place, one in enumerate(line, start=1)]
        if number == 1:
            keys = [cell.text.strip() for cell in cells]
            _check_keys(title, keys)
        elif number > MOST_ROWS:
            raise refuse("S117", f"more than {MOST_ROWS} rows", title, most=MOST_ROWS)
        elif number > _HEAD_ROWS and any(cell.kind is not RawKind.EMPTY for cell in cells):
            found.append(RawLine(title, number, {key: cell for key, cell in zip(keys, cells, strict=False) if key}))
    letters = {key: column_letter(place) for place, key in enumerate(keys, start=1) if key}
    return tuple(found), letters


def _check_keys(title: str, keys: list[str]) -> None:
    named = [key for key in keys if key]
    if not named or len(set(named)) != len(named):
        raise refuse("S115", "the hidden first row was changed", f"{title}!A1", column="1")
