"""Reports as texts: the same words in the same order, tables that repeat their heads, charts that can be edited."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.core.report import SectionKind
from app.document.values import Cell, Document, Picture, Section, Table, TableColumn, TableRow, Words
from app.exports.wordprocessing import write_text_document
from tests.exports.conftest import Make
from tests.exports.every_block import blocks, document, radar, sentence, table, words_of
from tests.exports.packages import A, C, Package, W, squeezed

MAIN = "word/document.xml"


@cache
def every() -> tuple[Document, Package]:
    """Return a document with every block, and its text."""
    found = document()
    return found, Package(write_text_document(found))


def text_of(package: Package) -> str:
    """Return all words in order, those inside charts last."""
    body = "".join(one.text or "" for one in package.xml(MAIN).iter(f"{W}t"))
    charts = (name for name in package.parts if re.fullmatch(r"word/charts/chart\d+\.xml", name))
    return body + "".join(
        "".join(one.itertext()) for name in charts for one in package.xml(name).iter(f"{C}v", f"{A}t")
    )


def test_every_word_of_every_block_stands_in_the_text_and_in_its_order() -> None:
    found, package = every()
    told = squeezed(text_of(package))
    assert [words for words in words_of(found) if squeezed(words) not in told] == []
    at = 0
    for section in found.sections[3:]:  # behind the contents, which name them too
        for block in section.blocks:
            title = block.chart.caption.title if isinstance(block, Picture) else block.title
            at = told.index(squeezed(title), at)


@pytest.mark.parametrize("kind", ["full", pytest.param("eight", marks=pytest.mark.nightly), "partial", "empty"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_shipped_reports_become_whole_files(report: Make, kind: str, locale: Any) -> None:
    found = report(kind, locale).document
    package = Package(write_text_document(found))
    assert list(package.faults()) == []
    assert package.outside == []
    told = squeezed(text_of(package))
    assert [words for words in words_of(found) if squeezed(words) not in told] == []


def test_the_file_is_whole_and_leads_nowhere() -> None:
    _found, package = every()
    assert list(package.faults()) == []
    assert package.outside == []


def test_sections_are_headings_by_their_depth() -> None:
    found, package = every()
    heads = [
        (one.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), "".join(t.text or "" for t in one.iter(f"{W}t")))
        for one in package.xml(MAIN).iter(f"{W}p")
        if one.find(f"{W}pPr/{W}pStyle") is not None
        and one.find(f"{W}pPr/{W}pStyle").get(f"{W}val").startswith("Heading")
    ]
    wanted = [("Heading1", section.title) for section in found.sections if section.kind is not SectionKind.COVER]
    assert [head for head in heads if head[0] == "Heading1"] == wanted
    assert ("Heading2", "中间层") in heads
    assert ("Heading3", "最里层") in heads


def test_heads_of_tables_are_repeated_on_every_page_and_rows_stay_whole() -> None:
    package = Package(write_text_document(document(Section("s", SectionKind.APPENDIX, "长", None, (table(200),)))))
    (found,) = package.xml(MAIN).iter(f"{W}tbl")
    rows = list(found.iter(f"{W}tr"))
    assert len(rows) == 202
    assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows[1:])


def test_a_row_longer_than_a_page_may_be_broken() -> None:
    row = TableRow((Cell("要素", lines=tuple(Words("很长的发现" * 40, "zh") for _n in range(40))),))
    one = Table("tall", "高", (TableColumn("要素"),), (row,))
    package = Package(write_text_document(document(Section("s", SectionKind.APPENDIX, "高", None, (one,)))))
    assert list(package.xml(MAIN).iter(f"{W}tr"))[1].find(f"{W}trPr/{W}cantSplit") is None


def test_a_wide_table_lies_and_the_text_after_it_stands() -> None:
    heads = tuple(TableColumn(f"Telecommunications{n}", "number") for n in range(9))
    wide = Table("wide", "宽", heads, (TableRow(tuple(Cell("1.0") for _head in heads)),))
    package = Package(
        write_text_document(
            document(
                Section("a", SectionKind.OVERVIEW, "甲", None, (table(),)),
                Section("b", SectionKind.COMPARISON, "乙", None, (wide,)),
                Section("c", SectionKind.METHOD, "丙", None, (table(key="c"),)),
            )
        )
    )
    turned = [one.find(f"{W}pgSz").get(f"{W}orient") for one in package.xml(MAIN).iter(f"{W}sectPr")]
    assert turned == [None, "landscape", None]


def test_charts_are_native_and_bring_their_workbooks() -> None:
    _found, package = every()
    charts = [name for name in package.parts if re.fullmatch(r"word/charts/chart\d+\.xml", name)]
    assert charts
    for name in charts:
        ((target, kind, _out),) = package.relations(name).values()
        assert kind == "package"
        assert package.parts[target][:2] == b"PK"
    drawings = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
    assert all(one.get("descr") for one in package.xml(MAIN).iter(drawings))


def test_every_page_reference_and_link_leads_to_a_bookmark() -> None:
    _found, package = every()
    root = package.xml(MAIN)
    marks = [one.get(f"{W}name") for one in root.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks))
    asked = {one.text.split()[1] for one in root.iter(f"{W}instrText") if "PAGEREF" in one.text}
    asked |= {one.get(f"{W}anchor") for one in root.iter(f"{W}hyperlink")}
    assert asked
    assert asked <= set(marks)


def test_fonts_are_set_for_chinese_and_latin_letters() -> None:
    styles = every()[1].xml("word/styles.xml")
    fonts = styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    assert fonts.get(f"{W}eastAsia") == fonts.get(f"{W}ascii") == "Microsoft YaHei"
    names = {one.get(f"{W}styleId") for one in styles.iter(f"{W}style")}
    used = {one.get(f"{W}val") for one in every()[1].xml(MAIN).iter(f"{W}pStyle")}
    assert used <= names


def test_heads_and_feet_say_whose_report_it_is_and_count_the_pages() -> None:
    _found, package = every()
    told = {
        name: "".join(package.xml(name).itertext())
        for name in package.parts
        if re.match(r"word/(header|footer)\d", name)
    }
    assert any("页眉文字" in text for text in told.values())
    counted = [text for text in told.values() if "NUMPAGES" in text]
    assert counted
    assert all("PAGE" in text and "仅供内部使用" in text for text in counted)


def test_what_somebody_typed_stays_text() -> None:
    evil = '=HYPERLINK("http://example.invalid","x")\x0b<w:t>&amp; \ud800'
    chart = replace(radar(), spokes=tuple(replace(spoke, name=evil) for spoke in radar().spokes))
    one = Table(evil, evil, (TableColumn(evil),), (TableRow((Cell(evil),)),), (evil,))
    found = document(
        Section("s", SectionKind.OVERVIEW, evil, sentence(evil), (Picture("r", chart), one), text=Words(evil, "zh"))
    )
    package = Package(write_text_document(replace(found, title=evil, footer=evil, confidentiality=evil, author=evil)))
    assert list(package.faults()) == []
    assert package.outside == []
    assert squeezed(text_of(package)).count('=HYPERLINK("http://example.invalid","x")<w:t>&amp;') >= 6


def test_two_thousand_rows_are_written_once_each() -> None:
    package = Package(write_text_document(document(Section("s", SectionKind.APPENDIX, "长", None, (table(2000),)))))
    told = text_of(package)
    assert [told.count(f"第{n}项") for n in (0, 1999)] == [1, 1]


def test_a_report_without_sections_is_still_a_file() -> None:
    assert list(Package(write_text_document(replace(document(), sections=()))).faults()) == []
    assert blocks()


@pytest.mark.nightly
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_text(tmp_path: Path) -> None:
    file = tmp_path / "report.docx"
    file.write_bytes(write_text_document(every()[0]))
    told = [f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        ["soffice", *told, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=300
    )
    from pypdf import PdfReader

    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages)
    assert "目次" in text or "contents标题" in text
