"""The radar and its small multiples on the screen."""

from __future__ import annotations

from app.charts.lettering import balanced
from app.charts.palette import HAIRLINE, MUTED
from app.charts.plotting.parts import Json, dash, in_order, key, layout, markers, number, safe, told
from app.charts.spec import Radar, Series, Standing

_HEIGHT = 430
_KEY = 48
_PANEL = 270
_TALL = 520
CROWDED = 8


def figure(chart: Radar) -> Json:
    """Return data and layout of a radar; more than eight spokes want the whole width of a page."""
    keyed = _KEY if len(chart.series) > 1 else 0
    many = len(chart.spokes) > CROWDED
    return {
        "data": _data(chart),
        "layout": layout(
            chart.caption.locale,
            height=(_TALL if many else _HEIGHT) + keyed,
            showlegend=keyed > 0,
            legend={**key(), "yref": "container", "y": 0, "yanchor": "bottom"},
            margin={"l": 96, "r": 96, "t": 58, "b": 62 + keyed},
            polar=_polar(chart, limit=14 if many else 7.5, size=13),
        ),
    }


def panel(chart: Radar) -> Json:
    """Return data and layout of a small radar under its unit's name."""
    series = chart.series[0]
    title = balanced(series.name, 19)
    taller = (len(title) - 1) * 18
    name = {
        "xref": "paper",
        "yref": "container",
        "x": 0.5,
        "y": 1,
        "xanchor": "center",
        "yanchor": "top",
        "text": "<br>".join(map(safe, title)),
        "font": {"size": 13, "weight": "bold"},
    }
    return {
        "data": _data(chart),
        "layout": layout(
            chart.caption.locale,
            height=_PANEL + taller,
            title=name,
            margin={"l": 78, "r": 78, "t": 68 + taller, "b": 40},
            polar=_polar(chart, limit=6.5, size=11),
        ),
    }


def _data(chart: Radar) -> list[Json]:
    return [trace for line in in_order(chart.series) for trace in _traces(chart, line)]


def _polar(chart: Radar, *, limit: float, size: int) -> Json:
    ticks = chart.axis.ticks
    return {
        "gridshape": "linear",
        "bgcolor": "rgba(0,0,0,0)",
        "radialaxis": {
            "range": [number(chart.axis.minimum), number(chart.axis.maximum)],
            "tickvals": [number(tick.value) for tick in ticks],
            "ticktext": [safe(tick.label) for tick in ticks],
            "angle": 90,
            "tickangle": 90,
            "gridcolor": HAIRLINE,
            "showline": False,
            "ticks": "",
            "tickfont": {"size": size - 2, "color": MUTED},
        },
        "angularaxis": {
            "type": "category",
            "categoryarray": _places(chart),
            "period": len(chart.spokes),
            "direction": "clockwise",
            "rotation": 90,
            "tickvals": _places(chart),
            "ticktext": [_name(chart, spoke, limit) for spoke in range(len(chart.spokes))],
            "gridcolor": HAIRLINE,
            "linecolor": MUTED,
            "ticks": "outside",
            "ticklen": 7,
            "tickcolor": "rgba(0,0,0,0)",
            "tickfont": {"size": size},
        },
    }


def _places(chart: Radar) -> list[str]:
    """Return the spokes as categories: names could repeat, places cannot."""
    return [f"#{spoke}" for spoke in range(len(chart.spokes))]


def _name(chart: Radar, spoke: int, limit: float) -> str:
    words = "<br>".join(safe(line) for line in balanced(chart.spokes[spoke].name, limit))
    line = next((line for line in chart.series if line.own), chart.series[0] if len(chart.series) == 1 else None)
    if line is None:
        return words
    mark = line.marks[spoke]
    figure = mark.short if mark.value is not None or mark.standing is Standing.WITHHELD else mark.full
    return f"{words}<br>{safe(figure)}"


def _traces(chart: Radar, line: Series) -> list[Json]:
    spokes = [*range(len(chart.spokes)), 0]  # back to the first: the line closes where nothing is missing
    marks = [line.marks[spoke] for spoke in spokes]
    heavy = line.own or len(chart.series) == 1
    places = _places(chart)
    trace: Json = {
        "type": "scatterpolar",
        "name": safe(line.name),
        "mode": "lines+markers",
        "connectgaps": False,
        "legendrank": 1 if line.own else 1000,
        "r": [None if mark.value is None else number(mark.value) for mark in marks],
        "theta": [places[spoke] for spoke in spokes],
        "line": {
            "color": line.style.outline,
            "width": 3 if heavy else 2,
            "dash": "solid" if heavy else dash(line.style),
        },
        "marker": markers(line.style, marks, size=9),
        "hovertext": [told(line, chart.spokes[spoke], line.marks[spoke]) for spoke in spokes],
        "hoverinfo": "text",
    }
    return [trace, *_withheld(chart, line)]


def _withheld(chart: Radar, line: Series) -> list[Json]:
    r: list[float | None] = []
    theta: list[str | None] = []
    words: list[str] = []
    for spoke, mark in enumerate(line.marks):
        if mark.withheld_range is None:
            continue
        place = _places(chart)[spoke]
        r += [*map(number, mark.withheld_range), None]
        theta += [place, place, None]
        words += [told(line, chart.spokes[spoke], mark)] * 3
    if not r:
        return []
    return [
        {
            "type": "scatterpolar",
            "name": safe(line.name),
            "mode": "lines",
            "showlegend": False,
            "r": r,
            "theta": theta,
            "line": {"color": line.style.outline, "width": 5, "dash": "2px,3px"},
            "hovertext": words,
            "hoverinfo": "text",
        }
    ]
