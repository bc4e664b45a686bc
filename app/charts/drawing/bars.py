"""Bars on paper: one per capability from the scale's minimum, the printed figure as a diamond beside it."""

from __future__ import annotations

from app.charts.drawing import rows
from app.charts.drawing.canvas import SMALL, TEXT, Canvas, is_hollow
from app.charts.palette import ACCENT, INK, MUTED, PAPER, Style
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
    rows.draw_names(canvas, frame, chart.rows, height)
    references = chart.references or (None,) * len(chart.rows)
    for number, (mark, reference) in enumerate(zip(chart.marks, references, strict=True)):
        _bar(canvas, frame, mark, reference, frame.top + (number + 0.5) * height)
    if chart.reference_name:
        canvas.marker((frame.left + 6, bottom + 14), PRINTED)
        canvas.text((frame.left + 18, bottom + 14 + SMALL * 0.36), chart.reference_name, size=SMALL)
    return canvas.finish(chart.caption, width, bottom + (26 if chart.reference_name else 6))


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
        canvas.text((left + 18, y + SMALL * 0.36), mark.full, size=SMALL, colour=MUTED)
    if reference is not None and reference.value is not None:
        canvas.marker((frame.x(reference.value), y), PRINTED, radius=4)
    if mark.value is not None or mark.withheld_range is not None:
        canvas.text((frame.right + 10, y + TEXT * 0.36), mark.short, bold=mark.value is not None)
    if reference is not None:
        canvas.text((frame.right + _VALUE - 2, y + SMALL * 0.36), f"◇{reference.short}", anchor="end", size=SMALL, colour=MUTED)  # fmt: skip  # noqa: E501
