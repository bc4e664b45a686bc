"""What the round before said of an element, for those who have already judged it themselves.

Whoever sees an earlier score first tends to stay near it. So it is told only after the interview's own answer, and only
where the assessment allows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.case import State
from app.core.judging import judge
from app.services.assessing import load_assessment
from app.services.refusals import Refused
from app.storage import previous_rounds as store

if TYPE_CHECKING:
    from app.core.framework import Capability, Framework
    from app.core.scale import Scale
    from app.core.text import Text
    from app.services.interview_sheet import Line, Sheet
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class PreviousScore:
    """What a round before said of an element: `agreed` by the team, else computed from its respondents."""

    round_name: Text
    state: State
    score: Fraction | None
    agreed: bool
    scale: Scale


class OwnAnswerFirst(Refused):
    """The interview has not judged the element yet, so the earlier score is not told."""

    def __init__(self, element: str) -> None:
        super().__init__("own-answer-first", f"no answer about {element} yet: the round before is not told")


def is_judged(line: Line) -> bool:
    """Tell whether the interview's own answer is stored: a score, not applicable, or unknown."""
    return line.answer is not None and line.answer.values.state != State.OPEN


def previous_score(session: Session, sheet: Sheet, element: str) -> PreviousScore | None:
    """Return what the round before said; None if it said nothing. Raises OwnAnswerFirst, and NotFound (element)."""
    line = sheet.line(element)
    if not is_judged(line):
        raise OwnAnswerFirst(element)
    return previous_scores(session, sheet, [line]).get(element)


def has_previous(session: Session, assessment_id: int) -> bool:
    """Tell whether there is an earlier round of the unit that this assessment shows to its consultants."""
    return _earlier(session, assessment_id) is not None


def _earlier(session: Session, assessment_id: int) -> store.EarlierAssessment | None:
    return store.assessment_before(session, assessment_id) if store.shows_previous(session, assessment_id) else None


def previous_scores(session: Session, sheet: Sheet, lines: Iterable[Line]) -> dict[str, PreviousScore]:
    """Return what the round before said of those of these elements that the interview has judged itself."""
    judged = [line for line in lines if is_judged(line)]
    earlier = _earlier(session, sheet.interview.assessment_id) if judged else None
    if earlier is None:
        return {}
    view = load_assessment(session, earlier.id)
    said = judge(view.framework, view.agreed, view.respondents)
    found = {}
    for line in judged:
        judgement = said.get(_former_id(line.element, view.framework))
        if judgement is not None and judgement.state is not State.OPEN:
            found[line.element.id] = PreviousScore(
                earlier.round_name, judgement.state, judgement.score, judgement.agreed, view.framework.scale
            )
    return found


def _former_id(element: Capability, former: Framework) -> str:
    """Return the id that an element had in an earlier version; its own where it was split or merged."""
    if element.id in former or len(element.replaces) != 1:
        return element.id
    return element.replaces[0]
