"""Work in the background: asked for here, done by a worker, watched by whoever asked. Knows no process.

The web hands work over through the port `Queue`; `app.jobs` has the adapter. A handler does the work of one kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from app.services.clock import Clock
from app.services.permissions import Action, Actor, NotPermitted, permitted_in
from app.services.refusals import NotFound, Refused
from app.services.walls import check_made, engagements_in_view, is_choosy, sees_made
from app.storage import job_lists as lists
from app.storage import jobs as store
from app.storage import reports
from app.storage.database import Session
from app.storage.jobs import JobRecord

MOST_UNFINISHED = 5  # of one user and kind

Progress = Callable[[int, str], None]  # percent done (0 to 100) and a stage id of at most 40 characters


@dataclass(frozen=True, slots=True)
class Product:
    """What a job made: the file that it wrote, the hash of what that was made from, and its pages where it has any."""

    file: Path
    content_hash: str | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A job as its handler sees it."""

    job_id: int
    parameters: Mapping[str, Any]
    report_id: int | None
    progress: Progress


Handler = Callable[[Work], Product]


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
    DISK = "disk-full"  # its file could not be written: no room
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
    report_id: int | None = None
    parent_id: int | None = None
    content_hash: str | None = None
    pages: int | None = None

    @property
    def kept(self) -> bool:
        """Tell whether the job's file is still there to be fetched."""
        return self.state is JobState.DONE and self.result is not None


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
        report_id: int | None = None,
    ) -> int:
        """Hand over work and return the id of its job; raises TooManyJobs."""
        ...

    def submit_parts(self, session: Session, parent_id: int, parts: Sequence[Part], *, kind: str) -> None:
        """Hand over the parts of a job, which waits for all of them."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a batch: the report that it renders and how."""

    report_id: int | None
    parameters: Mapping[str, Any]


def submit(
    session: Session,
    *,
    kind: str,
    parameters: Mapping[str, Any],
    engagement_id: int | None,
    actor: Actor | None,
    clock: Clock,
    report_id: int | None = None,
) -> int:
    """Queue work and return its job's id: that of a waiting job with the same parameters where there is one.

    All files of one report count as one job among those that a user may have waiting.
    """
    user_id = None if actor is None else actor.user_id
    waiting = store.unfinished(session, kind=kind, user_id=user_id)
    for job in waiting:
        if job.state == JobState.QUEUED and job.parameters == dict(parameters):
            return job.id
    asked = {("report", job.report_id) if job.report_id else ("job", job.id) for job in waiting}
    if len(asked) >= MOST_UNFINISHED and ("report", report_id) not in asked:
        raise TooManyJobs(MOST_UNFINISHED)
    return store.insert_job(session, store.NewJob(kind, parameters, engagement_id, report_id, None, user_id), clock())


def submit_parts(session: Session, parent_id: int, parts: Sequence[Part], *, kind: str, clock: Clock) -> None:
    """Queue the parts of a job, which is not begun before all of them have ended."""
    parent = get_job(session, parent_id)
    new = [
        store.NewJob(kind, part.parameters, parent.engagement_id, part.report_id, parent_id, parent.created_by)
        for part in parts
    ]
    store.insert_jobs(session, new, clock())


def get_job(session: Session, job_id: int) -> JobView:
    """Return one job; NotFound if there is none."""
    record = store.job(session, job_id)
    if record is None:
        raise NotFound("job", job_id)
    check_made(session, record.engagement_id, record.parameters, what="job", key=job_id)
    return _view(record)


def list_jobs(
    session: Session, *, engagement_id: int | None = None, kind: str | None = None, limit: int = 100
) -> tuple[JobView, ...]:
    """Return the newest jobs first, of one engagement and kind where given; those alone that exist for who asks."""
    among = engagements_in_view(session, engagement_id)
    records = store.jobs(session, engagement_ids=among, kind=kind, limit=None if is_choosy(session) else limit)
    seen = (_view(record) for record in records if sees_made(session, record.engagement_id, record.parameters))
    return tuple(islice(seen, limit))


def finish_at_once(session: Session, job_id: int, product: Product, *, data: Path, clock: Clock) -> None:
    """Mark a waiting job as done with a file below `data` that was there already."""
    made = store.Made(str(product.file.relative_to(data)), product.content_hash, product.pages)
    store.finish_at_once(session, job_id, made, at=clock())


def jobs_of_reports(session: Session, report_ids: Sequence[int]) -> tuple[JobView, ...]:
    """Return all jobs that render some reports, parts of batches too, the newest first."""
    return tuple(_view(record) for record in lists.jobs_of_reports(session, report_ids))


def newest_reports(session: Session, *, engagement_id: int | None = None, limit: int = 100) -> tuple[int, ...]:
    """Return the ids of the reports asked for by themselves last, the newest first, of one engagement where given.

    Those alone that exist for who asks.
    """
    among = engagements_in_view(session, engagement_id)
    if not is_choosy(session):
        return lists.newest_reports(session, engagement_ids=among, limit=limit)
    found = lists.newest_reports(session, engagement_ids=among, limit=None)
    return tuple(islice((one for one in found if _sees_report(session, one)), limit))


def _sees_report(session: Session, report_id: int) -> bool:
    record = reports.report(session, report_id)
    return record is not None and sees_made(session, record.engagement_id, record.parameters)


def parts_of(session: Session, job_id: int) -> tuple[JobView, ...]:
    """Return the parts of a job in their order; none for a job without any."""
    return tuple(_view(record) for record in lists.parts(session, job_id))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many parts of a job there are, how many have ended, and how many of those without a file."""

    total: int
    ended: int
    failed: int


def tallies(session: Session, job_ids: Sequence[int]) -> dict[int, Tally]:
    """Count the parts of some jobs, by job id."""
    found = {}
    for job_id, counts in lists.part_counts(session, job_ids).items():
        by_state = {JobState(state): count for state, count in counts.items()}
        ended = sum(count for state, count in by_state.items() if state.has_ended)
        found[job_id] = Tally(sum(by_state.values()), ended, ended - by_state.get(JobState.DONE, 0))
    return found


def waiting_before(session: Session, job_id: int) -> int:
    """Return how many jobs will be done before a waiting one; 0 for any other."""
    return lists.waiting_before(session, job_id)


def may_cancel(job: JobView, actor: Actor) -> bool:
    """Tell whether a job is for `actor` to cancel: who asked for it, and who runs its engagement."""
    return job.created_by == actor.user_id or permitted_in(actor, job.engagement_id, Action.MANAGE)


def cancel_job(session: Session, job_id: int, *, actor: Actor, clock: Clock) -> None:
    """Cancel a job that has not ended, with its parts; a running one is stopped within seconds.

    NotPermitted where `may_cancel` says no.
    """
    if not may_cancel(get_job(session, job_id), actor):
        raise NotPermitted(actor, Action.MANAGE)
    store.cancel(session, job_id, at=clock())


def retry_job(session: Session, job_id: int) -> int:
    """Queue a failed or cancelled job once more, of a batch those parts of it; return how many. 0: nothing to retry."""
    get_job(session, job_id)
    return store.queue_parts_again(session, job_id) or int(store.queue_again(session, job_id))


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
        report_id=record.report_id,
        parent_id=record.parent_id,
        content_hash=record.content_hash,
        pages=record.pages,
    )
