"""Does a supplement say something else than the framework it supplements? A hint for people, never a correction.

An element names elements of other frameworks that are about the same thing (`related`). Where its score is far from
theirs, one of them may have been judged by another measure; it is looked at again, and both may well stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.core.scale import Scale
from app.core.scoring import Scorecard

FAR = Fraction("1.5")  # points of a scale that spans five; on other scales the same share of theirs
_SPAN = 5


@dataclass(frozen=True, slots=True)
class Relative:
    """A related element with a score, in points of its own scale; `adjusted` in points of the other element's."""

    framework: str
    element: str
    score: Fraction
    adjusted: Fraction


@dataclass(frozen=True, slots=True)
class Divergence:
    """An element that stands far from its relatives.

    `expected` is the plain mean of the relatives on the element's scale, `difference` score minus that.
    """

    element: str
    score: Fraction
    relatives: tuple[Relative, ...]
    expected: Fraction

    @property
    def difference(self) -> Fraction:
        """How far the element stands above (or, negative, below) its relatives, in points of its scale."""
        return self.score - self.expected


def divergences(card: Scorecard, others: Mapping[str, Scorecard]) -> tuple[Divergence, ...]:
    """Return the elements more than `FAR` from the mean of their relatives, the farthest first.

    `others` are the assessments of the same unit at the same time under other frameworks, by framework id. Relatives
    without a score, or that the other framework's version does not have, say nothing; without any there is no hint.
    """
    found = []
    for leaf in card.framework.leaves:
        score = card.node(leaf.id).score
        relatives = _relatives(leaf.related, card.framework.scale, others) if score is not None else ()
        if score is None or not relatives:
            continue
        expected = sum((one.adjusted for one in relatives), Fraction(0)) / len(relatives)
        if abs(score - expected) > far(card.framework.scale):
            found.append(Divergence(leaf.id, score, relatives, expected))
    return tuple(sorted(found, key=lambda one: -abs(one.difference)))


def far(scale: Scale) -> Fraction:
    """Return from which distance on elements are far apart, in points of a scale."""
    return FAR * (scale.maximum - scale.minimum) / _SPAN


def _relatives(related: tuple[str, ...], scale: Scale, others: Mapping[str, Scorecard]) -> tuple[Relative, ...]:
    found = []
    for reference in related:
        framework, _, element = reference.partition("/")
        other = others.get(framework)
        if other is None or element not in other.framework or not other.framework.node(element).is_leaf:
            continue
        score = other.node(element).score
        if score is not None:
            found.append(Relative(framework, element, score, _adjusted(score, other.framework.scale, scale)))
    return tuple(found)


def _adjusted(score: Fraction, scale: Scale, to: Scale) -> Fraction:
    """Return the point of another scale that lies as far between its ends."""
    share = (score - scale.minimum) / (scale.maximum - scale.minimum)
    return to.minimum + share * (to.maximum - to.minimum)
