"""One job in its own process: calls the handler, notes progress and the end. Knows no kind of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from app.services.clock import Clock
from app.services.jobs import Failure, Handler
from app.services.refusals import Refused
from app.storage import jobs as store
from app.storage.database import Database

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
        try:
            result = handlers[job.kind](job.parameters, self._progress)
        except Superseded:
            return False
        except Refused as refused:
            log.warning("job refused", job=self.job_id, code=refused.code)
            return self._failed(refused.code)
        except MemoryError:
            return self._failed(Failure.MEMORY)
        except Exception:
            log.exception("job failed", job=self.job_id, kind=job.kind)
            return self._failed(Failure.ERROR)
        with self.database.begin() as session:
            return store.finish(
                session,
                self.job_id,
                self.number,
                result=str(result.relative_to(self.data)),
                at=self.clock(),
            )

    def _progress(self, percent: int, stage: str) -> None:
        with self.database.begin() as session:
            if not store.set_progress(session, self.job_id, self.number, progress=percent, stage=stage):
                raise Superseded

    def _failed(self, failure: str) -> bool:
        with self.database.begin() as session:
            store.fail(session, self.job_id, self.number, failure=failure, at=self.clock())
        return False
