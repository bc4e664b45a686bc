"""Sentence 4: what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.core.case import State
from app.document.material import Material, Subject
from app.document.message.phrases import COVERAGE, OTHERS, listed, units, with_bounds, with_coverage
from app.document.rules import unknowns
from app.document.values import Part, Sentence
from app.document.voice import Voice


def not_known(material: Material, voice: Voice) -> Sentence:
    """Say which units are empty, withheld or provisional, and what is missing in the others."""
    found = unknowns(material)
    label = voice._("还不知道什么")
    clauses: list[tuple[Part, ...]] = []
    if found.empty:
        clauses.append(
            voice.fill(
                voice.ngettext(
                    "{units}尚未评估（{n}个要素都没有得分）",
                    "{units}尚未评估（各{n}个要素都没有得分）",
                    len(found.empty),
                ),
                units=units(found.empty, voice),
                n=len(material.framework.leaves),
            )
        )
    if found.withheld:
        clauses.append(_withheld_clause(voice, found.withheld))
    if found.provisional:
        covered = [with_coverage(voice, subject) for subject in found.provisional]
        clauses.append(
            voice.fill(
                voice._("总体得分只是暂定的有{units}"), units=listed(covered, voice, voice._("{listed}等{n}个单位"))
            )
        )
    by_id = {subject.id: subject for subject in material.subjects}
    if len(found.thin) == 1:
        clauses += [_thin_clause(voice, by_id[key], nodes) for key, nodes in found.thin.items()]
    elif found.thin:
        tier = voice.tier(material.framework.tiers[0])
        thin = voice.fill(voice._("{n}个单位有{tier}覆盖不足、不出分"), n=len(found.thin), tier=tier)
        clauses.append(thin)
    missing = [(by_id[key], states) for key, states in found.missing.items()]
    if missing:
        counted = [
            voice.fill(
                voice.ngettext("{unit}{n}个{why}", "{unit}{n}个{why}", states.total()),
                unit=voice.name(subject.name),
                n=states.total(),
                why=_why(voice, set(states)),
            )
            for subject, states in missing
        ]
        clauses.append(
            voice.fill(voice._("没有得分的要素：{units}"), units=listed(counted, voice, voice._("{listed}等{n}个单位")))
        )
    if not clauses:
        clause = voice.fill(
            voice._("没有缺口：所选单位适用的要素都有得分（共{n}个）"), n=sum(s.scored for s in material.subjects)
        )
        return voice.sentence("unknown.nothing", clause, label=label, evidence=(COVERAGE,))
    return voice.sentence("unknown.some", *clauses, label=label, evidence=(COVERAGE,))


def _withheld_clause(voice: Voice, subjects: Sequence[Subject]) -> tuple[Part, ...]:
    if len(subjects) > OTHERS:
        names = listed([with_coverage(voice, subject) for subject in subjects], voice, voice._("{listed}等{n}个单位"))
        return voice.fill(voice._("{units}覆盖不足，总体不出分"), units=names)
    details = [
        voice.fill(
            voice._("{unit}覆盖率只有{coverage}，总体不出分，只知道在{bounds}分之间"),
            unit=voice.name(subject.name),
            coverage=voice.percent(overall.coverage or Fraction(0)),
            bounds=voice.bounds(None, overall.bounds),
        )
        for subject in subjects
        if (overall := subject.scorecard.overall).bounds is not None
    ]
    parts: list[Part] = []
    for index, detail in enumerate(details):
        parts.extend(((voice._("；"),) if index else ()) + detail)
    return tuple(parts)


def _thin_clause(voice: Voice, subject: Subject, nodes: Sequence[str]) -> tuple[Part, ...]:
    named = [with_bounds(voice, node, subject.scorecard.node(node)) for node in nodes]
    return voice.fill(
        voice._("{unit}覆盖不足、不出分的有{nodes}"),
        unit=voice.name(subject.name),
        nodes=listed(named, voice, voice._("{listed}等{n}项")),
    )


def _why(voice: Voice, states: set[State]) -> str:
    if states == {State.ILLEGIBLE}:
        return voice._("（原文无法辨认）")
    if states == {State.UNKNOWN}:
        return voice._("（不清楚）")
    return ""
