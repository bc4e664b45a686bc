"""A page speaks in time before its sign-in ends, and nothing on it is lost."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.guards import Watch, axe_violations

pytestmark = pytest.mark.browser


def answering(page: Page, answers: dict[str, dict[str, int] | None]) -> None:
    """Answer for the server how long the sign-in lasts, by method; None: it has ended."""

    def answer(route: Route) -> None:
        told = answers[route.request.method]
        if told is None:
            route.fulfill(status=401, content_type="application/json", body="{}")
        else:
            route.fulfill(status=200, content_type="application/json", body=json.dumps(told))

    page.route("**/api/sign-in", answer)


def test_the_end_of_a_sign_in_is_told_in_time_and_put_off_by_a_click(open_page: OpenPage) -> None:
    page = open_page("/account")
    answers: dict[str, dict[str, int] | None] = {
        "GET": {"idle": 290, "whole": 400_000},
        "POST": {"idle": 43_200, "whole": 400_000},
    }
    answering(page, answers)
    bar = page.locator("[data-ending]")
    expect(bar).to_be_hidden()
    page.clock.install()
    page.reload()
    page.clock.fast_forward("11:46:00")
    expect(bar).to_contain_text("5 分钟后将自动退出")
    assert axe_violations(page) == []
    page.get_by_role("button", name="继续使用").click()
    expect(bar).to_be_hidden()
    answers["GET"] = {"idle": 43_200, "whole": 120}
    page.clock.fast_forward("12:00:00")
    expect(page.get_by_role("link", name="再验证一次")).to_be_visible()


def test_a_sign_in_that_has_ended_leaves_the_page_as_it_is(open_page: OpenPage, watch: Watch) -> None:
    page = open_page("/account")
    watch.expect("401")
    answering(page, {"GET": None})
    page.clock.install()
    page.reload()
    page.locator("#display_name").fill("typed and not saved")
    page.clock.fast_forward("11:46:00")
    expect(page.get_by_role("link", name="去登录")).to_be_visible()
    expect(page.locator("#display_name")).to_have_value("typed and not saved")
