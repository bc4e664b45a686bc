"""The round before: told only after the interview's own answer, and only where the assessment shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from app.core.case import State
from app.core.text import Text
from app.services import engagements, interviewing
from app.services.interview_sheet import read_sheet
from app.services.previous_round import OwnAnswerFirst, has_previous, previous_score, previous_scores
from app.storage.tables import AssessmentRow
from tests.services.holding import ELEMENT, GUIDE, Held, consultant

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.permissions import Actor
    from app.storage.database import Database
    from tests.conftest import FixedClock


@dataclass(frozen=True)
class Later(Held):
    """An interview of Shenzhen in a round after that of 2003."""

    def said(self, element: str = ELEMENT) -> tuple[str, Fraction | None, bool] | None:
        """Return state, score and whether it was agreed, of the round before."""
        with self.database.read() as session:
            previous = previous_score(session, read_sheet(session, self.interview_id), element)
        return None if previous is None else (str(previous.state), previous.score, previous.agreed)

    def has_previous(self) -> bool:
        with self.database.read() as session:
            return has_previous(session, self.assessment_id)


def later(
    database: Database,
    library: Library,
    clock: FixedClock,
    *,
    day: date | None = date(2026, 3, 2),
    key: str = "later",
    who: Actor | None = None,
) -> Later:
    with database.begin() as session:
        ann = who or consultant(session, "ann", clock)
        engagement = engagements.get_engagement(session, "china-telecom-2003")
        engagements.create_round(session, engagement.id, key=key, name=Text(key), day=day)
        assessment = engagements.create_assessment(
            session,
            engagement.id,
            unit="shenzhen",
            round=key,
            framework=library.framework("telecom-crm"),
            actor=ann,
            clock=clock,
        )
        interview_id = interviewing.start_interview(
            session,
            assessment.id,
            questionnaire=GUIDE,
            role="local-marketing",
            particulars=interviewing.Particulars("受访者A", "顾问ann", day),
            library=library,
            actor=ann,
            clock=clock,
        )
    return Later(database, library, clock, interview_id, assessment.id, ann, ann)


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Later:
    return later(demo_database, library, clock)


def test_nothing_is_told_while_the_element_is_open(held: Later) -> None:
    with pytest.raises(OwnAnswerFirst):
        held.said()
    held.save({"note": "只有记录"})
    with pytest.raises(OwnAnswerFirst):
        held.said()


@pytest.mark.parametrize(
    "own",
    [{"score": "2.5"}, {"state": "unknown"}, {"state": "not-applicable"}, {"state": "not-applicable", "reason": "无"}],
)
def test_every_own_judgement_opens_the_round_before(held: Later, own: dict[str, object]) -> None:
    held.save(own)
    assert held.said() == (State.SCORED, Fraction(1), True)


def test_taking_the_own_answer_back_closes_it_again(held: Later) -> None:
    held.save({"score": "2.5"})
    held.save({"state": "open", "score": None}, base=1)
    with pytest.raises(OwnAnswerFirst):
        held.said()


def test_only_judged_elements_of_many_are_told(held: Later) -> None:
    held.save({"score": "2.5"})
    with held.database.read() as session:
        sheet = read_sheet(session, held.interview_id)
        assert previous_scores(session, sheet, sheet.lines).keys() == {ELEMENT}


def test_an_assessment_may_keep_the_round_before_to_itself(held: Later) -> None:
    assert held.has_previous()
    held.save({"score": "2.5"})
    with held.database.begin() as session:
        session.execute(
            update(AssessmentRow).where(AssessmentRow.id == held.assessment_id).values(shows_previous=False)
        )
    assert held.said() is None
    assert not held.has_previous()


def test_an_undated_round_comes_after_the_dated_ones(
    demo_database: Database, library: Library, clock: FixedClock
) -> None:
    held = later(demo_database, library, clock, day=None)
    held.save({"score": "2.5"})
    assert held.said() == (State.SCORED, Fraction(1), True)


def test_a_later_round_is_not_the_one_before(demo_database: Database, library: Library, clock: FixedClock) -> None:
    held = later(demo_database, library, clock, day=date(2002, 1, 1))
    held.save({"score": "2.5"})
    assert held.said() is None


def test_an_archived_assessment_is_passed_over(held: Later) -> None:
    held.save({"score": "2.5"})
    with held.database.begin() as session:
        engagement = engagements.get_engagement(session, "china-telecom-2003")
        former = next(
            one
            for one in engagements.list_assessments(session, engagement.id)
            if one.unit.key == "shenzhen" and one.round.key == "2003-09"
        )
        engagements.archive_assessment(session, former.id, held.clock)
    assert held.said() is None


def test_what_was_not_agreed_is_computed_from_its_respondents(
    demo_database: Database, library: Library, clock: FixedClock
) -> None:
    earlier = later(demo_database, library, clock)
    last = later(demo_database, library, clock, day=date(2027, 3, 2), key="last", who=earlier.ann)
    last.save({"score": "4"})
    assert last.said() is None  # nobody was asked about it in the round before; no older round is dug out
    earlier.save({"score": "3.5"})
    assert last.said() == (State.SCORED, Fraction(7, 2), False)
