"""Background jobs: asked for once, claimed by one, ended in one way."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.services import jobs
from app.services.jobs import MOST_UNFINISHED, Failure, JobState, TooManyJobs
from app.services.refusals import NotFound
from app.storage import jobs as store
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.storage.database import Database, Session

LEASE = timedelta(seconds=30)


def submit(session: Session, clock: FixedClock, **parameters: object) -> int:
    """Ask for a report."""
    return jobs.submit(session, kind="report", parameters=parameters, engagement_id=None, actor=None, clock=clock)


def claim(session: Session, clock: FixedClock) -> store.JobRecord | None:
    """Claim the oldest report."""
    return store.claim(session, kinds=["report"], at=clock(), until=clock() + LEASE)


def test_a_submitted_job_waits(session: Session, clock: FixedClock) -> None:
    job = jobs.get_job(session, submit(session, clock, locale="zh"))
    assert (job.state, job.progress, job.parameters) == (JobState.QUEUED, 0, {"locale": "zh"})
    assert not job.state.has_ended


def test_the_same_work_is_queued_once(session: Session, clock: FixedClock) -> None:
    assert submit(session, clock, locale="zh") == submit(session, clock, locale="zh")
    assert submit(session, clock, locale="zh") != submit(session, clock, locale="en")


def test_work_that_has_begun_does_not_stand_in_for_new_work(session: Session, clock: FixedClock) -> None:
    first = submit(session, clock, locale="zh")
    claim(session, clock)
    assert submit(session, clock, locale="zh") != first


def test_nobody_may_pile_up_jobs(session: Session, clock: FixedClock) -> None:
    for number in range(MOST_UNFINISHED):
        submit(session, clock, number=number)
    with pytest.raises(TooManyJobs):
        submit(session, clock, number=99)


def test_jobs_are_claimed_in_order_and_once(session: Session, clock: FixedClock) -> None:
    waiting = [submit(session, clock, number=number) for number in range(3)]
    claimed = [claim(session, clock) for _ in range(4)]
    assert [job.id if job else None for job in claimed] == [*waiting, None]


def test_another_kind_is_left_to_others(session: Session, clock: FixedClock) -> None:
    jobs.submit(session, kind="backup", parameters={}, engagement_id=None, actor=None, clock=clock)
    assert claim(session, clock) is None


def test_of_many_workers_one_gets_the_job(database: Database, clock: FixedClock) -> None:
    with database.begin() as session:
        waiting = [submit(session, clock, number=number) for number in range(5)]
    claimed: list[int] = []

    def work() -> None:
        for _ in range(3):
            with database.begin() as session:
                job = claim(session, clock)
            if job is not None:
                claimed.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == waiting


def test_progress_shows(session: Session, clock: FixedClock) -> None:
    submit(session, clock)
    job = claim(session, clock)
    assert job is not None
    assert store.set_progress(session, job.id, job.attempt, progress=40, stage="charts")
    shown = jobs.get_job(session, job.id)
    assert (shown.state, shown.progress, shown.stage) == (JobState.RUNNING, 40, "charts")


def test_a_lapsed_job_is_queued_again_and_its_former_worker_fenced_off(session: Session, clock: FixedClock) -> None:
    submit(session, clock)
    former = claim(session, clock)
    assert former is not None
    clock.advance(LEASE * 2)
    assert store.recover(session, at=clock(), attempts=2, failure=Failure.INTERRUPTED) == 1
    again = claim(session, clock)
    assert again is not None
    assert (again.id, again.attempt) == (former.id, former.attempt + 1)
    assert not store.finish(session, former.id, former.attempt, result="old.pdf", at=clock())
    assert not store.set_progress(session, former.id, former.attempt, progress=99, stage=None)
    assert store.finish(session, again.id, again.attempt, result="new.pdf", at=clock())
    done = jobs.get_job(session, again.id)
    assert (done.state, done.result, done.progress) == (JobState.DONE, "new.pdf", 100)


def test_a_job_whose_lease_is_extended_does_not_lapse(session: Session, clock: FixedClock) -> None:
    submit(session, clock)
    job = claim(session, clock)
    assert job is not None
    clock.advance(LEASE / 2)
    assert store.extend(session, job.id, job.attempt, clock() + LEASE)
    clock.advance(LEASE / 2 + timedelta(seconds=1))
    assert store.recover(session, at=clock(), attempts=2, failure=Failure.INTERRUPTED) == 0


def test_a_job_interrupted_twice_fails(session: Session, clock: FixedClock) -> None:
    job_id = submit(session, clock)
    for _ in range(2):
        assert claim(session, clock) is not None
        clock.advance(LEASE * 2)
        store.recover(session, at=clock(), attempts=2, failure=Failure.INTERRUPTED)
    job = jobs.get_job(session, job_id)
    assert (job.state, job.failure) == (JobState.FAILED, "interrupted")
    assert claim(session, clock) is None


def test_a_cancelled_job_is_not_claimed_and_cannot_finish(session: Session, clock: FixedClock) -> None:
    submit(session, clock)
    running = claim(session, clock)
    assert running is not None
    waiting = submit(session, clock)
    for job_id in (running.id, waiting):
        jobs.cancel_job(session, job_id, clock)
        assert jobs.get_job(session, job_id).state is JobState.CANCELLED
    assert claim(session, clock) is None
    assert not store.finish(session, running.id, running.attempt, result="x.pdf", at=clock())


def test_jobs_are_listed_newest_first(session: Session, clock: FixedClock) -> None:
    made = [submit(session, clock, number=number) for number in range(3)]
    assert [job.id for job in jobs.list_jobs(session, kind="report")] == made[::-1]
    assert jobs.list_jobs(session, kind="backup") == ()
    assert jobs.list_jobs(session, engagement_id=1) == ()


def test_an_unknown_job_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        jobs.get_job(session, 4711)
