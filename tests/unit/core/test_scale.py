"""The scale: its grid, its named levels, and the one place where a number is rounded."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.scale import Level, Scale, decimals_of, display
from app.core.text import Text
from tests.unit.core.trees import HALVES, QUARTERS, number, numbers


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("2.25", 1, "2.3"),
        ("2.35", 1, "2.4"),
        ("2.24", 1, "2.2"),
        ("1.005", 2, "1.01"),
        ("2.5", 0, "3"),
        ("0.5", 0, "1"),
        ("0.49", 0, "0"),
        ("-2.25", 1, "-2.3"),  # a difference and its opposite show the same digits
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),  # what rounds to zero has no sign
        ("0", 2, "0.00"),
        ("12", 2, "12.00"),
        ("9.995", 2, "10.00"),
        ("-9.995", 2, "-10.00"),
        ("0.05", 1, "0.1"),
        ("123.4", 0, "123"),
    ],
)
def test_a_number_is_rounded_half_up_once_at_display(value: str, decimals: int, shown: str) -> None:
    assert display(number(value), decimals) == shown


@given(st.decimals(-100, 100, places=4), st.integers(0, 3))
def test_display_rounds_as_decimal_arithmetic_does(value: Decimal, decimals: int) -> None:
    expected = abs(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    sign = "-" if value < 0 < expected else ""
    assert display(Fraction(value), decimals) == f"{sign}{expected}"


def test_repeating_fractions_are_rounded_from_their_exact_value() -> None:
    assert display(Fraction(2, 3), 2) == "0.67"
    assert display(Fraction(11, 7), 3) == "1.571"


@pytest.mark.parametrize(("value", "decimals"), [("1", 0), ("0.5", 1), ("0.25", 2), ("10", 0), ("-0.125", 3)])
def test_decimals_are_those_a_number_needs(value: str, decimals: int) -> None:
    assert decimals_of(number(value)) == decimals


def test_a_third_has_no_plain_decimal_form() -> None:
    with pytest.raises(ValueError, match="no plain decimal form"):
        decimals_of(Fraction(1, 3))


def test_the_grid_runs_in_whole_steps_from_end_to_end() -> None:
    assert HALVES.steps == 10
    assert QUARTERS.steps == 24
    assert [float(point) for point in HALVES.grid] == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    assert (QUARTERS.grid[0], QUARTERS.grid[1], QUARTERS.grid[-1]) == numbers(1, 1.25, 7)


def test_an_element_shows_as_many_decimals_as_a_point_of_the_grid_needs() -> None:
    assert (HALVES.decimals, QUARTERS.decimals) == (1, 2)
    whole = Scale(number(0), number(10), number(1), HALVES.levels)
    shifted = Scale(number("0.5"), number("4.5"), number(1), HALVES.levels)
    assert (whole.decimals, shifted.decimals) == (0, 1)


@pytest.mark.parametrize(
    ("score", "contained", "on_grid"),
    [("0", True, True), ("2.5", True, True), ("2.25", True, False), ("5.5", False, False), ("-0.5", False, False)],
)
def test_the_scale_knows_its_own_points(score: str, contained: bool, on_grid: bool) -> None:
    assert HALVES.contains(number(score)) is contained
    assert HALVES.on_grid(number(score)) is on_grid


@given(st.sampled_from([HALVES, QUARTERS]), st.data())
def test_steps_and_scores_are_two_names_of_the_same_point(scale: Scale, data: st.DataObject) -> None:
    point = data.draw(st.sampled_from(scale.grid))
    assert scale.score_of(scale.steps_of(point)) == point


def test_a_score_off_the_grid_has_no_steps() -> None:
    with pytest.raises(ValueError, match="not on the grid"):
        HALVES.steps_of(number("2.25"))


@pytest.mark.parametrize("steps", [-1, 11])
def test_steps_outside_the_scale_have_no_score(steps: int) -> None:
    with pytest.raises(ValueError, match="outside 0 to 10"):
        HALVES.score_of(steps)


@pytest.mark.parametrize(
    ("score", "point"),
    [("2.25", "2.5"), ("2.2", "2"), ("2.75", "3"), ("7", "5"), ("-3", "0"), ("4.75", "5"), ("0.24", "0")],
)
def test_a_score_snaps_half_up_to_the_grid_within_the_ends(score: str, point: str) -> None:
    assert HALVES.snap(number(score)) == number(point)


def test_the_grid_is_counted_from_the_minimum() -> None:
    odd = Scale(number("0.25"), number("2.25"), number("0.5"), HALVES.levels)
    assert odd.snap(number(1)) == number("1.25")
    assert odd.on_grid(number("0.75"))
    assert not odd.on_grid(number(1))


LEVELS = tuple(Level(number(value), Text(f"{value}级")) for value in range(6))
NAMED = Scale(number(0), number(5), number("0.5"), LEVELS)


def test_levels_are_found_by_their_value() -> None:
    assert NAMED.level_at(number(3)) == LEVELS[3]
    assert NAMED.level_at(number("3.5")) is None


def test_a_score_between_levels_has_two_neighbours() -> None:
    assert NAMED.neighbours(number("3.5")) == (LEVELS[3], LEVELS[4])
    assert NAMED.neighbours(number(3)) == (LEVELS[3], LEVELS[3])
