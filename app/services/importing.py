"""A case -> an assessment: units and round made where they are missing, every key of the case kept.

What is there already is never overwritten: the import is refused with every difference, or, when asked for as a
revision, stored beside the former one, which stays. Over a released assessment that is a correction: it has a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.case import AgreedScore, Case, Interview, Round, State, Unit, UnitTree
from app.core.framework import Framework
from app.core.questionnaire import Questionnaire
from app.core.text import Text
from app.services import trail
from app.services.answering import FINAL_ASSESSMENT, record_answers
from app.services.archiving import check_in_use
from app.services.assessing import source_document
from app.services.clock import Clock
from app.services.correcting import checked_reason, tell_of_correction
from app.services.engagements import (
    EngagementView,
    RoundView,
    UnitView,
    create_round,
    create_unit,
    edit_round,
    edit_unit,
    get_engagement,
    list_rounds,
    list_units,
    move_unit,
)
from app.services.exporting import export_case
from app.services.permissions import Actor
from app.services.pinning import pin_framework, pin_questionnaire
from app.services.refusals import Invalid, Refused
from app.services.trail import Event, Where
from app.storage import assessments as store
from app.storage import findings as finding_store
from app.storage import interviews as interview_store
from app.storage.database import Session
from app.storage.encoding import decimal_text

if TYPE_CHECKING:
    from app.content.library import Library


NOTHING_AGREED = AgreedScore(State.OPEN)  # findings may stand alone


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the stored and the given case differ; None where a side has nothing."""

    path: str
    stored: str | None
    given: str | None


class AlreadyThere(Refused):
    """The unit has an assessment of this framework in this round, or is stored otherwise; `diff` says what differs.

    `released`: a revision of that assessment was, so that another one needs a reason.
    """

    def __init__(
        self, what: str, diff: tuple[Difference, ...], assessment_id: int | None = None, *, released: bool = False
    ) -> None:
        self.diff = diff
        self.assessment_id = assessment_id
        self.released = released
        super().__init__("already-there", f"{what} is there already, with {len(diff)} differences", what=what)


@dataclass(frozen=True, slots=True)
class _Import:
    """What every step of one import needs."""

    session: Session
    engagement: EngagementView
    framework: Framework
    library: Library
    actor: Actor | None
    clock: Clock
    as_revision: bool
    units: Mapping[str, Unit]

    @property
    def user_id(self) -> int | None:
        return None if self.actor is None else self.actor.user_id


def import_case(  # noqa: PLR0913 - a case, where it goes, what it is read with, and who does it
    session: Session,
    case: Case,
    *,
    framework: Framework,
    engagement_key: str,
    library: Library,
    actor: Actor | None,
    clock: Clock,
    as_revision: bool = False,
    reason: str = "",
    units: UnitTree | None = None,
) -> int:
    """Store a case that was read with `framework` as an assessment; return its id.

    A unit that is new comes from the case, those above it from `units` (default: the unit tree that the library has
    for the framework). Raises NotFound for an unknown engagement, AlreadyThere (unless `as_revision`), Invalid for an
    archived engagement, for scores that the framework cannot hold and for a revision of a released assessment without
    a `reason`.
    """
    tree = units or library.unit_tree(framework.id)
    step = _Import(
        session=session,
        engagement=get_engagement(session, engagement_key),
        framework=framework,
        library=library,
        actor=actor,
        clock=clock,
        as_revision=as_revision,
        units={} if tree is None else {unit.id: unit for unit in tree.units},
    )
    check_in_use(session, step.engagement.id)
    _check_scores(case, framework)
    unit, round_view = _unit(step, case.unit), _round(step, case.round)
    former = store.revisions_of(session, unit_id=unit.id, round_id=round_view.id, framework_key=framework.id)
    in_use = [record for record in former if record.archived_at is None]
    if in_use and not as_revision:
        diff = difference(export_case(session, in_use[-1].id), case)
        place = f"{case.unit.id}, {case.round.id}, {framework.id}"
        raise AlreadyThere(place, diff, in_use[-1].id, released=_is_released(in_use))
    correction = checked_reason(reason) if _is_released(in_use) else None
    assessment_id = _assessment(
        step, case, unit, round_view, max((record.revision for record in former), default=0) + 1, correction
    )
    _scores(step, assessment_id, case.scores)
    store.insert_published_figures(
        session, assessment_id, {node: decimal_text(figure) for node, figure in case.published.items()}
    )
    for interview in case.interviews:
        _interview(step, assessment_id, case, interview)
    where = Where(step.engagement.id, assessment_id)
    trail.record(session, Event.IMPORTED, actor=actor, clock=clock, where=where, details={"format": "case"})
    if correction:
        tell_of_correction(session, in_use[-1], assessment_id, actor=actor, clock=clock)
    return assessment_id


def _is_released(revisions: Sequence[store.AssessmentRecord]) -> bool:
    return any(one.state == FINAL_ASSESSMENT for one in revisions)


def _assessment(  # noqa: PLR0917 - what is stored, and of what
    step: _Import, case: Case, unit: UnitView, round_view: RoundView, revision: int, correction: str | None
) -> int:
    return store.insert_assessment(
        step.session,
        engagement_id=step.engagement.id,
        unit_id=unit.id,
        round_id=round_view.id,
        framework_key=step.framework.id,
        revision=revision,
        correction=correction,
        key=case.id,
        framework_snapshot_id=pin_framework(step.session, step.framework, step.clock),
        questionnaire_reference=case.questionnaire,
        state="in-progress" if case.scores or case.interviews else "draft",
        source=source_document(case.source),
        published_decimals=case.published_decimals,
        created_at=step.clock(),
        created_by=step.user_id,
    )


# --- units and rounds ----------------------------------------------------------------------------------------------


def _unit(step: _Import, unit: Unit) -> UnitView:
    known = {view.key: view for view in list_units(step.session, step.engagement.id, archived=True)}
    if unit.id not in known:
        return _new_unit(step, unit, known)
    view = known[unit.id]
    _refuse_archived("unit", unit.id, archived=view.archived)
    stored = Unit(view.key, view.name, view.kind, view.parent)
    diff = _contradictions("unit", stored, Unit(unit.id, unit.name, unit.kind, unit.parent))
    if diff and not step.as_revision:
        raise AlreadyThere(f"unit {unit.id}", diff)
    if diff:
        edit_unit(
            step.session,
            step.engagement.id,
            unit.id,
            name=_filled(unit.name, view.name),
            kind=unit.kind or view.kind,
            size=view.size,
        )
        if unit.parent is not None and unit.parent != view.parent:
            _parent(step, unit.parent, known)
            move_unit(step.session, step.engagement.id, unit.id, unit.parent)
    return view


def _new_unit(step: _Import, unit: Unit, known: dict[str, UnitView]) -> UnitView:
    if unit.parent is not None:
        _parent(step, unit.parent, known)
    described = step.units.get(unit.id, unit)
    known[unit.id] = create_unit(
        step.session,
        step.engagement.id,
        key=unit.id,
        name=unit.name,
        kind=unit.kind,
        parent=unit.parent,
        size=described.size if unit.size is None else unit.size,
    )
    return known[unit.id]


def _parent(step: _Import, key: str, known: dict[str, UnitView]) -> None:
    """Make the units above where they are missing; one that no unit tree describes is called by its id."""
    if key not in known:
        _new_unit(step, step.units.get(key, Unit(key, Text(zh=key))), known)


def add_units(session: Session, engagement: EngagementView, tree: UnitTree) -> None:
    """Store the units of a tree that the engagement does not have yet, in the order of the tree."""
    known = {view.key for view in list_units(session, engagement.id, archived=True)}
    waiting = {unit.id: unit for unit in tree.units if unit.id not in known}
    while waiting:
        unit = next(one for one in waiting.values() if one.parent not in waiting)
        create_unit(
            session,
            engagement.id,
            key=unit.id,
            name=unit.name,
            kind=unit.kind,
            parent=unit.parent,
            size=unit.size,
        )
        del waiting[unit.id]


def _round(step: _Import, given: Round) -> RoundView:
    known = {view.key: view for view in list_rounds(step.session, step.engagement.id, archived=True)}
    if given.id not in known:
        return create_round(step.session, step.engagement.id, key=given.id, name=given.name, day=given.date)
    view = known[given.id]
    _refuse_archived("round", given.id, archived=view.archived)
    diff = _contradictions("round", Round(view.key, view.name, view.date), given)
    if diff and not step.as_revision:
        raise AlreadyThere(f"round {given.id}", diff)
    if diff:
        name = _filled(given.name, view.name)
        edit_round(step.session, step.engagement.id, given.id, name=name, day=given.date or view.date)
    return view


def _refuse_archived(what: str, key: str, *, archived: bool) -> None:
    if archived:
        raise Invalid(what, "archived", f"{what} {key!r} is archived; restore it first", key=key)


def _filled(given: Text, stored: Text) -> Text:
    return Text(given.zh or stored.zh, given.en or stored.en)


# --- scores and interviews -----------------------------------------------------------------------------------------


def _check_scores(case: Case, framework: Framework) -> None:
    leaves = {leaf.id for leaf in framework.leaves}
    for element, agreed in case.scores.items():
        _check_judgement(f"scores.{element}", element in leaves, framework, agreed.state, agreed.score)
        if agreed.state is State.NOT_APPLICABLE and not agreed.reason:
            raise Invalid(f"scores.{element}", "reason-missing", f"{element}: not applicable needs a reason")
    for interview in case.interviews:
        for element, answer in interview.answers.items():
            path = f"interviews.{interview.id}.{element}"
            _check_judgement(path, element in leaves, framework, answer.state, answer.score)
    for node in case.published:
        if node not in framework:
            raise Invalid(f"published.{node}", "unknown-node", f"{framework.reference} has no capability {node!r}")


def _check_judgement(path: str, known: bool, framework: Framework, state: State, score: Fraction | None) -> None:
    if not known:
        raise Invalid(path, "unknown-element", f"{path}: {framework.reference} has no such element")
    if state.has_score != (score is not None):
        raise Invalid(path, "state", f"{path}: a score belongs to the states scored and inferred, and they need one")
    if score is not None and not framework.scale.on_grid(score):
        raise Invalid(path, "off-grid", f"{path}: {score} is not on the grid of {framework.reference}")


def _scores(step: _Import, assessment_id: int, scores: Mapping[str, AgreedScore]) -> None:
    at, user_id = step.clock(), step.user_id
    decided = {element: agreed for element, agreed in scores.items() if replace(agreed, findings=()) != NOTHING_AGREED}
    values = {element: _values(agreed, step.framework) for element, agreed in decided.items()}
    store.insert_agreed_scores(step.session, assessment_id, values, at=at, user_id=user_id)
    found = {element: agreed.findings for element, agreed in scores.items() if agreed.findings}
    finding_store.replace_findings(step.session, assessment_id, found, at=at, user_id=user_id)
    store.append_agreed_changes(
        step.session,
        assessment_id,
        [
            store.AgreedChange(element, 1, None, _document(values[element], agreed), "import", user_id, at)
            for element, agreed in decided.items()
        ],
    )


def _values(agreed: AgreedScore, framework: Framework) -> store.AgreedScoreValues:
    return store.AgreedScoreValues(
        state=agreed.state.value,
        steps=None if agreed.score is None else framework.scale.steps_of(agreed.score),
        reason=agreed.reason,
        note=agreed.note,
        method=agreed.method,
        confidence=agreed.confidence,
    )


def _document(values: store.AgreedScoreValues, agreed: AgreedScore) -> dict[str, object]:
    return {**values.document(), "findings": [{"zh": text.zh, "en": text.en} for text in agreed.findings]}


def _interview(step: _Import, assessment_id: int, case: Case, interview: Interview) -> None:
    questionnaire = _questionnaire(step.library, interview.questionnaire or case.questionnaire)
    interview_id = interview_store.insert_interview(
        step.session,
        interview_store.NewInterview(
            assessment_id=assessment_id,
            engagement_id=step.engagement.id,
            key=interview.id,
            questionnaire_snapshot_id=(
                None if questionnaire is None else pin_questionnaire(step.session, questionnaire, step.clock)
            ),
            questionnaire_reference=interview.questionnaire,
            role=interview.role,
            respondent=interview.respondent,
            interviewer=interview.interviewer,
            date=interview.date,
            state="submitted",
            created_at=step.clock(),
            created_by=step.user_id,
        ),
    )
    record_answers(
        step.session,
        interview_id=interview_id,
        scale=step.framework.scale,
        answers=interview.answers,
        actor=step.actor,
        clock=step.clock,
    )


def _questionnaire(library: Library, reference: str | None) -> Questionnaire | None:
    if reference is None:
        return None
    try:
        return library.questionnaire(reference)
    except KeyError:  # the answers are kept all the same; every role then weighs 1
        return None


# --- differences ---------------------------------------------------------------------------------------------------


def difference(stored: Case, given: Case) -> tuple[Difference, ...]:
    """Return every place where two cases differ, in the order of the stored one."""
    left, right = dict(_leaves("", stored)), dict(_leaves("", given))
    paths = [*left, *(path for path in right if path not in left)]
    return tuple(
        Difference(path, left.get(path), right.get(path)) for path in paths if left.get(path) != right.get(path)
    )


def _contradictions(path: str, stored: object, given: object) -> tuple[Difference, ...]:
    """Return where `given` says something else than `stored`; what it does not say is no contradiction."""
    left, right = dict(_leaves(path, stored)), dict(_leaves(path, given))
    return tuple(Difference(path, left.get(path), text) for path, text in right.items() if left.get(path) != text)


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if is_dataclass(value):
        for field in fields(value):
            yield from _leaves(_below(path, field.name), getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(_below(path, str(key)), one)
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _leaves(_below(path, one.id if isinstance(one, Interview) else str(index)), one)
    else:
        yield path, decimal_text(value) if isinstance(value, Fraction) else str(value)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
