"""The web application before an identity provider in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.services.identity_provider import IdentityProvider
from tests.application import Built
from tests.conftest import FixedClock
from tests.services.minting import SETTINGS, Provider
from tests.web.conftest import Visitor

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from app.content.library import Library
    from app.settings import Settings
    from app.storage.database import Database

REFUSED = "/single-sign-on/refused"
Signing = Callable[..., "Site"]


def told(visitor: Visitor, answer: TestResponse) -> TestResponse:
    """Return the page that says why it led nowhere, if it did; else the answer."""
    return visitor.get(REFUSED) if answer.headers.get("Location") == REFUSED else answer


class Site:
    """The application with single sign-on, and its provider."""

    def __init__(self, provider: Provider, database: Database, clock: FixedClock) -> None:
        self.provider = provider
        self.database = database
        self.clock = clock

    def leave(self, visitor: Visitor, path: str = "/single-sign-on", **options: Any) -> dict[str, str]:
        """Follow the link to the provider; return what its address asks."""
        answer = visitor.get(path, **options)
        assert answer.status_code == 302, answer.text
        address = urlsplit(answer.headers["Location"])
        assert address.hostname == "id.example.com", answer.headers["Location"]
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.provider.nonce = asked["nonce"]
        return asked

    def come_back(self, visitor: Visitor, state: str, **answer: str) -> TestResponse:
        """Come back from the provider with a code, or with what `answer` says."""
        values = {"code": "the code", "state": state, **answer}
        return told(visitor, visitor.get("/single-sign-on/return", query_string=values))

    def travel(self, visitor: Visitor, subject: str, path: str = "/single-sign-on", **claims: Any) -> TestResponse:
        """Go to the provider as `subject` and come back."""
        self.provider.claims = {"sub": subject, **claims}
        return self.come_back(visitor, self.leave(visitor, path)["state"])

    def identify(self, name: str, subject: str) -> int:
        """Link a user's account; return the user's id."""
        from app.services import accounts, single_sign_on
        from app.services.token_checking import Identity

        with self.database.begin() as session:
            user = accounts.get_user(session, name)
            identity = Identity(SETTINGS.issuer, subject)
            single_sign_on.link(session, identity, user.id, actor=None, clock=self.clock)
            return user.id

    def events(self, kind: str) -> list[tuple[int | None, dict[str, Any]]]:
        """Return user and details of the events of a kind, the oldest first."""
        from sqlalchemy import select

        from app.storage.trust_tables import AuditEventRow as Row

        with self.database.read() as session:
            rows = session.execute(select(Row.user_id, Row.details).where(Row.kind == kind).order_by(Row.id))
            return [(user_id, details) for user_id, details in rows]


@pytest.fixture
def signing(settings: Settings, web_database: Database, library: Library, clock: FixedClock, built: Built) -> Signing:
    """Return the application put over a provider with these settings."""

    def over(**chosen: Any) -> Site:
        from app.jobs.queue import DatabaseQueue
        from app.services.shelf import Shelf
        from app.web.context import Context

        provider = Provider(clock)
        ours = IdentityProvider(replace(SETTINGS, **chosen), clock, provider.fetch)
        parts = replace(settings, address="https://crm.example.com", oidc=ours.settings)
        shelf = Shelf(web_database, library)
        built.over(Context(parts, web_database, shelf, clock, DatabaseQueue(clock), provider=ours))
        return Site(provider, web_database, clock)

    return over


@pytest.fixture
def site(application: object, signing: Signing) -> Site:
    return signing()
