"""Charts in a real browser: drawn, silent, responsive, and readable without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.guards import overflow

COMPARE = "/engagements/china-telecom-2003/compare"
SET = "foreign-carriers-2003"
MANY = "&".join(f"b={SET}/{entry}" for entry in ("att-wireless", "british-telecom", "sbc"))


def assessment_of(page: Page, unit: str) -> str:
    """Return the address of a unit's assessment."""
    return str(page.get_by_role("navigation", name="主导航").get_by_role("link", name=unit).get_attribute("href"))


def draw_all(page: Page) -> None:
    """Scroll through the page until every figure is drawn."""
    for host in page.locator(".chart-host").all():
        host.scroll_into_view_if_needed()
        expect(host.locator(".main-svg").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, pytest.param(820, marks=pytest.mark.nightly), 390])
def test_figures_are_drawn_and_fit_the_page(open_page: OpenPage, width: int) -> None:
    page = open_page(COMPARE, width=width)
    draw_all(page)
    assert page.locator("script[data-host]").count() == page.locator(".chart-drawn").count() >= 4
    assert overflow(page) == []


def test_no_chart_offers_to_upload_anything(open_page: OpenPage) -> None:
    page = open_page(f"{COMPARE}?tier=dimension")
    draw_all(page)
    page.locator(".chart-host").first.hover()
    assert page.locator(".modebar").count() == 0
    assert page.locator("text=/Share chart|Plotly Studio|cloud/i").count() == 0


@pytest.mark.nightly
def test_hovering_says_unit_capability_and_score(open_page: OpenPage) -> None:
    page = open_page(f"{COMPARE}?tier=dimension")
    draw_all(page)
    point = page.locator("#dots .scatterlayer .point").last
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#dots .hoverlayer text").first).to_be_visible()


def test_without_script_a_still_picture_and_the_table_remain(open_page: OpenPage) -> None:
    page = open_page(COMPARE, javascript=False)
    stills = page.locator("img.chart-still")
    assert stills.count() >= 4
    boxes = [still.bounding_box() for still in stills.all()]
    assert [box for box in boxes if box is None or box["height"] < 80] == []
    page.locator(".chart-data summary").first.click()
    expect(page.locator(".chart-data table").first).to_be_visible()


def test_figures_have_a_name_for_those_who_cannot_see_them(open_page: OpenPage) -> None:
    page = open_page(COMPARE)
    for figure in page.locator(".chart-figure").all():
        label = figure.get_by_role("img").first.get_attribute("aria-label")
        assert label
        assert len(label) > 10


def test_the_tree_folds_and_unfolds_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(COMPARE)
    page.goto(assessment_of(page, "深圳电信"))
    element = page.locator("tr[data-node=customer-data-strategy]")
    expect(element).to_be_hidden()
    button = page.locator("tr[data-node=collect-data] .fold")
    button.focus()
    page.keyboard.press("Enter")
    expect(element).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.get_by_role("button", name="全部展开").click()
    assert page.locator("tr[data-node]:visible").count() == page.locator("tr[data-node]").count()
    page.get_by_role("button", name="全部收起").click()
    expect(element).to_be_hidden()


@pytest.mark.nightly
def test_the_choice_of_carriers_goes_into_the_address_and_the_radar(open_page: OpenPage) -> None:
    page = open_page(COMPARE)
    page.goto(assessment_of(page, "深圳电信"))
    page.locator("details.choices summary").click()
    page.get_by_label("SBC").check()
    page.get_by_role("button", name="应用", exact=True).click()
    assert f"b={SET}%2Fsbc" in page.url or f"b={SET}/sbc" in page.url
    expect(page.locator("#profile .legend").get_by_text("SBC")).to_be_visible()


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [
        COMPARE,
        f"{COMPARE}?tier=dimension&{MANY}",
        "/assessments/2",
        f"/assessments/3?{MANY}",
        "/assessments/4?weights=equal",
        "/assessments/4/capabilities/customer-insight",
        "/assessments/4/capabilities/customer-data-strategy",
    ],
)
def test_pages_with_figures_are_accessible(
    open_page: OpenPage, axe: Callable[[Page], None], path: str, locale: str
) -> None:
    page = open_page(path, locale=locale)
    draw_all(page)
    axe(page)
