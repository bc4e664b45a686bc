"""What is said above a carrier's figures: its ends, and where it stands clear of the benchmark's median."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.core.compare import Column
from app.document.draft import Draft
from app.document.message.phrases import EXTREMES, listed
from app.document.rules import ends
from app.document.values import Part, Sentence


def above_median(draft: Draft, column: Column, node: str | None) -> Fraction | None:
    """Return how far a carrier stands above the median of all; None where either is not known."""
    figure, row = column.figures.get(node), draft.material.comparison.row(node)
    return None if figure is None or row.median is None else figure.value - row.median


def carrier_headline(draft: Draft, column: Column) -> Sentence:
    """Name the carrier's ends, and where it stands at least half a step above or below the median."""
    material, voice = draft.material, draft.voice
    values = {node.id: column.figures[node.id].value for node in material.counted if node.id in column.figures}
    tier, name = voice.tier(material.framework.tiers[0]), voice.name(column.name)
    if not values:
        clause = voice.fill(voice._("来源没有给出{carrier}任何{tier}的得分"), carrier=name, tier=tier)
        return voice.sentence("carrier.none", clause)
    found, node = ends(values, material.half_step), next(iter(values))
    common: dict[str, str | Sequence[Part]] = {"carrier": name, "tier": tier}
    if len(values) == 1:
        template = voice._("{carrier}只有{node}一项{tier}的得分：{score}分")
        first = voice.fill(template, node=voice.node(node), score=voice.score(node, values[node]), **common)
        return voice.sentence("carrier.single", first, *_against_median(draft, column, list(values)))
    if not found.top:
        first = voice.fill(
            voice._("{carrier}的{n}项{tier}得分在{low}至{high}分之间，相差不到{half}分，分不出强弱"),
            n=len(values),
            low=voice.score(node, found.low),
            high=voice.score(node, found.high),
            half=voice.exact(material.half_step),
            **common,
        )
        return voice.sentence("carrier.level", first, *_against_median(draft, column, list(values)))
    first = voice.fill(
        voice._("{carrier}的{n}项{tier}中，得分最高的是{top}，最低的是{bottom}，相差{spread}分"),
        n=len(values),
        top=_figures(draft, column, found.top),
        bottom=_figures(draft, column, found.bottom),
        spread=voice.score(node, found.spread),
        **common,
    )
    return voice.sentence("carrier.ends", first, *_against_median(draft, column, list(values)))


def _against_median(draft: Draft, column: Column, nodes: list[str]) -> list[tuple[Part, ...]]:
    """Name where the carrier stands at least half a step from the median of two carriers or more."""
    material, voice = draft.material, draft.voice
    comparable = [node for node in nodes if material.comparison.row(node).n > 1]
    if not comparable:
        return []
    half = material.half_step
    gaps = {node: gap for node in comparable if (gap := above_median(draft, column, node)) is not None}

    def named(nodes: list[str]) -> tuple[Part, ...]:
        return listed([(voice.node(node),) for node in nodes], voice, voice._("{listed}等{n}项"))

    above, below = [n for n in gaps if gaps[n] >= half], [n for n in gaps if -gaps[n] >= half]
    amount = voice.exact(half)
    clauses = []
    if above:
        template = voice._("比对标中位数至少高{half}分的有{nodes}")
        clauses.append(voice.fill(template, half=amount, nodes=named(above)))
    if below:
        template = voice._("比对标中位数至少低{half}分的有{nodes}")
        clauses.append(voice.fill(template, half=amount, nodes=named(below)))
    if not clauses:
        clauses.append(voice.fill(voice._("各项与对标中位数都相差不到{half}分"), half=amount))
    return clauses


def _figures(draft: Draft, column: Column, nodes: Sequence[str]) -> tuple[Part, ...]:
    """Name one or two capabilities with a carrier's figures; of more, the first and how many are as good as equal."""
    voice = draft.voice
    template = voice._("{name}（{figure}）")
    named = [
        voice.fill(template, name=voice.node(node), figure=voice.score(node, column.figures[node].value))
        for node in nodes
    ]
    if len(named) <= EXTREMES:
        return voice.join(named)
    half = voice.exact(draft.material.half_step)
    return voice.fill(voice._("{first}和另外{n}项（差距不到{half}分）"), first=named[0], n=len(named) - 1, half=half)
