"""Reading the trail: of the installation, an engagement, an assessment or one element; filtered, in pages, as rows.

"Who set this 2.5, when, why, and what was it before": every entry names who and when, and holds the fields that
changed, in points of the scale, before and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.services.agreeing import said_of, values_of
from app.services.answer_fields import on_the_wire
from app.services.engagements import (
    AssessmentSummary,
    EngagementView,
    assessment_record,
    get_engagement_by_id,
    list_assessments,
    list_rounds,
    list_units,
)
from app.services.pinning import pinned_framework
from app.services.refusals import NotFound
from app.services.trail_filter import NO_FILTER, Filter, Scope, asked_for
from app.storage import trail as store
from app.storage.trail_sources import AGREED, ANSWER, EVENT

if TYPE_CHECKING:
    from app.core.framework import Framework
    from app.storage.database import Session
    from app.storage.trail import EntryRecord

PAGE = 50
AT_ONCE = 1000  # entries that an export reads together
FIRST = ("score", "state", "method", "reason")  # fields that are told before the others


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entry before and after, as text or plain values; None: there was nothing."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail. `kind` is that of the event, or the history it comes from with what happened in it."""

    source: str
    number: int
    at: datetime
    kind: str
    user_id: int | None
    user: str | None
    engagement: EngagementView | None
    engagement_id: int | None
    assessment: AssessmentSummary | None
    assessment_id: int | None
    element: str | None
    element_name: Any
    about: tuple[str, int] | None
    about_name: Any
    changes: tuple[FieldChange, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    request: str | None = None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some entries, the newest first, of `total`."""

    entries: tuple[Entry, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where there is nothing."""
        return max(1, -(-self.total // PAGE))


def read_trail(session: Session, scope: Scope, wanted: Filter = NO_FILTER, *, hears: bool, page: int = 1) -> TrailPage:
    """Return a page of the trail; without `hears` nothing that respondents said."""
    asked = asked_for(session, scope, wanted, hears=hears)
    total = store.count_entries(session, asked)
    number = min(max(page, 1), max(1, -(-total // PAGE)))
    records = store.entries(session, asked, limit=PAGE, offset=(number - 1) * PAGE)
    reader = _Reader(session)
    return TrailPage(tuple(map(reader.entry, records)), total, number)


def every_entry(session: Session, scope: Scope, wanted: Filter = NO_FILTER, *, hears: bool) -> Iterator[Entry]:
    """Yield everything that `read_trail` has pages of."""
    asked = asked_for(session, scope, wanted, hears=hears)
    reader, offset = _Reader(session), 0
    while records := store.entries(session, asked, limit=AT_ONCE, offset=offset):
        yield from map(reader.entry, records)
        offset += AT_ONCE


class _Reader:
    """Turns records into entries; looks every engagement, assessment and framework up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._engagements: dict[int, EngagementView | None] = {}
        self._assessments: dict[int, AssessmentSummary] = {}
        self._frameworks: dict[int, Framework] = {}
        self._names: dict[int, dict[tuple[str, int], Any]] = {}
        self._users = dict(store.users_named(session))

    def entry(self, record: EntryRecord) -> Entry:
        """Return what a record says; what it names may be gone."""
        engagement = self._engagement(record.engagement_id)
        assessment = self._assessments.get(record.assessment_id or 0)
        framework = self._framework(assessment)
        known = framework is not None and record.element is not None and record.element in framework
        return Entry(
            source=record.source,
            number=record.number,
            at=record.at,
            kind=record.kind if record.source == EVENT else f"{record.source}.{record.kind}",
            user_id=record.user_id,
            user=record.user_name,
            engagement=engagement,
            engagement_id=record.engagement_id,
            assessment=assessment,
            assessment_id=record.assessment_id,
            element=record.element,
            element_name=framework.node(record.element).name if framework and known and record.element else None,
            about=(record.object_kind, record.object_id)
            if record.object_kind is not None and record.object_id is not None
            else None,
            about_name=self._about_name(record),
            changes=tuple(_changes(record, framework)),
            details=record.details or {},
            request=record.request,
        )

    def _engagement(self, engagement_id: int | None) -> EngagementView | None:
        if engagement_id is None:
            return None
        if engagement_id not in self._engagements:
            try:
                self._engagements[engagement_id] = get_engagement_by_id(self._session, engagement_id)
            except NotFound:  # erased
                self._engagements[engagement_id] = None
            else:
                listed = list_assessments(self._session, engagement_id, archived=True)
                self._assessments |= {one.id: one for one in listed}
        return self._engagements[engagement_id]

    def _about_name(self, record: EntryRecord) -> Any:
        """Return what a unit, round or account is called now; None for other things, and for what is gone."""
        if record.object_kind == "user":
            return self._users.get(record.object_id or 0)
        if record.engagement_id is None or record.object_kind not in ("unit", "round"):
            return None
        if record.engagement_id not in self._names and self._engagement(record.engagement_id) is not None:
            units = list_units(self._session, record.engagement_id, archived=True)
            rounds = list_rounds(self._session, record.engagement_id, archived=True)
            self._names[record.engagement_id] = {
                **{("unit", one.id): one.name for one in units},
                **{("round", one.id): one.name for one in rounds},
            }
        return self._names.get(record.engagement_id, {}).get((record.object_kind, record.object_id or 0))

    def _framework(self, assessment: AssessmentSummary | None) -> Framework | None:
        if assessment is None:
            return None
        if assessment.id not in self._frameworks:
            snapshot = assessment_record(self._session, assessment.id).framework_snapshot_id
            self._frameworks[assessment.id] = pinned_framework(self._session, snapshot)
        return self._frameworks[assessment.id]


def _changes(record: EntryRecord, framework: Framework | None) -> Iterator[FieldChange]:
    before, after = _said(record, record.before, framework), _said(record, record.after, framework)
    names = [*after, *(name for name in before if name not in after)]
    for name in sorted(names, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)):
        if before.get(name) != after.get(name):
            yield FieldChange(name, before.get(name), after.get(name))


def _said(record: EntryRecord, document: Any, framework: Framework | None) -> dict[str, Any]:
    """Return the fields of one side; scores as points of the scale where the framework is known."""
    if not document or framework is None:
        return dict(document or {})
    if record.source == AGREED:
        return said_of(values_of(document), framework.scale)
    if record.source == ANSWER:
        return on_the_wire(document, framework.scale)
    return dict(document)


def users_of(session: Session, scope: Scope) -> tuple[tuple[int, str], ...]:
    """Return id and name of those who may stand in a trail, by name: members of the engagement, or all accounts."""
    if scope.engagement_id is None:
        return store.users_named(session)
    return store.users_in(session, scope.engagement_id)
