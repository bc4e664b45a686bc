"""An assessment as it stood: everything that is stored of it as one document, and that document read again for ever.

Answers and agreed scores of other versions, which stay in their rows unseen, are in the document too. Names are not:
they stand with the interview alone, so that they can be erased.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from app.content.snapshot import canonical
from app.core.case import AgreedScore
from app.core.judging import RespondentAnswers, judge
from app.core.scoring import score
from app.core.text import Text
from app.services.assessing import (
    AssessmentView,
    InterviewSummary,
    agreed_score,
    answer,
    at_elements,
    respondent_answers,
    role_of,
)
from app.services.pinning import pinned_questionnaire
from app.storage import assessments as store
from app.storage import findings as finding_store
from app.storage import interviews as interview_store
from app.storage import upgrades
from app.storage.encoding import number_of

if TYPE_CHECKING:
    from app.core.framework import Framework, Method, WeightProfile
    from app.core.questionnaire import Questionnaire
    from app.storage.database import Session
    from app.storage.findings import FindingRecord
    from app.storage.interviews import AnswerRecord, InterviewRecord

FORMAT = 1


@dataclass(frozen=True, slots=True)
class HeldInterview:
    """An interview with its stored answers, by element."""

    record: InterviewRecord
    answers: Mapping[str, AnswerRecord]

    @property
    def counts(self) -> bool:
        """Tell whether it is in use and more than an appointment."""
        return self.record.archived_at is None and (self.record.state != "draft" or bool(self.answers))


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that is stored of an assessment, whichever version asked it."""

    record: store.AssessmentRecord
    agreed: Mapping[str, store.AgreedScoreRecord]
    findings: tuple[FindingRecord, ...]
    published: Mapping[str, str]
    interviews: tuple[HeldInterview, ...]
    revisions: tuple[int, int]


def read_holdings(session: Session, record: store.AssessmentRecord) -> Holdings:
    """Return everything that is stored of an assessment."""
    interviews = interview_store.interviews_of(session, record.id)
    answers = interview_store.answers_of(session, [one.id for one in interviews])
    return Holdings(
        record=record,
        agreed=store.agreed_scores(session, [record.id])[record.id],
        findings=finding_store.findings(session, record.id),
        published=store.published_figures(session, [record.id])[record.id],
        interviews=tuple(HeldInterview(one, answers[one.id]) for one in interviews),
        revisions=upgrades.revision_counts(session, record.id),
    )


def record_document(holdings: Holdings) -> str:
    """Return canonical JSON of an assessment: the same text as long as nothing of it changes."""
    record, (agreed, answers) = holdings.record, holdings.revisions
    document = {
        "format": FORMAT,
        "kind": "assessment-record",
        "framework": {"id": record.framework_key, "version": record.framework_version, "hash": record.framework_hash},
        "state": record.state,
        "questionnaire": record.questionnaire_reference,
        "agreed": {
            element: {**row.values.document(), "version": row.version, "at": row.decided_at.isoformat()}
            for element, row in holdings.agreed.items()
        },
        "findings": [_finding(one) for one in holdings.findings],
        "published": dict(holdings.published),
        "interviews": [_interview(one) for one in holdings.interviews],
        "revisions": {"agreed": agreed, "answers": answers},
    }
    return canonical(document)


def _finding(one: FindingRecord) -> dict[str, Any]:
    return {
        "id": one.id,
        "element": one.element,
        "position": one.position,
        "zh": one.text.zh,
        "en": one.text.en,
        "strength": one.strength,
        "version": one.version,
        "archived": one.archived_at is not None,
        "sources": list(one.sources),
    }


def _interview(one: HeldInterview) -> dict[str, Any]:
    record = one.record
    return {
        "id": record.id,
        "key": record.key,
        "role": record.role,
        "date": record.date.isoformat() if record.date else None,
        "state": record.state,
        "counts": one.counts,
        "questionnaire": record.questionnaire_reference,
        "questionnaire_snapshot": record.questionnaire_snapshot_id,
        "answers": {element: _answer(row) for element, row in one.answers.items()},
    }


_ANSWER = ("state", "steps", "suggested", "reason", "note", "confidence", "evidence_strength", "questions", "ticks")


def _answer(row: AnswerRecord) -> dict[str, Any]:
    values = {name: getattr(row.values, name) for name in _ANSWER}
    plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in values.items()}
    return {**plain, "version": row.version}


# --- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A record as values, in the version it was kept in."""

    agreed: Mapping[str, AgreedScore]
    findings: Mapping[str, tuple[Text, ...]]
    interviews: tuple[tuple[InterviewSummary, Questionnaire | None], ...]
    respondents: tuple[RespondentAnswers, ...]


def view_of_record(
    session: Session,
    document: str,
    view: AssessmentView,
    framework: Framework,
    *,
    weights: WeightProfile | None = None,
    method: Method | None = None,
) -> AssessmentView:
    """Return an assessment as a record keeps it, scored in its own version; `view` says whose it is."""
    values = json.loads(document)
    read = _recorded(session, values, framework)
    published = {node: number_of(figure) for node, figure in values["published"].items() if node in framework}
    return replace(
        view,
        framework=framework,
        snapshot_hash=values["framework"]["hash"],
        state=values["state"],
        questionnaire=values["questionnaire"],
        agreed=read.agreed,
        findings=read.findings,
        published=published,
        interviews=tuple(one for one, _ in read.interviews),
        respondents=read.respondents,
        scorecard=score(
            framework,
            judge(framework, read.agreed, read.respondents),
            weights=weights,
            method=method,
            published=published,
        ),
    )


def _recorded(session: Session, values: Mapping[str, Any], framework: Framework) -> _Recorded:
    texts: dict[str, tuple[Text, ...]] = {}
    for one in sorted(values["findings"], key=lambda one: (one["position"], one["id"])):
        if not one["archived"]:
            texts[one["element"]] = (*texts.get(one["element"], ()), Text(one["zh"], one["en"]))
    findings = at_elements(framework, texts)
    agreed = {
        element: agreed_score(_agreed_values(row), framework.scale, findings.get(element, ()))
        for element, row in at_elements(framework, values["agreed"]).items()
    }
    interviews = tuple(_read_interview(session, one, framework) for one in values["interviews"] if one["counts"])
    respondents = tuple(respondent_answers(one, agreed, questionnaire) for one, questionnaire in interviews)
    return _Recorded(agreed, findings, interviews, respondents)


def _agreed_values(row: Mapping[str, Any]) -> store.AgreedScoreValues:
    return store.AgreedScoreValues(**{name: row[name] for name in store.AgreedScoreValues.__slots__})


def _read_interview(
    session: Session, values: Mapping[str, Any], framework: Framework
) -> tuple[InterviewSummary, Questionnaire | None]:
    snapshot = values["questionnaire_snapshot"]
    questionnaire = None if snapshot is None else pinned_questionnaire(session, snapshot)
    said = {
        element: answer(interview_store.AnswerValues(**{name: row[name] for name in _ANSWER}), framework.scale)
        for element, row in at_elements(framework, values["answers"]).items()
    }
    name, weight = role_of(questionnaire, values["role"])
    named = interview_store.interview(session, values["id"])
    summary = InterviewSummary(
        id=values["id"],
        key=values["key"],
        role=values["role"],
        role_name=name,
        weight=weight,
        questionnaire=values["questionnaire"],
        respondent=named.respondent if named else None,
        interviewer=named.interviewer if named else None,
        date=date.fromisoformat(values["date"]) if values["date"] else None,
        state=values["state"],
        answers=said,
    )
    return summary, questionnaire
