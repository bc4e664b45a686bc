"""The five sentences in edge cases: whatever the data, nothing is claimed that the figures do not bear."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from app.core.case import Round
from app.core.scale import Level, Scale
from app.core.text import LOCALES, Locale, Text
from tests.unit.core.trees import QUARTERS, framework
from tests.unit.document.papers import FIVE, carriers, flat, papers, sentences, unit

TREE = framework(FIVE)
FULL = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 3.0, "e": 2.0}


def even(value: float) -> dict[str, float]:
    return dict.fromkeys(FIVE, value)


def test_one_unit_without_benchmark() -> None:
    found = sentences(papers(TREE, unit(TREE, "深圳", FULL)))
    assert {name: sentence.text for name, sentence in found.items()} == {
        "strengths": "深圳得分最高的是c（3.00）、d（3.00），最低的是a（1.00），相差2.00分。",
        "gap": "本报告没有选定对标，1个评估单位的得分不与别的运营商相比。",
        "leader": "深圳的总体得分为2.20；只有一个评估单位，不排先后。",
        "unknown": "没有缺口：所选单位适用的要素都有得分（共10个）。",
        "basis": "以上依据1个评估单位的10个要素得分和10条发现。",
    }


def test_no_score_at_all() -> None:
    found = sentences(papers(TREE, unit(TREE, "福州", {}), benchmark=carriers(TREE, {"a": 2})))
    assert {name: sentence.rule for name, sentence in found.items()} == {
        "strengths": "strengths.none",
        "gap": "gap.nothing-common",
        "leader": "leader.none",
        "unknown": "unknown.some",
        "basis": "basis",
    }
    assert found["unknown"].text == "福州尚未评估（10个要素都没有得分）。"
    assert "最高" not in found["strengths"].text


def test_all_equal_says_that_nothing_stands_out() -> None:
    found = sentences(papers(TREE, unit(TREE, "甲", even(2)), unit(TREE, "乙", even(2))))
    assert found["strengths"].text.startswith("甲的5项第1层得分相同，都是2.00分，分不出强弱；")
    assert found["leader"].text == "甲（2.00）、乙（2.00）的总体得分相差不到0.25分，分不出先后。"


def test_less_than_half_a_step_is_no_strength_and_no_lead() -> None:
    one = unit(TREE, "甲", {**even(2), "a-1": 2.5})
    other = unit(TREE, "乙", even(2))
    found = sentences(papers(TREE, one, other))
    assert found["strengths"].rule == "strengths.ends"  # 2.25 against 2.00 is exactly half a step
    assert found["leader"].rule == "leader.undistinguished"


def test_a_lead_of_half_a_step_is_claimed_with_its_numbers() -> None:
    found = sentences(papers(TREE, unit(TREE, "甲", even(2)), unit(TREE, "乙", {**even(2.5)})))
    assert found["leader"].text == "乙（2.50）的总体得分最高，比甲（2.00）高0.50分。"
    assert found["leader"].rule == "leader.ahead"


def test_a_tie_at_the_top_is_told_apart_from_those_behind() -> None:
    units = [unit(TREE, name, even(value)) for name, value in (("甲", 3), ("乙", 3), ("丙", 1), ("丁", 0.5))]
    found = sentences(papers(TREE, *units))
    assert found["leader"].text == (
        "甲（3.00）、乙（3.00）的总体得分相差不到0.25分，分不出先后；丙（1.00）、丁（0.50）都比甲低，至少低2.00分。"
    )


def test_eight_units_are_counted_instead_of_listed() -> None:
    units = [unit(TREE, f"单位{place}", even(place / 2)) for place in range(8)]
    found = sentences(papers(TREE, *units))
    assert "等7个单位" in found["leader"].text
    assert found["leader"].text.startswith("单位7（3.50）的总体得分最高，比其余各单位至少高0.50分：")
    assert len(found["strengths"].text) < 200


def test_withheld_units_are_named_with_their_bounds_and_without_their_score() -> None:
    thin = unit(TREE, "广州", {"a": 1.5})
    found = sentences(papers(TREE, unit(TREE, "深圳", FULL), thin))
    assert "广州覆盖率只有20%，总体不出分，只知道在0.30–4.30分之间" in found["unknown"].text
    assert "广州" not in found["leader"].text
    assert found["leader"].text == "只有深圳有可发布的总体得分：2.20，评估单位之间不排先后。"


def test_a_unit_with_one_branch_only_says_so() -> None:
    found = sentences(papers(TREE, unit(TREE, "广州", {"a": 1.5})))
    assert found["strengths"].text == "广州的5项第1层中只有1项的得分可以发布：a（1.50）。"


def test_a_partial_unit_says_how_many_branches_were_compared() -> None:
    found = sentences(papers(TREE, unit(TREE, "广州", {"a": 1, "b": 2})))
    assert found["strengths"].text.startswith("广州可发布的2项第1层中，得分最高的是b（2.00）")


def test_the_largest_gap_names_median_n_and_the_best() -> None:
    benchmark = carriers(TREE, {"a": 3, "c": 3}, {"a": 4, "c": 3.5}, {"a": 5})
    found = sentences(papers(TREE, unit(TREE, "深圳", FULL), benchmark=benchmark))
    assert found["gap"].text == (
        "深圳与同行差距最大的是a：1.00对中位数4.00（n = 3），低3.00分；对标中最高的是运营商3，5.00分。"
    )


def test_a_gap_to_a_single_carrier_is_no_median() -> None:
    found = sentences(papers(TREE, unit(TREE, "深圳", FULL), benchmark=carriers(TREE, {"a": 3})))
    assert found["gap"].text == "深圳与同行差距最大的是a：1.00对3.00（只有1家的数字），低2.00分。"


def test_gaps_nearly_as_large_are_named_too() -> None:
    benchmark = carriers(TREE, {"a": 3, "b": 3.9, "c": 4})
    found = sentences(papers(TREE, unit(TREE, "深圳", FULL), benchmark=benchmark))
    assert "差距与此相差不到0.25分的还有b（低1.90）" in found["gap"].text
    assert "c（" not in found["gap"].text


def test_a_unit_above_the_benchmark_has_no_gap() -> None:
    found = sentences(papers(TREE, unit(TREE, "深圳", even(4)), benchmark=carriers(TREE, even(4.2), even(3))))
    assert found["gap"].rule == "gap.none"
    assert found["gap"].text == (
        "深圳可比的5项第1层中，没有一项比同行的中位数低0.25分或更多；相对最低的是a：4.00对3.60。"
    )


def test_one_unit_is_set_against_the_overall_median() -> None:
    found = sentences(papers(TREE, unit(TREE, "深圳", even(2)), benchmark=carriers(TREE, even(3), even(4))))
    assert found["leader"].text.endswith("深圳比对标中位数3.50（n = 2）低1.50分。")


def test_a_framework_of_elements_alone_prints_the_scale_s_decimals() -> None:
    tree = flat(["a", "b"])
    found = sentences(papers(tree, unit(tree, "深圳", {"a": 1.5, "b": 3})))
    assert found["strengths"].text == "深圳得分最高的是b（3.0），最低的是a（1.5），相差1.5分。"


def test_another_scale_has_another_half_step() -> None:
    tree = framework(FIVE, scale=QUARTERS)
    found = sentences(papers(tree, unit(tree, "甲", even(2)), unit(tree, "乙", even(2.25))))
    assert found["leader"].text == "乙（2.25）的总体得分最高，比甲（2.00）高0.25分。"


def test_a_scale_of_whole_points_has_half_a_point() -> None:
    ends = (Level(Fraction(1), Text("低")), Level(Fraction(5), Text("高")))
    tree = framework(FIVE, scale=Scale(Fraction(1), Fraction(5), Fraction(1), ends))
    found = sentences(papers(tree, unit(tree, "甲", {**even(2), "a-1": 3}), unit(tree, "乙", even(2))))
    assert "相差不到0.5分" in found["leader"].text


def test_the_same_unit_in_two_rounds_is_told_apart_by_the_round() -> None:
    later = Round("2027", Text("2027年", "2027"))
    found = papers(TREE, unit(TREE, "深圳", even(1), key="one"), unit(TREE, "深圳", even(2), round_=later, key="two"))
    assert [subject.name.zh for subject in found.subjects] == ["深圳（2026年）", "深圳（2027年）"]
    assert "leader" not in sentences(found)
    assert sentences(found)["changes"].rule == "changes.elements"


def test_elements_that_are_not_applicable_are_no_gap() -> None:
    found = sentences(papers(TREE, unit(TREE, "深圳", {**FULL, "e-2": "not-applicable"})))
    assert found["unknown"].rule == "unknown.nothing"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_every_sentence_carries_a_number_and_closes(locale: Locale, count: int) -> None:
    units = [
        unit(TREE, f"单位{place}", dict.fromkeys(list(FIVE)[: 5 - place % 3], 1 + place / 2)) for place in range(count)
    ]
    found = sentences(papers(TREE, *units, benchmark=carriers(TREE, even(4), even(3))), locale)
    assert len(found) == 5
    for sentence in found.values():
        assert re.search(r"\d", sentence.text), sentence
        assert sentence.text.endswith("。" if locale == "zh" else ".")
        assert sentence.label
        assert "{" not in sentence.text


def test_english_sentences_hold_no_chinese_of_ours() -> None:
    tree = framework({"a": {"a1": None}, "b": {"b1": None}})
    units = [unit(tree, name, {"a": 1, "b": 4}) for name in ("X", "Y")]
    for sentence in sentences(papers(tree, *units), "en").values():
        assert not re.search(r"[\u3000-\u9fff]", sentence.text.replace("第1层", "")), sentence.text


def test_of_a_tie_only_what_is_clear_is_said() -> None:
    units = [unit(TREE, name, even(value)) for name, value in (("甲", 3), ("乙", 2.5), ("丙", 2.5))]
    one = unit(TREE, "丁", {**even(2.5), "a": 3, "b": 3, "c": 3, "d-1": 3})
    found = sentences(papers(TREE, *units, one))
    assert found["leader"].rule == "leader.shared"
    assert found["leader"].text == (
        "甲（3.00）、丁（2.85）的总体得分相差不到0.25分，分不出先后；乙（2.50）、丙（2.50）都比甲低，至少低0.50分。"
    )


def test_a_provisional_score_says_so_wherever_it_is_named() -> None:
    thin: dict[str, str | float] = {**even(3), "e": "unknown", "d-2": "unknown"}
    found = sentences(papers(TREE, unit(TREE, "深圳", thin), unit(TREE, "广州", even(2))))
    assert found["leader"].text == "深圳（3.00，暂定，覆盖率70%）的总体得分最高，比广州（2.00）高1.00分。"


def test_carriers_within_half_a_step_of_the_best_are_named_with_it() -> None:
    benchmark = carriers(TREE, {"a": 4.5}, {"a": 4.4}, {"a": 3})
    found = sentences(papers(TREE, unit(TREE, "深圳", FULL), benchmark=benchmark))
    assert found["gap"].text.endswith("对标中最高的是运营商1、运营商2，4.40至4.50分。")
