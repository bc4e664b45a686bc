"""How far respondents agree: tables worked by hand, laws as properties, and the order in which to discuss."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.agreement import (
    Agreement,
    Question,
    Reason,
    RoleGap,
    Voice,
    agreement,
    agreements,
    discussing_order,
    median,
    quantile,
    questions_about,
    within_group_agreement,
)
from app.core.case import Answer, State
from app.core.framework import AgreementRule
from app.core.judging import RespondentAnswers
from app.core.scale import Level, Scale
from app.core.text import Text
from tests.unit.core.trees import HALVES, QUARTERS, framework, number, numbers

RULE = AgreementRule(number("1.5"), number("0.7"), number(1), 2)
TEN = Scale(Fraction(0), Fraction(10), Fraction(1), (Level(Fraction(0), Text("空")), Level(Fraction(10), Text("满"))))


def voices(*scores: str | float, roles: str = "") -> list[Voice]:
    """Return one voice per score; `roles` has a letter for each, all of one role by default."""
    return [Voice(role, State.SCORED, number(score)) for score, role in zip(scores, roles or "m" * 20, strict=False)]


def others(**states: int) -> list[Voice]:
    """Return voices without a score: state (underscores for dashes) and how many."""
    return [Voice("o", State(name.replace("_", "-"))) for name, count in states.items() for _ in range(count)]


def judged(*said: Voice, scale: Scale = HALVES, rule: AgreementRule = RULE) -> Agreement:
    return agreement(said, scale=scale, rule=rule)


# --- worked by hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        # analysis.md: s² = 1/12, s0² = (121 - 1)/12 · 0.25 = 2.5
        ((2, 2, "1.5"), 1 - Fraction(1, 12) / Fraction("2.5")),
        # analysis.md: mean 8/3, s² = (25 + 1 + 16)/9 / 2 = 7/3
        ((1, 3, 4), 1 - Fraction(7, 3) / Fraction("2.5")),
        ((3, 3, 3), Fraction(1)),
        ((0, 5), Fraction(0)),  # s² = 12.5, five times chance: never below 0
        ((2, 3), Fraction("0.8")),  # s² = 0.5
        ((2,), None),
        ((), None),
    ],
)
def test_r_wg_worked_by_hand(scores: Sequence[str | int], expected: Fraction | None) -> None:
    assert within_group_agreement(numbers(*scores), HALVES) == expected


def test_r_wg_of_the_design_note_to_three_decimals() -> None:
    close, wide = within_group_agreement(numbers(2, 2, "1.5"), HALVES), within_group_agreement(numbers(1, 3, 4), HALVES)
    assert close is not None
    assert wide is not None
    assert (round(float(close), 3), round(float(wide), 3)) == (0.967, 0.067)


def test_r_wg_on_other_scales_takes_their_own_points() -> None:
    # 11 points of 1: s0² = 120/12 = 10; {4, 6}: s² = 2
    assert within_group_agreement(numbers(4, 6), TEN) == Fraction("0.8")
    # 1 to 7 in quarters: 25 points, s0² = 624/12/16 = 3.25; {2, 3}: s² = 0.5
    assert within_group_agreement(numbers(2, 3), QUARTERS) == 1 - Fraction("0.5") / Fraction("3.25")


@pytest.mark.parametrize(
    ("scores", "middle", "low", "high"),
    [
        # definition 7: place (n - 1)·share between the ordered scores
        ((1, 2, 3, 4), "2.5", "1.75", "3.25"),
        ((1, 3, 4), 3, 2, "3.5"),
        ((2, "2.5"), "2.25", "2.125", "2.375"),
        ((4,), 4, 4, 4),
        ((3, 1, 1, 5, 2), 2, 1, 3),
    ],
)
def test_quartiles_worked_by_hand(
    scores: Sequence[str | int], middle: str | int, low: str | int, high: str | int
) -> None:
    found = judged(*voices(*scores))
    assert found.median == number(middle)
    assert found.quartiles == (number(low), number(high))
    assert found.iqr == number(high) - number(low)


def test_the_median_counts_every_respondent_once_whatever_the_role_weighs() -> None:
    small = framework({"a": None})
    said = [
        RespondentAnswers("x", Fraction(9), {"a": Answer(State.SCORED, number(5))}),
        RespondentAnswers("y", Fraction(1), {"a": Answer(State.SCORED, number(1))}),
        RespondentAnswers("z", Fraction(0), {"a": Answer(State.SCORED, number(2))}),
    ]
    found = agreements(small, said)["a"]
    assert (found.n, found.median) == (3, number(2))
    assert found.independent_roles == 2  # a role of weight 0 is heard, it does not make a panel


def test_roles_stand_against_each_other_by_their_medians() -> None:
    # a: 1, 2 -> 1.5; b: 3; c: 2, 2, 5 -> 2
    found = judged(*voices(1, 3, 2, 2, 2, 5, roles="abacc" + "c"))
    assert found.roles == {"a": number("1.5"), "b": number(3), "c": number(2)}
    assert found.role_gap == RoleGap("a", "b", number("1.5"))


def test_one_role_alone_has_no_gap() -> None:
    assert judged(*voices(1, 4)).role_gap is None


def test_who_does_not_know_and_who_says_not_applicable_is_counted_apart() -> None:
    found = judged(*voices(2, 3), *others(not_applicable=2, unknown=1, illegible=1, open=3))
    assert (found.n, found.not_applicable, found.unknown, found.answered) == (2, 2, 2, 6)
    assert found.partly_not_applicable


def test_an_inferred_score_is_a_score() -> None:
    found = judged(Voice("a", State.INFERRED, number(2)), Voice("b", State.SCORED, number(3)))
    assert (found.n, found.median) == (2, number("2.5"))


def test_nobody_is_nothing_rather_than_zero() -> None:
    found = judged(*others(unknown=2))
    assert (found.median, found.range, found.iqr, found.r_wg, found.role_gap) == (None, None, None, None, None)
    assert (found.discuss, found.clear, found.too_few_roles) == (False, False, False)


# --- what is to be discussed --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "roles", "reasons"),
    [
        ((2, "3.5"), "aa", (Reason.RANGE, Reason.R_WG)),  # range 1.5 is enough; s² = 1.125, r_wg 0.55
        ((2, 3), "aa", ()),  # range 1.0, r_wg 0.8
        ((2, 3), "ab", (Reason.ROLE_GAP,)),  # a gap of 1.0 is enough
        ((2, "2.5"), "ab", ()),
        ((2, 2, 2, 2, 2, "3.5"), "aaaaaa", (Reason.RANGE,)),  # s² = 0.375, r_wg 0.85
        ((0, 5), "ab", (Reason.RANGE, Reason.R_WG, Reason.ROLE_GAP)),
        ((5,), "a", ()),
        ((), "", ()),
    ],
)
def test_thresholds_of_the_framework(scores: Sequence[str | int], roles: str, reasons: tuple[Reason, ...]) -> None:
    found = judged(*voices(*scores, roles=roles))
    assert found.reasons == reasons
    assert found.discuss is bool(reasons)


def test_an_r_wg_exactly_at_the_threshold_is_not_below_it() -> None:
    rule = AgreementRule(number(9), number("0.8"), number(9), 1)
    assert judged(*voices(2, 3), rule=rule).reasons == ()  # r_wg is 0.8


def test_the_median_is_clear_only_with_enough_roles_and_nobody_who_says_not_applicable() -> None:
    assert judged(*voices(2, "2.5", roles="ab")).clear
    assert not judged(*voices(2, "2.5", roles="aa")).clear
    assert judged(*voices(2, "2.5", roles="aa")).too_few_roles
    assert not judged(*voices(2, "2.5", roles="ab"), *others(not_applicable=1)).clear
    assert judged(*voices(2, "2.5", roles="ab"), *others(unknown=1)).clear


def test_an_assessment_may_ask_for_more_roles_than_its_framework() -> None:
    small = framework({"a": None})
    said = [RespondentAnswers(role, Fraction(1), {"a": Answer(State.SCORED, number(2))}) for role in "xy"]
    assert agreements(small, said)["a"].clear
    assert agreements(small, said, minimum_roles=3)["a"].too_few_roles


def test_the_widest_disagreement_is_discussed_first_and_silence_last() -> None:
    found = {
        "silent": judged(),
        "unknown": judged(*others(unknown=1)),
        "clear": judged(*voices(2, 2, roles="ab")),
        "thin": judged(*voices(2, 2, roles="aa")),
        "gap": judged(*voices(2, 3, roles="ab")),
        "wide": judged(*voices(0, 5, roles="ab")),
        "wide-but-one": judged(*voices(0, 5, 5, 5, 5, roles="abbbb")),
        "also-clear": judged(*voices(3, 3, roles="ab")),
    }
    order = ("wide", "wide-but-one", "gap", "thin", "clear", "also-clear", "unknown", "silent")
    assert discussing_order(found) == order


# --- what an auditor asks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "said", "questions"),
    [
        ("2", voices(2, "2.5", roles="ab"), ()),
        ("3", voices(2, 2, roles="ab"), (Question.FAR_FROM_MEDIAN,)),
        ("2.5", voices(2, 2, roles="ab"), ()),
        ("2", voices(1, 3, roles="ab"), (Question.RESPONDENTS_DIFFER,)),
        ("2", [*voices(2, 2, roles="ab"), *others(not_applicable=1)], (Question.PARTLY_NOT_APPLICABLE,)),
        ("2", others(unknown=2), (Question.SCORED_BY_NOBODY,)),
        ("2", [], (Question.SCORED_BY_NOBODY,)),
        ("not-applicable", others(not_applicable=2), (Question.NOT_APPLICABLE,)),
        ("unknown", voices(2, roles="a"), (Question.SCORES_LEFT_OUT,)),
        ("unknown", others(unknown=2), ()),
        ("open", voices(0, 5), ()),
    ],
)
def test_what_is_left_to_explain(score: str, said: list[Voice], questions: tuple[Question, ...]) -> None:
    state, value = (State.SCORED, number(score)) if score[0].isdigit() else (State(score), None)
    assert questions_about(state, value, judged(*said), RULE) == questions


# --- laws ---------------------------------------------------------------------------------------------------

SCORES = st.lists(st.sampled_from(HALVES.grid), min_size=1, max_size=12)
SAID = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(HALVES.grid)), min_size=1, max_size=12)


@given(SAID, st.randoms())
def test_the_order_of_the_interviews_changes_nothing(said: list[tuple[str, Fraction]], chance: object) -> None:
    given_voices = [Voice(role, State.SCORED, score) for role, score in said]
    shuffled = list(given_voices)
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    one, other = judged(*given_voices), judged(*shuffled)
    assert (one.median, one.quartiles, one.r_wg, one.roles, one.reasons) == (
        other.median,
        other.quartiles,
        other.r_wg,
        other.roles,
        other.reasons,
    )


@given(SCORES)
def test_everything_lies_within_the_range(scores: list[Fraction]) -> None:
    found = judged(*[Voice("a", State.SCORED, score) for score in scores])
    assert found.quartiles is not None
    assert found.median is not None
    assert min(scores) <= found.quartiles[0] <= found.median <= found.quartiles[1] <= max(scores)


@given(SCORES)
def test_r_wg_lies_between_0_and_1_and_is_1_only_for_equals(scores: list[Fraction]) -> None:
    found = within_group_agreement(scores, HALVES)
    if found is None:
        assert len(scores) == 1
    else:
        assert 0 <= found <= 1
        assert (found == 1) is (len(set(scores)) == 1)


@given(SCORES)
def test_turning_the_scale_round_keeps_the_agreement(scores: list[Fraction]) -> None:
    turned = [HALVES.maximum - score for score in scores]
    assert within_group_agreement(scores, HALVES) == within_group_agreement(turned, HALVES)
    assert median(turned) == HALVES.maximum - median(scores)


@given(SCORES)
def test_stretching_scale_and_scores_alike_keeps_r_wg(scores: list[Fraction]) -> None:
    doubled = Scale(Fraction(0), Fraction(10), Fraction(1), HALVES.levels)
    assert within_group_agreement([score * 2 for score in scores], doubled) == within_group_agreement(scores, HALVES)


@given(SCORES, st.sampled_from([Fraction(n, 8) for n in range(9)]))
def test_a_quantile_of_equals_is_that_score(scores: list[Fraction], share: Fraction) -> None:
    assert quantile([scores[0]] * len(scores), share) == scores[0]


@given(SAID)
def test_clear_and_to_be_discussed_exclude_each_other(said: list[tuple[str, Fraction]]) -> None:
    found = judged(*[Voice(role, State.SCORED, score) for role, score in said])
    assert not (found.clear and found.discuss)


@given(SAID)
def test_only_a_clear_median_on_the_grid_needs_no_reason(said: list[tuple[str, Fraction]]) -> None:
    found = judged(*[Voice(role, State.SCORED, score) for role, score in said])
    if found.clear:
        assert found.median is not None
        assert questions_about(State.SCORED, HALVES.snap(found.median), found, RULE) == ()
