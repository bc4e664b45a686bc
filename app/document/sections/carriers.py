"""A page per carrier of the benchmark: its figures beside the median, what its source says of it, what has no place.

A carrier that is known below the first tier too has a second page, with the unit in focus beside it.
"""

from __future__ import annotations

from dataclasses import replace

from app.charts.spec import DotPlot
from app.core.benchmark import BenchmarkEntry
from app.core.compare import Column
from app.core.report import SectionKind
from app.document.draft import Draft, cell_of
from app.document.sections.carrier_details import carrier_facts, deeper_figures
from app.document.sections.carrier_sentences import above_median, carrier_headline
from app.document.values import Block, Cell, Picture, Section, Table, TableColumn, TableRow, Words

FINDINGS = 4


def carriers(draft: Draft, title: str) -> Section | None:
    """Make a part for each carrier; None without a benchmark."""
    material = draft.material
    columns = {column.id: column for column in material.carriers}
    children = tuple(_carrier(draft, entry, columns[entry.id]) for entry in material.entries)
    return Section("carriers", SectionKind.CARRIERS, title, children=children) if children else None


def _carrier(draft: Draft, entry: BenchmarkEntry, column: Column) -> Section:
    voice, key = draft.voice, f"carrier-{entry.id}"
    blocks: list[Block] = []
    if (chart := _chart(draft, column)) is not None:
        blocks.append(Picture(f"{key}-chart", chart))
    blocks.append(_figures(draft, key, entry, column))
    blocks.append(carrier_facts(draft, key, entry))
    deeper = deeper_figures(draft, key, column)
    return Section(
        key,
        SectionKind.CARRIERS,
        voice.name(entry.name),
        carrier_headline(draft, column),
        tuple(blocks),
        children=(deeper,) if deeper else (),
        text=voice.words(entry.overview) if entry.overview else None,
    )


def _chart(draft: Draft, column: Column) -> DotPlot | None:
    """Draw the carrier and the unit in focus on the range of all carriers; None where the source gives no figure."""
    material, voice = draft.material, draft.voice
    nodes = [node.id for node in material.top]
    if not any(node in column.figures for node in nodes):
        return None
    focus = [material.column(material.focus)] if any(material.focus.shown(node) for node in nodes) else []
    tier = voice.tier(material.framework.tiers[0])
    title = voice.text(voice._("{carrier}：各{tier}的得分"), carrier=voice.name(column.name), tier=tier)
    alone = draft.charts_of([column, *focus], own=column.id).dot_plot(nodes, title=title)
    if len(material.carriers) < 2:
        return alone
    ranged = draft.charts_of([*focus, *material.carriers]).dot_plot(nodes, title=title)
    caption = replace(ranged.caption, description=alone.caption.description)
    return replace(alone, caption=caption, bands=ranged.bands, band_name=ranged.band_name)


def _figures(draft: Draft, key: str, entry: BenchmarkEntry, column: Column) -> Table:
    """Return the first tier with what the source says of it; findings on capabilities below stand at the one above."""
    material, voice = draft.material, draft.voice
    several = len(material.carriers) > 1
    heads = [
        TableColumn(voice.name(material.framework.tiers[0].name), "text", 2.6),
        TableColumn(voice._("得分"), "number", 1.1),
    ]
    if several:
        heads += [TableColumn(voice._("对标中位数"), "number", 1.5), TableColumn(voice._("差"), "number", 1.1)]
    if entry.findings:
        heads.append(TableColumn(voice._("来源怎样说"), "text", 13))
    marks, rows = [], []
    for node in (*(node.id for node in material.top), None):
        mark = draft.mark(column, node)
        marks.append(mark)
        cells = [draft.name_cell(node, target=f"dimension-{node}" if node else None), cell_of(mark)]
        if several:
            cells += [draft.plain(material.comparison.row(node).median, node), _gap(draft, column, node)]
        if entry.findings:
            cells.append(Cell(lines=_quoted(draft, entry, node)))
        rows.append(TableRow(tuple(cells), "total" if node is None else "plain"))
    notes = list(draft.notes(marks))
    if several:
        template = voice._("差 = 得分 − 对标中位数（{n}家，本家在内）。")
        notes.insert(0, voice.text(template, n=len(material.carriers)))
    return Table(f"{key}-figures", voice._("得分"), tuple(heads), tuple(rows), tuple(notes))


def _gap(draft: Draft, column: Column, node: str | None) -> Cell:
    found = above_median(draft, column, node)
    return Cell() if found is None else draft.difference(found, node)


def _quoted(draft: Draft, entry: BenchmarkEntry, node: str | None) -> tuple[Words, ...]:
    """Quote what the source says of a capability of the first tier, and of those below it."""
    if node is None:
        return ()
    framework = draft.material.framework
    told = [
        text
        for one in framework.walk()
        if one.id == node or any(above.id == node for above in framework.ancestors(one.id))
        for text in entry.findings.get(one.id, ())
    ]
    return draft.quoted(told, draft.option("findings", FINDINGS))
