"""The workbook of a report: its sheets, native charts, links; and text that would like to be a formula."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from html import unescape
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from app.core.text import Text
from app.document.build import build_document
from app.document.material import material
from app.document.values import Cell, Section, Table, TableColumn, TableRow
from app.exports.workbook import write_workbook
from app.exports.workbook.number_formats import number_format
from tests.exports.conftest import Open
from tests.exports.reading import displayed
from tests.exports.reports import PAIR, SHAPES, SINGLE, report_of
from tests.reports.conftest import DAY

if TYPE_CHECKING:
    from app.content.library import Library
    from tests.exports.conftest import Make, Written

HOSTILE = (
    '=HYPERLINK("http://example.org","x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "{=1+1}",
    "\t=1+1",
    "＝1+1",
    "http://example.org/",
    "_x0041_ \x07 \ud800 &A <b>",
    "长" * 40_000,
)


def sheet_names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = archive.read("xl/workbook.xml").decode()
    return [unescape(name) for name in re.findall(r'<sheet name="([^"]*)"', listed)]


@pytest.mark.parametrize(("kind", "locale"), SHAPES)
def test_sheets_have_names_that_excel_takes(written: Written, kind: str, locale: str) -> None:
    names = sheet_names(written(kind, locale))
    assert len({name.lower() for name in names}) == len(names)
    assert [name for name in names if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name)] == []


def test_the_same_report_gives_the_same_bytes(library: Library, written: Written) -> None:
    again = report_of(library, PAIR, "zh")
    assert write_workbook(again.document, again.material) == written(PAIR)


def test_formulas_stand_on_calculation_sheets_and_in_folded_columns_only(workbook: Open) -> None:
    book = workbook(PAIR)
    calculating = [name for name in book.book.sheetnames if name.split()[1] in ("怎样核对", "权重与门槛", "计算")]
    elsewhere = [
        (sheet, place)
        for sheet in book.book.sheetnames
        if sheet not in calculating
        for place in book.formulas(sheet)
        if not str(book.book[sheet][place].value).startswith("=IF(ISNUMBER(")
    ]
    assert elsewhere == []


def test_links_lead_to_sheets_that_exist_and_nowhere_else(workbook: Open) -> None:
    book = workbook(PAIR)
    cells = [cell for sheet in book.book for row in sheet.iter_rows() for cell in row]
    links = [cell.hyperlink for cell in cells if cell.hyperlink is not None]
    assert len(links) > 50
    assert [link.ref for link in links if link.target] == []
    places = {str(link.location).rpartition("!")[0].strip("'").replace("''", "'") for link in links}
    assert places - set(book.book.sheetnames) == set()


def test_charts_are_native_described_and_without_any_outside_address(written: Written) -> None:
    with zipfile.ZipFile(io.BytesIO(written(PAIR))) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
        drawings = [archive.read(name).decode() for name in archive.namelist() if "/drawings/drawing" in name]
        relations = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".rels"))
    assert sum("<c:radarChart>" in chart for chart in charts) >= 1
    assert sum("<c:barChart>" in chart for chart in charts) >= 1
    assert "External" not in relations
    assert [chart for chart in charts if '<c:dispBlanksAs val="gap"/>' not in chart] == []
    frames = [frame for drawing in drawings for frame in re.findall(r"<xdr:cNvPr [^>]*>", drawing)]
    assert len(frames) == len(charts)
    assert [frame for frame in frames if 'descr="' not in frame] == []


def test_text_of_users_never_becomes_a_formula_a_link_or_a_broken_file(report: Make) -> None:
    one = report("partial")
    rows = tuple(TableRow((Cell(text), Cell(text, language="en"))) for text in HOSTILE)
    table = Table("hostile", HOSTILE[0], (TableColumn(HOSTILE[1]), TableColumn(HOSTILE[3])), rows, HOSTILE)
    top = one.document.sections[-1]
    planted = Section("planted", top.kind, "[a]:*?/\\" + HOSTILE[0], blocks=(table,))
    document = replace(
        one.document, title=HOSTILE[0], footer="&A" + HOSTILE[8], sections=(*one.document.sections, planted)
    )
    subject = replace(one.material.subjects[0], name=Text(zh=HOSTILE[0], en=HOSTILE[0]))
    content = write_workbook(document, replace(one.material, subjects=(subject,)))
    book = load_workbook(io.BytesIO(content))
    (sheet,) = [one for one in book if any(cell.value == HOSTILE[2] for cell in one["A"])]
    shown = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert [text for text in HOSTILE[:4] if not shown[text].quotePrefix] == []
    assert {cell.data_type for cell in shown.values()} == {"s"}
    assert all(len(text) <= 32_767 for text in shown)
    assert any("_x0041_" in text for text in shown)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"External" not in b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".rels"))


@pytest.mark.parametrize("template", ["executive", "full"])
def test_of_one_score_alone_the_numbers_stand_without_charts_of_nothing(library: Library, template: str) -> None:
    one = report_of(library, SINGLE, "zh", template)
    content = write_workbook(one.document, one.material)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/charts/chart")]
    assert all(b"<c:ser>" in chart for chart in charts)
    assert len(load_workbook(io.BytesIO(content)).sheetnames) > 5


def test_two_thousand_rows_are_written(report: Make) -> None:
    one = report("empty")
    rows = tuple(TableRow((Cell(f"行{n}"), Cell(f"{n}.00", Fraction(n)))) for n in range(2000))
    table = Table("many", "多", (TableColumn("名"), TableColumn("数", "number")), rows)
    planted = Section("planted", one.document.sections[-1].kind, "多", blocks=(table,))
    content = write_workbook(replace(one.document, sections=(*one.document.sections, planted)), one.material)
    sheet = next(sheet for sheet in load_workbook(io.BytesIO(content)) if sheet.max_row > 2000)
    assert sum(cell.value is not None for cell in sheet["B"]) >= 2000


def test_names_that_recur_and_exceed_are_told_apart(library: Library, report: Make) -> None:
    base = report("partial").material
    long = "很长的单位名称" * 10
    subjects = [
        replace(base.subjects[0], id=f"u{n}", unit=replace(base.subjects[0].unit, name=Text(zh=long))) for n in range(3)
    ]
    found = material(base.framework, subjects, made_on=DAY, weights=base.weights)
    content = write_workbook(build_document(found, library.report("executive"), "zh"), found)
    names = sheet_names(content)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("11/7", "1.57"),
        ("11/7", "1.57‡"),
        ("2", "2.00（暂定）"),
        ("1/8", "0.13"),
        ("-1/4", "−0.25"),
        ("1/4", "+0.25"),
        ("-1/1000", "0.00"),
        ("7/8", "88%"),
        ("3", "3"),
        ("1", "2.75（区间 1.00–3.00 的中值）"),
    ],
)
def test_a_number_is_shown_as_it_is_printed(value: str, text: str) -> None:
    exact = Fraction(value)
    shown = number_format(exact, text)
    if shown is not None:
        assert displayed(float(exact), shown) == text


def test_a_number_that_the_text_does_not_print_stays_text() -> None:
    assert number_format(Fraction(3), "初具") is None
    assert number_format(Fraction(3), '3 "级"') is None
