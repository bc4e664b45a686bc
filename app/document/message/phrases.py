"""Phrases that several sentences share: names with figures, lists that count what they do not spell out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.core.scoring import NodeScore, Status
from app.document.material import Material, Subject
from app.document.rounds import in_rounds
from app.document.values import Part
from app.document.voice import Voice

NAMES = 3  # how many names a list spells out before it counts the rest
EXTREMES = 2  # how many capabilities are named at one end
OTHERS = 2  # how many further units a sentence goes on about
# anchors of the evidence; a report that lacks one of them drops the reference to it
OVERVIEW, COMPARISON, RANKING = "overview", "comparison", "ranking"
COVERAGE, SOURCES = "coverage", "sources"
PROFILE_FIGURES, CARRIERS = "profile-figures", "sources-carriers"


def printable(material: Material, subject: Subject) -> dict[str, Fraction]:
    """Return the first-tier scores of a unit that may be printed, by capability."""
    return printed_at(subject, [node.id for node in material.counted])


def printed_at(subject: Subject, nodes: Sequence[str]) -> dict[str, Fraction]:
    """Return the scores of a unit that may be printed, by capability."""
    found = ((node, subject.shown(node)) for node in nodes)
    return {key: score.score for key, score in found if score is not None and score.score is not None}


def others(material: Material, focus: Subject) -> list[Subject]:
    """Return the subjects beside the one in focus, in their order."""
    return [subject for subject in material.subjects if subject.id != focus.id]


def number(template: str, n: int, voice: Voice) -> tuple[Part, ...]:
    """Put a count into a text with the place {n}."""
    return voice.fill(template, n=n)


def subjects_counted(material: Material, n: int, voice: Voice) -> str:
    """Return the text that counts subjects, with the place {n}: units, or assessments where a unit is in rounds."""
    if in_rounds(material.subjects):
        return voice.ngettext("{n}份评估", "{n}份评估", n)
    return voice.ngettext("{n}个评估单位", "{n}个评估单位", n)


def units(subjects: Sequence[Subject], voice: Voice) -> tuple[Part, ...]:
    """Name units; of many, the first ones and how many there are."""
    return listed([(voice.name(subject.name),) for subject in subjects], voice, voice._("{listed}等{n}个单位"))


def figure(voice: Voice, score: NodeScore) -> tuple[Part, ...]:
    """Write a score that may be printed; a provisional one says so, with its coverage. Other scores have no words."""
    if score.score is None:
        return ()
    written = voice.score(score.id, score.score)
    if score.status is not Status.PROVISIONAL:
        return (written,)
    share = voice.percent(score.coverage or Fraction(0))
    return voice.fill(voice._("{figure}，暂定，覆盖率{coverage}"), figure=written, coverage=share)


def scored_unit(voice: Voice, subject: Subject, node: str | None) -> tuple[Part, ...]:
    """Name a unit with its printable score of a node: 深圳（2.31）, 广州（2.31，暂定，覆盖率58%）."""
    return _in_brackets(voice, voice.name(subject.name), figure(voice, subject.scorecard.node(node)))


def scored_node(voice: Voice, subject: Subject, node: str) -> tuple[Part, ...]:
    """Name a capability with a unit's printable score of it."""
    return _in_brackets(voice, voice.node(node), figure(voice, subject.scorecard.node(node)))


def _in_brackets(voice: Voice, name: str, words: tuple[Part, ...]) -> tuple[Part, ...]:
    return voice.fill(voice._("{name}（{figure}）"), name=name, figure=words)


def with_score(voice: Voice, name: str, node: str | None, value: Fraction) -> tuple[Part, ...]:
    """Name something with a figure in brackets."""
    return _in_brackets(voice, name, (voice.score(node, value),))


def with_coverage(voice: Voice, subject: Subject) -> tuple[Part, ...]:
    """Name a unit with its coverage in brackets."""
    share = voice.percent(subject.scorecard.overall.coverage or Fraction(0))
    return voice.fill(voice._("{name}（覆盖率{figure}）"), name=voice.name(subject.name), figure=share)


def with_bounds(voice: Voice, node: str, score: NodeScore) -> tuple[Part, ...]:
    """Name a capability with the bounds of its withheld score, or say that it is not assessed."""
    if score.score is None or score.bounds is None:
        return voice.fill(voice._("{name}（未评）"), name=voice.node(node))
    return voice.fill(voice._("{name}（{figure}）"), name=voice.node(node), figure=voice.bounds(node, score.bounds))


def with_scores(voice: Voice, subject: Subject, nodes: Sequence[str]) -> tuple[Part, ...]:
    """Name one or two capabilities with a unit's scores; of more, the first and how many are within half a step."""
    named = [scored_node(voice, subject, node) for node in nodes]
    if len(named) <= EXTREMES:
        return voice.join(named)
    half = voice.exact(voice.framework.scale.step / 2)
    return voice.fill(voice._("{first}和另外{n}项（差距不到{half}分）"), first=named[0], n=len(named) - 1, half=half)


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
