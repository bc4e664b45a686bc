"""Tables as native tables: heads marked as such, hairlines, numbers right-aligned on their decimal points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.charts.palette import ramp, text_on
from app.charts.spec import Heatmap, Mark, Standing
from app.document.values import Cell, Facts, Listing, Table, TableColumn
from app.exports import measuring
from app.exports.column_widths import CELL_SIDE, column_widths, table_size
from app.exports.decimal_points import decimals, deepest
from app.exports.measuring import CELL_TOP, Message
from app.exports.office_charts.parts import hatched, solid
from app.exports.office_look import NOTE, POINT, TABLE
from app.exports.slides.lettering import SPACES, Hand, emu
from app.exports.xml_text import attribute

_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid: lines are drawn by cell
_DIGIT, _DOT, _SIGN = 0.56, 0.32, 0.5  # widths in ems
_PALE = (Standing.OPEN, Standing.NOT_APPLICABLE, Standing.ABSENT)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a table stands and what it is called; `description` tells it to who cannot see it."""

    number: int
    name: str
    left: float
    top: float
    description: str = ""


def frame(place: Frame, widths: Sequence[float], rows: Sequence[tuple[float, str]], *, head: bool) -> str:
    """Return a table of cells that are XML already; `rows` are heights and cells."""
    grid = "".join(f"<a:gridCol w='{emu(width)}'/>" for width in widths)
    body = "".join(f"<a:tr h='{emu(height)}'>{cells}</a:tr>" for height, cells in rows)
    told = f" descr={attribute(place.description)}" if place.description else ""
    return (
        f"<p:graphicFrame {SPACES}><p:nvGraphicFramePr><p:cNvPr id='{place.number}' name={attribute(place.name)}"
        f"{told}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp='1'/></p:cNvGraphicFramePr><p:nvPr/>"
        f"</p:nvGraphicFramePr><p:xfrm><a:off x='{emu(place.left)}' y='{emu(place.top)}'/>"
        f"<a:ext cx='{emu(sum(widths))}' cy='{emu(sum(height for height, _cells in rows))}'/></p:xfrm><a:graphic>"
        "<a:graphicData uri='http://schemas.openxmlformats.org/drawingml/2006/table'><a:tbl>"
        f"<a:tblPr firstRow='{int(head)}'><a:tableStyleId>{_STYLE}</a:tableStyleId></a:tblPr>"
        f"<a:tblGrid>{grid}</a:tblGrid>{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def box(paragraphs: str, *, fill: str = "", below: str = "", above: str = "", right: float = CELL_SIDE, side: float = CELL_SIDE, top: float = CELL_TOP, anchor: str = "t") -> str:  # fmt: skip  # noqa: E501
    """Return a cell: its paragraphs, its margins in millimetres, its lines and ground."""
    lines = "<a:lnL w='0'><a:noFill/></a:lnL><a:lnR w='0'><a:noFill/></a:lnR>"
    lines += f"<a:lnT{above}</a:lnT>" if above else "<a:lnT w='0'><a:noFill/></a:lnT>"
    lines += f"<a:lnB{below}</a:lnB>" if below else "<a:lnB w='0'><a:noFill/></a:lnB>"
    return (
        f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</a:txBody><a:tcPr marL='{emu(side)}' "
        f"marR='{emu(right)}' marT='{emu(top)}' marB='{emu(top)}' anchor='{anchor}'>"
        f"{lines}{fill or '<a:noFill/>'}</a:tcPr></a:tc>"
    )


def rule(colour: str, points: float) -> str:
    """Return the rest of a line element of a cell after its name."""
    return f" w='{round(points * 12700)}' cap='flat'><a:solidFill><a:srgbClr val='{colour}'/></a:solidFill>"


# tables of figures and words


def table(item: Table, hand: Hand, place: Frame, width: float) -> str:
    """Return a table of the document."""
    look, size = hand.look, table_size(len(item.columns))
    widths = column_widths(item, width)
    heads = "".join(
        box(
            hand.plain(c.title, size, colour=look.muted, language=c.language, align=_align(c)),
            below=rule(look.ink, 0.75), anchor="b",
        )
        for c in item.columns
    )  # fmt: skip
    rows = [(measuring.head_height(item, width), heads)]
    most = deepest(item.rows)
    signs = [any(row.cells[n].sign for row in item.rows) for n in range(len(item.columns))]
    for row in item.rows:
        cells = "".join(
            _cell(cell, column, hand, size, kind=row.kind, right=_right(cell, column, size, most[n], signed=signs[n]))
            for n, (cell, column) in enumerate(zip(row.cells, item.columns, strict=True))
        )
        rows.append((measuring.row_height(row, widths, size), cells))
    return frame(place, widths, rows, head=True)


def _align(column: TableColumn) -> str:
    return "r" if column.align == "number" else "l"


def _right(cell: Cell, column: TableColumn, size: float, most: int, *, signed: bool) -> float:
    """Return the right margin that brings the decimal points of a column into line."""
    if column.align != "number":
        return CELL_SIDE
    em = size * POINT
    printed = decimals(cell.text)
    missing = most - printed if printed is not None else 0
    gap = missing * _DIGIT + (_DOT if missing and missing == most else 0)
    return CELL_SIDE + em * (gap + (_SIGN if signed and not cell.sign else 0))


def _cell(cell: Cell, column: TableColumn, hand: Hand, size: float, *, kind: str, right: float) -> str:
    look = hand.look
    pale = cell.standing in (*_PALE, Standing.WITHHELD)
    colour, bold = look.muted if pale else "", kind in ("total", "heading")
    runs = hand.run(cell.text, size, bold=bold, colour=colour, language=cell.language) if cell.text else ""
    if cell.sign:
        runs += hand.run(cell.sign, size, colour=look.muted)
    paragraphs = hand.paragraph(runs, size, align=_align(column)) if runs or not cell.lines else ""
    for line in cell.lines:
        told = hand.run("– ", size, colour=look.muted) + hand.run(line.text, size, language=line.language)
        paragraphs += hand.paragraph(told, size, hanging=2.6)
    total = kind == "total"
    return box(
        paragraphs,
        fill=hatched(look.hairline) if cell.standing is Standing.WITHHELD else "",
        below="" if total else rule(look.hairline, 0.5),
        above=rule(look.ink, 0.75) if total else "",
        right=right,
    )


# facts and lists


def facts(item: Facts | Listing, hand: Hand, place: Frame, width: float, *, ruled: bool = True) -> str:
    """Return named facts, or short items under headings: names on the left, what is said on the right."""
    if isinstance(item, Facts):
        pairs = [(fact.name, fact.value, fact.language) for fact in item.items]
    else:
        pairs = [(name, measuring.listed(items), None) for name, items in item.groups]
    left = measuring.fact_name_width(width)
    above = rule(hand.look.hairline, 0.5) if ruled else ""
    rows = [
        (
            measuring.fact_height(name, value, width),
            box(hand.plain(name, TABLE, colour=hand.look.muted), above=above, side=0)
            + box(hand.plain(value, TABLE, language=language), above=above),
        )
        for name, value, language in pairs
    ]
    return frame(place, (left, width - left), rows, head=False)


def message(item: Message, hand: Hand, place: Frame, width: float, reference: str) -> str:
    """Return the sentences of the message page; `reference` words a link to a slide, with `%(page)s` in it."""
    look = hand.look
    widths = [width * share for share in measuring.MESSAGE_SHARES]
    rows = []
    for ordinal, sentence in enumerate(item.sentences, start=item.first):
        above = rule(look.ink, 0.75) if ordinal == item.first else rule(look.hairline, 0.5)
        links = "".join(
            hand.paragraph(hand.run(told, NOTE, colour=look.accent, target=anchor), NOTE, align="r")
            for anchor in sentence.evidence
            if (told := reference_words(hand, anchor, reference))
        )
        cells = (
            hand.plain(str(ordinal), item.size, colour=look.muted),
            hand.plain(sentence.label, item.size, bold=True),
            hand.paragraph(hand.sentence(sentence, item.size), item.size),
            links or hand.paragraph("", NOTE),
        )
        drawn = "".join(
            box(cell, above=above, top=measuring.MESSAGE_AIR, side=0 if n == 0 else CELL_SIDE)
            for n, cell in enumerate(cells)
        )
        rows.append((measuring.message_height(sentence, width, item.size), drawn))
    return frame(place, widths, rows, head=False)


def reference_words(hand: Hand, anchor: str, reference: str) -> str:
    """Return the words of a reference to an anchor; empty where no slide has it."""
    page = hand.page(anchor)
    return reference % {"page": page} if page else ""


# heatmaps


def heatmap(chart: Heatmap, hand: Hand, place: Frame, width: float, height: float) -> str:
    """Return a heatmap: every figure printed on the tone of its score, hatched where it is withheld."""
    look = hand.look
    size = measuring.heatmap_size(len(chart.columns))
    names, wide = measuring.heatmap_widths(chart, width)
    head, least = measuring.heatmap_heights(chart, width)
    more = max(0.0, height - head - sum(least)) / max(1, len(least))
    white = rule("FFFFFF", 1.5)
    top = box(hand.paragraph("", size), side=0) + "".join(
        box(hand.plain(c.name, size, align="ctr"), side=0.4, right=0.4, top=0.4, anchor="b") for c in chart.columns
    )
    rows = [(head, top)]
    for label, marks, high in zip(chart.rows, chart.cells, least, strict=True):
        name = box(hand.plain(label.name, size), side=0, top=0.1, anchor="ctr")
        cells = "".join(
            box(
                hand.plain(mark.short, size, colour=_on(chart, mark, look.muted), align="ctr"),
                fill=_tone(chart, mark, look.hairline), below=white, above=white, side=0.2, right=0.2, top=0.1,
                anchor="ctr",
            )
            for mark in marks
        )  # fmt: skip
        rows.append((max(high, min(8.0, high + more)), name + cells))
    return frame(place, (names, *[wide] * len(chart.columns)), rows, head=True)


def _tone(chart: Heatmap, mark: Mark, hairline: str) -> str:
    if mark.value is not None:
        return solid(ramp(chart.axis.share(mark.value)))
    return hatched(hairline) if mark.standing is Standing.WITHHELD else ""


def _on(chart: Heatmap, mark: Mark, muted: str) -> str:
    if mark.value is not None:
        return text_on(ramp(chart.axis.share(mark.value)))
    return "" if mark.standing is Standing.WITHHELD else muted
