"""Handing over: what stands in the way, reasons that are accepted and lapse, every step and who may take it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.finishing import Code
from app.services import finishing, handing_over, interviewing
from app.services.answering import InterviewClosed
from app.services.engagements import archive_assessment, archive_engagement, get_engagement, list_assessments
from app.services.finishing import AssessmentFinish, InterviewFinish, Step
from app.services.interview_sheet import read_sheet
from app.services.permissions import Actor, NotPermitted, Role
from app.services.refusals import Invalid, NotFound
from app.storage import assessments, interviews
from app.storage.agreeing import decision, update_decision
from app.storage.assessments import AgreedScoreValues
from app.storage.warnings import warnings_at
from tests.acting import acting
from tests.services.holding import ELEMENT, GUIDE, Held, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.questionnaire import Questionnaire
    from app.storage.database import Database, Session
    from tests.conftest import FixedClock

SECOND = "external-data-collection"
READER = acting(99, "reader", "读者", Role.READER)
MINUTE = timedelta(minutes=1)

Act = Callable[["Session"], object]


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


def check(held: Held) -> InterviewFinish:
    with held.database.read() as session:
        return finishing.check_interview(session, held.interview_id)


def check_all(held: Held, assessment_id: int | None = None) -> AssessmentFinish:
    with held.database.read() as session:
        return finishing.check_assessment(session, assessment_id or held.assessment_id)


def do(held: Held, act: Act) -> object:
    with held.database.begin() as session:
        return act(session)


def codes(finish: InterviewFinish | AssessmentFinish) -> list[Code]:
    return [topic.code for topic in finish.check.topics]


def waiting(finish: InterviewFinish | AssessmentFinish) -> dict[Code, set[str]]:
    return {topic.code: {one.about for one in topic.waiting} for topic in finish.check.topics if topic.waiting}


def accept(held: Held, code: Code, *about: str, reason: str = "当场确认过", by: Actor | None = None) -> object:
    return do(
        held,
        lambda session: handing_over.accept_in_interview(
            session, held.interview_id, code.value, about, reason=reason, actor=by or held.ann, clock=held.clock
        ),
    )


def accept_all(held: Held, reason: str = "当场确认过") -> None:
    for code, about in waiting(check(held)).items():
        accept(held, code, *about, reason=reason)


def submit(held: Held, by: Actor | None = None) -> None:
    do(
        held,
        lambda session: handing_over.submit_interview(
            session, held.interview_id, actor=by or held.ann, clock=held.clock
        ),
    )


def request(held: Held, words: str = "第三题请补证据", by: Actor | None = None) -> None:
    do(
        held,
        lambda session: handing_over.request_changes(
            session, held.interview_id, words, actor=by or held.bo, clock=held.clock
        ),
    )


def close(held: Held, by: Actor | None = None) -> None:
    do(
        held,
        lambda session: handing_over.close_interview(session, held.interview_id, actor=by or held.bo, clock=held.clock),
    )


def submitted(held: Held) -> Held:
    """Answer one element, accept every warning, submit."""
    held.save({"score": "3", "confidence": "high"})
    accept_all(held)
    submit(held)
    return held


def state_of(held: Held) -> str:
    with held.database.read() as session:
        record = interviews.interview(session, held.interview_id)
    assert record is not None
    return record.state


# --- what stands in the way -----------------------------------------------------------------------------------------


def test_an_empty_interview_cannot_be_submitted(held: Held) -> None:
    assert codes(check(held)) == [Code.NOTHING_SAID]
    with pytest.raises(Invalid, match="1 errors"):
        submit(held)


def test_the_check_reads_answers_as_they_are_stored(held: Held) -> None:
    held.save({"score": "4.5"})
    held.save({"state": "not-applicable"}, element=SECOND)
    finish = check(held)
    assert waiting(finish)[Code.HIGH_WITHOUT_EVIDENCE] == {ELEMENT}
    assert waiting(finish)[Code.REASON_MISSING] == {SECOND}
    assert len(waiting(finish)[Code.LEFT_OPEN]) == 25
    assert (finish.check.errors, finish.check.waiting, finish.check.accepted) == (1, 27, 0)
    held.save({"note": "看过规划文件"}, base=1)
    assert Code.HIGH_WITHOUT_EVIDENCE not in codes(check(held))


def test_what_other_roles_are_asked_is_no_concern_of_this_interview(held: Held) -> None:
    held.save({"score": "3"})
    assert "internal-data-collection" not in waiting(check(held))[Code.LEFT_OPEN]


def test_a_self_assessment_wants_no_evidence_and_no_confidence(
    demo_database: Database, library: Library, clock: FixedClock
) -> None:
    guide = next(one for one in interviewing_guides(library) if one.mode.value == "self-assessment")
    held = hold(demo_database, library, clock, guide=guide.reference, role=guide.roles[0].id)
    with held.database.read() as session:
        first = read_sheet(session, held.interview_id).lines[0].element.id
    held.save({"score": "5"}, element=first)
    assert set(codes(check(held))) == {Code.LEFT_OPEN}


def interviewing_guides(library: Library) -> tuple[Questionnaire, ...]:
    return interviewing.questionnaires_for(library, library.framework("telecom-crm"))


def test_errors_cannot_be_accepted(held: Held) -> None:
    held.save({"state": "not-applicable"})
    assert accept(held, Code.REASON_MISSING, ELEMENT) == 0
    accept_all(held)
    with pytest.raises(Invalid, match="1 errors to mend and 0 warnings") as refused:
        submit(held)
    assert (refused.value.field, refused.value.code) == ("check", "not-ready")
    held.save({"reason": "没有这项业务"}, base=1)
    submit(held)


# --- reasons --------------------------------------------------------------------------------------------------------


def test_one_reason_covers_the_chosen_elements_of_a_warning(held: Held) -> None:
    held.save({"score": "3"})
    held.save({"score": "2"}, element=SECOND)
    assert accept(held, Code.NO_CONFIDENCE, SECOND, "no-such-element") == 1
    assert waiting(check(held))[Code.NO_CONFIDENCE] == {ELEMENT}
    assert accept(held, Code.NO_CONFIDENCE, ELEMENT, SECOND, reason="电话访谈，没有问") == 1
    assert Code.NO_CONFIDENCE not in waiting(check(held))
    (topic,) = [topic for topic in check(held).check.topics if topic.code is Code.NO_CONFIDENCE]
    assert [(one.about, one.reason, one.by) for one in topic.acceptances] == [
        ((ELEMENT,), "电话访谈，没有问", "顾问ann"),
        ((SECOND,), "当场确认过", "顾问ann"),
    ]


@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "text-missing"), (" \n ", "text-missing"), ("长" * 501, "text-too-long"), ("a\x07", "control-characters")],
)
def test_a_reason_has_to_say_something(held: Held, reason: str, code: str) -> None:
    held.save({"score": "3"})
    with pytest.raises(Invalid) as refused:
        accept(held, Code.NO_CONFIDENCE, ELEMENT, reason=reason)
    assert (refused.value.field, refused.value.code) == ("reason", code)


def test_a_reason_is_about_something(held: Held) -> None:
    held.save({"score": "3"})
    with pytest.raises(Invalid) as refused:
        accept(held, Code.NO_CONFIDENCE)
    assert refused.value.code == "nothing-chosen"


def test_a_reason_that_is_withdrawn_is_kept_and_excuses_nothing(held: Held) -> None:
    held.save({"score": "3"})
    accept(held, Code.NO_CONFIDENCE, ELEMENT)
    (topic,) = [topic for topic in check(held).check.topics if topic.code is Code.NO_CONFIDENCE]
    ids = topic.acceptances[0].ids

    def withdraw(session: Session) -> int:
        return handing_over.withdraw_in_interview(
            session, held.interview_id, [*ids, 10_000], actor=held.bo, clock=held.clock
        )

    assert do(held, withdraw) == 1
    assert waiting(check(held))[Code.NO_CONFIDENCE] == {ELEMENT}
    assert do(held, withdraw) == 0
    with held.database.read() as session:
        (record,) = warnings_at(session, check(held).place)
    assert record.withdrawn_at == held.clock()


def test_reasons_of_another_interview_cannot_be_withdrawn(held: Held) -> None:
    held.save({"score": "3"})
    accept(held, Code.NO_CONFIDENCE, ELEMENT)
    ids = check(held).check.topics[-1].acceptances[0].ids
    other = another_interview(held)
    do(
        held,
        lambda session: handing_over.withdraw_in_interview(
            session, other.interview_id, ids, actor=held.ann, clock=held.clock
        ),
    )
    assert Code.NO_CONFIDENCE not in waiting(check(held))


def another_interview(held: Held) -> Held:
    with held.database.begin() as session:
        interview_id = interviewing.start_interview(
            session,
            held.assessment_id,
            questionnaire=GUIDE,
            role="billing",
            particulars=interviewing.Particulars("受访者B"),
            library=held.library,
            actor=held.ann,
            clock=held.clock,
        )
    return replace(held, interview_id=interview_id)


def test_a_reason_lapses_when_the_element_is_judged_anew(held: Held, clock: FixedClock) -> None:
    held.save({"score": "4", "confidence": "high"})
    accept(held, Code.HIGH_WITHOUT_EVIDENCE, ELEMENT, reason="屏幕上看过，不许拷贝")
    clock.advance(MINUTE)
    held.save({"confidence": "medium"}, base=1)
    assert Code.HIGH_WITHOUT_EVIDENCE not in waiting(check(held)), "another confidence is the same judgement"
    clock.advance(MINUTE)
    held.save({"score": "5"}, base=2)
    assert waiting(check(held))[Code.HIGH_WITHOUT_EVIDENCE] == {ELEMENT}
    (topic,) = [one for one in check(held).check.topics if one.code is Code.HIGH_WITHOUT_EVIDENCE]
    assert [(one.reason, one.lapsed) for one in topic.acceptances] == [("屏幕上看过，不许拷贝", True)]
    accept(held, Code.HIGH_WITHOUT_EVIDENCE, ELEMENT, reason="又看了一次")
    assert Code.HIGH_WITHOUT_EVIDENCE not in waiting(check(held))


def test_the_losing_side_of_a_conflict_is_no_new_judgement(held: Held, clock: FixedClock) -> None:
    held.save({"score": "4", "confidence": "high"})
    held.save({"score": "4.5"}, base=1)
    accept(held, Code.HIGH_WITHOUT_EVIDENCE, ELEMENT)
    clock.advance(MINUTE)
    held.save({"score": "5"}, base=1, by=held.bo)
    assert Code.HIGH_WITHOUT_EVIDENCE not in waiting(check(held))


def test_a_reason_for_a_whole_dimension_lapses_with_any_score_of_it(held: Held, clock: FixedClock) -> None:
    with held.database.read() as session:
        section = read_sheet(session, held.interview_id).sections[0]
    elements = [line.element.id for line in section.lines][:6]
    for element in elements:
        held.save({"score": "3", "confidence": "high"}, element=element)
    assert section.node is not None
    accept(held, Code.ALL_ALIKE, section.node.id)
    assert Code.ALL_ALIKE not in waiting(check(held))
    clock.advance(MINUTE)
    for element in elements:
        held.save({"score": "2.5"}, element=element, base=1)
    assert waiting(check(held))[Code.ALL_ALIKE] == {section.node.id}


def test_an_element_that_becomes_unknown_later_wants_a_reason_of_its_own(held: Held) -> None:
    held.save({"state": "unknown"})
    accept(held, Code.MANY_UNKNOWN, ELEMENT)
    held.save({"state": "unknown"}, element=SECOND)
    assert waiting(check(held))[Code.MANY_UNKNOWN] == {SECOND}


# --- the steps of an interview --------------------------------------------------------------------------------------


def test_a_submitted_interview_takes_no_answers_and_no_reasons(held: Held) -> None:
    submitted(held)
    assert state_of(held) == "submitted"
    with pytest.raises(InterviewClosed, match="interview-submitted"):
        held.save({"score": "5"}, base=1)
    with pytest.raises(Invalid) as refused:
        accept(held, Code.LEFT_OPEN, SECOND)
    assert refused.value.code == "interview-submitted"
    with pytest.raises(Invalid, match="interview-submitted"):
        submit(held)
    with pytest.raises(Invalid, match="interview-submitted"):
        do(
            held,
            lambda s: handing_over.withdraw_in_interview(s, held.interview_id, [1], actor=held.ann, clock=held.clock),
        )


def test_what_was_saved_before_is_told_again_after_submitting(held: Held) -> None:
    held.save({"score": "3", "confidence": "high"}, mutation_id="the-first-save")
    accept_all(held)
    submit(held)
    assert held.save({"score": "3", "confidence": "high"}, mutation_id="the-first-save").replayed


def test_a_reviewer_asks_for_changes_and_the_interview_goes_on(held: Held, clock: FixedClock) -> None:
    submitted(held)
    clock.advance(MINUTE)
    request(held, " 第三题请补证据\r\n并问清楚 ")
    record = check(held).sheet.interview
    assert (record.state, record.request) == ("changes-requested", "第三题请补证据\n并问清楚")
    held.save({"score": "2"}, base=1)
    assert state_of(held) == "changes-requested", "it was not handed over again yet"
    clock.advance(MINUTE)
    accept_all(held)
    submit(held)
    record = check(held).sheet.interview
    assert (record.state, record.request) == ("submitted", None)
    assert [(step.step, step.by, step.words) for step in check(held).steps] == [
        (Step.HANDED_OVER, "顾问ann", ""),
        (Step.CHANGES_REQUESTED, "顾问bo", "第三题请补证据\n并问清楚"),
        (Step.HANDED_OVER, "顾问ann", ""),
    ]


def test_changes_are_asked_for_in_words(held: Held) -> None:
    submitted(held)
    with pytest.raises(Invalid) as refused:
        request(held, "  ")
    assert (refused.value.field, refused.value.code) == ("words", "text-missing")
    assert state_of(held) == "submitted"


def test_a_reviewer_closes_a_submitted_interview_and_it_can_be_reopened(held: Held) -> None:
    submitted(held)
    close(held)
    assert (state_of(held), check(held).sheet.closed) == ("closed", "interview-closed")
    with pytest.raises(Invalid, match="interview-closed"):
        close(held)
    with pytest.raises(Invalid, match="interview-closed"):
        request(held)
    do(held, lambda session: interviewing.reopen_interview(session, held.interview_id))
    assert state_of(held) == "in-progress"
    submit(held)
    assert state_of(held) == "submitted"


def test_only_what_was_submitted_is_reviewed(held: Held) -> None:
    held.save({"score": "3"})
    for act in (request, close):
        with pytest.raises(Invalid) as refused:
            act(held)
        assert refused.value.code == "interview-not-submitted"


def test_an_imported_interview_with_an_error_is_not_closed(held: Held) -> None:
    held.save({"state": "not-applicable"})
    do(held, lambda session: interviews.update_interview(session, held.interview_id, state="submitted"))
    with pytest.raises(Invalid) as refused:
        close(held)
    assert refused.value.code == "errors-left"
    request(held)
    assert state_of(held) == "changes-requested"


def test_readers_take_no_step(held: Held) -> None:
    submitted(held)
    for act in (submit, request, close):
        with pytest.raises(NotPermitted):
            act(held, by=READER)
    with pytest.raises(NotPermitted):
        accept(held, Code.LEFT_OPEN, SECOND, by=READER)
    assert state_of(held) == "submitted"


def test_archived_interviews_take_no_step(held: Held) -> None:
    submitted(held)
    do(held, lambda session: interviewing.archive_interview(session, held.interview_id, held.clock))
    for act in (submit, request, close):
        with pytest.raises(Invalid, match="interview-archived"):
            act(held)


def test_what_does_not_exist_is_not_found(held: Held) -> None:
    missing = replace(held, interview_id=10_000, assessment_id=10_000)
    for act in (submit, request, close, check, check_all):
        with pytest.raises(NotFound):
            act(missing)


# --- an assessment --------------------------------------------------------------------------------------------------


def shenzhen(held: Held) -> int:
    with held.database.read() as session:
        engagement = get_engagement(session, "china-telecom-2003")
        return next(one.id for one in list_assessments(session, engagement.id) if one.unit.key == "shenzhen")


def accept_for(held: Held, assessment_id: int, reason: str = "2003 年的资料只有这些") -> None:
    for code, about in waiting(check_all(held, assessment_id)).items():
        with held.database.begin() as session:
            handing_over.accept_in_assessment(
                session, assessment_id, code.value, sorted(about), reason=reason, actor=held.bo, clock=held.clock
            )


def hand_over(held: Held, assessment_id: int, by: Actor | None = None) -> None:
    do(
        held,
        lambda session: handing_over.hand_over_assessment(
            session, assessment_id, actor=by or held.bo, clock=held.clock
        ),
    )


def send_back(held: Held, assessment_id: int, words: str = "福州缺访谈", by: Actor | None = None) -> None:
    do(
        held,
        lambda session: handing_over.send_back_assessment(
            session, assessment_id, words, actor=by or held.bo, clock=held.clock
        ),
    )


def test_the_assessment_of_2003_has_one_source_and_no_evidence(held: Held) -> None:
    finish = check_all(held, shenzhen(held))
    assert finish.check.errors == 0
    scored = {element for element, one in finish.view.agreed.items() if one.score is not None}
    assert waiting(finish)[Code.SINGLE_SOURCE] == scored
    high = {element for element, one in finish.view.agreed.items() if one.score is not None and one.score >= 4}
    assert waiting(finish).get(Code.HIGH_WITHOUT_EVIDENCE, set()) == high
    assert Code.NOT_AGREED not in codes(finish)


def test_an_assessment_without_a_word_cannot_go_to_review(held: Held) -> None:
    assert codes(check_all(held)) == [Code.NOTHING_SAID]
    with pytest.raises(Invalid, match="1 errors"):
        hand_over(held, held.assessment_id)


def test_an_interview_under_way_is_named_and_a_submitted_one_is_not(held: Held) -> None:
    held.save({"score": "3", "confidence": "high"})
    finish = check_all(held)
    assert waiting(finish)[Code.UNFINISHED_INTERVIEW] == {"i-01"}
    assert waiting(finish)[Code.NOT_AGREED] == {ELEMENT}
    assert waiting(finish)[Code.SINGLE_SOURCE] == {ELEMENT}
    assert len(waiting(finish)[Code.NOT_ASSESSED]) == 49
    assert waiting(finish)[Code.LOW_COVERAGE] >= {"", "customer-insight"}
    accept_all(held)
    submit(held)
    assert Code.UNFINISHED_INTERVIEW not in codes(check_all(held))


def test_respondents_far_apart_are_to_be_discussed(held: Held) -> None:
    held.save({"score": "1"})
    other = another_interview(held)
    other.save({"score": "4"})
    finish = check_all(held)
    assert waiting(finish)[Code.TO_DISCUSS] == {ELEMENT}
    assert Code.SINGLE_SOURCE not in codes(finish), "two roles scored it"


def test_an_assessment_goes_to_review_and_back_with_words(held: Held, clock: FixedClock) -> None:
    assessment_id = shenzhen(held)
    with pytest.raises(Invalid, match="0 errors to mend"):
        hand_over(held, assessment_id)
    accept_for(held, assessment_id)
    assert check_all(held, assessment_id).check.ready
    hand_over(held, assessment_id)
    assert check_all(held, assessment_id).view.state == "review"
    with pytest.raises(Invalid, match="assessment-in-review"):
        hand_over(held, assessment_id)
    clock.advance(MINUTE)
    send_back(held, assessment_id, "请核对\n计费的分")
    finish = check_all(held, assessment_id)
    assert finish.view.state == "in-progress"
    assert finish.request is not None
    assert (finish.request.words, finish.request.by) == ("请核对\n计费的分", "顾问bo")
    with pytest.raises(Invalid, match="assessment-not-in-review"):
        send_back(held, assessment_id)
    hand_over(held, assessment_id)
    assert check_all(held, assessment_id).request is None
    assert [step.step for step in check_all(held, assessment_id).steps] == [
        Step.HANDED_OVER,
        Step.CHANGES_REQUESTED,
        Step.HANDED_OVER,
    ]


def test_in_review_no_interview_is_started_and_no_answer_saved(held: Held) -> None:
    held.save({"score": "3"})
    do(held, lambda session: assessments.update_assessment(session, held.assessment_id, state="review"))
    with pytest.raises(InterviewClosed, match="assessment-in-review"):
        held.save({"score": "4"}, base=1)
    with pytest.raises(InterviewClosed, match="assessment-in-review"):
        another_interview(held)
    with pytest.raises(Invalid, match="assessment-in-review"):
        submit(held)
    assert check(held).sheet.closed == "assessment-in-review"


def test_in_review_submitted_interviews_can_be_closed_and_not_given_back(held: Held) -> None:
    submitted(held)
    do(held, lambda session: assessments.update_assessment(session, held.assessment_id, state="review"))
    with pytest.raises(Invalid, match="assessment-in-review"):
        request(held)
    close(held)
    assert state_of(held) == "closed"


def test_in_review_warnings_can_still_be_explained(held: Held) -> None:
    assessment_id = shenzhen(held)
    do(held, lambda session: assessments.update_assessment(session, assessment_id, state="review"))
    accept_for(held, assessment_id)
    assert check_all(held, assessment_id).check.ready


def test_a_reason_lapses_when_the_score_is_agreed_anew(held: Held, clock: FixedClock) -> None:
    assessment_id = shenzhen(held)
    accept_for(held, assessment_id)
    clock.advance(MINUTE)
    element = next(iter(waiting_or_accepted(check_all(held, assessment_id), Code.SINGLE_SOURCE)))
    with held.database.begin() as session:
        stood = decision(session, assessment_id, element)
        assert stood is not None
        assert update_decision(session, stood, AgreedScoreValues("scored", 10), at=clock(), user_id=held.ann.user_id)
    again = waiting(check_all(held, assessment_id))
    assert again[Code.SINGLE_SOURCE] == {element}
    assert again[Code.HIGH_WITHOUT_EVIDENCE] == {element}


def waiting_or_accepted(finish: AssessmentFinish, code: Code) -> list[str]:
    return [one.about for topic in finish.check.topics if topic.code is code for one in topic.concerns]


def test_archived_and_published_assessments_take_no_step(held: Held) -> None:
    assessment_id = shenzhen(held)
    do(held, lambda session: assessments.update_assessment(session, assessment_id, state="published"))
    for act in (hand_over, send_back, accept_for):
        with pytest.raises(Invalid, match="assessment-published"):
            act(held, assessment_id)
    do(held, lambda session: archive_assessment(session, assessment_id, held.clock))
    for act in (hand_over, send_back, accept_for):
        with pytest.raises(Invalid, match="assessment-archived"):
            act(held, assessment_id)


def test_an_archived_engagement_takes_its_assessments_along(held: Held) -> None:
    assessment_id = shenzhen(held)
    do(held, lambda session: archive_engagement(session, "china-telecom-2003", held.clock))
    for act in (hand_over, send_back, accept_for):
        with pytest.raises(Invalid, match="assessment-archived"):
            act(held, assessment_id)


def test_readers_take_no_step_of_an_assessment(held: Held) -> None:
    for act in (hand_over, send_back):
        with pytest.raises(NotPermitted):
            act(held, shenzhen(held), by=READER)
    with pytest.raises(NotPermitted):
        do(
            held,
            lambda s: handing_over.withdraw_in_assessment(s, shenzhen(held), [1], actor=READER, clock=held.clock),
        )


# --- for the report -------------------------------------------------------------------------------------------------


def test_the_report_gets_every_reason_that_still_holds(held: Held, clock: FixedClock) -> None:
    held.save({"score": "3"})
    accept(held, Code.NO_CONFIDENCE, ELEMENT, reason="电话访谈")
    do(
        held,
        lambda session: handing_over.accept_in_assessment(
            session,
            held.assessment_id,
            Code.SINGLE_SOURCE.value,
            [ELEMENT],
            reason="只有市场部管",
            actor=held.bo,
            clock=clock,
        ),
    )

    def told() -> list[tuple[str, tuple[str, ...], str, str | None]]:
        with held.database.read() as session:
            found = finishing.accepted_warnings(session, held.assessment_id)
        return [(one.code, one.about, one.reason, one.interview) for one in found]

    ours = ("single-source", (ELEMENT,), "只有市场部管", None)
    assert told() == [ours, ("no-confidence", (ELEMENT,), "电话访谈", "i-01")]
    clock.advance(MINUTE)
    held.save({"confidence": "high"}, base=1)
    assert told() == [ours], "a warning that is gone needs no reason"
    assert Fraction(3) == check_all(held).view.scorecard.judgements[ELEMENT].score


def test_reasons_of_an_archived_interview_are_left_out(held: Held) -> None:
    held.save({"score": "3"})
    accept(held, Code.NO_CONFIDENCE, ELEMENT)
    do(held, lambda session: interviewing.archive_interview(session, held.interview_id, held.clock))
    with held.database.read() as session:
        assert finishing.accepted_warnings(session, held.assessment_id) == ()
