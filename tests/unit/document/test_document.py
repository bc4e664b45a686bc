"""The whole document: complete, consistent and honest for every kind of data and framework."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.charts.spec import Bars, Chart, DotPlot, Heatmap, Mark, Multiples, Radar, Standing
from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.text import LOCALES, Locale, Text
from app.document.material import Material
from app.document.values import Block, Cell, Document, Facts, Listing, Picture, Statement, Table, Words
from tests.unit.core.trees import QUARTERS, framework, number
from tests.unit.document.papers import EVERYTHING, FIVE, carriers, document, flat, papers, unit

TREE = framework(FIVE)


def even(value: float) -> dict[str, float]:
    return dict.fromkeys(FIVE, value)


def deep(tiers: int) -> dict[str, object]:
    inside: dict[str, object] = {f"x{tiers}-{place}": None for place in (1, 2)}
    for tier in range(tiers - 1, 0, -1):
        inside = {f"x{tier}": inside}
    return inside


def one_tier() -> Material:
    tree = flat(["a", "b", "c"])
    return papers(tree, unit(tree, "甲", {"a": 1, "b": 2.5}), unit(tree, "乙", {"a": 4}))


def four_tiers() -> Material:
    tree = framework(deep(4), scale=QUARTERS)
    leaves = [leaf.id for leaf in tree.leaves]
    return papers(tree, unit(tree, "甲", {leaf: 1 + n / 4 for n, leaf in enumerate(leaves)}))


def eight_units() -> Material:
    units = [unit(TREE, f"单位{place}", even(place / 2)) for place in range(7)]
    return papers(TREE, *units, unit(TREE, "空白", {}), benchmark=carriers(TREE, even(3), even(4)))


def mixed() -> Material:
    return papers(
        TREE,
        unit(TREE, "整体", {**even(2), "a-1": 4.5, "b-1": 0.5}),
        unit(TREE, "部分", {"a": 1.5, "b-1": "unknown"}),
        unit(TREE, "空白", {}),
        benchmark=carriers(TREE, {**even(3), "a-1": 2}, even(4)),
    )


def alone_and_empty() -> Material:
    return papers(TREE, unit(TREE, "空白", {}))


KINDS = [one_tier, four_tiers, eight_units, mixed, alone_and_empty]


def blocks(found: Document) -> Iterator[Block]:
    for section in found.walk():
        yield from section.blocks


def tables(found: Document) -> Iterator[Table]:
    return (block for block in blocks(found) if isinstance(block, Table))


def cells(found: Document) -> Iterator[Cell]:
    return (cell for table in tables(found) for row in table.rows for cell in row.cells)


def marks(chart: Chart) -> Iterator[Mark]:
    match chart:
        case Radar() | DotPlot():
            for series in chart.series:
                yield from series.marks
        case Multiples():
            for panel in chart.panels:
                yield from marks(panel)
        case Heatmap():
            for row in chart.cells:
                yield from row
        case Bars():
            yield from chart.marks


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_reference_leads_somewhere_and_every_anchor_is_one(kind: object, locale: Locale) -> None:
    found = document(kind(), locale)  # type: ignore[operator]
    anchors = Counter([section.id for section in found.walk()] + [block.id for block in blocks(found)])
    assert {name: n for name, n in anchors.items() if n > 1} == {}
    evidence = {anchor for sentence in found.message for anchor in sentence.evidence}
    assert evidence <= anchors.keys()
    assert {cell.target for cell in cells(found) if cell.target} <= anchors.keys()
    assert {entry.target for entry in found.contents} <= anchors.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_has_a_cell_for_every_column(kind: object) -> None:
    for table in tables(document(kind())):  # type: ignore[operator]
        assert {len(row.cells) for row in table.rows} <= {len(table.columns)}, table.id
        assert table.rows, table.id


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_withheld_shows_bounds_and_carries_no_value(kind: object) -> None:
    found = document(kind())  # type: ignore[operator]
    for cell in cells(found):
        if cell.standing is Standing.WITHHELD:
            assert cell.value is None
            assert "–" in cell.text
    for block in blocks(found):
        if isinstance(block, Picture):
            assert all(mark.value is None for mark in marks(block.chart) if mark.standing is Standing.WITHHELD)


def test_a_thin_unit_prints_its_bounds_and_nowhere_its_score() -> None:
    found = document(mixed())
    (row,) = [row for row in _table(found, "coverage-figures").rows if row.cells[0].text == "部分"]
    assert row.cells[4] == Cell("0.30–4.30", None, Standing.WITHHELD)
    assert row.cells[3].text == "覆盖不足"


def test_an_empty_unit_alone_has_no_pages_of_nothing() -> None:
    found = document(alone_and_empty())
    assert [section.id for section in found.sections] == [
        "cover", "message", "contents", "overview", "coverage", "method", "sources", "changes", "units", "glossary",
        "words-22",
    ]  # fmt: skip
    listing = next(block for block in blocks(found) if isinstance(block, Listing))
    assert sum(len(names) for _, names in listing.groups) == 10


def test_an_empty_unit_among_others_is_not_listed_element_by_element() -> None:
    listings = [block.id for block in blocks(document(mixed())) if isinstance(block, Listing)]
    assert listings == ["coverage-open-部分", "unit-部分-missing"]


def test_elements_stand_in_the_appendix_with_scores_and_findings_of_every_unit() -> None:
    table = _table(document(mixed()), "group-a-figures")
    assert [column.title for column in table.columns] == ["第2层", "得分", "整体：发现", "得分", "部分：发现"]
    assert [cell.text for cell in table.rows[0].cells] == ["a-1", "4.5", "", "1.5", ""]
    assert table.rows[0].cells[2].lines == (Words("a-1的发现", "zh"),)


def test_more_units_than_fit_side_by_side_get_a_row_each() -> None:
    table = _table(document(eight_units()), "group-a-figures")
    assert len(table.columns) == 4
    assert len(table.rows) == 2 * 7


def test_findings_beyond_the_limit_are_counted() -> None:
    subject = unit(TREE, "整体", even(2))
    agreed = dict(subject.agreed)
    agreed["a-1"] = replace(agreed["a-1"], findings=tuple(Text(f"发现{n}") for n in range(5)))
    definition = ReportDefinition(
        "r", Text("报告"), (SectionDefinition(SectionKind.APPENDIX, options={"findings": 2}),)
    )
    found = document(papers(TREE, replace(subject, agreed=agreed)), definition=definition)
    lines = _table(found, "group-a-figures").rows[0].cells[2].lines
    assert [line.text for line in lines] == ["发现0", "发现1（另有3条）"]


def test_printed_figures_stand_beside_computed_ones_with_their_difference() -> None:
    subject = unit(TREE, "整体", even(2))
    nodes = dict(subject.scorecard.nodes)
    nodes["a"] = replace(nodes["a"], published=number("2.13"))
    printed = replace(subject, scorecard=replace(subject.scorecard, nodes=nodes), published_decimals=2)
    found = document(papers(TREE, printed))
    (row,) = _table(found, "published-figures").rows
    assert [cell.text for cell in row.cells] == ["a", "2.13", "2.00", "+0.13"]
    assert found.section("published").headline is not None
    assert "1个不符" in found.section("published").headline.text  # type: ignore[union-attr]


def test_the_definition_settles_order_titles_and_texts() -> None:
    definition = ReportDefinition(
        "own",
        Text("客户报告"),
        (
            SectionDefinition(SectionKind.SOURCES),
            SectionDefinition(SectionKind.MESSAGE, Text("结论"), Text("请先读这里。")),
        ),
        title=Text("客户自己的标题"),
    )
    found = document(mixed(), definition=definition)
    assert found.title == "客户自己的标题"
    assert [section.title for section in found.sections] == ["资料来源", "结论"]
    assert found.sections[1].text == Words("请先读这里。", "zh")
    assert found.message[0].evidence == ()  # the pages it would point to are not in this report


def test_names_without_a_translation_say_their_language() -> None:
    found = document(mixed(), "en")
    named = [cell for cell in cells(found) if cell.text == "a"]
    assert named
    assert {cell.language for cell in named} == {"zh"}


def test_huge_words_are_cut() -> None:
    subject = unit(TREE, "整体", even(2))
    agreed = dict(subject.agreed)
    agreed["a-1"] = replace(agreed["a-1"], findings=(Text("长" * 100_000),))
    found = document(papers(TREE, replace(subject, agreed=agreed)))
    longest = max(len(line.text) for cell in cells(found) for line in cell.lines)
    assert longest == 2000


def test_both_languages_have_the_same_sections_rows_and_values() -> None:
    zh, en = document(mixed()), document(mixed(), "en")
    assert [section.id for section in zh.walk()] == [section.id for section in en.walk()]
    assert [cell.value for cell in cells(zh)] == [cell.value for cell in cells(en)]
    assert [cell.text for cell in cells(zh) if cell.value is not None] == [
        cell.text for cell in cells(en) if cell.value is not None
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_is_filled_in(kind: object) -> None:
    for found in (document(kind(), locale) for locale in LOCALES):  # type: ignore[operator]
        assert "{" not in "".join(_texts(found))


def _table(found: Document, table_id: str) -> Table:
    return next(table for table in tables(found) if table.id == table_id)


def _texts(found: Document) -> Iterator[str]:
    for section in found.walk():
        yield section.title
        if section.headline:
            yield section.headline.text
    for block in blocks(found):
        match block:
            case Table():
                yield block.title
                yield from block.notes
                yield from (column.title for column in block.columns)
                yield from (cell.text for row in block.rows for cell in row.cells)
            case Facts():
                yield from (fact.name + fact.value for fact in block.items)
            case Statement():
                yield from (sentence.text for sentence in block.sentences)
            case Picture():
                yield block.chart.caption.title + block.chart.caption.description
            case Listing():
                yield from (name for _, names in block.groups for name in names)


def test_every_kind_of_section_can_be_built() -> None:
    assert {section.kind for section in document(mixed()).sections} >= {part.kind for part in EVERYTHING.sections} - {
        SectionKind.PUBLISHED,
        SectionKind.DIFFERENCE,
    }
