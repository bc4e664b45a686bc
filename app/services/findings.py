"""Findings: written once per element of an assessment, from what its interviews noted, with links to who said so.

A save names the version that it was made on. Fields that nobody else touched since are merged; where somebody else
changed the same field, nothing is changed, both values are returned, and the refused ones stay as a revision of kind
`conflict-lost`. Findings are archived, never deleted. Sources, and everything else that tells who said what, are for
those who hold interviews; a reader gets texts and strength alone (decision 0019).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.text import Text
from app.services.answering import closed_because
from app.services.engagements import assessment_record, get_engagement_by_id
from app.services.interview_notes import Note, Source, all_sources, sources_of, strength_of
from app.services.pinning import pinned_framework
from app.services.refusals import Invalid, NotFound
from app.storage import findings as store
from app.storage.findings import LOST, FindingRecord, FindingRevision

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

LONGEST_FINDING = 2000
MOST_FINDINGS = 50  # of one element; more is a list of notes
MOST_SOURCES = 100
STRONGEST = 3
UNSEEN = frozenset({"Cc", "Cs"})
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would show a text in another order


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding. `strength` of its evidence: 0 none, 1 told, 2 seen, 3 verified; None = nobody has said yet.

    `sources` is empty for those who may not know who said what.
    """

    id: int
    assessment_id: int
    element: str
    text: Text
    strength: int | None
    version: int
    written_by: str | None
    written_at: datetime
    archived: bool
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody writes as a finding; `sources` are ids of interviews of the same assessment."""

    text: Text
    strength: int | None = None
    sources: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """The finding stands at `version`; `merged`: others changed other parts of it meanwhile."""

    finding_id: int
    version: int
    merged: bool = False
    joined: bool = False  # the same words stood there already: that finding was given these sources too


@dataclass(frozen=True, slots=True)
class Clash:
    """Nothing was changed: `by` had stored `theirs` meanwhile, where `mine` was to go.

    `mine` holds what would stand if ours won: our values where we changed something, theirs everywhere else.
    """

    version: int
    by: str | None
    at: datetime
    mine: Draft
    theirs: Draft
    fields: frozenset[str]  # zh, en, strength, sources


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a finding's history: `before` and `after` hold the fields that changed."""

    kind: str  # written, changed, moved, archived, restored, conflict-lost
    version: int
    by: str | None
    at: datetime
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


# --- reading -------------------------------------------------------------------------------------------------------


def findings_of(
    session: Session, assessment_id: int, *, sources: bool = True, archived: bool = False
) -> dict[str, tuple[FindingView, ...]]:
    """Return the findings of an assessment by element, in their order.

    Without `sources` nothing tells who said what; with `archived` those out of use come too.
    """
    records = store.findings(session, assessment_id)
    known = all_sources(session, assessment_id) if sources and any(one.sources for one in records) else {}
    found: dict[str, tuple[FindingView, ...]] = {}
    for record in records:
        if archived or record.archived_at is None:
            found[record.element] = (*found.get(record.element, ()), _view(record, known))
    return found


def get_finding(session: Session, finding_id: int, *, sources: bool = True) -> FindingView:
    """Return one finding, archived or not; NotFound if there is none."""
    record = _record(session, finding_id)
    return _view(record, all_sources(session, record.assessment_id) if sources and record.sources else {})


def _record(session: Session, finding_id: int) -> FindingRecord:
    record = store.finding(session, finding_id)
    if record is None:
        raise NotFound("finding", finding_id)
    return record


def _view(record: FindingRecord, known: Mapping[int, Source]) -> FindingView:
    return FindingView(
        id=record.id,
        assessment_id=record.assessment_id,
        element=record.element,
        text=record.text,
        strength=record.strength,
        version=record.version,
        written_by=record.created_by_name,
        written_at=record.created_at,
        archived=record.archived_at is not None,
        sources=tuple(known[one] for one in record.sources if one in known),
    )


def draft_from(notes: Sequence[Note]) -> Draft:
    """Return a finding to begin with: the words of these notes, their interviews, the strongest evidence among them."""
    written: dict[str, list[str]] = {"zh": [], "en": []}
    for note in notes:
        words = (note.note or note.reason or "").strip()
        language = "zh" if any("\u3400" <= character <= "\u9fff" for character in words) else "en"
        if words and words not in written[language]:
            written[language].append(words)
    texts = {language: "\n".join(words)[:LONGEST_FINDING].strip() or None for language, words in written.items()}
    strengths = [strength for note in notes if (strength := strength_of(note)) is not None]
    return Draft(
        Text(texts["zh"], texts["en"]),
        max(strengths, default=None),
        tuple(note.interview_id for note in notes),
    )


@dataclass(frozen=True, slots=True)
class _By:
    """Who does something, and when."""

    user_id: int
    at: datetime

    @classmethod
    def of(cls, actor: Actor, clock: Clock) -> _By:
        return cls(actor.user_id, clock())


# --- writing -------------------------------------------------------------------------------------------------------


def write_finding(
    session: Session, assessment_id: int, element: str, draft: Draft, *, actor: Actor, clock: Clock
) -> Stored:
    """Store a finding after the others of its element.

    The same words in force already are not stored twice: that finding is given these sources too. Raises NotFound,
    Invalid.
    """
    refuse_closed(session, assessment_id)
    check_element(session, assessment_id, element)
    draft = _checked(session, assessment_id, draft)
    standing = [one for one in store.findings(session, assessment_id, element) if one.archived_at is None]
    same = next((one for one in standing if one.text == draft.text), None)
    if same is not None:
        more = (*same.sources, *(one for one in draft.sources if one not in same.sources))
        strength = max((one for one in (same.strength, draft.strength) if one is not None), default=None)
        joined = Draft(same.text, strength, more)
        version = _apply(session, same, _differing(_fields_of(same), _fields(joined)), by=_By.of(actor, clock))
        return Stored(same.id, version, joined=True)
    if len(standing) >= MOST_FINDINGS:
        message = f"an element has at most {MOST_FINDINGS} findings"
        raise Invalid("text_zh", "too-many-findings", message, most=str(MOST_FINDINGS))
    at = clock()
    position = store.last_position(session, assessment_id, element) + 1
    finding_id = store.insert_finding(
        session,
        assessment_id,
        element,
        text=draft.text,
        strength=draft.strength,
        position=position,
        at=at,
        user_id=actor.user_id,
    )
    store.replace_sources(session, finding_id, draft.sources)
    after = {**_fields(draft), "position": position}
    store.append_revision(
        session, finding_id, version=1, kind="normal", before=None, after=after, user_id=actor.user_id, at=at
    )
    return Stored(finding_id, 1)


def change_finding(
    session: Session, finding_id: int, draft: Draft, *, base_version: int, actor: Actor, clock: Clock
) -> Stored | Clash:
    """Store what somebody changed in a finding since `base_version`. Raises NotFound, Invalid."""
    record = _writable(session, finding_id)
    if record.archived_at is not None:
        raise Invalid("text_zh", "archived", f"finding {finding_id} is archived; restore it first")
    draft = _checked(session, record.assessment_id, draft, standing=record.sources)
    before = _fields_of(record)
    since = [
        one
        for one in store.revisions_of(session, [finding_id], since=base_version)
        if one.kind != LOST and one.version <= record.version
    ]
    mine = _differing(_as_of(before, since), _fields(draft))
    theirs = {name for one in since for name in one.after} & before.keys()
    clashing = {name for name in mine if name in theirs and _plain(before[name]) != _plain(mine[name])}
    if clashing:
        return _clash(session, record, mine, since=since, clashing=clashing, by=_By.of(actor, clock))
    touched = _differing(before, {**before, **mine})
    version = _apply(session, record, touched, by=_By.of(actor, clock))
    return Stored(finding_id, version, merged=bool(theirs))


def _clash(
    session: Session,
    record: FindingRecord,
    mine: Mapping[str, Any],
    *,
    since: Sequence[FindingRevision],
    clashing: set[str],
    by: _By,
) -> Clash:
    before = _fields_of(record)
    last = next(one for one in reversed(since) if clashing & one.after.keys())
    store.append_revision(
        session,
        record.id,
        version=record.version,
        kind=LOST,
        before={name: before[name] for name in mine},
        after=mine,
        user_id=by.user_id,
        at=by.at,
    )
    theirs = Draft(record.text, record.strength, record.sources)
    ours = {**before, **mine}  # what only they changed stays theirs
    written = Draft(Text(ours["zh"], ours["en"]), ours["strength"], tuple(ours["sources"]))
    return Clash(record.version, last.user_name, last.at, written, theirs, frozenset(clashing))


def _apply(
    session: Session, record: FindingRecord, touched: Mapping[str, Any], kind: str = "normal", *, by: _By
) -> int:
    """Set the touched fields, keep the former ones as a revision; return the version that now stands."""
    if not touched and kind == "normal":
        return record.version
    columns = {COLUMNS[name]: value for name, value in touched.items() if name in COLUMNS}
    if kind != "normal":
        columns["archived_at"] = by.at if kind == "archived" else None
    if not store.update_finding(session, record.id, base_version=record.version, **columns):
        # somebody was between reading and writing; a page drawn anew shows what stands
        raise Invalid("text_zh", "changed-meanwhile", f"finding {record.id} was changed meanwhile")
    if "sources" in touched:
        store.replace_sources(session, record.id, touched["sources"])
    former = {**_fields_of(record), "position": record.position}
    store.append_revision(
        session,
        record.id,
        version=record.version + 1,
        kind=kind,
        before={name: former[name] for name in touched},
        after=touched,
        user_id=by.user_id,
        at=by.at,
    )
    return record.version + 1


COLUMNS = {"zh": "text_zh", "en": "text_en", "strength": "strength", "position": "position"}


def move_finding(session: Session, finding_id: int, *, up: bool, actor: Actor, clock: Clock) -> None:
    """Let a finding and its neighbour change places; the first cannot go up, the last not down (nothing happens)."""
    record = _writable(session, finding_id)
    standing = [one for one in store.findings(session, record.assessment_id, record.element) if one.archived_at is None]
    if record.id not in {one.id for one in standing}:
        return
    order = [one.id for one in standing]
    place = order.index(record.id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for one in standing:
        position = order.index(one.id)
        if position != one.position:
            _apply(session, one, {"position": position}, by=_By.of(actor, clock))


def archive_finding(session: Session, finding_id: int, *, actor: Actor, clock: Clock) -> None:
    """Take a finding out of use; it keeps its sources, files and history. Twice is once."""
    record = _writable(session, finding_id)
    if record.archived_at is None:
        _apply(session, record, {}, "archived", by=_By.of(actor, clock))


def restore_finding(session: Session, finding_id: int, *, actor: Actor, clock: Clock) -> None:
    """Bring an archived finding back, after the others of its element. Twice is once."""
    record = _writable(session, finding_id)
    if record.archived_at is not None:
        last = store.last_position(session, record.assessment_id, record.element)
        _apply(session, record, {"position": last + 1}, "restored", by=_By.of(actor, clock))


def history_of(session: Session, finding_id: int) -> tuple[Change, ...]:
    """Return everything that happened to a finding, oldest first; NotFound if there is none."""
    record = _record(session, finding_id)
    revisions = store.revisions_of(session, [finding_id])
    changes = [_change(one) for one in revisions]
    if not revisions or revisions[0].before or revisions[0].version > 1:  # it came with a case file: no first revision
        first = _as_of({**_fields_of(record), "position": record.position}, [r for r in revisions if r.kind != LOST])
        changes.insert(0, Change("written", 1, record.created_by_name, record.created_at, after=first))
    return tuple(changes)


def _change(revision: FindingRevision) -> Change:
    kind = revision.kind
    if kind == "normal":
        written = revision.version == 1 and not revision.before
        kind = "written" if written else "moved" if set(revision.after) == {"position"} else "changed"
    return Change(kind, revision.version, revision.user_name, revision.at, revision.before, revision.after)


# --- what may be written -------------------------------------------------------------------------------------------


def refuse_closed(session: Session, assessment_id: int) -> None:
    """Raise Invalid (`assessment-archived`, `assessment-published`) unless an assessment takes changes; NotFound."""
    why = why_closed(session, assessment_id)
    if why:
        raise Invalid("assessment", why, f"assessment {assessment_id} takes no changes: {why}")


def why_closed(session: Session, assessment_id: int) -> str | None:
    """Return why an assessment takes no changes (`assessment-archived`, `assessment-published`); None if it does."""
    record = assessment_record(session, assessment_id)
    archived = record.is_archived or get_engagement_by_id(session, record.engagement_id).archived
    return closed_because(record.state, archived=archived)


def check_element(session: Session, assessment_id: int, element: str) -> None:
    """Raise NotFound unless `element` is one of the assessment's framework."""
    framework = pinned_framework(session, assessment_record(session, assessment_id).framework_snapshot_id)
    if element not in framework or not framework.node(element).is_leaf:
        raise NotFound("element", element)


def _writable(session: Session, finding_id: int) -> FindingRecord:
    record = _record(session, finding_id)
    refuse_closed(session, record.assessment_id)
    return record


def _checked(session: Session, assessment_id: int, draft: Draft, *, standing: Sequence[int] = ()) -> Draft:
    text = Text(_words("text_zh", draft.text.zh), _words("text_en", draft.text.en))
    if not (text.zh or text.en):
        raise Invalid("text_zh", "finding-empty", "a finding needs words in one language at least")
    strength = draft.strength
    if strength is not None and (isinstance(strength, bool) or not 0 <= strength <= STRONGEST):
        raise Invalid("strength", "bad-strength", f"strength of evidence is 0 to {STRONGEST}")
    sources = tuple(dict.fromkeys(draft.sources))
    known = {one.interview_id for one in sources_of(session, assessment_id)} | set(standing)
    if len(sources) > MOST_SOURCES or not known.issuperset(sources):
        raise Invalid("sources", "bad-source", "a source is an interview of the same assessment")
    return Draft(text, strength, sources)


def _words(name: str, written: str | None) -> str | None:
    text = (written or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST_FINDING:
        message = f"{name} is longer than {LONGEST_FINDING} characters"
        raise Invalid(name, "finding-too-long", message, longest=str(LONGEST_FINDING))
    if any(
        character in TURNING or (unicodedata.category(character) in UNSEEN and character not in "\n\t")
        for character in text
    ):
        raise Invalid(name, "control-characters", f"{name} holds control characters")
    return text or None


def _fields(draft: Draft) -> dict[str, Any]:
    return {"zh": draft.text.zh, "en": draft.text.en, "strength": draft.strength, "sources": list(draft.sources)}


def _fields_of(record: FindingRecord) -> dict[str, Any]:
    return _fields(Draft(record.text, record.strength, record.sources))


def _as_of(now: Mapping[str, Any], since: Sequence[FindingRevision]) -> dict[str, Any]:
    """Undo these changes, newest first."""
    then = dict(now)
    for revision in reversed(since):
        then |= {name: value for name, value in revision.before.items() if name in then}
    return then


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if _plain(before[name]) != _plain(value)}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value
