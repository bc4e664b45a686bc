"""The numbers of a chart as a table: what stands beside every chart, the same words and the same rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.charts.spec import Bars, Chart, DotPlot, Heatmap, Label, Multiples, Radar, Series, Waterfall
from app.i18n import translator


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, a head and rows of words; the first cell of a row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table(chart: Chart) -> Table:
    """Return the numbers of a chart."""
    match chart:
        case Radar(spokes=labels, series=series):
            return _of_series(chart, labels, series)
        case Multiples(panels=panels):
            return _of_series(chart, panels[0].spokes, [panel.series[0] for panel in panels])
        case DotPlot(rows=labels, series=series):
            return _of_dots(chart, labels, series)
        case Heatmap():
            rows = tuple(
                (label.name, *(mark.full for mark in marks))
                for label, marks in zip(chart.rows, chart.cells, strict=True)
            )
            heads = (chart.row_head or _head(chart), *(column.name for column in chart.columns))
            return Table(chart.caption.title, heads, rows)
        case Bars():
            return _of_bars(chart)
        case Waterfall():
            return _of_steps(chart)


def _head(chart: Chart) -> str:
    return translator(chart.caption.locale).gettext("能力")


def _of_series(chart: Chart, labels: Sequence[Label], series: Sequence[Series]) -> Table:
    rows = tuple((label.name, *(line.marks[number].full for line in series)) for number, label in enumerate(labels))
    return Table(chart.caption.title, (_head(chart), *(line.name for line in series)), rows)


def _of_dots(chart: DotPlot, labels: Sequence[Label], series: Sequence[Series]) -> Table:
    plain = _of_series(chart, labels, series)
    if not chart.bands:
        return plain
    rows = tuple((*row, band.text if band else "") for row, band in zip(plain.rows, chart.bands, strict=True))
    return Table(plain.caption, (*plain.head, chart.band_name), rows)


def _of_bars(chart: Bars) -> Table:
    score = translator(chart.caption.locale).gettext("得分")
    references = chart.references or (None,) * len(chart.rows)
    named = (chart.reference_name,) if chart.reference_name else ()
    rows = tuple(
        (label.name, mark.full, *((reference.full if reference else "",) if named else ()))
        for label, mark, reference in zip(chart.rows, chart.marks, references, strict=True)
    )
    return Table(chart.caption.title, (chart.row_head or _head(chart), score, *named), rows)


def _of_steps(chart: Waterfall) -> Table:
    _ = translator(chart.caption.locale).gettext
    rows = (
        (chart.start.name, "", "", chart.start_text),
        *((step.label.name, step.score_text, step.coverage_text, step.text) for step in chart.steps),
        (chart.end.name, "", "", chart.end_text),
    )
    return Table(chart.caption.title, (_head(chart), _("得分之差"), _("覆盖或权重之差"), _("合计")), rows)
