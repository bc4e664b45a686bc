"""Printed figures of the sources beside the computed ones: shown apart, never mended."""

from __future__ import annotations

from fractions import Fraction

from app.core.report import SectionKind
from app.core.scale import decimals_of
from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.values import Cell, Section, Sentence, Table, TableColumn, TableRow


def published(draft: Draft, title: str) -> Section | None:
    """Show every figure that a source printed; None where none printed any."""
    material, voice = draft.material, draft.voice
    printing = [s for s in material.subjects if any(n.published is not None for n in s.scorecard.nodes.values())]
    if not printing:
        return None
    nodes = [
        node.id
        for node in material.framework.walk()
        if any(s.scorecard.node(node.id).published is not None for s in printing)
    ]
    heads = [TableColumn(voice._("能力"), "text", 2.4)]
    for subject in printing:
        heads += [
            TableColumn(voice.text(voice._("{unit} 原文"), unit=voice.name(subject.name)), "number", 1.1),
            TableColumn(voice._("计算"), "number", 1.1),
            TableColumn(voice._("差"), "number", 0.8),
        ]
    rows, marks = [], []
    for node in nodes:
        cells = [draft.name_cell(node)]
        for subject in printing:
            mark = voice.figures.score_mark(subject.scorecard.node(node))
            printed = subject.scorecard.node(node).published is not None
            marks += [mark] if printed else []
            cells += [draft.printed(subject, node), cell_of(mark) if printed else Cell(), _gap(draft, subject, node)]
        rows.append(TableRow(tuple(cells)))
    note = voice._("差 = 原文得分 − 计算得分。原文得分照录，不改；计算得分由要素得分按本报告的方法算出。")
    table = Table(
        "published-figures", voice._("原文得分与计算得分"), tuple(heads), tuple(rows), (note, *draft.notes(marks))
    )
    return Section("published", SectionKind.PUBLISHED, title, _headline(draft, printing), (table,))


def _gap(draft: Draft, subject: Subject, node: str) -> Cell:
    found = _difference(subject, node)
    return Cell() if found is None else draft.difference(found)


def _difference(subject: Subject, node: str) -> Fraction | None:
    """Return printed less computed, where both may be shown."""
    score, shown = subject.scorecard.node(node), subject.shown(node)
    if score.published is None or shown is None or shown.score is None:
        return None
    return score.published - shown.score


def _headline(draft: Draft, printing: list[Subject]) -> Sentence:
    """Count how many printed figures agree with the computed ones, within half of the last printed digit."""
    voice = draft.voice
    compared = agreeing = 0
    for subject in printing:
        for node_id in subject.scorecard.nodes:
            found = _difference(subject, node_id)
            if found is None:
                continue
            compared += 1
            printed = subject.scorecard.node(node_id).published or Fraction(0)
            decimals = max(decimals_of(printed), subject.published_decimals or 0)
            agreeing += abs(found) <= Fraction(1, 2 * 10**decimals)
    clause = voice.fill(
        voice._("可比的{n}个原文得分中，{agreeing}个与计算得分相符，{differing}个不符"),
        n=compared,
        agreeing=agreeing,
        differing=compared - agreeing,
    )
    return voice.sentence("published", clause)
