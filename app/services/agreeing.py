"""Agreeing one score per element: saved like an answer, with nothing lost, and with a reason where one is owed.

The protocol is that of `answering`: a mutation id that is known gets its stored result again, an UPDATE names the
version it stands on, and what cannot be merged is a conflict that keeps both sides in the revisions. One thing differs:
score, state, reason and method are one decision. A reason belongs to the score it explains, so they are never merged
from two people; only the note and the confidence are (decision 0018).

Taking a score back leaves its row in state `open`, so that versions never begin again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.agreement import Question, questions_about
from app.core.case import State
from app.core.errors import Fault
from app.core.scale import Scale, display
from app.services.answer_changes import AnswerRefused, Ground, read_changes
from app.services.answer_fields import JUDGEMENT
from app.services.answering import Conflict, Saved, check_envelope, told_again
from app.services.permissions import Action, require
from app.services.refusals import NotFound, Refused
from app.services.workshop import Workshop, read_workshop
from app.storage import agreeing as store
from app.storage import assessments
from app.storage.assessments import AgreedScoreValues

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.agreeing import Decision, DecisionRevision
    from app.storage.database import Session

CONSENSUS, MEDIAN_ADOPTED, VOTE, LEAD_DECISION = "consensus", "median-adopted", "vote", "lead-decision"
METHODS = (CONSENSUS, MEDIAN_ADOPTED, VOTE, LEAD_DECISION)  # offered; any other id may stand in an imported case
OPEN = AgreedScoreValues(state=State.OPEN.value)

_METHOD = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_METHOD = 64
_SHARED = {"state", "score", "reason", "note", "confidence"}  # checked as in answers
_DECISION = ("state", "steps", "reason", "method")

Fields = dict[str, Any]


class AgreeingClosed(Refused):
    """The assessment takes no agreed scores; `values["why"]` says why."""

    def __init__(self, why: str) -> None:
        super().__init__("agreeing-closed", f"the assessment takes no agreed scores: {why}", why=why)


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of adopting medians: the elements that were agreed, and those that had changed meanwhile."""

    agreed: tuple[str, ...]
    left: tuple[str, ...]


def save_agreed(
    session: Session,
    *,
    assessment_id: int,
    element: str,
    mutation_id: str,
    base_version: int,
    changes: Mapping[str, object],
    actor: Actor,
    clock: Clock,
) -> Saved | Conflict:
    """Store what one user changed in the agreed score of an element, on top of `base_version` (0: it knew of none).

    `changes`: `state` and `score`, `reason`, `note`, `method`, `confidence`. Raises NotPermitted, NotFound,
    AgreeingClosed, AnswerRefused (faults of the values; A131 where a reason is owed).
    """
    require(actor, Action.AGREE)
    check_envelope(mutation_id, base_version)
    replay = store.decision_revision(session, mutation_id)
    if replay is not None:
        return _told_before(replay, assessment_id, element)
    table = read_workshop(session, assessment_id)
    save = _Save(session, table, _Mutation(element, mutation_id, base_version, actor, clock()))
    return save.run(changes)


def adopt_medians(
    session: Session,
    *,
    assessment_id: int,
    seen: Mapping[str, str],
    mutation_ids: Mapping[str, str],
    actor: Actor,
    clock: Clock,
) -> Adopted:
    """Agree the median of these elements; `seen` holds the score that the user confirmed, as decimal text.

    An element is left as it is when it is no longer clear, was agreed meanwhile, or has another median now.
    """
    require(actor, Action.AGREE)
    table = read_workshop(session, assessment_id)
    decimals, adoptable, now = table.framework.scale.decimals, table.adoptable, clock()
    agreed, left = [], []
    for element, score in seen.items():
        replay = store.decision_revision(session, mutation_ids[element])
        if replay is None and (element not in adoptable or display(adoptable[element], decimals) != score):
            left.append(element)
            continue
        if replay is None:
            base = table.decisions[element].version if element in table.decisions else 0
            mutation = _Mutation(element, mutation_ids[element], base, actor, now)
            _Save(session, table, mutation).run({"score": score, "method": MEDIAN_ADOPTED})
        agreed.append(element)
    return Adopted(tuple(agreed), tuple(left))


def read_agreed_changes(changes: Mapping[str, object], scale: Scale) -> Fields:
    """Return the columns that `changes` set, checked by the rules of answers; AnswerRefused with every fault."""
    faults: list[Fault] = []
    fields: Fields = {}
    try:
        fields = read_changes({name: changes[name] for name in changes.keys() & _SHARED}, Ground(scale, None))
    except AnswerRefused as refused:
        faults.extend(refused.faults)
    if "method" in changes:
        method = changes["method"] or None
        if method is not None and not _is_method(method):
            faults.append(Fault("A130", "method must be a short id: small letters, digits, single hyphens", "method"))
        fields["method"] = method
    faults += [
        Fault("A101", f"there is no field {name[:40]!r} in an agreed score", name)
        for name in sorted(changes.keys() - _SHARED - {"method"})
    ]
    if faults:
        raise AnswerRefused(faults)
    judgement: Fields = fields.pop(JUDGEMENT, {})
    return {**fields, **judgement}


def _is_method(given: object) -> bool:
    return isinstance(given, str) and len(given) <= _LONGEST_METHOD and _METHOD.fullmatch(given) is not None


def said_of(values: AgreedScoreValues, scale: Scale) -> Fields:
    """Return an agreed score as clients know it: `state`, `score` (decimal text), `reason`, `note`, `method`…"""
    return _wire(values.document(), scale)


def _wire(fields: Mapping[str, Any], scale: Scale) -> Fields:
    wire = {name: given for name, given in fields.items() if name != "steps"}
    if "steps" in fields:
        steps = fields["steps"]
        wire["score"] = None if steps is None else display(scale.score_of(steps), scale.decimals)
    return wire


def values_at(session: Session, *, assessment_id: int, element: str, version: int) -> AgreedScoreValues:
    """Return what was agreed at an earlier version (0: nothing)."""
    values = OPEN
    for revision in store.decision_revisions(session, assessment_id, element):
        if revision.kind != store.LOST and revision.version <= version:
            values = values_of(revision.after)
    return values


def values_of(document: Mapping[str, Any] | None) -> AgreedScoreValues:
    """Return the agreed score that a revision holds; an imported one carries findings too, which are not its own."""
    if document is None:
        return OPEN
    known: Fields = {name: document.get(name) for name in AgreedScoreValues.__slots__}
    return AgreedScoreValues(**known)


@dataclass(frozen=True, slots=True)
class _Mutation:
    element: str
    mutation_id: str
    base_version: int
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class _Save:
    session: Session
    table: Workshop
    mutation: _Mutation

    @property
    def assessment_id(self) -> int:
        return self.table.view.id

    @property
    def scale(self) -> Scale:
        return self.table.framework.scale

    def run(self, changes: Mapping[str, object]) -> Saved | Conflict:
        framework, element = self.table.framework, self.mutation.element
        if element not in framework or not framework.node(element).is_leaf:
            raise NotFound("element", element)
        if self.table.closed:
            raise AgreeingClosed(self.table.closed)
        fields = read_agreed_changes(changes, self.scale)
        if fields.get("state") == State.OPEN:  # taken back: the former reason explains nothing any more
            fields = {"reason": None, "method": None, "confidence": None, **fields}
        outcome = None
        while outcome is None:  # None: somebody was between reading and writing (PostgreSQL); look again
            current = store.decision(self.session, self.assessment_id, element)
            outcome = self._first(fields) if current is None else self._further(current, fields)
        if isinstance(outcome, Saved) and self.table.view.state == "draft":
            assessments.update_assessment(self.session, self.assessment_id, state="in-progress")
        return outcome

    def _first(self, fields: Fields) -> Saved | None:
        after = self._checked(OPEN, fields)
        user_id, at = self.mutation.actor.user_id, self.mutation.at
        element = self.mutation.element
        if not store.insert_decision(self.session, self.assessment_id, element, after, at=at, user_id=user_id):
            return None
        return self._saved(1, {}, OPEN, after)

    def _further(self, current: Decision, fields: Fields) -> Saved | Conflict | None:
        touched = _differing(current.values, fields)
        since = self._changed_since(current)
        clash = _parts(touched) & _parts(since)
        if clash:
            return self._conflict(current, fields, clash)
        others = {name: getattr(current.values, name) for name in since - fields.keys()}
        if not touched:
            return self._saved(current.version, others, current.values, current.values)
        after = self._checked(current.values, touched)
        at, user_id = self.mutation.at, self.mutation.actor.user_id
        if not store.update_decision(self.session, current, after, at=at, user_id=user_id):
            return None
        return self._saved(current.version + 1, others, current.values, after)

    def _changed_since(self, current: Decision) -> set[str]:
        base = self.mutation.base_version
        if base == current.version:
            return set()
        # a base from the future (the database was restored from a backup) is worth as little as none at all
        base = base if base < current.version else 0
        changed: set[str] = set()
        for revision in store.decision_revisions(self.session, self.assessment_id, self.mutation.element):
            if revision.version > base and revision.kind != store.LOST:
                changed |= _differing(values_of(revision.before), values_of(revision.after).document()).keys()
        return changed

    def _checked(self, before: AgreedScoreValues, fields: Fields) -> AgreedScoreValues:
        after = replace(before, **fields)
        if after.reason or not _parts(fields) & {"decision"}:
            return after
        questions = self._questions(after)
        if questions:
            asked = ", ".join(questions)
            message = f"this agreed score needs a reason: {asked}"
            raise AnswerRefused([Fault("A131", message, "reason", values=(("questions", asked),))])
        return after

    def _questions(self, values: AgreedScoreValues) -> tuple[Question, ...]:
        score = None if values.steps is None else self.scale.score_of(values.steps)
        found = self.table.agreements[self.mutation.element]
        return questions_about(State(values.state), score, found, self.table.framework.agreement)

    def _saved(self, version: int, others: Fields, before: AgreedScoreValues, after: AgreedScoreValues) -> Saved:
        saved = Saved(version, self.mutation.at, merged=bool(others), others=_wire(others, self.scale))
        result = {"outcome": "saved", "version": version, "merged": saved.merged, "others": saved.others}
        self._append("parallel" if others else "normal", version, before, after, result)
        return saved

    def _conflict(self, current: Decision, fields: Fields, clash: set[str]) -> Conflict:
        """Keep what was refused: the values as the client saw them, with its changes."""
        base = values_at(
            self.session,
            assessment_id=self.assessment_id,
            element=self.mutation.element,
            version=min(self.mutation.base_version, current.version),
        )
        refused = replace(base, **fields)
        conflict = Conflict(
            current.version,
            current.decided_at,
            current.decided_by_name,
            mine=_wire(_only(refused, clash), self.scale),
            theirs=_wire(_only(current.values, clash), self.scale),
        )
        result = {
            "outcome": "conflict",
            "version": conflict.version,
            "by": conflict.by,
            "at": conflict.at.isoformat(),
            "mine": conflict.mine,
            "theirs": conflict.theirs,
        }
        self._append(store.LOST, current.version, current.values, refused, result)
        return conflict

    def _append(
        self, kind: str, version: int, before: AgreedScoreValues, after: AgreedScoreValues, result: Fields
    ) -> None:
        mutation = self.mutation
        store.append_decision_revision(
            self.session,
            store.NewDecisionRevision(
                assessment_id=self.assessment_id,
                element=mutation.element,
                version=version,
                kind=kind,
                before=before,
                after=after,
                mutation_id=mutation.mutation_id,
                base_version=mutation.base_version,
                result=result,
                user_id=mutation.actor.user_id,
                at=mutation.at,
            ),
        )


def _differing(values: AgreedScoreValues, fields: Mapping[str, Any]) -> Fields:
    return {name: given for name, given in fields.items() if getattr(values, name) != given}


def _parts(names: Iterable[str]) -> set[str]:
    """Return what is compared and merged as one: the decision, the note, the confidence."""
    return {"decision" if name in _DECISION else name for name in names}


def _only(values: AgreedScoreValues, parts: set[str]) -> Fields:
    return {name: given for name, given in values.document().items() if _parts([name]) <= parts}


def _told_before(revision: DecisionRevision, assessment_id: int, element: str) -> Saved | Conflict:
    result = revision.result
    if (revision.assessment_id, revision.element) != (assessment_id, element) or not result:
        raise AnswerRefused([Fault("A122", "mutation_id was already used for another agreed score", "mutation_id")])
    return told_again(result, revision.at)
