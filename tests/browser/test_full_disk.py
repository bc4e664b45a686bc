"""The server's disk is full: the page says so, keeps what is typed, and sends it once there is room."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.server import Server, copy_of
from tests.browser.test_interview import answer, open_element, start_interview, wait_saved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import OpenPage, Serve
    from tests.browser.guards import Watch

pytestmark = pytest.mark.browser

ELEMENT = "customer-data-strategy"
NO_ROOM = r"status of 507"


@pytest.fixture
def small_server(serve: Serve, prepared_data: Path, small_disk: Path) -> Iterator[Server]:
    """The product on a disk of 3 MB."""
    with serve(copy_of(prepared_data, small_disk / "data")) as running:
        yield running


def fill_up(disk: Path) -> Path:
    """Leave no room on a disk; return the file that takes it."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(b"x" * 4096)
            file.flush()
    return ballast


SAID = {"zh": "服务器磁盘已满", "en": "disk full"}


@pytest.mark.parametrize("locale", SAID)
def test_what_is_typed_while_the_disk_is_full_stays_in_the_page_and_is_saved_later(
    small_server: Server, small_disk: Path, open_page: OpenPage, watch: Watch, locale: str
) -> None:
    watch.expect(NO_ROOM)
    page = open_page(locale=locale, at=small_server)
    hub = start_interview(page)
    open_element(page, hub, ELEMENT)
    ballast = fill_up(small_disk)
    words = "系统里有数据，但没有人用。" * 200
    page.locator("[data-note]").fill(words)
    page.locator("[data-note]").blur()
    saving = page.locator("[data-saving]")
    expect(saving).to_have_attribute("data-kind", "waiting")
    expect(saving).to_contain_text(re.compile(SAID[locale]))
    assert answer(page, hub, ELEMENT)["version"] == 0
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("[data-note]")).to_have_value(words)
    expect(saving).to_contain_text(re.compile(SAID[locale]))
    ballast.unlink()
    page.locator("[data-saving-retry]").click()
    wait_saved(page)
    assert answer(page, hub, ELEMENT)["said"]["note"] == words
