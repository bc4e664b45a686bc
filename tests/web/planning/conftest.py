"""An interview in Fuzhou that is planned and not begun, and a consultant who plans more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.holding import Held, hold
from tests.web import conftest as web

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock


@pytest.fixture
def held(web_database: Database, library: Library, clock: FixedClock, peopled: web.Peopled) -> Held:
    from app.services import sign_ins

    with web_database.begin() as session:
        ann = sign_ins.actor_of(session, peopled.tokens["consultant"], clock)
        bo = sign_ins.actor_of(session, peopled.tokens["administrator"], clock)
    return hold(web_database, library, clock, ann=ann, bo=bo)
