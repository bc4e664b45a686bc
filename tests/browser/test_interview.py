"""An interview in a real browser: by keyboard alone, through a killed server, against another consultant."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Page, expect

from app.content.library import load_library
from app.settings import CHECKOUT
from tests.browser.conftest import OpenPage, Serve
from tests.browser.guards import Watch, overflow
from tests.browser.server import PASSWORD, KillableServer, Server, copy_of

pytestmark = pytest.mark.browser

ENGAGEMENT = "/engagements/china-telecom-2003"
ROLE = "local-marketing"
GROUP = "gain-insight"
FIRST = "customer-data-strategy"
REFUSED = r"net::ERR_CONNECTION_REFUSED|net::ERR_EMPTY_RESPONSE|net::ERR_CONNECTION_RESET"
SAVED = re.compile(r"全部已保存 \d\d:\d\d")


def start_interview(page: Page, role: str = ROLE) -> str:
    """Start an interview of Fuzhou's assessment; return the address of its hub."""
    page.goto(ENGAGEMENT)
    assessment = page.locator("main a", has_text="福州电信").or_(page.locator("main a", has_text="Fuzhou")).first
    number = re.search(r"/assessments/(\d+)", assessment.get_attribute("href") or "")
    assert number
    page.goto(f"/assessments/{number[1]}/interviews/new")
    page.locator(f"input[name=role][value={role}]").check()
    page.locator("form.start button").click()
    page.wait_for_url(re.compile(r"/interview/\d+$"))
    return page.url


def open_element(page: Page, hub: str, element: str) -> None:
    page.goto(f"{hub}/elements/{element}")
    page.wait_for_selector("html[data-ready]")


def answer(page: Page, hub: str, element: str) -> dict[str, Any]:
    """Return what the server has."""
    number = hub.rsplit("/", 1)[1]
    found: dict[str, Any] = page.request.get(f"/api/interviews/{number}/answers/{element}").json()
    return found


def try_again(page: Page) -> None:
    """Press the button that sends what waits; the page may send it by itself just then and take the button away."""
    page.locator("[data-saving-retry]").dispatch_event("click")


def wait_saved(page: Page) -> None:
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "saved")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def element_of(page: Page) -> str:
    return page.url.rsplit("/", 1)[1].partition("?")[0]


def next_page(page: Page, key: str) -> None:
    before = page.url
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before)
    page.wait_for_selector("html[data-ready]")


@pytest.mark.nightly
def test_a_whole_group_by_keyboard_alone(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    page.goto(f"{hub}/groups/{GROUP}")
    elements = [row.get_attribute("data-answer") for row in page.locator("[data-answer]").all()]
    assert len(elements) == 6
    open_element(page, hub, str(elements[0]))

    press(page, "3", ".", "7")
    next_page(page, "Enter")
    press(page, "4", "=", "8", "9")
    page.keyboard.type("v3.5, 0 1 2 n d")
    next_page(page, "Control+Enter")
    press(page, "n", "Enter")  # the reason is missing: that is where Enter leads
    page.keyboard.type("本地网没有这项业务")
    next_page(page, "Enter")
    press(page, "d")
    next_page(page, "Enter")
    press(page, "Numpad2", "NumpadDecimal", "Backspace", "5", "=", "-")
    next_page(page, "NumpadEnter")
    press(page, "0")
    wait_saved(page)

    said = [answer(page, hub, str(element))["said"] for element in elements]
    assert [(one["state"], one["score"]) for one in said] == [
        ("scored", "3.5"),
        ("scored", "4.5"),
        ("not-applicable", None),
        ("unknown", None),
        ("scored", "4.5"),
        ("scored", "0.0"),
    ]
    assert [one["confidence"] for one in said] == ["medium", "high", None, None, None, None]
    assert said[1]["note"] == "v3.5, 0 1 2 n d"
    assert said[2]["reason"] == "本地网没有这项业务"
    page.goto(hub)
    row = page.get_by_role("row", name=re.compile("获取洞察力"))
    expect(row).to_contain_text("已完成")


def test_a_half_point_reads_as_its_neighbours_and_marks_both_levels(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    open_element(page, start_interview(page), FIRST)
    press(page, "2")
    expect(page.locator("[data-meaning]")).to_contain_text("本地网或省公司有各自的数据要求")
    press(page, ".")
    expect(page.locator("[data-meaning]")).to_have_text("2 级“初具”全部做到；3 级“规范”做到了一部分：哪些部分？")
    near = page.locator(".level-near")
    assert [line.get_attribute("data-level") for line in near.all()] == ["2.0", "3.0"]
    expect(page.locator(f"[data-mark={FIRST}]")).to_contain_text("2.5")


def test_nothing_is_lost_when_the_server_is_killed(open_page: OpenPage, watch: Watch, killable: KillableServer) -> None:
    watch.expect(REFUSED)
    page = open_page(at=killable.server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    press(page, "1")
    wait_saved(page)

    killable.kill()
    press(page, "3", ".", "9")
    page.keyboard.type("断网时写下的发现")
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "waiting")
    expect(page.get_by_role("status")).to_contain_text("未保存：1 条回答等待发送")

    killable.start()
    try_again(page)
    wait_saved(page)
    said = answer(page, hub, FIRST)["said"]
    assert (said["score"], said["note"]) == ("3.5", "断网时写下的发现")


@pytest.mark.nightly
def test_unsent_answers_outlive_the_page_and_lie_over_it(
    open_page: OpenPage, watch: Watch, killable: KillableServer
) -> None:
    watch.expect(REFUSED)
    page = open_page(at=killable.server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    killable.kill()
    press(page, "2", "9")
    page.keyboard.type("没有来得及发送")
    page.goto("about:blank")  # at once: within the pause before sending
    killable.start()

    # a server that cannot save yet: the page must show what this device holds, and say that it is not saved
    page.route("**/api/interviews/**", lambda route: route.abort())
    watch.expect("net::ERR_FAILED")
    open_element(page, hub, FIRST)
    expect(page.locator(f'[name="{FIRST}.note"]')).to_have_value("没有来得及发送")
    expect(page.locator(f'[name="{FIRST}.judgement"][value="2.0"]')).to_be_checked()
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "waiting")
    page.unroute("**/api/interviews/**")
    try_again(page)
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["note"] == "没有来得及发送"
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 1


@pytest.mark.nightly
def test_a_lost_response_saves_once(open_page: OpenPage, watch: Watch, own_server: Server) -> None:
    watch.expect("net::ERR_FAILED")
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)

    def arrives_but_is_not_answered(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/interviews/**", arrives_but_is_not_answered, times=1)
    press(page, "4")
    wait_saved(page)
    assert answer(page, hub, FIRST)["version"] == 1


@pytest.mark.parametrize(
    ("choice", "score", "note"),
    [
        ("用我的，并把对方的写进记录", "3.5", "administrator"),
        pytest.param("用我的", "3.5", None, marks=pytest.mark.nightly),
        pytest.param("用对方的", "1.0", None, marks=pytest.mark.nightly),
    ],
)
def test_a_conflict_shows_both_answers_and_asks(  # noqa: PLR0917 - fixtures
    open_page: OpenPage,
    watch: Watch,
    own_server: Server,
    axe: Callable[[Page], None],
    choice: str,
    score: str,
    note: str | None,
) -> None:
    watch.expect("409")
    mine = open_page(at=own_server)
    hub = start_interview(mine)
    open_element(mine, hub, FIRST)
    theirs = open_page(hub, role="administrator", at=own_server)
    open_element(theirs, hub, FIRST)
    press(theirs, "1")
    wait_saved(theirs)

    press(mine, "3", ".")
    card = mine.get_by_role("region", name="这个要素有两个不同的回答")
    expect(card).to_contain_text("administrator")
    expect(card.get_by_role("row", name=re.compile("得分"))).to_contain_text("3.5")
    expect(card.get_by_role("row", name=re.compile("得分"))).to_contain_text("1.0")
    expect(mine.get_by_role("status")).to_contain_text("1 个要素有冲突")
    assert answer(mine, hub, FIRST)["said"]["score"] == "1.0"
    axe(mine)

    mine.reload()
    mine.wait_for_selector("html[data-ready]")
    expect(card).to_be_visible()  # a conflict outlives the page
    mine.get_by_role("button", name=choice, exact=True).click()
    expect(card).to_have_count(0)
    wait_saved(mine)
    said = answer(mine, hub, FIRST)["said"]
    assert said["score"] == score
    assert said["note"] is None if note is None else note in said["note"]
    expect(mine.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_value(score)


@pytest.mark.nightly
def test_different_fields_of_two_consultants_are_merged(open_page: OpenPage, own_server: Server) -> None:
    mine = open_page(at=own_server)
    hub = start_interview(mine)
    open_element(mine, hub, FIRST)
    theirs = open_page(hub, role="administrator", at=own_server)
    open_element(theirs, hub, FIRST)
    press(theirs, "9")
    theirs.keyboard.type("对方的记录")
    theirs.keyboard.press("Tab")
    wait_saved(theirs)

    press(mine, "3")
    wait_saved(mine)
    expect(mine.locator("[data-note]")).to_have_value("对方的记录")
    said = answer(mine, hub, FIRST)["said"]
    assert (said["score"], said["note"]) == ("3.0", "对方的记录")


@pytest.mark.nightly
def test_keys_work_in_the_score_alone_and_can_be_switched_off(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    page.locator("[data-note]").focus()
    press(page, "4")
    expect(page.locator("[data-note]")).to_have_value("4")
    expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_count(0)

    page.get_by_role("button", name="打分快捷键：开").click()
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_role("button", name="打分快捷键：关")).to_be_visible()
    page.locator("[data-score]").focus()
    press(page, "4")
    expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_count(0)


@pytest.mark.nightly
def test_a_chinese_input_method_scores_too(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    open_element(page, start_interview(page), FIRST)
    page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
             {key: "Process", code: "Digit4", keyCode: 229, bubbles: true, cancelable: true}))"""
    )
    expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_value("4.0")
    wait_saved(page)


@pytest.mark.nightly
def test_help_opens_by_key_and_by_button(open_page: OpenPage, own_server: Server, axe: Callable[[Page], None]) -> None:
    page = open_page(at=own_server)
    open_element(page, start_interview(page), FIRST)
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("跳到发现与记录")
    axe(page)
    press(page, "Escape")
    page.get_by_role("button", name="快捷键", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.nightly
def test_switching_the_language_keeps_the_place(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, "data-query-reporting")
    press(page, "3", "9")
    page.keyboard.type("一半的句子")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en][data-ready]")
    assert element_of(page) == "data-query-reporting"
    expect(page.locator("[data-note]")).to_have_value("一半的句子")
    expect(page.locator("[data-note]")).to_be_focused()
    expect(page.locator("[data-meaning]")).to_contain_text("Defined")
    wait_saved(page)
    assert answer(page, hub, "data-query-reporting")["said"]["note"] == "一半的句子"


@pytest.mark.nightly
def test_evidence_is_told_or_seen_never_both(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    mark = page.locator(f"[data-mark={FIRST}]")
    expect(mark).to_contain_text("未评")
    first = page.locator("[data-evidence] .ticks").first
    first.get_by_label("听说").check()
    expect(mark).to_contain_text("已有记录")
    first.get_by_label("看到").check()
    expect(first.get_by_label("听说")).not_to_be_checked()
    wait_saved(page)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(first.get_by_label("看到")).to_be_checked()
    assert set(answer(page, hub, FIRST)["said"]["ticks"].values()) == {"seen"}


@pytest.mark.nightly
def test_going_back_shows_the_answer_as_it_is_now(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    press(page, "2")
    next_page(page, "Enter")
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_value("2.0")
    press(page, "4")
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "4.0"


@pytest.mark.nightly
def test_an_expired_sign_in_keeps_everything_and_goes_on_afterwards(
    open_page: OpenPage, watch: Watch, own_server: Server
) -> None:
    watch.expect("401|400")  # the old token is as gone as the old sign-in
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    page.context.clear_cookies(name="session")
    press(page, "3")
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "signedOut")
    expect(page.get_by_role("status")).to_contain_text("请重新登录：1 条回答留在本机")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="登录").click()
    other = opened.value
    other.fill("input[name=name]", "consultant")
    other.fill("input[name=password]", PASSWORD)
    other.press("input[name=password]", "Enter")
    other.wait_for_url(re.compile(r"/interview/\d+"))
    other.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "3.0"


@pytest.mark.nightly
def test_another_user_on_the_same_device_does_not_send_what_is_not_theirs(
    open_page: OpenPage, watch: Watch, own_server: Server
) -> None:
    watch.expect("net::ERR_FAILED")
    page = open_page(at=own_server)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    page.route("**/api/interviews/**", lambda route: route.abort())
    press(page, "3")
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "waiting")
    page.goto("about:blank")
    page.unroute("**/api/interviews/**")
    stranger = open_page(hub, role="administrator", at=own_server)
    page.context.clear_cookies(name="session")
    page.context.add_cookies(cast("Any", stranger.context.cookies()))
    open_element(page, hub, FIRST)
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "otherUser")
    assert answer(page, hub, FIRST)["version"] == 0


QUESTIONS = """
    questions:
      - id: owner
        type: choice
        text: {zh: 谁负责, en: Who is responsible}
        options:
          - {id: nobody, value: 0, text: {zh: 没有人, en: Nobody}}
          - {id: named, value: 4, text: {zh: 指定的人, en: A named person}}
      - id: parts
        type: checklist
        text: {zh: 有哪些, en: What is there}
        options: [{id: plan, text: {zh: 规划, en: A plan}}, {id: fields, text: {zh: 字段标准, en: A standard}}]
      - id: share
        type: number
        unit: "%"
        text: {zh: 准确率, en: Accuracy}
        bands: [{upto: 60, value: 1}, {value: 3}]
"""


@pytest.fixture
def with_questions(serve: Serve, prepared_data: Path, tmp_path: Path) -> Iterator[Server]:
    """The product over content whose first item has questions that score."""
    content = tmp_path / "content"
    for folder in ("frameworks", "questionnaires", "reports"):
        shutil.copytree(CHECKOUT / folder, content / folder)
    guide = content / "questionnaires" / "telecom-crm-interview.yaml"
    head, item, rest = guide.read_text("utf-8").partition(f"- element: {FIRST}\n")
    first, following = rest.split("\n  - element:", 1)
    guide.write_text(f"{head}{item}{first}{QUESTIONS.rstrip()}\n  - element:{following}", "utf-8")
    with serve(copy_of(prepared_data, tmp_path / "data"), load_library(content)) as running:
        yield running


def test_questions_suggest_a_score_that_can_be_adopted(
    open_page: OpenPage, with_questions: Server, axe: Callable[[Page], None]
) -> None:
    page = open_page(at=with_questions)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    page.get_by_label("指定的人").check()
    expect(page.locator("[data-suggested-score]")).to_have_text("4.0")
    page.get_by_label("规划").first.check()
    page.get_by_label("准确率", exact=True).fill("８０")
    expect(page.locator("[data-suggested-score]")).to_have_text("3.0")  # the mean of 4, 2.5 and 3, half up
    assert answer(page, hub, FIRST)["said"]["state"] == "open"
    page.get_by_role("button", name="采用建议分").click()
    wait_saved(page)
    axe(page)
    said = answer(page, hub, FIRST)["said"]
    assert (said["score"], said["suggested"]) == ("3.0", "3.0")
    assert said["questions"] == {"owner": "named", "parts": ["plan"], "share": {"number": "80"}}

    page.get_by_label("以上都没有").check()
    wait_saved(page)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.get_by_label("指定的人")).to_be_checked()
    expect(page.get_by_label("以上都没有")).to_be_checked()
    expect(page.get_by_label("准确率", exact=True)).to_have_value("80")
    expect(page.locator("[data-suggested-score]")).to_have_text("2.5")  # 4, 0 and 3


@pytest.mark.nightly
def test_a_group_as_a_table_saves_itself_and_goes_on_by_enter(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server)
    hub = start_interview(page)
    page.goto(f"{hub}/groups/collect-data")
    page.wait_for_selector("html[data-ready]")
    page.locator("[data-score]").first.focus()
    press(page, "2", "Enter", "3", ".")
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "2.0"
    assert answer(page, hub, "external-data-collection")["said"]["score"] == "3.5"


@pytest.mark.nightly
def test_without_a_script_a_group_is_saved_by_its_button(open_page: OpenPage, own_server: Server) -> None:
    page = open_page(at=own_server, javascript=False)
    hub = start_interview(page)
    page.goto(f"{hub}/groups/collect-data")
    page.locator(f'[name="{FIRST}.judgement"][value="2.5"]').check(force=True)
    page.get_by_role("button", name="保存本组").last.click()
    expect(page.locator("main")).to_contain_text("已保存。")
    assert answer(page, hub, FIRST)["said"]["score"] == "2.5"


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_page_has_an_accessibility_fault_or_runs_over_its_width(
    open_page: OpenPage, own_server: Server, axe: Callable[[Page], None], locale: str
) -> None:
    page = open_page(at=own_server, locale=locale)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    press(page, "3", ".")
    wait_saved(page)
    assessment = page.locator(".crumbs a").nth(2).get_attribute("href")
    for address in (
        hub,
        f"{hub}/elements/{FIRST}",
        f"{hub}/groups/{GROUP}",
        f"{hub}/particulars",
        str(assessment),
        f"{assessment}/new",
    ):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        for width in (1280, 820, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert overflow(page) == [], f"{address} at {width}"
            if width != 820:
                axe(page)
