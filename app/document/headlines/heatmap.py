"""Above the heatmap: where on the second tier the units lie furthest apart, and on how many of its nodes they do."""

from __future__ import annotations

from collections.abc import Sequence

from app.document.draft import Draft
from app.document.message.phrases import printed_at, scored_unit
from app.document.rules import apart
from app.document.values import Sentence


def heatmap_headline(draft: Draft, nodes: Sequence[str]) -> Sentence:
    """Name where the units lie furthest apart; for one unit alone, between which ends its figures lie."""
    material, voice = draft.material, draft.voice
    tier = voice.tier(material.framework.tiers[1])
    found = apart(material.subjects, nodes)
    if not found:
        return _single(draft, nodes, tier)
    half = voice.exact(material.half_step)
    clear = [one for one in found if one.spread >= material.half_step]
    if not clear:
        clause = voice.fill(
            voice._("可比的单位在{n}项{tier}上都相差不到{half}分，分不出先后"), n=len(found), tier=tier, half=half
        )
        return voice.sentence("heatmap.level", clause)
    widest = clear[0]
    clauses = [
        voice.fill(
            voice._("单位之间最多相差{spread}分，在{node}：{high}，{low}"),
            spread=voice.score(widest.node, widest.spread),
            node=voice.node(widest.node),
            high=scored_unit(voice, widest.high, widest.node),
            low=scored_unit(voice, widest.low, widest.node),
        ),
        voice.fill(
            voice._("可比的{n}项{tier}中有{clear}项相差{half}分或更多"),
            n=len(found),
            tier=tier,
            clear=len(clear),
            half=half,
        ),
    ]
    return voice.sentence("heatmap.spread", *clauses)


def _single(draft: Draft, nodes: Sequence[str], tier: str) -> Sentence:
    """Speak of the unit in focus where no two units can be compared."""
    voice, focus = draft.voice, draft.material.focus
    values = printed_at(focus, nodes)
    if not values:
        template = voice._("{unit}的{n}项{tier}还没有一项得分可以发布")
        clause = voice.fill(template, unit=voice.name(focus.name), n=len(nodes), tier=tier)
        return voice.sentence("heatmap.none", clause)
    clause = voice.fill(
        voice._("{unit}的{all}项{tier}中有{n}项可以发布得分，在{low}至{high}分之间"),
        unit=voice.name(focus.name),
        all=len(nodes),
        n=len(values),
        tier=tier,
        low=voice.score(nodes[0], min(values.values())),
        high=voice.score(nodes[0], max(values.values())),
    )
    return voice.sentence("heatmap.single", clause)
