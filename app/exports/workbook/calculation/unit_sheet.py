"""The calculation of one unit: entered scores, and the formulas of every method above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.case import State
from app.core.framework import Method
from app.core.scoring import Status
from app.exports.workbook.calculation.cached import Shown, cached
from app.exports.workbook.calculation.formulas import in_formula
from app.exports.workbook.calculation.layout import (
    ABOVE,
    ENTERED,
    HEAD,
    NAME,
    STATE,
    WEIGHT,
    Block,
    Key,
    Row,
    letter,
)
from app.exports.workbook.front import heading
from app.exports.workbook.styles import INPUT

if TYPE_CHECKING:
    from app.core.scoring import Scorecard
    from app.document.material import Subject
    from app.document.voice import Voice
    from app.exports.workbook.calculation.arithmetic import Arithmetic
    from app.exports.workbook.pages import Page

_ABOVE, _NAME, _NARROW, _STATE = 32, 38, 9, 14
_SHARES = (Key.COVERAGE,)
_LOGARITHMS = (Key.LN_SCORE, Key.LN_LOW, Key.LN_HIGH)
_COUNTS = (Key.APPLICABLE, Key.SCORED, Key.ATTAINED)


def method_word(voice: Voice, method: Method) -> str:
    """Return the name of a method."""
    return {
        Method.WEIGHTED_MEAN: voice._("加权平均"),
        Method.WEIGHTED_GEOMETRIC: voice._("加权几何平均"),
        Method.FLAT_MEAN: voice._("要素平均"),
    }[method]


def state_words(shared: Arithmetic) -> dict[State, str]:
    """Return the words for what is known of an element."""
    _ = shared.voice._
    return {
        State.SCORED: _("已评"),
        State.INFERRED: _("推断"),
        State.NOT_APPLICABLE: shared.words[Status.NOT_APPLICABLE],
        State.UNKNOWN: _("不清楚"),
        State.ILLEGIBLE: _("无法辨认"),
        State.OPEN: shared.words[Status.OPEN],
    }


def write_unit(page: Page, shared: Arithmetic, subject: Subject, contents: str) -> None:
    """Write a row per capability, from the elements up to the overall."""
    voice = shared.voice
    title = voice.text(voice._("{unit}：从要素到总体的计算"), unit=voice.name(subject.name))
    heading(page, title, contents)
    told = voice._("浅黄色的格子可以改：得分、状态，以及权重表里的权重。各列都是公式，随之重算；折起的列是中间步骤。")
    page.put(2, 0, told, **page.styles.aside)
    _columns(page, shared)
    cards = shared.cards(subject)
    for tier in shared.tiers:
        page.put(tier.heading, 0, shared.tier_name(tier), bold=True)
        for row in tier.rows:
            _row(page, shared, row, subject.scorecard)
            for block in shared.blocks:
                _figures(page, shared, block, row, cards[block.method])
    _withheld(page, shared)
    _validation(page, shared)
    page.sheet.freeze_panes(HEAD + 1, NAME + 1)
    page.sheet.repeat_rows(HEAD - 1, HEAD)


def _columns(page: Page, shared: Arithmetic) -> None:
    """Write the heads and fold away what stands behind a method's score."""
    _ = shared.voice._
    sheet, right = page.sheet, page.styles.head | {"align": "right"}
    fixed = (
        (_("上一级"), _ABOVE),
        (_("能力"), _NAME),
        (_("权重"), _NARROW),
        (_("状态"), _STATE),
        (_("要素得分"), _NARROW),
    )
    for column, (name, width) in enumerate(fixed):
        sheet.set_column(column, column, width)
        page.put(HEAD, column, name, **(right if column in (WEIGHT, ENTERED) else _indented(page.styles.head, column)))
    sheet.outline_settings(True, True, False, False)
    page.fit(HEAD, ((head, _NARROW) for head in _heads(shared, shared.blocks[0])[: shared.blocks[0].shown]))
    for block in shared.blocks:
        name = method_word(shared.voice, block.method)
        used = shared.voice.text(_("{method}（本报告所用）"), method=name) if block.checked else name
        page.put(HEAD - 1, block.start, used, bold=True, font_color=page.styles.colours.accent)
        heads = _heads(shared, block)
        for place, column in enumerate(range(block.start, block.end)):
            folded = place >= block.shown
            settings = {"level": 1, "hidden": True} if folded else {"collapsed": place == block.shown - 1}
            sheet.set_column(column, column, _STATE if heads[place] == _("状态") else _NARROW + 1, None, settings)
            page.put(HEAD, column, heads[place], **right)


def _indented(look: dict[str, object], column: int) -> dict[str, object]:
    """Keep the words of the states apart from the weights before them."""
    return look | {"indent": 1} if column == STATE else look


def _heads(shared: Arithmetic, block: Block) -> list[str]:
    _ = shared.voice._
    names = {
        Key.SCORE: _("得分"),
        Key.COVERAGE: _("覆盖率"),
        Key.LOW: _("下限"),
        Key.HIGH: _("上限"),
        Key.STATUS: _("状态"),
        Key.ATTAINED: _("达到等级"),
        Key.REPORT: _("报告所用"),
        Key.DIFFERENCE: _("相差"),
        Key.FILLED: _("得分或0"),
        Key.LN_SCORE: _("得分的对数"),
        Key.LN_LOW: _("下限的对数"),
        Key.LN_HIGH: _("上限的对数"),
        Key.APPLICABLE: _("适用要素数"),
        Key.SCORED: _("有分要素数"),
    }
    levels = [shared.voice.text(_("达到{level}级的份额"), level=level) for level in block.levels]
    return [*(names[key] for key in block.columns), *levels]


def _row(page: Page, shared: Arithmetic, row: Row, card: Scorecard) -> None:
    """Write what every method shares: names, the weight, and for an element what is known of it."""
    styles = page.styles
    page.put(row.number, ABOVE, shared.above(row), font_color=styles.colours.muted, **styles.line)
    page.put(row.number, NAME, shared.voice.node(row.id), **styles.line | {"bold": row.node is None})
    if row.node is not None:
        quoted = "'" + shared.weights_title.replace("'", "''") + "'"
        formula = f"={quoted}!${letter(WEIGHT)}${row.number + 1}"
        weight = float(card.node(row.id).weight)
        page.sheet.write_formula(row.number, WEIGHT, formula, styles.of(**styles.line), weight)
    else:
        page.put(row.number, WEIGHT, "", **styles.line)
    if not row.is_leaf:
        page.put(row.number, STATE, "", **styles.line)
        page.put(row.number, ENTERED, "", **styles.line)
        return
    node = card.node(row.id)
    state = state_words(shared)[node.state or State.OPEN]
    page.put(row.number, STATE, state, bg_color=INPUT, **_indented(styles.line, STATE))
    style = styles.of(bg_color=INPUT, num_format=shared.decimals(row), **styles.line)
    if node.score is None:
        page.sheet.write_blank(row.number, ENTERED, None, style)
    else:
        page.sheet.write_number(row.number, ENTERED, float(node.score), style)


def _figures(page: Page, shared: Arithmetic, block: Block, row: Row, card: Scorecard) -> None:
    formulas = shared.formulas[block.method].of(row)
    values: dict[int, Shown] = cached(card, block, row, shared.words)
    for key in block.columns:
        column, style = block.column(key), page.styles.of(**_look(page, shared, key, row, checked=block.checked))
        if key is Key.REPORT:
            score = card.node(row.id).score
            if score is None:
                page.sheet.write_blank(row.number, column, None, style)
            else:
                page.sheet.write_number(row.number, column, float(score), style)
        elif column in formulas:
            page.sheet.write_formula(row.number, column, formulas[column], style, values[column])
        else:
            page.sheet.write_blank(row.number, column, None, style)
    for level in block.levels if not row.is_leaf else ():
        column = block.level(level)
        style = page.styles.of(num_format="0%", align="right", **page.styles.line)
        page.sheet.write_formula(row.number, column, formulas[column], style, values[column])


def _look(page: Page, shared: Arithmetic, key: Key, row: Row, *, checked: bool) -> dict[str, object]:
    look = page.styles.line | {"align": "right"}
    if key in _SHARES:
        return look | {"num_format": "0%"}
    if key in _LOGARITHMS:
        return look | {"num_format": "0.0000"}
    if key in _COUNTS:
        return look | {"num_format": "General"}
    if key is Key.DIFFERENCE:
        return look | {"num_format": "+0.00;−0.00;0", "font_color": page.styles.colours.muted}
    bold = {"bold": True} if key is Key.SCORE and checked else {}
    return look | bold | {"num_format": shared.decimals(row)}


def _withheld(page: Page, shared: Arithmetic) -> None:
    """Put scores that the report withholds in brackets: those above them need them, no reader does."""
    first, last = shared.tiers[0].rows[0].number, shared.overall.number
    for block in shared.blocks:
        status = f"${letter(block.column(Key.STATUS))}{first + 1}={in_formula(shared.words[Status.INSUFFICIENT])}"
        look = page.book.workbook.add_format({"num_format": "(0.00)", "font_color": page.styles.colours.muted})
        for key in (Key.SCORE, Key.REPORT) if block.checked else (Key.SCORE,):
            column = block.column(key)
            rule = {"type": "formula", "criteria": f"={status}", "format": look}
            page.sheet.conditional_format(first, column, last, column, rule)


def _validation(page: Page, shared: Arithmetic) -> None:
    """Offer the states, and keep entered scores on the scale."""
    _ = shared.voice._
    leaves = next(tier.rows for tier in shared.tiers if tier.rows[0].is_leaf)
    first, last = leaves[0].number, leaves[-1].number
    scale = shared.material.framework.scale
    states = list(state_words(shared).values())
    page.sheet.data_validation(first, STATE, last, STATE, {"validate": "list", "source": states})
    page.sheet.data_validation(
        first,
        ENTERED,
        last,
        ENTERED,
        {
            "validate": "decimal",
            "criteria": "between",
            "minimum": float(scale.minimum),
            "maximum": float(scale.maximum),
            "ignore_blank": True,
            "error_message": _("请填一个数。"),
        },
    )
