"""Units and carriers side by side: columns, rows, benchmark statistics, ranks."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.benchmark import BenchmarkEntry, FigureRange
from app.core.compare import (
    Column,
    Row,
    benchmark_column,
    case_column,
    compare,
    deepest_common_tier,
    ranking,
)
from app.core.framework import Framework, Method, WeightProfile
from app.core.scoring import Status, score
from app.core.text import Text
from app.core.weights import equal_profile
from tests.unit.core.trees import framework, number, numbers, scored

TREE = framework(
    {
        "d1": {"g1": {"e1": None, "e2": None}, "g2": {"e3": None}},
        "d2*3": {"g3": {"e4": None, "e5": None, "e6": None}},
    }
)


def unit(name: str, **scores: str | float) -> Column:
    return case_column(name, Text(name), score(TREE, scored(**scores)))


def carrier(tree: Framework = TREE, name: str = "carrier", **scores: float) -> Column:
    entry = BenchmarkEntry(name, Text(name), scores={node: number(figure) for node, figure in scores.items()})
    return benchmark_column(tree, entry)


def values(column: Column) -> dict[str | None, Fraction]:
    return {node: figure.value for node, figure in column.figures.items()}


# --- columns --------------------------------------------------------------------------------------------------------


def test_a_case_has_a_figure_wherever_it_has_a_score_whatever_the_status() -> None:
    column = unit("c", e1=3, e2="unknown")
    assert values(column) == {"e1": 3, "g1": 3, "d1": 3, None: 3}
    assert column.figures["e1"].origin == "computed"
    assert column.figures[None].status is Status.INSUFFICIENT  # 1/4 of d1, nothing of d2 which weighs thrice
    assert column.figures["g1"].bounds == numbers(1.5, 4)
    assert column.kind == "case"
    assert column.scorecard is not None


def test_a_given_figure_is_used_as_it_is_even_against_what_lies_below_it() -> None:
    column = carrier(d1=2, g1=4, g2=4)
    assert column.figures["d1"].value == 2
    assert (column.figures["d1"].origin, column.figures["d1"].status) == ("given", Status.PUBLISHED)


def test_a_figure_is_never_spread_down() -> None:
    assert set(values(carrier(d1=2, d2=3))) == {"d1", "d2", None}


def test_a_missing_upper_figure_is_rolled_up_from_those_given_below() -> None:
    column = carrier(g1=2, g2=3, d2=4)
    assert column.figures["d1"].value == Fraction(5, 2)
    assert column.figures["d1"].origin == "computed"
    assert column.figures[None].value == Fraction(29, 8)  # (2.5 + 3·4) / 4


def test_the_overall_of_a_carrier_is_rolled_up_from_its_dimensions() -> None:
    assert carrier(d1=1, d2=5).figures[None].value == 4  # (1·1 + 3·5) / 4


def test_a_figure_is_rolled_up_only_when_enough_is_known_below() -> None:
    assert "d1" not in carrier(g1=2).figures  # half of it
    assert "g3" in carrier(e4=2, e5=3).figures  # two of three: 0.67
    assert carrier(e4=2, e5=3).figures["g3"].status is Status.PROVISIONAL
    assert "g3" not in carrier(e4=2).figures
    assert carrier(d2=4).figures[None].status is Status.PROVISIONAL  # 3 of 4 shares
    assert None not in carrier(d1=4).figures


def test_thinly_known_figures_still_count_above_themselves() -> None:
    column = carrier(d2=4, e1=2)  # d1: a quarter known; overall: (1/4 + 3) / 4 = 0.81
    assert "d1" not in column.figures
    assert column.figures[None].value == Fraction(7, 2)  # (2 + 3·4) / 4
    assert column.figures[None].status is Status.PUBLISHED


def test_a_range_enters_as_its_midpoint_and_is_marked() -> None:
    entry = BenchmarkEntry(
        "c", Text("c"), scores={"g2": number(2)}, ranges={"g1": FigureRange(number("2.5"), number(3))}
    )
    column = benchmark_column(TREE, entry)
    figure = column.figures["g1"]
    assert (figure.value, figure.origin) == (number("2.75"), "range")
    assert figure.bounds == numbers(2.5, 3)
    assert column.figures["d1"].value == number("2.375")
    assert column.figures["d1"].bounds == (number("2.25"), number("2.5"))


def test_a_figure_wins_over_a_range_of_the_same_capability() -> None:
    entry = BenchmarkEntry("c", Text("c"), scores={"g1": number(1)}, ranges={"g1": FigureRange(number(2), number(3))})
    assert benchmark_column(TREE, entry).figures["g1"].value == 1


def test_figures_of_capabilities_that_the_framework_lacks_are_left_out() -> None:
    entry = BenchmarkEntry("c", Text("c"), scores={"gone": number(1), "d1": number(2), "d2": number(2)})
    assert set(benchmark_column(TREE, entry).figures) == {"d1", "d2", None}


def test_a_carrier_is_rolled_up_under_the_weights_and_method_asked_for() -> None:
    entry = BenchmarkEntry("c", Text("c"), scores={"d1": number(0), "d2": number(3)})
    equal = benchmark_column(TREE, entry, weights=equal_profile(TREE))
    assert equal.figures[None].value == Fraction(3, 2)
    geometric = benchmark_column(TREE, entry, weights=equal_profile(TREE), method=Method.WEIGHTED_GEOMETRIC)
    assert geometric.figures[None].value == 1  # sqrt(1 · 4) - 1
    flat = benchmark_column(TREE, entry, method=Method.FLAT_MEAN)
    assert flat.figures[None].value == Fraction(3, 2)  # three elements stand below each of them


def test_for_a_flat_mean_a_given_figure_weighs_as_many_elements_as_count_below_it() -> None:
    tree = framework({"d1": {"a": None, "b": None, "c": None}, "d2": {"e": None, "f*0": None}}, method=Method.FLAT_MEAN)
    assert carrier(tree, d1=1, d2=5).figures[None].value == 2  # (3·1 + 1·5) / 4
    silent = WeightProfile("x", Text("x"), {"e": Fraction(0)})
    entry = BenchmarkEntry("c", Text("c"), scores={"d1": number(1), "d2": number(5)})
    assert benchmark_column(tree, entry, weights=silent).figures[None].value == 2  # at least one


# --- rows -----------------------------------------------------------------------------------------------------------


def test_rows_follow_the_document_and_the_overall_comes_last() -> None:
    rows = compare(TREE, [unit("c", e1=1)]).rows
    assert [row.node for row in rows] == ["d1", "g1", "e1", "e2", "g2", "e3", "d2", "g3", "e4", "e5", "e6", None]
    assert [row.tier for row in rows[:3]] == ["tier-1", "tier-2", "tier-3"]
    assert rows[-1].tier is None


def test_best_median_and_n_are_of_the_carriers_and_the_spread_is_of_the_cases() -> None:
    columns = [
        unit("a", e1=1),
        unit("b", e1=4),
        carrier(name="x", e1=2),
        carrier(name="y", e1=3),
        carrier(name="z", e1="2.5"),  # type: ignore[arg-type]
        carrier(name="none", d2=5),
    ]
    row = compare(TREE, columns).row("e1")
    assert row.values == (*numbers(1, 4, 2, 3, 2.5), None)
    assert (row.best, row.median, row.spread) == numbers(3, 2.5, 3)
    assert row.n == 3
    assert row.statuses == (Status.PUBLISHED,) * 5 + (None,)


def test_the_median_of_an_even_number_of_carriers_lies_between_the_middle_two() -> None:
    row = compare(TREE, [carrier(name="x", e1=2), carrier(name="y", e1=3)]).row("e1")
    assert row.median == Fraction(5, 2)


def test_a_row_without_figures_says_nothing() -> None:
    row = compare(TREE, [unit("a"), carrier()]).row("e1")
    assert row == Row("e1", "tier-3", (None, None), None, None, 0, None, (None, None))


def test_the_spread_of_a_single_case_is_nought() -> None:
    assert compare(TREE, [unit("a", e1=3), unit("b")]).row("e1").spread == 0


def test_a_comparison_of_nothing_has_its_rows_all_the_same() -> None:
    assert len(compare(TREE, []).rows) == 12


# --- the deepest common tier ----------------------------------------------------------------------------------------


def test_units_that_share_elements_are_compared_by_element() -> None:
    tier = deepest_common_tier(TREE, [unit("a", e1=1, e4=2), unit("b", e4=3)])
    assert tier is not None
    assert tier.id == "tier-3"


def test_a_carrier_known_by_dimension_draws_the_comparison_up_to_the_dimensions() -> None:
    columns = [unit("a", e1=1, e2=1, e3=1, e4=2, e5=2, e6=2), carrier(d1=2, d2=3)]
    tier = deepest_common_tier(TREE, columns)
    assert tier is not None
    assert tier.id == "tier-1"


def test_a_unit_without_any_figure_is_not_asked() -> None:
    columns = [unit("a", e1=1), unit("nothing")]
    tier = deepest_common_tier(TREE, columns)
    assert tier is not None
    assert tier.id == "tier-3"


def test_columns_that_share_nothing_have_no_common_tier() -> None:
    assert deepest_common_tier(TREE, []) is None
    assert deepest_common_tier(TREE, [unit("a")]) is None
    assert deepest_common_tier(TREE, [carrier(name="x", d1=2), carrier(name="y", e4=1)]) is None


# --- ranks ----------------------------------------------------------------------------------------------------------

HALF_STEP = Fraction(1, 4)


def row(*figures: float | str | None, statuses: tuple[Status | None, ...] | None = None) -> Row:
    found = tuple(None if figure is None else number(figure) for figure in figures)
    known = tuple(None if figure is None else Status.PUBLISHED for figure in figures)
    return Row(None, None, found, None, None, 0, None, statuses or known)


@pytest.mark.parametrize(
    ("figures", "ranks"),
    [
        ((3, 2, 1), ("1", "2", "3")),
        ((1, 3, 2), ("3", "1", "2")),
        ((2, 2), ("1.5", "1.5")),
        ((2, "2.2"), ("1.5", "1.5")),  # nearer than half a step: nobody is ahead
        ((2, "2.25"), ("2", "1")),  # half a step apart: in order
        ((3, 3, 3, 1), ("2", "2", "2", "4")),
        (("2.4", "2.2", 2), ("1.5", "2", "2.5")),  # neighbours tied, the ends in order
        ((None, 2), (None, "1")),
        ((), ()),
    ],
)
def test_ranks_are_shared_where_values_are_nearer_than_half_a_step(
    figures: tuple[float | str | None, ...], ranks: tuple[str | None, ...]
) -> None:
    expected = tuple(None if rank is None else number(rank) for rank in ranks)
    assert ranking(row(*figures), HALF_STEP) == expected


def test_withheld_and_open_columns_carry_no_rank() -> None:
    statuses = (Status.PUBLISHED, Status.INSUFFICIENT, Status.PROVISIONAL)
    assert ranking(row(1, 5, 3, statuses=statuses), HALF_STEP) == (number(2), None, number(1))


def test_equal_values_are_tied_even_where_every_difference_counts() -> None:
    assert ranking(row(2, 2, 1), Fraction(0)) == numbers(1.5, 1.5, 3)


@given(st.lists(st.integers(0, 20).map(lambda n: Fraction(n, 8)), max_size=8))
def test_ranks_always_share_out_the_same_places(figures: list[Fraction]) -> None:
    found = row(*(str(float(figure)) for figure in figures))
    ranks = [rank for rank in ranking(found, HALF_STEP) if rank is not None]
    assert sum(ranks) == sum(range(1, len(figures) + 1))
