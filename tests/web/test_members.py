"""Members of an engagement, invitations into it, and what a link opens."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.settings import MailServer
from app.web.context import EXTENSION, Context
from tests.conftest import FixedClock
from tests.services.mailbox import MailBox
from tests.web.conftest import ENGAGEMENT, PASSWORD, Page, Visitor

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from app.storage.database import Database

Visit = Callable[[str | None], Visitor]
MEMBERS = f"{ENGAGEMENT}/members"
CHOSEN = "seven herons in the reeds"
NEW = {"name": "wang.li", "display_name": "王莉", "password": CHOSEN, "again": CHOSEN}


def link_of(answer: TestResponse) -> str:
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = re.search(r'value="http://localhost(/link/[^"]{43})"', answer.text)
    assert found
    return found[1]


def invited(visitor: Visitor, part: str = "executive", **values: str) -> str:
    return link_of(visitor.post(f"{MEMBERS}/invite", {"part": part, "days": "7", **values}))


def user_id(database: Database, name: str) -> int:
    from app.services.accounts import get_user

    with database.read() as session:
        return get_user(session, name).id


def test_a_lead_finds_the_members_beside_the_engagement(consultant: Visitor, reader: Visitor) -> None:
    assert MEMBERS in consultant.page(ENGAGEMENT).links
    page = consultant.page(MEMBERS)
    assert "项目负责人" in page.words
    assert MEMBERS not in reader.page(ENGAGEMENT).links
    assert reader.get(MEMBERS).status_code == 403


def test_an_invited_executive_makes_an_account_and_sees_that_engagement_alone(
    consultant: Visitor, stranger: Visitor
) -> None:
    link = invited(consultant, label="市场部王总")
    assert "市场部王总" in consultant.page(MEMBERS).words
    opened = stranger.get(link)
    assert opened.headers["Location"] == "/link", "the token leaves the address"
    assert "高管" in stranger.page("/link").words
    done = stranger.post("/link", NEW)
    assert done.headers["Location"] == ENGAGEMENT
    assert "账号已建立" in stranger.page(ENGAGEMENT).words
    assert stranger.get(f"{ENGAGEMENT}/units").status_code == 403
    assert "市场部王总" not in consultant.page(MEMBERS).words
    assert stranger.get(link).status_code == 404


def test_looking_at_a_link_uses_nothing_up(consultant: Visitor, stranger: Visitor, application: Flask) -> None:
    link = invited(consultant)
    for _ in range(3):
        assert Visitor(application.test_client()).get(link).status_code == 302
    stranger.get(link)
    assert stranger.post("/link", NEW).status_code == 302


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "reader"}, "name"),
        ({"name": "a b"}, "name"),
        ({"display_name": ""}, "display_name"),
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "other"}, "again"),
    ],
)
def test_an_account_that_cannot_be_made_says_why_and_keeps_the_invitation(
    consultant: Visitor, stranger: Visitor, change: dict[str, str], field: str
) -> None:
    stranger.get(invited(consultant))
    answer = stranger.post("/link", {**NEW, **change})
    assert answer.status_code == 422
    assert f"#{field}" in Page(answer.text).links
    assert CHOSEN not in answer.text
    assert stranger.post("/link", NEW).status_code == 302


@pytest.mark.parametrize("path", ["/link", "/link/" + "x" * 43, "/link/short"])
def test_a_link_that_never_was_says_no_more_than_that(stranger: Visitor, path: str) -> None:
    assert "这个链接不能用" in stranger.page(path, status=404).words
    assert stranger.post("/link", NEW).status_code == 404


def test_a_cancelled_and_an_expired_invitation_open_nothing(
    consultant: Visitor, stranger: Visitor, clock: FixedClock
) -> None:
    link, late = invited(consultant), invited(consultant)
    stranger.get(link)
    found = re.findall(r"/members/invitations/(\d+)/end", consultant.get(MEMBERS).text)
    consultant.post(f"{MEMBERS}/invitations/{found[-1]}/end")
    assert stranger.get("/link").status_code == 404
    assert stranger.post("/link", NEW).status_code == 404
    clock.advance(timedelta(days=7))
    assert stranger.get(late).status_code == 404


def test_who_has_an_account_signs_in_and_joins(
    consultant: Visitor, administrator: Visitor, stranger: Visitor, web_database: Database
) -> None:
    reader = user_id(web_database, "reader")
    consultant.post(f"{MEMBERS}/{reader}/remove")
    stranger.get(invited(consultant))
    assert "登录后加入" in stranger.page("/link").words
    answer = stranger.post("/sign-in", {"name": "reader", "password": PASSWORD, "next": "/link"})
    assert answer.headers["Location"] == "/link"
    assert "用这个账号加入" in stranger.page("/link").words
    assert stranger.post("/link").headers["Location"] == ENGAGEMENT
    assert stranger.get(ENGAGEMENT).status_code == 200
    stranger.get(invited(consultant))
    assert "已经是成员" in stranger.post("/link").text


def test_another_part_counts_at_once(consultant: Visitor, reader: Visitor, web_database: Database) -> None:
    one = user_id(web_database, "reader")
    assert reader.get(f"{ENGAGEMENT}/units").status_code == 200
    consultant.post(f"{MEMBERS}/{one}/part", {"part": "executive"})
    assert reader.get(f"{ENGAGEMENT}/units").status_code == 403
    refused = consultant.post(f"{MEMBERS}/{one}/part", {"part": "lead"}, follow_redirects=True)
    assert "只能是观察员或高管" in refused.text
    assert "没有这种身份" in consultant.post(f"{MEMBERS}/{one}/part", {"part": "king"}, follow_redirects=True).text
    consultant.post(f"{MEMBERS}/{one}/remove")
    assert reader.get(ENGAGEMENT).status_code == 404


def test_the_last_lead_stays(consultant: Visitor, web_database: Database) -> None:
    me = user_id(web_database, "consultant")
    for path, values in (("part", {"part": "observer"}), ("remove", {})):
        answer = consultant.post(f"{MEMBERS}/{me}/{path}", values, follow_redirects=True)
        assert "至少要有一位" in answer.text
    assert consultant.get(MEMBERS).status_code == 200


def test_a_lead_adds_colleagues_and_not_other_clients_people(
    consultant: Visitor, administrator: Visitor, web_database: Database
) -> None:
    for name, role in (("bo", "consultant"), ("client", "reader")):
        administrator.post("/users/new", {"name": name, "display_name": name, "role": role})
    page = consultant.get(MEMBERS).text
    assert '<option value="bo">' in page
    assert "client" not in page
    assert consultant.post(MEMBERS, {"name": "client", "part": "observer"}).status_code == 422
    assert consultant.post(MEMBERS, {"name": "bo", "part": "consultant"}).headers["Location"] == MEMBERS
    assert '<option value="client">' in administrator.get(MEMBERS).text


def test_a_lead_makes_a_reset_link_for_a_member_and_for_nobody_beyond(
    consultant: Visitor, stranger: Visitor, web_database: Database
) -> None:
    link = link_of(consultant.post(f"{MEMBERS}/{user_id(web_database, 'reader')}/reset-link"))
    for name in ("administrator", "editor", "consultant"):
        assert consultant.post(f"{MEMBERS}/{user_id(web_database, name)}/reset-link").status_code == 404
    stranger.get(link)
    assert "选一个密码" in stranger.page("/link").words
    assert stranger.post("/link", {"password": CHOSEN, "again": "x"}).status_code == 422
    assert stranger.post("/link", {"password": "short", "again": "short"}).status_code == 422
    assert stranger.post("/link", {"password": CHOSEN, "again": CHOSEN}).headers["Location"] == "/sign-in"
    assert stranger.post("/sign-in", {"name": "reader", "password": CHOSEN}).status_code == 302


def test_a_removed_lead_does_not_come_back_by_their_own_invitation(
    consultant: Visitor, administrator: Visitor, web_database: Database
) -> None:
    me = user_id(web_database, "consultant")
    administrator.post(MEMBERS, {"name": "editor", "part": "lead"})
    administrator.post(f"{MEMBERS}/{user_id(web_database, 'editor')}/part", {"part": "lead"})
    link = invited(consultant, "lead")
    held = invited(consultant, "lead")
    consultant.get(held)
    administrator.post(f"{MEMBERS}/{me}/remove")
    assert "这个链接不能用" in consultant.page("/link", status=404).words
    assert "这个链接不能用" in Page(consultant.post("/link").text).words
    assert consultant.get(link).status_code == 404
    assert consultant.get(ENGAGEMENT).status_code == 404


def test_a_reset_link_is_none_once_its_account_is_anothers_too(
    consultant: Visitor, administrator: Visitor, stranger: Visitor, web_database: Database
) -> None:
    reader = user_id(web_database, "reader")
    stranger.get(link_of(consultant.post(f"{MEMBERS}/{reader}/reset-link")))
    administrator.post("/engagements/new", {"key": "another-client", "name_zh": "另一家客户"})
    answer = administrator.post("/engagements/another-client/members", {"name": "reader", "part": "observer"})
    assert answer.status_code == 302
    answer = stranger.post("/link", {"password": CHOSEN, "again": CHOSEN})
    assert answer.status_code == 404
    assert "这个链接不能用" in Page(answer.text).words
    assert stranger.post("/sign-in", {"name": "reader", "password": PASSWORD}).status_code == 302


def test_an_administrator_invites_to_a_role_and_cancels(administrator: Visitor, stranger: Visitor) -> None:
    assert administrator.post("/invitations/new", {"role": "king", "days": "7"}).status_code == 422
    assert administrator.post("/invitations/new", {"role": "editor", "days": "5"}).status_code == 422
    assert administrator.post("/invitations/new", {"role": "editor", "days": "7", "mail": "x"}).status_code == 422
    link = link_of(administrator.post("/invitations/new", {"role": "editor", "days": "7", "label": "李"}))
    page = administrator.get("/users").text
    found = re.search(r"/invitations/(\d+)/end", page)
    assert found
    stranger.get(link)
    assert "内容编辑" in stranger.page("/link").words
    administrator.post(f"/invitations/{found[1]}/end")
    assert stranger.post("/link", NEW).status_code == 404


def test_a_link_is_left_out_of_the_log(application: Flask) -> None:
    from app.web.security import logged_path

    with application.test_request_context("/link/" + "x" * 43):
        assert logged_path() == "/link/…"


@pytest.mark.parametrize(("path", "told"), [("/users/ann/password", "/users/…/password"), ("/users", "/users")])
def test_an_account_is_not_named_in_the_log(application: Flask, path: str, told: str) -> None:
    from app.web.security import logged_path

    with application.test_request_context(path):
        assert logged_path() == told


@pytest.fixture
def parts(application: Flask) -> Context:
    """What the application of this test is over."""
    found = application.extensions[EXTENSION]
    assert isinstance(found, Context)
    return found


@pytest.mark.parametrize(("refuses", "told"), [(False, "邮件已发出"), (True, "邮件没有发出去")])
def test_an_invitation_also_goes_by_mail_where_there_is_a_server(
    application: Flask, parts: Context, consultant: Visitor, *, refuses: bool, told: str
) -> None:
    box = MailBox(refuses=refuses)
    box.start()
    server = MailServer("127.0.0.1", box.port, "none", "crm@example.com")
    chosen = replace(parts.settings, mail=server, address="https://crm.example.com")
    application.extensions[EXTENSION] = replace(parts, settings=chosen)
    values = {"part": "executive", "days": "7", "mail": "wang@example.com"}
    answer = consultant.post(f"{MEMBERS}/invite", values)
    box.close()
    assert told in Page(answer.text).words
    found = re.search(r'value="(https://crm.example.com/link/[^"]{43})"', answer.text)
    assert found
    if not refuses:
        assert any(line.lower() == "rcpt to:<wang@example.com>" for line in box.lines)
