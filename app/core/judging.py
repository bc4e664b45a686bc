"""From agreed scores and respondents' answers to one judgement per element. Knows states and role weights.

What comes of an element:

| agreed score | answers of respondents of weight > 0       | judgement                       |
|--------------|--------------------------------------------|---------------------------------|
| not open     | anything                                   | the agreed one, whatever it is  |
| none or open | none, or all open                          | none: the element is open       |
| none or open | some with a score                          | weighted median of those scores |
| none or open | no score, all not applicable               | not applicable                  |
| none or open | no score, illegible (and not applicable)   | illegible                       |
| none or open | no score, anything else                    | unknown                         |

`partly_not_applicable` flags every element that some, but not all, of its respondents called not applicable. A median
is marked inferred when any of the scores in it was. A respondent of weight 0 is heard, not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.case import AgreedScore, Answer, Case, State
from app.core.framework import Framework
from app.core.questionnaire import Questionnaire
from app.core.relevance import answers_in_scope
from app.core.scoring import Judgement


@dataclass(frozen=True, slots=True)
class RespondentAnswers:
    """What one respondent said; `weight` is that of the role, >= 0."""

    role: str
    weight: Fraction
    answers: Mapping[str, Answer]


def judge(
    framework: Framework, agreed: Mapping[str, AgreedScore], respondents: Sequence[RespondentAnswers] = ()
) -> dict[str, Judgement]:
    """Return the judgement of every element that has one; the others are open."""
    judgements: dict[str, Judgement] = {}
    for leaf in framework.leaves:
        judgement = _judgement(leaf.id, agreed.get(leaf.id), respondents)
        if judgement is not None:
            judgements[leaf.id] = judgement
    return judgements


def respondents_of(
    case: Case, questionnaire: Questionnaire | None, *, others: Mapping[str, Questionnaire] | None = None
) -> tuple[RespondentAnswers, ...]:
    """Return the answers of a case's interviews with the weights of their roles, as far as they are in scope.

    An interview that names a questionnaire found in `others` (by reference as written) is read with that one, any
    other with `questionnaire`. A role that has none weighs 1. Answers to items whose `when` is false are left out.
    """
    return tuple(
        respondent(
            interview.role,
            interview.answers,
            agreed=case.scores,
            questionnaire=(others or {}).get(interview.questionnaire or "", questionnaire),
        )
        for interview in case.interviews
    )


def respondent(
    role: str,
    answers: Mapping[str, Answer],
    *,
    agreed: Mapping[str, AgreedScore],
    questionnaire: Questionnaire | None,
) -> RespondentAnswers:
    """Return one interview's answers, as far as they are in scope, with the weight of the role (1 if unknown)."""
    if questionnaire is None:
        return RespondentAnswers(role, Fraction(1), answers)
    weight = next((known.weight for known in questionnaire.roles if known.id == role), Fraction(1))
    return RespondentAnswers(role, weight, answers_in_scope(questionnaire, answers, agreed=agreed))


def weighted_median(scores: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the weighted median of (score, weight) pairs, weights > 0, at least one pair.

    Sorted by score: the smallest score whose cumulative weight exceeds half of all; where it is exactly half, the
    mean of that score and the next. Not snapped to the grid.
    """
    ordered = sorted(scores)
    half = sum((weight for _, weight in ordered), Fraction(0)) / 2
    reached = Fraction(0)
    for place, (score, weight) in enumerate(ordered):
        reached += weight
        if reached == half:
            return (score + ordered[place + 1][0]) / 2
        if reached > half:
            return score
    raise ValueError("a median needs at least one score of weight > 0")


def _judgement(leaf_id: str, agreed: AgreedScore | None, respondents: Sequence[RespondentAnswers]) -> Judgement | None:
    answered = [
        (one.weight, one.answers[leaf_id])
        for one in respondents
        if leaf_id in one.answers and one.answers[leaf_id].state is not State.OPEN
    ]
    excused = [answer.state is State.NOT_APPLICABLE for weight, answer in answered if weight > 0]
    partly = any(excused) and not all(excused)
    if agreed is not None and agreed.state is not State.OPEN:
        return Judgement(agreed.state, agreed.score, respondents=len(answered), partly_not_applicable=partly)
    counted = [(weight, answer) for weight, answer in answered if weight > 0]
    if not counted:
        return None
    state, score = _aggregate(counted)
    return Judgement(state, score, agreed=False, respondents=len(answered), partly_not_applicable=partly)


def _aggregate(counted: Sequence[tuple[Fraction, Answer]]) -> tuple[State, Fraction | None]:
    scored = [(answer.score, weight) for weight, answer in counted if answer.score is not None]
    if scored:
        inferred = any(answer.state is State.INFERRED for _, answer in counted)
        return (State.INFERRED if inferred else State.SCORED), weighted_median(scored)
    states = {answer.state for _, answer in counted}
    if states == {State.NOT_APPLICABLE}:
        return State.NOT_APPLICABLE, None
    unresolved = states - {State.NOT_APPLICABLE}
    return (State.ILLEGIBLE if unresolved == {State.ILLEGIBLE} else State.UNKNOWN), None
