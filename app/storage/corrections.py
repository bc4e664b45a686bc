"""A further revision of an assessment with everything of the former one: rows copied, each with its own history begun.

Who decided something and when stay as they were; versions begin at 1. Respondents are not copied: both revisions name
the same person, whose label stands in one place.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.storage.tables import (
    AcceptedWarningRow,
    AgreedScoreRevisionRow,
    AgreedScoreRow,
    AnswerRevisionRow,
    AnswerRow,
    AssessmentRow,
    AttachmentRow,
    EvidenceNoteRow,
    FindingRow,
    FindingSourceRow,
    InterviewRow,
    PublishedFigureRow,
)

CORRECTION = "correction"  # kind of the first revision of what was copied
_AGREED = ("state", "steps", "reason", "note", "method", "confidence")

Row = dict[str, Any]


def copy_assessment(session: Session, former_id: int, **values: Any) -> int:
    """Store a further revision with the particulars of the former one; `values` are the columns that differ."""
    (former,) = _rows(session, AssessmentRow, AssessmentRow.id == former_id)
    return _inserted(session, AssessmentRow, {**former, **values})


def copy_agreed(session: Session, former_id: int, assessment_id: int) -> None:
    """Copy agreed scores, with a first revision each, and the figures that the source printed."""
    agreed = _rows(session, AgreedScoreRow, AgreedScoreRow.assessment_id == former_id)
    common = {"assessment_id": assessment_id, "version": 1}
    _insert(session, AgreedScoreRow, [{**row, **common} for row in agreed])
    _insert(
        session,
        AgreedScoreRevisionRow,
        [
            {
                **common,
                "element": row["element"],
                "before": None,
                "after": {name: row[name] for name in _AGREED},
                "kind": CORRECTION,
                "user_id": row["decided_by"],
                "at": row["decided_at"],
            }
            for row in agreed
        ],
    )
    figures = _rows(session, PublishedFigureRow, PublishedFigureRow.assessment_id == former_id)
    _insert(session, PublishedFigureRow, [{**row, "assessment_id": assessment_id} for row in figures])


def copy_interviews(session: Session, former_id: int, assessment_id: int) -> dict[int, int]:
    """Copy every interview that was begun, without its answers; return the new id of each."""
    held = select(AnswerRow.interview_id).where(AnswerRow.interview_id == InterviewRow.id).exists()
    rows = session.execute(
        select(InterviewRow.__table__)
        .where(InterviewRow.assessment_id == former_id, (InterviewRow.state != "draft") | held)
        .order_by(InterviewRow.id)
    )
    copies = {}
    for row in rows.mappings():
        values = {name: value for name, value in row.items() if name != "id"}
        copies[row["id"]] = _inserted(session, InterviewRow, {**values, "assessment_id": assessment_id})
    return copies


def copy_answers(
    session: Session, interviews: Mapping[int, int], told: Mapping[int, Mapping[str, Mapping[str, Any]]]
) -> None:
    """Copy the answers of interviews with their evidence; `told`: the fields of each, for its first revision."""
    answers = session.execute(select(AnswerRow.__table__).where(AnswerRow.interview_id.in_(list(interviews))))
    for row in answers.mappings().all():
        interview_id = interviews[row["interview_id"]]
        values = {name: value for name, value in row.items() if name != "id"}
        copied = _inserted(session, AnswerRow, {**values, "interview_id": interview_id, "version": 1})
        ticks = _rows(session, EvidenceNoteRow, EvidenceNoteRow.answer_id == row["id"])
        _insert(session, EvidenceNoteRow, [{**tick, "answer_id": copied} for tick in ticks])
        revision = {
            "interview_id": interview_id,
            "element": row["element"],
            "mutation_id": f"{CORRECTION}:{uuid.uuid4().hex}",
            "base_version": 0,
            "version": 1,
            "kind": CORRECTION,
            "before": {},
            "after": dict(told[row["interview_id"]][row["element"]]),
            "result": {},
            "user_id": row["updated_by"],
            "at": row["updated_at"],
        }
        _insert(session, AnswerRevisionRow, [revision])


def copy_findings(
    session: Session, former_id: int, assessment_id: int, interviews: Mapping[int, int]
) -> dict[int, int]:
    """Copy findings in use with their sources; return the new id of each."""
    rows = session.execute(
        select(FindingRow.__table__)
        .where(FindingRow.assessment_id == former_id, FindingRow.archived_at.is_(None))
        .order_by(FindingRow.id)
    )
    copies = {}
    for row in rows.mappings().all():
        values = {name: value for name, value in row.items() if name != "id"}
        copied = _inserted(session, FindingRow, {**values, "assessment_id": assessment_id, "version": 1})
        copies[row["id"]] = copied
        sources = _rows(session, FindingSourceRow, FindingSourceRow.finding_id == row["id"])
        _insert(
            session,
            FindingSourceRow,
            [
                {"finding_id": copied, "interview_id": interviews[source["interview_id"]]}
                for source in sources
                if source["interview_id"] in interviews
            ],
        )
    return copies


def copy_warnings(
    session: Session, former_id: int, assessment_id: int, interviews: Mapping[int, int], *, besides: Iterable[str]
) -> None:
    """Copy the reasons that were accepted and not withdrawn; rows of the codes `besides` are no reasons."""
    rows = _rows(
        session,
        AcceptedWarningRow,
        AcceptedWarningRow.assessment_id == former_id,
        AcceptedWarningRow.withdrawn_at.is_(None),
        AcceptedWarningRow.code.not_in(list(besides)),
    )
    copied = [
        {**row, "assessment_id": assessment_id, "interview_id": interviews.get(row["interview_id"])}
        for row in rows
        if row["interview_id"] is None or row["interview_id"] in interviews
    ]
    _insert(session, AcceptedWarningRow, copied)


def attachments_in_use(session: Session, assessment_id: int) -> list[Row]:
    """Return the attachments in use of an assessment, as columns without their ids."""
    return _rows(
        session, AttachmentRow, AttachmentRow.assessment_id == assessment_id, AttachmentRow.archived_at.is_(None)
    )


def insert_attachments(session: Session, rows: Iterable[Row]) -> None:
    """Store attachments by their columns."""
    _insert(session, AttachmentRow, list(rows))


def _rows(session: Session, table: Any, *where: Any) -> list[Row]:
    found = session.execute(select(table.__table__).where(*where).order_by(table.id))
    return [{name: value for name, value in row.items() if name != "id"} for row in found.mappings()]


def _insert(session: Session, table: Any, rows: list[Row]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _inserted(session: Session, table: Any, values: Row) -> int:
    inserted: int = session.execute(insert(table).values(**values).returning(table.id)).scalar_one()
    return inserted
