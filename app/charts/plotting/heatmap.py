"""The heatmap on the screen: figures in the cells, withheld ones hatched, the ramp fixed to the scale."""

from __future__ import annotations

from app.charts.lettering import balanced, wrap
from app.charts.palette import INK, MUTED, ramp, text_on
from app.charts.plotting.parts import Json, layout, name_axis, number, safe, said
from app.charts.spec import Heatmap, Mark, Standing

_ROW = 32
_STOPS = 11
_KEY = 0.4  # how much of the width the key takes
_CELL = 0.48  # half of a cell, less the gap


def figure(chart: Heatmap) -> Json:
    """Return data and layout of a heatmap."""
    limit = max(4.0, 44 / max(1, len(chart.columns)))
    heads = [balanced(column.name, limit) for column in chart.columns]
    deepest = max((len(head) for head in heads), default=1)
    rows = sum(max(_ROW, len(wrap(label.name, 13)) * 19 + 8) for label in chart.rows)
    hatches = [
        _hatch(row, column)
        for row, marks in enumerate(chart.cells)
        for column, mark in enumerate(marks)
        if mark.standing is Standing.WITHHELD
    ]
    ramps, words = _key(chart)
    names = {
        "range": [-0.5, len(chart.columns) - 0.5],
        "tickvals": list(range(len(chart.columns))),
        "ticktext": ["<br>".join(map(safe, head)) for head in heads],
        "side": "top",
        "tickangle": 0,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }
    return {
        "data": [_colours(chart), _figures(chart)],
        "layout": layout(
            chart.caption.locale,
            height=rows + deepest * 18 + 78,
            margin={"l": 8, "r": 12, "t": deepest * 18 + 16, "b": 52},
            xaxis=names,
            yaxis=name_axis(chart.rows),
            shapes=[*hatches, *ramps],
            annotations=words,
        ),
    }


def _colours(chart: Heatmap) -> Json:
    stops = [place / (_STOPS - 1) for place in range(_STOPS)]
    return {
        "type": "heatmap",
        "z": [[None if mark.value is None else number(mark.value) for mark in marks] for marks in chart.cells],
        "x": list(range(len(chart.columns))),
        "y": list(range(len(chart.rows))),
        "zmin": number(chart.axis.minimum),
        "zmax": number(chart.axis.maximum),
        "colorscale": [[stop, ramp(stop)] for stop in stops],
        "xgap": 2,
        "ygap": 2,
        "hoverinfo": "skip",
        "showscale": False,
    }


def _key(chart: Heatmap) -> tuple[list[Json], list[Json]]:
    """Return the ramp below the cells as shapes and words (plotly's colour bar writes style attributes)."""
    pieces = 40
    ramps: list[Json] = [
        {
            "type": "rect",
            "xref": "paper",
            "yref": "paper",
            "x0": _KEY * piece / pieces,
            "x1": _KEY * (piece + 1) / pieces,
            "ysizemode": "pixel",
            "yanchor": 0,
            "y0": -14,
            "y1": -22,
            "line": {"width": 0},
            "fillcolor": ramp((piece + 0.5) / pieces),
        }
        for piece in range(pieces)
    ]
    words: list[Json] = [
        {
            "xref": "paper",
            "yref": "paper",
            "x": _KEY * chart.axis.share(tick.value),
            "y": 0,
            "yshift": -32,
            "xanchor": "center",
            "yanchor": "middle",
            "text": safe(tick.label),
            "showarrow": False,
            "font": {"size": 11, "color": MUTED},
        }
        for tick in chart.axis.ticks
    ]
    return ramps, words


def _figures(chart: Heatmap) -> Json:
    cells = [
        (row, column, mark)
        for row, marks in enumerate(chart.cells)
        for column, mark in enumerate(marks)
        if mark.standing is not Standing.ABSENT
    ]
    crowded = len(chart.columns) > 9
    return {
        "type": "scatter",
        "mode": "text",
        "x": [column for _, column, _ in cells],
        "y": [row for row, _, _ in cells],
        "text": [_printed(mark, crowded=crowded) for _, _, mark in cells],
        "textfont": {"size": 11 if crowded else 13, "color": [_ink(chart, mark) for _, _, mark in cells]},
        "hovertext": [said(chart.columns[column].name, chart.rows[row].name, mark.full) for row, column, mark in cells],
        "hoverinfo": "text",
        "showlegend": False,
        "cliponaxis": False,
    }


def _printed(mark: Mark, *, crowded: bool) -> str:
    words = safe(mark.short)
    return words.replace("–", "–<br>") if crowded and mark.standing is Standing.WITHHELD else words


def _ink(chart: Heatmap, mark: Mark) -> str:
    if mark.value is None:
        return INK if mark.standing is Standing.WITHHELD else MUTED
    return text_on(ramp(chart.axis.share(mark.value)))


def _hatch(row: int, column: int) -> Json:
    """Return rising lines over a cell, broken in the middle where its bounds are printed."""
    left, right, top, bottom = column - _CELL, column + _CELL, row - _CELL, row + _CELL
    steps = 7
    wide, tall = (right - left) / steps, (bottom - top) / steps
    drawn = f"M{left} {top}L{right} {top}L{right} {bottom}L{left} {bottom}Z"
    for step in range(1, steps):
        drawn += f"M{left:.3f} {top + tall * step:.3f}L{left + wide * step:.3f} {top:.3f}"
        drawn += f"M{left + wide * step:.3f} {bottom:.3f}L{right:.3f} {top + tall * step:.3f}"
    return {"type": "path", "path": drawn, "layer": "below", "line": {"color": "#b9c1ca", "width": 1}}
