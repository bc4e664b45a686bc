"""What the source never does, so that a whole kind of attack has nothing to begin with."""

from __future__ import annotations

import ast
import io
import json
import re
from typing import TYPE_CHECKING

import structlog

from tests.architecture.sources import modules, name_of, nodes_of

if TYPE_CHECKING:
    import pytest

OWN_HANDWRITING = [path for path in modules("app") if "migrations" not in path.parts]
STATEMENT = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|DROP|ALTER|CREATE)\b.*\b(FROM|INTO|SET|TABLE|WHERE)\b", re.S)


def test_statements_are_not_put_together_from_text() -> None:
    built = []
    for path in OWN_HANDWRITING:
        for node in nodes_of(path):
            if isinstance(node, ast.JoinedStr):
                fixed = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
                if STATEMENT.match(fixed) and "storage" not in path.parts:
                    built.append(f"{name_of(path)}:{node.lineno}")
    assert built == []


def test_no_form_fills_a_row_by_itself() -> None:
    assert [name_of(path) for path in OWN_HANDWRITING if "populate_obj" in path.read_text("utf-8")] == []


def test_nothing_secret_is_drawn_from_an_ordinary_dice() -> None:
    dice = [
        f"{name_of(path)}:{node.lineno}"
        for path in OWN_HANDWRITING
        for node in nodes_of(path)
        if (isinstance(node, ast.Import) and "random" in {one.name for one in node.names})
        or (isinstance(node, ast.ImportFrom) and node.module == "random")
    ]
    assert dice == []


def test_every_process_and_every_parser_of_foreign_files_is_known() -> None:
    """A new place that opens images, PDFs, workbooks or archives has to be looked at, and then stands here."""
    opening = re.compile(
        r"\bPdfReader\(|\bload_workbook\(|\bImage\.open\(|\bZipFile\([^)]*\)\s+as|\btarfile\b|ElementTree"
    )
    found = {name_of(path) for path in OWN_HANDWRITING if opening.search(path.read_text("utf-8"))}
    assert found - KNOWN_PARSERS == set()


KNOWN_PARSERS = {
    "app/content/logos.py",  # pictures of a report's folder, drawn anew
    "app/content/vectors.py",  # drawings of a report's folder, by an allow list
    "app/exports/answer_reading.py",  # after app.exports.unpacking
    "app/exports/framework_sheets/reading.py",  # the same
    "app/exports/tables_csv.py",  # writes
    "app/exports/unpacking.py",  # counts while unpacking
    "app/services/batches.py",  # writes
    "app/services/case_files.py",  # writes
    "app/services/content_archives.py",  # writes
    "app/services/content_imports.py",  # counts while unpacking
    "app/services/data_export.py",  # writes
    "app/services/inspecting.py",  # in the process of app.services.confining
    "app/services/printing.py",  # counts pages of what the printer made
}


def test_a_line_end_in_what_is_logged_makes_no_further_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.bootstrap import configure_logging

    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    try:
        configure_logging()
        structlog.get_logger("app.test").warning("denied", path='/a\n{"event": "signed in"}\r\u2028', name="x\ny")
    finally:
        structlog.reset_defaults()
    assert written.getvalue().count("\n") == 1
    told = json.loads(written.getvalue())
    assert (told["event"], told["name"]) == ("denied", "x\ny")
