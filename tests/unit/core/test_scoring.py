"""The scoring rules one by one, on trees small enough to check by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.core.case import State
from app.core.framework import Method, WeightProfile
from app.core.scale import Level, Scale
from app.core.scoring import Judgement, Status, score
from app.core.text import Text
from app.core.weights import default_profile, equal_profile
from tests.unit.core.trees import QUARTERS, framework, number, numbers, scored

PAIR = {"a": {"a1": None, "a2": None}, "b": {"b1": None, "b2": None}}


def test_a_parent_is_the_weighted_mean_of_its_children() -> None:
    tree = framework({"a*3": {"a1*2": None, "a2": None}, "b": {"b1": None}})
    card = score(tree, scored(a1=1, a2=4, b1=5))
    assert card.nodes["a"].score == 2  # (2·1 + 1·4) / 3
    assert card.overall.score == Fraction(11, 4)  # (3·2 + 1·5) / 4


def test_decimal_weights_are_exact() -> None:
    tree = framework({"a": {"a1*0.1": None, "a2*0.2": None}})
    assert score(tree, scored(a1=1, a2=2)).nodes["a"].score == Fraction(5, 3)  # (0.1·1 + 0.2·2) / 0.3


@pytest.mark.parametrize("state", ["not-applicable", "unknown", "illegible", "open"])
def test_an_element_without_a_score_never_counts_as_zero(state: str) -> None:
    card = score(framework(PAIR), scored(a1=3, a2=state, b1=3, b2=3))
    assert card.nodes["a"].score == 3
    assert card.overall.score == 3


@pytest.mark.parametrize(
    ("state", "coverage", "status"),
    [
        ("scored", 1, Status.PUBLISHED),
        ("inferred", 1, Status.PUBLISHED),
        ("open", 0, Status.OPEN),
        ("unknown", 0, Status.OPEN),
        ("illegible", 0, Status.OPEN),
        ("not-applicable", None, Status.NOT_APPLICABLE),
    ],
)
def test_the_coverage_and_status_of_an_element_follow_from_its_state(
    state: str, coverage: int | None, status: Status
) -> None:
    points = Fraction(2) if State(state).has_score else None
    leaf = score(framework(PAIR), {"a1": Judgement(State(state), points)}).nodes["a1"]
    assert (leaf.state, leaf.coverage, leaf.status, leaf.attained) == (State(state), coverage, status, None)


def test_an_element_that_is_not_mentioned_is_open() -> None:
    card = score(framework(PAIR), {})
    assert card.nodes["a1"].state is State.OPEN
    assert card.judgements["a1"].state is State.OPEN
    assert card.overall.status is Status.OPEN
    assert card.overall.score is None
    assert card.overall.attained is None


def test_coverage_is_weighted_over_the_applicable_children() -> None:
    tree = framework({"a*3": {"a1*2": None, "a2": None, "a3": None}, "b": {"b1": None}})
    card = score(tree, scored(a1=1, a2="unknown", a3="not-applicable"))
    assert card.nodes["a"].coverage == Fraction(2, 3)
    assert card.overall.coverage == Fraction(1, 2)  # (3·2/3 + 1·0) / 4


@pytest.mark.parametrize(
    ("known", "status"),
    [(5, Status.PUBLISHED), (4, Status.PUBLISHED), (3, Status.PROVISIONAL), (2, Status.INSUFFICIENT), (0, Status.OPEN)],
)
def test_the_status_of_a_parent_follows_its_coverage_at_or_over_the_thresholds(known: int, status: Status) -> None:
    tree = framework({"a": {f"a{place}": None for place in range(5)}})
    node = score(tree, {f"a{place}": Judgement(State.SCORED, Fraction(2)) for place in range(known)}).nodes["a"]
    assert node.coverage == Fraction(known, 5)
    assert node.status is status
    assert node.withheld is (status is Status.INSUFFICIENT)


def test_a_score_is_kept_whatever_the_status() -> None:
    tree = framework({"a": {f"a{place}": None for place in range(5)}})
    assert score(tree, scored(a0=4)).nodes["a"].score == 4


def test_nothing_scored_is_open_even_where_no_coverage_is_asked_for() -> None:
    tree = framework(PAIR, publish="0", provisional="0")
    assert score(tree, {}).nodes["a"].status is Status.OPEN


def test_a_parent_without_applicable_children_is_not_applicable() -> None:
    card = score(framework(PAIR), scored(a1="not-applicable", a2="not-applicable", b1=2))
    node = card.nodes["a"]
    assert (node.score, node.coverage, node.bounds, node.attained) == (None, None, None, None)
    assert node.status is Status.NOT_APPLICABLE
    assert card.overall.coverage == Fraction(1, 2)  # only b is left, one of its two elements is scored


def test_a_parent_whose_only_applicable_child_weighs_nothing_is_not_applicable() -> None:
    tree = framework({"a": {"a1": None, "a2*0": None}, "b": {"b1": None}})
    card = score(tree, scored(a1="not-applicable", a2=4, b1=2))
    assert card.nodes["a"].status is Status.NOT_APPLICABLE
    assert card.nodes["a2"].score == 4
    assert card.overall.score == 2


def test_bounds_put_every_element_without_a_score_at_both_ends_of_the_scale() -> None:
    tree = framework({"a": {"a1": None, "a2*3": None}}, scale=QUARTERS)
    node = score(tree, scored(a1=4, a2="unknown")).nodes["a"]
    assert node.bounds == (Fraction(7, 4), Fraction(25, 4))  # (4 + 3·1) / 4 and (4 + 3·7) / 4


def test_an_element_that_is_not_applicable_stays_out_of_the_bounds() -> None:
    card = score(framework(PAIR), scored(a1=4, a2="not-applicable"))
    assert card.nodes["a2"].bounds is None
    assert card.nodes["a"].bounds == numbers(4, 4)


def test_the_geometric_mean_is_taken_above_the_foot_of_the_scale() -> None:
    card = score(framework({"a": {"a1": None, "a2": None}}), scored(a1=0, a2=3), method=Method.WEIGHTED_GEOMETRIC)
    assert card.nodes["a"].score == 1  # sqrt(1 · 4) - 1, exactly
    shifted = framework({"a": {"a1*2": None, "a2": None}}, scale=QUARTERS, method=Method.WEIGHTED_GEOMETRIC)
    node = score(shifted, scored(a1=3, a2=7)).nodes["a"]
    assert float(node.score or 0) == pytest.approx((3 * 3 * 7) ** (1 / 3), abs=1e-12)  # 1 + ln(S + 1 - 1), min = 1


def test_the_thresholds_of_a_level_bear_with_logarithms() -> None:
    # sqrt(1.6² · 1) - 1 would be 0.6; with scores 0 and 1.25 above the foot: sqrt(1 · 2.25) - 1 = 0.5, not over half
    fine = Scale(Fraction(0), Fraction(5), Fraction(1, 4), (Level(Fraction(0), Text("空")),))
    tree = framework({"top": {"a": {"a1": None, "a2": None}}}, scale=fine, method=Method.WEIGHTED_GEOMETRIC)
    card = score(tree, scored(a1=0, a2=1.25))
    assert card.nodes["a"].score == Fraction(1, 2)
    assert card.nodes["top"].attained == 0


def test_the_flat_mean_counts_elements_not_groups() -> None:
    tree = framework({"a": {"a1": None, "a2": None, "a3": None}, "b": {"b1": None}}, method=Method.FLAT_MEAN)
    card = score(tree, scored(a1=1, a2=1, a3=1, b1=5))
    assert card.overall.score == 2  # (1 + 1 + 1 + 5) / 4


def test_the_flat_mean_ignores_how_much_a_weight_is_but_not_whether_it_is_zero() -> None:
    tree = framework({"a*9": {"a1*5": None, "a2*0": None}, "b*0": {"b1": None, "b2": None}}, method=Method.FLAT_MEAN)
    card = score(tree, scored(a1=1, a2=5, b1=3, b2=4))
    assert card.nodes["a"].score == 1
    assert card.nodes["b"].score == Fraction(7, 2)  # its own weight does not matter to itself
    assert card.overall.score == 1


def test_the_coverage_of_a_flat_mean_is_the_share_of_scored_elements() -> None:
    tree = framework({"a*9": {"a1": None, "a2": None, "a3": None}, "b": {"b1": None, "b2": None}})
    card = score(tree, scored(a1=1, a2="open", a3="not-applicable", b1=2, b2=2), method=Method.FLAT_MEAN)
    assert card.nodes["a"].coverage == Fraction(1, 2)
    assert card.overall.coverage == Fraction(3, 4)
    assert card.overall.bounds == (Fraction(5, 4), Fraction(10, 4))  # (1 + 0 + 2 + 2) / 4, (1 + 5 + 2 + 2) / 4


# --- attained level: p(l) > 0.5, and p(k) > 0.85 for every k below l ------------------------------------------------


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        ((0, 0), 0),
        ((1, 0), 0),  # p(1) = 0.5: exactly half is not more than half
        ((1, 0.5), 1),  # p(1) = 0.75
        ((5, 1), 2 - 1),  # p(1) = 1, p(2) = 0.5
        ((5, 1.5), 2),  # p(2) = 0.75 holds, but is too little to go on to 3
        ((5, 2), 2),  # p(1) = p(2) = 1, p(3) = 0.5
        ((5, 5), 5),
        ((4.5, 4.5), 4),  # p(5) = 0.5
    ],
)
def test_the_attained_level_asks_for_more_than_half_and_all_levels_below(
    scores: tuple[float, float], level: int
) -> None:
    tree = framework({"a": {"a1": None, "a2": None}})
    assert score(tree, scored(a1=scores[0], a2=scores[1])).nodes["a"].attained == level


def test_exactly_85_per_cent_of_a_level_does_not_carry_the_next() -> None:
    tree = framework({"a": {"a1*0.85": None, "a2*0.15": None}})
    assert score(tree, scored(a1=2, a2=0)).nodes["a"].attained == 1  # p(1) = 0.85, p(2) = 0.85
    tree = framework({"a": {"a1*0.86": None, "a2*0.14": None}})
    assert score(tree, scored(a1=2, a2=0)).nodes["a"].attained == 2


def test_levels_run_from_the_whole_level_above_the_minimum_of_the_scale() -> None:
    tree = framework({"a": {"a1": None, "a2": None}}, scale=QUARTERS)
    assert score(tree, scored(a1=1, a2=1)).nodes["a"].attained == 1
    assert score(tree, scored(a1=2, a2=1.25)).nodes["a"].attained == 2  # p(2) = 0.625
    assert score(tree, scored(a1=7, a2=7)).nodes["a"].attained == 7


def test_the_minimum_stands_as_it_is_where_it_is_no_whole_level() -> None:
    scale = Scale(number("0.5"), number("4.5"), number("0.5"), (Level(number("0.5"), Text("低")),))
    tree = framework({"a": {"a1": None, "a2": None}}, scale=scale)
    assert score(tree, scored(a1=0.5, a2=0.5)).nodes["a"].attained == number("0.5")  # p(1) = 0.5
    assert score(tree, scored(a1=0.5, a2=1)).nodes["a"].attained == 1
    assert score(tree, scored(a1=4.5, a2=4.5)).nodes["a"].attained == 4  # 5 lies above the maximum


def test_the_attained_level_counts_scored_children_of_positive_weight_only() -> None:
    tree = framework({"a": {"a1": None, "a2": None, "a3*0": None}})
    assert score(tree, scored(a1=3, a2="open", a3=0)).nodes["a"].attained == 3


# --- profiles, published figures, shape of the card -----------------------------------------------------------------


def test_a_weight_profile_stands_in_for_the_weights_it_lists() -> None:
    tree = framework({"a": {"a1*3": None, "a2": None}})
    profile = WeightProfile("tried", Text("试"), {"a2": Fraction(3)})
    card = score(tree, scored(a1=1, a2=3), weights=profile)
    assert card.weights == "tried"
    assert card.nodes["a"].score == 2
    assert [card.nodes[leaf].weight for leaf in ("a1", "a2")] == [3, 3]


def test_the_default_profile_is_the_framework_itself() -> None:
    tree = framework({"a*2": {"a1*0": None, "a2": None}, "b": {"b1": None}})
    judgements = scored(a1=1, a2=3, b1=5)
    assert score(tree, judgements, weights=default_profile(tree)) == score(tree, judgements)
    assert score(tree, judgements).weights == "default"


def test_the_equal_profile_counts_what_weighs_nothing_too() -> None:
    tree = framework({"a*2": {"a1*0": None, "a2": None}, "b": {"b1": None}})
    card = score(tree, scored(a1=1, a2=3, b1=5), weights=equal_profile(tree))
    assert card.weights == "equal"
    assert card.nodes["a"].score == 2
    assert card.overall.score == Fraction(7, 2)
    assert {one.weight for one in card.nodes.values()} == {Fraction(1)}


def test_a_profile_may_silence_a_whole_family() -> None:
    tree = framework(PAIR)
    profile = WeightProfile("half", Text("半"), {"a1": Fraction(0), "a2": Fraction(0)})
    card = score(tree, scored(a1=1, a2=1, b1=4, b2=4), weights=profile, method=Method.FLAT_MEAN)
    assert card.nodes["a"].status is Status.NOT_APPLICABLE
    assert card.overall.score == 4


def test_published_figures_are_kept_beside_the_computed_ones() -> None:
    card = score(framework(PAIR), scored(a1=1, a2=2), published={"a": number("1.43")})
    assert (card.nodes["a"].published, card.nodes["a"].score) == (number("1.43"), Fraction(3, 2))
    assert card.nodes["b"].published is None
    assert card.overall.published is None


def test_a_card_holds_every_capability_in_document_order_and_the_overall_apart() -> None:
    card = score(framework(PAIR), scored(a1=1))
    assert list(card.nodes) == ["a", "a1", "a2", "b", "b1", "b2"]
    leaf, group, overall = card.node("a1"), card.node("a"), card.node(None)
    assert (leaf.tier, leaf.parent, group.tier, group.parent) == ("tier-2", "a", "tier-1", None)
    assert (overall.id, overall.tier, overall.parent, overall.state) == (None, None, None, None)
    assert overall.weight == 1
    assert (group.state, leaf.state) == (None, State.SCORED)
    with pytest.raises(KeyError):
        card.node("nowhere")


def test_judgements_of_ids_that_are_no_elements_change_nothing() -> None:
    tree = framework(PAIR)
    assert score(tree, scored(a1=1, a=5, gone=5)).nodes == score(tree, scored(a1=1)).nodes


@pytest.mark.parametrize("method", Method)
def test_a_tree_of_one_tier_is_scored_by_its_elements(method: Method) -> None:
    tree = framework({"a": None, "b": None})
    card = score(tree, scored(a=2, b=2), method=method)
    assert card.overall.score == 2
    assert card.method is method
    assert card.nodes["a"].tier == "tier-1"
