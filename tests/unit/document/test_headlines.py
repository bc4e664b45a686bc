"""The sentence above each section's pages, variant by variant, word for word."""

from __future__ import annotations

import pytest

from app.core.text import Locale
from app.document.build import build_document
from app.document.material import Material
from app.document.values import Sentence
from tests.unit.core.trees import framework
from tests.unit.document.papers import EVERYTHING, FIVE, carriers, papers, unit

TREE = framework(FIVE)
FULL = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 3.0, "e": 2.0}
PEERS = carriers(TREE, {"a": 4, "b": 2, "c": 2}, {"a": 3, "b": 2})


def even(value: float) -> dict[str, float]:
    return dict.fromkeys(FIVE, value)


def headline(found: Material, section: str, locale: Locale = "zh") -> Sentence:
    sentence = build_document(found, EVERYTHING, locale).section(section).headline
    assert sentence is not None
    return sentence


def rule_and_text(found: Material, section: str) -> tuple[str, str]:
    sentence = headline(found, section)
    return sentence.rule, sentence.text


def test_the_overview_says_what_the_score_is_counted_from() -> None:
    sentence = headline(papers(TREE, unit(TREE, "深圳", {**FULL, "a-1": "not-applicable"})), "overview")
    assert sentence.rule == "overview.scored"
    assert sentence.text.startswith("深圳：总体2.20，由9/9个要素算出，达到等级")
    assert sentence.text.endswith("；5项第1层中最高的是c（3.00）、d（3.00），最低的是a（1.00）。")


def test_the_overview_of_a_thin_unit_gives_bounds() -> None:
    found = papers(TREE, unit(TREE, "广州", {"a": 1, "b": 2}))
    assert rule_and_text(found, "overview") == (
        "overview.withheld",
        "广州：覆盖率40%（4/10个要素），总体不出分，在0.60–3.60分之间；2项第1层中最高的是b（2.00），最低的是a（1.00）。",
    )


def test_the_overview_of_an_empty_unit_says_only_that() -> None:
    found = papers(TREE, unit(TREE, "福州", {}))
    assert rule_and_text(found, "overview") == ("overview.empty", "福州尚未评估：10个要素都没有得分。")


def test_the_comparison_counts_what_is_below_level_and_above() -> None:
    found = papers(TREE, unit(TREE, "深圳", FULL), benchmark=PEERS)
    assert headline(found, "comparison").text == (
        "深圳与同行可比的3项第1层中，1项比对标中位数至少低0.25分，1项相差不到0.25分，1项至少高0.25分。"
    )


def test_the_comparison_gives_the_range_where_all_is_below() -> None:
    found = papers(TREE, unit(TREE, "深圳", even(1)), benchmark=PEERS)
    assert headline(found, "comparison").text == "深圳与同行可比的3项第1层都低于对标中位数，低1.00至2.50分。"


def test_the_comparison_of_units_that_are_alike_claims_nothing() -> None:
    found = papers(TREE, unit(TREE, "甲", even(2)), unit(TREE, "乙", even(2)))
    assert headline(found, "comparison").text == "单位之间可比的5项第1层都相差不到0.25分，分不出先后。"


def test_the_comparison_counts_where_units_differ() -> None:
    found = papers(TREE, unit(TREE, "甲", FULL), unit(TREE, "乙", even(2)))
    assert headline(found, "comparison").text == (
        "单位之间可比的5项第1层中有3项相差0.25分或更多，最多相差1.00分（a）。"
    )


def test_the_comparison_with_an_empty_unit_says_that_nothing_compares() -> None:
    found = papers(TREE, unit(TREE, "甲", FULL), unit(TREE, "乙", {}))
    assert headline(found, "comparison").text == "2个单位之间没有一项第1层可比。"


def test_the_heatmap_names_where_units_lie_furthest_apart() -> None:
    found = papers(TREE, unit(TREE, "甲", {**even(2), "b-1": 4}), unit(TREE, "乙", even(2)))
    assert rule_and_text(found, "heatmap") == (
        "heatmap.spread",
        "单位之间最多相差2.0分，在b-1：甲（4.0），乙（2.0）；可比的10项第2层中有1项相差0.25分或更多。",
    )


def test_the_heatmap_of_units_that_are_alike_claims_nothing() -> None:
    found = papers(TREE, unit(TREE, "甲", even(2)), unit(TREE, "乙", even(2)))
    assert rule_and_text(found, "heatmap") == (
        "heatmap.level",
        "可比的单位在10项第2层上都相差不到0.25分，分不出先后。",
    )


def test_a_difference_below_half_a_step_puts_neither_in_front() -> None:
    found = papers(TREE, unit(TREE, "甲", {**even(2), "a-1": 3}), unit(TREE, "乙", even(2)))
    assert rule_and_text(found, "difference") == (
        "difference.level",
        "甲（2.10）与乙（2.00）总体相差不到0.25分，分不出先后；有1个要素使甲高，0个使乙高。",
    )


def test_a_difference_names_what_contributes_most_and_equals_together() -> None:
    found = papers(TREE, unit(TREE, "甲", {**even(2), "a-1": 5, "b-1": 5}), unit(TREE, "乙", even(2)))
    assert rule_and_text(found, "difference") == (
        "difference.ahead",
        "甲（2.60）的总体比乙（2.00）高0.60分；2个要素有差别，贡献最大的是a-1、b-1（各+0.30分）。",
    )


def test_a_difference_says_how_much_is_mere_coverage() -> None:
    found = papers(TREE, unit(TREE, "甲", {**even(4), "a": 1}), unit(TREE, "乙", {"b": 2, "c": 2, "d": 2, "e": 2}))
    assert "分来自双方覆盖不同" in headline(found, "difference").text


def test_a_dimension_says_order_median_and_who_is_missing() -> None:
    one, other = unit(TREE, "甲", FULL), unit(TREE, "乙", even(2))
    thin = unit(TREE, "丙", {"a-1": "unknown", "b": 2, "c": 2})
    found = papers(TREE, one, other, thin, benchmark=PEERS)
    assert rule_and_text(found, "dimension-a") == (
        "dimension.ahead",
        "乙（2.00）最高，比甲（1.00）高1.00分；甲比对标中位数3.50（n = 2）低2.50分；丙的2个要素未评。",
    )


def test_a_dimension_set_against_one_carrier_says_that_it_is_one() -> None:
    found = papers(TREE, unit(TREE, "甲", FULL), benchmark=PEERS)
    assert rule_and_text(found, "dimension-c") == (
        "dimension.single",
        "甲（3.00）比对标的2.00（只有1家）高1.00分。",
    )


def test_a_dimension_that_is_withheld_says_why() -> None:
    found = papers(TREE, unit(TREE, "甲", {"a-1": 2, "b": 2}), benchmark=PEERS)
    sentence = headline(found, "dimension-a")
    assert sentence.rule == "dimension.none"
    assert sentence.text == "对标中位数是3.50（n = 2）；甲覆盖率不到60%，不出分。"


def test_coverage_counts_units_by_status_and_elements() -> None:
    found = papers(TREE, unit(TREE, "甲", FULL), unit(TREE, "乙", {"a": 1}), unit(TREE, "丙", {}))
    assert rule_and_text(found, "coverage") == (
        "coverage.gaps",
        "3个评估单位中，1个可以发布总体得分，1个覆盖不足、总体不出分，1个尚未评估；适用的30个要素中12个有得分。",
    )


def test_complete_coverage_is_told_too() -> None:
    found = papers(TREE, unit(TREE, "甲", FULL))
    assert rule_and_text(found, "coverage") == (
        "coverage.complete",
        "甲的总体得分可以发布；适用的10个要素中10个有得分。",
    )


@pytest.mark.parametrize(
    ("section", "english"),
    [
        (
            "comparison",
            "ann against the median of 同行, by 第1层 (n = 3): 1 at least 0.25 points below, 1 within 0.25 points, "
            "1 at least 0.25 points above; the units differ by 0.25 points or more in 3 of 5 comparisons by 第1层, "
            "by 1.00 points at most (a).",
        ),
        (
            "dimension-a",
            "bo (2.00) is highest, 1.00 points above ann (1.00); ann is 2.50 points below the benchmark median of 3.50 "
            "(n = 2).",
        ),
        ("coverage", "Of 2 units: 2 with a publishable overall score; 20 of 20 applicable elements have a score."),
    ],
)
def test_english_says_the_same(section: str, english: str) -> None:
    found = papers(TREE, unit(TREE, "ann", FULL), unit(TREE, "bo", even(2)), benchmark=PEERS)
    assert headline(found, section, "en").text == english
