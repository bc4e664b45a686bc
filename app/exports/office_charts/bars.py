"""Bars as a native chart: a bar from the scale's minimum, a provisional one open, a withheld one hatched between its
bounds, the printed figure as ◇ beside ours.

Bars are stacked from stretches, some of which cannot be seen: the one below a withheld range, and the last one, which
carries the words at the end of each bar. Nothing without a score has a bar, so nothing open looks like a zero.
"""

from __future__ import annotations

from fractions import Fraction

from app.charts.spec import Bars, Mark, Standing
from app.exports.office_charts.datasheet import Datasheet
from app.exports.office_charts.keys import WORDED
from app.exports.office_charts.parts import (
    NO_LINE,
    chart_space,
    hatched,
    inner_layout,
    line,
    number_format,
    scaling,
    shape,
    solid,
    text_properties,
    tick_format,
    unit_of,
)
from app.exports.office_charts.rows import AXIS, bar_series, category_axis, grid, name_width, told_beside
from app.exports.office_charts.values import OfficeChart, Room
from app.exports.office_look import Look
from app.i18n import msgid, translator

SCORE, BELOW, RANGE, WORDS = msgid("得分"), msgid("上下限之下"), msgid("上下限之间"), msgid("文字的位置")
_WORDS_ROOM = 24.0  # millimetres right of the axis
_THICKEST = 9.0  # millimetres: how high a bar is, where Office allows as much air as that takes


def build(chart: Bars, room: Room, look: Look) -> OfficeChart:
    """Return the bars."""
    _ = translator(chart.caption.locale).gettext
    sheet = Datasheet()
    names = sheet.column("", [label.name for label in chart.rows])
    low = chart.axis.minimum
    ranges = [mark.withheld_range for mark in chart.marks]
    code = number_format(mark.short for mark in chart.marks if mark.value is not None)
    left = name_width(chart.rows, room)
    plot_width = room.width - left - _WORDS_ROOM
    words = (chart.axis.maximum - low) * Fraction(round(_WORDS_ROOM), max(1, round(plot_width)))
    references = chart.references or (None,) * len(chart.marks)
    texts = [_told(mark, reference) for mark, reference in zip(chart.marks, references, strict=True)]
    drawn = (
        bar_series(0, names, sheet.column(_(SCORE), [mark.value for mark in chart.marks]), code=code,
                   inside=solid(look.accent) + NO_LINE, points=_open(chart, look))
        + bar_series(1, names, sheet.column(_(BELOW), [found[0] if found else None for found in ranges]), code=code)
        + bar_series(2, names, sheet.column(_(RANGE), [found[1] - found[0] if found else None for found in ranges]),
                     code=code, inside=hatched(look.muted) + NO_LINE)
        + bar_series(3, names, sheet.column(_(WORDS), [words] * len(texts)), code=code,
                     told=told_beside(texts, look, room.size))
    )  # fmt: skip
    whole = left + plot_width + _WORDS_ROOM
    layout = inner_layout(left / whole, AXIS / room.height, 1 - left / whole, 1 - (AXIS + 1) / room.height)
    plot = (
        f"{layout}<c:barChart><c:barDir val='bar'/><c:grouping val='stacked'/><c:varyColors val='0'/>{drawn}"
        f"<c:gapWidth val='{_gap(room, len(chart.rows))}'/><c:overlap val='100'/>"
        "<c:axId val='201'/><c:axId val='202'/></c:barChart>"
        f"{category_axis(look, room.size, crossing=202, number=201)}"
        f"<c:valAx><c:axId val='202'/>{scaling(float(low), float(chart.axis.maximum + words))}<c:delete val='0'/>"
        f"<c:axPos val='t'/>{grid(look)}<c:numFmt formatCode='{_levels_only(chart)}' sourceLinked='0'/>"
        "<c:majorTickMark val='none'/><c:minorTickMark val='none'/><c:tickLblPos val='nextTo'/>"
        f"{shape(NO_LINE)}{text_properties(look, room.size - 1.5, look.muted)}<c:crossAx val='201'/>"
        f"<c:crosses val='autoZero'/><c:crossBetween val='between'/><c:majorUnit val='{unit_of(chart.axis)!r}'/>"
        "</c:valAx>"
    )
    return chart_space(look, sheet, plot=plot, size=room.size)


def _gap(room: Room, rows: int) -> int:
    """Return the air between bars in per cent of their height: no bar is a slab where there are few."""
    row = (room.height - AXIS) / max(1, rows)
    return round(min(500.0, max(80.0, (row / _THICKEST - 1) * 100)))


def _levels_only(chart: Bars) -> str:
    """Return the format of the levels; what lies beyond the scale is the room for words and has no number."""
    return f"[&lt;={float(chart.axis.maximum)!r}]{tick_format(chart.axis)};;"


def _told(mark: Mark, reference: Mark | None) -> str:
    sign = f"{mark.short} " if mark.standing is Standing.OPEN else ""
    text = sign + mark.full if mark.standing in WORDED else mark.short
    return f"{text}  ◇{reference.short}" if reference is not None else text


def _open(chart: Bars, look: Look) -> str:
    """Return the provisional bars: open, with the line of the others."""
    return "".join(
        f"<c:dPt><c:idx val='{place}'/><c:invertIfNegative val='0'/><c:bubble3D val='0'/>"
        f"{shape(solid('#ffffff') + line(look.accent, 1.25))}</c:dPt>"
        for place, mark in enumerate(chart.marks)
        if mark.value is not None and mark.standing is Standing.PROVISIONAL
    )
