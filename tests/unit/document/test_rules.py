"""What may be said of figures: extremes, order, gaps, unknowns."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.core.case import State
from app.document.rules import basis, ends, gaps, order, unknowns
from tests.unit.core.trees import framework, number
from tests.unit.document.papers import FIVE, HALF, carriers, papers, unit

FIGURES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 100).map(lambda n: Fraction(n, 20)), min_size=1
)


def figures(**values: float) -> dict[str, Fraction]:
    return {name: number(value) for name, value in values.items()}


def test_the_highest_and_the_lowest_are_named() -> None:
    found = ends(figures(a=1, b=2, c=3), HALF)
    assert (found.top, found.bottom, found.spread) == (("c",), ("a",), Fraction(2))


def test_what_is_less_than_half_a_step_from_an_end_belongs_to_it() -> None:
    found = ends(figures(a=1, b=1.2, c=2.8, d=3), HALF)
    assert (found.top, found.bottom) == (("d", "c"), ("a", "b"))


def test_exactly_half_a_step_is_a_difference() -> None:
    assert ends(figures(a=1, b=1.25), HALF).top == ("b",)
    assert ends(figures(a=1, b=1.24), HALF).top == ()


def test_equal_figures_have_no_ends() -> None:
    found = ends(figures(a=2, b=2), HALF)
    assert (found.top, found.bottom, found.spread) == ((), (), Fraction(0))


def test_what_is_near_both_ends_belongs_to_neither() -> None:
    found = ends(figures(a=1, b=1.2, c=1.4), HALF)
    assert (found.top, found.bottom) == (("c",), ("a",))


@given(FIGURES)
def test_nothing_at_the_top_is_within_half_a_step_of_anything_at_the_bottom_that_is_an_end(
    values: dict[str, Fraction],
) -> None:
    found = ends(values, HALF)
    assert not set(found.top) & set(found.bottom)
    if found.top:
        assert values[found.top[0]] == max(values.values())
        assert values[found.bottom[0]] == min(values.values())
        assert found.spread >= HALF


@given(FIGURES)
def test_only_those_at_least_half_a_step_below_the_first_are_behind_it(values: dict[str, Fraction]) -> None:
    found = order(values, HALF)
    assert {found.first, *found.level, *found.behind} == set(values)
    assert all(values[found.first] - values[key] >= HALF for key in found.behind)
    assert all(values[found.first] - values[key] < HALF for key in found.level)


def test_gaps_stand_largest_first_and_only_where_both_sides_are_known() -> None:
    tree = framework(FIVE)
    subject = unit(tree, "深圳", {"a": 1, "b": 2, "c": 3, "d-1": 1})
    found = gaps(papers(tree, subject, benchmark=carriers(tree, {"a": 2, "b": 4, "d": 5})), subject)
    assert [(gap.node, gap.gap, gap.n) for gap in found] == [("b", Fraction(2), 1), ("a", Fraction(1), 1)]


def test_a_branch_of_weight_0_is_no_strength_and_no_gap() -> None:
    tree = framework({"a": {"a-1": None}, "b": {"b-1": None}, "c*0": {"c-1": None}})
    found = papers(tree, unit(tree, "深圳", {"a": 1, "b": 2, "c": 5}), benchmark=carriers(tree, {"c": 1, "a": 2}))
    assert [node.id for node in found.counted] == ["a", "b"]
    assert [gap.node for gap in gaps(found, found.focus)] == ["a"]


def test_every_subject_is_unknown_in_one_way_only() -> None:
    tree = framework(FIVE)
    full = dict.fromkeys(FIVE, 2.0)
    found = unknowns(
        papers(
            tree,
            unit(tree, "齐全", full),
            unit(tree, "暂定", {"a": 1, "b": 1, "c": 1}),
            unit(tree, "单薄", {"a": 1}),
            unit(tree, "空白", {}),
            unit(tree, "缺一", {**full, "e-2": "illegible"}),
        )
    )
    assert [s.id for s in found.empty] == ["空白"]
    assert [s.id for s in found.withheld] == ["单薄"]
    assert [s.id for s in found.provisional] == ["暂定"]
    assert found.thin == {"暂定": ("d", "e"), "缺一": ("e",)}
    assert found.missing["缺一"] == {State.ILLEGIBLE: 1}
    assert "齐全" not in found.missing


def test_the_basis_counts_scores_findings_and_inferences_of_units_with_scores() -> None:
    tree = framework({"a": {"a-1": None, "a-2": None}})
    found = basis(papers(tree, unit(tree, "深圳", {"a": 1}), unit(tree, "福州", {})))
    assert (found.units, found.scores, found.findings, found.inferred) == (1, 2, 2, 0)


def test_the_unit_in_focus_is_the_first_with_a_figure_that_may_be_printed() -> None:
    tree = framework(FIVE)
    found = papers(tree, unit(tree, "空白", {}), unit(tree, "单薄", {"a-1": 1}), unit(tree, "齐全", {"a": 1, "b": 2}))
    assert found.focus.id == "齐全"
