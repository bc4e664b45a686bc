"""When an element stands far from related ones of another framework, and when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.case import State
from app.core.consistency import Divergence, divergences, far
from app.core.framework import AgreementRule, Capability, Framework, Method, Rollup, Tier
from app.core.scale import Level, Scale
from app.core.scoring import Judgement, Scorecard, score
from app.core.text import Text

FIVE = Scale(Fraction(0), Fraction(5), Fraction(1, 2), (Level(Fraction(0), Text("低")), Level(Fraction(5), Text("高"))))
SEVEN = Scale(
    Fraction(1), Fraction(7), Fraction(1, 4), (Level(Fraction(1), Text("低")), Level(Fraction(7), Text("高")))
)


def framework(name: str, scale: Scale = FIVE, **related: tuple[str, ...]) -> Framework:
    return Framework(
        id=name,
        version="1.0.0",
        name=Text(name),
        tiers=(Tier("element", Text("要素")),),
        scale=scale,
        rollup=Rollup(Method.WEIGHTED_MEAN, Fraction("0.8"), Fraction("0.6")),
        agreement=AgreementRule(Fraction("1.5"), Fraction("0.7"), Fraction(1), 2),
        capabilities=tuple(Capability(leaf, Text(leaf), related=others) for leaf, others in related.items()),
    )


def card(of: Framework, **scores: str) -> Scorecard:
    judged = {leaf: Judgement(State.SCORED, Fraction(value)) for leaf, value in scores.items()}
    return score(of, judged)


MAIN = framework("main", x=(), y=())


def found(said: Mapping[str, str], main: Mapping[str, str], *related: str) -> tuple[Divergence, ...]:
    supplement = framework("supplement", a=related)
    return divergences(card(supplement, **said), {"main": card(MAIN, **main)})


def test_more_than_one_and_a_half_points_is_far_and_just_so_much_is_not() -> None:
    assert found({"a": "3.5"}, {"x": "2"}, "main/x") == ()
    (one,) = found({"a": "4"}, {"x": "2"}, "main/x")
    assert (one.element, one.difference, one.expected) == ("a", Fraction(2), Fraction(2))


def test_below_is_as_far_as_above() -> None:
    (one,) = found({"a": "1"}, {"x": "4"}, "main/x")
    assert one.difference == -3


def test_several_relatives_are_taken_together_by_their_mean() -> None:
    assert found({"a": "3"}, {"x": "1", "y": "4"}, "main/x", "main/y") == ()
    (one,) = found({"a": "5"}, {"x": "1", "y": "4"}, "main/x", "main/y")
    assert [relative.score for relative in one.relatives] == [1, 4]
    assert one.expected == Fraction("2.5")


def test_a_relative_without_a_score_says_nothing() -> None:
    (one,) = found({"a": "5"}, {"y": "2"}, "main/x", "main/y")
    assert [relative.element for relative in one.relatives] == ["y"]
    assert found({"a": "5"}, {}, "main/x") == ()
    assert found({}, {"x": "5"}, "main/x") == ()


def test_what_the_other_version_does_not_have_says_nothing() -> None:
    assert found({"a": "5"}, {"x": "0"}, "main/gone", "elsewhere/x") == ()


def test_other_scales_are_brought_to_the_elements_own() -> None:
    supplement = framework("supplement", SEVEN, a=("main/x",))
    others = {"main": card(MAIN, x="2.5")}  # the middle: 4 of 1 to 7
    assert far(SEVEN) == Fraction("1.8")
    assert divergences(card(supplement, a="5.75"), others) == ()
    (one,) = divergences(card(supplement, a="6"), others)
    assert [one.expected, one.difference, one.relatives[0].adjusted] == [4, 2, 4]
    assert one.relatives[0].score == Fraction("2.5")


def test_the_farthest_stands_first() -> None:
    supplement = framework("supplement", a=("main/x",), b=("main/x",), c=("main/x",))
    said = divergences(card(supplement, a="2", b="5", c="3"), {"main": card(MAIN, x="0")})
    assert [one.element for one in said] == ["b", "c", "a"]


@given(st.integers(0, 10), st.lists(st.integers(0, 10), min_size=1, max_size=2))
def test_a_hint_is_given_exactly_where_the_mean_is_farther_than_the_limit(said: int, others: list[int]) -> None:
    main = dict(zip("xy", (str(Fraction(one, 2)) for one in others), strict=False))
    hinted = found({"a": str(Fraction(said, 2))}, main, *(f"main/{leaf}" for leaf in main))
    mean = Fraction(sum(others), 2 * len(others))
    assert bool(hinted) == (abs(Fraction(said, 2) - mean) > Fraction(3, 2))


@pytest.mark.parametrize("scale", [FIVE, SEVEN])
def test_nothing_changes_in_the_scorecards(scale: Scale) -> None:
    supplement = card(framework("supplement", scale, a=("main/x",)), a="5")
    before = replace(supplement)
    divergences(supplement, {"main": card(MAIN, x="0")})
    assert supplement == before
