"""A respondent on a phone: from the link to submission, through a gap in the network, and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import OpenPage
from tests.browser.guards import Watch, axe_violations, left_in_chinese, overflow
from tests.browser.server import ENGAGEMENT, Server
from tests.browser.test_every_page import our_sentences

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
LARGE = {"width": 1280, "height": 900}
THUMB = 44  # least height of what a thumb presses

Links = Callable[..., list[str]]
Phone = Callable[..., Page]


@pytest.fixture
def links(open_page: OpenPage, own_server: Server) -> Links:
    """Make links as a consultant does and return their addresses."""

    def links(**counts: str) -> list[str]:
        page = open_page(f"/engagements/{ENGAGEMENT}/assessments", at=own_server)
        page.locator('a[href^="/assessments/"]', has_text=re.compile("福州")).first.click()
        page.get_by_role("link", name="自评", exact=True).click()
        page.get_by_role("link", name="发自评链接").first.click()
        for role, count in counts.items():
            page.fill(f"#count-{role.replace('_', '-')}", count)
        page.get_by_role("button", name="生成链接").click()
        page.locator(".hand-out").first.wait_for()
        assert axe_violations(page) == []
        return [str(field.input_value()) for field in page.locator("[data-address]").all()]

    return links


@pytest.fixture
def phone(chromium: Browser, watch: Watch, own_server: Server) -> Iterator[Phone]:
    """Open a link on a phone with touch."""
    contexts = []

    def phone(link: str, *, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=own_server.address,
            viewport=PHONE,  # type: ignore[arg-type] # a plain size
            has_touch=True,
            is_mobile=True,
            locale="zh-CN",
            java_script_enabled=javascript,
        )
        watch.over(context, host=urlsplit(own_server.address).netloc)
        contexts.append(context)
        page = context.new_page()
        page.goto(link)
        assert urlsplit(page.url).path == "/self/"
        return page

    yield phone
    for context in contexts:
        context.close()


def ready(page: Page) -> None:
    page.locator("html[data-ready]").wait_for(state="attached")


def tap_card(page: Page, words: str) -> None:
    page.locator("label.card", has_text=words).first.tap()


def saved(page: Page) -> None:
    page.locator("[data-saving][data-kind=saved]").wait_for()


def go_on(page: Page) -> None:
    before = page.url
    page.locator("[data-go=next]").tap()
    page.wait_for_url(lambda url: url != before)
    if "/elements/" in page.url:
        ready(page)


def press(page: Page, name: str) -> None:
    """Press a button of a page without scripts, and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).tap()


def faults(page: Page) -> list[str]:
    """Look at a page at three widths, and in English."""
    found = []
    for size in (PHONE, SMALL, LARGE):
        page.set_viewport_size(size)  # type: ignore[arg-type] # a plain size
        found += [*overflow(page), *axe_violations(page, contrast=size is PHONE)]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type] # a plain size
    english = page.locator("html").get_attribute("lang") == "en"
    return [*found, *(left_in_chinese(page, our_sentences()) if english else [])]


def small_targets(page: Page) -> list[str]:
    """Name what a thumb must press and what is too low for it."""
    lines = page.evaluate(
        """(least) => [...document.querySelectorAll("button, label.card, label.choice-pill, nav a, .self-go a")]
          .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.matches(".visually-hidden"))
          .map((one) => [one, one.getBoundingClientRect().height]).filter(([, height]) => height < least)
          .map(([one, height]) => `${one.textContent.trim()}: ${height}`)""",
        THUMB,
    )
    return [str(line) for line in lines]


def test_a_phone_from_the_link_to_submission_through_a_gap_in_the_network(
    links: Links, phone: Phone, watch: Watch
) -> None:
    watch.expect("Failed to load resource|ERR_INTERNET_DISCONNECTED")
    page = phone(links(product_management="1")[0])  # asked about two elements
    assert faults(page) == []
    assert small_targets(page) == []
    page.get_by_role("link", name="开始填写").tap()
    ready(page)
    assert faults(page) == []
    page.locator(".self-judgement > label.card").nth(3).tap()
    saved(page)
    page.locator("label.choice-pill").nth(1).tap()
    saved(page)
    assert small_targets(page) == []
    page.locator("[data-clear]").scroll_into_view_if_needed()
    assert axe_violations(page) == []
    go_on(page)

    page.context.set_offline(True)
    tap_card(page, "与我们无关")
    page.locator("[data-reason]").fill("我们不做产品开发")
    page.locator("[data-saving][data-kind=waiting]").wait_for()
    assert "1 题还没有送到" in page.locator("[data-saving-words]").inner_text()
    assert axe_violations(page) == []
    page.context.set_offline(False)
    saved(page)
    go_on(page)

    assert urlsplit(page.url).path == "/self/review"
    assert "全部答完了" in page.locator("main").inner_text()
    assert "比这好，但还没到下一段" in page.locator("main").inner_text()
    assert "我们不做产品开发" in page.locator("main").inner_text()
    assert faults(page) == []
    ready(page)
    page.get_by_role("button", name="提交").tap()
    page.get_by_role("heading", name="谢谢，已经收到").wait_for()
    assert faults(page) == []
    page.goto("/self/review")
    assert page.get_by_role("button", name="提交").count() == 0


@pytest.mark.nightly
def test_scored_questions_on_a_phone_and_the_language(links: Links, phone: Phone) -> None:
    page = phone(links(billing="1")[0])
    page.get_by_role("button", name="English").tap()
    page.get_by_role("link", name="Start").tap()
    ready(page)
    assert faults(page) == []
    page.get_by_label("If you picked a hundred customers").fill("85")
    tap_card(page, "None of these")
    saved(page)
    tap_card(page, "What customers asked in the shop")
    saved(page)
    assert not page.locator("label.card", has_text="None of these").locator("input").is_checked()
    page.goto("/self/review")
    assert "85%" in page.locator("main").inner_text()
    assert "1/10" in page.locator(".self-nav").inner_text()
    assert faults(page) == []


@pytest.mark.nightly
def test_a_phone_without_a_script(links: Links, phone: Phone) -> None:
    page = phone(links(product_management="1")[0], javascript=False)
    page.get_by_role("link", name="开始填写").tap()
    page.locator(".self-judgement > label.card").nth(2).tap()
    page.locator("label.choice-pill").nth(1).tap()
    press(page, "下一题")
    tap_card(page, "我不清楚")
    press(page, "全部回答")
    assert "全部答完了" in page.locator("main").inner_text()
    press(page, "提交")
    assert page.get_by_role("heading", name="谢谢，已经收到").is_visible()


@pytest.mark.nightly
def test_a_link_that_is_none_is_told_so(phone: Phone, watch: Watch) -> None:
    watch.expect("404")
    page = phone("/self/" + "x" * 43)
    page.get_by_role("heading", name="这个链接打不开问卷").wait_for()
    assert faults(page) == []
