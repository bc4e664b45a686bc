"""One unit in several rounds: order, change, what is no change, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.charts.spec import DotPlot, Waterfall
from app.core.case import Round
from app.core.report import SectionKind
from app.core.text import LOCALES, Text
from app.document.material import Material
from app.document.message import message
from app.document.rounds import Turn, change, element_changes, rounds_of
from app.document.values import Listing, Picture
from app.document.voice import Voice
from tests.trying import examples
from tests.unit.core.trees import framework
from tests.unit.document.papers import FIVE, papers, unit
from tests.unit.document.test_comparing import only, section, table, texts

TREE = framework(FIVE)
FIRST = Round("2003", Text("2003年", "2003"), date(2003, 9, 1))
SECOND = Round("2005", Text("2005年", "2005"), date(2005, 3, 1))


def even(value: float) -> dict[str, float | str]:
    return dict.fromkeys(FIVE, value)


def two(before: dict[str, float | str], after: dict[str, float | str], *, later_first: bool = True) -> Material:
    pair = [
        unit(TREE, "深圳", after, round_=SECOND, key="later"),
        unit(TREE, "深圳", before, round_=FIRST, key="earlier"),
    ]
    return papers(TREE, *(pair if later_first else pair[::-1]))


@pytest.mark.parametrize("later_first", [True, False])
def test_rounds_stand_by_date_whatever_was_asked_for_first(later_first: bool) -> None:
    found = two(even(1), even(2), later_first=later_first)
    (rounds,) = rounds_of(found.subjects)
    assert (rounds.before.id, rounds.after.id) == ("earlier", "later")
    assert found.focus.id == "later"


def test_rounds_without_a_date_stand_in_the_order_asked_for() -> None:
    undated = [unit(TREE, "深圳", even(1), round_=replace(one, date=None), key=one.id) for one in (SECOND, FIRST)]
    (rounds,) = rounds_of(papers(TREE, *undated).subjects)
    assert rounds.before.id == "2005"


def test_a_change_is_told_with_both_figures_and_its_amount() -> None:
    found = section(two(even(1), even(2)), SectionKind.CHANGES).children[0]
    assert found.headline is not None
    assert found.headline.text == "深圳的总体从2003年的1.00分升到2005年的2.00分，上升1.00分。"


def test_less_than_half_a_step_is_no_change() -> None:
    found = section(two(even(2), {**even(2), "a-1": 3}), SectionKind.CHANGES).children[0]
    assert found.headline is not None
    assert found.headline.rule == "changes.level"
    rows = {row[0]: row[3:5] for row in texts(table(found, "changes-深圳-figures"))}
    assert rows["a"] == ["+0.50", "上升"]
    assert rows["总体"] == ["+0.10", "没有变化"]


def test_what_only_one_round_knows_is_told_apart_from_what_changed() -> None:
    found = two({**even(2), "a-1": "unknown"}, {**even(2), "a-1": 5, "b-2": "unknown"})
    (rounds,) = rounds_of(found.subjects)
    whole = change(found, rounds, None)
    assert whole.points == Fraction(3, 10)
    assert (whole.score, whole.coverage) == (Fraction(0), Fraction(3, 10))
    assert (whole.shared, whole.leaves) == (8, 10)
    assert change(found, rounds, "a").turn is Turn.UNKNOWN
    assert element_changes(found, rounds) == ()
    child = section(found, SectionKind.CHANGES).children[0]
    (listing,) = [block for block in child.blocks if isinstance(block, Listing)]
    assert listing.groups == (("只有2003年（1个）", ("b-2",)), ("只有2005年（1个）", ("a-1",)))


def test_a_withheld_round_is_not_compared_and_keeps_its_score_to_itself() -> None:
    child = section(two({"a": 4, "b": 4}, even(2)), SectionKind.CHANGES).children[0]
    assert child.headline is not None
    assert child.headline.text == "深圳的总体不能比较；2003年覆盖率只有40%，不出分。"
    total = texts(table(child, "changes-深圳-figures"))[-1]
    assert total[1:5] == ["1.60–4.60", "2.00", "", "不能比较"]


def test_an_empty_round_says_so() -> None:
    child = section(two({}, even(2)), SectionKind.CHANGES).children[0]
    assert child.headline is not None
    assert child.headline.text == "深圳的总体不能比较；2003年没有一个要素有得分。"
    assert not [block for block in child.blocks if isinstance(block, Listing)]


def test_two_empty_rounds_are_told_in_words_and_not_in_a_table_of_nothing() -> None:
    child = section(two({}, {}), SectionKind.CHANGES).children[0]
    assert child.headline is not None
    assert child.headline.text.count("没有一个要素有得分") == 2
    assert [block.id for block in child.blocks] == ["changes-深圳-sentences"]


def test_one_round_alone_is_where_later_ones_start_from() -> None:
    found = section(papers(TREE, unit(TREE, "深圳", even(2), round_=FIRST)), SectionKind.CHANGES)
    assert found.headline is not None
    assert found.headline.rule == "changes.one-round"
    assert len(table(found, "changes-start").rows) == 6


def test_the_way_from_one_round_to_the_other_is_drawn_exactly() -> None:
    child = section(two(even(1), {**even(2), "a": 3}), SectionKind.CHANGES).children[0]
    dots, steps = (block.chart for block in child.blocks if isinstance(block, Picture))
    assert isinstance(dots, DotPlot)
    assert dots.joined
    assert isinstance(steps, Waterfall)
    assert steps.start_value + sum(step.amount for step in steps.steps) == steps.end_value


def test_several_units_have_a_line_each_before_their_own_pages() -> None:
    pairs = [
        unit(TREE, name, even(score), round_=one, key=f"{name}-{one.id}")
        for name in ("甲", "乙")
        for one, score in ((FIRST, 1), (SECOND, 3))
    ]
    found = section(papers(TREE, *pairs), SectionKind.CHANGES)
    assert [row[0] for row in texts(table(found, "changes-units"))] == ["甲", "乙"]
    assert [child.id for child in found.children] == ["changes-甲", "changes-乙"]


def test_the_message_of_a_report_on_rounds_is_about_change() -> None:
    found = two(even(1), {**even(2), "a-1": "unknown"})
    written = message(found, Voice("zh", found.framework))
    assert [sentence.label for sentence in written] == ["总体", "能力", "要素", "不能比较", "依据"]
    assert all(sentence.evidence for sentence in written)


def test_a_round_beside_other_units_leaves_the_message_about_units() -> None:
    both = two(even(1), even(2)).subjects
    found = papers(TREE, *both, unit(TREE, "广州", even(1), round_=FIRST))
    rules = {sentence.rule.partition(".")[0] for sentence in message(found, Voice("zh", found.framework))}
    assert "leader" in rules


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from([leaf.id for leaf in TREE.leaves]), st.integers(0, 10), max_size=10),
    st.dictionaries(st.sampled_from([leaf.id for leaf in TREE.leaves]), st.integers(0, 10), max_size=10),
)
def test_nothing_is_called_a_change_on_less_than_half_a_step(one: dict[str, int], other: dict[str, int]) -> None:
    found = two({key: value / 2 for key, value in one.items()}, {key: value / 2 for key, value in other.items()})
    (rounds,) = rounds_of(found.subjects)
    for node in (None, *(node.id for node in TREE.walk())):
        told = change(found, rounds, node)
        if told.turn in (Turn.UP, Turn.DOWN):
            assert abs(told.points or Fraction(0)) >= found.half_step
        if told.score is not None and told.coverage is not None:
            assert told.score + told.coverage == told.points
    for locale in LOCALES:
        assert only(found, SectionKind.CHANGES, locale).sections
