"""Pages of a text: A4 upright, lying where a table is too wide; heads and feet; which parts of a report lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml

from app.charts.spec import Heatmap
from app.document.values import Document, Picture, Section, Table
from app.exports.column_widths import word_widths
from app.exports.wordprocessing.lettering import Pen, field, paragraph, twips
from app.exports.wordprocessing.styles import W
from app.i18n import translator

LONG, SHORT = 297.0, 210.0
SIDE, TOP, BOTTOM = 20.0, 24.0, 20.0
UPRIGHT, LYING = SHORT - 2 * SIDE, LONG - 2 * SIDE
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


@dataclass(frozen=True, slots=True)
class Pages:
    """The references to heads and feet, upright and lying."""

    upright: str
    lying: str

    def section(self, *, lying: bool, first: bool = False) -> str:
        """Return the properties of a section; the `first` one begins with a page without head."""
        wide, high = (LONG, SHORT) if lying else (SHORT, LONG)
        turned = " w:orient='landscape'" if lying else ""
        return (
            f"<w:sectPr>{self.lying if lying else self.upright}<w:type w:val='nextPage'/>"
            f"<w:pgSz w:w='{twips(wide)}' w:h='{twips(high)}'{turned}/><w:pgMar w:top='{twips(TOP)}' "
            f"w:right='{twips(SIDE)}' w:bottom='{twips(BOTTOM)}' w:left='{twips(SIDE)}' w:header='{twips(11)}' "
            f"w:footer='{twips(10)}' w:gutter='0'/>{'<w:titlePg/>' if first else ''}</w:sectPr>"
        )


def pages_of(file: Any, document: Document, pen: Pen) -> Pages:
    """Write heads and feet into a file; return the references to them."""
    head = _part(file.part.add_header_part(), paragraph(pen.run(document.footer), "Header"))
    bare = _part(file.part.add_header_part(), paragraph("", "Header"))
    references = f"<w:headerReference w:type='default' r:id='{head}'/><w:headerReference w:type='first' r:id='{bare}'/>"

    def feet(width: float) -> str:
        foot = _part(file.part.add_footer_part(), _foot(document, pen, width))
        plain = _part(file.part.add_footer_part(), paragraph(pen.run(document.foot), "Footer"))
        return f"<w:footerReference w:type='default' r:id='{foot}'/><w:footerReference w:type='first' r:id='{plain}'/>"

    return Pages(references + feet(UPRIGHT), references + feet(LYING))


def _part(made: tuple[Any, str], words: str) -> str:
    part, relation = made
    element = part.element
    for child in list(element):
        element.remove(child)
    element.append(parse_xml(words.replace("<w:p>", f"<w:p {W}>", 1)))
    return relation


def _foot(document: Document, pen: Pen, width: float) -> str:
    """Return confidentiality on the left, page and number of pages on the right."""
    told = translator(document.locale).gettext("第 %(page)s 页 共 %(pages)s 页")
    before, _page, rest = told.partition("%(page)s")
    between, _pages, after = rest.partition("%(pages)s")
    runs = pen.run(document.foot) + "<w:r><w:tab/></w:r>" + pen.run(before) + field("PAGE", pen.run("1"))
    runs += pen.run(between) + field("NUMPAGES", pen.run("1")) + pen.run(after)
    tabs = f"<w:tabs><w:tab w:val='right' w:pos='{twips(width)}'/></w:tabs>"
    return f"<w:p><w:pPr><w:pStyle w:val='Footer'/>{tabs}</w:pPr>{runs}</w:p>"


def lies(section: Section) -> bool:
    """Tell whether a section's own blocks need a lying page: a table whose words would be broken on an upright one.

    A heading with nothing of its own lies or stands as what follows it.
    """
    if section.children and not (section.blocks or section.headline or section.text):
        return lies(section.children[0])
    for block in section.blocks:
        if isinstance(block, Table) and sum(word_widths(block)) > UPRIGHT:
            return True
        if isinstance(block, Picture) and isinstance(block.chart, Heatmap) and len(block.chart.columns) > 8:
            return True
    return False
