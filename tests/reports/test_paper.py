"""The printed report: whole text, right numbers, nothing beyond the page, and what a reader needs to find the way."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from app.core.scale import display
from tests.reports.conftest import ALL, EIGHT, Make, Printed
from tests.reports.layout import area_of, ink_of, is_filled, lowest_heading, margin_text, repeated_heads

HANZI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
SETS = {
    "full in Chinese": ("zh", ALL),
    "full in English": ("en", ALL),
    "partial": ("zh", ("guangzhou-2003",)),
    "empty": ("en", ("fuzhou-2003",)),
    "eight columns": ("en", EIGHT),
}
TAKE_LONG = {"full in English", "eight columns"}
RUNNING = {"foot-left", "foot-right", "head-left"}


def hanzi(text: str) -> Counter[str]:
    return Counter(HANZI.findall(text))


class Words(HTMLParser):
    """The words of a page's flow, and of its pictures; running heads and feet apart."""

    def __init__(self, html: str, pictures: dict[str, str]) -> None:
        super().__init__()
        self.words: list[str] = []
        self._pictures = pictures
        self._silent = 0
        self._stack: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img":
            self.words.append(self._pictures[str(values["src"]).removeprefix("asset:")])
        if tag in ("img", "meta", "link", "br", "col"):
            return
        silent = tag in ("head", "title", "desc") or bool(RUNNING & set((values.get("class") or "").split()))
        self._stack.append(silent)
        self._silent += silent

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("img", "meta", "link", "br", "col"):
            self._silent -= self._stack.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def source_text(report: Printed) -> str:
    pictures = {
        name: "".join(Words(body.decode(), {}).words)
        for name, (kind, body) in report.typescript.assets.items()
        if kind == "image/svg+xml"
    }
    return "".join(Words(report.typescript.html, pictures).words)


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.nightly) if name in TAKE_LONG else name for name in SETS])
def report(request: pytest.FixtureRequest, make: Make) -> Printed:
    locale, cases = SETS[request.param]
    return make(locale, cases)


def test_the_text_layer_holds_every_chinese_character_of_its_source(report: Printed) -> None:
    pages = report.layout.pages
    furniture = "".join(map(margin_text, pages)) + repeated_heads(pages)
    expected = hanzi(source_text(report)) + hanzi(furniture)
    assert expected
    assert hanzi(report.text) == expected


def test_the_typesetter_understands_every_rule(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    from app.reports.pressing import lay_out

    report = make("zh")  # the sheets are those of every report, in both languages
    lay_out("<p>", {name: asset for name, asset in report.typescript.assets.items() if asset[0] == "text/css"})
    style = report.typescript.html.replace("<body>", "<body><!--").replace("</body>", "--></body>")
    lay_out(style, report.typescript.assets)
    assert [record.getMessage() for record in caplog.records if record.name == "weasyprint"] == []


def test_nothing_reaches_beyond_the_content_area(report: Printed) -> None:
    for number, page in enumerate(report.layout.pages, 1):
        left, top, right, bottom = area_of(page)
        outside = [
            ink
            for ink in ink_of(page)
            if ink.left < left - 1 or ink.right > right + 1 or ink.top < top - 1 or ink.bottom > bottom + 1
        ]
        assert outside == [], f"page {number}"


def test_no_two_things_stand_on_top_of_each_other(report: Printed) -> None:
    for number, page in enumerate(report.layout.pages, 1):
        ink = ink_of(page)
        hits = [(one, other) for place, one in enumerate(ink) for other in ink[place + 1 :] if one.overlaps(other)]
        assert hits == [], f"page {number}"


def test_no_heading_is_stranded_and_no_page_nearly_empty(report: Printed) -> None:
    for number, page in enumerate(report.layout.pages, 1):
        assert lowest_heading(page) is None, f"page {number}"
        assert is_filled(page), f"page {number}"


def test_every_page_is_a_wide_one_with_its_number(report: Printed) -> None:
    count = len(report.reader.pages)
    for number, (page, text) in enumerate(zip(report.reader.pages, report.pages, strict=True), 1):
        assert abs(float(page.mediabox.width) / float(page.mediabox.height) - 16 / 9) < 0.002
        told = f"第 {number} 页 共 {count} 页" if report.document.locale == "zh" else f"Page {number} of {count}"
        if number > 1:
            assert re.sub(r"\s+", "", told) in re.sub(r"\s+", "", text), number


def test_the_message_stands_on_page_two_whole(report: Printed) -> None:
    page = re.sub(r"\s+", "", report.pages[1])
    for sentence in report.document.message:
        digits = re.findall(r"\d+\.\d+|\d+%", sentence.text)
        assert all(digit in page for digit in digits), sentence


def test_references_name_the_page_where_the_section_starts(make: Make) -> None:
    report = make("zh")
    starts = {item.title: report.reader.get_destination_page_number(item) + 1 for item in _outline(report)}
    titles = {entry.target: entry.title for entry in report.document.contents}
    page = re.sub(r"\s+", "", report.pages[1])
    cited = {anchor for sentence in report.document.message for anchor in sentence.evidence}
    assert len(cited) >= 3
    for anchor in cited & titles.keys():
        assert f"第{starts[titles[anchor]]}页" in page
    contents = re.sub(r"\s+", "", "".join(report.pages[2:4]))
    for entry in report.document.contents:
        if entry.depth == 1:
            assert f"{entry.title.replace(' ', '')}{starts[entry.title]}" in contents, entry


def _outline(report: Printed) -> list:  # type: ignore[type-arg]
    found = []
    for item in report.reader.outline:
        found += item if isinstance(item, list) else [item]
    return found


def test_bookmarks_follow_the_contents(report: Printed) -> None:
    titles = [item.title for item in _outline(report)]
    front = [section.title for section in report.document.sections if section.kind == "contents"]
    assert sorted(titles) == sorted([*(entry.title for entry in report.document.contents), *front])


def test_the_file_knows_its_language_title_and_tags(report: Printed) -> None:
    root = report.reader.trailer["/Root"]
    assert root["/Lang"] == ("zh-Hans" if report.document.locale == "zh" else "en")
    assert report.reader.metadata.title.startswith(report.document.title)
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_every_picture_has_an_alternative_text(report: Printed) -> None:
    pictures = re.findall(r"<img [^>]*>", report.typescript.html)
    assert all(re.search(r'alt="[^"]{10,}"', picture) for picture in pictures)


def test_fonts_are_subsets_of_one_family_with_a_real_bold(make: Make) -> None:
    fonts = set(re.findall(rb"/BaseFont\s*/([A-Za-z0-9+-]+)", make("zh").pdf)) | {
        str(font.get_object()["/BaseFont"])[1:].encode()
        for page in make("zh").reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    names = {name.decode().split("+")[-1] for name in fonts}
    assert all("Noto-Sans-CJK-SC" in name or "NotoSansCJK" in name for name in names), names
    assert any("Bold" in name for name in names)
    assert len(make("zh").pdf) < 3_000_000


def test_numbers_on_paper_are_those_of_the_scoring_function(make: Make) -> None:
    report = make("zh")
    lines = [re.sub(r"[‡†*]", "", line).split() for page in report.pages for line in page.splitlines()]
    focus = report.material.subjects[0]
    for node in (*report.material.top, None):
        name = node.name.zh if node else "总体"
        score = focus.scorecard.node(node.id if node else None).score
        assert score is not None
        assert any(name in line and display(score, 2) in line for line in lines), (name, score)


def test_a_withheld_score_is_printed_as_its_bounds(make: Make) -> None:
    report = make("zh")
    guangzhou = report.material.subjects[2]
    overall = guangzhou.scorecard.overall
    assert overall.score is not None
    assert overall.bounds is not None
    score, bounds = display(overall.score, 2), "–".join(display(end, 2) for end in overall.bounds)
    (page,) = [text for text in report.pages if "总体覆盖率" in text and "各单位与各能力领域的覆盖率" in text]
    (line,) = [line for line in page.splitlines() if line.split()[:1] == ["广州电信"]]
    assert bounds in line
    assert "覆盖不足" in line
    assert score not in line.split()


def test_an_empty_unit_alone_makes_a_short_report(make: Make) -> None:
    report = make("en", ("fuzhou-2003",))
    assert len(report.reader.pages) <= 9
    assert "Fuzhou Telecom is not assessed yet" in re.sub(r"\s+", " ", report.pages[1])
    assert "Customer Data Strategy" in report.text
