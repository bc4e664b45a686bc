"""Pages of carriers: what their source gives, where they stand clear of the median, what has no place here."""

from __future__ import annotations

from dataclasses import replace

from app.core.benchmark import BenchmarkSet, FigureRange, UnmappedFigure
from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.text import Locale, Text
from app.document.material import Material
from app.document.values import Document, Facts, Picture, Section, Table, Words
from tests.unit.core.trees import framework, number
from tests.unit.document.papers import FIVE, carriers, document, papers, unit

TREE = framework(FIVE)
CARRIERS = ReportDefinition("c", Text("对标"), (SectionDefinition(SectionKind.CARRIERS, options={"findings": 2}),))


def even(value: float) -> dict[str, float]:
    return dict.fromkeys(FIVE, value)


def with_first(benchmark: BenchmarkSet, **changes: object) -> BenchmarkSet:
    first, *rest = benchmark.entries
    return replace(benchmark, entries=(replace(first, **changes), *rest))  # type: ignore[arg-type]


def made(benchmark: BenchmarkSet | None, locale: Locale = "zh", **scores: float) -> Material:
    return papers(TREE, unit(TREE, "甲", scores or even(2)), benchmark=benchmark)


def worded(found: Material, locale: Locale = "zh") -> Document:
    return document(found, locale, CARRIERS)


def headline(section: Section) -> str:
    assert section.headline is not None
    return section.headline.text


def table(section: Section, end: str) -> Table:
    return next(block for block in section.blocks if isinstance(block, Table) and block.id.endswith(end))


def test_without_a_benchmark_there_is_no_section() -> None:
    assert worded(made(None)).sections == ()


def test_every_carrier_has_a_page_with_its_figures_beside_the_median() -> None:
    found = worded(made(carriers(TREE, {**even(3), "a": 4}, even(3), even(2))))
    assert [child.title for child in found.section("carriers").children] == ["运营商1", "运营商2", "运营商3"]
    row = table(found.section("carrier-carrier-1"), "-figures").rows[0]
    assert [cell.text for cell in row.cells] == ["a", "4.00", "3.00", "+1.00"]


def test_the_headline_names_ends_and_what_stands_clear_of_the_median() -> None:
    found = worded(made(carriers(TREE, {**even(3), "a": 4, "b": 2}, even(3), even(3))))
    told = headline(found.section("carrier-carrier-1"))
    assert "得分最高的是a（4.00），最低的是b（2.00），相差2.00分" in told
    assert "比对标中位数至少高0.25分的有a" in told
    assert "比对标中位数至少低0.25分的有b" in told


def test_figures_less_than_half_a_step_apart_are_not_put_in_order() -> None:
    told = headline(worded(made(carriers(TREE, {**even(3), "a": 3.2}, even(3)))).section("carrier-carrier-1"))
    assert "最高" not in told
    assert "各项与对标中位数都相差不到0.25分" in told


def test_a_carrier_without_figures_says_so_and_has_no_picture() -> None:
    section = worded(made(carriers(TREE, {}, even(3)))).section("carrier-carrier-1")
    assert headline(section) == "来源没有给出运营商1任何第1层的得分。"
    assert not [block for block in section.blocks if isinstance(block, Picture)]


def test_one_carrier_alone_is_not_held_against_its_own_median() -> None:
    section = worded(made(carriers(TREE, even(3)))).section("carrier-carrier-1")
    assert "中位数" not in headline(section)
    assert [column.title for column in table(section, "-figures").columns] == ["第1层", "得分"]


def test_what_the_source_says_stands_at_the_capability_it_belongs_to() -> None:
    told = {"a": (Text("一"), Text("二"), Text("三")), "b-1": (Text("下一层"),)}
    benchmark = with_first(carriers(TREE, even(3), even(4)), findings=told, overview=Text("概况"))
    section = worded(made(benchmark)).section("carrier-carrier-1")
    rows = table(section, "-figures").rows
    assert [line.text for line in rows[0].cells[-1].lines] == ["一", "二（另有1条）"]
    assert [line.text for line in rows[1].cells[-1].lines] == ["下一层"]
    assert section.text == Words("概况", "zh")


def test_ranges_and_figures_that_have_no_place_are_told_apart() -> None:
    benchmark = with_first(
        carriers(TREE, even(3), even(4)),
        ranges={"b-1": FigureRange(number(2.5), number(3))},
        unmapped=(UnmappedFigure("财务管理", "a", number(2.5)), UnmappedFigure("法务")),
        region="americas",
    )
    section = worded(made(benchmark)).section("carrier-carrier-1")
    facts = next(block for block in section.blocks if isinstance(block, Facts))
    told = [(fact.name, fact.value) for fact in facts.items]
    assert ("地区", "美洲") in told
    assert ("只给出区间", "b-1 2.5–3.0，取中值2.8") in told
    assert ("本框架没有的", "财务管理（原属a） 2.5分，不计入") in told
    assert ("本框架没有的", "法务") in told


def test_figures_below_the_first_tier_have_a_page_beside_the_unit_in_focus() -> None:
    benchmark = carriers(TREE, {"a": 3, "a-1": 4, "a-2": 2, "b-1": 2}, even(4))
    found = worded(made(benchmark))
    section = found.section("carrier-carrier-1-parts")
    assert headline(section) == (
        "3项运营商1与甲都有得分：1项前者至少高0.25分，0项后者至少高0.25分，2项相差不到0.25分。"
    )
    rows = table(section, "-deeper").rows
    assert [cell.text for cell in rows[0].cells] == ["a-1", "4.0", "2.0", "+2.0"]


def test_an_empty_unit_beside_a_carrier_is_not_compared() -> None:
    found = worded(papers(TREE, unit(TREE, "空白", {}), benchmark=carriers(TREE, {"a-1": 4}, even(4))))
    section = found.section("carrier-carrier-1-parts")
    assert "还没有一个单位可以与它比较" in headline(section)
    assert len(table(section, "-deeper").columns) == 2


def test_both_languages_say_the_same_figures() -> None:
    benchmark = carriers(TREE, {**even(3), "a-1": 4}, even(4))
    zh, en = (worded(made(benchmark), locale) for locale in ("zh", "en"))
    assert [section.id for section in zh.walk()] == [section.id for section in en.walk()]
    assert "highest" in headline(en.section("carrier-carrier-2")) or "none stands out" in headline(
        en.section("carrier-carrier-2")
    )
