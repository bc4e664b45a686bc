"""Handing over: warnings accepted and withdrawn; an interview, then an assessment, given to review and sent back.

| interview                        | by     | becomes           |
|----------------------------------|--------|-------------------|
| draft, in-progress, changes-requested, nothing in the way | ANSWER | submitted |
| submitted                        | AGREE  | changes-requested, with what is to be changed; or closed |
| closed                           | ANSWER | in-progress (`interviewing.reopen_interview`) |

| assessment                       | by     | becomes           |
|----------------------------------|--------|-------------------|
| draft, in-progress, nothing in the way | AGREE | review         |
| review                           | AGREE  | in-progress, with what is to be changed |

In review no interview is started and no answer saved; agreed scores and findings may still be settled (decision 0020).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.services import interviewing, trail
from app.services.answering import ASSESSMENT_IN_REVIEW, WRITABLE, answers_closed_because, closed_because, why_closed
from app.services.assessing import load_assessment
from app.services.engagements import assessment_record
from app.services.finishing import (
    OPEN_ASSESSMENT,
    AssessmentFinish,
    Check,
    InterviewFinish,
    Step,
    check_assessment,
    check_interview,
)
from app.services.interviewing import InterviewIncomplete
from app.services.lines import paragraph
from app.services.permissions import Action, require
from app.services.refusals import Invalid, NotFound
from app.services.trail import Event, Where
from app.storage import assessments, interviews
from app.storage import warnings as store
from app.storage.warnings import Place

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session
    from app.storage.interviews import InterviewRecord

LONGEST_REASON = 500
STATE_AFTER = {  # the state that a step of (an interview: True, an assessment: False) leads to
    (Step.HANDED_OVER, True): "submitted",
    (Step.CHANGES_REQUESTED, True): "changes-requested",
    (Step.CLOSED, True): "closed",
    (Step.HANDED_OVER, False): ASSESSMENT_IN_REVIEW,
    (Step.CHANGES_REQUESTED, False): "in-progress",
}
LONGEST_REQUEST = 2000


# --- warnings -------------------------------------------------------------------------------------------------------


def accept_in_interview(
    session: Session,
    interview_id: int,
    code: str,
    about: Sequence[str],
    *,
    reason: str,
    actor: Actor,
    clock: Clock,
) -> int:
    """Accept warnings of one code in an interview that is still worked on; return how many were.

    `about` names what they are about; what is no warning any more, or is accepted already, is passed over. Raises
    NotPermitted, NotFound, Invalid (`state`, `reason`, `about`).
    """
    require(actor, Action.ANSWER)
    finish = check_interview(session, interview_id)
    _refuse("state", why_closed(finish.sheet.interview))
    return _accept(session, finish, code, about, reason=reason, actor=actor, clock=clock)


def accept_in_assessment(
    session: Session,
    assessment_id: int,
    code: str,
    about: Sequence[str],
    *,
    reason: str,
    actor: Actor,
    clock: Clock,
) -> int:
    """Accept warnings of one code about an assessment, as `accept_in_interview` does; also while it is in review."""
    require(actor, Action.AGREE)
    finish = check_assessment(session, assessment_id)
    _refuse("state", _why_closed(finish.view))
    return _accept(session, finish, code, about, reason=reason, actor=actor, clock=clock)


def _accept(
    session: Session,
    finish: InterviewFinish | AssessmentFinish,
    code: str,
    about: Sequence[str],
    *,
    reason: str,
    actor: Actor,
    clock: Clock,
) -> int:
    words = paragraph(reason, field="reason", longest=LONGEST_REASON, required=True)
    if not about:
        raise Invalid("about", "nothing-chosen", "choose what the reason is about")
    waiting = [
        concern.about
        for topic in finish.check.topics
        if topic.code == code and not topic.is_error
        for concern in topic.waiting
        if concern.about in about
    ]
    store.insert_warnings(session, finish.place, waiting, code=code, reason=words, at=clock(), user_id=actor.user_id)
    return len(waiting)


def withdraw_in_interview(
    session: Session, interview_id: int, ids: Sequence[int], *, actor: Actor, clock: Clock
) -> int:
    """Take accepted warnings of an interview back; return how many stood. Raises NotPermitted, NotFound, Invalid."""
    require(actor, Action.ANSWER)
    finish = check_interview(session, interview_id)
    _refuse("state", why_closed(finish.sheet.interview))
    return _withdraw(session, finish, ids, clock)


def withdraw_in_assessment(
    session: Session, assessment_id: int, ids: Sequence[int], *, actor: Actor, clock: Clock
) -> int:
    """Take accepted warnings of an assessment back; return how many stood. Raises NotPermitted, NotFound, Invalid."""
    require(actor, Action.AGREE)
    finish = check_assessment(session, assessment_id)
    _refuse("state", _why_closed(finish.view))
    return _withdraw(session, finish, ids, clock)


def _withdraw(session: Session, finish: InterviewFinish | AssessmentFinish, ids: Sequence[int], clock: Clock) -> int:
    accepted = {one for topic in finish.check.topics for acceptance in topic.acceptances for one in acceptance.ids}
    return store.withdraw_warnings(session, finish.place, [one for one in ids if one in accepted], at=clock())


# --- an interview ---------------------------------------------------------------------------------------------------


def submit_interview(session: Session, interview_id: int, *, actor: Actor, clock: Clock) -> None:
    """Hand an interview over to the reviewer: from now on it takes no answers.

    Raises NotPermitted, NotFound, Invalid (`state`; `check` while errors or warnings without a reason are left).
    """
    require(actor, Action.ANSWER)
    finish = check_interview(session, interview_id)
    _refuse("state", why_closed(finish.sheet.interview))
    _refuse_unready(finish.check)
    interviews.update_interview(session, interview_id, state="submitted", request=None)
    _step(session, finish.place, Step.HANDED_OVER, "", actor, clock)


def request_changes(session: Session, interview_id: int, words: str, *, actor: Actor, clock: Clock) -> None:
    """Give a submitted interview back with what is to be changed; it takes answers again.

    Raises NotPermitted, NotFound, Invalid (`state`, `words`).
    """
    require(actor, Action.AGREE)
    record = _submitted(session, interview_id)
    _refuse("state", answers_closed_because(record.assessment_state, archived=record.assessment_archived))
    text = paragraph(words, field="words", longest=LONGEST_REQUEST, required=True)
    interviews.update_interview(session, interview_id, state="changes-requested", request=text)
    _step(session, Place(record.assessment_id, interview_id), Step.CHANGES_REQUESTED, text, actor, clock)


def close_interview(session: Session, interview_id: int, *, actor: Actor, clock: Clock) -> None:
    """Find a submitted interview in order: it is closed.

    Raises NotPermitted, NotFound, Invalid (`state`; `check` for errors, which an imported interview may have).
    """
    require(actor, Action.AGREE)
    record = _submitted(session, interview_id)
    _refuse("state", closed_because(record.assessment_state, archived=record.assessment_archived))
    try:
        interviewing.close_interview(session, interview_id)
    except InterviewIncomplete as incomplete:
        count = str(len(incomplete.elements))
        raise Invalid("check", "errors-left", f"{count} errors to mend", errors=count) from incomplete
    _step(session, Place(record.assessment_id, interview_id), Step.CLOSED, "", actor, clock)


def _submitted(session: Session, interview_id: int) -> InterviewRecord:
    record = interviews.interview(session, interview_id)
    if record is None:
        raise NotFound("interview", interview_id)
    if record.archived_at is not None:
        _refuse("state", "interview-archived")
    if record.state != "submitted":
        _refuse("state", "interview-not-submitted" if record.state in WRITABLE else "interview-closed")
    return record


# --- an assessment --------------------------------------------------------------------------------------------------


def hand_over_assessment(session: Session, assessment_id: int, *, actor: Actor, clock: Clock) -> None:
    """Give an assessment to review: no interview is started and no answer saved until it is sent back.

    Raises NotPermitted, NotFound, Invalid (`state`; `check` while errors or warnings without a reason are left).
    """
    require(actor, Action.AGREE)
    finish = check_assessment(session, assessment_id)
    _refuse("state", _why_closed(finish.view))
    if finish.view.state not in OPEN_ASSESSMENT:
        _refuse("state", "assessment-in-review")
    _refuse_unready(finish.check)
    assessments.update_assessment(session, assessment_id, state=ASSESSMENT_IN_REVIEW)
    _step(session, finish.place, Step.HANDED_OVER, "", actor, clock)


def send_back_assessment(session: Session, assessment_id: int, words: str, *, actor: Actor, clock: Clock) -> None:
    """Give an assessment in review back with what is to be changed. Raises NotPermitted, NotFound, Invalid."""
    require(actor, Action.AGREE)
    view = load_assessment(session, assessment_id)
    _refuse("state", _why_closed(view))
    if view.state != ASSESSMENT_IN_REVIEW:
        _refuse("state", "assessment-not-in-review")
    text = paragraph(words, field="words", longest=LONGEST_REQUEST, required=True)
    assessments.update_assessment(session, assessment_id, state="in-progress")
    _step(session, Place(assessment_id), Step.CHANGES_REQUESTED, text, actor, clock)


# --- what all of them need ------------------------------------------------------------------------------------------


def _why_closed(view: AssessmentView) -> str | None:
    return closed_because(view.state, archived=view.archived or view.engagement.archived)


def _step(session: Session, place: Place, step: Step, words: str, actor: Actor, clock: Clock) -> None:  # noqa: PLR0917
    """Keep the words of a step with the warnings (decision 0020), and that it was taken in the trail."""
    store.insert_warnings(session, place, [""], code=step.value, reason=words, at=clock(), user_id=actor.user_id)
    of_interview = place.interview_id is not None
    trail.record(
        session,
        Event.INTERVIEW_STATE if of_interview else Event.ASSESSMENT_STATE,
        actor=actor,
        clock=clock,
        where=Where(assessment_record(session, place.assessment_id).engagement_id, place.assessment_id),
        about=("interview", place.interview_id) if place.interview_id is not None else None,
        details={"state": STATE_AFTER[step, of_interview]},
    )


def _refuse(field: str, why: str | None) -> None:
    if why:
        raise Invalid(field, why, f"not now: {why}")


def _refuse_unready(check: Check) -> None:
    if not check.ready:
        message = f"{check.errors} errors to mend and {check.waiting} warnings without a reason"
        raise Invalid("check", "not-ready", message, errors=str(check.errors), waiting=str(check.waiting))
