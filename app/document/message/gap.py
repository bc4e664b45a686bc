"""Sentence 2: the largest gap to the benchmark."""

from __future__ import annotations

from collections.abc import Sequence

from app.document.material import Material
from app.document.message.phrases import COMPARISON, listed
from app.document.rules import Gap, gaps
from app.document.values import Part, Sentence
from app.document.voice import Voice


def largest_gap(material: Material, voice: Voice) -> Sentence:
    """Name where the unit in focus stands furthest below the benchmark's median."""
    label = voice._("与对标的差距")
    if material.benchmark is None:
        return voice.sentence("gap.no-benchmark", (voice._("本报告没有选定对标，不谈差距"),), label=label)
    focus = material.focus
    found = gaps(material, focus)
    names = {"benchmark": voice.name(material.benchmark.name), "unit": voice.name(focus.name)}
    if not found:
        clause = voice.fill(
            voice._("{unit}没有一项可发布的得分能与{benchmark}相比（{n}家）"), n=len(material.entries), **names
        )
        return voice.sentence("gap.nothing-common", clause, label=label, evidence=(COMPARISON,))
    largest = found[0]
    if largest.gap < material.half_step:
        return voice.sentence("gap.none", *_no_gap(material, voice, found), label=label, evidence=(COMPARISON,))
    near = [gap for gap in found[1:] if largest.gap - gap.gap < material.half_step and gap.gap >= material.half_step]
    clauses = [_gap_clause(voice, largest, names)]
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
    return voice.sentence("gap.largest", *clauses, label=label, evidence=(COMPARISON,))


def _gap_clause(voice: Voice, gap: Gap, names: dict[str, str]) -> tuple[Part, ...]:
    template = (
        voice._("{unit}与{benchmark}差距最大的是{node}：{score}对{median}（只有{n}家的数字），低{gap}分")
        if gap.n == 1
        else voice._("{unit}与{benchmark}差距最大的是{node}：{score}对中位数{median}（n = {n}），低{gap}分")
    )
    return voice.fill(
        template,
        node=voice.node(gap.node),
        score=voice.score(gap.node, gap.score),
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
    row = material.comparison.row(gap.node)
    pairs = zip(material.comparison.columns, row.values, strict=True)
    names = [voice.name(c.name) for c, value in pairs if c.kind == "benchmark" and value == gap.best]
    return voice.fill(
        voice._("对标中最高的是{carriers}，{best}分"),
        carriers=listed([(name,) for name in names], voice, voice._("{listed}等{n}家")),
        best=voice.score(gap.node, gap.best),
    )


def _no_gap(material: Material, voice: Voice, found: Sequence[Gap]) -> list[tuple[Part, ...]]:
    largest = found[0]
    benchmark = voice.name(material.benchmark.name) if material.benchmark else ""
    clause = voice.fill(
        voice._("{unit}可比的{n}项{tier}没有一项低于{benchmark}的中位数{half}分以上"),
        unit=voice.name(material.focus.name),
        n=len(found),
        tier=voice.tier(material.framework.tiers[0]),
        benchmark=benchmark,
        half=voice.exact(material.half_step),
    )
    detail = voice.fill(
        voice._("相对最低的是{node}：{score}对{median}"),
        node=voice.node(largest.node),
        score=voice.score(largest.node, largest.score),
        median=voice.score(largest.node, largest.median),
    )
    return [clause, detail]
