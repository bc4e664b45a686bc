"""Reports as slides: everything that the report says, in its order, as native and editable shapes."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from app.charts.spec import Multiples
from app.core.report import Colours, Fonts, SectionKind, Theme
from app.document.values import Cell, Document, Picture, Section, Table, TableColumn, TableRow, Words
from app.exports.slides import write_slides
from app.exports.slides.arranging import BOTTOM, HEIGHT, WIDTH
from app.exports.slides.planning import plan
from tests.exports.conftest import Make
from tests.exports.every_block import blocks, document, radar, sentence, table, words_of
from tests.exports.packages import A, C, P, Package, squeezed

EMU = 36_000


@cache
def every() -> tuple[Document, bytes]:
    """Return a document with every block, and its slides."""
    found = document()
    return found, write_slides(found)


def opened(content: bytes) -> Any:
    return Presentation(BytesIO(content))


def slide_files(package: Package) -> list[str]:
    """Return the slides of a file in the order in which they are shown."""
    known = package.relations("ppt/presentation.xml")
    shown = package.xml("ppt/presentation.xml").iter(f"{P}sldId")
    return [
        known[one.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")][0] for one in shown
    ]


def text_of(package: Package) -> str:
    """Return all words of the slides in order, those inside charts after those of their slide."""
    told = []
    for name in slide_files(package):
        told += ["".join(package.xml(name).itertext())]
        for target, kind, _out in package.relations(name).values():
            if kind == "chart":
                told += ["".join(one.itertext()) for one in package.xml(target).iter(f"{C}v", f"{A}t")]
    return "".join(told)


def shapes(content: bytes) -> Iterator[tuple[int, Any]]:
    for number, slide in enumerate(opened(content).slides, start=1):
        for shape in slide.shapes:
            yield number, shape


def test_every_word_of_every_block_stands_on_the_slides() -> None:
    found, content = every()
    told = squeezed(text_of(Package(content)))
    assert [words for words in words_of(found) if squeezed(words) not in told] == []


def test_blocks_keep_their_order_in_every_kind_of_section() -> None:
    found, content = every()
    names = list(dict.fromkeys(re.sub(r" (\d+|key.*|title|notes)$", "", shape.name) for _n, shape in shapes(content)))
    ids = [block.id for section in found.walk() for block in section.blocks]
    assert [name for name in names if name in ids] == ids


def test_the_file_is_whole_and_leads_nowhere() -> None:
    package = Package(every()[1])
    assert list(package.faults()) == []
    assert package.outside == []


def test_nothing_stands_beyond_the_edge_of_a_slide() -> None:
    for number, shape in shapes(every()[1]):
        if shape.left is not None and shape.width is not None:
            assert shape.left >= 0, (number, shape.name)
            assert shape.top >= 0, (number, shape.name)
            assert shape.left + shape.width <= WIDTH * EMU + 9, (number, shape.name)
            assert shape.top + shape.height <= HEIGHT * EMU, (number, shape.name)


@pytest.mark.parametrize("kind", ["full", pytest.param("eight", marks=pytest.mark.nightly), "partial", "empty"])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_shipped_reports_become_whole_files_in_which_nothing_runs_off_the_slide(
    report: Make, kind: str, locale: Any
) -> None:
    found = report(kind, locale).document
    content = write_slides(found)
    package = Package(content)
    assert list(package.faults()) == []
    told = squeezed(text_of(package))
    assert [words for words in words_of(found) if squeezed(words) not in told] == []
    for number, shape in shapes(content):
        if shape.top is not None and shape.name not in ("Footer", "Slide number"):
            assert shape.top + shape.height <= (BOTTOM + 2) * EMU, (number, shape.name)


def test_charts_are_native_with_the_exact_figures_and_the_same_in_their_workbooks() -> None:
    package = Package(every()[1])
    charts = [name for name in package.parts if re.fullmatch(r"ppt/charts/chart\d+\.xml", name)]
    assert charts
    kinds = set()
    for name in charts:
        tree = package.xml(name)
        kinds |= {one.tag.removeprefix(C) for one in tree.iter() if one.tag.endswith("Chart")}
        (target, _kind, _out) = next(iter(package.relations(name).values()))
        sheet = load_workbook(BytesIO(package.parts[target]))["data"]
        for reference in tree.iter(f"{C}numRef", f"{C}strRef"):
            formula = reference.find(f"{C}f").text
            cells = sheet[formula.partition("!")[2].replace("$", "")]
            column = [cells] if not isinstance(cells, tuple) else [row[0] for row in cells]
            held = {int(one.get("idx")): one.find(f"{C}v").text for one in reference.iter(f"{C}pt")}
            for place, cell in enumerate(column):
                shown = held.get(place)
                if isinstance(cell.value, (int, float)):
                    assert float(shown or "nan") == pytest.approx(cell.value, rel=1e-12), (name, formula)
                else:
                    assert (shown or "") == (cell.value or ""), (name, formula)
    assert {"radarChart", "scatterChart", "barChart"} <= kinds


def test_a_figure_without_a_score_is_a_gap_and_never_a_zero() -> None:
    content = write_slides(document(Section("one", SectionKind.OVERVIEW, "一", None, (Picture("r", radar()),))))
    package = Package(content)
    (line, *_rest) = package.xml("ppt/charts/chart1.xml").iter(f"{C}ser")
    drawn = {int(one.get("idx")): float(one.find(f"{C}v").text) for one in line.find(f"{C}val").iter(f"{C}pt")}
    assert drawn == {
        place: float(mark.value) for place, mark in enumerate(radar().series[0].marks) if mark.value is not None
    }
    assert "0.50–4.00" in text_of(package)  # bounds of the withheld one, in words


def test_a_radar_shows_the_whole_scale_whatever_the_scores() -> None:
    content = write_slides(document(Section("one", SectionKind.OVERVIEW, "一", None, (Picture("r", radar()),))))
    axis = next(Package(content).xml("ppt/charts/chart1.xml").iter(f"{C}valAx"))
    ends = [axis.find(f"{C}scaling/{C}{end}").get("val") for end in ("min", "max")]
    assert (*map(float, ends), float(axis.find(f"{C}majorUnit").get("val"))) == (0, 5, 1)


def test_every_chart_and_table_can_be_told_to_who_cannot_see_it() -> None:
    for number, shape in shapes(every()[1]):
        described = shape._element.xpath(".//p:cNvPr/@descr")
        assert described or not getattr(shape, "has_chart", False), (number, shape.name)
        if getattr(shape, "has_table", False) and shape.name.startswith(("table", "chart-heatmap")):
            assert shape.table.first_row, (number, shape.name)


def test_a_long_table_goes_on_with_its_head_repeated_and_every_row_once() -> None:
    content = write_slides(document(Section("long", SectionKind.APPENDIX, "很长", None, (table(300, "long-table"),))))
    parts = [shape.table for _number, shape in shapes(content) if shape.name == "long-table"]
    assert len(parts) > 5
    assert {tuple(cell.text for cell in part.rows[0].cells) for part in parts} == {("要素", "得分", "状态")}
    rows = [row.cells[0].text.split("\n")[0] for part in parts for row in list(part.rows)[1:]]
    assert rows == [*(f"第{n}项" for n in range(300)), "合计"]
    titles = [slide.shapes.title.text for slide in opened(content).slides]
    assert len(set(titles)) == len(titles)


def test_a_row_that_is_longer_than_a_slide_goes_on_on_the_next() -> None:
    finding = "".join(f"第{n}个字" for n in range(900))
    row = TableRow((Cell("要素", lines=(Words(finding, "zh"), Words("最后一条", "zh"))), Cell("1.0", Fraction(1))))
    one = Table("tall", "高", (TableColumn("要素"), TableColumn("得分", "number")), (row,))
    content = write_slides(document(Section("tall-section", SectionKind.APPENDIX, "高", None, (one,))))
    told = [shape.table for _number, shape in shapes(content) if shape.name == "tall"]
    assert len(told) > 1
    whole = "".join(row.cells[0].text for part in told for row in list(part.rows)[1:])
    assert finding in squeezed(whole).replace("–", "")
    assert whole.count("最后一条") == 1


def test_what_somebody_typed_stays_text() -> None:
    evil = '=HYPERLINK("http://example.invalid","x")\x0b<a:t>&amp; _x0041_ \ud800'
    chart = replace(radar(), spokes=tuple(replace(spoke, name=evil) for spoke in radar().spokes))
    one = Table(evil, evil, (TableColumn(evil),), (TableRow((Cell(evil),)),), (evil,))
    found = document(
        Section("evil", SectionKind.OVERVIEW, evil, sentence(evil), (Picture("r", chart), one), text=Words(evil, "zh"))
    )
    package = Package(write_slides(replace(found, title=evil, footer=evil, confidentiality=evil, author=evil)))
    assert list(package.faults()) == []
    assert package.outside == []
    kept = '=HYPERLINK("http://example.invalid","x")<a:t>&amp;_x0041_'
    assert squeezed(text_of(package)).count(kept) >= 8
    sheet = load_workbook(BytesIO(package.parts["ppt/embeddings/Microsoft_Excel_Sheet1.xlsx"]))["data"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}


def test_a_huge_word_is_broken_and_stays_on_the_slide() -> None:
    word = "W" * 5000
    one = Table("huge", "", (TableColumn("甲"), TableColumn("乙")), (TableRow((Cell(word), Cell("1"))),))
    content = write_slides(document(Section("huge-section", SectionKind.APPENDIX, word[:200], None, (one,))))
    told = "".join(
        row.cells[0].text for _n, shape in shapes(content) if shape.name == "huge" for row in list(shape.table.rows)[1:]
    )
    assert told == word


def test_master_and_layouts_carry_the_theme() -> None:
    theme = Theme(colours=Colours(accent="#7a1f3d", ink="#101010"), fonts=Fonts(text="KaiTi", headings="SimHei"))
    package = Package(write_slides(replace(every()[0], theme=theme, sections=every()[0].sections[:3])))
    master = package.relations("ppt/slideMasters/slideMaster1.xml")
    (name,) = (target for target, kind, _out in master.values() if kind == "theme")
    xml = package.parts[name].decode()
    assert re.search(r"<a:accent1><a:srgbClr val=.7A1F3D", xml)
    assert re.search(r"<a:dk1><a:srgbClr val=.101010", xml)
    fonts = package.xml(name).find(f".//{A}fontScheme")
    assert [
        fonts.find(f"{A}{part}/{A}{script}").get("typeface")
        for part in ("majorFont", "minorFont")
        for script in ("latin", "ea")
    ] == ["SimHei", "SimHei", "KaiTi", "KaiTi"]
    shown = opened(write_slides(every()[0]))
    assert (shown.slide_width, shown.slide_height) == (12_192_000, 6_858_000)
    assert [layout.name for layout in shown.slide_layouts] == ["封面", "标题与内容"]
    master_words = "".join(shape.text_frame.text for shape in shown.slide_master.shapes if shape.has_text_frame)
    assert "页眉文字" in master_words
    assert "仅供内部使用" in master_words


def test_every_slide_has_its_title_its_number_and_who_may_read_it() -> None:
    for slide in opened(every()[1]).slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text
        kinds = {shape.placeholder_format.type for shape in slide.placeholders}
        assert len({str(kind) for kind in kinds} & {"FOOTER (15)", "SLIDE_NUMBER (13)"}) == 2
        assert any("仅供内部使用" in shape.text_frame.text for shape in slide.placeholders)


def test_words_are_marked_with_their_language() -> None:
    package = Package(every()[1])
    found = {
        run.find(f"{A}rPr").get("lang")
        for name in slide_files(package)
        for run in package.xml(name).iter(f"{A}r")
        if (run.find(f"{A}t").text or "").startswith("in English")
    }
    assert found == {"en-GB"}


def test_notes_say_by_which_rule_where_and_from_what() -> None:
    notes = [slide.notes_slide.notes_text_frame.text for slide in opened(every()[1]).slides if slide.has_notes_slide]
    told = "\n".join(notes)
    assert "按规则 a-rule 写成" in told
    assert "来源：自编" in told
    assert re.search(r"数字见第\d+页", told)


def test_sentences_written_by_hand_name_no_rule() -> None:
    said = replace(sentence("改过的"), by_hand=True)
    found = document(Section("one", SectionKind.OVERVIEW, "一", said, (table(),)))
    (slide,) = opened(write_slides(found)).slides
    assert "a-rule" not in (slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else "")


def test_references_lead_to_the_slide_that_they_name() -> None:
    found, content = every()
    planned, shown = plan(found), opened(content)
    order = [slide.part for slide in shown.slides]
    links = 0
    for slide in shown.slides:
        for run in slide._element.iter(f"{A}r"):
            link = run.find(f"{A}rPr/{A}hlinkClick")
            if link is not None:
                relation = link.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
                target = order.index(slide.part.related_part(relation)) + 1
                number = re.search(r"\d+", run.find(f"{A}t").text)
                assert number is not None
                assert int(number[0]) == target
                links += 1
    assert links >= 10
    assert set(planned.places.values()) <= set(range(1, len(order) + 1))


def test_slides_are_grouped_by_the_sections_of_the_report() -> None:
    found, content = every()
    root = Package(content).xml("ppt/presentation.xml")
    space = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
    groups = [one.get("name") for one in root.iter(f"{space}section")]
    assert groups == [section.title for section in found.sections]
    assert [one.get("id") for one in root.iter(f"{space}sldId")] == [one.get("id") for one in root.iter(f"{P}sldId")]


def test_a_withheld_figure_is_hatched_in_tables_and_heatmaps() -> None:
    package = Package(write_slides(document(Section("one", SectionKind.OVERVIEW, "一", None, blocks()))))
    hatched = [
        "".join(cell.itertext())
        for name in slide_files(package)
        for cell in package.xml(name).iter(f"{A}tc")
        if cell.find(f"{A}tcPr/{A}pattFill") is not None
    ]
    assert hatched == ["0.50–4.00", "0.50–4.00"]


def test_a_report_without_sections_is_still_a_file() -> None:
    package = Package(write_slides(replace(document(), sections=())))
    assert list(package.faults()) == []


def test_as_many_panels_as_there_are_units_stand_on_as_many_slides_as_they_need() -> None:
    panels = tuple(replace(radar(), caption=replace(radar().caption, title=f"单位{n}")) for n in range(40))
    many = Picture("many", Multiples(radar().caption, panels))
    content = write_slides(document(Section("one", SectionKind.MULTIPLES, "小图", None, (many,))))
    drawn = [number for number, shape in shapes(content) if getattr(shape, "has_chart", False)]
    assert len(drawn) == 40
    assert max(drawn) > 1


@pytest.mark.nightly
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_slides_and_prints_each(tmp_path: Path) -> None:
    file = tmp_path / "report.pptx"
    file.write_bytes(every()[1])
    told = [f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        ["soffice", *told, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=300
    )
    from pypdf import PdfReader

    assert len(PdfReader(tmp_path / "report.pdf").pages) == len(opened(every()[1]).slides)
