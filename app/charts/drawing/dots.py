"""The dot plot on paper: a row per capability, a lane per unit in it, the benchmark band behind."""

from __future__ import annotations

from app.charts.drawing import legend, rows
from app.charts.drawing.canvas import SMALL, Canvas, is_hollow
from app.charts.palette import BAND, INK, MUTED
from app.charts.spec import Band, DotPlot

_LANE = 7.0
_LEAST = 28.0


def draw(chart: DotPlot, width: float) -> str:
    """Return the dot plot as SVG, as high as its rows."""
    canvas = Canvas()
    names = rows.name_column(chart.rows, width)
    frame = rows.Frame(names, width - 14, rows.AXIS, names, chart.axis)
    height = rows.row_height(chart.rows, names, max(_LEAST, (len(chart.series) + 1) * _LANE))
    bottom = frame.top + height * len(chart.rows)
    rows.draw_axis(canvas, frame, bottom)
    for number, band in enumerate(chart.bands):
        if band is not None:
            _band(canvas, frame, band, frame.top + number * height, height)
    rows.draw_names(canvas, frame, chart.rows, height)
    for number in range(len(chart.rows)):
        _row(canvas, frame, chart, number, height=height)
    legend.draw(canvas, chart.series, bottom + 8, width, chart.band_name)
    return canvas.finish(chart.caption, width, bottom + 8 + legend.height(chart.series, width, chart.band_name) + 2)


def _band(canvas: Canvas, frame: rows.Frame, band: Band, top: float, height: float) -> None:
    low, high, middle = frame.x(band.low), frame.x(band.high), frame.x(band.median)
    canvas.box((low - 1, top + 5), (high - low + 2, height - 10), fill=BAND)
    canvas.line((middle, top + 3), (middle, top + height - 3), colour=INK, width=2)


def _row(canvas: Canvas, frame: rows.Frame, chart: DotPlot, number: int, *, height: float) -> None:
    top = frame.top + number * height
    lanes = len(chart.series)
    step = min(_LANE, (height - 12) / max(lanes, 1))
    drawn = False
    for lane, series in enumerate(chart.series):
        mark = series.marks[number]
        y = top + height / 2 + (lane - (lanes - 1) / 2) * step
        if mark.withheld_range is not None:
            low, high = (frame.x(end) for end in mark.withheld_range)
            canvas.hatch((low, y - 3), (high - low, 6), colour=series.style.outline, gap=4)
            drawn = True
        elif mark.value is not None:
            canvas.marker((frame.x(mark.value), y), series.style, radius=4.2, hollow=is_hollow(mark))
            drawn = True
    if not drawn and chart.series and not (chart.bands and chart.bands[number]):
        words = chart.series[0].marks[number].full
        canvas.text((frame.left + 8, top + height / 2 + SMALL * 0.36), words, size=SMALL, colour=MUTED)
