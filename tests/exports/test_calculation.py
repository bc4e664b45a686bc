"""The formulas of a workbook come to the scoring function's figures: every method, every framework, every gap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.content.library import load_library
from app.core.case import Round, State, Unit
from app.core.framework import Framework, Method, WeightProfile
from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.scoring import Judgement, score
from app.core.text import Text
from app.core.weights import default_profile
from app.document.build import build_document
from app.document.material import Subject, material
from app.exports.workbook import write_workbook
from app.exports.workbook.calculation.layout import Key, blocks_of, letter, rows_of
from app.settings import CHECKOUT
from tests.exports.conftest import Make, Open
from tests.exports.reports import FULL, KINDS, LARGE, PAIR
from tests.exports.spreadsheet import Spreadsheet

if TYPE_CHECKING:
    from app.core.scoring import Scorecard
    from app.document.material import Material

CALCULATED = ("怎样核对", "权重与门槛", "计算")
FRAMEWORKS = ("flat", "geometric", "zero-weight", "six-tier", "one-tier", "quarter-points", "split-children")
PLAIN = ReportDefinition("plain", Text("算", "Sums"), (SectionDefinition(SectionKind.METHOD),))


@cache
def framework(name: str) -> Framework:
    library = load_library(CHECKOUT / "tests" / "library")
    return library.framework(name)


def calculation_sheets(book: Spreadsheet) -> list[str]:
    return [name for name in book.book.sheetnames if name.split(" ", 1)[1].startswith(CALCULATED)]


def one_unit(card: Scorecard, weights: WeightProfile) -> Material:
    unit = Unit("unit", Text("甲", "A"))
    subject = Subject("unit", unit.name, unit, Round("r", Text("一", "One")), card, {})
    return material(card.framework, [subject], made_on=date(2026, 3, 2), weights=weights)


def written(card: Scorecard, weights: WeightProfile) -> Spreadsheet:
    found = one_unit(card, weights)
    return Spreadsheet(write_workbook(build_document(found, PLAIN, "zh"), found))


def same(shown: object, expected: object) -> bool:
    if shown in (None, "") or expected in (None, ""):
        return shown in (None, "") and expected in (None, "")
    if isinstance(expected, str):
        return shown == expected
    return abs(float(str(shown)) - float(Fraction(str(expected)))) < 1e-9


@pytest.mark.parametrize("kind", [PAIR, *(pytest.param(kind, marks=LARGE) for kind in KINDS)])
def test_every_formula_comes_to_the_value_that_a_viewer_shows(workbook: Open, kind: str) -> None:
    book = workbook(kind)
    differing = []
    for sheet in calculation_sheets(book):
        for place in book.formulas(sheet):
            worked_out, cached = book.value(sheet, place), book.cached[sheet][place].value
            if not same(worked_out, cached):
                differing.append((sheet, place, worked_out, cached))
    assert differing == []


SHOWN = ((PAIR, "zh"), *(pytest.param(FULL, locale, marks=LARGE) for locale in ("zh", "en")))


@pytest.mark.parametrize(("kind", "locale"), SHOWN)
def test_the_calculation_reaches_the_figures_of_the_report(
    workbook: Open, report: Make, kind: str, locale: str
) -> None:
    book, made = workbook(kind, locale), report(kind, locale)
    tiers = rows_of(made.material.framework)
    block = blocks_of(made.material.method, made.material.framework.scale)[0]
    subjects = made.material.subjects
    for subject, sheet in zip(subjects, book.book.sheetnames[-len(subjects) :], strict=True):
        for row in (row for tier in tiers for row in tier.rows):
            node = subject.scorecard.node(row.id)
            low, high = node.bounds or (None, None)
            expected = {Key.SCORE: node.score, Key.COVERAGE: node.coverage, Key.LOW: low, Key.HIGH: high}
            expected[Key.ATTAINED] = None if node.attained is None else Fraction(node.attained)
            for key, value in expected.items():
                shown = book.value(sheet, f"{letter(block.column(key))}{row.number + 1}")
                assert same(shown, value), (sheet, row.id, key, shown, value)


def judgements(of: Framework) -> st.SearchStrategy[dict[str, Judgement]]:
    scored = st.builds(lambda s: Judgement(State.SCORED, s), st.sampled_from(of.scale.grid))
    other = st.sampled_from([State.NOT_APPLICABLE, State.UNKNOWN, State.OPEN, State.ILLEGIBLE]).map(Judgement)
    return st.fixed_dictionaries({leaf.id: st.one_of(scored, scored, other) for leaf in of.leaves})


def weights(of: Framework) -> st.SearchStrategy[WeightProfile]:
    one = st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 2), Fraction(7, 3), Fraction(5)])
    listed = st.fixed_dictionaries({node.id: one for node in of.nodes})
    return listed.map(lambda found: WeightProfile("drawn", Text("抽", "Drawn"), found))


@pytest.mark.parametrize("name", FRAMEWORKS)
@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate])
@given(data=st.data())
def test_scores_of_every_framework_are_reached_by_every_method(name: str, data: st.DataObject) -> None:
    reached(framework(name), list(Method)[FRAMEWORKS.index(name) % len(Method)], data)


@pytest.mark.nightly
@pytest.mark.parametrize("method", list(Method))
@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate])
@given(data=st.data())
def test_any_scores_under_any_weights_are_reached_by_every_method(method: Method, data: st.DataObject) -> None:
    reached(framework(data.draw(st.sampled_from(FRAMEWORKS))), method, data)


def reached(of: Framework, method: Method, data: st.DataObject) -> None:
    """Draw scores and weights; the formulas come to the scoring function's figures by every method."""
    profile = data.draw(weights(of))
    card = score(of, data.draw(judgements(of)), weights=profile, method=method)
    book = written(card, profile)
    for sheet in calculation_sheets(book):
        for place in book.formulas(sheet):
            assert same(book.value(sheet, place), book.cached[sheet][place].value), (sheet, place)
    cards = {one: score(of, card.judgements, weights=profile, method=one) for one in Method}
    sheet = book.book.sheetnames[-1]
    for block in blocks_of(method, of.scale):
        for row in (row for tier in rows_of(of) for row in tier.rows):
            shown = book.value(sheet, f"{letter(block.column(Key.SCORE))}{row.number + 1}")
            assert same(shown, cards[block.method].node(row.id).score), (block.method, row.id)


def test_a_changed_score_and_a_changed_weight_move_the_overall_as_the_scoring_function_says(library: object) -> None:
    of = framework("zero-weight")
    marks = {leaf.id: Judgement(State.SCORED, of.scale.grid[n % 4]) for n, leaf in enumerate(of.leaves)}
    card = score(of, marks)
    book = written(card, default_profile(of))
    sheet, weights_sheet = book.book.sheetnames[-1], book.book.sheetnames[-2]
    rows = {row.id: row.number + 1 for tier in rows_of(of) for row in tier.rows}
    leaf = of.leaves[0].id
    top = of.capabilities[0].id
    book.put(sheet, f"E{rows[leaf]}", float(of.scale.maximum))
    book.put(weights_sheet, f"C{rows[top]}", 3)
    changed = WeightProfile("changed", Text("改", "Changed"), {top: Fraction(3)})
    expected = score(of, marks | {leaf: replace(marks[leaf], score=of.scale.maximum)}, weights=changed)
    block = blocks_of(of.rollup.method, of.scale)[0]
    assert same(book.value(sheet, f"{letter(block.column(Key.SCORE))}{rows[None]}"), expected.overall.score)
    assert not same(book.value(sheet, f"{letter(block.column(Key.DIFFERENCE))}{rows[None]}"), 0)


def test_an_element_that_becomes_not_applicable_leaves_score_and_coverage() -> None:
    of = framework("flat")
    marks = {leaf.id: Judgement(State.SCORED, of.scale.grid[n % 3]) for n, leaf in enumerate(of.leaves)}
    book = written(score(of, marks), default_profile(of))
    sheet = book.book.sheetnames[-1]
    rows = {row.id: row.number + 1 for tier in rows_of(of) for row in tier.rows}
    leaf = of.leaves[0].id
    book.put(sheet, f"D{rows[leaf]}", "不适用")
    expected = score(of, marks | {leaf: Judgement(State.NOT_APPLICABLE)})
    block = blocks_of(of.rollup.method, of.scale)[0]
    for key, value in ((Key.SCORE, expected.overall.score), (Key.COVERAGE, expected.overall.coverage)):
        assert same(book.value(sheet, f"{letter(block.column(key))}{rows[None]}"), value)


def test_the_sheet_of_checks_says_that_every_figure_agrees(workbook: Open) -> None:
    book = workbook(PAIR)
    sheet = next(name for name in book.book.sheetnames if name.endswith("怎样核对"))
    verdicts = [book.value(sheet, f"F{row}") for row in range(1, 30) if book.book[sheet][f"F{row}"].data_type == "f"]
    assert verdicts == ["一致"] * 2
