"""The sources: where each unit's figures come from, and each carrier's."""

from __future__ import annotations

from fractions import Fraction

from app.core.compare import Column
from app.core.framework import Source
from app.core.report import SectionKind
from app.document.draft import Draft
from app.document.material import Subject
from app.document.rules import basis_of
from app.document.values import Block, Cell, Fact, Facts, Section, Table, TableColumn, TableRow


def sources(draft: Draft, title: str) -> Section:
    """Name the sources."""
    blocks: list[Block] = [_units(draft), _framework(draft)]
    if draft.material.benchmark is not None:
        blocks += [_benchmark(draft), _carriers(draft)]
    return Section("sources", SectionKind.SOURCES, title, blocks=tuple(blocks))


def _units(draft: Draft) -> Table:
    voice = draft.voice
    heads = [
        TableColumn(voice._("受评单位"), "text", 2.4),
        TableColumn(voice._("轮次"), "text", 1.4),
        TableColumn(voice._("有得分的要素"), "number", 1.2),
        TableColumn(voice._("推断"), "number", 0.8),
        TableColumn(voice._("发现"), "number", 0.8),
        TableColumn(voice._("来源"), "text", 2.2),
        TableColumn(voice._("怎样得到"), "text", 2.5),
    ]
    noted = any(subject.source and subject.source.note for subject in draft.material.subjects)
    if noted:
        heads.append(TableColumn(voice._("备注"), "text", 2.6))
    rows = tuple(TableRow(_unit(draft, subject)[: len(heads)]) for subject in draft.material.subjects)
    return Table("sources-units", voice._("评估"), tuple(heads), rows)


def _unit(draft: Draft, subject: Subject) -> tuple[Cell, ...]:
    voice, source = draft.voice, subject.source or Source()
    method = source.method or ""
    if not method and subject.interviews:
        method = voice.text(voice.ngettext("{n}次访谈", "{n}次访谈", subject.interviews), n=subject.interviews)
    counted = basis_of(subject)
    return (
        Cell(voice.name(subject.name)),
        Cell(voice.name(subject.round.name)),
        *(Cell(str(n), Fraction(n)) for n in (counted.scores, counted.inferred, counted.findings)),
        Cell(voice.cut(source.title)),
        Cell(voice.cut(method)),
        Cell(voice.cut(source.note)),
    )


def _framework(draft: Draft) -> Facts:
    material, voice = draft.material, draft.voice
    source = material.framework.source or Source()
    items = (
        (voice._("名称"), f"{voice.name(material.framework.name)} {material.framework.version}"),
        (voice._("来源"), voice.cut(source.title)),
        (voice._("年份"), str(source.year) if source.year else ""),
        (voice._("备注"), voice.cut(source.note)),
    )
    return Facts("sources-framework", voice._("评估框架"), tuple(Fact(name, value) for name, value in items if value))


def _benchmark(draft: Draft) -> Facts:
    material, voice = draft.material, draft.voice
    assert material.benchmark is not None
    source = material.benchmark.source
    words = {"low": voice._("低"), "medium": voice._("中"), "high": voice._("高")}
    items = (
        (voice._("名称"), voice.name(material.benchmark.name)),
        (voice._("来源"), voice.cut(source.title)),
        (voice._("年份"), str(source.year) if source.year else ""),
        (voice._("怎样得到"), voice.cut(source.method)),
        (voice._("可信度"), words.get(source.confidence or "", "")),
        (voice._("备注"), voice.cut(source.note)),
    )
    return Facts("sources-benchmark", voice._("对标对象"), tuple(Fact(name, value) for name, value in items if value))


def _carriers(draft: Draft) -> Table:
    """List the carriers with their first-tier figures and what their source printed beyond this framework."""
    material, voice = draft.material, draft.voice
    heads = (
        TableColumn(voice._("运营商"), "text", 2.6),
        *(TableColumn(voice.node(node.id), "number", 1) for node in material.top),
        TableColumn(voice._("总体"), "number", 1),
    )
    nodes = [*(node.id for node in material.top), None]
    marks = [draft.mark(column, node) for column in material.carriers for node in nodes]
    rows = tuple(
        TableRow((_name(draft, column), *(draft.cell(column, node) for node in nodes))) for column in material.carriers
    )
    return Table("sources-carriers", voice._("对标各家的数字"), heads, rows, (*draft.notes(marks), *_unmapped(draft)))


def _name(draft: Draft, column: Column) -> Cell:
    words = draft.voice.words(column.name)
    return Cell(words.text, language=draft.foreign(words))


def _unmapped(draft: Draft) -> tuple[str, ...]:
    voice = draft.voice
    return tuple(
        voice.text(
            voice._("{carrier}另有“{name}”{score}分，本框架没有对应的能力，不计入。"),
            carrier=voice.name(entry.name),
            name=voice.cut(figure.name),
            score=voice.exact(figure.score),
        )
        for entry in draft.material.entries
        for figure in entry.unmapped
        if figure.score is not None
    )
