"""Queries over assessments, their agreed scores, findings and published figures. Knows steps, not scales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.core.text import Text
from app.storage.tables import (
    AgreedScoreRevisionRow,
    AgreedScoreRow,
    AssessmentRow,
    FindingRow,
    InterviewRow,
    PublishedFigureRow,
    RoundRow,
    SnapshotRow,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """An assessment as stored, with the name of its snapshot and whether its unit or round is archived."""

    id: int
    engagement_id: int
    unit_id: int
    round_id: int
    framework_key: str
    framework_snapshot_id: int
    framework_version: str
    framework_hash: str
    revision: int
    key: str
    questionnaire_reference: str | None
    state: str
    source: Mapping[str, Any] | None
    published_decimals: int | None
    minimum_roles: int | None
    shows_previous: bool
    correction: str | None
    created_at: datetime
    archived_at: datetime | None
    unit_archived_at: datetime | None
    round_archived_at: datetime | None

    @property
    def is_archived(self) -> bool:
        """Tell whether it is out of use: itself, its unit or its round is archived."""
        return not (self.archived_at is self.unit_archived_at is self.round_archived_at is None)


@dataclass(frozen=True, slots=True)
class AgreedScoreValues:
    """What is agreed about one element; `steps` above the scale's minimum exactly when the state has a score."""

    state: str
    steps: int | None = None
    reason: str | None = None
    note: str | None = None
    method: str | None = None
    confidence: str | None = None

    def document(self) -> dict[str, Any]:
        """Return these values as a revision keeps them."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class AgreedScoreRecord:
    """An agreed score as stored."""

    element: str
    values: AgreedScoreValues
    version: int
    decided_by: int | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class AgreedChange:
    """One change of an agreed score, with its findings before and after where they are kept."""

    element: str
    version: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    kind: str
    user_id: int | None
    at: datetime


def _assessments() -> Any:
    return (
        select(
            AssessmentRow.id,
            AssessmentRow.engagement_id,
            AssessmentRow.unit_id,
            AssessmentRow.round_id,
            AssessmentRow.framework_key,
            AssessmentRow.framework_snapshot_id,
            SnapshotRow.version,
            SnapshotRow.hash,
            AssessmentRow.revision,
            AssessmentRow.key,
            AssessmentRow.questionnaire_reference,
            AssessmentRow.state,
            AssessmentRow.source,
            AssessmentRow.published_decimals,
            AssessmentRow.minimum_roles,
            AssessmentRow.shows_previous,
            AssessmentRow.correction,
            AssessmentRow.created_at,
            AssessmentRow.archived_at,
            UnitRow.archived_at,
            RoundRow.archived_at,
        )
        .join(SnapshotRow, SnapshotRow.id == AssessmentRow.framework_snapshot_id)
        .join(UnitRow, UnitRow.id == AssessmentRow.unit_id)
        .join(RoundRow, RoundRow.id == AssessmentRow.round_id)
    )


def assessment(session: Session, assessment_id: int) -> AssessmentRecord | None:
    """Return one assessment, archived or not."""
    row = session.execute(_assessments().where(AssessmentRow.id == assessment_id)).one_or_none()
    return None if row is None else AssessmentRecord(*row)


def assessments(session: Session, engagement_id: int) -> tuple[AssessmentRecord, ...]:
    """Return every assessment of an engagement, revisions in order."""
    rows = session.execute(
        _assessments()
        .where(AssessmentRow.engagement_id == engagement_id)
        .order_by(AssessmentRow.unit_id, AssessmentRow.round_id, AssessmentRow.framework_key, AssessmentRow.revision)
    )
    return tuple(AssessmentRecord(*row) for row in rows)


def revisions_of(session: Session, *, unit_id: int, round_id: int, framework_key: str) -> tuple[AssessmentRecord, ...]:
    """Return the revisions of one unit, round and framework, oldest first, archived ones too."""
    rows = session.execute(
        _assessments()
        .where(
            AssessmentRow.unit_id == unit_id,
            AssessmentRow.round_id == round_id,
            AssessmentRow.framework_key == framework_key,
        )
        .order_by(AssessmentRow.revision)
    )
    return tuple(AssessmentRecord(*row) for row in rows)


def insert_assessment(session: Session, **values: Any) -> int:
    """Store an assessment (its columns by name) and return its id."""
    return session.execute(insert(AssessmentRow).values(**values).returning(AssessmentRow.id)).scalar_one()


def update_assessment(session: Session, assessment_id: int, **values: Any) -> None:
    """Set columns of an assessment.

    They are `state`, `archived_at`, `questionnaire_reference`, `minimum_roles`, `shows_previous`.
    """
    session.execute(update(AssessmentRow).where(AssessmentRow.id == assessment_id).values(**values))


_AGREED = (
    AgreedScoreRow.assessment_id,
    AgreedScoreRow.element,
    AgreedScoreRow.state,
    AgreedScoreRow.steps,
    AgreedScoreRow.reason,
    AgreedScoreRow.note,
    AgreedScoreRow.method,
    AgreedScoreRow.confidence,
    AgreedScoreRow.version,
    AgreedScoreRow.decided_by,
    AgreedScoreRow.decided_at,
)


def agreed_scores(session: Session, assessment_ids: Sequence[int]) -> dict[int, dict[str, AgreedScoreRecord]]:
    """Return agreed scores by assessment and element, in the order they were first agreed."""
    found: dict[int, dict[str, AgreedScoreRecord]] = {assessment_id: {} for assessment_id in assessment_ids}
    rows = session.execute(
        select(*_AGREED).where(AgreedScoreRow.assessment_id.in_(assessment_ids)).order_by(AgreedScoreRow.id)
    )
    for assessment_id, element, *values, version, decided_by, decided_at in rows:
        record = AgreedScoreRecord(element, AgreedScoreValues(*values), version, decided_by, decided_at)
        found[assessment_id][element] = record
    return found


def insert_agreed_scores(
    session: Session, assessment_id: int, scores: Mapping[str, AgreedScoreValues], *, at: datetime, user_id: int | None
) -> None:
    """Store first agreed scores as version 1."""
    if scores:
        session.execute(
            insert(AgreedScoreRow),
            [
                {
                    "assessment_id": assessment_id,
                    "element": element,
                    **values.document(),
                    "version": 1,
                    "decided_by": user_id,
                    "decided_at": at,
                }
                for element, values in scores.items()
            ],
        )


def append_agreed_changes(session: Session, assessment_id: int, changes: Iterable[AgreedChange]) -> None:
    """Append what happened to agreed scores."""
    rows = [
        {
            "assessment_id": assessment_id,
            "element": change.element,
            "version": change.version,
            "before": None if change.before is None else dict(change.before),
            "after": None if change.after is None else dict(change.after),
            "kind": change.kind,
            "user_id": change.user_id,
            "at": change.at,
        }
        for change in changes
    ]
    if rows:
        session.execute(insert(AgreedScoreRevisionRow), rows)


def findings(session: Session, assessment_ids: Sequence[int]) -> dict[int, dict[str, tuple[Text, ...]]]:
    """Return findings by assessment and element, in order."""
    found: dict[int, dict[str, tuple[Text, ...]]] = {assessment_id: {} for assessment_id in assessment_ids}
    rows = session.execute(
        select(FindingRow.assessment_id, FindingRow.element, FindingRow.text_zh, FindingRow.text_en)
        .where(FindingRow.assessment_id.in_(assessment_ids), FindingRow.archived_at.is_(None))
        .order_by(FindingRow.position, FindingRow.id)
    )
    for assessment_id, element, zh, en in rows:
        of_assessment = found[assessment_id]
        of_assessment[element] = (*of_assessment.get(element, ()), Text(zh, en))
    return found


def published_figures(session: Session, assessment_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the figures that sources printed, by assessment and node, as exact decimals."""
    found: dict[int, dict[str, str]] = {assessment_id: {} for assessment_id in assessment_ids}
    rows = session.execute(
        select(PublishedFigureRow.assessment_id, PublishedFigureRow.node, PublishedFigureRow.figure)
        .where(PublishedFigureRow.assessment_id.in_(assessment_ids))
        .order_by(PublishedFigureRow.id)
    )
    for assessment_id, node, figure in rows:
        found[assessment_id][node] = figure
    return found


def insert_published_figures(session: Session, assessment_id: int, figures: Mapping[str, str]) -> None:
    """Store the figures that a source printed."""
    if figures:
        session.execute(
            insert(PublishedFigureRow),
            [{"assessment_id": assessment_id, "node": node, "figure": figure} for node, figure in figures.items()],
        )


def interview_counts(session: Session, assessment_ids: Sequence[int]) -> dict[int, int]:
    """Return how many interviews (archived ones apart) each assessment has; those without any are absent."""
    rows = session.execute(
        select(InterviewRow.assessment_id, func.count())
        .where(InterviewRow.assessment_id.in_(assessment_ids), InterviewRow.archived_at.is_(None))
        .group_by(InterviewRow.assessment_id)
    )
    return {assessment_id: count for assessment_id, count in rows}  # noqa: C416 - dict(rows) loses the types
