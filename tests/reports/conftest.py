"""The report of 2003, worded, laid out and printed once for all tests that read it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.core.case import Unit
from app.core.judging import judge, respondents_of
from app.core.scoring import score
from app.core.text import Locale, Text
from app.core.weights import default_profile
from app.document.build import build_document
from app.document.material import Material, material
from app.document.values import Document
from app.reports.typesetting import Typescript, typeset
from app.services.reporting import subject_of_case
from app.settings import CHECKOUT

if TYPE_CHECKING:
    from app.content.library import Library

ALL = ("china-telecom-2003", "shenzhen-2003", "guangzhou-2003", "fuzhou-2003")
EIGHT = ("eight-columns",)
TEMPLATES = (CHECKOUT / "reports" / "executive", CHECKOUT / "reports" / "house")
DAY = date(2026, 3, 2)


@dataclass
class Printed:
    """A report in every state: values, HTML, pages as laid out, PDF."""

    material: Material
    document: Document
    typescript: Typescript

    @cached_property
    def layout(self) -> Any:
        """The pages, as WeasyPrint laid them out."""
        from app.reports.pressing import lay_out

        return lay_out(self.typescript.html, self.typescript.assets)

    @cached_property
    def pdf(self) -> bytes:
        """The file."""
        from app.reports.pressing import write

        return write(self.layout)

    @cached_property
    def reader(self) -> Any:
        """The file, opened."""
        from pypdf import PdfReader

        return PdfReader(BytesIO(self.pdf))

    @cached_property
    def pages(self) -> list[str]:
        """The text of every page, words of a line together."""
        done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=self.pdf, capture_output=True, check=True)
        return done.stdout.decode().split("\f")[:-1]

    @property
    def text(self) -> str:
        """All text."""
        return "\n".join(self.pages)


Make = Callable[..., Printed]


def gathered(library: Library, cases: Sequence[str], benchmark: str | None) -> Material:
    """Put shipped cases and a shipped benchmark together."""
    framework = library.framework("telecom-crm")
    by_id = {case.id: case for case in library.cases("telecom-crm")}
    subjects = []
    for case in (by_id[key] for key in cases):
        card = score(framework, judge(framework, case.scores, respondents_of(case, None)), published=case.published)
        subjects.append(subject_of_case(case, card))
    sets = {one.id: one for one in library.benchmarks("telecom-crm")}
    tree = library.unit_tree("telecom-crm")
    return material(
        framework,
        subjects,
        made_on=DAY,
        weights=default_profile(framework),
        benchmark=sets[benchmark] if benchmark else None,
        engagement=tree.name if tree else None,
        units=[unit.id for unit in tree.depth_first] if tree else [],
    )


def printed(library: Library, found: Material, locale: Locale, templates: Sequence[Path] = TEMPLATES) -> Printed:
    """Word and set a report."""
    document = build_document(found, library.report("executive"), locale)
    return Printed(found, document, typeset(document, templates))


LONG_NAMES = (
    ("华东大区长三角一体化示范区综合信息服务分公司", "East China Yangtze Delta Integrated Information Services Branch"),
    ("华南大区", "South China Region"),
    ("西北大区甘肃青海宁夏联合运营中心", "North-West Joint Operations Centre for Gansu, Qinghai and Ningxia"),
    ("深圳电信", "Shenzhen Telecom"),
    ("广州电信", "Guangzhou Telecom"),
    ("福州电信", "Fuzhou Telecom"),
    ("内蒙古自治区呼伦贝尔市电信分公司", "Inner Mongolia Hulunbuir Telecommunications Branch"),
    ("上海电信", "Shanghai Telecom"),
)


def eight_columns(library: Library) -> Material:
    """Make test data: eight units with long names, from complete to empty, their scores made up from a shipped case."""
    found = gathered(library, ("china-telecom-2003",), "foreign-carriers-2003")
    (base,) = found.subjects
    leaves = list(base.agreed)
    subjects = []
    for place, (zh, en) in enumerate(LONG_NAMES):
        kept = leaves[: len(leaves) * (8 - place) // 8] if place != 5 else []
        agreed = {
            leaf: replace(base.agreed[leaf], score=found.framework.scale.snap(Fraction(place + n % 7, 3)))
            for n, leaf in enumerate(kept)
        }
        unit = Unit(f"unit-{place}", Text(zh, en))
        card = score(found.framework, judge(found.framework, agreed))
        subjects.append(replace(base, id=unit.id, unit=unit, name=unit.name, agreed=agreed, scorecard=card))
    return material(found.framework, subjects, made_on=DAY, weights=found.weights, benchmark=found.benchmark)


@pytest.fixture(scope="session")
def make(library: Library) -> Make:
    """Return the report of some cases, each made once."""
    known: dict[tuple[object, ...], Printed] = {}

    def made(
        locale: Locale = "zh", cases: Sequence[str] = ALL, benchmark: str | None = "foreign-carriers-2003"
    ) -> Printed:
        key = (locale, tuple(cases), benchmark)
        if key not in known:
            found = eight_columns(library) if cases == EIGHT else gathered(library, cases, benchmark)
            known[key] = printed(library, found, locale)
        return known[key]

    return made
