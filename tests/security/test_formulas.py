"""Whatever somebody wrote: no spreadsheet that opens an export of ours computes it."""

from __future__ import annotations

import csv
import io
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.core.text import Text
from app.document.values import Cell, Section, Table, TableColumn, TableRow
from app.exports.tables_csv import written_cell
from app.exports.workbook import write_workbook
from app.services.trail_export import _cell
from app.web.self_assessing.pages import HandOut, as_csv

if TYPE_CHECKING:
    from flask import Flask

    from tests.exports.conftest import Make
    from tests.exports.reports import Report

STARTS = "=+-@\t\r\n|＝＋－＠ '\u00a0\u3000\ufeff{%0"
WRITTEN = st.one_of(
    st.builds("{}{}".format, st.text(alphabet=st.sampled_from(STARTS), max_size=3), st.text(max_size=12)),
    st.builds("{}cmd|'/c calc'!A1".format, st.text(alphabet=st.sampled_from(STARTS), max_size=3)),
)
NUMBER = "0123456789.%"
# tried wherever somebody may write, whatever Hypothesis comes upon
CERTAIN = [f"{start}1+1" for start in "=+-@\t\n|＝"] + ["=cmd|'/c calc'!A1", "{=1+1}", " =1+1", "'=1+1"]


def begins_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet computes a cell of this text: the narrow reading of what each of them does."""
    bare = text.lstrip(" \u00a0\u3000\ufeff\t\r\n").translate(str.maketrans("＝＋－＠", "=+-@"))
    return bare[:1] in ("=", "+", "-", "@", "|") and not set(bare[1:]) <= set(NUMBER)


@settings(max_examples=100, deadline=None)
@given(WRITTEN)
@example("-2+3")
@example("\u3000=1+1")
def test_whatever_somebody_wrote_no_csv_cell_begins_a_formula(text: str) -> None:
    assert not begins_a_formula(written_cell(text))
    assert not begins_a_formula(_cell(text))
    assert not begins_a_formula(_cell({"a": text}))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WRITTEN, min_size=1, max_size=10))
def test_the_table_of_personal_links_begins_no_formula(application: Flask, labels: list[str]) -> None:
    until = datetime(2026, 3, 2, tzinfo=UTC).strftime("%Y-%m-%d")
    links = [HandOut("i-01", Text(zh=label), label, "http://localhost/self/token", "", until) for label in labels]
    with application.test_request_context():
        address = as_csv(links)
    text = b64decode(address.partition("base64,")[2]).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if begins_a_formula(cell)] == []


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WRITTEN, min_size=20, max_size=40))
@example(CERTAIN)
@example(CERTAIN[1:] + CERTAIN[:1])
def test_whatever_somebody_wrote_no_workbook_computes_it(report: Make, texts: list[str]) -> None:
    assert formulas_of(report("partial"), texts) == formulas_of(report("partial"), ["一"] * len(texts))


def formulas_of(one: Report, texts: list[str]) -> int:
    """Write a workbook that holds these texts wherever somebody may write one; return how many formulas it has."""
    rows = tuple(TableRow((Cell(text), Cell(text, language="en"))) for text in texts)
    table = Table("written", texts[0], (TableColumn(texts[1]), TableColumn(texts[2])), rows, tuple(texts[:5]))
    planted = Section("planted", one.document.sections[-1].kind, texts[3], blocks=(table,))
    document = replace(one.document, title=texts[4], sections=(planted,))
    subject = replace(one.material.subjects[0], name=Text(zh=texts[5] or "一", en=texts[5] or "one"))
    book = load_workbook(io.BytesIO(write_workbook(document, replace(one.material, subjects=(subject,)))))
    return sum(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
