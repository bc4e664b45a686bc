"""An interview in Fuzhou with a note, a finding from it, and visitors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services import findings
from app.services.findings import Draft
from tests.services.holding import ELEMENT, Held, hold
from tests.web import conftest as web

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock

NOTE = "只有口头约定，谁也没见过文件"
WORDS = "没有统一的客户数据战略"


@dataclass(frozen=True)
class Desk:
    """A held interview whose note led to one finding."""

    held: Held
    finding_id: int

    @property
    def listing(self) -> str:
        """Where the findings of the assessment stand."""
        return f"/assessments/{self.held.assessment_id}/findings"

    @property
    def element(self) -> str:
        """Where those of the element stand."""
        return f"{self.listing}/{ELEMENT}"

    def standing(self, element: str = ELEMENT) -> list[str | None]:
        """Return the findings in Chinese as they stand."""
        with self.held.database.read() as session:
            found = findings.findings_of(session, self.held.assessment_id)
        return [one.text.zh for one in found.get(element, ())]


@pytest.fixture
def desk(web_database: Database, library: Library, clock: FixedClock, peopled: web.Peopled) -> Desk:
    from app.services import sign_ins

    with web_database.begin() as session:
        ann = sign_ins.actor_of(session, peopled.tokens["consultant"], clock)
        bo = sign_ins.actor_of(session, peopled.tokens["administrator"], clock)
    held = hold(web_database, library, clock, ann=ann, bo=bo)
    held.save({"score": "2.5", "note": NOTE, "confidence": "low"})
    with web_database.begin() as session:
        written = findings.write_finding(
            session,
            held.assessment_id,
            ELEMENT,
            Draft(Text(WORDS), 1, (held.interview_id,)),
            actor=held.bo,
            clock=clock,
        )
    return Desk(held, written.finding_id)
