"""The finish in a real browser: what still lies on the device blocks, reasons are given by keyboard, pages fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.guards import Watch, overflow
from tests.browser.server import Server
from tests.browser.test_interview import FIRST, open_element, press, start_interview, try_again, wait_saved

pytestmark = pytest.mark.browser

Axe = Callable[[Page], None]


def test_what_still_lies_on_this_device_blocks_submitting(
    open_page: OpenPage, watch: Watch, own_server: Server
) -> None:
    watch.expect("net::ERR_FAILED")
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    press(page, "3", "8")
    wait_saved(page)
    page.goto(f"{hub}/finish")
    explain_everything(page)
    expect(page.get_by_role("button", name="提交复核")).to_be_enabled()

    open_element(page, hub, FIRST)
    page.route("**/api/interviews/**", lambda route: route.abort())
    press(page, "4")
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "waiting")
    page.goto(f"{hub}/finish")
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "waiting")
    expect(page.locator("[data-unsent]")).to_be_visible()
    expect(page.get_by_role("button", name="提交复核")).to_be_disabled()

    page.unroute("**/api/interviews/**")
    try_again(page)
    expect(page.locator("#topic-high-without-evidence")).to_be_visible()  # the check was made anew with the 4
    expect(page.get_by_role("button", name="提交复核")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def explain_everything(page: Page) -> None:
    """Give every warning the same reason, by keyboard."""
    while page.locator("textarea[name=reason]").count():
        before = page.locator("textarea[name=reason]").count()
        page.locator("textarea[name=reason]").first.focus()
        page.keyboard.type("当场确认过")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("textarea[name=reason]")).to_have_count(before - 1)


@pytest.mark.parametrize("locale", ["zh", pytest.param("en", marks=pytest.mark.nightly)])
@pytest.mark.nightly
def test_the_finish_is_accessible_and_fits_every_window_in_every_state(
    open_page: OpenPage, own_server: Server, axe: Axe, locale: str
) -> None:
    page = open_page(at=own_server, locale=locale)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    press(page, "4")
    wait_saved(page)
    press(page, "Enter")
    page.wait_for_url(lambda url: FIRST not in url)
    page.wait_for_selector("html[data-ready]")
    press(page, "n")
    wait_saved(page)

    for address in (hub, f"{hub}/finish"):
        page.goto(address)
        fits(page)
        axe(page)
    page.goto(f"{hub}/finish")
    page.locator(".topic-error a").first.click()
    page.wait_for_selector("html[data-ready]")
    page.locator("[data-reason]").fill("没有这项业务")
    wait_saved(page)
    page.goto(f"{hub}/finish")
    explain_everything(page)
    page.locator("[data-submit] button").click()
    page.locator("#words").wait_for()
    fits(page)
    axe(page)
    page.locator("#words").fill("请补证据")
    page.locator(".give-back button").click()
    expect(page.locator(".request-words")).to_have_text("请补证据")
    fits(page)
    axe(page)


def fits(page: Page) -> None:
    """Fail when something sticks out, from a phone to a desk."""
    for width in (320, 820):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == [], width
