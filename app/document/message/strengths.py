"""Sentence 1: what is strong and what is weak."""

from __future__ import annotations

from collections.abc import Sequence

from app.document.material import Material, Subject
from app.document.message.phrases import (
    COMPARISON,
    COVERAGE,
    OTHERS,
    OVERVIEW,
    PROFILE_FIGURES,
    others,
    printable,
    scored_node,
    units,
    with_scores,
)
from app.document.rules import Ends, ends
from app.document.values import Part, Sentence
from app.document.voice import Voice


def strengths(material: Material, voice: Voice) -> Sentence:
    """Name the highest and the lowest capabilities of the first tier, for the unit in focus and two others."""
    focus, label = material.focus, voice._("强与弱")
    shown = printable(material, focus)
    first = strengths_of(material, voice, focus)
    if not shown:
        return voice.sentence("strengths.none", first, label=label, evidence=(COVERAGE,))
    rule = "strengths.single" if len(shown) == 1 else "strengths.level"
    if len(shown) > 1 and ends(shown, material.half_step).top:
        rule = "strengths.ends"
    clauses = [first]
    clauses += [
        strengths_of(material, voice, other) for other in others(material, focus) if len(printable(material, other)) > 1
    ]
    return voice.sentence(rule, *clauses[: 1 + OTHERS], label=label, evidence=(OVERVIEW, COMPARISON, PROFILE_FIGURES))


def strengths_of(material: Material, voice: Voice, subject: Subject) -> tuple[Part, ...]:
    """Name the highest and the lowest of one unit, or say why that cannot be done."""
    shown, tier = printable(material, subject), voice.tier(material.framework.tiers[0])
    if not shown:
        return _none_clause(material, voice, subject, tier)
    if len(shown) > 1:
        return _ends_clause(material, voice, subject, ends(shown, material.half_step))
    return voice.fill(
        voice._("{unit}的{n}项{tier}中只有1项的得分可以发布：{node}"),
        unit=voice.name(subject.name),
        n=len(material.counted),
        node=scored_node(voice, subject, next(iter(shown))),
        tier=tier,
    )


def _none_clause(material: Material, voice: Voice, subject: Subject, tier: str) -> tuple[Part, ...]:
    """Speak of all units where none has a score to show, else of this one."""
    silent = [one for one in material.subjects if not printable(material, one)]
    about = silent if len(silent) == len(material.subjects) else [subject]
    template = voice.ngettext(
        "{units}的{n}项{tier}还没有一项得分可以发布",
        "{units}的{n}项{tier}都还没有一项得分可以发布",
        len(about),
    )
    return voice.fill(template, units=units(about, voice), tier=tier, n=len(material.counted))


def _ends_clause(material: Material, voice: Voice, subject: Subject, found: Ends) -> tuple[Part, ...]:
    node = next(iter(found.values))
    common: dict[str, Sequence[Part] | str] = {
        "unit": voice.name(subject.name),
        "tier": voice.tier(material.framework.tiers[0]),
        "low": (voice.score(node, found.low),),
        "high": (voice.score(node, found.high),),
    }
    if found.spread == 0:
        return voice.fill(
            voice._("{unit}的{n}项{tier}得分相同，都是{high}分，分不出强弱"), n=len(found.values), **common
        )
    if not found.top:
        return voice.fill(
            voice._("{unit}的{n}项{tier}得分在{low}至{high}分之间，相差不到{half}分，分不出强弱"),
            n=len(found.values),
            half=voice.exact(material.half_step),
            **common,
        )
    template = (
        voice._("{unit}得分最高的是{top}，最低的是{bottom}，相差{spread}分")
        if len(found.values) == len(material.counted)
        else voice._("{unit}可发布的{n}项{tier}中，得分最高的是{top}，最低的是{bottom}，相差{spread}分")
    )
    return voice.fill(
        template,
        n=len(found.values),
        top=with_scores(voice, subject, found.top),
        bottom=with_scores(voice, subject, found.bottom),
        spread=(voice.score(node, found.spread),),
        **common,
    )
