"""What may be said of the figures: extremes, gaps, order, unknowns. Values only; `message` puts them into words.

One threshold runs through all of them: a difference below half a step of the scale is no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.case import State
from app.core.scoring import Status
from app.document.material import Material, Subject


@dataclass(frozen=True, slots=True)
class Ends:
    """The highest and the lowest of several figures. Both are empty where no figure stands out.

    `top` holds the ids within the threshold of the highest, `bottom` those within it of the lowest; whatever of the
    one is at least the threshold from everything of the other.
    """

    values: Mapping[str, Fraction]
    top: tuple[str, ...]
    bottom: tuple[str, ...]

    @property
    def low(self) -> Fraction:
        """The lowest figure."""
        return min(self.values.values())

    @property
    def high(self) -> Fraction:
        """The highest figure."""
        return max(self.values.values())

    @property
    def spread(self) -> Fraction:
        """The distance between highest and lowest."""
        return self.high - self.low


def ends(values: Mapping[str, Fraction], within: Fraction) -> Ends:
    """Find what stands out at either end of at least one figure; `within` is the threshold, in points."""
    high, low = max(values.values()), min(values.values())
    if high - low < within:
        return Ends(values, (), ())
    near_top = {key for key, value in values.items() if high - value < within}
    near_bottom = {key for key, value in values.items() if value - low < within}
    top, bottom = near_top - near_bottom, near_bottom - near_top
    clear_top = {one for one in top if all(values[one] - values[other] >= within for other in bottom)}
    clear_bottom = {one for one in bottom if all(values[other] - values[one] >= within for other in top)}
    return Ends(values, _descending(values, clear_top), tuple(reversed(_descending(values, clear_bottom))))


def _descending(values: Mapping[str, Fraction], keys: set[str]) -> tuple[str, ...]:
    return tuple(sorted((key for key in values if key in keys), key=lambda key: -values[key]))


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a unit stands below (positive) or above the benchmark's median at one node."""

    node: str
    score: Fraction
    median: Fraction
    best: Fraction
    n: int

    @property
    def gap(self) -> Fraction:
        """Points below the median; negative above it."""
        return self.median - self.score


def gaps(material: Material, subject: Subject) -> tuple[Gap, ...]:
    """Return the gaps of the first tier, largest first, where both sides have a figure that may be shown."""
    found: list[Gap] = []
    for node in material.counted:
        shown, row = subject.shown(node.id), material.comparison.row(node.id)
        if shown is not None and shown.score is not None and row.median is not None and row.best is not None:
            found.append(Gap(node.id, shown.score, row.median, row.best, row.n))
    return tuple(sorted(found, key=lambda gap: -gap.gap))


@dataclass(frozen=True, slots=True)
class Against:
    """The first tier of a unit against the benchmark's medians: at least half a step below, within it, above."""

    below: tuple[Gap, ...]
    level: tuple[Gap, ...]
    above: tuple[Gap, ...]

    @property
    def n(self) -> int:
        """How many capabilities can be compared."""
        return len(self.below) + len(self.level) + len(self.above)


def against(material: Material, subject: Subject) -> Against:
    """Set a unit against the medians; the furthest below first."""
    found, half = gaps(material, subject), material.half_step
    return Against(
        below=tuple(gap for gap in found if gap.gap >= half),
        level=tuple(gap for gap in found if abs(gap.gap) < half),
        above=tuple(gap for gap in found if gap.gap <= -half),
    )


@dataclass(frozen=True, slots=True)
class Apart:
    """How far units lie apart at a node: one that is highest, one that is lowest, the distance between them."""

    node: str
    high: Subject
    low: Subject
    spread: Fraction


def apart(subjects: Sequence[Subject], nodes: Sequence[str]) -> tuple[Apart, ...]:
    """Return the nodes at which at least two units have a score that may be printed, furthest apart first."""
    found: list[Apart] = []
    for node in nodes:
        shown = [(score.score, s) for s in subjects if (score := s.shown(node)) and score.score is not None]
        if len(shown) > 1:
            high, low = max(shown, key=lambda pair: pair[0]), min(shown, key=lambda pair: pair[0])
            found.append(Apart(node, high[1], low[1], high[0] - low[0]))
    return tuple(sorted(found, key=lambda one: -one.spread))


@dataclass(frozen=True, slots=True)
class Order:
    """Who leads, seen from the highest alone.

    `level` are those within the threshold of the first, `behind` those at least the threshold below it. Nothing is
    said of the order among the rest.
    """

    values: Mapping[str, Fraction]
    first: str
    level: tuple[str, ...]
    behind: tuple[str, ...]


def order(values: Mapping[str, Fraction], within: Fraction) -> Order:
    """Compare at least one figure with the highest; of equals the first given stands first."""
    ranked = sorted(values, key=lambda key: -values[key])
    first, rest = ranked[0], ranked[1:]
    level = tuple(key for key in rest if values[first] - values[key] < within)
    return Order(values, first, level, tuple(key for key in rest if key not in level))


@dataclass(frozen=True, slots=True)
class Unknowns:
    """What the assessments do not tell, each subject in one group only for its overall.

    `thin` are the first-tier nodes that a subject withholds or has nothing on although its overall is shown;
    `missing` counts elements without a score (not applicable ones apart) of subjects that are not empty.
    """

    empty: tuple[Subject, ...]
    withheld: tuple[Subject, ...]
    provisional: tuple[Subject, ...]
    thin: Mapping[str, tuple[str, ...]]
    missing: Mapping[str, Counter[State]]


def unknowns(material: Material) -> Unknowns:
    """Collect what is not known of the subjects."""
    empty = tuple(s for s in material.subjects if s.empty)
    withheld = tuple(s for s in material.scored if s.shown(None) is None)
    shown = [s for s in material.scored if s.shown(None) is not None]
    hidden = (Status.INSUFFICIENT, Status.OPEN)
    thin = {s.id: tuple(n.id for n in material.counted if s.scorecard.node(n.id).status in hidden) for s in shown}
    return Unknowns(
        empty=empty,
        withheld=withheld,
        provisional=tuple(s for s in shown if s.scorecard.overall.status is Status.PROVISIONAL),
        thin={key: nodes for key, nodes in thin.items() if nodes},
        missing={s.id: found for s in shown if (found := _missing(s))},
    )


def _missing(subject: Subject) -> Counter[State]:
    nodes = (subject.scorecard.node(leaf.id) for leaf in subject.scorecard.framework.leaves)
    states = (node.state or State.OPEN for node in nodes if node.status is Status.OPEN)
    return Counter(states)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the report rests on, counted."""

    units: int
    scores: int
    inferred: int
    findings: int
    interviews: int


def basis(material: Material) -> Basis:
    """Count what the subjects with a score contribute."""
    counted = [basis_of(subject) for subject in material.scored]
    return Basis(
        units=len(counted),
        scores=sum(one.scores for one in counted),
        inferred=sum(one.inferred for one in counted),
        findings=sum(one.findings for one in counted),
        interviews=sum(subject.interviews for subject in material.subjects),
    )


def basis_of(subject: Subject) -> Basis:
    """Count what one subject contributes."""
    judged = subject.scorecard.judgements.values()
    return Basis(
        units=0 if subject.empty else 1,
        scores=subject.scored,
        inferred=sum(1 for judgement in judged if judgement.state is State.INFERRED),
        findings=sum(len(agreed.findings) for agreed in subject.agreed.values()),
        interviews=subject.interviews,
    )
