"""A framework is revised in the middle of an engagement, by the pages alone, while somebody else interviews."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.services import accounts, interviewing
from app.services.clock import system_clock
from app.services.engagements import create_assessment, get_engagement
from app.services.interviewing import Particulars
from app.storage import interviews
from app.storage.database import Database
from tests.acting import acting
from tests.browser.conftest import OpenPage, Serve
from tests.browser.guards import Watch
from tests.browser.server import ENGAGEMENT, Server, copy_of
from tests.sharing import shipped_library

pytestmark = pytest.mark.browser

EDITOR, INTERVIEWER = "administrator", "consultant"
RENAMED, CALLED = "identity-check-at-sign-up", "identity-check"
KEPT, GONE = "cross-checking-of-records", "collusion-prevention"
ELSEWHERE = "credit-factors-covered"
FILE = "truthfulness.yaml"


@dataclass(frozen=True)
class Field:
    """A served product with an assessment of `credit-risk` 1.0.0 and an open interview."""

    server: Server
    assessment: int
    interview: int

    @property
    def database(self) -> Database:
        """What the product stores."""
        return Database(f"sqlite:///{self.server.data / 'crm-maturity.db'}")


@pytest.fixture
def field(serve: Serve, prepared_data: Path, tmp_path: Path) -> Iterator[Field]:
    """An assessment that somebody interviews for."""
    data = copy_of(prepared_data, tmp_path / "data")
    database = Database(f"sqlite:///{data / 'crm-maturity.db'}")
    library = shipped_library()
    guide = library.questionnaire("credit-risk-interview")
    role = guide.item(RENAMED).roles[0] if guide.item(RENAMED).roles else guide.roles[0].id
    with database.begin() as session:
        user = next(one for one in accounts.list_users(session) if one.name == INTERVIEWER)
        actor = acting(user.id, user.name, user.display_name, user.role)
        made = create_assessment(
            session,
            get_engagement(session, ENGAGEMENT).id,
            unit="fuzhou",
            round="2003-09",
            framework=library.framework("credit-risk"),
            actor=actor,
            clock=system_clock,
        )
        held = interviewing.start_interview(
            session,
            made.id,
            questionnaire=guide.reference,
            role=role,
            particulars=Particulars(),
            library=library,
            actor=actor,
            clock=system_clock,
        )
    database.dispose()
    with serve(data) as running:
        yield Field(running, made.id, held)


def at_line(page: Page, line: int) -> None:
    """Put the cursor at the end of a line."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")


def stored(page: Page, draft: int) -> str:
    text: str = page.request.get(f"/api/drafts/{draft}").json()["files"][FILE]
    return text


def saved(page: Page) -> None:
    expect(page.locator("[data-saving][data-mood=saved]").first).to_be_visible()


def scores(page: Page, element: str, score: str, interview: int) -> None:
    """Give a score in the interview and wait until it is stored."""
    page.goto(f"/interview/{interview}/elements/{element}?all=1")
    with page.expect_response(lambda answer: f"/answers/{element}" in answer.url and answer.request.method == "PUT"):
        page.locator(f'[name="{element}.judgement"][value="{score}"]').check(force=True)


def revise(page: Page) -> None:
    """Call the first element otherwise, and take the last one away."""
    at_line(page, 6)
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Shift+Home")
    page.keyboard.type(f"    - id: {CALLED}")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Home")
    page.keyboard.type(f"      replaces: [{RENAMED}]")
    page.keyboard.press("Escape")
    at_line(page, 58)
    page.keyboard.press("Control+Shift+End")
    page.keyboard.press("Delete")


def test_edited_broken_mended_published_and_upgraded_while_somebody_interviews(
    open_page: OpenPage, field: Field, watch: Watch, axe: Callable[[Page], None]
) -> None:
    watch.expect(r"status of 409 .*/upgrade")  # the preview that an answer overtook
    talk = open_page(f"/interview/{field.interview}", role=INTERVIEWER, at=field.server)
    scores(talk, RENAMED, "2.0", field.interview)
    scores(talk, KEPT, "3.0", field.interview)
    scores(talk, GONE, "1.0", field.interview)

    desk = open_page("/frameworks", role=EDITOR, at=field.server)
    draft = edited(desk, axe)
    scores(talk, ELSEWHERE, "4.0", field.interview)
    foreseen(desk, draft, axe)
    published(desk, draft)

    talk.goto(f"/interview/{field.interview}/elements/{RENAMED}?all=1")  # open since before the upgrade
    late = open_page(f"/interview/{field.interview}/elements/{GONE}?all=1", role=INTERVIEWER, at=field.server)
    figures = upgraded(desk, talk, field, axe)
    desk.goto(f"/assessments/{field.assessment}")
    for name, figure in figures.items():
        row = desk.locator("table.tree tbody tr", has=desk.get_by_role("link", name=name, exact=True))
        expect(row.locator(".score").first).to_contain_text(figure)

    noted(talk, RENAMED, "写在升级以后")
    expect(talk.locator("[data-told]")).to_contain_text("您的回答已记到那里")
    axe(talk)
    noted(late, GONE, "这也不会丢")
    expect(late.locator("[data-told]")).to_contain_text("不再问")
    nothing_is_lost(field)


def edited(desk: Page, axe: Callable[[Page], None]) -> int:
    """Begin a draft, break it, mend it, and revise it; return its number."""
    token = desk.locator("meta[name=csrf-token]").get_attribute("content") or ""
    begun = desk.request.post("/drafts", form={"csrf_token": token, "kind": "framework", "key": "credit-risk"})
    draft = int(re.findall(r"/drafts/(\d+)", begun.url)[0])
    desk.goto(f"/drafts/{draft}/edit?file={FILE}")
    expect(desk.locator("[data-panel=faults]")).to_contain_text("没有错误")
    at_line(desk, 2)
    desk.keyboard.type(" X")
    expect(desk.locator(".fault-error").first).to_be_visible()
    saved(desk)
    desk.goto(f"/drafts/{draft}/impact")
    expect(desk.locator("main")).to_contain_text("个错误，改好以后才能算出影响")
    axe(desk)
    desk.goto(f"/drafts/{draft}/edit?file={FILE}")
    expect(desk.locator(".fault-error").first).to_be_visible()
    at_line(desk, 2)
    desk.keyboard.press("Backspace")
    desk.keyboard.press("Backspace")
    expect(desk.locator("[data-count]")).to_contain_text("没有错误")
    revise(desk)
    expect(desk.locator("[data-count]")).to_contain_text("没有错误")
    saved(desk)
    assert f"    - id: {CALLED}\n      replaces: [{RENAMED}]\n      code: " in stored(desk, draft)
    assert GONE not in stored(desk, draft)
    return draft


def foreseen(desk: Page, draft: int, axe: Callable[[Page], None]) -> None:
    """Look at what the draft would do; nothing is changed by that."""
    desk.goto(f"/drafts/{draft}/impact")
    expect(desk.locator("p.answer")).to_contain_text("1 份评估在用这个框架，其中 1 份的数字会变")
    expect(desk.locator("ul.fates").first).to_contain_text("改名 1")
    expect(desk.locator("ul.fates").first).to_contain_text("不再问 1")
    axe(desk)


def published(desk: Page, draft: int) -> None:
    """Publish the draft as the page proposes."""
    desk.goto(f"/drafts/{draft}/publish")
    desk.fill("[name=note]", "核验改名，不再问一项")
    desk.locator("form.form button").click()
    expect(desk.locator("main")).to_contain_text("版本 2.0.0 已发布")


def upgraded(desk: Page, talk: Page, field: Field, axe: Callable[[Page], None]) -> dict[str, str]:
    """Preview, be overtaken by an answer, look again and confirm; return the figures that were confirmed."""
    desk.goto(f"/assessments/{field.assessment}/upgrade")
    axe(desk)
    noted(talk, RENAMED, "正好在预览以后")
    desk.get_by_role("button", name="升级到 2.0.0").click()
    expect(desk.get_by_role("alert")).to_contain_text("所以没有升级")
    figures = {}
    for row in desk.locator("table.totals tbody tr").all()[:-1]:
        name = (row.locator("th span").first.text_content() or "").strip()
        bounds, number = row.locator("td").nth(1).locator(".bounds"), row.locator("td").nth(1).locator(".number")
        shown = bounds if bounds.count() else number
        if shown.count():
            figures[name] = (shown.first.text_content() or "").strip()
    assert figures
    desk.get_by_role("button", name="升级到 2.0.0").click()
    expect(desk.locator("main")).to_contain_text("已升级")
    return figures


def noted(page: Page, element: str, words: str) -> None:
    """Write a note on an open page of the interview and wait until it is stored."""
    with page.expect_response(lambda answer: f"/answers/{element}" in answer.url and answer.request.method == "PUT"):
        page.locator(f'[name="{element}.note"]').fill(words)


def nothing_is_lost(field: Field) -> None:
    """Everything that was said is stored, where it was said and where it was carried."""
    database = field.database
    with database.read() as session:
        rows = interviews.answers_of(session, [field.interview])[field.interview]
    database.dispose()
    said = {element: (row.values.steps, row.values.note) for element, row in rows.items()}
    assert said == {
        RENAMED: (4, "写在升级以后"),
        CALLED: (4, "写在升级以后"),
        KEPT: (6, None),
        GONE: (2, "这也不会丢"),
        ELSEWHERE: (8, None),
    }
