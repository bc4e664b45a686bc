"""Dot plot, bars and waterfall on the screen: rows on one horizontal axis."""

from __future__ import annotations

from fractions import Fraction

from app.charts.drawing.waterfall import running, stretch
from app.charts.lettering import wrap
from app.charts.palette import ACCENT, BAND, FALL, HAIRLINE, INK, MUTED, PAPER, RISE
from app.charts.plotting.parts import (
    NO_HOVER,
    Json,
    at_right,
    hatched,
    in_order,
    key,
    layout,
    markers,
    name_axis,
    number,
    safe,
    said,
    separators,
    told,
    value_axis,
)
from app.charts.spec import Bars, DotPlot, Label, Mark, Series, Standing, Step, Waterfall

_ROW = 30
_HEAD = 34


def _height(labels: tuple[Label, ...] | list[Label], least: float = _ROW) -> float:
    deepest = max((len(wrap(label.name, 13)) for label in labels), default=1)
    return len(labels) * max(least, deepest * 19 + 8) + _HEAD


def dots(chart: DotPlot) -> Json:
    """Return data and layout of a dot plot: a lane per unit in every row, the benchmark band behind."""
    data = [trace for line in in_order(chart.series) for trace in _lane(chart, line)]
    keyed = len(chart.series) > 1 or bool(chart.bands)
    return {
        "data": [*_bands(chart), *data],
        "layout": layout(
            chart.caption.locale,
            height=_height(chart.rows, 14 + 8 * (len(chart.series) + 1)) + (44 if keyed else 0),
            xaxis=value_axis(chart.axis),
            yaxis=name_axis(chart.rows),
            shapes=separators(len(chart.rows)),
            barmode="overlay",
            showlegend=keyed,
            legend=key(),
        ),
    }


def _bands(chart: DotPlot) -> list[Json]:
    known = [(row, band) for row, band in enumerate(chart.bands) if band is not None]
    if not known:
        return []
    words = [said(chart.band_name, chart.rows[row].name, band.text) for row, band in known]
    return [
        {
            "type": "bar", "orientation": "h", "name": safe(chart.band_name), "width": 0.72,
            "base": [number(band.low) - 0.006 for _, band in known],
            "x": [number(band.high - band.low) + 0.012 for _, band in known],
            "y": [row for row, _ in known],
            "marker": {"color": BAND, "line": {"width": 0}},
            "hovertext": words, "hoverinfo": "text",
        },
        {
            "type": "scatter", "mode": "markers", **NO_HOVER,
            "x": [number(band.median) for _, band in known],
            "y": [row for row, _ in known],
            "marker": {"symbol": "line-ns", "size": 20, "line": {"color": INK, "width": 2}},
        },
    ]  # fmt: skip


def _lane(chart: DotPlot, line: Series) -> list[Json]:
    lanes = len(chart.series)
    place = next(number for number, other in enumerate(chart.series) if other is line)
    shift = (place - (lanes - 1) / 2) * min(0.2, 0.72 / max(lanes, 1))
    points = [(row, mark) for row, mark in enumerate(line.marks) if mark.value is not None]
    ranges = [(row, mark) for row, mark in enumerate(line.marks) if mark.withheld_range is not None]
    traces: list[Json] = [
        {
            "type": "scatter", "mode": "markers", "name": safe(line.name),
            "x": [number(mark.value or Fraction()) for _, mark in points],
            "y": [row + shift for row, _ in points],
            "marker": markers(line.style, [mark for _, mark in points]),
            "cliponaxis": False,
            "hovertext": [told(line, chart.rows[row], mark) for row, mark in points], "hoverinfo": "text",
        }
    ]  # fmt: skip
    if ranges:
        traces.append(
            {
                "type": "bar", "orientation": "h", "name": safe(line.name), "showlegend": False, "width": 0.18,
                "base": [number(mark.low or Fraction()) for _, mark in ranges],
                "x": [number((mark.high or Fraction()) - (mark.low or Fraction())) for _, mark in ranges],
                "y": [row + shift for row, _ in ranges],
                "marker": hatched(line.style.outline),
                "hovertext": [told(line, chart.rows[row], mark) for row, mark in ranges], "hoverinfo": "text",
            }
        )  # fmt: skip
    return traces


def bars(chart: Bars) -> Json:
    """Return data and layout of score bars, with the printed figures as diamonds."""
    printed = [(row, mark) for row, mark in enumerate(chart.references) if mark is not None and mark.value is not None]
    notes = [note for row, mark in enumerate(chart.marks) for note in _figures(chart, row, mark)]
    data = [_scores(chart), *_open_ranges(chart)]
    if printed:
        data.append(
            {
                "type": "scatter", "mode": "markers", "name": safe(chart.reference_name), "cliponaxis": False,
                "x": [number(mark.value or Fraction()) for _, mark in printed],
                "y": [row for row, _ in printed],
                "marker": {"symbol": "diamond", "size": 9, "color": PAPER, "line": {"color": INK, "width": 1.5}},
                "hovertext": [said(chart.reference_name, chart.rows[row].name, mark.full) for row, mark in printed],
                "hoverinfo": "text", "showlegend": True,
            }
        )  # fmt: skip
    return {
        "data": data,
        "layout": layout(
            chart.caption.locale,
            height=_height(chart.rows) + (40 if printed else 8),
            xaxis=value_axis(chart.axis),
            yaxis=name_axis(chart.rows),
            shapes=[*_range_behind(chart), *separators(len(chart.rows))],
            annotations=notes,
            barmode="overlay",
            margin={"l": 8, "r": 150 if printed else 100, "t": 12, "b": 12},
            showlegend=bool(printed),
            legend=key(),
        ),
    }


def _range_behind(chart: Bars) -> list[Json]:
    if chart.band is None:
        return []
    low, middle, high = (number(end) for end in (chart.band.low, chart.band.median, chart.band.high))
    tall = {"yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    return [
        {"type": "rect", "x0": low, "x1": high, "fillcolor": BAND, "line": {"width": 0}, **tall},
        {"type": "line", "x0": middle, "x1": middle, "line": {"color": INK, "width": 2}, **tall},
    ]


def _scores(chart: Bars) -> Json:
    drawn = [(row, mark) for row, mark in enumerate(chart.marks) if mark.value is not None]
    return {
        "type": "bar", "orientation": "h", "width": 0.5, "showlegend": False,
        "base": number(chart.axis.minimum),
        "x": [number((mark.value or Fraction()) - chart.axis.minimum) for _, mark in drawn],
        "y": [row for row, _ in drawn],
        "marker": {
            "color": [PAPER if mark.standing is Standing.PROVISIONAL else ACCENT for _, mark in drawn],
            "line": {"color": ACCENT, "width": 1.5},
        },
        "hovertext": [said(chart.rows[row].name, mark.full) for row, mark in drawn],
        "hoverinfo": "text",
    }  # fmt: skip


def _open_ranges(chart: Bars) -> list[Json]:
    ranges = [(row, mark) for row, mark in enumerate(chart.marks) if mark.withheld_range is not None]
    if not ranges:
        return []
    return [
        {
            "type": "bar", "orientation": "h", "width": 0.5, "showlegend": False,
            "base": [number(mark.low or Fraction()) for _, mark in ranges],
            "x": [number((mark.high or Fraction()) - (mark.low or Fraction())) for _, mark in ranges],
            "y": [row for row, _ in ranges],
            "marker": hatched(MUTED),
            "hovertext": [said(chart.rows[row].name, mark.full) for row, mark in ranges],
            "hoverinfo": "text",
        }
    ]  # fmt: skip


def _figures(chart: Bars, row: int, mark: Mark) -> list[Json]:
    scored = mark.value is not None
    words = mark.full if mark.standing in (Standing.OPEN, Standing.NOT_APPLICABLE) else mark.short
    notes = [at_right(row, words, bold=scored, colour=INK if scored else MUTED)]
    reference = chart.references[row] if chart.references else None
    if reference is not None:
        notes.append(at_right(row, f"◇{reference.short}", colour=MUTED, shift=92))
    return notes


def waterfall(chart: Waterfall) -> Json:
    """Return data and layout of the steps that lead from one unit's score to the other's."""
    labels = (chart.start, *(step.label for step in chart.steps), chart.end)
    totals = running(chart.start_value, chart.steps)
    axis = stretch(chart)
    last = len(labels) - 1
    ends = {
        "type": "scatter", "mode": "markers", "showlegend": False,
        "x": [number(chart.start_value), number(chart.end_value)], "y": [0, last],
        "marker": {"symbol": "circle", "size": 12, "color": INK},
        "hovertext": [said(chart.start.name, chart.start_text), said(chart.end.name, chart.end_text)],
        "hoverinfo": "text",
    }  # fmt: skip
    joints = [
        {"type": "line", "x0": number(total), "x1": number(total), "y0": row, "y1": row + 1,
         "line": {"color": MUTED, "width": 0.8}, "layer": "below"}
        for row, total in enumerate(totals)
    ]  # fmt: skip
    figures = [
        at_right(0, chart.start_text, bold=True),
        *(at_right(row + 1, step.text) for row, step in enumerate(chart.steps)),
        at_right(last, chart.end_text, bold=True),
    ]
    return {
        "data": [*_moves(chart.steps, totals), ends],
        "layout": layout(
            chart.caption.locale,
            height=_height(labels) - _HEAD + 16,
            xaxis={"range": [number(axis.minimum), number(axis.maximum)], "visible": False, "fixedrange": True},
            yaxis=name_axis(labels),
            shapes=[*joints, *separators(len(labels))],
            annotations=figures,
            barmode="overlay",
            margin={"l": 8, "r": 70, "t": 8, "b": 8},
        ),
    }


def _moves(steps: tuple[Step, ...], totals: list[Fraction]) -> list[Json]:
    traces: list[Json] = []
    for rising in (True, False):
        moved = [(row, step) for row, step in enumerate(steps) if (step.amount >= 0) is rising]
        if not moved:
            continue
        traces.append(
            {
                "type": "bar", "orientation": "h", "width": 0.5, "showlegend": False,
                "base": [number(min(totals[row], totals[row + 1])) for row, _ in moved],
                "x": [number(abs(step.amount)) for _, step in moved],
                "y": [row + 1 for row, _ in moved],
                "marker": {"color": RISE, "line": {"color": HAIRLINE, "width": 0}} if rising else hatched(FALL),
                "hovertext": [said(step.label.name, step.text) for _, step in moved],
                "hoverinfo": "text",
            }
        )  # fmt: skip
    return traces
