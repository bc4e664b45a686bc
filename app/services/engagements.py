"""Engagements with their unit trees, rounds and assessments: made, renamed, moved, archived, restored.

Archiving hides and keeps; nothing is deleted. A unit takes the units below it along, and they come back with it.
Nothing changes in an archived engagement (Invalid: archived) until it is restored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.core.framework import Framework
from app.core.text import Text
from app.services import trail
from app.services.archiving import check_in_use
from app.services.clock import Clock
from app.services.engagement_values import ID, ROUND_ID, assessment_key, check_id, checked_name, unit_values
from app.services.permissions import Actor, Part
from app.services.pinning import pin_framework
from app.services.refusals import Invalid, NotFound, Taken
from app.services.trail import Event, Where
from app.services.walls import check_assessment, check_engagement, sees_assessment, sees_engagement
from app.storage import assessments as assessment_store
from app.storage import engagements as store
from app.storage import memberships as membership_store
from app.storage.assessments import AssessmentRecord
from app.storage.database import Session
from app.storage.encoding import optional_number_of


@dataclass(frozen=True, slots=True)
class EngagementView:
    """A client's engagement."""

    id: int
    key: str
    name: Text
    archived: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit in its tree. `depth` is 0 at the top; `parent` is a unit key."""

    id: int
    key: str
    name: Text
    kind: str | None
    parent: str | None
    size: Fraction | None
    depth: int
    archived: bool


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round of assessments."""

    id: int
    key: str
    name: Text
    date: date | None
    archived: bool


@dataclass(frozen=True, slots=True)
class AssessmentSummary:
    """An assessment without its scores. `current`: the newest revision in use of its unit, round and framework.

    `archived` also when its unit or round is; `archived_itself` tells whether restoring it alone brings it back.
    """

    id: int
    key: str
    unit: UnitView
    round: RoundView
    framework_id: str
    framework_version: str
    revision: int
    state: str
    questionnaire: str | None
    created_at: datetime
    archived: bool
    archived_itself: bool
    current: bool

    @property
    def framework_reference(self) -> str:
        """`id@version` of the pinned framework."""
        return f"{self.framework_id}@{self.framework_version}"


# --- engagements ---------------------------------------------------------------------------------------------------


def list_engagements(session: Session, *, archived: bool = False) -> tuple[EngagementView, ...]:
    """Return the engagements in use, or the archived ones, the newest first."""
    views = (_engagement(record) for record in store.engagements(session) if sees_engagement(session, record.id))
    return tuple(view for view in views if view.archived is archived)


def get_engagement(session: Session, key: str) -> EngagementView:
    """Return an engagement, archived or not; NotFound if there is none."""
    record = store.engagement(session, key)
    if record is None:
        raise NotFound("engagement", key)
    check_engagement(session, record.id, what="engagement", key=key)
    return _engagement(record)


def get_engagement_by_id(session: Session, engagement_id: int) -> EngagementView:
    """Return an engagement, archived or not; NotFound if there is none."""
    record = store.engagement_by_id(session, engagement_id)
    if record is None:
        raise NotFound("engagement", engagement_id)
    check_engagement(session, record.id, what="engagement", key=engagement_id)
    return _engagement(record)


def create_engagement(session: Session, *, key: str, name: Text, actor: Actor | None, clock: Clock) -> EngagementView:
    """Store an engagement, whose lead is `actor`; Taken when the key is in use, Invalid for a bad key or name."""
    check_id(key, ID)
    name = checked_name(name)
    if store.engagement(session, key) is not None:
        raise Taken("key", key)
    user_id = actor.user_id if actor else None
    engagement_id = store.insert_engagement(session, key=key, name=name, at=clock(), user_id=user_id)
    if user_id is not None:
        membership_store.insert_membership(session, engagement_id, user_id, part=Part.LEAD, at=clock(), by=user_id)
    _changed(session, engagement_id, "created", ("engagement", engagement_id))
    made = store.engagement_by_id(session, engagement_id)
    assert made is not None
    return _engagement(made)


def rename_engagement(session: Session, key: str, name: Text) -> None:
    """Give an engagement another name."""
    name = checked_name(name)
    engagement_id = get_engagement(session, key).id
    check_in_use(session, engagement_id)
    store.update_engagement(session, engagement_id, name_zh=name.zh, name_en=name.en)
    _changed(session, engagement_id, "edited", ("engagement", engagement_id))


def archive_engagement(session: Session, key: str, clock: Clock) -> None:
    """Hide an engagement with all that is in it; archived again it keeps its first time."""
    engagement = get_engagement(session, key)
    if not engagement.archived:
        store.update_engagement(session, engagement.id, archived_at=clock())
        _changed(session, engagement.id, "archived", ("engagement", engagement.id))


def restore_engagement(session: Session, key: str) -> None:
    """Bring an archived engagement back as it was."""
    engagement_id = get_engagement(session, key).id
    store.update_engagement(session, engagement_id, archived_at=None)
    _changed(session, engagement_id, "restored", ("engagement", engagement_id))


# --- units ---------------------------------------------------------------------------------------------------------


def list_units(session: Session, engagement_id: int, *, archived: bool = False) -> tuple[UnitView, ...]:
    """Return the units in use (with `archived` all of them), every parent before its children."""
    views = _tree(store.units(session, engagement_id))
    return tuple(view for view in views if archived or not view.archived)


def get_unit(session: Session, engagement_id: int, key: str) -> UnitView:
    """Return a unit, archived or not; NotFound if the engagement has none of that key."""
    for view in _tree(store.units(session, engagement_id)):
        if view.key == key:
            return view
    raise NotFound("unit", key)


def create_unit(
    session: Session,
    engagement_id: int,
    *,
    key: str,
    name: Text,
    kind: str | None = None,
    parent: str | None = None,
    size: Fraction | None = None,
) -> UnitView:
    """Store a unit below `parent` (None: at the top), after its siblings."""
    check_in_use(session, engagement_id)
    check_id(key, ID)
    if any(view.key == key for view in list_units(session, engagement_id, archived=True)):
        raise Taken("key", key)
    values = unit_values(name, kind, size)
    values["parent_id"] = None if parent is None else _parent(session, engagement_id, parent).id
    store.insert_unit(session, engagement_id, key=key, **values)
    unit = get_unit(session, engagement_id, key)
    _changed(session, engagement_id, "created", ("unit", unit.id))
    return unit


def edit_unit(
    session: Session,
    engagement_id: int,
    key: str,
    *,
    name: Text,
    kind: str | None = None,
    size: Fraction | None = None,
) -> None:
    """Give a unit another name, kind and size."""
    check_in_use(session, engagement_id)
    unit_id = get_unit(session, engagement_id, key).id
    store.update_unit(session, unit_id, **unit_values(name, kind, size))
    _changed(session, engagement_id, "edited", ("unit", unit_id))


def move_unit(session: Session, engagement_id: int, key: str, parent: str | None) -> None:
    """Put a unit, with all below it, under another one (None: at the top); never under itself."""
    check_in_use(session, engagement_id)
    unit = get_unit(session, engagement_id, key)
    if parent is not None and parent in {below.key for below in units_below(session, engagement_id, key)}:
        raise Invalid("parent", "cycle", f"{key!r} cannot stand below {parent!r}, which stands below it", key=key)
    parent_id = None if parent is None else _parent(session, engagement_id, parent).id
    store.update_unit(session, unit.id, parent_id=parent_id)
    _changed(session, engagement_id, "moved", ("unit", unit.id))


def units_below(session: Session, engagement_id: int, key: str) -> tuple[UnitView, ...]:
    """Return a unit and all units below it, archived ones too."""
    found: dict[str, UnitView] = {}
    for view in _tree(store.units(session, engagement_id)):
        if view.key == key or view.parent in found:
            found[view.key] = view
    if not found:
        raise NotFound("unit", key)
    return tuple(found.values())


def archive_unit(session: Session, engagement_id: int, key: str, clock: Clock) -> None:
    """Hide a unit and every unit below it, with their assessments."""
    check_in_use(session, engagement_id)
    now = clock()
    for view in units_below(session, engagement_id, key):
        if not view.archived:
            store.update_unit(session, view.id, archived_at=now)
            _changed(session, engagement_id, "archived", ("unit", view.id))


def restore_unit(session: Session, engagement_id: int, key: str) -> None:
    """Bring a unit back, and those below it that were archived with it; its parent must be in use."""
    check_in_use(session, engagement_id)
    records = {record.key: record for record in store.units(session, engagement_id)}
    unit = get_unit(session, engagement_id, key)
    if unit.parent is not None and records[unit.parent].archived_at is not None:
        raise Invalid("parent", "parent-archived", f"restore {unit.parent!r} first", parent=unit.parent)
    archived_at = records[key].archived_at
    for view in units_below(session, engagement_id, key):
        if records[view.key].archived_at == archived_at:
            store.update_unit(session, view.id, archived_at=None)
            _changed(session, engagement_id, "restored", ("unit", view.id))


def _parent(session: Session, engagement_id: int, key: str) -> UnitView:
    parent = get_unit(session, engagement_id, key)
    if parent.archived:
        raise Invalid("parent", "archived", f"{key!r} is archived; restore it first", parent=key)
    return parent


# --- rounds --------------------------------------------------------------------------------------------------------


def list_rounds(session: Session, engagement_id: int, *, archived: bool = False) -> tuple[RoundView, ...]:
    """Return the rounds in use (with `archived` all of them) by date."""
    views = (_round(record) for record in store.rounds(session, engagement_id))
    return tuple(view for view in views if archived or not view.archived)


def get_round(session: Session, engagement_id: int, key: str) -> RoundView:
    """Return a round, archived or not; NotFound if the engagement has none of that key."""
    for record in store.rounds(session, engagement_id):
        if record.key == key:
            return _round(record)
    raise NotFound("round", key)


def create_round(session: Session, engagement_id: int, *, key: str, name: Text, day: date | None = None) -> RoundView:
    """Store a round."""
    check_in_use(session, engagement_id)
    check_id(key, ROUND_ID)
    if any(view.key == key for view in list_rounds(session, engagement_id, archived=True)):
        raise Taken("key", key)
    store.insert_round(session, engagement_id, key=key, name=checked_name(name), day=day)
    view = get_round(session, engagement_id, key)
    _changed(session, engagement_id, "created", ("round", view.id))
    return view


def edit_round(session: Session, engagement_id: int, key: str, *, name: Text, day: date | None = None) -> None:
    """Give a round another name and date."""
    check_in_use(session, engagement_id)
    name = checked_name(name)
    round_id = get_round(session, engagement_id, key).id
    store.update_round(session, round_id, name_zh=name.zh, name_en=name.en, date=day)
    _changed(session, engagement_id, "edited", ("round", round_id))


def archive_round(session: Session, engagement_id: int, key: str, clock: Clock) -> None:
    """Hide a round with its assessments; archived again it keeps its first time."""
    check_in_use(session, engagement_id)
    view = get_round(session, engagement_id, key)
    if not view.archived:
        store.update_round(session, view.id, archived_at=clock())
        _changed(session, engagement_id, "archived", ("round", view.id))


def restore_round(session: Session, engagement_id: int, key: str) -> None:
    """Bring an archived round back."""
    check_in_use(session, engagement_id)
    round_id = get_round(session, engagement_id, key).id
    store.update_round(session, round_id, archived_at=None)
    _changed(session, engagement_id, "restored", ("round", round_id))


# --- assessments ---------------------------------------------------------------------------------------------------


def list_assessments(session: Session, engagement_id: int, *, archived: bool = False) -> tuple[AssessmentSummary, ...]:
    """Return the assessments in use (with `archived` all of them): by unit as in the tree, then round, revision."""
    units = {unit.id: unit for unit in _tree(store.units(session, engagement_id))}
    rounds = {record.id: _round(record) for record in store.rounds(session, engagement_id)}
    unit_rank, round_rank = ({key: rank for rank, key in enumerate(places)} for places in (units, rounds))
    records = sorted(
        (
            record
            for record in assessment_store.assessments(session, engagement_id)
            if sees_assessment(session, engagement_id, record.state)
        ),
        key=lambda r: (unit_rank[r.unit_id], round_rank[r.round_id], r.framework_key, r.revision),
    )
    # of one place the later revision comes later
    newest = {(one.unit_id, one.round_id, one.framework_key): one.id for one in records if not one.is_archived}
    current = set(newest.values())
    summaries = (
        _summary(record, units[record.unit_id], rounds[record.round_id], current=record.id in current)
        for record in records
    )
    return tuple(summary for summary in summaries if archived or not summary.archived)


def get_assessment(session: Session, assessment_id: int) -> AssessmentSummary:
    """Return one assessment without its scores, archived or not; NotFound if there is none."""
    record = assessment_record(session, assessment_id)
    everything = list_assessments(session, record.engagement_id, archived=True)
    return next(summary for summary in everything if summary.id == assessment_id)


def create_assessment(
    session: Session,
    engagement_id: int,
    *,
    unit: str,
    round: str,  # noqa: A002 - the glossary's word
    framework: Framework,
    questionnaire: str | None = None,
    actor: Actor | None,
    clock: Clock,
) -> AssessmentSummary:
    """Start an assessment of a unit in a round, pinned to the framework as it is now.

    Taken when one of this framework is in use already; Invalid when the unit or the round is archived.
    """
    check_in_use(session, engagement_id)
    unit_view, round_view = get_unit(session, engagement_id, unit), get_round(session, engagement_id, round)
    if unit_view.archived or round_view.archived:
        raise Invalid("unit" if unit_view.archived else "round", "archived", "restore it first")
    former = assessment_store.revisions_of(
        session, unit_id=unit_view.id, round_id=round_view.id, framework_key=framework.id
    )
    if any(record.archived_at is None for record in former):
        raise Taken("unit", f"{unit}, {round}, {framework.id}")
    assessment_id = assessment_store.insert_assessment(
        session,
        engagement_id=engagement_id,
        unit_id=unit_view.id,
        round_id=round_view.id,
        framework_key=framework.id,
        revision=max((record.revision for record in former), default=0) + 1,
        key=assessment_key(unit, round),
        framework_snapshot_id=pin_framework(session, framework, clock),
        questionnaire_reference=questionnaire,
        state="draft",
        created_at=clock(),
        created_by=actor.user_id if actor else None,
    )
    _assessment_changed(session, engagement_id, assessment_id, "created")
    return get_assessment(session, assessment_id)


def archive_assessment(session: Session, assessment_id: int, clock: Clock) -> None:
    """Hide an assessment; the revision before it becomes the current one."""
    record = assessment_record(session, assessment_id)
    check_in_use(session, record.engagement_id)
    if record.archived_at is None:
        assessment_store.update_assessment(session, assessment_id, archived_at=clock())
        _assessment_changed(session, record.engagement_id, assessment_id, "archived")


def restore_assessment(session: Session, assessment_id: int) -> None:
    """Bring an archived assessment back."""
    record = assessment_record(session, assessment_id)
    check_in_use(session, record.engagement_id)
    assessment_store.update_assessment(session, assessment_id, archived_at=None)
    _assessment_changed(session, record.engagement_id, assessment_id, "restored")


def assessment_record(session: Session, assessment_id: int) -> AssessmentRecord:
    """Return an assessment as stored; NotFound if there is none."""
    record = assessment_store.assessment(session, assessment_id)
    if record is None:
        raise NotFound("assessment", assessment_id)
    check_assessment(session, record.engagement_id, record.state, what="assessment", key=assessment_id)
    return record


# --- what the trail is told ----------------------------------------------------------------------------------------


def _changed(session: Session, engagement_id: int, act: str, about: tuple[str, int]) -> None:
    trail.note(session, Event.ENGAGEMENT_CHANGED, where=Where(engagement_id), about=about, details={"act": act})


def _assessment_changed(session: Session, engagement_id: int, assessment_id: int, act: str) -> None:
    trail.note(session, Event.ASSESSMENT_CHANGED, where=Where(engagement_id, assessment_id), details={"act": act})


# --- from records to views -----------------------------------------------------------------------------------------


def _engagement(record: store.EngagementRecord) -> EngagementView:
    name = Text(record.name_zh, record.name_en)
    return EngagementView(record.id, record.key, name, record.archived_at is not None, record.created_at)


def _round(record: store.RoundRecord) -> RoundView:
    name = Text(record.name_zh, record.name_en)
    return RoundView(record.id, record.key, name, record.date, record.archived_at is not None)


def _tree(records: Sequence[store.UnitRecord]) -> tuple[UnitView, ...]:
    by_parent: dict[int | None, list[store.UnitRecord]] = {}
    for record in records:
        by_parent.setdefault(record.parent_id, []).append(record)
    keys = {record.id: record.key for record in records}

    def below(parent_id: int | None, depth: int) -> Iterator[UnitView]:
        for record in by_parent.get(parent_id, ()):
            yield _unit(record, keys, depth)
            yield from below(record.id, depth + 1)

    return tuple(below(None, 0))


def _unit(record: store.UnitRecord, keys: Mapping[int, str], depth: int) -> UnitView:
    return UnitView(
        id=record.id,
        key=record.key,
        name=Text(record.name_zh, record.name_en),
        kind=record.kind,
        parent=None if record.parent_id is None else keys[record.parent_id],
        size=optional_number_of(record.size),
        depth=depth,
        archived=record.archived_at is not None,
    )


def _summary(record: AssessmentRecord, unit: UnitView, round_view: RoundView, *, current: bool) -> AssessmentSummary:
    return AssessmentSummary(
        id=record.id,
        key=record.key,
        unit=unit,
        round=round_view,
        framework_id=record.framework_key,
        framework_version=record.framework_version,
        revision=record.revision,
        state=record.state,
        questionnaire=record.questionnaire_reference,
        created_at=record.created_at,
        archived=record.is_archived,
        archived_itself=record.archived_at is not None,
        current=current,
    )
