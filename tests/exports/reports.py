"""Reports to write as files: the shipped cases, eight columns with long names, one unit scored in part, one empty.

Writing the large ones takes seconds: by day a short report of a complete and a partial unit stands for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from app.core.judging import judge
from app.core.report import ReportDefinition, SectionDefinition, SectionKind
from app.core.scoring import score
from app.core.text import Text
from app.core.weights import default_profile
from app.document.build import build_document
from app.document.material import material
from app.services.reporting import subject_of_case
from tests.reports.conftest import ALL, DAY, eight_columns, gathered

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.text import Locale
    from app.document.material import Material
    from app.document.values import Document

FULL, EIGHT, PARTIAL, EMPTY = "full", "eight", "partial", "empty"
SINGLE = "single"  # one score alone: next to nothing to draw
KINDS = (FULL, EIGHT, PARTIAL, EMPTY)
CASES = {FULL: ALL, PARTIAL: ("guangzhou-2003",), EMPTY: ("fuzhou-2003",)}
PAIR = "pair"
SECTIONS = (
    SectionKind.COVER,
    SectionKind.MESSAGE,
    SectionKind.OVERVIEW,
    SectionKind.RANKING,
    SectionKind.COMPARISON,
    SectionKind.DIFFERENCE,
    SectionKind.COVERAGE,
    SectionKind.PUBLISHED,
    SectionKind.METHOD,
    SectionKind.SOURCES,
)
SHORT = ReportDefinition("short", Text("短", "Short"), tuple(map(SectionDefinition, SECTIONS)))
LARGE = pytest.mark.nightly  # thousands of cells
BY_NIGHT = tuple(pytest.param(kind, locale, marks=LARGE) for kind in KINDS for locale in ("zh", "en"))
SHAPES = (pytest.param(PAIR, "zh"), pytest.param(PAIR, "en", marks=LARGE), *BY_NIGHT)  # kind and language


@dataclass(frozen=True)
class Report:
    """A worded report with what it was made of."""

    material: Material
    document: Document


def report_of(library: Library, kind: str, locale: Locale, template: str = "executive") -> Report:
    """Word a report of one of the kinds."""
    if kind == PAIR:
        found = gathered(library, ("shenzhen-2003", "guangzhou-2003"), "foreign-carriers-2003")
        return Report(found, build_document(found, SHORT, locale))
    if kind == SINGLE:
        found = one_score_alone(library)
        return Report(found, build_document(found, library.report(template), locale))
    found = eight_columns(library) if kind == EIGHT else gathered(library, CASES[kind], "foreign-carriers-2003")
    return Report(found, build_document(found, library.report(template), locale))


def one_score_alone(library: Library) -> Material:
    """Make test data: a unit of which one element is scored."""
    framework = library.framework("telecom-crm")
    case = next(one for one in library.cases("telecom-crm") if one.id == "shenzhen-2003")
    first = next(leaf.id for leaf in framework.leaves if case.scores[leaf.id].state.has_score)
    alone = replace(case, scores={first: case.scores[first]}, published={})
    card = score(framework, judge(framework, alone.scores, ()))
    return material(
        framework, [subject_of_case(alone, card)], made_on=DAY, weights=default_profile(framework), benchmark=None
    )
