"""Fixtures of the browser tests: the served product, Chromium, signed-in pages that are watched, axe.

`open_page(role="consultant", locale="zh", width=1280, height=800)` is what a test begins with. What the pages did wrong
(console, errors, security policy, other hosts) fails the test when it ends; `watch.expect(pattern)` lets through what a
test provokes on purpose. `server` is shared and must be left as found; `own_server` may be changed at will. A file with
a server of its own begins it with `serve(copy_of(prepared_data, folder))`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.guards import Watch, axe_violations
from tests.browser.server import (
    PASSWORD,
    KillableServer,
    Server,
    Threads,
    copy_of,
    free_port,
    furnish,
    prepare,
    serving,
    signed_in_cookie,
)
from tests.sharing import made_once

BROWSERS = ("chromium", "google-chrome", "google-chrome-stable")
# as root in a container; and nothing that calls home
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
OWN_SERVERS = ("own_server", "working_server", "killable", "with_questions")
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en-GB"}

Serve = Callable[..., AbstractContextManager[Server]]


class OpenPage(Protocol):
    """Opens a page of a new browser context, signed in as `role` (None: a stranger)."""

    def __call__(
        self,
        path: str = "/",
        *,
        role: str | None = "consultant",
        locale: str = "zh",
        width: int = 1280,
        height: int = 800,
        javascript: bool = True,
        at: Server | None = None,
    ) -> Page:
        """Open `path`; `at` is the server (default: the shared one)."""
        ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_browser() -> str:
    """Return the path of Chromium: CHROMIUM, else the first that is installed. RuntimeError says what to do."""
    names = (os.environ["CHROMIUM"],) if os.environ.get("CHROMIUM") else BROWSERS
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError(
        f"no browser: {' or '.join(names)} is not installed. Debian: apt-get install chromium. Ubuntu: install Google "
        "Chrome (Chromium is a snap there). Elsewhere: CHROMIUM=/path/to/chromium"
    )


@pytest.fixture(scope="session")
def prepared_data(tmp_path_factory: pytest.TempPathFactory, compiled_templates: Path) -> Path:
    """A data folder with the engagement of 2003 and one account per role; never served, only copied."""
    made = made_once(tmp_path_factory, "prepared", lambda folder: prepare(folder / "data", compiled_templates))
    return made / "data"


@pytest.fixture(scope="session")
def furnished_data(prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with interviews and answers in every state; never served, only copied."""

    def make(folder: Path) -> None:
        furnish(copy_of(prepared_data, folder / "data"))

    return made_once(tmp_path_factory, "furnished", make) / "data"


@pytest.fixture(scope="session")
def serve(compiled_templates: Path, shared_statements: None) -> Serve:
    """Serve a data folder from threads of this process, without the worker, as long as a `with` block lasts.

    A second argument is another library than the shipped one.
    """
    return Threads(compiled_templates).serving


@pytest.fixture(scope="session")
def server(serve: Serve, prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product, shared by all tests of this process: look, do not change."""
    with serve(copy_of(prepared_data, tmp_path_factory.mktemp("shared") / "data")) as running:
        yield running


@pytest.fixture
def own_server(serve: Serve, prepared_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The product for one test, which may change what it likes; without the worker, so nothing is printed."""
    with serve(copy_of(prepared_data, tmp_path / "data")) as running:
        yield running


@pytest.fixture
def working_server(prepared_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The product for one test as an operator starts it, with the worker that prints."""
    with serving(copy_of(prepared_data, tmp_path / "data")) as running:
        yield running


@pytest.fixture
def killable(prepared_data: Path, tmp_path: Path) -> Iterator[KillableServer]:
    """The product on one port, for a test that kills it and starts it again."""
    running = KillableServer(copy_of(prepared_data, tmp_path / "data"), free_port())
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for all tests of this process."""
    executable = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What all pages of this test do; judged when the test ends."""
    watching = Watch()
    yield watching
    watching.verdict()


@pytest.fixture
def open_page(chromium: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """Open watched, signed-in pages, each in a context of its own; all are closed when the test ends."""
    for name in request.fixturenames:  # a server of the test's own must outlive the pages that ask it
        if name in OWN_SERVERS:
            request.getfixturevalue(name)
    contexts: list[BrowserContext] = []

    def new_context(server: Server, **options: Any) -> BrowserContext:
        context = chromium.new_context(base_url=server.address, **options)
        watch.over(context, host=urlsplit(server.address).netloc)
        contexts.append(context)
        return context

    def open_page(
        path: str = "/",
        *,
        role: str | None = "consultant",
        locale: str = "zh",
        width: int = 1280,
        height: int = 800,
        javascript: bool = True,
        at: Server | None = None,
    ) -> Page:
        server: Server = at or request.getfixturevalue("server")
        context = new_context(
            server,
            locale=LANGUAGE_TAGS[locale],
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
        )
        context.add_cookies([{"name": "locale", "value": locale, "url": server.address}])
        if role is not None:
            cookie = signed_in_cookie(server.data, role)
            context.add_cookies(
                [{"name": "session", "value": cookie, "url": server.address, "httpOnly": True, "sameSite": "Lax"}]
            )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fail with everything that axe finds against WCAG 2.2 A and AA on a page as it stands."""

    def judge(page: Page) -> None:
        found = axe_violations(page)
        assert not found, "\n".join([f"{urlsplit(page.url).path}:", *found])

    return judge


def sign_in(context: BrowserContext, role: str) -> Any:
    """Sign in through the form and return the browser's state, for other contexts to begin with."""
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=name]", role)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")
    return context.storage_state()
