"""What lies beside a report: logos, templates and style sheets, safe or refused where the danger stands."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.content.library import load_library
from app.content.lint import lint
from app.content.vectors import UnsafeDrawing, read_drawing
from app.core.report import GUIDE_TEMPLATES, REPORT_TEMPLATES, Logo
from app.reports import typesetting
from tests.content.writing import FILES, PATHS, content, lint_root, marked

FOLDER = "reports/brief"
REPORT = FILES[PATHS["report"]]
WITH_LOGO = REPORT.replace("theme: {footer: {zh: 页脚}}", "theme: {logo: {file: LOGO, name: {zh: 标志, en: Sign}}}")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10">INSIDE</svg>'
OPEN = SVG.partition("INSIDE")[0]


def put(root: Path, name: str, body: str | bytes) -> Path:
    file = root / FOLDER / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(body if isinstance(body, bytes) else body.encode())
    return root


def faults(root: Path, name: str) -> list[tuple[str, int | None]]:
    """Return code and line of what is wrong with a file beside the report."""
    file = str(root / FOLDER / name)
    return [(fault.code, fault.line) for fault in lint_root(root).faults if fault.file == file]


def picture(kind: str, size: tuple[int, int] = (60, 20), mode: str = "RGB") -> bytes:
    written = BytesIO()
    Image.new(mode, size, "#9c1c3f").save(written, kind, **({"comment": b"secret note"} if kind == "JPEG" else {}))
    return written.getvalue()


def logo_of(root: Path, name: str, body: str | bytes) -> Logo:
    put(content(root, report=WITH_LOGO.replace("LOGO", name)), name, body)
    logo = load_library(root).report("brief").theme.logo
    assert logo is not None
    return logo


# --- logos -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("logo.png", "PNG"), ("logo.JPG", "JPEG"), ("logo.jpeg", "JPEG")])
def test_a_picture_is_encoded_anew_without_what_else_was_in_it(tmp_path: Path, name: str, kind: str) -> None:
    logo = logo_of(tmp_path, name, picture(kind) + b"<script>appended</script>")
    assert (logo.width, logo.height) == (60, 20)
    assert logo.picture == logo.content
    assert b"script" not in logo.content
    assert b"secret" not in logo.content


def test_a_large_picture_is_made_as_small_as_print_needs(tmp_path: Path) -> None:
    logo = logo_of(tmp_path, "logo.png", picture("PNG", (4000, 1000)))
    assert (logo.width, logo.height) == (1600, 400)


@pytest.mark.parametrize(
    "body",
    [
        b"GIF89a" + b"0" * 50,
        b"",
        b"\x89PNG\r\n\x1a\n broken",
        picture("JPEG"),
        picture("PNG", (9000, 9000)),
        b"0" * 2**21,
    ],
    ids=["gif", "empty", "broken", "other kind", "too many pixels", "too large"],
)
def test_what_is_no_usable_picture_is_refused(tmp_path: Path, body: bytes) -> None:
    put(content(tmp_path, report=WITH_LOGO.replace("LOGO", "logo.png")), "logo.png", body)
    assert [fault.code for fault in lint_root(tmp_path).errors] == ["E705"]


def test_a_logo_behind_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    content(tmp_path, report=WITH_LOGO.replace("LOGO", "logo.png"))
    (tmp_path / "elsewhere.png").write_bytes(picture("PNG"))
    (tmp_path / FOLDER / "logo.png").symlink_to(tmp_path / "elsewhere.png")
    assert [fault.code for fault in lint_root(tmp_path).errors] == ["E315"]


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<image href='data:image/png;base64,AA'/>", "<image>"),
        ("<a href='http://x.invalid'><rect/></a>", "<a>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<animate attributeName='x'/>", "<animate>"),
        ("<rect onload='x()'/>", "onload"),
        ("<use href='other.svg#a'/>", "outside"),
        ("<use xmlns:x='http://www.w3.org/1999/xlink' x:href='file:///etc/passwd'/>", "outside"),
        ("<rect fill='url(http://x.invalid/a)'/>", "url()"),
        ("<rect style='fill:u\\72l(http://x.invalid)'/>", "style"),
        ("<style>@import 'http://x.invalid/a.css'</style>", "style"),
        ("<style>rect { fill: url( 'file:///etc/passwd' ) }</style>", "url()"),
        ("<?xml-stylesheet href='x.css'?>", "xml-stylesheet"),
        ("<g>" * 70 + "</g>" * 70, "nested too deep"),
        ("<use href='#a'/>" * 17, "<use>"),
        ("<rect>", "not well-formed"),
    ],
)
def test_an_svg_that_could_act_is_refused_where_it_would(tmp_path: Path, inside: str, problem: str) -> None:
    body = SVG.replace("INSIDE", "\n" + inside)
    put(content(tmp_path, report=WITH_LOGO.replace("LOGO", "logo.svg")), "logo.svg", body)
    (fault,) = lint_root(tmp_path).errors
    assert fault.code == "E706"
    assert fault.line == 2
    assert problem in fault.message


@pytest.mark.parametrize(
    "body",
    [
        f'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>{OPEN}<text>&b;</text></svg>',
        f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{OPEN}<text>&x;</text></svg>',
        '<html xmlns="http://www.w3.org/1999/xhtml"/>',
        '<svg viewBox="0 0 1 1"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 10"/>',
        "",
    ],
    ids=["entities", "outside entity", "html", "no namespace", "no size", "no width", "empty"],
)
def test_what_is_no_plain_svg_is_refused(body: str) -> None:
    with pytest.raises(UnsafeDrawing):
        read_drawing(body.encode())


def test_notes_of_a_drawing_program_are_left_out_and_shapes_stay() -> None:
    inside = (
        '<metadata><rdf xmlns="urn:r">who drew it</rdf></metadata>'
        '<n:view xmlns:n="urn:editor"><n:guide href="http://x.invalid"/></n:view>'
        '<g xmlns:n="urn:editor" n:label="layer">'
        '<path d="M0 0L9 9" style="fill:url(#a)"/><text>江河 &amp; Co</text></g>'
    )
    kept = read_drawing(SVG.replace("INSIDE", inside).encode()).content.decode()
    assert "who drew it" not in kept
    assert "urn:editor" not in kept
    assert '<path d="M0 0L9 9" style="fill:url(#a)"></path><text>江河 &amp; Co</text>' in kept


def test_an_svg_wants_a_png_beside_it_for_slides(tmp_path: Path) -> None:
    put(content(tmp_path, report=WITH_LOGO.replace("LOGO", "logo.svg")), "logo.svg", SVG.replace("INSIDE", "<rect/>"))
    assert [fault.code for fault in lint_root(tmp_path).faults] == ["W724"]
    put(tmp_path, "logo.png", picture("PNG"))
    assert lint_root(tmp_path).faults == ()


# --- templates -------------------------------------------------------------------------------------------------------

TEMPLATES = [
    ("<p>\n¦{% if section %}</p>", "E707"),
    ("<p>{{ section.title }}</p>\n¦{% include 'gone.html' %}", "E708"),
    ("{{ section.title }}\n¦{{ documnet.title }}", "E709"),
    ("\n¦{{ section.title|colourful }}", "E709"),
    ("\n¦{% if section is lucky %}x{% endif %}", "E709"),
    ("\n\n¦{{ document.__class__ }}", "E710"),
    ("\n¦{{ document['__init__'] }}", "E710"),
    ('<p>\n¦<img src="https://x.invalid/a.png"></p>', "E711"),
    ('<p>\n¦<link rel="stylesheet" href="other.css"></p>', "E711"),
    ("<p>\n¦<script>x()</script></p>", "E715"),
    ("<style>\n¦p { background: url(https://x.invalid/a.png) }</style>", "E711"),
]
SHEETS = [
    ("p { color: red }\n¦@import 'other.css';", "E712"),
    ("p { color: red }\n¦p { background: url(file:///etc/passwd) }", "E711"),
    ("\n¦p { background: u\\72l('//x.invalid/a') }", "E711"),
    ("@media print {\n¦  p { background: image-set('https://x.invalid/a' 1x) } }", "E711"),
    ("@font-face { font-family: x;\n¦  src: url(x.woff) }", "E711"),
    ("@page {\n¦  @top-left { content: url(x.png) } }", "E711"),
    ("p { color: red }\n¦}", "E713"),
    ("p { ;\n¦ color red }", "E713"),
]


@pytest.mark.parametrize(("text", "code"), TEMPLATES)
def test_a_fault_in_a_template_is_found_in_its_line(tmp_path: Path, text: str, code: str) -> None:
    body, line, _ = marked(text)
    put(content(tmp_path), "sections/cover.html", body)
    assert faults(tmp_path, "sections/cover.html") == [(code, line)]


@pytest.mark.parametrize(("text", "code"), SHEETS)
def test_a_fault_in_a_style_sheet_is_found_in_its_line(tmp_path: Path, text: str, code: str) -> None:
    body, line, _ = marked(text)
    put(content(tmp_path), "own.css", body)
    assert faults(tmp_path, "own.css") == [(code, line)]


def test_a_sheet_may_refer_to_its_own_files_and_anchors(tmp_path: Path) -> None:
    put(content(tmp_path), "own.css", "p { background: url(asset:own.css); mask: url(#a) }")
    assert faults(tmp_path, "own.css") == []


def test_a_sheet_called_like_that_of_the_theme_is_refused(tmp_path: Path) -> None:
    assert faults(put(content(tmp_path), "theme.css", "p { color: red }"), "theme.css") == [("E716", 1)]


def test_a_template_that_nothing_refers_to_is_a_warning(tmp_path: Path) -> None:
    put(content(tmp_path), "left-over.html", "<p>x</p>")
    assert faults(tmp_path, "left-over.html") == [("W332", 1)]
    put(tmp_path, "sections/cover.html", "{% include 'left-over.html' %}")
    assert faults(tmp_path, "left-over.html") == []


def test_files_that_are_no_text_or_lie_elsewhere_are_refused(tmp_path: Path) -> None:
    put(content(tmp_path), "sections/cover.html", b"\xff\xfe")
    (tmp_path / "elsewhere.css").write_text("p { color: red }")
    (tmp_path / FOLDER / "own.css").symlink_to(tmp_path / "elsewhere.css")
    assert faults(tmp_path, "sections/cover.html") == [("E110", 1)]
    assert faults(tmp_path, "own.css") == [("E315", 1)]


def test_a_house_of_one_s_own_needs_a_template_for_every_section(tmp_path: Path) -> None:
    content(tmp_path)
    house = tmp_path / "reports" / "house"
    (house / "sections").mkdir(parents=True)
    (house / "report.html").write_text("{% for section in document.sections %}{{ section.id }}{% endfor %}")
    (house / "sections" / "cover.html").write_text("{{ section.title }}")
    (fault,) = lint_root(tmp_path).errors
    assert (fault.code, fault.path) == ("E714", "sections[1].section")
    assert "sections/appendix.html" in fault.message


def test_the_guide_of_interviews_is_checked_by_its_own_names(tmp_path: Path) -> None:
    head = REPORT[: REPORT.index("sections:")] + "about: interview\n"
    content(tmp_path, report=head)
    assert [fault.code for fault in lint_root(tmp_path).errors] == ["E708"]
    put(tmp_path, "guide.html", "{{ guide.title[0].text|spaced }}{{ strip(guide.levels) }}\n{{ document.title }}")
    assert faults(tmp_path, "guide.html") == [("E709", 2)]


def test_a_report_s_folder_may_be_named_on_its_own(tmp_path: Path) -> None:
    put(content(tmp_path), "own.css", "p { background: url(x.png) }")
    report = lint([tmp_path / FOLDER], root=tmp_path)
    assert [(fault.code, fault.file) for fault in report.faults] == [("E711", str(tmp_path / FOLDER / "own.css"))]


@pytest.mark.parametrize("vocabulary", [REPORT_TEMPLATES, GUIDE_TEMPLATES])
def test_what_templates_are_said_to_know_is_what_typesetting_brings(vocabulary: object) -> None:
    source = Path(typesetting.__file__).with_name("guide.py" if vocabulary is GUIDE_TEMPLATES else "typesetting.py")
    text = source.read_text("utf-8")
    assert isinstance(vocabulary, type(REPORT_TEMPLATES))
    assert vocabulary.start in text
    assert all(f"{name}=" in text for name in (*vocabulary.names, *vocabulary.filters))
