"""Queries over what was said at the finish: warnings accepted with a reason, and the steps of a hand-over.

Both lie in `accepted_warning`, told apart by their code: rows are added and withdrawn, never changed or deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.storage.answer_revisions import LOST
from app.storage.tables import (
    AcceptedWarningRow,
    AgreedScoreRow,
    AnswerRevisionRow,
    AttachmentRow,
    FindingRow,
    InterviewRow,
    UserRow,
)


@dataclass(frozen=True, slots=True)
class WarningRecord:
    """One row as stored, with the name of who accepted it and the key of the interview it is about."""

    id: int
    interview_id: int | None
    interview_key: str | None
    code: str
    element: str
    reason: str
    accepted_by: str | None
    accepted_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """What rows are about: an interview of an assessment, or (`interview_id` None) the assessment itself."""

    assessment_id: int
    interview_id: int | None = None


_WARNINGS = (
    select(
        AcceptedWarningRow.id,
        AcceptedWarningRow.interview_id,
        InterviewRow.key,
        AcceptedWarningRow.code,
        AcceptedWarningRow.element,
        AcceptedWarningRow.reason,
        UserRow.display_name,
        AcceptedWarningRow.accepted_at,
        AcceptedWarningRow.withdrawn_at,
    )
    .outerjoin(InterviewRow, InterviewRow.id == AcceptedWarningRow.interview_id)
    .outerjoin(UserRow, UserRow.id == AcceptedWarningRow.accepted_by)
    .order_by(AcceptedWarningRow.id)
)


def warnings_at(session: Session, place: Place) -> tuple[WarningRecord, ...]:
    """Return every row about exactly this place, oldest first, withdrawn ones too."""
    rows = session.execute(
        _WARNINGS.where(
            AcceptedWarningRow.assessment_id == place.assessment_id,
            AcceptedWarningRow.interview_id.is_(None)
            if place.interview_id is None
            else AcceptedWarningRow.interview_id == place.interview_id,
        )
    )
    return tuple(WarningRecord(*row) for row in rows)


def warnings_of(session: Session, assessment_id: int) -> tuple[WarningRecord, ...]:
    """Return every row of an assessment and of its interviews in use, oldest first, withdrawn ones too."""
    rows = session.execute(
        _WARNINGS.where(AcceptedWarningRow.assessment_id == assessment_id, InterviewRow.archived_at.is_(None))
    )
    return tuple(WarningRecord(*row) for row in rows)


def insert_warnings(
    session: Session,
    place: Place,
    elements: Sequence[str],
    *,
    code: str,
    reason: str,
    at: datetime,
    user_id: int | None,
) -> None:
    """Append one row for each element."""
    rows = [
        {
            "assessment_id": place.assessment_id,
            "interview_id": place.interview_id,
            "code": code,
            "element": element,
            "reason": reason,
            "accepted_by": user_id,
            "accepted_at": at,
        }
        for element in elements
    ]
    if rows:
        session.execute(insert(AcceptedWarningRow), rows)


def withdraw_warnings(session: Session, place: Place, ids: Sequence[int], *, at: datetime) -> int:
    """Withdraw rows of this place that still stand; return how many did."""
    wanted = [record.id for record in warnings_at(session, place) if record.id in ids and record.withdrawn_at is None]
    session.execute(update(AcceptedWarningRow).where(AcceptedWarningRow.id.in_(wanted)).values(withdrawn_at=at))
    return len(wanted)


def last_judged(session: Session, interview_ids: Sequence[int]) -> dict[int, dict[str, datetime]]:
    """Return when the judgement (state and score) of each answer last changed: by interview, then by element."""
    found: dict[int, dict[str, datetime]] = {interview_id: {} for interview_id in interview_ids}
    rows = session.execute(
        select(AnswerRevisionRow.interview_id, AnswerRevisionRow.element, AnswerRevisionRow.after, AnswerRevisionRow.at)
        .where(AnswerRevisionRow.interview_id.in_(interview_ids), AnswerRevisionRow.kind != LOST)
        .order_by(AnswerRevisionRow.id)
    )
    for interview_id, element, after, at in rows:
        if "judgement" in (after or {}):
            found[interview_id][element] = at
    return found


def last_agreed(session: Session, assessment_id: int) -> dict[str, datetime]:
    """Return when the agreed score of each element was last decided."""
    rows = session.execute(
        select(AgreedScoreRow.element, AgreedScoreRow.decided_at).where(AgreedScoreRow.assessment_id == assessment_id)
    )
    return {element: at for element, at in rows}  # noqa: C416 - dict(rows) loses the types


@dataclass(frozen=True, slots=True)
class Evidence:
    """What lies behind an element besides its answers: findings, the strongest evidence of them (0 to 3), files."""

    findings: int = 0
    strongest: int | None = None
    attachments: int = 0


def evidence_of(session: Session, assessment_id: int) -> dict[str, Evidence]:
    """Return the findings and attachments in use of an assessment, counted by element; those without are absent."""
    files = {
        element: int(count)
        for element, count in session.execute(
            select(AttachmentRow.element, func.count())
            .where(AttachmentRow.assessment_id == assessment_id, AttachmentRow.archived_at.is_(None))
            .group_by(AttachmentRow.element)
        )
    }
    found = {
        element: Evidence(count, strongest, files.pop(element, 0))
        for element, count, strongest in session.execute(
            select(FindingRow.element, func.count(), func.max(FindingRow.strength))
            .where(FindingRow.assessment_id == assessment_id, FindingRow.archived_at.is_(None))
            .group_by(FindingRow.element)
        )
    }
    return found | {element: Evidence(attachments=count) for element, count in files.items()}
