"""The comparison: all units and the benchmark, on the first tier and overall."""

from __future__ import annotations

from fractions import Fraction

from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.headlines.comparison import comparison_headline
from app.document.values import Picture, Section, Table, TableColumn, TableRow


def comparison(draft: Draft, title: str) -> Section | None:
    """Show the columns side by side; None for one column alone."""
    material, voice = draft.material, draft.voice
    if len(material.comparison.columns) < 2:
        return None
    nodes = [*(node.id for node in material.top), None]
    tier = voice.tier(material.framework.tiers[0])
    blocks = []
    if any(column.figures for column in material.comparison.columns):
        chart = draft.charts.dot_plot(nodes, title=voice.text(voice._("各{tier}与总体：单位与对标"), tier=tier))
        blocks.append(Picture("comparison-chart", chart))
    table = draft.matrix(
        "comparison-figures",
        voice.text(voice._("各{tier}与总体得分"), tier=tier),
        nodes,
        targets={node.id: f"dimension-{node.id}" for node in material.top},
    )
    return Section(
        "comparison",
        SectionKind.COMPARISON,
        title,
        comparison_headline(draft),
        (*blocks, _with_spread(draft, table, nodes)),
    )


def _with_spread(draft: Draft, table: Table, nodes: list[str | None]) -> Table:
    """Add how far the units lie apart, over the figures that may be printed."""
    if len(draft.material.subjects) < 2:
        return table
    heads = (*table.columns, TableColumn(draft.voice._("单位间最大差"), "number", 1.3))
    rows = tuple(
        TableRow((*row.cells, draft.plain(_spread(draft, node), node)), row.kind)
        for row, node in zip(table.rows, nodes, strict=True)
    )
    return Table(table.id, table.title, heads, rows, table.notes)


def _spread(draft: Draft, node: str | None) -> Fraction | None:
    found = (subject.shown(node) for subject in draft.material.subjects)
    values = [score.score for score in found if score is not None and score.score is not None]
    return max(values) - min(values) if len(values) > 1 else None
