"""An open interview in Fuzhou, and visitors who also save answers as the scripts do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.services.holding import Held, hold
from tests.web import conftest as web

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock


@dataclass
class Visitor(web.Visitor):
    """Somebody with a browser that runs scripts."""

    def put(self, path: str, body: object, *, token: str | None = None) -> TestResponse:
        return self.client.put(path, json=body, headers={"X-CSRFToken": self.token() if token is None else token})


@pytest.fixture
def held(web_database: Database, library: Library, clock: FixedClock, peopled: web.Peopled) -> Held:
    from app.services import sign_ins

    with web_database.begin() as session:
        ann = sign_ins.actor_of(session, peopled.tokens["consultant"], clock)
        bo = sign_ins.actor_of(session, peopled.tokens["administrator"], clock)
    return hold(web_database, library, clock, ann=ann, bo=bo)


@pytest.fixture
def ann(consultant: web.Visitor, held: Held) -> Visitor:
    return Visitor(consultant.client)


@pytest.fixture
def stranger(stranger: web.Visitor, held: Held) -> Visitor:
    return Visitor(stranger.client)


@pytest.fixture
def reader(reader: web.Visitor, held: Held) -> Visitor:
    return Visitor(reader.client)
