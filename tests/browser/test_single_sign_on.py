"""Single sign-on in Chromium, between the served product and a real provider: every page of it, both languages.

What only a browser can show: that the security policy lets it leave for another host and come back, that cookies come
along, and that nothing typed is lost on the way.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.oidc_settings import OidcSettings
from tests import identity_server
from tests.application import Built
from tests.browser.guards import axe_violations, overflow
from tests.browser.server import PASSWORD, copy_of, end_serving, free_port, settings_of
from tests.sharing import shipped_library

WIDTHS = {"zh": 1280, "en": 820}


@pytest.fixture
def address(prepared_data: Path, tmp_path: Path, compiled_templates: Path) -> Iterator[str]:
    """The product before a provider, which lets readers sign up."""
    from app.bootstrap import configure_logging, parts_of
    from app.cli.listening import listening
    from app.storage.database import Database

    configure_logging()
    port = free_port()
    with identity_server.running(f"http://127.0.0.1:{port}") as issuer:
        secret = identity_server.CLIENT_SECRET
        oidc = OidcSettings(issuer, identity_server.CLIENT_ID, "Canaille", sign_up=True, client_secret=secret)
        settings = replace(settings_of(copy_of(prepared_data, tmp_path / "data")), oidc=oidc)
        database = Database(settings.database_url)
        application = Built(compiled_templates).over(parts_of(settings, database, shipped_library()))
        listener = listening(application, settings.host, port)
        thread = threading.Thread(target=listener.run, name="server of a test")
        thread.start()
        yield f"http://127.0.0.1:{port}"
        end_serving(listener, thread)
        database.dispose()


@pytest.fixture
def open_here(chromium: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Open a page of a browser that knows nobody, in a language; errors of any page fail the test."""
    contexts, wrong = [], []

    def open_here(locale: str) -> Page:
        context = chromium.new_context(
            base_url=address,
            locale="zh-CN" if locale == "zh" else "en-GB",
            viewport={"width": WIDTHS[locale], "height": 800},
        )
        context.add_cookies([{"name": "locale", "value": locale, "url": address}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        refused = re.compile("Content Security Policy|Refused to")
        page.on("console", lambda line: wrong.append(line.text) if refused.search(line.text) else None)
        return page

    yield open_here
    for context in contexts:
        context.close()
    assert wrong == []


def at_the_provider(page: Page, name: str) -> None:
    page.wait_for_url("**/login")
    page.fill("input[name=login]", name)
    page.press("input[name=login]", "Enter")
    page.wait_for_selector("input[name=password]")
    page.fill("input[name=password]", identity_server.PASSWORD)
    page.press("input[name=password]", "Enter")


def sign_out(page: Page, then: str) -> None:
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url(f"**{then}")


def looks_right(page: Page) -> None:
    assert axe_violations(page) == []
    assert overflow(page) == []


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_somebody_links_an_account_and_comes_back_by_the_provider(
    open_here: Callable[[str], Page], locale: str
) -> None:
    page = open_here(locale)
    page.goto("/sign-in?next=/account/single-sign-on")
    looks_right(page)
    page.fill("input[name=name]", "consultant")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/account/single-sign-on")
    looks_right(page)
    page.click("a[href$='/single-sign-on/link']")
    at_the_provider(page, "mei")
    page.wait_for_url("**/account/single-sign-on")
    expect(page.locator("form[action$='/unlink']")).to_be_visible()
    looks_right(page)
    sign_out(page, "/sign-in")
    page.goto("/sign-in?next=/help/start")
    page.click("a[href^='/single-sign-on']")  # the provider knows this browser and asks nothing
    page.wait_for_url("**/help/start")
    page.goto("/account")
    looks_right(page)
    sign_out(page, "/single-sign-on/left")
    looks_right(page)
    with page.expect_navigation(url=re.compile("/oauth/end_session|/sign-in")):
        page.click("a[href*='end_session']")


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_newcomer_signs_up_and_a_stale_answer_is_explained(open_here: Callable[[str], Page], locale: str) -> None:
    page = open_here(locale)
    page.goto("/single-sign-on")
    at_the_provider(page, "lan")
    page.wait_for_url("**/single-sign-on/account")
    looks_right(page)
    page.fill("input[name=name]", "lan")
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "single-sign-on" not in url)
    expect(page.locator("form[action='/sign-out']").first).to_be_attached()
    page.context.clear_cookies(name="session")
    page.goto("/single-sign-on/return?code=guessed&state=guessed")
    page.wait_for_url("**/single-sign-on/refused")
    assert "guessed" not in page.content()
    looks_right(page)


@pytest.mark.nightly
def test_what_was_typed_waits_for_somebody_who_signs_in_by_the_provider(
    open_here: Callable[[str], Page],
) -> None:
    page = open_here("zh")
    page.goto("/single-sign-on")
    at_the_provider(page, "jun")
    page.wait_for_url("**/single-sign-on/account")
    page.fill("input[name=name]", "jun")
    page.locator("main form button").click()
    page.wait_for_url(lambda url: "single-sign-on" not in url)
    page.goto("/account")
    page.fill("input[name=display_name]", "写了很久的名字")
    other = page.context.new_page()
    other.goto("/account")
    cookie = next(one for one in page.context.cookies() if one["name"] == "session")
    sign_out(other, "/single-sign-on/left")
    page.context.add_cookies([{"name": "session", "value": cookie["value"], "url": page.url}])  # ended on the server
    page.locator("form[action='/account/name'] button").click()
    expect(page.locator("input[name=carried]").first).to_be_attached()
    looks_right(page)
    with page.context.expect_page() as opened:
        page.click("a[target=_blank]")
    opened.value.wait_for_url(lambda url: "single-sign-on" not in url and "oauth" not in url)
    page.locator("form[action='/single-sign-on/resume'] button").click()
    expect(page.locator("main")).to_contain_text("写了很久的名字")
    looks_right(page)
