"""What lies on the table when a team agrees scores: the respondents' marks, how far they agree, what is decided.

Read-only; `agreeing` saves. `version` names the state of all of it, so that pages can ask whether anything changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.agreement import Agreement, agreements, discussing_order
from app.core.case import Answer, State
from app.services.answering import closed_because
from app.services.assessing import AssessmentView, InterviewSummary, at_elements, load_assessment
from app.services.planning import minimum_roles
from app.services.refusals import NotFound
from app.storage import agreeing as store

if TYPE_CHECKING:
    from app.core.framework import Framework
    from app.storage.agreeing import Decision, DecisionRevision
    from app.storage.database import Session


LOST = store.LOST  # the kind of a revision that was refused because somebody else was faster


@dataclass(frozen=True, slots=True)
class Statement:
    """What one interview says of one element, in scope."""

    interview: InterviewSummary
    answer: Answer


@dataclass(frozen=True)
class Workshop:
    """An assessment on the table. `order`: its elements, to discuss first; `decisions` those ever agreed, by element.

    `closed`: why nothing can be agreed here, None if it can. `agreements` holds every element, in document order.
    """

    view: AssessmentView
    version: str
    closed: str | None
    agreements: Mapping[str, Agreement]
    order: tuple[str, ...]
    decisions: Mapping[str, Decision]

    @property
    def framework(self) -> Framework:
        """The framework that the assessment keeps."""
        return self.view.framework

    def statements(self, element: str) -> tuple[Statement, ...]:
        """Return what was said of an element, in the order of the interviews; open answers are left out."""
        pairs = zip(self.view.interviews, self.view.respondents, strict=True)
        return tuple(
            Statement(interview, respondent.answers[element])
            for interview, respondent in pairs
            if element in respondent.answers and respondent.answers[element].state is not State.OPEN
        )

    def decision(self, element: str) -> Decision | None:
        """Return what is agreed about an element; None where nothing is, or it was taken back."""
        found = self.decisions.get(element)
        return None if found is None or found.values.state == State.OPEN else found

    def score(self, element: str) -> Fraction | None:
        """Return the agreed score of an element in points, None where there is none."""
        found = self.decision(element)
        steps = found.values.steps if found else None
        return None if steps is None else self.framework.scale.score_of(steps)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The elements about which nothing is agreed, in discussing order."""
        return tuple(element for element in self.order if self.decision(element) is None)

    @property
    def adoptable(self) -> Mapping[str, Fraction]:
        """The undecided elements of clear agreement with the median as a point of the grid, in document order."""
        scale = self.framework.scale
        return {
            element: scale.snap(found.median)
            for element, found in self.agreements.items()
            if found.clear and found.median is not None and self.decision(element) is None
        }


def read_workshop(session: Session, assessment_id: int) -> Workshop:
    """Return an assessment with what its team agrees on; NotFound if there is none."""
    version = current_version(session, assessment_id)
    view = load_assessment(session, assessment_id)
    found = agreements(view.framework, view.respondents, minimum_roles=minimum_roles(session, assessment_id))
    return Workshop(
        view=view,
        version=version,
        closed=closed_because(view.state, archived=view.archived or view.engagement.archived),
        agreements=found,
        order=discussing_order(found),
        decisions=at_elements(view.framework, store.decisions(session, assessment_id)),
    )


def current_version(session: Session, assessment_id: int) -> str:
    """Return a short text that is another one after every change of answers, interviews, agreed scores or findings.

    One small query; the same in every process that serves. NotFound if there is no such assessment.
    """
    pulse = store.pulse(session, assessment_id)
    if not pulse:
        raise NotFound("assessment", assessment_id)
    return hashlib.sha256(repr(pulse).encode()).hexdigest()[:16]


def history_of(session: Session, assessment_id: int, element: str) -> tuple[DecisionRevision, ...]:
    """Return everything that was ever agreed about an element, oldest first, the losing sides of conflicts too."""
    return store.decision_revisions(session, assessment_id, element)
