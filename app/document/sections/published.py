"""Printed figures of the sources beside the computed ones: shown apart, never mended."""

from __future__ import annotations

from fractions import Fraction

from app.core.report import SectionKind
from app.core.scale import decimals_of
from app.core.scoring import Status
from app.document.draft import Draft, cell_of
from app.document.headlines.published import published_headline
from app.document.material import SHOWN, Subject
from app.document.values import Cell, Section, Table, TableColumn, TableRow

BESIDE = 3  # units that fit side by side


def published(draft: Draft, title: str) -> Section | None:
    """Show every figure that a source printed; None where none printed any."""
    material = draft.material
    printing = [s for s in material.subjects if any(n.published is not None for n in s.scorecard.nodes.values())]
    if not printing:
        return None
    nodes = [
        node.id
        for node in material.framework.walk()
        if any(s.scorecard.node(node.id).published is not None for s in printing)
    ]
    table = _beside(draft, printing, nodes) if len(printing) <= BESIDE else _rows(draft, printing, nodes)
    outside = _outside(draft, printing, nodes)
    blocks = (table, outside) if outside else (table,)
    return Section("published", SectionKind.PUBLISHED, title, published_headline(draft, printing), blocks)


def _beside(draft: Draft, printing: list[Subject], nodes: list[str]) -> Table:
    """Return a row per capability, three columns per unit."""
    voice = draft.voice
    heads = [TableColumn(voice._("能力"), "text", 3.6)]
    for subject in printing:
        heads += [
            TableColumn(voice.text(voice._("{unit} 原文"), unit=voice.name(subject.name)), "number", 1.1),
            TableColumn(voice._("计算"), "number", 1.1),
            TableColumn(voice._("差"), "number", 1.05),
        ]
    rows = []
    for node in nodes:
        cells = [draft.name_cell(node)]
        for subject in printing:
            cells += _figures(draft, subject, node)
        rows.append(TableRow(tuple(cells)))
    return _table(draft, heads, rows, printing, nodes)


def _rows(draft: Draft, printing: list[Subject], nodes: list[str]) -> Table:
    """Return a row per capability and unit, for more units than fit side by side."""
    voice = draft.voice
    heads = [
        TableColumn(voice._("能力"), "text", 2.4),
        TableColumn(voice._("受评单位"), "text", 2.4),
        TableColumn(voice._("原文得分"), "number", 1),
        TableColumn(voice._("计算"), "number", 1.2),
        TableColumn(voice._("差"), "number", 0.8),
    ]
    rows = []
    for node in nodes:
        found = [subject for subject in printing if subject.scorecard.node(node).published is not None]
        for place, subject in enumerate(found):
            name = Cell() if place else draft.name_cell(node)
            cells = (name, Cell(voice.name(subject.name)), *_figures(draft, subject, node))
            rows.append(TableRow(cells, "plain" if place else "heading"))
    return _table(draft, heads, rows, printing, nodes)


def _table(
    draft: Draft, heads: list[TableColumn], rows: list[TableRow], printing: list[Subject], nodes: list[str]
) -> Table:
    voice = draft.voice
    marks = [
        voice.figures.score_mark(score)
        for subject in printing
        for node in nodes
        if (score := subject.scorecard.node(node)).published is not None
    ]
    note = voice._("差 = 原文得分 − 计算得分。原文得分照录，不改；计算得分由要素得分按本报告的方法算出。")
    title = voice._("原文得分与计算得分")
    return Table("published-figures", title, tuple(heads), tuple(rows), (note, *draft.notes(marks)))


def _figures(draft: Draft, subject: Subject, node: str) -> list[Cell]:
    """Return printed, computed and difference; nothing where nothing was printed."""
    score = subject.scorecard.node(node)
    if score.published is None:
        return [Cell(), Cell(), Cell()]
    computed = cell_of(draft.voice.figures.score_mark(score))
    return [draft.printed(subject, node), computed, _gap(draft, subject, node)]


def _outside(draft: Draft, printing: list[Subject], nodes: list[str]) -> Table | None:
    """List the printed figures that no weights can explain; None where there are none."""
    voice = draft.voice
    rows = []
    for node in nodes:
        for subject in printing:
            ends = _ends_of_parts(draft, subject, node)
            if ends is None or _within(subject, node, ends):
                continue
            first = draft.material.framework.node(node).children[0].id
            unit = Cell(voice.name(subject.name))
            between = Cell(voice.figures.between(*ends, first))
            rows.append(TableRow((draft.name_cell(node), unit, draft.printed(subject, node), between)))
    if not rows:
        return None
    heads = (
        TableColumn(voice._("能力"), "text", 2.2),
        TableColumn(voice._("受评单位"), "text", 1.8),
        TableColumn(voice._("原文得分"), "number", 1.4),
        TableColumn(voice._("下级得分"), "number", 1.4),
    )
    note = voice._("汇总得分不可能低于最低的下级，也不可能高于最高的下级，无论权重怎样。照录并标出，不改。")
    return Table("published-outside", voice._("在下级得分的范围之外"), heads, tuple(rows), (note,))


def _ends_of_parts(draft: Draft, subject: Subject, node: str) -> tuple[Fraction, Fraction] | None:
    """Return the lowest and the highest score of the parts; None unless every part that applies has one."""
    parts = [subject.scorecard.node(child.id) for child in draft.material.framework.node(node).children]
    known = [part.score for part in parts if part.status in SHOWN and part.score is not None]
    applicable = [part for part in parts if part.status is not Status.NOT_APPLICABLE]
    return (min(known), max(known)) if known and len(known) == len(applicable) else None


def _within(subject: Subject, node: str, ends: tuple[Fraction, Fraction]) -> bool:
    """Tell whether a printed figure lies between two ends, give or take half of its last digit."""
    printed = subject.scorecard.node(node).published
    if printed is None:
        return True
    half = Fraction(1, 2 * 10 ** max(decimals_of(printed), subject.published_decimals or 0))
    return ends[0] - half <= printed <= ends[1] + half


def _gap(draft: Draft, subject: Subject, node: str) -> Cell:
    found = _difference(subject, node)
    return Cell() if found is None else draft.difference(found)


def _difference(subject: Subject, node: str) -> Fraction | None:
    """Return printed less computed, where both may be shown."""
    score, shown = subject.scorecard.node(node), subject.shown(node)
    if score.published is None or shown is None or shown.score is None:
        return None
    return score.published - shown.score
