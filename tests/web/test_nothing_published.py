"""An executive of an engagement in which nothing is published yet: every page opens, shows nothing and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.web.conftest import ENGAGEMENT, Visitor

if TYPE_CHECKING:
    from app.storage.database import Database

KEY = "china-telecom-2003"
UNITS = ("深圳", "广州", "福州")


@pytest.fixture
def executive(reader: Visitor, web_database: Database) -> Visitor:
    """The reader, made an executive of the demo engagement, where everything is still worked on."""
    with web_database.begin() as session:
        session.execute(
            text("UPDATE membership SET part = 'executive' WHERE user_id = (SELECT id FROM user WHERE name = 'reader')")
        )
    return reader


@pytest.mark.parametrize("path", ["", "/compare", "/reports"])
def test_the_pages_of_the_engagement_say_that_nothing_is_published(executive: Visitor, path: str) -> None:
    page = executive.page(f"/reports?engagement={KEY}" if path == "/reports" else ENGAGEMENT + path)
    assert "还没有发布的结果" in page.words
    assert not [unit for unit in UNITS if unit in page.words]


@pytest.mark.parametrize("path", ["/engagements", "/verify", "/account", "/frameworks", "/benchmarks", "/help/start"])
def test_every_other_page_of_theirs_opens_and_names_no_unit(executive: Visitor, path: str) -> None:
    assert not [unit for unit in UNITS if f"{unit}电信" in executive.page(path).words]


def test_searching_finds_no_unit_without_a_published_result(executive: Visitor, consultant: Visitor) -> None:
    assert "深圳电信" in consultant.page("/search?q=深圳").words
    assert "深圳电信" not in executive.page("/search?q=深圳").words
