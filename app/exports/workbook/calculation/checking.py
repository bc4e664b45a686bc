"""The sheet that says how to check the arithmetic, and whether every figure of the report was reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.core.scoring import Status
from app.exports.workbook.calculation.formulas import in_formula
from app.exports.workbook.calculation.layout import Key, letter
from app.exports.workbook.front import heading

if TYPE_CHECKING:
    from app.document.material import Subject
    from app.exports.workbook.calculation.arithmetic import Arithmetic
    from app.exports.workbook.pages import Page

_WIDTHS = (44, 14, 14, 14, 16, 16)


def write_checking(page: Page, shared: Arithmetic, units: Sequence[tuple[Subject, str]], contents: str) -> None:
    """Say how the sheets are read; then for each unit the figures by formula beside the report's."""
    _ = shared.voice._
    heading(page, _("怎样核对"), contents)
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width)
    row = 3
    for number, told in enumerate(_told(shared), start=1):
        page.paragraph(row, f"{number}. {told}", last=len(_WIDTHS) - 1, width=float(sum(_WIDTHS)))
        row += 1
    row += 1
    heads = (_("受评单位"), _("公式总分"), _("报告总分"), _("核对的得分"), _("最大相差"), _("有无不一致"))
    page.fit(row, zip(heads, _WIDTHS, strict=True))
    for column, name in enumerate(heads):
        page.put(row, column, name, **page.styles.head | {"align": "right" if column else "left"})
    for subject, title in units:
        row += 1
        _unit(page, shared, subject, title, row)


def _told(shared: Arithmetic) -> tuple[str, ...]:
    _ = shared.voice._
    return (
        _("每个受评单位有一张计算表。从要素开始，逐级往上，最后一行是总体；同一个上级的下级排在相邻的行里。"),
        _("每一级的得分、覆盖率、上下限、状态和达到等级都是公式，只用本表的数字和权重表里的权重。"),
        _("没有得分的格子是空的，不是零；不适用的要素不计入覆盖率；权重为零的不计入上级。"),
        _("括号里的得分覆盖不足：往上计算用得着，报告里不印，只印上下限。"),
        _("三种汇总方法并排：报告所用的在前，其他两种只露出得分，点列上方的加号看中间步骤。"),
        _("“报告所用”是报告里的精确得分，“相差”是公式与它之差：没有改动过时处处为零，改动以后就是改动的影响。"),
    )


def _unit(page: Page, shared: Arithmetic, subject: Subject, title: str, row: int) -> None:
    _ = shared.voice._
    block, overall = shared.blocks[0], shared.overall
    quoted = "'" + title.replace("'", "''") + "'"
    last = overall.number + 1
    checked = f"{quoted}!${letter(block.column(Key.DIFFERENCE))}${shared.tiers[0].rows[0].number + 1}:"
    checked += f"${letter(block.column(Key.DIFFERENCE))}${last}"
    card = subject.scorecard
    score = card.overall.score
    held = shared.words[Status.INSUFFICIENT] if card.overall.withheld else ""
    shown: float | str = held if score is None or held else float(score)
    compared = sum(node.score is not None for node in (*card.nodes.values(), card.overall))
    name = shared.voice.name(subject.name)
    page.fit(row, ((name, _WIDTHS[0]),))
    page.link(row, 0, name, title, text_wrap=True, **page.styles.line)
    number = page.styles.of(num_format=shared.decimals(overall), align="right", **page.styles.line)
    plain = page.styles.of(num_format="General", align="right", **page.styles.line)
    for column, key in ((1, Key.SCORE), (2, Key.REPORT)):
        cell = f"{quoted}!${letter(block.column(key))}${last}"
        status = f"{quoted}!${letter(block.column(Key.STATUS))}${last}"
        word = in_formula(shared.words[Status.INSUFFICIENT])
        formula = f'=IF({status}={word},{status},IF(ISNUMBER({cell}),{cell},""))'
        page.sheet.write_formula(row, column, formula, number, shown)
    page.sheet.write_formula(row, 3, f"=COUNT({checked})", plain, compared)
    page.sheet.write_formula(row, 4, f"=MAX(MAX({checked}),-MIN({checked}))", plain, 0)
    fine, differing = in_formula(_("一致")), in_formula(_("不一致"))
    verdict = f'=IF(AND(COUNTIF({checked},"≠")=0,E{row + 1}=0),{fine},{differing})'
    page.sheet.write_formula(row, 5, verdict, plain, _("一致"))
