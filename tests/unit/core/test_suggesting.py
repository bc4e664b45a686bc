"""The score that the answers to an item's questions suggest."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.questionnaire import Band, Item, Option, Question, QuestionType
from app.core.suggesting import Given, question_score, scoring_questions, suggested_score, suggestion
from app.core.text import Text
from tests.unit.core.trees import HALVES, QUARTERS, number

T = Text("问")
CHOICE = Question(
    "plan",
    QuestionType.CHOICE,
    T,
    options=(Option("none", T, number(0)), Option("written", T, number(3)), Option("mute", T)),
)
CHECKLIST = Question(
    "parts",
    QuestionType.CHECKLIST,
    T,
    options=(Option("owner", T, weight=number(2)), Option("fields", T), Option("review", T)),
)
NUMBER = Question(
    "accuracy",
    QuestionType.NUMBER,
    T,
    unit="%",
    bands=(Band(number(1), number(60)), Band(number(3), number(90)), Band(number(5))),
)
SCALE = Question("self", QuestionType.SCALE, T)
TEXT = Question("remark", QuestionType.TEXT, T)


@pytest.mark.parametrize(
    ("question", "answer", "worth"),
    [
        (CHOICE, "written", "3"),
        (CHOICE, "none", "0"),
        (CHOICE, "mute", None),
        (CHOICE, "gone", None),
        (CHOICE, ("written",), None),
        (CHECKLIST, ("owner",), "2.5"),  # 2 of 4 shares of 0 to 5
        (CHECKLIST, ("owner", "fields", "review"), "5"),
        (CHECKLIST, (), "0"),  # nothing of it is there: that is an answer
        (CHECKLIST, ("gone",), "0"),
        (CHECKLIST, "owner", None),
        (NUMBER, Fraction(60), "1"),
        (NUMBER, Fraction(121, 2), "3"),
        (NUMBER, Fraction(90), "3"),
        (NUMBER, Fraction(1000), "5"),
        (SCALE, Fraction(5, 2), "2.5"),
        (SCALE, Fraction(12, 5), None),
        (TEXT, "many words", None),
        (TEXT, Fraction(3), None),
        (CHOICE, None, None),
    ],
)
def test_what_one_answer_is_worth(question: Question, answer: Given | None, worth: str | None) -> None:
    expected = None if worth is None else number(worth)
    assert question_score(question, answer, scale=HALVES) == expected


def test_a_checklist_is_spread_over_the_scale_from_its_minimum() -> None:
    assert question_score(CHECKLIST, ("fields",), scale=QUARTERS) == Fraction(5, 2)  # 1 + 1/4 · 6
    assert question_score(CHECKLIST, (), scale=QUARTERS) == 1


def test_a_checklist_whose_options_all_weigh_nothing_says_nothing() -> None:
    empty = Question("x", QuestionType.CHECKLIST, T, options=(Option("o", T, weight=Fraction(0)),))
    assert question_score(empty, ("o",), scale=HALVES) is None


def item(*questions: Question) -> Item:
    return Item("a1", questions=questions)


def test_the_suggestion_is_the_weighted_mean_rounded_half_up_to_the_grid() -> None:
    heavy = Question("plan", QuestionType.CHOICE, T, weight=number(3), options=CHOICE.options)
    answers: dict[str, Given] = {"plan": "written", "self": Fraction(1)}
    assert suggested_score(item(heavy, SCALE), answers, scale=HALVES) == Fraction(5, 2)  # (3·3 + 1) / 4 = 2.5
    assert suggested_score(item(CHOICE, SCALE), {**answers, "self": Fraction(3, 2)}, scale=HALVES) == Fraction(5, 2)
    # (3 + 1.5) / 2 = 2.25: half of a step goes up


def test_questions_without_an_answer_are_left_out() -> None:
    assert suggested_score(item(CHOICE, SCALE, TEXT), {"plan": "written", "remark": "…"}, scale=HALVES) == 3


def test_questions_that_weigh_nothing_are_left_out() -> None:
    mute = Question("self", QuestionType.SCALE, T, weight=Fraction(0))
    assert suggested_score(item(CHOICE, mute), {"plan": "written", "self": Fraction(0)}, scale=HALVES) == 3
    assert suggested_score(item(mute), {"self": Fraction(0)}, scale=HALVES) is None


def test_nothing_answered_suggests_nothing() -> None:
    assert suggested_score(item(CHOICE, NUMBER), {}, scale=HALVES) is None
    assert suggested_score(item(), {"plan": "written"}, scale=HALVES) is None


def test_a_suggestion_stays_within_the_scale() -> None:
    high = Question("n", QuestionType.NUMBER, T, bands=(Band(number("7.1")),))
    assert suggested_score(item(high), {"n": Fraction(1)}, scale=QUARTERS) == 7


def test_a_suggestion_says_what_each_answer_is_worth_and_what_they_mean_together() -> None:
    answers: dict[str, Given] = {"plan": "written", "parts": ("owner", "fields")}
    found = suggestion(item(CHOICE, CHECKLIST, SCALE, TEXT), answers, scale=HALVES)
    assert found is not None
    assert [(part.question.id, part.value) for part in found.parts] == [("plan", 3), ("parts", Fraction(15, 4))]
    assert found.mean == Fraction(27, 8)  # (3 + 3.75) / 2
    assert found.score == Fraction(7, 2)
    assert [question.id for question in found.missing] == ["self"]


def test_texts_and_questions_that_weigh_nothing_make_up_no_score() -> None:
    mute = Question("mute", QuestionType.SCALE, T, weight=Fraction(0))
    assert scoring_questions(item(CHOICE, TEXT, mute)) == (CHOICE,)
