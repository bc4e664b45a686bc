"""The main job in a real browser: interview a group by keyboard, see one and the same score everywhere it stands."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_interview import (
    ENGAGEMENT,
    GROUP,
    next_page,
    open_element,
    press,
    start_interview,
    wait_saved,
)

pytestmark = pytest.mark.browser

# (3.5 + 2.0 + 1.5 + 4.0 + 2.5 + 3.0) / 6 = 16.5 / 6
TYPED = (("3", "."), ("2",), ("1", "."), ("4",), ("2", "."), ("3",))
SCORE = "2.75"


def test_what_is_interviewed_stands_on_assessment_comparison_and_paper(
    open_page: OpenPage, working_server: Server, tmp_path: Path
) -> None:
    page = open_page(at=working_server)
    hub = start_interview(page)
    page.goto(f"{hub}/groups/{GROUP}")
    elements = [row.get_attribute("data-answer") for row in page.locator("[data-answer]").all()]
    open_element(page, hub, str(elements[0]))
    for place, keys in enumerate(TYPED):
        press(page, *keys)
        if place < len(TYPED) - 1:
            next_page(page, "Enter")
    wait_saved(page)

    page.goto(ENGAGEMENT)
    link = page.locator("main a", has_text="福州电信").first.get_attribute("href") or ""
    assessment = re.findall(r"/assessments/(\d+)", link)[0]
    page.goto(f"/assessments/{assessment}")
    expect(page.locator(f"tr[data-node={GROUP}]")).to_contain_text(SCORE)

    page.goto(f"{ENGAGEMENT}/compare?a={assessment}")
    expect(page.get_by_role("row", name=re.compile("获取洞察力")).first).to_contain_text(SCORE)

    page.goto("/reports?engagement=china-telecom-2003")
    page.locator(f"input[name=assessments][value='{assessment}']").check()
    page.get_by_role("button", name="制作报告").click()
    download = page.get_by_role("link", name="下载 PDF")
    expect(download).to_be_visible(timeout=240_000)
    with page.expect_download() as received:
        download.click()
    paper = tmp_path / "report.pdf"
    received.value.save_as(paper)
    done = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, check=True)
    assert re.search(rf"获取洞察力\D*{re.escape(SCORE)}", done.stdout.decode())
