"""The reports that are shipped: each has its pages for every kind of data, and the executive one stays short."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.core.report import Paper, SectionKind
from app.core.text import Locale
from app.document.build import build_document
from app.reports.typesetting import typeset
from app.services.reporting import templates_of
from app.settings import CHECKOUT
from tests.reports.conftest import ALL, EIGHT, eight_columns, gathered

if TYPE_CHECKING:
    from app.content.library import Library
    from app.document.material import Material

REPORTS = ("executive", "full", "comparison", "progress")
FRONT = (SectionKind.COVER, SectionKind.MESSAGE, SectionKind.CONTENTS)
DATA = {"partial": ("guangzhou-2003",), "empty": ("fuzhou-2003",), "two": ("shenzhen-2003", "fuzhou-2003")}


def found(library: Library, cases: tuple[str, ...], *, alone: bool = False) -> Material:
    return (
        eight_columns(library)
        if cases == EIGHT
        else gathered(library, cases, None if alone else "foreign-carriers-2003")
    )


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("data", DATA)
def test_a_report_of_little_still_begins_with_its_front_and_says_how_it_was_made(
    library: Library, report: str, data: str
) -> None:
    document = build_document(found(library, DATA[data], alone=data == "two"), library.report(report), "en")
    kinds = [section.kind for section in document.sections]
    assert tuple(kinds[:3]) == FRONT
    assert kinds[-1] is SectionKind.SOURCES
    assert SectionKind.METHOD in kinds
    assert typeset(document, templates_of(CHECKOUT, report)).html


@pytest.mark.parametrize("report", ["executive", "comparison"])
def test_a_report_of_everything_keeps_the_order_of_its_definition(library: Library, report: str) -> None:
    definition = library.report(report)
    document = build_document(found(library, ALL), definition, "zh")
    order = [part.kind for part in definition.sections]
    kinds = [section.kind for section in document.sections]
    assert kinds == [kind for kind in order if kind in kinds]
    assert kinds == order, "with four units and carriers nothing is left out"


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_executive_reads_twelve_to_twenty_pages(library: Library, locale: Locale) -> None:
    from app.reports.pressing import lay_out

    document = build_document(found(library, ALL), library.report("executive"), locale)
    typescript = typeset(document, templates_of(CHECKOUT, "executive"))
    assert 12 <= len(lay_out(typescript.html, typescript.assets).pages) <= 20


@pytest.mark.nightly
@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("cases", [ALL, *DATA.values(), EIGHT])
def test_every_report_is_set_for_every_paper_language_and_kind_of_data(
    library: Library, report: str, paper: Paper, locale: Locale, cases: tuple[str, ...]
) -> None:
    definition = library.report(report)
    definition = replace(definition, theme=replace(definition.theme, paper=paper))
    document = build_document(found(library, cases), definition, locale)
    typescript = typeset(document, templates_of(CHECKOUT, report))
    assert f"asset:{paper}.css" in typescript.html
    assert typescript.html.count("<section") >= len(document.sections)
