"""Copying what was said of a renamed element to its new name, and back: answers, agreed scores, with their revisions.

Findings and files move along instead. What stood at the name that is written to stays in its revisions.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.answer_fields import OPEN, differing, fields_of
from app.storage import agreeing, answer_revisions, assessments, interviews, upgrades
from app.storage.answer_revisions import NewRevision
from app.storage.assessments import AgreedChange

if TYPE_CHECKING:
    from datetime import datetime

    from app.storage.database import Session
    from app.storage.interviews import AnswerValues

CARRIED = "carried"

Versions = dict[str, dict[str, int]]  # what was written: by interview id (`agreed` for agreed scores), by element


@dataclass(frozen=True, slots=True)
class By:
    """Who carries, and when."""

    user_id: int | None
    at: datetime


def carry(session: Session, assessment_id: int, names: Mapping[str, str], *, by: By) -> Versions:
    """Copy what is stored at each former name to its new name (`names`: former -> new); return what was written."""
    written: Versions = {"agreed": {}}
    agreed = assessments.agreed_scores(session, [assessment_id])[assessment_id]
    for former, name in names.items():
        if former in agreed:
            written["agreed"][name] = _agree(session, assessment_id, name, agreed[former].values, by=by)
        upgrades.rename_element(session, assessment_id, former, name)
    for record in interviews.interviews_of(session, assessment_id):
        written[str(record.id)] = _answers(session, record.id, names, by=by)
    return written


def carry_back(
    session: Session, assessment_id: int, names: Mapping[str, str], written: Mapping[str, Mapping[str, int]], *, by: By
) -> None:
    """Copy to the former names what was changed at the new ones since it was `written` there."""
    agreed = assessments.agreed_scores(session, [assessment_id])[assessment_id]
    for former, name in names.items():
        known = written.get("agreed", {}).get(name, 0)
        if name in agreed and agreed[name].version > known:
            _agree(session, assessment_id, former, agreed[name].values, by=by)
        upgrades.rename_element(session, assessment_id, name, former)
    for record in interviews.interviews_of(session, assessment_id):
        known_here = written.get(str(record.id), {})
        changed = {
            name: former
            for former, name in names.items()
            if (row := interviews.answer(session, record.id, name)) and row.version > known_here.get(name, 0)
        }
        _answers(session, record.id, changed, by=by)


def follow(session: Session, interview_id: int, former: str, name: str, *, by: By) -> bool:
    """Carry one late answer to the new name, unless somebody has answered there since it was carried."""
    row = interviews.answer(session, interview_id, name)
    if row is not None:
        last = answer_revisions.revisions_of(session, interview_id, name)
        if not last or last[-1].kind != CARRIED or last[-1].version != row.version:
            return False
    _answers(session, interview_id, {former: name}, by=by)
    return True


def _answers(session: Session, interview_id: int, names: Mapping[str, str], *, by: By) -> dict[str, int]:
    written: dict[str, int] = {}
    for former, name in names.items():
        row = interviews.answer(session, interview_id, former)
        if row is not None:
            written[name] = _answer(session, interview_id, name, row.values, by=by)
    return written


def _answer(session: Session, interview_id: int, element: str, values: AnswerValues, *, by: By) -> int:
    current = interviews.answer(session, interview_id, element)
    if current is not None and current.values == values:
        return current.version
    if current is None:
        interviews.insert_answer(session, interview_id, element, values, at=by.at, user_id=by.user_id)
    else:
        interviews.update_answer(session, current, values, at=by.at, user_id=by.user_id)
    version = 1 if current is None else current.version + 1
    before, after = fields_of(current.values if current else OPEN), fields_of(values)
    gone = {field: None for field in before if field not in after}
    touched = differing(before, {**gone, **after})
    answer_revisions.insert_revision(
        session,
        NewRevision(
            interview_id=interview_id,
            element=element,
            mutation_id=f"{CARRIED}:{uuid.uuid4().hex}",
            base_version=version - 1,
            version=version,
            kind=CARRIED,
            before={field: before.get(field) for field in touched},
            after=touched,
            result={},
            user_id=by.user_id,
            at=by.at,
        ),
    )
    return version


def _agree(session: Session, assessment_id: int, element: str, values: assessments.AgreedScoreValues, *, by: By) -> int:
    current = agreeing.decision(session, assessment_id, element)
    if current is not None and current.values == values:
        return current.version
    if current is None:
        agreeing.insert_decision(session, assessment_id, element, values, at=by.at, user_id=by.user_id)
    else:
        agreeing.update_decision(session, current, values, at=by.at, user_id=by.user_id)
    version = 1 if current is None else current.version + 1
    before = current.values.document() if current else None
    change = AgreedChange(element, version, before, values.document(), CARRIED, by.user_id, by.at)
    assessments.append_agreed_changes(session, assessment_id, [change])
    return version
