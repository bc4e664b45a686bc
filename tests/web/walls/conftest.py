"""The world of two engagements, made once, and a browser for everybody in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.settings import Settings
from app.web.context import Context
from tests.conftest import FixedClock
from tests.web.conftest import NOON, Visitor
from tests.web.walls.world import PEOPLE, Person, World, build

if TYPE_CHECKING:
    from flask import Flask

    from tests.application import Built


@pytest.fixture(scope="session")
def parts(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Context]:
    from app.jobs.queue import DatabaseQueue

    folder = tmp_path_factory.mktemp("walls")
    data = folder / "data"
    settings = Settings(
        content=folder / "content",
        data=data,
        database_url=f"sqlite:///{data / 'crm-maturity.db'}",
        host="127.0.0.1",
        port=0,
        locale="zh",
        secure_cookies=False,
        secret_key="a key for tests, long enough to be accepted",
    )
    clock = FixedClock(NOON)
    queue = DatabaseQueue(clock)
    world = build(demo_file, settings, folder / "content", clock, queue)
    return world, Context(settings, world.database, world.press.shelf, clock, queue)


@pytest.fixture(scope="session")
def world(parts: tuple[World, Context]) -> World:
    """What there is."""
    return parts[0]


@pytest.fixture
def application(parts: tuple[World, Context], built: Built) -> Flask:
    return built.over(parts[1])


@pytest.fixture
def enter(application: Flask, world: World) -> Callable[[str], Visitor]:
    """Return somebody's browser by their name."""

    def open_browser(name: str) -> Visitor:
        from app.web.signing.routes import TOKEN

        client = application.test_client()
        if name in world.tokens:
            with client.session_transaction() as browser:
                browser[TOKEN] = world.tokens[name]
        if name == "respondent":
            client.get(world.link)
        return Visitor(client)

    return open_browser


@pytest.fixture(params=PEOPLE, ids=[one.name for one in PEOPLE])
def person(request: pytest.FixtureRequest) -> Person:
    """Each of them."""
    found: Person = request.param
    return found
