"""What the interviews of an assessment recorded about each element, who said it, and which notes wait for a finding.

For those who hold interviews; nobody else is told who said what (decision 0019).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.case import Confidence, State, Tick
from app.core.text import Text
from app.services.assessing import answer as answer_of
from app.services.assessing import at_elements
from app.services.engagements import assessment_record
from app.services.pinning import pinned_framework, pinned_questionnaire
from app.storage import findings as finding_store
from app.storage import interviews as interview_store

if TYPE_CHECKING:
    from app.core.questionnaire import Questionnaire
    from app.storage.database import Session
    from app.storage.interviews import AnswerRecord, InterviewRecord


@dataclass(frozen=True, slots=True)
class Source:
    """An interview in which something was said."""

    interview_id: int
    key: str
    role: Text
    respondent: str | None
    archived: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What one interview recorded about one element.

    `evidence`: the questionnaire's words for what was told or seen. `used`: a finding in force names this interview.
    """

    interview_id: int
    key: str
    element: str
    role: Text
    respondent: str | None
    interviewer: str | None
    date: date | None
    state: State
    score: Fraction | None
    confidence: Confidence | None
    note: str | None
    reason: str | None
    evidence: tuple[tuple[Text, Tick], ...]
    strength: int | None
    saved_by: str | None
    saved_at: datetime
    used: bool

    @property
    def waiting(self) -> bool:
        """Tell whether something was written down that no finding refers to."""
        return bool(self.note) and not self.used


def all_sources(session: Session, assessment_id: int) -> dict[int, Source]:
    """Return every interview of an assessment by id, archived ones too."""
    found = {}
    questionnaires: dict[int, Questionnaire] = {}
    for interview in interview_store.interviews_of(session, assessment_id):
        found[interview.id] = Source(
            interview.id,
            interview.key,
            _role(_questionnaire(session, interview, questionnaires), interview.role),
            interview.respondent,
            interview.archived_at is not None,
        )
    return found


def sources_of(session: Session, assessment_id: int) -> tuple[Source, ...]:
    """Return the interviews that a finding of an assessment may name: those in use."""
    return tuple(source for source in all_sources(session, assessment_id).values() if not source.archived)


def _questionnaire(
    session: Session, interview: InterviewRecord, known: dict[int, Questionnaire]
) -> Questionnaire | None:
    snapshot_id = interview.questionnaire_snapshot_id
    if snapshot_id is None:
        return None
    if snapshot_id not in known:
        known[snapshot_id] = pinned_questionnaire(session, snapshot_id)
    return known[snapshot_id]


def _role(questionnaire: Questionnaire | None, role_id: str) -> Text:
    roles = questionnaire.roles if questionnaire else ()
    return next((role.name for role in roles if role.id == role_id), Text(en=role_id))


def notes_of(session: Session, assessment_id: int) -> dict[str, tuple[Note, ...]]:
    """Return what the interviews in use recorded, by element; an answer that says nothing at all is left out."""
    framework = pinned_framework(session, assessment_record(session, assessment_id).framework_snapshot_id)
    interviews = [one for one in interview_store.interviews_of(session, assessment_id) if one.archived_at is None]
    answers = interview_store.answers_of(session, [one.id for one in interviews]) if interviews else {}
    used = {
        (record.element, interview_id)
        for record in finding_store.findings(session, assessment_id)
        if record.archived_at is None
        for interview_id in record.sources
    }
    questionnaires: dict[int, Questionnaire] = {}
    found: dict[str, tuple[Note, ...]] = {}
    for interview in interviews:
        questionnaire = _questionnaire(session, interview, questionnaires)
        for element, record in at_elements(framework, answers[interview.id]).items():
            values = answer_of(record.values, framework.scale)
            if values.state is State.OPEN and not (values.note or values.reason or values.ticks):
                continue
            told = _note(interview, questionnaire, element, record, used=(element, interview.id) in used)
            note = replace(
                told,
                state=values.state,
                score=values.score,
                confidence=values.confidence,
                note=values.note,
                reason=values.reason,
                strength=values.evidence_strength,
                evidence=_evidence(questionnaire, element, values.ticks),
            )
            found[element] = (*found.get(element, ()), note)
    return found


def _note(
    interview: InterviewRecord, questionnaire: Questionnaire | None, element: str, record: AnswerRecord, *, used: bool
) -> Note:
    return Note(
        interview_id=interview.id,
        key=interview.key,
        element=element,
        role=_role(questionnaire, interview.role),
        respondent=interview.respondent,
        interviewer=interview.interviewer,
        date=interview.date,
        state=State.OPEN,
        score=None,
        confidence=None,
        note=None,
        reason=None,
        evidence=(),
        strength=None,
        saved_by=record.updated_by_name,
        saved_at=record.updated_at,
        used=used,
    )


def _evidence(
    questionnaire: Questionnaire | None, element: str, ticks: Mapping[str, Tick]
) -> tuple[tuple[Text, Tick], ...]:
    items = questionnaire.items if questionnaire else ()
    asked = next((item.evidence for item in items if item.element == element), ())
    words = {one.id: one.text for one in asked if one.id}
    order = [*words, *(key for key in ticks if key not in words)]
    return tuple((words.get(key, Text(en=key)), ticks[key]) for key in order if key in ticks)


def strength_of(note: Note) -> int | None:
    """Return how strong a note's evidence is: as the interviewer said, else by its ticks; None where neither says."""
    if note.strength is not None:
        return note.strength
    ticks = {tick for _, tick in note.evidence}
    if "seen" in ticks:
        return 2
    return 1 if ticks else None
