"""The overview: the first tier as a radar, and the unit in focus in figures."""

from __future__ import annotations

from dataclasses import replace

from app.charts.spec import RADAR_AXES, RADAR_LINES, Chart
from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.headlines.overview import overview_headline
from app.document.material import Subject
from app.document.sections.multiples import radars
from app.document.statuses import status_word
from app.document.values import Block, Cell, Picture, Section, Table, TableColumn, TableRow


def overview(draft: Draft, title: str) -> Section:
    """Show where the units stand on the first tier."""
    material = draft.material
    blocks: list[Block] = []
    if (chart := _chart(draft)) is not None:
        blocks.append(Picture("overview-chart", chart))
    blocks.append(_figures(draft, material.focus))
    if len(material.subjects) > 1:
        blocks.append(_units(draft))
    return Section("overview", SectionKind.OVERVIEW, title, overview_headline(draft), tuple(blocks))


def _chart(draft: Draft) -> Chart | None:
    material, voice = draft.material, draft.voice
    nodes = [node.id for node in material.top]
    drawn = [material.column(s) for s in material.subjects if any(s.shown(node) for node in nodes)]
    if not drawn:
        return _before_assessment(draft)
    tier = voice.tier(material.framework.tiers[0])
    median = draft.median_column
    beside = [*drawn, median] if median is not None and any(node in median.figures for node in nodes) else drawn
    title = voice.text(voice._("各{tier}的得分"), tier=tier)
    if len(nodes) not in RADAR_AXES:
        chart: Chart = draft.charts_of(beside).dot_plot(nodes, title=title)
    elif len(beside) <= RADAR_LINES:
        chart = draft.charts_of(beside).radar(nodes, title=title)
    else:
        chart = radars(draft, drawn, beside[len(drawn) :], title=title)
    # the median is one line but no carrier: n is that of the units, the line's name tells how many carriers it is of
    counted = draft.charts_of(drawn).dot_plot(nodes).caption.count
    return replace(chart, caption=replace(chart.caption, count=counted))


def _before_assessment(draft: Draft) -> Chart | None:
    """Draw the benchmark's median alone while no unit has a score to show; None without a radar's worth of it."""
    material, voice, median = draft.material, draft.voice, draft.median_column
    nodes = [node.id for node in material.top]
    if median is None or len(nodes) not in RADAR_AXES or any(node not in median.figures for node in nodes):
        return None
    template = voice._("各{tier}的对标中位数；{unit}尚无可发布的得分")
    title = voice.text(template, unit=voice.name(material.focus.name), tier=voice.tier(material.framework.tiers[0]))
    own = material.column(material.focus)
    chart = draft.charts_of([own, median]).radar(nodes, title=title)
    return replace(chart, caption=replace(chart.caption, count=draft.charts_of([own]).dot_plot(nodes).caption.count))


def _figures(draft: Draft, subject: Subject) -> Table:
    voice, card = draft.voice, subject.scorecard
    printed = [node.id for node in draft.material.top if card.node(node.id).published is not None]
    columns = [
        TableColumn(voice.name(draft.material.framework.tiers[0].name), "text", 2.6),
        TableColumn(voice._("得分"), "number", 1.2),
        TableColumn(voice._("覆盖率"), "number", 1.0),
        TableColumn(voice._("状态"), "state", 1.3),
        TableColumn(voice._("达到等级"), "state", 1.5),
    ]
    if printed:
        columns.append(TableColumn(voice._("原文得分"), "number", 1.1))
    marks, rows = [], []
    for node in (*(node.id for node in draft.material.top), None):
        score = card.node(node)
        mark = voice.figures.score_mark(score)
        marks.append(mark)
        cells = [
            draft.name_cell(node, target=f"dimension-{node}" if node else None),
            cell_of(mark),
            Cell("" if score.coverage is None else voice.percent(score.coverage).text, score.coverage),
            Cell(status_word(voice, score.status)),
            Cell(voice.level(score.attained) if subject.shown(node) else ""),
        ]
        if printed:
            cells.append(draft.printed(subject, node))
        rows.append(TableRow(tuple(cells), "total" if node is None else "plain"))
    title = voice.text(voice._("{unit}：得分、覆盖率与达到等级"), unit=voice.name(subject.name))
    return Table("overview-figures", title, tuple(columns), tuple(rows), draft.notes(marks))


def _units(draft: Draft) -> Table:
    """Return the overall figures of every unit."""
    voice = draft.voice
    heads = (
        TableColumn(voice._("受评单位"), "text", 2.6),
        TableColumn(voice._("总体得分"), "number", 1.2),
        TableColumn(voice._("覆盖率"), "number", 1.0),
        TableColumn(voice._("状态"), "state", 1.3),
        TableColumn(voice._("达到等级"), "state", 1.5),
    )
    rows, marks = [], []
    for subject in draft.material.subjects:
        overall = subject.scorecard.overall
        mark = voice.figures.score_mark(overall)
        marks.append(mark)
        name = voice.words(subject.name)
        cells = (
            Cell(name.text, language=draft.foreign(name)),
            cell_of(mark),
            Cell("" if overall.coverage is None else voice.percent(overall.coverage).text, overall.coverage),
            Cell(status_word(voice, overall.status)),
            Cell(voice.level(overall.attained) if subject.shown(None) else ""),
        )
        rows.append(TableRow(cells))
    return Table("overview-units", voice._("各单位的总体"), heads, tuple(rows), draft.notes(marks))
