"""Charts for the screen: a spec in, a Plotly figure as plain dictionaries out.

`config` keeps plotly.js from offering to upload anything: its own button row is off, its servers unnamed.
"""

from __future__ import annotations

from app.charts.plotting import heatmap, radar, rows
from app.charts.plotting.parts import Json
from app.charts.spec import Bars, Chart, DotPlot, Heatmap, Multiples, Radar, Waterfall
from app.core.text import Locale


def figures(chart: Chart) -> list[Json]:
    """Return `data`, `layout` and `config`, as `Plotly.newPlot` takes them; JSON can hold all of it.

    One figure; for small multiples one per panel, so that the page can set as many side by side as fit.
    """
    drawn = [radar.panel(panel) for panel in chart.panels] if isinstance(chart, Multiples) else [_drawn(chart)]
    return [{**one, "config": config(chart.caption.locale)} for one in drawn]


def config(locale: Locale) -> Json:
    """Return how plotly.js is to behave in every chart."""
    return {
        "displayModeBar": False,
        "displaylogo": False,
        "showSendToCloud": False,
        "showEditInChartStudio": False,
        "plotlyServerURL": "",
        "responsive": True,
        "scrollZoom": False,
        "doubleClick": False,
        "locale": "zh-CN" if locale == "zh" else "en",
    }


def is_wide(chart: Chart) -> bool:
    """Tell whether a chart wants the whole width of a page."""
    return isinstance(chart, Multiples) or (isinstance(chart, Radar) and len(chart.spokes) > radar.CROWDED)


def _drawn(chart: Radar | DotPlot | Heatmap | Bars | Waterfall) -> Json:
    match chart:
        case Radar():
            return radar.figure(chart)
        case DotPlot():
            return rows.dots(chart)
        case Heatmap():
            return heatmap.figure(chart)
        case Bars():
            return rows.bars(chart)
        case _:
            return rows.waterfall(chart)
