"""Drafts: what an editor is revising, kept as typed, faults and all. Nothing that was typed is ever lost.

A draft belongs to one editor. A save names the version of the draft that its writer had before them; where the same
file was changed since, the text is kept in the history (`conflict-lost`) and offered, and the stored one stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.content.layering import ContentKind
from app.content.proofing import LintResult, lint_draft
from app.services import trail
from app.services.content_files import content_files, content_versions, newest_version
from app.services.draft_files import check_files, check_key
from app.services.draft_records import (
    BEGUN,
    DISCARDED,
    FORM,
    IMPORT,
    PUBLISHED,
    REBASED,
    RESTORED,
    TYPED,
    Conflict,
    DraftSummary,
    DraftView,
    Revision,
    Saved,
    draft_view,
    known_draft,
    own_draft,
    own_open_draft,
)
from app.services.draft_saving import (
    ONE_STEP,
    remember,
    remove_file,
    rename_file,
    restore_revision,
    save_file,
    save_files,
)
from app.services.permissions import Action, require
from app.services.refusals import Invalid
from app.storage import drafts as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

__all__ = [
    "FORM",
    "IMPORT",
    "ONE_STEP",
    "PUBLISHED",
    "REBASED",
    "RESTORED",
    "TYPED",
    "Conflict",
    "DraftSummary",
    "DraftView",
    "LintResult",
    "Revision",
    "Saved",
    "begin_draft",
    "begin_new_draft",
    "closed_drafts",
    "content_files",
    "discard_draft",
    "draft_history",
    "get_draft",
    "lint_draft",
    "list_drafts",
    "remove_file",
    "rename_file",
    "reopen_draft",
    "restore_revision",
    "save_file",
    "save_files",
]

# --- beginning -------------------------------------------------------------------------------------------------------


def begin_draft(
    session: Session,
    kind: ContentKind,
    key: str,
    *,
    library: Library,
    actor: Actor,
    clock: Clock,
    version: str | None = None,
) -> DraftView:
    """Return the actor's open draft of one content, else begin one from `version` (None: the newest).

    NotFound where there is no such content, NotPermitted.
    """
    require(actor, Action.REVISE)
    known = store.open_draft(session, kind=kind.value, key=key, owner_id=actor.user_id)
    if known is not None:
        return draft_view(session, known)
    base = version if version is not None else newest_version(library, session, kind, key)
    files = content_files(library, session, kind, key, base)
    content = lint_draft(kind, key, files, library).hash
    return _begin(session, kind, key, files, base=(base, content), actor=actor, clock=clock)


def begin_new_draft(
    session: Session,
    kind: ContentKind,
    key: str,
    files: Mapping[str, str],
    *,
    library: Library,
    actor: Actor,
    clock: Clock,
) -> DraftView:
    """Begin a draft of content that does not exist yet.

    Invalid (`key`: `bad-id`, `taken`, `draft-open`; `files`: what `save_file` refuses), NotPermitted.
    """
    require(actor, Action.REVISE)
    check_key(kind, key)
    check_files(files)
    if content_versions(library, session, kind, key):
        raise Invalid("key", "taken", f"{key!r} is already in use", key=key)
    if store.open_draft(session, kind=kind.value, key=key, owner_id=actor.user_id) is not None:
        raise Invalid("key", "draft-open", f"a draft of {key!r} is open already", key=key)
    return _begin(session, kind, key, files, base=(None, None), actor=actor, clock=clock)


def _begin(
    session: Session,
    kind: ContentKind,
    key: str,
    files: Mapping[str, str],
    *,
    base: tuple[str | None, str | None],
    actor: Actor,
    clock: Clock,
) -> DraftView:
    at = clock()
    draft_id = store.insert_draft(
        session,
        kind=kind.value,
        key=key,
        owner_id=actor.user_id,
        base_version=base[0],
        base_hash=base[1],
        version=1,
        created_at=at,
        updated_at=at,
    )
    for name, text in files.items():
        store.put_file(session, draft_id, name, text)
        remember(session, draft_id, name, text, version=1, kind=BEGUN, user_id=actor.user_id, at=at)
    _told(session, draft_id, "created", kind.value, key, actor, clock)
    return draft_view(session, known_draft(session, draft_id))


# --- reading ---------------------------------------------------------------------------------------------------------


def get_draft(session: Session, draft_id: int, actor: Actor) -> DraftView:
    """Return a draft of the actor's, open or closed; NotFound, NotPermitted where it is somebody else's."""
    return draft_view(session, own_draft(session, draft_id, actor))


def list_drafts(session: Session, actor: Actor) -> list[DraftSummary]:
    """Return every open draft of every editor, the actor's own first; NotPermitted."""
    require(actor, Action.REVISE)
    return sorted(store.open_drafts(session), key=lambda one: one.owner_id != actor.user_id)


def draft_history(session: Session, draft_id: int, actor: Actor) -> list[Revision]:
    """Return what the files of a draft said, the newest first, also what lost a conflict."""
    own_draft(session, draft_id, actor)
    return store.revisions(session, draft_id)


# --- ending ----------------------------------------------------------------------------------------------------------


def discard_draft(session: Session, draft_id: int, *, actor: Actor, clock: Clock) -> None:
    """Close a draft; its files and history are kept."""
    record = own_open_draft(session, draft_id, actor)
    store.close(session, draft_id, outcome=DISCARDED, at=clock())
    _told(session, draft_id, "discarded", record.kind, record.key, actor, clock)


def reopen_draft(session: Session, draft_id: int, *, actor: Actor, clock: Clock) -> None:
    """Take back that a draft was discarded; Invalid `draft` (draft-open) where another one of its content is open."""
    record = own_draft(session, draft_id, actor)
    if record.outcome != DISCARDED:
        raise Invalid("draft", "draft-not-discarded", f"the draft {draft_id} was not discarded")
    if store.open_draft(session, kind=record.kind, key=record.key, owner_id=actor.user_id) is not None:
        raise Invalid("draft", "draft-open", f"a draft of {record.key!r} is open already", key=record.key)
    store.reopen(session, draft_id, at=clock())
    _told(session, draft_id, "reopened", record.kind, record.key, actor, clock)


def closed_drafts(session: Session, actor: Actor, *, limit: int = 10) -> list[DraftSummary]:
    """Return what the actor published or discarded, the latest first."""
    require(actor, Action.REVISE)
    return store.closed_drafts(session, owner_id=actor.user_id, limit=limit)


def _told(session: Session, draft_id: int, act: str, kind: str, key: str, actor: Actor, clock: Clock) -> None:  # noqa: PLR0917
    details = {"act": act, "kind": kind, "key": key}
    trail.record(
        session, trail.Event.CONTENT_CHANGED, actor=actor, clock=clock, about=("draft", draft_id), details=details
    )
