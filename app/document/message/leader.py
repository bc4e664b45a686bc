"""Sentence 3: who leads, where that can be said."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.document.material import Material
from app.document.message.phrases import COMPARISON, COVERAGE, listed, with_score
from app.document.rules import Order, order
from app.document.values import Part, Sentence
from app.document.voice import Voice


def leader(material: Material, voice: Voice) -> Sentence:
    """Say whose overall score is highest, and only of those at least half a step below that they are behind."""
    label = voice._("谁在前")
    overall = {s.id: node.score for s in material.subjects if (node := s.shown(None)) and node.score is not None}
    by_id = {s.id: s for s in material.subjects}
    if not overall:
        return voice.sentence("leader.none", _none_clause(material, voice), label=label, evidence=(COVERAGE,))
    named = {key: voice.name(by_id[key].name) for key in overall}
    if len(overall) == 1:
        (key, value), *_rest = overall.items()
        return voice.sentence(
            "leader.single", *_single_clauses(material, voice, named[key], value), label=label, evidence=(COMPARISON,)
        )
    found = order(overall, material.half_step)
    rule = "leader.ahead" if not found.level else "leader.shared" if found.behind else "leader.undistinguished"
    return voice.sentence(rule, *_order_clauses(material, voice, found, named), label=label, evidence=(COMPARISON,))


def _none_clause(material: Material, voice: Voice) -> tuple[Part, ...]:
    if len(material.subjects) == 1:
        share = voice.percent(material.focus.scorecard.overall.coverage or Fraction(0))
        template = voice._("{unit}还没有可发布的总体得分（覆盖率{coverage}），不排先后")
        return voice.fill(template, unit=voice.name(material.focus.name), coverage=share)
    return voice.fill(voice._("{n}个评估单位中没有一个有可发布的总体得分，不排先后"), n=len(material.subjects))


def _single_clauses(material: Material, voice: Voice, name: str, value: Fraction) -> list[tuple[Part, ...]]:
    """Say the one overall score there is, and how it stands to the benchmark's median."""
    template = (
        voice._("{unit}的总体得分为{score}分；只有一个评估单位，不排先后")
        if len(material.subjects) == 1
        else voice._("只有{unit}有可发布的总体得分：{score}分，评估单位之间不排先后")
    )
    clauses = [voice.fill(template, unit=name, score=voice.score(None, value))]
    row = material.comparison.row(None)
    if row.median is not None:
        clauses.append(_against_median(material, voice, value, row.median, row.n))
    return clauses


def _against_median(material: Material, voice: Voice, value: Fraction, median: Fraction, n: int) -> tuple[Part, ...]:
    if abs(value - median) < material.half_step:
        template = voice._("与对标总体中位数{median}（n = {n}）相差不到{half}分")
    elif value < median:
        template = voice._("比对标总体中位数{median}（n = {n}）低{gap}分")
    else:
        template = voice._("比对标总体中位数{median}（n = {n}）高{gap}分")
    return voice.fill(
        template,
        median=voice.score(None, median),
        n=n,
        gap=voice.score(None, abs(value - median)),
        half=voice.exact(material.half_step),
    )


def _order_clauses(material: Material, voice: Voice, found: Order, named: dict[str, str]) -> list[tuple[Part, ...]]:
    half = voice.exact(material.half_step)

    def units(keys: Sequence[str]) -> tuple[Part, ...]:
        return listed(
            [with_score(voice, named[key], None, found.values[key]) for key in keys],
            voice,
            voice._("{listed}等{n}个单位"),
        )

    first = units((found.first,))
    if not found.behind:
        clause = voice.fill(
            voice._("{units}的总体得分相差不到{half}分，分不出先后"),
            units=units((found.first, *found.level)),
            half=half,
        )
        return [clause]
    nearest = found.values[found.first] - max(found.values[key] for key in found.behind)
    if not found.level:
        clause = voice.fill(
            voice.ngettext(
                "{first}的总体得分最高，比{behind}高{nearest}分",
                "{first}的总体得分最高，比其余各单位至少高{nearest}分：{behind}",
                len(found.behind),
            ),
            first=first,
            nearest=voice.score(None, nearest),
            behind=units(found.behind),
        )
        return [clause]
    return [
        voice.fill(voice._("{first}的总体得分最高"), first=first),
        voice.fill(voice._("{level}与它相差不到{half}分，分不出先后"), level=units(found.level), half=half),
        voice.fill(
            voice._("{behind}比它至少低{nearest}分"), behind=units(found.behind), nearest=voice.score(None, nearest)
        ),
    ]
