"""What is shown of a job, whatever it makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.services.file_shelf import made_file
from app.services.jobs import JobState, JobView, Tally, waiting_before
from app.services.refusals import NotFound
from app.web.context import context, translate
from app.web.jobs.wording import CLEARED, failure_words, share_done, stage_words

if TYPE_CHECKING:
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. `failure` is empty unless it failed; `size` in bytes, None where there is no file to fetch."""

    id: int
    state: JobState
    progress: int
    stage: str
    failure: str
    pages: int | None
    size: int | None
    created_at: datetime
    finished_at: datetime | None
    parts_missing: int = 0

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.state.has_ended

    @property
    def fetchable(self) -> bool:
        """Tell whether there is a file to fetch."""
        return self.size is not None

    @property
    def cleared(self) -> bool:
        """Tell whether there was a file once."""
        return self.state is JobState.DONE and self.size is None

    @property
    def can_be_retried(self) -> bool:
        """Tell whether asking again may help: it failed, was cancelled, or some of its parts did."""
        return self.state in (JobState.FAILED, JobState.CANCELLED) or (self.ended and self.parts_missing > 0)


def progress_of(session: Session, job: JobView, tally: Tally | None = None) -> Progress:
    """Return how far a job is."""
    size = _size(job)
    before = waiting_before(session, job.id) if job.state is JobState.QUEUED and job.parent_id is None else 0
    stage = stage_words(job, tally=tally, before=before)
    return Progress(
        id=job.id,
        state=job.state,
        progress=share_done(job, tally),
        stage=translate(CLEARED) if job.state is JobState.DONE and size is None else stage,
        failure=failure_words(job) if job.state is JobState.FAILED else "",
        pages=job.pages,
        size=size,
        created_at=job.created_at,
        finished_at=job.finished_at,
        parts_missing=tally.failed if tally else 0,
    )


def _size(job: JobView) -> int | None:
    try:
        return made_file(job, context().settings).stat().st_size
    except (NotFound, OSError):
        return None
