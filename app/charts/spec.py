"""What a chart shows, already worded and exact; nothing about how it is drawn.

A spec is made once (`build`) and drawn twice (`screen`, `paper`) and told once more in numbers (`table`). Values are
exact rationals in points of the scale; every text that a reader sees stands here, rounded and translated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from app.charts.palette import Style
from app.core.text import Locale

RADAR_AXES = range(3, 17)
RADAR_LINES = 4


class Standing(StrEnum):
    """How a figure may be read, and so how it is drawn."""

    FIRM = "firm"  # a point or bar
    PROVISIONAL = "provisional"  # a point or bar with an open marker
    WITHHELD = "withheld"  # never a point: only its bounds, hatched
    OPEN = "open"  # nothing scored: an empty ring
    NOT_APPLICABLE = "not-applicable"  # a dash
    ABSENT = "absent"  # a carrier whose source says nothing: a gap


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure at one place. `value` is set only when it may be drawn as a point.

    `low` and `high` are the bounds of a withheld score or the range that a source printed. `short` is printed in the
    chart, `full` in tables and on hover; both are rounded and worded.
    """

    standing: Standing
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    short: str = ""
    full: str = ""

    @property
    def withheld_range(self) -> tuple[Fraction, Fraction] | None:
        """The bounds to hatch, for a withheld score."""
        if self.standing is Standing.WITHHELD and self.low is not None and self.high is not None:
            return self.low, self.high
        return None


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a capability, a unit or an element; `id` is its id, empty for the overall.

    `strong` sets it apart from those below it, in a chart of more than one tier.
    """

    id: str
    name: str
    code: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around a chart. `title` says what it shows; `description` tells it to who cannot see it.

    `unit` is the unit of measure, `count` the n, `source` where the figures come from; `notes` explain the signs used.
    """

    locale: Locale
    title: str
    description: str
    unit: str
    count: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What is printed below a chart, in order, without empty parts."""
        return tuple(line for line in (self.unit, self.count, self.source, *self.notes) if line)


@dataclass(frozen=True, slots=True)
class Tick:
    """A named point of the axis."""

    value: Fraction
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The fixed axis of scores: always the whole scale, every level a tick, whatever the data."""

    minimum: Fraction
    maximum: Fraction
    ticks: tuple[Tick, ...]

    def share(self, value: Fraction) -> float:
        """Return where `value` stands between the ends, 0 to 1."""
        return float((value - self.minimum) / (self.maximum - self.minimum))


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one column; `marks` run parallel to the chart's labels. `own` marks the unit in question."""

    id: str
    name: str
    style: Style
    marks: tuple[Mark, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Radar:
    """3 to 16 spokes on one fixed axis, at most four unfilled lines; a missing figure is a gap."""

    caption: Caption
    axis: Axis
    spokes: tuple[Label, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        if len(self.spokes) not in RADAR_AXES:
            raise ValueError(f"a radar has 3 to 16 spokes, not {len(self.spokes)}")
        if len(self.series) > RADAR_LINES:
            raise ValueError(f"a radar has at most {RADAR_LINES} lines, not {len(self.series)}")


@dataclass(frozen=True, slots=True)
class Multiples:
    """One small radar per column, all on the same axis, where one radar would hold too many lines.

    The first line of a panel is the one it is about; any other is there to compare, the same in every panel.
    """

    caption: Caption
    panels: tuple[Radar, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """Lowest, median and highest benchmark figure of a row; `text` as printed."""

    low: Fraction
    median: Fraction
    high: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class DotPlot:
    """One row per capability, one mark per column, the benchmark behind as a band with a median tick.

    `joined`: the columns are the same unit in several rounds; their marks stand on one line.
    """

    caption: Caption
    axis: Axis
    rows: tuple[Label, ...]
    series: tuple[Series, ...]
    bands: tuple[Band | None, ...] = ()
    band_name: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Rows by columns; `cells[row][column]`, the figure printed in each. `row_head`: what the rows are."""

    caption: Caption
    axis: Axis
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    cells: tuple[tuple[Mark, ...], ...]
    row_head: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """One bar per capability, or per unit. `references` (parallel, or empty) are figures printed by the source.

    `band` is the benchmark behind all bars, where they stand for the same capability. `row_head`: what the rows are.
    """

    caption: Caption
    axis: Axis
    rows: tuple[Label, ...]
    marks: tuple[Mark, ...]
    references: tuple[Mark | None, ...] = ()
    reference_name: str = ""
    band: Band | None = None
    band_name: str = ""
    row_head: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One contribution to a difference; `score` + `coverage` is its amount. `text` is the amount as printed."""

    label: Label
    score: Fraction
    coverage: Fraction
    text: str
    score_text: str
    coverage_text: str

    @property
    def amount(self) -> Fraction:
        """The whole contribution, in points."""
        return self.score + self.coverage


@dataclass(frozen=True, slots=True)
class Waterfall:
    """From one unit's score over contributions, largest first, to the other's; `start` + steps = `end` exactly."""

    caption: Caption
    axis: Axis
    start: Label
    end: Label
    start_value: Fraction
    end_value: Fraction
    start_text: str
    end_text: str
    steps: tuple[Step, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.start_value + sum((step.amount for step in self.steps), Fraction()) != self.end_value:
            raise ValueError("the steps of a waterfall lead from its start to its end exactly")


Chart = Radar | Multiples | DotPlot | Heatmap | Bars | Waterfall
