"""Charts as Excel draws them: radar, dots, bars and the steps of a difference, live on the cells beside them.

Knows XlsxWriter's charts; takes colours, dashes and markers from the chart's own styles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from app.charts.drawing.waterfall import stretch
from app.charts.palette import BAND, FALL, MUTED, RISE, Dash, Marker
from app.charts.spec import Bars, DotPlot, Radar, Waterfall
from app.exports.cell_text import plain
from app.exports.workbook.pages import width_of

if TYPE_CHECKING:
    from app.charts.spec import Axis, Caption, Series
    from app.exports.workbook.pages import Page

_DASHES: dict[Dash, str] = {
    "solid": "solid",
    "dash": "dash",
    "dot": "round_dot",
    "dashdot": "dash_dot",
    "longdash": "long_dash",
}
_MARKERS: dict[Marker, str] = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle-up": "triangle",
    "triangle-down": "x",
    "star": "star",
    "hexagon": "plus",
}
_BAR_HEIGHT, _LEAST_HEIGHT, _MOST_HEIGHT = 26, 300, 900  # pixels
_DOT_WIDTH, _NAME_WIDTH, _SHORT_NAME = 46, 84, 8  # pixels of a column; where names take lines; characters in one
_LEAST_WIDTH, _MOST_WIDTH = 520, 1400
_ROUND, _SMALL = (560, 420), (360, 320)
_KEY = 50  # pixels of a sign in the key, and the gaps around it
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Range:
    """Cells of one column of a sheet, from row `first` to row `last`; `head` is the row of its name."""

    sheet: str
    column: int
    head: int
    first: int
    last: int

    @property
    def cells(self) -> list[object]:
        """The cells as XlsxWriter takes them."""
        return [self.sheet, self.first, self.column, self.last, self.column]

    @property
    def name(self) -> list[object]:
        """The cell with the name."""
        return [self.sheet, self.head, self.column]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart to put on a sheet, with its size in pixels."""

    chart: Any
    width: int
    height: int
    description: str


def _leave_gaps(chart: Any) -> None:
    """Say that what is missing stays a gap: XlsxWriter leaves that unsaid, and some programs then draw a zero."""
    chart._write_disp_blanks_as = lambda: chart._xml_empty_tag("c:dispBlanksAs", [("val", "gap")])


def _drawn(series: Sequence[Series], columns: Sequence[Range]) -> list[tuple[Series, Range]]:
    """Return the lines with anything to draw: some programs draw one of gaps alone as zeros."""
    pairs = zip(series, columns, strict=True)
    return [(line, cells) for line, cells in pairs if any(mark.value is not None for mark in line.marks)]


Kind = Literal["radar", "line", "bar", "column"]


class Charting:
    """Draws the charts of one sheet."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._font = {"name": page.styles.font, "size": 9, "color": page.styles.colours.ink}
        self._quiet = {"color": page.styles.colours.hairline, "width": 0.75}

    def radar(self, radar: Radar, names: Range, columns: Sequence[Range], *, small: bool = False) -> Drawing:
        """Draw lines round a circle; what is missing stays a gap. `small`: one of several."""
        chart = self._chart("radar", radar.caption, subtype="with_markers")
        for series, cells in _drawn(radar.series, columns):
            chart.add_series(self._series(names, cells) | self._line(series))
        chart.set_y_axis(self._scale(radar.axis))
        width, height = _SMALL if small else _ROUND
        return self._sized(chart, radar.caption, width=width, height=height + self._keys(radar.series, width))

    def dots(self, plot: DotPlot, names: Range, columns: Sequence[Range], bands: Sequence[Range]) -> Drawing:
        """Draw a mark for each figure over its capability; the benchmark's lowest, median and highest as dashes."""
        chart = self._chart("line", plot.caption)
        for place, cells in enumerate(bands):
            dash = {"type": "long_dash", "size": 12 if place == 1 else 7}
            grey = MUTED if place == 1 else BAND
            marker = dash | {"fill": {"color": grey}, "border": {"color": grey}}
            chart.add_series(self._series(names, cells) | {"line": {"none": True}, "marker": marker})
        for series, cells in _drawn(plot.series, columns):
            look = {"line": {"none": True}, "marker": self._marker(series)}
            chart.add_series(self._series(names, cells) | look)
        chart.set_y_axis(self._scale(plot.axis))
        chart.set_x_axis({"num_font": self._font, "line": self._quiet, "interval_unit": 1})
        width = self._abreast([row.name for row in plot.rows])
        return self._sized(chart, plot.caption, width=width, height=400 + self._keys(plot.series, width))

    def bars(self, bars: Bars, names: Range, columns: Sequence[Range], decimals: str) -> Drawing:
        """Draw a bar for each row, the figures that the source printed as a lighter one below it.

        `decimals` is the number format of the figures beside the bars.
        """
        chart = self._chart("bar", bars.caption)
        colours = (self._page.styles.colours.accent, BAND)
        for cells, colour in zip(columns, colours, strict=False):
            look = {"fill": {"color": colour}, "border": {"none": True}, "gap": 60, "overlap": 0}
            labels = {"value": True, "font": self._font, "num_format": decimals}
            chart.add_series(self._series(names, cells) | look | {"data_labels": labels})
        if len(columns) == 1:
            chart.set_legend({"none": True})
        # XlsxWriter calls the axis of the names y where bars lie
        names_axis = {"reverse": True, "num_font": self._font, "line": self._quiet, "interval_unit": 1}
        chart.set_y_axis(names_axis | {"major_gridlines": {"visible": False}})
        chart.set_x_axis(self._scale(bars.axis) | {"label_position": "high"})
        height = _BAR_HEIGHT * len(bars.rows) * len(columns) + 140
        return self._sized(chart, bars.caption, width=640, height=height)

    def waterfall(self, steps: Waterfall, names: Range, columns: Sequence[Range]) -> Drawing:
        """Draw the way from one score to the other: `columns` are foot (not drawn), total, rise and fall."""
        chart = self._chart("column", steps.caption, subtype="stacked")
        ink = self._page.styles.colours.ink
        for cells, colour in zip(columns, (None, ink, RISE, FALL), strict=True):
            fill: dict[str, object] = {"color": colour} if colour else {"none": True}
            chart.add_series(self._series(names, cells) | {"fill": fill, "border": {"none": True}, "gap": 40})
        chart.set_legend({"position": "bottom", "font": self._font, "delete_series": [0]})
        span = stretch(steps)
        chart.set_y_axis(self._scale(span) | {"num_format": "0.00"})
        chart.set_x_axis({"num_font": self._font, "line": self._quiet, "interval_unit": 1})
        width = self._abreast([step.label.name for step in steps.steps], more=2)
        return self._sized(chart, steps.caption, width=width, height=440)

    # parts of charts

    def _chart(self, kind: Kind, caption: Caption, **options: str) -> Any:
        chart = self._page.book.workbook.add_chart({"type": kind, **options})
        title = plain(caption.title, _LONGEST_TITLE)
        chart.set_title({"name": title, "overlay": False, "name_font": self._font | {"size": 11, "bold": True}})
        chart.set_legend({"position": "bottom", "font": self._font})
        chart.set_chartarea({"border": {"none": True}})
        _leave_gaps(chart)
        chart.show_na_as_empty_cell()
        chart.show_hidden_data()
        return chart

    def _sized(self, chart: Any, caption: Caption, *, width: int, height: int) -> Drawing:
        height = min(max(height, _LEAST_HEIGHT), _MOST_HEIGHT)
        chart.set_size({"width": width, "height": height})
        return Drawing(chart, width, height, plain(caption.description, 1000))

    def _abreast(self, names: Sequence[str], more: int = 0) -> int:
        """Return how wide a chart is whose names stand abreast, so that they need not be turned."""
        short = max(map(width_of, names), default=0) <= _SHORT_NAME
        return min(max(_LEAST_WIDTH, 160 + (_DOT_WIDTH if short else _NAME_WIDTH) * (len(names) + more)), _MOST_WIDTH)

    def _series(self, names: Range, cells: Range) -> dict[str, Any]:
        return {"name": cells.name, "categories": names.cells, "values": cells.cells}

    def _keys(self, series: Sequence[Series], width: int) -> int:
        """Return how many pixels more a chart needs where its key takes more than a line."""
        lines = sum(width_of(line.name) * 7 + _KEY for line in series) // width
        return 18 * (len(series) if lines > 1 else lines)

    def _line(self, series: Series) -> dict[str, Any]:
        dash = "solid" if series.own else _DASHES[series.style.dash]
        line = {"color": series.style.colour, "width": 2.25 if series.own else 1.25, "dash_type": dash}
        return {"line": line, "marker": self._marker(series)}

    def _marker(self, series: Series) -> dict[str, Any]:
        style = series.style
        fill = {"color": style.colour}
        return {"type": _MARKERS[style.marker], "size": 7, "fill": fill, "border": {"color": style.outline}}

    def _scale(self, axis: Axis) -> dict[str, Any]:
        unit = {"major_unit": float(axis.ticks[1].value - axis.ticks[0].value)} if len(axis.ticks) > 1 else {}
        return {
            "min": float(axis.minimum),
            "max": float(axis.maximum),
            **unit,
            "num_format": "General",
            "num_font": self._font,
            "major_gridlines": {"visible": True, "line": self._quiet},
            "line": self._quiet,
        }
