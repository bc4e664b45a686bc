"""What stands between an interview, or an assessment, and its review: errors, warnings, reasons that were accepted.

A reason covers one warning about one thing. It lapses when that thing is judged anew: whoever accepted "4.0, shown on
a screen" has said nothing about the 5.0 that came later. Reads only; `handing_over` acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.agreement import agreements
from app.core.finishing import (
    AskedElement,
    AssessedElement,
    Code,
    Concern,
    assessment_concerns,
    interview_concerns,
)
from app.core.panel import roles_by_element
from app.core.questionnaire import Mode
from app.services.answering import WRITABLE
from app.services.assessing import AssessmentView, load_assessment
from app.services.assessing import answer as answer_of
from app.services.interview_sheet import Mark, Sheet, read_sheet
from app.services.interviewing import list_interviews
from app.services.planning import minimum_roles
from app.storage import warnings as store
from app.storage.warnings import Evidence, Place

if TYPE_CHECKING:
    from app.storage.database import Session
    from app.storage.warnings import WarningRecord

OPEN_ASSESSMENT = ("draft", "in-progress")


class Step(StrEnum):
    """A step of a hand-over, as its row's code says; every other code is a warning that was accepted."""

    HANDED_OVER = "handed-over"
    CHANGES_REQUESTED = "changes-requested"
    CLOSED = "closed"


STEPS = frozenset(step.value for step in Step)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody's reason for one warning about one or several things. `ids`: its rows, in the order of `about`.

    `lapsed`: what it is about was judged anew afterwards, so that it excuses nothing any more.
    """

    code: str
    about: tuple[str, ...]
    ids: tuple[int, ...]
    reason: str
    by: str | None
    at: datetime
    lapsed: bool = False
    interview: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """All concerns of one code: those that still wait for a reason, and the reasons that were accepted."""

    code: Code
    concerns: tuple[Concern, ...]
    waiting: tuple[Concern, ...]
    acceptances: tuple[Acceptance, ...]

    @property
    def is_error(self) -> bool:
        """Tell whether it has to be mended."""
        return self.concerns[0].is_error


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that is to be looked at, errors first."""

    topics: tuple[Topic, ...]

    @property
    def errors(self) -> int:
        """How many errors are to be mended."""
        return sum(len(topic.concerns) for topic in self.topics if topic.is_error)

    @property
    def waiting(self) -> int:
        """How many warnings have no accepted reason."""
        return sum(len(topic.waiting) for topic in self.topics if not topic.is_error)

    @property
    def accepted(self) -> int:
        """How many warnings were accepted with a reason that still holds."""
        return sum(len(topic.concerns) - len(topic.waiting) for topic in self.topics if not topic.is_error)

    @property
    def ready(self) -> bool:
        """Tell whether nothing stands in the way."""
        return not self.errors and not self.waiting


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that was taken: what, by whom, when, with which words."""

    step: Step
    by: str | None
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class InterviewFinish:
    """An interview at its end. `sheet` holds what its role is asked and whatever was answered besides."""

    sheet: Sheet
    check: Check
    steps: tuple[Taken, ...]

    @property
    def place(self) -> Place:
        """What its rows are about."""
        return Place(self.sheet.interview.assessment_id, self.sheet.interview.id)


@dataclass(frozen=True, slots=True)
class AssessmentFinish:
    """An assessment at its end. `request`: what the reviewer who sent it back wants changed."""

    view: AssessmentView
    check: Check
    steps: tuple[Taken, ...]
    request: Taken | None

    @property
    def place(self) -> Place:
        """What its rows are about."""
        return Place(self.view.id)


# --- an interview ---------------------------------------------------------------------------------------------------


def check_interview(session: Session, interview_id: int) -> InterviewFinish:
    """Return what stands between an interview and its review; raises NotFound."""
    sheet = read_sheet(session, interview_id)
    place = Place(sheet.interview.assessment_id, interview_id)
    records = store.warnings_at(session, place)
    judged = store.last_judged(session, [interview_id])[interview_id]
    return InterviewFinish(sheet, _check(concerns_of(sheet), records, judged, sheet), _steps(records))


def concerns_of(sheet: Sheet) -> tuple[Concern, ...]:
    """Return the errors and warnings of one interview; elements out of scope have none."""
    scale = sheet.framework.scale
    asked = [
        AskedElement(
            element=line.element.id,
            dimension=section.node.id if section.node else "",
            answer=answer_of(line.answer.values, scale) if line.answer else None,
        )
        for section in sheet.sections
        for line in section.lines
        if line.mark is not Mark.OUT_OF_SCOPE
    ]
    alone = sheet.questionnaire is not None and sheet.questionnaire.mode is Mode.SELF_ASSESSMENT
    return interview_concerns(asked, scale, alone=alone)


# --- an assessment --------------------------------------------------------------------------------------------------


def check_assessment(session: Session, assessment_id: int) -> AssessmentFinish:
    """Return what stands between an assessment and its review; raises NotFound."""
    return check_view(session, load_assessment(session, assessment_id))


def check_view(session: Session, view: AssessmentView) -> AssessmentFinish:
    """Return what stands between an assessment that was loaded already and its review."""
    records = store.warnings_at(session, Place(view.id))
    steps = _steps(records)
    check = _check(_concerns_of_assessment(session, view), records, store.last_agreed(session, view.id), None)
    asked = steps[-1] if steps and steps[-1].step is Step.CHANGES_REQUESTED else None
    return AssessmentFinish(view, check, steps, asked)


def _concerns_of_assessment(session: Session, view: AssessmentView) -> tuple[Concern, ...]:
    framework, card = view.framework, view.scorecard
    roles = roles_by_element(view.respondents)
    least = minimum_roles(session, view.id)
    evidence = store.evidence_of(session, view.id)
    apart = agreements(framework, view.respondents, minimum_roles=least)
    elements = []
    for leaf in framework.leaves:
        agreed, behind = view.agreed.get(leaf.id), evidence.get(leaf.id, Evidence())
        elements.append(
            AssessedElement(
                element=leaf.id,
                judgement=card.judgements[leaf.id],
                reason=agreed.reason if agreed else None,
                roles=len(roles.get(leaf.id, ())),
                answers=tuple(one.answers[leaf.id] for one in view.respondents if leaf.id in one.answers),
                findings=behind.findings,
                strongest=behind.strongest,
                attachments=behind.attachments,
                discuss=apart[leaf.id].discuss,
            )
        )
    return assessment_concerns(
        elements,
        scale=framework.scale,
        minimum_roles=least,
        above=[card.overall, *(card.nodes[node.id] for node in framework.capabilities if not node.is_leaf)],
        publish=framework.rollup.publish,
        unfinished=[one.key for one in view.interviews if one.state in WRITABLE],
    )


def accepted_warnings(session: Session, assessment_id: int) -> tuple[Acceptance, ...]:
    """Return every accepted warning that still concerns an assessment or one of its interviews in use.

    Reasons that were withdrawn, that lapsed, or whose warning is gone are left out. Those of the assessment come
    first; `interview` is the key of the interview that the others belong to. Raises NotFound.
    """
    return accepted_in(session, load_assessment(session, assessment_id))


def accepted_in(session: Session, view: AssessmentView) -> tuple[Acceptance, ...]:
    """Return the accepted warnings of an assessment that was loaded already, as `accepted_warnings` does."""
    if not any(record.code not in STEPS for record in store.warnings_of(session, view.id)):
        return ()
    return tuple(_accepted(session, check_view(session, view).check, view.id))


def _accepted(session: Session, check: Check, assessment_id: int) -> Iterator[Acceptance]:
    yield from _standing(check)
    sheets = [sheet for sheet in list_interviews(session, assessment_id) if sheet.interview.archived_at is None]
    judged = store.last_judged(session, [sheet.interview.id for sheet in sheets])
    records: dict[int | None, list[WarningRecord]] = {}
    for record in store.warnings_of(session, assessment_id):
        records.setdefault(record.interview_id, []).append(record)
    for sheet in sheets:
        interview_id = sheet.interview.id
        if interview_id in records:
            yield from _standing(_check(concerns_of(sheet), records[interview_id], judged[interview_id], sheet))


def _standing(check: Check) -> Iterator[Acceptance]:
    return (one for topic in check.topics for one in topic.acceptances if not one.lapsed)


# --- reasons and what they cover ------------------------------------------------------------------------------------


def _check(
    concerns: Sequence[Concern], records: Sequence[WarningRecord], judged: Mapping[str, datetime], sheet: Sheet | None
) -> Check:
    by_code: dict[Code, list[Concern]] = {}
    for concern in concerns:
        by_code.setdefault(concern.code, []).append(concern)
    newest = {(record.code, record.element): record for record in records if record.withdrawn_at is None}
    topics = []
    for code, members in by_code.items():
        known = [newest[code.value, concern.about] for concern in members if (code.value, concern.about) in newest]
        acceptances = _gathered(known, judged, sheet)
        covered = {about for one in acceptances if not one.lapsed for about in one.about}
        waiting = tuple(concern for concern in members if concern.about not in covered)
        topics.append(Topic(code, tuple(members), waiting, acceptances))
    return Check(tuple(topics))


def _gathered(
    records: Iterable[WarningRecord], judged: Mapping[str, datetime], sheet: Sheet | None
) -> tuple[Acceptance, ...]:
    """One acceptance for rows that were accepted together: the same reason, person and moment."""
    together: dict[tuple[str, str | None, datetime, bool], list[WarningRecord]] = {}
    for record in records:
        last = max((judged[part] for part in _parts(record.element, sheet) if part in judged), default=None)
        lapsed = last is not None and last > record.accepted_at
        together.setdefault((record.reason, record.accepted_by, record.accepted_at, lapsed), []).append(record)
    return tuple(
        Acceptance(
            code=members[0].code,
            about=tuple(record.element for record in members),
            ids=tuple(record.id for record in members),
            reason=reason,
            by=by,
            at=at,
            lapsed=lapsed,
            interview=members[0].interview_key,
        )
        for (reason, by, at, lapsed), members in together.items()
    )


def _parts(about: str, sheet: Sheet | None) -> Iterator[str]:
    """The elements whose judgement a reason speaks of: itself, or those of a dimension of an interview."""
    yield about
    for section in sheet.sections if sheet else ():
        if (section.node.id if section.node else "") == about:
            yield from (line.element.id for line in section.lines)


def _steps(records: Iterable[WarningRecord]) -> tuple[Taken, ...]:
    return tuple(
        Taken(Step(record.code), record.accepted_by, record.accepted_at, record.reason)
        for record in records
        if record.code in STEPS
    )
