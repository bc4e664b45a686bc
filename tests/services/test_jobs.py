"""Background jobs: asked for once, claimed by one, ended in one way."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.services import jobs
from app.services.jobs import MOST_UNFINISHED, Failure, JobState, TooManyJobs
from app.services.permissions import Actor, NotPermitted, Part, Role
from app.services.refusals import NotFound
from app.storage import jobs as store
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.storage.database import Database, Session

LEASE = timedelta(seconds=30)
LEAD = Actor(1, "lead", "Lead", Role.ADMINISTRATOR)


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
    assert not store.finish(session, former.id, former.attempt, store.Made("old.pdf"), at=clock())
    assert not store.set_progress(session, former.id, former.attempt, progress=99, stage=None)
    assert store.finish(session, again.id, again.attempt, store.Made("new.pdf", "f" * 64, 12), at=clock())
    done = jobs.get_job(session, again.id)
    assert (done.state, done.result, done.progress) == (JobState.DONE, "new.pdf", 100)
    assert (done.content_hash, done.pages) == ("f" * 64, 12)


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
        jobs.cancel_job(session, job_id, actor=LEAD, clock=clock)
        assert jobs.get_job(session, job_id).state is JobState.CANCELLED
    assert claim(session, clock) is None
    assert not store.finish(session, running.id, running.attempt, store.Made("x.pdf"), at=clock())


@pytest.mark.parametrize(
    ("who", "part", "cancels"),
    [
        ("ann", Part.EXECUTIVE, True),
        ("bo", Part.EXECUTIVE, False),
        ("bo", Part.OBSERVER, False),
        ("bo", Part.CONSULTANT, False),
        ("bo", Part.LEAD, True),
    ],
)
def test_a_job_is_cancelled_by_who_asked_for_it_and_who_runs_its_engagement(
    session: Session, clock: FixedClock, who: str, part: Part, cancels: bool
) -> None:
    from app.core.text import Text
    from app.services.engagements import create_engagement

    place = create_engagement(session, key="client", name=Text(zh="客户"), actor=None, clock=clock).id
    people = {
        name: Actor(user_id, name, name, Role.READER, {place: part})
        for name, user_id in (("ann", reader(session, "ann", clock)), ("bo", reader(session, "bo", clock)))
    }
    job_id = jobs.submit(session, kind="report", parameters={}, engagement_id=place, actor=people["ann"], clock=clock)
    assert jobs.may_cancel(jobs.get_job(session, job_id), people[who]) is cancels
    if cancels:
        jobs.cancel_job(session, job_id, actor=people[who], clock=clock)
    else:
        with pytest.raises(NotPermitted):
            jobs.cancel_job(session, job_id, actor=people[who], clock=clock)
    assert (jobs.get_job(session, job_id).state is JobState.CANCELLED) is cancels


def reader(session: Session, name: str, clock: FixedClock) -> int:
    """Store an account and return its id."""
    from app.services import accounts

    word = "seven lamps over Fuzhou"
    return accounts.add_user(session, name=name, password=word, role=Role.READER, clock=clock, display_name=name).id


def test_jobs_are_listed_newest_first(session: Session, clock: FixedClock) -> None:
    made = [submit(session, clock, number=number) for number in range(3)]
    assert [job.id for job in jobs.list_jobs(session, kind="report")] == made[::-1]
    assert jobs.list_jobs(session, kind="backup") == ()
    assert jobs.list_jobs(session, engagement_id=1) == ()


def test_an_unknown_job_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        jobs.get_job(session, 4711)


# --- jobs with parts --------------------------------------------------------------------------------------------------


def batch(session: Session, clock: FixedClock, parts: int) -> tuple[int, list[int]]:
    """Ask for a job with parts; return its id and theirs."""
    job_id = jobs.submit(session, kind="batch", parameters={}, engagement_id=None, actor=None, clock=clock)
    new = [jobs.Part(None, {"part": number}) for number in range(parts)]
    jobs.submit_parts(session, job_id, new, kind="report", clock=clock)
    return job_id, [part.id for part in jobs.parts_of(session, job_id)]


def claim_any(session: Session, clock: FixedClock) -> store.JobRecord | None:
    """Claim whatever comes next."""
    return store.claim(session, kinds=["report", "batch"], at=clock(), until=clock() + LEASE)


def end(session: Session, clock: FixedClock, job: store.JobRecord | None, failure: str | None = None) -> int:
    """End a claimed job, well or not; return its id."""
    assert job is not None
    if failure:
        store.fail(session, job.id, job.attempt, failure=failure, at=clock())
    else:
        store.finish(session, job.id, job.attempt, store.Made(f"reports/{job.id}.pdf"), at=clock())
    return job.id


def test_a_batch_comes_after_all_its_parts_whether_they_were_made_or_not(session: Session, clock: FixedClock) -> None:
    job_id, parts = batch(session, clock, 3)
    ended = [end(session, clock, claim_any(session, clock), why) for why in (None, "memory", None)]
    assert ended == parts
    assert jobs.tallies(session, [job_id]) == {job_id: jobs.Tally(total=3, ended=3, failed=1)}
    assert end(session, clock, claim_any(session, clock)) == job_id
    assert claim_any(session, clock) is None


def test_whoever_asks_for_one_report_does_not_wait_for_a_batch(session: Session, clock: FixedClock) -> None:
    _, parts = batch(session, clock, 3)
    first = claim_any(session, clock)
    alone = submit(session, clock, locale="zh")
    assert jobs.waiting_before(session, alone) == 0
    assert end(session, clock, first) == parts[0]
    assert end(session, clock, claim_any(session, clock)) == alone
    assert end(session, clock, claim_any(session, clock)) == parts[1]


def test_parts_are_not_counted_among_the_jobs_of_a_user_nor_listed(session: Session, clock: FixedClock) -> None:
    job_id, _ = batch(session, clock, MOST_UNFINISHED + 5)
    alone = submit(session, clock, locale="zh")
    assert [job.id for job in jobs.list_jobs(session)] == [alone, job_id]


def test_cancelling_a_batch_cancels_what_is_left_of_it(session: Session, clock: FixedClock) -> None:
    job_id, _ = batch(session, clock, 3)
    end(session, clock, claim_any(session, clock))
    running = claim_any(session, clock)
    assert running is not None
    jobs.cancel_job(session, job_id, actor=LEAD, clock=clock)
    states = [part.state for part in jobs.parts_of(session, job_id)]
    assert states == [JobState.DONE, JobState.CANCELLED, JobState.CANCELLED]
    assert not store.held(session, running.id, running.attempt)
    assert claim_any(session, clock) is None


def test_what_failed_of_a_batch_is_tried_again_and_the_batch_put_together_anew(
    session: Session, clock: FixedClock
) -> None:
    job_id, parts = batch(session, clock, 2)
    for why in ("memory", None, None):
        end(session, clock, claim_any(session, clock), why)
    assert jobs.get_job(session, job_id).state is JobState.DONE
    assert jobs.retry_job(session, job_id) == 1
    assert jobs.get_job(session, job_id).state is JobState.QUEUED
    assert [end(session, clock, claim_any(session, clock)) for _ in range(2)] == [parts[0], job_id]
    assert jobs.retry_job(session, job_id) == 0


def test_files_of_one_report_count_as_one_among_those_waiting(session: Session, clock: FixedClock) -> None:
    for number in range(MOST_UNFINISHED - 1):
        submit(session, clock, number=number)
    report_id = store_report(session, clock)

    def ask(locale: str, report_id: int | None = None) -> int:
        return jobs.submit(
            session,
            kind="report",
            parameters={"locale": locale},
            engagement_id=None,
            actor=None,
            clock=clock,
            report_id=report_id,
        )

    assert ask("zh", report_id) != ask("en", report_id)
    with pytest.raises(TooManyJobs):
        ask("zh of another")
    assert [job.report_id for job in jobs.jobs_of_reports(session, [report_id])] == [report_id, report_id]


def store_report(session: Session, clock: FixedClock) -> int:
    """Keep a report of a new engagement."""
    from app.core.text import Text
    from app.services.engagements import create_engagement
    from app.storage import reports

    engagement = create_engagement(session, key="client", name=Text(zh="客户"), actor=None, clock=clock)
    return reports.insert_report(
        session, engagement_id=engagement.id, template="executive", parameters={}, user_id=None, at=clock()
    )
