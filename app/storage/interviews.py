"""Interviews and their answers: frozen records out, named writes in. Knows the rows; knows no rule about merging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
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
    SnapshotRow,
    UnitRow,
    UserRow,
)

# Saving an answer is what fifty consultants do at once: its statements are built once, on plain tables, and read past
# the session, on its connection.
_INTERVIEW_TABLE = cast("Table", InterviewRow.__table__)
_ASSESSMENT_TABLE = cast("Table", AssessmentRow.__table__)
_ENGAGEMENT_TABLE = cast("Table", EngagementRow.__table__)
_UNIT_TABLE = cast("Table", UnitRow.__table__)
_ROUND_TABLE = cast("Table", RoundRow.__table__)
_RESPONDENT_TABLE = cast("Table", RespondentRow.__table__)
_USER_TABLE = cast("Table", UserRow.__table__)
_REVISION_TABLE = cast("Table", AnswerRevisionRow.__table__)
_EVIDENCE_TABLE = cast("Table", EvidenceNoteRow.__table__)
_ANSWER_TABLE = cast("Table", AnswerRow.__table__)
_FRAMEWORK_TABLE: Any = cast("Table", SnapshotRow.__table__).alias("framework")
_QUESTIONNAIRE_TABLE: Any = cast("Table", SnapshotRow.__table__).alias("questionnaire")
_FIRST_ANSWER = {  # who comes second inserts nothing; a savepoint to fall back on would cost two more statements
    "sqlite": sqlite.insert(_ANSWER_TABLE).on_conflict_do_nothing().returning(_ANSWER_TABLE.c.id),
    "postgresql": postgresql.insert(_ANSWER_TABLE).on_conflict_do_nothing().returning(_ANSWER_TABLE.c.id),
}
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
    framework_digest: str
    questionnaire_snapshot_id: int | None
    questionnaire_digest: str | None
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
        _INTERVIEW_TABLE.c.id,
        _INTERVIEW_TABLE.c.key,
        _INTERVIEW_TABLE.c.assessment_id,
        _ASSESSMENT_TABLE.c.engagement_id,
        _ASSESSMENT_TABLE.c.framework_snapshot_id,
        _FRAMEWORK_TABLE.c.hash.label("framework_digest"),
        _INTERVIEW_TABLE.c.questionnaire_snapshot_id,
        _QUESTIONNAIRE_TABLE.c.hash.label("questionnaire_digest"),
        _INTERVIEW_TABLE.c.questionnaire_reference,
        _INTERVIEW_TABLE.c.role,
        _INTERVIEW_TABLE.c.respondent_id,
        _RESPONDENT_TABLE.c.label.label("respondent"),
        _INTERVIEW_TABLE.c.interviewer,
        _INTERVIEW_TABLE.c.date,
        _INTERVIEW_TABLE.c.starts_at,
        _INTERVIEW_TABLE.c.place,
        _INTERVIEW_TABLE.c.opens_with,
        _INTERVIEW_TABLE.c.request,
        _INTERVIEW_TABLE.c.state,
        _INTERVIEW_TABLE.c.created_at,
        _INTERVIEW_TABLE.c.created_by,
        _INTERVIEW_TABLE.c.archived_at,
        _ASSESSMENT_TABLE.c.state.label("assessment_state"),
        # an archived engagement, unit or round takes its assessments with it
        func.coalesce(
            _ASSESSMENT_TABLE.c.archived_at,
            _UNIT_TABLE.c.archived_at,
            _ROUND_TABLE.c.archived_at,
            _ENGAGEMENT_TABLE.c.archived_at,
        )
        .is_not(None)
        .label("assessment_archived"),
        _ENGAGEMENT_TABLE.c.key.label("engagement_key"),
        _ENGAGEMENT_TABLE.c.name_zh.label("engagement_zh"),
        _ENGAGEMENT_TABLE.c.name_en.label("engagement_en"),
        _UNIT_TABLE.c.key.label("unit_key"),
        _UNIT_TABLE.c.name_zh.label("unit_zh"),
        _UNIT_TABLE.c.name_en.label("unit_en"),
        _ROUND_TABLE.c.name_zh.label("round_zh"),
        _ROUND_TABLE.c.name_en.label("round_en"),
    )
    .select_from(_INTERVIEW_TABLE)
    .join(_ASSESSMENT_TABLE, _ASSESSMENT_TABLE.c.id == _INTERVIEW_TABLE.c.assessment_id)
    .join(_ENGAGEMENT_TABLE, _ENGAGEMENT_TABLE.c.id == _ASSESSMENT_TABLE.c.engagement_id)
    .join(_UNIT_TABLE, _UNIT_TABLE.c.id == _ASSESSMENT_TABLE.c.unit_id)
    .join(_ROUND_TABLE, _ROUND_TABLE.c.id == _ASSESSMENT_TABLE.c.round_id)
    .join(_RESPONDENT_TABLE, _RESPONDENT_TABLE.c.id == _INTERVIEW_TABLE.c.respondent_id)
    .join(_FRAMEWORK_TABLE, _FRAMEWORK_TABLE.c.id == _ASSESSMENT_TABLE.c.framework_snapshot_id)
    .outerjoin(_QUESTIONNAIRE_TABLE, _QUESTIONNAIRE_TABLE.c.id == _INTERVIEW_TABLE.c.questionnaire_snapshot_id)
)


_ONE_INTERVIEW = _INTERVIEWS.where(_INTERVIEW_TABLE.c.id == bindparam("wanted"))


def interview(session: Session, interview_id: int) -> InterviewRecord | None:
    """Return one interview, archived or not; None if there is none."""
    row = session.connection().execute(_ONE_INTERVIEW, {"wanted": interview_id}).one_or_none()
    return None if row is None else _interview_record(dict(row._mapping))


_TO_SAVE = _ONE_INTERVIEW.add_columns(
    select(_REVISION_TABLE.c.id).where(_REVISION_TABLE.c.mutation_id == bindparam("mutation")).exists().label("known")
)


def interview_to_save(session: Session, interview_id: int, mutation_id: str) -> tuple[InterviewRecord, bool] | None:
    """Return an interview, and whether that save was stored already, here or elsewhere; None if there is no interview.

    In one query: every save asks both.
    """
    row = session.connection().execute(_TO_SAVE, {"wanted": interview_id, "mutation": mutation_id}).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    known = bool(values.pop("known"))
    return _interview_record(values), known


def interviews_of(session: Session, assessment_id: int) -> tuple[InterviewRecord, ...]:
    """Return every interview of an assessment in the order they were started, archived ones too."""
    rows = session.execute(_INTERVIEWS.where(InterviewRow.assessment_id == assessment_id).order_by(InterviewRow.id))
    return tuple(_interview_record(dict(row._mapping)) for row in rows)


def appointments_of(session: Session, engagement_id: int) -> tuple[InterviewRecord, ...]:
    """Return the drafts in use that have a time, of every assessment in use of an engagement, by time."""
    rows = session.execute(
        _INTERVIEWS.where(
            AssessmentRow.engagement_id == engagement_id,
            InterviewRow.starts_at.is_not(None),
            InterviewRow.archived_at.is_(None),
            InterviewRow.state == "draft",
        ).order_by(InterviewRow.starts_at, InterviewRow.id)
    )
    found = (_interview_record(dict(row._mapping)) for row in rows)
    return tuple(record for record in found if not record.assessment_archived)


def _interview_record(values: dict[str, Any]) -> InterviewRecord:
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


_ANSWERS: Any = (
    select(
        _ANSWER_TABLE.c.id,
        _ANSWER_TABLE.c.interview_id,
        _ANSWER_TABLE.c.element,
        _ANSWER_TABLE.c.state,
        _ANSWER_TABLE.c.steps,
        _ANSWER_TABLE.c.suggested,
        _ANSWER_TABLE.c.reason,
        _ANSWER_TABLE.c.note,
        _ANSWER_TABLE.c.confidence,
        _ANSWER_TABLE.c.evidence_strength,
        _ANSWER_TABLE.c.questions,
        _ANSWER_TABLE.c.version,
        _ANSWER_TABLE.c.updated_at,
        _ANSWER_TABLE.c.updated_by,
        _USER_TABLE.c.display_name.label("updated_by_name"),
    )
    .select_from(_ANSWER_TABLE)
    .outerjoin(_USER_TABLE, _USER_TABLE.c.id == _ANSWER_TABLE.c.updated_by)
)


_ONE_ANSWER = _ANSWERS.where(
    _ANSWER_TABLE.c.interview_id == bindparam("wanted"), _ANSWER_TABLE.c.element == bindparam("about")
)
_ANSWER_WITH_TICKS = _ONE_ANSWER.add_columns(_EVIDENCE_TABLE.c.key, _EVIDENCE_TABLE.c.tick).outerjoin(
    _EVIDENCE_TABLE, _EVIDENCE_TABLE.c.answer_id == _ANSWER_TABLE.c.id
)


def answer(session: Session, interview_id: int, element: str) -> AnswerRecord | None:
    """Return the stored answer about one element; None when it was never touched."""
    rows = session.connection().execute(_ANSWER_WITH_TICKS, {"wanted": interview_id, "about": element}).all()
    if not rows:
        return None
    return _answer_record(rows[0], {row.key: row.tick for row in rows if row.key is not None})


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
    statement = _FIRST_ANSWER[session.get_bind().dialect.name]
    answer_id = session.execute(
        statement, {**row, "version": 1, "updated_at": at, "updated_by": user_id}
    ).scalar_one_or_none()
    if answer_id is None:
        return False
    _insert_ticks(session, answer_id, values.ticks)
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


def _inserted(result: Any) -> int:
    key: Any = cast("CursorResult[Any]", result).inserted_primary_key
    return int(key[0])
