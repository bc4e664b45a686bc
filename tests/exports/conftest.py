"""Reports as files, each made once for all tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pytest

from app.exports.workbook import write_workbook
from tests.exports.reports import Report, report_of
from tests.exports.spreadsheet import Spreadsheet

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.text import Locale

Make = Callable[..., Report]
Written = Callable[..., bytes]
Open = Callable[..., Spreadsheet]


@pytest.fixture(scope="session")
def report(library: Library) -> Make:
    """Return a report of a kind in a language, worded once."""

    @cache
    def made(kind: str = "full", locale: Locale = "zh") -> Report:
        return report_of(library, kind, locale)

    return made


@pytest.fixture(scope="session")
def written(report: Make) -> Written:
    """Return the workbook of a report as a file, written once."""

    @cache
    def made(kind: str = "full", locale: Locale = "zh") -> bytes:
        one = report(kind, locale)
        return write_workbook(one.document, one.material)

    return made


@pytest.fixture(scope="session")
def workbook(written: Written) -> Open:
    """Return the workbook of a report, read back."""

    @cache
    def opened(kind: str = "full", locale: Locale = "zh") -> Spreadsheet:
        return Spreadsheet(written(kind, locale))

    return opened
