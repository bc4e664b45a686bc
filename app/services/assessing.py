"""One assessment as everybody reads it: who, what was agreed, what respondents said, and the score of all of it.

The one way from stored rows to a scorecard. Screens, comparisons, reports and exports start from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar, cast

from app.core.case import AgreedScore, Answer, Confidence, State, Tick
from app.core.framework import Framework, Method, Source, WeightProfile
from app.core.judging import RespondentAnswers, judge, respondent
from app.core.questionnaire import Questionnaire
from app.core.scale import Scale
from app.core.scoring import Scorecard, score
from app.core.text import Text
from app.services.engagements import (
    AssessmentSummary,
    EngagementView,
    RoundView,
    UnitView,
    assessment_record,
    get_engagement_by_id,
    list_assessments,
)
from app.services.pinning import pinned_framework, pinned_questionnaire
from app.storage import assessments as store
from app.storage import interviews as interview_store
from app.storage.database import Session
from app.storage.encoding import number_of, optional_number_of, questions_of

Held = TypeVar("Held")


@dataclass(frozen=True, slots=True)
class InterviewSummary:
    """An interview in use that was held, or begun. `answers`: as stored, in scope or not, by element."""

    id: int
    key: str
    role: str
    role_name: Text
    weight: Fraction
    questionnaire: str | None
    respondent: str | None
    interviewer: str | None
    date: date | None
    state: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class AssessmentView:
    """An assessment with everything that is known of it, scored under `scorecard.weights` and `.method`.

    `agreed` holds what was agreed, by element; `interviews` those in use, planned ones apart; `respondents` their
    answers as they count.
    """

    id: int
    key: str
    engagement: EngagementView
    unit: UnitView
    round: RoundView
    framework: Framework
    snapshot_hash: str
    state: str
    source: Source | None
    questionnaire: str | None
    agreed: Mapping[str, AgreedScore]
    findings: Mapping[str, tuple[Text, ...]]
    published: Mapping[str, Fraction]
    published_decimals: int | None
    interviews: tuple[InterviewSummary, ...]
    respondents: tuple[RespondentAnswers, ...]
    revision: int
    current: bool
    archived: bool
    scorecard: Scorecard

    @property
    def told(self) -> Mapping[str, AgreedScore]:
        """What was agreed, and for every element that has findings alone an open entry that holds them."""
        alone = {
            element: AgreedScore(State.OPEN, findings=texts)
            for element, texts in self.findings.items()
            if element not in self.agreed
        }
        return {**self.agreed, **alone}


def load_assessment(
    session: Session, assessment_id: int, *, weights: WeightProfile | None = None, method: Method | None = None
) -> AssessmentView:
    """Return one assessment, archived or not, scored; NotFound if there is none."""
    record = assessment_record(session, assessment_id)
    engagement = get_engagement_by_id(session, record.engagement_id)
    summaries = list_assessments(session, record.engagement_id, archived=True)
    summary = next(summary for summary in summaries if summary.id == assessment_id)
    (view,) = _load(session, engagement, [summary], weights=weights, method=method)
    return view


def load_current(
    session: Session, engagement_id: int, *, weights: WeightProfile | None = None, method: Method | None = None
) -> tuple[AssessmentView, ...]:
    """Return the current assessment of each unit, round and framework in use, units in the order of their tree."""
    engagement = get_engagement_by_id(session, engagement_id)
    current = [summary for summary in list_assessments(session, engagement_id) if summary.current]
    return _load(session, engagement, current, weights=weights, method=method)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is stored of several assessments, by assessment id; frameworks by snapshot id."""

    records: Mapping[int, store.AssessmentRecord]
    frameworks: Mapping[int, Framework]
    agreed: Mapping[int, Mapping[str, store.AgreedScoreRecord]]
    findings: Mapping[int, Mapping[str, tuple[Text, ...]]]
    published: Mapping[int, Mapping[str, str]]
    interviewed: frozenset[int]


def _rows(session: Session, engagement: EngagementView, summaries: Sequence[AssessmentSummary]) -> _Rows:
    ids = [summary.id for summary in summaries]
    wanted = set(ids)
    records = {record.id: record for record in store.assessments(session, engagement.id) if record.id in wanted}
    return _Rows(
        records=records,
        frameworks={
            snapshot_id: pinned_framework(session, snapshot_id)
            for snapshot_id in {record.framework_snapshot_id for record in records.values()}
        },
        agreed=store.agreed_scores(session, ids),
        findings=store.findings(session, ids),
        published=store.published_figures(session, ids),
        interviewed=frozenset(store.interview_counts(session, ids)),
    )


def _load(
    session: Session,
    engagement: EngagementView,
    summaries: Sequence[AssessmentSummary],
    *,
    weights: WeightProfile | None,
    method: Method | None,
) -> tuple[AssessmentView, ...]:
    rows = _rows(session, engagement, summaries)
    views = []
    for summary in summaries:
        record = rows.records[summary.id]
        framework = rows.frameworks[record.framework_snapshot_id]
        findings = at_elements(framework, rows.findings[summary.id])
        agreed = {
            element: agreed_score(row.values, framework.scale, findings.get(element, ()))
            for element, row in at_elements(framework, rows.agreed[summary.id]).items()
        }
        published = {
            node: number_of(figure) for node, figure in rows.published[summary.id].items() if node in framework
        }
        interviews = _interviews(session, summary.id, framework) if summary.id in rows.interviewed else []
        respondents = tuple(respondent_answers(one, agreed, questionnaire) for one, questionnaire in interviews)
        judgements = judge(framework, agreed, respondents)
        views.append(
            AssessmentView(
                id=summary.id,
                key=summary.key,
                engagement=engagement,
                unit=summary.unit,
                round=summary.round,
                framework=framework,
                snapshot_hash=record.framework_hash,
                state=summary.state,
                source=None if record.source is None else Source(**record.source),
                questionnaire=summary.questionnaire,
                agreed=agreed,
                findings=findings,
                published=published,
                published_decimals=record.published_decimals,
                interviews=tuple(one for one, _ in interviews),
                respondents=respondents,
                revision=summary.revision,
                current=summary.current,
                archived=summary.archived,
                scorecard=score(framework, judgements, weights=weights, method=method, published=published),
            )
        )
    return tuple(views)


def at_elements(framework: Framework, held: Mapping[str, Held]) -> dict[str, Held]:
    """Return what is held about elements that the framework has: what another version asked stays stored, unseen."""
    return {
        element: value for element, value in held.items() if element in framework and framework.node(element).is_leaf
    }


def agreed_score(values: store.AgreedScoreValues, scale: Scale, findings: Sequence[Text]) -> AgreedScore:
    """Return a stored agreed score as a value in points of `scale`."""
    return AgreedScore(
        state=State(values.state),
        score=None if values.steps is None else scale.score_of(values.steps),
        reason=values.reason,
        note=values.note,
        method=values.method,
        confidence=cast("Confidence | None", values.confidence),
        findings=tuple(findings),
    )


def answer(values: interview_store.AnswerValues, scale: Scale) -> Answer:
    """Return a stored answer as a value in points of `scale`."""
    return Answer(
        state=State(values.state),
        score=None if values.steps is None else scale.score_of(values.steps),
        suggested=optional_number_of(values.suggested),
        reason=values.reason,
        note=values.note,
        confidence=cast("Confidence | None", values.confidence),
        evidence_strength=values.evidence_strength,
        questions=questions_of(values.questions),
        ticks=cast("Mapping[str, Tick]", dict(values.ticks)),
    )


def respondent_answers(
    interview: InterviewSummary, agreed: Mapping[str, AgreedScore], questionnaire: Questionnaire | None
) -> RespondentAnswers:
    """Return what an interview counts for: its answers as far as they are in scope, with the weight of the role."""
    return respondent(interview.role, interview.answers, agreed=agreed, questionnaire=questionnaire)


def _interviews(
    session: Session, assessment_id: int, framework: Framework
) -> list[tuple[InterviewSummary, Questionnaire | None]]:
    records = [one for one in interview_store.interviews_of(session, assessment_id) if one.archived_at is None]
    answers = interview_store.answers_of(session, [record.id for record in records]) if records else {}
    loaded = []
    for record in records:
        if record.state == "draft" and not answers[record.id]:
            continue  # planned: an appointment says nothing about the unit, and is no interview to count or to export
        snapshot_id = record.questionnaire_snapshot_id
        questionnaire = None if snapshot_id is None else pinned_questionnaire(session, snapshot_id)
        stored = at_elements(framework, answers[record.id])
        said = {element: answer(row.values, framework.scale) for element, row in stored.items()}
        loaded.append((_interview(record, questionnaire, said), questionnaire))
    return loaded


def _interview(
    record: interview_store.InterviewRecord, questionnaire: Questionnaire | None, answers: Mapping[str, Answer]
) -> InterviewSummary:
    role = role_of(questionnaire, record.role)
    return InterviewSummary(
        id=record.id,
        key=record.key,
        role=record.role,
        role_name=role[0],
        weight=role[1],
        questionnaire=record.questionnaire_reference,
        respondent=record.respondent,
        interviewer=record.interviewer,
        date=record.date,
        state=record.state,
        answers=answers,
    )


def role_of(questionnaire: Questionnaire | None, role_id: str) -> tuple[Text, Fraction]:
    """Return the name and the weight of a role; one that the questionnaire does not know weighs 1."""
    for role in questionnaire.roles if questionnaire else ():
        if role.id == role_id:
            return role.name, role.weight
    return Text(en=role_id), Fraction(1)


def source_document(source: Source | None) -> dict[str, Any] | None:
    """Return a source as the assessment keeps it: only the keys that are given."""
    if source is None:
        return None
    values = {name: getattr(source, name) for name in ("title", "year", "method", "confidence", "note")}
    return {name: value for name, value in values.items() if value is not None}
