"""Sentence 5: what all this rests on."""

from __future__ import annotations

from app.document.material import Material
from app.document.message.phrases import SOURCES, number, subjects_counted
from app.document.rules import basis
from app.document.values import Part, Sentence
from app.document.voice import Voice


def rests_on(material: Material, voice: Voice) -> Sentence:
    """Count what the report rests on, and name the benchmark's source with its confidence."""
    counted, label = basis(material), voice._("依据")
    clauses: list[tuple[Part, ...]] = []
    if counted.scores:
        clauses.append(
            voice.fill(
                voice._("以上依据{units}的{scores}和{findings}"),
                units=number(subjects_counted(material, counted.units, voice), counted.units, voice),
                scores=number(voice.ngettext("{n}个要素得分", "{n}个要素得分", counted.scores), counted.scores, voice),
                findings=number(voice.ngettext("{n}条发现", "{n}条发现", counted.findings), counted.findings, voice),
            )
        )
    else:
        n = len(material.framework.leaves)
        clauses.append(voice.fill(voice._("{n}个要素还没有一个得分可以依据"), n=n))
    if counted.inferred:
        inferred = voice.ngettext("其中{n}个得分由推断得出", "其中{n}个得分由推断得出", counted.inferred)
        clauses.append(voice.fill(inferred, n=counted.inferred))
    if counted.interviews:
        held = voice.ngettext("做了{n}次访谈", "做了{n}次访谈", counted.interviews)
        clauses.append(voice.fill(held, n=counted.interviews))
    if material.benchmark is not None:
        clauses.append(_benchmark_clause(material, voice))
    return voice.sentence("basis", *clauses, label=label, evidence=(SOURCES,))


def _benchmark_clause(material: Material, voice: Voice) -> tuple[Part, ...]:
    source = material.benchmark.source if material.benchmark else None
    confidence = {"low": voice._("低"), "medium": voice._("中"), "high": voice._("高")}
    n = len(material.entries)
    if source is None or not source.year or not source.confidence:
        return voice.fill(voice.ngettext("对标取自{n}家运营商", "对标取自{n}家运营商", n), n=n)
    template = voice.ngettext(
        "对标取自{n}家运营商（{year}，可信度{confidence}）", "对标取自{n}家运营商（{year}，可信度{confidence}）", n
    )
    return voice.fill(
        template, n=n, year=voice.year(source.year), confidence=confidence.get(source.confidence, source.confidence)
    )
