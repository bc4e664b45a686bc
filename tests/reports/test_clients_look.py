"""A client's own look on paper: colours, fonts, logo, own pages and sheets, and nothing of it in Python."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from pypdf import PdfReader

from app.content.library import load_library
from app.core.report import Colours, Fonts, Paper, ReportDefinition, SectionDefinition, SectionKind, Theme
from app.core.text import Locale, Text
from app.document.build import build_document
from app.document.material import Material
from app.reports.dressing import dressed_drawing, dressed_sheet, theme_sheet, values_of
from app.reports.typesetting import TemplateFault, Typescript, style_sheets, typeset
from app.settings import CHECKOUT
from tests.reports.conftest import ALL, gathered

if TYPE_CHECKING:
    from app.content.library import Library

LIBRARY = CHECKOUT / "tests" / "library"
RIVER = LIBRARY / "reports" / "river-telecom"
HOUSE = CHECKOUT / "reports" / "house"
RED = Theme(colours=Colours(accent="#9c1c3f", ink="#2a1a20"))
AMBER = Theme(colours=Colours(accent="#e07a00"))
SERIF = Theme(fonts=Fonts("Noto Serif CJK SC", "Noto Sans CJK SC"))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")


@pytest.fixture(scope="module")
def found(library: Library) -> Material:
    return gathered(library, ALL, "foreign-carriers-2003")


@pytest.fixture(scope="module")
def river() -> ReportDefinition:
    return load_library(LIBRARY).report("river-telecom")


def script(found: Material, definition: ReportDefinition, locale: Locale, folder: Path = RIVER) -> Typescript:
    return typeset(build_document(found, definition, locale), (folder, HOUSE))


def only(*sections: SectionDefinition, theme: Theme | None = None) -> ReportDefinition:
    return ReportDefinition("mine", Text("我的", "Mine"), sections, theme=theme or Theme())


# --- the whole of it -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_client_s_report_is_printed_in_its_own_look(found: Material, river: ReportDefinition, locale: Locale) -> None:
    from app.reports.pressing import lay_out, write

    first = replace(river, sections=river.sections[:3])
    typescript = script(found, first, locale)
    pdf = write(lay_out(typescript.html, typescript.assets))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    words = {
        "zh": ("客户经营能力体检", "委托与范围", "一页看全部", "仅供董事会"),
        "en": ("Customer Management Check-up", "Mandate and scope", "Everything on one page", "For the board only"),
    }[locale]
    assert words[0] in pages[0]
    assert words[1] in pages[1]
    assert words[2] in pages[2]
    assert all(words[3] in page for page in pages)
    assert _share(pdf, "#9c1c3f") > 0.05, "the cover has no band in the client's colour"


def _share(pdf: bytes, colour: str) -> float:
    """Return which share of the first page has a colour."""
    done = subprocess.run(["pdftoppm", "-r", "20", "-l", "1", "-png"], input=pdf, capture_output=True, check=True)
    page = Image.open(BytesIO(done.stdout)).convert("RGB")
    wanted = tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))
    near = sum(
        count
        for count, seen in page.getcolors(page.width * page.height) or ()
        if isinstance(seen, tuple) and all(abs(a - b) < 12 for a, b in zip(seen, wanted, strict=True))
    )
    return near / (page.width * page.height)


def test_the_logo_stands_on_the_cover_with_its_name_and_at_every_foot(found: Material, river: ReportDefinition) -> None:
    typescript = script(found, river, "en")
    assert typescript.html.count('src="asset:logo.svg"') == 2
    assert 'alt="River Telecom"' in typescript.html
    assert river.theme.logo is not None
    assert typescript.assets["logo.svg"] == ("image/svg+xml", river.theme.logo.content)


def test_own_templates_are_used_where_there_are_any_and_the_house_s_elsewhere(
    found: Material, river: ReportDefinition
) -> None:
    html = script(found, river, "zh").html
    assert 'class="page cover river"' in html
    assert html.count('<div class="paragraph">') == 5
    assert 'class="sentences' not in html
    assert 'class="page strengths' in html or 'id="strengths' in html


def test_a_page_of_words_has_its_paragraphs_and_points_as_text(found: Material) -> None:
    text = Text("甲 <b>&\n\n- 乙\n- 丙\n\n丁", "a <b>&\n\n- b\n- c\n\nd")
    words = SectionDefinition(SectionKind.WORDS, Text("前言", "Foreword"), text)
    typescript = script(found, only(words, words), "zh", HOUSE)
    assert "<p>甲<span" not in typescript.html
    assert "甲 &lt;b&gt;&amp;" in typescript.html
    assert typescript.html.count("<li>") == 4
    assert len(set(re.findall(r'<h1 id="(words-\d+)"', typescript.html))) == 2


def test_the_document_carries_the_theme_to_every_format(found: Material, river: ReportDefinition) -> None:
    document = build_document(found, river, "zh")
    assert document.theme is river.theme
    assert (document.footer, document.confidentiality) == ("江河电信集团 · 客户经营能力体检", "仅供董事会")


def test_a_client_s_unit_colours_are_those_of_the_charts(found: Material, river: ReportDefinition) -> None:
    typescript = script(found, river, "zh")
    chart = next(body.decode() for name, (_, body) in typescript.assets.items() if name.startswith("overview"))
    assert all(colour in chart for colour in ("#9c1c3f", "#2a1a20"))
    assert "#1b2430" not in chart


def test_what_a_template_cannot_do_is_said_with_its_line(found: Material, tmp_path: Path) -> None:
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "cover.html").write_text("<p>\n{{ section.nothing }}</p>")
    with pytest.raises(TemplateFault, match=r"sections/cover\.html:2: UndefinedError"):
        script(found, only(SectionDefinition(SectionKind.COVER)), "zh", tmp_path)
    (tmp_path / "sections" / "cover.html").write_text("<p>\n{% if %}</p>")
    with pytest.raises(TemplateFault, match=r"sections/cover\.html:2: TemplateSyntaxError"):
        script(found, only(SectionDefinition(SectionKind.COVER)), "zh", tmp_path)


@pytest.mark.parametrize("reach", ["document.__class__.__mro__", "document.sections.append(1)", "''.__class__"])
def test_a_template_sees_plain_values_only(found: Material, tmp_path: Path, reach: str) -> None:
    (tmp_path / "sections").mkdir()
    (tmp_path / "sections" / "cover.html").write_text("{{ " + reach + " }}")
    with pytest.raises(TemplateFault):
        script(found, only(SectionDefinition(SectionKind.COVER)), "zh", tmp_path)


# --- sheets and drawings ---------------------------------------------------------------------------------------------


def test_sheets_come_in_one_order_the_house_s_the_theme_s_the_client_s() -> None:
    names = list(style_sheets((RIVER, HOUSE), Theme()))
    assert names[0] == "report.css"
    assert names[-3:] == ["wide.css", "theme.css", "river.css"]
    upright = list(style_sheets((RIVER, HOUSE), Theme(paper=Paper.A4)))
    assert "a4.css" in upright
    assert "wide.css" not in upright


def test_a_sheet_of_the_same_name_stands_in_place_of_the_house_s(tmp_path: Path) -> None:
    (tmp_path / "report.css").write_text("p { color: var(--accent) }")
    assert style_sheets((tmp_path, HOUSE), RED)["report.css"] == "p { color: #9c1c3f }"


def test_the_house_s_sheets_speak_no_colour_but_the_house_s() -> None:
    house = {*values_of(Theme()).values(), "#ffffff"}
    for sheet in HOUSE.glob("*.css"):
        assert set(COLOUR.findall(sheet.read_text("utf-8"))) <= house, sheet.name


def test_in_another_theme_nothing_of_the_house_s_colours_is_left() -> None:
    theme = Theme(colours=Colours("#111111", "#222222", "#333333", "#444444", "#555555"))
    house = {getattr(Colours(), role) for role in ("accent", "ink", "muted", "hairline", "wash")}
    for name, sheet in style_sheets((HOUSE, HOUSE), theme).items():
        assert not house & {colour.lower() for colour in COLOUR.findall(sheet)}, name
        assert "var(--" not in sheet, name


def test_the_house_s_own_look_leaves_sheets_and_drawings_as_they_are() -> None:
    sheet = (HOUSE / "report.css").read_text("utf-8")
    assert "var(" in sheet or dressed_sheet(sheet, Theme()) == sheet
    assert dressed_drawing('<rect fill="#0b6e75"/>', Theme()) == '<rect fill="#0b6e75"/>'


def test_an_accent_too_light_for_text_is_kept_for_lines() -> None:
    sheet = "a { color: #0b6e75; border-color: #0b6e75; background-color: #0B6E75 } b { color: var(--accent-text) }"
    assert dressed_sheet(sheet, AMBER) == (
        "a { color: #1b2430; border-color: #e07a00; background-color: #e07a00 } b { color: #1b2430 }"
    )


def test_a_drawing_changes_its_colours_and_never_its_words() -> None:
    drawn = (
        '<svg fill="#1b2430" font-family="\'Noto Sans CJK SC\', serif"><text>#0b6e75</text><rect fill="#0b6e75"/></svg>'
    )
    assert dressed_drawing(drawn, RED) == drawn.replace('fill="#1b2430"', 'fill="#2a1a20"').replace(
        'rect fill="#0b6e75"', 'rect fill="#9c1c3f"'
    )
    assert "'Noto Serif CJK SC', 'Noto Sans CJK SC'" in dressed_drawing(drawn, SERIF)


def test_fonts_of_a_theme_reach_text_and_headings() -> None:
    assert dressed_sheet('html { font: 9pt "Noto Sans CJK SC" }', SERIF) == 'html { font: 9pt "Noto Serif CJK SC" }'
    assert 'h1,h2,h3,h4,figcaption.title{font-family:"Noto Sans CJK SC"}' in theme_sheet(SERIF)
    assert "font-family" not in theme_sheet(Theme())


def test_names_that_a_sheet_may_use_are_few_and_others_stay() -> None:
    assert dressed_sheet("p { color: var(--mine) }", RED) == "p { color: var(--mine) }"
    units = Theme(colours=replace(Colours(), units=("#112233",)))
    assert dressed_sheet("p { color: var( --unit-1 ) }", units) == "p { color: #112233 }"
