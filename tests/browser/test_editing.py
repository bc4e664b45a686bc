"""The editor in a real browser: typing, faults and their mends, preview, two windows, a lost line, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.content.layering import ContentKind
from app.services import accounts, drafting
from app.services.clock import system_clock
from app.storage.database import Database
from tests.acting import acting
from tests.browser.conftest import OpenPage, Serve
from tests.browser.guards import overflow
from tests.browser.server import Server, copy_of
from tests.sharing import shipped_library

pytestmark = pytest.mark.browser

WHO = "administrator"
MAIN, OTHER = "framework.yaml", "truthfulness.yaml"


@pytest.fixture(scope="module")
def desk(serve: Serve, prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product without drafts, for the tests of this file to change."""
    with serve(copy_of(prepared_data, tmp_path_factory.mktemp("desk") / "data")) as running:
        yield running


@pytest.fixture
def draft(desk: Server) -> Iterator[int]:
    """A fresh draft of a small framework."""
    database = Database(f"sqlite:///{desk.data / 'crm-maturity.db'}")
    library = shipped_library()
    with database.begin() as session:
        user = next(one for one in accounts.list_users(session) if one.name == WHO)
        actor = acting(user.id, user.name, user.display_name, user.role)
        kind, key = ContentKind.FRAMEWORK, "credit-risk"
        begun = drafting.begin_draft(session, kind, key, library=library, actor=actor, clock=system_clock)
    yield begun.id
    with database.begin() as session:
        drafting.discard_draft(session, begun.id, actor=actor, clock=system_clock)
    database.dispose()


@pytest.fixture
def open_editor(open_page: OpenPage, desk: Server, draft: int) -> Callable[..., Page]:
    """Open the editor and wait until it has judged the text."""

    def open_editor(file: str = MAIN, **options: object) -> Page:
        page = open_page(f"/drafts/{draft}/edit?file={file}", role=WHO, at=desk, **options)  # type: ignore[arg-type]
        if options.get("javascript", True):
            expect(page.locator("[data-tabs] a[aria-current]")).to_have_text(file)
            expect(page.locator("[data-panel=faults]")).to_contain_text("没有错误")
        return page

    return open_editor


def at_line(page: Page, line: int) -> None:
    """Put the cursor at the end of a line."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")


def saved(page: Page) -> None:
    expect(page.locator("[data-saving][data-mood=saved]")).to_be_visible()


def stored(page: Page, draft: int, name: str = MAIN) -> str:
    text: str = page.request.get(f"/api/drafts/{draft}").json()["files"][name]
    return text


def test_a_slip_is_marked_while_typing_and_mended_with_one_click(
    open_editor: Callable[..., Page], draft: int, axe: Callable[[Page], None]
) -> None:
    page = open_editor()
    at_line(page, 3)
    page.keyboard.type("x")
    fault = page.locator(".fault-error")
    expect(fault).to_contain_text("这里的 kind 应是 framework，不能是 frameworkx")
    expect(page.locator(".cm-lintRange-error")).to_have_text("frameworkx")
    expect(page.locator("[data-tabs] a[aria-current]")).to_contain_text("1")
    saved(page)
    assert "kind: frameworkx" in stored(page, draft)
    axe(page)
    page.get_by_role("tab", name="能力树").click()
    expect(page.locator("[data-panel=tree]")).to_contain_text("有错误；这里是已发布的版本 1.0.0")
    page.get_by_role("tab", name="错误和提醒").click()
    fault.get_by_role("button", name="改为 framework").click()
    expect(page.locator("[data-count]")).to_have_text("没有错误")
    saved(page)
    assert "kind: framework\n" in stored(page, draft)


@pytest.mark.nightly
def test_keys_are_offered_and_explained(open_editor: Callable[..., Page]) -> None:
    page = open_editor(OTHER)
    at_line(page, 2)
    page.keyboard.press("Enter")
    page.keyboard.type("crit")
    offered = page.get_by_role("listbox").get_by_role("option", name="critical")
    expect(offered).to_be_visible()
    page.wait_for_timeout(150)  # completions are not taken in the first moment, so that typing on does not take one
    page.keyboard.press("Enter")
    page.keyboard.type("tr")
    page.get_by_role("listbox").get_by_role("option", name="true").click()
    expect(page.locator("[data-key]")).to_contain_text("是不是关键要素")
    expect(page.locator(".cm-content")).to_contain_text("critical: true")


@pytest.mark.nightly
def test_the_preview_follows_text_and_cursor(open_editor: Callable[..., Page], axe: Callable[[Page], None]) -> None:
    page = open_editor(OTHER)
    page.get_by_role("tab", name="能力树").click()
    tree = page.locator("[data-panel=tree]")
    expect(tree.locator("tr")).not_to_have_count(0)
    axe(page)
    at_line(page, 8)
    expect(tree.locator("tr.current")).to_have_count(1)
    name = tree.locator("tr.current th").inner_text()
    tree.locator("[data-goto]").nth(12).click()
    expect(tree.locator("tr.current th")).not_to_have_text(name)
    page.get_by_role("tab", name="访谈页").click()
    talk = page.locator("[data-panel=questionnaire]")
    expect(talk.get_by_text("各级描述")).to_be_visible()
    talk.locator(".point").nth(2).click()
    expect(talk.locator("[data-meaning]")).not_to_be_empty()
    axe(page)
    page.get_by_role("tab", name="雷达图").click()
    expect(page.locator("[data-panel=radar] svg").first).to_be_visible()
    axe(page)


def test_two_windows_lose_nothing(
    open_editor: Callable[..., Page], draft: int, watch: object, axe: Callable[[Page], None]
) -> None:
    watch.expect("409")  # type: ignore[attr-defined]
    first, second = open_editor(), open_editor()
    at_line(first, 1)
    first.keyboard.type(" first")
    saved(first)
    expect(first.locator("[data-count]")).to_have_text("没有错误")
    at_line(second, 2)
    second.keyboard.type(" # second")
    both = second.get_by_role("region", name="另一个窗口改过同一个文件")
    expect(both).to_contain_text("first")
    expect(both).to_contain_text("# second")
    axe(second)
    both.get_by_role("button", name="用右边的").click()
    saved(second)
    assert "# second" in stored(second, draft)
    assert "first" not in stored(second, draft).splitlines()[0]


@pytest.mark.nightly
def test_what_is_typed_without_a_line_is_kept_and_saved_later(
    open_editor: Callable[..., Page], draft: int, watch: object
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED|Failed to load resource")  # type: ignore[attr-defined]
    page = open_editor()
    page.context.set_offline(True)
    at_line(page, 1)
    page.keyboard.type(" 离线")
    expect(page.locator("[data-saving]")).to_contain_text("没有连上服务器")
    kept = page.evaluate("Object.values(localStorage).some((text) => text.includes('离线'))")
    assert kept
    page.context.set_offline(False)
    saved(page)
    assert "离线" in stored(page, draft)


@pytest.mark.nightly
def test_what_a_browser_kept_is_offered_when_it_comes_back(open_editor: Callable[..., Page], draft: int) -> None:
    page = open_editor()
    at_line(page, 1)
    page.evaluate(
        "([id, name]) => localStorage.setItem(`crm-maturity.draft.${id}.${name}`,"
        "JSON.stringify({text: '# kept\\n', at: Date.now()}))",
        [draft, MAIN],
    )
    page.reload()
    page.get_by_role("button", name="用这份文字").click()
    expect(page.locator(".cm-content")).to_contain_text("# kept")
    saved(page)
    assert stored(page, draft) == "# kept\n"


@pytest.mark.nightly
def test_a_file_is_added_and_removed(open_editor: Callable[..., Page], draft: int) -> None:
    page = open_editor()
    page.get_by_role("button", name="新文件…").click()
    page.get_by_label("文件名").fill("more")
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_role("alert")).to_have_text("文件名以 .yaml 结尾，不能有斜线。")
    page.get_by_label("文件名").fill("more.yaml")
    page.keyboard.press("Enter")
    expect(page.locator("[data-tabs] a[aria-current]")).to_contain_text("more.yaml")
    saved(page)
    assert stored(page, draft, "more.yaml").startswith("- id:")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删去这个文件").click()
    expect(page.locator("[data-tabs]")).not_to_contain_text("more.yaml")
    expect(page.locator("[data-count]")).to_have_text("没有错误")


@pytest.mark.nightly
def test_the_keyboard_gets_out_again(open_editor: Callable[..., Page]) -> None:
    page = open_editor()
    page.locator(".cm-content").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.matches('[data-editor]')")
    assert not inside


@pytest.mark.nightly
def test_without_a_script_it_is_a_text_field(open_editor: Callable[..., Page], draft: int) -> None:
    page = open_editor(javascript=False)
    field = page.get_by_label("framework.yaml 的文字")
    field.fill(field.input_value().replace("kind: framework", "kind: frame"))
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    expect(page.locator(".fault-error")).to_contain_text("应是 framework")
    assert "kind: frame\n" in stored(page, draft)


@pytest.mark.nightly
@pytest.mark.parametrize(("locale", "width"), [("en", 1280), ("zh", 820)])
def test_it_fits(open_page: OpenPage, desk: Server, draft: int, locale: str, width: int) -> None:
    page = open_page(f"/drafts/{draft}/edit", role=WHO, at=desk, locale=locale, width=width)
    expect(page.locator("[data-count]")).to_have_text("没有错误" if locale == "zh" else "No errors")
    page.locator("[data-panels] [role=tab]").nth(1).click()
    expect(page.locator("[data-panel=tree] tr").first).to_be_visible()
    assert overflow(page) == []


PLACES: tuple[
    tuple[str, list[str], str, list[str]], ...
] = (  # the text up to the cursor (|), what may be written there: the path, key or value, the keys beside it
    ("ki|", [], "key", []),
    ("kind: fr|", ["kind"], "value", []),
    ("scale:\n  min: 0\n  |", ["scale"], "key", ["min"]),
    ("tiers:\n  - id: a\n    na|", ["tiers", "[]"], "key", ["id"]),
    ("tiers:\n- id: a\n  na|", ["tiers", "[]"], "key", ["id"]),
    ("tiers:\n  - {id: a, |", ["tiers", "[]"], "key", ["id"]),
    ("tiers:\n  - {id: a, name: {zh: b, |", ["tiers", "[]", "name"], "key", ["zh"]),
    ("prerequisites: [a, |", ["prerequisites", "[]"], "value", []),
    ("a:\n  - id: x\n    b:\n      - id: y\n    |\n    c: 1", ["a", "[]"], "key", ["id", "b", "c"]),
    ("name: {zh: 'it: {x', en: |", ["name", "en"], "value", []),
    ("rollup: {method: x,\n  coverage: {publish: |", ["rollup", "coverage", "publish"], "value", []),
)


@pytest.mark.nightly
def test_a_place_is_found_in_text_that_is_no_yaml_yet(open_page: OpenPage, desk: Server) -> None:
    page = open_page("/help/start", role=None, at=desk)
    for text, path, where, beside in PLACES:
        before, _, after = text.partition("|")
        lines = (before + after).split("\n")
        found = page.evaluate(
            "async ([lines, row, column]) => { const { placeAt } = await import('/static/js/editing/place.js');"
            " const found = placeAt(lines, row, column); return { ...found, beside: [...found.beside] }; }",
            [lines, before.count("\n"), len(before.rpartition("\n")[2])],
        )
        assert found["path"] == path, text
        assert found["at"] == where, text
        assert sorted(set(found["beside"]) - {"na", "ki"}) == sorted(beside), text
