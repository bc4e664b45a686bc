"""What is said above the pages of a unit: figure, what it is counted from, ends, the benchmark's median."""

from __future__ import annotations

from fractions import Fraction

from app.core.framework import Capability
from app.core.scoring import Status
from app.document.draft import Draft
from app.document.material import Subject
from app.document.message.phrases import with_scores
from app.document.rules import ends
from app.document.sections.standing import scored_of
from app.document.values import Part, Sentence

Clause = tuple[Part, ...]


def unit_headline(draft: Draft, subject: Subject) -> Sentence:
    """Say the overall figure of a unit or why there is none, and the ends of its first tier."""
    voice, framework = draft.voice, draft.material.framework
    if subject.empty:
        template = voice._("{unit}尚未评估：{n}个要素都没有得分，没有可写的强弱和先后")
        return voice.sentence(
            "unit.empty", voice.fill(template, unit=voice.name(subject.name), n=len(framework.leaves))
        )
    clauses = [
        _figure(draft, subject, None),
        *_ends(draft, subject, draft.material.counted),
        *_median(draft, subject, None),
    ]
    return voice.sentence("unit", *clauses)


def part_headline(draft: Draft, subject: Subject, node: Capability | None) -> Sentence:
    """Say the figure of a capability in a unit, the ends of its parts, and how the benchmark's median stands to it."""
    key = node.id if node else None
    parts = node.children if node else draft.material.top
    clauses = [_figure(draft, subject, key), *_ends(draft, subject, parts), *_median(draft, subject, key)]
    return draft.voice.sentence("unit.part", *clauses)


def _figure(draft: Draft, subject: Subject, node: str | None) -> Clause:
    """Say the score with what it is counted from; the bounds where it is withheld; that there is none."""
    voice, score = draft.voice, subject.scorecard.node(node)
    scored, applicable = scored_of(draft, subject, node)
    share = voice.percent(score.coverage or Fraction(0))
    if subject.shown(node) and score.score is not None:
        template = (
            voice._("{node}{score}分，由{n}/{all}个要素算出（覆盖率{share}，暂定）")
            if score.status is Status.PROVISIONAL
            else voice._("{node}{score}分，由{n}/{all}个要素算出（覆盖率{share}）")
        )
        return voice.fill(
            template,
            node=voice.node(node),
            score=voice.score(node, score.score),
            n=scored,
            all=applicable,
            share=share,
        )
    if score.status is Status.INSUFFICIENT and score.bounds is not None:
        template = voice._("{node}覆盖率只有{share}（{n}/{all}个要素），不出分，只知道在{bounds}分之间")
        bounds = voice.bounds(node, score.bounds)
        return voice.fill(template, node=voice.node(node), share=share, n=scored, all=applicable, bounds=bounds)
    if score.status is Status.NOT_APPLICABLE:
        return voice.fill(voice._("{node}不适用"), node=voice.node(node))
    return voice.fill(voice._("{node}还没有得分"), node=voice.node(node))


def _ends(draft: Draft, subject: Subject, parts: tuple[Capability, ...]) -> list[Clause]:
    """Name the highest and the lowest of at least two parts whose scores may be printed."""
    voice, material = draft.voice, draft.material
    scores = {part.id: subject.shown(part.id) for part in parts}
    values = {key: one.score for key, one in scores.items() if one is not None and one.score is not None}
    if len(values) < 2:
        return []
    found, first = ends(values, material.half_step), next(iter(values))
    tier = voice.tier(material.framework.tier_of(first))
    if found.spread == 0:
        same = voice.score(first, found.high)
        return [voice.fill(voice._("{n}项{tier}都是{score}分"), n=len(values), tier=tier, score=same)]
    if not found.top:
        template = voice._("{n}项{tier}在{low}至{high}分之间，相差不到{half}分")
        return [
            voice.fill(
                template,
                n=len(values),
                tier=tier,
                low=voice.score(first, found.low),
                high=voice.score(first, found.high),
                half=voice.exact(material.half_step),
            )
        ]
    template = voice._("{n}项{tier}中最高的是{top}，最低的是{bottom}")
    top, bottom = (with_scores(voice, subject, nodes) for nodes in (found.top, found.bottom))
    return [voice.fill(template, n=len(values), tier=tier, top=top, bottom=bottom)]


def _median(draft: Draft, subject: Subject, node: str | None) -> list[Clause]:
    """Say how a printable score stands to the median of two carriers or more."""
    voice, material = draft.voice, draft.material
    shown, row = subject.shown(node), material.comparison.row(node)
    if shown is None or shown.score is None or row.median is None or row.n < 2:
        return []
    gap = shown.score - row.median
    if abs(gap) < material.half_step:
        template = voice._("与对标中位数{median}（n = {n}）相差不到{half}分")
    elif gap < 0:
        template = voice._("比对标中位数{median}（n = {n}）低{gap}分")
    else:
        template = voice._("比对标中位数{median}（n = {n}）高{gap}分")
    return [
        voice.fill(
            template,
            median=voice.score(node, row.median),
            n=row.n,
            gap=voice.score(node, abs(gap)),
            half=voice.exact(material.half_step),
        )
    ]
