"""The application over one demo engagement that all of these tests only look at, and people signed in to it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.services import accounts
from app.services.engagements import get_engagement, list_assessments
from app.services.permissions import Role
from app.settings import CHECKOUT, Settings
from tests.acting import enrol_everybody
from tests.application import Built

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from app.content.library import Library
    from app.storage.database import Database

PASSWORD = "seven lamps over Fuzhou harbour"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
ENGAGEMENT = "china-telecom-2003"


@dataclass
class Visitor:
    """Somebody with a browser and a language."""

    client: FlaskClient

    def get(self, path: str, **parameters: object) -> TestResponse:
        return self.client.get(path, query_string=parameters)

    def speak(self, locale: str) -> Visitor:
        self.client.set_cookie("locale", locale)
        return self


def noon() -> datetime:
    """A clock that stands still."""
    return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shared_settings(tmp_path_factory: pytest.TempPathFactory, demo_file: Path) -> Settings:
    data = tmp_path_factory.mktemp("analysis")
    shutil.copy(demo_file, data / "crm-maturity.db")
    return Settings(
        content=CHECKOUT,
        data=data,
        database_url=f"sqlite:///{data / 'crm-maturity.db'}",
        host="127.0.0.1",
        port=0,
        locale="zh",
        secure_cookies=False,
        secret_key="a key for tests, long enough to be accepted",
    )


@pytest.fixture(scope="session")
def shared_database(shared_settings: Settings) -> Iterator[Database]:
    from app.storage.database import Database

    database = Database(shared_settings.database_url)
    with database.begin() as session:
        for name, role in (("reader", Role.READER), ("consultant", Role.CONSULTANT)):
            accounts.add_user(session, name=name, display_name=name, role=role, password=PASSWORD, clock=noon)
        enrol_everybody(session, noon)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def shared_application(
    shared_settings: Settings, shared_database: Database, library: Library, compiled_templates: Path
) -> Flask:
    from app.jobs.queue import DatabaseQueue
    from app.services.shelf import Shelf
    from app.web.context import Context

    return Built(compiled_templates).over(
        Context(shared_settings, shared_database, Shelf(shared_database, library), noon, DatabaseQueue(noon))
    )


@pytest.fixture(scope="session")
def cookies(shared_application: Flask) -> Callable[[str], str]:
    """The session cookie of a signed-in user; each signs in once."""
    known: dict[str, str] = {}

    def of(name: str) -> str:
        if name not in known:
            client = shared_application.test_client()
            token = TOKEN.search(client.get("/sign-in").text)
            assert token
            answer = client.post("/sign-in", data={"csrf_token": token[1], "name": name, "password": PASSWORD})
            assert answer.status_code in (302, 303), answer.text
            cookie = client.get_cookie("session")
            assert cookie
            known[name] = cookie.value
        return known[name]

    return of


@pytest.fixture
def sign_in(shared_application: Flask, cookies: Callable[[str], str]) -> Callable[[str], Visitor]:
    def enter(name: str) -> Visitor:
        client = shared_application.test_client()
        client.set_cookie("session", cookies(name))
        return Visitor(client)

    return enter


@pytest.fixture
def visitor(sign_in: Callable[[str], Visitor]) -> Visitor:
    return sign_in("consultant")


@pytest.fixture
def stranger(shared_application: Flask) -> Visitor:
    return Visitor(shared_application.test_client())


@pytest.fixture(scope="session")
def ids(shared_database: Database) -> dict[str, int]:
    """The assessments of the demo engagement by unit."""
    with shared_database.read() as session:
        engagement = get_engagement(session, ENGAGEMENT)
        return {one.unit.key: one.id for one in list_assessments(session, engagement.id)}
