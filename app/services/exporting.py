"""An assessment -> a case: the exchange form of formats.md, without loss of anything that it names.

Stays behind: revisions, accounts, who decided what when, sources, strength and files of findings, and notes on elements
that were left open (the format has no place for them); all of that travels in a backup.
"""

from __future__ import annotations

from dataclasses import replace

from app.core.case import Answer, Case, Interview, Round, State, Unit
from app.services.assessing import AssessmentView, InterviewSummary, load_assessment
from app.storage.database import Session

NO_REASON = "未说明原因"  # an interview may be saved before its reason is typed; the format needs one


def export_case(session: Session, assessment_id: int, *, names: bool = True) -> Case:
    """Return an assessment as a case; NotFound if there is none.

    Without `names` the labels of respondents and interviewers stay out.
    """
    return case_of(load_assessment(session, assessment_id), names=names)


def case_of(view: AssessmentView, *, names: bool = True) -> Case:
    """Return a loaded assessment as a case."""
    return Case(
        id=view.key,
        framework=view.framework.reference,
        unit=Unit(view.unit.key, view.unit.name, view.unit.kind, view.unit.parent),
        round=Round(view.round.key, view.round.name, view.round.date),
        source=view.source,
        questionnaire=view.questionnaire,
        scores=view.told,
        published=view.published,
        published_decimals=view.published_decimals,
        interviews=tuple(_interview(interview, names=names) for interview in view.interviews),
    )


def _interview(interview: InterviewSummary, *, names: bool) -> Interview:
    return Interview(
        id=interview.key,
        role=interview.role,
        questionnaire=interview.questionnaire,
        respondent=interview.respondent if names else None,
        interviewer=interview.interviewer if names else None,
        date=interview.date,
        answers={
            element: _answer(answer) for element, answer in interview.answers.items() if answer.state is not State.OPEN
        },
    )


def _answer(answer: Answer) -> Answer:
    if answer.state is State.NOT_APPLICABLE and not answer.reason:
        return replace(answer, reason=NO_REASON)
    return answer
