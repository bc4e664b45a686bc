"""Small multiples: one radar per unit beside the benchmark's median, and one per carrier beside the unit in focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.charts.spec import RADAR_AXES, Multiples
from app.core.compare import Column
from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.message.strengths import strengths_of
from app.document.values import Block, Picture, Section

FEWEST = 2  # panels; a single one is a radar, which the overview shows


def multiples(draft: Draft, title: str) -> Section | None:
    """Draw the first tier of every unit and every carrier; None where it makes no radar or no unit is known there."""
    material, voice = draft.material, draft.voice
    nodes = [node.id for node in material.top]
    if len(nodes) not in RADAR_AXES or not any(_known(column, nodes) for column in material.cases):
        return None
    tier = voice.tier(material.framework.tiers[0])
    median = draft.median_column
    behind = [median] if median is not None and _known(median, nodes) else []
    blocks: list[Block] = []
    if len(material.cases) >= FEWEST:
        name = voice.text(voice._("每个单位的{tier}"), tier=tier)
        blocks.append(Picture("multiples-units", radars(draft, material.cases, behind, title=name)))
    carriers = [column for column in material.carriers if _known(column, nodes)]
    if len(carriers) >= FEWEST:
        focus = material.column(material.focus)
        unit = voice.name(material.focus.name)
        name = voice.text(voice._("对标各家的{tier}，与{unit}相比"), tier=tier, unit=unit)
        beside = [focus] if _known(focus, nodes) else []
        blocks.append(Picture("multiples-carriers", radars(draft, carriers, beside, title=name)))
    if not blocks:
        return None
    headline = voice.sentence("multiples", strengths_of(material, voice, material.focus))
    return Section("multiples", SectionKind.MULTIPLES, title, headline, tuple(blocks))


def radars(draft: Draft, columns: Sequence[Column], beside: Sequence[Column], *, title: str) -> Multiples:
    """Return a radar of the first tier for each column, every one with the columns `beside` it."""
    nodes = [node.id for node in draft.material.top]
    others = [column for column in beside if column.id not in {one.id for one in columns}]
    charts = draft.charts_of([*columns, *others])
    panels = tuple(
        charts.radar(
            nodes,
            columns=[column.id, *(other.id for other in others)],
            title=draft.voice.name(column.name),
        )
        for column in columns
    )
    # what stands beside is no column of its own: n is that of the panels
    whole = charts.dot_plot(nodes, title=title).caption
    counted = draft.charts_of(columns).dot_plot(nodes).caption.count
    return Multiples(replace(whole, count=counted), panels)


def _known(column: Column, nodes: Sequence[str]) -> bool:
    return any(node in column.figures for node in nodes)
