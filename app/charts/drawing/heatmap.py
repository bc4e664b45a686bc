"""The heatmap on paper: a figure in every cell on a ramp from sand to deep blue, hatched where withheld."""

from __future__ import annotations

from app.charts.drawing import rows
from app.charts.drawing.canvas import LINE, SMALL, TEXT, Canvas
from app.charts.lettering import balanced, ems
from app.charts.lettering import width as width_of
from app.charts.palette import INK, MUTED, PAPER, ramp, text_on
from app.charts.spec import Heatmap, Mark, Standing

_LEAST = 26.0
_DENSE, _MANY = 22.0, 12  # the height of a row where there are more than so many
_NAMES = 0.42  # of the width, at most
_WIDEST = 130.0
_KEY = 34.0


def draw(chart: Heatmap, width: float) -> str:
    """Return the heatmap as SVG, as high as its rows."""
    canvas = Canvas()
    names = rows.name_column(chart.rows, width, share=_NAMES)
    cell = min(_WIDEST, (width - names) / max(1, len(chart.columns)))
    size = TEXT if cell >= 56 else SMALL
    heads = [balanced(column.name, max(2.0, (cell - 6) / size)) for column in chart.columns]
    widest = max((ems(line) for head in heads for line in head), default=1.0)
    size = max(6.5, min(size, (cell - 4) / widest))
    top = max((len(head) for head in heads), default=1) * size * LINE + 8
    frame = rows.Frame(names, names + cell * len(chart.columns), top, names, chart.axis)
    height = rows.row_height(chart.rows, names, _DENSE if len(chart.rows) > _MANY else _LEAST)
    for number, head in enumerate(heads):
        middle = top - 6 - len(head) * size * LINE / 2
        canvas.lines_of_text((names + (number + 0.5) * cell, middle), head, anchor="middle", size=size)
    rows.draw_names(canvas, frame, chart.rows, height)
    for row, marks in enumerate(chart.cells):
        for column, mark in enumerate(marks):
            _cell(canvas, chart, mark, (names + column * cell + 1, top + row * height + 1), (cell - 2, height - 2))
    bottom = top + height * len(chart.rows)
    _key(canvas, chart, names, bottom + 10, min(260.0, frame.right - names))
    return canvas.finish(chart.caption, width, bottom + 10 + _KEY)


def _cell(canvas: Canvas, chart: Heatmap, mark: Mark, corner: tuple[float, float], size: tuple[float, float]) -> None:
    if mark.value is not None:
        fill = ramp(chart.axis.share(mark.value))
        canvas.box(corner, size, fill=fill)
        _print(canvas, mark.short, corner, size, text_on(fill))
        return
    if mark.withheld_range is not None:
        canvas.hatch(corner, size, gap=6)
        middle = corner[1] + size[1] / 2
        inset = min(size[0] / 2, width_of(mark.short, SMALL) / 2 + 4)
        canvas.box((corner[0] + size[0] / 2 - inset, middle - 7), (inset * 2, 14), fill=PAPER)
        _print(canvas, mark.short, corner, size, INK)
    elif mark.standing is Standing.OPEN:
        canvas.ring((corner[0] + size[0] / 2, corner[1] + size[1] / 2))
    else:
        _print(canvas, mark.short, corner, size, MUTED)


def _print(canvas: Canvas, words: str, corner: tuple[float, float], size: tuple[float, float], colour: str) -> None:
    fitting = min(TEXT, TEXT * (size[0] - 3) / max(1.0, width_of(words, TEXT)))
    at = (corner[0] + size[0] / 2, corner[1] + size[1] / 2 + fitting * 0.36)
    canvas.text(at, words, anchor="middle", size=max(6.5, round(fitting, 1)), colour=colour)


def _key(canvas: Canvas, chart: Heatmap, left: float, top: float, width: float) -> None:
    pieces = 25
    for piece in range(pieces):
        corner = (left + width * piece / pieces, top)
        canvas.box(corner, (width / pieces + 0.5, 8), fill=ramp((piece + 0.5) / pieces))
    for tick in chart.axis.ticks:
        x = left + width * chart.axis.share(tick.value)
        canvas.text((x, top + 20), tick.label, anchor="middle", size=SMALL, colour=MUTED)
