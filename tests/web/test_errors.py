"""When something goes wrong: words, what to do, a number to quote; never a trace, never half a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from flask import Flask


def breaking(application: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> str:
        raise RuntimeError("the secret of the house")

    monkeypatch.setitem(application.view_functions, "helping.page", fail)


@pytest.mark.parametrize(("locale", "words"), [("zh", "没有找到这个页面"), ("en", "There is no such page")])
def test_a_page_that_is_not_there_says_so_in_both_languages(reader: Visitor, locale: str, words: str) -> None:
    page = reader.speak(locale).page("/nowhere", status=404)
    assert words in page.words
    assert page.language == {"zh": "zh-Hans", "en": "en"}[locale]


@pytest.mark.parametrize(
    "path",
    [
        "/engagements/none",
        "/engagements/none/units",
        "/engagements/china-telecom-2003/units/none/edit",
        "/engagements/china-telecom-2003/rounds/none/edit",
        "/engagements/china-telecom-2003/assessments/999/export",
        "/frameworks/none/1.0.0",
        "/frameworks/telecom-crm/9.9.9",
        "/frameworks/telecom-crm/1.0.0/capabilities/none",
        "/frameworks/telecom-crm/1.0.0?weights=none",
        "/benchmarks/none/foreign-carriers-2003",
        "/benchmarks/telecom-crm/none",
        "/help/none",
        "/search?q=x&in=none",
        "/users/none/password",
    ],
)
def test_an_unknown_thing_is_not_found(administrator: Visitor, path: str) -> None:
    administrator.page(path, status=404)


def test_a_fault_of_ours_shows_a_number_and_no_trace(
    application: Flask, reader: Visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    breaking(application, monkeypatch)
    answer = reader.get("/help/start")
    assert answer.status_code == 500
    assert "secret of the house" not in answer.text
    number = re.search(r"<code>([0-9a-f]{8})</code>", answer.text)
    assert number
    assert number[1] in "".join(capsys.readouterr())  # where the log goes is the command's choice


def test_strangers_see_the_error_page_with_a_way_in(stranger: Visitor) -> None:
    assert "/sign-in" in stranger.page("/nowhere", status=404).links


def test_an_error_below_the_api_is_json(reader: Visitor) -> None:
    answer = reader.get("/api/nowhere")
    assert answer.status_code == 404
    assert answer.json is not None
    assert set(answer.json) == {"error", "message", "reference"}


def test_no_view_is_open_while_the_database_cannot_be_read(
    visit: Callable[[str | None], Visitor], web_database: object, settings: object
) -> None:
    from app.settings import Settings

    assert isinstance(settings, Settings)
    visitor = visit("administrator")
    for file in settings.data.glob("crm-maturity.db*"):
        file.write_bytes(b"not a database " * 200)
    assert visitor.get("/users").status_code == 500
