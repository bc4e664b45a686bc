"""Holding interviews: started, described, closed, reopened, archived, restored. Answers are saved by `answering`."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.content.versions import Reference, Version
from app.core.questionnaire import Mode
from app.core.rotation import propose_opening, rotated
from app.services import trail
from app.services.answering import (
    WRITABLE,
    InterviewClosed,
    answers_closed_because,
    closed_because,
    questionnaire_of,
)
from app.services.engagements import assessment_record, get_engagement_by_id, list_assessments
from app.services.interview_sheet import Mark, Sheet, dimensions, lay_out, read_agreed, read_sheet
from app.services.pinning import pin_questionnaire, pinned_framework
from app.services.refusals import Invalid, NotFound, Refused
from app.services.trail import Event, Where
from app.storage import assessments
from app.storage import interviews as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.framework import Framework
    from app.core.questionnaire import Questionnaire
    from app.services.clock import Clock
    from app.services.engagements import AssessmentSummary, EngagementView
    from app.services.permissions import Actor
    from app.storage.database import Session
    from app.storage.interviews import InterviewRecord

LONGEST_LABEL = 80
ROTATE = "-"  # begin with the dimension whose turn it is; no id can be this


@dataclass(frozen=True, slots=True)
class Workplace:
    """The assessment that interviews belong to. `closed`: why it takes no more interviews, None if it does."""

    engagement: EngagementView
    assessment: AssessmentSummary
    framework: Framework
    closed: str | None


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who is asked, by whom, when, where: labels of at most 80 characters, empty ones None.

    `starts_at` (aware) makes a planned interview an appointment; its day in the server's zone is then the `date`.
    `opens_with`: the capability of the first tier that is asked first; None: in the questionnaire's order; ROTATE, for
    a new interview: the one that opened least often in the assessment.
    """

    respondent: str | None = None
    interviewer: str | None = None
    date: date | None = None
    starts_at: datetime | None = None
    place: str | None = None
    opens_with: str | None = None


def workplace(session: Session, assessment_id: int) -> Workplace:
    """Return what surrounds the interviews of an assessment; NotFound if there is none."""
    record = assessment_record(session, assessment_id)
    summaries = list_assessments(session, record.engagement_id, archived=True)
    engagement = get_engagement_by_id(session, record.engagement_id)
    return Workplace(
        engagement=engagement,
        assessment=next(summary for summary in summaries if summary.id == assessment_id),
        framework=pinned_framework(session, record.framework_snapshot_id),
        closed=answers_closed_because(record.state, archived=record.is_archived or engagement.archived),
    )


def questionnaires_for(library: Library, framework: Framework) -> tuple[Questionnaire, ...]:
    """Return the questionnaires that fit a pinned framework, interview guides before self-assessments."""
    fitting = [
        questionnaire for questionnaire in library.questionnaires(framework.id) if _accepts(questionnaire, framework)
    ]
    return tuple(
        sorted(fitting, key=lambda questionnaire: (questionnaire.mode is not Mode.INTERVIEW, questionnaire.id))
    )


def _accepts(questionnaire: Questionnaire, framework: Framework) -> bool:
    reference = Reference.parse(questionnaire.framework)
    return reference is not None and reference.admits(Version.lenient(framework.version))


def start_interview(
    session: Session,
    assessment_id: int,
    *,
    questionnaire: str,
    role: str,
    particulars: Particulars,
    library: Library,
    actor: Actor,
    clock: Clock,
) -> int:
    """Start an interview, or plan one, with a questionnaire as it is now (`id@version`) for one of its roles.

    Returns its id. It is a draft, and nothing is made of it, until the first answer is saved; a draft with a
    `starts_at` is an appointment. Raises NotFound (assessment), InterviewClosed (the assessment is archived or
    published), Invalid.
    """
    place = workplace(session, assessment_id)
    if place.closed:
        raise InterviewClosed(place.closed)
    guide = _choice(questionnaires_for(library, place.framework), questionnaire)
    if role not in {known.id for known in guide.roles}:
        raise Invalid("role", "unknown-role", f"the questionnaire has no role {role!r}", role=role)
    if particulars.opens_with == ROTATE:
        asked = dimensions(place.framework, guide, role)
        opening = propose_opening(asked, openings(session, assessment_id, place.framework))
        particulars = replace(particulars, opens_with=opening)
    checked = _checked(particulars, place.framework)
    if place.assessment.state == "draft":
        assessments.update_assessment(session, assessment_id, state="in-progress")
    interview_id = store.insert_interview(
        session,
        store.NewInterview(
            assessment_id=assessment_id,
            engagement_id=place.engagement.id,
            key=_next_key(store.interviews_of(session, assessment_id)),
            questionnaire_snapshot_id=pin_questionnaire(session, guide, clock),
            questionnaire_reference=guide.reference,
            role=role,
            respondent=checked.respondent,
            interviewer=checked.interviewer,
            date=checked.date,
            starts_at=checked.starts_at,
            place=checked.place,
            opens_with=checked.opens_with,
            state="draft",
            created_at=clock(),
            created_by=actor.user_id,
        ),
    )
    trail.record(
        session,
        Event.INTERVIEW_STATE,
        actor=actor,
        clock=clock,
        where=Where(place.engagement.id, assessment_id),
        about=("interview", interview_id),
        details={"state": "draft"},
    )
    return interview_id


def _choice(fitting: tuple[Questionnaire, ...], reference: str) -> Questionnaire:
    for questionnaire in fitting:
        if questionnaire.reference == reference:
            return questionnaire
    raise Invalid(
        "questionnaire", "unknown-questionnaire", f"{reference!r} does not fit this assessment", reference=reference
    )


def _next_key(existing: tuple[InterviewRecord, ...]) -> str:
    taken = {record.key for record in existing}
    number = len(taken) + 1
    while f"i-{number:02d}" in taken:
        number += 1
    return f"i-{number:02d}"


def _checked(particulars: Particulars, framework: Framework) -> Particulars:
    starts_at, opens_with = particulars.starts_at, particulars.opens_with or None
    if opens_with is not None and opens_with not in dimensions(framework, None):
        message = f"{opens_with!r} is no capability of the first tier, or there is nothing to rotate"
        raise Invalid("opens_with", "unknown-dimension", message, id=opens_with)
    return Particulars(
        respondent=_label("respondent", particulars.respondent),
        interviewer=_label("interviewer", particulars.interviewer),
        date=particulars.date if starts_at is None else starts_at.astimezone().date(),
        starts_at=starts_at,
        place=_label("place", particulars.place),
        opens_with=opens_with,
    )


def _label(field: str, written: str | None) -> str | None:
    label = (written or "").strip()
    if len(label) > LONGEST_LABEL:
        message = f"{field} must not be longer than {LONGEST_LABEL} characters"
        raise Invalid(field, "label-too-long", message, most=str(LONGEST_LABEL))
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in label):
        raise Invalid(field, "control-characters", f"{field} must not hold control characters")
    return label or None


def describe_interview(session: Session, interview_id: int, particulars: Particulars) -> None:
    """Change who is asked, by whom, when, where and in which order; raises NotFound, Invalid."""
    record = _in_use(session, interview_id)
    checked = _checked(particulars, pinned_framework(session, record.framework_snapshot_id))
    store.update_interview(
        session,
        interview_id,
        interviewer=checked.interviewer,
        date=checked.date,
        starts_at=checked.starts_at,
        place=checked.place,
        opens_with=checked.opens_with,
    )
    store.rename_respondent(session, record.respondent_id, checked.respondent)


def openings(session: Session, assessment_id: int, framework: Framework) -> tuple[str, ...]:
    """Return with which capability of the first tier each interview in use of an assessment opens.

    Self-assessments, which nobody leads, are left out, and so is everything in a framework of a single tier.
    """
    found: list[str] = []
    for record in store.interviews_of(session, assessment_id):
        questionnaire = questionnaire_of(session, record)
        if record.archived_at is not None or (questionnaire and questionnaire.mode is not Mode.INTERVIEW):
            continue
        asked = dimensions(framework, questionnaire, record.role)
        cycle = rotated(dimensions(framework, questionnaire), record.opens_with)
        found += [dimension for dimension in cycle if dimension in asked][:1]
    return tuple(found)


def list_interviews(session: Session, assessment_id: int) -> tuple[Sheet, ...]:
    """Return every interview of an assessment with its progress, in the order they were started, archived ones too."""
    records = store.interviews_of(session, assessment_id)
    answers = store.answers_of(session, [record.id for record in records])
    agreed = None
    sheets = []
    for record in records:
        framework = pinned_framework(session, record.framework_snapshot_id)
        agreed = agreed if agreed is not None else read_agreed(session, assessment_id, framework)
        questionnaire = questionnaire_of(session, record)
        sheets.append(lay_out(record, framework, questionnaire, answers[record.id], agreed=agreed))
    return tuple(sheets)


def close_interview(session: Session, interview_id: int) -> None:
    """Close an interview: it is read-only from now on. (`handing_over` says when that may be.)

    Raises NotFound, InterviewIncomplete.
    """
    record = _record(session, interview_id)
    if record.state == "closed":
        return
    sheet = read_sheet(session, interview_id)
    faulty = tuple(line.element.id for line in sheet.lines if line.mark is Mark.PROBLEM)
    if faulty:
        raise InterviewIncomplete(faulty)
    store.update_interview(session, interview_id, state="closed")


def reopen_interview(session: Session, interview_id: int) -> None:
    """Let a closed interview take answers again; raises NotFound, Invalid (archived, or published)."""
    record = _in_use(session, interview_id)
    if record.state not in WRITABLE:
        store.update_interview(session, interview_id, state="in-progress")
        note_state(session, record, "in-progress")


def archive_interview(session: Session, interview_id: int, clock: Clock) -> None:
    """Take an interview out of use; it no longer counts, and nothing of it is lost. Raises NotFound, Invalid."""
    record = _changeable(session, interview_id)
    if record.archived_at is None:
        store.update_interview(session, interview_id, archived_at=clock())
        note_state(session, record, "archived")


def restore_interview(session: Session, interview_id: int) -> None:
    """Bring an archived interview back; raises NotFound, Invalid (the assessment is archived or published)."""
    record = _changeable(session, interview_id)
    store.update_interview(session, interview_id, archived_at=None)
    note_state(session, record, "restored")


def note_state(session: Session, record: InterviewRecord, state: str) -> None:
    """Tell the trail which state an interview came into (`archived`, `restored` beside those of its row)."""
    trail.note(
        session,
        Event.INTERVIEW_STATE,
        where=Where(record.engagement_id, record.assessment_id),
        about=("interview", record.id),
        details={"state": state},
    )


class InterviewIncomplete(Refused):
    """An interview that cannot be closed yet: `elements` are not applicable without their reason."""

    def __init__(self, elements: tuple[str, ...]) -> None:
        self.elements = elements
        super().__init__("interview-incomplete", f"not applicable without a reason: {', '.join(elements)}")


def _record(session: Session, interview_id: int) -> InterviewRecord:
    record = store.interview(session, interview_id)
    if record is None:
        raise NotFound("interview", interview_id)
    return record


def _in_use(session: Session, interview_id: int) -> InterviewRecord:
    record = _changeable(session, interview_id)
    if record.archived_at is not None:
        raise Invalid("interview", "interview-archived", f"interview {interview_id} is archived; restore it first")
    return record


def _changeable(session: Session, interview_id: int) -> InterviewRecord:
    record = _record(session, interview_id)
    closed = closed_because(record.assessment_state, archived=record.assessment_archived)
    if closed:
        raise Invalid("interview", closed, f"nothing of the assessment changes: {closed}")
    return record
