"""How far an element's score can be relied on: who said it, how strong the evidence is, how far the voices differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import isqrt

from app.core.case import Answer
from app.core.finishing import SEEN_FROM
from app.core.framework import Framework
from app.core.judging import RespondentAnswers
from app.core.scale import Scale

STRONGEST = 3  # of evidence: 0 one voice, 1 sources agree, 2 a document or system was shown, 3 data were checked
ENOUGH = 3  # respondents from which one more adds nothing
HIGH, MEDIUM = Fraction(3, 4), Fraction(1, 2)
_EVIDENCE, _VOICES, _UNITY = Fraction(2, 5), Fraction(3, 10), Fraction(3, 10)
_WIDEST = Fraction(5, 4)  # standard deviation from which there is no unity, on a scale of five points
_FINE = 10**9  # roots are taken to this part of a point


class Grade(StrEnum):
    """Confidence in words."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Confidence:
    """What the respondents' scores of an element rest on. `low` and `high` are the ends of what the confidence can be.

    They are the same where everything is known; an unknown strength of evidence or standard deviation (one respondent
    has none) leaves them apart. Both are 0 to 1; `deviation` is in points of the scale.
    """

    n: int
    strength: int | None
    deviation: Fraction | None
    low: Fraction
    high: Fraction

    @property
    def grade(self) -> Grade | None:
        """The confidence in words; None where what is unknown could change it."""
        low, high = _grade(self.low), _grade(self.high)
        return low if low is high else None

    @property
    def single(self) -> bool:
        """Tell whether only one respondent gave a score."""
        return self.n == 1


def confidence(answers: Iterable[Answer], scale: Scale) -> Confidence | None:
    """Return the confidence in one element's score; None where no respondent gave one.

    conf = 0.4·q/3 + 0.3·min(1, n/3) + 0.3·max(0, 1 - SD/1.25), q the strongest evidence shown by anybody who gave a
    score, n their number, SD their sample standard deviation (1.25 on a scale of five points, in proportion on others).
    """
    scored = [answer for answer in answers if answer.score is not None]
    if not scored:
        return None
    strengths = [strength for answer in scored if (strength := strength_of(answer)) is not None]
    strength = max(strengths, default=None)
    deviation = _deviation([answer.score for answer in scored if answer.score is not None])
    low = high = _VOICES * min(Fraction(1), Fraction(len(scored), ENOUGH))
    shown = (0, STRONGEST) if strength is None else (strength, strength)
    widest = _WIDEST * (scale.maximum - scale.minimum) / 5
    unity = (Fraction(0), Fraction(1)) if deviation is None else (max(Fraction(0), 1 - deviation / widest),) * 2
    low += _EVIDENCE * shown[0] / STRONGEST + _UNITY * unity[0]
    high += _EVIDENCE * shown[1] / STRONGEST + _UNITY * unity[1]
    return Confidence(len(scored), strength, deviation, low, high)


def confidences(framework: Framework, respondents: Sequence[RespondentAnswers]) -> Mapping[str, Confidence]:
    """Return the confidence in every element that a respondent scored, in document order.

    A respondent whose role weighs 0 is heard, not counted.
    """
    counted = [one.answers for one in respondents if one.weight > 0]
    found: dict[str, Confidence] = {}
    for leaf in framework.leaves:
        one = confidence((answers[leaf.id] for answers in counted if leaf.id in answers), framework.scale)
        if one is not None:
            found[leaf.id] = one
    return found


def strength_of(answer: Answer) -> int | None:
    """Return how strong the evidence of an answer is; None where nobody has said and nothing was ticked as seen."""
    if answer.evidence_strength is not None:
        return answer.evidence_strength
    return SEEN_FROM if "seen" in answer.ticks.values() else None


def _deviation(scores: Sequence[Fraction]) -> Fraction | None:
    """Return the sample standard deviation, rounded down to a billionth of a point; None below two scores."""
    if len(scores) < 2:
        return None
    mean = sum(scores, Fraction(0)) / len(scores)
    variance = sum(((score - mean) ** 2 for score in scores), Fraction(0)) / (len(scores) - 1)
    return Fraction(isqrt(variance.numerator * _FINE**2 // variance.denominator), _FINE)


def _grade(share: Fraction) -> Grade:
    if share + Fraction(1, _FINE) >= HIGH:
        return Grade.HIGH
    return Grade.MEDIUM if share + Fraction(1, _FINE) >= MEDIUM else Grade.LOW
