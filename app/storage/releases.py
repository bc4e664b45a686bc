"""What was published of assessments, and the files of reports that were handed out. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.orm import Session

from app.storage.tables import AgreedScoreRevisionRow, AnswerRevisionRow, AssessmentRow, InterviewRow, UserRow
from app.storage.trust_tables import IssuedReportRow, PublishedResultRow

LOST = "conflict-lost"


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A result as it was published; see `PublishedResultRow`."""

    id: int
    assessment_id: int
    engagement_id: int
    revision: int
    document: str
    hash: str
    framework_hash: str
    program: str
    note: str | None
    published_at: datetime
    published_by: str | None


_RELEASES: Any = (
    select(
        PublishedResultRow.id,
        PublishedResultRow.assessment_id,
        AssessmentRow.engagement_id,
        PublishedResultRow.revision,
        PublishedResultRow.document,
        PublishedResultRow.hash,
        PublishedResultRow.framework_hash,
        PublishedResultRow.program,
        PublishedResultRow.note,
        PublishedResultRow.published_at,
        UserRow.display_name,
    )
    .join(AssessmentRow, AssessmentRow.id == PublishedResultRow.assessment_id)
    .outerjoin(UserRow, UserRow.id == PublishedResultRow.published_by)
    .order_by(PublishedResultRow.id)
)


def release_of(session: Session, assessment_id: int) -> ReleaseRecord | None:
    """Return the published result of an assessment; None while it has none."""
    row = session.execute(_RELEASES.where(PublishedResultRow.assessment_id == assessment_id)).one_or_none()
    return None if row is None else ReleaseRecord(*row)


def releases(session: Session) -> tuple[ReleaseRecord, ...]:
    """Return every published result, oldest first."""
    return tuple(ReleaseRecord(*row) for row in session.execute(_RELEASES))


def releases_with(session: Session, beginning: str) -> tuple[ReleaseRecord, ...]:
    """Return the published results whose hash begins like this (letters and digits only), oldest first."""
    rows = session.execute(_RELEASES.where(PublishedResultRow.hash.startswith(beginning, autoescape=True)))
    return tuple(ReleaseRecord(*row) for row in rows)


def insert_release(session: Session, **values: Any) -> int:
    """Store a published result (its columns by name) and return its id."""
    return session.execute(insert(PublishedResultRow).values(**values).returning(PublishedResultRow.id)).scalar_one()


# --- what a release waits for ----------------------------------------------------------------------------------------


def refused_decisions(session: Session, assessment_id: int) -> frozenset[str]:
    """Return the elements whose newest save of an agreed score was refused by a conflict, with nothing saved since."""
    return _ending_lost(
        session.execute(
            select(AgreedScoreRevisionRow.element, AgreedScoreRevisionRow.kind)
            .where(AgreedScoreRevisionRow.assessment_id == assessment_id)
            .order_by(AgreedScoreRevisionRow.id)
        )
    )


def refused_answers(session: Session, assessment_id: int) -> frozenset[str]:
    """Return the elements of which an interview in use has an answer refused by a conflict and none saved since."""
    rows = session.execute(
        select(AnswerRevisionRow.interview_id, AnswerRevisionRow.element, AnswerRevisionRow.kind)
        .join(InterviewRow, InterviewRow.id == AnswerRevisionRow.interview_id)
        .where(InterviewRow.assessment_id == assessment_id, InterviewRow.archived_at.is_(None))
        .order_by(AnswerRevisionRow.id)
    )
    return frozenset(element for _, element in _ending_lost(((one, element), kind) for one, element, kind in rows))


def _ending_lost(rows: Any) -> frozenset[Any]:
    last = {about: kind for about, kind in rows}  # noqa: C416 - the newest row of each wins
    return frozenset(about for about, kind in last.items() if kind == LOST)


# --- files that were handed out --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """A file of a report as it was handed out; see `IssuedReportRow`."""

    id: int
    engagement_id: int
    job_id: int | None
    code: str
    data_hash: str
    file_hash: str | None
    results: Mapping[str, Any]
    program: str
    issued_at: datetime


_ISSUES: Any = select(
    IssuedReportRow.id,
    IssuedReportRow.engagement_id,
    IssuedReportRow.job_id,
    IssuedReportRow.code,
    IssuedReportRow.data_hash,
    IssuedReportRow.file_hash,
    IssuedReportRow.results,
    IssuedReportRow.program,
    IssuedReportRow.issued_at,
).order_by(IssuedReportRow.id)


def insert_issue(session: Session, **values: Any) -> int:
    """Store a file that is handed out (its columns by name) and return its id."""
    return session.execute(insert(IssuedReportRow).values(**values).returning(IssuedReportRow.id)).scalar_one()


def issues_with(session: Session, *, code: str | None = None, digest: str | None = None) -> tuple[IssueRecord, ...]:
    """Return the files with this code, or with a hash (of file or data) that begins like `digest`, oldest first."""
    asked = []
    if code:
        asked.append(IssuedReportRow.code == code)
    if digest:
        columns = (IssuedReportRow.file_hash, IssuedReportRow.data_hash)
        asked += [column.startswith(digest, autoescape=True) for column in columns]
    if not asked:
        return ()
    return tuple(IssueRecord(*row) for row in session.execute(_ISSUES.where(or_(*asked))))


def issues_of_job(session: Session, job_id: int) -> tuple[IssueRecord, ...]:
    """Return the files that a job handed out, oldest first."""
    return tuple(IssueRecord(*row) for row in session.execute(_ISSUES.where(IssuedReportRow.job_id == job_id)))


def newest_issue(session: Session, engagement_id: int, code: str) -> datetime | None:
    """Return when the newest file with this code was handed out; None if there is none."""
    return session.execute(
        select(func.max(IssuedReportRow.issued_at)).where(
            IssuedReportRow.engagement_id == engagement_id, IssuedReportRow.code == code
        )
    ).scalar()
