"""Queries over background jobs. A claim raises `attempt`; whoever writes later must still hold that attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, insert, select, update
from sqlalchemy.orm import Session

from app.storage.report_tables import JobRow

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as stored."""

    id: int
    kind: str
    engagement_id: int | None
    parameters: Mapping[str, Any]
    state: str
    progress: int
    stage: str | None
    attempt: int
    failure: str | None
    result: str | None
    created_by: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def _jobs() -> Any:
    return select(
        JobRow.id,
        JobRow.kind,
        JobRow.engagement_id,
        JobRow.parameters,
        JobRow.state,
        JobRow.progress,
        JobRow.stage,
        JobRow.attempt,
        JobRow.failure,
        JobRow.result,
        JobRow.created_by,
        JobRow.created_at,
        JobRow.started_at,
        JobRow.finished_at,
    )


def job(session: Session, job_id: int) -> JobRecord | None:
    """Return one job."""
    row = session.execute(_jobs().where(JobRow.id == job_id)).one_or_none()
    return None if row is None else JobRecord(*row)


def jobs(session: Session, *, engagement_id: int | None, kind: str | None, limit: int) -> tuple[JobRecord, ...]:
    """Return jobs, the newest first, of one engagement and kind where given."""
    statement = _jobs().order_by(JobRow.id.desc()).limit(limit)
    if engagement_id is not None:
        statement = statement.where(JobRow.engagement_id == engagement_id)
    if kind is not None:
        statement = statement.where(JobRow.kind == kind)
    return tuple(JobRecord(*row) for row in session.execute(statement))


def unfinished(session: Session, *, kind: str, user_id: int | None) -> tuple[JobRecord, ...]:
    """Return the queued and running jobs of a kind that a user asked for, oldest first."""
    rows = session.execute(
        _jobs()
        .where(JobRow.kind == kind, JobRow.created_by == user_id, JobRow.state.in_((QUEUED, RUNNING)))
        .order_by(JobRow.id)
    )
    return tuple(JobRecord(*row) for row in rows)


def insert_job(
    session: Session,
    *,
    kind: str,
    engagement_id: int | None,
    parameters: Mapping[str, Any],
    user_id: int | None,
    at: datetime,
) -> int:
    """Store a queued job and return its id."""
    values = {
        "kind": kind,
        "engagement_id": engagement_id,
        "parameters": dict(parameters),
        "state": QUEUED,
        "progress": 0,
        "attempt": 0,
        "created_by": user_id,
        "created_at": at,
    }
    return session.execute(insert(JobRow).values(**values).returning(JobRow.id)).scalar_one()


def claim(session: Session, *, kinds: Sequence[str], at: datetime, until: datetime) -> JobRecord | None:
    """Give the oldest queued job to the caller until `until`; None when there is none. Two never get the same one."""
    next_id = session.execute(
        select(JobRow.id)
        .where(JobRow.state == QUEUED, JobRow.kind.in_(kinds))
        .order_by(JobRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if next_id is None:
        return None
    session.execute(
        update(JobRow)
        .where(JobRow.id == next_id)
        .values(
            state=RUNNING,
            attempt=JobRow.attempt + 1,
            progress=0,
            stage=None,
            leased_until=until,
            started_at=func.coalesce(JobRow.started_at, at),
        )
    )
    return job(session, next_id)


def extend(session: Session, job_id: int, attempt: int, until: datetime) -> bool:
    """Hold a running job for longer; False when this attempt no longer holds it."""
    return _change(session, job_id, attempt, leased_until=until)


def set_progress(session: Session, job_id: int, attempt: int, *, progress: int, stage: str | None) -> bool:
    """Note how far a running job is (0 to 100); False when this attempt no longer holds it."""
    return _change(session, job_id, attempt, progress=progress, stage=stage)


def finish(session: Session, job_id: int, attempt: int, *, result: str, at: datetime) -> bool:
    """Mark a running job as done; False when this attempt no longer holds it."""
    return _change(
        session, job_id, attempt, state=DONE, progress=100, stage=None, result=result, finished_at=at, leased_until=None
    )


def fail(session: Session, job_id: int, attempt: int, *, failure: str, at: datetime) -> bool:
    """Mark a running job as failed; False when this attempt no longer holds it."""
    return _change(session, job_id, attempt, state=FAILED, failure=failure, finished_at=at, leased_until=None)


def release(session: Session, job_id: int, attempt: int) -> bool:
    """Queue a running job again, for another worker; False when this attempt no longer holds it."""
    return _change(session, job_id, attempt, state=QUEUED, leased_until=None)


def cancel(session: Session, job_id: int, *, at: datetime) -> bool:
    """Cancel a queued or running job; False when it has ended already."""
    result = session.execute(
        update(JobRow)
        .where(JobRow.id == job_id, JobRow.state.in_((QUEUED, RUNNING)))
        .values(state=CANCELLED, finished_at=at, leased_until=None)
    )
    return cast("CursorResult[Any]", result).rowcount == 1


def recover(session: Session, *, at: datetime, attempts: int, failure: str) -> int:
    """Queue running jobs again whose lease has lapsed, fail those with `attempts` claims; return how many lapsed."""
    lapsed = (JobRow.state == RUNNING, JobRow.leased_until < at)
    failed = session.execute(
        update(JobRow)
        .where(*lapsed, JobRow.attempt >= attempts)
        .values(state=FAILED, failure=failure, finished_at=at, leased_until=None)
    )
    queued = session.execute(update(JobRow).where(*lapsed).values(state=QUEUED, leased_until=None))
    return sum(cast("CursorResult[Any]", result).rowcount for result in (failed, queued))


def _change(session: Session, job_id: int, attempt: int, **values: Any) -> bool:
    result = session.execute(
        update(JobRow).where(JobRow.id == job_id, JobRow.attempt == attempt, JobRow.state == RUNNING).values(**values)
    )
    return cast("CursorResult[Any]", result).rowcount == 1
