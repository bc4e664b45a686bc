"""Findings and evidence files in a real browser: without scripts, at every width, and with axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, Serve
from tests.browser.guards import overflow
from tests.browser.server import Server, copy_of
from tests.services.files import pdf, photograph

pytestmark = pytest.mark.browser

ELEMENT = "customer-data-strategy"
WIDTHS = (("zh", 1280), ("en", 820), ("zh", 320))


@pytest.fixture(scope="module")
def talked(serve: Serve, furnished_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The product with interviews in Fuzhou, for the tests of this file to change."""
    with serve(copy_of(furnished_data, tmp_path_factory.mktemp("talked") / "data")) as running:
        yield running


def listing(page: Page) -> str:
    """Return the address of the findings of Fuzhou's interviewed assessment."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="福州电信").click()
    return page.url.split("?")[0] + "/findings"


@pytest.mark.nightly
def test_a_finding_with_a_photograph_is_made_without_scripts(
    open_page: OpenPage, talked: Server, tmp_path: Path
) -> None:
    page = open_page("/engagements/china-telecom-2003", at=talked, javascript=False)
    page.goto(f"{listing(page)}/{ELEMENT}")
    page.get_by_role("link", name="写成发现").first.click()
    expect(page.get_by_label("发现（中文）")).not_to_be_empty()
    page.get_by_label("发现（中文）").fill("没有统一的客户数据战略")
    page.get_by_label("看到").check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("发现已写下。")).to_be_visible()
    file = tmp_path / "现场 照片.jpg"
    file.write_bytes(photograph())
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_label("属于").select_option(index=1)
    page.get_by_role("button", name="添加文件").click()
    expect(page.get_by_text("已添加：现场 照片.jpg。")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="现场 照片.jpg").click()
    assert download.value.suggested_filename == "现场 照片.jpg"
    assert b"SECRET" not in Path(download.value.path()).read_bytes()


@pytest.mark.nightly
def test_the_desk_with_form_history_and_upload_is_accessible_and_fits(
    open_page: OpenPage, talked: Server, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    page = open_page("/engagements/china-telecom-2003", at=talked)
    element = f"{listing(page)}/{ELEMENT}"
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf())
    for words in ("甲" * 200, "乙"):
        page.goto(f"{element}?write=1")
        page.get_by_label("发现（中文）").fill(words)
        page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="添加文件").click()
    history = page.get_by_role("link", name="经过").first.get_attribute("href")
    addresses = (f"{element}?write=1", element.rpartition("/")[0], talked.url(history or ""), f"{element}/attach")
    for locale, width in WIDTHS:
        page = open_page(addresses[0], at=talked, locale=locale, width=width)
        for address in addresses:
            page.goto(address)
            axe(page)
            assert overflow(page) == [], (address, locale, width)
