"""Document and material in, an .xlsx workbook out. The order of its sheets is the order of the report's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exports.sequence import Part, parts_of
from app.exports.sheet_names import LONGEST, sheet_titles
from app.exports.workbook.calculation import calculation_names, write_calculation
from app.exports.workbook.chart_sheets import write_chart
from app.exports.workbook.front import Line, write_contents, write_sentences
from app.exports.workbook.pages import Book
from app.exports.workbook.table_sheets import write_table
from app.i18n import translator

if TYPE_CHECKING:
    from app.document.material import Material
    from app.document.values import Document


_ROOM = LONGEST - 4  # what a number and a blank leave of a sheet's name


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: Part


def write_workbook(document: Document, material: Material) -> bytes:
    """Return the report as a workbook.

    First its contents and sentences, then a sheet for every table and chart in the order of the report, last the
    calculation: the scores of every unit by formulas. The same input gives the same bytes.
    """
    _ = translator(document.locale).gettext
    sheets = _sheets(document)
    calculated = calculation_names(document.locale, material)
    titles = sheet_titles(
        [_("目录"), _("全部句子"), *(sheet.name for sheet in sheets), *(_cut(name, _ROOM) for name in calculated)]
    )
    contents, sentences, own, behind = titles[0], titles[1], titles[2 : 2 + len(sheets)], titles[2 + len(sheets) :]
    book = Book(document, material.made_on, _places(sheets, own, sentences))
    lines = [
        *(_line(sheet, title) for sheet, title in zip(sheets, own, strict=True)),
        *(Line(title, _("计算"), name) for title, name in zip(behind, calculated, strict=True)),
    ]
    write_contents(book, contents, sentences, lines)
    write_sentences(book, sentences, contents)
    for sheet, title in zip(sheets, own, strict=True):
        drawn = sheet.part.picture is not None
        page = book.add(title, colour=document.theme.colours.accent if drawn else None)
        write = write_chart if drawn else write_table
        write(page, sheet.part, contents)
    write_calculation(book, material, behind, contents)
    return book.finished()


def _sheets(document: Document) -> list[_Sheet]:
    parts = list(parts_of(document))
    return [_Sheet(_name(part, parts), part) for part in parts]


def _name(part: Part, parts: Sequence[Part]) -> str:
    """Return what a sheet is called: its section, and its own title where the section has several sheets.

    Where both are too long together, the title does if no other sheet has it; else both are cut.
    """
    section, title = part.section.title, part.table.title
    if not title or title == section or sum(other.section.id == part.section.id for other in parts) == 1:
        return _cut(section, _ROOM)
    if len(section) + 1 + len(title) <= _ROOM:
        return f"{section} {title}"
    if sum(other.table.title == title for other in parts) == 1:
        return _cut(title, _ROOM)
    return f"{_cut(section, _ROOM // 2)} {_cut(title, _ROOM - 1 - min(len(section), _ROOM // 2))}"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _line(sheet: _Sheet, title: str) -> Line:
    return Line(title, sheet.part.section.title, sheet.part.table.title)


def _places(sheets: Sequence[_Sheet], titles: Sequence[str], sentences: str) -> dict[str, str]:
    """Return on which sheet each anchor of the document stands."""
    places: dict[str, str] = {"message": sentences}
    for sheet, title in zip(sheets, titles, strict=True):
        places[sheet.part.table.id] = title
        places.setdefault(sheet.part.section.id, title)
        places.setdefault(sheet.part.top.id, title)
    return places
