"""Personal links: made for respondents, handed out once, found again by their token alone, renewed and ended.

A link is a token of 256 bits that nobody can guess; the database holds its SHA-256 alone, so that nobody who reads the
database can fill in anything. Each link belongs to one interview with a questionnaire of mode self-assessment. A link
that is unknown, ended or expired is the same to whoever holds it: none.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.questionnaire import Mode
from app.core.text import Text
from app.services import interviewing, trail
from app.services.answering import InterviewClosed, closed_because
from app.services.interview_sheet import read_sheet
from app.services.refusals import Invalid, NotFound
from app.services.tokens import token_hash
from app.services.trail import Event, Where
from app.storage import interviews
from app.storage import personal_links as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.framework import Framework
    from app.core.questionnaire import Questionnaire
    from app.services.clock import Clock
    from app.services.interview_sheet import Sheet
    from app.services.permissions import Actor
    from app.storage.database import Session
    from app.storage.interviews import InterviewRecord
    from app.storage.personal_links import LinkRecord

TOKEN_BYTES = 32
DAYS = (7, 14, 30, 60, 90)  # how long a link may be good
USUAL_DAYS = 30
MOST_AT_ONCE = 200
SUBMITTED = ("submitted", "closed")


class LinkState(StrEnum):
    """What becomes of a link, as consultants see it."""

    NOT_OPENED = "not-opened"
    OPENED = "opened"
    IN_PROGRESS = "in-progress"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes-requested"
    ENDED = "ended"
    EXPIRED = "expired"
    NONE = "none"  # a self-assessment without a link: filled in by a consultant, or imported


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom a link is to be made: a role of the questionnaire, and a label (not a name) or none."""

    role: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made. `token` is known now and never again."""

    interview_id: int
    key: str
    role: str
    label: str | None
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FormTokens:
    """The tokens of one form: the same whenever it is posted again, and guessed by nobody without the `secret`.

    So whoever reloads the page of new links sees these links again, and no others are made.
    """

    secret: str
    form: str

    def token(self, position: int) -> str:
        """Return the token of the form's link at a position, as long as a random one."""
        message = f"personal link {self.form} {position}".encode()
        return urlsafe_b64encode(hmac.digest(self.secret.encode(), message, "sha256")).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One self-assessment of an assessment with its newest link, if it ever had one."""

    sheet: Sheet
    link: LinkRecord | None
    state: LinkState

    @property
    def is_submitted(self) -> bool:
        """Tell whether the respondent has handed it in."""
        return self.sheet.interview.state in SUBMITTED


def self_assessments_for(library: Library, framework: Framework) -> tuple[Questionnaire, ...]:
    """Return the questionnaires that respondents of this framework may fill in alone."""
    return tuple(
        questionnaire
        for questionnaire in interviewing.questionnaires_for(library, framework)
        if questionnaire.mode is Mode.SELF_ASSESSMENT
    )


def create_links(  # noqa: PLR0913 - one parameter per choice of the form
    session: Session,
    assessment_id: int,
    *,
    questionnaire: str,
    wanted: Sequence[Wanted],
    days: int,
    library: Library,
    actor: Actor,
    clock: Clock,
    tokens: FormTokens | None = None,
) -> tuple[NewLink, ...]:
    """Start one self-assessment with a link for each of `wanted`, all good for `days`; all or none.

    Posted again with the same `tokens`, it makes nothing and returns the links that were made then.

    Raises NotFound (assessment), InterviewClosed, Invalid (questionnaire, role, label, days, wanted).
    """
    place = interviewing.workplace(session, assessment_id)
    if place.closed:
        raise InterviewClosed(place.closed)
    if questionnaire not in {one.reference for one in self_assessments_for(library, place.framework)}:
        raise Invalid("questionnaire", "unknown-questionnaire", "no self-assessment of this name fits the assessment")
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        code = "no-links" if not wanted else "too-many-links"
        raise Invalid("wanted", code, f"make 1 to {MOST_AT_ONCE} links at once", most=str(MOST_AT_ONCE))
    expires_at = _expiry(days, clock)
    if tokens is not None:
        before = _made_before(session, assessment_id, tokens)
        if before:
            return before
    made = []
    for position, one in enumerate(wanted):
        interview_id = interviewing.start_interview(
            session,
            assessment_id,
            questionnaire=questionnaire,
            role=one.role,
            particulars=interviewing.Particulars(respondent=one.label),
            library=library,
            actor=actor,
            clock=clock,
        )
        token = tokens.token(position) if tokens else secrets.token_urlsafe(TOKEN_BYTES)
        made.append(_new_link(session, interview_id, token, expires_at, actor, clock))
    return tuple(made)


def _made_before(session: Session, assessment_id: int, tokens: FormTokens) -> tuple[NewLink, ...]:
    """Return the links that this form made for this assessment, in its order."""
    found: list[NewLink] = []
    for position in range(MOST_AT_ONCE):
        token = tokens.token(position)
        link = store.link_by_hash(session, token_hash(token))
        record = interviews.interview(session, link.interview_id) if link else None
        if link is None or record is None or record.assessment_id != assessment_id:
            break
        found.append(NewLink(record.id, record.key, record.role, record.respondent, token, link.expires_at))
    return tuple(found)


def _expiry(days: int, clock: Clock) -> datetime:
    if days not in DAYS:
        raise Invalid("days", "unknown-days", f"a link is good for one of {', '.join(map(str, DAYS))} days")
    return clock() + timedelta(days=days)


def _new_link(  # noqa: PLR0917 - one parameter per fact of a link
    session: Session, interview_id: int, token: str, expires_at: datetime, actor: Actor, clock: Clock
) -> NewLink:
    store.insert_link(
        session,
        interview_id=interview_id,
        token_hash=token_hash(token),
        at=clock(),
        expires_at=expires_at,
        user_id=actor.user_id,
    )
    record = interviews.interview(session, interview_id)
    assert record is not None
    _told(session, record, Event.LINK_MADE)
    return NewLink(interview_id, record.key, record.role, record.respondent, token, expires_at)


def _told(session: Session, record: InterviewRecord, event: Event) -> None:
    where = Where(record.engagement_id, record.assessment_id)
    trail.note(session, event, where=where, about=("interview", record.id), details={"kind": "self-assessment"})


def renew_link(
    session: Session, assessment_id: int, interview_id: int, *, days: int, actor: Actor, clock: Clock
) -> NewLink:
    """Make a new link for a self-assessment; those it had end at once. Raises NotFound, InterviewClosed, Invalid."""
    record = _self_assessment(session, assessment_id, interview_id).interview
    closed = closed_because(record.assessment_state, archived=record.assessment_archived)
    if closed or record.archived_at is not None:
        raise InterviewClosed(closed or "interview-archived")
    expires_at = _expiry(days, clock)
    store.end_links(session, interview_id, clock())
    return _new_link(session, record.id, secrets.token_urlsafe(TOKEN_BYTES), expires_at, actor, clock)


def role_name_of(session: Session, link: NewLink) -> Text:
    """Return what the role of a link is called in its questionnaire."""
    role = read_sheet(session, link.interview_id).role
    return role.name if role else Text(en=link.role)


def end_link(session: Session, assessment_id: int, interview_id: int, *, clock: Clock) -> None:
    """End the links of a self-assessment at once; what was answered stays. Raises NotFound."""
    record = _self_assessment(session, assessment_id, interview_id).interview
    store.end_links(session, interview_id, clock())
    _told(session, record, Event.LINK_ENDED)


def reopen(session: Session, assessment_id: int, interview_id: int) -> None:
    """Let a submitted self-assessment take answers again; raises NotFound, InterviewClosed."""
    record = _self_assessment(session, assessment_id, interview_id).interview
    closed = interviewing.workplace(session, assessment_id).closed
    if closed or record.archived_at is not None:
        raise InterviewClosed(closed or "interview-archived")
    interviewing.reopen_interview(session, interview_id)


def _self_assessment(session: Session, assessment_id: int, interview_id: int) -> Sheet:
    sheet = read_sheet(session, interview_id)
    if sheet.interview.assessment_id != assessment_id or not is_self_assessment(sheet):
        raise NotFound("self-assessment", interview_id)
    return sheet


def is_self_assessment(sheet: Sheet) -> bool:
    """Tell whether the respondent scores in this interview."""
    return sheet.questionnaire is not None and sheet.questionnaire.mode is Mode.SELF_ASSESSMENT


def link_lines(session: Session, sheets: Sequence[Sheet], *, clock: Clock) -> tuple[LinkLine, ...]:
    """Return these self-assessments, each with its newest link and what became of it."""
    links = store.newest_links(session, [sheet.interview.id for sheet in sheets])
    return tuple(
        LinkLine(sheet, links.get(sheet.interview.id), _state(sheet, links.get(sheet.interview.id), clock()))
        for sheet in sheets
    )


def _state(sheet: Sheet, link: LinkRecord | None, now: datetime) -> LinkState:
    if sheet.interview.state in SUBMITTED:
        return LinkState.SUBMITTED
    if link is None:
        return LinkState.NONE
    if not _is_alive(link, now):
        return LinkState.EXPIRED if link.ended_at is None else LinkState.ENDED
    if sheet.interview.state == "changes-requested":
        return LinkState.CHANGES_REQUESTED
    if sheet.saved_at is not None:
        return LinkState.IN_PROGRESS
    return LinkState.NOT_OPENED if link.opened_at is None else LinkState.OPENED


def link_of_token(session: Session, token: str, *, clock: Clock) -> int | None:
    """Return the id of the living link whose token this is; None for any other text."""
    wanted = token_hash(token)
    found = store.link_by_hash(session, wanted)
    if found is None or not hmac.compare_digest(found.token_hash, wanted):
        return None
    return found.id if _is_alive(found, clock()) else None


def living_link(session: Session, link_id: int, *, clock: Clock) -> LinkRecord | None:
    """Return a link that still opens its interview; None when it has ended or expired."""
    found = store.link(session, link_id)
    return found if found is not None and _is_alive(found, clock()) else None


def note_opened(session: Session, link_id: int, *, clock: Clock) -> None:
    """Note that a link was opened, the first time."""
    store.set_opened(session, link_id, clock())


def _is_alive(link: LinkRecord, now: datetime) -> bool:
    return link.ended_at is None and now < link.expires_at
