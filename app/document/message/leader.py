"""Sentence 3: who leads, where that can be said."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.document.material import Material, Subject
from app.document.message.phrases import COMPARISON, COVERAGE, RANKING, figure, listed, scored_unit
from app.document.rules import Order, order
from app.document.values import Part, Sentence
from app.document.voice import Voice


def leader(material: Material, voice: Voice) -> Sentence:
    """Say whose overall score is highest, and only of those at least half a step below that they are behind."""
    label = voice._("谁在前")
    overall = {s.id: node.score for s in material.subjects if (node := s.shown(None)) and node.score is not None}
    if not overall:
        return voice.sentence("leader.none", _none_clause(material, voice), label=label, evidence=(COVERAGE,))
    by_id = {s.id: s for s in material.subjects}
    if len(overall) == 1:
        clauses = _single_clauses(material, voice, by_id[next(iter(overall))])
        return voice.sentence("leader.single", *clauses, label=label, evidence=(COMPARISON, RANKING))
    rule, clauses = order_clauses(material, voice, order(overall, material.half_step), None)
    return voice.sentence(f"leader.{rule}", *clauses, label=label, evidence=(COMPARISON, RANKING))


def _none_clause(material: Material, voice: Voice) -> tuple[Part, ...]:
    if len(material.subjects) == 1:
        share = voice.percent(material.focus.scorecard.overall.coverage or Fraction(0))
        template = voice._("{unit}还没有可发布的总体得分（覆盖率{coverage}），不排先后")
        return voice.fill(template, unit=voice.name(material.focus.name), coverage=share)
    return voice.fill(voice._("{n}个评估单位中没有一个有可发布的总体得分，不排先后"), n=len(material.subjects))


def _single_clauses(material: Material, voice: Voice, subject: Subject) -> list[tuple[Part, ...]]:
    """Say the one overall score there is, and how it stands to the benchmark's median."""
    template = (
        voice._("{unit}的总体得分为{score}；只有一个评估单位，不排先后")
        if len(material.subjects) == 1
        else voice._("只有{unit}有可发布的总体得分：{score}，评估单位之间不排先后")
    )
    written = figure(voice, subject.scorecard.overall)
    clauses = [voice.fill(template, unit=voice.name(subject.name), score=written)]
    if median := against_median(material, voice, subject, None):
        clauses.append(median)
    return clauses


def against_median(
    material: Material, voice: Voice, subject: Subject, node: str | None, *, scored: bool = False
) -> tuple[Part, ...]:
    """Say how far a unit's printable score lies from the benchmark's median; empty where either is not known.

    `scored` gives the unit's score with its name; else it stands in a clause before.
    """
    row, shown = material.comparison.row(node), subject.shown(node)
    if row.median is None or shown is None or shown.score is None:
        return ()
    gap = shown.score - row.median
    if abs(gap) < material.half_step:
        template = voice._("{unit}与{reference}相差不到{half}分")
    elif gap < 0:
        template = voice._("{unit}比{reference}低{gap}分")
    else:
        template = voice._("{unit}比{reference}高{gap}分")
    return voice.fill(
        template,
        unit=scored_unit(voice, subject, node) if scored else voice.name(subject.name),
        reference=reference(voice, node, row.median, row.n),
        gap=voice.score(node, abs(gap)),
        half=voice.exact(material.half_step),
    )


def reference(voice: Voice, node: str | None, median: Fraction, n: int) -> tuple[Part, ...]:
    """Name the benchmark's median with its n; the figure of a single carrier is none."""
    template = voice._("对标中位数{median}（n = {n}）") if n > 1 else voice._("对标的{median}（只有{n}家）")
    return voice.fill(template, median=voice.score(node, median), n=n)


def order_clauses(
    material: Material, voice: Voice, found: Order, node: str | None
) -> tuple[str, list[tuple[Part, ...]]]:
    """Word an order of units at a node; return its kind (`ahead`, `shared`, `undistinguished`) and the clauses.

    Nothing is said of two units that lie less than half a step apart but that they cannot be told apart.
    """
    by_id = {s.id: s for s in material.subjects}

    def units(keys: Sequence[str]) -> tuple[Part, ...]:
        return listed([scored_unit(voice, by_id[key], node) for key in keys], voice, voice._("{listed}等{n}个单位"))

    clauses: list[tuple[Part, ...]] = []
    if found.level:
        level = voice._("{units}相差不到{half}分，分不出先后")
        if node is None:
            level = voice._("{units}的总体得分相差不到{half}分，分不出先后")
        half = voice.exact(material.half_step)
        clauses.append(voice.fill(level, units=units((found.first, *found.level)), half=half))
    if not found.behind:
        return "undistinguished", clauses
    nearest = voice.score(node, found.values[found.first] - max(found.values[key] for key in found.behind))
    if found.level:
        below = voice.ngettext(
            "{behind}比{first}低{nearest}分", "{behind}都比{first}低，至少低{nearest}分", len(found.behind)
        )
        first: tuple[Part, ...] = (voice.name(by_id[found.first].name),)
    else:
        count = len(found.behind)
        below = voice.ngettext(
            "{first}最高，比{behind}高{nearest}分", "{first}最高，比其余各单位至少高{nearest}分：{behind}", count
        )
        if node is None:
            below = voice.ngettext(
                "{first}的总体得分最高，比{behind}高{nearest}分",
                "{first}的总体得分最高，比其余各单位至少高{nearest}分：{behind}",
                count,
            )
        first = units((found.first,))
    clauses.append(voice.fill(below, first=first, behind=units(found.behind), nearest=nearest))
    return ("shared" if found.level else "ahead"), clauses
