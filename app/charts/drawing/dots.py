"""The dot plot on paper: a row per capability, a lane per unit in it, the benchmark band behind."""

from __future__ import annotations

from app.charts.drawing import legend, rows
from app.charts.drawing.canvas import Canvas, is_hollow
from app.charts.palette import MUTED
from app.charts.spec import DotPlot

_LANE, _NARROW_LANE, _MANY = 7.0, 5.0, 6
_LEAST = 28.0
_RANGE, _THINNEST = 6.0, 3.5  # a withheld range: as thick as its lane
_WIDE = 640.0  # from here names need no more than a third of the width


def lane_height(series: int) -> float:
    """Return how much of a row one unit's lane takes: less where there are many."""
    return _LANE if series < _MANY else _NARROW_LANE


def draw(chart: DotPlot, width: float) -> str:
    """Return the dot plot as SVG, as high as its rows."""
    canvas = Canvas()
    names = rows.name_column(chart.rows, width, share=0.34 if width >= _WIDE else 0.42)
    frame = rows.Frame(names, width - 14, rows.AXIS, names, chart.axis)
    height = rows.row_height(chart.rows, names, max(_LEAST, (len(chart.series) + 1) * lane_height(len(chart.series))))
    bottom = frame.top + height * len(chart.rows)
    rows.draw_axis(canvas, frame, bottom)
    for number, band in enumerate(chart.bands):
        if band is not None:
            rows.draw_band(canvas, frame, band, frame.top + number * height, height)
    rows.draw_names(canvas, frame, chart.rows, height)
    for number in range(len(chart.rows)):
        _row(canvas, frame, chart, number, height=height)
    legend.draw(canvas, chart.series, bottom + 8, width, chart.band_name)
    return canvas.finish(chart.caption, width, bottom + 8 + legend.height(chart.series, width, chart.band_name) + 2)


def _row(canvas: Canvas, frame: rows.Frame, chart: DotPlot, number: int, *, height: float) -> None:
    top = frame.top + number * height
    lanes = len(chart.series)
    step = min(lane_height(lanes), (height - 12) / max(lanes, 1))
    drawn = False

    def middle(lane: int) -> float:
        return top + height / 2 + (0 if chart.joined else (lane - (lanes - 1) / 2) * step)

    if chart.joined:
        _join(canvas, frame, chart, number, top + height / 2)
    for lane, series in enumerate(chart.series):  # what is withheld lies below what is known
        if (withheld := series.marks[number].withheld_range) is not None:
            low, high = (frame.x(end) for end in withheld)
            thick = min(_RANGE, max(step - 1, _THINNEST))
            y = middle(lane)
            canvas.hatch((low, y - thick / 2), (high - low, thick), colour=series.style.outline, gap=4)
            drawn = True
    for lane, series in enumerate(chart.series):
        mark = series.marks[number]
        if mark.withheld_range is None and mark.value is not None:
            canvas.marker((frame.x(mark.value), middle(lane)), series.style, radius=4.2, hollow=is_hollow(mark))
            drawn = True
    if not drawn and chart.series and not (chart.bands and chart.bands[number]):
        words = chart.series[0].marks[number].full
        rows.tell(canvas, (frame.left + 8, top + height / 2), words)


def _join(canvas: Canvas, frame: rows.Frame, chart: DotPlot, number: int, y: float) -> None:
    """Draw the way from the first mark of a row to the last."""
    values = [value for series in chart.series if (value := series.marks[number].value) is not None]
    if len(values) > 1:
        canvas.line((frame.x(min(values)), y), (frame.x(max(values)), y), colour=MUTED, width=1.6)
