"""The waterfall as a native chart: from one unit's score, step by step, to the other's. Rises solid, falls hatched.

Its axis shows the stretch between the two scores and bears no numbers, as on paper; the ends are therefore marks, not
bars that would seem to start at nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.charts.drawing.waterfall import running, stretch
from app.charts.palette import FALL, RISE
from app.charts.spec import Waterfall
from app.exports.office_charts.bars import WORDS
from app.exports.office_charts.datasheet import Datasheet
from app.exports.office_charts.parts import (
    NO_LINE,
    chart_space,
    hatched,
    inner_layout,
    line,
    scaling,
    solid,
)
from app.exports.office_charts.rows import bar_series, category_axis, name_width, told_beside
from app.exports.office_charts.values import OfficeChart, Room
from app.exports.office_look import Look
from app.i18n import msgid, translator

BEFORE, RISES, FALLS, ENDS = msgid("此前累计"), msgid("升高"), msgid("降低"), msgid("两端得分")
_WORDS_ROOM = 16.0
_THIN = 0.008  # of the stretch: how thick the mark of an end is
_CODE = "0.00"


def build(chart: Waterfall, room: Room, look: Look) -> OfficeChart:
    """Return the waterfall."""
    _ = translator(chart.caption.locale).gettext
    labels = [chart.start, *(step.label for step in chart.steps), chart.end]
    left = name_width(labels, room)
    axis = stretch(chart)
    span = axis.maximum - axis.minimum
    words = span * Fraction(round(_WORDS_ROOM), max(1, round(room.width - left - _WORDS_ROOM)))
    totals = running(chart.start_value, chart.steps)
    thin = span * Fraction(_THIN).limit_denominator(1000)
    amounts = [step.amount for step in chart.steps]
    lower = [min(before, before + amount) for before, amount in zip(totals, amounts, strict=False)]
    sheet = Datasheet()
    names = sheet.column("", [label.name for label in labels])
    columns: tuple[tuple[str, Sequence[Fraction | None], str], ...] = (
        (BEFORE, [chart.start_value, *lower, chart.end_value], ""),
        (ENDS, [thin, *(None for _step in amounts), thin], solid(look.ink) + line(look.ink, 2)),
        (RISES, [None, *(a if a >= 0 else None for a in amounts), None], solid(RISE) + NO_LINE),
        (FALLS, [None, *(-a if a < 0 else None for a in amounts), None], hatched(FALL) + line(FALL, 0.75)),
    )
    drawn = "".join(
        bar_series(place, names, sheet.column(_(title), values), code=_CODE, inside=inside)
        for place, (title, values, inside) in enumerate(columns)
    )
    texts = [chart.start_text, *(step.text for step in chart.steps), chart.end_text]
    drawn += bar_series(len(columns), names, sheet.column(_(WORDS), [words] * len(texts)), code=_CODE,
                        told=told_beside(texts, look, room.size))  # fmt: skip
    share = left / room.width
    plot = (
        f"{inner_layout(share, 0.02, 1 - share, 0.96)}<c:barChart><c:barDir val='bar'/><c:grouping val='stacked'/>"
        f"<c:varyColors val='0'/>{drawn}<c:gapWidth val='70'/><c:overlap val='100'/>"
        "<c:axId val='301'/><c:axId val='302'/></c:barChart>"
        f"{category_axis(look, room.size, crossing=302, number=301)}"
        f"<c:valAx><c:axId val='302'/>{scaling(float(axis.minimum), float(axis.maximum + words))}<c:delete val='1'/>"
        f"<c:axPos val='t'/><c:numFmt formatCode='{_CODE}' sourceLinked='0'/><c:majorTickMark val='none'/>"
        "<c:minorTickMark val='none'/><c:tickLblPos val='nextTo'/><c:crossAx val='301'/><c:crosses val='min'/>"
        "<c:crossBetween val='between'/></c:valAx>"
    )
    return chart_space(look, sheet, plot=plot, size=room.size)
