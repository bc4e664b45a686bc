"""What the framework pages show: counts per tier, the tree as rows, a node with its level texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from app.content.snapshot import digest, framework_document
from app.core.framework import Capability, Framework, Method, Tier, WeightProfile
from app.core.scale import Level
from app.core.text import Text
from app.core.weights import weights_under
from app.i18n import msgid

METHOD_WORDS = {
    Method.WEIGHTED_MEAN: msgid("加权平均"),
    Method.WEIGHTED_GEOMETRIC: msgid("加权几何平均"),
    Method.FLAT_MEAN: msgid("要素平均"),
}
METHOD_MEANINGS = {
    Method.WEIGHTED_MEAN: msgid("上级得分是下级得分的加权平均，逐级向上；没有得分的下级不计入。"),
    Method.WEIGHTED_GEOMETRIC: msgid("上级得分是下级得分的加权几何平均，短板拉低得更多；没有得分的下级不计入。"),
    Method.FLAT_MEAN: msgid("上级得分是其下全部有得分要素的简单平均。"),
}


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One capability in the tree; `share` is its weight as a part of its siblings' weights."""

    node: Capability
    tier: Tier
    depth: int
    weight: Fraction
    share: Fraction
    elements: int


@dataclass(frozen=True, slots=True)
class WordedLevel:
    """A level of the scale with an element's own wording (the scale's description where it has none)."""

    value: Fraction
    name: Text | None
    wording: Text | None


def tier_counts(framework: Framework) -> list[tuple[Tier, int]]:
    """Return how many capabilities stand on each tier."""
    counts = Counter(framework.tier_of(node.id).id for node in framework.walk())
    return [(tier, counts[tier.id]) for tier in framework.tiers]


def tree_rows(framework: Framework, profile: WeightProfile | None = None) -> list[TreeRow]:
    """Return every capability in document order with its weight under a profile."""
    weights = weights_under(framework, profile)
    rows = []
    for node in framework.walk():
        parent = framework.parent(node.id)
        siblings = parent.children if parent else framework.capabilities
        total = sum((weights[sibling.id] for sibling in siblings), Fraction(0))
        rows.append(
            TreeRow(
                node,
                framework.tier_of(node.id),
                len(framework.ancestors(node.id)),
                weights[node.id],
                weights[node.id] / total if total else Fraction(0),
                len(framework.leaves_below(node.id)),
            )
        )
    return rows


def worded_levels(framework: Framework, leaf: Capability) -> list[WordedLevel]:
    """Return the levels of an element, ascending: its own texts, at values with or without a name on the scale."""
    named: dict[Fraction, Level] = {level.value: level for level in framework.scale.levels}
    values = sorted({*named, *leaf.levels})
    return [
        WordedLevel(
            value,
            named[value].name if value in named else None,
            leaf.levels.get(value) or (named[value].description if value in named else None),
        )
        for value in values
    ]


def content_hash(framework: Framework) -> str:
    """Return the SHA-256 of the framework's content, as assessments pin it."""
    return digest(framework_document(framework))
