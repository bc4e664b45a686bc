"""How respondents see themselves against how consultants see them: differences, largest first.

Both sides are brought to one judgement per element as everywhere (`judging`). Above the elements both are rolled up
over the elements that both have scored, so that a difference never comes from having looked at different things; the
coverage of these decides whether it is shown. A difference is self-assessment minus consultants: above 0 = the
respondents rate themselves higher.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.case import AgreedScore, State
from app.core.framework import Framework
from app.core.judging import RespondentAnswers, judge
from app.core.scoring import Judgement, Scorecard, Status, score
from app.core.text import Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One capability (None: the whole) as both sides score it.

    For an element `own` and `consultants` are each side's score whether or not the other has one, `agreed` tells that
    the consultants' is the agreed score, and `own_count`, `consultants_count` say how many gave a score. Above the
    elements both are rolled up over the elements that both have scored: `common` of `applicable`. `by` is None where a
    side has no score, or where the coverage is too thin (`withheld`).
    """

    node: str | None
    tier: str | None
    name: Text
    own: Fraction | None
    consultants: Fraction | None
    status: Status
    agreed: bool = False
    own_count: int = 0
    consultants_count: int = 0
    common: int = 0
    applicable: int = 0

    @property
    def withheld(self) -> bool:
        """Tell whether too few elements have both scores for a figure of this capability to be shown."""
        return self.status is Status.INSUFFICIENT

    @property
    def by(self) -> Fraction | None:
        """How much higher the respondents rate themselves; below 0 = lower."""
        if self.own is None or self.consultants is None or self.withheld:
            return None
        return self.own - self.consultants


@dataclass(frozen=True, slots=True)
class RoleDifference:
    """How the respondents of one role rate what they were asked: the mean difference over their `scores` scores."""

    role: str
    respondents: int
    scores: int
    by: Fraction


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that one assessment says about self-assessment against consultants.

    `elements` where both sides have a score, the largest difference first; `above`: dimensions, groups and the other
    tiers in the order of the framework; `unmatched`: elements that only the respondents have scored.
    """

    overall: Difference
    above: tuple[Difference, ...]
    elements: tuple[Difference, ...]
    unmatched: tuple[Difference, ...]
    roles: tuple[RoleDifference, ...]

    def count(self, *, least: Fraction) -> tuple[int, int, int]:
        """Return how many elements the respondents rate higher, about the same and lower; `least` tells them apart."""
        by = [one.by for one in self.elements if one.by is not None]
        higher, lower = sum(each >= least for each in by), sum(each <= -least for each in by)
        return higher, len(by) - higher - lower, lower


def differences(
    framework: Framework,
    own: Sequence[RespondentAnswers],
    consultants: Sequence[RespondentAnswers],
    agreed: Mapping[str, AgreedScore],
) -> Differences:
    """Compare self-assessments with what consultants found: the agreed score, else the median of their interviews."""
    return _Sides(
        framework, own, consultants, judge(framework, {}, own), judge(framework, agreed, consultants)
    ).compare()


@dataclass(frozen=True)
class _Sides:
    framework: Framework
    own: Sequence[RespondentAnswers]
    consultants: Sequence[RespondentAnswers]
    ours: Mapping[str, Judgement]
    theirs: Mapping[str, Judgement]

    def compare(self) -> Differences:
        elements = {leaf.id: self._element(leaf.id) for leaf in self.framework.leaves}
        both = frozenset(element for element, one in elements.items() if one.by is not None)
        mine, other = (score(self.framework, self._common(side, both)) for side in (self.ours, self.theirs))
        inner = [node.id for node in self.framework.nodes if not node.is_leaf]
        matched = (one for one in elements.values() if one.by is not None)  # in the order of the framework
        return Differences(
            overall=self._above(None, mine, other, both),
            above=tuple(self._above(node_id, mine, other, both) for node_id in inner),
            elements=tuple(sorted(matched, key=_smaller_difference_later)),
            unmatched=tuple(one for one in elements.values() if one.own is not None and one.by is None),
            roles=self._roles(),
        )

    def _element(self, element: str) -> Difference:
        mine, other = self.ours.get(element), self.theirs.get(element)
        own, consultants = mine.score if mine else None, other.score if other else None
        return Difference(
            node=element,
            tier=self.framework.tier_of(element).id,
            name=self.framework.node(element).name,
            own=own,
            consultants=consultants,
            status=Status.OPEN if own is None or consultants is None else Status.PUBLISHED,
            agreed=other.agreed if other else False,
            own_count=_count(self.own, element),
            consultants_count=_count(self.consultants, element),
        )

    def _common(self, side: Mapping[str, Judgement], both: frozenset[str]) -> dict[str, Judgement]:
        """Only what both have scored; what consultants find not applicable concerns nobody."""
        excused = {element: one for element, one in self.theirs.items() if one.state is State.NOT_APPLICABLE}
        return excused | {element: side[element] for element in both}

    def _above(self, node_id: str | None, mine: Scorecard, other: Scorecard, both: frozenset[str]) -> Difference:
        below = self.framework.leaves_below(node_id)
        excused = sum(other.judgements[leaf.id].state is State.NOT_APPLICABLE for leaf in below)
        figures = mine.node(node_id)
        return Difference(
            node=node_id,
            tier=figures.tier,
            name=figures.name,
            own=figures.score,
            consultants=other.node(node_id).score,
            status=figures.status,
            common=sum(leaf.id in both for leaf in below),
            applicable=len(below) - excused,
        )

    def _roles(self) -> tuple[RoleDifference, ...]:
        known = {element: one.score for element, one in self.theirs.items() if one.score is not None}
        gaps: dict[str, list[list[Fraction]]] = {}
        for one in self.own:
            found = [
                answer.score - known[element]
                for element, answer in one.answers.items()
                if answer.score is not None and element in known
            ]
            if found:
                gaps.setdefault(one.role, []).append(found)
        rows = []
        for role, each in gaps.items():
            every = [gap for found in each for gap in found]
            rows.append(RoleDifference(role, len(each), len(every), sum(every, Fraction(0)) / len(every)))
        return tuple(sorted(rows, key=lambda row: (-abs(row.by), row.role)))


def _smaller_difference_later(one: Difference) -> Fraction:
    return -abs(one.by or Fraction(0))


def _count(respondents: Sequence[RespondentAnswers], element: str) -> int:
    """How many respondents whose role counts gave a score."""
    answers = (one.answers.get(element) for one in respondents if one.weight > 0)
    return sum(answer is not None and answer.score is not None for answer in answers)
