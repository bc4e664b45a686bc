"""The waterfall on paper: from one unit's score, step by step, to the other's. Rises solid, falls hatched.

Its axis shows the stretch between the two scores, not the whole scale: contributions are far smaller than scores.
The ends are therefore marks on a line, never bars that would seem to start at nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

from app.charts.drawing import rows
from app.charts.drawing.canvas import TEXT, Canvas
from app.charts.palette import FALL, HAIRLINE, INK, MUTED, RISE, Style
from app.charts.spec import Axis, Step, Waterfall

_ROW = 26.0
_THICK = 13.0
_VALUE = 64.0
_END = Style(colour=INK, marker="circle", dash="dot", outline=INK)


def stretch(chart: Waterfall) -> Axis:
    """Return the axis of a waterfall: the scores it passes, and a little air; never nothing."""
    totals = running(chart.start_value, chart.steps)
    low, high = min(totals), max(totals)
    air = (high - low) / 12 or (chart.axis.maximum - chart.axis.minimum) / 20
    return Axis(low - air, high + air, ())


def running(start: Fraction, steps: Sequence[Step]) -> list[Fraction]:
    """Return the score before the first step, and after each."""
    totals = [start]
    for step in steps:
        totals.append(totals[-1] + step.amount)
    return totals


def draw(chart: Waterfall, width: float) -> str:
    """Return the waterfall as SVG, as high as its steps."""
    canvas = Canvas()
    labels = [chart.start, *(step.label for step in chart.steps), chart.end]
    names = rows.name_column(labels, width, share=0.4)
    frame = rows.Frame(names, width - _VALUE, 4.0, names, stretch(chart))
    heights = [rows.row_height([label], names, _ROW) for label in labels]
    tops = list(accumulate(heights, initial=frame.top))
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=False)]
    for number, label in enumerate(labels):
        rows.draw_names(canvas, replace(frame, top=tops[number]), [label], heights[number])
        if number:
            canvas.line((0, tops[number]), (frame.right, tops[number]), width=0.6)
    totals = running(chart.start_value, chart.steps)
    _end(canvas, frame, chart.start_text, chart.start_value, middles[0])
    for number, step in enumerate(chart.steps):
        above = middles[number] + (_THICK / 2 if number else 0)
        _lead(canvas, frame.x(totals[number]), above, middles[number + 1])
        _step(canvas, frame, step, totals[number], middles[number + 1])
    _lead(canvas, frame.x(totals[-1]), middles[-2], middles[-1])
    _end(canvas, frame, chart.end_text, chart.end_value, middles[-1])
    return canvas.finish(chart.caption, width, tops[-1] + 4)


def _lead(canvas: Canvas, x: float, top: float, bottom: float) -> None:
    canvas.line((x, top), (x, bottom), colour=MUTED, width=0.8)


def _end(canvas: Canvas, frame: rows.Frame, text: str, value: Fraction, y: float) -> None:
    canvas.line((frame.left, y), (frame.right, y), colour=HAIRLINE)
    canvas.marker((frame.x(value), y), _END, radius=5)
    canvas.text((frame.right + _VALUE, y + TEXT * 0.36), text, anchor="end", bold=True)


def _step(canvas: Canvas, frame: rows.Frame, step: Step, before: Fraction, y: float) -> None:
    ends = sorted((frame.x(before), frame.x(before + step.amount)))
    corner, size = (ends[0], y - _THICK / 2), (max(ends[1] - ends[0], 1.0), _THICK)
    if step.amount >= 0:
        canvas.box(corner, size, fill=RISE)
    else:
        canvas.hatch(corner, size, colour=FALL, gap=4)
    canvas.text((frame.right + _VALUE, y + TEXT * 0.36), step.text, anchor="end")
