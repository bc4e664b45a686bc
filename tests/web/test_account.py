"""One's own account: name, password, second factor, sign-ins, how long they last."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest

from tests.conftest import FixedClock
from tests.web.conftest import PASSWORD, Page, Visitor

if TYPE_CHECKING:
    from flask import Flask

Visit = Callable[[str | None], Visitor]
CHOSEN = "seven herons in the reeds"


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie("session")
    assert found
    return found.value


def with_cookie(application: Flask, value: str) -> Visitor:
    other = Visitor(application.test_client())
    other.client.set_cookie("session", value)
    return other


def test_everybody_reaches_their_account_from_every_page(reader: Visitor) -> None:
    assert "/account" in reader.page("/engagements").links
    page = reader.page("/account")
    assert "观察员" in page.words
    assert "Firefox · Linux （这里）" in page.words


def test_another_name_shows_at_once(reader: Visitor) -> None:
    assert reader.post("/account/name", {"display_name": "李雷"}, follow_redirects=True).status_code == 200
    assert "李雷" in reader.page("/engagements").words
    assert reader.post("/account/name", {"display_name": ""}).status_code == 422


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"old": "wrong", "password": CHOSEN, "again": CHOSEN}, "old"),
        ({"old": PASSWORD, "password": CHOSEN, "again": "other"}, "again"),
        ({"old": PASSWORD, "password": "short", "again": "short"}, "password"),
        ({"old": "", "password": "", "again": ""}, "password"),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(reader: Visitor, values: dict[str, str], field: str) -> None:
    answer = reader.post("/account/password", values)
    assert answer.status_code == 422
    assert f"#{field}" in Page(answer.text).links
    assert CHOSEN not in answer.text


def test_another_password_ends_the_other_sign_ins_and_renews_this_one(
    reader: Visitor, visit: Visit, application: Flask, stranger: Visitor
) -> None:
    elsewhere = visit("reader")
    stranger.post("/sign-in", {"name": "reader", "password": PASSWORD})
    before = cookie(reader)
    values = {"old": PASSWORD, "password": CHOSEN, "again": CHOSEN}
    assert reader.post("/account/password", values).headers["Location"] == "/account"
    assert "密码已更改" in reader.page("/account").words
    for other in (elsewhere, stranger, with_cookie(application, before)):
        assert other.get("/account").status_code == 302
    assert stranger.post("/sign-in", {"name": "reader", "password": CHOSEN}).status_code == 302


def test_guessing_the_present_password_is_throttled(reader: Visitor) -> None:
    values = {"old": "wrong", "password": CHOSEN, "again": CHOSEN}
    for _ in range(5):
        assert "现在的密码不对" in reader.post("/account/password", values).text
    assert "试错次数太多" in reader.post("/account/password", {**values, "old": PASSWORD}).text


def test_one_ends_sign_ins_that_one_does_not_know(reader: Visitor, stranger: Visitor) -> None:
    stranger.post("/sign-in", {"name": "reader", "password": PASSWORD}, headers={"User-Agent": "Mozilla iPad Safari/1"})
    page = reader.get("/account").text
    assert "Safari · iPad" in page
    found = re.search(r"/account/sign-ins/(\d+)/end", page)
    assert found
    reader.post(f"/account/sign-ins/{found[1]}/end")
    assert stranger.get("/account").status_code == 302
    stranger.post("/sign-in", {"name": "reader", "password": PASSWORD})
    reader.post("/account/sign-ins/end-others")
    assert stranger.get("/account").status_code == 302
    assert reader.get("/account").status_code == 200


def test_nobody_ends_a_sign_in_of_somebody_else(reader: Visitor, consultant: Visitor) -> None:
    for sign_in_id in range(1, 9):
        consultant.post(f"/account/sign-ins/{sign_in_id}/end")
    assert reader.get("/account").status_code == 200


def test_a_page_learns_how_long_a_sign_in_lasts_and_prolongs_it_by_a_click(reader: Visitor, clock: FixedClock) -> None:
    clock.advance(timedelta(hours=11, minutes=55))
    for _ in range(2):
        told = reader.get("/api/sign-in").get_json()
        assert told["idle"] == 300, "asking does not prolong"
    told = reader.client.post("/api/sign-in", headers={"X-CSRFToken": reader.token()}).get_json()
    assert told["idle"] == 12 * 3600
    assert told["whole"] == 7 * 86400 - (11 * 3600 + 55 * 60)


def test_a_page_that_asks_by_itself_does_not_keep_a_forgotten_tablet_signed_in(
    reader: Visitor, clock: FixedClock
) -> None:
    for _ in range(13):
        clock.advance(timedelta(hours=1))
        answer = reader.get("/api/sign-in")
    assert answer.status_code == 401


def set_up(visitor: Visitor, clock: FixedClock) -> tuple[pyotp.TOTP, list[str]]:
    assert visitor.post("/account/second-factor/begin").headers["Location"] == "/account/second-factor/new"
    page = visitor.get("/account/second-factor/new")
    assert page.headers["Cache-Control"] == "no-store"
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.text)
    assert secret
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    shown = visitor.post("/account/second-factor/new", {"code": app.at(clock())})
    assert shown.status_code == 200
    return app, re.findall(r"<code>([^<]+)</code>", shown.text)


def test_a_second_factor_is_set_up_and_asked_for_from_then_on(
    reader: Visitor, stranger: Visitor, visit: Visit, clock: FixedClock
) -> None:
    elsewhere = visit("reader")
    app, codes = set_up(reader, clock)
    assert len(codes) == 10
    assert elsewhere.get("/account").status_code == 302, "other sign-ins end"
    assert "已设置" in reader.page("/account").words

    def answer(code: str) -> int:
        page = stranger.post("/sign-in", {"name": "reader", "password": PASSWORD, "next": "/frameworks"})
        assert "验证码" in page.text
        assert stranger.get("/account").status_code == 302, "a password alone opens nothing"
        done = stranger.post("/sign-in/code", {"code": code, "next": "/frameworks"})
        if done.status_code == 302:
            assert done.headers["Location"] == "/frameworks"
            stranger.post("/sign-out")
        return done.status_code

    assert answer("000000") == 422
    clock.advance(timedelta(seconds=30))
    assert answer(app.at(clock())) == 302
    assert answer(app.at(clock())) == 422, "each code works once"
    assert answer(codes[0]) == 302
    assert answer(codes[0]) == 422


def test_a_proven_password_waits_ten_minutes_for_its_code(
    reader: Visitor, stranger: Visitor, clock: FixedClock
) -> None:
    app, _ = set_up(reader, clock)
    stranger.post("/sign-in", {"name": "reader", "password": PASSWORD})
    clock.advance(timedelta(minutes=11))
    assert stranger.post("/sign-in/code", {"code": app.at(clock())}).headers["Location"] == "/sign-in"


def test_changing_the_second_factor_asks_again_with_both(reader: Visitor, clock: FixedClock) -> None:
    app, codes = set_up(reader, clock)
    clock.advance(timedelta(minutes=16))
    for path in ("recovery-codes", "remove"):
        assert "/account/confirm" in reader.post(f"/account/second-factor/{path}").headers["Location"]
    assert reader.post("/account/confirm", {"password": PASSWORD, "code": ""}).status_code == 422
    assert reader.post("/account/confirm", {"password": PASSWORD, "code": app.at(clock())}).status_code == 302
    fresh = re.findall(r"<code>([^<]+)</code>", reader.post("/account/second-factor/recovery-codes").text)
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert reader.post("/account/second-factor/remove").headers["Location"] == "/account"
    assert "未设置" in reader.page("/account").words


def test_a_wrong_first_code_changes_nothing_and_a_page_without_a_secret_leads_back(
    reader: Visitor, clock: FixedClock
) -> None:
    assert reader.get("/account/second-factor/new").headers["Location"] == "/account/second-factor"
    reader.post("/account/second-factor/begin")
    assert reader.post("/account/second-factor/new", {"code": "12345"}).status_code == 422
    assert reader.post("/account/second-factor/new", {}).status_code == 422
    assert "未设置" in reader.page("/account").words


def test_who_must_have_a_second_factor_is_reminded_and_after_the_grace_led_to_it(
    administrator: Visitor, stranger: Visitor, clock: FixedClock
) -> None:
    assert administrator.get("/users").status_code == 200, "nothing is forced on the first days"
    assert "需要第二道验证" in administrator.page("/account").words
    clock.advance(timedelta(days=2))
    first = stranger.post("/sign-in", {"name": "administrator", "password": PASSWORD}, follow_redirects=True)
    assert "您的角色需要第二道验证" in first.text
    stranger.post("/sign-out")
    clock.advance(timedelta(days=6))
    stranger.post("/sign-in", {"name": "administrator", "password": PASSWORD})
    assert stranger.get("/users").headers["Location"] == "/account/second-factor"
    assert stranger.get("/api/sign-in").status_code == 200
    assert stranger.get("/api/ping").status_code in (200, 403)
    assert stranger.get("/help/start").status_code == 200
    set_up(stranger, clock)
    assert stranger.get("/users").status_code == 200


def test_an_administrator_removes_the_second_factor_of_a_lost_telephone(
    reader: Visitor, administrator: Visitor, stranger: Visitor, clock: FixedClock
) -> None:
    set_up(reader, clock)
    assert "已设置" in administrator.page("/users/reader/account").words
    administrator.post("/users/reader/second-factor/remove")
    assert reader.get("/account").status_code == 302
    assert stranger.post("/sign-in", {"name": "reader", "password": PASSWORD}).status_code == 302
