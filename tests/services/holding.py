"""Interviews to test with: Fuzhou's assessment of the demo engagement, two consultants, an interview that is open."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.services import accounts, interviewing
from app.services.answering import Conflict, Saved, save_answer
from app.services.engagements import get_engagement, list_assessments
from app.services.permissions import Actor, Role
from tests.acting import acting

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.storage.database import Database, Session

PASSWORD = "seven lamps over Fuzhou harbour"
GUIDE = "telecom-crm-interview@1.0.0"
ROLE = "local-marketing"
ELEMENT = "customer-data-strategy"


def fuzhou(session: Session) -> int:
    """Return the id of the assessment that is there to be interviewed for."""
    engagement = get_engagement(session, "china-telecom-2003")
    return next(one.id for one in list_assessments(session, engagement.id) if one.unit.key == "fuzhou")


def consultant(session: Session, name: str, clock: Clock) -> Actor:
    """Add a consultant and return them as who asks."""
    user = accounts.add_user(
        session, name=name, display_name=f"顾问{name}", role=Role.CONSULTANT, password=PASSWORD, clock=clock
    )
    return acting(user.id, user.name, user.display_name, user.role)


@dataclass(frozen=True)
class Held:
    """An open interview in Fuzhou and two consultants who hold it."""

    database: Database
    library: Library
    clock: Clock
    interview_id: int
    assessment_id: int
    ann: Actor
    bo: Actor

    def save(
        self,
        changes: Mapping[str, object],
        *,
        base: int = 0,
        by: Actor | None = None,
        element: str = ELEMENT,
        mutation_id: str | None = None,
    ) -> Saved | Conflict:
        """Save in a transaction of its own."""
        with self.database.begin() as session:
            return save_answer(
                session,
                interview_id=self.interview_id,
                element=element,
                mutation_id=mutation_id or uuid.uuid4().hex,
                base_version=base,
                changes=changes,
                actor=by or self.ann,
                clock=self.clock,
            )

    def close(self) -> None:
        """Close the interview, in a transaction of its own."""
        with self.database.begin() as session:
            interviewing.close_interview(session, self.interview_id)


def hold(
    database: Database,
    library: Library,
    clock: Clock,
    *,
    ann: Actor | None = None,
    bo: Actor | None = None,
    guide: str = GUIDE,
    role: str = ROLE,
) -> Held:
    """Start an interview; `ann` and `bo` are users that exist already, else two consultants are added."""
    with database.begin() as session:
        ann, bo = ann or consultant(session, "ann", clock), bo or consultant(session, "bo", clock)
        assessment_id = fuzhou(session)
        interview_id = interviewing.start_interview(
            session,
            assessment_id,
            questionnaire=guide,
            role=role,
            particulars=interviewing.Particulars("受访者A", "顾问ann", date(2026, 3, 2)),
            library=library,
            actor=ann,
            clock=clock,
        )
    return Held(database, library, clock, interview_id, assessment_id, ann, bo)
