"""What the pages about reports show, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.services.jobs import JobState, JobView
from app.services.reporting import request_of, units_of
from app.web.context import locale
from app.web.reports.forms import LANGUAGES
from app.web.reports.wording import failure_words, stage_words

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session

LONGEST_FILE_NAME = 80


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report. `title` names its units; `file_name` is what the download is called."""

    id: int
    title: str
    name: str
    language: str
    state: JobState
    progress: int
    stage: str
    failure: str
    created_at: datetime
    file_name: str


def report_page(session: Session, library: Library, job: JobView) -> ReportPage:
    """Return what there is to say of a report."""
    request = request_of(job.parameters)
    here = locale()
    names = [view.unit.name for view in units_of(session, request)]
    kinds = {one.id: one.name for one in library.reports()}
    separator = ", " if here == "en" else "、"
    in_report = [name.in_locale(request.locale) for name in names]
    named = kinds[request.template].in_locale(request.locale) if request.template in kinds else request.template
    return ReportPage(
        id=job.id,
        title=separator.join(name.in_locale(here) for name in names) or f"#{job.id}",
        name=kinds[request.template].in_locale(here) if request.template in kinds else request.template,
        language=LANGUAGES[request.locale],
        state=job.state,
        progress=job.progress,
        stage=stage_words(job),
        failure=failure_words(job) if job.state is JobState.FAILED else "",
        created_at=job.created_at,
        file_name=file_name(f"{named}-{'-'.join(in_report)}", f"-{request.made_on.isoformat()}.pdf"),
    )


def file_name(words: str, ending: str) -> str:
    """Return a name that every system takes: no separators, quotes or control characters, and not too long."""
    plain = "".join(c if c.isalnum() or c in "-_.()（） &" else "-" for c in words).strip(" .-")
    return (plain[:LONGEST_FILE_NAME].strip(" .-") or "report") + ending
