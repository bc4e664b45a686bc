"""What the trail is laid together from: events and five append-only histories, each as a query of one common shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, and_, cast, literal, null, or_, select, union_all

from app.storage.editing_tables import UpgradeRow
from app.storage.report_tables import ReportRow, ReportSentenceRevisionRow, ReportSentenceRow
from app.storage.tables import (
    AgreedScoreRevisionRow,
    AnswerRevisionRow,
    AssessmentRow,
    FindingRevisionRow,
    FindingRow,
    InterviewRow,
)
from app.storage.trust_tables import AuditEventRow

EVENT, AGREED, ANSWER, FINDING, WRITTEN, SENTENCE, UPGRADE = (
    "event",
    "agreed",
    "answer",
    "finding",
    "finding-written",
    "sentence",
    "upgrade",
)
SOURCES = (EVENT, AGREED, ANSWER, FINDING, WRITTEN, SENTENCE, UPGRADE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are wanted; None: whatever it is. `sources` of SOURCES; `kinds` are beginnings of kinds of events.

    `until` is the first moment that is too late.
    """

    engagement_id: int | None = None
    assessment_ids: tuple[int, ...] | None = None
    element: str | None = None
    user_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = SOURCES
    kinds: tuple[str, ...] | None = None


def trail_of(asked: Asked) -> Any:
    """Return everything that is wanted as one table; None where nothing can be."""
    parts = [_PARTS[source](asked) for source in asked.sources]
    return union_all(*parts).subquery("trail") if parts else None


def _columns(  # noqa: PLR0913, PLR0917 - the columns of the common shape, in its order
    source: str,
    number: Any,
    at: Any,
    kind: Any,
    user_id: Any,
    engagement_id: Any,
    assessment_id: Any,
    element: Any,
    object_kind: Any,
    object_id: Any,
    before: Any,
    after: Any,
    details: Any,
    request: Any,
) -> Any:
    plain = {
        "source": literal(source, String),
        "number": number,
        "at": at,
        "kind": kind,
        "user_id": user_id,
        "engagement_id": engagement_id,
        "assessment_id": assessment_id,
        "element": element,
        "object_kind": object_kind,
        "object_id": object_id,
        "before": before,
        "after": after,
        "details": details,
        "request": request,
    }
    return select(*(column.label(name) for name, column in plain.items()))


_NUMBER, _WORD, _DOCUMENT = cast(null(), Integer), cast(null(), String), cast(null(), JSON)


def _events(asked: Asked) -> Any:
    row = AuditEventRow
    found = _columns(
        EVENT,
        row.id,
        row.at,
        row.kind,
        row.user_id,
        row.engagement_id,
        row.assessment_id,
        row.element,
        row.object_kind,
        row.object_id,
        _DOCUMENT,
        _DOCUMENT,
        row.details,
        row.request,
    ).select_from(row)
    if asked.kinds is not None:
        found = found.where(or_(*(row.kind.startswith(kind, autoescape=True) for kind in asked.kinds)))
    return _narrowed(found, asked, row.at, row.user_id, row.engagement_id, row.assessment_id, row.element)


def _agreed(asked: Asked) -> Any:
    row = AgreedScoreRevisionRow
    found = _columns(
        AGREED,
        row.id,
        row.at,
        row.kind,
        row.user_id,
        AssessmentRow.engagement_id,
        row.assessment_id,
        row.element,
        _WORD,
        _NUMBER,
        row.before,
        row.after,
        _DOCUMENT,
        _WORD,
    ).join_from(row, AssessmentRow, AssessmentRow.id == row.assessment_id)
    return _narrowed(found, asked, row.at, row.user_id, AssessmentRow.engagement_id, row.assessment_id, row.element)


def _answers(asked: Asked) -> Any:
    row = AnswerRevisionRow
    found = (
        _columns(
            ANSWER,
            row.id,
            row.at,
            row.kind,
            row.user_id,
            AssessmentRow.engagement_id,
            InterviewRow.assessment_id,
            row.element,
            literal("interview", String),
            row.interview_id,
            row.before,
            row.after,
            _DOCUMENT,
            _WORD,
        )
        .join_from(row, InterviewRow, InterviewRow.id == row.interview_id)
        .join(AssessmentRow, AssessmentRow.id == InterviewRow.assessment_id)
    )
    engagement_id, assessment_id = AssessmentRow.engagement_id, InterviewRow.assessment_id
    return _narrowed(found, asked, row.at, row.user_id, engagement_id, assessment_id, row.element)


def _findings(asked: Asked) -> Any:
    row = FindingRevisionRow
    found = (
        _columns(
            FINDING,
            row.id,
            row.at,
            row.kind,
            row.user_id,
            AssessmentRow.engagement_id,
            FindingRow.assessment_id,
            FindingRow.element,
            literal("finding", String),
            row.finding_id,
            row.before,
            row.after,
            _DOCUMENT,
            _WORD,
        )
        .join_from(row, FindingRow, FindingRow.id == row.finding_id)
        .join(AssessmentRow, AssessmentRow.id == FindingRow.assessment_id)
    )
    engagement_id, assessment_id = AssessmentRow.engagement_id, FindingRow.assessment_id
    return _narrowed(found, asked, row.at, row.user_id, engagement_id, assessment_id, FindingRow.element)


def _written(asked: Asked) -> Any:
    """First wordings of findings: only changes are revisions."""
    row = FindingRow
    found = _columns(
        WRITTEN,
        row.id,
        row.created_at,
        literal("written", String),
        row.created_by,
        AssessmentRow.engagement_id,
        row.assessment_id,
        row.element,
        literal("finding", String),
        row.id,
        _DOCUMENT,
        _DOCUMENT,
        _DOCUMENT,
        _WORD,
    ).join_from(row, AssessmentRow, AssessmentRow.id == row.assessment_id)
    engagement_id = AssessmentRow.engagement_id
    return _narrowed(found, asked, row.created_at, row.created_by, engagement_id, row.assessment_id, row.element)


def _sentences(asked: Asked) -> Any:
    row = ReportSentenceRevisionRow
    found = (
        _columns(
            SENTENCE,
            row.id,
            row.at,
            literal("reworded", String),
            row.user_id,
            ReportRow.engagement_id,
            _NUMBER,
            _WORD,
            literal("report", String),
            ReportRow.id,
            _DOCUMENT,
            _DOCUMENT,
            _DOCUMENT,
            _WORD,
        )
        .join_from(row, ReportSentenceRow, ReportSentenceRow.id == row.sentence_id)
        .join(ReportRow, ReportRow.id == ReportSentenceRow.report_id)
    )
    return _narrowed(found, asked, row.at, row.user_id, ReportRow.engagement_id, None, None)


def _upgrades(asked: Asked) -> Any:
    row = UpgradeRow
    found = _columns(
        UPGRADE,
        row.id,
        row.at,
        literal("upgraded", String),
        row.user_id,
        AssessmentRow.engagement_id,
        row.assessment_id,
        _WORD,
        literal("upgrade", String),
        row.reverses_id,
        _DOCUMENT,
        _DOCUMENT,
        _DOCUMENT,
        _WORD,
    ).join_from(row, AssessmentRow, AssessmentRow.id == row.assessment_id)
    return _narrowed(found, asked, row.at, row.user_id, AssessmentRow.engagement_id, row.assessment_id, None)


def _narrowed(  # noqa: PLR0917 - where the common columns stand in this source; None: it has none
    found: Any, asked: Asked, at: Any, user_id: Any, engagement_id: Any, assessment_id: Any, element: Any
) -> Any:
    where = []
    if asked.since is not None:
        where.append(at >= asked.since)
    if asked.until is not None:
        where.append(at < asked.until)
    if asked.user_id is not None:
        where.append(user_id == asked.user_id)
    if asked.engagement_id is not None:
        where.append(engagement_id == asked.engagement_id)
    if asked.assessment_ids is not None:
        where.append(literal(value=False) if assessment_id is None else assessment_id.in_(asked.assessment_ids))
    if asked.element is not None:
        where.append(literal(value=False) if element is None else element == asked.element)
    return found.where(and_(*where)) if where else found


_PARTS: Mapping[str, Any] = {
    EVENT: _events,
    AGREED: _agreed,
    ANSWER: _answers,
    FINDING: _findings,
    WRITTEN: _written,
    SENTENCE: _sentences,
    UPGRADE: _upgrades,
}
