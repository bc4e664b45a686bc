"""The radar on paper: rings at every level of the scale, full names outside, unfilled lines with gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, inf, pi, sin

from app.charts.drawing import legend
from app.charts.drawing.canvas import LINE, SMALL, TEXT, Anchor, Canvas, Point, dashes_of, is_hollow
from app.charts.lettering import balanced, ems
from app.charts.palette import HAIRLINE, INK, MUTED
from app.charts.spec import Mark, Multiples, Radar, Series, Standing

_PAD = 10.0
_ABREAST, _NARROWEST = 5, 200.0  # small radars side by side, and the least room of one
_LOWEST, _LOWER = 82.0, 54.0  # greatest radius of small radars in one row, in several: two rows stand on a page


def draw(chart: Radar, width: float) -> str:
    """Return the radar as SVG, as high as it needs."""
    canvas = Canvas()
    below = legend.height(chart.series, width)
    height = place(canvas, chart, (0.0, 0.0), width)
    legend.draw(canvas, chart.series, height + 6, width)
    return canvas.finish(chart.caption, width, height + 6 + below + 2)


def draw_multiples(chart: Multiples, width: float) -> str:
    """Return small radars side by side, each under its unit's name; what every panel is compared with in a key."""
    canvas = Canvas()
    across = _across(len(chart.panels), width)
    cell = width / across
    radius = _LOWEST if len(chart.panels) <= across else _LOWER
    titles = [balanced(panel.series[0].name, (cell - 30) / TEXT) for panel in chart.panels]
    head = max(len(title) for title in titles) * TEXT * LINE + 4
    tallest, top = 0.0, 0.0
    for number, panel in enumerate(chart.panels):
        if number and number % across == 0:
            top, tallest = top + tallest + 12, 0.0
        left = (number % across) * cell
        series = panel.series[0]
        canvas.marker((left + 10, top + 10), series.style)
        for line, words in enumerate(titles[number]):
            canvas.text((left + 22, top + 10 + TEXT * (0.36 + line * LINE)), words, bold=True)
        taken = place(canvas, panel, (left, top + head), cell, size=SMALL, lowest=radius)
        tallest = max(tallest, head + taken)
    top += tallest + 4
    others = tuple({line.id: line for panel in chart.panels for line in panel.series[1:]}.values())
    if others:
        legend.draw(canvas, others, top, width)
        top += legend.height(others, width)
    return canvas.finish(chart.caption, width, top)


def _across(panels: int, width: float) -> int:
    """Return how many panels stand side by side: as many as can be read, the rows as even as they can be."""
    most = max(1, min(_ABREAST, panels, int(width // _NARROWEST)))
    return -(-panels // -(-panels // most))


def place(
    canvas: Canvas, chart: Radar, corner: Point, width: float, *, size: float = TEXT, lowest: float | None = None
) -> float:
    """Draw a radar without its key into a box of that width; return the height it took.

    `lowest`: it is one of many, about the first of its lines, and its radius at most this.
    """
    room = max(4.5 * size, width * 0.19)
    radius, small = width / 2 - room - 2 * _PAD, lowest is not None
    if lowest is not None:
        radius = min(radius, lowest)
        room = width / 2 - radius - 1.5 * _PAD
    labels = [_label(chart, number, room / size, small=small) for number in range(len(chart.spokes))]
    geometry = _Geometry(chart, (corner[0] + width / 2, 0.0), radius)
    names = _spread([_name(geometry, number, lines, size) for number, lines in enumerate(labels)])
    lowest = max([radius, *(name.top + name.height for name in names)])
    highest = min([-radius, *(name.top for name in names)]) - 4
    geometry.centre = (geometry.centre[0], corner[1] - highest)
    _web(canvas, geometry, size)
    for number, name in enumerate(names):
        _write(canvas, geometry, number, name, told=None if small else _told(chart))
    first = chart.series[0] if small else None
    for number, series in enumerate(sorted(chart.series, key=lambda line: line is first if small else line.own)):
        _series(canvas, geometry, series, number, heavy=series is first if small else series.own)
    return lowest - highest + 4


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of a spoke, placed: `top` counts from the centre of the radar."""

    lines: tuple[str, ...]
    x: float
    top: float
    size: float
    anchor: Anchor

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE


def _spread(names: list[_Name]) -> list[_Name]:
    """Move names on either side away from the middle until none stands on another."""
    placed = dict(enumerate(names))
    for anchor in ("start", "end"):
        side = [number for number, name in enumerate(names) if name.anchor == anchor]
        below = sorted((n for n in side if names[n].top + names[n].height / 2 >= 0), key=lambda n: names[n].top)
        above = sorted((n for n in side if n not in below), key=lambda n: -names[n].top)
        floor = -inf
        for number in below:
            placed[number] = replace(placed[number], top=max(placed[number].top, floor))
            floor = placed[number].top + placed[number].height + 2
        ceiling = min((placed[number].top for number in below), default=inf)
        for number in above:
            name = placed[number]
            placed[number] = replace(name, top=min(name.top, ceiling - name.height - 2))
            ceiling = placed[number].top
    return [placed[number] for number in range(len(names))]


class _Geometry:
    """Where a value stands on a spoke."""

    def __init__(self, chart: Radar, centre: Point, radius: float) -> None:
        self.chart, self.centre, self.radius = chart, centre, radius

    def angle(self, spoke: int) -> float:
        return 2 * pi * spoke / len(self.chart.spokes)

    def at(self, spoke: int, share: float, aside: float = 0.0) -> Point:
        angle = self.angle(spoke)
        reach = self.radius * share
        return (
            self.centre[0] + reach * sin(angle) + aside * cos(angle),
            self.centre[1] - reach * cos(angle) + aside * sin(angle),
        )


def _label(chart: Radar, spoke: int, limit: float, *, small: bool = False) -> tuple[str, ...]:
    told = _told(chart, small=small)
    figure = (_figure(told.marks[spoke]),) if told else ()
    if small:
        name, whole = chart.spokes[spoke].name, " ".join((chart.spokes[spoke].name, *figure))
        return (name, *figure) if ems(name) <= limit < ems(whole) else balanced(whole, limit)
    return (*balanced(chart.spokes[spoke].name, limit), *figure)


def _told(chart: Radar, *, small: bool = False) -> Series | None:
    """Return the line whose figures are printed under the names: the unit in question, or the only one."""
    if small:
        return chart.series[0]
    return next((line for line in chart.series if line.own), chart.series[0] if len(chart.series) == 1 else None)


def _figure(mark: Mark) -> str:
    return mark.full if mark.standing in (Standing.OPEN, Standing.NOT_APPLICABLE, Standing.ABSENT) else mark.short


def _web(canvas: Canvas, geometry: _Geometry, size: float) -> None:
    axis, spokes = geometry.chart.axis, range(len(geometry.chart.spokes))
    for tick in axis.ticks:
        share = axis.share(tick.value)
        if share > 0:
            edge = MUTED if share == 1 else HAIRLINE
            canvas.path([geometry.at(n, share) for n in spokes], closed=True, colour=edge, width=0.8)
    for spoke in spokes:
        canvas.line(geometry.centre, geometry.at(spoke, 1), width=0.8)
    for tick in axis.ticks:
        x, y = geometry.at(0, axis.share(tick.value))
        canvas.text((x - 5, y + size * 0.3), tick.label, anchor="end", size=min(size, SMALL) - 1, colour=MUTED)


def _name(geometry: _Geometry, spoke: int, lines: tuple[str, ...], size: float) -> _Name:
    angle = geometry.angle(spoke)
    x, y = geometry.at(spoke, 1)
    sideways, upright = sin(angle), cos(angle)
    reach = _PAD + (5 if abs(sideways) < 0.2 else 0)  # clear of the level printed at the top of the first spoke
    x, y = x + reach * sideways, y - reach * upright
    anchor: Anchor = "middle" if abs(sideways) < 0.2 else "start" if sideways > 0 else "end"
    height = len(lines) * size * LINE
    if abs(sideways) < 0.9:
        y -= upright * (height - size * LINE) / 2
    return _Name(lines, x, y - height / 2, size, anchor)


def _write(canvas: Canvas, geometry: _Geometry, spoke: int, name: _Name, *, told: Series | None) -> None:
    scored = told is not None and told.marks[spoke].value is not None
    first = geometry.centre[1] + name.top + name.size * (LINE / 2 + 0.36)
    for number, line in enumerate(name.lines):
        last = told is not None and number == len(name.lines) - 1
        colour = MUTED if last and not scored else INK
        at = (name.x, first + number * name.size * LINE)
        canvas.text(at, line, anchor=name.anchor, size=name.size, bold=last and scored, colour=colour)


def _series(canvas: Canvas, geometry: _Geometry, series: Series, number: int, *, heavy: bool) -> None:
    axis = geometry.chart.axis
    points = [
        None if mark.value is None else geometry.at(spoke, axis.share(mark.value))
        for spoke, mark in enumerate(series.marks)
    ]
    heavy = heavy or len(geometry.chart.series) == 1
    for run in runs(points):
        closed = len(run) == len(points)
        canvas.path(
            run, closed=closed, colour=series.style.outline, width=2.6 if heavy else 1.6,
            dash=dashes_of(series.style, own=heavy),
        )  # fmt: skip
    for spoke in range(len(series.marks)):
        _mark(canvas, geometry, series, spoke, number=number)


def _mark(canvas: Canvas, geometry: _Geometry, series: Series, spoke: int, *, number: int) -> None:
    mark = series.marks[spoke]
    axis = geometry.chart.axis
    if mark.withheld_range is not None:
        low, high = (axis.share(end) for end in mark.withheld_range)
        aside = (number - (len(geometry.chart.series) - 1) / 2) * 5
        start, end = geometry.at(spoke, low, aside), geometry.at(spoke, high, aside)
        canvas.line(start, end, colour=series.style.outline, width=4, dash="1.2 2.6")
        return
    point = None if mark.value is None else geometry.at(spoke, axis.share(mark.value))
    if point is not None:
        canvas.marker(point, series.style, hollow=is_hollow(mark))


def runs(points: list[Point | None]) -> list[list[Point]]:
    """Return the unbroken stretches of a closed line, two points or more; a gap breaks it, the end joins the start."""
    if all(point is not None for point in points):
        return [[point for point in points if point is not None]]
    first_gap = points.index(None)
    turned = points[first_gap + 1 :] + points[:first_gap]
    stretches: list[list[Point]] = [[]]
    for point in turned:
        if point is None:
            stretches.append([])
        else:
            stretches[-1].append(point)
    return [stretch for stretch in stretches if len(stretch) > 1]
