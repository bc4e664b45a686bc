"""Queries over background jobs. A claim raises `attempt`; whoever writes later must still hold that attempt."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased

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
    report_id: int | None
    parent_id: int | None
    content_hash: str | None
    pages: int | None
    created_by: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewJob:
    """Work to be queued. `parent_id` is the batch that it is a part of, `report_id` the report that it renders."""

    kind: str
    parameters: Mapping[str, Any]
    engagement_id: int | None = None
    report_id: int | None = None
    parent_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A file that a job made: its path below the data folder, what it was made from, and how many pages it has."""

    result: str
    content_hash: str | None = None
    pages: int | None = None


def select_jobs() -> Any:
    """Return the query that JobRecord is made of."""
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
        JobRow.report_id,
        JobRow.parent_id,
        JobRow.content_hash,
        JobRow.pages,
        JobRow.created_by,
        JobRow.created_at,
        JobRow.started_at,
        JobRow.finished_at,
    )


def job(session: Session, job_id: int) -> JobRecord | None:
    """Return one job."""
    row = session.execute(select_jobs().where(JobRow.id == job_id)).one_or_none()
    return None if row is None else JobRecord(*row)


def jobs(
    session: Session, *, engagement_ids: Collection[int] | None, kind: str | None, limit: int | None
) -> tuple[JobRecord, ...]:
    """Return jobs that are no part of another, the newest first, of these engagements and kind where given."""
    statement = select_jobs().where(JobRow.parent_id.is_(None)).order_by(JobRow.id.desc()).limit(limit)
    if engagement_ids is not None:
        statement = statement.where(JobRow.engagement_id.in_(engagement_ids))
    if kind is not None:
        statement = statement.where(JobRow.kind == kind)
    return tuple(JobRecord(*row) for row in session.execute(statement))


def unfinished(session: Session, *, kind: str, user_id: int | None) -> tuple[JobRecord, ...]:
    """Return the queued and running jobs of a kind that a user asked for, oldest first; parts of batches apart."""
    rows = session.execute(
        select_jobs()
        .where(
            JobRow.kind == kind,
            JobRow.created_by == user_id,
            JobRow.parent_id.is_(None),
            JobRow.state.in_((QUEUED, RUNNING)),
        )
        .order_by(JobRow.id)
    )
    return tuple(JobRecord(*row) for row in rows)


def insert_job(session: Session, new: NewJob, at: datetime) -> int:
    """Store a queued job and return its id."""
    return session.execute(insert(JobRow).values(**_queued(new, at)).returning(JobRow.id)).scalar_one()


def insert_jobs(session: Session, new: Sequence[NewJob], at: datetime) -> None:
    """Store many queued jobs at once, in their order."""
    if new:
        session.execute(insert(JobRow), [_queued(one, at) for one in new])


def _queued(new: NewJob, at: datetime) -> dict[str, Any]:
    return {
        "kind": new.kind,
        "engagement_id": new.engagement_id,
        "parameters": dict(new.parameters),
        "state": QUEUED,
        "progress": 0,
        "attempt": 0,
        "report_id": new.report_id,
        "parent_id": new.parent_id,
        "created_by": new.user_id,
        "created_at": at,
    }


def claim(session: Session, *, kinds: Sequence[str], at: datetime, until: datetime) -> JobRecord | None:
    """Give the oldest queued job to the caller until `until`; None when there is none. Two never get the same one.

    A batch waits until all its parts have ended; parts wait until nothing else does.
    """
    part = aliased(JobRow)
    unfinished_part = exists().where(part.parent_id == JobRow.id, part.state.in_((QUEUED, RUNNING)))
    next_id = session.execute(
        select(JobRow.id)
        .where(JobRow.state == QUEUED, JobRow.kind.in_(kinds), ~unfinished_part)
        .order_by(JobRow.parent_id.is_not(None), JobRow.id)
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


def finish(session: Session, job_id: int, attempt: int, made: Made, *, at: datetime) -> bool:
    """Mark a running job as done; False when this attempt no longer holds it."""
    return _change(session, job_id, attempt, **_done(made, at))


def finish_at_once(session: Session, job_id: int, made: Made, *, at: datetime) -> None:
    """Mark a job as done that nobody has begun."""
    session.execute(update(JobRow).where(JobRow.id == job_id, JobRow.state == QUEUED).values(**_done(made, at)))


def _done(made: Made, at: datetime) -> dict[str, Any]:
    return {
        "state": DONE,
        "progress": 100,
        "stage": None,
        "failure": None,
        "result": made.result,
        "content_hash": made.content_hash,
        "pages": made.pages,
        "finished_at": at,
        "leased_until": None,
    }


def fail(session: Session, job_id: int, attempt: int, *, failure: str, at: datetime) -> bool:
    """Mark a running job as failed; False when this attempt no longer holds it."""
    return _change(session, job_id, attempt, state=FAILED, failure=failure, finished_at=at, leased_until=None)


def release(session: Session, job_id: int, attempt: int) -> bool:
    """Queue a running job again, for another worker; False when this attempt no longer holds it."""
    return _change(session, job_id, attempt, state=QUEUED, progress=0, stage=None, leased_until=None)


def held(session: Session, job_id: int, attempt: int) -> bool:
    """Tell whether an attempt still holds its job."""
    found = session.execute(
        select(JobRow.id).where(JobRow.id == job_id, JobRow.attempt == attempt, JobRow.state == RUNNING)
    )
    return found.scalar_one_or_none() is not None


def cancel(session: Session, job_id: int, *, at: datetime) -> bool:
    """Cancel a queued or running job and its parts; False when it has ended already."""
    stopped = {"state": CANCELLED, "finished_at": at, "leased_until": None}
    going = JobRow.state.in_((QUEUED, RUNNING))
    result = session.execute(update(JobRow).where(JobRow.id == job_id, going).values(**stopped))
    session.execute(update(JobRow).where(JobRow.parent_id == job_id, going).values(**stopped))
    return cast("CursorResult[Any]", result).rowcount == 1


def queue_again(session: Session, job_id: int) -> bool:
    """Queue a failed or cancelled job once more; False for any other."""
    return _again(session, JobRow.id == job_id) == 1


def queue_parts_again(session: Session, parent_id: int) -> int:
    """Queue the failed and cancelled parts of a batch once more, and then the batch; return how many parts."""
    count = _again(session, JobRow.parent_id == parent_id)
    if count:
        session.execute(update(JobRow).where(JobRow.id == parent_id).values(**_FRESH, result=None))
    return count


_FRESH: dict[str, Any] = {
    "state": QUEUED,
    "progress": 0,
    "stage": None,
    "failure": None,
    "finished_at": None,
    "leased_until": None,
}


def _again(session: Session, which: ColumnElement[bool]) -> int:
    result = session.execute(update(JobRow).where(which, JobRow.state.in_((FAILED, CANCELLED))).values(**_FRESH))
    return cast("CursorResult[Any]", result).rowcount


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
