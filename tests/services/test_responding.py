"""A respondent answers without an account: the same save protocol, the score of scored questions, submission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from app.services.answer_changes import AnswerRefused
from app.services.answering import Conflict, InterviewClosed, Saved, save_answer
from app.services.interviewing import InterviewIncomplete
from app.services.personal_links import Wanted
from app.services.refusals import Invalid, NotFound
from app.services.responding import OwnSheet, read_own_sheet, save_own_answer, submit
from app.storage import answer_revisions, interviews
from tests.services.holding import hold
from tests.services.test_personal_links import Office, office  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.answer_revisions import RevisionRecord
    from app.storage.database import Database
    from app.storage.interviews import AnswerRecord
    from tests.conftest import FixedClock

CHOSEN = "customer-segmentation"  # a level is chosen
ASKED = "customer-data-strategy"  # a choice of weight 2 and a checklist make up the score
PLAN = {"plan": "written"}  # 3
PARTS = {"parts": ["owners", "uses"]}  # 3 of 5 shares: 3


@dataclass
class Respondent:
    """Somebody who holds a link, with a mutation id for every save."""

    office: Office
    interview_id: int
    saves: int = 0

    def save(
        self, changes: dict[str, Any], *, base: int = 0, element: str = ASKED, mutation: str = ""
    ) -> Saved | Conflict:
        self.saves += 1
        with self.office.database.begin() as session:
            return save_own_answer(
                session,
                interview_id=self.interview_id,
                element=element,
                mutation_id=mutation or f"respondent-{self.saves}",
                base_version=base,
                changes=changes,
                clock=self.office.clock,
            )

    def answer(self, element: str = ASKED) -> AnswerRecord:
        with self.office.database.read() as session:
            found = interviews.answer(session, self.interview_id, element)
        assert found
        return found

    def stands(self, element: str = ASKED) -> tuple[str, int | None]:
        """State and steps of half a point."""
        values = self.answer(element).values
        return values.state, values.steps

    def revisions(self, element: str = ASKED) -> tuple[RevisionRecord, ...]:
        with self.office.database.read() as session:
            return answer_revisions.revisions_of(session, self.interview_id, element)

    def sheet(self) -> OwnSheet:
        with self.office.database.read() as session:
            return read_own_sheet(session, self.interview_id)

    def submit(self) -> None:
        with self.office.database.begin() as session:
            submit(session, self.interview_id)


@pytest.fixture
def respondent(office: Office) -> Respondent:  # noqa: F811 - the fixture
    (made,) = office.make(Wanted("local-marketing"))
    return Respondent(office, made.interview_id)


def test_a_chosen_level_is_saved_and_its_revision_names_no_user(respondent: Respondent) -> None:
    respondent.save({"state": "scored", "score": "3.5", "note": "每季度做一次"}, element=CHOSEN)
    assert respondent.stands(CHOSEN) == ("scored", 7)
    assert respondent.answer(CHOSEN).updated_by is None
    assert [one.user_id for one in respondent.revisions(CHOSEN)] == [None]


def test_scored_questions_become_the_score_when_all_are_answered(respondent: Respondent) -> None:
    first = respondent.save({"questions": PLAN})
    assert respondent.stands() == ("open", None)
    second = respondent.save({"questions": PARTS}, base=first.version)
    assert isinstance(second, Saved)
    assert respondent.stands() == ("scored", 6)  # (3·2 + 3·1) / 3
    assert respondent.answer().values.suggested == "3"
    assert second.version == respondent.answer().version == 3
    assert second.others["score"] == "3.0"
    assert [sorted(one.after) for one in respondent.revisions()] == [
        ["questions.plan", "suggested"],
        ["questions.parts"],
        ["judgement"],
    ]


def test_an_answer_taken_back_takes_the_score_with_it(respondent: Respondent) -> None:
    saved = respondent.save({"questions": {**PLAN, **PARTS}})
    respondent.save({"questions": {"plan": None}}, base=saved.version)
    assert respondent.stands() == ("open", None)


def test_whoever_does_not_know_keeps_that_whatever_the_questions_say(respondent: Respondent) -> None:
    saved = respondent.save({"state": "unknown", "score": None, "questions": PLAN})
    later = respondent.save({"questions": PARTS}, base=saved.version)
    assert respondent.stands() == ("unknown", None)
    respondent.save({"state": "open", "score": None}, base=later.version)
    assert respondent.stands() == ("scored", 6)


def test_a_repeated_save_is_told_the_same_and_changes_nothing(respondent: Respondent) -> None:
    changes = {"questions": {**PLAN, **PARTS}}
    first = respondent.save(changes, mutation="lost-answer")
    again = respondent.save(changes, mutation="lost-answer")
    assert isinstance(again, Saved)
    assert again.replayed
    assert (again.version, again.others["score"]) == (first.version, "3.0")
    assert len(respondent.revisions()) == 2
    kept = respondent.save({"state": "unknown", "score": None}, base=again.version)
    assert isinstance(kept, Saved)  # and no conflict with the score that came of the questions


def test_two_pages_that_answer_different_questions_are_merged(respondent: Respondent) -> None:
    respondent.save({"questions": PLAN})
    merged = respondent.save({"questions": PARTS})  # a page that knew of nothing
    assert isinstance(merged, Saved)
    assert merged.merged
    assert respondent.stands() == ("scored", 6)


def test_two_pages_that_say_different_things_are_told_and_nobody_is_named(respondent: Respondent) -> None:
    respondent.save({"score": "2.0"}, element=CHOSEN)
    with respondent.office.database.begin() as session:
        save_answer(
            session,
            interview_id=respondent.interview_id,
            element=CHOSEN,
            mutation_id="consultant-1",
            base_version=1,
            changes={"score": "4.0"},
            actor=respondent.office.actor,
            clock=respondent.office.clock,
        )
    conflict = respondent.save({"score": "3.0"}, base=1, element=CHOSEN)
    assert isinstance(conflict, Conflict)
    assert conflict.by is None
    assert respondent.stands(CHOSEN) == ("scored", 8)
    assert respondent.revisions(CHOSEN)[-1].kind == "conflict-lost"


def test_what_is_no_answer_is_refused_and_nothing_is_stored(respondent: Respondent) -> None:
    for changes in ({"questions": {"plan": "gone"}}, {"questions": {"nothing": "x"}}, {"score": "3.3"}, {"other": 1}):
        with pytest.raises(AnswerRefused):
            respondent.save(changes)
    assert respondent.revisions() == ()


def test_only_what_the_role_is_asked_can_be_answered(respondent: Respondent) -> None:
    with pytest.raises(NotFound):
        respondent.save({"score": "3.0"}, element="data-warehouse-management")
    with pytest.raises(NotFound):
        respondent.save({"score": "3.0"}, element="nothing-of-the-kind")


def test_an_interview_of_consultants_is_no_self_assessment(
    demo_database: Database, library: Library, clock: FixedClock
) -> None:
    held = hold(demo_database, library, clock)
    with demo_database.begin() as session:
        with pytest.raises(NotFound):
            read_own_sheet(session, held.interview_id)
        with pytest.raises(NotFound):
            submit(session, held.interview_id)


def test_what_an_earlier_answer_rules_out_is_not_asked_and_its_answer_is_kept(office: Office) -> None:  # noqa: F811
    (made,) = office.make(Wanted("value-added-services"))
    respondent = Respondent(office, made.interview_id)
    respondent.save({"score": "2.0"}, element="partner-integration")
    asked = [line.element.id for line in respondent.sheet().lines]
    assert asked == ["alliance-effectiveness", "partner-integration"]
    respondent.save({"score": "0.0"}, element="alliance-effectiveness")
    assert [line.element.id for line in respondent.sheet().lines] == ["alliance-effectiveness"]
    assert respondent.stands("partner-integration") == ("scored", 4)
    with pytest.raises(NotFound):
        respondent.save({"score": "3.0"}, base=1, element="partner-integration")


def test_it_goes_on_after_the_answer_saved_last(respondent: Respondent) -> None:
    lines = [line.element.id for line in respondent.sheet().lines]
    resume = respondent.sheet().resume
    assert resume
    assert resume.element.id == lines[0]
    respondent.save({"state": "unknown", "score": None}, element=lines[3])
    resume = respondent.sheet().resume
    assert resume
    assert resume.element.id == lines[4]
    assert respondent.sheet().done == 1


def test_nothing_at_all_cannot_be_handed_in(respondent: Respondent) -> None:
    with pytest.raises(Invalid):
        respondent.submit()


def test_what_does_not_apply_needs_its_reason_before_it_is_handed_in(respondent: Respondent) -> None:
    saved = respondent.save({"state": "not-applicable", "score": None}, element=CHOSEN)
    with pytest.raises(InterviewIncomplete) as incomplete:
        respondent.submit()
    assert incomplete.value.elements == (CHOSEN,)
    respondent.save({"reason": "我们没有零售客户"}, base=saved.version, element=CHOSEN)
    respondent.submit()
    with pytest.raises(InterviewClosed):
        respondent.submit()
