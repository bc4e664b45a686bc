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
from app.storage import jobs as store
from app.storage.database import Database
from app.storage.jobs import JobRecord

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=30)
ATTEMPTS = 2
CHECK_EVERY = 1.0  # seconds between two looks at the child
EXTEND_EVERY = 5.0
IDLE = 1.0
TIDY_EVERY = 600.0
GOODBYE = 10.0  # for a child whose job has ended


@dataclass(frozen=True, slots=True)
class Worker:
    """Runs jobs one after the other. `command` gives the argv of the process that does an attempt (job id, attempt).

    `tidy` is called now and then between two jobs.
    """

    database: Database
    clock: Clock
    kinds: Sequence[str]
    command: Callable[[int, int], Sequence[str]]
    limits: Limits = field(default_factory=Limits)
    tidy: Callable[[], object] | None = None

    def run(self, stop: threading.Event, *, parent: int | None = None) -> None:
        """Work until `stop` is set, or until the process `parent` that started us is gone."""
        log.info("worker started")
        tidied = -TIDY_EVERY
        while not stop.is_set() and (parent is None or os.getppid() == parent):
            if self.tidy is not None and time.monotonic() - tidied >= TIDY_EVERY:
                tidied = time.monotonic()
                self._tidy(self.tidy)
            if not self.run_next(stop):
                stop.wait(IDLE)
        log.info("worker stopped")

    def _tidy(self, tidy: Callable[[], object]) -> None:
        try:
            tidy()
        except self.database.failures:  # work goes on; the next time it may succeed
            log.exception("files could not be cleared out")

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
