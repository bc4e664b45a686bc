"""What a draft is: its files as they stand, what a save comes to, and who may touch it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.content.layering import ContentKind
from app.services.permissions import Action, NotPermitted, require
from app.services.refusals import Invalid, NotFound
from app.storage import drafts as store
from app.storage.drafts import DraftRecord, RevisionRecord

if TYPE_CHECKING:
    from app.services.permissions import Actor
    from app.storage.database import Session

Revision = RevisionRecord
DraftSummary = DraftRecord

BEGUN, TYPED, FORM, IMPORT, RESTORED, REBASED = "begun", "typed", "form", "import", "restored", "rebased"
PUBLISHED, DISCARDED = "published", "discarded"


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with its files (plain names -> text as typed). `version` counts saves: it is what a save names.

    `base_version` and `base_hash`: the published version that it revises; None where it was begun from nothing.
    """

    id: int
    kind: ContentKind
    key: str
    owner_id: int
    owner: str
    base_version: str | None
    base_hash: str | None
    version: int
    files: Mapping[str, str]
    created_at: datetime
    updated_at: datetime
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft stands at `version` now."""

    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody (the same editor in another window) changed the file first; `lost` is kept in the history.

    `text` is what stands stored (None: the file was removed), at `version` of the draft; `lost_revision` names the
    refused text, which `restore_revision` would bring back.
    """

    name: str
    text: str | None
    lost: str
    lost_revision: int
    version: int
    updated_at: datetime


def known_draft(session: Session, draft_id: int) -> DraftRecord:
    """Return a draft; NotFound."""
    record = store.draft(session, draft_id)
    if record is None:
        raise NotFound("draft", draft_id)
    return record


def own_draft(session: Session, draft_id: int, actor: Actor) -> DraftRecord:
    """Return a draft of the actor; NotFound, NotPermitted where it is somebody else\'s."""
    require(actor, Action.REVISE)
    record = known_draft(session, draft_id)
    if record.owner_id != actor.user_id:
        raise NotPermitted(actor, Action.REVISE)
    return record


def own_open_draft(session: Session, draft_id: int, actor: Actor) -> DraftRecord:
    """Return an open draft of the actor; Invalid `draft` (draft-closed) besides."""
    record = own_draft(session, draft_id, actor)
    if record.closed_at is not None:
        raise Invalid(
            "draft", "draft-closed", f"the draft {draft_id} was {record.outcome}", outcome=str(record.outcome)
        )
    return record


def draft_view(session: Session, record: DraftRecord) -> DraftView:
    """Return a draft with its files."""
    return DraftView(
        id=record.id,
        kind=ContentKind(record.kind),
        key=record.key,
        owner_id=record.owner_id,
        owner=record.owner_name,
        base_version=record.base_version,
        base_hash=record.base_hash,
        version=record.version,
        files=store.files(session, record.id),
        created_at=record.created_at,
        updated_at=record.updated_at,
        outcome=record.outcome,
    )
