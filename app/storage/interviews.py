"""Interviews and their answers: frozen records out, named writes in. Knows the rows; knows no rule about merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.text import Text
from app.storage.tables import (
    AnswerRevisionRow,
    AnswerRow,
    AssessmentRow,
    EngagementRow,
    EvidenceNoteRow,
    InterviewRow,
    RespondentRow,
    RoundRow,
    UnitRow,
    UserRow,
)

LOST = "conflict-lost"

# Saving an answer is what fifty consultants do at once: its statements are built once, on plain tables.
_ANSWER_TABLE = cast("Table", AnswerRow.__table__)
_INSERT_ANSWER = insert(_ANSWER_TABLE)
_INSERT_REVISION = insert(cast("Table", AnswerRevisionRow.__table__))
_UPDATE_ANSWER = update(_ANSWER_TABLE).where(
    _ANSWER_TABLE.c.id == bindparam("wanted"), _ANSWER_TABLE.c.version == bindparam("base")
)


@dataclass(frozen=True, slots=True)
class InterviewRecord:
    """One interview with what is needed of the assessment it belongs to."""

    id: int
    key: str
    assessment_id: int
    engagement_id: int
    framework_snapshot_id: int
    questionnaire_snapshot_id: int | None
    questionnaire_reference: str | None
    role: str
    respondent_id: int
    respondent: str | None
    interviewer: str | None
    date: date | None
    starts_at: datetime | None
    place: str | None
    opens_with: str | None
    request: str | None
    state: str
    created_at: datetime
    created_by: int | None
    archived_at: datetime | None
    assessment_state: str
    assessment_archived: bool
    engagement_key: str
    engagement_name: Text
    unit_key: str
    unit_name: Text
    round_name: Text


@dataclass(frozen=True, slots=True)
class AnswerValues:
    """What an answer says: `steps` above the scale's minimum, `suggested` an exact decimal, `ticks` told or seen."""

    state: str
    steps: int | None = None
    suggested: str | None = None
    reason: str | None = None
    note: str | None = None
    confidence: str | None = None
    evidence_strength: int | None = None
    questions: Mapping[str, Any] = field(default_factory=dict)
    ticks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """A stored answer: its values, its version, who saved it last and when."""

    id: int
    interview_id: int
    element: str
    values: AnswerValues
    version: int
    updated_at: datetime
    updated_by: int | None
    updated_by_name: str | None


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """One save of an answer: the fields that it touched `before` and `after`, and what the client was told."""

    id: int
    interview_id: int
    element: str
    mutation_id: str
    base_version: int
    version: int
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    result: Mapping[str, Any]
    user_id: int | None
    user_name: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NewRevision:
    """What is appended for one save; fields as in `RevisionRecord`."""

    interview_id: int
    element: str
    mutation_id: str
    base_version: int
    version: int
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    result: Mapping[str, Any]
    user_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NewInterview:
    """What is to be known to start an interview."""

    assessment_id: int
    engagement_id: int
    key: str
    questionnaire_snapshot_id: int | None
    questionnaire_reference: str | None
    role: str
    respondent: str | None
    interviewer: str | None
    date: date | None
    state: str
    created_at: datetime
    created_by: int | None
    starts_at: datetime | None = None
    place: str | None = None
    opens_with: str | None = None


_INTERVIEWS: Any = (
    select(
        InterviewRow.id,
        InterviewRow.key,
        InterviewRow.assessment_id,
        AssessmentRow.engagement_id,
        AssessmentRow.framework_snapshot_id,
        InterviewRow.questionnaire_snapshot_id,
        InterviewRow.questionnaire_reference,
        InterviewRow.role,
        InterviewRow.respondent_id,
        RespondentRow.label.label("respondent"),
        InterviewRow.interviewer,
        InterviewRow.date,
        InterviewRow.starts_at,
        InterviewRow.place,
        InterviewRow.opens_with,
        InterviewRow.request,
        InterviewRow.state,
        InterviewRow.created_at,
        InterviewRow.created_by,
        InterviewRow.archived_at,
        AssessmentRow.state.label("assessment_state"),
        # an archived engagement, unit or round takes its assessments with it
        func.coalesce(AssessmentRow.archived_at, UnitRow.archived_at, RoundRow.archived_at, EngagementRow.archived_at)
        .is_not(None)
        .label("assessment_archived"),
        EngagementRow.key.label("engagement_key"),
        EngagementRow.name_zh.label("engagement_zh"),
        EngagementRow.name_en.label("engagement_en"),
        UnitRow.key.label("unit_key"),
        UnitRow.name_zh.label("unit_zh"),
        UnitRow.name_en.label("unit_en"),
        RoundRow.name_zh.label("round_zh"),
        RoundRow.name_en.label("round_en"),
    )
    .join(AssessmentRow, AssessmentRow.id == InterviewRow.assessment_id)
    .join(EngagementRow, EngagementRow.id == AssessmentRow.engagement_id)
    .join(UnitRow, UnitRow.id == AssessmentRow.unit_id)
    .join(RoundRow, RoundRow.id == AssessmentRow.round_id)
    .join(RespondentRow, RespondentRow.id == InterviewRow.respondent_id)
)


_ONE_INTERVIEW = _INTERVIEWS.where(InterviewRow.id == bindparam("wanted"))


def interview(session: Session, interview_id: int) -> InterviewRecord | None:
    """Return one interview, archived or not; None if there is none."""
    row = session.execute(_ONE_INTERVIEW, {"wanted": interview_id}).one_or_none()
    return None if row is None else _interview_record(row)


def interviews_of(session: Session, assessment_id: int) -> tuple[InterviewRecord, ...]:
    """Return every interview of an assessment in the order they were started, archived ones too."""
    rows = session.execute(_INTERVIEWS.where(InterviewRow.assessment_id == assessment_id).order_by(InterviewRow.id))
    return tuple(_interview_record(row) for row in rows)


def _interview_record(row: Any) -> InterviewRecord:
    values = dict(row._mapping)
    for name in ("engagement", "unit", "round"):
        values[f"{name}_name"] = Text(values.pop(f"{name}_zh"), values.pop(f"{name}_en"))
    return InterviewRecord(**values)


def insert_interview(session: Session, new: NewInterview) -> int:
    """Store a respondent and their interview; return the interview's id."""
    respondent_id = _inserted(
        session.execute(insert(RespondentRow).values(engagement_id=new.engagement_id, label=new.respondent))
    )
    return _inserted(
        session.execute(
            insert(InterviewRow).values(
                assessment_id=new.assessment_id,
                key=new.key,
                questionnaire_snapshot_id=new.questionnaire_snapshot_id,
                questionnaire_reference=new.questionnaire_reference,
                role=new.role,
                respondent_id=respondent_id,
                interviewer=new.interviewer,
                date=new.date,
                starts_at=new.starts_at,
                place=new.place,
                opens_with=new.opens_with,
                state=new.state,
                created_at=new.created_at,
                created_by=new.created_by,
            )
        )
    )


def update_interview(session: Session, interview_id: int, **values: Any) -> None:
    """Set columns of an interview: `state`, `request`, `interviewer`, `date`, `starts_at`, `place`, `opens_with`,
    `role`, `archived_at`.
    """
    session.execute(update(InterviewRow).where(InterviewRow.id == interview_id).values(**values))


def rename_respondent(session: Session, respondent_id: int, label: str | None) -> None:
    """Set the label of a respondent."""
    session.execute(update(RespondentRow).where(RespondentRow.id == respondent_id).values(label=label))


_ANSWERS: Any = select(
    AnswerRow.id,
    AnswerRow.interview_id,
    AnswerRow.element,
    AnswerRow.state,
    AnswerRow.steps,
    AnswerRow.suggested,
    AnswerRow.reason,
    AnswerRow.note,
    AnswerRow.confidence,
    AnswerRow.evidence_strength,
    AnswerRow.questions,
    AnswerRow.version,
    AnswerRow.updated_at,
    AnswerRow.updated_by,
    UserRow.display_name.label("updated_by_name"),
).outerjoin(UserRow, UserRow.id == AnswerRow.updated_by)


_ONE_ANSWER = _ANSWERS.where(AnswerRow.interview_id == bindparam("wanted"), AnswerRow.element == bindparam("about"))
_TICKS = select(EvidenceNoteRow.key, EvidenceNoteRow.tick).where(EvidenceNoteRow.answer_id == bindparam("wanted"))


def answer(session: Session, interview_id: int, element: str) -> AnswerRecord | None:
    """Return the stored answer about one element; None when it was never touched."""
    row = session.execute(_ONE_ANSWER, {"wanted": interview_id, "about": element}).one_or_none()
    if row is None:
        return None
    ticks = session.execute(_TICKS, {"wanted": row.id})
    return _answer_record(row, {tick.key: tick.tick for tick in ticks})


def answers_of(session: Session, interview_ids: Sequence[int]) -> dict[int, dict[str, AnswerRecord]]:
    """Return the stored answers of several interviews: by interview, then by element."""
    rows = session.execute(_ANSWERS.where(AnswerRow.interview_id.in_(interview_ids)).order_by(AnswerRow.id)).all()
    ticks: dict[int, dict[str, str]] = {}
    for answer_id, key, tick in session.execute(
        select(EvidenceNoteRow.answer_id, EvidenceNoteRow.key, EvidenceNoteRow.tick)
        .join(AnswerRow, AnswerRow.id == EvidenceNoteRow.answer_id)
        .where(AnswerRow.interview_id.in_(interview_ids))
    ):
        ticks.setdefault(answer_id, {})[key] = tick
    found: dict[int, dict[str, AnswerRecord]] = {interview_id: {} for interview_id in interview_ids}
    for row in rows:
        found[row.interview_id][row.element] = _answer_record(row, ticks.get(row.id, {}))
    return found


def _answer_record(row: Any, ticks: Mapping[str, str]) -> AnswerRecord:
    return AnswerRecord(
        id=row.id,
        interview_id=row.interview_id,
        element=row.element,
        values=AnswerValues(
            state=row.state,
            steps=row.steps,
            suggested=row.suggested,
            reason=row.reason,
            note=row.note,
            confidence=row.confidence,
            evidence_strength=row.evidence_strength,
            questions=row.questions or {},
            ticks=ticks,
        ),
        version=row.version,
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        updated_by_name=row.updated_by_name,
    )


def insert_answer(
    session: Session, interview_id: int, element: str, values: AnswerValues, *, at: datetime, user_id: int | None
) -> bool:
    """Store a first answer as version 1; False when somebody else was first (nothing is changed then)."""
    row = {"interview_id": interview_id, "element": element, **_columns(values)}
    try:
        with session.begin_nested():
            result = session.execute(_INSERT_ANSWER, {**row, "version": 1, "updated_at": at, "updated_by": user_id})
            _insert_ticks(session, _inserted(result), values.ticks)
    except IntegrityError:
        return False
    return True


def update_answer(
    session: Session, former: AnswerRecord, values: AnswerValues, *, at: datetime, user_id: int | None
) -> bool:
    """Replace an answer and raise its version, only while it still stands at the former's version; False otherwise."""
    result = session.execute(
        _UPDATE_ANSWER,
        {
            **_columns(values),
            "version": former.version + 1,
            "updated_at": at,
            "updated_by": user_id,
            "wanted": former.id,
            "base": former.version,
        },
    )
    if cast("CursorResult[Any]", result).rowcount != 1:
        return False
    if values.ticks != former.values.ticks:
        session.execute(delete(EvidenceNoteRow).where(EvidenceNoteRow.answer_id == former.id))
        _insert_ticks(session, former.id, values.ticks)
    return True


def _columns(values: AnswerValues) -> dict[str, Any]:
    return {
        "state": values.state,
        "steps": values.steps,
        "suggested": values.suggested,
        "reason": values.reason,
        "note": values.note,
        "confidence": values.confidence,
        "evidence_strength": values.evidence_strength,
        "questions": dict(values.questions) or None,
    }


def _insert_ticks(session: Session, answer_id: int, ticks: Mapping[str, str]) -> None:
    if ticks:
        session.execute(
            insert(EvidenceNoteRow),
            [{"answer_id": answer_id, "key": key, "tick": tick} for key, tick in sorted(ticks.items())],
        )


_REVISIONS: Any = select(
    AnswerRevisionRow.id,
    AnswerRevisionRow.interview_id,
    AnswerRevisionRow.element,
    AnswerRevisionRow.mutation_id,
    AnswerRevisionRow.base_version,
    AnswerRevisionRow.version,
    AnswerRevisionRow.kind,
    AnswerRevisionRow.before,
    AnswerRevisionRow.after,
    AnswerRevisionRow.result,
    AnswerRevisionRow.user_id,
    UserRow.display_name.label("user_name"),
    AnswerRevisionRow.at,
).outerjoin(UserRow, UserRow.id == AnswerRevisionRow.user_id)


_REVISION = _REVISIONS.where(AnswerRevisionRow.mutation_id == bindparam("wanted"))


def revision_of(session: Session, mutation_id: str) -> RevisionRecord | None:
    """Return what was stored for a mutation id; None for a new one."""
    row = session.execute(_REVISION, {"wanted": mutation_id}).one_or_none()
    return None if row is None else _revision_record(row)


def revisions_of(session: Session, interview_id: int, element: str) -> tuple[RevisionRecord, ...]:
    """Return every save of one answer in order, the losing sides of conflicts too."""
    rows = session.execute(
        _REVISIONS.where(AnswerRevisionRow.interview_id == interview_id, AnswerRevisionRow.element == element).order_by(
            AnswerRevisionRow.id
        )
    )
    return tuple(_revision_record(row) for row in rows)


def revisions_since(session: Session, interview_id: int, element: str, version: int) -> tuple[RevisionRecord, ...]:
    """Return the saves that changed an answer after `version`, in order."""
    rows = session.execute(
        _REVISIONS.where(
            AnswerRevisionRow.interview_id == interview_id,
            AnswerRevisionRow.element == element,
            AnswerRevisionRow.version > version,
            AnswerRevisionRow.kind != LOST,
        ).order_by(AnswerRevisionRow.id)
    )
    return tuple(_revision_record(row) for row in rows)


def _revision_record(row: Any) -> RevisionRecord:
    return RevisionRecord(
        **{**row._mapping, "before": row.before or {}, "after": row.after or {}, "result": row.result or {}}
    )


def insert_revision(session: Session, new: NewRevision) -> None:
    """Append one revision; revisions are never changed afterwards."""
    session.execute(
        _INSERT_REVISION,
        {
            "interview_id": new.interview_id,
            "element": new.element,
            "mutation_id": new.mutation_id,
            "base_version": new.base_version,
            "version": new.version,
            "kind": new.kind,
            "before": dict(new.before),
            "after": dict(new.after),
            "result": dict(new.result),
            "user_id": new.user_id,
            "at": new.at,
        },
    )


def _inserted(result: Any) -> int:
    key: Any = cast("CursorResult[Any]", result).inserted_primary_key
    return int(key[0])
