"""Assessments brought to review and released, as the lead of an engagement does it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.services import finishing, handing_over
from app.services.engagements import get_engagement, list_assessments
from app.services.releasing import preview_release, release_result
from app.storage.attachments import insert_attachment

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Database, Session

DEMO = "china-telecom-2003"


def scored(session: Session, unit: str = "guangzhou") -> int:
    """Return the id of an assessment of the demo engagement that has scores."""
    found = list_assessments(session, get_engagement(session, DEMO).id)
    return next(one.id for one in found if one.unit.key == unit and one.framework_id == "telecom-crm")


def bring_to_review(database: Database, assessment_id: int, *, actor: Actor, clock: Clock) -> None:
    """Accept every warning with a reason and hand the assessment over."""
    with database.begin() as session:
        check = finishing.check_assessment(session, assessment_id).check
        for topic in check.topics:
            about = [one.about for one in topic.waiting]
            if about and not topic.is_error:
                handing_over.accept_in_assessment(
                    session, assessment_id, topic.code.value, about, reason="已逐条核对", actor=actor, clock=clock
                )
        handing_over.hand_over_assessment(session, assessment_id, actor=actor, clock=clock)


def release(database: Database, assessment_id: int, *, actor: Actor, clock: Clock) -> str:
    """Bring an assessment to review and release it; return the hash of its result."""
    bring_to_review(database, assessment_id, actor=actor, clock=clock)
    with database.begin() as session:
        seen = preview_release(session, assessment_id).hash
        return release_result(session, assessment_id, seen=seen, actor=actor, clock=clock)


def attach(session: Session, assessment_id: int, element: str, stored_as: str) -> int:
    """Give a file in the data folder its row."""
    return insert_attachment(
        session,
        assessment_id=assessment_id,
        element=element,
        stored_as=stored_as,
        label="台账",
        media_type="application/pdf",
        size=17,
        sha256="0" * 64,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
