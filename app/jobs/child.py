"""One job in its own process: calls the handler, notes progress and the end. Knows no kind of work."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.services.clock import Clock
from app.services.disk_room import room_at
from app.services.jobs import Failure, Handler, Product, Work
from app.services.refusals import Refused
from app.storage import jobs as store
from app.storage.database import Database
from app.storage.job_lists import is_kept

log = structlog.get_logger(__name__)


class Superseded(Exception):  # noqa: N818 - not an error: somebody else holds the job now
    """This attempt no longer holds the job: it was cancelled, or its lease lapsed and another worker took it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One claim of one job, as the worker names it to its child."""

    database: Database
    clock: Clock
    data: Path
    job_id: int
    number: int

    def run(self, handlers: Mapping[str, Handler]) -> bool:
        """Do the job and store how it ended; tell whether it is done."""
        with self.database.read() as session:
            job = store.job(session, self.job_id)
        if job is None or job.state != store.RUNNING or job.attempt != self.number:
            return False
        if room_at(self.data).scarce:  # what can wait waits, so that answers can be saved
            log.warning("job refused", job=self.job_id, code=Failure.DISK.value)
            return self._failed(Failure.DISK)
        try:
            product = handlers[job.kind](Work(job.id, job.parameters, job.report_id, self._progress))
        except Superseded:
            return False
        except Exception as fault:  # whatever it is, the job says how it ended
            return self._failed(self._reason(fault, job.kind))
        return self._finished(product)

    def _finished(self, product: Product) -> bool:
        """Store that the job is done; a file that nobody waits for any more (job cancelled, or erased) goes again."""
        made = self._made(product)
        with self.database.begin() as session:
            done = store.finish(session, self.job_id, self.number, made, at=self.clock())
            kept = done or is_kept(session, made.result)
        if not kept:
            product.file.unlink(missing_ok=True)
        return done

    def _reason(self, fault: Exception, kind: str) -> str:
        if isinstance(fault, Refused):
            log.warning("job refused", job=self.job_id, code=fault.code)
            return fault.code
        if isinstance(fault, MemoryError):
            return Failure.MEMORY
        log.error("job failed", job=self.job_id, kind=kind, exc_info=fault)
        full = isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT)
        return Failure.DISK if full else Failure.ERROR

    def _made(self, product: Product) -> store.Made:
        return store.Made(str(product.file.relative_to(self.data)), product.content_hash, product.pages)

    def _progress(self, percent: int, stage: str) -> None:
        with self.database.begin() as session:
            if not store.set_progress(session, self.job_id, self.number, progress=percent, stage=stage):
                raise Superseded

    def _failed(self, failure: str) -> bool:
        with self.database.begin() as session:
            store.fail(session, self.job_id, self.number, failure=failure, at=self.clock())
        return False
