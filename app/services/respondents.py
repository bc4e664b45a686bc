"""Who was asked, for those who run an engagement: listed, and erased by name when nobody needs it any more.

A respondent's name stands in one place. Erasing blanks it, with where they were met; what they said stays, and says no
more who said it. Free texts are not searched and replaced: a sentence without its name is somebody's to mend.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.text import Text
from app.services import trail
from app.services.compacting import owe_compaction
from app.services.engagements import get_engagement_by_id, list_assessments
from app.services.permissions import Action, require
from app.services.refusals import NotFound
from app.services.trail import Event, Where
from app.storage import erasing as store
from app.storage import jobs, retaining
from app.storage import mentions as texts

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.engagements import AssessmentSummary
    from app.services.permissions import Actor
    from app.settings import Settings
    from app.storage.database import Session
    from app.storage.erasing import RespondentRecord
    from app.storage.mentions import MentionRecord

SHORTEST_SEARCHED = 2  # one character stands in too many words


@dataclass(frozen=True, slots=True)
class InterviewNamed:
    """An interview of a respondent."""

    id: int
    key: str
    role: str
    state: str
    has_link: bool
    assessment_id: int
    unit: Text
    round: Text


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody who was asked. `label` None: erased, or never named."""

    id: int
    label: str | None
    interviews: tuple[InterviewNamed, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Where else a name stands: texts that somebody can mend, and how many former wordings that nobody can."""

    texts: tuple[MentionRecord, ...] = ()
    histories: int = 0

    def __bool__(self) -> bool:
        return bool(self.texts or self.histories)


def list_respondents(session: Session, engagement_id: int) -> tuple[Respondent, ...]:
    """Return everybody who was asked in an engagement, in the order in which they were taken in."""
    get_engagement_by_id(session, engagement_id)
    known = {one.id: one for one in list_assessments(session, engagement_id, archived=True)}
    found: dict[int, Respondent] = {}
    for record in store.respondents_of(session, engagement_id):
        before = found.get(record.id)
        interviews = (*(before.interviews if before else ()), _interview(record, known[record.assessment_id]))
        found[record.id] = Respondent(record.id, record.label, interviews)
    return tuple(found.values())


def _interview(record: RespondentRecord, assessment: AssessmentSummary) -> InterviewNamed:
    return InterviewNamed(
        id=record.interview_id,
        key=record.interview_key,
        role=record.role,
        state=record.state,
        has_link=record.has_link,
        assessment_id=record.assessment_id,
        unit=assessment.unit.name,
        round=assessment.round.name,
    )


def get_respondent(session: Session, engagement_id: int, respondent_id: int) -> Respondent:
    """Return one respondent of an engagement; NotFound for those of others too."""
    for one in list_respondents(session, engagement_id):
        if one.id == respondent_id:
            return one
    raise NotFound("respondent", respondent_id)


def mentions_of(session: Session, engagement_id: int, label: str | None) -> Mentions:
    """Return where else a name stands, as it is written; nothing for a single character."""
    words = (label or "").strip()
    if len(words) < SHORTEST_SEARCHED:
        return Mentions()
    return Mentions(texts.mentions(session, engagement_id, words), texts.histories_with(session, engagement_id, words))


def erase_respondent(
    session: Session, engagement_id: int, respondent_id: int, *, settings: Settings, actor: Actor | None, clock: Clock
) -> None:
    """Blank who a respondent is and where they were met; their links and printed interviews go too.

    Also in what is published: figures and words stay as they are. Call `compact` after the transaction. Raises
    NotPermitted, NotFound.
    """
    _allowed(session, engagement_id, actor)
    found = get_respondent(session, engagement_id, respondent_id)
    owe_compaction(settings)
    _blank(session, engagement_id, found, settings=settings, actor=actor, clock=clock)


def erase_respondents(
    session: Session, engagement_id: int, *, settings: Settings, actor: Actor | None, clock: Clock
) -> int:
    """Do so for everybody who is still named in an engagement; return how many. Raises NotPermitted, NotFound."""
    _allowed(session, engagement_id, actor)
    named = [one for one in list_respondents(session, engagement_id) if one.label]
    if named:
        owe_compaction(settings)
    for one in named:
        _blank(session, engagement_id, one, settings=settings, actor=actor, clock=clock)
    return len(named)


def _allowed(session: Session, engagement_id: int, actor: Actor | None) -> None:
    get_engagement_by_id(session, engagement_id)
    if actor is not None:  # the worker and the command line act for nobody
        require(actor, Action.MANAGE)


def _blank(
    session: Session, engagement_id: int, one: Respondent, *, settings: Settings, actor: Actor | None, clock: Clock
) -> None:
    store.blank_respondent(session, one.id, clock())
    interviews = {interview.id for interview in one.interviews}
    forget_guides(session, interviews, settings, clock)
    remove_workbooks(settings, interviews)
    trail.record(
        session,
        Event.RESPONDENT_ERASED,
        actor=actor,
        clock=clock,
        where=Where(engagement_id),
        about=("respondent", one.id),
        details={"count": len(interviews)},
    )


def forget_guides(session: Session, interview_ids: set[int], settings: Settings, clock: Clock) -> None:
    """Remove the files of printed interviews, and cancel what prints them: whoever was asked may stand on them."""
    for number, parameters in retaining.unfinished_guides(session):
        if parameters.get("interview_id") in interview_ids:
            jobs.cancel(session, number, at=clock())
    gone = [
        (number, result)
        for number, result, parameters, _ in retaining.guides_with_files(session)
        if parameters.get("interview_id") in interview_ids
    ]
    retaining.forget_results(session, [number for number, _ in gone])
    for _, result in gone:
        with contextlib.suppress(OSError):
            (settings.data / result).unlink()


def remove_workbooks(settings: Settings, interview_ids: set[int]) -> None:
    """Remove the workbooks that were brought for interviews and wait to be taken in."""
    for file in (settings.data / "sheets").glob("*-*-*"):
        if file.name.split("-")[1].isdecimal() and int(file.name.split("-")[1]) in interview_ids:
            with contextlib.suppress(OSError):
                file.unlink()
