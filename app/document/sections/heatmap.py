"""The heatmap: the second tier by units, and by the carriers that are known there."""

from __future__ import annotations

from fractions import Fraction

from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.headlines.heatmap import heatmap_headline
from app.document.material import Material, Subject
from app.document.values import Block, Cell, Picture, Section, Table, TableColumn, TableRow

ITEMS = 10


def heatmap(draft: Draft, title: str) -> Section | None:
    """Show the second tier in every column; None where no unit is known there, and for one column alone."""
    material, voice = draft.material, draft.voice
    if len(material.framework.tiers) < 2:
        return None
    tier = material.framework.tiers[1]
    nodes = [node.id for node in material.framework.on_tier(tier.id)]
    carriers = [column for column in material.carriers if any(node in column.figures for node in nodes)]
    columns = [*material.cases, *carriers]
    known = any(node in column.figures for column in material.cases for node in nodes)
    if not known or len(columns) < 2:
        return None
    caption = voice.text(voice._("各{tier}的得分，颜色越深得分越高"), tier=voice.tier(tier))
    chart = draft.charts_of(columns).heatmap(nodes, title=caption)
    blocks: list[Block] = [Picture("heatmap-chart", chart)]
    if (table := _spreads(draft, nodes)) is not None:
        blocks.append(table)
    return Section("heatmap", SectionKind.HEATMAP, title, heatmap_headline(draft, nodes), tuple(blocks))


def _spreads(draft: Draft, nodes: list[str]) -> Table | None:
    """List where the units lie at least half a step apart, widest first; None where they never do."""
    material, voice = draft.material, draft.voice
    found = [spread for node in nodes if (spread := _spread(material, node)) and spread[0] >= material.half_step]
    ranked = sorted(found, key=lambda spread: -spread[0])[: draft.option("items", ITEMS)]
    if not ranked:
        return None
    heads = (
        TableColumn(voice.name(material.framework.tiers[1].name), "text", 2.2),
        TableColumn(voice._("最高"), "text", 2.3),
        TableColumn(voice._("得分"), "number", 0.9),
        TableColumn(voice._("最低"), "text", 2.3),
        TableColumn(voice._("得分"), "number", 0.9),
        TableColumn(voice._("差"), "number", 1.2),
    )
    rows, marks = [], []
    for points, node, high, low in ranked:
        pair = [voice.figures.score_mark(subject.scorecard.node(node)) for subject in (high, low)]
        marks += pair
        cells = (_unit(draft, high), cell_of(pair[0]), _unit(draft, low), cell_of(pair[1]), draft.plain(points, node))
        rows.append(TableRow((draft.name_cell(node), *cells)))
    half = voice.exact(material.half_step)
    note = voice.text(voice._("只列相差不少于{half}分的；覆盖不足的得分不参加比较。"), half=half)
    return Table("heatmap-spreads", voice._("单位之间相差最大的"), heads, tuple(rows), (note, *draft.notes(marks)))


def _unit(draft: Draft, subject: Subject) -> Cell:
    name = draft.voice.words(subject.name)
    return Cell(name.text, language=draft.foreign(name))


def _spread(material: Material, node: str) -> tuple[Fraction, str, Subject, Subject] | None:
    shown = [(f.score, s) for s in material.subjects if (f := s.shown(node)) and f.score is not None]
    if len(shown) < 2:
        return None
    high, low = max(shown, key=lambda pair: pair[0]), min(shown, key=lambda pair: pair[0])
    return high[0] - low[0], node, high[1], low[1]
