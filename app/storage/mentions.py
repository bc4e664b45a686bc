"""Where free texts of an engagement hold some words: what people can mend, and histories that nobody can."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from app.storage.editing_tables import UpgradeRow
from app.storage.report_tables import ReportRow, ReportSentenceRevisionRow, ReportSentenceRow
from app.storage.tables import (
    AcceptedWarningRow,
    AgreedScoreRevisionRow,
    AgreedScoreRow,
    AnswerRevisionRow,
    AnswerRow,
    AssessmentRow,
    AttachmentRow,
    FindingRevisionRow,
    FindingRow,
    InterviewRow,
)


@dataclass(frozen=True, slots=True)
class MentionRecord:
    """A text that holds the words. `kind`: answer, interview, agreed, finding, attachment, warning, sentence (whose
    `number` is that of its report).
    """

    kind: str
    number: int
    assessment_id: int | None
    interview_id: int | None
    element: str | None


def mentions(session: Session, engagement_id: int, words: str) -> tuple[MentionRecord, ...]:
    """Return the texts in force that hold some words."""
    own = AssessmentRow.engagement_id == engagement_id
    of_assessment = AssessmentRow.id
    nobody, nowhere = literal(None), literal(None)
    asked: list[tuple[str, Any]] = [
        (
            "answer",
            select(AnswerRow.id, InterviewRow.assessment_id, InterviewRow.id, AnswerRow.element)
            .join(InterviewRow, InterviewRow.id == AnswerRow.interview_id)
            .join(AssessmentRow, of_assessment == InterviewRow.assessment_id)
            .where(own, _hold(words, AnswerRow.note, AnswerRow.reason, AnswerRow.questions)),
        ),
        (
            "interview",
            select(InterviewRow.id, InterviewRow.assessment_id, InterviewRow.id, nowhere)
            .join(AssessmentRow, of_assessment == InterviewRow.assessment_id)
            .where(own, _hold(words, InterviewRow.place, InterviewRow.request, InterviewRow.interviewer)),
        ),
        (
            "agreed",
            select(AgreedScoreRow.id, AgreedScoreRow.assessment_id, nobody, AgreedScoreRow.element)
            .join(AssessmentRow, of_assessment == AgreedScoreRow.assessment_id)
            .where(own, _hold(words, AgreedScoreRow.note, AgreedScoreRow.reason)),
        ),
        (
            "finding",
            select(FindingRow.id, FindingRow.assessment_id, nobody, FindingRow.element)
            .join(AssessmentRow, of_assessment == FindingRow.assessment_id)
            .where(own, _hold(words, FindingRow.text_zh, FindingRow.text_en)),
        ),
        (
            "attachment",
            select(AttachmentRow.id, AttachmentRow.assessment_id, AttachmentRow.interview_id, AttachmentRow.element)
            .join(AssessmentRow, of_assessment == AttachmentRow.assessment_id)
            .where(own, _hold(words, AttachmentRow.label)),
        ),
        (
            "warning",
            select(
                AcceptedWarningRow.id,
                AcceptedWarningRow.assessment_id,
                AcceptedWarningRow.interview_id,
                AcceptedWarningRow.element,
            )
            .join(AssessmentRow, of_assessment == AcceptedWarningRow.assessment_id)
            .where(own, _hold(words, AcceptedWarningRow.reason)),
        ),
        (
            "sentence",
            select(ReportRow.id, nobody, nowhere, literal(None).label("element"))
            .join(ReportSentenceRow, ReportSentenceRow.report_id == ReportRow.id)
            .where(ReportRow.engagement_id == engagement_id, _hold(words, ReportSentenceRow.text)),
        ),
    ]
    return tuple(
        MentionRecord(kind, *row) for kind, statement in asked for row in session.execute(statement.distinct())
    )


def histories_with(session: Session, engagement_id: int, words: str) -> int:
    """Return how many former wordings, which only erasing the engagement takes away, hold some words."""
    assessments = select(AssessmentRow.id).where(AssessmentRow.engagement_id == engagement_id)
    interviews = select(InterviewRow.id).where(InterviewRow.assessment_id.in_(assessments))
    findings = select(FindingRow.id).where(FindingRow.assessment_id.in_(assessments))
    reports = select(ReportRow.id).where(ReportRow.engagement_id == engagement_id)
    sentences = select(ReportSentenceRow.id).where(ReportSentenceRow.report_id.in_(reports))
    answers, agreed = AnswerRevisionRow, AgreedScoreRevisionRow
    written, worded = FindingRevisionRow, ReportSentenceRevisionRow
    conditions: Iterable[tuple[Any, Any, Any]] = (
        (answers.id, answers.interview_id.in_(interviews), _hold(words, answers.before, answers.after)),
        (agreed.id, agreed.assessment_id.in_(assessments), _hold(words, agreed.before, agreed.after)),
        (written.id, written.finding_id.in_(findings), _hold(words, written.before, written.after)),
        (worded.id, worded.sentence_id.in_(sentences), _hold(words, worded.before, worded.after)),
        (UpgradeRow.id, UpgradeRow.assessment_id.in_(assessments), _hold(words, UpgradeRow.record)),
    )
    return sum(
        session.execute(select(func.count(number)).where(own, holds)).scalar_one() for number, own, holds in conditions
    )


def _hold(words: str, *columns: Any) -> Any:
    """Some column holds the words, as text or within JSON, where they may stand escaped."""
    spellings = {words, json.dumps(words)[1:-1], json.dumps(words, ensure_ascii=False)[1:-1]}
    return or_(
        *(
            cast(column, String).icontains(spelling, autoescape=True)
            for column in columns
            for spelling in sorted(spellings)
        )
    )
