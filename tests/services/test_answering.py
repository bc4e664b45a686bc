"""Saving answers: what the protocol of interview.md promises, on a real SQLite file."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.core.case import Answer, State
from app.services import interviewing
from app.services.answer_changes import AnswerRefused
from app.services.answer_fields import OPEN, fields_of
from app.services.answering import Conflict, InterviewClosed, Saved, answer_at, record_answers, save_answer
from app.services.refusals import NotFound
from app.storage import answer_revisions
from app.storage import interviews as store
from tests.services.holding import ELEMENT, Held, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.answer_revisions import RevisionRecord
    from app.storage.database import Database
    from app.storage.interviews import AnswerRecord, AnswerValues
    from tests.conftest import FixedClock

WRITERS = 24


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


def stored(held: Held, element: str = ELEMENT) -> AnswerRecord:
    with held.database.read() as session:
        found = store.answer(session, held.interview_id, element)
    assert found is not None
    return found


def history(held: Held, element: str = ELEMENT) -> tuple[RevisionRecord, ...]:
    with held.database.read() as session:
        return answer_revisions.revisions_of(session, held.interview_id, element)


def test_a_first_answer_becomes_version_1_in_whole_steps(held: Held) -> None:
    saved = held.save({"state": "scored", "score": "3.5", "note": "有成文规划"})

    assert saved == Saved(1, held.clock())
    record = stored(held)
    assert (record.values.state, record.values.steps, record.values.note) == ("scored", 7, "有成文规划")
    assert (record.version, record.updated_by, record.updated_by_name) == (1, held.ann.user_id, "顾问ann")


def test_an_answer_at_the_clients_version_is_replaced(held: Held) -> None:
    held.save({"score": "3.5"})
    assert held.save({"score": 4}, base=1) == Saved(2, held.clock())
    assert stored(held).values.steps == 8


def test_the_same_mutation_is_stored_once_and_told_twice(held: Held) -> None:
    first = held.save({"score": "2"}, mutation_id="one-and-the-same")
    held.save({"score": "3"}, base=1)
    again = held.save({"score": "2"}, mutation_id="one-and-the-same")

    assert isinstance(first, Saved)
    assert again == Saved(1, first.at, replayed=True)
    assert stored(held).values.steps == 6
    assert len(history(held)) == 2


def test_a_conflict_is_told_again_too(held: Held) -> None:
    held.save({"score": "2"}, by=held.bo)
    first = held.save({"score": "3"}, mutation_id="lost-answer")
    again = held.save({"score": "3"}, mutation_id="lost-answer")

    assert isinstance(first, Conflict)
    assert isinstance(again, Conflict)
    assert (again.version, again.mine, again.theirs, again.replayed) == (1, first.mine, first.theirs, True)
    assert [revision.kind for revision in history(held)] == ["normal", "conflict-lost"]


def test_a_mutation_id_of_another_answer_is_refused(held: Held) -> None:
    held.save({"score": "2"}, mutation_id="used-elsewhere")
    with pytest.raises(AnswerRefused, match="A122"):
        held.save({"score": "2"}, mutation_id="used-elsewhere", element="internal-data-collection")


def test_fields_that_nobody_else_touched_are_merged(held: Held) -> None:
    held.save({"score": "2"})
    held.save({"note": "听说有规划"}, base=1, by=held.bo)
    merged = held.save({"score": "2.5"}, base=1)

    assert isinstance(merged, Saved)
    assert (merged.version, merged.merged, merged.others) == (3, True, {"note": "听说有规划"})
    assert (stored(held).values.steps, stored(held).values.note) == (5, "听说有规划")
    assert history(held)[-1].kind == "parallel"


def test_two_first_answers_with_different_fields_are_merged(held: Held) -> None:
    held.save({"note": "一份"})
    merged = held.save({"confidence": "high"}, by=held.bo)

    assert isinstance(merged, Saved)
    assert merged.others == {"note": "一份"}
    assert (stored(held).values.note, stored(held).values.confidence) == ("一份", "high")


def test_evidence_is_merged_tick_by_tick(held: Held) -> None:
    with held.database.begin() as session:
        values = {"evidence": "told"}
        assert store.insert_answer(
            session,
            held.interview_id,
            ELEMENT,
            store.AnswerValues("open", ticks=values),
            at=held.clock(),
            user_id=held.ann.user_id,
        )
    assert stored(held).values.ticks == {"evidence": "told"}


def test_different_values_of_one_field_are_a_conflict_that_changes_nothing_and_loses_nothing(held: Held) -> None:
    held.save({"score": "2.5", "note": "对方的记录"}, by=held.bo)
    conflict = held.save({"score": "3.5", "confidence": "low"})

    assert isinstance(conflict, Conflict)
    assert (conflict.version, conflict.by, conflict.at) == (1, "顾问bo", held.clock())
    assert conflict.mine == {"state": "scored", "score": "3.5"}
    assert conflict.theirs == {"state": "scored", "score": "2.5"}
    assert (stored(held).version, stored(held).values.steps) == (1, 5)
    lost = history(held)[-1]
    assert (lost.kind, lost.after["judgement"]["steps"], lost.after["confidence"]) == ("conflict-lost", 7, "low")


def test_equal_values_are_no_conflict(held: Held) -> None:
    held.save({"score": "3"}, by=held.bo)
    saved = held.save({"score": "3.0"})

    assert isinstance(saved, Saved)
    assert saved.version == 1
    assert stored(held).version == 1


def test_insisting_after_a_conflict_replaces_what_was_stored(held: Held) -> None:
    held.save({"score": "2.5"}, by=held.bo)
    conflict = held.save({"score": "3.5"})
    saved = held.save({"score": "3.5"}, base=conflict.version)

    assert isinstance(saved, Saved)
    assert stored(held).values.steps == 7


def test_a_not_applicable_and_a_score_are_a_conflict(held: Held) -> None:
    held.save({"state": "not-applicable", "reason": "本地网没有这项业务"}, by=held.bo)
    conflict = held.save({"state": "scored", "score": "1"})

    assert isinstance(conflict, Conflict)
    assert conflict.theirs == {"state": "not-applicable", "score": None}


def test_a_base_from_the_future_is_no_licence_to_overwrite(held: Held) -> None:
    held.save({"score": "2.5"}, by=held.bo)
    assert isinstance(held.save({"score": "3.5"}, base=9), Conflict)


def test_clearing_keeps_the_row_and_goes_on_counting(held: Held) -> None:
    held.save({"score": "2.5", "note": "留着"})
    held.save({"state": "open", "score": None}, base=1)

    record = stored(held)
    assert (record.version, record.values.state, record.values.steps) == (2, "open", None)
    assert record.values.note == "留着"


def test_autosave_takes_not_applicable_before_its_reason(held: Held) -> None:
    assert isinstance(held.save({"state": "not-applicable"}), Saved)
    assert stored(held).values.reason is None


def test_revisions_replay_to_the_answer_at_every_version(held: Held) -> None:
    said: list[AnswerValues] = [OPEN]
    changes: list[dict[str, object]] = [
        {"score": "1"},
        {"note": "第一条"},
        {"state": "unknown"},
        {"score": "4.5", "confidence": "high"},
        {"note": None},
        {"state": "open"},
    ]
    for base, change in enumerate(changes):
        held.save(change, base=base)
        said.append(stored(held).values)
    held.save({"score": "0"}, base=1, by=held.bo)  # a lost conflict is no part of the answer
    with held.database.read() as session:
        for version, values in enumerate(said):
            replayed = answer_at(session, interview_id=held.interview_id, element=ELEMENT, version=version)
            assert fields_of(replayed) == fields_of(values)


def test_the_first_answer_sets_the_interview_going(held: Held) -> None:
    def state() -> str:
        with held.database.read() as session:
            record = store.interview(session, held.interview_id)
        assert record is not None
        return record.state

    assert state() == "draft"
    held.save({"score": "1"})
    assert state() == "in-progress"


def test_a_closed_interview_takes_nothing(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.close_interview(session, held.interview_id)
    with pytest.raises(InterviewClosed, match="interview-closed"):
        held.save({"score": "1"})
    with held.database.begin() as session:
        interviewing.reopen_interview(session, held.interview_id)
    assert isinstance(held.save({"score": "1"}), Saved)


def test_a_replay_is_told_even_after_the_interview_was_closed(held: Held) -> None:
    held.save({"score": "1"}, mutation_id="before-closing")
    with held.database.begin() as session:
        interviewing.close_interview(session, held.interview_id)
    assert isinstance(held.save({"score": "1"}, mutation_id="before-closing"), Saved)


def test_an_archived_interview_takes_nothing(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    with pytest.raises(InterviewClosed, match="interview-archived"):
        held.save({"score": "1"})


def test_what_does_not_exist_takes_nothing(held: Held) -> None:
    with pytest.raises(NotFound, match="element"):
        held.save({"score": "1"}, element="no-such-element")
    with pytest.raises(NotFound, match="element"):
        held.save({"score": "1"}, element="collect-data")  # a group is not scored
    with pytest.raises(NotFound, match="interview"), held.database.begin() as session:
        save_answer(
            session,
            interview_id=10_000,
            element=ELEMENT,
            mutation_id=uuid.uuid4().hex,
            base_version=0,
            changes={},
            actor=held.ann,
            clock=held.clock,
        )


def test_a_refused_answer_stores_nothing(held: Held) -> None:
    with pytest.raises(AnswerRefused):
        held.save({"score": "3.3", "note": "一"})
    with held.database.read() as session:
        assert store.answer(session, held.interview_id, ELEMENT) is None
    assert history(held) == ()


def test_imported_answers_carry_a_revision_each(held: Held, clock: FixedClock) -> None:
    framework = held.library.framework("telecom-crm")
    answers = {
        ELEMENT: Answer(State.SCORED, framework.scale.grid[3], note="旧系统"),
        "data-query-reporting": Answer(State.UNKNOWN),
    }
    with held.database.begin() as session:
        record_answers(
            session, interview_id=held.interview_id, scale=framework.scale, answers=answers, actor=None, clock=clock
        )
    assert stored(held).values.steps == 3
    assert [revision.kind for revision in history(held)] == ["import"]
    clock.advance(timedelta(minutes=1))
    assert isinstance(held.save({"score": "2"}, base=1), Saved)
    with held.database.read() as session:
        first = answer_at(session, interview_id=held.interview_id, element=ELEMENT, version=1)
    assert (first.steps, first.note) == (3, "旧系统")


def test_24_writers_lose_no_update(held: Held) -> None:
    """Every writer adds a line to the note, again and again until it is stored: all lines must stand at the end."""
    failures: list[BaseException] = []
    barrier = threading.Barrier(WRITERS)

    def write(number: int) -> None:
        try:
            barrier.wait()
            base, note = 0, ""
            while True:
                outcome = held.save({"note": f"{note}\n<{number}>".strip()}, base=base)
                if isinstance(outcome, Saved):
                    return
                base, note = outcome.version, str(outcome.theirs["note"])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    record = stored(held)
    assert sorted((record.values.note or "").split("\n")) == sorted(f"<{number}>" for number in range(WRITERS))
    assert record.version == WRITERS
    kinds = [revision.kind for revision in history(held)]
    assert kinds.count("normal") + kinds.count("parallel") == WRITERS


def test_24_writers_of_different_elements_do_not_disturb_each_other(held: Held) -> None:
    framework = held.library.framework("telecom-crm")
    outcomes: list[Saved | Conflict] = []

    def write(element: str) -> None:
        outcomes.extend(held.save({"score": score}, base=base, element=element) for base, score in enumerate("12345"))

    threads = [threading.Thread(target=write, args=(leaf.id,)) for leaf in framework.leaves[:WRITERS]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == WRITERS * 5
    assert all(isinstance(outcome, Saved) and not outcome.merged for outcome in outcomes)
    assert {stored(held, leaf.id).values.steps for leaf in framework.leaves[:WRITERS]} == {10}
