"""An engagement in which two branches were interviewed under all five shipped frameworks, in one round and one later.

Answers follow a rule, so that tests can tell what must come out without asking the product.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.case import Answer, State
from app.core.text import Text
from app.services import engagements, interviewing
from app.services.answering import Saved, record_answers, save_answer
from tests.services.holding import consultant

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Database

MAIN = "telecom-crm"
SUPPLEMENTS = ("crm-three-layers", "customer-value-service", "credit-risk", "one-to-one-marketing")
FIVE = (MAIN, *SUPPLEMENTS)
ELEMENTS = {
    MAIN: 50,
    "crm-three-layers": 19,
    "customer-value-service": 17,
    "credit-risk": 15,
    "one-to-one-marketing": 15,
}
KEY, FIRST, LATER = "five", "2026-03", "2026-09"
UNITS = ("north", "south")


@dataclass(frozen=True)
class Five:
    """The engagement; assessments by framework, unit and round."""

    database: Database
    ann: Actor
    assessments: dict[tuple[str, str, str], int]

    def id_of(self, framework: str, unit: str = "north", round_key: str = FIRST) -> int:
        """Return the id of an assessment."""
        return self.assessments[framework, unit, round_key]


def rule(place: int, unit: str, round_key: str) -> Fraction:
    """Return the score that the first respondent gives to the element at a place of its framework."""
    steps = 2 + place % 4 + 2 * (unit == "south") + (round_key == LATER)
    return Fraction(steps, 2)


def interview_all(database: Database, library: Library, clock: Clock, frameworks: tuple[str, ...] = FIVE) -> Five:
    """Interview everybody: two respondents per assessment, the second half a point above the first."""
    made: dict[tuple[str, str, str], int] = {}
    with database.begin() as session:
        ann = consultant(session, "ann", clock)
        engagement = engagements.create_engagement(
            session, key=KEY, name=Text("五框架", "Five"), actor=ann, clock=clock
        )
        for unit, name in zip(UNITS, (Text("北分公司", "North branch"), Text("南分公司", "South branch")), strict=True):
            engagements.create_unit(session, engagement.id, key=unit, name=name)
        for key, day in ((FIRST, date(2026, 3, 1)), (LATER, date(2026, 9, 1))):
            engagements.create_round(session, engagement.id, key=key, name=Text(f"{day:%Y年%m月}"), day=day)
        for framework_id in frameworks:
            for unit, round_key in ((UNITS[0], FIRST), (UNITS[1], FIRST), (UNITS[0], LATER)):
                assessment = engagements.create_assessment(
                    session,
                    engagement.id,
                    unit=unit,
                    round=round_key,
                    framework=library.framework(framework_id),
                    actor=ann,
                    clock=clock,
                )
                made[framework_id, unit, round_key] = assessment.id
    found = Five(database, ann, made)
    for framework_id, unit, round_key in made:
        _interview(found, library, clock, framework_id=framework_id, unit=unit, round_key=round_key)
    return found


def _interview(five: Five, library: Library, clock: Clock, *, framework_id: str, unit: str, round_key: str) -> None:
    guide = library.questionnaire(f"{framework_id}-interview")
    framework = library.framework(framework_id)
    with five.database.begin() as session:
        for respondent, role in enumerate((guide.roles[0], guide.roles[1])):
            interview = interviewing.start_interview(
                session,
                five.assessments[framework_id, unit, round_key],
                questionnaire=guide.reference,
                role=role.id,
                particulars=interviewing.Particulars(f"受访者{respondent}", "顾问ann", date(2026, 3, 2)),
                library=library,
                actor=five.ann,
                clock=clock,
            )
            scores = {
                leaf.id: rule(place, unit, round_key) + Fraction(respondent, 2)
                for place, leaf in enumerate(framework.leaves)
            }
            if respondent or (unit, round_key) != (UNITS[0], FIRST):  # the way in that takes a tenth of the time
                given = {leaf: Answer(State.SCORED, score=score, evidence_strength=2) for leaf, score in scores.items()}
                record_answers(
                    session,
                    interview_id=interview,
                    scale=framework.scale,
                    answers=given,
                    actor=five.ann,
                    clock=clock,
                )
                continue
            for element, score in scores.items():
                saved = save_answer(
                    session,
                    interview_id=interview,
                    element=element,
                    mutation_id=uuid.uuid4().hex,
                    base_version=0,
                    changes={"score": str(float(score)).removesuffix(".0"), "evidence_strength": 2},
                    actor=five.ann,
                    clock=clock,
                )
                assert isinstance(saved, Saved)
