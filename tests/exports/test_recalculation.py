"""LibreOffice opens the workbook of a report and works out every formula to our numbers."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.exports.test_calculation import same

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exports.conftest import Written

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


def recalculated(content: bytes, folder: Path) -> bytes:
    """Return the workbook as LibreOffice saves it after working out every formula anew.

    What the formulas came to is taken out before, so that LibreOffice cannot but work it out.
    """
    stripped = load_workbook(io.BytesIO(content))
    stripped.save(folder / "book.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, str(folder / "book.xlsx")], check=True, capture_output=True, timeout=300)
    return (folder / "out" / "book.xlsx").read_bytes()


@pytest.mark.parametrize(("kind", "locale"), [("full", "zh"), ("eight", "en"), ("partial", "en"), ("empty", "zh")])
def test_libreoffice_comes_to_our_numbers(written: Written, tmp_path: Path, kind: str, locale: str) -> None:
    content = written(kind, locale)
    formulas = load_workbook(io.BytesIO(content))
    ours = load_workbook(io.BytesIO(content), data_only=True)
    theirs = load_workbook(io.BytesIO(recalculated(content, tmp_path)), data_only=True)
    places = [
        (sheet.title, cell.coordinate)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(places) > 1000
    differing = [
        (sheet, place, ours[sheet][place].value, theirs[sheet][place].value)
        for sheet, place in places
        if not same(theirs[sheet][place].value, ours[sheet][place].value)
    ]
    assert differing == []
