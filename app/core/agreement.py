"""How far the respondents agree about an element, and what to discuss first. Exact; knows no weights and no request.

Every respondent counts once, whatever the weight of the role: this is about people who differ, not about the score.
Formulas and their sources stand at the functions; thresholds come from the framework's `agreement` block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from app.core.case import State
from app.core.framework import AgreementRule, Framework
from app.core.judging import RespondentAnswers
from app.core.scale import Scale

_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)


class Reason(StrEnum):
    """Why an element is to be discussed: its range, its r_wg, or two roles' medians are past the threshold."""

    RANGE = "range"
    R_WG = "r-wg"
    ROLE_GAP = "role-gap"


@dataclass(frozen=True, slots=True)
class Voice:
    """What one respondent says of an element. `role` is the role's id; a score exactly when the state has one.

    `independent`: the role counts towards the minimum of roles (its weight is above 0).
    """

    role: str
    state: State
    score: Fraction | None = None
    independent: bool = True


@dataclass(frozen=True, slots=True)
class RoleGap:
    """The two roles whose medians lie furthest apart, and how far, in points of the scale."""

    low: str
    high: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class Agreement:
    """The respondents of one element against each other; figures in points of the scale, None where undefined.

    `n` counts scores, `roles` those who gave them with the median of each; `not_applicable`, `unknown` (with
    illegible) count the others who answered. `reasons` say why to discuss, in a fixed order. `independent_roles`
    stand against `minimum_roles`.
    """

    n: int
    not_applicable: int
    unknown: int
    lowest: Fraction | None
    highest: Fraction | None
    median: Fraction | None
    quartiles: tuple[Fraction, Fraction] | None
    r_wg: Fraction | None
    roles: Mapping[str, Fraction]
    role_gap: RoleGap | None
    reasons: tuple[Reason, ...]
    independent_roles: int
    minimum_roles: int

    @property
    def range(self) -> Fraction | None:
        """Highest less lowest score."""
        return None if self.highest is None or self.lowest is None else self.highest - self.lowest

    @property
    def iqr(self) -> Fraction | None:
        """Third less first quartile."""
        return None if self.quartiles is None else self.quartiles[1] - self.quartiles[0]

    @property
    def discuss(self) -> bool:
        """Tell whether one of the framework's thresholds is passed."""
        return bool(self.reasons)

    @property
    def partly_not_applicable(self) -> bool:
        """Tell whether some respondents scored what others call not applicable."""
        return self.n > 0 and self.not_applicable > 0

    @property
    def too_few_roles(self) -> bool:
        """Tell whether fewer roles than the framework (or the assessment) asks for gave a score."""
        return self.n > 0 and self.independent_roles < self.minimum_roles

    @property
    def clear(self) -> bool:
        """Tell whether the median can be taken over without a discussion: enough roles, and nobody far off."""
        return self.n > 0 and not (self.reasons or self.partly_not_applicable or self.too_few_roles)

    @property
    def answered(self) -> int:
        """How many respondents said something."""
        return self.n + self.not_applicable + self.unknown


def agreement(voices: Iterable[Voice], *, scale: Scale, rule: AgreementRule) -> Agreement:
    """Return how far these respondents agree. Voices in state open say nothing and are left out."""
    said = [voice for voice in voices if voice.state is not State.OPEN]
    scores = sorted(voice.score for voice in said if voice.score is not None)
    by_role: dict[str, list[Fraction]] = {}
    for voice in said:
        if voice.score is not None:
            by_role.setdefault(voice.role, []).append(voice.score)
    roles = {role: median(given) for role, given in by_role.items()}
    r_wg, gap = within_group_agreement(scores, scale), _widest(roles)
    return Agreement(
        n=len(scores),
        not_applicable=sum(voice.state is State.NOT_APPLICABLE for voice in said),
        unknown=sum(voice.state in (State.UNKNOWN, State.ILLEGIBLE) for voice in said),
        lowest=scores[0] if scores else None,
        highest=scores[-1] if scores else None,
        median=median(scores) if scores else None,
        quartiles=(quantile(scores, _QUARTER), quantile(scores, 3 * _QUARTER)) if scores else None,
        r_wg=r_wg,
        roles=roles,
        role_gap=gap,
        reasons=_reasons(scores, r_wg, gap, rule),
        independent_roles=len({voice.role for voice in said if voice.score is not None and voice.independent}),
        minimum_roles=rule.minimum_roles,
    )


def agreements(
    framework: Framework, respondents: Sequence[RespondentAnswers], *, minimum_roles: int | None = None
) -> dict[str, Agreement]:
    """Return the agreement about every element, in document order.

    `minimum_roles`: what the assessment asks for in the place of the framework's.
    """
    own = framework.agreement
    least = own.minimum_roles if minimum_roles is None else minimum_roles
    rule = AgreementRule(own.range, own.r_wg, own.role_gap, least)
    return {
        leaf.id: agreement(voices_about(leaf.id, respondents), scale=framework.scale, rule=rule)
        for leaf in framework.leaves
    }


def voices_about(element: str, respondents: Sequence[RespondentAnswers]) -> tuple[Voice, ...]:
    """Return what the respondents say of one element, in their order; whoever was not asked has no voice."""
    return tuple(
        Voice(one.role, one.answers[element].state, one.answers[element].score, independent=one.weight > 0)
        for one in respondents
        if element in one.answers
    )


def median(scores: Sequence[Fraction]) -> Fraction:
    """Return the plain median of at least one score, the mean of the middle two where their number is even."""
    return scores[0] if len(scores) == 1 else quantile(sorted(scores), _HALF)


def quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """Return a quantile (share 0 to 1) of ascending scores by linear interpolation.

    Hyndman & Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996): definition 7.
    """
    place = (len(ordered) - 1) * share
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def within_group_agreement(scores: Sequence[Fraction], scale: Scale) -> Fraction | None:
    """Return r_wg: 1 = all say the same, 0 = no better than scores spread evenly over the scale; None below two.

    r_wg = 1 - s²/s0², never below 0; s² the sample variance (n - 1), s0² = ((k² - 1)/12)·step² that of k grid points
    chosen by chance. James, Demaree & Wolf, "Estimating within-group interrater reliability with and without response
    bias", Journal of Applied Psychology 69 (1984), for a single item.
    """
    n = len(scores)
    if n < 2:
        return None
    mean = sum(scores, Fraction(0)) / n
    variance = sum(((score - mean) ** 2 for score in scores), Fraction(0)) / (n - 1)
    points = scale.steps + 1
    by_chance = Fraction(points**2 - 1, 12) * scale.step**2
    return max(Fraction(0), 1 - variance / by_chance)


def _widest(roles: Mapping[str, Fraction]) -> RoleGap | None:
    if len(roles) < 2:
        return None
    low, high = min(roles, key=lambda role: roles[role]), max(roles, key=lambda role: roles[role])
    return RoleGap(low, high, roles[high] - roles[low])


def _reasons(
    scores: Sequence[Fraction], r_wg: Fraction | None, gap: RoleGap | None, rule: AgreementRule
) -> tuple[Reason, ...]:
    found = {
        Reason.RANGE: len(scores) > 1 and scores[-1] - scores[0] >= rule.range,
        Reason.R_WG: r_wg is not None and r_wg < rule.r_wg,
        Reason.ROLE_GAP: gap is not None and gap.points >= rule.role_gap,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def discussing_order(found: Mapping[str, Agreement]) -> tuple[str, ...]:
    """Return the elements in the order in which to discuss them.

    First those past a threshold, the widest range first (then the lowest r_wg, the widest role gap); then those where
    some say not applicable or where too few roles scored; then the rest with a score; last those nobody scored.
    Equals keep their order.
    """
    return tuple(sorted(found, key=lambda element: _urgency(found[element])))


def _urgency(one: Agreement) -> tuple[int, Fraction, Fraction, Fraction]:
    none = Fraction(0)
    if one.discuss:
        gap = one.role_gap.points if one.role_gap else none
        return 0, -(one.range or none), none if one.r_wg is None else one.r_wg, -gap
    if not one.n:
        return (3 if one.answered else 4), none, none, none
    return (2 if one.clear else 1), none, none, none


class Question(StrEnum):
    """What an auditor would ask about an agreed score; only a reason answers it."""

    NOT_APPLICABLE = "not-applicable"  # why does it not concern this unit?
    SCORED_BY_NOBODY = "scored-by-nobody"  # what does the score rest on?
    SCORES_LEFT_OUT = "scores-left-out"  # some respondents gave a score: why is it unknown?
    FAR_FROM_MEDIAN = "far-from-median"
    RESPONDENTS_DIFFER = "respondents-differ"
    PARTLY_NOT_APPLICABLE = "partly-not-applicable"  # some called it not applicable: why is it scored?


def questions_about(
    state: State, score: Fraction | None, found: Agreement, rule: AgreementRule
) -> tuple[Question, ...]:
    """Return what an agreed judgement leaves to be explained, given what the respondents said; empty for an open one.

    Far from the median is a distance from which the medians of two roles would be discussed (`rule.role_gap`).
    """
    if state is State.OPEN:
        return ()
    if state is State.NOT_APPLICABLE:
        return (Question.NOT_APPLICABLE,)
    if score is None:
        return (Question.SCORES_LEFT_OUT,) if found.n else ()
    if found.median is None:
        return (Question.SCORED_BY_NOBODY,)
    asked = {
        Question.FAR_FROM_MEDIAN: abs(score - found.median) >= rule.role_gap,
        Question.RESPONDENTS_DIFFER: found.discuss,
        Question.PARTLY_NOT_APPLICABLE: found.partly_not_applicable,
    }
    return tuple(question for question, holds in asked.items() if holds)
