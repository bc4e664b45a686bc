"""Shipped reports before a validator for PDF/UA-1 and PDF/A-3a.

It is young (an alpha in Rust that says it passes veraPDF's corpus): decision 0025.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import page as validator  # page-validation
import pytest

from app.core.report import Paper
from app.document.build import build_document
from app.reports.printing import print_pdf
from app.reports.typesetting import typeset
from app.services.printing import templates_of
from app.settings import CHECKOUT
from tests.reports.conftest import ALL, eight_columns, gathered
from tests.reports.test_tagging import DATA

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.text import Locale

pytestmark = pytest.mark.nightly


@pytest.mark.parametrize(
    ("report", "cases", "locale", "paper"),
    [
        ("executive", ALL, "zh", Paper.WIDE),
        ("executive", ("fuzhou-2003",), "en", Paper.A4),
        ("comparison", ("guangzhou-2003",), "en", Paper.A4),
        ("full", ALL, "en", Paper.WIDE),
        ("full", None, "en", Paper.WIDE),
    ],
)
def test_a_report_conforms_to_pdf_ua_1_and_with_its_data_to_pdf_a_3a(
    library: Library, report: str, cases: tuple[str, ...] | None, locale: Locale, paper: Paper
) -> None:
    found = gathered(library, cases, "foreign-carriers-2003") if cases else eight_columns(library)
    known = library.report(report)
    document = build_document(found, replace(known, theme=replace(known.theme, paper=paper)), locale)
    script = typeset(document, templates_of(CHECKOUT, report))
    for enclosure, profiles in ((None, ("ua1",)), (DATA, ("ua1", "3a"))):
        pdf = print_pdf(script, enclosure=enclosure)
        for profile in profiles:
            told = validator.validate_pdf_bytes(pdf, profile=profile)
            assert told.is_compliant, [(one.rule_id, one.message) for one in told.failures]
