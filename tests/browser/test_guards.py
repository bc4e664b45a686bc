"""The guards of the browser tests see what they are there for: each is shown a page with the fault planted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.guards import Watch, axe_violations, left_in_chinese, overflow

HOST = "127.0.0.1:9"
STRICT = {"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src *"}
SOUND = "<h1>Sound</h1><p>Nothing is wrong here.</p>"

Show = Callable[[str], Page]


@pytest.fixture
def planted() -> Watch:
    """A watch that is not judged at the end of the test, as its faults are planted."""
    return Watch()


@pytest.fixture
def show(chromium: Browser, planted: Watch) -> Iterator[Show]:
    """Show a page with this body under the policy of the product, answered without any server."""
    context = chromium.new_context()
    planted.over(context, host=HOST)

    def show(body: str) -> Page:
        head = '<meta name="viewport" content="width=device-width"><title>Planted</title>'
        document = f'<!doctype html><html lang="en"><head>{head}</head><body><main>{body}</main></body></html>'

        def answer(route: Route) -> None:
            if route.request.url == f"http://{HOST}/":
                route.fulfill(body=document, content_type="text/html; charset=utf-8", headers=STRICT)
            elif route.request.url.endswith("/fault.js"):
                route.fulfill(body="missing();", content_type="text/javascript")
            else:
                route.abort()

        page = context.new_page()
        page.route("**/*", answer)
        page.goto(f"http://{HOST}/")
        page.wait_for_load_state("networkidle")
        return page

    yield show
    context.close()


def test_a_sound_page_passes_every_guard(show: Show, planted: Watch) -> None:
    page = show(SOUND)
    assert axe_violations(page) == []
    assert overflow(page) == []
    planted.verdict()


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ('<script src="/fault.js"></script>', "page error: .*missing is not defined"),
        ("<script>alert(1)</script>", "CSP script-src-elem refused inline"),
        ('<p style="color: red">red</p>', "CSP style-src-attr refused inline"),
        ('<img alt="" src="http://127.0.0.2:9/pixel.png">', "request to another host: http://127.0.0.2:9/pixel.png"),
        ('<img alt="" src="/missing.png">', "console error: Failed to load resource"),
    ],
)
def test_what_no_page_may_do_fails_the_test(show: Show, planted: Watch, body: str, seen: str) -> None:
    show(SOUND + body)
    with pytest.raises(AssertionError, match=seen):
        planted.verdict()


def test_a_provoked_fault_passes_when_it_was_expected(show: Show, planted: Watch) -> None:
    planted.expect("Failed to load resource")
    show(SOUND + '<img alt="" src="/missing.png">')
    planted.verdict()


def test_axe_names_rule_and_element(show: Show) -> None:
    page = show(SOUND + '<img id="nameless" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    assert [line for line in axe_violations(page) if "image-alt" in line and "#nameless" in line]


def test_a_page_wider_than_the_window_is_named(show: Show) -> None:
    page = show(SOUND + '<table id="wide"><tr><td>' + "broad" * 500 + "</td></tr></table>")
    assert [line for line in overflow(page) if "table#wide" in line]


def test_only_words_of_ours_may_not_be_left_in_chinese(show: Show) -> None:
    page = show(SOUND + '<p lang="zh-Hans">对标</p><p>深圳</p><p>对标</p><input type="search" aria-label="搜索">')
    assert left_in_chinese(page, {"对标", "搜索"}) == ["left in Chinese: 对标", "left in Chinese: 搜索"]
