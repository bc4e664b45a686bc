"""The loop that claims jobs and watches the process of each: a crash or a limit there fails one job, nothing else."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from app.jobs.limits import Limits
from app.services.clock import Clock
from app.services.jobs import Failure
from app.services.refusals import Refused
from app.storage import jobs as store
from app.storage.database import Busy, Database, NoRoom
from app.storage.jobs import JobRecord

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
ATTEMPTS = 2
CHECK_EVERY = 1.0  # seconds between two looks at the child
EXTEND_EVERY = 5.0
IDLE = 1.0
BEAT_EVERY = 5.0
GOODBYE = 10.0  # for a child whose job has ended


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done between two jobs: `every` so many seconds, the first time `after` the worker's start."""

    name: str
    do: Callable[[], object]
    every: float
    after: float = 0.0


class Diary:
    """When the worker did what; monotonic seconds."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._done: dict[str, float] = {}
        self._beat = self._begun - BEAT_EVERY

    def is_due(self, chore: Chore) -> bool:
        """Tell whether a chore's time has come, and note that it is done now."""
        now = time.monotonic()
        due = self._done.get(chore.name, self._begun + chore.after - chore.every) + chore.every <= now
        if due:
            self._done[chore.name] = now
        return due

    def beat_due(self) -> bool:
        """Tell whether a sign of life is due, and note that it is given now."""
        now = time.monotonic()
        due = now - self._beat >= BEAT_EVERY
        if due:
            self._beat = now
        return due


@dataclass(frozen=True, slots=True)
class Worker:
    """Runs jobs one after the other. `command` gives the argv of the process that does an attempt (job id, attempt).

    `chores` are done now and then between two jobs. `beat` is called every few seconds, as a sign of life.
    """

    database: Database
    clock: Clock
    kinds: Sequence[str]
    command: Callable[[int, int], Sequence[str]]
    limits: Limits = field(default_factory=Limits)
    chores: Sequence[Chore] = ()
    beat: Callable[[], object] = int
    _diary: Diary = field(default_factory=Diary)

    def run(self, stop: threading.Event, *, parent: int | None = None) -> None:
        """Work until `stop` is set, or until the process `parent` that started us is gone."""
        log.info("worker started")
        while not stop.is_set() and (parent is None or os.getppid() == parent):
            self._show()
            for chore in self.chores:
                if self._diary.is_due(chore):
                    self._do(chore)
            if not self._looked(stop):
                stop.wait(IDLE)
        log.info("worker stopped")

    def _show(self) -> None:
        if self._diary.beat_due():
            self.beat()

    def _do(self, chore: Chore) -> None:
        try:
            chore.do()
        except Refused as refused:
            log.warning("chore refused", chore=chore.name, code=refused.code, reason=str(refused))
        except self.database.failures:  # work goes on; the next time it may succeed
            log.exception("chore failed", chore=chore.name)

    def _looked(self, stop: threading.Event) -> bool:
        """Do the next job; a disk that is full, or a database that is kept, ends the attempt and not the worker."""
        try:
            return self.run_next(stop)
        except (NoRoom, Busy) as failure:
            log.warning("database cannot be written", reason=str(failure))
            return False

    def run_next(self, stop: threading.Event | None = None) -> bool:
        """Take the oldest job and see it through; False when there is none."""
        now = self.clock()
        with self.database.begin() as session:
            store.recover(session, at=now, attempts=ATTEMPTS, failure=Failure.INTERRUPTED)
            job = store.claim(session, kinds=self.kinds, at=now, until=now + LEASE)
        if job is None:
            return False
        log.info("job started", job=job.id, kind=job.kind, attempt=job.attempt)
        self._watch(job, stop or threading.Event())
        return True

    def _watch(self, job: JobRecord, stop: threading.Event) -> None:
        child = subprocess.Popen(self.command(job.id, job.attempt), start_new_session=True)  # noqa: S603 - our own argv
        try:
            failure = self._wait(job, child, stop)
        finally:
            _end(child)
        with self.database.begin() as session:
            # A child that came to an end has stored it itself, and neither of these changes anything then.
            failure = failure or _reason(child.returncode)
            if stop.is_set() or (failure is Failure.CRASH and job.attempt < ATTEMPTS):
                store.release(session, job.id, job.attempt)
            store.fail(session, job.id, job.attempt, failure=failure, at=self.clock())
        log.info("job ended", job=job.id, exit=child.returncode)

    def _wait(self, job: JobRecord, child: subprocess.Popen[bytes], stop: threading.Event) -> Failure | None:
        started = extended = time.monotonic()
        while True:
            try:
                child.wait(CHECK_EVERY)
            except subprocess.TimeoutExpired:
                pass
            else:
                return None
            self._show()
            now = time.monotonic()
            if now - started > self.limits.elapsed:
                return Failure.TIME
            if stop.is_set():
                return None
            if not self._held(job):
                self._leave(job, child)
                return None
            if now - extended > EXTEND_EVERY:
                extended = now
                self._extend(job)

    def _held(self, job: JobRecord) -> bool:
        with self.database.read() as session:
            return store.held(session, job.id, job.attempt)

    def _leave(self, job: JobRecord, child: subprocess.Popen[bytes]) -> None:
        """Let a child that has stored its end go in peace; one whose job was cancelled or taken over is ended."""
        with self.database.read() as session:
            now = store.job(session, job.id)
        if now is not None and now.attempt == job.attempt and now.state in (store.DONE, store.FAILED):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(GOODBYE)

    def _extend(self, job: JobRecord) -> None:
        with self.database.begin() as session:
            store.extend(session, job.id, job.attempt, self.clock() + LEASE)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _reason(returncode: int) -> Failure:
    return Failure.CPU if returncode == -signal.SIGXCPU else Failure.CRASH
