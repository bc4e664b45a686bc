"""The worker: every job ends in a state that says how, whatever its process does."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.jobs.child import Attempt
from app.jobs.limits import Limits
from app.jobs.queue import DatabaseQueue
from app.jobs.worker import LEASE, Chore, Worker
from app.services import jobs
from app.services.clock import system_clock
from app.services.disk_room import Room
from app.services.file_shelf import put_file
from app.services.heartbeat import beat, is_alive, last_beat
from app.services.jobs import Failure, JobState, JobView, Product, Work
from app.services.permissions import Actor, Role
from app.services.refusals import NotFound
from app.settings import CHECKOUT
from app.storage import jobs as store
from app.storage.database import NoRoom

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.clock import Clock
    from app.settings import Settings
    from app.storage.database import Database

MEMORY = 768 * 1024 * 1024
LEAD = Actor(1, "lead", "Lead", Role.ADMINISTRATOR)


def worker(
    database: Database, settings: Settings, *, limits: Limits | None = None, clock: Clock = system_clock
) -> Worker:
    """A worker whose children run `worker_child`."""

    def command(job_id: int, attempt: int) -> Sequence[str]:
        run = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); sys.argv[0] = ''; import tests.services.worker_child"
        return [sys.executable, "-c", run, database.url, str(settings.data), str(MEMORY), str(job_id), str(attempt)]

    return Worker(database, clock, ["report"], command, limits or Limits())


def submit(database: Database, do: str) -> int:
    """Ask for work through the queue that the web uses."""
    with database.begin() as session:
        return DatabaseQueue(system_clock).submit(
            session, kind="report", parameters={"do": do}, engagement_id=None, actor=None
        )


def job(database: Database, job_id: int) -> JobView:
    """Return the job as everybody sees it."""
    with database.read() as session:
        return jobs.get_job(session, job_id)


def test_without_a_job_there_is_nothing_to_do(database: Database, settings: Settings) -> None:
    assert not worker(database, settings).run_next()


def test_a_job_is_done_and_names_its_file_below_the_data_folder(database: Database, settings: Settings) -> None:
    job_id = submit(database, "write")
    assert worker(database, settings).run_next()
    done = job(database, job_id)
    assert (done.state, done.progress, done.result) == (JobState.DONE, 100, f"{job_id}.txt")
    assert (done.content_hash, done.pages) == ("a" * 64, 3)
    assert (settings.data / f"{job_id}.txt").read_text("utf-8") == "done"


@pytest.mark.parametrize(
    ("do", "failure"),
    [("refuse", "not-found"), ("raise", "error"), ("memory", "memory"), ("spin", "cpu"), ("disk", "disk-full")],
)
def test_a_job_that_cannot_end_well_fails_with_its_reason(
    database: Database, settings: Settings, do: str, failure: str
) -> None:
    job_id = submit(database, do)
    assert worker(database, settings).run_next()
    failed = job(database, job_id)
    assert (failed.state, failed.failure) == (JobState.FAILED, failure)
    assert failed.finished_at is not None


def test_a_crash_is_tried_once_more_and_then_fails(database: Database, settings: Settings) -> None:
    job_id = submit(database, "kill")
    loop = worker(database, settings)
    assert loop.run_next()
    again = job(database, job_id)
    assert (again.state, again.failure, again.progress) == (JobState.QUEUED, None, 0)
    assert loop.run_next()
    assert (job(database, job_id).state, job(database, job_id).failure) == (JobState.FAILED, "crash")
    assert not loop.run_next()


def test_a_failed_job_is_tried_again_when_asked(database: Database, settings: Settings) -> None:
    job_id = submit(database, "memory")
    loop = worker(database, settings)
    assert loop.run_next()
    with database.begin() as session:
        assert jobs.retry_job(session, job_id) == 1
        assert jobs.retry_job(session, job_id) == 0, "it waits already"
    assert job(database, job_id).state is JobState.QUEUED
    assert loop.run_next()
    assert job(database, job_id).failure == "memory"


def test_a_child_that_has_stored_its_end_is_left_to_go_in_peace(database: Database, settings: Settings) -> None:
    job_id = submit(database, "linger")
    assert worker(database, settings).run_next()
    assert (settings.data / f"{job_id}.left").exists()


@pytest.mark.parametrize("failure", [OSError("the disk is away"), NotFound("file", 1)])
def test_chores_are_done_between_jobs_and_a_failure_there_stops_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    stop, tidied = threading.Event(), []

    def tidy() -> None:
        tidied.append(1)
        if len(tidied) == 3:
            stop.set()
        raise failure

    monkeypatch.setattr("app.jobs.worker.IDLE", 0.0)
    chores = [Chore("tidy", tidy, every=0), Chore("later", stop.set, every=0, after=3600)]
    Worker(database, system_clock, ["report"], lambda *_: [], chores=chores).run(stop)
    assert len(tidied) == 3


def test_the_worker_shows_that_it_lives_also_while_a_job_runs(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.worker.BEAT_EVERY", 0.0)
    monkeypatch.setattr("app.jobs.worker.CHECK_EVERY", 0.05)
    submit(database, "nothing")
    quick = [sys.executable, "-S", "-c", "import time; time.sleep(0.2)"]
    loop = replace(worker(database, settings), command=lambda *_: quick, beat=lambda: beat(settings.data))
    assert last_beat(settings.data) is None
    assert loop.run_next()
    assert is_alive(settings.data, system_clock())
    assert not is_alive(settings.data, system_clock() + timedelta(minutes=2))


def test_reports_wait_when_the_disk_has_little_room(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = submit(database, "write")
    with database.begin() as session:
        claimed = store.claim(session, kinds=["report"], at=system_clock(), until=system_clock() + LEASE)
    assert claimed is not None
    monkeypatch.setattr("app.jobs.child.room_at", lambda _: Room(free=2**20, total=2**40))
    assert not Attempt(database, system_clock, settings.data, job_id, claimed.attempt).run({})
    assert job(database, job_id).failure == Failure.DISK


def test_a_full_disk_does_not_end_the_worker(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, looks = threading.Event(), []

    def full(_loop: Worker, _stop: threading.Event) -> bool:
        looks.append(1)
        if len(looks) == 2:
            stop.set()
        raise NoRoom("database or disk is full")

    monkeypatch.setattr("app.jobs.worker.IDLE", 0.0)
    monkeypatch.setattr(Worker, "run_next", full)
    worker(database, settings).run(stop)
    assert len(looks) == 2


def test_one_failure_does_not_stop_the_next_job(database: Database, settings: Settings) -> None:
    failing, fine = submit(database, "raise"), submit(database, "write")
    loop = worker(database, settings)
    assert loop.run_next()
    assert loop.run_next()
    assert [job(database, one).state for one in (failing, fine)] == [JobState.FAILED, JobState.DONE]


def test_a_job_that_takes_too_long_is_ended(database: Database, settings: Settings) -> None:
    job_id = submit(database, "sleep")
    worker(database, settings, limits=Limits(elapsed=2)).run_next()
    assert job(database, job_id).failure == "time"


def test_a_stopped_worker_gives_its_job_back(database: Database, settings: Settings) -> None:
    job_id = submit(database, "sleep")
    stop = threading.Event()
    thread = threading.Thread(target=worker(database, settings).run, args=(stop,))
    thread.start()
    while job(database, job_id).stage != "half":
        time.sleep(0.05)
    stop.set()
    thread.join()
    assert job(database, job_id).state is JobState.QUEUED


def test_a_job_of_a_worker_that_died_is_taken_up_after_its_lease(database: Database, settings: Settings) -> None:
    job_id = submit(database, "write")
    with database.begin() as session:
        assert store.claim(session, kinds=["report"], at=system_clock(), until=system_clock() + LEASE)
    assert not worker(database, settings).run_next()
    later = worker(database, settings, clock=lambda: system_clock() + LEASE + timedelta(seconds=1))
    assert later.run_next()
    assert job(database, job_id).state is JobState.DONE


def test_a_cancelled_job_is_stopped(database: Database, settings: Settings) -> None:
    job_id = submit(database, "sleep")
    thread = threading.Thread(target=worker(database, settings).run_next)
    thread.start()
    while job(database, job_id).stage != "half":
        time.sleep(0.05)
    with database.begin() as session:
        jobs.cancel_job(session, job_id, actor=LEAD, clock=system_clock)
    thread.join(20)
    assert not thread.is_alive()
    assert job(database, job_id).state is JobState.CANCELLED


def test_an_attempt_that_lost_its_job_keeps_no_file_unless_another_job_names_it(
    database: Database, settings: Settings
) -> None:
    first, lost = submit(database, "write"), submit(database, "else")
    held: list[int] = []
    with database.begin() as session:
        for _ in range(2):
            claimed = store.claim(session, kinds=["report"], at=system_clock(), until=system_clock() + LEASE)
            assert claimed is not None
            held.append(claimed.attempt)
    kept, own = put_file(settings, b"kept", "json", first), put_file(settings, b"own", "json", lost)
    assert Attempt(database, system_clock, settings.data, first, held[0]).run({"report": lambda _: Product(kept)})
    for file in (own, kept):

        def cancelled(_: Work, file: Path = file) -> Product:
            with database.begin() as session:
                store.cancel(session, lost, at=system_clock())
            return Product(file)

        with database.begin() as session:
            store.queue_again(session, lost)
            again = store.claim(session, kinds=["report"], at=system_clock(), until=system_clock() + LEASE)
        attempt = again.attempt if again else held[1]
        assert not Attempt(database, system_clock, settings.data, lost, attempt).run({"report": cancelled})
    assert (kept.exists(), own.exists()) == (True, False)


def test_a_worker_ends_when_the_process_that_started_it_is_gone(database: Database, settings: Settings) -> None:
    thread = threading.Thread(target=worker(database, settings).run, args=(threading.Event(),), kwargs={"parent": 1})
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
