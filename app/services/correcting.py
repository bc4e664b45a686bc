"""Putting a released assessment right: a further revision with everything of the former, and the reason for it.

The released one stays as it is and can be read for ever; executives go on seeing it until the correction is released.
Interviews come along as they were handed over: who has to change an answer reopens one, or requests changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import trail
from app.services.answer_fields import OPEN, differing, fields_of
from app.services.answering import FINAL_ASSESSMENT
from app.services.engagements import assessment_record, get_assessment, get_engagement_by_id
from app.services.finishing import STEPS
from app.services.lines import paragraph
from app.services.permissions import Action, require
from app.services.refusals import Invalid
from app.services.trail import Event, Where
from app.storage import assessments, interviews
from app.storage import corrections as store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.assessments import AssessmentRecord
    from app.storage.attachment_files import AttachmentFolder
    from app.storage.database import Session

LONGEST_REASON = 500


def begin_correction(
    session: Session, assessment_id: int, reason: str, *, folder: AttachmentFolder, actor: Actor, clock: Clock
) -> int:
    """Begin the correction of a released assessment; return the id of the new revision, which is in progress.

    Raises NotPermitted, NotFound, Invalid (`state`: not released, not the newest revision, archived; `reason`).
    """
    require(actor, Action.MANAGE)
    record = assessment_record(session, assessment_id)
    _check(session, assessment_id)
    words = checked_reason(reason)
    revisions = assessments.revisions_of(
        session, unit_id=record.unit_id, round_id=record.round_id, framework_key=record.framework_key
    )
    copy_id = store.copy_assessment(
        session,
        assessment_id,
        revision=max(one.revision for one in revisions) + 1,
        state="in-progress",
        correction=words,
        created_at=clock(),
        created_by=actor.user_id,
        archived_at=None,
    )
    store.copy_agreed(session, assessment_id, copy_id)
    copies = store.copy_interviews(session, assessment_id, copy_id)
    store.copy_answers(session, copies, _told(session, copies))
    findings = store.copy_findings(session, assessment_id, copy_id, copies)
    store.copy_warnings(session, assessment_id, copy_id, copies, besides=STEPS)
    _copy_attachments(session, folder, assessment_id, copy_id, copies, findings)
    tell_of_correction(session, record, copy_id, actor=actor, clock=clock)
    return copy_id


def checked_reason(reason: str) -> str:
    """Return why a released assessment is corrected, without blanks around it; Invalid (`reason`)."""
    return paragraph(reason, field="reason", longest=LONGEST_REASON, required=True)


def tell_of_correction(
    session: Session, former: AssessmentRecord, revision_id: int, *, actor: Actor | None, clock: Clock
) -> None:
    """Tell the trail that a further revision corrects a former one."""
    trail.record(
        session,
        Event.ASSESSMENT_CORRECTED,
        actor=actor,
        clock=clock,
        where=Where(former.engagement_id, revision_id),
        about=("assessment", former.id),
        details={"revision": former.revision},
    )


def _check(session: Session, assessment_id: int) -> None:
    summary = get_assessment(session, assessment_id)
    engagement = get_engagement_by_id(session, assessment_record(session, assessment_id).engagement_id)
    if summary.archived or engagement.archived:
        raise Invalid("state", "assessment-archived", "the assessment is archived")
    if summary.state != FINAL_ASSESSMENT:
        raise Invalid("state", "assessment-not-published", "only a released assessment is corrected")
    if not summary.current:
        raise Invalid("state", "correction-begun", "there is a later revision already")


def _told(session: Session, copies: Mapping[int, int]) -> dict[int, dict[str, dict[str, object]]]:
    """Return the fields of every answer, as the first revision of its copy tells them."""
    return {
        interview_id: {
            element: differing(fields_of(OPEN), fields_of(answer.values)) for element, answer in answers.items()
        }
        for interview_id, answers in interviews.answers_of(session, list(copies)).items()
    }


def _copy_attachments(  # noqa: PLR0917 - from where, to where, with which ids
    session: Session,
    folder: AttachmentFolder,
    former_id: int,
    assessment_id: int,
    copies: Mapping[int, int],
    findings: Mapping[int, int],
) -> None:
    """Give every file in use a further name and row; one that the folder lost stays with the former revision."""
    rows = []
    for row in store.attachments_in_use(session, former_id):
        name = folder.duplicate(row["stored_as"])
        if name is not None:
            rows.append(
                {
                    **row,
                    "assessment_id": assessment_id,
                    "stored_as": name,
                    "interview_id": copies.get(row["interview_id"]),
                    "finding_id": findings.get(row["finding_id"]),
                }
            )
    store.insert_attachments(session, rows)
