"""Units and benchmark side by side, and why two units differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Literal

from app.core.benchmark import BenchmarkEntry
from app.core.framework import Framework, Method, Tier, WeightProfile
from app.core.rollup import roll_up, settled
from app.core.scoring import NodeScore, Scorecard, Status, status_of
from app.core.text import Text
from app.core.weights import weights_under

if TYPE_CHECKING:
    from app.core.bridging import Basis

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a column. `origin`: computed by rollup, given by a source, or the midpoint of a given range."""

    value: Fraction
    origin: Literal["computed", "given", "range"]
    status: Status
    bounds: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True)
class Column:
    """A unit's assessment (`case`) or a carrier (`benchmark`): figures by node id, None for the overall.

    `scorecard` is set for cases, `entry` for carriers; `basis` where the case was assessed in another version.
    """

    id: str
    kind: Literal["case", "benchmark"]
    name: Text
    figures: Mapping[str | None, Figure]
    scorecard: Scorecard | None = None
    entry: BenchmarkEntry | None = None
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One capability over all columns. `best`, `median`, `n` over benchmark columns; `spread` over cases."""

    node: str | None
    tier: str | None
    values: tuple[Fraction | None, ...]
    best: Fraction | None
    median: Fraction | None
    n: int
    spread: Fraction | None
    statuses: tuple[Status | None, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Columns in the order asked for; rows for every node of every tier in document order, the overall last."""

    framework: Framework
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def row(self, node_id: str | None) -> Row:
        """Return the row of a capability, of the overall for None."""
        return next(row for row in self.rows if row.node == node_id)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one element adds to a difference, split into unlike scores and unlike coverage (or weights)."""

    node: str
    score: Fraction
    coverage: Fraction

    @property
    def total(self) -> Fraction:
        """The whole contribution."""
        return self.score + self.coverage


@dataclass(frozen=True, slots=True)
class Contributions:
    """Why column `a` differs from `b` at `node` (None: overall); the items sum to `difference` = a - b exactly."""

    a: str
    b: str
    node: str | None
    tier: str | None
    difference: Fraction
    items: tuple[Contribution, ...]


def case_column(column_id: str, name: Text, scorecard: Scorecard, *, basis: Basis | None = None) -> Column:
    """Make a column of an assessment: a figure wherever it has a score, whatever the status (screens withhold).

    `basis` tells what it rests on where it was brought over from another version.
    """
    figures = {
        node.id: Figure(node.score, "computed", node.status, node.bounds)
        for node in (*scorecard.nodes.values(), scorecard.overall)
        if node.score is not None
    }
    return Column(column_id, "case", name, figures, scorecard=scorecard, basis=basis)


def benchmark_column(
    framework: Framework, entry: BenchmarkEntry, *, weights: WeightProfile | None = None, method: Method | None = None
) -> Column:
    """Make a column of a carrier: given figures as they are, missing upper nodes rolled up where coverage allows.

    A range stands as its midpoint with its ends as bounds. A given figure is published; a rolled-up one is published
    or provisional by its coverage, and absent when it is neither. Nothing is ever spread down. For flat-mean a given
    figure weighs as many elements as count below it, as it would in an assessment.
    """
    method = method or framework.rollup.method
    by_node = weights_under(framework, weights)
    given = _given(framework, entry)
    leaves = _counting_leaves(framework, by_node)
    known = {
        node_id: settled(figure.value, bounds=figure.bounds, leaves=leaves[node_id])
        for node_id, figure in given.items()
    }
    figures: dict[str | None, Figure] = {}
    for node_id, outcome in roll_up(framework, known, weights=by_node, method=method).items():
        status = status_of(outcome, framework.rollup)
        if node_id is not None and node_id in given:
            figures[node_id] = given[node_id]
        elif outcome.score is not None and status in (Status.PUBLISHED, Status.PROVISIONAL):
            figures[node_id] = Figure(outcome.score, "computed", status, outcome.bounds)
    return Column(entry.id, "benchmark", entry.name, figures, entry=entry)


def _given(framework: Framework, entry: BenchmarkEntry) -> dict[str, Figure]:
    given: dict[str, Figure] = {}
    for node_id, known_range in entry.ranges.items():
        ends = (known_range.low, known_range.high)
        given[node_id] = Figure(known_range.midpoint, "range", Status.PUBLISHED, ends)
    for node_id, figure in entry.scores.items():
        given[node_id] = Figure(figure, "given", Status.PUBLISHED, (figure, figure))
    return {node_id: figure for node_id, figure in given.items() if node_id in framework}


def _counting_leaves(framework: Framework, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Return how many elements count for each capability, at least one (a leaf counts for itself)."""
    counts: dict[str, int] = {}
    for node in reversed(framework.nodes):
        below = sum(counts[child.id] for child in node.children if weights[child.id] > 0)
        counts[node.id] = max(below, 1)
    return counts


def compare(framework: Framework, columns: Sequence[Column]) -> Comparison:
    """Put columns side by side. All of them must have been made with this framework."""
    rows = [_row(node.id, framework.tier_of(node.id).id, columns) for node in framework.nodes]
    return Comparison(framework, tuple(columns), (*rows, _row(None, None, columns)))


def _row(node_id: str | None, tier: str | None, columns: Sequence[Column]) -> Row:
    figures = [column.figures.get(node_id) for column in columns]
    values = tuple(figure.value if figure else None for figure in figures)
    cases = _present(values, columns, "case")
    carriers = _present(values, columns, "benchmark")
    return Row(
        node=node_id,
        tier=tier,
        values=values,
        best=max(carriers, default=None),
        median=median(carriers) if carriers else None,
        n=len(carriers),
        spread=max(cases) - min(cases) if cases else None,
        statuses=tuple(figure.status if figure else None for figure in figures),
    )


def _present(values: Sequence[Fraction | None], columns: Sequence[Column], kind: str) -> list[Fraction]:
    paired = zip(values, columns, strict=True)
    return [value for value, column in paired if value is not None and column.kind == kind]


def deepest_common_tier(framework: Framework, columns: Sequence[Column]) -> Tier | None:
    """Return the deepest tier on which at least one capability has a figure in every column.

    Columns without any figure are left out of the question. None where the columns share nothing.
    """
    known = [column.figures.keys() for column in columns if column.figures]
    if not known:
        return None
    shared = {node_id for node_id in known[0] if node_id is not None and all(node_id in other for other in known)}
    depth = max((len(framework.ancestors(node_id)) for node_id in shared), default=None)
    return None if depth is None else framework.tiers[depth]


def ranking(row: Row, half_step: Fraction) -> tuple[Fraction | None, ...]:
    """Return each column's rank in a row, 1 for the highest: the middle of its places.

    Each tie counts half a place to both, so equals share their mean rank; see `places`.
    """
    return tuple(None if place is None else Fraction(sum(place), 2) for place in places(row, half_step))


def places(row: Row, half_step: Fraction) -> tuple[tuple[int, int] | None, ...]:
    """Return the first and the last place that each column may claim in a row, 1 for the highest.

    Two values are put in order only when they lie at least `half_step` apart; values nearer than that are tied and may
    stand either way. Columns that are open or withheld (insufficient) carry no place. Being tied is not transitive:
    2.0 and 2.4 may each be tied with 2.2 and still stand in order.
    """
    ranked = [
        value if status in (Status.PUBLISHED, Status.PROVISIONAL) else None
        for value, status in zip(row.values, row.statuses, strict=True)
    ]
    return tuple(None if value is None else _place(value, ranked, half_step) for value in ranked)


def _place(value: Fraction, others: Sequence[Fraction | None], half_step: Fraction) -> tuple[int, int]:
    gaps = [other - value for other in others if other is not None]
    above = sum(gap >= half_step and gap > 0 for gap in gaps)
    tied = sum(abs(gap) < half_step or gap == 0 for gap in gaps) - 1
    return 1 + above, 1 + above + tied


def leaf_weights(scorecard: Scorecard, at: str | None = None) -> dict[str, Fraction]:
    """Return the effective weight of every element in the score at a node (None: overall); they sum to 1.

    The product of the weights along the path, each renormalised over the siblings that are scored and of weight > 0;
    for flat-mean 1/n. Empty where nothing is scored. Not meaningful for weighted-geometric.
    """
    framework = scorecard.framework
    # the node asked for counts whole in its own score, whatever its own weight
    start = scorecard.framework.node(at) if at is not None else None
    if scorecard.node(at).score is None:
        return {}
    if start is not None and start.is_leaf:
        return {start.id: Fraction(1)}
    weights: dict[str, Fraction] = {}
    stack = [(start.children if start else framework.capabilities, Fraction(1))]
    while stack:
        siblings, share = stack.pop()
        counting = [scorecard.nodes[node.id] for node in siblings if _counts(scorecard.nodes[node.id])]
        total = sum(node.weight for node in counting)
        for node in counting:
            part = share * node.weight / total
            children = framework.node(str(node.id)).children
            if children:
                stack.append((children, part))
            else:
                weights[str(node.id)] = part
    if scorecard.method is Method.FLAT_MEAN:
        return {leaf_id: Fraction(1, len(weights)) for leaf_id in weights}
    return weights


def _counts(node: NodeScore) -> bool:
    return node.score is not None and node.weight > 0


def contributions(a: Column, b: Column, *, at: str | None = None) -> Contributions | None:
    """Explain the difference of two cases at a node (None: overall), the largest contribution first.

    difference = Σ over elements of (w̄·Δs + s̄·Δw), w the effective element weights and s the scores of the two cases,
    bars their means. An element that only one case has scored takes that score for both: all of it falls to coverage.
    None for carriers, for the weighted-geometric method and where either case has no score at that node.
    """
    if a.scorecard is None or b.scorecard is None:
        return None
    cards = (a.scorecard, b.scorecard)
    score_a, score_b = (card.node(at).score for card in cards)
    if score_a is None or score_b is None or any(card.method is Method.WEIGHTED_GEOMETRIC for card in cards):
        return None
    weights_a, weights_b = (leaf_weights(card, at) for card in cards)
    framework = a.scorecard.framework
    items = [
        _contribution(
            leaf.id,
            weights=(weights_a.get(leaf.id, _NOTHING), weights_b.get(leaf.id, _NOTHING)),
            scores=(cards[0].nodes[leaf.id].score, cards[1].nodes[leaf.id].score),
        )
        for leaf in framework.leaves_below(at)
        if leaf.id in weights_a or leaf.id in weights_b
    ]
    items.sort(key=lambda item: abs(item.total), reverse=True)
    tier = None if at is None else framework.tier_of(at).id
    return Contributions(a.id, b.id, at, tier, score_a - score_b, tuple(items))


def _contribution(
    leaf_id: str, *, weights: tuple[Fraction, Fraction], scores: tuple[Fraction | None, Fraction | None]
) -> Contribution:
    known = [score for score in scores if score is not None]
    score_a, score_b = known[0], known[-1]
    return Contribution(
        node=leaf_id,
        score=(weights[0] + weights[1]) / 2 * (score_a - score_b),
        coverage=(score_a + score_b) / 2 * (weights[0] - weights[1]),
    )
