"""The page of one element in every state: parts of a level, evidence, the round before, counts, keys, small screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.text import Text
from app.services import engagements, interviewing
from app.services.permissions import Role
from app.storage import interviews
from app.storage.database import Database, Session
from tests.acting import acting
from tests.browser.conftest import OpenPage, Serve
from tests.browser.guards import Watch, axe_violations, overflow
from tests.browser.server import ACCOUNTS, Server, copy_of
from tests.browser.test_interview import (
    ENGAGEMENT,
    FIRST,
    GROUP,
    ROLE,
    answer,
    element_of,
    next_page,
    open_element,
    press,
    wait_saved,
)
from tests.sharing import shipped_library

pytestmark = pytest.mark.browser

KEY = ENGAGEMENT.rsplit("/", 1)[1]
LIBRARY = shipped_library()
CONSULTANT = acting(list(ACCOUNTS).index("consultant") + 1, "consultant", "consultant", Role.CONSULTANT)
TICKED = "4 级已做到：数据需求随营销重点每年修订"
FOCUS_IS = "document.activeElement.name || document.activeElement.id || document.activeElement.tagName"


@pytest.fixture(scope="module")
def held_server(serve: Serve, prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One product for all tests of this file: each has an interview of its own."""
    with serve(copy_of(prepared_data, tmp_path_factory.mktemp("focus") / "data")) as running:
        yield running


@contextmanager
def database_of(server: Server) -> Iterator[Session]:
    """Write beside the running server, as another process would."""
    database = Database(f"sqlite:///{server.data / 'crm-maturity.db'}")
    try:
        with database.begin() as session:
            yield session
    finally:
        database.dispose()


def number_of(hub: str) -> int:
    return int(hub.rsplit("/", 1)[1])


def close(server: Server, hub: str) -> None:
    """Close an interview behind the page's back."""
    with database_of(server) as session:
        interviews.update_interview(session, number_of(hub), state="closed")


def started(server: Server) -> str:
    """Start an interview of Fuzhou's assessment; return the path of its hub."""
    with database_of(server) as session:
        engagement = engagements.get_engagement(session, KEY)
        known = engagements.list_assessments(session, engagement.id)
        return _begun(session, next(one.id for one in known if one.unit.key == "fuzhou"))


def shenzhen_again(server: Server) -> str:
    """Start an interview of Shenzhen in a round after that of 2003; return the path of its hub."""
    with database_of(server) as session:
        engagement = engagements.get_engagement(session, KEY)
        engagements.create_round(session, engagement.id, key="2026-03", name=Text("2026年3月"), day=date(2026, 3, 2))
        assessment = engagements.create_assessment(
            session,
            engagement.id,
            unit="shenzhen",
            round="2026-03",
            framework=LIBRARY.framework("telecom-crm"),
            actor=CONSULTANT,
            clock=now,
        )
        return _begun(session, assessment.id)


def _begun(session: Session, assessment_id: int) -> str:
    interview_id = interviewing.start_interview(
        session,
        assessment_id,
        questionnaire="telecom-crm-interview@1.0.0",
        role=ROLE,
        particulars=interviewing.Particulars("受访者A", None, None),
        library=LIBRARY,
        actor=CONSULTANT,
        clock=now,
    )
    return f"/interview/{interview_id}"


def now() -> datetime:
    return datetime.now(UTC)


def ready(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]")


def shown_parts(page: Page) -> Any:
    return page.locator("[data-parts]:not([hidden]) .part")


@pytest.mark.nightly
def test_a_tick_of_a_part_is_a_line_of_the_note_and_back(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    press(page, "3")
    expect(shown_parts(page)).to_have_count(0)
    press(page, ".", "9")
    page.keyboard.type("听到的")
    expect(shown_parts(page)).to_have_text(["数据需求随营销重点每年修订", "准确率和完整率按月考核并与责任部门绩效挂钩"])
    box = shown_parts(page).first.locator("input")
    box.focus()
    press(page, "Space")
    expect(page.locator("[data-note]")).to_have_value(f"听到的\n{TICKED}")
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["note"] == f"听到的\n{TICKED}"

    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en][data-ready]")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    press(page, "Space")
    expect(page.locator("[data-note]")).to_have_value("听到的")
    shown_parts(page).nth(1).locator("input").check()
    expect(page.locator("[data-note]")).to_have_value(re.compile("Level 4, in place: accuracy and completeness"))
    page.locator("[data-note]").fill("")
    expect(shown_parts(page).nth(1).locator("input")).not_to_be_checked()


@pytest.mark.nightly
def test_a_whole_score_keeps_what_was_ticked_for_a_half(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    press(page, "3", ".")
    shown_parts(page).first.locator("input").check()
    page.locator("[data-score] input:checked").focus()
    press(page, "4")
    expect(shown_parts(page)).to_have_count(0)
    wait_saved(page)
    said = answer(page, hub, FIRST)["said"]
    assert (said["score"], said["note"]) == ("4.0", TICKED)


def test_ticks_suggest_the_strength_and_the_consultant_decides(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    press(page, "3", "e", "Space")
    suggestion = page.locator("[data-strength-suggested]")
    expect(suggestion).to_contain_text("按勾选应为“听说”")
    press(page, "Tab", "Space")
    expect(suggestion).to_contain_text("按勾选应为“看到”")
    suggestion.get_by_role("button", name="采用").click()
    expect(suggestion).to_be_hidden()
    expect(page.locator(f'[name="{FIRST}.evidence_strength"]:checked')).to_have_value("2")
    expect(page.locator(f'[name="{FIRST}.evidence_strength"]:checked')).to_be_focused()
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["evidence_strength"] == 2

    page.get_by_role("button", name=re.compile("清除.*证据强度")).click()
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["evidence_strength"] is None
    page.get_by_label("0 没有").check(force=True)
    wait_saved(page)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert answer(page, hub, FIRST)["said"]["evidence_strength"] == 0
    expect(page.locator(f'[name="{FIRST}.evidence_strength"]:checked')).to_have_value("0")


@pytest.mark.nightly
def test_a_conflict_about_the_strength_of_evidence_shows_both(
    open_page: OpenPage, watch: Watch, held_server: Server
) -> None:
    watch.expect("409")
    mine = open_page(at=held_server)
    hub = started(held_server)
    open_element(mine, hub, FIRST)
    theirs = open_page(hub, role="administrator", at=held_server)
    open_element(theirs, hub, FIRST)
    theirs.get_by_label("0 没有").check(force=True)
    wait_saved(theirs)
    mine.get_by_label("3 核实").check(force=True)
    card = mine.get_by_role("region", name="这个要素有两个不同的回答")
    row = card.get_by_role("row", name=re.compile("证据强度"))
    expect(row).to_contain_text("核实")
    expect(row).to_contain_text("没有")

    button = mine.get_by_role("button", name="用对方的")
    button.focus()
    mine.get_by_role("button", name="English").click()
    mine.wait_for_selector("html[lang=en][data-ready]")
    expect(mine.get_by_role("button", name="Take theirs")).to_be_focused()
    mine.keyboard.press("Enter")
    expect(mine.locator(f'[name="{FIRST}.evidence_strength"]:checked')).to_have_value("0")


def test_the_round_before_is_told_only_after_the_own_score(open_page: OpenPage, held_server: Server) -> None:
    hub = shenzhen_again(held_server)
    page = open_page(at=held_server)
    said = "上一轮（2003年9月）的共识分：1.0"
    for address in (f"{hub}/elements/{FIRST}", f"{hub}/groups/collect-data"):
        ready(page, address)
        assert "上一轮" not in page.locator("main").inner_html()
    ready(page, f"{hub}/elements/{FIRST}")
    page.locator("[data-note]").fill("只有记录，还没有分")
    page.locator("[data-score]").focus()
    wait_saved(page)
    assert "上一轮" not in page.locator("main").inner_html()
    press(page, "3")
    expect(page.locator("[data-previous]")).to_have_text(said)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("[data-previous]")).to_have_text(said)
    press(page, "Backspace")
    expect(page.locator("[data-previous]")).to_be_hidden()
    assert "上一轮" not in page.locator("main").inner_html()
    wait_saved(page)

    ready(page, f"{hub}/groups/collect-data")
    page.locator("[data-score]").first.focus()
    press(page, "2")
    expect(page.locator("[data-previous]").first).to_have_text(said)
    expect(page.locator("[data-previous]").nth(1)).to_be_hidden()


@pytest.mark.nightly
def test_the_counts_of_the_tree_follow_each_mark_at_once(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server, width=820)
    open_element(page, started(held_server), FIRST)
    whole = page.locator("[data-tree-all]")
    section = page.locator(".tree-section[open] .tree-count")
    expect(whole).to_have_text("全部要素 0/27")
    press(page, "3")
    expect(whole).to_have_text("全部要素 1/27")
    expect(section).to_have_text("1/13")
    press(page, "n")  # without its reason: not decided
    expect(whole).to_have_text("全部要素 0/27")
    page.locator("[data-reason]").fill("没有这项业务")
    expect(whole).to_have_text("全部要素 1/27")
    page.locator("[data-score] input:checked").focus()
    press(page, "Backspace")
    expect(section).to_have_text("0/13")


@pytest.mark.nightly
def test_the_tree_of_a_tablet_opens_by_keyboard_at_the_current_element(
    open_page: OpenPage, held_server: Server
) -> None:
    page = open_page(at=held_server, width=820)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    page.locator("[data-tree-all]").focus()
    press(page, "Enter")
    current = page.locator("#tree [aria-current]")
    expect(current).to_be_in_viewport()
    press(page, "Tab")
    assert page.evaluate("document.getElementById('tree').contains(document.activeElement)")
    press(page, "Escape")
    expect(current).to_be_hidden()
    expect(page.locator("[data-tree-all]")).to_be_focused()


def test_arrow_keys_through_the_scale_are_one_save(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "PUT" else None)
    press(page, "1", *["ArrowRight"] * 6, "ArrowLeft")
    wait_saved(page)
    assert answer(page, hub, FIRST)["said"]["score"] == "3.5"
    assert len(sent) == 1


def test_with_the_keys_off_no_single_key_does_anything(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    page.get_by_role("button", name="打分快捷键：开").click()
    for address in (f"{hub}/elements/{FIRST}", f"{hub}/groups/{GROUP}"):
        ready(page, address)
        score = page.locator("[data-score]").first
        score.focus()
        place = page.evaluate(FOCUS_IS)
        for key in ("0", "3", "5", "6", "8", "9", ".", "-", "=", "n", "d", "e", "Backspace", "?", "Numpad4"):
            press(page, key)
            assert page.evaluate(FOCUS_IS) == place
        expect(page.locator("[data-answer] input:checked")).to_have_count(0)
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert answer(page, hub, FIRST)["version"] == 0
    page.get_by_role("button", name="打分快捷键：关").click()
    page.locator("[data-score]").first.focus()
    press(page, "4")
    expect(page.locator("[data-score] input:checked").first).to_have_value("4.0")


def test_a_chinese_input_method_at_work_is_left_alone(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server)
    open_element(page, started(held_server), FIRST)
    press(page, "9")
    page.evaluate(
        """() => {
          const to = document.activeElement;
          const key = (code, more) => to.dispatchEvent(new KeyboardEvent("keydown",
            {key: "Process", code, keyCode: 229, bubbles: true, cancelable: true, ...more}));
          to.dispatchEvent(new CompositionEvent("compositionstart", {bubbles: true}));
          for (const code of ["KeyN", "Digit3", "Enter", "Escape"]) key(code, {isComposing: true});
          to.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true, data: "你"}));
          key("Escape");
        }"""
    )
    expect(page.locator("[data-note]")).to_be_focused()
    expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_count(0)


@pytest.mark.nightly
def test_going_back_by_keys_and_out_of_a_note(open_page: OpenPage, held_server: Server) -> None:
    page = open_page(at=held_server)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    press(page, "3", "9")
    page.keyboard.type("一")
    press(page, "Escape", "4")
    next_page(page, "Enter")
    second = element_of(page)
    press(page, "9")
    next_page(page, "Control+Shift+Enter")
    assert element_of(page) == FIRST
    expect(page.locator(f'[name="{FIRST}.judgement"]:checked')).to_have_value("4.0")
    next_page(page, "Enter")
    assert element_of(page) == second
    next_page(page, "Shift+Enter")
    assert element_of(page) == FIRST


@pytest.mark.parametrize("target", ["reason", "tick", "strength", "group"])
@pytest.mark.nightly
def test_switching_the_language_finds_every_field_again(open_page: OpenPage, held_server: Server, target: str) -> None:
    page = open_page(at=held_server)
    hub = started(held_server)
    ready(page, f"{hub}/groups/{GROUP}" if target == "group" else f"{hub}/elements/{FIRST}")
    selectors = {
        "reason": "[data-reason]",
        "tick": "[data-evidence] li:nth-child(3) input[value=seen]",
        "strength": "[data-strength] input[value='2']",
        "group": "[data-answer]:nth-of-type(4) [data-note]",
    }
    field = page.locator(selectors[target])
    field.focus()
    if target in ("reason", "group"):
        page.keyboard.type("一半的句子")
        press(page, "ArrowLeft", "ArrowLeft")
    else:
        press(page, "Space")
    page.get_by_role("button", name="English").click()
    page.wait_for_selector("html[lang=en][data-ready]")
    expect(field).to_be_focused()
    if target in ("reason", "group"):
        page.keyboard.type("X")
        expect(field).to_have_value("一半的X句子")
    else:
        expect(field).to_be_checked()


# ---------------------------------------------------------------------------------------------------- small screens

CELLS = """() => [...document.querySelectorAll("[data-score] .point, [data-score] .other, [data-score] .clear")]
  .filter((cell) => cell.offsetParent).map((cell) => cell.getBoundingClientRect())
  .map(({top, width, height}) => ({top: Math.round(top), width, height}))"""

# Name what has the focus if it lies outside the window or under a bar
HIDDEN_FOCUS = """() => {
  const place = document.activeElement;
  if (place === document.body) return null;
  const box = place.getBoundingClientRect();
  const at = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1),
    Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1));
  const bar = at?.closest(".focus-bar, .top, header.top");
  const hidden = box.bottom <= 0 || box.top >= innerHeight || (bar && !bar.contains(place));
  return hidden ? `${place.tagName} ${place.name || place.id || place.textContent.trim().slice(0, 30)}` : "";
}"""


@pytest.mark.parametrize(
    ("width", "height"),
    [(320, 640), *(pytest.param(*size, marks=pytest.mark.nightly) for size in ((640, 400), (820, 1180), (1280, 800)))],
)
def test_fingers_find_the_scale_and_no_bar_covers_the_focus(
    open_page: OpenPage, held_server: Server, width: int, height: int
) -> None:
    """640 x 400 is 1280 x 800 at 200 %."""
    page = open_page(at=held_server, width=width, height=height)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    press(page, "3", ".")
    cells = page.evaluate(CELLS)
    assert len(cells) == 14
    assert [cell for cell in cells if cell["height"] < 44 or cell["width"] < 43.9] == []
    rows = {cell["top"] for cell in cells[:11]}
    assert len(rows) == (2 if width < 700 else 1)
    assert overflow(page) == []

    hidden = []
    page.locator("main").focus()
    for _ in range(80):
        press(page, "Tab")
        found = page.evaluate(HIDDEN_FOCUS)
        if found is None:
            break
        if found:
            hidden.append(found)
    assert hidden == []


# ------------------------------------------------------------------------------------------------------------ states


def states(page: Page, hub: str) -> Iterator[str]:
    """Lead a page through the states of an interview; yield each one's name."""
    element = f"{hub}/elements/{FIRST}"
    ready(page, element)
    yield "open"
    press(page, "3", ".")
    page.locator("[data-evidence] input[value=seen]").first.check()
    wait_saved(page)
    yield "half a point with evidence"
    page.locator("[data-score] input:checked").focus()
    press(page, "n")
    wait_saved(page)
    yield "not applicable without a reason"
    press(page, "?")
    yield "help"
    press(page, "Escape")
    ready(page, f"{hub}/groups/{GROUP}")
    yield "group"
    ready(page, hub)
    yield "hub"


@pytest.mark.parametrize("locale", ["zh", pytest.param("en", marks=pytest.mark.nightly)])
@pytest.mark.nightly
def test_every_state_is_accessible_at_every_width(open_page: OpenPage, held_server: Server, locale: str) -> None:
    page = open_page(at=held_server, locale=locale)
    hub = started(held_server)
    for state in states(page, hub):
        look(page, state)
    close(held_server, hub)
    for address in (f"{hub}/elements/{FIRST}", f"{hub}/groups/{GROUP}", hub):
        ready(page, address)
        look(page, "closed")


@pytest.mark.nightly
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_open_conflict_is_accessible_at_every_width(
    open_page: OpenPage, watch: Watch, held_server: Server, locale: str
) -> None:
    watch.expect("409")
    page = open_page(at=held_server, locale=locale)
    hub = started(held_server)
    open_element(page, hub, FIRST)
    other = open_page(f"{hub}/elements/{FIRST}", role="administrator", at=held_server)
    other.wait_for_selector("html[data-ready]")
    press(other, "1")
    other.locator("[data-note]").fill("对方的长记录，" * 30)
    other.locator("[data-score]").focus()
    wait_saved(other)
    press(page, "4", "9")
    page.keyboard.type("我的")
    expect(page.locator(".card-conflict").first).to_be_visible()
    look(page, "conflict")


def look(page: Page, state: str) -> None:
    for width in (1280, 820, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == [], f"{state} at {width}"
        # what happens to lie under the bar at the foot is no smaller for it; that the focus never does is tested above
        page.evaluate("for (const bar of document.querySelectorAll('.focus-bar')) bar.style.position = 'static'")
        found = axe_violations(page, contrast=width == 1280)
        assert not found, "\n".join([f"{state} at {width}:", *found])
    page.set_viewport_size({"width": 1280, "height": 800})
