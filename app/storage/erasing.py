"""Deleting everything of an engagement, in an order that references allow. The only module that deletes histories.

What belongs to an engagement is read from the references between tables: a row does when it refers to an engagement's
row, over however many tables. So a new table is erased with the others, unless it refers to nothing of an engagement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Table, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.storage.report_tables import JobRow
from app.storage.tables import (
    AssessmentRow,
    AttachmentRow,
    Base,
    InterviewRow,
    PersonalLinkRow,
    RespondentRow,
)
from app.storage.trust_tables import ErasureRow

ENGAGEMENT = "engagement"


@dataclass(frozen=True, slots=True)
class FilesNamed:
    """The files that rows of an engagement name: evidence by its stored name, products by their path, interviews by id
    (workbooks that were brought are called after them).
    """

    attachments: frozenset[str]
    products: frozenset[str]
    interviews: frozenset[int]


@cache
def tables_of_engagement() -> tuple[Table, ...]:
    """Return the tables that hold rows of engagements, those first whose rows no other one of them refers to."""
    owned: dict[str, Table] = {}
    for table in Base.metadata.sorted_tables:  # what is referred to comes first
        if table.name == ENGAGEMENT or any(key.column.table.name in owned for key in table.foreign_keys):
            owned[table.name] = table
    return tuple(reversed(owned.values()))


def open_erasure(session: Session, engagement_id: int, *, user_id: int | None, at: datetime) -> int:
    """Let histories lose rows until `close_erasure`; return the id of the erasure."""
    values = {"engagement_id": engagement_id, "user_id": user_id, "opened_at": at}
    return session.execute(insert(ErasureRow).values(**values).returning(ErasureRow.id)).scalar_one()


def close_erasure(session: Session, erasure_id: int, counts: dict[str, int], at: datetime) -> None:
    """Close an erasure: histories are append-only again."""
    session.execute(update(ErasureRow).where(ErasureRow.id == erasure_id).values(closed_at=at, counts=counts))


def files_named(session: Session, engagement_id: int) -> FilesNamed:
    """Return the files that rows of an engagement name."""
    own = AssessmentRow.engagement_id == engagement_id
    attachments = select(AttachmentRow.stored_as).join(AssessmentRow, AssessmentRow.id == AttachmentRow.assessment_id)
    products = select(JobRow.result).where(JobRow.engagement_id == engagement_id, JobRow.result.is_not(None))
    interviews = select(InterviewRow.id).join(AssessmentRow, AssessmentRow.id == InterviewRow.assessment_id)
    return FilesNamed(
        attachments=frozenset(session.scalars(attachments.where(own))),
        products=frozenset(name for name in session.scalars(products) if name is not None),
        interviews=frozenset(session.scalars(interviews.where(own))),
    )


def still_named(session: Session, attachments: Iterable[str], products: Iterable[str]) -> frozenset[str]:
    """Return those of some files that a row still names."""
    kept = session.scalars(select(AttachmentRow.stored_as).where(AttachmentRow.stored_as.in_(list(attachments))))
    made = session.scalars(select(JobRow.result).where(JobRow.result.in_(list(products))))
    return frozenset((*kept, *(name for name in made if name is not None)))


def interviews_there(session: Session, interview_ids: Iterable[int]) -> frozenset[int]:
    """Return those of some interviews that there are."""
    return frozenset(session.scalars(select(InterviewRow.id).where(InterviewRow.id.in_(list(interview_ids)))))


def delete_engagement(session: Session, engagement_id: int) -> dict[str, int]:
    """Delete everything of an engagement and itself; return how many rows by table. An erasure must be open."""
    return {
        table.name: cast("CursorResult[Any]", session.execute(delete(table).where(_of(table, engagement_id)))).rowcount
        for table in tables_of_engagement()
    }


def count_rows(session: Session, engagement_id: int) -> dict[str, int]:
    """Return how many rows of each table belong to an engagement."""
    return {
        table.name: session.execute(select(func.count()).where(_of(table, engagement_id))).scalar_one()
        for table in tables_of_engagement()
    }


def rows_of_engagement(session: Session, engagement_id: int, table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table that belong to an engagement, by number."""
    found = session.execute(select(table).where(_of(table, engagement_id)).order_by(table.c.id))
    return [dict(row) for row in found.mappings()]


def _of(table: Table, engagement_id: int) -> ColumnElement[bool]:
    """Return what tells the rows of an engagement from others'."""
    if table.name == ENGAGEMENT:
        return table.c.id == engagement_id
    owned = {one.name for one in tables_of_engagement()}
    ways: list[ColumnElement[bool]] = []
    for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
        above = key.column.table
        if above.name not in owned or above is table:
            continue
        if above.name == ENGAGEMENT:
            ways.append(key.parent == engagement_id)
        else:
            ways.append(key.parent.in_(select(above.c.id).where(_of(above, engagement_id))))
    return or_(*ways)


# --- respondents -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RespondentRecord:
    """A respondent with one of their interviews; one who has several stands once for each."""

    id: int
    label: str | None
    interview_id: int
    interview_key: str
    role: str
    assessment_id: int
    state: str
    has_link: bool


def respondents_of(session: Session, engagement_id: int) -> tuple[RespondentRecord, ...]:
    """Return the respondents of an engagement with their interviews, in the order in which they were taken in."""
    link = (
        select(PersonalLinkRow.id)
        .where(PersonalLinkRow.interview_id == InterviewRow.id, PersonalLinkRow.ended_at.is_(None))
        .exists()
    )
    rows = session.execute(
        select(
            RespondentRow.id,
            RespondentRow.label,
            InterviewRow.id,
            InterviewRow.key,
            InterviewRow.role,
            InterviewRow.assessment_id,
            InterviewRow.state,
            link,
        )
        .join(InterviewRow, InterviewRow.respondent_id == RespondentRow.id)
        .where(RespondentRow.engagement_id == engagement_id)
        .order_by(RespondentRow.id, InterviewRow.id)
    )
    return tuple(RespondentRecord(*row) for row in rows)


def blank_respondent(session: Session, respondent_id: int, at: datetime) -> None:
    """Take out who a respondent is and where they were met, and end the links by which they fill in."""
    own = select(InterviewRow.id).where(InterviewRow.respondent_id == respondent_id)
    session.execute(update(RespondentRow).where(RespondentRow.id == respondent_id).values(label=None))
    session.execute(update(InterviewRow).where(InterviewRow.respondent_id == respondent_id).values(place=None))
    session.execute(
        update(PersonalLinkRow)
        .where(PersonalLinkRow.interview_id.in_(own), PersonalLinkRow.ended_at.is_(None))
        .values(ended_at=at)
    )
