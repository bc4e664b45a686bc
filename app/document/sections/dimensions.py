"""A page per capability of the first tier: its parts in every unit, and what stands out in the unit in focus."""

from __future__ import annotations

from app.core.framework import Capability
from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.headlines.dimension import dimension_headline
from app.document.sections.standing_out import standing_out
from app.document.values import Block, Picture, Section, Table

FINDINGS = 2


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
        f"dimension-{node.id}",
        SectionKind.DIMENSIONS,
        voice.node(node.id),
        dimension_headline(draft, node),
        tuple(blocks),
    )


def _standing_out(draft: Draft, node: Capability) -> list[Table]:
    """Name what stands out in one unit: the one in focus, else the first with a score here."""
    material = draft.material
    leaves = material.framework.leaves_below(node.id)
    candidates = sorted(material.scored, key=lambda subject: subject.id != material.focus.id)
    subject = next((s for s in candidates if any(s.scorecard.node(leaf.id).score is not None for leaf in leaves)), None)
    if subject is None:
        return []
    findings = draft.option("findings", FINDINGS)
    return standing_out(draft, subject, node.id, key=f"dimension-{node.id}", findings=findings)
