"""The appendix: for each group of elements a bar chart and a table with scores and findings."""

from __future__ import annotations

from app.charts.build import element_bars
from app.charts.spec import Standing
from app.core.framework import Capability
from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.material import Subject
from app.document.values import Block, Cell, Picture, Section, Table, TableColumn, TableRow

FINDINGS = 6
UNSCORED = (Standing.OPEN, Standing.NOT_APPLICABLE)  # told in words here, not by a sign
BESIDE = 3  # units that fit side by side: bars and findings in a column each; more get dots and a row each


def appendix(draft: Draft, title: str) -> Section | None:
    """Make a part for each group in which any unit has a score or a finding; None where there is none."""
    children = tuple(part for group in _groups(draft) if (part := _part(draft, group)) is not None)
    return Section("appendix", SectionKind.APPENDIX, title, children=children) if children else None


def _groups(draft: Draft) -> tuple[Capability | None, ...]:
    return draft.material.groups or (None,)


def _part(draft: Draft, group: Capability | None) -> Section | None:
    material, voice = draft.material, draft.voice
    leaves = group.children if group else material.framework.capabilities
    known = [s for s in material.subjects if any(_known(s, leaf.id) for leaf in leaves)]
    if not known:
        return None
    key = f"group-{group.id}" if group else "group-all"
    name = voice.node(group.id if group else None)
    above = material.framework.ancestors(group.id) if group else ()
    title = voice.text(voice._("{above}：{name}"), above=voice.node(above[0].id), name=name) if above else name
    beside = len(known) <= BESIDE
    pictures = _bars(draft, group, known) if beside else _dots(draft, key, leaves)
    table = _columns(draft, key, leaves, known) if beside else _rows(draft, key, leaves, known)
    return Section(key, SectionKind.APPENDIX, title, blocks=(*pictures, table))


def _known(subject: Subject, leaf: str) -> bool:
    agreed = subject.agreed.get(leaf)
    return subject.scorecard.node(leaf).score is not None or bool(agreed and agreed.findings)


def _bars(draft: Draft, group: Capability | None, known: list[Subject]) -> list[Block]:
    voice, node = draft.voice, group.id if group else None
    key = f"group-{node or 'all'}"
    return [
        Picture(
            f"{key}-chart-{subject.id}",
            element_bars(
                subject.scorecard,
                node,
                voice.locale,
                source=(subject.source.title or "") if subject.source else "",
                published_decimals=subject.published_decimals,
                title=_titled(draft, subject, node),
            ),
        )
        for subject in known
    ]


def _titled(draft: Draft, subject: Subject, node: str | None) -> str:
    """Name a unit with its figure for the group, or why there is none."""
    voice = draft.voice
    mark = voice.figures.score_mark(subject.scorecard.node(node))
    return voice.text(voice._("{unit}：{figure}"), unit=voice.name(subject.name), figure=mark.full)


def _dots(draft: Draft, key: str, leaves: tuple[Capability, ...]) -> list[Block]:
    title = draft.voice._("各单位的要素得分")
    chart = draft.charts_of(draft.material.cases).dot_plot([leaf.id for leaf in leaves], title=title)
    return [Picture(f"{key}-chart", chart)]


def _columns(draft: Draft, key: str, leaves: tuple[Capability, ...], known: list[Subject]) -> Table:
    """Return a row per element, a column of scores and one of findings per unit."""
    voice = draft.voice
    heads = [TableColumn(voice.name(draft.material.framework.tiers[-1].name), "text", 2.2)]
    for subject in known:
        heads.append(TableColumn(voice._("得分"), "number", 0.8))
        findings = voice.text(voice._("{unit}：发现"), unit=voice.name(subject.name))
        heads.append(TableColumn(findings, "text", 12 / len(known)))
    rows, marks = [], []
    for leaf in leaves:
        cells = [draft.name_cell(leaf.id)]
        for subject in known:
            mark = voice.figures.score_mark(subject.scorecard.node(leaf.id))
            marks.append(mark)
            lines = draft.findings(subject, leaf.id, draft.option("findings", FINDINGS))
            cells += [cell_of(mark, full=mark.standing in UNSCORED), Cell(lines=lines)]
        rows.append(TableRow(tuple(cells)))
    return Table(
        f"{key}-figures",
        voice._("得分与发现"),
        tuple(heads),
        tuple(rows),
        draft.notes(mark for mark in marks if mark.standing not in UNSCORED),
    )


def _rows(draft: Draft, key: str, leaves: tuple[Capability, ...], known: list[Subject]) -> Table:
    """Return a row per element and unit."""
    voice = draft.voice
    heads = (
        TableColumn(voice.name(draft.material.framework.tiers[-1].name), "text", 2.4),
        TableColumn(voice._("受评单位"), "text", 2.4),
        TableColumn(voice._("得分"), "number", 0.9),
        TableColumn(voice._("发现"), "text", 8),
    )
    rows, marks = [], []
    for leaf in leaves:
        for index, subject in enumerate(known):
            mark = voice.figures.score_mark(subject.scorecard.node(leaf.id))
            marks.append(mark)
            unit = Cell(voice.name(subject.name))
            lines = Cell(lines=draft.findings(subject, leaf.id, draft.option("findings", FINDINGS)))
            name = draft.name_cell(leaf.id) if index == 0 else Cell()
            rows.append(
                TableRow(
                    (name, unit, cell_of(mark, full=mark.standing in UNSCORED), lines),
                    "heading" if index == 0 else "plain",
                )
            )
    return Table(
        f"{key}-figures",
        voice._("得分与发现"),
        heads,
        tuple(rows),
        draft.notes(mark for mark in marks if mark.standing not in UNSCORED),
    )
