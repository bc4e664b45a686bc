"""A report's sentences as they stand: what the machine says, what somebody wrote instead, and what has changed since.

An edit belongs to a report, a language and a place (slot). It names the machine's sentence that it replaced, so that a
later change of the figures shows. Nothing is ever lost: every wording stays as a revision.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from app.document.build import build_document
from app.document.edits import sentences_of
from app.document.values import Sentence
from app.services.archiving import check_in_use
from app.services.findings import TURNING, UNSEEN
from app.services.kept_reports import kept_report
from app.services.permissions import Action, require
from app.services.refusals import Invalid, NotFound
from app.services.report_material import gather
from app.services.report_requests import request_of
from app.storage import reports as store
from app.storage.reports import SentenceRecord, SentenceRevision

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.text import Locale
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

LONGEST_SENTENCE = 1200
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody wrote; `machine` is what the machine said there then."""

    text: str
    machine: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of the report: the machine's, and the wording that stands for it, if any.

    `version` counts the changes so far, 0 where there were none.
    """

    slot: str
    label: str
    machine: Sentence
    version: int = 0
    wording: Wording | None = None

    @property
    def text(self) -> str:
        """What is printed."""
        return self.wording.text if self.wording else self.machine.text

    @property
    def fingerprint(self) -> str:
        """Name what the machine says, so that a writer can tell which sentence they had before them."""
        return sha256(self.machine.text.encode()).hexdigest()[:16]

    @property
    def outdated(self) -> bool:
        """Tell whether the machine says something else by now than when this was worded."""
        return self.wording is not None and self.wording.machine != self.machine.text

    @property
    def foreign_numbers(self) -> tuple[str, ...]:
        """Return the numbers of the wording that the machine's sentence does not have."""
        known = set(_NUMBER.findall(self.machine.text))
        written = _NUMBER.findall(self.wording.text) if self.wording else []
        return tuple(dict.fromkeys(number for number in written if number not in known))

    @property
    def without_numbers(self) -> bool:
        """Tell whether the wording names no number at all."""
        return self.wording is not None and not _NUMBER.search(self.wording.text)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The sentences of one section of the report."""

    id: str
    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Remnant:
    """A wording whose place the report no longer has; it is printed nowhere."""

    slot: str
    version: int
    wording: Wording


@dataclass(frozen=True, slots=True)
class Book:
    """All sentences of a report in one language; `left_over` are wordings of places that it no longer has."""

    report_id: int
    locale: Locale
    title: str
    chapters: tuple[Chapter, ...]
    left_over: tuple[Remnant, ...] = ()

    def walk(self) -> Iterator[Place]:
        """Yield every place in the order of the pages."""
        for chapter in self.chapters:
            yield from chapter.places

    def place(self, slot: str) -> Place:
        """Return a place; NotFound if the report has none of that name."""
        for place in self.walk():
            if place.slot == slot:
                return place
        raise NotFound("sentence", slot)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else changed the sentence meanwhile; nothing was stored. `text` None: they took the machine's back."""

    version: int
    text: str | None
    by: str | None
    at: datetime


# --- reading ---------------------------------------------------------------------------------------------------------


def read_book(session: Session, library: Library, report_id: int, locale: Locale, *, today: date) -> Book:
    """Word a report anew and lay over it what people wrote.

    NotFound where the report, its template or one of its assessments is gone, ReportRefused as in making it.
    """
    kept = kept_report(session, report_id)
    if kept.template not in {one.id for one in library.reports()}:
        raise NotFound("template", kept.template)
    asked = {**kept.parameters, "template": kept.template, "locale": locale, "made_on": today.isoformat()}
    document = build_document(gather(session, library, request_of(asked)), library.report(kept.template), locale)
    records = {record.slot: record for record in store.sentences(session, report_id, locale)}
    chapters = [
        Chapter(section.id, section.title, tuple(_place(one, records.get(one.slot)) for one in sentences_of(section)))
        for section in document.walk()
    ]
    book = Book(report_id, locale, document.title, tuple(chapter for chapter in chapters if chapter.places))
    standing = {place.slot for place in book.walk()}
    left_over = tuple(
        Remnant(one.slot, one.version, wording)
        for one in records.values()
        if one.slot not in standing and (wording := _wording(one)) is not None
    )
    return Book(report_id, locale, document.title, book.chapters, left_over)


def _place(sentence: Sentence, record: SentenceRecord | None) -> Place:
    if record is None:
        return Place(sentence.slot, sentence.label, sentence)
    return Place(sentence.slot, sentence.label, sentence, record.version, _wording(record))


def _wording(record: SentenceRecord) -> Wording | None:
    if record.text is None:
        return None
    return Wording(record.text, record.machine, record.updated_by_name, record.updated_at)


def history_of(session: Session, report_id: int, locale: Locale, slot: str) -> tuple[SentenceRevision, ...]:
    """Return every wording that a sentence had, oldest first; NotFound if it was never edited."""
    record = store.sentence(session, report_id, locale, slot)
    if record is None:
        raise NotFound("sentence", slot)
    return store.revisions(session, record.id)


# --- writing ---------------------------------------------------------------------------------------------------------


def reword(
    session: Session, book: Book, slot: str, text: str, *, seen: str, base_version: int, actor: Actor, clock: Clock
) -> Overtaken | None:
    """Let `text` stand in place of the machine's sentence of `book`.

    `seen` is the fingerprint of the sentence that the writer had before them, `base_version` that of the wording. The
    machine's own words take the wording back. A wording that is stored again after the machine's sentence has changed
    is one of today's. Invalid (`machine-changed`, `empty-sentence`, `sentence-too-long`, `control-characters`;
    `engagement`: archived), NotPermitted, NotFound; Overtaken where somebody was faster.
    """
    require(actor, Action.AGREE)
    place, written = book.place(slot), _checked(text)
    if seen != place.fingerprint:
        raise Invalid("text", "machine-changed", f"the figures behind {slot} have changed meanwhile")
    replaced = None if written == place.machine.text else written
    return _store(session, book, slot, replaced, base_version=base_version, actor=actor, clock=clock)


def take_back(
    session: Session, book: Book, slot: str, *, base_version: int, actor: Actor, clock: Clock
) -> Overtaken | None:
    """Let the machine's sentence stand again, also where the report has no such sentence any more."""
    require(actor, Action.AGREE)
    return _store(session, book, slot, None, base_version=base_version, actor=actor, clock=clock)


def _store(
    session: Session, book: Book, slot: str, text: str | None, *, base_version: int, actor: Actor, clock: Clock
) -> Overtaken | None:
    check_in_use(session, kept_report(session, book.report_id).engagement_id)
    record = store.sentence(session, book.report_id, book.locale, slot)
    machine = next((place.machine.text for place in book.walk() if place.slot == slot), None)
    if record is None:
        if machine is None:
            raise NotFound("sentence", slot)
        if text is None:
            return None
    elif record.version != base_version:
        return Overtaken(record.version, record.text, record.updated_by_name, record.updated_at)
    elif record.text == text and (text is None or record.machine == machine):
        return None
    said = machine if machine is not None else record.machine if record is not None else ""
    user_id, at = actor.user_id, clock()
    if record is None:
        version = 1
        sentence_id = store.insert_sentence(
            session, book.report_id, book.locale, slot, text=text, machine=said, user_id=user_id, at=at
        )
    else:
        sentence_id, version = record.id, record.version + 1
        store.update_sentence(
            session, record.id, base_version=record.version, text=text, machine=said, user_id=user_id, at=at
        )
    store.append_revision(
        session,
        sentence_id,
        version=version,
        before=record.text if record else None,
        after=text,
        machine=said,
        user_id=user_id,
        at=at,
    )
    return None


def _checked(text: str) -> str:
    """Return a sentence on one line; Invalid where it cannot be printed."""
    written = " ".join(text.split())
    if not written:
        raise Invalid("text", "empty-sentence", "a sentence cannot be empty; take the wording back instead")
    if len(written) > LONGEST_SENTENCE:
        message = f"a sentence has at most {LONGEST_SENTENCE} characters"
        raise Invalid("text", "sentence-too-long", message, longest=str(LONGEST_SENTENCE))
    if any(unicodedata.category(character) in UNSEEN or character in TURNING for character in written):
        raise Invalid("text", "control-characters", "a sentence holds no control characters")
    return written
