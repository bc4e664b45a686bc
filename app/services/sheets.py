"""An interview as a workbook: taken out, filled in without a network, rehearsed, applied through the one save function.

The rehearsal compares three states: what the book held when it was made (replayed from the revisions), what it holds
now, and what is stored now. Whatever the book did not touch stays as it is. Applying the same book twice changes
nothing, because its mutation ids follow from its content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.core.text import Locale, Text
from app.document.guide.book import FILLED_IN, VERSION, Book, Leaf, RowKind, Rows, lists_of
from app.document.guide.wording import label
from app.exports.answer_reading import FORMAT, FORMAT_VERSION, RawBook, RawRow, read_book, sealed
from app.exports.raw_cells import RawKind
from app.exports.sheet_names import META, sheet_titles
from app.exports.unpacking import BookRefused, fault
from app.services import trail
from app.services.answer_changes import Ground
from app.services.answer_fields import OPEN, fields_of
from app.services.answering import Conflict, InterviewClosed, answer_at, save_answer
from app.services.assessing import answer as answer_of
from app.services.interview_sheet import read_sheet
from app.services.sheet_rows import ElementReading, Touched, misplaced, read_element
from app.storage import answer_revisions, interviews
from app.storage.snapshots import snapshot

if TYPE_CHECKING:
    from app.core.errors import Fault
    from app.core.framework import Capability
    from app.core.questionnaire import Item
    from app.services.clock import Clock
    from app.services.interview_sheet import Line, Sheet
    from app.services.permissions import Actor
    from app.storage.database import Session
    from app.storage.interviews import AnswerRecord, AnswerValues


class Verdict(StrEnum):
    """What applying a book would do to one element."""

    NEW = "new"  # nothing was stored about it
    CHANGED = "changed"
    CONFLICT = "conflict"  # somebody stored something else meanwhile
    FAULTY = "faulty"  # nothing of it can be applied


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: what it said when the book was made, what the book says, what is stored now (fields of a save)."""

    field: str
    place: str
    base: Any
    mine: Any
    theirs: Any
    conflict: bool
    remarks: tuple[str, ...]
    change: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ElementChange:
    """What a book would change about one element; `version` is the stored one that this was compared with."""

    element: str
    name: Text
    item: Item | None
    verdict: Verdict
    fields: tuple[FieldChange, ...]
    faults: tuple[Fault, ...]
    base_version: int
    version: int
    saved_by: str | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What applying a book would do. `unchanged` counts its elements that stay, `missing` those that it does not have.

    `loose` are faults of rows that belong to no element, `strange` the names of sheets that were not read.
    """

    sheet: Sheet
    exported_at: str
    elements: tuple[ElementChange, ...]
    unchanged: int
    missing: int
    loose: tuple[Fault, ...]
    strange: tuple[str, ...]

    @property
    def applicable(self) -> tuple[ElementChange, ...]:
        """The elements that have something to save."""
        return tuple(one for one in self.elements if one.fields)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault, with its cell."""
        return (*self.loose, *(found for one in self.elements for found in one.faults))

    def counted(self, verdict: Verdict) -> int:
        """How many elements have this verdict."""
        return sum(one.verdict == verdict for one in self.elements)


@dataclass(frozen=True, slots=True)
class Applied:
    """How many elements were saved, and how many stayed as they were because somebody stored something else."""

    saved: int
    conflicts: int


# --- out -------------------------------------------------------------------------------------------------------------


def export_sheet(session: Session, interview_id: int, *, locale: Locale, clock: Clock, names: bool = False) -> bytes:
    """Return an interview as .xlsx, whatever its state; with `names` who was asked and who asks. NotFound."""
    from app.exports.answer_book import write_book  # noqa: PLC0415 - openpyxl, only where somebody wants one

    sheet = read_sheet(session, interview_id)
    return write_book(_book(session, sheet, locale, clock, _facts(sheet, locale, names=names)))


def _book(session: Session, sheet: Sheet, locale: Locale, clock: Clock, facts: list[tuple[str, str]]) -> Book:
    rows = Rows(sheet.framework, locale)
    whole = label("all-elements", locale)
    names = [section.node.name.in_locale(locale) if section.node else whole for section in sheet.sections]
    titles = sheet_titles(names)
    leaves = []
    for title, section in zip(titles, sheet.sections, strict=True):
        found = []
        for group in section.groups:
            if group.node is not None and group.node != section.node:
                found.append(rows.heading(group.node.name.in_locale(locale)))
            for line in group.lines:
                found += _rows(rows, line)
        leaves.append(Leaf(title, tuple(found)))
    at = clock().isoformat(timespec="seconds")
    meta = {**_belonging(session, sheet), "locale": locale, "exported_at": at, "sheets": json.dumps(list(titles))}
    items = [line.item for line in sheet.lines if line.item]
    return Book(locale, tuple(leaves), lists_of(sheet.framework, items, locale), sealed(meta), facts)


def _rows(rows: Rows, line: Line) -> tuple[Any, ...]:
    stored = line.answer
    said = answer_of(stored.values, rows.framework.scale) if stored else None
    return rows.of(line.element, line.item, said, stored.version if stored else 0, stored.id if stored else None)


def _belonging(session: Session, sheet: Sheet) -> dict[str, str]:
    """Return what a book must agree with to be of this interview."""
    record = sheet.interview
    guide = record.questionnaire_snapshot_id
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "interview_id": str(record.id),
        "interview_key": record.key,
        "interview_started": record.created_at.isoformat(),
        "assessment_id": str(record.assessment_id),
        "framework": sheet.framework.reference,
        "framework_hash": snapshot(session, record.framework_snapshot_id).hash,
        "questionnaire": record.questionnaire_reference or "",
        "questionnaire_hash": snapshot(session, guide).hash if guide is not None else "",
    }


def _facts(sheet: Sheet, locale: Locale, *, names: bool) -> list[tuple[str, str]]:
    record = sheet.interview
    role = sheet.role.name.in_locale(locale) if sheet.role else record.role
    facts = {
        "unit": record.unit_name.in_locale(locale),
        "round": record.round_name.in_locale(locale),
        "key": record.key,
        "role": role,
        "respondent": record.respondent if names else None,
        "interviewer": record.interviewer if names else None,
        "date": record.date.isoformat() if record.date else None,
        "questionnaire": record.questionnaire_reference,
        "framework": sheet.framework.reference,
    }
    return [(label(name, locale), written or "–") for name, written in facts.items()]


# --- in: rehearsal ---------------------------------------------------------------------------------------------------


def rehearse(session: Session, interview_id: int, content: bytes) -> Rehearsal:
    """Say what applying a book would do; nothing is stored. Raises NotFound, BookRefused (the whole file, by cell)."""
    sheet = read_sheet(session, interview_id, everything=True)
    book = read_book(content)
    _refuse_another(book, _belonging(session, sheet))
    by_element, loose = _grouped(book)
    known = {leaf.id: leaf for leaf in sheet.framework.leaves}
    items = {item.element: item for item in sheet.questionnaire.items} if sheet.questionnaire else {}
    stored = interviews.answers_of(session, [interview_id])[interview_id]
    compared = _Comparison(session, sheet, book.locale)
    elements = []
    for element, rows in by_element.items():
        if element not in known:
            message = f"there is no element {element!r} in this framework"
            loose += [fault("S201", message, row.place, element=element) for row in rows]
            continue
        found = compared.element(known[element], items.get(element), rows, stored.get(element))
        if found is not None:
            elements.append(found)
    asked = {line.element.id for line in read_sheet(session, interview_id).lines}
    return Rehearsal(
        sheet=sheet,
        exported_at=book.meta.get("exported_at", ""),
        elements=tuple(elements),
        unchanged=len(by_element.keys() & known.keys()) - len(elements),
        missing=len(asked - by_element.keys()),
        loose=tuple(loose),
        strange=book.strange,
    )


def _refuse_another(book: RawBook, wanted: Mapping[str, str]) -> None:
    """Refuse a book of another interview, framework version or questionnaire, with the cell that says so."""
    places = {name: f"{META}!B{number}" for number, name in enumerate(book.meta, start=1)}
    codes = {
        "interview_id": "S110",
        "interview_key": "S110",
        "interview_started": "S110",
        "assessment_id": "S110",
        "framework": "S111",
        "framework_hash": "S111",
        "questionnaire": "S112",
        "questionnaire_hash": "S112",
    }
    faults: dict[str, Fault] = {}
    for name, code in codes.items():
        found = book.meta.get(name, "")
        if found != wanted[name] and code not in faults:
            message = f"this book says {name} {found!r}, this interview has {wanted[name]!r}"
            place = places.get(name, META)
            faults[code] = fault(code, message, place, found=found, wanted=wanted[name])
    if faults:
        raise BookRefused(list(faults.values()))


def _grouped(book: RawBook) -> tuple[dict[str, list[RawRow]], list[Fault]]:
    """Return rows by element, and faults of rows that name none although something was filled in."""
    grouped: dict[str, list[RawRow]] = {}
    loose: list[Fault] = []
    for row in book.rows:
        element, part = row.key
        cells = (*(row.cells[name] for name in FILLED_IN), *row.beyond)
        filled = [cell for cell in cells if cell.kind is not RawKind.EMPTY]
        if element:
            grouped.setdefault(element, []).append(row)
        elif part == RowKind.HEADING:
            loose += [misplaced(cell) for cell in filled]
        else:
            loose += [fault("S214", "this row has no element", cell.place, found=cell.text[:80]) for cell in filled]
    return grouped, loose


@dataclass(frozen=True, slots=True)
class _Comparison:
    session: Session
    sheet: Sheet
    locale: Locale

    def element(
        self, element: Capability, item: Item | None, raw: list[RawRow], stored: AnswerRecord | None
    ) -> ElementChange | None:
        """Return what a book changes about one element; None where it says nothing new and has no fault."""
        versions, faults = _versions(raw)
        if faults:
            return self._change(element, item, ElementReading(faults=faults), (OPEN, 0), stored)
        base_version = versions.pop()
        current = stored.version if stored else 0
        known = base_version if base_version <= current else 0  # from the future: the database was restored
        base = self._base(element.id, known, stored)
        ground = Ground(self.sheet.framework.scale, item)
        written = Rows(self.sheet.framework, self.locale).of(element, item, answer_of(base, ground.scale), known)
        reading = read_element(raw, written, ground)
        return self._change(element, item, reading, (base, known), stored)

    def _base(self, element: str, version: int, stored: AnswerRecord | None) -> AnswerValues:
        if stored is not None and version == stored.version:
            return stored.values
        if version == 0:
            return OPEN
        return answer_at(self.session, interview_id=self.sheet.interview.id, element=element, version=version)

    def _change(
        self,
        element: Capability,
        item: Item | None,
        reading: ElementReading,
        made: tuple[AnswerValues, int],
        stored: AnswerRecord | None,
    ) -> ElementChange | None:
        base, version = made
        since = self._since(element.id, version, stored)
        before, now = fields_of(base), fields_of(stored.values if stored else OPEN)
        fields = [self._field(one, before, now, since) for one in reading.touched]
        fields = [one for one in fields if one.mine not in (one.base, one.theirs)]
        if not fields and not reading.faults:
            return None
        return ElementChange(
            element=element.id,
            name=element.name,
            item=item,
            verdict=_verdict(fields, stored),
            fields=tuple(fields),
            faults=tuple(reading.faults),
            base_version=version,
            version=stored.version if stored else 0,
            saved_by=stored.updated_by_name if stored else None,
        )

    def _since(self, element: str, version: int, stored: AnswerRecord | None) -> frozenset[str]:
        if stored is None or stored.version == version:
            return frozenset()
        saves = answer_revisions.revisions_since(self.session, self.sheet.interview.id, element, version)
        return frozenset(name for save in saves for name in save.after)

    @staticmethod
    def _field(
        touched: Touched, before: Mapping[str, Any], now: Mapping[str, Any], since: Collection[str]
    ) -> FieldChange:
        name = touched.field
        return FieldChange(
            field=name,
            place=touched.place,
            base=before.get(name),
            mine=touched.value,
            theirs=now.get(name),
            conflict=name in since and now.get(name) != touched.value,
            remarks=touched.remarks,
            change=touched.change,
        )


def _versions(raw: list[RawRow]) -> tuple[set[int], list[Fault]]:
    """Return the one version on which the rows of an element stand; faults where it is no number, or not one."""
    found: set[int] = set()
    faults = []
    for row in raw:
        cell = row.cells[VERSION]
        number = cell.number if cell.kind is RawKind.NUMBER else None
        if number is None or number.denominator != 1 or number < 0 or (found and int(number) not in found):
            faults.append(fault("S205", "the hidden version of this row was changed", cell.place, found=cell.text[:80]))
            continue
        found.add(int(number))
    return found, faults


def _verdict(fields: list[FieldChange], stored: AnswerRecord | None) -> Verdict:
    if not fields:
        return Verdict.FAULTY
    if any(one.conflict for one in fields):
        return Verdict.CONFLICT
    return Verdict.NEW if stored is None or stored.values == OPEN else Verdict.CHANGED


# --- in: applying ----------------------------------------------------------------------------------------------------


def apply_sheet(
    session: Session,
    interview_id: int,
    content: bytes,
    *,
    keep_mine: Mapping[str, int],
    actor: Actor,
    clock: Clock,
) -> Applied:
    """Save what a book changes, each element through the save protocol; rows with faults are left out.

    Where somebody stored something else meanwhile, the stored value stays, except for the elements of `keep_mine`: the
    version that their conflict was decided on. Raises NotFound, InterviewClosed, BookRefused.
    """
    rehearsal = rehearse(session, interview_id, content)
    if rehearsal.sheet.closed:
        raise InterviewClosed(rehearsal.sheet.closed)
    readings = _changes_of(rehearsal, keep_mine)
    checksum = hashlib.sha256(content).hexdigest()
    saved = conflicts = 0
    for one, (changes, base_version) in readings.items():
        outcome = save_answer(
            session,
            interview_id=interview_id,
            element=one,
            mutation_id=_mutation_id(checksum, one, changes, base_version),
            base_version=base_version,
            changes=changes,
            actor=actor,
            clock=clock,
        )
        conflicts += isinstance(outcome, Conflict)
        saved += not isinstance(outcome, Conflict)
    record = rehearsal.sheet.interview
    trail.record(
        session,
        trail.Event.IMPORTED,
        actor=actor,
        clock=clock,
        where=trail.Where(record.engagement_id, record.assessment_id),
        about=("interview", interview_id),
        details={"format": "xlsx", "count": saved},
    )
    left = sum(one.verdict is Verdict.CONFLICT and one.element not in keep_mine for one in rehearsal.elements)
    return Applied(saved, conflicts + left)


def _changes_of(rehearsal: Rehearsal, keep_mine: Mapping[str, int]) -> dict[str, tuple[dict[str, Any], int]]:
    """Return what to save: changes in the form of a save, and the version that they stand on."""
    found: dict[str, tuple[dict[str, Any], int]] = {}
    for one in rehearsal.applicable:
        mine = one.element in keep_mine
        chosen = [change for change in one.fields if mine or not change.conflict]
        if chosen:
            found[one.element] = (_merged(chosen), keep_mine[one.element] if mine else one.base_version)
    return found


def _merged(fields: Iterable[FieldChange]) -> dict[str, Any]:
    """Return several changes of one answer as one save."""
    merged: dict[str, Any] = {}
    for one in fields:
        for name, given in one.change.items():
            merged[name] = {**merged.get(name, {}), **given} if isinstance(given, Mapping) else given
    return merged


def _mutation_id(checksum: str, element: str, changes: Mapping[str, Any], base_version: int) -> str:
    told = json.dumps([checksum, element, changes, base_version], sort_keys=True, ensure_ascii=False)
    return "sheet:" + hashlib.sha256(told.encode()).hexdigest()[:48]
