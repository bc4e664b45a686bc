"""Agreed scores: saved once, merged where that is sensible, in conflict otherwise; owed a reason; never lost."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from app.core.case import State
from app.core.scale import display
from app.services import agreeing, interviewing
from app.services.agreeing import AgreeingClosed, adopt_medians, read_agreed_changes, save_agreed, values_at
from app.services.answer_changes import LONGEST_REASON, AnswerRefused
from app.services.answering import Conflict, Saved, save_answer
from app.services.assessing import load_assessment
from app.services.exporting import export_case
from app.services.permissions import Actor, NotPermitted, Role
from app.services.refusals import NotFound
from app.services.workshop import current_version, history_of, read_workshop
from app.storage import assessments
from tests.acting import acting
from tests.services.holding import ELEMENT, GUIDE, Held, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock

OTHER = "internal-data-collection"
ROLES = ("local-marketing", "billing", "service-shop", "finance")


@dataclass(frozen=True)
class Team:
    """A workshop about Fuzhou: `ann` and `bo` agree, respondents of several roles answered."""

    held: Held

    @property
    def assessment_id(self) -> int:
        return self.held.assessment_id

    def agree(
        self,
        changes: Mapping[str, object],
        *,
        base: int = 0,
        by: Actor | None = None,
        element: str = ELEMENT,
        mutation_id: str | None = None,
    ) -> Saved | Conflict:
        """Save in a transaction of its own."""
        with self.held.database.begin() as session:
            return save_agreed(
                session,
                assessment_id=self.assessment_id,
                element=element,
                mutation_id=mutation_id or uuid.uuid4().hex,
                base_version=base,
                changes=changes,
                actor=by or self.held.ann,
                clock=self.held.clock,
            )

    def interview(self, role: str, *answers: tuple[str, Mapping[str, object]]) -> int:
        """Hold one more interview."""
        held = self.held
        with held.database.begin() as session:
            interview_id = interviewing.start_interview(
                session,
                self.assessment_id,
                questionnaire=GUIDE,
                role=role,
                particulars=interviewing.Particulars(),
                library=held.library,
                actor=held.ann,
                clock=held.clock,
            )
            for element, changes in answers:
                save_answer(
                    session,
                    interview_id=interview_id,
                    element=element,
                    mutation_id=uuid.uuid4().hex,
                    base_version=0,
                    changes=changes,
                    actor=held.ann,
                    clock=held.clock,
                )
        return interview_id

    def scores(self, *scores: str, element: str = ELEMENT) -> None:
        """Let respondents of different roles give these scores."""
        for role, score in zip(ROLES, scores, strict=False):
            self.interview(role, (element, {"state": "scored", "score": score}))

    def stored(self, element: str = ELEMENT) -> dict[str, object] | None:
        """Return what is agreed, as on the wire, with its version."""
        with self.held.database.read() as session:
            table = read_workshop(session, self.assessment_id)
        found = table.decisions.get(element)
        if found is None:
            return None
        return {**agreeing.said_of(found.values, table.framework.scale), "version": found.version}

    def kinds(self, element: str = ELEMENT) -> list[str]:
        with self.held.database.read() as session:
            return [one.kind for one in history_of(session, self.assessment_id, element)]

    def version(self) -> str:
        with self.held.database.read() as session:
            return current_version(session, self.assessment_id)


@pytest.fixture
def team(demo_database: Database, library: Library, clock: FixedClock) -> Team:
    return Team(hold(demo_database, library, clock))


def saved(outcome: Saved | Conflict) -> Saved:
    assert isinstance(outcome, Saved)
    return outcome


def conflict(outcome: Saved | Conflict) -> Conflict:
    assert isinstance(outcome, Conflict)
    return outcome


# --- the protocol -------------------------------------------------------------------------------------------


def test_a_first_agreed_score_counts_at_once(team: Team) -> None:
    team.scores("2", "2.5")
    assert saved(team.agree({"score": "2.5", "method": "consensus"})).version == 1
    assert team.stored() == {
        "state": "scored",
        "score": "2.5",
        "reason": None,
        "note": None,
        "method": "consensus",
        "confidence": None,
        "version": 1,
    }
    with team.held.database.read() as session:
        node = load_assessment(session, team.assessment_id).scorecard.node(ELEMENT)
    assert display(node.score or Fraction(), 1) == "2.5"


def test_the_same_mutation_is_stored_once_and_told_again(team: Team) -> None:
    first = saved(team.agree({"score": "2", "reason": "现场核对"}, mutation_id="mutation-1"))
    again = saved(team.agree({"score": "4", "reason": "另一个"}, mutation_id="mutation-1"))
    assert again.replayed
    assert again.version == first.version
    assert team.kinds() == ["normal"]


def test_a_mutation_id_belongs_to_one_element(team: Team) -> None:
    team.agree({"score": "2", "reason": "现场核对"}, mutation_id="mutation-1")
    with pytest.raises(AnswerRefused) as refused:
        team.agree({"score": "2", "reason": "现场核对"}, mutation_id="mutation-1", element=OTHER)
    assert [fault.code for fault in refused.value.faults] == ["A122"]


def test_two_decisions_on_the_same_base_are_a_conflict_and_both_are_kept(team: Team) -> None:
    team.agree({"score": "2", "reason": "甲的理由", "method": "vote"})
    lost = conflict(team.agree({"score": "3.5", "reason": "乙的理由"}, by=team.held.bo))
    assert (lost.version, lost.by) == (1, team.held.ann.display_name)
    assert (lost.mine["score"], lost.mine["reason"]) == ("3.5", "乙的理由")
    assert (lost.theirs["score"], lost.theirs["reason"]) == ("2.0", "甲的理由")
    assert (team.stored() or {})["score"] == "2.0"
    with team.held.database.read() as session:
        revisions = history_of(session, team.assessment_id, ELEMENT)
    assert [one.kind for one in revisions] == ["normal", "conflict-lost"]
    assert revisions[1].after is not None
    assert (revisions[1].after["steps"], revisions[1].after["reason"]) == (7, "乙的理由")


def test_a_conflict_is_told_again_as_it_was(team: Team) -> None:
    team.agree({"score": "2", "reason": "甲"})
    first = conflict(team.agree({"score": "3", "reason": "乙"}, mutation_id="mutation-2"))
    team.agree({"score": "4", "reason": "丙"}, base=1)
    again = conflict(team.agree({"score": "3", "reason": "乙"}, mutation_id="mutation-2"))
    assert again.replayed
    assert (again.version, again.mine, again.theirs) == (first.version, first.mine, first.theirs)


def test_choosing_ones_own_on_the_newest_version_settles_a_conflict(team: Team) -> None:
    team.agree({"score": "2", "reason": "甲"})
    lost = conflict(team.agree({"score": "3", "reason": "乙"}, by=team.held.bo))
    assert saved(team.agree({"score": "3", "reason": "乙"}, base=lost.version, by=team.held.bo)).version == 2
    assert team.kinds() == ["normal", "conflict-lost", "normal"]


def test_the_same_decision_twice_is_no_conflict(team: Team) -> None:
    team.agree({"score": "2", "reason": "甲", "method": "vote"})
    assert saved(team.agree({"score": "2", "reason": "甲", "method": "vote"}, by=team.held.bo)).version == 1


def test_a_note_is_merged_with_a_decision_made_meanwhile(team: Team) -> None:
    team.agree({"score": "2", "reason": "甲"})
    merged = saved(team.agree({"note": "下次核对"}, by=team.held.bo))
    assert merged.merged
    assert (merged.others["score"], merged.others["reason"]) == ("2.0", "甲")
    stored = team.stored() or {}
    assert (stored["score"], stored["note"], stored["version"]) == ("2.0", "下次核对", 2)
    assert team.kinds() == ["normal", "parallel"]


def test_a_reason_is_never_merged_with_a_score_it_was_not_written_for(team: Team) -> None:
    team.agree({"score": "2", "reason": "两分的理由"})
    team.agree({"score": "4", "reason": "四分的理由"}, base=1)
    lost = conflict(team.agree({"reason": "两分的更好的理由"}, base=1, by=team.held.bo))
    assert (lost.mine["score"], lost.mine["reason"]) == ("2.0", "两分的更好的理由")
    assert (lost.theirs["score"], lost.theirs["reason"]) == ("4.0", "四分的理由")


def test_a_base_from_the_future_is_worth_none(team: Team) -> None:
    team.agree({"score": "2", "reason": "甲"})
    assert isinstance(team.agree({"score": "3", "reason": "乙"}, base=99), Conflict)


def test_taking_back_leaves_the_version_and_the_history(team: Team) -> None:
    team.agree({"score": "2", "reason": "甲", "method": "vote", "confidence": "high", "note": "记录"})
    assert saved(team.agree({"state": "open"}, base=1)).version == 2
    stored = team.stored() or {}
    assert (stored["state"], stored["score"], stored["reason"], stored["note"]) == ("open", None, None, "记录")
    assert isinstance(team.agree({"score": "3", "reason": "乙"}), Conflict)
    with team.held.database.read() as session:
        assert read_workshop(session, team.assessment_id).decision(ELEMENT) is None
        then = values_at(session, assessment_id=team.assessment_id, element=ELEMENT, version=1)
    assert (then.steps, then.reason) == (4, "甲")


def test_twenty_four_writers_lose_nothing(team: Team) -> None:
    outcomes: list[Saved | Conflict] = []

    def write(number: int) -> None:
        score = display(Fraction(number % 11, 2), 1)
        outcomes.append(team.agree({"score": score, "reason": f"理由{number}"}))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 24
    assert sum(isinstance(one, Saved) for one in outcomes) == 1
    with team.held.database.read() as session:
        reasons = {(one.after or {}).get("reason") for one in history_of(session, team.assessment_id, ELEMENT)}
    assert reasons == {f"理由{number}" for number in range(24)}


# --- what is accepted ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"score": "2.25"}, ["A104"]),
        ({"score": "６"}, ["A104"]),
        ({"state": "inferred", "score": "2"}, ["A102"]),
        ({"state": "scored"}, ["A103"]),
        ({"score": "2", "reason": "长" * (LONGEST_REASON + 1)}, ["A107"]),
        ({"note": "a\x00b"}, ["A108"]),
        ({"confidence": "sure"}, ["A105"]),
        ({"method": "Über alles"}, ["A130"]),
        ({"method": "a" * 65}, ["A130"]),
        ({"method": 7}, ["A130"]),
        ({"ticks": {}}, ["A101"]),
        ({"score": "9", "method": "?", "colour": "red"}, ["A104", "A130", "A101"]),
    ],
)
def test_what_cannot_be_stored_is_refused_with_every_fault(
    team: Team, changes: dict[str, object], codes: list[str]
) -> None:
    with team.held.database.read() as session:
        scale = read_workshop(session, team.assessment_id).framework.scale
    with pytest.raises(AnswerRefused) as refused:
        read_agreed_changes(changes, scale)
    assert [fault.code for fault in refused.value.faults] == codes


def test_full_width_digits_are_digits(team: Team) -> None:
    team.agree({"score": "３．５", "reason": "现场核对"})
    assert (team.stored() or {})["score"] == "3.5"


@pytest.mark.parametrize(
    ("respondents", "changes"),
    [
        (("2", "2.5"), {"score": "3.5"}),  # 1.25 from the median
        (("1", "4"), {"score": "2.5"}),  # they differ
        ((), {"score": "2"}),  # nobody scored
        (("2", "2"), {"state": "not-applicable"}),
        (("2", "2"), {"state": "unknown"}),
    ],
)
def test_what_an_auditor_would_ask_about_needs_a_reason(
    team: Team, respondents: tuple[str, ...], changes: dict[str, object]
) -> None:
    team.scores(*respondents)
    with pytest.raises(AnswerRefused) as refused:
        team.agree(changes)
    (fault,) = refused.value.faults
    assert (fault.code, fault.path, [name for name, _ in fault.values]) == ("A131", "reason", ["questions"])
    assert team.stored() is None
    assert saved(team.agree({**changes, "reason": "讨论后认定"})).version == 1


def test_the_reason_of_such_a_score_cannot_be_taken_away(team: Team) -> None:
    team.agree({"score": "2", "reason": "讨论后认定"})
    with pytest.raises(AnswerRefused):
        team.agree({"reason": ""}, base=1)
    assert saved(team.agree({"note": "只改备注"}, base=1)).version == 2


def test_agreeing_with_the_median_needs_none(team: Team) -> None:
    team.scores("2", "2.5")
    assert saved(team.agree({"score": "2.5"})).version == 1


# --- who may, and when --------------------------------------------------------------------------------------


def test_readers_agree_nothing(team: Team) -> None:
    reader = acting(team.held.ann.user_id, "r", "R", Role.READER)
    with pytest.raises(NotPermitted):
        team.agree({"score": "2", "reason": "x"}, by=reader)


@pytest.mark.parametrize("element", ["no-such-thing", "gain-insight"])
def test_only_elements_are_agreed(team: Team, element: str) -> None:
    with pytest.raises(NotFound):
        team.agree({"score": "2", "reason": "x"}, element=element)


@pytest.mark.parametrize(("column", "why"), [("state", "assessment-published"), ("archived_at", "assessment-archived")])
def test_published_and_archived_assessments_take_nothing(team: Team, column: str, why: str) -> None:
    with team.held.database.begin() as session:
        value = "published" if column == "state" else team.held.clock()
        assessments.update_assessment(session, team.assessment_id, **{column: value})
    with pytest.raises(AgreeingClosed) as closed:
        team.agree({"score": "2", "reason": "x"})
    assert closed.value.values["why"] == why


# --- medians that are adopted -------------------------------------------------------------------------------


def adopt(team: Team, seen: dict[str, str]) -> object:
    with team.held.database.begin() as session:
        return adopt_medians(
            session,
            assessment_id=team.assessment_id,
            seen=seen,
            mutation_ids={element: f"adopting:{element}" for element in seen},
            actor=team.held.ann,
            clock=team.held.clock,
        )


def test_clear_medians_are_adopted_rounded_half_up_and_only_once(team: Team) -> None:
    team.scores("2", "2.5")
    team.scores("1", "4", element=OTHER)
    with team.held.database.read() as session:
        table = read_workshop(session, team.assessment_id)
    offered = {element: display(score, 1) for element, score in table.adoptable.items()}
    assert offered == {ELEMENT: "2.5"}  # 2.25, half up
    assert adopt(team, {ELEMENT: "2.5", OTHER: "2.5"}) == agreeing.Adopted((ELEMENT,), (OTHER,))
    assert adopt(team, {ELEMENT: "2.5"}) == agreeing.Adopted((ELEMENT,), ())
    stored = team.stored() or {}
    assert (stored["score"], stored["method"], stored["version"]) == ("2.5", "median-adopted", 1)


def test_a_median_that_changed_since_it_was_confirmed_is_left(team: Team) -> None:
    team.scores("2", "2.5")
    team.interview("finance", (ELEMENT, {"state": "scored", "score": "2"}))
    assert adopt(team, {ELEMENT: "2.5"}) == agreeing.Adopted((), (ELEMENT,))
    assert team.stored() is None


def test_what_was_agreed_meanwhile_is_left(team: Team) -> None:
    team.scores("2", "2.5")
    team.agree({"score": "2"})
    assert adopt(team, {ELEMENT: "2.5"}) == agreeing.Adopted((), (ELEMENT,))


def test_a_score_that_was_taken_back_may_be_adopted_again(team: Team) -> None:
    team.scores("2", "2.5")
    team.agree({"score": "2"})
    team.agree({"state": "open"}, base=1)
    assert adopt(team, {ELEMENT: "2.5"}) == agreeing.Adopted((ELEMENT,), ())
    assert (team.stored() or {})["version"] == 3


# --- what lies on the table ---------------------------------------------------------------------------------


def test_an_imported_agreed_score_is_shown_and_can_be_changed(team: Team) -> None:
    with team.held.database.read() as session:
        shenzhen = next(
            one.id
            for one in assessments.assessments(session, load_assessment(session, team.assessment_id).engagement.id)
            if assessments.agreed_scores(session, [one.id])[one.id]
        )
        table = read_workshop(session, shenzhen)
        element, decision = next(iter(table.decisions.items()))
        assert [one.kind for one in history_of(session, shenzhen, element)] == ["import"]
    other = Team(replace(team.held, assessment_id=shenzhen))
    assert saved(other.agree({"score": "1", "reason": "复核"}, base=decision.version, element=element)).version == 2
    assert other.kinds(element) == ["import", "normal"]


def test_what_is_agreed_goes_into_the_case_and_what_was_taken_back_is_open_there(team: Team) -> None:
    team.agree({"score": "2", "reason": "现场核对", "method": "vote", "confidence": "medium"})
    team.agree({"score": "2", "reason": "现场核对"}, element=OTHER)
    team.agree({"state": "open"}, base=1, element=OTHER)
    with team.held.database.read() as session:
        case = export_case(session, team.assessment_id)
    agreed = case.scores[ELEMENT]
    assert (agreed.reason, agreed.method, agreed.confidence) == ("现场核对", "vote", "medium")
    assert case.scores[OTHER].state is State.OPEN


def test_the_version_changes_with_answers_interviews_and_agreed_scores(team: Team, clock: FixedClock) -> None:
    seen = [team.version()]
    assert team.version() == seen[0]
    team.scores("2")
    seen.append(team.version())
    team.agree({"score": "2"})
    seen.append(team.version())
    clock.advance(timedelta(minutes=1))
    team.agree({"note": "记录"}, base=1)
    seen.append(team.version())
    with team.held.database.begin() as session:
        interviewing.archive_interview(session, team.held.interview_id, clock)
    seen.append(team.version())
    assert len(set(seen)) == len(seen)


def test_the_version_of_nothing_is_not_found(team: Team) -> None:
    with team.held.database.read() as session, pytest.raises(NotFound):
        current_version(session, 999)


def test_an_archived_interview_has_no_mark(team: Team, clock: FixedClock) -> None:
    interview_id = team.interview("finance", (ELEMENT, {"state": "scored", "score": "2"}))
    with team.held.database.read() as session:
        assert len(read_workshop(session, team.assessment_id).statements(ELEMENT)) == 1
    with team.held.database.begin() as session:
        interviewing.archive_interview(session, interview_id, clock)
    with team.held.database.read() as session:
        assert read_workshop(session, team.assessment_id).statements(ELEMENT) == ()
