"""Reports as content: sections, options, words and look, checked where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.content import themes
from app.content.library import Library, load_library
from app.content.reports import OPTIONS
from app.core.errors import FaultsFound
from app.core.report import About, Colours, Fonts, Paper, SectionKind, Theme
from app.core.text import Text
from tests.content.writing import CHECKOUT, FILES, LIBRARY, PATHS, Seen, content, found_in, lint_root, marked

REPORT = FILES[PATHS["report"]]
HEAD = REPORT[: REPORT.index("sections:")]
THEME = "theme: {footer: {zh: 页脚}}\n"
SERIF = "Noto Serif CJK SC"

# what stands in place of the theme or of the sections, with a mark where the fault is; code; path
THEMES = [
    ('theme: {colours: {accent: ¦"red"}}', "E701", "theme.colours.accent"),
    ('theme: {colours: {accent: ¦"#fff"}}', "E701", "theme.colours.accent"),
    ("theme: {colours: {accent: ¦12}}", "E701", "theme.colours.accent"),
    ('theme: {colours: {units: ["#112233", ¦"#112233"]}}', "E214", "theme.colours.units[1]"),
    ('theme: {colours: {units: ["#112233", ¦"#1122"]}}', "E701", "theme.colours.units[1]"),
    ('theme: {colours: {units: [¦"#ffee00"]}}', "W722", "theme.colours.units[0]"),
    ('theme: {colours: {ink: ¦"#888888"}}', "E702", "theme.colours.ink"),
    ('theme: {colours: {muted: ¦"#808080"}}', "E702", "theme.colours.muted"),
    ('theme: {colours: {wash: ¦"#000000"}}', "E702", "theme.colours.wash"),
    ('theme: {colours: {accent: ¦"#ffee00"}}', "E703", "theme.colours.accent"),
    ('theme: {colours: {accent: ¦"#e07a00"}}', "W721", "theme.colours.accent"),
    ('theme: {colours: {¦link: "#112233"}}', "E201", "theme.colours.link"),
    ("theme: {fonts: {text: ¦'Arial\"; color: red'}}", "E704", "theme.fonts.text"),
    ("theme: {fonts: {headings: ¦[Arial]}}", "E704", "theme.fonts.headings"),
    ("theme: {paper: ¦letter}", "E204", "theme.paper"),
    ("theme: {logo: {file: ¦../logo.png, name: {zh: 标, en: Sign}}}", "E216", "theme.logo.file"),
    ("theme: {logo: {file: ¦gone.png, name: {zh: 标, en: Sign}}}", "E314", "theme.logo.file"),
    ("theme: {logo: {file: ¦report.yaml, name: {zh: 标, en: Sign}}}", "E705", "theme.logo.file"),
    ("theme: {logo: ¦{file: gone.png}}", "E202", "theme.logo.name"),
]
SECTIONS = [
    ("about: ¦people\nsections: [{section: cover}]", "E204", "about"),
    ("about: interview\n¦sections: [{section: cover}]", "E717", "sections"),
    ("sections: [{section: cover}, {section: ¦cover}]", "E214", "sections[1].section"),
    ("sections: ¦[]", "E213", "sections"),
    ("sections: [¦{section: words, title: {zh: 前言, en: Foreword}}]", "E202", "sections[0].text"),
    ("sections: [¦{section: words, text: {zh: 前言, en: Foreword}}]", "E202", "sections[0].title"),
    ("sections: [{section: words, title: {zh: 前, en: F}, text: ¦{zh: 前言}}]", "W221", "sections[0].text"),
    ("sections: [{section: cover, template: ¦own.html}]", "E314", "sections[0].template"),
    ("sections: [{section: cover, template: ¦a/own.html}]", "E216", "sections[0].template"),
    ("sections: [{section: cover, options: {¦findings: 3}}]", "E201", "sections[0].options.findings"),
]


def linted(tmp_path: Path, text: str) -> list[Seen]:
    return found_in(lint_root(content(tmp_path, report=text)), tmp_path, PATHS["report"])


@pytest.mark.parametrize(("theme", "code", "path"), THEMES)
def test_a_fault_of_the_look_is_found_where_it_stands(tmp_path: Path, theme: str, code: str, path: str) -> None:
    text, line, column = marked(REPORT.replace(THEME, theme + "\n"))
    assert Seen(code, line, column, path) in linted(tmp_path, text)


@pytest.mark.parametrize(("sections", "code", "path"), SECTIONS)
def test_a_fault_of_the_sections_is_found_where_it_stands(tmp_path: Path, sections: str, code: str, path: str) -> None:
    text, line, column = marked(HEAD + sections + "\n")
    assert Seen(code, line, column, path) in linted(tmp_path, text)


def test_a_colour_without_quotes_is_a_comment_and_the_message_says_so(tmp_path: Path) -> None:
    text = REPORT.replace(THEME, "theme:\n  colours:\n    accent: #0b6e75\n")
    (fault,) = lint_root(content(tmp_path, report=text)).faults
    assert fault.code == "E701"
    assert "nothing (a # outside quotes opens a comment)" in fault.message


def test_a_report_without_sections_is_refused_unless_it_is_an_interviews(tmp_path: Path) -> None:
    assert [(one.code, one.path) for one in linted(tmp_path, HEAD)] == [("E202", "sections")]


def test_a_report_is_called_like_its_folder_so_that_its_templates_are_found(tmp_path: Path) -> None:
    (fault,) = linted(tmp_path, REPORT.replace("id: brief", "id: long"))
    assert (fault.code, fault.path) == ("E320", "id")


def test_a_theme_is_read_whole(tmp_path: Path) -> None:
    theme = f"""\
theme:
  confidentiality: {{zh: 仅供董事会, en: Board only}}
  paper: a4
  colours: {{accent: "#9C1C3F", units: ["#112233", "#445566"]}}
  fonts: {{headings: {SERIF}}}
"""
    read = load_library(content(tmp_path, report=REPORT.replace(THEME, theme))).report("brief").theme
    assert read.colours == Colours(accent="#9c1c3f", units=("#112233", "#445566"))
    assert read.fonts == Fonts(headings=SERIF)
    assert (read.paper, read.confidentiality) == (Paper.A4, Text("仅供董事会", "Board only"))


def test_without_a_theme_a_report_has_the_house_s_look(tmp_path: Path) -> None:
    assert load_library(content(tmp_path, report=REPORT.replace(THEME, ""))).report("brief").theme == Theme()


def test_a_font_that_is_not_installed_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "installed_families", lambda: frozenset({SERIF}))
    text, line, column = marked(REPORT.replace(THEME, f"theme: {{fonts: {{text: ¦Gone Sans, headings: {SERIF}}}}}\n"))
    assert linted(tmp_path, text) == [Seen("W723", line, column, "theme.fonts.text")]


def test_where_fonts_cannot_be_listed_nobody_is_warned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "installed_families", frozenset)
    assert linted(tmp_path, REPORT.replace(THEME, "theme: {fonts: {text: Gone Sans}}\n")) == []


def test_the_report_of_an_interview_is_a_look_and_no_report_of_assessments(library: Library) -> None:
    assert "interview-guide" not in {report.id for report in library.reports()}
    assert library.interview_theme().confidentiality == Text("仅供内部使用", "For internal use only")


def test_what_is_shipped_is_what_the_product_promises(library: Library) -> None:
    shipped = {report.id: report for report in library.reports()}
    assert set(shipped) >= {"executive", "full", "comparison", "progress"}
    assert shipped["progress"].about is About.ROUNDS
    for report in shipped.values():
        assert report.summary, f"{report.id} does not say what it is for"
        for text in (report.name, report.title, report.summary, report.theme.footer, report.theme.confidentiality):
            assert text, f"{report.id} lacks words"
            assert text.zh, f"{report.id} lacks Chinese words"
            assert text.en, f"{report.id} lacks English words"


def test_the_full_report_has_everything_that_one_set_of_assessments_can_show(library: Library) -> None:
    shown = {section.kind for section in library.report("full").sections}
    assert set(SectionKind) - shown == {SectionKind.CHANGES, SectionKind.WORDS, SectionKind.APPENDIX}


def test_the_options_that_an_editor_may_write_are_those_that_builders_read() -> None:
    sources = "".join(path.read_text("utf-8") for path in (CHECKOUT / "app" / "document" / "sections").glob("*.py"))
    written = {name for names in OPTIONS.values() for name in names}
    assert written == {name for name in ("elements", "findings", "items") if f'option("{name}"' in sources}


def test_a_report_with_an_error_is_never_half_used(tmp_path: Path) -> None:
    with pytest.raises(FaultsFound):
        load_library(content(tmp_path, report=REPORT.replace(THEME, 'theme: {colours: {accent: "red"}}\n')))


def test_a_client_s_own_report_is_read_with_its_look_and_own_pages() -> None:
    report = load_library(LIBRARY).report("river-telecom")
    kinds = [section.kind for section in report.sections]
    assert kinds[:4] == [SectionKind.COVER, SectionKind.WORDS, SectionKind.HEATMAP, SectionKind.MESSAGE]
    assert report.sections[3].template == "letter.html"
    logo = report.theme.logo
    assert logo is not None
    assert (logo.width / logo.height, logo.media_type) == (240 / 64, "image/svg+xml")
    assert logo.picture is not None
    assert logo.picture.startswith(b"\x89PNG")
