"""The radar as a native chart: the whole scale as rings, the unit in question solid and heavy, gaps where nothing is.

Office draws points on spokes only: the bounds of a withheld figure stand in words under the name of the spoke.
"""

from __future__ import annotations

from app.charts.lettering import balanced, ems
from app.charts.spec import Radar, Series
from app.exports.office_charts.datasheet import Column, Datasheet
from app.exports.office_charts.keys import figure, named
from app.exports.office_charts.parts import (
    chart_space,
    hollow_points,
    inner_layout,
    legend,
    line,
    marker,
    number_format,
    scaling,
    shape,
    text_properties,
    tick_format,
    title,
    unit_of,
)
from app.exports.office_charts.rows import key_height
from app.exports.office_charts.values import OfficeChart, Room
from app.exports.office_look import POINT, Look

_LINE = 0.46  # millimetres of height of a line per point of size
_SMALL = 90.0  # millimetres: a narrower radar is one of many


def build(chart: Radar, room: Room, look: Look, *, head: str = "") -> OfficeChart:
    """Return the radar."""
    small = room.width < _SMALL
    size = room.size - (1.5 if small else 0)
    sheet = Datasheet()
    limit = max(5.0, room.width * 0.24 / (size * POINT))
    names = sheet.column("", [_spoke(chart, number, limit) for number in range(len(chart.spokes))])
    heavy = len(chart.series) == 1
    drawn = "".join(
        _series(
            line_,
            place,
            names,
            sheet.column(named(line_), [m.value for m in line_.marks]),
            heavy=heavy or line_.own,
            small=small,
        )
        for place, line_ in enumerate(chart.series)
    )
    above = (ems(head) * (size + 1) * POINT * 1.1 // room.width + 1) * _LINE * (size + 1) + 5 if head else 0.0
    below = 0.0 if head else radar_key_height(chart, room)
    shown = below > 0
    plot = (
        f"{_layout(list(names.values), room, size, above, below)}<c:radarChart><c:radarStyle val='marker'/>"
        "<c:varyColors val='0'/>"
        f"{drawn}<c:axId val='101'/><c:axId val='102'/></c:radarChart>{_axes(chart, look, size)}"
    )
    key = legend(look, size) if shown else ""
    return chart_space(look, sheet, plot=plot, size=size, head=title(look, head, size + 1) if head else "", key=key)


def radar_key_height(chart: Radar, room: Room) -> float:
    """Return how much room the key takes, in millimetres: none where one line is all."""
    return key_height([named(found) for found in chart.series], room) if len(chart.series) > 1 else 0.0


def _layout(spokes: list[object], room: Room, size: float, above: float, below: float) -> str:
    """Return where the web stands: as large as its names leave it room, in the middle."""
    lines = [str(spoke).split("\n") for spoke in spokes]
    high = max(map(len, lines)) * size * _LINE + 3.5
    quarter = len(lines) / 4
    beside = [
        line_ for place, name in enumerate(lines) for line_ in name if 0.3 < place % (2 * quarter) < 2 * quarter - 0.3
    ]
    wide = max(map(ems, beside), default=4.0) * size * POINT * 1.1 + 2
    side = max(12.0, min(room.height - above - below - 2 * high, room.width - 2 * wide))
    top = above + (room.height - above - below - side) / 2
    return inner_layout((room.width - side) / 2 / room.width, top / room.height, side / room.width, side / room.height)


def _spoke(chart: Radar, number: int, limit: float) -> str:
    name = chart.spokes[number].name
    lines = balanced(name, limit) if ems(name) > limit else (name,)
    told = _told(chart)
    return "\n".join((*lines, figure(told.marks[number])) if told else lines)


def _told(chart: Radar) -> Series | None:
    return next((line_ for line_ in chart.series if line_.own), chart.series[0] if len(chart.series) == 1 else None)


def _series(found: Series, place: int, names: Column, values: Column, *, heavy: bool, small: bool) -> str:
    style = found.style
    points = 5 if small else 7
    dash = "solid" if heavy else style.dash
    return (
        f"<c:ser><c:idx val='{place}'/><c:order val='{place}'/>{values.name}"
        f"{shape(line(style.outline, 2.25 if heavy else 1.25, dash))}{marker(style, size=points)}"
        f"{hollow_points(style, found.marks, points)}<c:cat>{names.texts}</c:cat>"
        f"<c:val>{values.numbers(number_format(mark.short for mark in found.marks if mark.value is not None))}</c:val>"
        "</c:ser>"
    )


def _axes(chart: Radar, look: Look, size: float) -> str:
    grid = f"<c:majorGridlines>{shape(line(look.hairline, 0.75))}</c:majorGridlines>"
    low, high = float(chart.axis.minimum), float(chart.axis.maximum)
    return (
        f"<c:catAx><c:axId val='101'/><c:scaling><c:orientation val='minMax'/></c:scaling><c:delete val='0'/>"
        f"<c:axPos val='b'/>{grid}<c:numFmt formatCode='General' sourceLinked='0'/><c:majorTickMark val='none'/>"
        f"<c:minorTickMark val='none'/><c:tickLblPos val='nextTo'/>{shape(line(look.hairline, 0.75))}"
        f"{text_properties(look, size)}<c:crossAx val='102'/><c:crosses val='autoZero'/><c:auto val='0'/>"
        "<c:lblAlgn val='ctr'/><c:lblOffset val='100'/><c:noMultiLvlLbl val='1'/></c:catAx>"
        f"<c:valAx><c:axId val='102'/>{scaling(low, high)}<c:delete val='0'/><c:axPos val='l'/>{grid}"
        f"<c:numFmt formatCode='{tick_format(chart.axis)}' sourceLinked='0'/><c:majorTickMark val='none'/>"
        f"<c:minorTickMark val='none'/><c:tickLblPos val='nextTo'/>{shape(line(look.hairline, 0.75))}"
        f"{text_properties(look, size - 1.5, look.muted)}<c:crossAx val='101'/><c:crosses val='autoZero'/>"
        f"<c:crossBetween val='between'/><c:majorUnit val='{unit_of(chart.axis)!r}'/></c:valAx>"
    )
