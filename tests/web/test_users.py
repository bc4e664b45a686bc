"""Accounts on the web: for administrators; a link is shown once; the last administrator stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.conftest import FixedClock
from tests.web.conftest import PASSWORD, Page, Visitor

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

Visit = Callable[[str | None], Visitor]


CHOSEN = "seven herons in the reeds"


def link_of(answer: TestResponse) -> str:
    """Return the path of the link that a page shows once."""
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'value="http://localhost(/link/[^"]{43})"', answer.text)
    assert found
    return found[1]


def choose(visitor: Visitor, link: str, password: str = CHOSEN) -> None:
    visitor.get(link)
    assert visitor.post("/link", {"password": password, "again": password}).headers["Location"] == "/sign-in"


def test_a_new_user_chooses_a_password_that_nobody_else_knows(administrator: Visitor, stranger: Visitor) -> None:
    values = {"name": "wang.li", "display_name": "王莉", "role": "consultant"}
    link = link_of(administrator.post("/users/new", values))
    assert link not in administrator.page("/users").text
    choose(stranger, link)
    assert stranger.post("/sign-in", {"name": "wang.li", "password": CHOSEN}).status_code == 302
    assert "王莉" in stranger.page("/engagements").words


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "", "display_name": "王莉", "role": "reader"}, "name"),
        ({"name": "a b", "display_name": "王莉", "role": "reader"}, "name"),
        ({"name": "READER", "display_name": "王莉", "role": "reader"}, "name"),
        ({"name": "wang", "display_name": "", "role": "reader"}, "display_name"),
        ({"name": "wang", "display_name": "王莉", "role": "king"}, "role"),
    ],
)
def test_a_user_that_cannot_be_added_says_why(administrator: Visitor, values: dict[str, str], field: str) -> None:
    answer = administrator.post("/users/new", values)
    assert answer.status_code == 422
    assert f"#{field}" in Page(answer.text).links


def test_a_reset_asks_first_and_ends_every_sign_in_when_it_is_used(
    administrator: Visitor, visit: Visit, stranger: Visitor
) -> None:
    reader = visit("reader")
    assert "60 分钟" in administrator.page("/users/reader/password").words
    link = link_of(administrator.post("/users/reader/password"))
    assert reader.get("/engagements").status_code == 200
    choose(stranger, link)
    assert reader.get("/engagements").status_code == 302
    assert stranger.get(link).status_code == 404


def test_what_concerns_others_accounts_asks_again_who_one_is(
    administrator: Visitor, clock: FixedClock, stranger: Visitor
) -> None:
    clock.advance(timedelta(minutes=15))
    asked = administrator.post("/users/reader/password")
    assert asked.headers["Location"].startswith("/account/confirm?next=")
    wrong = administrator.post("/account/confirm", {"password": "wrong"})
    assert wrong.status_code == 422
    before = administrator.client.get_cookie("session")
    assert (
        administrator.post("/account/confirm", {"password": PASSWORD, "next": "/users"}).headers["Location"] == "/users"
    )
    after = administrator.client.get_cookie("session")
    assert before
    assert after
    assert before.value != after.value
    stranger.client.set_cookie("session", before.value)
    assert stranger.get("/users").status_code == 302, "the former token is worth nothing"
    link_of(administrator.post("/users/reader/password"))


def test_an_administrator_sees_and_ends_the_sign_ins_of_others(administrator: Visitor, visit: Visit) -> None:
    reader = visit("reader")
    page = administrator.get("/users/reader/account").text
    assert "Firefox · Linux" in page
    found = re.search(r"/users/reader/sign-ins/(\d+)/end", page)
    assert found
    assert administrator.post(f"/users/consultant/sign-ins/{found[1]}/end").status_code == 404
    administrator.post(f"/users/reader/sign-ins/{found[1]}/end")
    assert reader.get("/engagements").status_code == 302
    assert "现在没有登录" in administrator.page("/users/reader/account").words
    consultant = visit("consultant")
    administrator.post("/users/consultant/sign-ins/end")
    assert consultant.get("/engagements").status_code == 302


def test_a_disabled_user_is_out_at_once_and_may_come_back(administrator: Visitor, visit: Visit) -> None:
    reader = visit("reader")
    administrator.post("/users/reader/disable")
    assert reader.get("/engagements").status_code == 302
    assert "（已停用）" in administrator.page("/users").words
    administrator.post("/users/reader/enable")
    assert "（已停用）" not in administrator.page("/users").words


def test_another_role_counts_from_the_next_sign_in(administrator: Visitor, visit: Visit) -> None:
    reader = visit("reader")
    answer = administrator.post("/users/reader/role", {"role": "consultant"}, follow_redirects=True)
    assert "reader 的角色已改为顾问。" in answer.text
    assert reader.get("/engagements").status_code == 302
    assert "没有这个角色" in administrator.post("/users/reader/role", {"role": "king"}, follow_redirects=True).text


@pytest.mark.parametrize(("path", "values"), [("disable", {}), ("role", {"role": "reader"})])
def test_the_last_administrator_stays(administrator: Visitor, path: str, values: dict[str, str]) -> None:
    answer = administrator.post(f"/users/administrator/{path}", values, follow_redirects=True)
    assert "最后一位管理员" in answer.text
    assert administrator.get("/users").status_code == 200
