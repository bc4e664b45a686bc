"""Every page that links lead to: it opens, it is accessible, it fits the window, and each route is led to by a link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Page

from app.bootstrap import create_application
from app.i18n import CATALOGUES
from app.settings import read_settings
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.crawl import Crawl, Found, spread
from tests.browser.guards import Watch, axe_violations, left_in_chinese, overflow
from tests.browser.revising import revise_content
from tests.browser.server import ENGAGEMENT, Server, copy_of, furnish, serving

if TYPE_CHECKING:
    from werkzeug.routing import Map

WIDTHS = (1280, 820)
SIBLINGS_FOLLOWED = 8  # elements of one assessment, units of one engagement …; `make nightly` follows all
REPORT_SECONDS = 180
PAGES_OF_A_ROUTE = 2  # looked at by axe
STARTS = ("/", "/search?q=客户", "/search?q=nothing-of-the-kind")  # where links begin, and what a form leads to
# Pages for people who are not signed in, and pages that only come with a mistake
STRANGER_PAGES = ("/sign-in", "/sign-in?next=/engagements", "/help/start")
MISTAKEN_PAGES = ("/nowhere", "/assessments/999999", f"/engagements/{ENGAGEMENT}/nowhere")
# Routes that no link leads to, with the reason
NOT_LINKED = {
    "rewording.history": "of a sentence that was edited; the crawled report has none",
    "drafting.rebase": "comes when somebody else published meanwhile; its own web tests",
    "tree_sheets.rehearsal": "comes after an upload; its own web tests",
    "static": "style sheets, scripts and images",
    "signing.sign_in": "signed-in people have no use for it; looked at as a stranger below",
    "health.healthz": "for monitoring",
    "health.readyz": "for monitoring",
    "inviting.open_link": "for whoever was handed a link; its own web tests",
    "inviting.link": "where such a link leads",
    "signing.ask_code": "comes after the password of an account with a second factor",
    "account.set_up": "comes when a second factor is begun; its own web tests",
    "releasing.result": "of an assessment that was published; the crawled ones are not",
    "offline.worker": "the service worker, registered by a script",
    "single_sign_on.leave": "only with an identity provider; looked at in test_single_sign_on",
    "single_sign_on.come_back": "only with an identity provider; looked at in test_single_sign_on",
    "single_sign_on.refused": "only with an identity provider; looked at in test_single_sign_on",
    "single_sign_on.left": "only with an identity provider; looked at in test_single_sign_on",
    "single_sign_on_enrolling.account": "only with an identity provider; looked at in test_single_sign_on",
    "single_sign_on_linking.own": "only with an identity provider; looked at in test_single_sign_on",
    "single_sign_on_linking.link": "only with an identity provider; looked at in test_single_sign_on",
    "trusting.authority": "only linked where HTTPS is served with an own authority",
    "agreeing.adopt": "offered where respondents clearly agree; looked at in test_agreeing",
    "findings.show": "leads to the place of a finding on its page",
    "findings.history": "needs a finding; looked at in test_findings",
    "findings.download": "needs a file; tried in test_findings",
    "findings.preview": "an image in a page; tried in test_findings",
    "jobs.show": "comes after asking for a guide or a batch; its own web tests",
    "sheets.rehearsal": "comes after an upload; its own web tests",
    "responding.enter": "opened by a personal link; looked at in test_responding",
    "responding.start": "opened by a personal link; looked at in test_responding",
    "responding.element": "opened by a personal link; looked at in test_responding",
    "responding.review": "opened by a personal link; looked at in test_responding",
    "responding.thanks": "opened by a personal link; looked at in test_responding",
    "responding.left": "opened by a personal link; looked at in test_responding",
    "responding.get_answer": "opened by a personal link; looked at in test_responding",
    "responding.ping": "opened by a personal link; looked at in test_responding",
}

CrawlAs = Callable[[str], tuple[Found, ...]]


@pytest.fixture(scope="module")
def furnished(prepared_data: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Server]:
    """The product with something on every page: interviews with all kinds of answers, drafts, a finished report."""
    data = copy_of(prepared_data, tmp_path_factory.mktemp("furnished") / "data")
    furnish(data)
    revise_content(data)
    with serving(data) as running:
        with chromium.new_context(base_url=running.address) as context:
            sign_in(context, "consultant")
            _plan_interviews(context.new_page())
            _make_report(context.new_page())
        yield running


@pytest.fixture(scope="module")
def routes(furnished: Server) -> Map:
    """The routes of the product."""
    return create_application(read_settings(environ={"CRM_MATURITY_DATA": str(furnished.data)})).url_map


@pytest.fixture(scope="module")
def walks() -> dict[str, tuple[Found, ...]]:
    """What each role found already."""
    return {}


@pytest.fixture
def crawl_as(open_page: OpenPage, furnished: Server, routes: Map, walks: dict[str, tuple[Found, ...]]) -> CrawlAs:
    """Follow every link that a role is shown."""

    def crawl_as(role: str) -> tuple[Found, ...]:
        if role not in walks:
            client = open_page("/", role=role, at=furnished).context.request
            walks[role] = Crawl(routes, client, furnished.address, most=SIBLINGS_FOLLOWED).run(STARTS)
        return walks[role]

    return crawl_as


@pytest.mark.parametrize("role", ["administrator", pytest.param("consultant", marks=pytest.mark.nightly), "reader"])
@pytest.mark.nightly
def test_no_link_leads_to_a_dead_end(crawl_as: CrawlAs, role: str) -> None:
    dead = [
        f"{found.status} {found.path} linked from {found.linked_from}"
        for found in crawl_as(role)
        if found.status != 200
    ]
    assert not dead, "\n".join(dead)


@pytest.mark.nightly
def test_none_of_all_links_leads_to_a_dead_end(open_page: OpenPage, furnished: Server, routes: Map) -> None:
    client = open_page("/", role="administrator", at=furnished).context.request
    walk = Crawl(routes, client, furnished.address, most=200).run(STARTS)
    assert [found for found in walk if found.status != 200] == []


@pytest.mark.nightly
def test_a_link_leads_to_every_page(crawl_as: CrawlAs, routes: Map) -> None:
    reached = {found.endpoint for found in crawl_as("administrator")}
    rules = [rule for rule in routes.iter_rules() if "GET" in (rule.methods or ())]
    shown = {rule.endpoint for rule in rules if not rule.rule.startswith("/api/")}  # those are for scripts
    assert shown - reached - NOT_LINKED.keys() == set()


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_is_accessible_and_fits_the_window(
    crawl_as: CrawlAs, open_page: OpenPage, furnished: Server, locale: str
) -> None:
    pages = spread((found for found in crawl_as("administrator") if found.is_page), each=PAGES_OF_A_ROUTE)
    page = open_page("/", role="administrator", locale=locale, at=furnished)
    faults = [fault for found in pages for fault in _faults(page, found.path)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("path", STRANGER_PAGES)
@pytest.mark.nightly
def test_pages_for_strangers_are_accessible_and_fit_the_window(
    open_page: OpenPage, furnished: Server, path: str, locale: str
) -> None:
    page = open_page(path, role=None, locale=locale, at=furnished)
    assert urlsplit(page.url).path == urlsplit(path).path
    faults = _faults(page, path)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("path", MISTAKEN_PAGES)
@pytest.mark.nightly
def test_pages_that_come_with_a_mistake_are_accessible_and_fit_the_window(
    open_page: OpenPage, furnished: Server, watch: Watch, path: str, locale: str
) -> None:
    watch.expect("404")
    page = open_page(path, locale=locale, at=furnished)
    faults = _faults(page, path)
    assert not faults, "\n".join(faults)


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_form_that_came_back_with_faults_is_accessible(
    open_page: OpenPage, furnished: Server, axe: Callable[[Page], None], watch: Watch, locale: str
) -> None:
    watch.expect("status of 4")
    page = open_page("/sign-in", role=None, locale=locale, at=furnished)
    page.fill("input[name=name]", "nobody")
    page.fill("input[name=password]", "not the password")
    page.press("input[name=password]", "Enter")
    page.get_by_role("alert").wait_for()
    axe(page)


def _plan_interviews(page: Page) -> None:
    """Make an appointment for every role that the plan of an assessment suggests."""
    page.goto(f"/engagements/{ENGAGEMENT}/assessments")
    page.locator("main tbody th a", has_text="福州").last.click()
    page.locator(".tabs a[href$='/plan']").click()
    page.locator("form button[data-plans]").click()
    page.fill("input[name=all-date]", "2026-03-09")
    page.fill("input[name=all-time]", "09:00")
    page.locator("button[name=spread]").click()
    page.locator(".form-actions button").click()
    page.wait_for_url(re.compile(r"/appointments$"))


def _make_report(page: Page) -> None:
    page.goto(f"/reports?engagement={ENGAGEMENT}")
    for box in page.locator("input[name=assessments]").all()[1:]:
        box.uncheck()  # a short report is report enough
    page.locator("form.report-form .form-actions button").click()
    page.wait_for_url(re.compile(r"/reports/\d+$"))
    progress = "/api" + urlsplit(page.url).path
    for _ in range(REPORT_SECONDS):
        if page.request.get(progress).json()["ended"]:
            return
        page.wait_for_timeout(1000)
    raise RuntimeError(f"no report within {REPORT_SECONDS} s")


@cache
def our_sentences() -> frozenset[str]:
    """Return every Chinese sentence that has an English of ours."""
    entries = (
        entry for path in CATALOGUES.glob("en/LC_MESSAGES/*.po") for entry in read_po(BytesIO(path.read_bytes()))
    )
    return frozenset(entry.id for entry in entries if isinstance(entry.id, str))


def _faults(page: Page, path: str) -> list[str]:
    """Open a page and return what is wrong with it, at every width."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    page.goto(path, wait_until="networkidle")
    english = page.locator("html").get_attribute("lang") == "en"
    faults = [f"{path}: {fault}" for fault in left_in_chinese(page, our_sentences())] if english else []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        faults += [
            f"{path} at {width} px: {fault}"
            for fault in (*overflow(page), *axe_violations(page, contrast=width == WIDTHS[0]))
        ]
    return faults
