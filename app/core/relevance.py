"""Which items of a questionnaire are asked: `when` over this interview's answers, else the agreed ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.core.case import AgreedScore, Answer, State
from app.core.questionnaire import Comparison, Questionnaire, When

ScoreOf = Callable[[str], Fraction | None]


def holds(when: When | None, score_of: ScoreOf) -> bool:
    """Tell whether a condition is true; no condition always is.

    `score_of` returns the score of a leaf, None where it is open, unknown, illegible or not applicable: a comparison
    with such an operand is false (and its `not` therefore true).
    """
    if when is None:
        return True
    if isinstance(when, Comparison):
        return _compares(when, score_of(when.answer))
    if when.operator == "not":
        return not holds(when.parts[0], score_of)
    quantifier = all if when.operator == "all" else any
    return quantifier(holds(part, score_of) for part in when.parts)


def _compares(comparison: Comparison, score: Fraction | None) -> bool:
    if score is None:
        return False
    if comparison.relation == "scored" or comparison.number is None:
        return True
    if comparison.relation == "gte":
        return score >= comparison.number
    return score <= comparison.number if comparison.relation == "lte" else score == comparison.number


def asked_elements(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], *, agreed: Mapping[str, AgreedScore]
) -> frozenset[str]:
    """Return the elements whose item is to be asked, given what one interview has answered so far.

    An operand is this interview's answer where there is one, else the agreed score. The answer to an item that is
    itself not asked is no operand. The conditions of a valid questionnaire have no cycle.
    """
    conditions = {item.element: item.when for item in questionnaire.items}
    asked: dict[str, bool] = {}

    def is_asked(element: str) -> bool:
        if element not in asked:
            asked[element] = holds(conditions.get(element), score_of)
        return asked[element]

    def score_of(element: str) -> Fraction | None:
        answer = answers.get(element)
        if answer is not None and answer.state is not State.OPEN and is_asked(element):
            return answer.score
        decided = agreed.get(element)
        return decided.score if decided is not None else None

    return frozenset(element for element in conditions if is_asked(element))


def answers_in_scope(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], *, agreed: Mapping[str, AgreedScore]
) -> dict[str, Answer]:
    """Return the answers that count: those to items that are asked, and those the questionnaire does not govern.

    An answer that went out of scope stays stored; it only does not count.
    """
    asked = asked_elements(questionnaire, answers, agreed=agreed)
    governed = {item.element for item in questionnaire.items}
    return {element: answer for element, answer in answers.items() if element in asked or element not in governed}
