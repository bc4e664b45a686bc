"""What the formulas of a calculation sheet come to, for viewers that do not recalculate.

Scores, coverage and the rest are the scoring function's; only the steps between them are worked out here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.framework import Method
from app.core.scoring import Status
from app.exports.workbook.calculation.layout import Key

if TYPE_CHECKING:
    from app.core.framework import Capability
    from app.core.scoring import NodeScore, Scorecard
    from app.exports.workbook.calculation.layout import Block, Row

Shown = float | str


def cached(card: Scorecard, block: Block, row: Row, words: dict[Status, str]) -> dict[int, Shown]:
    """Return the values of a row by column; `card` was scored with the block's method."""
    node = card.node(row.id)
    low, high = node.bounds or (None, None)
    found: dict[Key, Shown] = {
        Key.SCORE: _shown(node.score),
        Key.COVERAGE: _shown(node.coverage),
        Key.LOW: _shown(low),
        Key.HIGH: _shown(high),
        Key.STATUS: words[node.status],
        Key.FILLED: float(node.score or 0),
    }
    if not row.is_leaf and block.levels:
        found[Key.ATTAINED] = _shown(node.attained)
    if block.checked:
        found[Key.DIFFERENCE] = "" if node.score is None else 0.0
    if block.method is Method.WEIGHTED_GEOMETRIC:
        lift = 1 - card.framework.scale.minimum
        ends = ((Key.LN_SCORE, node.score), (Key.LN_LOW, low), (Key.LN_HIGH, high))
        found |= {key: "" if value is None else math.log(value + lift) for key, value in ends}
    if block.method is Method.FLAT_MEAN:
        found |= _counts(card, row.node)
    values = {block.column(key): value for key, value in found.items()}
    if not row.is_leaf:
        shares = _reached(card, row.node, block.levels)
        values |= {block.level(level): share for level, share in zip(block.levels, shares, strict=True)}
    return values


def _shown(value: Fraction | int | None) -> Shown:
    return "" if value is None else float(value)


def _counts(card: Scorecard, node: Capability | None) -> dict[Key, Shown]:
    leaves = _counting(card, node)
    applicable = [leaf for leaf in leaves if leaf.status is not Status.NOT_APPLICABLE]
    scored = sum(leaf.score is not None for leaf in applicable)
    return {Key.APPLICABLE: float(len(applicable)), Key.SCORED: float(scored)}


def _counting(card: Scorecard, node: Capability | None) -> list[NodeScore]:
    """Return the elements that count for a capability: itself, or all below it on ways of weight above 0."""
    if node is not None and node.is_leaf:
        return [card.nodes[node.id]]
    children = node.children if node else card.framework.capabilities
    return [leaf for child in children if card.nodes[child.id].weight > 0 for leaf in _counting(card, child)]


def _reached(card: Scorecard, node: Capability | None, levels: Sequence[int]) -> list[Shown]:
    """Return how far each level is reached by the children with a score."""
    children = node.children if node else card.framework.capabilities
    known = [(card.nodes[child.id].weight, card.nodes[child.id].score) for child in children]
    scored = [(weight, score) for weight, score in known if score is not None and weight > 0]
    whole = sum(weight for weight, _ in scored)
    if not scored:
        return ["" for _ in levels]
    parts = (
        sum(weight * min(max(score - level + 1, Fraction(0)), Fraction(1)) for weight, score in scored)
        for level in levels
    )
    return [float(part / whole) for part in parts]
