"""Queries over memberships, and over which engagement a thing belongs to. Knows no rule."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, null, select, update
from sqlalchemy.orm import Session

from app.storage.report_tables import JobRow, ReportRow
from app.storage.tables import (
    AssessmentRow,
    AttachmentRow,
    EngagementRow,
    FindingRow,
    InterviewRow,
    UserRow,
)
from app.storage.trust_tables import MembershipRow


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """A member of an engagement as stored."""

    user_id: int
    name: str
    display_name: str
    role: str
    part: str
    created_at: datetime
    disabled_at: datetime | None


_MEMBERSHIPS = cast("Table", MembershipRow.__table__)
_PARTS = select(_MEMBERSHIPS.c.engagement_id, _MEMBERSHIPS.c.part).where(_MEMBERSHIPS.c.user_id == bindparam("wanted"))


def parts_of(session: Session, user_id: int) -> dict[int, str]:
    """Return what a user is in which engagement, by engagement id."""
    rows = session.connection().execute(_PARTS, {"wanted": user_id})
    return {engagement_id: part for engagement_id, part in rows}  # noqa: C416 - dict(rows) loses the types


def members(session: Session, engagement_id: int) -> tuple[MembershipRecord, ...]:
    """Return the members of an engagement by name."""
    rows = session.execute(
        select(
            UserRow.id,
            UserRow.name,
            UserRow.display_name,
            UserRow.role,
            MembershipRow.part,
            MembershipRow.created_at,
            UserRow.disabled_at,
        )
        .join_from(MembershipRow, UserRow, UserRow.id == MembershipRow.user_id)
        .where(MembershipRow.engagement_id == engagement_id)
        .order_by(UserRow.name)
    )
    return tuple(MembershipRecord(*row) for row in rows)


def states_of(session: Session, assessment_ids: Collection[int]) -> dict[int, str]:
    """Return the state of some assessments by id."""
    rows = session.execute(select(AssessmentRow.id, AssessmentRow.state).where(AssessmentRow.id.in_(assessment_ids)))
    return {assessment_id: state for assessment_id, state in rows}  # noqa: C416 - dict(rows) loses the types


def insert_membership(
    session: Session, engagement_id: int, user_id: int, *, part: str, at: datetime, by: int | None
) -> None:
    """Make a user a member."""
    values = {"engagement_id": engagement_id, "user_id": user_id, "part": part, "created_at": at, "created_by": by}
    session.execute(insert(MembershipRow).values(**values))


def update_part(session: Session, engagement_id: int, user_id: int, part: str) -> None:
    """Give a member another part."""
    session.execute(_of_member(update(MembershipRow), engagement_id, user_id).values(part=part))


def delete_membership(session: Session, engagement_id: int, user_id: int) -> None:
    """End a membership."""
    session.execute(_of_member(delete(MembershipRow), engagement_id, user_id))


def _of_member(statement: Any, engagement_id: int, user_id: int) -> Any:
    return statement.where(MembershipRow.engagement_id == engagement_id, MembershipRow.user_id == user_id)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a thing belongs: its engagement (None: none), and the state of its assessment where it has one.

    `parameters` of what was made (a job, a report) tell from which assessments.
    """

    engagement_id: int | None
    assessment_state: str | None = None
    parameters: Mapping[str, Any] | None = None


def _homes() -> Mapping[str, Any]:
    """Return one prepared query for each kind of thing: every request asks one of them."""
    engagement, assessment = cast("Table", EngagementRow.__table__), cast("Table", AssessmentRow.__table__)
    job, report = cast("Table", JobRow.__table__), cast("Table", ReportRow.__table__)
    found = {
        "engagement": select(engagement.c.id).where(engagement.c.key == bindparam("wanted")),
        "assessment": select(assessment.c.engagement_id, assessment.c.state).where(
            assessment.c.id == bindparam("wanted")
        ),
        "job": select(job.c.engagement_id, null(), job.c.parameters).where(job.c.id == bindparam("wanted")),
        "report": select(report.c.engagement_id, null(), report.c.parameters).where(report.c.id == bindparam("wanted")),
    }
    for kind, row in (("interview", InterviewRow), ("finding", FindingRow), ("attachment", AttachmentRow)):
        table = cast("Table", row.__table__)
        found[kind] = (
            select(assessment.c.engagement_id, assessment.c.state)
            .join_from(table, assessment, assessment.c.id == table.c.assessment_id)
            .where(table.c.id == bindparam("wanted"))
        )
    return found


_HOMES = _homes()


def home_of(session: Session, kind: str, key: object) -> Home | None:
    """Return where a thing belongs; None if there is none.

    `kind`: engagement (by its key), assessment, interview, finding, attachment, job, report (by their ids).
    """
    row = session.connection().execute(_HOMES[kind], {"wanted": key}).one_or_none()
    return None if row is None else Home(*row)
