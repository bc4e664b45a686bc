"""Agreed scores as a team saves them: one row, its conditional update, its revisions; and whether anything changed.

Knows rows and versions, no rule about merging. (`assessments` reads and imports agreed scores in bulk.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.storage.assessments import AgreedScoreValues
from app.storage.tables import (
    AgreedScoreRevisionRow,
    AgreedScoreRow,
    AnswerRevisionRow,
    AssessmentRow,
    EngagementRow,
    FindingRow,
    InterviewRow,
    RespondentRow,
    RoundRow,
    UnitRow,
    UserRow,
)

LOST = "conflict-lost"

_TABLE = cast("Table", AgreedScoreRow.__table__)
_UPDATE = update(_TABLE).where(_TABLE.c.id == bindparam("wanted"), _TABLE.c.version == bindparam("base"))


@dataclass(frozen=True, slots=True)
class Decision:
    """An agreed score as stored, with who decided it last."""

    id: int
    element: str
    values: AgreedScoreValues
    version: int
    decided_by: int | None
    decided_by_name: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionRevision:
    """One save of an agreed score: the whole values `before` and `after` (None: there were none)."""

    id: int
    element: str
    version: int
    kind: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    mutation_id: str | None
    assessment_id: int
    result: Mapping[str, Any]
    user_id: int | None
    user_name: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NewDecisionRevision:
    """What is appended for one save."""

    assessment_id: int
    element: str
    version: int
    kind: str
    before: AgreedScoreValues
    after: AgreedScoreValues
    mutation_id: str
    base_version: int
    result: Mapping[str, Any]
    user_id: int | None
    at: datetime


_DECISIONS: Any = select(
    AgreedScoreRow.id,
    AgreedScoreRow.element,
    AgreedScoreRow.state,
    AgreedScoreRow.steps,
    AgreedScoreRow.reason,
    AgreedScoreRow.note,
    AgreedScoreRow.method,
    AgreedScoreRow.confidence,
    AgreedScoreRow.version,
    AgreedScoreRow.decided_by,
    UserRow.display_name,
    AgreedScoreRow.decided_at,
).outerjoin(UserRow, UserRow.id == AgreedScoreRow.decided_by)


def decisions(session: Session, assessment_id: int) -> dict[str, Decision]:
    """Return what is agreed in an assessment, those taken back too, by element."""
    rows = session.execute(_DECISIONS.where(AgreedScoreRow.assessment_id == assessment_id).order_by(AgreedScoreRow.id))
    return {row.element: _decision(row) for row in rows}


def decision(session: Session, assessment_id: int, element: str) -> Decision | None:
    """Return what is agreed about one element; None when nothing ever was."""
    row = session.execute(
        _DECISIONS.where(AgreedScoreRow.assessment_id == assessment_id, AgreedScoreRow.element == element)
    ).one_or_none()
    return None if row is None else _decision(row)


def _decision(row: Any) -> Decision:
    key, element, *values, version, decided_by, name, decided_at = row
    return Decision(key, element, AgreedScoreValues(*values), version, decided_by, name, decided_at)


def insert_decision(
    session: Session,
    assessment_id: int,
    element: str,
    values: AgreedScoreValues,
    *,
    at: datetime,
    user_id: int | None,
) -> bool:
    """Store a first agreed score as version 1; False when somebody else was first (nothing is changed then)."""
    try:
        with session.begin_nested():
            session.execute(
                insert(_TABLE).values(
                    assessment_id=assessment_id,
                    element=element,
                    **values.document(),
                    version=1,
                    decided_by=user_id,
                    decided_at=at,
                )
            )
    except IntegrityError:
        return False
    return True


def update_decision(
    session: Session, former: Decision, values: AgreedScoreValues, *, at: datetime, user_id: int | None
) -> bool:
    """Replace an agreed score and raise its version, only while it stands at the former's version; False otherwise."""
    result = session.execute(
        _UPDATE,
        {
            **values.document(),
            "version": former.version + 1,
            "decided_by": user_id,
            "decided_at": at,
            "wanted": former.id,
            "base": former.version,
        },
    )
    return cast("CursorResult[Any]", result).rowcount == 1


_REVISIONS: Any = select(
    AgreedScoreRevisionRow.id,
    AgreedScoreRevisionRow.element,
    AgreedScoreRevisionRow.version,
    AgreedScoreRevisionRow.kind,
    AgreedScoreRevisionRow.before,
    AgreedScoreRevisionRow.after,
    AgreedScoreRevisionRow.mutation_id,
    AgreedScoreRevisionRow.assessment_id,
    AgreedScoreRevisionRow.result,
    AgreedScoreRevisionRow.user_id,
    UserRow.display_name.label("user_name"),
    AgreedScoreRevisionRow.at,
).outerjoin(UserRow, UserRow.id == AgreedScoreRevisionRow.user_id)


def decision_revision(session: Session, mutation_id: str) -> DecisionRevision | None:
    """Return what was stored for a mutation id; None for a new one."""
    row = session.execute(_REVISIONS.where(AgreedScoreRevisionRow.mutation_id == mutation_id)).one_or_none()
    return None if row is None else _revision(row)


def decision_revisions(session: Session, assessment_id: int, element: str) -> tuple[DecisionRevision, ...]:
    """Return every save of one agreed score in order, the losing sides of conflicts too."""
    rows = session.execute(
        _REVISIONS.where(
            AgreedScoreRevisionRow.assessment_id == assessment_id, AgreedScoreRevisionRow.element == element
        ).order_by(AgreedScoreRevisionRow.id)
    )
    return tuple(_revision(row) for row in rows)


def _revision(row: Any) -> DecisionRevision:
    return DecisionRevision(**{**row._mapping, "result": row.result or {}})


def append_decision_revision(session: Session, new: NewDecisionRevision) -> None:
    """Append one revision; revisions are never changed afterwards."""
    session.execute(
        insert(cast("Table", AgreedScoreRevisionRow.__table__)).values(
            assessment_id=new.assessment_id,
            element=new.element,
            version=new.version,
            kind=new.kind,
            before=new.before.document(),
            after=new.after.document(),
            mutation_id=new.mutation_id,
            base_version=new.base_version,
            result=dict(new.result),
            user_id=new.user_id,
            at=new.at,
        )
    )


def _of_interview(column: Any) -> Any:
    rows = select(column).where(AnswerRevisionRow.interview_id == InterviewRow.id)
    return rows.correlate(InterviewRow).scalar_subquery()


def _of_agreed(column: Any) -> Any:
    rows = select(column).where(AgreedScoreRevisionRow.assessment_id == AssessmentRow.id)
    return rows.correlate(AssessmentRow).scalar_subquery()


def _of_findings(column: Any) -> Any:
    rows = select(column).where(FindingRow.assessment_id == AssessmentRow.id)
    return rows.correlate(AssessmentRow).scalar_subquery()


# Asked every second or two by everybody in the room: one statement, built once, over indexes. Counts stand beside the
# highest ids because a database with several writers may commit a lower id after a higher one.
_PULSE: Any = (
    select(
        AssessmentRow.state,
        AssessmentRow.archived_at,
        AssessmentRow.minimum_roles,
        UnitRow.archived_at,
        RoundRow.archived_at,
        EngagementRow.archived_at,
        _of_agreed(func.max(AgreedScoreRevisionRow.id)),
        _of_agreed(func.count()),
        _of_findings(func.max(FindingRow.id)),
        _of_findings(func.count()),
        _of_findings(func.count(FindingRow.archived_at)),
        _of_findings(func.sum(FindingRow.version)),
        InterviewRow.id,
        InterviewRow.role,
        InterviewRow.archived_at,
        RespondentRow.label,
        _of_interview(func.max(AnswerRevisionRow.id)),
        _of_interview(func.count()),
    )
    .join(UnitRow, UnitRow.id == AssessmentRow.unit_id)
    .join(RoundRow, RoundRow.id == AssessmentRow.round_id)
    .join(EngagementRow, EngagementRow.id == AssessmentRow.engagement_id)
    .outerjoin(InterviewRow, InterviewRow.assessment_id == AssessmentRow.id)
    .outerjoin(RespondentRow, RespondentRow.id == InterviewRow.respondent_id)
    .where(AssessmentRow.id == bindparam("wanted"))
    .order_by(InterviewRow.id)
)


def pulse(session: Session, assessment_id: int) -> tuple[tuple[Any, ...], ...]:
    """Return values that differ after every change of an assessment's answers, interviews, agreed scores or findings.

    Empty if there is no such assessment.
    """
    return tuple(tuple(row) for row in session.execute(_PULSE, {"wanted": assessment_id}))
