"""Changes: the same unit in two rounds or more, before and after; with one round only, the figures to start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.compare import contributions
from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.message.changes import change_sentences, overall_change
from app.document.rounds import Change, Rounds, Turn, change, element_changes, only_in, rounds_of
from app.document.sections.method import brought_over_notes
from app.document.values import (
    Block,
    Cell,
    Listing,
    Picture,
    Section,
    Sentence,
    Statement,
    Table,
    TableColumn,
    TableRow,
)

ELEMENTS, FINDINGS, STEPS = 12, 1, 7


def changes(draft: Draft, title: str) -> Section:
    """Make a part for each unit in more than one round; a page to start from where there is none."""
    found = rounds_of(draft.material.subjects)
    if not found:
        return Section("changes", SectionKind.CHANGES, title, _single_headline(draft), (_start(draft),))
    children = tuple(_unit(draft, rounds) for rounds in found)
    blocks = (_units(draft, found),) if len(found) > 1 else ()
    return Section("changes", SectionKind.CHANGES, title, blocks=blocks, children=children)


def _start(draft: Draft) -> Table:
    nodes = [*(node.id for node in draft.material.top), None]
    return draft.matrix("changes-start", draft.voice._("以后比较的起点"), nodes)


def _single_headline(draft: Draft) -> Sentence:
    voice, subjects = draft.voice, draft.material.subjects
    if len(subjects) == 1:
        template = voice._(
            "{unit}只有{round}一轮评估，还没有变化可说；这一轮是以后比较的起点（{scored}/{all}个要素有得分）"
        )
        subject = subjects[0]
        clause = voice.fill(
            template,
            unit=voice.name(subject.name),
            round=voice.name(subject.round.name),
            scored=subject.scored,
            all=subject.applicable,
        )
    else:
        template = voice._("{n}个评估各属不同的单位，没有一个单位有两轮评估，还没有变化可说")
        clause = voice.fill(template, n=len(subjects))
    return voice.sentence("changes.one-round", clause)


def _units(draft: Draft, found: Sequence[Rounds]) -> Table:
    """Return a row per unit: overall before, after, and the change."""
    voice = draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 3),
        TableColumn(voice._("前一轮"), "text", 1.4),
        TableColumn(voice._("得分"), "number", 1.2),
        TableColumn(voice._("后一轮"), "text", 1.4),
        TableColumn(voice._("得分"), "number", 1.2),
        TableColumn(voice._("变化"), "number", 1),
        TableColumn(voice._("判断"), "state", 1.6),
    )
    rows, marks = [], []
    for rounds in found:
        pair = [voice.figures.score_mark(one.scorecard.overall) for one in (rounds.before, rounds.after)]
        marks += pair
        one = change(draft.material, rounds, None)
        rows.append(
            TableRow((
                Cell(voice.name(rounds.after.unit.name), target=f"changes-{rounds.after.unit.id}"),
                Cell(voice.name(rounds.before.round.name)),
                cell_of(pair[0]),
                Cell(voice.name(rounds.after.round.name)),
                cell_of(pair[1]),
                draft.difference(one.points),
                Cell(turn_word(draft, one.turn)),
            ))
        )  # fmt: skip
    return Table("changes-units", voice._("各单位的总体变化"), heads, tuple(rows), draft.notes(marks))


def _unit(draft: Draft, rounds: Rounds) -> Section:
    voice, unit = draft.voice, rounds.after.unit
    key = f"changes-{unit.id}"
    names = {
        "unit": voice.name(unit.name),
        "before": voice.name(rounds.before.round.name),
        "after": voice.name(rounds.after.round.name),
    }
    title = voice.text(voice._("{unit}：从{before}到{after}"), **names)
    blocks: list[Block] = []
    if (picture := _chart(draft, rounds, key)) is not None:
        blocks.append(picture)
    blocks.append(Statement(f"{key}-sentences", voice._("变了什么"), change_sentences(draft.material, voice, rounds)))
    if not (rounds.before.empty and rounds.after.empty):
        blocks.append(_figures(draft, rounds, key))
    blocks += _elements(draft, rounds, key)
    blocks += _one_round_only(draft, rounds, key)
    return Section(key, SectionKind.CHANGES, title, overall_change(draft.material, voice, rounds), tuple(blocks))


def _chart(draft: Draft, rounds: Rounds, key: str) -> Picture | None:
    """Draw the first tier and the overall in every round."""
    material, voice = draft.material, draft.voice
    nodes = [*(node.id for node in material.top), None]
    columns = [material.column(subject) for subject in rounds.subjects]
    if not any(node in column.figures for column in columns for node in nodes):
        return None
    charts = draft.charts_of(columns, own=rounds.after.id)
    tier = voice.tier(material.framework.tiers[0])
    title = voice.text(
        voice._("{unit}：各{tier}与总体，每轮一个标记"), unit=voice.name(rounds.after.unit.name), tier=tier
    )
    return Picture(f"{key}-chart", replace(charts.dot_plot(nodes, title=title), joined=True))


def _figures(draft: Draft, rounds: Rounds, key: str) -> Table:
    """Return every capability above the elements in each round, the change and what it rests on."""
    material, voice = draft.material, draft.voice
    nodes = [*(node.id for node in material.framework.walk() if node.children or node in material.top), None]
    tops = {node.id for node in material.top}
    deep = len(nodes) > len(tops) + 1
    heads = (
        TableColumn(voice._("能力"), "text", 3.4),
        *(TableColumn(voice.name(s.round.name), "number", 1.3) for s in rounds.subjects),
        TableColumn(voice._("变化"), "number", 1),
        TableColumn(voice._("判断"), "state", 1.4),
        TableColumn(voice._("得分不同"), "number", 1),
        TableColumn(voice._("覆盖不同"), "number", 1),
        TableColumn(voice._("两轮都有得分"), "number", 1.2),
    )
    rows, marks = [], []
    for node in nodes:
        found = [voice.figures.score_mark(subject.scorecard.node(node)) for subject in rounds.subjects]
        marks += found
        one = change(material, rounds, node)
        cells = (
            draft.name_cell(node),
            *map(cell_of, found),
            draft.difference(one.points, node),
            Cell(turn_word(draft, one.turn)),
            draft.difference(one.score, node),
            draft.difference(one.coverage, node),
            Cell(f"{one.shared}/{one.leaves}"),
        )
        rows.append(TableRow(cells, "total" if node is None else "heading" if deep and node in tops else "plain"))
    half = voice.exact(material.half_step)
    notes = (
        voice.text(voice._("变化 = 后一轮 − 前一轮；不到{half}分算没有变化。"), half=half),
        voice._("“得分不同”来自两轮都评过的要素；“覆盖不同”来自只有一轮评过的要素，不是单位本身的变化。"),
    )
    basis = brought_over_notes(draft, rounds.subjects)
    title = voice._("每项能力的变化")
    return Table(f"{key}-figures", title, heads, tuple(rows), (*notes, *basis, *draft.notes(marks)))


def _elements(draft: Draft, rounds: Rounds, key: str) -> list[Block]:
    """Return the elements that changed most, and what they do to the overall."""
    material, voice = draft.material, draft.voice
    found = element_changes(material, rounds)
    blocks: list[Block] = []
    parts = contributions(material.column(rounds.after), material.column(rounds.before))
    if parts is not None and parts.difference:
        columns = [material.column(subject) for subject in (rounds.after, rounds.before)]
        title = voice._("各要素对总体变化的贡献")
        chart = draft.charts_of(columns, own=rounds.after.id).waterfall(parts, limit=STEPS, title=title)
        if chart is not None:
            blocks.append(Picture(f"{key}-contributions", chart))
    if found:
        blocks.append(_element_table(draft, rounds, key, found))
    return blocks


def _element_table(draft: Draft, rounds: Rounds, key: str, found: Sequence[Change]) -> Table:
    voice = draft.voice
    limit = draft.option("elements", ELEMENTS)
    shown, rest = found[:limit], found[limit:]
    heads = (
        TableColumn(voice.name(draft.material.framework.tiers[-1].name), "text", 2.4),
        TableColumn(voice.name(rounds.before.round.name), "number", 1.1),
        TableColumn(voice.name(rounds.after.round.name), "number", 1.1),
        TableColumn(voice._("变化"), "number", 0.8),
        TableColumn(voice._("后一轮的发现"), "text", 5),
    )
    rows, marks = [], []
    for one in shown:
        pair = [voice.figures.score_mark(s.scorecard.node(one.node)) for s in (rounds.before, rounds.after)]
        marks += pair
        lines = draft.findings(rounds.after, one.node or "", draft.option("findings", FINDINGS))
        cells = (draft.name_cell(one.node), *map(cell_of, pair), draft.difference(one.points, one.node))
        rows.append(TableRow((*cells, Cell(lines=lines))))
    notes = list(draft.notes(marks))
    if rest:
        template = voice.ngettext("另有{n}个变化的要素没有列出。", "另有{n}个变化的要素没有列出。", len(rest))
        notes.insert(0, voice.text(template, n=len(rest)))
    return Table(f"{key}-elements", voice._("变化最大的要素"), heads, tuple(rows), tuple(notes))


def _one_round_only(draft: Draft, rounds: Rounds, key: str) -> list[Block]:
    """List what has a score in one of the two rounds only; nothing where one of them is empty."""
    material, voice = draft.material, draft.voice
    if rounds.before.empty or rounds.after.empty:
        return []
    groups = []
    for one, other in ((rounds.before, rounds.after), (rounds.after, rounds.before)):
        leaves = only_in(material, one, other)
        if leaves:
            name = voice.text(
                voice.ngettext("只有{round}（{n}个）", "只有{round}（{n}个）", len(leaves)),
                round=voice.name(one.round.name),
                n=len(leaves),
            )
            groups.append((name, tuple(voice.node(leaf) for leaf in leaves)))
    return [Listing(f"{key}-one-round", voice._("只有一轮有得分、不能比较的要素"), tuple(groups))] if groups else []


def turn_word(draft: Draft, turn: Turn) -> str:
    """Return the word for what became of a figure."""
    voice = draft.voice
    return {
        Turn.UP: voice._("上升"),
        Turn.DOWN: voice._("下降"),
        Turn.LEVEL: voice._("没有变化"),
        Turn.UNKNOWN: voice._("不能比较"),
    }[turn]
