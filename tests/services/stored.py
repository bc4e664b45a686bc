"""What tests of backups put into an installation, and what they look up in it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from app.services import jobs
from app.services.engagements import get_engagement, list_assessments
from app.services.file_shelf import put_file
from app.storage import attachments
from app.storage.attachment_files import AttachmentFolder
from app.storage.copying import examine
from app.storage.trust_tables import AuditEventRow

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.settings import Settings
    from app.storage.database import Database


def store_attachment(
    database: Database, settings: Settings, clock: Clock, content: bytes, preview: bytes | None = None
) -> str:
    """Store an evidence file with its row in the demo engagement; return its name in the folder."""
    stored_as = AttachmentFolder(settings.data).write(content, "jpg", preview)
    with database.begin() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        attachments.insert_attachment(
            session,
            assessment_id=list_assessments(session, engagement.id)[0].id,
            element="customer-data-strategy",
            stored_as=stored_as,
            label="照片",
            media_type="image/jpeg",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            created_at=clock(),
        )
    return stored_as


def store_job_file(
    database: Database, settings: Settings, clock: Clock, content: bytes, *, result: str | None = None
) -> str:
    """Store a report's file with its job, or a job that names `result`; return the path below the data folder."""
    if result is None:
        result = put_file(settings, content, "pdf").relative_to(settings.data).as_posix()
    with database.begin() as session:
        job_id = jobs.submit(
            session, kind="report", parameters={}, engagement_id=None, actor=None, clock=clock, report_id=None
        )
        session.execute(
            text("UPDATE job SET state = 'done', result = :result WHERE id = :id"), {"result": result, "id": job_id}
        )
    return result


def rows_of(file: Path) -> dict[str, int]:
    """Return how many rows each table of a database file has."""
    return dict(examine(file).rows)


def events_of(database: Database, kind: str) -> list[dict[str, Any]]:
    """Return the details of all events of a kind in the trail."""
    with database.read() as session:
        found = session.execute(select(AuditEventRow.details).where(AuditEventRow.kind == kind)).scalars()
        return [details or {} for details in found]
