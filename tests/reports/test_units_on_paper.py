"""Pages of carriers and units on paper: nothing beyond the page, nothing overprinted, no page nearly empty."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.core.report import Paper, ReportDefinition, SectionDefinition, SectionKind
from app.core.text import Locale, Text
from app.document.build import build_document
from app.reports.typesetting import typeset
from app.settings import CHECKOUT
from tests.reports.conftest import ALL, EIGHT, Printed, eight_columns, gathered
from tests.reports.layout import area_of, ink_of, lowest_heading

if TYPE_CHECKING:
    from app.content.library import Library

HOUSE = (CHECKOUT / "reports" / "full", CHECKOUT / "reports" / "house")
KINDS = ("carriers", "units", "published", "method", "glossary", "sources")
DETAIL = ReportDefinition(
    "detail", Text("详情", "Detail"), tuple(SectionDefinition(SectionKind(kind)) for kind in KINDS)
)
PARTIAL = ("guangzhou-2003", "fuzhou-2003")
SETS = [
    pytest.param("zh", PARTIAL, Paper.WIDE, id="partial and empty"),
    pytest.param("zh", ALL, Paper.WIDE, id="full in Chinese", marks=pytest.mark.nightly),
    pytest.param("en", ALL, Paper.WIDE, id="full in English", marks=pytest.mark.nightly),
    pytest.param("zh", ALL, Paper.A4, id="full on A4", marks=pytest.mark.nightly),
    pytest.param("en", EIGHT, Paper.WIDE, id="eight columns", marks=pytest.mark.nightly),
]


@pytest.fixture(scope="module")
def laid_out(library: Library) -> Any:
    """Return the pages of a report, each laid out once."""
    known: dict[tuple[object, ...], Printed] = {}

    def made(locale: Locale, cases: tuple[str, ...], paper: Paper) -> Printed:
        key = (locale, cases, paper)
        if key not in known:
            found = eight_columns(library) if cases == EIGHT else gathered(library, cases, "foreign-carriers-2003")
            definition = replace(DETAIL, theme=replace(DETAIL.theme, paper=paper))
            document = build_document(found, definition, locale)
            known[key] = Printed(found, document, typeset(document, HOUSE))
        return known[key]

    return made


@pytest.mark.parametrize(("locale", "cases", "paper"), SETS)
def test_every_page_is_in_order(laid_out: Any, locale: Locale, cases: tuple[str, ...], paper: Paper) -> None:
    for number, page in enumerate(laid_out(locale, cases, paper).layout.pages, 1):
        left, top, right, bottom = area_of(page)
        ink = ink_of(page)
        assert len({round(one.top) for one in ink}) > 2, f"page {number} is nearly empty"
        beyond = [
            i for i in ink if i.left < left - 1 or i.right > right + 1 or i.top < top - 1 or i.bottom > bottom + 1
        ]
        assert beyond == [], f"page {number}"
        hits = [(one, other) for place, one in enumerate(ink) for other in ink[place + 1 :] if one.overlaps(other)]
        assert hits == [], f"page {number}"
        assert lowest_heading(page) is None, f"page {number}"


def test_an_empty_unit_has_one_page_and_a_partial_one_a_page_per_group_that_is_known(laid_out: Any) -> None:
    report = laid_out("zh", PARTIAL, Paper.WIDE)
    empty = report.document.section("unit-fuzhou-2003")
    partial = report.document.section("unit-guangzhou-2003")
    assert empty.children == ()
    assert [part.id.removeprefix("unit-guangzhou-2003-") for part in partial.children] == [
        "customer-insight",
        "customer-interactions",
        "customer-offers",
    ]
    pages = [page for page in report.pages if "福州电信尚未评估" in page]
    assert len(pages) == 1


def test_every_carrier_stands_on_one_page_in_chinese(laid_out: Any) -> None:
    report = laid_out("zh", PARTIAL, Paper.WIDE)
    for carrier in report.document.section("carriers").children:
        found = [page for page in report.pages if page.splitlines()[0].strip().endswith(carrier.title)]
        assert len(found) == 1, carrier.title
