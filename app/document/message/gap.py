"""Sentence 2: the largest gap to the benchmark."""

from __future__ import annotations

from collections.abc import Sequence

from app.document.material import Material, Subject
from app.document.message.phrases import CARRIERS, COMPARISON, PROFILE_FIGURES, figure, listed
from app.document.rules import Gap, gaps
from app.document.values import Part, Sentence
from app.document.voice import Voice

EVIDENCE = (COMPARISON, PROFILE_FIGURES, CARRIERS)


def largest_gap(material: Material, voice: Voice) -> Sentence:
    """Name where the unit in focus stands furthest below the benchmark's median."""
    label = voice._("与对标的差距")
    if material.benchmark is None:
        count = len(material.subjects)
        alone = voice.ngettext(
            "本报告没有选定对标，{n}个评估单位的得分不与别的运营商相比",
            "本报告没有选定对标，{n}个评估单位的得分不与别的运营商相比",
            count,
        )
        return voice.sentence("gap.no-benchmark", voice.fill(alone, n=count), label=label)
    focus = material.focus
    found = gaps(material, focus)
    names = {"benchmark": voice.name(material.benchmark.name), "unit": voice.name(focus.name)}
    if not found:
        clause = voice.fill(
            voice._("{unit}没有一项可发布的得分能与{benchmark}相比（{n}家）"), n=len(material.entries), **names
        )
        return voice.sentence("gap.nothing-common", clause, label=label, evidence=(CARRIERS,))
    largest = found[0]
    if largest.gap < material.half_step:
        return voice.sentence("gap.none", *_no_gap(material, voice, found), label=label, evidence=EVIDENCE)
    near = [gap for gap in found[1:] if largest.gap - gap.gap < material.half_step and gap.gap >= material.half_step]
    clauses = [_gap_clause(voice, focus, largest, names)]
    if near:
        clauses.append(
            voice.fill(
                voice._("差距与此相差不到{half}分的还有{nodes}"),
                half=voice.exact(material.half_step),
                nodes=listed([_gap_short(voice, gap) for gap in near], voice, voice._("{listed}等{n}项")),
            )
        )
    if best := _best_carriers(material, voice, largest):
        clauses.append(best)
    return voice.sentence("gap.largest", *clauses, label=label, evidence=EVIDENCE)


def _gap_clause(voice: Voice, subject: Subject, gap: Gap, names: dict[str, str]) -> tuple[Part, ...]:
    template = (
        voice._("{unit}与{benchmark}差距最大的是{node}：{score}对{median}（只有{n}家的数字），低{gap}分")
        if gap.n == 1
        else voice._("{unit}与{benchmark}差距最大的是{node}：{score}对中位数{median}（n = {n}），低{gap}分")
    )
    return voice.fill(
        template,
        node=voice.node(gap.node),
        score=figure(voice, subject.scorecard.node(gap.node)),
        median=voice.score(gap.node, gap.median),
        gap=voice.score(gap.node, gap.gap),
        n=gap.n,
        **names,
    )


def _gap_short(voice: Voice, gap: Gap) -> tuple[Part, ...]:
    return voice.fill(voice._("{node}（低{gap}）"), node=voice.node(gap.node), gap=voice.score(gap.node, gap.gap))


def _best_carriers(material: Material, voice: Voice, gap: Gap) -> tuple[Part, ...]:
    if gap.n < 2:
        return ()
    row, half = material.comparison.row(gap.node), material.half_step
    pairs = zip(material.comparison.columns, row.values, strict=True)
    found = {voice.name(c.name): v for c, v in pairs if c.kind == "benchmark" and v is not None and gap.best - v < half}
    ranked = sorted(found, key=lambda name: -found[name])
    best, least = voice.score(gap.node, gap.best), voice.score(gap.node, min(found.values()))
    return voice.fill(
        voice._("对标中最高的是{carriers}，{best}分")
        if best == least
        else voice._("对标中最高的是{carriers}，{least}至{best}分"),
        carriers=listed([(name,) for name in ranked], voice, voice._("{listed}等{n}家")),
        best=best,
        least=least,
    )


def _no_gap(material: Material, voice: Voice, found: Sequence[Gap]) -> list[tuple[Part, ...]]:
    largest = found[0]
    benchmark = voice.name(material.benchmark.name) if material.benchmark else ""
    clause = voice.fill(
        voice._("{unit}可比的{n}项{tier}中，没有一项比{benchmark}的中位数低{half}分或更多"),
        unit=voice.name(material.focus.name),
        n=len(found),
        tier=voice.tier(material.framework.tiers[0]),
        benchmark=benchmark,
        half=voice.exact(material.half_step),
    )
    detail = voice.fill(
        voice._("相对最低的是{node}：{score}对{median}"),
        node=voice.node(largest.node),
        score=figure(voice, material.focus.scorecard.node(largest.node)),
        median=voice.score(largest.node, largest.median),
    )
    return [clause, detail]
