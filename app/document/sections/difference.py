"""Why two units differ: the contributions of the elements to the difference of their overall scores."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from app.core.compare import Contribution, Contributions, contributions
from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.headlines.difference import difference_headline
from app.document.material import Subject
from app.document.values import Cell, Picture, Section, Table, TableColumn, TableRow

ITEMS = 10


def difference(draft: Draft, title: str) -> Section | None:
    """Explain the first two units with a printable overall score; None where there are not two, or no difference."""
    material = draft.material
    pair = [subject for subject in material.subjects if subject.shown(None)][:2]
    if len(pair) < 2:
        return None
    one, other = sorted(pair, key=lambda subject: -(subject.scorecard.overall.score or 0))
    parts = contributions(material.column(one), material.column(other))
    if parts is None or not parts.difference:
        return None
    limit = draft.option("items", ITEMS)
    chart = draft.charts.waterfall(parts, limit=limit + 1, title=_caption(draft, one, other))
    if chart is None:
        return None
    return Section(
        "difference",
        SectionKind.DIFFERENCE,
        title,
        difference_headline(draft, parts, one, other),
        (Picture("difference-chart", chart), _items(draft, parts, (one, other), limit)),
    )


def _caption(draft: Draft, one: Subject, other: Subject) -> str:
    voice = draft.voice
    return voice.text(
        voice._("从{other}到{one}：各要素对总体差距的贡献"), one=voice.name(one.name), other=voice.name(other.name)
    )


def _items(draft: Draft, parts: Contributions, pair: tuple[Subject, Subject], limit: int) -> Table:
    voice = draft.voice
    leaf_tier = voice.name(draft.material.framework.tiers[-1].name)
    heads = (
        TableColumn(leaf_tier, "text", 2.4),
        *(TableColumn(voice.name(subject.name), "number", 1.8) for subject in pair),
        TableColumn(voice._("得分不同"), "number", 1),
        TableColumn(voice._("覆盖不同"), "number", 1),
        TableColumn(voice._("合计"), "number", 0.9),
    )
    unlike = [item for item in parts.items if item.total]
    shown = unlike if len(unlike) <= limit + 1 else unlike[:limit]  # as in the chart: no remainder of one
    marks = {(item.node, s.id): voice.figures.score_mark(s.scorecard.node(item.node)) for item in shown for s in pair}
    rows = [
        TableRow((
            draft.name_cell(item.node),
            *(cell_of(marks[item.node, subject.id]) for subject in pair),
            draft.difference(item.score),
            draft.difference(item.coverage),
            draft.difference(item.total),
        ))
        for item in shown
    ]  # fmt: skip
    if rest := unlike[len(shown) :]:
        name = voice.text(voice.ngettext("其余{n}项", "其余{n}项", len(rest)), n=len(rest))
        rows.append(_sum_row(draft, name, rest, "plain"))
    rows.append(_sum_row(draft, voice._("合计"), parts.items, "total"))
    note = voice._("“得分不同”指两个单位给分不同；“覆盖不同”指一方未评，权重因此不同。")
    return Table(
        "difference-figures", voice._("贡献最大的要素（分）"), heads, tuple(rows), (note, *draft.notes(marks.values()))
    )


def _sum_row(draft: Draft, name: str, items: Sequence[Contribution], kind: Literal["plain", "total"]) -> TableRow:
    score = sum((item.score for item in items), Fraction())
    coverage = sum((item.coverage for item in items), Fraction())
    sums = (draft.difference(score), draft.difference(coverage), draft.difference(score + coverage))
    return TableRow((Cell(name), Cell(), Cell(), *sums), kind)
