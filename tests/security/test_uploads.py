"""Uploads made to cost much: parsed apart, within limits, and refused before they cost anything to others."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from app.exports.answer_reading import read_book
from app.exports.unpacking import MOST_TAGS, BookRefused, check_archive
from app.services import confining
from app.services.confining import inspect_apart
from app.services.inspecting import inspect
from app.services.refusals import Invalid
from tests.services.files import pdf, picture, scripted_pdf

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 10 * 2**20
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def doing(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Let the process apart do something else than to inspect, within its limits."""
    program = f"import sys, os\nfrom app.services import confining\nconfining._confine()\n{what}"
    monkeypatch.setattr(confining, "COMMAND", (sys.executable, "-c", program))


def test_what_is_inspected_apart_is_what_is_inspected_here() -> None:
    for content in (picture(), pdf()):
        assert inspect_apart(content, name="a b.x", largest=LARGEST) == inspect(content, name="a b.x", largest=LARGEST)
    with pytest.raises(Invalid) as refused:
        inspect_apart(scripted_pdf(), name="x.pdf", largest=LARGEST)
    assert refused.value.code == "pdf-active"


@pytest.mark.parametrize(
    "what",
    [
        "b = bytearray(confining.MEMORY)",
        "os.kill(os.getpid(), 11)",
        "import tempfile; tempfile.TemporaryFile(buffering=0).write(b'x')",
        "assert 'SECRET_KEY' in os.environ or 'DATABASE_URL' in os.environ",
    ],
    ids=["memory", "crash", "writing", "secrets"],
)
def test_what_a_parser_is_brought_to_do_ends_its_process_alone(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    doing(monkeypatch, f'{what}\nsys.stdout.write(\'{{"code": "reached", "message": "", "values": {{}}}}\')')
    with pytest.raises(Invalid) as refused:
        inspect_apart(pdf(), name="x.pdf", largest=LARGEST)
    assert refused.value.code == "pdf-unreadable"


def test_a_file_whose_parsing_takes_too_long_is_refused_and_its_process_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    doing(monkeypatch, "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass")
    with pytest.raises(Invalid, match="too much time"):
        inspect_apart(picture(), name="x.png", largest=LARGEST)
    monkeypatch.setattr(confining, "ELAPSED", 0.5)
    monkeypatch.setattr(confining, "COMMAND", ("sleep", "3600.25"))
    with pytest.raises(Invalid, match="too much time"):
        inspect_apart(picture(), name="x.png", largest=LARGEST)
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=False).stdout
    assert "sleep 3600.25" not in running


def workbook(shared: str = "", sheet: str = "") -> bytes:
    """Return a workbook whose only sheet is called like the one that says what ours are."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="meta" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SPREADSHEET}">{shared}</sst>',
        "xl/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        archive.writestr("noise", os.urandom(200_000))  # so that the ratio alone does not refuse it
    return packed.getvalue()


def test_a_workbook_of_very_many_cells_is_refused_before_it_is_parsed() -> None:
    for content in (workbook(shared="<si/>" * MOST_TAGS), workbook(sheet=f'<row r="1">{"<c/>" * MOST_TAGS}</row>')):
        with pytest.raises(BookRefused) as refused:
            check_archive(content)
        assert refused.value.errors[0].code == "S105"


@pytest.mark.nightly
def test_the_costliest_workbook_that_is_let_in_stays_within_its_limits() -> None:
    most = MOST_TAGS - 2_000  # the noise holds some signs that count as tags
    for content in (
        workbook(shared="<si/>" * most),
        workbook(shared="<si><t>a</t></si>" * (most // 4)),
        workbook(sheet=f'<row r="1">{"<c/>" * most}</row>'),
        workbook(sheet="<row/>" * most),
    ):
        check_archive(content)
        before = time.process_time()
        with pytest.raises(BookRefused):
            read_book(content)
        assert time.process_time() - before < 20
