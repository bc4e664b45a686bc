"""The key below a chart: each unit's line, marker and name, flowing over as many rows as it needs."""

from __future__ import annotations

from collections.abc import Sequence

from app.charts.drawing.canvas import LINE, SMALL, TEXT, Canvas, dashes_of
from app.charts.lettering import width as width_of
from app.charts.lettering import wrap
from app.charts.palette import BAND, INK
from app.charts.spec import Series, Standing

ROW, LOW_ROW = 20.0, 16.0
MANY = 6  # entries from which the key is set smaller
_SWATCH = 34.0
_GAP = 20.0
_AIR = 1.04  # lettering is measured to a few per cent


def entries(series: Sequence[Series], band: str = "") -> list[tuple[Series | None, str]]:
    """Return what the key names: the unit in question first, the benchmark band last."""
    ordered = sorted(series, key=lambda line: not line.own)
    return [*((line, _named(line)) for line in ordered), *([(None, band)] if band else [])]


def is_drawn(line: Series) -> bool:
    """Tell whether anything of a unit can be seen in the chart."""
    return any(mark.value is not None or mark.standing is Standing.WITHHELD for mark in line.marks)


def _named(line: Series) -> str:
    if is_drawn(line) or not line.marks:
        return line.name
    return f"{line.name} – {line.marks[0].full}"


def rows_of(series: Sequence[Series], width: float, band: str = "") -> list[list[tuple[Series | None, str]]]:
    """Return the entries of the key, row by row."""
    rows: list[list[tuple[Series | None, str]]] = [[]]
    used, size = 0.0, _size(series)
    for entry in entries(series, band):
        needed = _SWATCH + width_of(entry[1], size) * _AIR + _GAP
        if rows[-1] and used + needed > width + _GAP:
            rows.append([])
            used = 0.0
        rows[-1].append(entry)
        used += needed
    return [row for row in rows if row]


def height(series: Sequence[Series], width: float, band: str = "") -> float:
    """Return how much room the key takes."""
    return sum(_high(series, row, width) for row in rows_of(series, width, band))


def _lines(name: str, size: float, width: float) -> tuple[str, ...]:
    """Break a name that is wider than the whole key; it stands in a row of its own."""
    return wrap(name, (width - _SWATCH) / (size * _AIR))


def _high(series: Sequence[Series], row: list[tuple[Series | None, str]], width: float) -> float:
    size = _size(series)
    further = max(len(_lines(name, size, width)) for _, name in row) - 1
    return _row(series) + further * size * LINE


def _size(series: Sequence[Series]) -> float:
    return TEXT if len(series) < MANY else SMALL


def _row(series: Sequence[Series]) -> float:
    return ROW if len(series) < MANY else LOW_ROW


def draw(canvas: Canvas, series: Sequence[Series], top: float, width: float, band: str = "") -> None:
    """Draw the key, its rows centred."""
    size = _size(series)
    for row in rows_of(series, width, band):
        total = sum(_SWATCH + width_of(name, size) * _AIR + _GAP for _, name in row) - _GAP
        x, y = max(0.0, (width - total) / 2), top + _row(series) / 2
        for line, name in row:
            _swatch(canvas, line, x, y)
            for number, words in enumerate(_lines(name, size, width)):
                at = (x + _SWATCH, y + size * (0.36 + number * LINE))
                canvas.text(at, words, size=size, bold=line is not None and line.own)
            x += _SWATCH + width_of(name, size) * _AIR + _GAP
        top += _high(series, row, width)


def _swatch(canvas: Canvas, line: Series | None, x: float, y: float) -> None:
    if line is None:
        canvas.box((x, y - 5), (26, 10), fill=BAND)
        canvas.line((x + 13, y - 7), (x + 13, y + 7), colour=INK, width=2)
        return
    if not is_drawn(line):
        canvas.ring((x + 13, y))
        return
    canvas.line(
        (x, y), (x + 26, y), colour=line.style.outline, width=2.6 if line.own else 1.6,
        dash=dashes_of(line.style, own=line.own),
    )  # fmt: skip
    canvas.marker((x + 13, y), line.style)
