"""Names of respondents and interviewers are in no report, whichever template and file it is."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from app.content.library import Library
from app.document.build import build_document
from app.services.printing import templates_of
from app.services.report_formats import FORMATS, Rendering
from app.services.report_material import gather
from app.services.report_requests import ReportRequest
from tests.services.holding import Held, hold
from tests.services.releases import scored

if TYPE_CHECKING:
    from app.document.material import Material
    from app.storage.database import Database
    from tests.conftest import FixedClock

NAMES = ("欧阳独一", "司马无二", "五四路九号")  # who was asked, who asked, where
TEMPLATES = ("executive", "full", "comparison", "progress")
QUICK = ("csv", "json", "yaml", "xlsx")
EVERY = [(template, form, locale) for template in TEMPLATES for form in FORMATS for locale in ("zh", "en")]
BY_DAY = [("executive", form, "zh") for form in QUICK]


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    """An interview with answers, notes and names."""
    found = hold(demo_database, library, clock)
    found.save({"score": "2", "note": "台账分在三处"})
    with demo_database.begin() as session:
        beside = scored(session)  # a unit with scores: one with a single answer has next to nothing to draw
        session.execute(text("UPDATE interview SET assessment_id = :id"), {"id": beside})
        session.execute(text("UPDATE respondent SET label = :name"), {"name": NAMES[0]})
        session.execute(
            text("UPDATE interview SET interviewer = :name, place = :place"), {"name": NAMES[1], "place": NAMES[2]}
        )
    return replace(found, assessment_id=beside)


def material_of(held: Held, template: str, locale: str) -> Material:
    wanted = ReportRequest(template, "zh" if locale == "zh" else "en", (held.assessment_id,), date(2026, 3, 2))
    with held.database.read() as session:
        return gather(session, held.library, wanted)


def words_of(content: bytes, form: str) -> str:
    """Return everything that a file says, also in the files within it."""
    if form == "pdf":
        return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if not content.startswith(b"PK"):
        return content.decode("utf-8")
    told = []
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            told.append(words_of(inner, "") if inner.startswith(b"PK") else inner.decode("utf-8", "replace"))
    return "".join(told)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_reports_are_made_of_knows_no_name(held: Held, template: str) -> None:
    made_of = repr(material_of(held, template, "zh"))
    assert "台账分在三处" in made_of  # the note is there: it is this interview
    assert [name for name in NAMES if name in made_of] == []


@pytest.mark.parametrize(
    ("template", "form", "locale"),
    [
        *BY_DAY,
        *(pytest.param(*one, marks=pytest.mark.nightly) for one in EVERY if one not in BY_DAY),
    ],
)
def test_no_file_of_a_report_holds_a_name(held: Held, template: str, form: str, locale: str) -> None:
    gathered = material_of(held, template, locale)
    definition = held.library.report(template)
    written = FORMATS[form].write(
        Rendering(
            material=gathered,
            definition=definition,
            document=build_document(gathered, definition, "zh" if locale == "zh" else "en"),
            templates=templates_of(held.library.roots, template),
        )
    )
    told = words_of(written, form)
    assert len(told) > 100
    assert [name for name in NAMES if name in told] == []
