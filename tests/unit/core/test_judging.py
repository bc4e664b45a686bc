"""What comes of an element when several people spoke about it, and when the assessors agreed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.case import AgreedScore, Answer, Case, Interview, Round, State, Unit
from app.core.judging import RespondentAnswers, judge, respondents_of, weighted_median
from app.core.questionnaire import Comparison, Item, Mode, Questionnaire, Role
from app.core.scoring import Judgement
from app.core.text import Text
from tests.unit.core.trees import framework, number

TREE = framework({"a": {"a1": None, "a2": None}})


def said(value: str | float, weight: str | int = 1) -> RespondentAnswers:
    """Let one respondent say a score, a state, or `inferred 2`, about element a1."""
    if isinstance(value, str):
        state, _, points = value.partition(" ")
        answer = Answer(State(state), number(points) if points else None)
    else:
        answer = Answer(State.SCORED, number(value))
    return RespondentAnswers("somebody", number(weight), {"a1": answer})


def judged(*respondents: RespondentAnswers, agreed: AgreedScore | None = None) -> Judgement | None:
    return judge(TREE, {"a1": agreed} if agreed else {}, respondents).get("a1")


# --- the weighted median --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "median"),
    [
        ([(3, 1)], 3),
        ([(2, 1), (4, 1)], 3),  # exactly half at 2: the mean with the next
        ([(1, 1), (4, 1), (2, 1)], 2),
        ([(1, 1), (2, 1), (4, 1), (5, 1)], 3),
        ([(1, 2), (4, 1), (5, 1)], "2.5"),  # 2 of 4 reached at 1: mean of 1 and 4
        ([(1, 1), (4, 3)], 4),
        ([(1, "0.1"), (2, "0.2"), (3, "0.3")], "2.5"),  # 0.3 of 0.6 reached exactly at 2, no binary fraction in the way
        ([(2, 1), (2, 1), (3, 2)], "2.5"),
        ([(2, 1), (2, 1), (2, 2)], 2),
        ([("1.5", 1), (2, 1)], "1.75"),  # off the grid, and not snapped to it
    ],
)
def test_the_weighted_median_is_the_smallest_score_past_half_of_the_weight(
    pairs: Sequence[tuple[str | int, str | int]], median: str | int
) -> None:
    assert weighted_median([(number(score), number(weight)) for score, weight in pairs]) == number(median)


def test_there_is_no_median_of_nothing() -> None:
    with pytest.raises(ValueError, match="at least one score"):
        weighted_median([])


PAIRS = st.lists(
    st.tuples(st.integers(0, 10).map(lambda n: Fraction(n, 2)), st.integers(1, 9).map(lambda n: Fraction(n, 4))),
    min_size=1,
    max_size=9,
)


@given(PAIRS)
def test_half_of_the_weight_lies_on_either_side_of_the_median(pairs: list[tuple[Fraction, Fraction]]) -> None:
    median, total = weighted_median(pairs), sum(weight for _, weight in pairs)
    assert sum(weight for score, weight in pairs if score < median) * 2 <= total
    assert sum(weight for score, weight in pairs if score > median) * 2 <= total


@given(PAIRS, st.permutations(range(9)), st.sampled_from([Fraction(1, 3), Fraction(10)]))
def test_neither_order_nor_scale_of_weights_moves_the_median(
    pairs: list[tuple[Fraction, Fraction]], order: list[int], factor: Fraction
) -> None:
    shuffled = [pairs[place] for place in order if place < len(pairs)]
    assert weighted_median([(score, weight * factor) for score, weight in shuffled]) == weighted_median(pairs)


# --- one judgement out of many --------------------------------------------------------------------------------------


def test_an_agreed_score_wins_over_everybody() -> None:
    agreed = AgreedScore(State.SCORED, Fraction(4))
    assert judged(said(1), said(2), agreed=agreed) == Judgement(State.SCORED, Fraction(4), respondents=2)


@pytest.mark.parametrize("state", [State.NOT_APPLICABLE, State.UNKNOWN, State.ILLEGIBLE])
def test_an_agreed_state_without_a_score_wins_too(state: State) -> None:
    assert judged(said(1), agreed=AgreedScore(state)) == Judgement(state, respondents=1)


def test_an_agreed_entry_that_is_open_leaves_the_word_to_the_respondents() -> None:
    assert judged(said(1), agreed=AgreedScore(State.OPEN)) == Judgement(
        State.SCORED, Fraction(1), agreed=False, respondents=1
    )


def test_nobody_said_anything() -> None:
    assert judged() is None
    assert judged(said("open"), agreed=AgreedScore(State.OPEN)) is None
    assert judged(RespondentAnswers("somebody", Fraction(1), {})) is None


def test_respondents_scores_become_their_weighted_median() -> None:
    assert judged(said(1), said(4, weight=3)) == Judgement(State.SCORED, Fraction(4), agreed=False, respondents=2)


@pytest.mark.parametrize(
    ("words", "state", "score", "partly"),
    [
        (["not-applicable", "not-applicable"], State.NOT_APPLICABLE, None, False),
        (["not-applicable", 2, 3], State.SCORED, "2.5", True),
        (["unknown", 2], State.SCORED, 2, False),
        (["illegible", "unknown", 2, "not-applicable"], State.SCORED, 2, True),
        (["unknown"], State.UNKNOWN, None, False),
        (["illegible", "illegible"], State.ILLEGIBLE, None, False),
        (["illegible", "unknown"], State.UNKNOWN, None, False),
        (["not-applicable", "unknown"], State.UNKNOWN, None, True),
        (["not-applicable", "illegible"], State.ILLEGIBLE, None, True),
        (["open", "not-applicable"], State.NOT_APPLICABLE, None, False),
        (["inferred 2", "inferred 2"], State.INFERRED, 2, False),
        (["inferred 1", 2, 3], State.INFERRED, 2, False),
    ],
)
def test_mixed_answers(words: list[str | float], state: State, score: str | float | None, partly: bool) -> None:
    answered = sum(word != "open" for word in words)
    expected = None if score is None else number(score)
    assert judged(*map(said, words)) == Judgement(state, expected, False, answered, partly)


def test_a_respondent_whose_role_weighs_nothing_is_heard_but_not_counted() -> None:
    assert judged(said(5, weight=0), said(2)) == Judgement(State.SCORED, Fraction(2), agreed=False, respondents=2)
    assert judged(said(5, weight=0)) is None
    assert judged(said("not-applicable", weight=0), said(2)) == Judgement(
        State.SCORED, Fraction(2), agreed=False, respondents=2
    )


def test_dissent_about_applicability_stays_visible_beside_an_agreed_score() -> None:
    agreed = AgreedScore(State.SCORED, Fraction(3))
    found = judged(said("not-applicable"), said(3), agreed=agreed)
    assert found is not None
    assert found.partly_not_applicable


# --- respondents of a case ------------------------------------------------------------------------------------------

GUIDE = Questionnaire(
    "guide",
    "1.0.0",
    "sketch@>=1",
    Text("提纲"),
    Mode.INTERVIEW,
    roles=(Role("marketing", Text("市场"), weight=Fraction(3)), Role("billing", Text("计费"))),
    items=(Item("a1"), Item("a2", when=Comparison("a1", "gte", Fraction(2)))),
)


def case(*interviews: Interview, **agreed: AgreedScore) -> Case:
    return Case(
        "c", "sketch@1.0.0", Unit("u", Text("单位")), Round("r", Text("轮")), scores=agreed, interviews=interviews
    )


def interview(role: str, questionnaire: str | None = None, **scores: float) -> Interview:
    answers = {element: Answer(State.SCORED, number(score)) for element, score in scores.items()}
    return Interview(f"i-{role}", role, questionnaire=questionnaire, answers=answers)


def test_roles_bring_the_weight_of_the_questionnaire_and_1_without_one() -> None:
    known = case(interview("marketing", a1=3), interview("billing", a1=2), interview("stranger", a1=1))
    assert [one.weight for one in respondents_of(known, GUIDE)] == [3, 1, 1]
    assert [one.weight for one in respondents_of(known, None)] == [1, 1, 1]


def test_an_interview_is_read_with_its_own_questionnaire_where_that_is_known() -> None:
    other = Questionnaire(
        "other",
        "1.0.0",
        "sketch",
        Text("另"),
        Mode.INTERVIEW,
        (Role("marketing", Text("市场"), weight=Fraction(9)),),
        (),
    )
    known = case(interview("marketing", "other@1.0.0", a1=3), interview("marketing", "lost@1.0.0", a1=2))
    assert [one.weight for one in respondents_of(known, GUIDE, others={"other@1.0.0": other})] == [9, 3]


def test_an_answer_to_an_item_that_is_not_asked_does_not_count() -> None:
    known = case(interview("billing", a1=1, a2=4))
    respondents = respondents_of(known, GUIDE)
    assert dict(respondents[0].answers) == {"a1": Answer(State.SCORED, Fraction(1))}
    assert "a2" not in judge(TREE, known.scores, respondents)
