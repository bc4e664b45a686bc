"""The strip of marks: one mark per respondent over the points of the scale, median, range and agreed score.

Computes where everything stands, in the units of a view box; a template draws it. Knows scores and roles, no names of
people. A role has one shape and one colour on every strip of an assessment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.charts.drawing.canvas import points_of
from app.charts.palette import Style, unit_styles
from app.core.agreement import Agreement
from app.core.scale import Scale, decimals_of, display
from app.core.text import Text
from app.web.interviews.control import short

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Format:
    """Measures of a strip: `named` writes the points and levels below the axis, and labels the median.

    More than `most_rows` equal scores stand side by side; stacks higher than `tallest` are pressed together.
    """

    width: float
    radius: float
    most_rows: int
    tallest: float
    named: bool

    @property
    def pitch(self) -> float:
        """The room of one mark."""
        return self.radius * 2 + (3 if self.named else 1)


ROW = Format(width=216, radius=4.5, most_rows=20, tallest=56, named=False)
PAGE = Format(width=860, radius=9, most_rows=6, tallest=160, named=True)
MOST_NAMES = 7  # more named levels do not fit below an axis


@dataclass(frozen=True, slots=True)
class Symbol:
    """The shape and colour of a role: corners around (0, 0), none for a circle."""

    style: Style
    corners: str
    radius: float


@dataclass(frozen=True, slots=True)
class Mark:
    """One respondent's score."""

    x: float
    y: float
    symbol: Symbol
    role: Text
    score: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A whole point of the axis; `label` and `name` may be empty."""

    x: float
    label: str
    name: Text | None
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Pointer:
    """A labelled place on the axis; `near` is where its words stand, so that they stay inside."""

    x: float
    score: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything to draw, in units of the view box; `axis` is the height of the axis."""

    format: Format
    height: float
    axis: float
    left: float
    right: float
    ticks: tuple[Tick, ...]
    minor: tuple[float, ...]
    marks: tuple[Mark, ...]
    median: Pointer | None
    agreed: Pointer | None
    range: tuple[float, float] | None
    quartiles: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Said:
    """A score with the role that gave it."""

    role: str
    role_name: Text
    score: Fraction


def role_symbols(roles: Sequence[str], strip: Format) -> Mapping[str, Symbol]:
    """Return a symbol for each role by its place in `roles`; eight colours and seven shapes make 56 of them."""
    return {role: _symbol(style, strip.radius) for role, style in unit_styles(tuple(dict.fromkeys(roles))).items()}


def _symbol(style: Style, radius: float) -> Symbol:
    # a square of the same radius looks larger than a circle: corners reach a little less far out
    return Symbol(style, points_of(style.marker, (0, 0), radius * 1.1), radius)


def draw(
    said: Sequence[Said],
    found: Agreement,
    *,
    scale: Scale,
    symbols: Mapping[str, Symbol],
    form: Format,
    agreed: Fraction | None = None,
) -> Strip:
    """Return the strip of one element; `symbols` has every role of `said`."""
    edge = 40.0 if form.named else form.radius + 3
    span = form.width - 2 * edge

    def x(value: Fraction) -> float:
        return round(edge + float((value - scale.minimum) / (scale.maximum - scale.minimum)) * span, 2)

    def pointer(value: Fraction | None) -> Pointer | None:
        if value is None:
            return None
        near_left, near_right = x(value) < edge + 30, x(value) > form.width - edge - 30
        anchor: Anchor = "start" if near_left else "end" if near_right else "middle"
        return Pointer(x(value), figure(value, scale), anchor)

    places = _stacked([(one, x(one.score)) for one in said], form, room=span / scale.steps)
    rows = max((row for _, _, row in places), default=0) + 1
    pitch = min(form.pitch, form.tallest / rows)
    top = (30.0 if form.named else 3.0) + form.radius
    axis = round(top + (max(rows, 2) - 1) * pitch + form.radius + 5, 2)
    marks = tuple(
        Mark(
            x=round(place, 2),
            y=round(axis - form.radius - 5 - row * pitch, 2),
            symbol=symbols[one.role],
            role=one.role_name,
            score=display(one.score, scale.decimals),
        )
        for one, place, row in places
    )
    return Strip(
        format=form,
        height=axis + (6.0 if not form.named else 44.0 if agreed is None else 74.0),
        axis=axis,
        left=edge,
        right=form.width - edge,
        ticks=_ticks(scale, x) if form.named else tuple(Tick(x(v), "", None, "middle") for v in _wholes(scale)),
        minor=tuple(x(value) for value in scale.grid) if scale.steps <= 60 else (),
        marks=marks,
        median=pointer(found.median),
        agreed=pointer(agreed),
        range=(x(found.lowest), x(found.highest)) if found.lowest is not None and found.highest is not None else None,
        quartiles=(x(found.quartiles[0]), x(found.quartiles[1])) if found.quartiles else None,
    )


def figure(value: Fraction, scale: Scale) -> str:
    """Return a figure with the decimals of the scale, or the more that it needs (medians lie between points)."""
    return display(value, max(scale.decimals, decimals_of(value)))


def axis_labels(scale: Scale, form: Format = ROW) -> tuple[Tick, ...]:
    """Return the labels for the head of a column of strips."""
    edge = form.radius + 3
    span = form.width - 2 * edge
    whole = scale.maximum - scale.minimum
    return tuple(
        Tick(round(edge + float((value - scale.minimum) / whole) * span, 2), short(value, scale), None, "middle")
        for value in _wholes(scale)
    )


def _ticks(scale: Scale, x: Callable[[Fraction], float]) -> tuple[Tick, ...]:
    wholes = _wholes(scale)
    named = len(scale.levels) <= MOST_NAMES
    names = {level.value: level.name for level in scale.levels} if named else {}
    values = sorted({*wholes, *names})
    return tuple(Tick(x(value), short(value, scale), names.get(value), "middle") for value in values)


def _wholes(scale: Scale) -> tuple[Fraction, ...]:
    wholes = tuple(value for value in scale.grid if value.denominator == 1) or scale.grid
    stride = 1 + (len(wholes) - 1) // 12
    return wholes[::stride]


def _stacked(said: Sequence[tuple[Said, float]], form: Format, *, room: float) -> list[tuple[Said, float, int]]:
    """Return (what, x, row): equal scores side by side within their room, then upwards; no mark upon another."""
    counts: dict[Fraction, int] = {}
    for one, _ in said:
        counts[one.score] = counts.get(one.score, 0) + 1
    tallest = max(counts.values(), default=0)
    columns = max(1, min(int(room // form.pitch), -(-tallest // form.most_rows)))
    taken: list[tuple[float, int]] = []
    seen: dict[Fraction, int] = {}
    placed = []
    for one, place in sorted(said, key=lambda pair: pair[1]):
        in_row = max(1, min(columns, -(-counts[one.score] // form.most_rows)))
        slot = seen.get(one.score, 0)
        while True:
            row, column = divmod(slot, in_row)
            at = place + (column - (in_row - 1) / 2) * form.pitch
            slot += 1
            if all(other != row or abs(left - at) >= form.pitch - 0.01 for left, other in taken):
                break
        seen[one.score] = slot
        taken.append((at, row))
        placed.append((one, at, row))
    return placed
