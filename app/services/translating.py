"""Translating content: Chinese beside English, what is missing or behind, and English put into a draft's files.

A change names the words that its writer had before them; where the text says something else by now it is refused and
both are given back, so that nothing that was typed is lost. Changes of other texts never get in each other's way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.content.editing.refusals import EditRefused
from app.content.editing.spans import Unreadable
from app.content.editing.texts import set_text, written_texts
from app.content.layering import ContentKind
from app.content.versions import Version
from app.core.framework import Framework
from app.core.text import Text
from app.core.translations import Passage, Progress, Translation, passages_of, progress, translations
from app.services.content_files import content_versions
from app.services.drafting import FORM, Conflict, DraftView, content_files, get_draft, save_files
from app.services.permissions import Action, require
from app.services.refusals import Invalid, NotFound
from app.storage import checked_translations as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

LONGEST = 4000  # characters of one text


@dataclass(frozen=True, slots=True)
class TranslationSheet:
    """The texts of one content and how their English stands. `framework` is what a questionnaire asks about."""

    kind: ContentKind
    key: str
    version: str | None
    rows: tuple[Translation, ...]
    progress: Progress
    framework: Framework | None


@dataclass(frozen=True, slots=True)
class Translated:
    """The text stands as typed; the draft stands at `version`."""

    version: int
    row: Translation
    progress: Progress


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The text was changed meanwhile: `row` is what it says now; `refused` what was to be put there."""

    row: Translation
    refused: str


def seen_of(text: Text) -> str:
    """Return the mark of the words that somebody has before them."""
    return _hash(f"{text.zh or ''}\0{text.en or ''}")[:16]


def sheet_of_draft(session: Session, draft: DraftView, library: Library) -> TranslationSheet:
    """Return the texts of a draft as they are now; raises Unreadable where its YAML cannot be read."""
    now = [one.passage for one in written_texts(draft.kind, draft.files)]
    return _sheet(session, library, (draft.kind, draft.key, None), now)


def sheet_of_version(session: Session, library: Library, kind: ContentKind, key: str, version: str) -> TranslationSheet:
    """Return the texts of a published version; NotFound."""
    return _sheet(session, library, (kind, key, version), _published(session, library, kind, key, version))


def progress_of(
    session: Session, library: Library, kind: ContentKind, key: str, passages: Sequence[Passage]
) -> Progress:
    """Return how the English of passages stands beside every published version of their content."""
    return _sheet(session, library, (kind, key, None), passages).progress


def translate_text(
    session: Session,
    draft_id: int,
    place: str,
    english: str,
    *,
    seen: str,
    library: Library,
    actor: Actor,
    clock: Clock,
) -> Translated | Overtaken:
    """Put the English of one text into the files of a draft; empty words take it away.

    Raises Invalid (`text-too-long`, `no-such-text`, `draft-closed`), NotFound, NotPermitted, Unreadable.
    """
    draft = get_draft(session, draft_id, actor)
    english = english.replace("\r\n", "\n").strip()
    if len(english) > LONGEST:
        raise Invalid("english", "text-too-long", f"a text has at most {LONGEST} characters", most=str(LONGEST))
    sheet = sheet_of_draft(session, draft, library)
    row = _row(sheet, place)
    if (row.passage.text.en or "") == english:
        return Translated(draft.version, row, sheet.progress)
    if seen_of(row.passage.text) != seen:
        return Overtaken(row, english)
    try:
        files = set_text(draft.kind, draft.files, place, "en", english)
    except EditRefused as refused:
        raise Invalid("english", refused.code, str(refused)) from refused
    saved = save_files(session, draft_id, files, base_version=draft.version, actor=actor, clock=clock, kind=FORM)
    if isinstance(saved, Conflict):
        raise RuntimeError("a draft changed within its own transaction")  # noqa: TRY004 - no wrong type
    sheet = sheet_of_draft(session, get_draft(session, draft_id, actor), library)
    return Translated(saved.version, _row(sheet, place), sheet.progress)


def mark_checked(
    session: Session, sheet: TranslationSheet, place: str, *, seen: str, actor: Actor, clock: Clock
) -> Translated | Overtaken:
    """Remember that the English of a text was read beside its Chinese and still fits.

    Raises Invalid (`no-such-text`, `nothing-to-check`), NotPermitted. The standing that is returned is the new one.
    """
    require(actor, Action.REVISE)
    row = _row(sheet, place)
    passage = row.passage
    if seen_of(passage.text) != seen:
        return Overtaken(row, passage.text.en or "")
    if not passage.text.zh or not passage.text.en:
        raise Invalid("place", "nothing-to-check", f"{place} lacks a language")
    pair = _pair(passage, passage.text)
    if pair not in store.checked_pairs(session, kind=sheet.kind.value, key=sheet.key):
        store.insert_checked(session, pair, kind=sheet.kind.value, key=sheet.key, user_id=actor.user_id, at=clock())
    fresh = translations([passage])[0]
    return Translated(0, fresh, progress(fresh if one is row else one for one in sheet.rows))


# --- reading ---------------------------------------------------------------------------------------------------------


def _sheet(
    session: Session, library: Library, about: tuple[ContentKind, str, str | None], now: Sequence[Passage]
) -> TranslationSheet:
    kind, key, version = about
    known = content_versions(library, session, kind, key)
    before = [one for one in known if version is None or Version.lenient(one) < Version.lenient(version)]
    pairs = store.checked_pairs(session, kind=kind.value, key=key)
    rows = translations(
        now,
        [_published(session, library, kind, key, one) for one in before],
        checked=lambda passage, text: _pair(passage, text) in pairs,
    )
    return TranslationSheet(kind, key, version, tuple(rows), progress(rows), _framework(library, kind, key))


def _published(session: Session, library: Library, kind: ContentKind, key: str, version: str) -> list[Passage]:
    """Return the passages of a version: from the library where it has it read, else from its files."""
    if kind is ContentKind.FRAMEWORK and version in library.versions(key):
        return passages_of(library.framework(f"{key}@{version}"))
    if kind is ContentKind.QUESTIONNAIRE:
        found = next((one for one in library.questionnaires() if (one.id, one.version) == (key, version)), None)
        if found is not None:
            return passages_of(found)
    return [one.passage for one in written_texts(kind, content_files(library, session, kind, key, version))]


def _framework(library: Library, kind: ContentKind, key: str) -> Framework | None:
    if kind is not ContentKind.QUESTIONNAIRE:
        return None
    found = library.find_questionnaire(key)
    return library.framework(found.framework) if found is not None else None


def _row(sheet: TranslationSheet, place: str) -> Translation:
    for row in sheet.rows:
        if row.passage.place == place:
            return row
    raise Invalid("place", "no-such-text", f"there is no text at {place}", place=place)


def _pair(passage: Passage, text: Text) -> store.Pair:
    return passage.shelf, _hash(text.zh or ""), _hash(text.en or "")


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8")).hexdigest()


__all__ = [
    "LONGEST",
    "NotFound",
    "Overtaken",
    "Translated",
    "TranslationSheet",
    "Unreadable",
    "mark_checked",
    "progress_of",
    "seen_of",
    "sheet_of_draft",
    "sheet_of_version",
    "translate_text",
]
