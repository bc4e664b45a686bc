"""A downloaded interview without a network, on shared tablets, and over the installation's own HTTPS."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM_ARGUMENTS, OpenPage, find_browser, sign_in
from tests.browser.guards import Watch
from tests.browser.server import COMMAND, PASSWORD, KillableServer, Server, copy_of
from tests.browser.test_interview import (
    FIRST,
    REFUSED,
    answer,
    element_of,
    next_page,
    open_element,
    press,
    start_interview,
    try_again,
    wait_saved,
)

pytestmark = pytest.mark.browser

SECOND = "data-query-reporting"
NO_NETWORK = rf"{REFUSED}|net::ERR_FAILED|Failed to load resource|net::ERR_INTERNET_DISCONNECTED"


def download(page: Page, hub: str) -> None:
    """Download an interview on its hub and wait until it says that it is ready."""
    page.goto(hub)
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("button", name="下载本次访谈").click()
    expect(page.locator("[data-offline]")).to_have_attribute("data-offline", "ready", timeout=30_000)


def unsent(page: Page) -> list[dict[str, Any]]:
    """Return what lies in this device's store."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((resolve) => {
             const opening = indexedDB.open("crm-maturity-interviews");
             opening.onsuccess = () => {
               const all = opening.result.transaction("unsent").objectStore("unsent").getAll();
               all.onsuccess = () => { opening.result.close(); resolve(all.result); };
             };
           })"""
    )
    return found


def kind(page: Page) -> Any:
    """Return an expectation about the state of the status line."""
    return expect(page.locator("[data-saving]"))


def test_a_downloaded_interview_opens_is_filled_and_reloaded_without_a_network_and_syncs_later(
    open_page: OpenPage, watch: Watch, killable: KillableServer, axe: Callable[[Page], None]
) -> None:
    watch.expect(NO_NETWORK)
    page = open_page(at=killable.server)
    hub = start_interview(page)
    download(page, hub)
    axe(page)
    open_element(page, hub, SECOND)
    press(page, "2")
    wait_saved(page)  # saved after the download: the copy does not know of it

    killable.kill()
    page.goto(hub)
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("[data-copy]")).to_contain_text("离线副本")
    open_element(page, hub, SECOND)
    expect(page.locator(f'[name="{SECOND}.judgement"]:checked')).to_have_value("2.0")
    press(page, "3")
    kind(page).to_have_attribute("data-kind", "waiting")
    open_element(page, hub, FIRST)
    press(page, "4", "9")
    page.keyboard.type("断网时写下")
    kind(page).to_have_attribute("data-kind", "waiting")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("[data-note]")).to_have_value("断网时写下")
    expect(page.locator(f"[data-mark={SECOND}]")).to_contain_text("3.0")  # the tree follows what is unsent
    page.locator("[data-score]").focus()
    next_page(page, "Control+Enter")  # on to the next element
    assert element_of(page) != FIRST
    press(page, "1")
    third = element_of(page)
    kind(page).to_have_attribute("data-kind", "waiting")
    page.goto(f"{hub}/finish")
    expect(page.locator("h1")).to_have_text("没有网络")  # not downloaded, and said so

    page.goto(hub)
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_role("status").first).to_contain_text("3 条回答")
    killable.start()
    try_again(page)
    wait_saved(page)
    said = {element: answer(page, hub, element)["said"] for element in (FIRST, SECOND, third)}
    assert [one["score"] for one in said.values()] == ["4.0", "3.0", "1.0"]
    assert said[FIRST]["note"] == "断网时写下"
    assert unsent(page) == []


@pytest.mark.nightly
def test_without_a_download_nothing_is_kept_on_the_device(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    press(page, "2")
    wait_saved(page)
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


@pytest.mark.nightly
def test_a_download_can_be_removed(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    download(page, hub)
    count = """async () => (await (await caches.open((await caches.keys())[0])).keys())
                 .filter((one) => new URL(one.url).pathname.startsWith("/interview/")).length"""
    assert page.evaluate(count) > 10
    page.get_by_role("button", name="从本机删除下载").click()
    expect(page.locator("[data-offline]")).to_have_attribute("data-offline", "none")
    assert page.evaluate(count) == 0


@pytest.mark.nightly
def test_the_service_worker_keeps_pages_of_interviews_and_files_alone(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    download(page, hub)
    page.goto("/engagements/china-telecom-2003")
    page.goto(hub)
    page.wait_for_selector("html[data-ready]")
    kept: list[str] = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys())))
             .flat().map((request) => new URL(request.url).pathname)"""
    )
    odd = [path for path in kept if not re.match(r"/static/|/interview/\d+(/(elements|groups)/[^/]+)?$", path)]
    assert odd == []
    assert any(path.endswith("/js/interview/queue.js") for path in kept)


@pytest.mark.nightly
def test_plain_http_says_why_there_is_no_offline_start(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', {value: false})")
    page.goto(hub)
    expect(page.locator("[data-offline-words]")).to_contain_text("没有用 HTTPS 加密")
    expect(page.get_by_role("button", name="下载本次访谈")).to_have_count(0)
    page.get_by_role("link", name="怎样改用 HTTPS").click()
    expect(page.locator("main")).to_contain_text("serve --tls")


@pytest.mark.nightly
def test_signing_out_over_unsent_answers_asks_on_every_page_and_then_erases_everything(
    open_page: OpenPage, watch: Watch, own_server: Server
) -> None:
    watch.expect("net::ERR_FAILED")
    page = open_page(at=own_server)
    hub = start_interview(page)
    download(page, hub)
    open_element(page, hub, FIRST)
    page.route("**/api/interviews/**", lambda route: route.abort())
    press(page, "3")
    kind(page).to_have_attribute("data-kind", "waiting")
    page.goto("/engagements")
    expect(page.locator("[data-unsent-bar]")).to_contain_text("本机还有 1 条回答没有送到服务器")
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", refuse)
    page.get_by_role("button", name="退出").click()
    page.wait_for_timeout(300)
    assert "1 条回答" in asked[0]
    assert page.url.endswith("/engagements")
    assert len(unsent(page)) == 1

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile("/sign-in"))
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def sign_in_here(page: Page, name: str) -> None:
    """Sign in through the form that the page shows."""
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.mark.nightly
def test_another_user_keeps_out_of_the_first_ones_answers_and_signing_out_leaves_them(
    open_page: OpenPage, watch: Watch, own_server: Server
) -> None:
    watch.expect("net::ERR_FAILED|401|400")
    page = open_page(at=own_server)
    hub = start_interview(page)
    download(page, hub)
    open_element(page, hub, FIRST)
    page.route("**/api/interviews/**", lambda route: route.abort())
    press(page, "3")
    kind(page).to_have_attribute("data-kind", "waiting")
    page.goto("about:blank")
    page.unroute("**/api/interviews/**")
    page.context.clear_cookies(name="session")

    page.goto("/sign-in")
    sign_in_here(page, "administrator")
    expect(page.locator("[data-unsent-bar]")).to_contain_text("另一位用户的 1 条回答")
    page.wait_for_function("caches.keys().then((names) => names.length === 0)")  # the download was not for these eyes
    open_element(page, hub, FIRST)
    kind(page).to_have_attribute("data-kind", "otherUser")
    expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_count(0)
    assert answer(page, hub, FIRST)["version"] == 0
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile("/sign-in"))
    assert len(unsent(page)) == 1

    sign_in_here(page, "consultant")
    open_element(page, hub, FIRST)
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "3.0"


@pytest.mark.nightly
def test_an_interview_archived_meanwhile_keeps_the_answers_until_it_is_back(
    open_page: OpenPage, watch: Watch, own_server: Server
) -> None:
    watch.expect("423")
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    other = open_page(hub, role="administrator", at=own_server)
    token = other.locator("meta[name=csrf-token]").get_attribute("content") or ""
    other.request.post(f"{hub}/archive", form={"csrf_token": token})
    press(page, "3")
    kind(page).to_have_attribute("data-kind", "closed")
    expect(page.get_by_role("status").first).to_contain_text("1 条回答留在本机")
    expect(page.get_by_role("button", name="导出到文件")).to_be_visible()
    other.request.post(f"{hub}/restore", form={"csrf_token": token})
    try_again(page)
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "3.0"


@pytest.mark.nightly
def test_unsent_answers_leave_as_a_file_and_come_in_by_another_consultant(
    open_page: OpenPage, watch: Watch, own_server: Server, tmp_path: Path, axe: Callable[[Page], None]
) -> None:
    watch.expect("net::ERR_FAILED|403")
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    page.route(
        "**/api/interviews/*/answers/**",
        lambda route: route.fulfill(status=403, content_type="application/json", body='{"error": "403"}'),
    )
    press(page, "3", "9")
    page.keyboard.type("只在这台平板上")
    kind(page).to_have_attribute("data-kind", "forbidden")
    with page.expect_download() as leaving:
        page.get_by_role("button", name="导出到文件").click()
    file = tmp_path / leaving.value.suggested_filename
    leaving.value.save_as(file)
    document = json.loads(file.read_text("utf-8"))
    assert document["user"]["name"] == "consultant"

    other = open_page(f"{hub}/unsent", role="administrator", at=own_server)
    axe(other)
    other.set_input_files("#file", file)
    other.get_by_role("button", name="核对").click()
    expect(other.get_by_role("row", name=re.compile("得分：3.0"))).to_contain_text("新回答")
    expect(other.locator("main")).not_to_contain_text("用文件里的")  # later entries stand on earlier ones
    axe(other)
    assert answer(other, hub, FIRST)["version"] == 0
    other.get_by_role("button", name="存入").click()
    expect(other.locator("main")).to_contain_text(re.compile(r"存入 \d+ 条回答。"))
    assert answer(other, hub, FIRST)["said"]["note"] == "只在这台平板上"

    page.unroute("**/api/interviews/*/answers/**")  # the tablet comes back after all: stored once
    try_again(page)
    wait_saved(page)
    assert answer(page, hub, FIRST)["version"] == len(document["entries"])


@pytest.mark.nightly
def test_consultants_see_who_else_is_in_the_interview(open_page: OpenPage, own_server: Server) -> None:
    mine = open_page(at=own_server)
    hub = start_interview(mine)
    theirs = open_page(hub, role="administrator", at=own_server)
    open_element(theirs, hub, FIRST)
    theirs.wait_for_timeout(300)
    open_element(mine, hub, SECOND)
    expect(mine.locator("[data-presence]")).to_have_text("administrator 也在这次访谈里：客户数据战略")
    mine.goto(hub)
    expect(mine.locator("[data-presence]")).to_contain_text("administrator 也在这次访谈里")


@pytest.mark.nightly
def test_two_tabs_of_one_user_never_conflict_with_themselves(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    second = page.context.new_page()
    open_element(second, hub, FIRST)
    page.bring_to_front()
    press(page, "3")
    wait_saved(page)
    expect(second.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_value("3.0")
    second.bring_to_front()
    second.locator("[data-score]").focus()
    press(second, "4", "9")
    second.keyboard.type("第二个标签页")
    second.keyboard.press("Tab")
    wait_saved(second)
    expect(page.locator("[data-note]")).to_have_value("第二个标签页")
    page.bring_to_front()
    page.locator("[data-score]").focus()
    press(page, "5")
    wait_saved(page)
    found = answer(page, hub, FIRST)
    assert (found["said"]["score"], found["said"]["note"]) == ("5.0", "第二个标签页")


@pytest.mark.nightly
def test_what_a_closed_tab_left_is_sent_by_the_next_one(open_page: OpenPage, watch: Watch, own_server: Server) -> None:
    watch.expect("net::ERR_FAILED")
    page = open_page(at=own_server)
    hub = start_interview(page)
    first = page.context.new_page()
    open_element(first, hub, FIRST)
    first.route("**/api/interviews/**", lambda route: route.abort())
    first.bring_to_front()
    press(first, "2")
    kind(first).to_have_attribute("data-kind", "waiting")
    first.close()
    page.goto(hub)
    page.wait_for_selector("html[data-ready]")
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "2.0"


@pytest.mark.nightly
def test_a_hotels_sign_in_page_is_not_taken_for_the_server(
    open_page: OpenPage, watch: Watch, own_server: Server
) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    page.route("**/api/**", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Hotel</h1>"))
    press(page, "3")
    kind(page).to_have_attribute("data-kind", "waiting")
    page.unroute("**/api/**")
    try_again(page)
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "3.0"


@pytest.mark.nightly
def test_a_new_version_is_offered_and_taken_over_only_when_asked(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    download(page, hub)
    # another script for the same scope is to the browser what a changed one is: a worker that waits
    page.evaluate(
        "navigator.serviceWorker.register('/interview/worker.js?newer', {scope: '/interview/'}).then(() => 1)"
    )
    bar = page.locator(".update-bar")
    expect(bar).to_contain_text("系统有新版本")
    in_charge = "navigator.serviceWorker.controller?.scriptURL ?? ''"
    assert not page.evaluate(in_charge).endswith("?newer")
    with page.expect_navigation():
        bar.get_by_role("button", name="刷新使用新版本").click()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate(in_charge).endswith("?newer")
    expect(bar).to_have_count(0)


@pytest.fixture
def secure(prepared_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The product over HTTPS with its own authority, on free ports of this machine."""
    data = copy_of(prepared_data, tmp_path / "data")
    arguments = ["serve", "--tls", "--host", "127.0.0.1", "--port", "0", "--tls-port", "0", "--no-worker"]
    with subprocess.Popen(
        [COMMAND, *arguments],
        env={"PATH": "/usr/bin:/bin", "CRM_MATURITY_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield Server(process.stdout.readline().strip().rstrip("/"), data)
        process.terminate()


@pytest.mark.nightly
def test_over_https_a_downloaded_interview_opens_without_a_network(
    chromium: Browser, watch: Watch, secure: Server
) -> None:
    watch.expect(NO_NETWORK)
    # as on a device that took in the authority (a warning that is merely clicked away keeps service workers out)
    browser = chromium.browser_type.launch(
        executable_path=find_browser(), args=[*CHROMIUM_ARGUMENTS, "--ignore-certificate-errors"]
    )
    with browser, browser.new_context(base_url=secure.address, locale="zh-CN") as context:
        watch.over(context, host=secure.address.removeprefix("https://"))
        sign_in(context, "consultant")
        assert {cookie["name"] for cookie in context.cookies()} >= {"__Host-session"}
        page = context.new_page()
        hub = start_interview(page)
        download(page, hub)
        context.set_offline(True)
        open_element(page, hub, FIRST)
        press(page, "4")
        kind(page).to_have_attribute("data-kind", "waiting")
        page.reload()
        page.wait_for_selector("html[data-ready]")
        expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_value("4.0")
        context.set_offline(False)  # the browser says so, and what waits is sent by itself
        wait_saved(page)
        address = f"/api/interviews/{hub.rsplit('/', 1)[1]}/answers/{FIRST}"
        found = page.evaluate("(address) => fetch(address).then((answer) => answer.json())", address)
        assert found["said"]["score"] == "4.0"


@pytest.mark.nightly
def test_a_clicked_away_certificate_warning_is_explained(chromium: Browser, secure: Server) -> None:
    with chromium.new_context(base_url=secure.address, ignore_https_errors=True, locale="zh-CN") as context:
        sign_in(context, "consultant")
        page = context.new_page()
        page.goto(start_interview(page))
        page.get_by_role("button", name="下载本次访谈").click()
        expect(page.locator("[data-offline-words]")).to_contain_text("还不信任本系统的证书")
        expect(page.get_by_role("link", name="怎样改用 HTTPS")).to_be_visible()
