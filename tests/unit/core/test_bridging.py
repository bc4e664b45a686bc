"""What was assessed in one version, standing in another to be compared; and what that comparison rests on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.core.bridging import Basis, agreed_over, basis_of, brought_over, respondents_over
from app.core.case import AgreedScore, Answer, State
from app.core.crosswalk import Crosswalk
from app.core.framework import WeightProfile
from app.core.judging import RespondentAnswers
from app.core.scoring import score
from app.core.text import Text
from tests.unit.core.test_impact import BEFORE, OLD, new
from tests.unit.core.trees import QUARTERS, number, scored

WALK = Crosswalk(OLD, new())


def test_what_is_kept_renamed_split_and_merged_stands_in_the_new_version() -> None:
    card = brought_over(score(OLD, BEFORE), WALK)
    assert {leaf: one.score for leaf, one in card.judgements.items()} == {
        "kept": 1,
        "called": 3,
        "moved": 2,
        "left": 4,
        "right": 4,
        "both": Fraction(11, 4),  # the mean as it is: nothing is agreed here, so nothing is put on the grid
        "fresh": None,
    }
    assert card.framework.version == "2.0.0"


def test_it_says_how_many_elements_are_kept_mapped_and_not_comparable() -> None:
    assert basis_of(WALK) == Basis("1.0.0", kept=2, mapped=4, missing=1, lost=1)
    assert basis_of(WALK).not_comparable == 2
    assert basis_of(Crosswalk(OLD, OLD)) == Basis("1.0.0", kept=7, mapped=0, missing=0, lost=0)


def test_a_version_brought_over_to_itself_is_the_same_card_under_any_weights() -> None:
    profile = WeightProfile("mine", Text("我的"), {"a": Fraction(0)})
    walk = Crosswalk(OLD, OLD)
    assert brought_over(score(OLD, BEFORE), walk) == score(OLD, BEFORE)
    assert brought_over(score(OLD, BEFORE), walk, weights=profile) == score(OLD, BEFORE, weights=profile)


def test_what_nobody_scored_is_what_all_its_origins_are_else_open() -> None:
    same = brought_over(score(OLD, scored(one="not-applicable", two="not-applicable")), WALK)
    unlike = brought_over(score(OLD, scored(one="not-applicable", two="unknown")), WALK)
    assert same.judgements["both"].state is State.NOT_APPLICABLE
    assert unlike.judgements["both"].state is State.OPEN


def test_across_scales_nothing_is_compared() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        brought_over(score(OLD, BEFORE), Crosswalk(OLD, replace(new(), scale=QUARTERS)))


def test_printed_figures_stay_where_a_capability_has_the_same_elements() -> None:
    walk = Crosswalk(OLD, OLD)
    printed = {"a": number("1.5")}
    assert brought_over(score(OLD, BEFORE), walk, published=printed).node("a").published == number("1.5")
    assert brought_over(score(OLD, BEFORE), WALK, published=printed).node("a").published is None


def test_findings_and_answers_stand_under_the_new_names() -> None:
    agreed = {
        "renamed": AgreedScore(State.SCORED, number(3), findings=(Text("甲"),)),
        "one": AgreedScore(State.SCORED, number(2), findings=(Text("乙"),)),
        "two": AgreedScore(State.SCORED, number(2), findings=(Text("丙"),)),
        "gone": AgreedScore(State.SCORED, number(2)),
    }
    told = agreed_over(agreed, WALK)
    assert told["called"] == agreed["renamed"]
    assert told["both"].findings == (Text("乙"), Text("丙"))
    assert set(told) == {"called", "both"}
    said = Answer(State.SCORED, number(3))
    respondent = RespondentAnswers("boss", Fraction(1), {"renamed": said, "cut": said, "one": said})
    (over,) = respondents_over((respondent,), WALK)
    assert set(over.answers) == {"called", "left", "right"}
