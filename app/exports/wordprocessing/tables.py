"""Tables of a text: heads repeated on every page, rows kept whole, numbers right-aligned on their decimal points."""

from __future__ import annotations

from collections.abc import Sequence

from app.charts.palette import ramp, text_on
from app.charts.spec import Heatmap, Mark, Standing
from app.document.values import Cell, Facts, Listing, Statement, Table, TableColumn
from app.exports import measuring
from app.exports.column_widths import CELL_SIDE, column_widths, table_size
from app.exports.decimal_points import decimals, deepest
from app.exports.office_look import NOTE, POINT, TABLE, rgb
from app.exports.wordprocessing.lettering import Pen, paragraph, twips
from app.exports.wordprocessing.styles import CELL, HEAD
from app.exports.xml_text import attribute

_DIGIT, _DOT, _SIGN = 0.56, 0.32, 0.5  # widths in ems
_SIDES = "".join(f"<w:{side} w:w='{twips(CELL_SIDE)}' w:type='dxa'/>" for side in ("left", "right"))
_PALE = (Standing.OPEN, Standing.NOT_APPLICABLE, Standing.ABSENT, Standing.WITHHELD)
_SHORT, _LAST_ROWS = 70.0, 3  # millimetres: a lower table stands on one page; so many rows stay with their notes
_TALLEST = 90.0  # millimetres: a higher row may be broken over two pages


def frame(widths: Sequence[float], rows: Sequence[str], *, title: str = "") -> str:
    """Return a table of rows that are XML already, `widths` in millimetres; `title` names it to who cannot see it."""
    grid = "".join(f"<w:gridCol w:w='{twips(width)}'/>" for width in widths)
    caption = f"<w:tblCaption w:val={attribute(title)}/>" if title else ""
    return (
        f"<w:tbl><w:tblPr><w:tblW w:w='{sum(map(twips, widths))}' w:type='dxa'/><w:tblLayout w:type='fixed'/>"
        f"<w:tblCellMar>{_SIDES}</w:tblCellMar>"  # not every program reads it from the style
        "<w:tblLook w:val='0020' w:firstRow='1' w:lastRow='0' w:firstColumn='0' w:lastColumn='0' w:noHBand='1' "
        f"w:noVBand='1'/>{caption}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def row(cells: str, *, head: bool = False, whole: bool = True) -> str:
    """Return a row; a head is repeated on every page, a whole one is not broken."""
    properties = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if head else "")
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{cells}</w:tr>"


def box(paragraphs: str, width: float, *, above: str = "", below: str = "", ground: str = "", at: str = "", air: float = 0.7) -> str:  # fmt: skip  # noqa: E501
    """Return a cell: its lines are `w:top` and `w:bottom` without their names, its ground `w:shd` without its name."""
    lines = f"<w:top {above}/>" if above else ""
    lines += f"<w:bottom {below}/>" if below else ""
    inner = f"<w:tcW w:w='{twips(width)}' w:type='dxa'/>"
    inner += f"<w:tcBorders>{lines}</w:tcBorders>" if lines else ""
    inner += f"<w:shd {ground}/>" if ground else ""
    inner += f"<w:tcMar><w:top w:w='{twips(air)}' w:type='dxa'/><w:bottom w:w='{twips(air)}' w:type='dxa'/></w:tcMar>"
    inner += f"<w:vAlign w:val='{at}'/>" if at else ""
    return f"<w:tc><w:tcPr>{inner}</w:tcPr>{paragraphs}</w:tc>"


def rule(colour: str, points: float) -> str:
    """Return a line of a cell, without its name."""
    return f"w:val='single' w:sz='{max(2, round(points * 8))}' w:space='0' w:color='{colour}'"


def table(item: Table, pen: Pen, width: float) -> str:
    """Return a table of the document."""
    look, size = pen.look, table_size(len(item.columns))
    widths = column_widths(item, width)
    heads = "".join(
        box(
            paragraph(pen.run(c.title, size=size, language=c.language), HEAD, align=_align(c), size=size, keep=True),
            room, below=rule(look.ink, 0.75), at="bottom",
        )
        for c, room in zip(item.columns, widths, strict=True)
    )  # fmt: skip
    rows = [row(heads, head=True)]
    most = deepest(item.rows)
    signs = [any(line.cells[n].sign for line in item.rows) for n in range(len(item.columns))]
    together = _kept_together(item, width)
    for number, line in enumerate(item.rows):
        cells, keep = [], number in together
        for n, (cell, column) in enumerate(zip(line.cells, item.columns, strict=True)):
            right = _right(cell, column, size, most[n], signed=signs[n])
            cells.append(_cell(cell, column, pen, widths[n], size=size, kind=line.kind, right=right, keep=keep))
        rows.append(row("".join(cells), whole=measuring.row_height(line, widths, size) < _TALLEST))
    return frame(widths, rows, title=item.title)


def _kept_together(item: Table, width: float) -> range:
    """Return the rows that stay with what follows them: all of a short table, the last ones of a long one.

    Notes below a table therefore never stand alone on a page.
    """
    end = len(item.rows) - (0 if item.notes else 1)
    short = measuring.table_height(item, width) <= _SHORT
    return range(0 if short else max(0, end - _LAST_ROWS), end)


def _align(column: TableColumn) -> str:
    return "right" if column.align == "number" else ""


def _right(cell: Cell, column: TableColumn, size: float, most: int, *, signed: bool) -> float:
    if column.align != "number":
        return 0.0
    printed = decimals(cell.text)
    missing = most - printed if printed is not None else 0
    gap = missing * _DIGIT + (_DOT if missing and missing == most else 0)
    return size * POINT * (gap + (_SIGN if signed and not cell.sign else 0))


def _cell(cell: Cell, column: TableColumn, pen: Pen, width: float, *, size: float, kind: str, right: float, keep: bool) -> str:  # fmt: skip  # noqa: E501 - what a cell has
    look = pen.look
    colour, bold = look.muted if cell.standing in _PALE else "", kind in ("total", "heading")
    runs = pen.run(cell.text, size=size, bold=bold, colour=colour, language=cell.language)
    if cell.target:
        runs = pen.link(cell.target, runs)
    if cell.sign:
        runs += pen.run(cell.sign, size=size, colour=look.muted)
    told = (
        paragraph(runs, CELL, align=_align(column), right=right, size=size, keep=keep) if runs or not cell.lines else ""
    )
    for line in cell.lines:
        words = pen.run("– ", size=size, colour=look.muted) + pen.run(line.text, size=size, language=line.language)
        told += paragraph(words, CELL, hanging=2.6, size=size, keep=keep)
    total = kind == "total"
    return box(
        told, width,
        above=rule(look.ink, 0.75) if total else "",
        below="" if total else rule(look.hairline, 0.5),
        ground=hatching(look.hairline) if cell.standing is Standing.WITHHELD else "",
    )  # fmt: skip


def hatching(colour: str) -> str:
    """Return the ground of a withheld figure, without its name."""
    return f"w:val='thinDiagStripe' w:color='{colour}' w:fill='FFFFFF'"


def facts(item: Facts | Listing, pen: Pen, width: float) -> str:
    """Return named facts, or short items under headings."""
    if isinstance(item, Facts):
        pairs = [(fact.name, fact.value, fact.language) for fact in item.items]
    else:
        pairs = [(name, measuring.listed(items), None) for name, items in item.groups]
    left = measuring.fact_name_width(width)
    line = rule(pen.look.hairline, 0.5)
    rows = [
        row(
            box(paragraph(pen.run(name, size=TABLE, colour=pen.look.muted), CELL, size=TABLE), left, above=line)
            + box(paragraph(pen.run(value, size=TABLE, language=tongue), CELL, size=TABLE), width - left, above=line),
            whole=measuring.fact_height(name, value, width) < _TALLEST,
        )
        for name, value, tongue in pairs
    ]
    return frame((left, width - left), rows, title=item.title)


def message(item: Statement, pen: Pen, width: float, reference: str) -> str:
    """Return the sentences of the message page: number, label, sentence, and the pages where its numbers stand."""
    look, shares = pen.look, (0.05, 0.17, 0.66, 0.12)
    widths = [width * share for share in shares]
    before, _place, after = reference.partition("%(page)s")
    rows = []
    for ordinal, sentence in enumerate(item.sentences, start=1):
        pages = [
            paragraph(
                pen.run(before, size=NOTE, colour=look.accent) + page + pen.run(after, size=NOTE, colour=look.accent),
                CELL, align="right", size=NOTE,
            )
            for anchor in sentence.evidence
            if (page := pen.page_of(anchor))
        ]  # fmt: skip
        cells = (
            paragraph(pen.run(str(ordinal), size=10.5, colour=look.muted), CELL, size=10.5),
            paragraph(pen.run(sentence.label, size=10.5, bold=True), CELL, size=10.5),
            paragraph(pen.sentence(sentence, size=10.5), CELL, size=10.5),
            "".join(pages) or paragraph("", CELL, size=NOTE),
        )
        line = rule(look.ink, 0.75) if ordinal == 1 else rule(look.hairline, 0.5)
        drawn = (box(cell, room, above=line, air=1.6) for cell, room in zip(cells, widths, strict=True))
        rows.append(row("".join(drawn), whole=measuring.message_height(sentence, width, 10.5) < _TALLEST))
    return frame(widths, rows, title=item.title)


def heatmap(chart: Heatmap, pen: Pen, width: float) -> str:
    """Return a heatmap: every figure on the tone of its score, hatched where it is withheld."""
    size = measuring.heatmap_size(len(chart.columns)) - 0.5
    names, wide = measuring.heatmap_widths(chart, width, 26.0)
    white = rule("FFFFFF", 1)
    heads = box(paragraph("", HEAD, size=size), names) + "".join(
        box(paragraph(pen.run(c.name, size=size), HEAD, align="center", size=size, keep=True), wide, at="bottom")
        for c in chart.columns
    )
    rows = [row(heads, head=True)]
    for label, marks in zip(chart.rows, chart.cells, strict=True):
        cells = box(paragraph(pen.run(label.name, size=size), CELL, size=size), names, at="center", air=0.5)
        for mark in marks:
            ground, colour = _tone(chart, mark, pen)
            told = paragraph(pen.run(mark.short, size=size, colour=colour), CELL, align="center", size=size)
            cells += box(told, wide, above=white, below=white, ground=ground, at="center", air=0.5)
        rows.append(row(cells))
    return frame((names, *[wide] * len(chart.columns)), rows, title=chart.caption.description)


def heat_key(chart: Heatmap, pen: Pen) -> str:
    """Return what tone stands for which level."""
    cells = ""
    for tick in chart.axis.ticks:
        tone = ramp(chart.axis.share(tick.value))
        told = paragraph(pen.run(tick.label, size=NOTE, colour=text_on(tone)), CELL, align="center", size=NOTE)
        cells += box(told, 14, ground=f"w:val='clear' w:color='auto' w:fill='{rgb(tone)}'", air=0.2)
    return frame([14.0] * len(chart.axis.ticks), [row(cells)])


def _tone(chart: Heatmap, mark: Mark, pen: Pen) -> tuple[str, str]:
    if mark.value is not None:
        tone = ramp(chart.axis.share(mark.value))
        return f"w:val='clear' w:color='auto' w:fill='{rgb(tone)}'", text_on(tone)
    if mark.standing is Standing.WITHHELD:
        return hatching(pen.look.hairline), ""
    return "", pen.look.muted
