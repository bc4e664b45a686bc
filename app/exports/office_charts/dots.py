"""The dot plot as a native chart: points over rows, the benchmark's range as a grey band with a tick at its median.

Office has no such chart: it is a scatter of points whose rows are heights, with the names of the rows as labels of
points at the scale's minimum. Bands, ticks and withheld ranges are lines between two points of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.charts.lettering import balanced
from app.charts.palette import BAND
from app.charts.spec import DotPlot, Mark, Series
from app.exports.office_charts import rows
from app.exports.office_charts.datasheet import Column, Datasheet
from app.exports.office_charts.keys import named
from app.exports.office_charts.parts import (
    NO_LINE,
    NO_MARKER,
    chart_space,
    hollow_points,
    inner_layout,
    labels,
    legend,
    line,
    marker,
    number_format,
    scaling,
    shape,
    text_properties,
    tick_format,
    unit_of,
)
from app.exports.office_charts.rows import AXIS, grid, name_width
from app.exports.office_charts.values import OfficeChart, Room
from app.exports.office_look import POINT, Look
from app.i18n import msgid, translator

ROWS, HEIGHT, MEDIAN, BOUNDS = msgid("各行名称"), msgid("行高"), msgid("对标中位数"), msgid("%(name)s的上下限")
_LANE = 2.1  # millimetres between two units in a row
_TICK = 0.72  # of a row: how high the tick of the median is


class _Plot:
    """Collects the series of a scatter, with the numbers of those that the key does not name."""

    def __init__(self, chart: DotPlot, room: Room, look: Look) -> None:
        self.chart, self.room, self.look = chart, room, look
        self.sheet = Datasheet()
        self.hidden: list[int] = []
        self.xml = ""
        self.count = 0
        self.rows = len(chart.rows)
        self.left = name_width(chart.rows, room)
        self.plot_height = max(10.0, room.height - AXIS - key_height(chart, room))
        self.row = self.plot_height / self.rows

    def height(self, row: int, aside: float = 0.0) -> Fraction:
        """Return how high a row's middle lies, `aside` millimetres below it."""
        return self.rows - row - Fraction(1, 2) - Fraction(aside / self.row).limit_denominator(1000)

    def add(self, name: str, across: Column, up: Column, look: str, *, code: str = "General", hidden: bool = True) -> None:  # fmt: skip  # noqa: E501
        """Add a series: `look` is everything between its name and its values."""
        if hidden:
            self.hidden.append(self.count)
        self.xml += (
            f"<c:ser><c:idx val='{self.count}'/><c:order val='{self.count}'/>{name}{look}"
            f"<c:xVal>{across.numbers(code)}</c:xVal><c:yVal>{up.numbers()}</c:yVal><c:smooth val='0'/></c:ser>"
        )
        self.count += 1

    def stretches(self, title: str, ends: Sequence[tuple[Fraction, Fraction, Fraction, Fraction]], pen: str, *, hidden: bool) -> None:  # fmt: skip  # noqa: E501
        """Add lines, each between two points (across, up, across, up); a gap between one and the next."""
        across: list[Fraction | None] = []
        up: list[Fraction | None] = []
        for left, bottom, right, top in ends:
            across += [left, right, right]
            up += [bottom, top, None]
        xs, ys = self.sheet.column(title, across), self.sheet.column(title, up)
        self.add(ys.name, xs, ys, shape(pen) + NO_MARKER, hidden=hidden)


def key_height(chart: DotPlot, room: Room) -> float:
    """Return how much room the key takes, in millimetres; none where the key stands elsewhere."""
    if not room.keyed:
        return 0.0
    key = [named(found) for found in chart.series] + ([chart.band_name] if chart.band_name else [])
    return rows.key_height(key, room)


def build(chart: DotPlot, room: Room, look: Look) -> OfficeChart:
    """Return the dot plot."""
    _ = translator(chart.caption.locale).gettext
    plot = _Plot(chart, room, look)
    _bands(plot, _(MEDIAN))
    for lane, found in enumerate(chart.series):
        _unit(plot, found, lane, _(BOUNDS), _(HEIGHT))
    _names(plot, _(ROWS))
    key = legend(look, room.size, plot.hidden) if room.keyed else ""
    return chart_space(look, plot.sheet, plot=_area(plot), size=room.size, key=key)


def _bands(plot: _Plot, median: str) -> None:
    rows = [(plot.height(row), band) for row, band in enumerate(plot.chart.bands) if band is not None]
    if not rows:
        return
    thick = min(10.0, plot.row * 0.55 / POINT)
    ends = [(band.low, y, band.high, y) for y, band in rows]
    plot.stretches(plot.chart.band_name, ends, line(BAND, thick), hidden=False)
    reach = Fraction(_TICK).limit_denominator(100) / 2
    ticks = [(band.median, y - reach, band.median, y + reach) for y, band in rows]
    plot.stretches(median, ticks, line(plot.look.ink, 1.75), hidden=True)


def _unit(plot: _Plot, found: Series, lane: int, bounds: str, height: str) -> None:
    lanes = len(plot.chart.series)
    step = min(_LANE, plot.row * 0.7 / max(lanes, 1))
    aside = (lane - (lanes - 1) / 2) * step
    ups = [plot.height(row, aside) for row in range(plot.rows)]
    withheld = [
        (ends[0], ups[row], ends[1], ups[row])
        for row, mark in enumerate(found.marks)
        if (ends := mark.withheld_range) is not None
    ]
    if withheld:
        pen = line(found.style.outline, 3, "sysDot")
        plot.stretches(bounds % {"name": found.name}, withheld, pen, hidden=True)
    size = 7 if step > 1.6 else 5
    xs = plot.sheet.column(named(found), [mark.value for mark in found.marks])
    ys = plot.sheet.column(f"{height} {found.name}", [up if mark.value is not None else None for up, mark in zip(ups, found.marks, strict=True)])  # fmt: skip  # noqa: E501
    seen = shape(NO_LINE) + marker(found.style, size=size) + hollow_points(found.style, found.marks, size)
    code = number_format(mark.short for mark in found.marks if mark.value is not None)
    plot.add(xs.name, xs, ys, seen, code=code, hidden=False)


def _names(plot: _Plot, title: str) -> None:
    """Name the rows, and say in words why a row has no point."""
    chart, low = plot.chart, plot.chart.axis.minimum
    texts = plot.sheet.column(title, [label.name for label in chart.rows])
    across = plot.sheet.column(title, [low] * plot.rows)
    up = plot.sheet.column(title, [plot.height(row) for row in range(plot.rows)])
    room = ((plot.left - 1) / plot.room.width, plot.row / plot.room.height)
    limit = max(4.0, (plot.left - 2) / (plot.room.size * POINT * 1.08))
    told = labels(
        [(n, "\n".join(balanced(str(text), limit))) for n, text in enumerate(texts.values)],
        plot.look, plot.room.size, place="l", share=room, align="r",
    )  # fmt: skip
    plot.add(texts.name, across, up, shape(NO_LINE) + NO_MARKER + told)
    reasons = [(row, chart.series[0].marks[row].full) for row in range(plot.rows) if _bare(chart, row)]
    if reasons:
        told = labels(reasons, plot.look, plot.room.size - 1, place="r", colour=plot.look.muted)
        plot.add(texts.name, across, up, shape(NO_LINE) + NO_MARKER + told)


def _bare(chart: DotPlot, row: int) -> bool:
    def drawn(mark: Mark) -> bool:
        return mark.value is not None or mark.withheld_range is not None

    band = bool(chart.bands and chart.bands[row])
    return bool(chart.series) and not band and not any(drawn(found.marks[row]) for found in chart.series)


def _area(plot: _Plot) -> str:
    chart, room, look = plot.chart, plot.room, plot.look
    left, top = plot.left / room.width, AXIS / room.height
    layout = inner_layout(left, top, 0.985 - left, plot.plot_height / room.height)
    low, high = float(chart.axis.minimum), float(chart.axis.maximum)
    return (
        f"{layout}<c:scatterChart><c:scatterStyle val='lineMarker'/><c:varyColors val='0'/>{plot.xml}"
        "<c:axId val='401'/><c:axId val='402'/></c:scatterChart>"
        f"<c:valAx><c:axId val='401'/>{scaling(low, high)}<c:delete val='0'/><c:axPos val='b'/>{grid(look)}"
        f"<c:numFmt formatCode='{tick_format(chart.axis)}' sourceLinked='0'/><c:majorTickMark val='none'/>"
        f"<c:minorTickMark val='none'/><c:tickLblPos val='high'/>{shape(NO_LINE)}"
        f"{text_properties(look, room.size - 1.5, look.muted)}<c:crossAx val='402'/><c:crosses val='autoZero'/>"
        f"<c:crossBetween val='midCat'/><c:majorUnit val='{unit_of(chart.axis)!r}'/></c:valAx>"
        f"<c:valAx><c:axId val='402'/>{scaling(0.0, float(plot.rows))}<c:delete val='0'/><c:axPos val='l'/>"
        f"<c:majorGridlines>{shape(line(look.hairline, 0.5))}</c:majorGridlines>"
        "<c:numFmt formatCode='General' sourceLinked='0'/><c:majorTickMark val='none'/><c:minorTickMark val='none'/>"
        f"<c:tickLblPos val='none'/>{shape(NO_LINE)}<c:crossAx val='401'/><c:crosses val='min'/>"
        "<c:crossBetween val='midCat'/><c:majorUnit val='1.0'/></c:valAx>"
    )
