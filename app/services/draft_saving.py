"""Saving in drafts: nothing that was typed is ever lost, and saves of different files do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from app.services.draft_files import check_file, check_files
from app.services.draft_records import FORM, RESTORED, TYPED, Conflict, Saved, own_draft, own_open_draft
from app.services.refusals import Invalid, NotFound
from app.storage import drafts as store
from app.storage.drafts import LOST, DraftRecord, RevisionRecord

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

ONE_STEP = timedelta(minutes=1)  # typing in one file is one step of its history for so long


def save_file(
    session: Session,
    draft_id: int,
    name: str,
    text: str,
    *,
    base_version: int,
    actor: Actor,
    clock: Clock,
    kind: str = TYPED,
) -> Saved | Conflict:
    """Store what a file says, whatever it says; a new name adds a file.

    `base_version` is the version of the draft on which the writer worked. Saves of different files never get in each
    other's way. Invalid (file-name, draft-file-too-large, draft-too-many-files, draft-too-large, nul-character,
    draft-closed), NotFound, NotPermitted. A Conflict must be committed: it keeps the refused text.
    """
    return save_files(session, draft_id, {name: text}, base_version=base_version, actor=actor, clock=clock, kind=kind)


def save_files(
    session: Session,
    draft_id: int,
    files: Mapping[str, str | None],
    *,
    base_version: int,
    actor: Actor,
    clock: Clock,
    kind: str = FORM,
) -> Saved | Conflict:
    """Store several files as one step, or none of them where one is in conflict; None takes a file out.

    Refuses what `save_file` refuses.
    """
    record = own_open_draft(session, draft_id, actor)
    stored = store.files(session, draft_id)
    changed = {name: text for name, text in files.items() if stored.get(name) != text}
    for name, text in changed.items():
        if text is not None:
            check_file(name, text, others=[one for one in stored if one != name])
    check_files({name: text for name, text in {**stored, **changed}.items() if text is not None})
    at = clock()
    last = store.last_revisions(session, draft_id)
    for name in changed:
        if base_version != record.version and _changed_in(record, stored, last, name) > base_version:
            return _conflict(session, record, stored, changed, name=name, actor=actor, at=at)
    if not changed:
        return Saved(record.version, record.updated_at)
    return _store(session, record, stored, changed, kind=kind, actor=actor, at=at)


def remove_file(
    session: Session, draft_id: int, name: str, *, base_version: int, actor: Actor, clock: Clock
) -> Saved | Conflict:
    """Take a file out of a draft; its history keeps it. Refuses as `save_file` does."""
    return save_files(session, draft_id, {name: None}, base_version=base_version, actor=actor, clock=clock)


def rename_file(
    session: Session, draft_id: int, name: str, new: str, *, base_version: int, actor: Actor, clock: Clock
) -> Saved | Conflict:
    """Call a file of a draft another name, in one step; NotFound, and refuses as `save_file` does."""
    stored = store.files(session, own_draft(session, draft_id, actor).id)
    if name not in stored:
        raise NotFound("file", name)
    if new in stored:
        raise Invalid("name", "taken", f"{new!r} is already in use", key=new)
    changes = {name: None, new: stored[name]}
    return save_files(session, draft_id, changes, base_version=base_version, actor=actor, clock=clock)


def restore_revision(
    session: Session, draft_id: int, revision_id: int, *, base_version: int, actor: Actor, clock: Clock
) -> Saved | Conflict:
    """Let a file say again what it said in a revision, also one that lost a conflict; NotFound."""
    own_draft(session, draft_id, actor)
    revision = store.revision(session, draft_id, revision_id)
    if revision is None:
        raise NotFound("revision", revision_id)
    changes = {revision.name: revision.text}
    return save_files(session, draft_id, changes, base_version=base_version, actor=actor, clock=clock, kind=RESTORED)


# --- the parts -------------------------------------------------------------------------------------------------------


def _store(
    session: Session,
    record: DraftRecord,
    stored: Mapping[str, str],
    changed: Mapping[str, str | None],
    *,
    kind: str,
    actor: Actor,
    at: datetime,
) -> Saved:
    last = store.last_revisions(session, record.id)
    _end_steps(session, record, stored, last, still_typing=changed if kind == TYPED else (), at=at)
    if not store.advance(session, record.id, seen=record.version, at=at):
        raise RuntimeError("a draft changed within its own transaction")
    version = record.version + 1
    for name, text in changed.items():
        if not (kind == TYPED and text is not None and _goes_on(last.get(name), stored, at)):
            remember(session, record.id, name, text, version=version, kind=kind, user_id=actor.user_id, at=at)
        if text is None:
            store.delete_file(session, record.id, name)
        else:
            store.put_file(session, record.id, name, text)
    return Saved(version, at)


def _goes_on(last: RevisionRecord | None, stored: Mapping[str, str], at: datetime) -> bool:
    """Tell whether typing now belongs to the step that the last revision of the file began."""
    return last is not None and last.kind == TYPED and last.name in stored and at - last.at < ONE_STEP


def _end_steps(
    session: Session,
    record: DraftRecord,
    stored: Mapping[str, str],
    last: Mapping[str, RevisionRecord],
    *,
    still_typing: Iterable[str],
    at: datetime,
) -> None:
    """Write down how a step of typing ended, where the next save does not belong to it."""
    for name, text in stored.items():
        before = last.get(name)
        if before is None or before.text == text:
            continue
        if name not in still_typing or not _goes_on(before, stored, at):
            remember(
                session,
                record.id,
                name,
                text,
                version=record.version,
                kind=TYPED,
                user_id=record.owner_id,
                at=record.updated_at,
            )


def _changed_in(record: DraftRecord, stored: Mapping[str, str], last: Mapping[str, RevisionRecord], name: str) -> int:
    """Return the version of the draft in which a file was changed last.

    A step of typing that is not written down yet is the last thing that happened to the draft.
    """
    before = last.get(name)
    if before is None:
        return 0
    return before.version if before.text == stored.get(name) else record.version


def _conflict(
    session: Session,
    record: DraftRecord,
    stored: Mapping[str, str],
    changed: Mapping[str, str | None],
    *,
    name: str,
    actor: Actor,
    at: datetime,
) -> Conflict:
    """Keep everything that was refused; `name` is the file that was changed first by somebody else."""
    kept = {
        one: remember(session, record.id, one, text, version=record.version, kind=LOST, user_id=actor.user_id, at=at)
        for one, text in changed.items()
    }
    lost = changed[name] or ""
    return Conflict(name, stored.get(name), lost, kept[name], record.version, record.updated_at)


def remember(
    session: Session, draft_id: int, name: str, text: str | None, *, version: int, kind: str, user_id: int, at: datetime
) -> int:
    """Write down what a file says from a version on; return the revision\'s id."""
    return store.append_revision(
        session, draft_id, version=version, kind=kind, name=name, text=text, user_id=user_id, at=at
    )
