"""Every page opens, in both languages, with its frame: where am I, what now, help for this page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from markupsafe import escape

from app.web.helping.routes import PAGES
from tests.web.conftest import ENGAGEMENT, Visitor
from tests.web.samples import samples

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

NO_PAGE_OF_THEIRS = ("/api/", "/self/", "/static/", "/link")  # for scripts, or for whoever holds a link
CHINESE = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_opens(application: Flask, administrator: Visitor, locale: str) -> None:
    administrator.speak(locale)
    shut = []
    for sample in samples(application):
        if sample.method == "GET" and sample.exists and not sample.address.startswith(NO_PAGE_OF_THEIRS):
            with administrator.client.get(sample.address, follow_redirects=True) as answer:
                if answer.status_code != 200:
                    shut.append((sample.endpoint, sample.address, answer.status_code))
                elif answer.mimetype == "text/html":
                    assert f'<html lang="{"en" if locale == "en" else "zh-Hans"}">' in answer.get_data(as_text=True)
    assert not shut, "\n".join(map(str, shut))


def test_one_heading_a_title_and_a_way_past_the_navigation(administrator: Visitor) -> None:
    for path in ("/engagements", ENGAGEMENT, "/frameworks", "/benchmarks", "/search", "/help", "/users"):
        text = administrator.get(path).text
        assert text.count("<h1") == 1, path
        assert 'href="#content"' in text
        assert 'id="content"' in text
        assert re.search(r"<title[^>]*>\S+.* · CRM能力成熟度评估</title>", text), path


def test_help_opens_at_the_page_one_is_on(reader: Visitor) -> None:
    for path, page in (
        (ENGAGEMENT, "portfolio"),
        (f"{ENGAGEMENT}/units", "units"),
        ("/frameworks", "frameworks"),
        ("/benchmarks", "benchmarks"),
        ("/search", "search"),
    ):
        assert f"/help/{page}" in reader.page(path).links


def test_every_link_to_help_leads_somewhere(application: Flask, administrator: Visitor) -> None:
    wanted = set()
    for sample in samples(application):
        if sample.method == "GET" and sample.exists:
            with administrator.client.get(sample.address, follow_redirects=True) as answer:
                text = answer.get_data().decode("utf-8", "replace")  # downloads are asked for too
            wanted |= set(re.findall(r'href="/help/([\w-]+)"', text))
    assert wanted <= PAGES.keys()


@pytest.mark.parametrize("page", PAGES)
def test_help_says_the_same_in_both_languages(stranger: Visitor, page: str) -> None:
    def shape(locale: str) -> list[str]:
        text = stranger.speak(locale).get(f"/help/{page}").text
        article = text[text.index("<article") : text.index("</article>")]
        assert bool(CHINESE.search(article)) is (locale == "zh")
        return re.findall(r"<(h2|ul|ol|li|p|table|tr)\b", article)

    assert shape("zh") == shape("en")


def test_help_pages_and_their_files_are_the_same(application: Flask) -> None:
    from pathlib import Path

    folder = Path(application.root_path) / "templates" / "helping"
    for locale in ("zh", "en"):
        assert _names(folder / locale) == set(PAGES)


def _names(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.html")}


def test_the_portfolio_tells_scores_from_missing_ones(reader: Visitor) -> None:
    page = reader.page(ENGAGEMENT)
    assert "6 个评估单位，4 份评估：2 份有总分，1 份覆盖不足，1 份未评。" in page.words
    assert re.search(r"深圳电信\s+2003年9月\s+49\s+/50\s+1\.80\s+可发布", page.words)
    assert re.search(r"广州电信\s+2003年9月\s+36\s+/50\s+\d\.\d\d–\d\.\d\d\s+覆盖不足", page.words)
    assert re.search(r"福州电信\s+2003年9月\s+0\s+/50\s+未评", page.words)
    assert re.search(r"广东省电信\s+没有评估", page.words)


def test_the_tree_stands_beside_every_page_of_an_engagement(reader: Visitor) -> None:
    for path in (ENGAGEMENT, f"{ENGAGEMENT}/rounds", f"{ENGAGEMENT}/assessments"):
        assert "福州电信" in reader.page(path).words


def test_a_framework_shows_tree_weights_and_level_texts(reader: Visitor) -> None:
    page = reader.page("/frameworks/telecom-crm/1.0.0")
    for words in ("客户数据战略", "没有人考虑过需要什么客户数据", "加权平均", "80% 起可发布", "CI.1.1"):
        assert words in page.words
    assert re.search(r"\b[0-9a-f]{64}\b", page.words)
    assert len([one for one in page.ids if one in ("customer-insight", "collect-data", "customer-data-strategy")]) == 3


def test_a_capability_has_an_address_of_its_own(reader: Visitor) -> None:
    page = reader.page("/frameworks/telecom-crm/1.0.0/capabilities/customer-data-strategy")
    assert "从经营目标出发" in page.words
    assert "/frameworks/telecom-crm/1.0.0/capabilities/collect-data" in page.links


def test_a_benchmark_shows_source_figures_ranges_and_facts(reader: Visitor) -> None:
    page = reader.page("/benchmarks/telecom-crm/foreign-carriers-2003")
    for words in ("市场营销再造项目", "2003", "AT&T Wireless", "美洲", "2.50–3.00", "财务管理", "M模式大胆尝试"):
        assert words in page.words
    english = reader.speak("en").page("/benchmarks/telecom-crm/foreign-carriers-2003")
    assert "Americas" in english.words


def test_search_finds_units_capabilities_and_findings(reader: Visitor) -> None:
    page = reader.page("/search?q=数据")
    assert "项能力" in page.words
    assert "/frameworks/telecom-crm/1.0.0/capabilities/collect-data" in page.links
    assert any(re.fullmatch(r"/assessments/\d+/capabilities/[\w-]+", link) for link in page.links)
    assert ENGAGEMENT in reader.page("/search?q=shenzhen").links
    assert "没有找到" in reader.page("/search?q=nothing-like-this").words
    assert "只在" in reader.page("/search?q=数据&in=china-telecom-2003").words


@pytest.mark.parametrize(
    "query", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "%_'\"; --", "{{7*7}}"]
)
def test_what_is_searched_for_is_shown_as_it_is(reader: Visitor, query: str) -> None:
    text = reader.get("/search", query_string={"q": query}).text
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert str(escape(query)) in text
