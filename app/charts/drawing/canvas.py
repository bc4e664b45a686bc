"""A sheet to draw on: escaped SVG text, lines, hatching, markers. No ids, no styles, no reference to anything outside.

Lengths are CSS pixels. Hatching is drawn as plain lines, so that every renderer and printer shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from app.charts.palette import HAIRLINE, INK, MUTED, PAPER, Dash, Marker, Style
from app.charts.spec import Caption, Mark, Standing

FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
TEXT = 12.0
SMALL = 10.0
LINE = 1.35  # line height in ems

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

DASHES: dict[Dash, str] = {
    "solid": "",
    "longdash": "9 3",
    "dash": "5 3",
    "dot": "1.5 2.5",
    "dashdot": "7 2.5 1.5 2.5",
}


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


class Canvas:
    """Collects shapes; `finish` wraps them into one standalone SVG with its alternative text."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def finish(self, caption: Caption, width: float, height: float) -> str:
        """Return the SVG document; title and description stand in it as its alternative text."""
        language = "zh-Hans" if caption.locale == "zh" else "en"
        size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(caption.title)} '
            f'xml:lang="{language}" font-family="{FONT}" font-size="{_n(TEXT)}" fill="{INK}">'
            f"<title>{escape(caption.title)}</title><desc>{escape(caption.description)}</desc>"
        )
        return head + "".join(self._parts) + "</svg>"

    def text(
        self,
        at: Point,
        words: str,
        *,
        anchor: Anchor = "start",
        size: float = TEXT,
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """Write one line; `at` is on its baseline."""
        if not words:
            return
        weight = ' font-weight="bold"' if bold else ""
        side = "" if anchor == "start" else f' text-anchor="{anchor}"'
        font = "" if size == TEXT else f' font-size="{_n(size)}"'
        fill = "" if colour == INK else f' fill="{colour}"'
        self._parts.append(f'<text x="{_n(at[0])}" y="{_n(at[1])}"{side}{font}{weight}{fill}>{escape(words)}</text>')

    def lines_of_text(
        self,
        at: Point,
        lines: Sequence[str],
        *,
        anchor: Anchor = "start",
        size: float = TEXT,
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """Write lines of text centred on `at` vertically."""
        first = at[1] - (len(lines) - 1) * size * LINE / 2 + size * 0.36
        for number, line in enumerate(lines):
            self.text((at[0], first + number * size * LINE), line, anchor=anchor, size=size, colour=colour, bold=bold)

    def line(self, start: Point, end: Point, *, colour: str = HAIRLINE, width: float = 1, dash: str = "") -> None:
        """Draw a straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        ends = f'x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}" y2="{_n(end[1])}"'
        self._parts.append(f'<line {ends} stroke="{colour}" stroke-width="{_n(width)}"{dashes}/>')

    def path(
        self, points: Sequence[Point], *, closed: bool, colour: str, width: float, dash: str = "", fill: str = "none"
    ) -> None:
        """Draw a line through points."""
        drawn = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) + ("Z" if closed else "")
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="{drawn}" fill="{fill}" stroke="{colour}" stroke-width="{_n(width)}" '
            f'stroke-linejoin="round"{dashes}/>'
        )

    def box(self, corner: Point, size: Point, *, fill: str, stroke: str = "none", width: float = 1) -> None:
        """Draw a rectangle."""
        edge = "" if stroke == "none" else f' stroke="{stroke}" stroke-width="{_n(width)}"'
        place = f'x="{_n(corner[0])}" y="{_n(corner[1])}" width="{_n(max(size[0], 0))}" height="{_n(max(size[1], 0))}"'
        self._parts.append(f'<rect {place} fill="{fill}"{edge}/>')

    def hatch(self, corner: Point, size: Point, *, colour: str = MUTED, gap: float = 5, edge: bool = True) -> None:
        """Fill a rectangle with rising lines."""
        lines = hatching(corner, size, gap)
        drawn = "".join(f"M{_n(a[0])} {_n(a[1])}L{_n(b[0])} {_n(b[1])}" for a, b in lines)
        if edge:
            self.box(corner, size, fill=PAPER, stroke=colour, width=0.8)
        self._parts.append(f'<path d="{drawn}" fill="none" stroke="{colour}" stroke-width="0.8"/>')

    def marker(self, at: Point, style: Style, *, radius: float = 4.5, hollow: bool = False) -> None:
        """Draw a unit's marker; a hollow one stands for a provisional score."""
        fill, stroke = (PAPER, style.outline) if hollow else (style.colour, style.outline)
        common = f'fill="{fill}" stroke="{stroke}" stroke-width="1.3"'
        if style.marker == "circle":
            self._parts.append(f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" {common}/>')
            return
        self._parts.append(f'<polygon points="{points_of(style.marker, at, radius)}" {common}/>')

    def ring(self, at: Point, *, radius: float = 4) -> None:
        """Draw the empty ring of an element that nobody scored."""
        self._parts.append(
            f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="{_n(radius)}" fill="none" stroke="{MUTED}" '
            f'stroke-width="1.2"/>'
        )


def dashes_of(style: Style, *, own: bool) -> str:
    """Return a unit's dash pattern; the unit in question is solid."""
    return "" if own else DASHES[style.dash]


def is_hollow(mark: Mark) -> bool:
    """Tell whether a figure's marker is drawn open."""
    return mark.standing is Standing.PROVISIONAL


def hatching(corner: Point, size: Point, gap: float) -> list[tuple[Point, Point]]:
    """Return lines rising to the right, `gap` apart horizontally, cut to a rectangle (down is positive)."""
    (x, y), (width, height) = corner, size
    lines: list[tuple[Point, Point]] = []
    offset = gap
    while offset < width + height:
        start = (x + max(0.0, offset - height), y + min(offset, height))
        end = (x + min(offset, width), y + max(0.0, offset - width))
        lines.append((start, end))
        offset += gap
    return lines


def _regular(corners: int, *radii: float) -> tuple[Point, ...]:
    """Return corners around a circle from the top, taking the radii in turn."""
    turns = ((radii[n % len(radii)], 2 * pi * n / corners - pi / 2) for n in range(corners))
    return tuple((radius * cos(turn), radius * sin(turn)) for radius, turn in turns)


_OUTLINES: dict[Marker, tuple[Point, ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "triangle-up": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    "triangle-down": ((0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
    "star": _regular(10, 1.3, 0.58),
    "hexagon": _regular(6, 1.1),
}


def points_of(marker: Marker, at: Point, radius: float) -> str:
    """Return the corners of a marker as an SVG `points` attribute; empty for the circle, which has none."""
    return " ".join(f"{_n(at[0] + x * radius)},{_n(at[1] + y * radius)}" for x, y in _OUTLINES.get(marker, ()))
