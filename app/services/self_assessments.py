"""The self-assessments of an assessment as consultants read them: how many came back, how they differ from interviews.

Only what was submitted is compared: who is still thinking is not quoted. Interviews of consultants count as they stand,
and where the team has agreed a score, that is what self-assessments are held against.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.judging import RespondentAnswers, respondent
from app.core.self_assessment import Differences, differences
from app.services.assessing import answer as answer_of
from app.services.interview_sheet import read_agreed
from app.services.interviewing import Workplace, list_interviews, workplace
from app.services.personal_links import LinkLine, is_self_assessment, link_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.case import AgreedScore
    from app.services.clock import Clock
    from app.services.interview_sheet import Sheet
    from app.storage.database import Session


@dataclass(frozen=True)
class Overview:
    """Every self-assessment in use, and what those `submitted` say against the `interviews` of consultants."""

    place: Workplace
    lines: tuple[LinkLine, ...]
    submitted: int
    interviews: int
    differences: Differences


def overview(session: Session, assessment_id: int, *, clock: Clock) -> Overview:
    """Return the self-assessments of an assessment; NotFound if there is no such assessment."""
    place = workplace(session, assessment_id)
    sheets = [one for one in list_interviews(session, assessment_id) if one.interview.archived_at is None]
    lines = link_lines(session, [one for one in sheets if is_self_assessment(one)], clock=clock)
    interviews = [one for one in sheets if not is_self_assessment(one)]
    agreed = read_agreed(session, assessment_id, place.framework)
    own = [line.sheet for line in lines if line.is_submitted]
    return Overview(
        place=place,
        lines=lines,
        submitted=len(own),
        interviews=len(interviews),
        differences=differences(place.framework, tuple(_said(own, agreed)), tuple(_said(interviews, agreed)), agreed),
    )


def _said(sheets: Iterable[Sheet], agreed: Mapping[str, AgreedScore]) -> Iterable[RespondentAnswers]:
    for sheet in sheets:
        scale = sheet.framework.scale
        answers = {
            line.element.id: answer_of(line.answer.values, scale) for line in sheet.lines if line.answer is not None
        }
        yield respondent(sheet.interview.role, answers, agreed=agreed, questionnaire=sheet.questionnaire)
