"""A workshop about Fuzhou: interviews of several roles, and visitors of every role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.holding import Held, hold
from tests.services.test_agreeing import Team
from tests.web import conftest as web

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock


@pytest.fixture
def held(web_database: Database, library: Library, clock: FixedClock, peopled: web.Peopled) -> Held:
    from app.services import sign_ins
    from app.services.engagements import get_engagement

    with web_database.begin() as session:
        ann = sign_ins.actor_of(session, peopled.tokens["consultant"], clock)
        assert ann
        ann = ann.within(get_engagement(session, "china-telecom-2003").id)
        bo = sign_ins.actor_of(session, peopled.tokens["administrator"], clock)
    return hold(web_database, library, clock, ann=ann, bo=bo)


@pytest.fixture
def team(held: Held) -> Team:
    return Team(held)
