"""One figure of the report worked out step by step, so that a reader can check the arithmetic with a pencil."""

from __future__ import annotations

from fractions import Fraction

from app.core.framework import Capability, Method
from app.core.scoring import NodeScore
from app.document.draft import Draft
from app.document.material import Subject
from app.document.values import Cell, Table, TableColumn, TableRow


def worked_example(draft: Draft) -> list[Table]:
    """Work out a group, its parent and so on to the overall of the unit in focus; none where that cannot be shown.

    The weighted geometric mean needs logarithms and is left to the formula and the workbook.
    """
    subject = draft.material.focus
    if draft.material.method is not Method.WEIGHTED_MEAN or subject.empty:
        return []
    group = next((node for node in draft.material.groups if subject.shown(node.id)), None)
    above = draft.material.framework.ancestors(group.id) if group else ()
    path: list[Capability | None] = [group, *reversed(above), None] if group else [None]
    shown = [node for node in path if subject.shown(node.id if node else None)]
    return [_step(draft, subject, node) for node in shown]


def _step(draft: Draft, subject: Subject, node: Capability | None) -> Table:
    voice, key = draft.voice, node.id if node else None
    children = node.children if node else draft.material.top
    scores = [subject.scorecard.node(child.id) for child in children]
    counted = [score for score in scores if _counts(score)]
    weights = sum((score.weight for score in counted), Fraction(0))
    products = sum((score.weight * (score.score or 0) for score in counted), Fraction(0))
    heads = (
        TableColumn(voice.name(draft.material.framework.tier_of(children[0].id).name), "text", 4),
        TableColumn(voice._("权重"), "number", 1.2),
        TableColumn(voice._("得分"), "number", 1.2),
        TableColumn(voice._("权重 × 得分"), "number", 1.6),
    )
    rows = [TableRow((draft.name_cell(score.id), *_factors(draft, score))) for score in scores]
    total = (Cell(voice._("合计")), _exact(draft, weights), Cell(), _exact(draft, products))
    rows.append(TableRow(total, "total"))
    note = voice.text(
        voice._("{node}：{products} ÷ {weights} = {score}"),
        node=voice.node(key),
        products=voice.exact(products),
        weights=voice.exact(weights),
        score=voice.score(key, products / weights),
    )
    unscored = len(scores) - len(counted)
    notes = [note]
    if unscored:
        left = voice.ngettext("{n}项没有得分或权重为零，不计入。", "{n}项没有得分或权重为零，不计入。", unscored)
        notes.append(voice.text(left, n=unscored))
    title = voice.text(voice._("{unit}：{node}"), unit=voice.name(subject.name), node=voice.node(key))
    return Table(f"method-example-{key or 'overall'}", title, heads, tuple(rows), tuple(notes))


def _counts(score: NodeScore) -> bool:
    return score.score is not None and score.weight > 0


def _factors(draft: Draft, score: NodeScore) -> tuple[Cell, ...]:
    weight = Cell(draft.voice.exact(score.weight).text, score.weight)
    if score.score is None:
        return weight, Cell(draft.voice.figures.score_mark(score).short), Cell()
    exact = _exact(draft, score.score)
    return weight, exact, _exact(draft, score.weight * score.score) if score.weight > 0 else Cell()


def _exact(draft: Draft, value: Fraction) -> Cell:
    """Return a number with the digits it needs, three decimals where it has no end."""
    return Cell(draft.voice.exact(value).text, value)
