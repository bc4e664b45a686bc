"""All fifty elements of an interview by keys alone, in Chromium, and every value found again in the database."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.keyboard import check_stored, interview_by_keyboard, plan, shown
from tests.browser.server import Server
from tests.browser.test_interview import start_interview, wait_saved
from tests.sharing import shipped_library

pytestmark = pytest.mark.browser


HAS_FOCUS = """(words) => document.activeElement.matches("a, button")
  && document.activeElement.textContent.includes(words)"""


def reach_by_tab(page: Page, words: str) -> None:
    """Press Tab until the link or button with these words has the focus."""
    for _ in range(60):
        if page.evaluate(HAS_FOCUS, words):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no {words} can be reached by Tab")


@pytest.mark.nightly
def test_a_whole_interview_by_keyboard_alone(open_page: OpenPage, own_server: Server) -> None:
    questionnaire = shipped_library().questionnaire("telecom-crm-interview")
    page = open_page(at=own_server)
    hub = start_interview(page)
    page.goto(f"{hub}?all=1")
    page.wait_for_selector("html[data-ready]")

    reach_by_tab(page, "从第一个开始")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/elements/" in url)
    page.wait_for_selector("html[data-ready]")
    links = page.locator("#tree li a[href*='/elements/']").all()
    elements = [str(link.get_attribute("href")).rsplit("/", 1)[1].partition("?")[0] for link in links]
    assert len(elements) == 50
    assert shown(page) == elements[0]
    interview_by_keyboard(page, plan(questionnaire, elements))

    expect(page.locator("main")).to_contain_text("50 个要素都已问完")
    wait_saved(page)
    check_stored(own_server.data, int(hub.rsplit("/", 1)[1]), plan(questionnaire, elements))
