"""Plotly figures: valid, equal to the spec, escaped, and silent towards the outside."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest

from app.charts.screen import figures, is_wide
from app.charts.spec import Bars, Heatmap, Multiples, Radar, Standing, Waterfall
from app.core.text import Locale
from tests.unit.charts.material import every_chart

CHARTS = list(every_chart("zh"))


def texts(value: Any) -> Iterator[str]:
    """Yield every string of a figure."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_plotly_accepts_every_figure(name: str, locale: Locale) -> None:
    import plotly.graph_objects as go

    for drawn in figures(every_chart(locale)[name]):
        json.dumps(drawn, allow_nan=False)
        go.Figure(data=drawn["data"], layout=drawn["layout"])


@pytest.mark.parametrize("name", CHARTS)
def test_no_figure_offers_to_send_itself_anywhere(name: str) -> None:
    for drawn in figures(every_chart("zh")[name]):
        assert drawn["config"]["showSendToCloud"] is False
        assert drawn["config"]["plotlyServerURL"] == ""
        assert drawn["config"]["displaylogo"] is False
        assert drawn["config"]["displayModeBar"] is False
        assert [text for text in texts(drawn) if "http" in text] == []


@pytest.mark.parametrize("name", CHARTS)
def test_names_are_escaped_and_no_tag_but_a_break_is_used(name: str) -> None:
    for drawn in figures(every_chart("zh")[name]):
        for text in texts([drawn["data"], drawn["layout"]]):
            assert "<" not in text.replace("<br>", "")


def test_the_radar_keeps_axis_and_gaps() -> None:
    chart = every_chart("zh")["radar"]
    assert isinstance(chart, Radar)
    (drawn,) = figures(chart)
    assert drawn["layout"]["polar"]["radialaxis"]["range"] == [0.0, 5.0]
    lines = {trace["name"]: trace for trace in drawn["data"] if trace["mode"] == "lines+markers"}
    for series in chart.series:
        expected = [None if mark.value is None else float(mark.value) for mark in series.marks]
        trace = next(trace for name, trace in lines.items() if name == series.name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))  # fmt: skip  # noqa: E501
        assert trace["r"] == [*expected, expected[0]]
        assert trace["connectgaps"] is False
    assert next(trace for trace in lines.values() if trace["name"] == "广州电信")["line"]["dash"] == "solid"


def test_withheld_scores_are_ranges_not_points() -> None:
    chart = every_chart("zh")["radar"]
    assert isinstance(chart, Radar)
    (drawn,) = figures(chart)
    ranges = next(trace for trace in drawn["data"] if trace["mode"] == "lines")
    own = next(line for line in chart.series if line.own)
    withheld = [mark for mark in own.marks if mark.standing is Standing.WITHHELD]
    assert ranges["r"] == [end for mark in withheld for end in (float(mark.low or 0), float(mark.high or 0), None)]


def test_the_heatmap_prints_every_figure_and_hatches_the_withheld() -> None:
    chart = every_chart("zh")["heatmap"]
    assert isinstance(chart, Heatmap)
    (drawn,) = figures(chart)
    colours, printed = drawn["data"]
    assert (colours["zmin"], colours["zmax"]) == (0.0, 5.0)
    known = [mark for marks in chart.cells for mark in marks if mark.standing is not Standing.ABSENT]
    assert printed["text"] == [mark.short for mark in known]
    withheld = [mark for mark in known if mark.standing is Standing.WITHHELD]
    assert sum(shape["type"] == "path" for shape in drawn["layout"]["shapes"]) == len(withheld) > 0


def test_bars_and_waterfalls_have_the_lengths_of_their_figures() -> None:
    bars = every_chart("zh")["bars"]
    assert isinstance(bars, Bars)
    (drawn,) = figures(bars)
    assert drawn["data"][0]["x"] == [float(mark.value) for mark in bars.marks if mark.value is not None]
    waterfall = every_chart("zh")["waterfall"]
    assert isinstance(waterfall, Waterfall)
    (drawn,) = figures(waterfall)
    moved = sum(sum(trace["x"]) for trace in drawn["data"] if trace["type"] == "bar")
    assert math.isclose(moved, float(sum(abs(step.amount) for step in waterfall.steps)))


def test_small_multiples_are_one_figure_each_and_want_the_whole_width() -> None:
    chart = every_chart("zh")["multiples"]
    assert isinstance(chart, Multiples)
    drawn = figures(chart)
    assert len(drawn) == len(chart.panels)
    assert [len(one["data"]) >= 1 for one in drawn] == [True] * len(drawn)
    assert is_wide(chart)
    assert not is_wide(every_chart("zh")["radar"])
