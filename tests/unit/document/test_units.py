"""Pages of units: an opening page each, parts only where something is known, and what every score rests on."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from app.charts.spec import Standing
from app.core.case import AgreedScore, State
from app.core.framework import Framework, Method
from app.core.judging import RespondentAnswers, judge
from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.scoring import score
from app.core.text import Locale, Text
from app.document.material import Material, Subject
from app.document.values import Document, Facts, Listing, Picture, Section, Table
from tests.unit.core.trees import framework, number
from tests.unit.document.papers import FIVE, carriers, document, flat, papers, unit

TREE = framework(FIVE)
THREE = framework({"a": {"a1": {"a11": None, "a12": None}, "a2": {"a21": None}}, "b": {"b1": {"b11": None}}})
UNITS = ReportDefinition("units", Text("单位"), (SectionDefinition(SectionKind.UNITS),))


def even(value: float) -> dict[str, float]:
    return dict.fromkeys(FIVE, value)


def worded(found: Material, locale: Locale = "zh") -> Document:
    return document(found, locale, UNITS)


def of(found: Document, kind: type, section: str) -> list[object]:
    return [block for block in found.section(section).blocks if isinstance(block, kind)]


def table(found: Document, table_id: str) -> Table:
    return next(b for s in found.walk() for b in s.blocks if isinstance(b, Table) and b.id == table_id)


def headline(section: Section) -> str:
    assert section.headline is not None
    return section.headline.text


def test_a_unit_has_a_page_then_one_per_capability_then_its_groups() -> None:
    found = worded(papers(THREE, unit(THREE, "甲", {"a": 2, "b": 3})))
    assert [section.id for section in found.walk()] == [
        "units",
        "unit-甲",
        "unit-甲-a",
        "unit-甲-a1",
        "unit-甲-a2",
        "unit-甲-b",
        "unit-甲-b1",
    ]
    assert found.section("unit-甲-a1").title == "甲 · a · a1"


def test_a_part_of_which_nothing_is_known_has_no_page_and_is_named_above() -> None:
    found = worded(papers(THREE, unit(THREE, "甲", {"a1": 2})))
    assert [section.id for section in found.walk()][2:] == ["unit-甲-a", "unit-甲-a1"]
    (listing,) = of(found, Listing, "unit-甲")
    assert isinstance(listing, Listing)
    assert listing.groups == (("a", ("a2 0/1",)), ("b", ("b1 0/1",)))


def test_a_unit_without_a_score_says_so_and_what_an_assessment_would_look_at() -> None:
    found = worded(papers(THREE, unit(THREE, "空白", {}), unit(THREE, "甲", {"a": 2})))
    section = found.section("unit-空白")
    assert headline(section) == "空白尚未评估：4个要素都没有得分，没有可写的强弱和先后。"
    assert section.children == ()
    assert not of(found, Picture, "unit-空白")
    rows = table(found, "unit-空白-scope").rows
    assert [[cell.text for cell in row.cells] for row in rows] == [["a", "2", "3"], ["b", "1", "1"], ["总体", "3", "4"]]


def test_a_withheld_overall_prints_its_bounds_and_no_value() -> None:
    found = worded(papers(TREE, unit(TREE, "部分", {"a": 1.5})))
    row = table(found, "unit-部分-figures").rows[-1]
    assert row.cells[1].standing is Standing.WITHHELD
    assert row.cells[1].value is None
    assert headline(found.section("unit-部分")).startswith(
        "总体覆盖率只有20%（2/10个要素），不出分，只知道在0.30–4.30分之间"
    )


def test_parts_less_than_half_a_step_apart_are_not_put_in_order() -> None:
    found = worded(papers(TREE, unit(TREE, "甲", {**even(2), "a-1": 2})))
    assert "5项第1层都是2.00分" in headline(found.section("unit-甲"))
    near = {"a": 2, "b": 2, "c": 2, "d": 2, "e-1": 2, "e-2": 2.0}
    assert "最高" not in headline(worded(papers(TREE, unit(TREE, "甲", near))).section("unit-甲"))


def test_the_median_is_named_only_where_two_carriers_or_more_have_a_figure() -> None:
    subject = unit(TREE, "甲", even(2))
    one = worded(papers(TREE, subject, benchmark=carriers(TREE, even(4))))
    two = worded(papers(TREE, subject, benchmark=carriers(TREE, even(4), even(3))))
    assert "中位数" not in headline(one.section("unit-甲"))
    assert "比对标中位数3.50（n = 2）低1.50分" in headline(two.section("unit-甲"))


def test_an_element_shows_the_level_that_it_has_reached_in_its_own_words() -> None:
    leaf = replace(TREE.node("a-1"), levels={number(1): Text("有人做过"), number(2): Text("有基本做法")})
    first = replace(TREE.node("a"), children=(leaf, TREE.node("a-2")))
    tree = replace(TREE, capabilities=(first, *TREE.capabilities[1:]))
    found = worded(papers(tree, unit(tree, "甲", {"a-1": 1.5, "a-2": 0})))
    cells = [row.cells[2].text for row in table(found, "unit-甲-a-elements").rows]
    assert cells[0].endswith("有人做过")
    assert cells[0].startswith("1")


def test_an_element_without_a_score_tells_why_where_its_level_would_stand() -> None:
    subject = unit(TREE, "甲", {"a-1": 2})
    agreed = {**subject.agreed, "a-2": AgreedScore(State.ILLEGIBLE, note="缺一页")}
    subject = replace(subject, agreed=agreed, scorecard=score(TREE, judge(TREE, agreed)))
    row = table(worded(papers(TREE, subject)), "unit-甲-a-elements").rows[1]
    assert row.cells[1].text == "无法辨认"
    assert row.cells[2].text == ""
    assert [line.text for line in row.cells[2].lines] == ["缺一页"]


def interviewed(tree: Framework) -> Subject:
    from app.core.case import Answer

    heard = [RespondentAnswers(role, Fraction(1), {"a-1": Answer(State.SCORED, number(2))}) for role in ("x", "y")]
    agreed = {"a-2": AgreedScore(State.SCORED, number(3), confidence="medium")}
    subject = unit(tree, "甲", {})
    return replace(subject, agreed=agreed, scorecard=score(tree, judge(tree, agreed, heard)))


def test_what_scores_rest_on_has_a_column_only_where_it_is_recorded() -> None:
    quiet = worded(papers(TREE, unit(TREE, "甲", even(2))))
    assert len(table(quiet, "unit-甲-a-elements").columns) == 4
    facts = next(block for block in of(quiet, Facts, "unit-甲") if isinstance(block, Facts))
    assert facts.items[-1].value == "受访者人数、可信度和证据强度"
    told = table(worded(papers(TREE, interviewed(TREE))), "unit-甲-a-elements")
    assert [row.cells[4].lines[0].text for row in told.rows] == ["2位受访者；按受访者取中位", "可信度中"]


def test_a_framework_of_elements_alone_has_one_page_for_all_of_them() -> None:
    tree = flat(["a", "b", "c"])
    found = worded(papers(tree, unit(tree, "甲", {"a": 1, "b": 2.5})))
    assert [section.id for section in found.walk()] == ["units", "unit-甲", "unit-甲-all"]
    assert len(table(found, "unit-甲-all-elements").rows) == 3


def test_figures_are_those_of_the_scorecard() -> None:
    subject = unit(THREE, "甲", {"a11": 1, "a12": 2.5, "a21": 4, "b": 3})
    found = worded(papers(THREE, subject))
    for section in found.walk():
        for block in section.blocks:
            if isinstance(block, Table) and block.id.endswith("-figures"):
                keys = {THREE.node(n.id).name.zh: n.id for n in THREE.walk()} | {"总体": None}
                for row in block.rows:
                    assert row.cells[1].value == subject.scorecard.node(keys[row.cells[0].text]).score


@pytest.mark.parametrize("method", [Method.FLAT_MEAN, Method.WEIGHTED_GEOMETRIC])
def test_other_methods_make_the_same_pages(method: Method) -> None:
    subject = unit(TREE, "甲", even(2))
    card = score(TREE, judge(TREE, subject.agreed), method=method)
    found = worded(papers(TREE, replace(subject, scorecard=card)))
    assert len(list(found.walk())) == 7


def test_both_languages_have_the_same_sections_and_values() -> None:
    found = papers(THREE, unit(THREE, "甲", {"a1": 2}), benchmark=carriers(THREE, {"a": 3}, {"a": 4}))
    zh, en = worded(found), worded(found, "en")
    assert [section.id for section in zh.walk()] == [section.id for section in en.walk()]
    assert _values(zh) == _values(en)


def _values(found: Document) -> list[Fraction | None]:
    tables = (block for section in found.walk() for block in section.blocks if isinstance(block, Table))
    return [cell.value for one in tables for row in one.rows for cell in row.cells]
