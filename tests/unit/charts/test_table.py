"""The table beside a chart says what the chart says."""

from __future__ import annotations

import re

import pytest

from app.charts.lettering import balanced, ems, wrap
from app.charts.spec import DotPlot, Waterfall
from app.charts.table import table
from app.core.text import Locale
from tests.unit.charts.material import every_chart

CHARTS = list(every_chart("zh"))


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_every_row_is_as_long_as_the_head(name: str, locale: Locale) -> None:
    found = table(every_chart(locale)[name])
    assert found.caption
    assert found.rows
    assert {len(row) for row in found.rows} == {len(found.head)}


def test_withheld_open_and_missing_figures_are_put_into_words() -> None:
    cells = [cell for row in table(every_chart("zh")["heatmap"]).rows for cell in row]
    assert "覆盖不足，介于 2.00–4.50" in cells
    assert "未评" in cells
    assert "无数据" in cells
    assert "2.17（暂定）" in cells


def test_the_benchmark_band_has_its_column() -> None:
    chart = every_chart("zh")["dots"]
    assert isinstance(chart, DotPlot)
    found = table(chart)
    assert found.head[-1] == "对标范围与中位（2 家）"
    assert found.rows[0][-1] == "3.00–4.00，中位 3.50，n = 2"


def test_contributions_are_split_into_scores_and_coverage() -> None:
    chart = every_chart("zh")["waterfall"]
    assert isinstance(chart, Waterfall)
    found = table(chart)
    assert found.rows[0] == (chart.start.name, "", "", chart.start_text)
    assert found.rows[-1][3] == chart.end_text
    assert len(found.rows) == len(chart.steps) + 2


@pytest.mark.parametrize("name", CHARTS)
def test_charts_are_worded_in_english_throughout(name: str) -> None:
    found = table(every_chart("en")[name])
    caption = every_chart("en")[name].caption
    said = [
        found.caption,
        *found.head,
        *(cell for row in found.rows for cell in row),
        caption.description,
        *caption.lines,
    ]
    assert [text for text in said if re.search(r"[\u3400-\u9fff]", text.replace("访谈", ""))] == []


def test_lines_break_between_words_and_never_before_a_stop() -> None:
    assert wrap("Product and Service Portfolio Management", 10) == (
        "Product and Service",
        "Portfolio",
        "Management",
    )
    assert wrap("营销战略（获取、挽留和发展）", 5) == ("营销战略", "（获取、挽", "留和发展）")
    assert wrap("", 5) == ("",)
    assert "".join(balanced("新产品与服务的开发", 5)) == "新产品与服务的开发"
    assert ems("客户") == 2
    assert ems("ab") < 1.3
