"""The web application over a small framework in two versions, with one assessment in the first."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services import interviewing
from app.services.agreeing import save_agreed
from app.services.engagements import create_assessment, create_engagement, create_round, create_unit
from app.services.interviewing import Particulars
from app.services.permissions import Role
from tests.acting import acting, enrol_everybody
from tests.conftest import FixedClock
from tests.services.shelves import SECOND, Press

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings
    from app.storage.database import Database
    from tests.application import Built
    from tests.web.conftest import Visitor


@dataclass(frozen=True)
class Small:
    """What there is to upgrade."""

    press: Press
    database: Database
    assessment: int
    interview: int

    @property
    def path(self) -> str:
        """The address of the page about its version."""
        return f"/assessments/{self.assessment}/upgrade"


@pytest.fixture
def small(web_database: Database, tmp_path: Path, clock: FixedClock) -> Small:
    press = Press(web_database, tmp_path / "content", clock)
    press.publish("2.0.0", SECOND)
    press.publish_questionnaire("2.0.0", ">=2,<3", SECOND)
    with web_database.begin() as session:
        actor = acting(1, "x", "x", Role.CONSULTANT)
        engagement = create_engagement(session, key="firm", name=Text("公司"), actor=actor, clock=clock)
        create_unit(session, engagement.id, key="north", name=Text("北方"))
        create_round(session, engagement.id, key="2026", name=Text("2026"))
        made = create_assessment(
            session,
            engagement.id,
            unit="north",
            round="2026",
            framework=press.library.framework("small@1.0.0"),
            actor=actor,
            clock=clock,
        ).id
        held = interviewing.start_interview(
            session,
            made,
            questionnaire="small-interview@1.0.0",
            role="boss",
            particulars=Particulars(),
            library=press.library,
            actor=actor,
            clock=clock,
        )
        for element, score in {"kept": "1", "renamed": "3", "cut": "4", "one": "2", "gone": "5"}.items():
            save_agreed(
                session,
                assessment_id=made,
                element=element,
                mutation_id=uuid.uuid4().hex,
                base_version=0,
                changes={"score": score, "reason": "说好了"},
                actor=actor,
                clock=clock,
            )
        enrol_everybody(session, clock)
    return Small(press, web_database, made, held)


@pytest.fixture
def application(settings: Settings, small: Small, clock: FixedClock, built: Built) -> Flask:
    from app.jobs.queue import DatabaseQueue
    from app.web.context import Context

    return built.over(Context(settings, small.database, small.press.shelf, clock, DatabaseQueue(clock)))


@pytest.fixture
def upgraded(small: Small, visit: Callable[[str | None], Visitor]) -> Small:
    """The same, in version 2.0.0."""
    consultant = visit("consultant")
    answer = consultant.post(small.path, {"to": "2.0.0", "seen": seen_on(consultant, small)})
    assert answer.status_code == 303
    return small


def seen_on(visitor: Visitor, small: Small) -> str:
    """Return the name of the preview that a page shows."""
    return visitor.get(small.path).text.split('name="seen" value="')[1].split('"')[0]
