"""Attachments as rows. Knows what is stored of a file; knows neither its content nor its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.storage.tables import AttachmentRow, UserRow


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    """An attachment as stored; `stored_as` is its name in the data folder, `size` in bytes."""

    id: int
    assessment_id: int
    element: str
    interview_id: int | None
    finding_id: int | None
    stored_as: str
    label: str
    media_type: str
    size: int
    sha256: str
    created_at: datetime
    created_by_name: str | None
    archived_at: datetime | None


_ATTACHMENTS: Any = select(
    AttachmentRow.id,
    AttachmentRow.assessment_id,
    AttachmentRow.element,
    AttachmentRow.interview_id,
    AttachmentRow.finding_id,
    AttachmentRow.stored_as,
    AttachmentRow.label,
    AttachmentRow.media_type,
    AttachmentRow.size,
    AttachmentRow.sha256,
    AttachmentRow.created_at,
    UserRow.display_name,
    AttachmentRow.archived_at,
).outerjoin(UserRow, UserRow.id == AttachmentRow.created_by)


def attachment(session: Session, attachment_id: int) -> AttachmentRecord | None:
    """Return one attachment, archived or not; None if there is none."""
    row = session.execute(_ATTACHMENTS.where(AttachmentRow.id == attachment_id)).one_or_none()
    return None if row is None else AttachmentRecord(*row)


def attachments(session: Session, assessment_id: int, element: str | None = None) -> tuple[AttachmentRecord, ...]:
    """Return the attachments of an assessment (of one element), archived ones too, oldest first."""
    wanted = _ATTACHMENTS.where(AttachmentRow.assessment_id == assessment_id)
    if element is not None:
        wanted = wanted.where(AttachmentRow.element == element)
    return tuple(AttachmentRecord(*row) for row in session.execute(wanted.order_by(AttachmentRow.id)))


def stored_bytes(session: Session, assessment_id: int) -> int:
    """Return how many bytes the attachments of an assessment take, archived ones too: their files are kept."""
    total = session.execute(
        select(func.coalesce(func.sum(AttachmentRow.size), 0)).where(AttachmentRow.assessment_id == assessment_id)
    ).scalar_one()
    return int(total)


def stored_names(session: Session) -> frozenset[str]:
    """Return the names in the data folder that any attachment has."""
    return frozenset(session.execute(select(AttachmentRow.stored_as)).scalars())


def insert_attachment(session: Session, **values: Any) -> int:
    """Store an attachment (its columns by name) and return its id."""
    return session.execute(insert(AttachmentRow).values(**values).returning(AttachmentRow.id)).scalar_one()


def set_archived(session: Session, attachment_ids: Sequence[int], archived_at: datetime | None) -> None:
    """Take attachments out of use, or bring them back (None)."""
    session.execute(
        update(AttachmentRow).where(AttachmentRow.id.in_(list(attachment_ids))).values(archived_at=archived_at)
    )
