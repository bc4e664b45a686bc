"""Upgrades of assessments with the records they keep, and the scores that they propose. Knows no rule of carrying."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, insert, select, update
from sqlalchemy.orm import Session

from app.storage.editing_tables import CarriedScoreRow, UpgradeRow
from app.storage.tables import (
    AgreedScoreRevisionRow,
    AnswerRevisionRow,
    AssessmentRow,
    AttachmentRow,
    EngagementRow,
    FindingRow,
    InterviewRow,
    SnapshotRow,
    UserRow,
)

PROPOSED, CONFIRMED, CHANGED, DECLINED, WITHDRAWN = "proposed", "confirmed", "changed", "declined", "withdrawn"


@dataclass(frozen=True, slots=True)
class UpgradeRecord:
    """An upgrade without its record. `reverses_id`: it took that one back."""

    id: int
    assessment_id: int
    from_snapshot_id: int
    from_version: str
    from_hash: str
    to_snapshot_id: int
    to_version: str
    reverses_id: int | None
    preview: Mapping[str, Any]
    at: datetime
    user_id: int | None
    user_name: str | None


_FROM: Any = SnapshotRow.__table__.alias("from_snapshot")
_TO: Any = SnapshotRow.__table__.alias("to_snapshot")
_UPGRADES: Any = (
    select(
        UpgradeRow.id,
        UpgradeRow.assessment_id,
        UpgradeRow.from_snapshot_id,
        _FROM.c.version,
        _FROM.c.hash,
        UpgradeRow.to_snapshot_id,
        _TO.c.version,
        UpgradeRow.reverses_id,
        UpgradeRow.preview,
        UpgradeRow.at,
        UpgradeRow.user_id,
        UserRow.display_name,
    )
    .join(_FROM, _FROM.c.id == UpgradeRow.from_snapshot_id)
    .join(_TO, _TO.c.id == UpgradeRow.to_snapshot_id)
    .outerjoin(UserRow, UserRow.id == UpgradeRow.user_id)
)


def upgrades_of(session: Session, assessment_id: int) -> tuple[UpgradeRecord, ...]:
    """Return the upgrades of an assessment, those taken back and those that took back too, oldest first."""
    rows = session.execute(_UPGRADES.where(UpgradeRow.assessment_id == assessment_id).order_by(UpgradeRow.id))
    return tuple(UpgradeRecord(*row) for row in rows)


def upgrade(session: Session, upgrade_id: int) -> UpgradeRecord | None:
    """Return one upgrade; None if there is none."""
    row = session.execute(_UPGRADES.where(UpgradeRow.id == upgrade_id)).one_or_none()
    return None if row is None else UpgradeRecord(*row)


def record_of(session: Session, upgrade_id: int) -> str:
    """Return what an upgrade that is known to exist keeps of the assessment before it."""
    return session.execute(select(UpgradeRow.record).where(UpgradeRow.id == upgrade_id)).scalar_one()


def insert_upgrade(session: Session, **values: Any) -> int:
    """Store an upgrade (its columns by name) and return its id; it is never changed afterwards."""
    return session.execute(insert(UpgradeRow).values(**values).returning(UpgradeRow.id)).scalar_one()


def former_snapshots(session: Session, assessment_id: int) -> tuple[int, ...]:
    """Return the snapshots of the versions that an assessment ever stood in, the newest first."""
    rows = session.execute(
        select(UpgradeRow.from_snapshot_id).where(UpgradeRow.assessment_id == assessment_id).order_by(UpgradeRow.id)
    )
    return tuple(dict.fromkeys(reversed([found for (found,) in rows])))


# --- proposals -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CarriedScore:
    """A proposal as stored; `origins` maps old elements to what was said of them, `steps` are on the new scale."""

    id: int
    assessment_id: int
    upgrade_id: int
    element: str
    origins: Mapping[str, Any]
    steps: int | None
    state: str
    decided_by: int | None
    decided_by_name: str | None
    decided_at: datetime | None


_CARRIED: Any = select(
    CarriedScoreRow.id,
    CarriedScoreRow.assessment_id,
    CarriedScoreRow.upgrade_id,
    CarriedScoreRow.element,
    CarriedScoreRow.origins,
    CarriedScoreRow.steps,
    CarriedScoreRow.state,
    CarriedScoreRow.decided_by,
    UserRow.display_name,
    CarriedScoreRow.decided_at,
).outerjoin(UserRow, UserRow.id == CarriedScoreRow.decided_by)


def insert_carried(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store proposals, all of them open."""
    if rows:
        session.execute(insert(CarriedScoreRow), [{"state": PROPOSED, **row} for row in rows])


def carried_of(session: Session, assessment_id: int) -> tuple[CarriedScore, ...]:
    """Return every proposal that was ever made for an assessment, oldest first."""
    rows = session.execute(_CARRIED.where(CarriedScoreRow.assessment_id == assessment_id).order_by(CarriedScoreRow.id))
    return tuple(CarriedScore(*row) for row in rows)


def decide_carried(session: Session, carried_id: int, *, state: str, user_id: int | None, at: datetime) -> bool:
    """Decide a proposal that is open; False when somebody was first."""
    result = session.execute(
        update(CarriedScoreRow)
        .where(CarriedScoreRow.id == carried_id, CarriedScoreRow.state == PROPOSED)
        .values(state=state, decided_by=user_id, decided_at=at)
    )
    return cast("CursorResult[Any]", result).rowcount == 1


def withdraw_carried(session: Session, upgrade_id: int, *, user_id: int | None, at: datetime) -> None:
    """Withdraw what is still open of an upgrade's proposals."""
    session.execute(
        update(CarriedScoreRow)
        .where(CarriedScoreRow.upgrade_id == upgrade_id, CarriedScoreRow.state == PROPOSED)
        .values(state=WITHDRAWN, decided_by=user_id, decided_at=at)
    )


# --- what moves with an element that was renamed ---------------------------------------------------------------------


def rename_element(session: Session, assessment_id: int, former: str, name: str) -> None:
    """Let the findings and files about an element of an assessment stand at another one; their history stays theirs."""
    for table in (FindingRow, AttachmentRow):
        session.execute(
            update(table).where(table.assessment_id == assessment_id, table.element == former).values(element=name)
        )


# --- who runs on what ----------------------------------------------------------------------------------------------


def engagements_on(session: Session, framework_key: str) -> tuple[int, ...]:
    """Return the ids of the engagements that have an assessment of a framework, in any version."""
    rows = session.execute(
        select(AssessmentRow.engagement_id)
        .where(AssessmentRow.framework_key == framework_key)
        .distinct()
        .order_by(AssessmentRow.engagement_id)
    )
    return tuple(found for (found,) in rows)


def places_on(session: Session, framework_key: str, engagement_ids: Collection[int]) -> int:
    """Return how many units in how many rounds of these engagements in use have an assessment in use of a framework."""
    places = (
        select(AssessmentRow.unit_id, AssessmentRow.round_id)
        .join(EngagementRow, EngagementRow.id == AssessmentRow.engagement_id)
        .where(
            AssessmentRow.framework_key == framework_key,
            AssessmentRow.engagement_id.in_(engagement_ids),
            AssessmentRow.archived_at.is_(None),
            EngagementRow.archived_at.is_(None),
        )
        .distinct()
    )
    return session.execute(select(func.count()).select_from(places.subquery())).scalar_one()


def revision_counts(session: Session, assessment_id: int) -> tuple[int, int]:
    """Return how many revisions agreed scores and answers of an assessment have."""
    agreed = session.execute(
        select(func.count()).where(AgreedScoreRevisionRow.assessment_id == assessment_id)
    ).scalar_one()
    answers = session.execute(
        select(func.count())
        .select_from(AnswerRevisionRow)
        .join(InterviewRow, InterviewRow.id == AnswerRevisionRow.interview_id)
        .where(InterviewRow.assessment_id == assessment_id)
    ).scalar_one()
    return agreed, answers
