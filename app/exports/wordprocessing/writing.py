"""A document as a text: cover, contents, sections as headings with what belongs to them, written with python-docx."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.shared import Mm

from app.core.report import SectionKind
from app.document.values import Document, Facts, Section
from app.exports.office_look import LANGUAGES, look_of
from app.exports.office_theme import themed
from app.exports.wordprocessing import tables
from app.exports.wordprocessing.drawing import Board
from app.exports.wordprocessing.lettering import Pen, paragraph, twips
from app.exports.wordprocessing.pages import LYING, UPRIGHT, Pages, R, lies, pages_of
from app.exports.wordprocessing.styles import (
    BODY,
    CONTENTS,
    HEADINGS,
    HEADLINE,
    NOTES,
    SUBTITLE,
    TITLE,
    W,
    styles,
)
from app.exports.xml_text import allowed
from app.i18n import translator

_SPACES = f'{W} {R} xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
_LOGO = (50.0, 20.0)


def write_text_document(document: Document) -> bytes:
    """Return a document as .docx, A4: the PDF's order and words, its tables, its charts as native charts."""
    look = look_of(document.theme)
    file = docx.Document()
    pen = Pen(document.locale, look, _bookmarks(document))
    themed(file.part, look, document.title)
    _dress(file, styles(look))
    pages = pages_of(file, document, pen)
    board = Board(file, pen, translator(document.locale).gettext("第%(page)s页"))
    inside = "".join(_body(board, document, pages))
    # the whole part at once: moving a long body from tree to tree takes the square of its length
    file.part._element = parse_xml(f"<w:document {_SPACES}><w:body>{inside}</w:body></w:document>")
    file = file.part.document
    _logo(file, document)
    _describe(file, document)
    made = BytesIO()
    file.save(made)
    return made.getvalue()


def _bookmarks(document: Document) -> dict[str, str]:
    """Return the names of anchors in the file: of sections, and of blocks with a title."""
    anchors = [anchor for section in document.walk() for anchor in (section.id, *(b.id for b in section.blocks))]
    return {anchor: f"part{number}" for number, anchor in enumerate(dict.fromkeys(anchors), start=1)}


def _dress(file: Any, xml: str) -> None:
    element = file.styles.element
    for child in list(element):
        element.remove(child)
    for child in parse_xml(xml):
        element.append(child)


def _body(board: Board, document: Document, pages: Pages) -> Iterator[str]:
    """Yield everything in order, closing a section of pages wherever upright pages turn to lying ones."""
    lying, first = False, True
    board.width = UPRIGHT
    for top in document.sections:
        for section, depth in _walk(top, 0):
            turned = lies(section)
            if turned != lying:
                yield paragraph("", NOTES, size=1, more=pages.section(lying=lying, first=first))
                lying, first = turned, False
                board.width = LYING if lying else UPRIGHT
            yield from _section(board, document, section, depth)
    yield pages.section(lying=lying, first=first)


def _walk(section: Section, depth: int) -> Iterator[tuple[Section, int]]:
    yield section, depth
    for child in section.children:
        yield from _walk(child, depth + 1)


def _section(board: Board, document: Document, section: Section, depth: int) -> Iterator[str]:
    if section.kind is SectionKind.COVER and depth == 0:
        yield from _cover(board, document, section)
        return
    pen = board.pen
    yield paragraph(pen.marked(section.id, pen.run(section.title)), HEADINGS[min(depth, len(HEADINGS) - 1)])
    if section.headline:
        yield paragraph(pen.sentence(section.headline), HEADLINE)
    if section.text:
        yield paragraph(pen.run(section.text.text, language=section.text.language), BODY)
    if section.kind is SectionKind.CONTENTS:
        yield from _contents(pen, document)
    for block in section.blocks:
        yield from board.draw(block, section)


def _cover(board: Board, document: Document, section: Section) -> Iterator[str]:
    pen = board.pen
    yield paragraph(pen.run(document.author), SUBTITLE)
    yield from [paragraph("", BODY)] * 8
    yield paragraph(pen.marked(section.id, pen.run(document.title)), TITLE)
    yield paragraph(pen.run(document.subtitle), SUBTITLE)
    yield from [paragraph("", BODY)] * 3
    for block in section.blocks:
        if isinstance(block, Facts):
            yield tables.facts(block, pen, board.width)
        else:
            yield from board.draw(block, section)
    yield paragraph("", NOTES)


def _contents(pen: Pen, document: Document) -> Iterator[str]:
    """Yield the lines of the contents: each leads to its heading, and its page is a field."""
    tabs = f"<w:tabs><w:tab w:val='right' w:leader='none' w:pos='{twips(UPRIGHT)}'/></w:tabs>"
    for entry in document.contents:
        style = CONTENTS[min(entry.depth, len(CONTENTS)) - 1]
        indent = "" if entry.depth == 1 else f"<w:ind w:left='{twips(5)}'/>"
        runs = f"{pen.run(entry.title)}<w:r><w:tab/></w:r>{pen.page_of(entry.target)}"
        linked = pen.link(entry.target, runs)
        yield f"<w:p><w:pPr><w:pStyle w:val='{style}'/>{tabs}{indent}</w:pPr>{linked}</w:p>"
    yield paragraph("", NOTES)


def _logo(file: Any, document: Document) -> None:
    """Put the client's sign above everything, where the theme has one that Office can show."""
    logo = document.theme.logo
    if logo is None or logo.picture is None or not file.paragraphs:
        return
    scale = min(_LOGO[0] / logo.width, _LOGO[1] / logo.height)
    above = file.paragraphs[0].insert_paragraph_before()
    above.alignment = 2  # right
    above.paragraph_format.line_spacing = 1.0
    shape = above.add_run().add_picture(BytesIO(logo.picture), Mm(logo.width * scale), Mm(logo.height * scale))
    shape._inline.docPr.set("descr", allowed(logo.name.in_locale(document.locale)))


def _describe(file: Any, document: Document) -> None:
    about = file.core_properties
    about.title, about.subject = allowed(document.title)[:255], allowed(document.subtitle)[:255]
    about.author = about.last_modified_by = allowed(document.author)[:255]
    about.comments = ""
    about.language = LANGUAGES[document.locale]
    day = document.dated
    if day is not None:
        about.created = about.modified = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    about.revision = 1
