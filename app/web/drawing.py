"""A chart as a page carries it: the figure for plotly.js, a still picture where there is no script, and its table."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from app.charts import paper, screen
from app.charts.spec import Caption, Chart
from app.charts.table import Table, table


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure of a page; `id` names its place. `figures`: one, or several small ones; `wide`: wants a row alone."""

    id: str
    caption: Caption
    figures: list[dict[str, Any]]
    picture: str
    table: Table
    wide: bool


def drawing(chart: Chart, place: str) -> Drawing:
    """Make a chart ready for `{{ charts.figure(…) }}`."""
    picture = b64encode(paper.svg(chart).encode()).decode()
    return Drawing(
        id=place,
        caption=chart.caption,
        figures=screen.figures(chart),
        picture=f"data:image/svg+xml;base64,{picture}",
        table=table(chart),
        wide=screen.is_wide(chart),
    )
