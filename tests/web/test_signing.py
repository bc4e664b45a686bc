"""Signing in and out, and the language of a visitor."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING

import pytest
from flask import request

from app.services import accounts
from app.web.application import create_web
from app.web.context import EXTENSION, Context
from tests.conftest import FixedClock
from tests.web.conftest import ENGAGEMENT, PASSWORD, Page, Visitor

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def parts(application: Flask) -> Context:
    """What the application of this test is over."""
    found = application.extensions[EXTENSION]
    assert isinstance(found, Context)
    return found


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


def test_one_types_at_once_unless_there_are_faults_to_be_read_first(stranger: Visitor) -> None:
    assert re.search(r"<input [^>]*autofocus[^>]*name=\"name\"", stranger.get("/sign-in").text)
    assert "autofocus" not in stranger.post("/sign-in", {"name": "", "password": ""}).text


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


def fail(visitor: Visitor, times: int, name: str = "reader") -> list[int]:
    return [visitor.post("/sign-in", {"name": name, "password": "wrong"}).status_code for _ in range(times)]


def test_a_first_password_says_until_when_it_works_and_afterwards_that_it_ran_out(
    parts: Context, stranger: Visitor, clock: FixedClock
) -> None:
    with parts.database.begin() as session:
        accounts.let_password_run_out(session, "consultant", clock)
    sign_in(stranger, "consultant")
    assert "系统生成的首个密码" in Page(stranger.get("/engagements").text).words
    assert "系统生成的首个密码" not in Page(stranger.get("/engagements").text).words, "said once a sign-in"
    stranger.post("/sign-out", {})
    clock.advance(timedelta(days=7))
    refused = stranger.post("/sign-in", {"name": "consultant", "password": PASSWORD})
    assert refused.status_code == 422
    assert "系统生成的首个密码已经过期" in Page(refused.text).words
    with parts.database.begin() as session:
        accounts.set_password(session, "consultant", PASSWORD, clock)
    sign_in(stranger, "consultant")


def test_after_five_failures_one_waits_and_is_told_how_long(stranger: Visitor, clock: FixedClock) -> None:
    assert fail(stranger, 6) == [422] * 5 + [429]
    answer = stranger.post("/sign-in", {"name": "reader", "password": PASSWORD})
    assert answer.status_code == 429
    assert "请等 1 秒再试" in Page(answer.text).words
    clock.advance(timedelta(seconds=1))
    sign_in(stranger)


def test_a_browser_that_signed_in_before_is_not_kept_out_by_strangers(application: Flask, stranger: Visitor) -> None:
    sign_in(stranger)
    stranger.post("/sign-out")
    fail(Visitor(application.test_client()), 6)
    sign_in(stranger)


@pytest.mark.parametrize("value", ["made up", "e30.made-up"])
def test_a_made_up_mark_of_a_known_browser_is_worth_nothing(application: Flask, stranger: Visitor, value: str) -> None:
    fail(stranger, 5)
    other = Visitor(application.test_client())
    other.client.set_cookie("known-device", value)
    assert fail(other, 1) == [429]


def test_signing_in_over_somebody_elses_sign_in_ends_it(application: Flask, reader: Visitor) -> None:
    cookie = reader.client.get_cookie("session")
    assert cookie
    sign_in(reader, "consultant")
    former = application.test_client()
    former.set_cookie("session", cookie.value)
    assert former.get("/engagements").status_code == 302


def test_pages_about_signing_in_are_kept_nowhere(stranger: Visitor) -> None:
    assert stranger.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert stranger.post("/sign-in", {"name": "x", "password": "y"}).headers["Cache-Control"] == "no-store"


def test_a_code_is_not_asked_of_whom_proved_no_password(stranger: Visitor) -> None:
    assert stranger.get("/sign-in/code").headers["Location"] == "/sign-in"
    assert stranger.post("/sign-in/code", {"code": "123456"}).headers["Location"] == "/sign-in"


def test_what_was_typed_survives_the_end_of_a_sign_in(consultant: Visitor, clock: FixedClock) -> None:
    token = consultant.token()
    clock.advance(timedelta(hours=13))
    typed = {"csrf_token": token, "key": "pilot", "name_zh": "试点 & <单位>"}
    answer = consultant.client.post(f"{ENGAGEMENT}/units/new", data=typed)
    assert answer.status_code == 401
    assert "没有丢失" in Page(answer.text).words
    carried = re.search(r'name="carried" value="([^"]+)"', answer.text)
    assert carried
    given = {"name": "consultant", "password": PASSWORD, "carried": unescape(carried[1])}
    wrong = consultant.post("/sign-in", {**given, "password": "wrong"})
    assert carried[1] in wrong.text
    shown = consultant.post("/sign-in", given)
    assert shown.status_code == 200
    assert "试点 & <单位>" in Page(shown.text).words
    fields = {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.text)
    }
    done = consultant.client.post(f"{ENGAGEMENT}/units/new", data=fields)
    assert done.status_code == 302
    assert "试点 & <单位>" in consultant.page(f"{ENGAGEMENT}/units").words


def test_what_one_typed_is_given_to_nobody_else(consultant: Visitor, clock: FixedClock, application: Flask) -> None:
    token = consultant.token()
    clock.advance(timedelta(hours=13))
    typed = {"csrf_token": token, "key": "pilot", "name_zh": "试点"}
    answer = consultant.client.post(f"{ENGAGEMENT}/units/new", data=typed)
    carried = re.search(r'name="carried" value="([^"]+)"', answer.text)
    assert carried
    other = Visitor(application.test_client())
    for value in (unescape(carried[1]), "made up", ""):
        done = other.post("/sign-in", {"name": "administrator", "password": PASSWORD, "carried": value})
        assert done.status_code == 302
        other.post("/sign-out")


def test_secrets_are_not_carried(consultant: Visitor, clock: FixedClock) -> None:
    token = consultant.token()
    clock.advance(timedelta(hours=13))
    typed = {"csrf_token": token, "old": PASSWORD, "password": "seven herons in the reeds", "again": "x"}
    assert "herons" not in consultant.client.post("/account/password", data=typed).text


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [(0, "203.0.113.9", "127.0.0.1"), (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"), (1, "", "127.0.0.1")],
)
def test_a_proxy_is_believed_only_where_there_is_one(
    parts: Context, *, hops: int, forwarded: str, address: str
) -> None:
    web = create_web(replace(parts, settings=replace(parts.settings, proxy_hops=hops)))
    seen: list[str | None] = []
    web.before_request(lambda: seen.append(request.remote_addr))
    web.test_client().get("/sign-in", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    assert seen == [address]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; x64) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1", "Safari · iPad"),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/130.0 Safari MicroMessenger/8.0",
            "WeChat · Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.5", "curl"),
        ("", None),
        ("<script>alert(1)</script>", None),
    ],
)
def test_a_browser_is_named_as_its_user_knows_it(agent: str, name: str | None) -> None:
    from app.web.signing.devices import device_of

    assert device_of(agent) == name
