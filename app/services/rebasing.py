"""A draft whose base was overtaken: what was published meanwhile is put together with what was drafted.

File by file and line by line: what only one of both changed is taken; where both changed the same lines, the editor
chooses. What the draft said before stays in its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.content.proofing import lint_draft
from app.content.version_steps import with_version
from app.core.merging import Piece, Side, merge, merged
from app.services.content_files import content_files, newest_version
from app.services.drafting import REBASED, Conflict, Saved, get_draft, save_files
from app.services.refusals import Invalid
from app.storage import drafts as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.drafting import DraftView
    from app.services.permissions import Actor
    from app.storage.database import Session


class Choice(StrEnum):
    """What stands in the end where both sides changed the same lines."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"  # mine, and theirs below


@dataclass(frozen=True, slots=True)
class MergedFile:
    """One file in three states (None: not there). `side` tells which is taken; `pieces` where both were changed."""

    name: str
    side: Side
    mine: str | None
    theirs: str | None
    pieces: tuple[Piece, ...] = ()

    @property
    def conflicts(self) -> tuple[Piece, ...]:
        """The pieces that must be chosen, in order."""
        return tuple(piece for piece in self.pieces if piece.side is Side.CONFLICT)

    @property
    def whole(self) -> bool:
        """Tell whether one side removed what the other one changed: the file is chosen as a whole."""
        return self.side is Side.CONFLICT and not self.pieces

    def questions(self) -> tuple[str, ...]:
        """Return the names of what must be chosen."""
        return (self.name,) if self.whole else tuple(f"{self.name}#{n}" for n in range(len(self.conflicts)))

    def text(self, choices: Mapping[str, Choice]) -> str | None:
        """Return what the file says in the end; None where it is not there then."""
        if self.whole:
            return self.theirs if choices[self.name] is Choice.THEIRS else self.mine
        if self.side is Side.CONFLICT:
            return merged(self.pieces, lambda number, piece: _chosen(piece, choices[f"{self.name}#{number}"]))
        return self.theirs if self.side is Side.THEIRS else self.mine


@dataclass(frozen=True, slots=True)
class Rebase:
    """A draft put together with the newest version; `newest` is the version that it would be based on."""

    draft: DraftView
    newest: str
    files: tuple[MergedFile, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The names of everything that must be chosen."""
        return tuple(name for file in self.files for name in file.questions())


def preview_rebase(session: Session, draft_id: int, *, library: Library, actor: Actor) -> Rebase:
    """Put a draft together with what was published since it was begun; Invalid `draft` (not-overtaken)."""
    draft = get_draft(session, draft_id, actor)
    newest = newest_version(library, session, draft.kind, draft.key)
    if newest is None or newest == draft.base_version:
        raise Invalid("draft", "not-overtaken", "nothing was published since the draft was begun")
    theirs = content_files(library, session, draft.kind, draft.key, newest)
    base: Mapping[str, str] = {}
    if draft.base_version is not None:
        base = content_files(library, session, draft.kind, draft.key, draft.base_version)
    mine = _named_alike(draft.files, theirs)
    mine, base = _numbered(mine, newest), _numbered(_named_alike(base, theirs), newest)
    names = dict.fromkeys((*mine, *theirs))
    return Rebase(draft, newest, tuple(_file(name, base.get(name), mine.get(name), theirs.get(name)) for name in names))


def rebase_draft(
    session: Session,
    draft_id: int,
    choices: Mapping[str, Choice],
    *,
    newest: str,
    base_version: int,
    library: Library,
    actor: Actor,
    clock: Clock,
) -> Saved | Conflict:
    """Base a draft on the newest version, everything that both changed chosen.

    `newest` and `base_version` (the draft's save) are what the editor had before them. Invalid `draft`
    (changed-since, not-overtaken) and `choices` (choice-missing).
    """
    found = preview_rebase(session, draft_id, library=library, actor=actor)
    draft = found.draft
    if found.newest != newest or draft.version != base_version:
        raise Invalid("draft", "changed-since", "the draft or the published content has changed")
    if any(name not in choices for name in found.questions):
        raise Invalid("choices", "choice-missing", "everything that both changed must be chosen")
    files: dict[str, str | None] = dict.fromkeys(draft.files)
    files |= {file.name: file.text(choices) for file in found.files}
    saved = save_files(session, draft_id, files, base_version=base_version, actor=actor, clock=clock, kind=REBASED)
    if isinstance(saved, Saved):
        published = content_files(library, session, draft.kind, draft.key, newest)
        digest = lint_draft(draft.kind, draft.key, published, library).hash
        store.set_base(session, draft_id, version=newest, digest=digest)
    return saved


def _numbered(files: Mapping[str, str], version: str) -> Mapping[str, str]:
    """Write the newest version into the header: the line of the version is nobody's change."""
    return {name: with_version(text, version) or text for name, text in files.items()}


def _named_alike(mine: Mapping[str, str], theirs: Mapping[str, str]) -> Mapping[str, str]:
    """A content of one file may be called differently on both sides; it is the same file."""
    if len(mine) == len(theirs) == 1:
        return {next(iter(theirs)): next(iter(mine.values()))}
    return mine


def _file(name: str, base: str | None, mine: str | None, theirs: str | None) -> MergedFile:
    if mine == theirs:
        return MergedFile(name, Side.BASE if base == mine else Side.BOTH, mine, theirs)
    if mine == base:
        return MergedFile(name, Side.THEIRS, mine, theirs)
    if theirs == base:
        return MergedFile(name, Side.MINE, mine, theirs)
    if mine is None or theirs is None:
        return MergedFile(name, Side.CONFLICT, mine, theirs)
    return MergedFile(name, Side.CONFLICT, mine, theirs, merge(base or "", mine, theirs))


def _chosen(piece: Piece, choice: Choice) -> str:
    if choice is Choice.BOTH:
        ending = "" if piece.mine.endswith("\n") or not piece.mine else "\n"
        return piece.mine + ending + piece.theirs
    return piece.theirs if choice is Choice.THEIRS else piece.mine
