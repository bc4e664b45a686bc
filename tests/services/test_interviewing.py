"""Holding interviews: what is asked of whom, how far it is, where to go on, and what closes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.questionnaire import Comparison, Item, Mode, Question, Questionnaire, QuestionType
from app.core.text import Text
from app.services import interviewing
from app.services.answering import InterviewClosed, Saved
from app.services.assessing import load_assessment
from app.services.engagements import archive_assessment, archive_engagement, restore_engagement
from app.services.interview_sheet import Mark, Sheet, Standing, read_sheet
from app.services.interviewing import InterviewIncomplete, Particulars
from app.services.refusals import Invalid, NotFound
from tests.services.holding import ELEMENT, GUIDE, Held, hold

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.content.library import Library
    from app.storage.database import Database, Session
    from tests.conftest import FixedClock

ROOT_QUESTION = "data-warehouse-management"
DEPENDENT = "analytics-data-architecture"


@dataclass(frozen=True)
class OneGuide:
    """A library with a questionnaire of the test's own in the place of the shipped ones."""

    library: Library
    guide: Questionnaire

    def questionnaires(self, _framework_id: str | None = None) -> tuple[Questionnaire, ...]:
        return (self.guide,)


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


def sheet(held: Held, *, everything: bool = False) -> Sheet:
    with held.database.read() as session:
        return read_sheet(session, held.interview_id, everything=everything)


def change_items(guide: Questionnaire, **items: Item) -> Questionnaire:
    """Return the questionnaire with other items for the elements named (underscores for dashes)."""
    others = {name.replace("_", "-"): item for name, item in items.items()}
    return replace(guide, items=tuple(others.get(item.element, item) for item in guide.items))


def test_a_role_is_asked_its_own_items_in_the_questionnaires_order(held: Held) -> None:
    guide = held.library.questionnaire(GUIDE)
    asked = [line.element.id for line in sheet(held).lines]
    assert asked == [item.element for item in guide.items_for("local-marketing")]
    assert len(sheet(held, everything=True).lines) == 50


def test_an_answer_to_an_element_of_other_roles_stays_in_sight(held: Held) -> None:
    held.save({"score": "2"}, element="internal-data-collection")
    line = sheet(held).line("internal-data-collection")
    assert (line.mark, line.score, line.for_role) == (Mark.SCORED, Fraction(2), False)


def test_marks_tell_states_apart(held: Held) -> None:
    elements = [line.element.id for line in sheet(held).lines]
    held.save({"score": "0"}, element=elements[0])
    held.save({"state": "unknown"}, element=elements[1])
    held.save({"state": "not-applicable", "reason": "没有"}, element=elements[2])
    held.save({"state": "not-applicable"}, element=elements[3])
    held.save({"note": "只记了一笔"}, element=elements[4])
    held.save({"score": "1"}, element=elements[5])
    held.save({"state": "open"}, element=elements[5], base=1)

    assert [line.mark for line in sheet(held).lines[:6]] == [
        Mark.SCORED,
        Mark.UNKNOWN,
        Mark.NOT_APPLICABLE,
        Mark.PROBLEM,
        Mark.STARTED,
        Mark.OPEN,
    ]
    progress = sheet(held).progress
    assert (progress.scored, progress.unknown, progress.not_applicable) == (1, 1, 1)
    assert (progress.problems, progress.started, progress.done, progress.total) == (1, 1, 3, 27)


def test_a_group_goes_from_not_started_to_completed(held: Held) -> None:
    def standing() -> Standing:
        return sheet(held).group("collect-data").progress.standing

    assert standing() is Standing.NOT_STARTED
    held.save({"note": "开始了"})
    assert standing() is Standing.IN_PROGRESS
    held.save({"score": "1"}, base=1)
    assert standing() is Standing.IN_PROGRESS
    held.save({"state": "not-applicable"}, element="external-data-collection")
    assert standing() is Standing.PROBLEM
    held.save({"reason": "没有"}, element="external-data-collection", base=1)
    assert standing() is Standing.COMPLETED


def test_going_on_leads_to_the_first_open_element_after_the_last_save(held: Held, clock: FixedClock) -> None:
    lines = sheet(held).lines
    assert sheet(held).resume == lines[0]
    held.save({"score": "1"}, element=lines[5].element.id)
    resume = sheet(held).resume
    assert resume is not None
    assert resume.element == lines[6].element
    clock.advance(timedelta(minutes=1))
    held.save({"score": "1"}, element=lines[-1].element.id)
    resume = sheet(held).resume
    assert resume is not None
    assert resume.element == lines[0].element, "after the last it begins with what was left out"


def test_neighbours_follow_the_order_of_asking(held: Held) -> None:
    lines = sheet(held).lines
    first, last = lines[0].element.id, lines[-1].element.id
    assert sheet(held).neighbours(first) == (None, lines[1])
    assert sheet(held).neighbours(last) == (lines[-2], None)


def test_a_condition_takes_items_in_and_out_and_keeps_their_answers(
    demo_database: Database, library: Library, clock: FixedClock
) -> None:
    guide = library.questionnaire(GUIDE)
    when = Comparison(ROOT_QUESTION, "gte", Fraction(2))
    asked_if = change_items(guide, analytics_data_architecture=Item(DEPENDENT, when=when))
    own = OneGuide(library, asked_if)
    held = hold(demo_database, own, clock, role="local-business-analysis")  # type: ignore[arg-type] # a fake of the library

    assert sheet(held).line(DEPENDENT).mark is Mark.OUT_OF_SCOPE
    total = sheet(held).progress.total
    before = sheet(held).neighbours(ROOT_QUESTION)[1]
    assert before is not None
    assert before.element.id != DEPENDENT, "what is not asked is passed over"

    held.save({"score": "2"}, element=ROOT_QUESTION)
    assert sheet(held).line(DEPENDENT).mark is Mark.OPEN
    assert sheet(held).progress.total == total + 1
    held.save({"score": "4"}, element=DEPENDENT)
    held.save({"score": "1"}, element=ROOT_QUESTION, base=1)
    assert sheet(held).line(DEPENDENT).mark is Mark.OUT_OF_SCOPE
    assert sheet(held).line(DEPENDENT).score == 4
    assert DEPENDENT not in sheet_scores(held)
    held.save({"score": "2"}, element=ROOT_QUESTION, base=2)
    assert sheet_scores(held)[DEPENDENT] == 4


def sheet_scores(held: Held) -> dict[str, Fraction]:
    """Return what the assessment makes of the interview: the elements that have a score."""
    with held.database.read() as session:
        card = load_assessment(session, held.assessment_id).scorecard
    return {element: one.score for element, one in card.judgements.items() if one.score is not None}


def test_questions_suggest_a_score_and_leave_the_judgement_alone(
    demo_database: Database, library: Library, clock: FixedClock
) -> None:
    guide = library.questionnaire(GUIDE)
    question = Question("own", QuestionType.SCALE, Text("自评"))
    own = OneGuide(library, change_items(guide, customer_data_strategy=Item(ELEMENT, questions=(question,))))
    held = hold(demo_database, own, clock)  # type: ignore[arg-type] # a fake of the library

    held.save({"questions": {"own": "2.5"}})
    answer = sheet(held).line(ELEMENT).answer
    assert answer is not None
    assert (answer.values.suggested, answer.values.state) == ("2.5", "open")
    held.save({"score": "3"}, base=1)
    merged = held.save({"questions": {"own": None}}, base=1, by=held.bo)
    assert isinstance(merged, Saved)
    answer = sheet(held).line(ELEMENT).answer
    assert answer is not None
    assert (answer.values.suggested, answer.values.steps) == (None, 6)


def test_a_saved_answer_is_seen_in_the_score_of_the_assessment(held: Held) -> None:
    held.save({"score": "3.5"})
    held.save({"state": "unknown"}, element="external-data-collection")
    assert sheet_scores(held)[ELEMENT] == Fraction(7, 2)
    held.save({"state": "open"}, base=1)
    assert ELEMENT not in sheet_scores(held), "a cleared answer leaves its element open"


def test_an_archived_interview_does_not_count_and_comes_back(held: Held) -> None:
    held.save({"score": "3.5"})
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    assert sheet_scores(held) == {}
    with held.database.begin() as session:
        interviewing.restore_interview(session, held.interview_id)
    assert sheet_scores(held)[ELEMENT] == Fraction(7, 2)


def test_the_questionnaire_is_pinned_when_the_interview_starts(held: Held) -> None:
    pinned = sheet(held).questionnaire
    assert pinned == held.library.questionnaire(GUIDE)
    assert sheet(held).role == pinned.role("local-marketing")


def test_questionnaires_fit_by_framework_and_version(library: Library) -> None:
    framework = library.framework("telecom-crm")
    fitting = interviewing.questionnaires_for(library, framework)
    assert [guide.mode for guide in fitting] == [Mode.INTERVIEW, Mode.SELF_ASSESSMENT]
    assert interviewing.questionnaires_for(library, replace(framework, version="2.0.0")) == ()


def start(held: Held, **changes: object) -> int:
    """Start another interview with some particulars changed."""
    values: dict[str, object] = {"questionnaire": GUIDE, "role": "billing", "particulars": Particulars()} | changes
    with held.database.begin() as session:
        return interviewing.start_interview(
            session,
            held.assessment_id,
            library=held.library,
            actor=held.ann,
            clock=held.clock,
            **values,  # type: ignore[arg-type] # checked by the tests that name them
        )


def test_starting_refuses_what_does_not_fit(held: Held) -> None:
    with pytest.raises(Invalid, match="does not fit"):
        start(held, questionnaire="credit-risk-interview@1.0.0")
    with pytest.raises(Invalid, match="no role"):
        start(held, role="astronaut")
    with pytest.raises(Invalid, match="longer than 80"):
        start(held, particulars=Particulars(respondent="长" * 81))
    with pytest.raises(Invalid, match="control characters"):
        start(held, particulars=Particulars(interviewer="a\nb"))
    with held.database.begin() as session:
        archive_assessment(session, held.assessment_id, held.clock)
    with pytest.raises(InterviewClosed):
        start(held)


def test_nothing_of_an_interview_changes_in_an_archived_engagement(held: Held) -> None:
    def do(change: Callable[[Session], object]) -> None:
        with held.database.begin() as session:
            change(session)

    one = held.interview_id
    changes: dict[str, Callable[[Session], object]] = {
        "describe": lambda session: interviewing.describe_interview(session, one, Particulars(respondent="别人")),
        "archive": lambda session: interviewing.archive_interview(session, one, held.clock),
        "restore": lambda session: interviewing.restore_interview(session, one),
        "reopen": lambda session: interviewing.reopen_interview(session, one),
    }
    do(lambda session: archive_engagement(session, "china-telecom-2003", held.clock))
    before = sheet(held).interview
    for what, change in changes.items():
        with pytest.raises(Invalid) as refused:
            do(change)
        assert refused.value.code == "assessment-archived", what
    with pytest.raises(InterviewClosed, match="assessment-archived"):
        start(held)
    assert sheet(held).interview == before
    do(lambda session: restore_engagement(session, "china-telecom-2003"))
    for change in changes.values():
        do(change)
    start(held)


def test_an_archived_interview_is_not_described_or_reopened_before_it_is_restored(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
        with pytest.raises(Invalid) as refused:
            interviewing.describe_interview(session, held.interview_id, Particulars(respondent="别人"))
        assert refused.value.code == "interview-archived"
        with pytest.raises(Invalid):
            interviewing.reopen_interview(session, held.interview_id)


def test_interviews_are_numbered_and_listed_in_order(held: Held) -> None:
    second = start(held, particulars=Particulars("受访者B", None, date(2026, 3, 3)))
    with held.database.read() as session:
        listed = interviewing.list_interviews(session, held.assessment_id)
    assert [(one.interview.id, one.interview.key) for one in listed] == [(held.interview_id, "i-01"), (second, "i-02")]
    assert [one.interview.respondent for one in listed] == ["受访者A", "受访者B"]


def test_particulars_can_be_mended(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.describe_interview(session, held.interview_id, Particulars(" 受访者Z ", "", None))
    record = sheet(held).interview
    assert (record.respondent, record.interviewer, record.date) == ("受访者Z", None, None)


def test_closing_waits_for_missing_reasons(held: Held) -> None:
    held.save({"state": "not-applicable"})
    with pytest.raises(InterviewIncomplete) as incomplete, held.database.begin() as session:
        interviewing.close_interview(session, held.interview_id)
    assert incomplete.value.elements == (ELEMENT,)
    assert sheet(held).closed is None
    held.save({"reason": "没有"}, base=1)
    with held.database.begin() as session:
        interviewing.close_interview(session, held.interview_id)
        interviewing.close_interview(session, held.interview_id)
    assert sheet(held).closed == "interview-closed"


def test_what_does_not_exist_is_not_found(held: Held) -> None:
    with held.database.begin() as session:
        with pytest.raises(NotFound):
            read_sheet(session, 10_000)
        with pytest.raises(NotFound):
            interviewing.close_interview(session, 10_000)
        with pytest.raises(NotFound):
            interviewing.workplace(session, 10_000)
    with pytest.raises(NotFound):
        sheet(held).line("no-such-element")
    with pytest.raises(NotFound):
        sheet(held).group("no-such-group")
