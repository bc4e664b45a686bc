"""Linking accounts, unlinking them, and first accounts: by invitation or where the settings let readers sign up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.services.permissions import Part, Role
from tests.services.minting import ISSUER
from tests.web.conftest import ENGAGEMENT, PASSWORD, Visitor
from tests.web.single_sign_on.conftest import Signing, Site, told

if TYPE_CHECKING:
    from app.services.account_links import MadeLink

MEI = "mei-at-the-provider"
OWN = "/account/single-sign-on"


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status_code == 200


def sign_in(visitor: Visitor, name: str) -> None:
    assert visitor.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 302


def invitation(site: Site, role: Role = Role.CONSULTANT) -> MadeLink:
    from app.services import account_links

    with site.database.begin() as session:
        return account_links.invite(session, role, days=7, actor=None, clock=site.clock)


def invitation_to_engagement(site: Site, part: Part) -> MadeLink:
    from app.services import account_links

    with site.database.begin() as session:
        return account_links.invite_member(session, 1, part, days=7, actor=None, clock=site.clock)


def test_the_account_page_leads_to_the_link(site: Site, reader: Visitor) -> None:
    assert f'href="{OWN}"' in reader.get("/account").text
    assert "与Example ID关联" in reader.get(OWN).text


def test_an_account_is_linked_after_both_sides_were_proved(site: Site, stranger: Visitor) -> None:
    sign_in(stranger, "reader")
    site.provider.claims = {"sub": MEI}
    asked = site.leave(stranger, f"{OWN}/link")
    assert asked["prompt"] == "login"
    answer = site.come_back(stranger, asked["state"])
    assert answer.headers["Location"] == OWN
    assert "两种方式都可以登录" in stranger.get(OWN).text
    assert len(site.events("account.identity")) == 1
    stranger.post("/sign-out")
    site.travel(stranger, MEI)
    assert is_signed_in(stranger)
    assert "还没有用过" not in stranger.get(OWN).text


def test_linking_asks_again_who_somebody_is(site: Site, stranger: Visitor) -> None:
    sign_in(stranger, "reader")
    site.clock.advance(timedelta(minutes=20))
    assert stranger.get(f"{OWN}/link").headers["Location"].startswith("/account/confirm")
    assert stranger.post(f"{OWN}/unlink").headers["Location"].startswith("/account/confirm")


def test_a_journey_to_link_links_only_the_account_that_began_it(site: Site, stranger: Visitor) -> None:
    sign_in(stranger, "reader")
    site.provider.claims = {"sub": MEI}
    state = site.leave(stranger, f"{OWN}/link")["state"]
    with stranger.client.session_transaction() as browser:
        kept = browser["single-sign-on"]
    stranger.post("/sign-out")
    sign_in(stranger, "consultant")
    with stranger.client.session_transaction() as browser:
        browser["single-sign-on"] = kept
    assert site.come_back(stranger, state).status_code == 400
    assert site.events("account.identity") == []


def test_an_identity_belongs_to_one_account(site: Site, stranger: Visitor) -> None:
    site.identify("consultant", MEI)
    sign_in(stranger, "reader")
    answer = site.travel(stranger, MEI, f"{OWN}/link")
    assert (answer.status_code, "另一个账号" in answer.text) == (403, True)
    assert "consultant" not in answer.text


def test_an_account_has_one_identity(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    sign_in(stranger, "reader")
    assert "已经关联了一个身份" in site.travel(stranger, "another", f"{OWN}/link").text


def test_a_link_is_ended_by_its_holder(site: Site, stranger: Visitor) -> None:
    site.identify("reader", MEI)
    sign_in(stranger, "reader")
    page = stranger.post(f"{OWN}/unlink", follow_redirects=True)
    assert "关联已解除" in page.text
    assert len(site.events("account.identity-unlinked")) == 1
    stranger.post("/sign-out")
    assert site.travel(stranger, MEI).status_code == 403
    sign_in(stranger, "reader")
    assert "没有关联" in stranger.post(f"{OWN}/unlink", follow_redirects=True).text


def test_without_the_setting_nobody_signs_up(site: Site, stranger: Visitor) -> None:
    assert site.travel(stranger, "new").status_code == 403
    assert stranger.get("/single-sign-on/account").headers["Location"] == "/sign-in"
    answer = told(stranger, stranger.post("/single-sign-on/account", {"name": "new", "display_name": "New"}))
    assert answer.status_code == 400
    assert site.events("account.added")[4:] == []


def test_where_the_settings_allow_it_whoever_is_vouched_for_becomes_a_reader(
    signing: Signing, application: object, stranger: Visitor
) -> None:
    from app.services import accounts

    site = signing(sign_up=True)
    answer = site.travel(stranger, "new", preferred_username="lan", name="兰")
    assert answer.headers["Location"] == "/single-sign-on/account"
    page = stranger.get("/single-sign-on/account").text
    assert 'value="lan"' in page
    assert 'value="兰"' in page
    assert not is_signed_in(stranger)
    assert stranger.post("/single-sign-on/account", {"name": "lan", "display_name": "兰"}).status_code == 302
    assert is_signed_in(stranger)
    with site.database.read() as session:
        user = accounts.get_user(session, "lan")
    assert (user.role, user.has_password) == (Role.READER, False)
    assert stranger.get(ENGAGEMENT).status_code == 404  # an account alone opens no engagement
    assert "只能用Example ID登录" in stranger.get(OWN).text
    refused = stranger.post(f"{OWN}/unlink", follow_redirects=True)
    assert "没有密码" in refused.text
    stranger.post("/sign-out")
    assert stranger.post("/sign-in", {"name": "lan", "password": ""}).status_code == 422
    assert stranger.post("/sign-in", {"name": "lan", "password": PASSWORD}).status_code == 422
    site.travel(stranger, "new")
    assert is_signed_in(stranger)


def test_a_name_in_use_is_told_and_another_can_be_chosen(
    signing: Signing, application: object, stranger: Visitor
) -> None:
    site = signing(sign_up=True)
    site.travel(stranger, "new", preferred_username="reader")
    answer = told(stranger, stranger.post("/single-sign-on/account", {"name": "reader", "display_name": "Somebody"}))
    assert answer.status_code == 422
    assert not is_signed_in(stranger)
    assert stranger.post("/single-sign-on/account", {"name": "", "display_name": ""}).status_code == 422
    assert stranger.post("/single-sign-on/account", {"name": "reader2", "display_name": "Somebody"}).status_code == 302


def test_whoever_waits_too_long_begins_again(signing: Signing, application: object, stranger: Visitor) -> None:
    site = signing(sign_up=True)
    site.travel(stranger, "new")
    site.clock.advance(timedelta(minutes=10))
    answer = told(stranger, stranger.post("/single-sign-on/account", {"name": "lan", "display_name": "Lan"}))
    assert (answer.status_code, "已失效" in answer.text) == (400, True)


def test_nobody_signs_up_where_all_need_a_second_factor_that_the_provider_does_not_show(
    signing: Signing, application: object, stranger: Visitor
) -> None:
    from app.services import single_sign_on
    from app.services.identity_provider import SignOnRefused
    from app.services.sign_ins import Rules
    from app.services.single_sign_on import Names
    from app.services.token_checking import Identity

    site = signing(sign_up=True)
    everybody = Rules(second_factor=frozenset(Role))
    with site.database.begin() as session, pytest.raises(SignOnRefused) as refused:
        single_sign_on.sign_up(
            session, Identity(ISSUER, "new"), names=Names("lan", "Lan"), clock=site.clock, rules=everybody
        )
    assert refused.value.code == "weak"


def test_an_invitation_is_taken_without_a_password(site: Site, stranger: Visitor) -> None:
    made = invitation(site)
    stranger.get(f"/link/{made.token}")
    assert "用Example ID登录" in stranger.get("/link").text
    site.travel(stranger, "new", preferred_username="jun")
    assert stranger.post("/single-sign-on/account", {"name": "jun", "display_name": "Jun"}).status_code == 302
    assert "顾问" in stranger.get("/account").text
    assert len(site.events("link.used")) == 1
    assert site.travel(stranger, "another").status_code == 403  # the invitation is used up


def test_an_invitation_to_an_engagement_makes_its_member(site: Site, stranger: Visitor) -> None:
    made = invitation_to_engagement(site, Part.OBSERVER)
    stranger.get(f"/link/{made.token}")
    site.travel(stranger, "new")
    stranger.post("/single-sign-on/account", {"name": "jun", "display_name": "Jun"})
    assert stranger.page(ENGAGEMENT).title


def test_an_invitation_that_has_ended_makes_no_account(site: Site, stranger: Visitor) -> None:
    from app.services import account_links

    made = invitation(site)
    stranger.get(f"/link/{made.token}")
    site.travel(stranger, "new")
    with site.database.begin() as session:
        account_links.end_link(session, made.id, engagement_id=None, actor=None, clock=site.clock)
    answer = told(stranger, stranger.post("/single-sign-on/account", {"name": "jun", "display_name": "Jun"}))
    assert answer.status_code == 403
    assert not is_signed_in(stranger)


def test_an_editor_is_invited_only_past_a_second_factor(site: Site, signing: Signing, stranger: Visitor) -> None:
    made = invitation(site, Role.EDITOR)
    stranger.get(f"/link/{made.token}")
    site.travel(stranger, "new")
    answer = told(stranger, stranger.post("/single-sign-on/account", {"name": "jun", "display_name": "Jun"}))
    assert (answer.status_code, "第二道验证" in answer.text) == (403, True)
    strict = signing(amr=("mfa",))
    strict.travel(stranger, "new", amr=["mfa"])
    assert stranger.post("/single-sign-on/account", {"name": "jun", "display_name": "Jun"}).status_code == 302


def test_a_welcome_links_the_account_that_waits(site: Site, stranger: Visitor) -> None:
    from app.services import account_links, accounts

    with site.database.begin() as session:
        user = accounts.add_user(session, name="jun", password=None, role=Role.CONSULTANT, clock=site.clock)
        made = account_links.welcome(session, user, days=7, actor=None, clock=site.clock)
    stranger.get(f"/link/{made.token}")
    assert site.travel(stranger, "new").status_code == 302
    assert is_signed_in(stranger)
    assert "只能用Example ID登录" in stranger.get(OWN).text


def test_whoever_has_an_account_keeps_the_invitation_through_signing_in(site: Site, stranger: Visitor) -> None:
    from app.services import accounts

    with site.database.begin() as session:
        accounts.add_user(session, name="jun", password=PASSWORD, role=Role.READER, clock=site.clock)
    site.identify("jun", MEI)
    made = invitation_to_engagement(site, Part.OBSERVER)
    stranger.get(f"/link/{made.token}")
    assert site.travel(stranger, MEI, "/single-sign-on?next=/link").headers["Location"] == "/link"
    assert stranger.post("/link").status_code == 302
    assert stranger.page(ENGAGEMENT).title
