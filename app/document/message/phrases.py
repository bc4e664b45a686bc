"""Phrases that several sentences share: names with figures, lists that count what they do not spell out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.core.scoring import NodeScore
from app.document.material import Material, Subject
from app.document.values import Part
from app.document.voice import Voice

NAMES = 3  # how many names a list spells out before it counts the rest
EXTREMES = 2  # how many capabilities are named at one end
OTHERS = 2  # how many further units a sentence goes on about
OVERVIEW, COMPARISON, COVERAGE, SOURCES = "overview", "comparison", "coverage", "sources"  # anchors of the evidence


def printable(material: Material, subject: Subject) -> dict[str, Fraction]:
    """Return the first-tier scores of a unit that may be printed, by capability."""
    found = ((node.id, subject.shown(node.id)) for node in material.counted)
    return {key: node.score for key, node in found if node is not None and node.score is not None}


def others(material: Material, focus: Subject) -> list[Subject]:
    """Return the subjects beside the one in focus, in their order."""
    return [subject for subject in material.subjects if subject.id != focus.id]


def number(template: str, n: int, voice: Voice) -> tuple[Part, ...]:
    """Put a count into a text with the place {n}."""
    return voice.fill(template, n=n)


def units(subjects: Sequence[Subject], voice: Voice) -> tuple[Part, ...]:
    """Name units; of many, the first ones and how many there are."""
    return listed([(voice.name(subject.name),) for subject in subjects], voice, voice._("{listed}等{n}个单位"))


def with_score(voice: Voice, name: str, node: str | None, value: Fraction) -> tuple[Part, ...]:
    """Name something with its score in brackets."""
    return voice.fill(voice._("{name}（{figure}）"), name=name, figure=voice.score(node, value))


def with_coverage(voice: Voice, subject: Subject) -> tuple[Part, ...]:
    """Name a unit with its coverage in brackets."""
    share = voice.percent(subject.scorecard.overall.coverage or Fraction(0))
    return voice.fill(voice._("{name}（覆盖率{figure}）"), name=voice.name(subject.name), figure=share)


def with_bounds(voice: Voice, node: str, score: NodeScore) -> tuple[Part, ...]:
    """Name a capability with the bounds of its withheld score, or say that it is not assessed."""
    if score.score is None or score.bounds is None:
        return voice.fill(voice._("{name}（未评）"), name=voice.node(node))
    return voice.fill(voice._("{name}（{figure}）"), name=voice.node(node), figure=voice.bounds(node, score.bounds))


def with_scores(voice: Voice, values: dict[str, Fraction]) -> tuple[Part, ...]:
    """Name one or two capabilities with their scores; of more, the first and how many are as good as equal to it."""
    named = [with_score(voice, voice.node(key), key, value) for key, value in values.items()]
    if len(named) <= EXTREMES:
        return voice.join(named)
    return voice.fill(voice._("{first}和另外{n}项"), first=named[0], n=len(named) - 1)


def listed(items: Sequence[tuple[Part, ...]], voice: Voice, more: str) -> tuple[Part, ...]:
    """List a few items; of many, name the first ones and count them all (`more`: a text with {listed} and {n})."""
    if len(items) <= NAMES:
        return voice.join(items)
    return voice.fill(more, listed=enumerated(items[:NAMES], voice), n=len(items))


def enumerated(items: Sequence[tuple[Part, ...]], voice: Voice) -> tuple[Part, ...]:
    """Write items one after the other, without an "and" before the last."""
    parts: list[Part] = []
    for index, item in enumerate(items):
        parts.extend(((voice._("、"),) if index else ()) + item)
    return tuple(parts)
