"""Above the overview: where the unit in focus stands as a whole, and what stands out in it."""

from __future__ import annotations

from fractions import Fraction

from app.core.scoring import Status
from app.document.draft import Draft
from app.document.material import Subject
from app.document.message.phrases import figure, printable, with_scores
from app.document.rules import ends
from app.document.values import Part, Sentence


def overview_headline(draft: Draft) -> Sentence:
    """Say the overall score with what it is counted from, then the ends of the first tier."""
    material, voice = draft.material, draft.voice
    focus = material.focus
    if focus.empty:
        clause = voice.fill(
            voice._("{unit}尚未评估：{n}个要素都没有得分"),
            unit=voice.name(focus.name),
            n=len(material.framework.leaves),
        )
        return voice.sentence("overview.empty", clause)
    rule = "overview.scored" if focus.shown(None) else "overview.withheld"
    return voice.sentence(rule, standing(draft, focus), *_ends(draft, focus))


def standing(draft: Draft, subject: Subject) -> tuple[Part, ...]:
    """Say a unit's overall score and attained level, or between which ends it lies."""
    voice, overall = draft.voice, subject.scorecard.overall
    common: dict[str, str | int] = {
        "unit": voice.name(subject.name),
        "n": subject.scored,
        "all": subject.applicable,
    }
    if subject.shown(None):
        return voice.fill(
            voice._("{unit}：总体{score}，由{n}/{all}个要素算出，达到等级{level}"),
            score=figure(voice, overall),
            level=voice.level(overall.attained),
            **common,
        )
    share = voice.percent(overall.coverage or Fraction(0))
    if overall.status is Status.INSUFFICIENT and overall.bounds is not None:
        return voice.fill(
            voice._("{unit}：覆盖率{coverage}（{n}/{all}个要素），总体不出分，在{bounds}分之间"),
            coverage=share,
            bounds=voice.bounds(None, overall.bounds),
            **common,
        )
    return voice.fill(voice._("{unit}：覆盖率{coverage}（{n}/{all}个要素），总体没有得分"), coverage=share, **common)


def _ends(draft: Draft, subject: Subject) -> list[tuple[Part, ...]]:
    """Name the highest and the lowest of at least two scores of the first tier that may be printed."""
    material, voice = draft.material, draft.voice
    values = printable(material, subject)
    if len(values) < 2:
        return []
    found, node = ends(values, material.half_step), next(iter(values))
    common: dict[str, str | int] = {"n": len(values), "tier": voice.tier(material.framework.tiers[0])}
    if found.top:
        top, bottom = (with_scores(voice, subject, nodes) for nodes in (found.top, found.bottom))
        return [voice.fill(voice._("{n}项{tier}中最高的是{top}，最低的是{bottom}"), top=top, bottom=bottom, **common)]
    return [
        voice.fill(
            voice._("{n}项{tier}在{low}至{high}分之间，相差不到{half}分"),
            low=voice.score(node, found.low),
            high=voice.score(node, found.high),
            half=voice.exact(material.half_step),
            **common,
        )
    ]
