"""Chart specs as native charts of Office: editable, each with its workbook. Heatmaps are tables and stand elsewhere."""

from __future__ import annotations

from app.charts.spec import Bars, DotPlot, Radar, Waterfall
from app.exports.office_charts import bars, dots, radar, waterfall
from app.exports.office_charts.values import OfficeChart, Room
from app.exports.office_look import Look

Single = Radar | DotPlot | Bars | Waterfall


def office_chart(chart: Single, room: Room, look: Look, *, head: str = "") -> OfficeChart:
    """Return a chart for the room in which it will stand; `head` is a title inside it (small multiples need one)."""
    match chart:
        case Radar():
            return radar.build(chart, room, look, head=head)
        case DotPlot():
            return dots.build(chart, room, look)
        case Bars():
            return bars.build(chart, room, look)
        case Waterfall():
            return waterfall.build(chart, room, look)
