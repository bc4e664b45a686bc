"""Questions about many jobs: those of a report, of a batch, of a file. Nothing here changes who holds a job."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.storage.jobs import DONE, QUEUED, RUNNING, JobRecord, job, select_jobs
from app.storage.report_tables import JobRow


def jobs_of_reports(session: Session, report_ids: Sequence[int]) -> tuple[JobRecord, ...]:
    """Return all jobs that render some reports, parts of batches too, the newest first."""
    rows = session.execute(select_jobs().where(JobRow.report_id.in_(report_ids)).order_by(JobRow.id.desc()))
    return tuple(JobRecord(*row) for row in rows)


def newest_reports(session: Session, *, engagement_ids: Collection[int] | None, limit: int | None) -> tuple[int, ...]:
    """Return the ids of the reports of these engagements that were asked for by themselves last, the newest first."""
    newest = func.max(JobRow.id)
    statement = (
        select(JobRow.report_id)
        .where(JobRow.report_id.is_not(None), JobRow.parent_id.is_(None))
        .group_by(JobRow.report_id)
        .order_by(newest.desc())
        .limit(limit)
    )
    if engagement_ids is not None:
        statement = statement.where(JobRow.engagement_id.in_(engagement_ids))
    return tuple(report_id for report_id in session.scalars(statement) if report_id is not None)


def parts(session: Session, parent_id: int) -> tuple[JobRecord, ...]:
    """Return the jobs of a batch in their order."""
    rows = session.execute(select_jobs().where(JobRow.parent_id == parent_id).order_by(JobRow.id))
    return tuple(JobRecord(*row) for row in rows)


def part_counts(session: Session, parent_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Return how many jobs of each batch are in which state."""
    rows = session.execute(
        select(JobRow.parent_id, JobRow.state, func.count())
        .where(JobRow.parent_id.in_(parent_ids))
        .group_by(JobRow.parent_id, JobRow.state)
    )
    found: dict[int, dict[str, int]] = {parent_id: {} for parent_id in parent_ids}
    for parent_id, state, count in rows:
        if parent_id is not None:
            found[parent_id][state] = count
    return found


def waiting_before(session: Session, job_id: int) -> int:
    """Return how many jobs a queued job has before it; 0 for any other."""
    found = job(session, job_id)
    if found is None or found.state != QUEUED:
        return 0
    batches = select(JobRow.parent_id).where(JobRow.parent_id.is_not(None), JobRow.state.in_((QUEUED, RUNNING)))
    before = select(func.count()).where(JobRow.state.in_((QUEUED, RUNNING)), JobRow.id.not_in(batches))
    if found.parent_id is None:  # parts of batches come after everything else
        before = before.where(or_(JobRow.id < job_id, JobRow.state == RUNNING), JobRow.parent_id.is_(None))
    else:
        before = before.where(or_(JobRow.id < job_id, JobRow.parent_id.is_(None)))
    return session.execute(before).scalar_one()


def made_from(session: Session, content_hash: str) -> tuple[JobRecord, ...]:
    """Return the jobs whose file was made from what has this hash and is still kept, the newest first."""
    rows = session.execute(
        select_jobs()
        .where(JobRow.content_hash == content_hash, JobRow.state == DONE, JobRow.result.is_not(None))
        .order_by(JobRow.id.desc())
    )
    return tuple(JobRecord(*row) for row in rows)


def going(session: Session) -> frozenset[int]:
    """Return the ids of all queued and running jobs."""
    return frozenset(session.scalars(select(JobRow.id).where(JobRow.state.in_((QUEUED, RUNNING)))))


def is_kept(session: Session, result: str) -> bool:
    """Tell whether a job names a file."""
    return session.execute(select(JobRow.id).where(JobRow.result == result).limit(1)).scalar_one_or_none() is not None


def kept_files(session: Session) -> dict[str, datetime]:
    """Return every file that a job names, with the last time that one did."""
    rows = session.execute(
        select(JobRow.result, func.max(JobRow.finished_at)).where(JobRow.result.is_not(None)).group_by(JobRow.result)
    )
    return {result: last for result, last in rows if result is not None and last is not None}


def files_in_use(session: Session) -> frozenset[str]:
    """Return the files that batches still wait to take up."""
    parent = aliased(JobRow)
    rows = session.scalars(
        select(JobRow.result)
        .join(parent, parent.id == JobRow.parent_id)
        .where(JobRow.result.is_not(None), parent.state.in_((QUEUED, RUNNING)))
    )
    return frozenset(result for result in rows if result is not None)


def forget_files(session: Session, results: Sequence[str]) -> None:
    """Note that files are no longer kept."""
    session.execute(update(JobRow).where(JobRow.result.in_(results)).values(result=None))
