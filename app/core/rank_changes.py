"""Which units of a round would change places under another version of a framework, or other weights. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.core.compare import Row, ranking
from app.core.framework import Framework
from app.core.scoring import Scorecard


@dataclass(frozen=True, slots=True)
class RankChange:
    """The places of one unit at one node before and after, 1 for the highest; None where it has none."""

    unit: str
    node: str | None
    before: Fraction | None
    after: Fraction | None


def rank_changes(before: Mapping[str, Scorecard], after: Mapping[str, Scorecard]) -> tuple[RankChange, ...]:
    """Return where units of one round would stand otherwise: overall, then on the first tier; same units on both sides.

    Nodes that either side lacks are left out; of less than two units there is nothing to say.
    """
    if len(before) < 2:
        return ()
    framework = next(iter(after.values())).framework
    nodes = [None, *(node.id for node in framework.capabilities)]
    shared = [node for node in nodes if all(_has(card, node) for card in (*before.values(), *after.values()))]
    found: list[RankChange] = []
    for node in shared:
        was, is_ = _ranks(before, node), _ranks(after, node)
        found += [RankChange(unit, node, was[unit], is_[unit]) for unit in before if was[unit] != is_[unit]]
    return tuple(found)


def _has(card: Scorecard, node: str | None) -> bool:
    return node is None or node in card.nodes


def _ranks(cards: Mapping[str, Scorecard], node: str | None) -> dict[str, Fraction | None]:
    scores = [card.node(node) for card in cards.values()]
    row = Row(
        node=node,
        tier=None,
        values=tuple(one.score for one in scores),
        best=None,
        median=None,
        n=0,
        spread=None,
        statuses=tuple(one.status for one in scores),
    )
    return dict(zip(cards, ranking(row, _half_step(cards)), strict=True))


def _half_step(cards: Mapping[str, Scorecard]) -> Fraction:
    framework: Framework = next(iter(cards.values())).framework
    return framework.scale.step / 2
