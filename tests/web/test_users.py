"""Accounts on the web: for administrators; a password is shown once; the last administrator stays."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Page, Visitor

Visit = Callable[[str | None], Visitor]


def add(visitor: Visitor, name: str = "wang.li", role: str = "consultant") -> str:
    answer = visitor.post("/users/new", {"name": name, "display_name": "王莉", "role": role})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r"<code>([^<]+)</code>", answer.text)
    assert found
    return found[1]


def test_a_new_user_signs_in_with_the_password_shown_once(administrator: Visitor, stranger: Visitor) -> None:
    password = add(administrator)
    assert password not in administrator.page("/users").text
    assert stranger.post("/sign-in", {"name": "wang.li", "password": password}).status_code == 302
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


def test_a_reset_asks_first_and_ends_every_sign_in(administrator: Visitor, visit: Visit) -> None:
    reader = visit("reader")
    page = administrator.page("/users/reader/password")
    assert "立即结束" in page.words
    assert reader.get("/engagements").status_code == 200
    answer = administrator.post("/users/reader/password")
    assert re.search(r"<code>[^<]{20,}</code>", answer.text)
    assert reader.get("/engagements").status_code == 302


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
