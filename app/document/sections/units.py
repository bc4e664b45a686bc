"""The units in full: an opening page each, then a part per capability of the first tier, then one per group.

A unit without a score has its opening page alone, which says what an assessment would look at. Parts of which
nothing is known have no page; the page above names them.
"""

from __future__ import annotations

from dataclasses import replace

from app.charts.spec import RADAR_AXES, Chart
from app.core.case import State
from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.material import Subject
from app.document.sections.standing import scored_of, standing_cells, standing_heads
from app.document.sections.unit_elements import anything_recorded
from app.document.sections.unit_parts import known, unit_part
from app.document.sections.unit_sentences import unit_headline
from app.document.values import Block, Cell, Fact, Facts, Listing, Picture, Section, Table, TableColumn, TableRow


def units(draft: Draft, title: str) -> Section:
    """Make a part for each unit, in the order of the report."""
    children = tuple(_unit(draft, subject) for subject in draft.material.subjects)
    return Section("units", SectionKind.UNITS, title, children=children)


def _unit(draft: Draft, subject: Subject) -> Section:
    key = f"unit-{subject.id}"
    blocks: list[Block] = []
    if (chart := _chart(draft, subject)) is not None:
        blocks.append(Picture(f"{key}-chart", chart))
    blocks.append(_scope(draft, key) if subject.empty else _figures(draft, key, subject))
    blocks.append(_facts(draft, key, subject))
    if (missing := _missing(draft, key, subject)) is not None:
        blocks.append(missing)
    return Section(
        key,
        SectionKind.UNITS,
        draft.voice.name(subject.name),
        unit_headline(draft, subject),
        tuple(blocks),
        children=_parts(draft, key, subject),
    )


def _parts(draft: Draft, key: str, subject: Subject) -> tuple[Section, ...]:
    """Return the pages below a unit's own; a framework of elements alone has one for all of them."""
    top = draft.material.top
    if all(node.is_leaf for node in top):
        return (unit_part(draft, key, subject, None),) if known(draft, subject, None) else ()
    return tuple(
        unit_part(draft, key, subject, node) for node in top if node.children and known(draft, subject, node.id)
    )


def _chart(draft: Draft, subject: Subject) -> Chart | None:
    """Draw the unit with the benchmark's median; None where none of its figures may be shown."""
    material, voice = draft.material, draft.voice
    nodes = [node.id for node in material.top]
    if not any(subject.shown(node) for node in nodes):
        return None
    column, median = material.column(subject), draft.median_column
    title = voice.text(voice._("各{tier}的得分"), tier=voice.tier(material.framework.tiers[0]))
    alone = draft.charts_of([column], own=subject.id)
    beside = [column, median] if median is not None and any(node in median.figures for node in nodes) else [column]
    charts = draft.charts_of(beside, own=subject.id)
    chart = charts.radar(nodes, title=title) if len(nodes) in RADAR_AXES else charts.dot_plot(nodes, title=title)
    return replace(chart, caption=replace(chart.caption, count=alone.dot_plot(nodes).caption.count))


def _figures(draft: Draft, key: str, subject: Subject) -> Table:
    """Return the first tier with everything that says how far each figure may be relied on."""
    material, voice, card = draft.material, draft.voice, subject.scorecard
    heads = [
        TableColumn(voice.name(material.framework.tiers[0].name), "text", 2.6),
        *standing_heads(draft),
    ]
    compared = any(material.comparison.row(node.id).median is not None for node in material.top)
    if compared:
        heads += [TableColumn(voice._("对标中位数"), "number", 1.2), TableColumn(voice._("差"), "number", 1.0)]
    rows = []
    for node in (*(node.id for node in material.top), None):
        name = draft.name_cell(node, target=f"{key}-{node}" if node else None)
        cells = [name, *standing_cells(draft, subject, node)]
        if compared:
            median, shown = material.comparison.row(node).median, subject.shown(node)
            gap = shown.score - median if shown and shown.score is not None and median is not None else None
            cells += [draft.plain(median, node), draft.difference(gap, node)]
        rows.append(TableRow(tuple(cells), "total" if node is None else "plain"))
    notes = list(
        draft.notes(voice.figures.score_mark(card.node(node)) for node in (*(n.id for n in material.top), None))
    )
    if compared:
        notes.insert(0, voice.text(voice._("差 = {unit} − 对标中位数。"), unit=voice.name(subject.name)))
    return Table(f"{key}-figures", voice._("得分、覆盖率与达到等级"), tuple(heads), tuple(rows), tuple(notes))


def _scope(draft: Draft, key: str) -> Table:
    """Return what an assessment of a unit without a score would look at."""
    material, voice = draft.material, draft.voice
    framework = material.framework
    between = framework.tiers[1:-1]
    heads = [
        TableColumn(voice.name(framework.tiers[0].name), "text", 2.6),
        *(TableColumn(voice.name(tier.name), "number", 1.2) for tier in between),
        TableColumn(voice.name(framework.tiers[-1].name), "number", 1.2),
    ]
    compared = any(material.comparison.row(node.id).median is not None for node in material.top)
    if compared:
        heads.append(TableColumn(voice._("对标中位数"), "number", 1.2))
    rows = []
    for node in (*(node.id for node in material.top), None):
        counts = [sum(_is_below(draft, one.id, node) for one in framework.on_tier(tier.id)) for tier in between]
        counts.append(len(framework.leaves_below(node)))
        cells = [draft.name_cell(node), *(Cell(str(count)) for count in counts)]
        if compared:
            cells.append(draft.plain(material.comparison.row(node).median, node))
        rows.append(TableRow(tuple(cells), "total" if node is None else "plain"))
    note = voice._("没有得分的单位不参加比较，也不按零分计；不由其他单位推断。")
    return Table(f"{key}-scope", voice._("评估时要看的"), tuple(heads), tuple(rows), (note,))


def _is_below(draft: Draft, node: str, above: str | None) -> bool:
    return above is None or any(one.id == above for one in draft.material.framework.ancestors(node))


def _facts(draft: Draft, key: str, subject: Subject) -> Facts:
    """Say what the unit's figures rest on."""
    voice, source = draft.voice, subject.source
    judged = subject.scorecard.judgements.values()
    inferred = sum(one.state is State.INFERRED for one in judged)
    findings = sum(len(one.findings) for one in subject.agreed.values())
    counted = voice.text(voice._("{n}/{all}个要素"), n=subject.scored, all=subject.applicable)
    items = [
        (voice._("轮次"), voice.name(subject.round.name)),
        (voice._("有得分的"), counted),
        (voice._("推断"), _counted(draft, inferred) if inferred else ""),
        (voice._("发现"), str(findings) if findings else ""),
        (voice._("访谈"), str(subject.interviews) if subject.interviews else ""),
        (voice._("来源"), voice.cut(source.title) if source else ""),
        (voice._("怎样得到"), voice.cut(source.method) if source else ""),
        (voice._("备注"), voice.cut(source.note) if source else ""),
    ]
    if not subject.empty and not anything_recorded(draft, subject):
        items.append((voice._("没有记录"), voice._("受访者人数、可信度和证据强度")))
    return Facts(f"{key}-facts", voice._("依据"), tuple(Fact(name, value) for name, value in items if value))


def _missing(draft: Draft, key: str, subject: Subject) -> Listing | None:
    """Name the parts of a unit that lack scores, with how many elements have one; none where all or none do."""
    voice, framework = draft.voice, draft.material.framework
    if subject.empty:
        return None
    groups: list[tuple[str, tuple[str, ...]]] = []
    for node in draft.material.top:
        below = [one for one in draft.material.groups if node.id in {a.id for a in (*framework.ancestors(one.id), one)}]
        short = [(one, *scored_of(draft, subject, one.id)) for one in below]
        named = tuple(
            voice.text(voice._("{node} {n}/{all}"), node=voice.node(one.id), n=n, all=of)
            for one, n, of in short
            if n < of
        )
        if named:
            groups.append((voice.node(node.id), named))
    title = voice._("还要评的：有得分的要素/适用的要素")
    return Listing(f"{key}-missing", title, tuple(groups)) if groups else None


def _counted(draft: Draft, n: int) -> str:
    voice = draft.voice
    return voice.text(voice.ngettext("{n}个要素", "{n}个要素", n), n=n)
