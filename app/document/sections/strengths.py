"""Strengths and gaps, unit by unit: the highest and the lowest elements with their findings, and how far to the median.

The rule: an element is strong (weak) when it lies at least half a step above (below) the mean of the unit's scored
elements. Nothing is called strong that is not further from the middle than two scores must be to be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.message.phrases import units
from app.document.rules import gaps
from app.document.values import Amount, Block, Cell, Section, Sentence, Statement, Table, TableColumn, TableRow

ELEMENTS, FINDINGS = 4, 2


def strengths(draft: Draft, title: str) -> Section | None:
    """Make a part for each unit that has scores; None where no unit has any."""
    material = draft.material
    children = tuple(_unit(draft, subject) for subject in material.subjects if not subject.empty)
    if not children:
        return None
    empty = [subject for subject in material.subjects if subject.empty]
    blocks = (_absent(draft, empty),) if empty else ()
    return Section("strengths", SectionKind.STRENGTHS, title, blocks=blocks, children=children)


def _absent(draft: Draft, empty: Sequence[Subject]) -> Statement:
    """Say which units are missing here, and why."""
    voice = draft.voice
    template = voice._("{units}尚未评估（{n}个要素都没有得分），谈不上强项与差距")
    clause = voice.fill(template, units=units(empty, voice), n=len(draft.material.framework.leaves))
    return Statement("strengths-absent", voice._("不在此列"), (voice.sentence("strengths.absent", clause),))


def _unit(draft: Draft, subject: Subject) -> Section:
    material, voice = draft.material, draft.voice
    scores = _scores(subject)
    mean = sum(scores.values(), Fraction(0)) / len(scores)
    strong = sorted((k for k, v in scores.items() if v - mean >= material.half_step), key=lambda k: -scores[k])
    weak = sorted((k for k, v in scores.items() if mean - v >= material.half_step), key=lambda k: scores[k])
    key = f"strengths-{subject.id}"
    limit = draft.option("elements", ELEMENTS)
    blocks: list[Block] = []
    for name, found, heading in (
        ("strong", strong, voice._("强项：得分最高的要素")),
        ("weak", weak, voice._("弱项：得分最低的要素")),
    ):
        if found:
            blocks.append(_elements(draft, subject, f"{key}-{name}", heading, found, limit=limit, mean=mean))
    if not blocks:
        blocks.append(_elements(draft, subject, f"{key}-all", voice._("已评要素"), list(scores), limit=limit))
    if (table := _gaps(draft, subject)) is not None:
        blocks.append(table)
    title = voice.text(voice._("{unit}：强项与差距"), unit=voice.name(subject.name))
    headline = _headline(draft, subject, len(scores), mean, strong=len(strong), weak=len(weak))
    return Section(key, SectionKind.STRENGTHS, title, headline, tuple(blocks))


def _scores(subject: Subject) -> dict[str, Fraction]:
    nodes = (subject.scorecard.node(leaf.id) for leaf in subject.scorecard.framework.leaves)
    return {str(node.id): node.score for node in nodes if node.score is not None}


def _headline(draft: Draft, subject: Subject, n: int, mean: Fraction, *, strong: int, weak: int) -> Sentence:
    voice = draft.voice
    half = voice.exact(draft.material.half_step)
    values: dict[str, str | int | Amount] = {
        "unit": voice.name(subject.name),
        "n": n,
        "mean": voice.score(None, mean),
        "half": half,
    }
    if not strong and not weak:
        template = voice._("{unit}已评的{n}个要素都与平均{mean}分相差不到{half}分，分不出强弱")
        return voice.sentence("strengths.level", voice.fill(template, **values))
    template = voice._(
        "{unit}已评的{n}个要素平均{mean}分；{strong}个高于平均{half}分或更多，{weak}个低于平均{half}分或更多"
    )
    return voice.sentence("strengths.counted", voice.fill(template, strong=strong, weak=weak, **values))


def _elements(
    draft: Draft,
    subject: Subject,
    table_id: str,
    title: str,
    found: Sequence[str],
    *,
    limit: int,
    mean: Fraction | None = None,
) -> Table:
    voice = draft.voice
    shown, rest = found[:limit], found[limit:]
    marks = [voice.figures.score_mark(subject.scorecard.node(leaf)) for leaf in shown]
    heads = (
        TableColumn(voice.name(draft.material.framework.tiers[-1].name), "text", 2.2),
        TableColumn(voice._("得分"), "number", 0.7),
        TableColumn(voice._("发现"), "text", 6.6),
    )
    rows = tuple(
        TableRow((
            draft.name_cell(leaf),
            cell_of(mark),
            Cell(lines=draft.findings(subject, leaf, draft.option("findings", FINDINGS))),
        ))
        for leaf, mark in zip(shown, marks, strict=True)
    )  # fmt: skip
    notes = [_left_out(draft, subject, shown, rest)] if rest and mean is not None else []
    return Table(table_id, title, heads, rows, (*notes, *draft.notes(marks)))


def _left_out(draft: Draft, subject: Subject, shown: Sequence[str], rest: Sequence[str]) -> str:
    """Count what is left out, and how much of it has the same score as the last that is shown."""
    voice, card = draft.voice, subject.scorecard
    last = card.node(shown[-1]).score if shown else None
    alike = sum(card.node(leaf).score == last for leaf in rest)
    if alike:
        template = voice.ngettext(
            "另有{n}个没有列出，其中{alike}个与所列最后一个同分。",
            "另有{n}个没有列出，其中{alike}个与所列最后一个同分。",
            len(rest),
        )
        return voice.text(template, n=len(rest), alike=alike)
    return voice.text(voice.ngettext("另有{n}个没有列出。", "另有{n}个没有列出。", len(rest)), n=len(rest))


def _gaps(draft: Draft, subject: Subject) -> Table | None:
    """List the distance to the benchmark's median on the first tier, largest first; None where nothing compares."""
    material, voice = draft.material, draft.voice
    found = gaps(material, subject)
    if not found:
        return None
    heads = (
        TableColumn(voice.name(material.framework.tiers[0].name), "text", 2.9),
        TableColumn(voice._("得分"), "number", 0.8),
        TableColumn(voice._("对标中位数"), "number", 1.9),
        TableColumn(voice._("差距"), "number", 0.8),
        TableColumn(voice._("家数"), "number", 0.9),
        TableColumn(voice._("判断"), "state", 1.9),
    )
    marks = [voice.figures.score_mark(subject.scorecard.node(gap.node)) for gap in found]
    rows = tuple(
        TableRow((
            draft.name_cell(gap.node, target=f"dimension-{gap.node}"),
            cell_of(mark),
            draft.plain(gap.median, gap.node),
            draft.difference(-gap.gap, gap.node),
            Cell(str(gap.n), Fraction(gap.n)),
            Cell(_judged(draft, gap.gap)),
        ))
        for gap, mark in zip(found, marks, strict=True)
    )  # fmt: skip
    half = voice.exact(material.half_step)
    note = voice.text(voice._("差距 = 得分 − 对标中位数；不到{half}分算持平。"), half=half)
    title = voice._("与对标中位数的差距")
    return Table(f"strengths-{subject.id}-gaps", title, heads, rows, (note, *draft.notes(marks)))


def _judged(draft: Draft, gap: Fraction) -> str:
    voice, half = draft.voice, draft.material.half_step
    if abs(gap) < half:
        return voice._("持平")
    return voice._("低于中位数") if gap > 0 else voice._("高于中位数")
