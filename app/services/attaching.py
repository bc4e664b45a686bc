"""Files that show something about an element: inspected, kept in the data folder, listed, fetched, archived.

The file comes first, its row second: a row always leads to a whole file. What a crash leaves between the two is a file
without a row, which `doctor` names. Files are never deleted; they travel in a backup, not in a case file.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.services.answering import why_closed as why_interview_closed
from app.services.findings import check_element, refuse_closed
from app.services.inspecting import FIELD, SUFFIXES, Inspected, inspect
from app.services.refusals import Invalid, NotFound
from app.storage import attachments as store
from app.storage import findings as finding_store
from app.storage import interviews as interview_store
from app.storage.attachment_files import AttachmentFolder

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

__all__ = ["AttachmentFolder", "inspect"]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file of an element; `label` is what to call it, `size` in bytes."""

    id: int
    assessment_id: int
    element: str
    interview_id: int | None
    finding_id: int | None
    label: str
    media_type: str
    size: int
    sha256: str
    added_by: str | None
    added_at: datetime
    archived: bool

    @property
    def is_image(self) -> bool:
        """Tell whether there is a small picture of it."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies in the folder and waits for its row."""

    stored_as: str
    inspected: Inspected


def attachments_of(
    session: Session, assessment_id: int, element: str | None = None, *, archived: bool = False
) -> tuple[AttachmentView, ...]:
    """Return the files of an assessment (of one element), oldest first; with `archived` those out of use too."""
    records = store.attachments(session, assessment_id, element)
    return tuple(_view(record) for record in records if archived or record.archived_at is None)


def get_attachment(session: Session, attachment_id: int) -> AttachmentView:
    """Return one file's particulars, archived or not; NotFound if there is none."""
    return _view(_record(session, attachment_id))


def attachment_file(
    session: Session, folder: AttachmentFolder, attachment_id: int, *, preview: bool = False
) -> tuple[AttachmentView, Path]:
    """Return a file and where it lies (its small picture with `preview`); NotFound if the folder lost it."""
    record = _record(session, attachment_id)
    view = _view(record)
    if preview and not view.is_image:
        raise NotFound("preview", attachment_id)
    path = folder.preview(record.stored_as) if preview else folder.file(record.stored_as)
    if not path.is_file():
        raise NotFound("file", attachment_id)
    return view, path


def _record(session: Session, attachment_id: int) -> store.AttachmentRecord:
    record = store.attachment(session, attachment_id)
    if record is None:
        raise NotFound("attachment", attachment_id)
    return record


def _view(record: store.AttachmentRecord) -> AttachmentView:
    return AttachmentView(
        id=record.id,
        assessment_id=record.assessment_id,
        element=record.element,
        interview_id=record.interview_id,
        finding_id=record.finding_id,
        label=record.label,
        media_type=record.media_type,
        size=record.size,
        sha256=record.sha256,
        added_by=record.created_by_name,
        added_at=record.created_at,
        archived=record.archived_at is not None,
    )


@contextmanager
def kept(folder: AttachmentFolder, inspected: Inspected) -> Iterator[Kept]:
    """Put a file into the folder for the block that gives it its row; if the block raises, the file goes again.

    The transaction must end inside the block. Raises Invalid (`disk-full`) where there is no room.
    """
    try:
        name = folder.write(inspected.content, SUFFIXES[inspected.media_type], inspected.preview)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Invalid(FIELD, "disk-full", "the disk is full; nothing was stored") from error
    try:
        yield Kept(name, inspected)
    except BaseException:
        folder.remove(name)
        raise


def check_place(
    session: Session,
    assessment_id: int,
    element: str,
    *,
    interview_id: int | None = None,
    finding_id: int | None = None,
) -> None:
    """Raise NotFound or Invalid unless a file may be added here: to an element, its interview, its finding."""
    refuse_closed(session, assessment_id)
    check_element(session, assessment_id, element)
    if interview_id is not None:
        interview = interview_store.interview(session, interview_id)
        if interview is None or interview.assessment_id != assessment_id:
            raise NotFound("interview", interview_id)
        why = why_interview_closed(interview)
        if why:
            raise Invalid(FIELD, why, f"interview {interview_id} takes no changes: {why}")
    if finding_id is not None:
        finding = finding_store.finding(session, finding_id)
        if finding is None or (finding.assessment_id, finding.element) != (assessment_id, element):
            raise NotFound("finding", finding_id)


def attach(  # noqa: PLR0913 - a file, what it belongs to, who adds it
    session: Session,
    file: Kept,
    *,
    assessment_id: int,
    element: str,
    interview_id: int | None = None,
    finding_id: int | None = None,
    most: int,
    actor: Actor,
    clock: Clock,
) -> int:
    """Give a kept file its row; return its id. `most`: bytes that an assessment's files may take together.

    Raises NotFound, Invalid (`file-there`: the same file is in use at this element already; `attachments-full`).
    """
    check_place(session, assessment_id, element, interview_id=interview_id, finding_id=finding_id)
    inspected = file.inspected
    sha256 = hashlib.sha256(inspected.content).hexdigest()
    there = attachments_of(session, assessment_id, element)
    same = next((one for one in there if (one.sha256, one.finding_id) == (sha256, finding_id)), None)
    if same is not None:
        raise Invalid(FIELD, "file-there", f"the same file is here already: {same.label}", label=same.label)
    if store.stored_bytes(session, assessment_id) + len(inspected.content) > most:
        room = f"{most / 2**20:.3g}"
        raise Invalid(FIELD, "attachments-full", f"the files of an assessment take {room} MiB at most", most=room)
    return store.insert_attachment(
        session,
        assessment_id=assessment_id,
        element=element,
        interview_id=interview_id,
        finding_id=finding_id,
        stored_as=file.stored_as,
        label=inspected.label,
        media_type=inspected.media_type,
        size=len(inspected.content),
        sha256=sha256,
        created_at=clock(),
        created_by=actor.user_id,
    )


def archive_attachment(session: Session, attachment_id: int, clock: Clock) -> AttachmentView:
    """Take a file out of use; it stays in the folder. Twice is once."""
    view = _writable(session, attachment_id)
    if not view.archived:
        store.set_archived(session, [attachment_id], clock())
    return view


def restore_attachment(session: Session, attachment_id: int) -> AttachmentView:
    """Bring an archived file back."""
    view = _writable(session, attachment_id)
    store.set_archived(session, [attachment_id], None)
    return view


def _writable(session: Session, attachment_id: int) -> AttachmentView:
    view = get_attachment(session, attachment_id)
    refuse_closed(session, view.assessment_id)
    return view
