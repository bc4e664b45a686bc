"""What another version would make of an assessment: what goes where, figures before and after, places among units."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.case import State
from app.core.crosswalk import Crosswalk, Fate
from app.core.framework import Framework, WeightProfile
from app.core.impact import Impact, carried, impact, on_scale, renamed_from, rescaled
from app.core.rank_changes import rank_changes
from app.core.scoring import Judgement, score
from app.core.text import Text
from tests.unit.core.test_diff import changed
from tests.unit.core.trees import HALVES, QUARTERS, framework, number, scored

OLD = framework(
    {"a": {"kept": None, "moved": None, "renamed": None}, "b": {"cut": None, "one*3": None, "two": None, "gone": None}}
)


def new() -> Framework:
    found = framework(
        {
            "a": {"kept": None, "called": None},
            "b": {"moved": None, "left": None, "right": None, "both": None, "fresh": None},
        }
    )
    for element, olds in {"called": ("renamed",), "left": ("cut",), "right": ("cut",), "both": ("one", "two")}.items():
        found = changed(found, element, replaces=olds)
    return replace(found, version="2.0.0")


BEFORE = scored(kept=1, moved=2, renamed=3, cut=4, one=2, two=5, gone=5)


def foreseen() -> Impact:
    walk = Crosswalk(OLD, new())
    return impact(walk, BEFORE, carried(walk, BEFORE))


def test_kept_moved_and_renamed_elements_count_at_once_and_nothing_else_does() -> None:
    after = foreseen().after
    assert {leaf: one.score for leaf, one in after.judgements.items() if one.score is not None} == {
        "kept": 1,
        "called": 3,
        "moved": 2,
    }


def test_a_part_is_proposed_the_score_of_the_whole_and_a_whole_the_weighted_mean_of_its_parts_on_the_grid() -> None:
    proposals = {one.element: (one.origins, one.score) for one in foreseen().proposals}
    assert proposals == {
        "left": (("cut",), number(4)),
        "right": (("cut",), number(4)),
        "both": (("one", "two"), number(3)),  # (3·2 + 1·5) ÷ 4 = 2.75, half up to the grid
    }


def test_figures_are_told_before_after_and_with_every_proposal_confirmed() -> None:
    totals = {total.id: total for total in foreseen().totals}
    assert list(totals) == ["a", "b", None]
    b = totals["b"]
    assert b.before is not None
    assert b.after is not None
    assert b.complete is not None
    assert b.before.score == Fraction(4 + 3 * 2 + 5 + 5, 6)
    assert b.after.score == 2
    assert b.complete.score == Fraction(2 + 4 + 4 + 3, 4)


def test_every_old_element_stands_under_what_becomes_of_it_and_what_is_new_is_open() -> None:
    found = foreseen()
    assert found.by_fate[Fate.LOST] == ("gone",)
    assert found.by_fate[Fate.MERGED] == ("one", "two")
    assert found.opened == ("fresh",)


def test_capabilities_that_only_the_old_version_has_are_told_last() -> None:
    old = framework({"a": {"x": None}, "b": {"y": None}})
    walk = Crosswalk(old, framework({"a": {"x": None, "y": None}}))
    judged = scored(x=1, y=3)
    totals = impact(walk, judged, carried(walk, judged)).totals
    assert [(total.id, total.after is None) for total in totals] == [("a", False), ("b", True), (None, False)]


def test_where_the_origins_say_nothing_the_element_is_to_be_assessed_anew() -> None:
    walk = Crosswalk(OLD, new())
    proposals = {one.element: one for one in impact(walk, {}, {}).proposals}
    assert all(one.empty for one in proposals.values())


def test_where_all_origins_are_not_applicable_that_is_proposed() -> None:
    walk = Crosswalk(OLD, new())
    judged = scored(one="not-applicable", two="not-applicable", cut="unknown")
    states = {one.element: one.state for one in impact(walk, judged, {}).proposals}
    assert states == {"left": State.OPEN, "right": State.OPEN, "both": State.NOT_APPLICABLE}


def test_what_was_decided_in_the_new_version_before_is_no_proposal_again() -> None:
    walk = Crosswalk(OLD, new())
    held = {**BEFORE, "left": Judgement(State.SCORED, number(1))}
    found = impact(walk, BEFORE, carried(walk, held))
    assert [one.element for one in found.proposals] == ["right", "both"]
    assert found.after.judgements["left"].score == 1


def test_the_former_name_wins_over_what_stood_at_the_new_one_before() -> None:
    walk = Crosswalk(OLD, new())
    assert renamed_from(walk, "called") == "renamed"
    assert carried(walk, {"renamed": 3, "called": 1}) == {"called": 3}
    assert carried(walk, {"called": 1}) == {"called": 1}


def test_a_name_is_followed_through_the_versions_between() -> None:
    between = changed(framework({"a": {"second": None}}), "second", replaces=("kept",))
    last = changed(framework({"a": {"third": None}}), "third", replaces=("second",))
    assert Crosswalk(OLD, last).origins == {"third": ()}
    assert Crosswalk(OLD, last, (between,)).origins == {"third": ("kept",)}
    assert Crosswalk(OLD, last, (between,)).fates["kept"] is Fate.RENAMED


def test_across_scales_every_element_that_goes_on_is_a_proposal_at_the_same_share_of_the_scale() -> None:
    walk = Crosswalk(OLD, replace(OLD, scale=QUARTERS))
    assert rescaled(walk)
    found = impact(walk, scored(kept=0, moved=5, cut=2.5), {})
    assert found.after.overall.score is None
    assert {one.element: one.score for one in found.proposals if not one.empty} == {"kept": 1, "moved": 7, "cut": 4}


@given(st.sampled_from(HALVES.grid))
def test_a_score_carried_to_a_finer_scale_and_back_is_the_same(value: Fraction) -> None:
    assert on_scale(on_scale(value, HALVES, QUARTERS), QUARTERS, HALVES) == value


def test_other_weights_alone_change_totals_and_places_and_carry_nothing() -> None:
    profile = WeightProfile("mine", Text("我的"), {"a": Fraction(0)})
    walk = Crosswalk(OLD, OLD)
    high = scored(kept=5, moved=5, renamed=5, cut=0, one=0, two=0, gone=0)
    low = scored(kept=1, moved=1, renamed=1, cut=2, one=2, two=2, gone=2)
    units = {name: impact(walk, judged, judged, weights=(None, profile)) for name, judged in (("x", high), ("y", low))}
    assert units["x"].proposals == ()
    assert units["x"].changes_figures
    moves = rank_changes({n: i.before for n, i in units.items()}, {n: i.after for n, i in units.items()})
    told: list[object] = [(one.unit, one.node, one.before, one.after) for one in moves]
    assert told == [("x", None, 1, 2), ("y", None, 2, 1)]


def test_of_one_unit_there_are_no_places_to_tell() -> None:
    assert rank_changes({"x": score(OLD, BEFORE)}, {"x": score(OLD, {})}) == ()


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from([leaf.id for leaf in OLD.leaves]), st.sampled_from(HALVES.grid)))
def test_going_to_the_same_version_changes_nothing(scores: dict[str, Fraction]) -> None:
    judged = {leaf: Judgement(State.SCORED, value) for leaf, value in scores.items()}
    walk = Crosswalk(OLD, OLD)
    found = impact(walk, judged, carried(walk, judged))
    assert found.before == found.after == found.complete
    assert not found.changes_figures
