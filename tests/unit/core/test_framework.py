"""The tree of capabilities and the small values beside it answer questions about themselves."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from app.core.benchmark import BenchmarkEntry, BenchmarkSet, FigureRange
from app.core.case import State
from app.core.compare import compare
from app.core.errors import Fault, FaultsFound
from app.core.framework import Framework, Source
from app.core.questionnaire import Item, Mode, Questionnaire, Role
from app.core.text import Text
from app.core.weights import default_profile, equal_profile, weights_under
from tests.unit.core.trees import framework, number, trees

TREE = framework({"a": {"a1": {"a1x": None}, "a2": {"a2x": None, "a2y": None}}, "b*2": {"b1*0": {"b1x": None}}})


def ids(nodes: object) -> list[str]:
    return [node.id for node in nodes]  # type: ignore[attr-defined]


def test_capabilities_come_in_document_order_parents_first() -> None:
    order = ["a", "a1", "a1x", "a2", "a2x", "a2y", "b", "b1", "b1x"]
    assert ids(TREE.walk()) == order
    assert ids(TREE.nodes) == order
    assert ids(TREE.leaves) == ["a1x", "a2x", "a2y", "b1x"]


def test_a_capability_knows_what_is_above_and_below_it() -> None:
    assert TREE.parent("a") is None
    assert ids(TREE.ancestors("a2y")) == ["a", "a2"]
    assert ids(TREE.leaves_below("a")) == ["a1x", "a2x", "a2y"]
    assert ids(TREE.leaves_below("a2x")) == ["a2x"]
    assert TREE.leaves_below(None) == TREE.leaves


def test_a_capability_knows_its_tier() -> None:
    assert [TREE.tier_of(node).id for node in ("a", "a1", "a1x")] == ["tier-1", "tier-2", "tier-3"]
    assert ids(TREE.on_tier("tier-2")) == ["a1", "a2", "b1"]


def test_ids_are_found_or_refused() -> None:
    assert "a2x" in TREE
    assert "gone" not in TREE
    assert TREE.node("a2x").is_leaf
    for look_up in (TREE.node, TREE.parent, TREE.ancestors, TREE.tier_of, TREE.leaves_below):
        with pytest.raises(KeyError):
            look_up("gone")


def test_a_framework_is_referred_to_by_id_and_version() -> None:
    assert TREE.reference == "sketch@1.0.0"


@given(trees())
def test_every_capability_is_reached_once_and_every_leaf_stands_on_the_last_tier(tree: Framework) -> None:
    order = ids(tree.nodes)
    assert len(order) == len(set(order))
    assert {tree.tier_of(leaf.id) for leaf in tree.leaves} == {tree.tiers[-1]}
    assert sum(len(tree.on_tier(tier.id)) for tier in tree.tiers) == len(order)


def test_profiles_give_every_capability_a_weight() -> None:
    assert weights_under(TREE, None) == weights_under(TREE, default_profile(TREE))
    assert weights_under(TREE, None)["b"] == 2
    assert weights_under(TREE, None)["b1"] == 0
    assert set(weights_under(TREE, equal_profile(TREE)).values()) == {Fraction(1)}


@pytest.mark.parametrize("state", State)
def test_only_scored_and_inferred_carry_a_score(state: State) -> None:
    assert state.has_score is (state.value in ("scored", "inferred"))


def test_a_text_borrows_the_other_language_and_says_so() -> None:
    both, only_zh, only_en = Text("中", "E"), Text("中"), Text(en="E")
    assert [text.in_locale("zh") for text in (both, only_zh, only_en)] == ["中", "中", "E"]
    assert [text.in_locale("en") for text in (both, only_zh, only_en)] == ["E", "中", "E"]
    assert [text.language_of("en") for text in (both, only_zh, only_en)] == ["en", "zh", "en"]
    assert [text.is_fallback("zh") for text in (both, only_zh, only_en)] == [False, False, True]
    assert only_en.language_of("zh") == "en"
    assert Text().in_locale("zh") == ""


def test_a_range_enters_as_its_midpoint() -> None:
    assert FigureRange(number("2.5"), number(3)).midpoint == number("2.75")


def test_an_entry_of_a_set_is_found_by_its_id() -> None:
    carriers = BenchmarkSet("s", Text("集"), "sketch", Source(), (BenchmarkEntry("x", Text("x")),))
    assert carriers.entry("x").id == "x"
    with pytest.raises(KeyError):
        carriers.entry("y")


def test_a_questionnaire_finds_items_and_roles() -> None:
    guide = Questionnaire(
        "guide",
        "1.2.0",
        "sketch@>=1",
        Text("提纲"),
        Mode.INTERVIEW,
        roles=(Role("marketing", Text("市场")), Role("billing", Text("计费"))),
        items=(Item("a1x", roles=("marketing",)), Item("a2x")),
    )
    assert guide.reference == "guide@1.2.0"
    assert guide.item("a2x").element == "a2x"
    assert guide.role("billing").name == Text("计费")
    assert [item.element for item in guide.items_for("marketing")] == ["a1x", "a2x"]
    assert [item.element for item in guide.items_for("billing")] == ["a2x"]
    for look_up in (guide.item, guide.role):
        with pytest.raises(KeyError):
            look_up("gone")


def test_a_fault_says_where_it_is_and_what_is_wrong() -> None:
    placed = Fault("E101", "unknown key.", path="scale.stp", file="f.yaml", line=3, column=5)
    assert str(placed) == "f.yaml:3:5: error E101: unknown key. [scale.stp]"
    assert str(Fault("W1", "odd.", severity="warning")) == "warning W1: odd."


def test_faults_found_keep_errors_and_warnings_apart() -> None:
    error, warning = Fault("E1", "wrong."), Fault("W1", "odd.", severity="warning")
    found = FaultsFound([error, warning])
    assert (found.errors, found.warnings) == ((error,), (warning,))
    assert str(found) == "error E1: wrong.\nwarning W1: odd."


def test_a_row_is_found_by_its_capability() -> None:
    comparison = compare(TREE, [])
    assert comparison.row("a2").node == "a2"
    assert comparison.row(None).node is None
