"""The workshop in real browsers: one decides, the others in the room see it; nothing that is being typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Serve
from tests.browser.guards import Watch, overflow
from tests.browser.server import Server, copy_of

pytestmark = pytest.mark.browser

ELEMENT = "customer-data-strategy"
TWO_SECONDS = 2000


@pytest.fixture
def room(serve: Serve, furnished_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The product with interviews to discuss, for one test."""
    with serve(copy_of(furnished_data, tmp_path / "data")) as running:
        yield running


def workshop(page: Page) -> str:
    """Return the address of the workshop about the assessment with interviews, the newest."""
    page.goto("/engagements/china-telecom-2003")
    paths = page.evaluate("[...document.querySelectorAll('a[href*=\"/assessments/\"]')].map((a) => a.pathname)")
    found = [int(match[1]) for path in paths if (match := re.fullmatch(r"/assessments/(\d+)", path))]
    return f"/assessments/{max(found)}/agree"


def decide(page: Page, score: str, reason: str) -> None:
    page.locator(f"input[type=radio][name$='.judgement'][value='{score}']").check(force=True)
    page.locator("textarea[name$='.reason']").fill(reason)
    page.locator(".agree-form .form-actions button[value=stay]").click()
    expect(page.locator(".notice").first).to_contain_text("已记下")


def test_the_others_see_a_decision_within_two_seconds(room: Server, open_page: OpenPage) -> None:
    ann = open_page(at=room)
    agree = workshop(ann)
    element = f"{agree}/{ELEMENT}"
    ann.goto(element)
    wall = open_page(f"{element}?projector=1", role="reader", at=room, width=1920, height=1080)
    table = open_page(agree, role="administrator", at=room)
    expect(wall.locator("[data-live]")).to_be_visible()
    decide(ann, "1.5", "看过制度文件")
    expect(wall.locator(".decided-score")).to_have_text("1.5", timeout=TWO_SECONDS)
    expect(wall.locator(".strip-words-agreed")).to_contain_text("1.5", timeout=TWO_SECONDS)
    row = table.locator(f"#row-{ELEMENT}")
    expect(row.locator(".agreed-cell")).to_have_text("1.5", timeout=TWO_SECONDS)


@pytest.mark.nightly
def test_what_somebody_is_typing_stays_when_another_decides(room: Server, open_page: OpenPage) -> None:
    ann = open_page(at=room)
    element = f"{workshop(ann)}/{ELEMENT}"
    ann.goto(element)
    bo = open_page(element, role="administrator", at=room)
    bo.locator("textarea[name$='.reason']").fill("我正在写的理由")
    decide(ann, "1.5", "看过制度文件")
    notice = bo.locator(".agree-notice")
    expect(notice).to_contain_text("定为 1.5", timeout=2 * TWO_SECONDS)
    expect(bo.locator("textarea[name$='.reason']")).to_have_value("我正在写的理由")
    notice.get_by_role("button", name="保留我填的").click()
    decide(bo, "3.0", "我正在写的理由")
    expect(bo.locator(".decided-score")).to_have_text("3.0")
    expect(ann.locator(".decided-score")).to_have_text("3.0", timeout=2 * TWO_SECONDS)
    expect(ann.locator("input[name$='.judgement']:checked")).to_have_value("3.0")  # nothing typed: the form follows
    expect(ann.locator("[data-live-spoken]")).to_contain_text("定为 3.0")


@pytest.mark.nightly
def test_taking_over_fills_in_what_the_other_decided(room: Server, open_page: OpenPage) -> None:
    ann = open_page(at=room)
    element = f"{workshop(ann)}/{ELEMENT}"
    ann.goto(element)
    bo = open_page(element, role="administrator", at=room)
    bo.locator("textarea[name$='.reason']").fill("我的")
    decide(ann, "1.5", "看过制度文件")
    bo.locator(".agree-notice").get_by_role("button", name="采用对方的").click()
    expect(bo.locator("textarea[name$='.reason']")).to_have_value("看过制度文件")
    expect(bo.locator("input[name$='.judgement']:checked")).to_have_value("1.5")
    expect(bo.locator(".agree-notice")).to_have_count(0)


@pytest.mark.nightly
def test_a_score_is_set_by_keys_and_owes_its_reason(room: Server, open_page: OpenPage, watch: Watch) -> None:
    watch.expect(r"422")
    page = open_page(at=room)
    page.goto(f"{workshop(page)}/{ELEMENT}")
    page.locator("textarea[name$='.reason']").fill("")  # the one that came with the case
    page.locator("[data-score]").focus()
    page.keyboard.press("3")
    page.keyboard.press("Period")
    expect(page.locator("input[name$='.judgement']:checked")).to_have_value("3.5")
    expect(page.locator("[data-wanted]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("请写明理由")
    page.locator("textarea[name$='.reason']").fill("讨论后认定")
    page.keyboard.press("Tab")
    page.locator(".agree-form .form-actions button[value=stay]").press("Enter")
    expect(page.locator(".decided-score")).to_have_text("3.5")


@pytest.mark.nightly
def test_a_room_without_its_server_is_told_and_recovers(room: Server, open_page: OpenPage, watch: Watch) -> None:
    watch.expect(r"net::ERR_|Failed to load resource")
    page = open_page(at=room)
    page.goto(f"{workshop(page)}/{ELEMENT}")
    page.locator("textarea[name$='.reason']").fill("还在写")
    page.context.set_offline(True)
    expect(page.locator("[data-live]")).to_have_attribute("data-kind", "away", timeout=15_000)
    page.context.set_offline(False)
    expect(page.locator("[data-live]")).to_have_attribute("data-kind", "live", timeout=15_000)
    expect(page.locator("textarea[name$='.reason']")).to_have_value("还在写")


@pytest.mark.parametrize("locale", ["zh", pytest.param("en", marks=pytest.mark.nightly)])
@pytest.mark.nightly
def test_the_pages_fit_and_are_accessible(
    room: Server, open_page: OpenPage, axe: Callable[[Page], None], locale: str
) -> None:
    page = open_page(at=room, locale=locale, width=820)
    agree = workshop(page)
    element = f"{agree}/{ELEMENT}"
    for path in (agree, element, f"{element}?projector=1", agree.replace("agree", "adopt-medians")):
        page.goto(path)
        assert overflow(page) == [], path
        axe(page)
