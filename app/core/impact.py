"""What another version of a framework, or other weights, would make of one assessment. Pure values; nothing is changed.

Kept and moved elements hold what they held, a renamed one takes over what its former name held; what is split or merged
becomes a proposal, which counts only when somebody confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from app.core.case import State
from app.core.crosswalk import Crosswalk, Fate
from app.core.framework import Method, WeightProfile
from app.core.scale import Scale
from app.core.scoring import Judgement, NodeScore, Scorecard, score
from app.core.text import Text

Held = TypeVar("Held")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A judgement that is proposed for an element of the new version; `origins` are those of the old one.

    `state` is scored (with a score on the new grid), or not applicable; open where the origins say nothing: the element
    is then to be assessed anew.
    """

    element: str
    origins: tuple[str, ...]
    state: State
    score: Fraction | None = None

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to confirm."""
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Total:
    """A capability above the elements, or the whole (`id` None), before and after; None where a version lacks it.

    `complete` is what would stand after every proposal was confirmed as it is.
    """

    id: str | None
    name: Text
    depth: int
    before: NodeScore | None
    after: NodeScore | None
    complete: NodeScore | None

    @property
    def differs(self) -> bool:
        """Tell whether score, status or bounds would not be what they are."""
        return _figures(self.before) != _figures(self.after) or _figures(self.after) != _figures(self.complete)


@dataclass(frozen=True)
class Impact:
    """One assessment before, at once after, and after every proposal was confirmed.

    `returning` are elements that the old version has not, and about which something stands from an earlier time.
    """

    walk: Crosswalk
    before: Scorecard
    after: Scorecard
    complete: Scorecard
    proposals: tuple[Proposal, ...]
    returning: tuple[str, ...] = ()

    @cached_property
    def by_fate(self) -> Mapping[Fate, tuple[str, ...]]:
        """The elements of the old version by what becomes of them, in document order."""
        return {fate: tuple(one for one, its in self.walk.fates.items() if its is fate) for fate in Fate}

    @cached_property
    def opened(self) -> tuple[str, ...]:
        """The elements of the new version that nothing is carried to."""
        return tuple(one for one in self.walk.opened if one not in self.returning)

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """Every capability above the elements, those only the old version has last; the whole at the end."""
        old, new = self.before.framework, self.after.framework
        nodes = [node for node in new.nodes if node.children]
        gone = [node for node in old.nodes if node.children and not (node.id in new and new.node(node.id).children)]
        rows = [self._total(node.id, node.name, len(new.ancestors(node.id))) for node in nodes]
        rows += [self._total(node.id, node.name, len(old.ancestors(node.id)), gone=True) for node in gone]
        return (*rows, self._total(None, self.after.overall.name, 0))

    def _total(self, node: str | None, name: Text, depth: int, *, gone: bool = False) -> Total:
        old = self.before.framework
        there = node is None or (node in old and bool(old.node(node).children))
        before = self.before.node(node) if there else None
        after, complete = (None, None) if gone else (self.after.node(node), self.complete.node(node))
        return Total(node, name, depth, before, after, complete)

    @property
    def changes_figures(self) -> bool:
        """Tell whether any total would differ."""
        return any(total.differs for total in self.totals)


def _figures(node: NodeScore | None) -> object:
    return None if node is None else (node.score, node.status, node.bounds)


def rescaled(walk: Crosswalk) -> bool:
    """Tell whether the two versions score on different scales, so that no score can simply stay where it is."""
    return _ends(walk.old.scale) != _ends(walk.new.scale)


def _ends(scale: Scale) -> tuple[Fraction, Fraction, Fraction]:
    return scale.minimum, scale.maximum, scale.step


def carried(walk: Crosswalk, held: Mapping[str, Held]) -> dict[str, Held]:
    """Return what stands at the elements of the new version without anybody's word, given what stands anywhere.

    What stands at a former name wins over what stood at the new one at an earlier time.
    """
    found: dict[str, Held] = {}
    for leaf in walk.new.leaves:
        source = renamed_from(walk, leaf.id)
        if source is not None and source in held:
            found[leaf.id] = held[source]
        elif leaf.id in held:
            found[leaf.id] = held[leaf.id]
    return found


def renamed_from(walk: Crosswalk, element: str) -> str | None:
    """Return the name that an element of the new version had in the old one; None where it is no renamed element."""
    origins = walk.origins[element]
    if len(origins) != 1 or origins[0] == element or walk.fate(origins[0]) is not Fate.RENAMED:
        return None
    return origins[0]


def impact(
    walk: Crosswalk,
    before: Mapping[str, Judgement],
    after: Mapping[str, Judgement],
    *,
    weights: tuple[WeightProfile | None, WeightProfile | None] = (None, None),
    method: Method | None = None,
    returning: Sequence[str] = (),
) -> Impact:
    """Compare an assessment under two versions; `after` are the judgements of what is `carried` over.

    `weights` are the profiles before and after, `method` stands in for the rollup of both. Across scales everything is
    a proposal, and `after` must be empty.
    """
    card = score(walk.old, before, weights=weights[0], method=method)
    proposals = tuple(one for one in proposals_of(walk, card) if _is_open(after.get(one.element)))
    confirmed = {one.element: Judgement(one.state, one.score) for one in proposals if not one.empty}
    return Impact(
        walk=walk,
        before=card,
        after=score(walk.new, after, weights=weights[1], method=method),
        complete=score(walk.new, {**after, **confirmed}, weights=weights[1], method=method),
        proposals=proposals,
        returning=tuple(returning),
    )


def _is_open(judgement: Judgement | None) -> bool:
    return judgement is None or judgement.state is State.OPEN


def proposals_of(walk: Crosswalk, before: Scorecard) -> tuple[Proposal, ...]:
    """Return what somebody has to confirm: of the split and merged elements, across scales of every element."""
    everything = rescaled(walk)
    return tuple(
        _proposal(walk, before, leaf.id)
        for leaf in walk.new.leaves
        if walk.origins[leaf.id] and (everything or walk.needs_confirming(leaf.id))
    )


def _proposal(walk: Crosswalk, before: Scorecard, element: str) -> Proposal:
    """A part takes the score of the whole; a whole the mean of its parts, weighted as they are in the old version."""
    origins = walk.origins[element]
    judged = [before.judgements[origin] for origin in origins]
    scored = [
        (one.score, before.nodes[origin].weight)
        for origin, one in zip(origins, judged, strict=True)
        if one.score is not None
    ]
    if scored:
        found = on_scale(_mean(scored), walk.old.scale, walk.new.scale)
        return Proposal(element, origins, State.SCORED, found)
    excused = all(one.state is State.NOT_APPLICABLE for one in judged)
    return Proposal(element, origins, State.NOT_APPLICABLE if excused else State.OPEN)


def _mean(scored: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    total = sum((weight for _, weight in scored), Fraction(0))
    if not total:
        return sum((value for value, _ in scored), Fraction(0)) / len(scored)
    return sum((value * weight for value, weight in scored), Fraction(0)) / total


def on_scale(value: Fraction, old: Scale, new: Scale) -> Fraction:
    """Return the point of the new grid that stands where `value` stood between the ends of the old scale, half up."""
    share = (value - old.minimum) / (old.maximum - old.minimum)
    return new.snap(new.minimum + share * (new.maximum - new.minimum))
