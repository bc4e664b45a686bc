"""The queue that stands in the database: the adapter of the port that services declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.services import jobs
from app.services.clock import Clock
from app.services.permissions import Actor
from app.storage.database import Session


class DatabaseQueue:
    """Hands work over by a row; it is queued exactly when the request's transaction commits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

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
        return jobs.submit(
            session,
            kind=kind,
            parameters=parameters,
            engagement_id=engagement_id,
            actor=actor,
            clock=self._clock,
            report_id=report_id,
        )

    def submit_parts(self, session: Session, parent_id: int, parts: Sequence[jobs.Part], *, kind: str) -> None:
        """Hand over the parts of a job, which waits for all of them."""
        jobs.submit_parts(session, parent_id, parts, kind=kind, clock=self._clock)
