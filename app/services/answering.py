"""Saving answers: the one way in, for forms, autosave and import. Nothing that was typed is ever thrown away.

One save is one transaction of the caller:

1. A mutation id that is already stored gets the stored result again (safe replay after a lost response).
2. A first answer is inserted; whoever loses that race goes on as in 4.
3. An answer that still stands at the client's base version is replaced, by an UPDATE that names that version.
4. Otherwise the fields changed since the base are looked up in the revisions. Fields that nobody else touched, or that
   say the same, are merged (kind `parallel`); else nothing is changed, both values are returned as a conflict, and the
   refused ones are kept as a revision of kind `conflict-lost`.

Taking an answer back leaves its row in state `open`, so that versions never begin again.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.case import Answer
from app.core.errors import Fault
from app.core.questionnaire import Item, Questionnaire
from app.core.scale import Scale
from app.core.suggesting import suggested_score
from app.services.answer_changes import AnswerRefused, Ground, read_changes
from app.services.answer_fields import (
    OPEN,
    QUESTION,
    SUGGESTED,
    Fields,
    differing,
    fields_of,
    on_the_wire,
    with_fields,
)
from app.services.carrying import By
from app.services.former_elements import FormerElement, Gone, carry_on, former_element
from app.services.pinning import pinned_framework, pinned_questionnaire
from app.services.refusals import NotFound, Refused
from app.storage import answer_revisions, interviews
from app.storage.answer_revisions import NewRevision, RevisionRecord
from app.storage.encoding import optional_decimal_text, questions_document, questions_of
from app.storage.interviews import AnswerRecord, AnswerValues, InterviewRecord

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session

WRITABLE = ("draft", "in-progress", "changes-requested")
FINAL_ASSESSMENT = "published"
ASSESSMENT_IN_REVIEW = "review"
HIGHEST_VERSION = 2**31 - 1  # of an answer
_MUTATION_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer is stored as `version`.

    `others` are the fields, as on the wire, that the client does not know yet: changed by others since its base
    (`merged`), or by the answer's own questions (`suggested`). `gone`: the element is one of an earlier version.
    """

    version: int
    at: datetime
    merged: bool = False
    others: Mapping[str, Any] = field(default_factory=dict)
    replayed: bool = False
    gone: Gone | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was changed: `mine` was refused because `by` had stored `theirs` meanwhile. Both are as on the wire."""

    version: int
    at: datetime
    by: str | None
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    replayed: bool = False


class InterviewClosed(Refused):
    """The interview, or what it belongs to, no longer takes answers; `values["why"]` says which."""

    def __init__(self, why: str) -> None:
        super().__init__("interview-closed", f"the interview takes no answers: {why}", why=why)


def save_answer(
    session: Session,
    *,
    interview_id: int,
    element: str,
    mutation_id: str,
    base_version: int,
    changes: Mapping[str, object],
    actor: Actor | None,
    clock: Clock,
) -> Saved | Conflict:
    """Store what one client changed in one answer, on top of `base_version` (0: it knew of none).

    An answer about an element that the assessment had before an upgrade is stored with that element, and the outcome
    says so. `actor` is None for a respondent, who has no account. Raises NotFound (interview, element),
    InterviewClosed, AnswerRefused (faults of the values).
    """
    check_envelope(mutation_id, base_version)
    found = interviews.interview_to_save(session, interview_id, mutation_id)
    if found is None:
        raise NotFound("interview", interview_id)
    record, known = found
    replay = answer_revisions.revision_of(session, mutation_id) if known else None
    if replay is not None:
        return _told_before(replay, interview_id, element)
    closed = why_closed(record)
    if closed:
        raise InterviewClosed(closed)
    ground, former = _ground(session, record, element)
    user_id, at = actor.user_id if actor else None, clock()
    save = _Save(session, ground, NewMutation(interview_id, element, mutation_id, base_version, user_id, at))
    outcome = save.run(read_changes(changes, ground))
    if isinstance(outcome, Saved) and record.state == "draft":
        interviews.update_interview(session, interview_id, state="in-progress")
    if isinstance(outcome, Saved) and former is not None:
        return replace(outcome, gone=carry_on(session, record, element, former, by=By(user_id, at)))
    return outcome


def closed_because(assessment_state: str, *, archived: bool) -> str | None:
    """Return why nothing of an assessment may be changed; None if it may. (In review: see `answers_closed_because`.)"""
    if archived:
        return "assessment-archived"
    return "assessment-published" if assessment_state == FINAL_ASSESSMENT else None


def answers_closed_because(assessment_state: str, *, archived: bool) -> str | None:
    """Return why an assessment takes no interviews and answers; None if it does.

    In review what respondents said stands; agreed scores and findings may still be settled.
    """
    in_review = "assessment-in-review" if assessment_state == ASSESSMENT_IN_REVIEW else None
    return closed_because(assessment_state, archived=archived) or in_review


def why_closed(record: InterviewRecord) -> str | None:
    """Return why an interview takes no answers; None if it does."""
    if record.archived_at is not None:
        return "interview-archived"
    if record.state not in WRITABLE:
        return "interview-submitted" if record.state == "submitted" else "interview-closed"
    return answers_closed_because(record.assessment_state, archived=record.assessment_archived)


def check_envelope(mutation_id: str, base_version: int) -> None:
    """Raise AnswerRefused unless these can name a save and the version that it stands on."""
    faults = []
    if not _MUTATION_ID.fullmatch(mutation_id):
        faults.append(
            Fault("A120", "mutation_id must be 8 to 64 letters, digits, dots, colons or dashes", "mutation_id")
        )
    if isinstance(base_version, bool) or not 0 <= base_version <= HIGHEST_VERSION:
        faults.append(Fault("A121", "base_version must be a whole number, 0 or more", "base_version"))
    if faults:
        raise AnswerRefused(faults)


def _ground(session: Session, record: InterviewRecord, element: str) -> tuple[Ground, FormerElement | None]:
    framework = pinned_framework(session, record.framework_snapshot_id, record.framework_digest)
    if element in framework and framework.node(element).is_leaf:
        return Ground(framework.scale, _item(questionnaire_of(session, record), element)), None
    former = former_element(session, record, element)
    if former is None:
        raise NotFound("element", element)
    return former.ground, former


def questionnaire_of(session: Session, record: InterviewRecord) -> Questionnaire | None:
    """Return the questionnaire that an interview pinned; None for an imported one that named none."""
    if record.questionnaire_snapshot_id is None:
        return None
    return pinned_questionnaire(session, record.questionnaire_snapshot_id, record.questionnaire_digest)


def _item(questionnaire: Questionnaire | None, element: str) -> Item | None:
    items = questionnaire.items if questionnaire else ()
    return next((item for item in items if item.element == element), None)


@dataclass(frozen=True, slots=True)
class NewMutation:
    """Whose save this is, of what, on top of which version."""

    interview_id: int
    element: str
    mutation_id: str
    base_version: int
    user_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Save:
    session: Session
    ground: Ground
    mutation: NewMutation

    def run(self, changes: Fields) -> Saved | Conflict:
        while True:
            current = interviews.answer(self.session, self.mutation.interview_id, self.mutation.element)
            outcome = self._first(changes) if current is None else self._further(current, changes)
            if outcome is not None:
                return outcome
            # somebody was between reading and writing (PostgreSQL): look again

    def _first(self, changes: Fields) -> Saved | None:
        after = self._with(OPEN, changes)
        mutation = self.mutation
        if not interviews.insert_answer(
            self.session, mutation.interview_id, mutation.element, after, at=mutation.at, user_id=mutation.user_id
        ):
            return None
        return self._saved(1, {}, fields_of(OPEN), fields_of(after), changes)

    def _further(self, current: AnswerRecord, changes: Fields) -> Saved | Conflict | None:
        before = fields_of(current.values)
        since = self._changed_since(current)
        touched = differing(before, changes)
        clash = sorted(touched.keys() & since)
        if clash:
            return self._conflict(current, {name: before.get(name) for name in clash}, changes)
        others = {name: before.get(name) for name in since - changes.keys()}
        if not touched:
            return self._saved(current.version, others, before, before, changes)
        after = self._with(current.values, touched)
        mutation = self.mutation
        if not interviews.update_answer(self.session, current, after, at=mutation.at, user_id=mutation.user_id):
            return None
        return self._saved(current.version + 1, others, before, fields_of(after), touched)

    def _changed_since(self, current: AnswerRecord) -> frozenset[str]:
        base = self.mutation.base_version
        if base == current.version:
            return frozenset()
        # a base from the future (the database was restored from a backup) is worth as little as none at all
        base = base if base < current.version else 0
        revisions = answer_revisions.revisions_since(self.session, current.interview_id, current.element, base)
        return frozenset(name for revision in revisions for name in revision.after)

    def _with(self, values: AnswerValues, changes: Fields) -> AnswerValues:
        after = with_fields(values, changes)
        if self.ground.item is None or not any(name.startswith(QUESTION) for name in changes):
            return after
        suggested = suggested_score(self.ground.item, questions_of(after.questions), scale=self.ground.scale)
        return replace(after, suggested=optional_decimal_text(suggested))

    def _saved(self, version: int, others: Fields, before: Fields, after: Fields, changes: Fields) -> Saved:
        touched = {name: after.get(name) for name in (*changes, SUGGESTED) if before.get(name) != after.get(name)}
        unknown = others | {name: touched[name] for name in (SUGGESTED,) if name in touched}
        wire = on_the_wire(unknown, self.ground.scale)
        saved = Saved(version, self.mutation.at, merged=bool(others), others=wire)
        result = {"outcome": "saved", "version": version, "merged": saved.merged, "others": wire}
        kind = "parallel" if others else "normal"
        self._append(kind, version, {name: before.get(name) for name in touched}, touched, result)
        return saved

    def _conflict(self, current: AnswerRecord, theirs: Fields, changes: Fields) -> Conflict:
        scale = self.ground.scale
        conflict = Conflict(
            current.version,
            current.updated_at,
            current.updated_by_name,
            mine=on_the_wire({name: changes[name] for name in theirs}, scale),
            theirs=on_the_wire(theirs, scale),
        )
        result = {
            "outcome": "conflict",
            "version": conflict.version,
            "by": conflict.by,
            "at": conflict.at.isoformat(),
            "mine": conflict.mine,
            "theirs": conflict.theirs,
        }
        self._append("conflict-lost", current.version, theirs, changes, result)
        return conflict

    def _append(self, kind: str, version: int, before: Fields, after: Fields, result: Mapping[str, Any]) -> None:
        mutation = self.mutation
        answer_revisions.insert_revision(
            self.session,
            NewRevision(
                interview_id=mutation.interview_id,
                element=mutation.element,
                mutation_id=mutation.mutation_id,
                base_version=mutation.base_version,
                version=version,
                kind=kind,
                before=before,
                after=after,
                result=result,
                user_id=mutation.user_id,
                at=mutation.at,
            ),
        )


def _told_before(revision: RevisionRecord, interview_id: int, element: str) -> Saved | Conflict:
    result = revision.result
    if (revision.interview_id, revision.element) != (interview_id, element) or not result:
        raise AnswerRefused([Fault("A122", "mutation_id was already used for another answer", "mutation_id")])
    return told_again(result, revision.at)


def told_again(result: Mapping[str, Any], at: datetime) -> Saved | Conflict:
    """Return what was told about a save at `at`, from its stored result."""
    if result["outcome"] == "saved":
        return Saved(result["version"], at, merged=result["merged"], others=result["others"], replayed=True)
    return Conflict(
        result["version"],
        datetime.fromisoformat(result["at"]),
        result["by"],
        mine=result["mine"],
        theirs=result["theirs"],
        replayed=True,
    )


def answer_at(session: Session, *, interview_id: int, element: str, version: int) -> AnswerValues:
    """Return what an answer said at an earlier version, replayed from its revisions (version 0: open)."""
    values = OPEN
    for revision in answer_revisions.revisions_since(session, interview_id, element, 0):
        if revision.version <= version:
            values = with_fields(values, revision.after)
    return values


def record_answers(
    session: Session,
    *,
    interview_id: int,
    scale: Scale,
    answers: Mapping[str, Answer],
    actor: Actor | None,
    clock: Clock,
) -> None:
    """Store the answers of an interview that comes out of a case file, each with a revision of kind `import`.

    The interview must be new; states and values were checked when the file was read.
    """
    at, user_id = clock(), actor.user_id if actor else None
    for element, answer in answers.items():
        values = _imported(answer, scale)
        if not interviews.insert_answer(session, interview_id, element, values, at=at, user_id=user_id):
            raise ValueError(f"interview {interview_id} already has an answer about {element}")
        answer_revisions.insert_revision(
            session,
            NewRevision(
                interview_id=interview_id,
                element=element,
                mutation_id=f"import:{uuid.uuid4().hex}",
                base_version=0,
                version=1,
                kind="import",
                before={},
                after=differing(fields_of(OPEN), fields_of(values)),
                result={},
                user_id=user_id,
                at=at,
            ),
        )


def _imported(answer: Answer, scale: Scale) -> AnswerValues:
    return AnswerValues(
        state=str(answer.state),
        steps=None if answer.score is None else scale.steps_of(answer.score),
        suggested=optional_decimal_text(answer.suggested),
        reason=answer.reason,
        note=answer.note,
        confidence=answer.confidence,
        evidence_strength=answer.evidence_strength,
        questions=questions_document(answer.questions) or {},
        ticks=dict(answer.ticks),
    )
