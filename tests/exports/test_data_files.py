"""CSV, JSON and case files of a report: safe to open, as their schema says, as the exchange format reads them."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import pytest

from app.content.cases import read_case
from app.core.case import Answer, Interview, State
from app.document.values import Cell, Section, Table, TableColumn, TableRow
from app.exports.report_json import write_json
from app.exports.tables_csv import write_csv, written_cell
from app.services.case_files import write_cases
from app.settings import CHECKOUT
from tests.exports.reading import tables_in
from tests.exports.reports import PAIR, SHAPES

if TYPE_CHECKING:
    from pathlib import Path

    from app.content.library import Library
    from tests.exports.conftest import Make


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "|calc", "-2+3", "+-1"]
)
def test_csv_holds_nothing_that_a_spreadsheet_would_calculate(text: str) -> None:
    assert written_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["1.57", "-0.25", "+0.25", "−0.25", "88%", "–", "○", "甲 = 乙", ""])
def test_csv_leaves_figures_and_words_as_they_are(text: str) -> None:
    assert written_cell(text) == text


def test_csv_opens_in_excel_as_utf8_and_is_the_same_every_time(report: Make) -> None:
    one = report(PAIR)
    archive = write_csv(one.document, one.material)
    assert archive == write_csv(one.document, one.material)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert all(opened.read(name).startswith(b"\xef\xbb\xbf") for name in opened.namelist())


def test_csv_of_hostile_text_keeps_its_shape(report: Make) -> None:
    one = report(PAIR)
    table = Table("../../etc/x", "t", (TableColumn("a"),), (TableRow((Cell('=cmd,"x"\n\x00\ud800'),)),))
    planted = Section("planted", one.document.sections[-1].kind, "s", blocks=(table,))
    document = replace(one.document, sections=(*one.document.sections, planted))
    written = tables_in(write_csv(document, one.material))
    assert [name for name in written if "/" in name or ".." in name] == []
    assert written[next(name for name in written if "etc" in name)] == [["a"], ['\'=cmd,"x"\n']]


@pytest.mark.parametrize(("kind", "locale"), SHAPES)
def test_json_is_as_its_schema_says(report: Make, kind: str, locale: str) -> None:
    one = report(kind, locale)
    schema = json.loads((CHECKOUT / "docs" / "report-data.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(write_json(one.document, one.material)), schema)


def test_json_withholds_no_figure_silently(report: Make) -> None:
    data = json.loads(write_json(report(PAIR).document, report(PAIR).material))
    (overall,) = [node for node in data["nodes"] if node["id"] is None]
    figure = overall["figures"][1]
    assert figure["withheld"]
    assert figure["status"] == "insufficient"
    assert "–" in figure["text"]


def test_case_files_are_the_assessments_and_can_be_read_again(report: Make, library: Library, tmp_path: Path) -> None:
    found = report(PAIR).material
    with zipfile.ZipFile(io.BytesIO(write_cases(found))) as archive:
        assert archive.namelist() == [f"{subject.id}.yaml" for subject in found.subjects]
        archive.extractall(tmp_path)
    for subject in found.subjects:
        assert read_case(tmp_path / f"{subject.id}.yaml", library=library) == subject.case


def test_case_files_name_no_respondent(report: Make) -> None:
    found = report(PAIR).material
    subject = found.subjects[1]
    assert subject.case
    talk = Interview(
        "one",
        "marketing",
        respondent="王某",
        interviewer="李某",
        answers={"customer-data-strategy": Answer(State.UNKNOWN)},
    )
    told = replace(subject, case=replace(subject.case, interviews=(talk,)))
    with zipfile.ZipFile(io.BytesIO(write_cases(replace(found, subjects=(told,))))) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    assert "marketing" in text
    assert "王某" not in text
    assert "李某" not in text
