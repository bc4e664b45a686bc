"""What charts of rows share: names on the left, one fixed axis from the scale's minimum to its maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.charts.drawing.canvas import LINE, SMALL, TEXT, Canvas
from app.charts.lettering import width as width_of
from app.charts.lettering import wrap
from app.charts.palette import BAND, HAIRLINE, INK, MUTED, PAPER
from app.charts.spec import Axis, Band, Label

AXIS = 20.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The room of a chart of rows: names left of `left`, figures from `left` to `right`."""

    left: float
    right: float
    top: float
    limit: float
    axis: Axis

    def x(self, value: Fraction) -> float:
        """Return where a value stands."""
        return self.left + (self.right - self.left) * self.axis.share(value)


def name_column(labels: Sequence[Label], width: float, *, share: float = 0.34) -> float:
    """Return how wide the names are, at most a share of the whole."""
    widest = max((width_of(label.name, TEXT) for label in labels), default=0.0)
    return min(widest * 1.05 + 12, width * share)


def lines_of(label: Label, limit: float) -> tuple[str, ...]:
    """Return a name broken to the width of the name column."""
    return wrap(label.name, (limit - 10) / TEXT)


def row_height(labels: Sequence[Label], limit: float, least: float) -> float:
    """Return the height of every row: the least, or what the longest name takes."""
    most = max((len(lines_of(label, limit)) for label in labels), default=1)
    return max(least, most * TEXT * LINE + 6)


def draw_names(canvas: Canvas, frame: Frame, labels: Sequence[Label], height: float) -> None:
    """Write the names, one row each, with a hairline between rows."""
    for number, label in enumerate(labels):
        middle = frame.top + (number + 0.5) * height
        canvas.lines_of_text((frame.left - 10, middle), lines_of(label, frame.limit), anchor="end", bold=label.strong)
        if number:
            line = frame.top + number * height
            canvas.line((0, line), (frame.right, line), width=0.6)


def draw_axis(canvas: Canvas, frame: Frame, bottom: float) -> None:
    """Draw a thin line at every level, its value above."""
    for tick in frame.axis.ticks:
        x = frame.x(tick.value)
        canvas.line((x, frame.top), (x, bottom), colour=HAIRLINE, width=0.8)
        canvas.text((x, frame.top - 6), tick.label, anchor="middle", size=SMALL, colour=MUTED)


def tell(canvas: Canvas, at: tuple[float, float], words: str) -> None:
    """Write what stands in a row instead of a figure, on a patch of paper, so that no line of the axis strikes it."""
    x, y = at
    canvas.box((x - 2, y - SMALL * 0.6), (width_of(words, SMALL) * 1.04 + 4, SMALL * 1.2), fill=PAPER)
    canvas.text((x, y + SMALL * 0.36), words, size=SMALL, colour=MUTED)


def draw_band(canvas: Canvas, frame: Frame, band: Band, top: float, height: float) -> None:
    """Draw the benchmark's range with its median behind a row, or behind several that share it."""
    low, high, middle = frame.x(band.low), frame.x(band.high), frame.x(band.median)
    canvas.box((low - 1, top + 5), (high - low + 2, height - 10), fill=BAND)
    canvas.line((middle, top + 3), (middle, top + height - 3), colour=INK, width=2)
