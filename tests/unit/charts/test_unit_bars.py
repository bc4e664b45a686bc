"""Charts of units: bars before the benchmark, shares as a heatmap, small radars with a key, rounds joined."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from app.charts.build import Charts
from app.charts.paper import svg
from app.charts.screen import figures
from app.charts.spec import Label, Multiples, Standing
from app.charts.table import table
from app.charts.unit_bars import share_heatmap, unit_bars
from tests.unit.core.trees import framework
from tests.unit.document.papers import FIVE, carriers, papers, unit

TREE = framework(FIVE)


def even(value: float) -> dict[str, float]:
    return dict.fromkeys(FIVE, value)


FOUND = papers(
    TREE,
    unit(TREE, "甲", even(2)),
    unit(TREE, "半", {"a": 4, "b": 4}),
    unit(TREE, "空", {}),
    benchmark=carriers(TREE, even(3), even(4)),
)
CHARTS = Charts(FOUND.comparison, "zh")
BARS = unit_bars(CHARTS.dot_plot([None]), CHARTS.words, order=["空", "甲", "半"], title="总体")


def test_bars_stand_in_the_order_asked_for_with_every_state_told() -> None:
    assert [label.name for label in BARS.rows] == ["空", "甲", "半"]
    assert [mark.standing for mark in BARS.marks] == [Standing.OPEN, Standing.FIRM, Standing.WITHHELD]
    told = table(BARS)
    assert told.head[0] == "受评单位"
    assert told.rows[1] == ("甲", "2.00")
    assert "未评" in BARS.caption.description


def test_the_benchmark_stands_behind_the_bars_on_paper_and_on_the_screen() -> None:
    assert BARS.band_name in svg(BARS)
    (figure,) = figures(BARS)
    assert any(
        shape["type"] == "rect" and shape["x0"] == 3.0 and shape["x1"] == 4.0 for shape in figure["layout"]["shapes"]
    )
    without = replace(BARS, band=None, band_name="")
    assert svg(without) != svg(BARS)


def test_shares_are_whole_per_cent_and_what_does_not_apply_is_a_dash() -> None:
    rows: dict[Label, list[Fraction | None]] = {
        Label("甲", "甲"): [Fraction(2, 3), None],
        Label("乙", "乙"): [Fraction(0), Fraction(1)],
    }
    chart = share_heatmap(
        CHARTS.words, title="覆盖率", columns=[Label("a", "a"), Label("", "总体")], rows=rows, unit="份额"
    )
    assert [[mark.short for mark in marks] for marks in chart.cells] == [["67%", "–"], ["0%", "100%"]]
    assert table(chart).head == ("受评单位", "a", "总体")
    assert chart.caption.notes == ("– 不适用",)
    assert "67%" in svg(chart)


def test_what_every_small_radar_is_compared_with_is_named_once_in_a_key() -> None:
    panels = tuple(CHARTS.radar(list(FIVE), columns=[key, "carrier-1"]) for key in ("甲", "半", "空"))
    drawn = svg(Multiples(BARS.caption, panels))
    assert drawn.count(">运营商1<") == 1
    assert drawn.count(">甲<") == 1


def test_small_radars_stay_low_enough_for_two_rows_on_a_page() -> None:
    panel = CHARTS.radar(list(FIVE), columns=["甲"])
    height = re.search(r'height="([\d.]+)"', svg(Multiples(BARS.caption, (panel,) * 8), width=1267))
    assert height is not None
    assert float(height[1]) < 1267 * 102 / 298


def test_rounds_of_one_unit_stand_on_one_line() -> None:
    plot = CHARTS.dot_plot(["a"])
    pair = replace(plot, series=(plot.series[0], replace(plot.series[1], marks=plot.series[0].marks)), bands=())
    apart, joined = svg(pair), svg(replace(pair, joined=True))
    assert len(set(re.findall(r'cy="([\d.]+)" r="4.2"', joined))) <= len(
        set(re.findall(r'cy="([\d.]+)" r="4.2"', apart))
    )
    assert joined != apart
