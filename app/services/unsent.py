"""Unsent answers that a device exported: read strictly, tried without storing, stored through the save protocol.

Every entry keeps its mutation id and base version: what had arrived after all is told apart, and what others changed
meanwhile is merged or refused exactly as if the device had sent it. The importing user is who stored it; who wrote it
is told to the log of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from app.core.errors import Fault
from app.services.answer_changes import AnswerRefused
from app.services.answering import HIGHEST_VERSION, Conflict, InterviewClosed, Saved, save_answer
from app.services.refusals import NotFound
from app.storage import interviews

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Database, Session

FORMAT = "crm-maturity-unsent-answers"
LARGEST = 512 * 1024
MOST_ENTRIES = 1000
LONGEST_NAME = 200
STORED = frozenset({"new", "changed", "merged", "again"})
AGAIN = ".again"  # behind the id of an entry that is stored over a conflict

Kind = Literal["new", "changed", "merged", "again", "present", "conflict", "refused", "unknown", "closed"]


class DocumentFault(Exception):  # noqa: N818 - named like the other faults
    """A file that is no export, or not of this interview. `kind`: size, json, format, interview, entry."""

    def __init__(self, kind: str, place: str = "") -> None:
        self.kind = kind
        self.place = place
        super().__init__(f"{kind} {place}".strip())


@dataclass(frozen=True, slots=True)
class Entry:
    """One unsent entry as the device had it."""

    id: str
    element: str
    base: int
    changes: Mapping[str, Any]
    created: str


@dataclass(frozen=True, slots=True)
class Document:
    """An export: of which interview, written by whom, what."""

    interview_id: int
    user_id: int | None
    user_name: str
    exported_at: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one entry.

    new, changed, merged (others changed other fields), again (stored over a conflict), present (had arrived already),
    conflict (`theirs` is what the server holds), refused (`faults`), unknown (no such element), closed (`closed` why).
    """

    entry: Entry
    kind: Kind
    theirs: Mapping[str, Any] | None = None
    by: str | None = None
    faults: tuple[Fault, ...] = ()
    closed: str = ""


def read_document(content: bytes, interview_id: int) -> Document:
    """Read an export of this interview. Raises DocumentFault."""
    if not 0 < len(content) <= LARGEST:
        raise DocumentFault("size")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DocumentFault("json") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT or document.get("version") != 1:
        raise DocumentFault("format")
    if document.get("interview") != interview_id:
        raise DocumentFault("interview", str(document.get("interview"))[:20])
    entries = document.get("entries")
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise DocumentFault("entry", "entries")
    user = document.get("user")
    user = user if isinstance(user, dict) else {}
    read = tuple(_entry(entry, f"entries[{number}]") for number, entry in enumerate(entries))
    twice = {entry.id for entry in read if sum(other.id == entry.id for other in read) > 1}
    if twice:
        raise DocumentFault("entry", f"entries: id {sorted(twice)[0]}")
    return Document(
        interview_id=interview_id,
        user_id=user["id"] if _is_count(user.get("id")) else None,
        user_name=str(user.get("name") or "")[:LONGEST_NAME],
        exported_at=str(document.get("exported_at") or "")[:40],
        entries=read,
    )


def _entry(entry: object, place: str) -> Entry:
    if not isinstance(entry, dict):
        raise DocumentFault("entry", place)
    for name, fits in (
        ("id", isinstance(entry.get("id"), str) and 8 <= len(entry["id"]) <= 64 - len(AGAIN)),
        ("element", isinstance(entry.get("element"), str) and 0 < len(entry["element"]) <= LONGEST_NAME),
        ("base", _is_count(entry.get("base"))),
        ("set", isinstance(entry.get("set"), dict)),
    ):
        if not fits:
            raise DocumentFault("entry", f"{place}.{name}")
    return Entry(entry["id"], entry["element"], entry["base"], entry["set"], str(entry.get("created") or "")[:40])


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST_VERSION


class _Rehearsed(Exception):  # noqa: N818 - carries a result out of a transaction that is rolled back
    def __init__(self, outcomes: tuple[Outcome, ...]) -> None:
        super().__init__("rehearsed")
        self.outcomes = outcomes


def rehearse(database: Database, document: Document, *, actor: Actor, clock: Clock) -> tuple[Outcome, ...]:
    """Tell what would become of every entry; nothing is stored."""
    try:
        with database.begin() as session:
            outcomes = take_in(session, document, actor=actor, clock=clock)
            raise _Rehearsed(outcomes)  # noqa: TRY301 - what rolls the transaction back
    except _Rehearsed as done:
        return done.outcomes


def take_in(
    session: Session, document: Document, *, actor: Actor, clock: Clock, again: Set[str] = frozenset()
) -> tuple[Outcome, ...]:
    """Store every entry that can be stored; those in `again` (ids) also over what others stored meanwhile."""
    taking = _Taking(session, document, actor, clock, again)
    return tuple(taking.take(entry) for entry in document.entries)


@dataclass
class _Taking:
    """One file on its way in. What an entry has stored is what the next one about the same answer stands on."""

    session: Session
    document: Document
    actor: Actor
    clock: Clock
    again: Set[str]
    stood: dict[str, Saved] = field(default_factory=dict)

    def take(self, entry: Entry) -> Outcome:
        known = interviews.answer(self.session, self.document.interview_id, entry.element) is not None
        try:
            return self._outcome(entry, self._save(entry, entry.id, self._base(entry)), known=known)
        except AnswerRefused as refused:
            return Outcome(entry, "refused", faults=tuple(refused.faults))
        except InterviewClosed as closed:
            return Outcome(entry, "closed", closed=str(closed.values["why"]))
        except NotFound:
            return Outcome(entry, "unknown")

    def _base(self, entry: Entry) -> int:
        """Stand on the entry before, except for fields that others changed meanwhile: those the protocol judges."""
        before = self.stood.get(entry.element)
        if before is None or _overlap(entry.changes, before.others):
            return entry.base
        return max(entry.base, before.version)

    def _outcome(self, entry: Entry, outcome: Saved | Conflict, *, known: bool) -> Outcome:
        if isinstance(outcome, Saved):
            self.stood[entry.element] = outcome
            if outcome.replayed:
                return Outcome(entry, "present")
            return Outcome(entry, "merged" if outcome.merged else "changed" if known else "new")
        theirs = Outcome(entry, "conflict", theirs=outcome.theirs, by=outcome.by)
        if entry.id not in self.again:
            return theirs
        newest = interviews.answer(self.session, self.document.interview_id, entry.element)
        over = self._save(entry, entry.id + AGAIN, newest.version if newest else 0)
        if isinstance(over, Conflict):
            return theirs
        self.stood[entry.element] = over
        return Outcome(entry, "present" if over.replayed else "again", theirs=outcome.theirs)

    def _save(self, entry: Entry, mutation_id: str, base: int) -> Saved | Conflict:
        return save_answer(
            self.session,
            interview_id=self.document.interview_id,
            element=entry.element,
            mutation_id=mutation_id,
            base_version=base,
            changes=entry.changes,
            actor=self.actor,
            clock=self.clock,
        )


def _overlap(changes: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    for name in changes.keys() & others.keys():
        mine, theirs = changes[name], others[name]
        if not (isinstance(mine, dict) and isinstance(theirs, dict)) or mine.keys() & theirs.keys():
            return True
    return False
