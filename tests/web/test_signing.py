"""Signing in and out, and the language of a visitor."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.conftest import FixedClock
from tests.web.conftest import ENGAGEMENT, PASSWORD, Page, Visitor

if TYPE_CHECKING:
    from flask import Flask


def sign_in(visitor: Visitor, name: str = "reader", **values: str) -> None:
    answer = visitor.post("/sign-in", {"name": name, "password": PASSWORD, **values})
    assert answer.status_code == 302, answer.text


def test_signing_in_leads_to_where_one_was_going(stranger: Visitor) -> None:
    answer = stranger.get(f"{ENGAGEMENT}/units?a=1")
    page = Page(stranger.get(answer.headers["Location"]).text)
    assert page.title.startswith("登录")
    again = stranger.post("/sign-in", {"name": "Reader ", "password": PASSWORD, "next": f"{ENGAGEMENT}/units?a=1"})
    assert again.headers["Location"] == f"{ENGAGEMENT}/units?a=1"
    assert stranger.get(ENGAGEMENT).status_code == 200


def test_whoever_is_signed_in_does_not_sign_in_again(reader: Visitor) -> None:
    assert reader.get("/sign-in").headers["Location"] == "/"
    assert reader.get("/sign-in?next=/frameworks").headers["Location"] == "/frameworks"


@pytest.mark.parametrize(("name", "password"), [("reader", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_look_the_same(stranger: Visitor, name: str, password: str) -> None:
    answer = stranger.post("/sign-in", {"name": name, "password": password, "next": "/frameworks"})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert "用户名或密码不对" in page.words
    assert page.title.startswith("错误：")
    assert f'value="{name}"' in answer.text
    assert 'value="/frameworks"' in answer.text
    assert password not in answer.text


def test_empty_fields_are_named_in_the_summary(stranger: Visitor) -> None:
    page = Page(stranger.post("/sign-in").text)
    assert {"#name", "#password"} <= set(page.links)
    assert {"name", "password"} <= set(page.ids)


def test_a_sign_in_makes_a_new_session(stranger: Visitor) -> None:
    stranger.get("/sign-in")
    with stranger.client.session_transaction() as browser:
        browser["left-behind"] = "by somebody before"
        before = browser["csrf_token"]
    sign_in(stranger)
    with stranger.client.session_transaction() as browser:
        assert "left-behind" not in browser
        assert browser.get("csrf_token") != before


def test_the_old_cookie_is_worth_nothing_after_signing_out(application: Flask, stranger: Visitor) -> None:
    sign_in(stranger)
    cookie = stranger.client.get_cookie("session")
    assert cookie is not None
    answer = stranger.post("/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    assert "storage" in answer.headers["Clear-Site-Data"]
    thief = application.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/engagements").status_code == 302


def test_a_forgotten_tablet_is_signed_out(reader: Visitor, clock: FixedClock) -> None:
    assert reader.get("/engagements").status_code == 200
    clock.advance(timedelta(hours=11))
    assert reader.get("/engagements").status_code == 200
    clock.advance(timedelta(hours=11))
    assert reader.get("/engagements").status_code == 200
    clock.advance(timedelta(hours=13))
    assert reader.get("/engagements").status_code == 302


def test_the_language_changes_and_the_page_stays(reader: Visitor) -> None:
    place = f"{ENGAGEMENT}/assessments?x=1&y=%E5%8D%95"
    shown = reader.get(place).text
    assert 'name="next" value="/engagements/china-telecom-2003/assessments?x=1&amp;y=' in shown
    answer = reader.post("/locale", {"locale": "en", "next": place})
    assert answer.headers["Location"] == place
    assert reader.page(place).language == "en"
    reader.post("/locale", {"locale": "zh", "next": place})
    assert reader.page(place).language == "zh-Hans"


def test_strangers_choose_a_language_too_and_keep_it(stranger: Visitor) -> None:
    stranger.post("/locale", {"locale": "en", "next": "/sign-in"})
    assert stranger.page("/sign-in").language == "en"
    sign_in(stranger)
    assert stranger.page("/engagements").language == "en"


def test_a_users_language_comes_along_to_another_browser(application: Flask, stranger: Visitor) -> None:
    sign_in(stranger)
    stranger.post("/locale", {"locale": "en"})
    other = Visitor(application.test_client())
    assert other.page("/sign-in").language == "zh-Hans"
    sign_in(other)
    assert other.page("/engagements").language == "en"


@pytest.mark.parametrize("values", [{"locale": "fr"}, {}, {"locale": "en", "next": "https://evil.example"}])
def test_a_made_up_language_or_target_changes_nothing_much(reader: Visitor, values: dict[str, str]) -> None:
    answer = reader.post("/locale", values)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_the_mark_of_an_unknown_language_is_passed_over(reader: Visitor) -> None:
    assert reader.speak("fr").page("/engagements").language == "zh-Hans"
