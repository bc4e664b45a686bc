"""The web application over the demo engagement, and visitors of every role with a browser of their own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from app.services.permissions import Role
from tests.acting import enrol_everybody
from tests.application import Built
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from app.content.library import Library
    from app.settings import Settings
    from app.storage.database import Database

ENGAGEMENT = "/engagements/china-telecom-2003"
PASSWORD = "seven lamps over Fuzhou harbour"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Page(HTMLParser):
    """What a reader sees of an HTML page: its title, its words, its links and its language."""

    text: str
    title: str = ""
    words: str = ""
    links: list[str] = field(default_factory=list)
    language: str = ""
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._within: list[str] = []
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.language = values.get("lang") or ""
        if tag == "a":
            self.links.append(values.get("href") or "")
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if tag in ("title", "script", "style"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if "title" in self._within:
            self.title += data
        elif not self._within:
            self.words = f"{self.words} {data.strip()}".strip()


@dataclass
class Visitor:
    """Somebody with a browser."""

    client: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def page(self, path: str, *, status: int = 200) -> Page:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == status, (path, answer.status_code)
        return Page(answer.text)

    def token(self) -> str:
        found = TOKEN.search(self.client.get("/help/start").text)
        assert found
        return found[1]

    def post(self, path: str, values: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **(values or {})}, **options)

    def speak(self, locale: str) -> Visitor:
        self.client.set_cookie("locale", locale)
        return self


@dataclass(frozen=True)
class Peopled:
    """A database file with the demo engagement and a signed-in user per role."""

    file: Path
    tokens: dict[str, str]


@pytest.fixture(autouse=True)
def _plain_log() -> Iterator[None]:
    """Write errors as plain lines: structlog's pretty traceback draws every local, and a framework is a large one."""
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def peopled(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Peopled:
    from app.services import accounts
    from app.services.sign_ins import Factors, start_sign_in
    from app.storage.database import Database

    path = tmp_path_factory.mktemp("peopled") / "crm-maturity.db"
    shutil.copy(demo_file, path)
    database = Database(f"sqlite:///{path}")
    tokens = {}
    with database.begin() as session:
        for role in Role:
            user = accounts.add_user(
                session, name=role.value, password=PASSWORD, role=role, clock=FixedClock(NOON), display_name=role.value
            )
            tokens[role.value] = start_sign_in(
                session, user.id, factors=Factors.PASSWORD, device="Firefox · Linux", clock=FixedClock(NOON)
            )
        enrol_everybody(session, FixedClock(NOON))
    database.dispose()
    return Peopled(path, tokens)


@pytest.fixture
def web_database(settings: Settings, peopled: Peopled) -> Iterator[Database]:
    from app.storage.database import Database

    settings.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(peopled.file, settings.data / "crm-maturity.db")
    database = Database(settings.database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def built(compiled_templates: Path) -> Built:
    return Built(compiled_templates)


@pytest.fixture
def application(settings: Settings, web_database: Database, library: Library, clock: FixedClock, built: Built) -> Flask:
    """The application over the parts of this test."""
    from app.jobs.queue import DatabaseQueue
    from app.services.shelf import Shelf
    from app.web.context import Context

    return built.over(Context(settings, web_database, Shelf(web_database, library), clock, DatabaseQueue(clock)))


@pytest.fixture
def visit(application: Flask, peopled: Peopled) -> Callable[[str | None], Visitor]:
    """Return a visitor of a role (None: a stranger)."""

    def enter(role: str | None) -> Visitor:
        from app.web.signing.routes import TOKEN as KEY

        client = application.test_client()
        if role is not None:
            with client.session_transaction() as browser:
                browser[KEY] = peopled.tokens[role]
        return Visitor(client)

    return enter


@pytest.fixture
def stranger(visit: Callable[[str | None], Visitor]) -> Visitor:
    return visit(None)


@pytest.fixture
def reader(visit: Callable[[str | None], Visitor]) -> Visitor:
    return visit("reader")


@pytest.fixture
def consultant(visit: Callable[[str | None], Visitor]) -> Visitor:
    return visit("consultant")


@pytest.fixture
def administrator(visit: Callable[[str | None], Visitor]) -> Visitor:
    return visit("administrator")
