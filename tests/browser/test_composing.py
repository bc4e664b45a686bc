"""Text that an input method makes, in the editor and in an answer's note: it arrives once, and no key acts meanwhile.

Chromium is driven as its input methods drive it: a composition that grows and is replaced by what was chosen, with the
key events that pages see besides (key code 229).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from app.content.layering import ContentKind
from app.services import accounts, drafting
from app.services.clock import system_clock
from app.storage.database import Database
from tests.acting import acting
from tests.browser.conftest import OpenPage, Serve
from tests.browser.server import Server, copy_of
from tests.browser.test_interview import FIRST, answer, open_element, start_interview
from tests.sharing import shipped_library

pytestmark = pytest.mark.browser

WHO = "administrator"
FILE = "framework.yaml"
TAKEN = 229  # the code of a key that an input method has taken


class InputMethod:
    """An input method at work on a page."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)

    def press(self, code: str) -> None:
        """Press a key that the input method takes: the page sees it as Process, in a composition."""
        for kind in ("rawKeyDown", "keyUp"):
            event = {"type": kind, "key": "Process", "code": code, "windowsVirtualKeyCode": TAKEN}
            self.session.send("Input.dispatchKeyEvent", event)

    def spell(self, letters: str) -> None:
        """Compose letter by letter."""
        for end in range(1, len(letters) + 1):
            self.press(f"Key{letters[end - 1].upper()}")
            caret = {"selectionStart": end, "selectionEnd": end}
            self.session.send("Input.imeSetComposition", {"text": letters[:end], **caret})

    def choose(self, words: str) -> None:
        """Put what was chosen in the place of what was composed."""
        self.press("Space")
        self.session.send("Input.insertText", {"text": words})

    def give_up(self) -> None:
        """Take the composition back."""
        self.press("Escape")
        self.session.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})


@pytest.fixture(scope="module")
def desk(serve: Serve, prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(copy_of(prepared_data, tmp_path_factory.mktemp("composing") / "data")) as running:
        yield running


@pytest.fixture
def draft(desk: Server) -> Iterator[int]:
    """A draft of a small framework."""
    database = Database(f"sqlite:///{desk.data / 'crm-maturity.db'}")
    with database.begin() as session:
        user = next(one for one in accounts.list_users(session) if one.name == WHO)
        actor = acting(user.id, user.name, user.display_name, user.role)
        begun = drafting.begin_draft(
            session, ContentKind.FRAMEWORK, "credit-risk", library=shipped_library(), actor=actor, clock=system_clock
        )
    yield begun.id
    database.dispose()


def stored(page: Page, draft: int) -> str:
    text: str = page.request.get(f"/api/drafts/{draft}").json()["files"][FILE]
    return text


def test_composed_text_arrives_once_in_the_editor(open_page: OpenPage, desk: Server, draft: int) -> None:
    page = open_page(f"/drafts/{draft}/edit?file={FILE}", role=WHO, at=desk)
    expect(page.locator("[data-panel=faults]")).to_contain_text("没有错误")
    before = stored(page, draft)
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.type(" ")
    method = InputMethod(page)
    method.spell("kehu")
    method.press("Enter")  # of the input method: it chooses, it does not break the line
    expect(page.locator(".cm-line").first).to_have_text(re.compile(r"kehu$"))
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
    method.choose("客户")
    method.spell("x")
    method.give_up()
    method.spell("guanli")
    method.choose("管理")
    page.keyboard.type("。")
    expect(page.locator("[data-saving][data-mood=saved]")).to_be_visible()
    first, *rest = before.split("\n")
    assert stored(page, draft).split("\n") == [f"{first} 客户管理。", *rest]
    page.keyboard.press("Control+z")
    expect(page.locator(".cm-line").first).not_to_have_text(re.compile("。$"))


@pytest.mark.nightly
def test_composed_text_arrives_once_in_a_note_and_no_key_scores_meanwhile(open_page: OpenPage, desk: Server) -> None:
    page = open_page("/", at=desk)
    hub = start_interview(page)
    open_element(page, hub, FIRST)
    note = page.locator(f"[name='{FIRST}.note']")
    note.focus()
    method = InputMethod(page)
    method.spell("wo3")
    method.press("Digit3")  # chooses the third of what is offered
    method.choose("我")
    method.spell("men")
    method.press("Escape")
    expect(note).to_be_focused()
    method.choose("们")
    method.press("Enter")
    expect(note).to_have_value("我们")
    expect(note).to_be_focused()
    expect(page).to_have_url(re.compile(f"/elements/{FIRST}"))
    note.blur()
    expect(page.locator("[data-saving]")).to_have_attribute("data-kind", "saved")
    said = answer(page, hub, FIRST)["said"]
    assert said["note"] == "我们"
    assert said["state"] == "open"
