"""Blocks of a report as parts of a text, one below the other. Charts are native and editable, as on slides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from app.charts.drawing.legend import is_drawn
from app.charts.palette import BAND, Style
from app.charts.spec import DotPlot, Heatmap, Multiples
from app.core.report import SectionKind
from app.document.values import Block, Facts, Listing, Picture, Section, Statement, Table
from app.exports import measuring
from app.exports.office_charts import Single, office_chart
from app.exports.office_charts.dots import key_height
from app.exports.office_charts.keys import named
from app.exports.office_charts.values import WORKBOOK, Room
from app.exports.office_look import NOTE
from app.exports.wordprocessing import tables
from app.exports.wordprocessing.lettering import Pen, paragraph
from app.exports.wordprocessing.pages import UPRIGHT
from app.exports.wordprocessing.styles import BLOCK, BODY, NOTES
from app.exports.xml_text import attribute

_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# charts are 16:9 where their rows allow it: LibreOffice lays every chart of a text out at 160 x 90 mm and scales it
_WIDE, _HIGH, _TALLEST = 160.0, 90.0, 165.0  # millimetres
_HIGHEST_KEY = 25.0  # a higher one stands below the chart, as words
_PANELS = 2  # small radars in a row
_SIGNS = {
    "circle": "●",
    "square": "■",
    "diamond": "◆",
    "triangle-up": "▲",
    "triangle-down": "✕",
    "star": "✶",
    "hexagon": "✚",
}


@dataclass
class Board:
    """The text being written; `width` is that of its page between the margins, in millimetres."""

    file: Any
    pen: Pen
    reference: str
    width: float = 0.0
    charts: int = 0

    def draw(self, block: Block, section: Section) -> Iterator[str]:
        """Yield a block as paragraphs and tables."""
        pen = self.pen
        match block:
            case Statement() if section.kind is SectionKind.MESSAGE:
                yield tables.message(block, pen, self.width, self.reference)
                yield paragraph("", NOTES)
            case Statement():
                yield from self._title(block.id, block.title)
                yield from (paragraph(pen.sentence(sentence, label=True), BODY) for sentence in block.sentences)
            case Picture():
                yield from self._title(block.id, block.chart.caption.title)
                yield from self._chart(block)
                yield from self._notes(block.chart.caption.lines)
            case Table():
                yield from self._title(block.id, block.title)
                yield tables.table(block, pen, self.width)
                yield from self._notes(block.notes)
            case Facts() | Listing():
                yield from self._title(block.id, block.title)
                yield tables.facts(block, pen, self.width)
                yield paragraph("", NOTES)

    def _title(self, anchor: str, title: str) -> Iterator[str]:
        if title:
            yield paragraph(self.pen.marked(anchor, self.pen.run(title)), BLOCK)

    def _notes(self, lines: tuple[str, ...]) -> Iterator[str]:
        yield paragraph(self.pen.run("  ".join(lines)), NOTES)

    def _chart(self, block: Picture) -> Iterator[str]:
        chart = block.chart
        match chart:
            case Heatmap():
                yield tables.heatmap(chart, self.pen, self.width)
                yield paragraph("", NOTES, size=4)
                yield tables.heat_key(chart, self.pen)
            case Multiples():
                yield _unruled("".join(self._panels(block.id, chart)))
                others = chart.panels[0].series[1:]
                if others:
                    named = (self._swatch(one.style) + self.pen.run(f" {one.name}   ", size=NOTE) for one in others)
                    yield paragraph("".join(named), NOTES)
            case _:
                keyed = not (isinstance(chart, DotPlot) and key_height(chart, Room(_WIDE, 0)) > _HIGHEST_KEY)
                height = min(max(measuring.chart_heights(chart, _WIDE, keyed=keyed)[0], _HIGH), _TALLEST)
                yield _unruled(self._native(block.id, chart, _WIDE, height, keyed=keyed))
                if isinstance(chart, DotPlot) and not keyed:
                    yield paragraph("".join(self._key(chart)), NOTES)

    def _key(self, chart: DotPlot) -> Iterator[str]:
        """Yield the key of a chart as words: below the chart LibreOffice would lay it over it where it is long."""
        for one in sorted(chart.series, key=lambda line: not line.own):
            sign, colour = (_SIGNS[one.style.marker], one.style.colour) if is_drawn(one) else ("○", one.style.outline)
            yield self.pen.run(sign, size=NOTE, colour=colour) + self.pen.run(f" {named(one)}   ", size=NOTE)
        if chart.band_name:
            yield self.pen.run("▬", size=NOTE, colour=BAND) + self.pen.run(f" {chart.band_name}", size=NOTE)

    def _panels(self, name: str, chart: Multiples) -> Iterator[str]:
        across = _PANELS + int(self.width > UPRIGHT)
        width = min(_WIDE, self.width) / _PANELS if across == _PANELS else self.width / across - 0.5
        for number, panel in enumerate(chart.panels, start=1):
            yield self._native(f"{name} {number}", panel, width, width * _HIGH / _WIDE, panel.caption.title)

    def _swatch(self, style: Style) -> str:
        return self.pen.run(_SIGNS[style.marker], size=NOTE, colour=style.outline)

    def _native(
        self, name: str, chart: Single, width: float, height: float, head: str = "", *, keyed: bool = True
    ) -> str:
        """Return a run that holds a native chart, and put its parts into the file."""
        self.charts += 1
        number, package = self.charts, self.file.part.package
        made = office_chart(chart, Room(width, height, keyed=keyed), self.pen.look, head=head)
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART, made.xml, package)
        sheet = Part(PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"), _SHEET, made.workbook, package)
        assert part.relate_to(sheet, RELATIONSHIP_TYPE.PACKAGE) == WORKBOOK
        relation = self.file.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        told = attribute(chart.caption.description)
        return (
            "<w:r><w:drawing><wp:inline distT='0' distB='0' distL='0' distR='0'>"
            f"<wp:extent cx='{round(width * 36_000)}' cy='{round(height * 36_000)}'/>"
            f"<wp:effectExtent l='0' t='0' r='0' b='0'/>"
            f"<wp:docPr id='{1000 + number}' name={attribute(name)} descr={told}/><wp:cNvGraphicFramePr/>"
            "<a:graphic xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'>"
            "<a:graphicData uri='http://schemas.openxmlformats.org/drawingml/2006/chart'>"
            f"<c:chart xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' r:id='{relation}'/>"
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
        )


def _unruled(runs: str) -> str:
    """Return a paragraph as high as what stands in it, and not parted from what follows."""
    return (
        "<w:p><w:pPr><w:pStyle w:val='Normal'/><w:keepNext/>"
        f"<w:spacing w:after='0' w:line='240' w:lineRule='auto'/></w:pPr>{runs}</w:p>"
    )
