"""A respondent fills in a self-assessment: answers by the save protocol, the score that they amount to, submission.

Here the respondent scores (mode self-assessment). Where an item has scored questions, their answers are the score: as
soon as all of them are answered, what they suggest is taken over in a second save of the same transaction, so that the
revisions show both. Where it has none, the respondent chooses a level. Nobody is signed in: revisions name no user.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.case import State
from app.core.scale import display
from app.core.suggesting import scoring_questions, suggestion
from app.services.answer_fields import fields_of, on_the_wire
from app.services.answering import Conflict, InterviewClosed, Saved, save_answer
from app.services.interview_sheet import Mark, Sheet, read_sheet
from app.services.interviewing import InterviewIncomplete, note_state
from app.services.personal_links import is_self_assessment
from app.services.refusals import Invalid, NotFound
from app.storage import answer_revisions, interviews
from app.storage.encoding import questions_of

if TYPE_CHECKING:
    from app.core.questionnaire import Item
    from app.services.clock import Clock
    from app.services.former_elements import Gone
    from app.services.interview_sheet import Line
    from app.storage.database import Session
    from app.storage.interviews import AnswerRecord

OPEN_MARKS = (Mark.OPEN, Mark.STARTED, Mark.PROBLEM)


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """What one respondent is asked, in order; what earlier answers rule out is left out."""

    sheet: Sheet
    lines: tuple[Line, ...]

    @property
    def done(self) -> int:
        """How many elements are decided."""
        return sum(line.mark not in OPEN_MARKS for line in self.lines)

    @property
    def open(self) -> tuple[Line, ...]:
        """What is not decided yet."""
        return tuple(line for line in self.lines if line.mark in OPEN_MARKS)

    @property
    def problems(self) -> tuple[Line, ...]:
        """What has to be put right before submission: does not apply, and no reason given."""
        return tuple(line for line in self.lines if line.mark is Mark.PROBLEM)

    @property
    def resume(self) -> Line | None:
        """Where to go on: the first undecided element after the one saved last, else the first undecided at all."""
        saved = [line for line in self.lines if line.answer]
        last = max(saved, key=lambda line: line.answer.updated_at if line.answer else 0, default=None)
        start = self.lines.index(last) if last else 0
        return next((line for line in self.lines[start:] + self.lines[:start] if line.mark in OPEN_MARKS), None)

    def told(self, gone: Gone) -> Gone:
        """Return what became of an element as far as it concerns this respondent: heirs that are asked about here."""
        asked = {line.element.id for line in self.lines}
        return replace(gone, heirs=tuple(heir for heir in gone.heirs if heir.id in asked))

    def line(self, element: str) -> Line:
        """Return one element; NotFound if this respondent is not asked about it."""
        for line in self.lines:
            if line.element.id == element:
                return line
        raise NotFound("element", element)


def is_scored_by_questions(item: Item | None) -> bool:
    """Tell whether the answers to an item's questions are its score; else the respondent chooses a level."""
    return item is not None and bool(scoring_questions(item))


def read_own_sheet(session: Session, interview_id: int) -> OwnSheet:
    """Return what the respondent of a self-assessment is asked; NotFound for any other interview."""
    sheet = read_sheet(session, interview_id)
    if not is_self_assessment(sheet):
        raise NotFound("self-assessment", interview_id)
    return OwnSheet(sheet, tuple(line for line in sheet.lines if line.mark is not Mark.OUT_OF_SCOPE))


def save_own_answer(
    session: Session,
    *,
    interview_id: int,
    element: str,
    mutation_id: str,
    base_version: int,
    changes: Mapping[str, object],
    clock: Clock,
) -> Saved | Conflict:
    """Store what a respondent changed in one answer; refusals and conflicts as `save_answer`."""
    own = read_own_sheet(session, interview_id)
    line = own.line(element) if element in own.sheet.framework else None  # else of an earlier version, or of none
    outcome = save_answer(
        session,
        interview_id=interview_id,
        element=element,
        mutation_id=mutation_id,
        base_version=base_version,
        changes=changes,
        actor=None,
        clock=clock,
    )
    if isinstance(outcome, Conflict):
        return replace(outcome, by=None)  # respondents are not told who works on their assessment
    if outcome.gone is not None:
        return replace(outcome, gone=own.told(outcome.gone))
    if line is None or line.item is None or not is_scored_by_questions(line.item):
        return outcome
    return _Adoption(session, own.sheet, line.item, mutation_id, clock).after(outcome)


@dataclass(frozen=True, slots=True)
class _Adoption:
    """The second save: takes over the score that the answers of an item amount to."""

    session: Session
    sheet: Sheet
    item: Item
    mutation_id: str
    clock: Clock

    def after(self, outcome: Saved) -> Saved:
        adopting = hashlib.sha256(f"{self.mutation_id} score".encode()).hexdigest()  # the same for the same save
        if outcome.replayed:
            return self._told_before(outcome, adopting)
        record = interviews.answer(self.session, self.sheet.interview.id, self.item.element)
        assert record is not None
        wanted = _amounts_to(self.sheet, self.item, record)
        said = on_the_wire(fields_of(record.values), self.sheet.framework.scale)
        if wanted is None or (said["state"], said["score"]) == (wanted["state"], wanted["score"]):
            return outcome
        adopted = save_answer(
            self.session,
            interview_id=self.sheet.interview.id,
            element=self.item.element,
            mutation_id=adopting,
            base_version=record.version,
            changes=wanted,
            actor=None,
            clock=self.clock,
        )
        assert isinstance(adopted, Saved)  # nobody stands between two saves of one transaction
        return replace(outcome, version=adopted.version, others={**outcome.others, **wanted})

    def _told_before(self, outcome: Saved, adopting: str) -> Saved:
        adopted = answer_revisions.revision_of(self.session, adopting)
        if adopted is None:
            return outcome
        wanted = on_the_wire(adopted.after, self.sheet.framework.scale)
        return replace(outcome, version=adopted.version, others={**outcome.others, **wanted})


def _amounts_to(sheet: Sheet, item: Item, record: AnswerRecord) -> dict[str, str | None] | None:
    """Return the state and score that an answer amounts to; None where the respondent said it does not apply."""
    if record.values.state in (State.NOT_APPLICABLE, State.UNKNOWN):
        return None
    scale = sheet.framework.scale
    found = suggestion(item, questions_of(record.values.questions), scale=scale)
    if found is None or found.missing:
        return {"state": str(State.OPEN), "score": None}
    return {"state": str(State.SCORED), "score": display(found.score, scale.decimals)}


def submit(session: Session, interview_id: int) -> None:
    """Hand a self-assessment in: it is read-only from now on.

    Raises NotFound, InterviewClosed, InterviewIncomplete (not applicable without a reason), Invalid (no answer at all).
    """
    own = read_own_sheet(session, interview_id)
    if own.sheet.closed:
        raise InterviewClosed(own.sheet.closed)
    if own.problems:
        raise InterviewIncomplete(tuple(line.element.id for line in own.problems))
    if not own.done:
        raise Invalid("answers", "nothing-answered", "answer something before handing it in")
    interviews.update_interview(session, interview_id, state="submitted")
    note_state(session, own.sheet.interview, "submitted")
