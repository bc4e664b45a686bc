"""The one scoring function: judgements of elements in, a scorecard of every capability out. Exact rationals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.case import State
from app.core.framework import Capability, Framework, Method, Rollup, WeightProfile
from app.core.rollup import NOT_APPLICABLE, Outcome, in_whole_units, roll_up, settled
from app.core.scale import Scale
from app.core.text import Text
from app.core.weights import DEFAULT, weights_under

OVERALL = Text("总体", "Overall")

# ISO/IEC 33020: "largely" is more than half, "fully" more than 85 per cent
_LARGELY, _FULLY = Fraction(1, 2), Fraction(17, 20)
_TOLERANCE = Fraction(1, 10**9)  # where logarithms were used


class Status(StrEnum):
    """How far the score of a capability may be relied on (formats.md, Scores)."""

    PUBLISHED = "published"
    PROVISIONAL = "provisional"
    INSUFFICIENT = "insufficient"
    OPEN = "open"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an assessment says of one element, after the respondents were brought together.

    `score` is set exactly when the state has one. `agreed` tells an agreed score from an aggregate of
    `respondents` interviews; `partly_not_applicable` flags that some respondents, but not all, said N/A.
    """

    state: State
    score: Fraction | None = None
    agreed: bool = True
    respondents: int = 0
    partly_not_applicable: bool = False


_UNANSWERED = Judgement(State.OPEN, agreed=False)


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The figures of one capability, or of the whole (`id`, `tier`, `parent` None).

    `state` is set for elements only. `score`, `bounds` in points of the scale, `coverage` 0 to 1 or None when not
    applicable; `attained` a whole level (the scale's minimum, whole or not, where none is reached), None for elements
    and where nothing is scored; `published` as printed.
    """

    id: str | None
    tier: str | None
    parent: str | None
    name: Text
    weight: Fraction
    state: State | None
    score: Fraction | None
    coverage: Fraction | None
    status: Status
    bounds: tuple[Fraction, Fraction] | None
    attained: int | Fraction | None
    published: Fraction | None

    @property
    def withheld(self) -> bool:
        """Tell whether screens and reports must show the bounds instead of the score."""
        return self.status is Status.INSUFFICIENT


@dataclass(frozen=True)
class Scorecard:
    """Every capability's figures in document order, and the overall, under one weight profile and method.

    `judgements` has every element of the framework, the open ones too.
    """

    framework: Framework
    weights: str
    method: Method
    judgements: Mapping[str, Judgement]
    nodes: Mapping[str, NodeScore]
    overall: NodeScore

    def node(self, node_id: str | None) -> NodeScore:
        """Return the figures of one capability, of the overall for None; KeyError if there is none."""
        return self.overall if node_id is None else self.nodes[node_id]


def score(
    framework: Framework,
    judgements: Mapping[str, Judgement],
    *,
    weights: WeightProfile | None = None,
    method: Method | None = None,
    published: Mapping[str, Fraction] | None = None,
) -> Scorecard:
    """Score a whole tree; elements absent from `judgements` are open, other ids in it are ignored.

    `weights` stands in for the framework's weights, `method` for its rollup method; `published` holds figures
    printed by a source, by node id, which are passed through and never counted.
    """
    method = method or framework.rollup.method
    by_node = weights_under(framework, weights)
    judged = {leaf.id: judgements.get(leaf.id, _UNANSWERED) for leaf in framework.leaves}
    outcomes = roll_up(framework, _known(judged), weights=by_node, method=method)
    figures = published or {}

    def node_score(node: Capability | None) -> NodeScore:
        node_id = node.id if node else None
        outcome = outcomes[node_id]
        parent = framework.parent(node.id) if node else None
        leaf = node is not None and node.is_leaf
        children = node.children if node else framework.capabilities
        return NodeScore(
            id=node_id,
            tier=framework.tier_of(node.id).id if node else None,
            parent=parent.id if parent else None,
            name=node.name if node else OVERALL,
            weight=by_node[node.id] if node else Fraction(1),
            state=judged[node.id].state if node and leaf else None,
            score=outcome.score,
            coverage=outcome.coverage,
            status=_leaf_status(outcome) if leaf else status_of(outcome, framework.rollup),
            bounds=outcome.bounds,
            attained=None if leaf else _attained(children, outcomes, by_node, scale=framework.scale, method=method),
            published=figures.get(node.id) if node else None,
        )

    return Scorecard(
        framework=framework,
        weights=weights.id if weights else DEFAULT,
        method=method,
        judgements=judged,
        nodes={node.id: node_score(node) for node in framework.nodes},
        overall=node_score(None),
    )


def status_of(outcome: Outcome, rule: Rollup) -> Status:
    """Return how far a capability above the elements may be relied on."""
    if outcome.coverage is None:
        return Status.NOT_APPLICABLE
    if outcome.score is None:
        return Status.OPEN
    if outcome.coverage >= rule.publish:
        return Status.PUBLISHED
    return Status.PROVISIONAL if outcome.coverage >= rule.provisional else Status.INSUFFICIENT


def _leaf_status(outcome: Outcome) -> Status:
    if outcome.coverage is None:
        return Status.NOT_APPLICABLE
    return Status.OPEN if outcome.score is None else Status.PUBLISHED


def _known(judged: Mapping[str, Judgement]) -> dict[str, Outcome]:
    known: dict[str, Outcome] = {}
    for leaf_id, judgement in judged.items():
        if judgement.state is State.NOT_APPLICABLE:
            known[leaf_id] = NOT_APPLICABLE
        elif judgement.score is not None:
            known[leaf_id] = settled(judgement.score)
    return known


def _attained(
    children: Sequence[Capability],
    outcomes: Mapping[str | None, Outcome],
    weights: Mapping[str, Fraction],
    *,
    scale: Scale,
    method: Method,
) -> int | Fraction | None:
    """Return the highest whole level that is attained, with all levels below it fully so (after ISO/IEC 33020)."""
    scores, shares = [], []
    for child in children:
        child_score = outcomes[child.id].score
        if child_score is not None and weights[child.id] > 0:
            scores.append(child_score)
            shares.append(weights[child.id])
    if not scores:
        return None
    unit, heights = in_whole_units(scores)
    _, whole_shares = in_whole_units(shares)
    all_of_it = unit * sum(whole_shares)
    tolerance = _TOLERANCE if method is Method.WEIGHTED_GEOMETRIC else 0
    largely, fully = ((threshold + tolerance) * all_of_it for threshold in (_LARGELY, _FULLY))
    reached: int | Fraction = int(scale.minimum) if scale.minimum.denominator == 1 else scale.minimum
    for level in range(math.floor(scale.minimum) + 1, math.floor(scale.maximum) + 1):
        foot = (level - 1) * unit
        part = sum(
            share * min(max(height - foot, 0), unit) for share, height in zip(whole_shares, heights, strict=True)
        )
        if part > largely:
            reached = level
        if part <= fully:
            break
    return reached
