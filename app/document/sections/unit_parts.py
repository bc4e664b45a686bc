"""The pages below a unit's own: a capability of the first tier with its groups, and each group with its elements."""

from __future__ import annotations

from collections.abc import Iterator

from app.charts.build import element_bars
from app.charts.spec import Bars
from app.core.framework import Capability
from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.material import Subject
from app.document.sections.standing import standing_cells, standing_heads
from app.document.sections.standing_out import standing_out
from app.document.sections.unit_elements import elements_table
from app.document.sections.unit_sentences import part_headline
from app.document.values import Block, Cell, Picture, Section, Table, TableColumn, TableRow

QUOTED = 1  # findings of each element that stands out; its group's page has them all


def known(draft: Draft, subject: Subject, node: str | None) -> bool:
    """Tell whether a unit has a score or a finding anywhere below a capability."""
    leaves = (leaf.id for leaf in draft.material.framework.leaves_below(node))
    return any(_told(subject, leaf) for leaf in leaves)


def _told(subject: Subject, leaf: str) -> bool:
    agreed = subject.agreed.get(leaf)
    return subject.scorecard.node(leaf).score is not None or bool(agreed and agreed.findings)


def unit_part(draft: Draft, unit: str, subject: Subject, node: Capability | None) -> Section:
    """Make the page of a capability in a unit, with those of its groups below it; None: of all elements."""
    if node is None or node.children[0].is_leaf:
        return _group(draft, unit, subject, node)
    children = tuple(_group(draft, unit, subject, group) for group in _groups(node) if known(draft, subject, group.id))
    key = f"{unit}-{node.id}"
    blocks: list[Block] = [
        Picture(f"{key}-chart", _bars(draft, subject, node.id)),
        _children(draft, unit, subject, node),
        *standing_out(draft, subject, node.id, key=key, findings=QUOTED),
    ]
    title = _title(draft, subject, node)
    return Section(key, SectionKind.UNITS, title, part_headline(draft, subject, node), tuple(blocks), children)


def _groups(node: Capability) -> Iterator[Capability]:
    """Yield the capabilities below one whose children are elements, in document order."""
    for child in node.children:
        if child.children and child.children[0].is_leaf:
            yield child
        elif child.children:
            yield from _groups(child)


def _group(draft: Draft, unit: str, subject: Subject, group: Capability | None) -> Section:
    """Make the part of a group: its elements as bars, which one element alone does not need, and as a table."""
    key = f"{unit}-{group.id}" if group else f"{unit}-all"
    table = elements_table(draft, subject, group, key=key)
    blocks: tuple[Block, ...] = (table,)
    if len(table.rows) > 1:
        blocks = (Picture(f"{key}-chart", _bars(draft, subject, group.id if group else None)), table)
    title = _title(draft, subject, group)
    return Section(key, SectionKind.UNITS, title, part_headline(draft, subject, group), blocks)


def _title(draft: Draft, subject: Subject, node: Capability | None) -> str:
    """Write the way to a capability: unit, first tier, the capability itself."""
    voice, framework = draft.voice, draft.material.framework
    above = framework.ancestors(node.id)[:1] if node else ()
    names = [voice.name(subject.name), *(voice.node(one.id) for one in above)]
    names.append(voice.node(node.id) if node else voice._("全部要素"))
    return voice._(" · ").join(names)


def _bars(draft: Draft, subject: Subject, node: str | None) -> Bars:
    voice, framework = draft.voice, draft.material.framework
    children = framework.node(node).children if node else framework.capabilities
    tier = voice.tier(framework.tier_of(children[0].id))
    return element_bars(
        subject.scorecard,
        node,
        voice.locale,
        source=(subject.source.title or "") if subject.source else "",
        published_decimals=subject.published_decimals,
        title=voice.text(voice._("各{tier}的得分"), tier=tier),
    )


def _children(draft: Draft, unit: str, subject: Subject, node: Capability) -> Table:
    """Return the parts of a capability: score, coverage, status, attained level, and what else is known of each."""
    material, voice, card = draft.material, draft.voice, subject.scorecard
    nodes = [*(child.id for child in node.children), node.id]
    printed = any(card.node(one).published is not None for one in nodes)
    compared = any(material.comparison.row(one).median is not None for one in nodes)
    heads = [
        TableColumn(voice.name(material.framework.tier_of(nodes[0]).name), "text", 2.6),
        *standing_heads(draft),
    ]
    if printed:
        heads.append(TableColumn(voice._("原文得分"), "number", 1.1))
    if compared:
        heads += [TableColumn(voice._("对标中位数"), "number", 1.2), TableColumn(voice._("家数"), "number", 0.8)]
    rows = []
    for one in nodes:
        row = material.comparison.row(one)
        name = draft.name_cell(one, target=f"{unit}-{one}" if one != node.id else None)
        cells = [name, *standing_cells(draft, subject, one)]
        cells += [draft.printed(subject, one)] if printed else []
        cells += [draft.plain(row.median, one), Cell(str(row.n)) if row.n else Cell()] if compared else []
        rows.append(TableRow(tuple(cells), "total" if one == node.id else "plain"))
    notes = draft.notes(voice.figures.score_mark(card.node(one)) for one in nodes)
    title = voice._("得分、覆盖率与达到等级")
    return Table(f"{unit}-{node.id}-figures", title, tuple(heads), tuple(rows), notes)
