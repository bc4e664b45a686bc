"""The plan in a browser: from the suggestion to the open interview, and a matrix that stays readable while it moves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.server import ENGAGEMENT, Server

OPENING = "产品与服务"


def fuzhou_plan(page: Page) -> Page:
    """Go the way a consultant goes to the plan of Fuzhou."""
    page.goto(f"/engagements/{ENGAGEMENT}/assessments")
    page.locator("main tbody th a", has_text="福州").first.click()
    page.locator(".tabs a[href$='/plan']").click()
    return page


def test_an_interview_is_planned_and_opens_with_its_dimension(open_page: OpenPage, own_server: Server) -> None:
    page = fuzhou_plan(open_page("/", at=own_server))
    expect(page.locator("p.answer")).to_contain_text("访谈 10 个角色")
    page.locator("button[data-plans]").click()
    expect(page.locator("fieldset.plan-row legend")).to_have_count(11)  # one to fill in all, ten roles
    page.fill("input[name=all-date]", "2026-03-09")
    page.fill("input[name=all-time]", "09:00")
    page.locator("button[name=spread]").click()
    expect(page.locator("input[name=row0-time]")).to_have_value("09:00")
    expect(page.locator("input[name=row6-date]")).to_have_value("2026-03-10")
    page.locator("select[name=row0-opens_with]").select_option(label=OPENING)
    page.locator("input[name=row0-respondent]").fill("受访者A")
    page.locator("input[name=row0-respondent]").press("Enter")
    page.wait_for_url(re.compile(r"/appointments$"))
    expect(page.locator("main h2").first).to_have_text("2026年3月9日星期一")
    with page.expect_download() as download:
        page.locator("a[href$='.ics']").click()
    assert download.value.path().read_text(encoding="utf-8").count("BEGIN:VEVENT") == 10

    page.get_by_role("link", name="市场部", exact=True).click()
    expect(page.locator(".hub-table tbody tr").first).to_contain_text(OPENING)
    page.locator("a.hub-resume").click()
    expect(page.locator(".tree details").first).to_contain_text(OPENING)
    expect(page.locator(".tree details[open]")).to_contain_text(OPENING)

    page = fuzhou_plan(page)
    expect(page.locator("p.answer")).to_contain_text("按现有安排，还会有 50 个达到。不必再找别的角色。")


@pytest.mark.nightly
@pytest.mark.parametrize("width", [1280, 820, 390])
def test_names_and_roles_stay_in_sight_while_the_matrix_moves(open_page: OpenPage, width: int) -> None:
    page = fuzhou_plan(open_page("/", width=width))
    box = page.locator(".plan-matrix")
    box.scroll_into_view_if_needed()
    box.evaluate("box => { box.scrollTop = 700; box.scrollLeft = 300; }")
    frame = box.bounding_box()
    role = page.locator(".matrix-role", has_text="营业厅").first.bounding_box()
    name = page.locator("tbody th.matrix-name", has_text="客户分群").first.bounding_box()
    assert frame
    assert role
    assert name
    assert frame["y"] <= role["y"] < frame["y"] + 200
    assert frame["x"] - 1 <= name["x"] < frame["x"] + 10
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


@pytest.mark.nightly
def test_all_roles_of_the_shipped_questionnaire_fit_a_laptop(open_page: OpenPage) -> None:
    page = fuzhou_plan(open_page("/", width=1280))
    assert page.locator(".plan-matrix").evaluate("box => box.scrollWidth - box.clientWidth") <= 2


@pytest.mark.nightly
def test_a_dimension_is_folded_away_and_back_with_the_keyboard(open_page: OpenPage) -> None:
    page = fuzhou_plan(open_page("/"))
    fold = page.get_by_role("button", name="客户洞察")
    row = page.locator("tbody th.matrix-name", has_text="客户分群").first
    fold.focus()
    page.keyboard.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(row).to_be_hidden()
    page.keyboard.press("Space")
    expect(row).to_be_visible()


@pytest.mark.nightly
def test_the_matrix_is_filtered_without_a_script_too(open_page: OpenPage) -> None:
    page = open_page(f"/engagements/{ENGAGEMENT}", javascript=False)
    page = fuzhou_plan(page)
    page.locator("select[name=level]").select_option("province")
    page.locator("select[name=dimension]").select_option("customer-insight")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator(".matrix-role")).to_have_count(3)
    expect(page.locator("button[data-folds]")).to_have_count(1)


@pytest.mark.nightly
def test_choosing_a_filter_applies_it_at_once(open_page: OpenPage) -> None:
    page = fuzhou_plan(open_page("/"))
    expect(page.get_by_role("button", name="筛选")).to_be_hidden()
    page.locator("select[name=level]").select_option("headquarters")
    expect(page.locator(".matrix-role")).to_have_count(3)
    assert "#matrix" in page.url
