"""Comparison and progress on paper: nothing beyond the page, nothing on top of anything, no page of nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.content.library import Library
from app.core.case import Round, State
from app.core.judging import judge
from app.core.report import Paper, ReportDefinition
from app.core.scoring import score
from app.core.text import Locale, Text
from app.document.build import build_document
from app.document.material import Material, material
from app.reports.pressing import lay_out
from app.reports.typesetting import typeset
from app.settings import CHECKOUT
from tests.reports.conftest import ALL, DAY, eight_columns, gathered
from tests.reports.layout import area_of, ink_of, lowest_heading

HOUSE = CHECKOUT / "reports" / "house"
BENCHMARK = "foreign-carriers-2003"


def two_rounds(library: Library, case: str) -> Material:
    """Make a later round of a shipped case: some elements higher, some lower, some open, some new."""
    found = gathered(library, (case,), BENCHMARK)
    (base,) = found.subjects
    agreed = {}
    for number, leaf in enumerate(found.framework.leaves):
        old = base.agreed.get(leaf.id)
        if number % 9 == 4 or old is None:
            continue
        if old.score is not None:
            moved = old.score + Fraction((0, 1, 2, 0, -1, 1, 3)[number % 7], 2)
            agreed[leaf.id] = replace(
                old, state=State.SCORED, score=min(Fraction(5), max(Fraction(0), moved)), note=None
            )
    later = replace(
        base,
        id=f"{base.id}-later",
        round=Round("2005-03", Text("2005年3月", "March 2005"), date(2005, 3, 1)),
        agreed=agreed,
        scorecard=score(found.framework, judge(found.framework, agreed)),
    )
    return material(found.framework, [base, later], made_on=DAY, weights=found.weights, benchmark=found.benchmark)


def gather(library: Library, name: str) -> tuple[Material, str]:
    """Return material by name, and the report it is for."""
    if name.startswith("rounds"):
        return two_rounds(library, "guangzhou-2003" if "partial" in name else "shenzhen-2003"), "progress"
    if name == "eight columns":
        return eight_columns(library), "comparison"
    return gathered(library, ALL if name == "full" else (f"{name}-2003",), BENCHMARK), "comparison"


def pages(library: Library, name: str, locale: Locale, paper: Paper) -> list[object]:
    found, report = gather(library, name)
    definition: ReportDefinition = library.report(report)
    definition = replace(definition, theme=replace(definition.theme, paper=paper))
    script = typeset(build_document(found, definition, locale), (CHECKOUT / "reports" / report, HOUSE))
    return list(lay_out(script.html, script.assets).pages)


nightly = pytest.mark.nightly
CASES = [
    pytest.param("rounds", "zh", Paper.WIDE),
    pytest.param("fuzhou", "zh", Paper.WIDE),
    pytest.param("full", "zh", Paper.WIDE),
    pytest.param("full", "en", Paper.WIDE, marks=nightly),
    pytest.param("full", "en", Paper.A4, marks=nightly),
    pytest.param("guangzhou", "en", Paper.WIDE, marks=nightly),
    pytest.param("rounds, partial", "en", Paper.WIDE, marks=nightly),
    pytest.param("rounds, partial", "zh", Paper.A4, marks=nightly),
    pytest.param("eight columns", "en", Paper.WIDE, marks=nightly),
    pytest.param("eight columns", "zh", Paper.WIDE, marks=nightly),
    pytest.param("eight columns", "en", Paper.A4, marks=nightly),
]


@pytest.mark.parametrize(("name", "locale", "paper"), CASES)
def test_every_page_holds_its_ink_and_none_is_left_nearly_empty(
    library: Library, name: str, locale: Locale, paper: Paper
) -> None:
    for number, page in enumerate(pages(library, name, locale, paper), 1):
        left, top, right, bottom = area_of(page)
        ink = ink_of(page)
        outside = [
            one
            for one in ink
            if one.left < left - 1 or one.right > right + 1 or one.top < top - 1 or one.bottom > bottom + 1
        ]
        assert outside == [], f"page {number}"
        pairs = [(one, other) for place, one in enumerate(ink) for other in ink[place + 1 :] if one.overlaps(other)]
        # two lines of one heading are set closer than the font is high
        headings = ({"h1"}, {"h2"})
        assert [pair for pair in pairs if {one.element for one in pair} not in headings] == [], f"page {number}"
        assert lowest_heading(page) is None, f"page {number}"
        assert len({round(one.top) for one in ink}) >= 4 or any(one.kind == "picture" for one in ink), f"page {number}"
