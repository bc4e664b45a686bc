"""The tree of a framework's draft, changed by forms: every change is one step of its history, and can be undone.

A change is made to the files as they stand now, whatever was shown when it was asked for; only what a form shows in
full (the words of a capability) is compared with what its writer saw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.content.editing.contents import Contents, change_contents, contents_of
from app.content.editing.skeleton import Skeleton, Sources
from app.content.layering import ContentKind
from app.content.library import UnknownReference
from app.content.proofing import LintResult, lint_draft
from app.services.drafting import FORM, IMPORT, DraftView, Saved, draft_history, get_draft, save_files
from app.services.refusals import Invalid, NotFound

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.framework import Framework
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

_UNDONE = frozenset({FORM, IMPORT})


@dataclass(frozen=True, slots=True)
class TreeDraft:
    """A draft of a framework and its tree as the files write it. `base` is the version that it revises, if any."""

    draft: DraftView
    tree: Skeleton
    base: Framework | None
    can_undo: bool = False

    @property
    def before(self) -> frozenset[str]:
        """The elements that the revised version has: scores may exist for them."""
        return frozenset(leaf.id for leaf in self.base.leaves) if self.base is not None else frozenset()

    def lint(self, library: Library) -> LintResult:
        """Return the faults of the draft, and the framework when there are none."""
        return lint_draft(ContentKind.FRAMEWORK, self.draft.key, self.draft.files, library)


def open_tree(session: Session, draft_id: int, *, library: Library, actor: Actor) -> TreeDraft:
    """Return the tree of a draft; NotFound (also where it is no framework's), NotPermitted, Unreadable."""
    draft = framework_draft(session, draft_id, actor)
    tree = Skeleton(draft.files)
    return TreeDraft(draft, tree, base_of(draft, library), can_undo=_last_step(session, draft, actor) is not None)


def framework_draft(session: Session, draft_id: int, actor: Actor) -> DraftView:
    """Return a draft of a framework; NotFound where it is another kind of content."""
    draft = get_draft(session, draft_id, actor)
    if draft.kind is not ContentKind.FRAMEWORK:
        raise NotFound("draft", draft_id)
    return draft


def base_of(draft: DraftView, library: Library) -> Framework | None:
    """Return the version that a draft revises; None where it was begun from nothing."""
    if draft.base_version is None:
        return None
    try:
        return library.framework(f"{draft.key}@{draft.base_version}")
    except UnknownReference:
        return None


def change_tree(
    session: Session,
    draft_id: int,
    change: Callable[[Sources], Sources],
    *,
    actor: Actor,
    clock: Clock,
    kind: str = FORM,
) -> Saved:
    """Make one change to the files of a draft and store it as one step.

    Raises what the change raises (EditRefused, Unreadable), NotFound, NotPermitted, Invalid.
    """
    draft = framework_draft(session, draft_id, actor)
    changed = change(draft.files)
    files: dict[str, str | None] = {name: text for name, text in changed.items() if draft.files.get(name) != text}
    files |= {name: None for name in draft.files if name not in changed}
    return _save(session, draft, files, actor=actor, clock=clock, kind=kind)


def _save(
    session: Session, draft: DraftView, files: Mapping[str, str | None], *, actor: Actor, clock: Clock, kind: str
) -> Saved:
    saved = save_files(session, draft.id, files, base_version=draft.version, actor=actor, clock=clock, kind=kind)
    assert isinstance(saved, Saved)  # the files were read in this very transaction
    return saved


class ChangedMeanwhile(Invalid):
    """A capability does not say any more what its form showed; `now` is what it says."""

    def __init__(self, node_id: str, now: Contents) -> None:
        super().__init__("seen", "node-changed-meanwhile", f"{node_id} was changed meanwhile", id=node_id)
        self.now = now


def seal(contents: Contents) -> str:
    """Return by what a form knows again what it showed."""
    return hashlib.sha256(repr(contents).encode("utf-8", "replace")).hexdigest()[:32]


def reword(
    session: Session, draft_id: int, node_id: str, new: Contents, *, seen: str, actor: Actor, clock: Clock
) -> Saved:
    """Let a capability say something else; ChangedMeanwhile where it is not what was `seen` (see `seal`)."""

    def change(files: Sources) -> Sources:
        now = contents_of(Skeleton(files).spot(node_id))
        if seal(now) != seen and now != new:
            raise ChangedMeanwhile(node_id, now)
        return change_contents(files, {node_id: new})

    return change_tree(session, draft_id, change, actor=actor, clock=clock)


def undo_step(session: Session, draft_id: int, *, actor: Actor, clock: Clock) -> Saved:
    """Take the last step back that a form or a sheet made; undone twice, it is made again.

    Invalid (`nothing-to-undo`) where something else was the last step.
    """
    draft = framework_draft(session, draft_id, actor)
    former = _last_step(session, draft, actor)
    if former is None:
        raise Invalid("draft", "nothing-to-undo", "the last step was not made by a form")
    return _save(session, draft, former, actor=actor, clock=clock, kind=FORM)


def _last_step(session: Session, draft: DraftView, actor: Actor) -> dict[str, str | None] | None:
    """Return the files as they were before the last step; None where it was no step of a form or a sheet."""
    history = draft_history(session, draft.id, actor)
    last = [one for one in history if one.version == draft.version]
    if not last or draft.outcome is not None or any(one.kind not in _UNDONE for one in last):
        return None
    former: dict[str, str | None] = {}
    for one in last:
        if draft.files.get(one.name) != one.text:
            return None
        earlier = [other for other in history if other.name == one.name and other.id < one.id]
        former[one.name] = max(earlier, key=lambda other: other.id).text if earlier else None
    return former
