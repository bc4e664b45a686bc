"""Releasing a result: an assessment in review is published, and what it says is stored for good with its hash.

From then on every writing service refuses it (`answering.closed_because`). A mistake is put right in a further revision
(`correcting`); `verifying` computes a released result anew and tells where it differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from app.content.snapshot import digest
from app.services import trail
from app.services.answering import ASSESSMENT_IN_REVIEW, FINAL_ASSESSMENT, closed_because
from app.services.engagements import assessment_record, get_assessment
from app.services.fingerprints import program
from app.services.finishing import AssessmentFinish, check_assessment
from app.services.lines import paragraph
from app.services.permissions import Action, require
from app.services.proposing import waiting
from app.services.refusals import Invalid
from app.services.result_document import result_document
from app.services.trail import Event, Where
from app.storage import assessments
from app.storage import releases as store

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session
    from app.storage.releases import ReleaseRecord

LONGEST_NOTE = 2000
SHORT = 12  # characters of a hash that people compare


@dataclass(frozen=True, slots=True)
class ReleasePreview:
    """What would be released now. `obstacles`: codes of what stands in the way; `refused`: elements of which the
    newest save lost a conflict, so that somebody should look whether the stored value is the one that was meant.
    """

    finish: AssessmentFinish
    document: str
    proposals: int
    refused: tuple[str, ...]
    obstacles: tuple[str, ...]

    @property
    def view(self) -> AssessmentView:
        """The assessment."""
        return self.finish.view

    @property
    def hash(self) -> str:
        """What the released result would be known by."""
        return digest(self.document)


def preview_release(session: Session, assessment_id: int) -> ReleasePreview:
    """Return what a release of an assessment would store, and what stands in its way; raises NotFound."""
    finish = check_assessment(session, assessment_id)
    refused = store.refused_decisions(session, assessment_id) | store.refused_answers(session, assessment_id)
    order = [leaf.id for leaf in finish.view.framework.leaves]
    proposals = waiting(session, assessment_id)
    return ReleasePreview(
        finish=finish,
        document=result_document(finish.view),
        proposals=proposals,
        refused=tuple(element for element in order if element in refused),
        obstacles=tuple(_obstacles(session, finish, proposals)),
    )


def _obstacles(session: Session, finish: AssessmentFinish, proposals: int) -> list[str]:
    view = finish.view
    found = [closed_because(view.state, archived=view.archived or view.engagement.archived)]
    if view.state not in (ASSESSMENT_IN_REVIEW, FINAL_ASSESSMENT):
        found.append("assessment-not-in-review")
    if not get_assessment(session, view.id).current:
        found.append("assessment-not-current")
    if not finish.check.ready:
        found.append("not-ready")
    if proposals:
        found.append("proposals-open")
    return [code for code in found if code]


def release_result(
    session: Session,
    assessment_id: int,
    *,
    seen: str,
    looked_at: bool = False,
    note: str = "",
    actor: Actor,
    clock: Clock,
) -> str:
    """Publish an assessment in review; return the hash of its result.

    `seen`: the hash of the preview that was agreed to; `looked_at`: refused saves were looked at. Raises NotPermitted,
    NotFound, Invalid (`state`, `check`, `proposals`, `looked_at`, `note`; `seen` when the result is another one now).
    """
    require(actor, Action.MANAGE)
    preview = preview_release(session, assessment_id)
    _refuse(preview)
    if preview.refused and not looked_at:
        count = str(len(preview.refused))
        raise Invalid("looked_at", "conflicts-open", f"{count} elements whose newest save was refused", n=count)
    if preview.hash != seen:
        raise Invalid("seen", "result-changed", "the result changed after it was looked at")
    words = paragraph(note, field="note", longest=LONGEST_NOTE)
    record = assessment_record(session, assessment_id)
    assessments.update_assessment(session, assessment_id, state=FINAL_ASSESSMENT)
    release_id = store.insert_release(
        session,
        assessment_id=assessment_id,
        revision=record.revision,
        document=preview.document,
        hash=preview.hash,
        framework_hash=record.framework_hash,
        program=program_version(),
        note=words or None,
        published_at=clock(),
        published_by=actor.user_id,
    )
    trail.record(
        session,
        Event.ASSESSMENT_PUBLISHED,
        actor=actor,
        clock=clock,
        where=Where(record.engagement_id, assessment_id),
        about=("result", release_id),
        details={"revision": record.revision, "hash": preview.hash},
    )
    return preview.hash


def _refuse(preview: ReleasePreview) -> None:
    for code in preview.obstacles:
        if code == "not-ready":
            check = preview.finish.check
            errors, unexplained = str(check.errors), str(check.waiting)
            message = f"{errors} errors to mend and {unexplained} warnings without a reason"
            raise Invalid("check", code, message, errors=errors, waiting=unexplained)
        if code == "proposals-open":
            raise Invalid("proposals", code, f"{preview.proposals} proposals wait", n=str(preview.proposals))
        raise Invalid("state", code, f"not now: {code}")


def released(session: Session, assessment_id: int) -> ReleaseRecord | None:
    """Return the released result of an assessment; None while it has none. Raises NotFound."""
    assessment_record(session, assessment_id)
    return store.release_of(session, assessment_id)


def program_version() -> str:
    """Return what computes figures here: the version of the program and the beginning of the hash of its files."""
    return f"{version('crm-maturity')}+{program()[:SHORT]}"
