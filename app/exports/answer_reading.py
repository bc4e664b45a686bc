""".xlsx -> the cells of a book of answers, each with its place. Knows openpyxl; judges the book, never an answer.

What makes the whole file unusable is refused here, with the cell: no workbook of ours, another interview's (the caller
knows), changed heads, hidden columns gone, an element twice.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.core.errors import Fault
from app.core.text import Locale
from app.document.guide.book import COLUMNS, ELEMENT, HIDDEN, PART, RowKind, headers
from app.exports.raw_cells import UNREADABLE, RawCell, RawKind, column_letter, raw_cell, raw_text
from app.exports.sheet_names import INSTRUCTIONS, LISTS, META
from app.exports.unpacking import BookRefused, check_archive, fault, refuse
from app.i18n import as_locale

if TYPE_CHECKING:
    from openpyxl import Workbook

FORMAT, FORMAT_VERSION = "crm-maturity-interview-sheet", "1"
CHECKSUM = "checksum"
MOST_ROWS = 5_000
MOST_COLUMNS = len(COLUMNS) + 8  # beyond the table: whatever stands there is said, never dropped in silence
LONGEST_META = 100


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row of a sheet, its cells by column. `beyond` are cells right of the table that hold something."""

    sheet: str
    number: int
    cells: Mapping[str, RawCell]
    beyond: tuple[RawCell, ...] = ()

    @property
    def place(self) -> str:
        """The place of the row."""
        return self.cells[ELEMENT].place

    @property
    def key(self) -> tuple[str, str]:
        """Element and part, as the hidden columns say."""
        return self.cells[ELEMENT].text.strip(), self.cells[PART].text.strip()


@dataclass(frozen=True, slots=True)
class RawBook:
    """A book as it came back. `strange` names sheets that are not ours; they were not read."""

    meta: Mapping[str, str]
    locale: Locale
    rows: tuple[RawRow, ...]
    strange: tuple[str, ...]


def sealed(meta: Mapping[str, str]) -> dict[str, str]:
    """Return what a book says of itself, with a checksum over it that shows slips (it is no signature)."""
    return {**meta, CHECKSUM: _checksum(meta)}


def _checksum(meta: Mapping[str, str]) -> str:
    told = {name: value for name, value in meta.items() if name != CHECKSUM}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_book(content: bytes) -> RawBook:
    """Return the cells of an uploaded workbook. Raises BookRefused with every reason that was found."""
    from openpyxl import load_workbook

    check_archive(content)
    try:
        # openpyxl warns of what it does not keep; nothing is kept here
        with warnings.catch_warnings():
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


def _read(workbook: Workbook) -> RawBook:
    titles = workbook.sheetnames
    meta = _meta(workbook)
    locale = as_locale(meta.get("locale"))
    ours = _titles(meta)
    if meta.get("format") != FORMAT or meta.get(CHECKSUM) != _checksum(meta) or locale is None or ours is None:
        raise refuse("S108", "the hidden sheet that says what this book belongs to was changed", META)
    if meta.get("format_version") != FORMAT_VERSION:
        raise refuse("S109", "this book was made by another version", META, version=meta.get("format_version", ""))
    faults = [
        fault("S113", f"the sheet {title!r} is missing", title, sheet=title) for title in ours if title not in titles
    ]
    rows: list[RawRow] = []
    for title in ours:
        if title in titles:
            found, refused = _sheet(workbook, title, headers(locale))
            rows += found
            faults += refused
    faults += _doubled(rows)
    if faults:
        raise BookRefused(faults)
    known = {*ours, META, LISTS, *INSTRUCTIONS.values()}
    return RawBook(meta, locale, tuple(rows), tuple(title for title in titles if title not in known))


def _meta(workbook: Workbook) -> dict[str, str]:
    if META not in workbook.sheetnames:
        raise refuse("S107", "the hidden sheet that says what this book belongs to is missing", META)
    pairs = workbook[META].iter_rows(min_row=1, max_row=LONGEST_META, max_col=2, values_only=True)
    return {str(name): raw_text("", str(value)).text for name, value in pairs if name is not None and value is not None}


def _titles(meta: Mapping[str, str]) -> list[str] | None:
    try:
        titles = json.loads(meta.get("sheets", ""))
    except ValueError:
        return None
    return titles if isinstance(titles, list) and all(isinstance(title, str) for title in titles) else None


def _sheet(workbook: Workbook, title: str, heads: Mapping[str, str]) -> tuple[list[RawRow], list[Fault]]:
    lines = _lines(workbook, title)
    first = next(lines, (1, []))[1]
    faults = _head_faults(title, first, heads)
    rows: list[RawRow] = []
    if faults:
        return rows, faults
    for number, line in lines:
        if number > MOST_ROWS:
            return rows, [fault("S117", f"more than {MOST_ROWS} rows", title, most=MOST_ROWS)]
        beyond = tuple(cell for cell in line[len(COLUMNS) :] if cell.kind is not RawKind.EMPTY)
        rows.append(RawRow(title, number, dict(zip(COLUMNS, line, strict=False)), beyond))
    return rows, []


def _lines(workbook: Workbook, title: str) -> Iterator[tuple[int, list[RawCell]]]:
    """Yield every row that holds something, with its number; the head always."""
    sheet: Any = workbook[title]
    lines = sheet.iter_rows(min_row=1, max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
    for number, line in enumerate(lines, start=1):
        cells = [raw_cell(f"{title}!{column_letter(place)}{number}", one) for place, one in enumerate(line, start=1)]
        if number == 1 or any(cell.kind is not RawKind.EMPTY for cell in cells):
            yield number, _filled(title, number, cells)


def _filled(title: str, number: int, cells: Sequence[RawCell]) -> list[RawCell]:
    """Return a row as long as the table, however few cells it has."""
    missing = range(len(cells) + 1, len(COLUMNS) + 1)
    return [*cells, *(RawCell(f"{title}!{column_letter(place)}{number}", RawKind.EMPTY) for place in missing)]


def _head_faults(title: str, first: Sequence[RawCell], heads: Mapping[str, str]) -> list[Fault]:
    found = [" ".join(cell.text.split()) for cell in first]
    gone = [column for column in HIDDEN if column not in found]
    if gone:
        place = f"{title}!{column_letter(COLUMNS.index(gone[0]) + 1)}1"
        return [fault("S115", f"the hidden column {gone[0]} is missing", place, column=gone[0])]
    faults = []
    for number, column in enumerate(COLUMNS):
        wanted, there = heads[column], found[number] if number < len(found) else ""
        if there != " ".join(wanted.split()):
            place = f"{title}!{column_letter(number + 1)}1"
            message = f"the head of this column was {wanted!r} and is {there!r}"
            faults.append(fault("S114", message, place, wanted=wanted, found=there))
    return faults


def _doubled(rows: Sequence[RawRow]) -> list[Fault]:
    seen: dict[tuple[str, str], str] = {}
    faults = []
    for row in rows:
        element, part = row.key
        if not element or part == RowKind.HEADING:
            continue
        if row.key in seen:
            message = f"{element} ({part}) stands here and at {seen[row.key]}"
            faults.append(fault("S116", message, row.place, element=element, other=seen[row.key]))
        seen.setdefault(row.key, row.place)
    return faults
