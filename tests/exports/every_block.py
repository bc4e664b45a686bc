"""A document with every kind of block and every kind of chart, made by hand: what no shipped report has at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from app.charts.palette import unit_styles
from app.charts.spec import (
    Axis,
    Band,
    Bars,
    Caption,
    DotPlot,
    Heatmap,
    Label,
    Mark,
    Multiples,
    Radar,
    Series,
    Standing,
    Step,
    Tick,
    Waterfall,
)
from app.core.report import SectionKind
from app.core.text import Locale
from app.document.values import (
    Amount,
    Block,
    Cell,
    Document,
    Fact,
    Facts,
    Listing,
    Picture,
    Section,
    Sentence,
    Statement,
    Table,
    TableColumn,
    TableRow,
    Words,
)

AXIS = Axis(Fraction(0), Fraction(5), tuple(Tick(Fraction(n), str(n)) for n in range(6)))
STYLES = unit_styles(["a", "b", "c", "d"])
FIRM = Mark(Standing.FIRM, Fraction(7, 3), short="2.33", full="2.33")
PROVISIONAL = Mark(Standing.PROVISIONAL, Fraction(3, 2), short="1.50‡", full="1.50（暂定）")
WITHHELD = Mark(
    Standing.WITHHELD, low=Fraction(1, 2), high=Fraction(4), short="0.50–4.00", full="覆盖不足，介于 0.50–4.00"
)
OPEN = Mark(Standing.OPEN, short="○", full="未评")
NOT_APPLICABLE = Mark(Standing.NOT_APPLICABLE, short="–", full="不适用")
MARKS = (FIRM, PROVISIONAL, WITHHELD, OPEN, NOT_APPLICABLE)
LABELS = tuple(Label(f"node-{n}", name) for n, name in enumerate(("客户洞察", "渠道", "产品", "组织", "集成")))


def caption(title: str) -> Caption:
    """Return what stands around a chart."""
    return Caption("zh", title, f"{title}：替代文字", "单位：分（0–5）", "n = 3/5 个要素", "来源：自编", ("○ 未评",))


def series(key: str, marks: Sequence[Mark] = MARKS, *, own: bool = False) -> Series:
    """Return a unit's figures."""
    return Series(key, f"单位{key}", STYLES[key], tuple(marks), own)


def radar(title: str = "雷达") -> Radar:
    """Return a radar of two units."""
    return Radar(caption(title), AXIS, LABELS, (series("a", own=True), series("b")))


def waterfall() -> Waterfall:
    """Return a rise and a fall."""
    steps = (
        Step(Label("x", "甲步"), Fraction(3, 4), Fraction(0), "+0.75", "+0.75", "0.00"),
        Step(Label("y", "乙步"), Fraction(-1, 4), Fraction(0), "−0.25", "−0.25", "0.00"),
    )
    ends = (Label("b", "起点单位"), Label("a", "终点单位"))
    return Waterfall(caption("瀑布"), AXIS, *ends, Fraction(1), Fraction(3, 2), "1.00", "1.50", steps)


def charts() -> tuple[Picture, ...]:
    """Return a picture of every kind of chart."""
    band = Band(Fraction(2), Fraction(3), Fraction(4), "2.00–4.00，中位 3.00")
    lines = (series("a", own=True), series("b"), series("c", [OPEN] * 5))
    dots = DotPlot(caption("点图"), AXIS, LABELS, lines, (band, None, band, None, None), "对标范围")
    columns = (Label("a", "单位甲"), Label("b", "单位乙"))
    heat = Heatmap(caption("热图"), AXIS, LABELS, columns, tuple((mark, FIRM) for mark in MARKS))
    printed = Mark(Standing.FIRM, Fraction(12, 5), short="2.4", full="2.4")
    bars = Bars(caption("条形"), AXIS, LABELS, MARKS, (printed, None, None, None, None), "原文得分")
    panels = tuple(radar(f"小图{n}") for n in range(6))
    kinds = (radar(), Multiples(caption("小雷达"), panels), dots, heat, bars, waterfall())
    return tuple(Picture(f"chart-{type(chart).__name__.lower()}", chart) for chart in kinds)


def table(rows: int = 4, key: str = "table") -> Table:
    """Return a table with figures, signs, findings, a total."""
    columns = (TableColumn("要素", share=2.0), TableColumn("得分", "number"), TableColumn("状态", "state"))
    body = [
        TableRow(
            (
                Cell(f"第{n}项", lines=(Words(f"发现{n}", "zh"), Words(f"finding {n}", "en"))),
                Cell("1.50", Fraction(3, 2), Standing.PROVISIONAL, sign="‡"),
                Cell("可发布"),
            )
        )
        for n in range(rows)
    ]
    bounds = Cell("0.50–4.00", None, Standing.WITHHELD)
    body.append(TableRow((Cell("合计"), bounds, Cell("")), "total"))
    return Table(key, f"{key}的标题", columns, tuple(body), ("‡ 暂定：覆盖率未达标准",))


def sentence(text: str, *evidence: str, label: str = "") -> Sentence:
    """Return a sentence with a number in it."""
    return Sentence("a-rule", (text, Amount("2.33"), "分，", Words("in English", "en"), "。"), label, evidence)


def blocks() -> tuple[Block, ...]:
    """Return every kind of block."""
    return (
        Statement("statement", "说明标题", (sentence("甲得", label="标签"), sentence("乙得"))),
        *charts(),
        table(),
        Facts("facts", "事实标题", (Fact("名称", "一个值"), Fact("Name", "a value", "en"))),
        Listing("listing", "清单标题", (("组一", ("甲", "乙")), ("组二", ("丙",)))),
    )


def with_ids(found: Sequence[Block], suffix: str) -> tuple[Block, ...]:
    """Return blocks under other anchors."""
    return tuple(replace(block, id=f"{block.id}-{suffix}") for block in found)


def document(*sections: Section, locale: Locale = "zh") -> Document:
    """Return a document; without sections one of every kind, each with every block."""
    if not sections:
        sections = tuple(every_section())
    return Document(
        locale=locale,
        title="报告标题",
        subtitle="甲、乙",
        author="客户",
        footer="页眉文字",
        confidentiality="仅供内部使用",
        made_on="2026年3月2日",
        sections=sections,
        dated=date(2026, 3, 2),
    )


def every_section() -> list[Section]:
    """Return a section of every kind, one with children two deep."""
    found = []
    for number, kind in enumerate(SectionKind):
        whole = blocks()
        own: tuple[Block, ...] = (
            whole if kind is SectionKind.OVERVIEW else (whole[0], charts()[number % 6], *whole[-3:])
        )
        if kind in (SectionKind.COVER, SectionKind.CONTENTS):
            own = (Facts("facts", "事实标题", (Fact("名称", "一个值"),)),)
        if kind is SectionKind.MESSAGE:
            own = (
                Statement(
                    "statement", "五句话", tuple(sentence(f"第{n}句", "ranking", label=f"标签{n}") for n in range(5))
                ),
            )
        head = sentence(f"{kind}一节的结论：", "overview")
        text = Words("编者的话", "zh")
        plain = kind in (SectionKind.COVER, SectionKind.CONTENTS)
        found.append(
            Section(
                kind.value,
                kind,
                f"{kind}标题",
                None if plain else head,
                with_ids(own, kind.value),
                text=None if plain else text,
            )
        )
    inner = Section("inner", SectionKind.UNITS, "最里层", None, with_ids((table(),), "inner"))
    outer = Section("outer", SectionKind.UNITS, "中间层", sentence("中间："), (), (inner,))
    found.append(Section("nested", SectionKind.UNITS, "只有下级", None, (), (outer,)))
    return found


def words_of(found: Document) -> list[str]:
    """Return everything that a reader of the document reads, in its order; titles first, then blocks."""
    told: list[str] = []
    for section in found.walk():
        if section.kind is SectionKind.COVER:
            told += [found.author, found.title, found.subtitle]
        elif section.blocks or section.headline or section.text or section.kind is SectionKind.CONTENTS:
            told.append(section.title)
        told += [
            part
            for part in ((section.headline.text if section.headline else ""), section.text.text if section.text else "")
            if part
        ]
        for block in section.blocks:
            told += words_of_block(block, section)
    return told


def words_of_block(block: Block, section: Section) -> list[str]:
    """Return the words of a block, as they stand."""
    match block:
        case Statement():
            title = [] if section.kind is SectionKind.MESSAGE else [block.title]
            return title + [words for one in block.sentences for words in (one.label, one.text) if words]
        case Table():
            heads = [column.title for column in block.columns]
            cells = [
                w
                for row in block.rows
                for c in row.cells
                for w in (c.text + c.sign, *(line.text for line in c.lines))
                if w
            ]
            return [block.title, *heads, *cells, *block.notes]
        case Facts():
            title = [] if section.kind is SectionKind.COVER else [block.title]
            return title + [words for fact in block.items for words in (fact.name, fact.value)]
        case Listing():
            return [block.title, *(words for name, items in block.groups for words in (name, *items))]
        case Picture():
            return [block.chart.caption.title, *block.chart.caption.lines]
