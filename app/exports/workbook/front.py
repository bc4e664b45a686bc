"""The first two sheets: what stands where, and every sentence of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.document.values import Facts
from app.exports.sequence import FRONT, sentences_of
from app.exports.workbook.pages import lines_of
from app.i18n import translator

if TYPE_CHECKING:
    from app.exports.workbook.pages import Book, Page

_NAMES, _TITLES, _TOLD = 36, 38, 60
_SECTION, _LABEL, _SENTENCE, _EVIDENCE = 34, 20, 80, 34


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the contents: the sheet, the part of the report, what is told there."""

    sheet: str
    section: str
    told: str


def write_contents(book: Book, title: str, sentences: str, lines: Sequence[Line]) -> None:
    """Write the first sheet: title, facts of the cover, contents with links, how to read the figures."""
    _ = translator(book.document.locale).gettext
    document, page = book.document, book.add(title, colour=book.styles.colours.ink)
    sheet = page.sheet
    for column, width in enumerate((_NAMES, _TITLES, _TOLD)):
        sheet.set_column(column, column, width)
    page.put(0, 0, document.title, bold=True, font_size=18)
    sheet.set_row(0, 30)
    row = 1
    for text in (document.subtitle, " · ".join(t for t in (document.author, document.confidentiality) if t)):
        if text:
            page.paragraph(row, text, last=2, width=_NAMES + _TITLES + _TOLD, font_color=book.styles.colours.muted)
            row += 1
    row = _facts(page, row + 1)
    for column, name in enumerate((_("工作表"), _("章节"), _("内容"))):
        page.put(row, column, name, **book.styles.head)
    for line in (Line(sentences, _("全部句子"), _("报告里的每一句话")), *lines):
        row += 1
        page.link(row, 0, line.sheet, line.sheet, text_wrap=True, **book.styles.line)
        page.put(row, 1, line.section, text_wrap=True, **book.styles.line)
        page.put(row, 2, line.told, text_wrap=True, **book.styles.line)
        page.fit(row, ((line.sheet, _NAMES), (line.section, _TITLES), (line.told, _TOLD)))
    row = _legend(page, row + 2)
    sheet.set_first_sheet()
    sheet.activate()


def _facts(page: Page, row: int) -> int:
    blocks = [block for section in page.book.document.sections if section.kind in FRONT for block in section.blocks]
    for facts in blocks[:1]:
        if not isinstance(facts, Facts):
            continue
        for item in facts.items:
            page.put(row, 0, item.name, font_color=page.styles.colours.muted)
            page.sheet.merge_range(row, 1, row, 2, "", page.styles.of())
            page.put(row, 1, item.value, text_wrap=True)
            page.sheet.set_row(row, 15 * lines_of(item.value, _TITLES + _TOLD) + 2)
            row += 1
        row += 1
    return row


def _legend(page: Page, row: int) -> int:
    _ = translator(page.book.document.locale).gettext
    page.put(row, 0, _("怎样读"), **page.styles.head)
    page.put(row, 1, "", **page.styles.head)
    page.put(row, 2, "", **page.styles.head)
    for item in page.book.document.legend:
        row += 1
        page.put(row, 0, item.name)
        page.sheet.merge_range(row, 1, row, 2, "", page.styles.of())
        page.put(row, 1, item.value)
    row += 1
    told = _("表里的数字是精确值，按报告的小数位显示；没有数字的格子写明原因，不当作零。")
    page.paragraph(row, told, last=2, width=_NAMES + _TITLES + _TOLD, **page.styles.aside)
    return row + 1


def write_sentences(book: Book, title: str, contents: str) -> None:
    """Write every sentence in the order of the pages, with a link to where its numbers stand."""
    _ = translator(book.document.locale).gettext
    page = book.add(title, colour=book.styles.colours.ink)
    heading(page, _("全部句子"), contents)
    widths = (_SECTION, _LABEL, _SENTENCE, _EVIDENCE)
    heads = (_("章节"), _("说的是"), _("句子"), _("依据在"))
    for column, (width, name) in enumerate(zip(widths, heads, strict=True)):
        page.sheet.set_column(column, column, width)
        page.put(3, column, name, **page.styles.head)
    row = 3
    for said in sentences_of(book.document):
        row += 1
        page.put(row, 0, said.section.title, text_wrap=True, **page.styles.line)
        label = said.sentence.label or (said.statement.title if said.statement else "")
        page.put(row, 1, label, text_wrap=True, **page.styles.line)
        page.put(row, 2, said.sentence.text, text_wrap=True, **page.styles.line)
        there = [book.places[anchor] for anchor in said.sentence.evidence if anchor in book.places]
        page.fit(row, zip((said.section.title, label, said.sentence.text, *there[:1]), widths, strict=False))
        if there:
            page.link(row, 3, there[0], there[0], text_wrap=True, **page.styles.line)
        else:
            page.put(row, 3, "", **page.styles.line)
    page.sheet.freeze_panes(4, 0)
    page.sheet.repeat_rows(3)


def heading(page: Page, title: str, contents: str) -> None:
    """Write the title of a sheet and the way back to the contents."""
    _ = translator(page.book.document.locale).gettext
    page.put(0, 0, title, bold=True, font_size=14)
    page.sheet.set_row(0, 22)
    page.link(1, 0, _("回到目录"), contents, font_size=9)
