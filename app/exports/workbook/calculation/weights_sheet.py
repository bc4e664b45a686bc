"""The sheet of weights and thresholds: what every unit's calculation reads, and a client may change."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.exports.workbook.calculation.formulas import PROVISIONAL_FROM, PUBLISH_FROM, SCALE_MAX, SCALE_MIN
from app.exports.workbook.calculation.layout import ABOVE, HEAD, NAME, WEIGHT, letter
from app.exports.workbook.front import heading
from app.exports.workbook.styles import INPUT

if TYPE_CHECKING:
    from app.exports.workbook.calculation.arithmetic import Arithmetic
    from app.exports.workbook.pages import Page

_ABOVE, _NAME, _WEIGHT, _GAP, _FACT, _VALUE = 34, 44, 10, 4, 40, 12
_FACTS = 4  # the column of the thresholds


def write_weights(page: Page, shared: Arithmetic, contents: str) -> None:
    """Write every capability's weight among its siblings, and the thresholds under names of their own."""
    _ = shared.voice._
    heading(page, _("权重与门槛"), contents)
    told = shared.voice.text(
        _("权重方案：{name}。浅黄色的格子可以改，各单位的计算随之重算。"),
        name=shared.voice.name(shared.material.weights.name),
    )
    page.put(2, 0, told, **page.styles.aside)
    for column, width in enumerate((_ABOVE, _NAME, _WEIGHT, _GAP, _FACT, _VALUE)):
        page.sheet.set_column(column, column, width)
    for column, name in ((ABOVE, _("上一级")), (NAME, _("能力")), (WEIGHT, _("权重"))):
        page.put(HEAD, column, name, **page.styles.head | {"align": "right" if column == WEIGHT else "left"})
    card = shared.material.subjects[0].scorecard
    for tier in shared.tiers[:-1]:  # the overall has no weight
        page.put(tier.heading, 0, shared.tier_name(tier), bold=True)
        for row in tier.rows:
            page.put(row.number, ABOVE, shared.above(row), **page.styles.line)
            page.put(row.number, NAME, shared.voice.node(row.id), **page.styles.line)
            style = page.styles.of(bg_color=INPUT, **page.styles.line)
            page.sheet.write_number(row.number, WEIGHT, float(card.node(row.id).weight), style)
    _thresholds(page, shared)
    page.sheet.freeze_panes(HEAD + 1, 0)
    page.sheet.repeat_rows(HEAD)


def _thresholds(page: Page, shared: Arithmetic) -> None:
    _ = shared.voice._
    framework = shared.material.framework
    facts: tuple[tuple[str, str, Fraction, str], ...] = (
        (_("最低分"), SCALE_MIN, framework.scale.minimum, "General"),
        (_("最高分"), SCALE_MAX, framework.scale.maximum, "General"),
        (_("可发布：覆盖率不低于"), PUBLISH_FROM, framework.rollup.publish, "0%"),
        (_("暂定：覆盖率不低于"), PROVISIONAL_FROM, framework.rollup.provisional, "0%"),
    )
    page.put(HEAD, _FACTS, _("门槛"), **page.styles.head)
    page.put(HEAD, _FACTS + 1, "", **page.styles.head)
    quoted = "'" + page.title.replace("'", "''") + "'"
    for number, (name, defined, value, shown) in enumerate(facts, start=HEAD + 1):
        page.put(number, _FACTS, name, **page.styles.line)
        style = page.styles.of(bg_color=INPUT, num_format=shown, **page.styles.line)
        page.sheet.write_number(number, _FACTS + 1, float(value), style)
        page.book.workbook.define_name(defined, f"={quoted}!${letter(_FACTS + 1)}${number + 1}")
