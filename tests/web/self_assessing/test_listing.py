"""The consultants' page: links made and shown once, how far they are, how respondents see themselves."""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services.engagements import archive_assessment, archive_engagement
from app.services.personal_links import NewLink
from app.web.self_assessing import pages
from tests.web.conftest import NOON, Page, Visitor
from tests.web.self_assessing.conftest import Desk
from tests.web.self_assessing.test_responding import send

if TYPE_CHECKING:
    from flask import Flask

    from app.storage.database import Database
    from tests.conftest import FixedClock

CHOSEN = "customer-segmentation"


def test_without_links_the_page_says_what_to_do(desk: Desk, reader: Visitor) -> None:
    assert "还没有自评" in desk.page().words
    assert "发自评链接" in desk.page().words
    assert "发自评链接" not in reader.page(desk.address).words


def test_the_form_offers_every_role_of_the_self_assessment_and_thirty_days(desk: Desk) -> None:
    answer = desk.visitor.get(f"{desk.address}/new")
    assert 'name="count.local-marketing"' in answer.text
    assert 'value="30" selected' in answer.text


def test_labels_and_counts_make_links_that_are_shown_once(desk: Desk) -> None:
    answer = desk.order(
        **{"labels.local-marketing": "受访者A，受访者B", "count.local-marketing": "3", "count.billing": "１"}
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    links = set(re.findall(r"/self/([\w-]{43})", answer.text))
    assert len(links) == 4
    assert answer.text.count('src="data:image/svg+xml') == 4
    assert "这些链接在别人的手机上打不开" in answer.text  # opened as localhost
    listed = desk.visitor.get(desk.address).text
    assert "受访者A" in listed
    assert not any(link in listed for link in links)


def test_reloading_the_page_of_new_links_shows_the_same_links_again(desk: Desk) -> None:
    form = re.search(r'name="form" value="([^"]+)"', desk.visitor.get(f"{desk.address}/new").text)
    assert form
    first, again = (desk.links(form=form[1], **{"count.local-marketing": "2"}) for _ in range(2))
    assert len(set(first)) == 2
    assert again == first
    assert set(desk.links(**{"count.local-marketing": "2"})).isdisjoint(first)


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("localhost:8000", True),
        ("127.0.0.1", True),
        ("[::1]:8000", True),
        ("crm.example.test", False),
        ("10.0.0.5:8443", False),
    ],
)
def test_links_carry_the_name_under_which_the_site_was_opened(application: Flask, host: str, only_here: bool) -> None:
    link = NewLink(1, "i-01", "billing", None, "token", NOON)
    with application.test_request_context(base_url=f"https://{host}"):
        assert pages.hand_out(link, Text("计费账务")).address == f"https://{host}/self/token"
        assert pages.only_here() is only_here


def test_the_table_of_links_holds_everything_and_no_formula(desk: Desk) -> None:
    answer = desk.order(**{"labels.local-marketing": "=HYPERLINK(1)"})
    found = re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', answer.text)
    assert found
    rows = b64decode(found[1]).decode("utf-8-sig").splitlines()
    assert rows[0] == "编号,角色,代称,链接,有效期至"
    assert rows[1].startswith("i-01,市场部,'=HYPERLINK(1),http://localhost/self/")


def test_what_cannot_be_ordered_is_told_and_kept(desk: Desk) -> None:
    for values, words in (
        ({}, "请至少给一个角色填份数或代称"),
        ({"count.billing": "许多"}, "份数请填 0 到 200 的整数"),
        ({"count.billing": "201"}, "份数请填 0 到 200 的整数"),
        ({"count.billing": "200", "count.finance": "1"}, "一次最多生成 200 条链接"),
        ({"count.billing": "1", "days": "31"}, "请选链接有效多少天"),
        ({"labels.billing": "长" * 81}, "太长"),
        ({"questionnaire": "telecom-crm-interview@1.0.0", "count.billing": "1"}, "请选一份自评问卷"),
    ):
        answer = desk.order(**values)
        assert answer.status_code == 422, values
        assert words in answer.text, values
    assert "还没有自评" in desk.page().words
    kept = desk.order(**{"count.billing": "许多", "labels.finance": "受访者C"})
    assert 'value="受访者C"' in kept.text


def test_a_new_link_ends_the_old_one(desk: Desk) -> None:
    old = desk.links()[0]
    holder = desk.respondent(old)
    answer = desk.act("renew", 1)
    found = re.search(r"/self/[\w-]{43}", answer.text)
    assert found
    assert holder.get("/self/").status_code == 404
    assert desk.respondent(found[0]).get("/self/").status_code == 200


def test_the_list_follows_each_link(desk: Desk) -> None:
    first, second, third = desk.links(**{"count.local-marketing": "3"})
    holders = [desk.respondent(link) for link in (first, second)]
    holders[0].get("/self/")
    send(holders[1], CHOSEN, judgement="3.0")
    words = desk.page().words
    assert "打开过，未作答" in words
    assert "填写中" in words
    assert "未打开" in words
    holders[1].post("/self/submit")
    assert "已提交" in desk.page().words
    assert desk.act("end", 1).headers["Location"] == desk.address
    assert "链接已停用" in desk.page().words
    assert desk.respondent(third).get("/self/").status_code == 200


def test_a_submitted_one_is_reopened_and_goes_on_with_the_same_link(desk: Desk) -> None:
    holder = desk.respondent(desk.links()[0])
    send(holder, CHOSEN, judgement="3.0")
    holder.post("/self/submit")
    desk.act("reopen", 1)
    assert send(holder, CHOSEN, judgement="4.0").status_code == 303
    assert holder.post("/self/submit").status_code == 303


def test_self_assessments_stand_beside_what_consultants_found(desk: Desk) -> None:
    holder = desk.respondent(desk.links()[0])
    send(holder, CHOSEN, judgement="4.0")
    assert "收回以后才能和顾问的评分对照" in desk.page().words
    holder.post("/self/submit")
    assert "还没有顾问的评分" in desk.page().words
    start = desk.visitor.post(
        f"/assessments/{desk.assessment_id}/interviews/new",
        {"questionnaire": "telecom-crm-interview@1.0.0", "role": "local-marketing", "opens_with": ""},
    )
    talk = re.search(r"/interview/(\d+)", start.headers["Location"])
    assert talk
    desk.visitor.client.put(
        f"/api/interviews/{talk[1]}/answers/{CHOSEN}",
        json={"mutation_id": "consultant-1", "base_version": 0, "set": {"score": "2.5"}},
        headers={"X-CSRFToken": desk.visitor.token()},
    )
    page = desk.page()
    assert "1 个要素里，自评高的 1 个" in page.words
    assert "+1.5" in page.words
    assert "两边都评的太少" in page.words  # one element of a group is no figure of the group
    assert "谁高估，谁低估" in page.words


def test_readers_see_differences_and_no_labels(desk: Desk, reader: Visitor) -> None:
    holder = desk.respondent(desk.links()[0])
    send(holder, CHOSEN, judgement="4.0")
    holder.post("/self/submit")
    page = reader.page(desk.address)
    assert "收回 1 份" in page.words
    assert "受访者A" not in page.words
    assert "换发链接" not in page.words


def test_a_closed_assessment_makes_no_links(desk: Desk, web_database: Database, clock: FixedClock) -> None:
    desk.links()
    with web_database.begin() as session:
        archive_assessment(session, desk.assessment_id, clock)
    assert "已归档" in desk.page().words
    assert "换发链接" not in desk.page().words
    assert desk.order(**{"count.billing": "1"}).status_code == 303
    assert desk.act("renew", 1).status_code in (200, 303)
    assert desk.act("reopen", 1).headers["Location"] == desk.address


def test_in_an_archived_engagement_links_are_ended_and_not_made(
    desk: Desk, web_database: Database, clock: FixedClock
) -> None:
    holder = desk.respondent(desk.links()[0])
    with web_database.begin() as session:
        archive_engagement(session, "china-telecom-2003", clock)
    words = desk.page().words
    assert "换发链接" not in words
    assert "停用" in words
    assert desk.order(**{"count.billing": "1"}).status_code == 303
    desk.act("renew", 1)
    assert holder.get("/self/").status_code == 200, "nothing ended, nothing renewed"
    assert desk.act("end", 1).headers["Location"] == desk.address
    assert holder.get("/self/").status_code == 404


def test_interviews_of_others_are_not_found_here(desk: Desk) -> None:
    desk.links()
    for action in ("renew", "end", "reopen"):
        assert desk.visitor.post(f"/assessments/1/self-assessments/1/{action}").status_code == 404
        assert desk.act(action, 999).status_code == 404


def test_why_a_score_is_suggested_is_said_beside_it(desk: Desk) -> None:
    holder = desk.respondent(desk.links()[0])
    send(holder, "customer-data-strategy", question__plan="yearly", question__parts=["owners", "uses"])
    answer = desk.visitor.get("/interview/1/elements/customer-data-strategy")
    words = Page(answer.text).words
    assert "每年按营销重点修订，质量按月考核，值 4.0 分（权重 2）" in words
    assert "下面哪些写明了：2/4 项，值 3.0 分（权重 1）" in words
    assert "加权平均 3.67，取到最近的一档：3.5" in words
    told = desk.visitor.get("/api/interviews/1/answers/customer-data-strategy/suggestion")
    assert told.json
    assert len(told.json["lines"]) == 3
    nothing = desk.visitor.get(f"/api/interviews/1/answers/{CHOSEN}/suggestion")
    assert nothing.json == {"lines": []}
