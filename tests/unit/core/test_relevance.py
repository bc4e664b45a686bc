"""Which items are asked: `when` over this interview's answers, else the agreed scores."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.case import AgreedScore, Answer, State
from app.core.questionnaire import Comparison, Condition, Item, Mode, Questionnaire, When
from app.core.relevance import answers_in_scope, asked_elements, holds
from app.core.text import Text
from tests.unit.core.trees import number

TRUE = Comparison("known", "scored")
FALSE = Comparison("open", "scored")


def score_of(element: str) -> Fraction | None:
    return {"known": Fraction(2)}.get(element)


def scored(value: float) -> Answer:
    return Answer(State.SCORED, number(value))


@pytest.mark.parametrize(
    ("relation", "bound", "truth"),
    [
        ("gte", "2", True),
        ("gte", "2.5", False),
        ("lte", "2", True),
        ("lte", "1.5", False),
        ("eq", "2", True),
        ("eq", "2.5", False),
        ("scored", None, True),
    ],
)
def test_a_comparison_looks_at_the_score_of_its_operand(relation: str, bound: str | None, truth: bool) -> None:
    comparison = Comparison("known", relation, number(bound) if bound else None)  # type: ignore[arg-type]
    assert holds(comparison, score_of) is truth


@pytest.mark.parametrize("relation", ["gte", "lte", "eq", "scored"])
def test_an_open_operand_makes_its_comparison_false(relation: str) -> None:
    assert not holds(Comparison("open", relation, Fraction(0)), score_of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "truth"),
    [
        (None, True),
        (Condition("all", (TRUE, TRUE)), True),
        (Condition("all", (TRUE, FALSE)), False),
        (Condition("all", ()), True),
        (Condition("any", (FALSE, TRUE)), True),
        (Condition("any", (FALSE, FALSE)), False),
        (Condition("any", ()), False),
        (Condition("not", (TRUE,)), False),
        (Condition("not", (FALSE,)), True),  # an open operand is false, so its contrary holds
        (Condition("not", (Condition("all", (TRUE, Condition("any", (FALSE, TRUE)))),)), False),
    ],
)
def test_conditions_combine(when: When | None, truth: bool) -> None:
    assert holds(when, score_of) is truth


def guide(**conditions: When | None) -> Questionnaire:
    items = tuple(Item(element, when=when) for element, when in conditions.items())
    return Questionnaire("guide", "1.0.0", "sketch", Text("提纲"), Mode.INTERVIEW, roles=(), items=items)


CHAIN = guide(c=Comparison("b", "scored"), b=Comparison("a", "gte", Fraction(2)), a=None)


def test_an_item_without_condition_is_always_asked() -> None:
    assert asked_elements(CHAIN, {}, agreed={}) == {"a"}


def test_an_item_is_asked_as_soon_as_its_condition_holds() -> None:
    assert asked_elements(CHAIN, {"a": scored(2)}, agreed={}) == {"a", "b"}
    assert asked_elements(CHAIN, {"a": scored(2), "b": scored(1)}, agreed={}) == {"a", "b", "c"}


def test_the_answer_to_an_item_that_is_not_asked_is_no_operand() -> None:
    assert asked_elements(CHAIN, {"a": scored(1), "b": scored(5)}, agreed={}) == {"a"}


def test_operands_are_this_interviews_answers_else_the_agreed_ones() -> None:
    agreed = {"a": AgreedScore(State.SCORED, Fraction(3))}
    assert asked_elements(CHAIN, {}, agreed=agreed) == {"a", "b"}
    assert asked_elements(CHAIN, {"a": scored(1)}, agreed=agreed) == {"a"}
    assert asked_elements(CHAIN, {"a": Answer(State.UNKNOWN)}, agreed=agreed) == {"a"}
    assert asked_elements(CHAIN, {"a": Answer(State.OPEN, note="later")}, agreed=agreed) == {"a", "b"}


def test_an_agreed_state_without_a_score_is_an_open_operand() -> None:
    assert asked_elements(CHAIN, {}, agreed={"a": AgreedScore(State.UNKNOWN)}) == {"a"}


def test_answers_out_of_scope_are_left_out_and_those_nobody_governs_are_kept() -> None:
    answers = {"a": scored(1), "b": scored(5), "elsewhere": scored(4)}
    assert answers_in_scope(CHAIN, answers, agreed={}) == {"a": scored(1), "elsewhere": scored(4)}
