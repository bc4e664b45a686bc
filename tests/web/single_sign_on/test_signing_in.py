"""Signing in by a provider: an identity opens its account, and nothing else opens anything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.services.minting import ISSUER, RETURN, SETTINGS
from tests.web.conftest import PASSWORD, Visitor
from tests.web.single_sign_on.conftest import REFUSED, Signing, Site, told

MEI = "mei-at-the-provider"


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status_code == 200


def test_the_sign_in_page_offers_the_provider_by_name(site: Site, stranger: Visitor) -> None:
    page = stranger.get("/sign-in?next=/engagements")
    assert "用Example ID登录" in page.text
    assert 'href="/single-sign-on?next=/engagements"' in page.text
    assert "Sign in with Example ID" in stranger.speak("en").get("/sign-in").text


def test_without_settings_there_is_no_single_sign_on(stranger: Visitor, consultant: Visitor) -> None:
    assert "single-sign-on" not in stranger.get("/sign-in").text
    for path in ("", "/return", "/account", "/left", "/refused"):
        assert stranger.get(f"/single-sign-on{path}").status_code == 404
    assert consultant.get("/account/single-sign-on").status_code == 404


def test_a_linked_identity_signs_in_and_leads_on(site: Site, stranger: Visitor) -> None:
    user_id = site.identify("reader", MEI)
    answer = site.travel(stranger, MEI, "/single-sign-on?next=/help/start")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/help/start")
    assert is_signed_in(stranger)
    assert site.events("sign-in.done")[-1] == (user_id, {"factors": "oidc", "again": False})
    assert site.provider.bodies[0]["redirect_uri"] == RETURN


def test_the_session_of_before_is_not_the_one_of_after(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    asked = site.leave(stranger)
    before = stranger.client.get_cookie("session")
    site.provider.claims = {"sub": MEI}
    site.come_back(stranger, asked["state"])
    after = stranger.client.get_cookie("session")
    assert before
    assert after
    assert before.value != after.value
    with stranger.client.session_transaction() as browser:
        assert set(browser) & {"single-sign-on", "single-sign-on-new"} == set()


@pytest.mark.parametrize("where", ["//evil.example.com", "https://evil.example.com/", "/\\evil.example.com"])
def test_it_leads_to_no_other_site(site: Site, stranger: Visitor, where: str) -> None:
    site.identify("reader", MEI)
    site.provider.claims = {"sub": MEI}
    answer = stranger.get("/single-sign-on", query_string={"next": where})
    state = re.search("state=([^&]+)", answer.headers["Location"])
    nonce = re.search("nonce=([^&]+)", answer.headers["Location"])
    assert state
    assert nonce
    site.provider.nonce = nonce[1]
    assert site.come_back(stranger, state[1]).headers["Location"] == "/"


def test_an_unknown_identity_opens_nothing_whatever_its_names_are(site: Site, stranger: Visitor) -> None:
    names = {"email": "administrator", "preferred_username": "administrator", "name": "administrator"}
    answer = site.travel(stranger, "unknown", email_verified=True, **names)
    assert answer.status_code == 403
    assert "还没有关联账号" in answer.text
    assert not is_signed_in(stranger)
    assert site.events("sign-in.failed")[-1] == (None, {"by": "oidc", "why": "unknown"})


def test_the_same_subject_of_another_issuer_opens_nothing(site: Site, signing: Signing, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    other = signing(issuer="https://other.example.com")
    other.provider.metadata = {"issuer": "https://other.example.com"}
    answer = other.travel(stranger, MEI, iss="https://other.example.com")
    assert answer.status_code == 403
    assert not is_signed_in(stranger)


def test_a_disabled_account_stays_shut(site: Site, stranger: Visitor) -> None:
    from app.services import accounts

    site.identify("reader", MEI)
    with site.database.begin() as session:
        accounts.disable_user(session, "reader", site.clock)
    assert "已停用" in site.travel(stranger, MEI).text
    assert not is_signed_in(stranger)


@pytest.mark.parametrize("state", ["", "of-somebody-else"])
def test_an_answer_with_another_state_is_refused(site: Site, stranger: Visitor, state: str) -> None:
    site.identify("reader", MEI)
    site.leave(stranger)
    assert site.come_back(stranger, state).status_code == 400
    assert not is_signed_in(stranger)
    assert site.provider.bodies == []


def test_another_browser_cannot_use_the_answer(site: Site, stranger: Visitor, reader: Visitor) -> None:
    site.identify("consultant", MEI)
    asked = site.leave(stranger)
    site.provider.claims = {"sub": MEI}
    answer = site.come_back(reader, asked["state"])
    assert (answer.status_code, site.provider.bodies) == (400, [])


def test_an_answer_works_once(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    state = site.leave(stranger)["state"]
    site.provider.claims = {"sub": MEI}
    assert site.come_back(stranger, state).status_code == 302
    stranger.post("/sign-out")
    assert site.come_back(stranger, state).status_code == 400
    assert not is_signed_in(stranger)


def test_an_answer_after_ten_minutes_is_too_late(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    state = site.leave(stranger)["state"]
    site.clock.advance(timedelta(minutes=10))
    site.provider.claims = {"sub": MEI}
    assert "已失效" in site.come_back(stranger, state).text


def test_a_journey_that_failed_cannot_be_taken_up_again(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    state = site.leave(stranger)["state"]
    assert site.come_back(stranger, "guessed").status_code == 400
    site.provider.claims = {"sub": MEI}
    assert site.come_back(stranger, state).status_code == 400


def test_whoever_says_no_at_the_provider_is_told_that_nothing_happened(site: Site, stranger: Visitor) -> None:
    state = site.leave(stranger)["state"]
    answer = site.come_back(stranger, state, error="access_denied", error_description="<b>secret</b>")
    assert "单点登录已取消" in answer.text
    assert "secret" not in answer.text


def test_the_page_that_says_why_has_an_address_without_the_answer(site: Site, stranger: Visitor) -> None:
    assert stranger.get(REFUSED).headers["Location"] == "/sign-in"
    state = site.leave(stranger)["state"]
    answer = stranger.get(f"/single-sign-on/return?code=the-code&state={state}&error=server_error")
    assert (answer.status_code, answer.headers["Location"]) == (302, REFUSED)
    page = stranger.get(REFUSED).text
    assert "the-code" not in page
    assert re.search(r"<code>[0-9a-f]{8}</code>", page)


def test_a_provider_that_is_down_leaves_passwords_working(site: Site, stranger: Visitor) -> None:
    site.provider.down = True
    answer = told(stranger, stranger.get("/single-sign-on"))
    assert answer.status_code == 503
    assert "/sign-in" in answer.text
    signed = stranger.post("/sign-in", {"name": "reader", "password": PASSWORD})
    assert signed.status_code == 302
    assert is_signed_in(stranger)


def test_secrets_stand_neither_on_pages_nor_in_the_log(
    site: Site, stranger: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    site.provider.token_status = 400
    answer = site.travel(stranger, MEI)
    assert answer.status_code == 400
    told = capsys.readouterr()
    log = told.out + told.err
    assert "refused" in log
    for secret in (SETTINGS.client_secret, "secret words", "the code", site.provider.bodies[0]["code_verifier"]):
        assert secret not in answer.text
        assert secret not in log


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"nonce": "another"}, {"exp": 1}])
def test_a_token_that_does_not_hold_signs_nobody_in(site: Site, stranger: Visitor, claims: dict[str, Any]) -> None:
    site.identify("reader", MEI)
    answer = site.travel(stranger, MEI, **claims)
    assert "无法核实" in answer.text
    assert not is_signed_in(stranger)
    assert site.events("sign-in.failed")[-1] == (None, {"by": "oidc", "why": "untrusted"})


def test_nobody_fills_the_trail_with_journeys_that_never_were(site: Site, stranger: Visitor) -> None:
    for _ in range(3):
        site.come_back(stranger, "guessed")
        state = site.leave(stranger)["state"]
        site.come_back(stranger, state, error="access_denied")
    assert site.events("sign-in.failed") == []


def test_roles_that_need_a_second_factor_get_in_only_if_the_provider_shows_one(
    site: Site, signing: Signing, stranger: Visitor
) -> None:
    site.identify("administrator", MEI)
    assert "第二道验证" in site.travel(stranger, MEI, amr=["mfa"]).text  # nobody asked for it: a claim alone is none
    assert not is_signed_in(stranger)
    strict = signing(amr=("mfa",))
    assert "第二道验证" in strict.travel(stranger, MEI, amr=["pwd"]).text
    assert strict.travel(stranger, MEI, amr=["pwd", "mfa"]).status_code == 302
    assert is_signed_in(stranger)


def test_an_account_with_a_second_factor_of_its_own_is_not_opened_around_it(site: Site, stranger: Visitor) -> None:
    from app.storage import second_factors as store

    user_id = site.identify("reader", MEI)
    with site.database.begin() as session:
        store.insert_second_factor(session, user_id, "sealed", site.clock())
        store.confirm_second_factor(session, user_id, site.clock())
    assert "第二道验证" in site.travel(stranger, MEI).text
    assert not is_signed_in(stranger)


def test_signing_out_offers_to_sign_out_of_the_provider(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    site.provider.metadata = {"end_session_endpoint": f"{ISSUER}/logout"}
    site.travel(stranger, MEI)
    answer = stranger.post("/sign-out")
    assert answer.headers["Location"] == "/single-sign-on/left"
    page = stranger.get("/single-sign-on/left").text
    assert (
        f'href="{ISSUER}/logout?client_id=crm&amp;post_logout_redirect_uri=https%3A%2F%2Fcrm.example.com%2Fsign-in"'
        in page
    )
    assert not is_signed_in(stranger)


def test_signing_out_of_a_provider_that_offers_no_way_says_so_by_silence(site: Site, stranger: Visitor) -> None:
    site.provider.down = True
    page = stranger.get("/single-sign-on/left")
    assert (page.status_code, "同时退出" in page.text) == (200, False)


def test_whoever_signed_in_with_a_password_is_not_sent_there(site: Site, reader: Visitor) -> None:
    assert reader.post("/sign-out").headers["Location"] == "/sign-in"


def test_proving_once_more_takes_the_same_person(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    site.identify("consultant", "jun")
    site.travel(stranger, MEI)
    assert site.leave(stranger)["prompt"] == "login"
    assert "另一个人" in site.travel(stranger, "jun").text
    site.clock.advance(timedelta(minutes=20))
    answer = site.travel(stranger, MEI, "/single-sign-on?next=/account/second-factor")
    assert answer.headers["Location"] == "/account/second-factor"
    assert stranger.get("/account/second-factor").status_code == 200
    assert site.events("sign-in.done")[-1][1] == {"factors": "oidc", "again": True}


def test_another_site_cannot_send_a_signed_in_browser_there(site: Site, reader: Visitor) -> None:
    for path in ("/single-sign-on", "/account/single-sign-on/link"):
        assert reader.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_what_was_typed_waits_while_somebody_signs_in_by_the_provider(site: Site, stranger: Visitor) -> None:
    site.identify("consultant", MEI)
    site.travel(stranger, MEI)
    token = stranger.token()
    site.clock.advance(timedelta(days=8))
    typed = {"csrf_token": token, "display_name": "typed for an hour"}
    page = stranger.client.post("/account/name", data=typed)
    assert page.status_code == 401
    assert 'target="_blank"' in page.text
    carried = re.search(r'name="carried" value="([^"]+)"', page.text)
    assert carried
    waiting = stranger.client.post("/single-sign-on/resume", data={"carried": carried[1]})
    assert (waiting.status_code, carried[1] in waiting.text) == (401, True)
    site.travel(stranger, MEI)
    back = stranger.client.post("/single-sign-on/resume", data={"carried": carried[1]})
    assert "typed for an hour" in back.text


def test_what_was_typed_is_shown_to_nobody_else(site: Site, stranger: Visitor, reader: Visitor) -> None:
    site.identify("consultant", MEI)
    site.travel(stranger, MEI)
    token = stranger.token()
    site.clock.advance(timedelta(days=8))
    page = stranger.client.post("/account/name", data={"csrf_token": token, "display_name": "typed for an hour"})
    carried = re.search(r'name="carried" value="([^"]+)"', page.text)
    assert carried
    site.identify("reader", "jun")
    site.travel(reader, "jun")
    answer = reader.client.post("/single-sign-on/resume", data={"carried": carried[1]})
    assert (answer.status_code, "typed for an hour" in answer.text) == (401, False)


def test_pages_on_the_way_are_kept_by_no_cache(site: Site, stranger: Visitor) -> None:
    for path in ("/single-sign-on", "/single-sign-on/return", "/single-sign-on/left"):
        assert stranger.get(path).headers["Cache-Control"] == "no-store"


def test_the_address_of_the_settings_leads_back_whatever_host_was_asked(site: Site, stranger: Visitor) -> None:
    asked = site.leave(stranger, headers={"Host": "10.9.8.7"})
    assert asked["redirect_uri"] == RETURN
    assert replace(SETTINGS).client_id == asked["client_id"]
