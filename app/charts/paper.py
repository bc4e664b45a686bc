"""Charts for paper: a spec in, one standalone SVG out.

The SVG holds no ids, styles, scripts or references; its words are text, so a PDF can be searched. It carries the
caption's title and description as alternative text but does not print them: what embeds it prints
`chart.caption.title` above and `chart.caption.lines` (unit of measure, n, source, signs) below.
"""

from __future__ import annotations

from app.charts.drawing import bars, dots, heatmap, radar, waterfall
from app.charts.spec import Bars, Chart, DotPlot, Heatmap, Multiples, Radar

WIDTHS: dict[type, float] = {Radar: 560.0}
WIDTH = 720.0


def svg(chart: Chart, *, width: float | None = None) -> str:
    """Return the chart as SVG, `width` CSS pixels wide (radar: 560, others 720), as high as it needs.

    Text is 12 px whatever the width, so ask for the width at which it will be shown.
    """
    room = width or WIDTHS.get(type(chart), WIDTH)
    match chart:
        case Radar():
            return radar.draw(chart, room)
        case Multiples():
            return radar.draw_multiples(chart, room)
        case DotPlot():
            return dots.draw(chart, room)
        case Heatmap():
            return heatmap.draw(chart, room)
        case Bars():
            return bars.draw(chart, room)
        case _:
            return waterfall.draw(chart, room)
