"""Blocks in their places on a slide: native shapes, named after the block so that a reader of the file finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.parts.chart import ChartPart
from pptx.parts.embeddedpackage import EmbeddedXlsxPart

from app.charts.lettering import ems
from app.charts.palette import ramp, text_on
from app.charts.spec import Chart, Heatmap, Multiples
from app.document.values import Facts, Listing, Picture, Statement, Table, Words
from app.exports import measuring
from app.exports.measuring import LINE_GAP, Contents, Message
from app.exports.office_charts import Single, office_chart
from app.exports.office_charts.parts import solid
from app.exports.office_charts.values import WORKBOOK, OfficeChart, Room
from app.exports.office_look import NOTE, POINT, TABLE, TEXT
from app.exports.slides import tables
from app.exports.slides.arranging import Area, Placed
from app.exports.slides.lettering import SPACES, Hand, emu, filled_box, swatch, text_box
from app.exports.xml_text import attribute

_KEY_ROW = 5.0  # millimetres
_PARAGRAPH = LINE_GAP / POINT


@dataclass
class Counter:
    """Hands out numbers, none twice."""

    last: int = 0

    def next(self) -> int:
        """Return the next number."""
        self.last += 1
        return self.last


@dataclass
class Board:
    """One slide being filled. `charts` counts the charts of the whole presentation."""

    slide: Any
    hand: Hand
    charts: Counter
    reference: str
    shapes: Counter = field(default_factory=lambda: Counter(20))

    def add(self, xml: str) -> None:
        """Put a shape on the slide, above those that are there."""
        self.slide.shapes._spTree.append(parse_xml(xml))

    def draw(self, placed: Placed) -> None:
        """Draw a block."""
        item = placed.item
        match item:
            case Table():
                self._table(item, placed)
            case Picture():
                self._picture(item, placed)
            case Facts() | Listing():
                top = self._title(item.id, item.title, placed)
                self.add(
                    tables.facts(item, self.hand, self._frame(item.id, placed.left, top, item.title), placed.width)
                )
            case Statement():
                self._statement(item, placed)
            case Message():
                place = self._frame(item.id, placed.left, placed.top, "")
                self.add(tables.message(item, self.hand, place, placed.width, self.reference))
            case Words():
                told = self.hand.plain(item.text, TEXT, language=item.language)
                self._text("text", Area(placed.left, placed.top, placed.width, placed.height), [told])
            case Contents():
                self._contents(item, placed)

    def _frame(self, name: str, left: float, top: float, description: str) -> tables.Frame:
        return tables.Frame(self.shapes.next(), name, left, top, description)

    def _text(self, name: str, area: Area, paragraphs: list[str]) -> None:
        self.add(text_box(self.shapes.next(), name, area, paragraphs))

    def _title(self, name: str, title: str, placed: Placed) -> float:
        """Write the title of a block; return where the block itself begins."""
        height = measuring.title_height(title, placed.width)
        if title:
            told = self.hand.plain(title, TEXT, bold=True)
            self._text(f"{name} title", Area(placed.left, placed.top, placed.width, height), [told])
        return placed.top + height

    def _notes(self, name: str, lines: tuple[str, ...], placed: Placed, top: float) -> None:
        if lines:
            told = self.hand.plain("  ".join(lines), NOTE, colour=self.hand.look.muted)
            height = measuring.notes_height(lines, placed.width)
            self._text(f"{name} notes", Area(placed.left, top + 0.8, placed.width, height), [told])

    def _table(self, item: Table, placed: Placed) -> None:
        top = self._title(item.id, item.title, placed)
        self.add(tables.table(item, self.hand, self._frame(item.id, placed.left, top, item.title), placed.width))
        high = measuring.table_height(item, placed.width) - measuring.notes_height(item.notes, placed.width)
        self._notes(item.id, item.notes, placed, placed.top + high)

    def _statement(self, item: Statement, placed: Placed) -> None:
        top = self._title(item.id, item.title, placed)
        told = [
            self.hand.paragraph(self.hand.sentence(sentence, TEXT, label=True), TEXT, after=_PARAGRAPH)
            for sentence in item.sentences
        ]
        if told:
            self._text(item.id, Area(placed.left, top, placed.width, placed.top + placed.height - top), told)

    def _contents(self, item: Contents, placed: Placed) -> None:
        """Write lines of the contents, each with the number of its slide, as a table whose lines are links."""
        rows = []
        for anchor, title, depth in item.lines:
            page = self.hand.page(anchor)
            indent, air = measuring.CONTENTS_INDENT if depth > 1 else 0.0, measuring.CONTENTS_AIR
            name = self.hand.run(title, TABLE, bold=depth == 1)
            cells = tables.box(self.hand.paragraph(name, TABLE), side=indent, top=air)
            number = self.hand.run(str(page or ""), TABLE, target=anchor)
            cells += tables.box(self.hand.paragraph(number, TABLE, align="r"), top=air)
            rows.append((measuring.contents_line_height(title, depth, placed.width), cells))
        if rows:
            place = self._frame("contents-lines", placed.left, placed.top, "")
            number_width = measuring.CONTENTS_NUMBER
            self.add(tables.frame(place, (placed.width - number_width, number_width), rows, head=False))

    # charts

    def _picture(self, item: Picture, placed: Placed) -> None:
        caption = item.chart.caption
        top = self._title(item.id, caption.title, placed)
        bottom = placed.top + placed.height - measuring.notes_height(caption.lines, placed.width)
        self._chart(item.id, item.chart, Area(placed.left, top, placed.width, bottom - top))
        self._notes(item.id, caption.lines, placed, bottom)

    def _chart(self, name: str, chart: Chart, area: Area) -> None:
        left, top, width, height = area
        match chart:
            case Multiples():
                self._panels(name, chart, area)
            case Heatmap():
                place = self._frame(name, left, top, chart.caption.description)
                self.add(tables.heatmap(chart, self.hand, place, width, height - 9))
                self._key(name, chart, left, top + height - 7)
            case _:
                self._native(name, chart, area)

    def _panels(self, name: str, chart: Multiples, area: Area) -> None:
        left, top, width, height = area
        across, down = measuring.panel_grid(len(chart.panels), width)
        others = chart.panels[0].series[1:]
        wide, high = width / across, (height - (_KEY_ROW if others else 0)) / down
        for number, panel in enumerate(chart.panels):
            column, row = number % across, number // across
            place = Area(left + column * wide, top + row * high, wide - 2, high - 1)
            self._native(f"{name} {number + 1}", panel, place, panel.caption.title)
        at = left
        for count, found in enumerate(others, start=1):  # what every panel shows beside its own unit
            line = (at, top + height - _KEY_ROW / 2)
            self.add(swatch(self.shapes.next(), f"{name} key {count}", line, 10.0, found.style))
            told = self.hand.plain(found.name, TABLE)
            room = ems(found.name) * TABLE * POINT * 1.15 + 4
            self._text(f"{name} key {count} name", Area(at + 12, top + height - _KEY_ROW, room, _KEY_ROW), [told])
            at += room + 18

    def _native(self, name: str, chart: Single, area: Area, head: str = "") -> None:
        left, top, width, height = area
        found = office_chart(chart, Room(width, height, TABLE), self.hand.look, head=head)
        relation = self.slide.part.relate_to(self._chart_part(found), RELATIONSHIP_TYPE.CHART)
        told = attribute(chart.caption.description)
        self.add(
            f"<p:graphicFrame {SPACES}><p:nvGraphicFramePr><p:cNvPr id='{self.shapes.next()}' name={attribute(name)} "
            f"descr={told}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp='1'/></p:cNvGraphicFramePr><p:nvPr/>"
            f"</p:nvGraphicFramePr><p:xfrm><a:off x='{emu(left)}' y='{emu(top)}'/><a:ext cx='{emu(width)}' "
            f"cy='{emu(height)}'/></p:xfrm><a:graphic>"
            "<a:graphicData uri='http://schemas.openxmlformats.org/drawingml/2006/chart'>"
            f"<c:chart xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' r:id='{relation}'/>"
            "</a:graphicData></a:graphic></p:graphicFrame>"
        )

    def _chart_part(self, found: OfficeChart) -> Any:
        package = self.slide.part.package
        number = self.charts.next()
        part = ChartPart.load(PackURI(f"/ppt/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, package, found.xml)
        sheet = EmbeddedXlsxPart(
            PackURI(f"/ppt/embeddings/Microsoft_Excel_Sheet{number}.xlsx"),
            CONTENT_TYPE.SML_SHEET,
            package,
            found.workbook,
        )
        assert part.relate_to(sheet, RELATIONSHIP_TYPE.PACKAGE) == WORKBOOK
        return part

    def _key(self, name: str, chart: Heatmap, left: float, top: float) -> None:
        """Draw what tone stands for which level."""
        for number, tick in enumerate(chart.axis.ticks):
            tone = ramp(chart.axis.share(tick.value))
            word = self.hand.plain(tick.label, NOTE, colour=text_on(tone), align="ctr")
            box = (left + number * 14.0, top, 14.0, 4.6)
            self.add(filled_box(self.shapes.next(), f"{name} key {number + 1}", box, solid(tone), word))
