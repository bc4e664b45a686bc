"""The numbers of a chart as a table of the document: the words of `charts.table`, the exact value behind each."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.charts.spec import Bars, Chart, DotPlot, Heatmap, Mark, Multiples, Radar, Series, Waterfall
from app.charts.table import table
from app.document.values import Cell, Picture, Table, TableColumn, TableRow


def figures_of(picture: Picture) -> Table:
    """Return what a chart shows: a row per capability, its lines below it as notes."""
    chart = picture.chart
    told = table(chart)
    values = _values(chart)
    rows = tuple(
        TableRow((Cell(row[0]), *(_cell(text, mark) for text, mark in zip(row[1:], marks, strict=True))))
        for row, marks in zip(told.rows, values, strict=True)
    )
    heads = tuple(TableColumn(name, "number" if place else "text") for place, name in enumerate(told.head))
    return Table(picture.id, told.caption, heads, rows, chart.caption.lines)


Behind = Mark | Fraction | None


def _cell(text: str, behind: Behind) -> Cell:
    if isinstance(behind, Mark):
        return Cell(text, behind.value, behind.standing)
    return Cell(text, behind)


def _values(chart: Chart) -> Sequence[Sequence[Behind]]:
    """Return what stands behind each cell of `charts.table`, apart from the first of a row."""
    match chart:
        case Radar(series=series) | DotPlot(series=series):
            bands = chart.bands if isinstance(chart, DotPlot) else ()
            return _banded(_by_row(series), len(bands))
        case Multiples(panels=panels):
            return _by_row([panel.series[0] for panel in panels])
        case Heatmap(cells=cells):
            return cells
        case Bars(marks=marks, references=references, reference_name=name):
            if not name:
                return [(mark,) for mark in marks]
            beside = references or (None,) * len(marks)
            return list(zip(marks, beside, strict=True))
        case Waterfall():
            return [
                (None, None, chart.start_value),
                *((step.score, step.coverage, step.amount) for step in chart.steps),
                (None, None, chart.end_value),
            ]


def _by_row(series: Sequence[Series]) -> list[tuple[Mark, ...]]:
    return list(zip(*(line.marks for line in series), strict=True))


def _banded(rows: list[tuple[Mark, ...]], bands: int) -> list[tuple[Behind, ...]]:
    return [(*row, None) if bands else row for row in rows]
