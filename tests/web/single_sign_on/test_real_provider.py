"""Before a real OpenID Connect provider (Canaille), by HTTP on both sides."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, TYPE_CHECKING

import pytest

from app.oidc_settings import OidcSettings
from app.services.clock import system_clock
from app.services.identity_provider import IdentityProvider
from tests import identity_server
from tests.application import Built
from tests.web.conftest import PASSWORD, Visitor

if TYPE_CHECKING:
    from app.content.library import Library
    from app.settings import Settings
    from app.storage.database import Database

SITE = "http://localhost"
HIDDEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with identity_server.running(SITE) as address:
        yield address


class Staying(urllib.request.HTTPRedirectHandler):
    """Follows the provider's redirects and stops at those to the site."""

    arrived = ""

    def redirect_request(  # noqa: PLR0917 - the library's
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if newurl.startswith(SITE):
            self.arrived = newurl
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Elsewhere:
    """The same person's browser at the provider, which remembers them."""

    def __init__(self) -> None:
        self.staying = Staying()
        cookies, direct = urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({})
        self.opener = urllib.request.build_opener(self.staying, cookies, direct)

    def sign_in(self, address: str, name: str) -> str:
        """Follow the address, sign in where asked, and return where the provider sends the browser."""
        self.staying.arrived = ""
        place, fields = address, None
        for _ in range(4):
            try:
                with self.opener.open(place, fields) as answer:
                    page, place = answer.read().decode(), answer.url
            except urllib.error.HTTPError as stopped:
                with stopped:
                    if self.staying.arrived:
                        return self.staying.arrived
                    raise
            token = HIDDEN.search(page)
            assert token, page
            typed = {"csrf_token": token[1]}
            typed |= {"password": identity_server.PASSWORD} if 'name="password"' in page else {"login": name}
            fields = urllib.parse.urlencode(typed).encode()
        raise AssertionError(f"the provider asks and asks: {place}")


@dataclass
class Person:
    """Somebody with one browser for both sites."""

    here: Visitor
    there: Elsewhere
    name: str

    def travel(self, path: str = "/single-sign-on") -> str:
        """Go to the provider and come back; return where one is then."""
        answer = self.here.get(path)
        assert answer.status_code == 302, answer.text
        back = self.there.sign_in(answer.headers["Location"], self.name)
        return self.here.get(back.removeprefix(SITE)).headers.get("Location", "")

    def is_signed_in(self) -> bool:
        return self.here.get("/account").status_code == 200


Over = Callable[..., Callable[[str], Person]]


@pytest.fixture
def over(settings: Settings, web_database: Database, library: Library, built: Built, issuer: str) -> Over:
    """Put the application before the provider with these settings; return who makes people."""
    from app.jobs.queue import DatabaseQueue
    from app.services import accounts
    from app.services.shelf import Shelf
    from app.web.context import Context

    def put(**chosen: object) -> Callable[[str], Person]:
        oidc = OidcSettings(issuer, identity_server.CLIENT_ID, "Canaille", client_secret=identity_server.CLIENT_SECRET)
        ours = IdentityProvider(replace(oidc, **chosen), system_clock)  # type: ignore[arg-type] # a test's choice
        shelf, queue = Shelf(web_database, library), DatabaseQueue(system_clock)
        application = built.over(Context(settings, web_database, shelf, system_clock, queue, provider=ours))
        return lambda name: Person(Visitor(application.test_client()), Elsewhere(), name)

    with web_database.begin() as session:
        accounts.set_password(session, "reader", PASSWORD, system_clock)
    return put


def test_an_account_is_linked_and_then_opened_by_the_provider(over: Over) -> None:
    mei = over()("mei")
    mei.here.post("/sign-in", {"name": "reader", "password": PASSWORD})
    assert mei.travel("/account/single-sign-on/link") == "/account/single-sign-on"
    assert "两种方式都可以登录" in mei.here.get("/account/single-sign-on").text
    assert mei.here.post("/sign-out").headers["Location"] == "/sign-in"
    assert not mei.is_signed_in()
    assert mei.travel("/single-sign-on?next=/help/start") == "/help/start"
    assert mei.is_signed_in()
    assert mei.here.post("/sign-out").headers["Location"] == "/single-sign-on/left"
    assert "/oauth/end_session?client_id=crm" in mei.here.get("/single-sign-on/left").text


def test_a_second_factor_is_believed_only_where_the_provider_says_so(
    over: Over,
) -> None:
    lan = over(sign_up=True, amr=("mfa",))("lan")
    assert lan.travel() == "/single-sign-on/refused"
    assert "第二道验证" in lan.here.get("/single-sign-on/refused").text
    lan = over(sign_up=True, amr=("pwd",))("lan")  # what this provider says of a password
    assert lan.travel() == "/single-sign-on/account"
    assert 'value="Lan Lin"' in lan.here.get("/single-sign-on/account").text
    assert lan.here.post("/single-sign-on/account", {"name": "lan", "display_name": "兰"}).status_code == 302
    assert lan.is_signed_in()
    assert lan.here.get("/account").text.count("单点登录") >= 1


def test_an_identity_without_an_account_is_told_so(over: Over) -> None:
    jun = over()("jun")
    assert jun.travel() == "/single-sign-on/refused"
    assert "还没有关联账号" in jun.here.get("/single-sign-on/refused").text
    assert not jun.is_signed_in()


def test_a_client_with_another_secret_is_refused(over: Over) -> None:
    jun = over(client_secret="another")("jun")
    assert jun.travel() == "/single-sign-on/refused"
    assert "没有完成登录" in jun.here.get("/single-sign-on/refused").text
    assert not jun.is_signed_in()


def test_a_code_is_worth_nothing_in_another_browser(over: Over) -> None:
    make = over(sign_up=True)
    jun, thief = make("jun"), make("mei")
    back = jun.there.sign_in(jun.here.get("/single-sign-on").headers["Location"], "jun")
    thief.here.get("/single-sign-on")
    answer = thief.here.get(back.removeprefix(SITE), follow_redirects=True)
    assert (answer.status_code, "已失效" in answer.text) == (400, True)
