"""What a chart says: fixed axes, gaps that stay gaps, withheld scores that stay withheld, sums that are exact."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.charts.build import Charts, element_bars
from app.charts.palette import carrier_styles, unit_styles
from app.charts.spec import Bars, DotPlot, Heatmap, Multiples, Radar, Standing, Waterfall
from app.charts.wording import Wording
from app.core.compare import Column, case_column, compare, contributions
from app.core.scale import display
from app.core.text import Text
from tests.unit.charts.material import card, carriers, comparison, every_chart, groups, quarters, sketch, units
from tests.unit.core.trees import framework


def test_the_axis_is_the_whole_scale_whatever_the_data() -> None:
    tree = quarters()
    low = compare(tree, [case_column("a", Text("甲"), card(tree, {"a1": "2", "b1": "2", "c1": "2"}))])
    axis = Charts(low, "zh").radar(groups(tree)).axis
    assert (axis.minimum, axis.maximum) == (Fraction(1), Fraction(7))
    assert [tick.label for tick in axis.ticks] == ["1", "7"]
    assert axis.share(Fraction(4)) == 0.5


def test_a_missing_figure_is_a_gap_never_zero() -> None:
    tree = sketch()
    full, _part, empty = units(tree)
    lines = Charts(compare(tree, [full, empty, *carriers(tree)]), "zh").radar(groups(tree)).series
    assert [mark.value for mark in lines[1].marks] == [None] * 4
    assert {mark.standing for mark in lines[1].marks} == {Standing.OPEN}
    assert [mark.standing for mark in lines[3].marks] == [Standing.FIRM, *[Standing.ABSENT] * 3]
    assert lines[3].marks[1].value is None


def test_a_withheld_score_shows_its_bounds_and_no_number() -> None:
    tree = sketch()
    column = units(tree)[1]
    assert column.scorecard is not None
    node = column.scorecard.node("insight")
    assert node.score == 4
    mark = Wording(tree, "zh").score_mark(node)
    assert mark.value is None
    assert mark.withheld_range == node.bounds == (Fraction(2), Fraction(9, 2))
    assert mark.short == "2.00–4.50"
    assert "4.00" not in mark.full


def test_a_provisional_score_a_range_and_an_inferred_score_carry_their_sign() -> None:
    charts = Charts(comparison(), "zh")
    heatmap = charts.heatmap(["channel"])
    assert heatmap.cells[0][1].short == "2.17‡"
    assert heatmap.cells[0][3].short == "2.75*"
    assert heatmap.cells[0][3].full == "2.75（区间 2.50–3.00 的中值）"
    assert any(note.startswith("‡") for note in heatmap.caption.notes)
    assert any(note.startswith("*") for note in heatmap.caption.notes)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_figures_in_charts_are_those_of_core_rounded_once(locale: str) -> None:
    everything = comparison()
    heatmap = Charts(everything, "zh" if locale == "zh" else "en").heatmap([*groups(everything.framework), None])
    for row, marks in zip([*everything.framework.capabilities, None], heatmap.cells, strict=True):
        values = everything.row(row.id if row else None).values
        for value, mark in zip(values, marks, strict=True):
            if mark.value is not None:
                assert mark.value == value
                assert mark.short.rstrip("*†‡") == display(value, 2)


def test_elements_show_the_decimals_of_the_step_and_groups_two() -> None:
    words = Wording(quarters(), "zh")
    assert words.number(Fraction("2.125"), "a1") == "2.13"
    assert Wording(sketch(), "zh").number(Fraction("2.5"), "collect") == "2.5"
    assert Wording(sketch(), "zh").number(Fraction("2.5"), "data") == "2.50"
    assert Wording(sketch(), "zh").signed(Fraction("-0.004")) == "0.00"
    assert Wording(sketch(), "zh").signed(Fraction("-1.5")) == "−1.50"


def test_too_few_axes_become_dots_and_too_many_lines_small_multiples() -> None:
    everything = comparison()
    charts = Charts(everything, "zh")
    assert isinstance(charts.profile(["data", "insight"]), DotPlot)
    multiples = charts.profile(groups(everything.framework))
    assert isinstance(multiples, Multiples)
    assert len(multiples.panels) == 5
    assert isinstance(Charts(comparison(with_carriers=False), "zh").profile(groups(everything.framework)), Radar)
    many = framework({f"n{place}": {f"e{place}": None} for place in range(17)})
    wide = compare(many, [case_column("a", Text("甲"), card(many, {"e0": "1"}))])
    assert isinstance(Charts(wide, "zh").profile(groups(many)), DotPlot)


def test_a_radar_refuses_what_cannot_be_read() -> None:
    charts = Charts(comparison(), "zh")
    with pytest.raises(ValueError, match="3 to 16 spokes"):
        charts.radar(["data", "insight"])
    with pytest.raises(ValueError, match="at most 4 lines"):
        charts.radar(groups(sketch()))


def test_two_carriers_are_a_band_and_one_is_a_mark() -> None:
    tree = sketch()
    full = units(tree)[0]
    both = Charts(compare(tree, [full, *carriers(tree)]), "zh").dot_plot(groups(tree))
    assert [line.id for line in both.series] == ["full"]
    band = both.bands[0]
    assert band is not None
    assert (band.low, band.median, band.high) == (Fraction(3), Fraction("3.5"), Fraction(4))
    assert "n = 2" in band.text
    alone = Charts(compare(tree, [full, carriers(tree)[0]]), "zh").dot_plot(groups(tree))
    assert [line.id for line in alone.series] == ["full", "one"]
    assert alone.bands == ()


def test_the_steps_of_a_waterfall_sum_exactly_and_the_largest_comes_first() -> None:
    chart = every_chart("zh")["waterfall"]
    assert isinstance(chart, Waterfall)
    assert chart.start_value + sum(step.amount for step in chart.steps) == chart.end_value
    sizes = [abs(step.amount) for step in chart.steps]
    assert sizes == sorted(sizes, reverse=True)


def test_a_long_waterfall_merges_its_tail_and_still_sums() -> None:
    tree = sketch()
    full = units(tree)[0]
    other = case_column("other", Text("乙"), card(tree, {leaf.id: "3.5" for leaf in tree.leaves}))
    parts = contributions(full, other)
    assert parts is not None
    chart = Charts(compare(tree, [full, other]), "zh").waterfall(parts, limit=4)
    assert chart is not None
    assert len(chart.steps) == 4
    assert chart.steps[-1].label.name.startswith("其他")
    assert sum(step.amount for step in chart.steps) == parts.difference


def test_a_withheld_score_has_no_waterfall() -> None:
    tree = sketch()
    full, part = units(tree)[:2]
    parts = contributions(full, part, at="insight")
    assert parts is not None
    assert Charts(compare(tree, [full, part]), "zh").waterfall(parts) is None


def test_bars_carry_the_printed_figure_beside_the_computed_one() -> None:
    chart = every_chart("zh")["bars"]
    assert isinstance(chart, Bars)
    assert [mark and mark.short for mark in chart.references] == ["1.43", None, "2.00"]
    assert chart.reference_name == "原文得分"


def test_every_chart_says_what_it_shows_its_unit_its_n_and_its_notes() -> None:
    for locale in ("zh", "en"):
        for name, chart in every_chart("zh" if locale == "zh" else "en").items():
            caption = chart.caption
            assert caption.title, name
            assert caption.description, name
            assert caption.unit, name
            assert "n = " in caption.count, name


def test_headlines_speak_of_what_is_known() -> None:
    tree = sketch()
    full, part, empty = units(tree)

    def headline(*columns: Column, own: str | None = None) -> str:
        return Charts(compare(tree, columns), "zh", own=own).radar(groups(tree)).caption.title

    assert headline(empty) == "福州电信尚未评估"
    assert headline(full, part, own="part") == "广州电信：channel最强（2.17‡），data最弱（1.83）"
    assert "相差最大" in headline(full, part)
    assert headline(full, empty, own="full").startswith("<深圳> & 电信：")
    assert headline(full, full) == "各方在各项上得分相同"
    withheld = case_column("w", Text("丙"), card(tree, {"gain": "3"}))
    assert headline(withheld) == "丙覆盖不足，不出分"
    assert headline(empty, withheld) == "没有两家可以比较的得分"


def test_bars_of_equal_or_missing_scores_say_so() -> None:
    tree = sketch()
    assert element_bars(card(tree, {}), None, "zh").caption.title == "下级能力均未出分"
    same = card(tree, {"collect": "2", "manage": "2", "share": "2"})
    assert element_bars(same, "data", "zh").caption.title == "已评各项均为 2.0"


def test_a_unit_looks_the_same_wherever_it_appears() -> None:
    ids = ["group", "province", "shenzhen", "guangzhou"]
    assert unit_styles(ids)["shenzhen"] == unit_styles([*ids, "fuzhou"])["shenzhen"]
    styles = {"full": unit_styles(ids)["shenzhen"]}
    tree = sketch()
    charts = Charts(compare(tree, units(tree)[:2]), "zh", styles=styles)
    assert charts.radar(groups(tree)).series[0].style == charts.dot_plot(groups(tree)).series[0].style == styles["full"]


@given(count=st.integers(1, 40))
@settings(max_examples=30, deadline=None)
def test_no_two_units_share_colour_marker_and_dash(count: int) -> None:
    ids = [f"u{place}" for place in range(count)]
    for styles in (unit_styles(ids), carrier_styles(ids)):
        assert len({(style.colour, style.marker, style.dash) for style in styles.values()}) == count


def test_another_round_of_a_unit_keeps_its_colour() -> None:
    style = unit_styles(["a"])["a"]
    assert style.variant(0) == style
    assert style.variant(1).colour == style.colour
    assert (style.variant(1).marker, style.variant(1).dash) != (style.marker, style.dash)


def test_a_heatmap_has_a_row_for_every_capability_and_the_overall() -> None:
    chart = every_chart("zh")["heatmap"]
    assert isinstance(chart, Heatmap)
    assert [row.name for row in chart.rows][-1] == "总体"
    assert all(len(cells) == len(chart.columns) for cells in chart.cells)
