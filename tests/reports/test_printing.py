"""The printing process: progress, failure in words, limits; templates that cannot be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.document.values import Cell, Document, TableRow
from app.reports.printing import PrintingFailed, print_pdf
from app.reports.spacing import spaced
from app.reports.typesetting import TemplateFault, Typescript, deepest, padding, typeset
from tests.reports.conftest import Make

if TYPE_CHECKING:
    from app.core.text import Locale


@pytest.fixture
def document(make: Make) -> Document:
    locale: Locale = "en"
    return make(locale, ("fuzhou-2003",)).document


def templates(folder: Path, report: str) -> Path:
    (folder / "report.html").write_text(report, "utf-8")
    return folder


def test_a_name_that_no_value_has_is_an_error(tmp_path: Path, document: Document) -> None:
    with pytest.raises(TemplateFault, match="UndefinedError"):
        typeset(document, [templates(tmp_path, "{{ document.titel }}")])


def test_a_template_cannot_reach_what_it_was_not_given(tmp_path: Path, document: Document) -> None:
    with pytest.raises(TemplateFault, match="SecurityError"):
        typeset(document, [templates(tmp_path, "{{ document.__class__.__mro__[1].__subclasses__() }}")])


def test_a_template_cannot_include_what_lies_outside_its_folder(tmp_path: Path, document: Document) -> None:
    (tmp_path / "secret.html").write_text("secret", "utf-8")
    folder = tmp_path / "report"
    folder.mkdir()
    with pytest.raises(TemplateFault, match="TemplateNotFound"):
        typeset(document, [templates(folder, '{% include "../secret.html" %}')])


def test_values_are_escaped(tmp_path: Path, document: Document) -> None:
    evil = replace(document, title='<b onclick="x">&')
    found = typeset(evil, [templates(tmp_path, "{{ document.title }}{{ document.title|spaced }}")])
    assert "<b" not in found.html


def test_a_thin_gap_stands_between_chinese_and_latin_and_changes_no_text() -> None:
    assert spaced("中国CRM能力<5%的") == (
        '中国<span class="gap"></span>CRM<span class="gap"></span>能力&lt;5%<span class="gap"></span>的'
    )


def test_decimal_points_of_a_column_stand_in_line() -> None:
    rows = [TableRow((Cell("1.67"),)), TableRow((Cell("2"),)), TableRow((Cell("1.02–3.97"),)), TableRow((Cell("○"),))]
    assert deepest(rows) == [2]
    assert padding("2", 2) == '<span class="padding">.00</span>'
    assert padding("1.5", 2) == '<span class="padding">0</span>'
    assert padding("1.02–3.97", 2) == padding("○", 2) == padding("1.67", 2) == ""


def test_a_child_that_takes_too_long_is_stopped_and_said_so() -> None:
    endless = "<p>" + "<div>" * 200 + "word " * 200_000
    with pytest.raises(PrintingFailed, match="too long or too much memory"):
        print_pdf(Typescript(endless, {}), timeout=0.5)


def test_a_document_nested_beyond_all_measure_fails_in_words() -> None:
    with pytest.raises(PrintingFailed, match="could not be printed"):
        print_pdf(Typescript("<div>" * 4000 + "x", {}))


def test_progress_tells_the_pages_and_then_the_writing() -> None:
    told: list[tuple[str, int]] = []
    print_pdf(
        Typescript("<p>a<p style='break-before: page'>b", {}), progress=lambda stage, page: told.append((stage, page))
    )
    assert told == [("pages", 1), ("pages", 2), ("writing", 0)]
