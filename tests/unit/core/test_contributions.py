"""Why two units differ: contributions of elements that sum to the difference exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.benchmark import BenchmarkEntry
from app.core.compare import Column, Contributions, benchmark_column, case_column, contributions, leaf_weights
from app.core.framework import Framework, Method, WeightProfile
from app.core.scoring import Judgement, score
from app.core.text import Text
from app.core.weights import equal_profile
from tests.unit.core.trees import framework, judgements_of, number, numbers, scored, trees

TREE = framework({"a*3": {"a1": None, "a2": None}, "b": {"b1": None}})


def column(tree: Framework = TREE, method: Method | None = None, **scores: str | float) -> Column:
    return case_column("unit", Text("单位"), score(tree, scored(**scores), method=method))


def parts(found: Contributions) -> dict[str, tuple[Fraction, ...]]:
    """Return the score and the coverage part of each element."""
    return {item.node: (item.score, item.coverage) for item in found.items}


def test_effective_weights_are_products_along_the_path_over_what_is_scored() -> None:
    card = score(TREE, scored(a1=1, a2=2, b1=3))
    assert leaf_weights(card) == {"a1": Fraction(3, 8), "a2": Fraction(3, 8), "b1": Fraction(1, 4)}
    assert leaf_weights(score(TREE, scored(a2=2, b1=3))) == {"a2": Fraction(3, 4), "b1": Fraction(1, 4)}
    assert leaf_weights(card, "a") == {"a1": Fraction(1, 2), "a2": Fraction(1, 2)}
    assert leaf_weights(card, "a1") == {"a1": 1}
    assert leaf_weights(score(TREE, {})) == {}


def test_effective_weights_of_a_flat_mean_are_all_alike() -> None:
    card = score(TREE, scored(a1=1, a2=2, b1=3), method=Method.FLAT_MEAN)
    assert leaf_weights(card) == dict.fromkeys(("a1", "a2", "b1"), Fraction(1, 3))


def test_unlike_scores_under_like_weights_are_all_score() -> None:
    found = contributions(column(a1=4, a2=2, b1=3), column(a1=2, a2=2, b1=3))
    assert found is not None
    assert (found.a, found.b, found.node, found.tier) == ("unit", "unit", None, None)
    assert found.difference == Fraction(3, 4)  # 3/8 · 2
    assert parts(found) == {"a1": numbers(0.75, 0), "a2": numbers(0, 0), "b1": numbers(0, 0)}


def test_an_element_that_only_one_unit_has_scored_is_all_coverage() -> None:
    found = contributions(column(a1=4, a2=2, b1=3), column(a2=2, b1=3))
    assert found is not None
    assert found.difference == Fraction(3, 4)  # 3 - 2.25
    # a1: s = 4, w 3/8 against 0; a2: s = 2, w 3/8 against 3/4
    assert parts(found) == {"a1": numbers(0, 1.5), "a2": numbers(0, -0.75), "b1": numbers(0, 0)}


def test_the_largest_contribution_comes_first_whatever_its_sign() -> None:
    found = contributions(column(a1=1, a2=3, b1=0), column(a1=2, a2=2, b1=5))
    assert found is not None
    assert [item.node for item in found.items] == ["b1", "a1", "a2"]


def test_a_difference_can_be_explained_at_any_capability() -> None:
    one, other = column(a1=4, a2=2, b1=3), column(a1=2, a2=1, b1=3)
    group, leaf = contributions(one, other, at="a"), contributions(one, other, at="a1")
    assert group is not None
    assert leaf is not None
    assert (group.node, group.tier, group.difference) == ("a", "tier-1", Fraction(3, 2))
    assert {item.node for item in group.items} == {"a1", "a2"}
    assert (leaf.tier, leaf.difference, parts(leaf)) == ("tier-2", Fraction(2), {"a1": numbers(2, 0)})


def test_a_capability_of_weight_zero_explains_its_own_difference_and_nothing_above() -> None:
    tree = framework({"a*0": {"a1": None}, "b": {"b1": None}})
    one, other = column(tree, a1=4, b1=3), column(tree, a1=2, b1=2)
    overall, inside = contributions(one, other), contributions(one, other, at="a")
    assert overall is not None
    assert inside is not None
    assert [item.node for item in overall.items] == ["b1"]
    assert inside.difference == 2


def test_a_unit_under_other_weights_differs_by_weight() -> None:
    one = case_column("one", Text("一"), score(TREE, scored(a1=4, a2=4, b1=0)))
    other = case_column("two", Text("二"), score(TREE, scored(a1=4, a2=4, b1=0), weights=equal_profile(TREE)))
    found = contributions(one, other)
    assert found is not None
    assert found.difference == 1  # 3 - 2
    assert all(item.score == 0 for item in found.items)


def test_an_element_that_weighs_nothing_in_one_of_two_profiles_keeps_both_scores() -> None:
    silent = WeightProfile("s", Text("s"), {"a1": Fraction(0)})
    one = case_column("one", Text("一"), score(TREE, scored(a1=4, a2=2, b1=2)))
    other = case_column("two", Text("二"), score(TREE, scored(a1=0, a2=2, b1=2), weights=silent))
    found = contributions(one, other)
    assert found is not None
    assert (found.items[0].node, found.items[0].score, found.items[0].coverage) == (
        "a1",
        Fraction(3, 4),  # mean weight 3/16 · (4 - 0)
        Fraction(3, 4),  # mean score 2 · (3/8 - 0)
    )
    assert sum(item.total for item in found.items) == found.difference


@pytest.mark.parametrize("at", [None, "a", "a1"])
def test_nothing_is_explained_where_a_unit_has_no_score(at: str | None) -> None:
    assert contributions(column(a1=1), column(), at=at) is None
    assert contributions(column(), column(a1=1), at=at) is None


def test_the_geometric_mean_has_no_contributions() -> None:
    plain, geometric = column(a1=1), column(a1=1, method=Method.WEIGHTED_GEOMETRIC)
    assert contributions(geometric, geometric) is None
    assert contributions(plain, geometric) is None


def test_a_carrier_has_no_contributions() -> None:
    carrier = benchmark_column(TREE, BenchmarkEntry("c", Text("c"), scores={"a": number(2), "b": number(2)}))
    assert contributions(column(a1=1), carrier) is None
    assert contributions(carrier, column(a1=1)) is None


@given(trees(), st.sampled_from([Method.WEIGHTED_MEAN, Method.FLAT_MEAN]), st.data())
def test_contributions_sum_to_the_difference_exactly_at_every_capability(
    tree: Framework, method: Method, data: st.DataObject
) -> None:
    def drawn() -> Column:
        judged: dict[str, Judgement] = data.draw(judgements_of(tree))
        return case_column("unit", Text("单位"), score(tree, judged, method=method))

    one, other = drawn(), drawn()
    for node in (*(node.id for node in tree.nodes), None):
        found = contributions(one, other, at=node)
        if found is None:
            assert node not in one.figures or node not in other.figures
            continue
        assert found.difference == one.figures[node].value - other.figures[node].value
        assert sum((item.total for item in found.items), Fraction(0)) == found.difference


@given(trees(), st.data())
def test_the_contributions_of_the_opposite_difference_are_the_opposite_ones(
    tree: Framework, data: st.DataObject
) -> None:
    one = case_column("1", Text("一"), score(tree, data.draw(judgements_of(tree)), method=Method.WEIGHTED_MEAN))
    other = case_column("2", Text("二"), score(tree, data.draw(judgements_of(tree)), method=Method.WEIGHTED_MEAN))
    there, back = contributions(one, other), contributions(other, one)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert {item.node: item.total for item in there.items} == {item.node: -item.total for item in back.items}
