"""What was published on the web, append-only. Knows files and hashes, not what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.storage.editing_tables import PublicationRow


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """A publication without its files. `step`: first, patch, minor, major."""

    id: int
    kind: str
    key: str
    version: str
    hash: str
    note: str
    step: str
    based_on: str | None
    published_at: datetime
    published_by: int | None


_PUBLICATION: tuple[Any, ...] = (
    PublicationRow.id,
    PublicationRow.kind,
    PublicationRow.key,
    PublicationRow.version,
    PublicationRow.hash,
    PublicationRow.note,
    PublicationRow.step,
    PublicationRow.based_on,
    PublicationRow.published_at,
    PublicationRow.published_by,
)


def newest_publication(session: Session) -> int:
    """Return the id of the newest publication, 0 before the first."""
    return session.execute(select(func.max(PublicationRow.id))).scalar() or 0


def publications(session: Session, *, kind: str, key: str) -> list[PublicationRecord]:
    """Return the publications of one content, oldest first."""
    wanted = select(*_PUBLICATION).where(PublicationRow.kind == kind, PublicationRow.key == key)
    return [PublicationRecord(*row) for row in session.execute(wanted.order_by(PublicationRow.id))]


def published_keys(session: Session, *, kind: str) -> list[str]:
    """Return the keys of everything of a kind that was published, sorted."""
    wanted = select(PublicationRow.key).where(PublicationRow.kind == kind).distinct().order_by(PublicationRow.key)
    return list(session.execute(wanted).scalars())


def published_files(session: Session) -> list[tuple[PublicationRecord, Mapping[str, str]]]:
    """Return every publication with its files, oldest first."""
    found = session.execute(select(PublicationRow.id, PublicationRow.files))
    files: dict[int, Mapping[str, str]] = {publication_id: dict(by_name) for publication_id, by_name in found}
    rows = session.execute(select(*_PUBLICATION).order_by(PublicationRow.id))
    return [(record, files[record.id]) for record in (PublicationRecord(*row) for row in rows)]


def files_of(session: Session, publication_id: int) -> Mapping[str, str]:
    """Return the files of a publication that is known to exist."""
    return dict(session.execute(select(PublicationRow.files).where(PublicationRow.id == publication_id)).scalar_one())


def insert_publication(session: Session, *, files: Mapping[str, str], **values: Any) -> int:
    """Store a publication (its columns by name) and return its id.

    A version that is published already breaks the table's rule.
    """
    new = insert(PublicationRow).values(files=dict(files), **values).returning(PublicationRow.id)
    return session.execute(new).scalar_one()
