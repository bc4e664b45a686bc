"""Figures put into words: rounded once, with the sign that says how far each may be relied on.

Shared by every chart and by the tables beside them; knows scores and locale, no drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from app.charts.spec import Axis, Label, Mark, Standing, Tick
from app.core.case import State
from app.core.compare import Column, Figure
from app.core.framework import Framework
from app.core.scale import Scale, decimals_of, display
from app.core.scoring import NodeScore, Status
from app.core.text import Locale
from app.i18n import translator

GROUP_DECIMALS = 2
RANGE_SIGN, INFERRED_SIGN, PROVISIONAL_SIGN = "*", "†", "‡"
DASH, RING, NO_DATA = "–", "○", ""

_STANDING = {
    Status.PUBLISHED: Standing.FIRM,
    Status.PROVISIONAL: Standing.PROVISIONAL,
    Status.INSUFFICIENT: Standing.WITHHELD,
    Status.OPEN: Standing.OPEN,
    Status.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
}


class Wording:
    """Puts the figures of one framework into the words of one locale."""

    def __init__(self, framework: Framework, locale: Locale) -> None:
        self.framework = framework
        self.locale: Locale = locale
        self.translate: Callable[[str], str] = translator(locale).gettext

    def decimals(self, node: str | None) -> int:
        """Return how many decimals a figure of that capability shows (None: the overall)."""
        leaf = node is not None and self.framework.node(node).is_leaf
        return self.framework.scale.decimals if leaf else GROUP_DECIMALS

    def number(self, value: Fraction, node: str | None) -> str:
        """Return a figure of that capability, rounded half up."""
        return display(value, self.decimals(node))

    def signed(self, value: Fraction, decimals: int = GROUP_DECIMALS) -> str:
        """Return a difference with its sign; a true minus; no sign when it rounds to nothing."""
        written = display(abs(value), decimals)
        if not written.strip("0."):
            return written
        return ("+" if value > 0 else "−") + written

    def between(self, low: Fraction, high: Fraction, node: str | None) -> str:
        """Return a range of figures of that capability."""
        return f"{self.number(low, node)}–{self.number(high, node)}"

    def label(self, node: str | None) -> Label:
        """Return the name and code of a capability, of the overall for None."""
        if node is None:
            return Label(id="", name=self.translate("总体"))
        capability = self.framework.node(node)
        return Label(id=node, name=capability.name.in_locale(self.locale), code=capability.code or "")

    def axis(self) -> Axis:
        """Return the fixed axis: the whole scale, a tick at every named level."""
        return axis_of(self.framework.scale)

    def mark(self, column: Column, node: str | None) -> Mark:
        """Return how one column's figure of a capability is drawn and printed."""
        if column.scorecard is not None:
            return self.score_mark(column.scorecard.node(node))
        figure = column.figures.get(node)
        if figure is None:
            return Mark(Standing.ABSENT, short=NO_DATA, full=self.translate("无数据"))
        return self._carrier_mark(column, node, figure)

    def score_mark(self, score: NodeScore) -> Mark:
        """Return how a capability's computed score is drawn and printed."""
        standing = _STANDING[score.status]
        if standing is Standing.WITHHELD:
            return self._withheld(score)
        if score.score is None or standing in (Standing.OPEN, Standing.NOT_APPLICABLE):
            return self._without_score(score, standing)
        number = self.number(score.score, score.id)
        if score.state is State.INFERRED:
            return Mark(
                standing, score.score, short=number + INFERRED_SIGN, full=self._remarked(number, self.translate("推断"))
            )
        if standing is Standing.PROVISIONAL:
            return Mark(
                standing,
                score.score,
                short=number + PROVISIONAL_SIGN,
                full=self._remarked(number, self.translate("暂定")),
            )
        return Mark(standing, score.score, short=number, full=number)

    def printed(self, figure: Fraction, decimals: int | None = None) -> str:
        """Return a figure printed by a source, with the decimals that the source printed."""
        return display(figure, max(decimals_of(figure), decimals or 0))

    def printed_mark(self, figure: Fraction | None, decimals: int | None = None) -> Mark | None:
        """Return how a figure printed by a source is drawn; None for none."""
        if figure is None:
            return None
        text = self.printed(figure, decimals)
        return Mark(Standing.FIRM, figure, short=text, full=text)

    def notes(self, marks: tuple[Mark, ...], *, signs: bool = True) -> tuple[str, ...]:
        """Explain what occurs among these marks, in a fixed order; `signs`: the chart prints rings and dashes."""
        _ = self.translate
        shorts = tuple(mark.short for mark in marks)
        standings = {mark.standing for mark in marks}
        found = (
            (any(short.endswith(RANGE_SIGN) for short in shorts), _("* 来源只给出区间，取中值")),
            (any(short.endswith(INFERRED_SIGN) for short in shorts), _("† 推断得出")),
            (any(short.endswith(PROVISIONAL_SIGN) for short in shorts), _("‡ 暂定：覆盖率未达可发布标准")),
            (Standing.WITHHELD in standings, _("斜线：覆盖不足，不出分，只给上下限")),
            (signs and Standing.OPEN in standings, _("○ 未评")),
            (signs and Standing.NOT_APPLICABLE in standings, _("– 不适用")),
        )
        return tuple(text for occurs, text in found if occurs)

    def _remarked(self, number: str, remark: str) -> str:
        return self.translate("%(figure)s（%(remark)s）") % {"figure": number, "remark": remark}

    def _withheld(self, score: NodeScore) -> Mark:
        if score.bounds is None:
            return Mark(Standing.WITHHELD, short=DASH, full=self.translate("覆盖不足"))
        low, high = score.bounds
        between = self.between(low, high, score.id)
        full = self.translate("覆盖不足，介于 %(range)s") % {"range": between}
        return Mark(Standing.WITHHELD, low=low, high=high, short=between, full=full)

    def _without_score(self, score: NodeScore, standing: Standing) -> Mark:
        _ = self.translate
        if standing is Standing.NOT_APPLICABLE:
            return Mark(standing, short=DASH, full=_("不适用"))
        known = {State.UNKNOWN: _("不清楚"), State.ILLEGIBLE: _("无法辨认")}
        words = known.get(score.state, _("未评")) if score.state else _("未评")
        return Mark(Standing.OPEN, short=RING, full=words)

    def _carrier_mark(self, column: Column, node: str | None, figure: Figure) -> Mark:
        number = self.number(figure.value, node)
        if figure.origin == "range":
            given = column.entry.ranges.get(node) if column.entry and node else None
            low, high = (given.low, given.high) if given else (figure.value, figure.value)
            full = self.translate("%(figure)s（区间 %(range)s 的中值）") % {
                "figure": number,
                "range": self.between(low, high, node),
            }
            return Mark(Standing.FIRM, figure.value, low, high, number + RANGE_SIGN, full)
        if figure.status is Status.PROVISIONAL:
            return Mark(
                Standing.PROVISIONAL,
                figure.value,
                short=number + PROVISIONAL_SIGN,
                full=self._remarked(number, self.translate("暂定")),
            )
        return Mark(Standing.FIRM, figure.value, short=number, full=number)


def axis_of(scale: Scale) -> Axis:
    """Return the axis of a scale: from its minimum to its maximum, a tick at every named level."""
    places = max(decimals_of(level.value) for level in scale.levels)
    ticks = tuple(Tick(level.value, display(level.value, places)) for level in scale.levels)
    return Axis(scale.minimum, scale.maximum, ticks)
