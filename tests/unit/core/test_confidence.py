"""How far a score can be relied on: worked by hand from 0.4·q/3 + 0.3·min(1, n/3) + 0.3·max(0, 1 - SD/1.25)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.case import Answer, State
from app.core.confidence import Grade, confidence, confidences
from app.core.judging import RespondentAnswers
from app.core.scale import Scale
from tests.unit.core.trees import framework, number

TREE = framework({"a": {"a-1": None, "a-2": None}})


def answer(score: float, strength: int | None = None, **more: object) -> Answer:
    return Answer(State.SCORED, number(score), evidence_strength=strength, **more)  # type: ignore[arg-type]


def test_three_who_agree_on_checked_data_are_the_highest_confidence() -> None:
    found = confidence([answer(2, 3), answer(2, 1), answer(2)], TREE.scale)
    assert found is not None
    assert (found.low, found.high, found.grade) == (Fraction(1), Fraction(1), Grade.HIGH)
    assert found.deviation == 0


def test_two_voices_a_point_apart_who_told_only() -> None:
    # q = 1: 0.1333; n = 2: 0.2; SD = 0.7071: 0.3·(1 - 0.5657) = 0.1303
    found = confidence([answer(2, 1), answer(3, 0)], TREE.scale)
    assert found is not None
    assert float(found.low) == pytest.approx(0.13333 + 0.2 + 0.13029, abs=1e-5)
    assert found.low == found.high
    assert found.grade is Grade.LOW


def test_one_voice_has_no_deviation_and_is_never_taken_to_agree_with_itself() -> None:
    found = confidence([answer(2, 2)], TREE.scale)
    assert found is not None
    assert found.single
    assert found.deviation is None
    assert (found.low, found.high) == (Fraction(4, 15) + Fraction(1, 10), Fraction(4, 15) + Fraction(4, 10))
    assert found.grade is None


def test_an_unknown_strength_of_evidence_is_unknown_and_not_none() -> None:
    found = confidence([answer(2), answer(2)], TREE.scale)
    assert found is not None
    assert found.strength is None
    assert found.high - found.low == Fraction(2, 5)


def test_what_is_unknown_does_not_matter_where_it_cannot_change_the_word() -> None:
    found = confidence([answer(2, 0)], TREE.scale)
    assert found is not None
    assert found.low < found.high
    assert found.grade is Grade.LOW


def test_evidence_ticked_as_seen_counts_as_shown() -> None:
    found = confidence([answer(2, ticks={"plan": "seen"})], TREE.scale)
    assert found is not None
    assert found.strength == 2


def test_nobody_with_a_score_is_no_confidence_at_all() -> None:
    assert confidence([], TREE.scale) is None
    assert confidence([Answer(State.UNKNOWN), Answer(State.NOT_APPLICABLE)], TREE.scale) is None


def test_a_role_of_no_weight_is_heard_and_not_counted() -> None:
    heard = RespondentAnswers("guest", Fraction(0), {"a-1": answer(5), "a-2": answer(5)})
    counted = RespondentAnswers("billing", Fraction(2), {"a-1": answer(2, 1)})
    found = confidences(TREE, [heard, counted])
    assert list(found) == ["a-1"]
    assert found["a-1"].n == 1


def test_the_deviation_is_measured_by_the_length_of_the_scale() -> None:
    wide = Scale(Fraction(0), Fraction(10), Fraction(1), TREE.scale.levels)
    narrow = confidence([answer(2, 1), answer(3, 1)], TREE.scale)
    double = confidence([answer(4, 1), answer(6, 1)], wide)
    assert narrow is not None
    assert double is not None
    assert float(narrow.low) == pytest.approx(float(double.low), abs=1e-8)


@given(st.lists(st.tuples(st.integers(0, 10), st.one_of(st.none(), st.integers(0, 3))), min_size=1, max_size=6))
def test_confidence_lies_between_nothing_and_certainty(given_: list[tuple[int, int | None]]) -> None:
    found = confidence([answer(score / 2, strength) for score, strength in given_], TREE.scale)
    assert found is not None
    assert 0 <= found.low <= found.high <= 1
