"""What the benchmark pages show: a carrier's figures in document order, each marked with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.benchmark import BenchmarkEntry, FigureRange
from app.core.compare import Figure, benchmark_column
from app.core.framework import Capability, Framework, Tier
from app.core.text import Text
from app.i18n import msgid
from app.web.templating import FIGURE_DECIMALS

REGION_WORDS = {
    "americas": msgid("美洲"),
    "asia-pacific": msgid("亚太"),
    "europe": msgid("欧洲"),
    "africa": msgid("非洲"),
    "middle-east": msgid("中东"),
}
CONFIDENCE_WORDS = {"low": msgid("低"), "medium": msgid("中"), "high": msgid("高")}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One known figure of a carrier, with the decimals that its tier has."""

    node: Capability
    tier: Tier
    depth: int
    figure: Figure
    decimals: int
    range: FigureRange | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier: its overall (rolled up) and every known figure; `top` are the first tier's, None where unknown."""

    entry: BenchmarkEntry
    overall: Figure | None
    top: tuple[Figure | None, ...]
    figures: tuple[FigureRow, ...]
    findings: tuple[tuple[Text, tuple[Text, ...]], ...]


def carrier(framework: Framework, entry: BenchmarkEntry) -> Carrier:
    """Return what is known of a carrier: given figures, and rolled-up ones where coverage allows."""
    column = benchmark_column(framework, entry)
    rows = tuple(
        FigureRow(
            node,
            framework.tier_of(node.id),
            len(framework.ancestors(node.id)),
            column.figures[node.id],
            framework.scale.decimals if node.is_leaf else FIGURE_DECIMALS,
            entry.ranges.get(node.id),
        )
        for node in framework.walk()
        if node.id in column.figures
    )
    return Carrier(
        entry,
        column.figures.get(None),
        tuple(column.figures.get(root.id) for root in framework.capabilities),
        rows,
        tuple(
            (framework.node(node_id).name, texts) for node_id, texts in entry.findings.items() if node_id in framework
        ),
    )
