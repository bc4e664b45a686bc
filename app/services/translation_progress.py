"""How far the English of contents is, for lists: what is published is counted once for a library."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from app.core.translations import Progress, passages_of
from app.services.translating import progress_of, sheet_of_version
from app.storage import checked_translations as store

if TYPE_CHECKING:
    from app.content.layering import ContentKind
    from app.content.library import Library
    from app.content.proofing import Content
    from app.storage.checked_translations import Pair
    from app.storage.database import Session

Known = tuple["ContentKind", str, str]  # kind, key, version

_COUNTED: WeakKeyDictionary[Library, dict[Known, tuple[frozenset[Pair], Progress]]] = WeakKeyDictionary()


def progress_of_version(session: Session, library: Library, kind: ContentKind, key: str, version: str) -> Progress:
    """Return how far the English of a published version is; what somebody checked since it was counted counts anew."""
    counted = _COUNTED.setdefault(library, {})
    pairs = store.checked_pairs(session, kind=kind.value, key=key)
    known = counted.get((kind, key, version))
    if known is None or known[0] != pairs:
        known = pairs, sheet_of_version(session, library, kind, key, version).progress
        counted[kind, key, version] = known
    return known[1]


def progress_of_content(session: Session, library: Library, kind: ContentKind, key: str, content: Content) -> Progress:
    """Return how far the English of what a draft says is, compared with every published version."""
    return progress_of(session, library, kind, key, passages_of(content))
