"""Work in the background: asked for here, done by a worker, watched by whoever asked. Knows no process.

The web hands work over through the port `Queue`; `app.jobs` has the adapter. A handler does the work of one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from app.services.clock import Clock
from app.services.permissions import Actor
from app.services.refusals import NotFound, Refused
from app.storage import jobs as store
from app.storage.database import Session
from app.storage.jobs import JobRecord

MOST_UNFINISHED = 5  # of one user and kind

Progress = Callable[[int, str], None]  # percent done (0 to 100) and a stage id of at most 40 characters
Handler = Callable[[Mapping[str, Any], Progress], Path]  # does the work, returns the file that it wrote


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        """Tell whether nothing more will happen."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


class Failure(StrEnum):
    """Why a job failed, unless its handler refused (then the refusal's code stands there)."""

    MEMORY = "memory"  # needed more memory than a job may have
    CPU = "cpu"  # computed for longer than a job may
    TIME = "time"  # took longer than a job may
    CRASH = "crash"  # its process ended without a word
    INTERRUPTED = "interrupted"  # its worker was stopped, twice
    ERROR = "error"  # a fault of ours; the worker's log tells which


@dataclass(frozen=True, slots=True)
class JobView:
    """A job. `result`: the path of the file made, below the data folder. `failure`: a Failure or a refusal's code."""

    id: int
    kind: str
    engagement_id: int | None
    parameters: Mapping[str, Any]
    state: JobState
    progress: int
    stage: str | None
    failure: str | None
    result: str | None
    created_by: int | None
    created_at: datetime
    finished_at: datetime | None


class TooManyJobs(Refused):
    """The user has as many unfinished jobs of this kind as anybody may have."""

    def __init__(self, most: int) -> None:
        super().__init__("too-many-jobs", f"{most} jobs are waiting already; wait for one to end", most=str(most))


class Queue(Protocol):
    """The port through which work is handed over, in the transaction of the request."""

    def submit(
        self,
        session: Session,
        *,
        kind: str,
        parameters: Mapping[str, Any],
        engagement_id: int | None,
        actor: Actor | None,
    ) -> int:
        """Hand over work and return the id of its job; raises TooManyJobs."""
        ...


def submit(
    session: Session,
    *,
    kind: str,
    parameters: Mapping[str, Any],
    engagement_id: int | None,
    actor: Actor | None,
    clock: Clock,
) -> int:
    """Queue work and return its job's id: that of a waiting job with the same parameters where there is one."""
    user_id = None if actor is None else actor.user_id
    waiting = store.unfinished(session, kind=kind, user_id=user_id)
    for job in waiting:
        if job.state == JobState.QUEUED and job.parameters == dict(parameters):
            return job.id
    if len(waiting) >= MOST_UNFINISHED:
        raise TooManyJobs(MOST_UNFINISHED)
    return store.insert_job(
        session, kind=kind, engagement_id=engagement_id, parameters=parameters, user_id=user_id, at=clock()
    )


def get_job(session: Session, job_id: int) -> JobView:
    """Return one job; NotFound if there is none."""
    record = store.job(session, job_id)
    if record is None:
        raise NotFound("job", job_id)
    return _view(record)


def list_jobs(
    session: Session, *, engagement_id: int | None = None, kind: str | None = None, limit: int = 100
) -> tuple[JobView, ...]:
    """Return the newest jobs first, of one engagement and kind where given."""
    return tuple(_view(record) for record in store.jobs(session, engagement_id=engagement_id, kind=kind, limit=limit))


def cancel_job(session: Session, job_id: int, clock: Clock) -> None:
    """Cancel a job that has not ended; a running one is stopped within seconds."""
    get_job(session, job_id)
    store.cancel(session, job_id, at=clock())


def _view(record: JobRecord) -> JobView:
    return JobView(
        id=record.id,
        kind=record.kind,
        engagement_id=record.engagement_id,
        parameters=record.parameters,
        state=JobState(record.state),
        progress=record.progress,
        stage=record.stage,
        failure=record.failure,
        result=record.result,
        created_by=record.created_by,
        created_at=record.created_at,
        finished_at=record.finished_at,
    )
