"""A page per capability of the first tier: its parts in every unit, and what stands out in the unit in focus."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.framework import Capability
from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.message.phrases import listed
from app.document.values import Block, Cell, Part, Picture, Section, Sentence, Table, TableColumn, TableRow

ELEMENTS, FINDINGS = 3, 2


def dimensions(draft: Draft, title: str) -> Section | None:
    """Make a part for each capability of the first tier that has parts itself and of which a unit has a score."""
    material, leaves = draft.material, draft.material.framework.leaves_below
    children = tuple(
        _dimension(draft, node)
        for node in material.top
        if node.children and any(leaf.id in column.figures for leaf in leaves(node.id) for column in material.cases)
    )
    if not children:
        return None
    return Section("dimensions", SectionKind.DIMENSIONS, title, children=children)


def _dimension(draft: Draft, node: Capability) -> Section:
    material, voice = draft.material, draft.voice
    nodes = [child.id for child in node.children]
    tier = voice.tier(material.framework.tier_of(nodes[0]))
    columns = [*material.cases, *(c for c in material.carriers if any(n in c.figures for n in nodes))]
    title = voice.text(voice._("各{tier}的得分"), tier=tier)
    chart = draft.charts_of(columns).dot_plot(nodes, title=title)
    targets = {child.id: f"group-{child.id}" for child in node.children if not child.is_leaf}
    blocks: list[Block] = [
        Picture(f"dimension-{node.id}-chart", chart),
        draft.matrix(f"dimension-{node.id}-figures", title, nodes, targets=targets),
        *_standing_out(draft, node),
    ]
    return Section(
        f"dimension-{node.id}", SectionKind.DIMENSIONS, voice.node(node.id), _headline(draft, node), tuple(blocks)
    )


def _headline(draft: Draft, node: Capability) -> Sentence:
    """Say what every unit has here, and the benchmark's median."""
    material, voice = draft.material, draft.voice
    shown = [(subject, score) for subject in material.subjects if (score := subject.shown(node.id))]
    clauses: list[tuple[Part, ...]] = [
        listed(
            [(voice.name(s.name), " ", voice.score(node.id, n.score)) for s, n in shown if n.score is not None],
            voice,
            voice._("{listed}等{n}个单位"),
        )
        if shown
        else (voice._("还没有一个单位的得分可以发布"),)
    ]
    row = material.comparison.row(node.id)
    if row.median is not None:
        median = voice.score(node.id, row.median)
        clauses.append(voice.fill(voice._("对标中位数{median}（n = {n}）"), median=median, n=row.n))
    return voice.sentence("dimension" if shown else "dimension.none", *clauses)


def _standing_out(draft: Draft, node: Capability) -> list[Table]:
    """Name the highest and the lowest elements of one unit with findings: the one in focus, else the first scored."""
    material, voice = draft.material, draft.voice
    leaves = material.framework.leaves_below(node.id)
    candidates = sorted(material.scored, key=lambda subject: subject.id != material.focus.id)
    subject = next((s for s in candidates if any(s.scorecard.node(leaf.id).score is not None for leaf in leaves)), None)
    if subject is None:
        return []
    scored = [leaf.id for leaf in leaves if subject.scorecard.node(leaf.id).score is not None]
    ranked = sorted(scored, key=lambda leaf: -(subject.scorecard.node(leaf).score or 0))
    count = draft.option("elements", ELEMENTS)
    unit = voice.name(subject.name)
    if len(ranked) <= 2 * count:
        title = voice.text(voice._("{unit}：已评要素，按得分排列"), unit=unit)
        return [_elements(draft, subject, f"dimension-{node.id}-elements", title, ranked)]
    high = voice.text(voice._("{unit}：得分最高的{n}个要素"), unit=unit, n=count)
    low = voice.text(voice._("{unit}：得分最低的{n}个要素"), unit=unit, n=count)
    return [
        _elements(draft, subject, f"dimension-{node.id}-highest", high, ranked[:count]),
        _elements(draft, subject, f"dimension-{node.id}-lowest", low, ranked[-count:][::-1]),
    ]


def _elements(draft: Draft, subject: Subject, table_id: str, title: str, leaves: Sequence[str]) -> Table:
    voice = draft.voice
    marks = [voice.figures.score_mark(subject.scorecard.node(leaf)) for leaf in leaves]
    heads = (
        TableColumn(voice.name(draft.material.framework.tiers[-1].name), "text", 2.2),
        TableColumn(voice._("得分"), "number", 0.8),
        TableColumn(voice._("发现"), "text", 6),
    )

    rows = tuple(
        TableRow(
            (
                draft.name_cell(leaf),
                cell_of(mark),
                Cell(lines=draft.findings(subject, leaf, draft.option("findings", FINDINGS))),
            )
        )
        for leaf, mark in zip(leaves, marks, strict=True)
    )
    return Table(table_id, title, heads, rows, draft.notes(marks))
