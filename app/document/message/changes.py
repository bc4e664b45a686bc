"""Sentences about one unit in two rounds: what changed, by how much, and on how many elements that rests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from app.document.material import Material, Subject
from app.document.message.basis import rests_on
from app.document.message.gap import largest_gap
from app.document.message.phrases import listed
from app.document.rounds import Change, Rounds, Turn, change, element_changes, only_in
from app.document.values import Amount, Part, Sentence
from app.document.voice import Voice

UNITS = 4  # how many units a message tells of, one sentence each


def progress(material: Material, voice: Voice, found: Sequence[Rounds]) -> tuple[Sentence, ...]:
    """Write the message of a report on rounds: for one unit what changed in it, for several one sentence each."""
    if len(found) == 1:
        (rounds,) = found
        anchor = f"changes-{rounds.after.unit.id}"
        first = replace(overall_change(material, voice, rounds), label=voice._("总体"))
        told = [first, *change_sentences(material, voice, rounds)]
    else:
        anchor = "changes"
        told = [
            replace(overall_change(material, voice, one), label=voice.name(one.after.unit.name), slot=one.after.unit.id)
            for one in found[:UNITS]
        ]
    placed = [replace(sentence, evidence=(anchor,)) for sentence in told]
    if len(placed) <= UNITS - 1 and material.benchmark is not None:
        placed.append(largest_gap(material, voice))
    return (*placed, rests_on(material, voice))


def overall_change(material: Material, voice: Voice, rounds: Rounds) -> Sentence:
    """Say how the overall score changed; nothing is called a change below half a step."""
    one = change(material, rounds, None)
    names = _names(voice, rounds)
    if one.before is None or one.after is None:
        return voice.sentence("changes.withheld", *_withheld(voice, rounds))
    figures = {"first": voice.score(None, one.before), "last": voice.score(None, one.after)}
    points = voice.score(None, abs(one.points or Fraction(0)))
    half = voice.exact(material.half_step)
    if one.turn is Turn.LEVEL:
        template = voice._(
            "{unit}的总体{before}为{first}分，{after}为{last}分，相差{points}分，不到{half}分，算没有变化"
        )
        clause = voice.fill(template, points=points, half=half, **figures, **names)
        return voice.sentence("changes.level", clause)
    template = (
        voice._("{unit}的总体从{before}的{first}分升到{after}的{last}分，上升{points}分")
        if one.turn is Turn.UP
        else voice._("{unit}的总体从{before}的{first}分降到{after}的{last}分，下降{points}分")
    )
    clauses = [voice.fill(template, points=points, **figures, **names)]
    clauses += _parts_clause(voice, one)
    return voice.sentence(f"changes.{one.turn.value}", *clauses)


def _parts_clause(voice: Voice, one: Change) -> list[tuple[Part, ...]]:
    """Say how much of a change is only that other elements are scored now; nothing where that rounds to nothing."""
    if one.score is None or one.coverage is None or not voice.figures.signed(one.coverage).strip("+−0."):
        return []
    template = voice._("其中{score}分来自得分不同，{coverage}分来自评过的要素不同")
    signed = voice.figures.signed
    return [voice.fill(template, score=Amount(signed(one.score)), coverage=Amount(signed(one.coverage)))]


def _withheld(voice: Voice, rounds: Rounds) -> list[tuple[Part, ...]]:
    """Say which round has no printable overall, and why."""
    unit = voice.name(rounds.after.unit.name)
    clauses = [voice.fill(voice._("{unit}的总体不能比较"), unit=unit)]
    for subject in (rounds.before, rounds.after):
        if subject.shown(None) is not None:
            continue
        round_name = voice.name(subject.round.name)
        if subject.empty:
            clauses.append(voice.fill(voice._("{round}没有一个要素有得分"), round=round_name))
        else:
            share = voice.percent(subject.scorecard.overall.coverage or Fraction(0))
            template = voice._("{round}覆盖率只有{coverage}，不出分")
            clauses.append(voice.fill(template, round=round_name, coverage=share))
    return clauses


def change_sentences(material: Material, voice: Voice, rounds: Rounds) -> tuple[Sentence, ...]:
    """Say what rose and fell, how the elements went, and what cannot be compared."""
    found = [_by_node(material, voice, rounds), _by_element(material, voice, rounds)]
    apart = _not_comparable(material, voice, rounds)
    return (*found, apart) if apart is not None else tuple(found)


def _by_node(material: Material, voice: Voice, rounds: Rounds) -> Sentence:
    """Name the capabilities of the first tier that changed, the largest change first."""
    label, tier = voice._("能力"), voice.tier(material.framework.tiers[0])
    found = [change(material, rounds, node.id) for node in material.counted]
    known = [one for one in found if one.turn is not Turn.UNKNOWN]
    half = voice.exact(material.half_step)
    if not known:
        clause = voice.fill(voice._("{n}项{tier}没有一项在两轮都有可发布的得分"), n=len(found), tier=tier)
        return voice.sentence("changes.nodes-unknown", clause, label=label, slot="nodes")
    by_turn = {turn: [one for one in known if one.turn is turn] for turn in Turn}
    clauses = [
        voice.fill(
            voice._("可比的{n}项{tier}中，{up}项上升，{down}项下降，{level}项变化不到{half}分"),
            n=len(known),
            tier=tier,
            up=len(by_turn[Turn.UP]),
            down=len(by_turn[Turn.DOWN]),
            level=len(by_turn[Turn.LEVEL]),
            half=half,
        )
    ]
    for turn, template in ((Turn.UP, voice._("上升的有{nodes}")), (Turn.DOWN, voice._("下降的有{nodes}"))):
        moved = sorted(by_turn[turn], key=lambda one: -abs(one.points or Fraction(0)))
        if moved:
            clauses.append(voice.fill(template, nodes=listed(_named(voice, moved), voice, voice._("{listed}等{n}项"))))
    return voice.sentence("changes.nodes", *clauses, label=label, slot="nodes")


def _named(voice: Voice, moved: Sequence[Change]) -> list[tuple[Part, ...]]:
    return [
        voice.fill(
            voice._("{name}（{figure}）"),
            name=voice.node(one.node),
            figure=Amount(voice.figures.signed(one.points or Fraction(0), voice.figures.decimals(one.node))),
        )
        for one in moved
    ]


def _by_element(material: Material, voice: Voice, rounds: Rounds) -> Sentence:
    """Count the elements that rose, fell or stayed, of those scored in both rounds."""
    label = voice._("要素")
    whole = change(material, rounds, None)
    moved = element_changes(material, rounds)
    if not whole.shared:
        clause = voice.fill(voice._("{n}个适用的要素没有一个在两轮都有得分"), n=whole.leaves)
        return voice.sentence("changes.elements-unknown", clause, label=label, slot="elements")
    up = sum(one.turn is Turn.UP for one in moved)
    clauses = [
        voice.fill(
            voice._("{all}个适用的要素中{n}个在两轮都有得分：{up}个上升，{down}个下降，{same}个没有变化"),
            all=whole.leaves,
            n=whole.shared,
            up=up,
            down=len(moved) - up,
            same=whole.shared - len(moved),
        )
    ]
    if moved and (best := _furthest(voice, moved)):
        clauses.append(best)
    return voice.sentence("changes.elements", *clauses, label=label, slot="elements")


def _furthest(voice: Voice, moved: Sequence[Change]) -> tuple[Part, ...]:
    widest = abs(moved[0].points or Fraction(0))
    alike = [one for one in moved if abs(one.points or Fraction(0)) == widest]
    return voice.fill(
        voice._("变化最大的是{nodes}"), nodes=listed(_named(voice, alike), voice, voice._("{listed}等{n}个"))
    )


def _not_comparable(material: Material, voice: Voice, rounds: Rounds) -> Sentence | None:
    """Count what is scored in one round only."""
    clauses = []
    for one, other in ((rounds.before, rounds.after), (rounds.after, rounds.before)):
        n = len(only_in(material, one, other))
        if n:
            template = voice.ngettext("{n}个要素只有{round}有得分", "{n}个要素只有{round}有得分", n)
            clauses.append(voice.fill(template, n=n, round=voice.name(one.round.name)))
    if not clauses:
        return None
    return voice.sentence("changes.one-round-only", *clauses, label=voice._("不能比较"), slot="one-round-only")


def _names(voice: Voice, rounds: Rounds) -> dict[str, str]:
    def named(subject: Subject) -> str:
        return voice.name(subject.round.name)

    return {"unit": voice.name(rounds.after.unit.name), "before": named(rounds.before), "after": named(rounds.after)}
