"""Above the comparison: how often the unit in focus is below the benchmark, and how often the units differ at all."""

from __future__ import annotations

from app.document.draft import Draft
from app.document.rules import Against, against, apart
from app.document.values import Part, Sentence


def comparison_headline(draft: Draft) -> Sentence:
    """Count the first tier: against the medians for the unit in focus, between the units for all.

    There is a benchmark or a second unit, else nothing would be compared.
    """
    material, voice = draft.material, draft.voice
    clauses: list[tuple[Part, ...]] = []
    if material.benchmark is not None:
        clauses.append(_against_clause(draft, against(material, material.focus)))
    if len(material.subjects) > 1:
        clauses.append(_between_clause(draft))
    return voice.sentence("comparison.counted", *clauses)


def _against_clause(draft: Draft, found: Against) -> tuple[Part, ...]:
    material, voice = draft.material, draft.voice
    names = {
        "unit": voice.name(material.focus.name),
        "benchmark": voice.name(material.benchmark.name) if material.benchmark else "",
        "tier": voice.tier(material.framework.tiers[0]),
    }
    half = voice.exact(material.half_step)
    if not found.n:
        template = voice._("{unit}没有一项可发布的得分能与{benchmark}相比（{n}家）")
        return voice.fill(template, unit=names["unit"], benchmark=names["benchmark"], n=len(material.entries))
    if len(found.below) == found.n:
        template = voice._("{unit}与{benchmark}可比的{n}项{tier}都低于对标中位数，低{least}至{most}分")
        if found.n == 1:
            template = voice._("{unit}与{benchmark}可比的{n}项{tier}比对标中位数低{most}分")
        least, most = (voice.score(gap.node, gap.gap) for gap in (found.below[-1], found.below[0]))
        return voice.fill(template, n=found.n, least=least, most=most, **names)
    template = voice._(
        "{unit}与{benchmark}可比的{n}项{tier}中，{below}项比对标中位数至少低{half}分，{level}项相差不到{half}分，"
        "{above}项至少高{half}分"
    )
    return voice.fill(
        template,
        n=found.n,
        below=len(found.below),
        level=len(found.level),
        above=len(found.above),
        half=half,
        **names,
    )


def _between_clause(draft: Draft) -> tuple[Part, ...]:
    material, voice = draft.material, draft.voice
    found = apart(material.subjects, [node.id for node in material.counted])
    tier, half = voice.tier(material.framework.tiers[0]), voice.exact(material.half_step)
    clear = [one for one in found if one.spread >= material.half_step]
    if not found:
        template = voice._("{n}个单位之间没有一项{tier}可比")
        return voice.fill(template, n=len(material.subjects), tier=tier)
    if not clear:
        template = voice._("单位之间可比的{n}项{tier}都相差不到{half}分，分不出先后")
        return voice.fill(template, n=len(found), tier=tier, half=half)
    template = voice._("单位之间可比的{n}项{tier}中有{clear}项相差{half}分或更多，最多相差{spread}分（{node}）")
    return voice.fill(
        template,
        n=len(found),
        tier=tier,
        clear=len(clear),
        half=half,
        spread=voice.score(clear[0].node, clear[0].spread),
        node=voice.node(clear[0].node),
    )
