"""The type specimen, on both papers and in both languages: lines, pages and tables as a typesetter wants them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from app.core.report import Paper
from app.reports.spacing import closing, spaced
from tests.reports.layout import area_of, body_of, descendants, ink_of, lowest_heading, repeated_heads
from tests.reports.specimen import ROWS, RUNNING, set_specimen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.text import Locale

NEVER_FIRST = set("，。、；：？！）》」』】”’…·%％‰)]}.,;:!?")
NEVER_LAST = set("（《「『【“‘([{")
MILLIMETRES = {Paper.WIDE: (338.7, 190.5), Paper.A4: (210, 297)}
PIXELS = 96 / 25.4
EVERY = [
    ("zh", Paper.WIDE),
    ("en", Paper.A4),
    pytest.param("zh", Paper.A4, marks=pytest.mark.nightly),
    pytest.param("en", Paper.WIDE, marks=pytest.mark.nightly),
]


@cache
def pages(locale: Locale, paper: Paper) -> list[Any]:
    from app.reports.pressing import lay_out

    script = set_specimen(locale, paper)
    return list(lay_out(script.html, script.assets).pages)


def lines(page: Any) -> Iterator[tuple[str, str]]:
    """Yield the lines of text of a page with the element that holds them; figures' signs apart."""
    for box in descendants(body_of(page)):
        if type(box).__name__ == "LineBox":
            found = "".join(inner.text for inner in descendants(box) if type(inner).__name__ == "TextBox").strip()
            if found and found not in "‡†*":
                yield found, box.element_tag


@pytest.mark.parametrize(("locale", "paper"), EVERY)
def test_no_line_begins_or_ends_with_punctuation_that_belongs_to_its_neighbour(locale: Locale, paper: Paper) -> None:
    found = [line for page in pages(locale, paper) for line, _ in lines(page)]
    assert len(found) > 200
    assert [line for line in found if line[0] in NEVER_FIRST or line[-1] in NEVER_LAST] == []


@pytest.mark.parametrize(("locale", "paper"), EVERY)
def test_pages_have_the_size_of_their_paper_and_nothing_reaches_over_the_edge(locale: Locale, paper: Paper) -> None:
    for number, page in enumerate(pages(locale, paper), 1):
        assert (page.width / PIXELS, page.height / PIXELS) == pytest.approx(MILLIMETRES[paper], abs=0.1)
        left, top, right, bottom = area_of(page)
        outside = [
            ink
            for ink in ink_of(page)
            if ink.left < left - 1 or ink.right > right + 1 or ink.top < top - 1 or ink.bottom > bottom + 1
        ]
        assert outside == [], f"page {number}"


@pytest.mark.parametrize(("locale", "paper"), EVERY)
def test_a_long_table_repeats_its_head_and_strands_no_heading(locale: Locale, paper: Paper) -> None:
    found = pages(locale, paper)
    assert len(repeated_heads(found)) > 10
    for number, page in enumerate(found, 1):
        assert lowest_heading(page) is None, f"page {number}"


@pytest.mark.parametrize(("locale", "paper"), EVERY)
def test_no_row_of_a_table_is_broken_between_two_pages(locale: Locale, paper: Paper) -> None:
    seen: Counter[str] = Counter()
    for page in pages(locale, paper):
        rows = {
            box.element for box in descendants(body_of(page)) if box.element_tag == "tr" and box.element is not None
        }
        seen.update(str(id(row)) for row in rows if row.get("class"))
    assert len(seen) >= ROWS
    assert set(seen.values()) == {1}


def test_a_paragraph_leaves_no_single_line_on_either_page() -> None:
    from app.reports.pressing import lay_out

    script = set_specimen("zh", Paper.A4)
    sheets = "".join(re.findall(r"<link[^>]*>", script.html))
    text = "客户数据分散在各处。" * 18
    for count in range(5, 14):
        html = f"<!doctype html><html lang=zh-Hans>{sheets}" + f"<p>{text}</p>" * count
        found = lay_out(html, script.assets).pages
        for page in found:
            here = Counter(
                id(box.element)
                for box in descendants(body_of(page))
                if type(box).__name__ == "LineBox" and box.element_tag == "p"
            )
            assert min(here.values()) >= 2, count


def test_runs_of_full_width_punctuation_are_set_close_and_text_stays_the_same() -> None:
    assert spaced("说：“查不到。”") == '说<span class="tight">：</span>“查不到<span class="tight">。</span>”'
    assert spaced("“大客户”（略）") == ('<span class="tight">“</span>大客户<span class="tight">”</span>（略）')
    assert spaced("a “quoted” <word>") == "a “quoted” &lt;word&gt;"
    for text in (*RUNNING["zh"], *RUNNING["en"]):
        assert re.sub(r"<[^>]+>", "", spaced(text)) == text


def test_the_last_characters_of_a_sentence_stay_together() -> None:
    assert closing("没有人负责。") == '没有<span class="tail">人负责。</span>'
    assert closing("no one is responsible.") == 'no one <span class="tail">is responsible.</span>'
    assert closing("。") == "。"
    assert closing("x " + "W" * 400) == "x " + "W" * 400


def test_quotation_marks_are_wide_in_chinese_and_narrow_in_english() -> None:
    widths: dict[str, list[object]] = {}
    for locale, paper in (("zh", Paper.WIDE), ("en", Paper.A4)):
        for page in pages(locale, paper):
            for box in descendants(body_of(page)):
                if type(box).__name__ == "TextBox" and "“" in box.text and box.style["lang"] is not None:
                    widths.setdefault(str(box.style["lang"])[:2], []).append(box.style["font_feature_settings"])
    assert {repr(setting) for setting in widths["en"]} == {repr((("pwid", 1),))}
    assert all("pwid" not in repr(setting) for setting in widths["zh"])
