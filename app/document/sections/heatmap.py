"""The heatmap: the second tier by units, and by the carriers that are known there."""

from __future__ import annotations

from fractions import Fraction

from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.material import Material, Subject
from app.document.values import Block, Cell, Part, Picture, Section, Sentence, Table, TableColumn, TableRow

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
    return Section("heatmap", SectionKind.HEATMAP, title, _headline(draft, nodes), tuple(blocks))


def _spreads(draft: Draft, nodes: list[str]) -> Table | None:
    """List where the units lie at least half a step apart, widest first; None where they never do."""
    material, voice = draft.material, draft.voice
    found = [spread for node in nodes if (spread := _spread(material, node)) and spread[0] >= material.half_step]
    ranked = sorted(found, key=lambda spread: -spread[0])[: draft.option("items", ITEMS)]
    if not ranked:
        return None
    heads = (
        TableColumn(voice.name(material.framework.tiers[1].name), "text", 2.4),
        TableColumn(voice._("最高"), "text", 2),
        TableColumn(voice._("最低"), "text", 2),
        TableColumn(voice._("差"), "number", 1.2),
    )
    rows = tuple(
        TableRow((draft.name_cell(node), _unit(draft, high, node), _unit(draft, low, node), draft.plain(spread, node)))
        for spread, node, high, low in ranked
    )
    half = voice.exact(material.half_step)
    note = voice.text(voice._("只列相差不少于{half}分的；覆盖不足的得分不参加比较。"), half=half)
    return Table("heatmap-spreads", voice._("单位之间相差最大的"), heads, rows, (note,))


def _unit(draft: Draft, subject: Subject, node: str) -> Cell:
    return Cell("".join(part if isinstance(part, str) else part.text for part in _named(draft, subject, node)))


def _headline(draft: Draft, nodes: list[str]) -> Sentence:
    """Name where the units lie furthest apart; for one unit alone, its ends."""
    material, voice = draft.material, draft.voice
    tier = voice.tier(material.framework.tiers[1])
    widest = max((found for node in nodes if (found := _spread(material, node))), key=lambda f: f[0], default=None)
    if widest is None:
        return _single(draft, nodes, tier)
    spread, node, high, low = widest
    if spread < material.half_step:
        clause = voice.fill(
            voice._("可比的单位在每项{tier}上都相差不到{half}分"), tier=tier, half=voice.exact(material.half_step)
        )
        return voice.sentence("heatmap.level", clause)
    clause = voice.fill(
        voice._("单位之间相差最大的{tier}是{node}：{high}，{low}"),
        tier=tier,
        node=voice.node(node),
        high=_named(draft, high, node),
        low=_named(draft, low, node),
    )
    return voice.sentence("heatmap.spread", clause)


def _spread(material: Material, node: str) -> tuple[Fraction, str, Subject, Subject] | None:
    shown = [(f.score, s) for s in material.subjects if (f := s.shown(node)) and f.score is not None]
    if len(shown) < 2:
        return None
    high, low = max(shown, key=lambda pair: pair[0]), min(shown, key=lambda pair: pair[0])
    return high[0] - low[0], node, high[1], low[1]


def _single(draft: Draft, nodes: list[str], tier: str) -> Sentence:
    voice, focus = draft.voice, draft.material.focus
    values = {node: f.score for node in nodes if (f := focus.shown(node)) and f.score is not None}
    if not values:
        clause = voice.fill(voice._("{unit}还没有一项{tier}的得分可以发布"), unit=voice.name(focus.name), tier=tier)
        return voice.sentence("heatmap.none", clause)
    clause = voice.fill(
        voice._("{unit}有{n}项{tier}可以发布得分，在{low}至{high}分之间"),
        unit=voice.name(focus.name),
        n=len(values),
        tier=tier,
        low=voice.score(nodes[0], min(values.values())),
        high=voice.score(nodes[0], max(values.values())),
    )
    return voice.sentence("heatmap.single", clause)


def _named(draft: Draft, subject: Subject, node: str) -> tuple[Part, ...]:
    score = subject.scorecard.node(node).score
    return (draft.voice.name(subject.name), " ", draft.voice.score(node, score if score is not None else Fraction(0)))
