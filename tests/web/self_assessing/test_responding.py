"""What respondents see and do without an account and without a script; and that their link opens nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from flask import g
from sqlalchemy import select

from app.core.framework import Capability
from app.core.scale import Level, Scale
from app.core.text import Text
from app.services.engagements import archive_assessment
from app.storage import interviews
from app.storage.tables import AnswerRevisionRow
from app.storage.trust_tables import AuditEventRow
from app.web.responding.holding import PATH
from app.web.responding.pages import cards_of
from tests.unit.core.trees import framework
from tests.web.conftest import Visitor
from tests.web.samples import samples
from tests.web.self_assessing.conftest import Desk, Respondent

if TYPE_CHECKING:
    from flask import Flask, Response
    from werkzeug.test import TestResponse

    from app.storage.database import Database
    from tests.conftest import FixedClock

CHOSEN = "customer-segmentation"  # a level is chosen
ASKED = "customer-data-strategy"  # scored questions
VERSION = re.compile(r'name="([a-z-]+)\.version" value="(\d+)"')
FORM = re.compile(r'name="form" value="([0-9a-f]{32})"')


def send(
    someone: Respondent, element: str, *, go: str = "next", form: str | None = None, **values: str | list[str]
) -> TestResponse:
    """Fill in the page of an element as a browser without scripts does."""
    page = someone.get(f"/self/elements/{element}").text
    found, version = FORM.search(page), VERSION.search(page)
    assert found
    assert version
    fields = {f"{element}.{name.replace('__', '.')}": value for name, value in values.items()}
    posted = {f"{element}.version": version[2], "form": form or found[1], "go": go, **fields}
    return someone.post(f"/self/elements/{element}", posted)


def stored(database: Database, element: str) -> interviews.AnswerRecord | None:
    with database.read() as session:
        found = interviews.answers_of(session, [1])[1]
    return found.get(element)


def test_a_link_becomes_a_cookie_and_leaves_the_address(desk: Desk) -> None:
    link = desk.links()[0]
    answer = Visitor(desk.application.test_client()).get(link)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/self/")
    cookie = answer.headers["Set-Cookie"]
    assert f"Path={PATH}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert link.rpartition("/")[2] not in cookie
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_start_page_says_why_who_sees_it_and_how_long(someone: Respondent) -> None:
    answer = someone.get("/self/")
    assert answer.headers["Cache-Control"] == "no-store"
    page = someone.page("/self/")
    for words in ("为什么请您填", "谁看得到", "市场部", "受访者A", "共 27 题", "开始填写"):
        assert words in page.words
    assert "登录" not in page.words


def test_a_level_is_chosen_half_a_step_beyond_and_read_again(someone: Respondent, web_database: Database) -> None:
    assert send(someone, CHOSEN, judgement="3.0", fine="0.5", note="每季度\r\n做一次").status_code == 303
    record = stored(web_database, CHOSEN)
    assert record
    assert (record.values.state, record.values.steps, record.values.note) == ("scored", 7, "每季度\n做一次")
    page = someone.get(f"/self/elements/{CHOSEN}").text
    assert re.search(r'name="customer-segmentation.judgement" value="3.0" checked', page)
    assert re.search(r'name="customer-segmentation.fine" value="0.5" checked', page)
    review = someone.page("/self/review")
    assert "比这好，但还没到下一段" in review.words
    assert "1/27" in review.words


def test_half_a_step_beyond_the_best_is_the_best(someone: Respondent, web_database: Database) -> None:
    assert send(someone, CHOSEN, judgement="5.0", fine="0.5").status_code == 303
    record = stored(web_database, CHOSEN)
    assert record
    assert record.values.steps == 10


def test_scored_questions_are_answered_instead_of_a_level_and_no_score_is_shown(
    someone: Respondent, web_database: Database
) -> None:
    page = someone.page(f"/self/elements/{ASKED}")
    assert "哪一段最接近" not in page.words
    assert "建议分" not in page.words
    assert send(someone, ASKED, question__plan="written", question__parts=["owners", "uses"]).status_code == 303
    record = stored(web_database, ASKED)
    assert record
    assert (record.values.state, record.values.steps, record.values.suggested) == ("scored", 6, "3")
    # the same page sent once more, unchanged: the score that came of the questions is no change of it
    send(someone, ASKED, question__plan="written", question__parts=["owners", "uses"])
    again = stored(web_database, ASKED)
    assert again
    assert again.version == record.version
    review = someone.page("/self/review")
    assert "有成文的规划，三级公司口径基本一致" in review.words
    assert "3.0" not in review.words


def test_nothing_of_a_checklist_is_an_answer_and_half_the_questions_are_not_all(
    someone: Respondent, web_database: Database
) -> None:
    send(someone, ASKED, question__parts__none="")
    record = stored(web_database, ASKED)
    assert record
    assert (record.values.questions, record.values.state) == ({"parts": []}, "open")
    assert "没有答完" in someone.page("/self/review").words


def test_numbers_are_read_as_people_write_them_and_nonsense_is_told(someone: Respondent, desk: Desk) -> None:
    billing = desk.respondent(desk.links(**{"count.billing": "1"})[0])
    element = "internal-data-collection"
    assert send(billing, element, question__accurate="８５").status_code == 303
    page = billing.get(f"/self/elements/{element}")
    assert 'value="85"' in page.text
    assert send(billing, element, question__accurate="很多").status_code == 422


def test_what_people_write_is_printed_as_it_is(desk: Desk) -> None:
    billing = desk.respondent(desk.links(**{"count.billing": "1"})[0])
    written = "100% <b>%(n)s</b> {{ 7 * 7 }}"
    send(billing, "internal-data-collection", question__accurate="85", question__missing=written, note=written)
    words = billing.page("/self/review").words
    assert "85%" in words
    assert words.count(written) == 2


def test_what_does_not_concern_them_needs_a_reason_before_it_is_handed_in(
    someone: Respondent, web_database: Database
) -> None:
    send(someone, CHOSEN, judgement="not-applicable")
    refused = someone.post("/self/submit")
    assert refused.status_code == 422
    assert "请写明为什么与你们无关" in refused.text
    send(someone, CHOSEN, judgement="not-applicable", reason="我们没有零售客户")
    assert someone.post("/self/submit").status_code == 303
    assert "我们没有零售客户" in someone.page("/self/review").words


def test_a_choice_can_be_taken_back(someone: Respondent, web_database: Database) -> None:
    send(someone, CHOSEN, judgement="unknown")
    page = someone.get(f"/self/elements/{CHOSEN}").text
    version = VERSION.search(page)
    assert version
    someone.post(
        f"/self/elements/{CHOSEN}",
        {f"{CHOSEN}.version": version[2], f"{CHOSEN}.judgement": "unknown", "clear": CHOSEN},
    )
    record = stored(web_database, CHOSEN)
    assert record
    assert record.values.state == "open"


def test_a_form_sent_twice_is_saved_once(someone: Respondent, web_database: Database) -> None:
    for _ in range(2):
        someone.post(
            f"/self/elements/{CHOSEN}",
            {f"{CHOSEN}.version": "0", "form": "0" * 32, f"{CHOSEN}.judgement": "2.0"},
        )
    record = stored(web_database, CHOSEN)
    assert record
    assert record.version == 1


def test_two_windows_that_say_different_things_are_told(someone: Respondent, web_database: Database) -> None:
    send(someone, CHOSEN, judgement="2.0")
    stale = {f"{CHOSEN}.version": "0", "form": "1" * 32, f"{CHOSEN}.judgement": "4.0"}
    answer = someone.post(f"/self/elements/{CHOSEN}", stale)
    assert answer.status_code == 409
    assert "在别处改过" in answer.text
    assert 'value="4.0" checked' in answer.text
    record = stored(web_database, CHOSEN)
    assert record
    assert record.values.steps == 4


def test_what_consultants_noted_beside_it_stays(someone: Respondent, desk: Desk, web_database: Database) -> None:
    send(someone, CHOSEN, judgement="2.0")
    desk.visitor.client.put(
        f"/api/interviews/1/answers/{CHOSEN}",
        json={"mutation_id": "consultant-1", "base_version": 1, "set": {"confidence": "low", "evidence_strength": 2}},
        headers={"X-CSRFToken": desk.visitor.token()},
    )
    send(someone, CHOSEN, judgement="3.0")
    record = stored(web_database, CHOSEN)
    assert record
    assert (record.values.steps, record.values.confidence, record.values.evidence_strength) == (6, "low", 2)


def test_the_way_goes_from_the_first_to_the_review_to_thanks_and_is_then_read_only(someone: Respondent) -> None:
    start = someone.page("/self/")
    first = next(link for link in start.links if link.startswith("/self/elements/"))
    element = first.rpartition("/")[2]
    for _ in range(40):
        target = send(someone, element, judgement="unknown").headers["Location"]
        if target == "/self/review":
            break
        element = target.rpartition("/")[2]
    assert "全部答完了" in someone.page("/self/review").words
    assert someone.post("/self/submit").headers["Location"] == "/self/thanks"
    assert "谢谢，已经收到" in someone.page("/self/thanks").words
    assert "您已经提交" in someone.page("/self/review").words
    assert "disabled" in someone.get(f"/self/elements/{element}").text
    late = someone.post(f"/self/elements/{element}", {f"{element}.version": "1", f"{element}.note": "太晚了"})
    assert late.status_code == 423
    assert someone.post("/self/submit").headers["Location"] == "/self/review"


def test_nothing_is_thanked_for_before_it_is_handed_in(someone: Respondent) -> None:
    assert someone.get("/self/thanks").headers["Location"] == "/self/"
    assert someone.post("/self/submit").status_code == 422


def test_scripts_save_and_read_by_the_same_protocol(someone: Respondent) -> None:
    body = {
        "mutation_id": "phone-0001",
        "base_version": 0,
        "set": {"questions": {"plan": "written", "parts": ["owners"]}},
    }
    saved = someone.put(ASKED, body)
    assert saved.status_code == 200
    assert saved.json
    assert saved.json["version"] == 2
    assert saved.json["others"]["state"] == "scored"
    read = someone.get(f"/self/api/answers/{ASKED}")
    assert read.json
    assert read.json["version"] == 2
    clash = someone.put(ASKED, {"mutation_id": "phone-0002", "base_version": 0, "set": {"questions": {"plan": "none"}}})
    assert clash.status_code == 409
    assert clash.json
    assert clash.json["by"] is None
    refused = someone.put(ASKED, {"mutation_id": "phone-0003", "base_version": 2, "set": {"score": "3.3"}})
    assert refused.status_code == 422
    ping = someone.get("/self/api/ping")
    assert ping.json
    assert ping.json["user"] == "respondent:1"


def test_every_change_asks_for_the_token_against_forgery(someone: Respondent) -> None:
    for path in (f"/self/elements/{CHOSEN}", "/self/submit", "/self/leave"):
        assert someone.client.post(path, data={}).status_code == 400, path
    refused = someone.put(
        CHOSEN, {"mutation_id": "phone-0001", "base_version": 0, "set": {"score": "3"}}, token="wrong"
    )
    assert refused.status_code == 400
    assert refused.json
    assert refused.json["error"] == "csrf"


def test_the_language_is_chosen_on_the_page(someone: Respondent) -> None:
    page = someone.get(f"/self/elements/{CHOSEN}").text
    assert 'name="next" value="/self/elements/customer-segmentation"' in page
    answer = someone.post("/locale", {"locale": "en", "next": f"/self/elements/{CHOSEN}"})
    assert answer.headers["Location"] == f"/self/elements/{CHOSEN}"
    english = someone.page(f"/self/elements/{CHOSEN}")
    assert english.language == "en"
    assert "Which of these is closest to how it is with you?" in english.words


def test_wrong_ended_and_expired_links_are_told_the_same(desk: Desk, clock: FixedClock) -> None:
    ended, expired = desk.links(**{"count.billing": "2"})
    holders = [desk.respondent(ended), desk.respondent("/self/" + "x" * 43), desk.respondent("/self/short")]
    desk.act("end", 1)
    clock.advance(timedelta(days=1))
    holders.append(desk.respondent(expired))
    assert holders[-1].get("/self/").status_code == 200
    clock.advance(timedelta(days=29))
    told = set()
    for holder in holders:
        for path in ("/self/", "/self/review", "/self/elements/customer-data-strategy", "/self/thanks"):
            answer = holder.get(path)
            assert answer.status_code == 404, path
            assert answer.headers["Cache-Control"] == "no-store"
            told.add(re.sub(r'content="[^"]*"|value="[^"]*"', "", answer.text))
        assert holder.get("/self/api/ping").status_code == 401
    assert len(told) == 1
    assert "这个链接打不开问卷" in told.pop()


def test_a_wrong_link_takes_the_right_one_away(someone: Respondent) -> None:
    assert someone.get("/self/").status_code == 200
    someone.get("/self/" + "x" * 43)
    assert someone.get("/self/").status_code == 404


@pytest.mark.parametrize("forged", ["1", "MQ.forged", "", "null", "WzFd.x"])
def test_a_cookie_that_we_did_not_make_opens_nothing(desk: Desk, application: Flask, forged: str) -> None:
    desk.links()
    client = application.test_client()
    client.set_cookie("respondent", forged, path="/self")
    assert client.get("/self/").status_code == 404


def test_a_link_opens_nothing_but_its_own_pages(someone: Respondent, stranger: Visitor, application: Flask) -> None:
    token = someone.token()
    for sample in samples(application):
        if sample.endpoint.startswith("responding.") or sample.endpoint == "signing.sign_out":
            continue
        headers = {"X-CSRFToken": token} if sample.is_unsafe else {}
        with someone.client.open(sample.address, method=sample.method, headers=headers) as answer:
            held = answer.status_code
        if sample.is_unsafe:
            headers = {"X-CSRFToken": stranger.token()}
        with stranger.client.open(sample.address, method=sample.method, headers=headers) as answer:
            assert held == answer.status_code, sample  # as if nobody were there


def test_another_respondents_answers_are_out_of_reach(desk: Desk, web_database: Database) -> None:
    marketing, billing = (
        desk.respondent(link) for link in desk.links(**{"count.local-marketing": "1", "count.billing": "1"})
    )
    send(marketing, CHOSEN, judgement="2.0")
    assert billing.get(f"/self/elements/{CHOSEN}").status_code == 404
    assert billing.get(f"/self/api/answers/{CHOSEN}").status_code == 404
    assert "还有 10 题没有答完" in billing.page("/self/review").words


def test_leaving_forgets_the_link_in_this_browser(someone: Respondent) -> None:
    answer = someone.post("/self/leave")
    assert answer.headers["Location"] == "/self/left"
    assert "再打开您收到的链接" in someone.page("/self/left").words
    assert someone.get("/self/").status_code == 404


def test_a_closed_assessment_is_read_only_and_says_whom_to_ask(
    someone: Respondent, desk: Desk, web_database: Database, clock: FixedClock
) -> None:
    send(someone, CHOSEN, judgement="2.0")
    with web_database.begin() as session:
        archive_assessment(session, desk.assessment_id, clock)
    assert "这次评估已经结束" in someone.page("/self/").words
    assert "提交以后不能再改" not in someone.page("/self/review").words
    late = someone.post(f"/self/elements/{CHOSEN}", {f"{CHOSEN}.version": "1", f"{CHOSEN}.judgement": "4.0"})
    assert late.status_code == 423
    assert someone.post("/self/submit").headers["Location"] == "/self/review"


def test_a_reviewers_request_is_shown_to_the_respondent(someone: Respondent, web_database: Database) -> None:
    with web_database.begin() as session:
        interviews.update_interview(session, 1, state="changes-requested", request="请补充客户分类的依据")
    page = someone.page("/self/")
    assert "请您再补充或修改" in page.words
    assert "请补充客户分类的依据" in page.words


def test_what_comes_by_a_link_in_a_browser_that_is_signed_in_is_nobodys(desk: Desk, web_database: Database) -> None:
    someone = Respondent(desk.visitor.client)  # the consultant tries the link, or lends the device
    someone.get(desk.links()[0])
    send(someone, CHOSEN, judgement="2")
    assert someone.post("/self/submit").headers["Location"] == "/self/thanks"
    with web_database.read() as session:
        states = session.scalars(select(AuditEventRow.user_id).where(AuditEventRow.kind == "interview.state")).all()
        saved = session.scalars(select(AnswerRevisionRow.user_id).where(AnswerRevisionRow.element == CHOSEN)).all()
    assert states == [2, None]  # who made the link, who handed in
    assert saved[-1] is None
    assert desk.visitor.get("/account").status_code == 200, "still signed in"


@pytest.mark.parametrize("path", ["/self/", "/self/review", "/self/no/such/page", "/self/api/ping"])
def test_the_log_does_not_name_an_account_for_what_comes_by_a_link(desk: Desk, path: str) -> None:
    someone = Respondent(desk.visitor.client)
    someone.get(desk.links()[0])
    asked: list[object] = []

    def note(answer: Response) -> Response:
        asked.append(g.get("actor"))
        return answer

    noting = desk.application.after_request_funcs.setdefault(None, [])
    noting.append(note)
    try:
        someone.get(path)
        someone.get("/account")
    finally:
        noting.remove(note)
    assert asked[0] is None
    assert asked[1] is not None


def test_a_link_is_left_out_of_the_log(
    desk: Desk, application: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    link = desk.links()[0]
    monkeypatch.setattr("app.web.responding.routes.personal_links.link_of_token", fail)
    assert application.test_client().get(link).status_code == 500
    logged = capsys.readouterr()
    assert "unexpected" in logged.out + logged.err
    assert link.rpartition("/")[2] not in logged.out + logged.err


def test_pages_of_other_frameworks_scales_offer_what_can_be_told_apart() -> None:
    def offered(low: int, high: int, step: str, *levels: int) -> tuple[int, int]:
        named = tuple(Level(Fraction(value), Text(f"级{value}")) for value in levels)
        tree = framework({"a": None}, scale=Scale(Fraction(low), Fraction(high), Fraction(step), named))
        cards = cards_of(tree, Capability("a", Text("a")))
        return len(cards.cards), len(cards.between)

    assert offered(0, 5, "0.5", 0, 1, 2, 3, 4, 5) == (6, 2)
    assert offered(0, 5, "1", 0, 1, 2, 3, 4, 5) == (6, 0)
    assert offered(1, 3, "0.25", 1, 2, 3) == (3, 4)
    assert offered(0, 100, "1", 0, 50, 100) == (3, 0)  # nobody tells 50 points apart
    assert offered(0, 5, "0.5", 0, 1, 5) == (3, 0)  # levels at uneven distances
