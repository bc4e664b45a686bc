"""Units against each other: ranking, profile, small multiples, strengths and gaps, confidence."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.charts.spec import Bars, DotPlot, Heatmap, Multiples, Standing
from app.core.case import Answer, State
from app.core.judging import RespondentAnswers
from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.text import LOCALES, Locale, Text
from app.document.material import Material, material
from app.document.values import Document, Picture, Section, Statement, Table
from tests.unit.core.trees import framework, number
from tests.unit.document.papers import DAY, FIVE, carriers, document, papers, unit

TREE = framework(FIVE)


def even(value: float) -> dict[str, float]:
    return dict.fromkeys(FIVE, value)


def only(found: Material, kind: SectionKind, locale: Locale = "zh", **options: object) -> Document:
    definition = ReportDefinition("one", Text("一"), (SectionDefinition(kind, options=options),))
    return document(found, locale, definition)


def section(found: Material, kind: SectionKind, locale: Locale = "zh", **options: object) -> Section:
    (one,) = only(found, kind, locale, **options).sections
    return one


def table(found: Section, table_id: str) -> Table:
    return next(b for s in found.walk() for b in s.blocks if isinstance(b, Table) and b.id == table_id)


def texts(found: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in found.rows]


def four() -> Material:
    return papers(
        TREE,
        unit(TREE, "乙", even(2)),
        unit(TREE, "甲", {**even(2), "a": 2.5}),
        unit(TREE, "丙", even(1)),
        unit(TREE, "半", {"a": 4, "b": 4}),
        unit(TREE, "空", {}),
        benchmark=carriers(TREE, even(3), even(4)),
    )


# --- ranking ---------------------------------------------------------------------------------------------------------


def test_units_stand_by_score_with_ties_as_a_range_and_the_unranked_last() -> None:
    found = section(four(), SectionKind.RANKING)
    assert [row[:3] for row in texts(table(found, "ranking-figures"))] == [
        ["1–2", "甲", "2.10"],
        ["1–2", "乙", "2.00"],
        ["3", "丙", "1.00"],
        ["–", "半", "1.60–4.60"],
        ["–", "空", "○"],
    ]
    assert found.headline is not None
    assert found.headline.rule == "ranking.tied"
    assert "2个单位覆盖不足或未评" in found.headline.text


def test_a_unit_half_a_step_ahead_is_called_first_with_its_distance() -> None:
    found = section(papers(TREE, unit(TREE, "乙", even(2)), unit(TREE, "甲", even(3))), SectionKind.RANKING)
    assert found.headline is not None
    assert found.headline.text == "在2个可以排名的单位中，甲（3.00）排第一，比乙（2.00）高1.00分。"


def test_places_on_the_first_tier_count_what_may_be_printed_there() -> None:
    found = table(section(four(), SectionKind.RANKING), "ranking-dimensions")
    by_unit = {row[0]: row[1:] for row in texts(found)}
    assert by_unit["半"][:3] == ["1", "1", "未评"]
    assert by_unit["甲"][:2] == ["2", "2–3"]
    assert by_unit["空"] == ["未评"] * 6


def test_nobody_is_ranked_where_no_overall_may_be_printed() -> None:
    found = section(papers(TREE, unit(TREE, "半", {"a": 4}), unit(TREE, "空", {})), SectionKind.RANKING)
    assert found.headline is not None
    assert found.headline.rule == "ranking.none"
    assert not [block for block in found.blocks if isinstance(block, Picture)]


def test_one_unit_alone_is_no_ranking() -> None:
    assert only(papers(TREE, unit(TREE, "甲", even(2))), SectionKind.RANKING).sections == ()


def test_the_ranking_is_drawn_in_its_order_before_the_benchmark() -> None:
    picture = next(b for b in section(four(), SectionKind.RANKING).blocks if isinstance(b, Picture))
    chart = picture.chart
    assert isinstance(chart, Bars)
    assert [label.name for label in chart.rows] == ["甲", "乙", "丙", "半", "空"]
    assert [mark.standing for mark in chart.marks][-2:] == [Standing.WITHHELD, Standing.OPEN]
    assert chart.band is not None
    assert (chart.band.low, chart.band.median, chart.band.high) == (Fraction(3), Fraction(7, 2), Fraction(4))
    assert chart.band.text in " ".join(chart.caption.notes)


# --- profile and multiples -------------------------------------------------------------------------------------------


def deep() -> Material:
    tree = framework({n: {f"{n}{k}": {f"{n}{k}{m}": None for m in (1, 2)} for k in (1, 2, 3)} for n in "abcde"})
    units = [unit(tree, f"单位{n}", dict.fromkeys("abcde", n / 2)) for n in range(1, 9)]
    return papers(tree, *units, benchmark=carriers(tree, dict.fromkeys("abcde", 3), dict.fromkeys("abcde", 4)))


def test_the_profile_holds_every_capability_above_the_elements_once() -> None:
    found = section(deep(), SectionKind.PROFILE)
    charts = [block.chart for block in found.blocks if isinstance(block, Picture)]
    rows = [label for chart in charts if isinstance(chart, DotPlot) for label in chart.rows]
    assert [label.id for label in rows][:5] == ["", "a", "a1", "a2", "a3"]
    assert len(rows) == len({label.id for label in rows}) == 1 + 5 + 15
    assert [label.id for label in rows if label.strong] == ["", "a", "b", "c", "d", "e"]
    assert max(len(chart.rows) for chart in charts if isinstance(chart, DotPlot)) <= 8
    assert len(table(found, "profile-figures").rows) == len(rows)


def test_every_unit_has_a_radar_of_its_own_and_the_empty_one_too() -> None:
    found = section(four(), SectionKind.MULTIPLES)
    units, others = (block.chart for block in found.blocks if isinstance(block, Picture))
    assert isinstance(units, Multiples)
    assert isinstance(others, Multiples)
    assert [panel.series[0].name for panel in units.panels] == ["乙", "甲", "丙", "半", "空"]
    assert {tuple(line.name for line in panel.series[1:]) for panel in units.panels} == {("对标中位数（2家）",)}
    assert {panel.series[1].name for panel in others.panels} == {"乙"}


def test_too_few_axes_make_no_small_radars() -> None:
    tree = framework({"a": {"a-1": None}, "b": {"b-1": None}})
    found = papers(tree, unit(tree, "甲", {"a": 1}), unit(tree, "乙", {"b": 1}))
    assert only(found, SectionKind.MULTIPLES).sections == ()


# --- strengths -------------------------------------------------------------------------------------------------------


def test_strong_is_only_what_lies_half_a_step_from_the_units_own_mean() -> None:
    subject = unit(TREE, "甲", {**even(2), "a-1": 4, "b-1": 0})
    found = section(papers(TREE, subject, unit(TREE, "空", {})), SectionKind.STRENGTHS)
    assert texts(table(found, "strengths-甲-strong")) == [["a-1", "4.0", ""]]
    assert texts(table(found, "strengths-甲-weak")) == [["b-1", "0.0", ""]]
    (child,) = found.children
    assert child.headline is not None
    assert child.headline.text == "甲已评的10个要素平均2.00分；1个高于平均0.25分或更多，1个低于平均0.25分或更多。"
    (absent,) = [block for block in found.blocks if isinstance(block, Statement)]
    assert "空" in absent.sentences[0].text


def test_a_level_unit_has_no_strengths_and_says_so() -> None:
    (child,) = section(papers(TREE, unit(TREE, "甲", even(2))), SectionKind.STRENGTHS).children
    assert child.headline is not None
    assert child.headline.rule == "strengths.level"


def test_what_is_left_out_is_counted_with_what_has_the_same_score() -> None:
    found = section(papers(TREE, unit(TREE, "甲", {**even(2), "a": 4, "b": 4})), SectionKind.STRENGTHS, elements=1)
    assert table(found, "strengths-甲-strong").notes[0] == "另有3个没有列出，其中3个与所列最后一个同分。"


def test_the_gap_to_the_median_is_called_level_below_half_a_step() -> None:
    benchmark = carriers(TREE, {**even(3), "b": 2}, {**even(4), "b": 2})
    found = section(papers(TREE, unit(TREE, "甲", {**even(2), "b-1": 2.2}), benchmark=benchmark), SectionKind.STRENGTHS)
    judged = {row[0]: (row[3], row[5]) for row in texts(table(found, "strengths-甲-gaps"))}
    assert judged["b"] == ("+0.10", "持平")
    assert judged["a"] == ("−1.50", "低于中位数")


# --- confidence ------------------------------------------------------------------------------------------------------


def voiced(*answers: dict[str, Answer]) -> Material:
    base = unit(TREE, "甲", even(2))
    people = tuple(RespondentAnswers(f"role-{n}", Fraction(1), one) for n, one in enumerate(answers))
    return papers(TREE, replace(base, respondents=people), unit(TREE, "空", {}))


def said(score: float, strength: int | None = None) -> Answer:
    return Answer(State.SCORED, number(score), evidence_strength=strength)


def test_without_respondents_the_page_says_what_is_not_known() -> None:
    found = section(papers(TREE, unit(TREE, "甲", even(2)), unit(TREE, "空", {})), SectionKind.CONFIDENCE)
    assert found.headline is not None
    assert found.headline.rule == "confidence.none"
    assert [row[:2] for row in texts(table(found, "confidence-figures"))] == [["甲", "10/10"], ["空", "0/10"]]


def test_respondents_are_counted_with_those_alone_and_those_who_differ() -> None:
    found = section(
        voiced({"a-1": said(1, 3), "a-2": said(2, 0)}, {"a-1": said(4), "b-1": said(2)}), SectionKind.CONFIDENCE
    )
    assert found.headline is not None
    assert found.headline.text == (
        "10个要素得分中，3个有受访者打分，其中2个只有一位受访者；有两位以上受访者的1个要素中，1个说法相差达到须讨论的程度。"
    )
    row = texts(table(found, "confidence-respondents"))[0]
    assert row == ["甲", "2", "10/10", "3", "2", "1", "1", "1", "0.00"]
    careful = texts(table(found, "confidence-careful"))
    assert [line[1] for line in careful] == ["a-1", "a-2", "b-1"]
    assert careful[0][4:7] == ["1.0–4.0", "0.00", "核对过"]
    assert careful[2][6:8] == ["没有记录", "不能确定 0.10–0.80"]


def test_coverage_is_drawn_for_every_unit_and_capability() -> None:
    picture = next(b for b in section(four(), SectionKind.CONFIDENCE).blocks if isinstance(b, Picture))
    chart = picture.chart
    assert isinstance(chart, Heatmap)
    assert [[mark.short for mark in marks] for marks in chart.cells][3] == ["100%", "100%", "0%", "0%", "0%", "40%"]


def test_an_empty_unit_alone_has_nothing_to_compare() -> None:
    empty = papers(TREE, unit(TREE, "空", {}))
    kinds = (SectionKind.RANKING, SectionKind.PROFILE, SectionKind.MULTIPLES, SectionKind.STRENGTHS)
    assert [only(empty, kind).sections for kind in (*kinds, SectionKind.CONFIDENCE)] == [()] * 5


@pytest.mark.parametrize("locale", LOCALES)
def test_the_benchmark_alone_does_not_rank_anybody(locale: Locale) -> None:
    found = material(TREE, four().subjects[:2], made_on=DAY, weights=four().weights, benchmark=four().benchmark)
    rows = texts(table(section(found, SectionKind.RANKING, locale), "ranking-figures"))
    assert [row[0] for row in rows] == ["1–2", "1–2"]
