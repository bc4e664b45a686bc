"""Frameworks and questionnaires as they were when first used. Knows documents and hashes, not what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, union
from sqlalchemy.orm import Session

from app.storage.editing_tables import UpgradeRow
from app.storage.tables import AssessmentRow, InterviewRow, SnapshotRow

FRAMEWORK = "framework"
QUESTIONNAIRE = "questionnaire"


@dataclass(frozen=True, slots=True)
class SnapshotRecord:
    """A snapshot without its document."""

    id: int
    kind: str
    key: str
    version: str
    hash: str


_SNAPSHOT = (SnapshotRow.id, SnapshotRow.kind, SnapshotRow.key, SnapshotRow.version, SnapshotRow.hash)


def snapshot(session: Session, snapshot_id: int) -> SnapshotRecord:
    """Return a snapshot that is known to exist."""
    return SnapshotRecord(*session.execute(select(*_SNAPSHOT).where(SnapshotRow.id == snapshot_id)).one())


_SNAPSHOTS = cast("Table", SnapshotRow.__table__)
_HASH: Any = select(_SNAPSHOTS.c.hash).where(_SNAPSHOTS.c.id == bindparam("wanted"))


def hash_of(session: Session, snapshot_id: int) -> str:
    """Return the hash of the document of a snapshot that is known to exist."""
    found: str = session.execute(_HASH, {"wanted": snapshot_id}).scalar_one()
    return found


def document(session: Session, snapshot_id: int) -> str:
    """Return the document of a snapshot that is known to exist."""
    return session.execute(select(SnapshotRow.document).where(SnapshotRow.id == snapshot_id)).scalar_one()


@dataclass(frozen=True, slots=True)
class PinnedDocument:
    """A snapshot with its document."""

    kind: str
    key: str
    version: str
    hash: str
    document: str


def of_engagement(session: Session, engagement_id: int) -> tuple[PinnedDocument, ...]:
    """Return what the assessments of an engagement, their interviews and upgrades are pinned to."""
    own = select(AssessmentRow.id).where(AssessmentRow.engagement_id == engagement_id)
    interview, upgrade = InterviewRow, UpgradeRow
    pinned: Any = union(
        select(AssessmentRow.framework_snapshot_id).where(AssessmentRow.engagement_id == engagement_id),
        select(interview.questionnaire_snapshot_id).where(interview.assessment_id.in_(own)),
        select(upgrade.from_snapshot_id).where(upgrade.assessment_id.in_(own)),
        select(upgrade.to_snapshot_id).where(upgrade.assessment_id.in_(own)),
    )
    rows = session.execute(
        select(SnapshotRow.kind, SnapshotRow.key, SnapshotRow.version, SnapshotRow.hash, SnapshotRow.document)
        .where(SnapshotRow.id.in_(pinned))
        .order_by(SnapshotRow.kind, SnapshotRow.key, SnapshotRow.id)
    )
    return tuple(PinnedDocument(*row) for row in rows)


def keep(session: Session, *, kind: str, key: str, version: str, digest: str, document: str, at: datetime) -> int:
    """Store a document unless the same one is stored; return the id of its snapshot."""
    known = session.execute(
        select(SnapshotRow.id).where(SnapshotRow.kind == kind, SnapshotRow.hash == digest)
    ).scalar_one_or_none()
    if known is not None:
        return known
    values = {"kind": kind, "key": key, "version": version, "hash": digest, "document": document, "created_at": at}
    return session.execute(insert(SnapshotRow).values(**values).returning(SnapshotRow.id)).scalar_one()
