"""Finding text in units and findings. Knows LIKE and how to keep its wildcards from meaning anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.case import TOLD_BY_NOTE
from app.core.text import Text
from app.storage.tables import AgreedScoreRow, AnswerRow, FindingRow, InterviewRow, UnitRow

ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class UnitFound:
    """A unit in use whose name or key holds every word."""

    engagement_id: int
    unit_id: int


@dataclass(frozen=True, slots=True)
class FindingFound:
    """A finding, or the reason or note of an agreed score or an answer, that holds every word."""

    assessment_id: int
    element: str
    text: Text


Words = Sequence[Sequence[str]]  # every word in its spellings, of which one must stand there


def _holds(
    words: Words, *columns: InstrumentedAttribute[str | None] | InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """Every word stands in one of the columns; ILIKE folds case where the language has any."""
    return and_(
        *(
            or_(
                *(
                    column.ilike(f"%{_literal(spelling)}%", escape=ESCAPE)
                    for column in columns
                    for spelling in spellings
                )
            )
            for spellings in words
        )
    )


def _literal(word: str) -> str:
    for special in (ESCAPE, "%", "_"):
        word = word.replace(special, ESCAPE + special)
    return word


def units(session: Session, words: Words, *, engagement_ids: Sequence[int]) -> tuple[UnitFound, ...]:
    """Return the units in use whose key or name (either language) holds every word."""
    rows = session.execute(
        select(UnitRow.engagement_id, UnitRow.id)
        .where(
            UnitRow.engagement_id.in_(engagement_ids),
            UnitRow.archived_at.is_(None),
            _holds(words, UnitRow.key, UnitRow.name_zh, UnitRow.name_en),
        )
        .order_by(UnitRow.engagement_id, UnitRow.position, UnitRow.id)
    )
    return tuple(UnitFound(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Within:
    """Assessments whose findings and reasons, all notes of agreed scores, and notes of interviews are looked at."""

    found: Sequence[int]
    agreed: Sequence[int]
    said: Sequence[int]


def findings(session: Session, words: Words, *, within: Within, limit: int) -> tuple[FindingFound, ...]:
    """Return findings in use that hold every word, then such words at agreed scores, then such notes of interviews."""
    found = [
        *session.execute(
            select(FindingRow.assessment_id, FindingRow.element, FindingRow.text_zh, FindingRow.text_en)
            .where(
                FindingRow.assessment_id.in_(within.found),
                FindingRow.archived_at.is_(None),
                _holds(words, FindingRow.text_zh, FindingRow.text_en),
            )
            .order_by(FindingRow.assessment_id, FindingRow.id)
            .limit(limit)
        )
    ]
    explained = or_(
        _holds(words, AgreedScoreRow.reason),
        and_(AgreedScoreRow.state.in_(TOLD_BY_NOTE), _holds(words, AgreedScoreRow.note)),
    )
    told = (
        select(AgreedScoreRow.assessment_id, AgreedScoreRow.element, AgreedScoreRow.reason, AgreedScoreRow.note)
        .where(
            AgreedScoreRow.assessment_id.in_(within.found),
            AgreedScoreRow.assessment_id.not_in(within.agreed),
            explained,
        )
        .order_by(AgreedScoreRow.assessment_id, AgreedScoreRow.id)
    )
    agreed = (
        select(AgreedScoreRow.assessment_id, AgreedScoreRow.element, AgreedScoreRow.note, AgreedScoreRow.reason)
        .where(
            AgreedScoreRow.assessment_id.in_(within.agreed),
            _holds(words, AgreedScoreRow.note, AgreedScoreRow.reason),
        )
        .order_by(AgreedScoreRow.assessment_id, AgreedScoreRow.id)
    )
    said = (
        select(InterviewRow.assessment_id, AnswerRow.element, AnswerRow.note, AnswerRow.reason)
        .join(InterviewRow, InterviewRow.id == AnswerRow.interview_id)
        .where(
            InterviewRow.assessment_id.in_(within.said),
            InterviewRow.archived_at.is_(None),
            _holds(words, AnswerRow.note, AnswerRow.reason),
        )
        .order_by(InterviewRow.assessment_id, AnswerRow.id)
    )
    for statement in (told, agreed, said):
        rows = session.execute(statement.limit(limit))
        found += [(assessment_id, element, first or second, None) for assessment_id, element, first, second in rows]
    return tuple(FindingFound(assessment_id, element, Text(zh, en)) for assessment_id, element, zh, en in found[:limit])
