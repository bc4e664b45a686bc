"""The trail: who did what, when, to which thing. Written in the transaction of what it tells; never changed.

Score changes, agreed scores, findings and wordings have append-only revisions of their own, which the trail shows
beside its events; they are not written twice. Events hold ids, codes and numbers, never names, answers or notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.services.clock import Clock, system_clock
from app.services.permissions import Actor
from app.services.walls import asker
from app.storage import trail as store
from app.storage.database import Session


class Event(StrEnum):
    """What can happen. The words stand in the web; the values are stored for good."""

    SIGNED_IN = "sign-in.done"
    SIGN_IN_FAILED = "sign-in.failed"
    SIGN_IN_THROTTLED = "sign-in.throttled"
    SIGNED_OUT = "sign-in.ended"
    DENIED = "access.denied"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ROLE_CHANGED = "account.role"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    PASSWORD_CHANGED = "account.password"  # noqa: S105 - a kind of event
    SECOND_FACTOR_CHANGED = "account.second-factor"
    IDENTITY_LINKED = "account.identity"
    IDENTITY_UNLINKED = "account.identity-unlinked"
    LINK_MADE = "link.made"
    LINK_USED = "link.used"
    LINK_ENDED = "link.ended"
    MEMBER_ADDED = "member.added"
    MEMBER_CHANGED = "member.part"
    MEMBER_REMOVED = "member.removed"
    ENGAGEMENT_CHANGED = "engagement.changed"
    ENGAGEMENT_ERASED = "engagement.erased"
    ASSESSMENT_CHANGED = "assessment.changed"
    ASSESSMENT_STATE = "assessment.state"
    ASSESSMENT_PUBLISHED = "assessment.published"
    ASSESSMENT_CORRECTED = "assessment.corrected"
    INTERVIEW_STATE = "interview.state"
    RESPONDENT_ERASED = "respondent.erased"
    IMPORTED = "import.done"
    EXPORTED = "export.done"
    REPORT_ASKED = "report.asked"
    REPORT_FETCHED = "report.fetched"
    CONTENT_CHANGED = "content.changed"
    CONTENT_PUBLISHED = "content.published"
    BACKED_UP = "backup.done"
    RESTORED = "restore.done"
    CLEARED = "retention.done"


@dataclass(frozen=True, slots=True)
class Where:
    """The engagement, assessment and element that something happened to, as far as there are any."""

    engagement_id: int | None = None
    assessment_id: int | None = None
    element: str | None = None


NOWHERE = Where()


def record(
    session: Session,
    event: Event,
    *,
    actor: Actor | int | None,
    clock: Clock,
    where: Where = NOWHERE,
    about: tuple[str, int] | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Add an event to the trail in this transaction.

    `actor`: who did it (None: the command line, or nobody who is known). `about`: kind and id of the thing, such as
    ("job", 7). `details`: ids, codes, numbers as JSON. The request's id is that of the session.
    """
    store.insert_event(
        session,
        store.NewEvent(
            at=clock(),
            kind=event.value,
            user_id=actor.user_id if isinstance(actor, Actor) else actor,
            engagement_id=where.engagement_id,
            assessment_id=where.assessment_id,
            element=where.element,
            object_kind=about[0] if about else None,
            object_id=about[1] if about else None,
            details=details,
            request=session.info.get("request"),
        ),
    )


def note(
    session: Session,
    event: Event,
    *,
    where: Where = NOWHERE,
    about: tuple[str, int] | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Add an event as `record` does, for services that are told neither who asks nor what time it is.

    The session knows both where it belongs to a request; otherwise (command line, worker) nobody is named.
    """
    clock: Clock = session.info.get("clock", system_clock)
    record(session, event, actor=asker(session), clock=clock, where=where, about=about, details=details)
