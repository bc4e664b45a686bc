"""What was published of one content, when, by whom and why: of the web's publications and of the content roots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.content.layering import ContentKind
from app.content.proofing import Content, hash_of
from app.content.root_files import text_of
from app.content.version_files import CHANGELOG, Note, read_changelog
from app.content.version_steps import step_between
from app.core.diff import Step
from app.services.content_files import content_versions
from app.services.publishing import ContentDiff, content_diff, published_content
from app.services.refusals import NotFound
from app.storage import publications as store
from app.storage.accounts import users

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version. `on_web` tells a publication of the web from one of the content roots, of which nobody may know
    when (`day`) and why (`note`). `content` None: it cannot be read any more. `changes` against the version before.
    """

    version: str
    content: Content | None
    hash: str | None
    on_web: bool
    note: str | None = None
    step: str | None = None
    at: datetime | None = None
    day: date | None = None
    by: str | None = None
    before: Content | None = None
    changes: ContentDiff | None = None


def changelog(library: Library, session: Session, kind: ContentKind, key: str) -> tuple[VersionEntry, ...]:
    """Return every version of one content, the newest first; NotFound where there is none."""
    versions = content_versions(library, session, kind, key)
    if not versions:
        raise NotFound(kind.value, key)
    records = {one.version: one for one in store.publications(session, kind=kind.value, key=key)}
    people = {user.id: user.display_name for user in users(session)} if records else {}
    notes = _root_notes(library, kind, key)
    entries: list[VersionEntry] = []
    before: Content | None = None
    previous: str | None = None
    for version in versions:
        content = published_content(library, session, kind, key, version)
        record, note = records.get(version), notes.get(version)
        comparable = content is not None and before is not None
        entries.append(
            VersionEntry(
                version=version,
                content=content,
                hash=record.hash if record else hash_of(content) if content is not None else None,
                on_web=record is not None,
                note=record.note if record else note.text if note else None,
                step=record.step if record else _step(previous, version, kind),
                at=record.published_at if record else None,
                day=note.day if note and not record else None,
                by=people.get(record.published_by) if record and record.published_by is not None else None,
                before=before,
                changes=content_diff(before, content) if comparable and before and content else None,
            )
        )
        before, previous = content, version
    return tuple(reversed(entries))


def notes_of(library: Library, session: Session, kind: ContentKind, key: str) -> Mapping[str, Note]:
    """Return what was said when versions were published; only versions of which anything is known."""
    notes = dict(_root_notes(library, kind, key))
    for record in store.publications(session, kind=kind.value, key=key):
        notes[record.version] = Note(record.version, record.note, record.published_at.astimezone().date())
    return notes


def _root_notes(library: Library, kind: ContentKind, key: str) -> Mapping[str, Note]:
    if kind is not ContentKind.FRAMEWORK:
        return {}
    for root in library.roots:
        file = root / "frameworks" / key / CHANGELOG
        try:
            return read_changelog(text_of(file))
        except (OSError, UnicodeDecodeError):
            continue
    return {}


def _step(previous: str | None, version: str, kind: ContentKind) -> str | None:
    if previous is None:
        return "first"
    step = Step.NONE if kind is ContentKind.WEIGHTS else step_between(previous, version)
    return None if step is Step.NONE else step.name.lower()
