"""The loop that claims jobs and watches the process of each: a crash or a limit there fails one job, nothing else."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Worker:
    """Runs jobs one after the other. `command` gives the argv of the process that does an attempt (job id, attempt)."""

    database: Database
    clock: Clock
    kinds: Sequence[str]
    command: Callable[[int, int], Sequence[str]]
    limits: Limits = field(default_factory=Limits)

    def run(self, stop: threading.Event, *, parent: int | None = None) -> None:
        """Work until `stop` is set, or until the process `parent` that started us is gone."""
        log.info("worker started")
        while not stop.is_set() and (parent is None or os.getppid() == parent):
            if not self.run_next(stop):
                stop.wait(IDLE)
        log.info("worker stopped")

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
            if stop.is_set():
                store.release(session, job.id, job.attempt)
            store.fail(session, job.id, job.attempt, failure=failure or _reason(child.returncode), at=self.clock())
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
            if now - extended > EXTEND_EVERY:
                extended = now
                if not self._extend(job):
                    return None

    def _extend(self, job: JobRecord) -> bool:
        with self.database.begin() as session:
            return store.extend(session, job.id, job.attempt, self.clock() + LEASE)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _reason(returncode: int) -> Failure:
    return Failure.CPU if returncode == -signal.SIGXCPU else Failure.CRASH
