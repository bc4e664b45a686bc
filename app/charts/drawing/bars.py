"""Bars on paper: one per capability from the scale's minimum, the printed figure as a diamond beside it."""

from __future__ import annotations

from app.charts.drawing import rows
from app.charts.drawing.canvas import SMALL, TEXT, Canvas, is_hollow
from app.charts.palette import ACCENT, BAND, INK, MUTED, PAPER, Style
from app.charts.spec import Bars, Mark, Standing

PRINTED = Style(colour=PAPER, marker="diamond", dash="dot", outline=INK)
_LEAST = 26.0
_THICK = 13.0
_VALUE = 92.0


def draw(chart: Bars, width: float) -> str:
    """Return the bars as SVG, as high as their rows."""
    canvas = Canvas()
    names = rows.name_column(chart.rows, width, share=0.42)
    frame = rows.Frame(names, width - _VALUE, rows.AXIS, names, chart.axis)
    height = rows.row_height(chart.rows, names, _LEAST)
    bottom = frame.top + height * len(chart.rows)
    rows.draw_axis(canvas, frame, bottom)
    if chart.band is not None:
        rows.draw_band(canvas, frame, chart.band, frame.top, bottom - frame.top)
    rows.draw_names(canvas, frame, chart.rows, height)
    references = chart.references or (None,) * len(chart.rows)
    for number, (mark, reference) in enumerate(zip(chart.marks, references, strict=True)):
        _bar(canvas, frame, mark, reference, frame.top + (number + 0.5) * height)
    keys = _keys(canvas, chart, frame.left, bottom + 14)
    return canvas.finish(chart.caption, width, bottom + 6 + 20 * keys)


def _keys(canvas: Canvas, chart: Bars, left: float, top: float) -> int:
    """Name what stands beside and behind the bars, a line each; return how many."""
    keys = 0
    if chart.reference_name:
        canvas.marker((left + 6, top), PRINTED)
        canvas.text((left + 18, top + SMALL * 0.36), chart.reference_name, size=SMALL)
        keys += 1
    if chart.band is not None:
        middle = top + 20 * keys
        canvas.box((left, middle - 5), (26, 10), fill=BAND)
        canvas.line((left + 13, middle - 7), (left + 13, middle + 7), colour=INK, width=2)
        canvas.text((left + 34, middle + SMALL * 0.36), chart.band_name, size=SMALL)
        keys += 1
    return keys


def _bar(canvas: Canvas, frame: rows.Frame, mark: Mark, reference: Mark | None, y: float) -> None:
    left, corner = frame.left, (frame.left, y - _THICK / 2)
    if mark.withheld_range is not None:
        low, high = (frame.x(end) for end in mark.withheld_range)
        canvas.hatch((low, y - _THICK / 2), (high - low, _THICK))
    elif mark.value is not None:
        size = (frame.x(mark.value) - left, _THICK)
        if is_hollow(mark):
            canvas.box(corner, size, fill=PAPER, stroke=ACCENT, width=1.4)
        else:
            canvas.box(corner, size, fill=ACCENT)
    elif mark.standing is Standing.OPEN:
        canvas.ring((left + 8, y))
    if mark.value is None and mark.withheld_range is None:
        rows.tell(canvas, (left + 18, y), mark.full)
    if reference is not None and reference.value is not None:
        canvas.marker((frame.x(reference.value), y), PRINTED, radius=4)
    if mark.value is not None or mark.withheld_range is not None:
        canvas.text((frame.right + 10, y + TEXT * 0.36), mark.short, bold=mark.value is not None)
    if reference is not None:
        canvas.text((frame.right + _VALUE - 2, y + SMALL * 0.36), f"◇{reference.short}", anchor="end", size=SMALL, colour=MUTED)  # fmt: skip  # noqa: E501
