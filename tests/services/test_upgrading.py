"""Taking an assessment to another version: what is carried, what is proposed, what the record keeps, and back again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.content.snapshot import framework_document
from app.core.case import State
from app.core.framework import WeightProfile
from app.core.scoring import Scorecard
from app.core.text import Text
from app.services import interviewing
from app.services.agreeing import save_agreed
from app.services.answering import Saved, answer_at, save_answer
from app.services.assessing import AssessmentView, load_assessment
from app.services.engagements import (
    archive_engagement,
    create_assessment,
    create_engagement,
    create_round,
    create_unit,
    list_assessments,
)
from app.services.findings import Draft, findings_of, write_finding
from app.services.impact import impact_of_version, impact_of_weights
from app.services.interview_sheet import read_sheet
from app.services.interviewing import Particulars
from app.services.permissions import Actor, NotPermitted, Part, Role
from app.services.proposing import change_proposal, confirm_proposals, decline_proposal, proposals_for, waiting
from app.services.refusals import Invalid, NotFound
from app.services.reverting import history_of, recorded_view, reversible, revert_upgrade
from app.services.upgrading import PreviewOutdated, preview_upgrade, upgrade_assessment, versions_ahead
from app.storage import answer_revisions, interviews
from app.storage.agreeing import decision_revisions
from app.storage.assessments import update_assessment
from app.storage.database import Database, Session
from tests.conftest import FixedClock
from tests.services.holding import consultant
from tests.services.shelves import QUARTERS, SECOND, Press

HALF = Fraction(1, 2)


@dataclass
class Desk:
    """One assessment of `small` 1.0.0 with agreed scores and an open interview, and what acts on it."""

    session: Session
    press: Press
    actor: Actor
    clock: FixedClock
    assessment: int
    interview: int

    def agree(self, element: str, score: str, base: int = 0) -> None:
        """Agree a score."""
        save_agreed(
            self.session,
            assessment_id=self.assessment,
            element=element,
            mutation_id=uuid.uuid4().hex,
            base_version=base,
            changes={"score": score, "reason": "说好了"},
            actor=self.actor,
            clock=self.clock,
        )

    def answer(self, element: str, changes: Mapping[str, object], base: int = 0) -> Saved:
        """Save an answer of the interview."""
        saved = save_answer(
            self.session,
            interview_id=self.interview,
            element=element,
            mutation_id=uuid.uuid4().hex,
            base_version=base,
            changes=changes,
            actor=self.actor,
            clock=self.clock,
        )
        assert isinstance(saved, Saved)
        return saved

    def upgrade(self, version: str = "2.0.0") -> int:
        """Preview and confirm."""
        library = self.press.library
        seen = preview_upgrade(self.session, self.assessment, version, library=library).seen
        return upgrade_assessment(
            self.session, self.assessment, version, seen=seen, library=library, actor=self.actor, clock=self.clock
        )

    def revert(self, upgrade_id: int) -> int:
        """Take back."""
        return revert_upgrade(self.session, upgrade_id, actor=self.actor, clock=self.clock)

    @property
    def view(self) -> AssessmentView:
        """The assessment as everybody reads it now."""
        return load_assessment(self.session, self.assessment)

    @property
    def scores(self) -> dict[str, Fraction]:
        """The scores of its elements now."""
        return scores_of(self.view.scorecard)


def scores_of(card: Scorecard) -> dict[str, Fraction]:
    return {leaf: one.score for leaf, one in card.judgements.items() if one.score is not None}


@pytest.fixture
def desk(database: Database, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """An assessment in 1.0.0; 2.0.0 of the framework and of its questionnaire are published."""
    press = Press(database, tmp_path / "content", clock)
    press.publish("2.0.0", SECOND)
    press.publish_questionnaire("2.0.0", ">=2,<3", SECOND)
    with database.begin() as session:
        yield _laid_out(session, press, clock)


@pytest.fixture
def rescaled(database: Database, tmp_path: Path, clock: FixedClock) -> Iterator[Desk]:
    """The same; 2.0.0 has another scale."""
    press = Press(database, tmp_path / "content", clock)
    press.publish("2.0.0", SECOND, scale=QUARTERS)
    with database.begin() as session:
        yield _laid_out(session, press, clock)


def _laid_out(session: Session, press: Press, clock: FixedClock) -> Desk:
    actor = consultant(session, "ann", clock)
    engagement = create_engagement(session, key="firm", name=Text("公司"), actor=actor, clock=clock)
    create_unit(session, engagement.id, key="north", name=Text("北"))
    create_unit(session, engagement.id, key="south", name=Text("南"))
    create_round(session, engagement.id, key="2026", name=Text("2026"))
    first = press.library.framework("small@1.0.0")
    made = [
        create_assessment(session, engagement.id, unit=unit, round="2026", framework=first, actor=actor, clock=clock).id
        for unit in ("north", "south")
    ]
    held = interviewing.start_interview(
        session,
        made[0],
        questionnaire="small-interview@1.0.0",
        role="boss",
        particulars=Particulars(respondent="老王"),
        library=press.library,
        actor=actor,
        clock=clock,
    )
    desk = Desk(session, press, actor, clock, made[0], held)
    for element, score in {"kept": "1", "renamed": "3", "cut": "4", "one": "2", "gone": "5"}.items():
        desk.agree(element, score)
    desk.answer("moved", {"score": "2", "note": "听说的", "ticks": {"paper": "seen"}, "questions": {"how": "2.5"}})
    desk.answer("renamed", {"score": "1"})
    desk.answer("two", {"score": "5"})
    return desk


def test_the_versions_ahead_are_those_newer_than_its_own_the_newest_first(desk: Desk) -> None:
    assert versions_ahead(desk.session, desk.assessment, desk.press.library) == ("2.0.0",)
    desk.upgrade()
    assert versions_ahead(desk.session, desk.assessment, desk.press.library) == ()
    with pytest.raises(NotFound):
        preview_upgrade(desk.session, desk.assessment, "1.0.0", library=desk.press.library)


def test_the_totals_after_an_upgrade_are_those_that_were_previewed(desk: Desk) -> None:
    before = desk.view.scorecard
    found = preview_upgrade(desk.session, desk.assessment, "2.0.0", library=desk.press.library).impact
    assert found.before.nodes == before.nodes
    assert desk.view.scorecard == before  # nothing changed by looking
    desk.upgrade()
    assert desk.view.scorecard.nodes == found.after.nodes
    assert desk.scores == {"kept": 1, "moved": 2, "called": 3}
    _, proposals = proposals_for(desk.session, desk.assessment)
    confirm_proposals(
        desk.session,
        desk.assessment,
        tuple(one.id for one in proposals),
        reason="由1.0.0版转入",
        actor=desk.actor,
        clock=desk.clock,
    )
    assert desk.view.scorecard.nodes == found.complete.nodes


def test_a_renamed_element_takes_over_score_answers_and_findings_with_their_history(desk: Desk) -> None:
    write_finding(desk.session, desk.assessment, "renamed", Draft(Text("没有人管")), actor=desk.actor, clock=desk.clock)
    desk.upgrade()
    assert desk.view.agreed["called"].reason == "说好了"
    assert desk.view.findings["called"] == (Text("没有人管"),)
    assert "renamed" not in findings_of(desk.session, desk.assessment)
    (revision,) = answer_revisions.revisions_of(desk.session, desk.interview, "called")
    assert revision.kind == "carried"
    said = answer_at(desk.session, interview_id=desk.interview, element="called", version=1)
    assert (said.state, said.steps) == ("scored", 2)
    assert [one.kind for one in decision_revisions(desk.session, desk.assessment, "called")] == ["carried"]


def test_split_and_merged_elements_wait_for_somebody_and_count_nowhere_before(desk: Desk) -> None:
    desk.upgrade()
    view, proposals = proposals_for(desk.session, desk.assessment)
    assert [(one.element.id, one.score, [its.element.id for its in one.origins]) for one in proposals] == [
        ("left", 4, ["cut"]),
        ("right", 4, ["cut"]),
        ("both", Fraction(7, 2), ["one", "two"]),
    ]
    assert waiting(desk.session, desk.assessment) == 3
    assert view.scorecard.judgements["left"].score is None


def test_no_proposal_is_declined_in_an_archived_engagement(desk: Desk) -> None:
    desk.upgrade()
    view, (first, *_) = proposals_for(desk.session, desk.assessment)
    archive_engagement(desk.session, view.engagement.key, desk.clock)
    with pytest.raises(Invalid) as refused:
        decline_proposal(desk.session, desk.assessment, first.id, actor=desk.actor, clock=desk.clock)
    assert refused.value.code == "assessment-archived"


def test_a_proposal_is_confirmed_changed_or_declined_once(desk: Desk) -> None:
    desk.upgrade()
    left, right, both = (one.id for one in proposals_for(desk.session, desk.assessment)[1])
    asked = {"actor": desk.actor, "clock": desk.clock}
    assert confirm_proposals(desk.session, desk.assessment, (left,), reason="转入", **asked) == 1  # type: ignore[arg-type]
    assert confirm_proposals(desk.session, desk.assessment, (left,), reason="转入", **asked) == 0  # type: ignore[arg-type]
    assert change_proposal(desk.session, desk.assessment, right, "2.5", reason="改了", **asked)  # type: ignore[arg-type]
    assert decline_proposal(desk.session, desk.assessment, both, **asked)  # type: ignore[arg-type]
    assert not decline_proposal(desk.session, desk.assessment, both, **asked)  # type: ignore[arg-type]
    assert desk.view.agreed["left"].method == "carried"
    assert desk.scores == {"kept": 1, "moved": 2, "called": 3, "left": 4, "right": Fraction(5, 2)}
    assert waiting(desk.session, desk.assessment) == 0


def test_an_element_that_was_agreed_meanwhile_keeps_what_was_agreed(desk: Desk) -> None:
    desk.upgrade()
    desk.agree("left", "1")
    found = {one.element.id: one for one in proposals_for(desk.session, desk.assessment)[1]}
    assert found["left"].settled
    asked = {"reason": "转入", "actor": desk.actor, "clock": desk.clock}
    assert confirm_proposals(desk.session, desk.assessment, (found["left"].id,), **asked) == 0  # type: ignore[arg-type]
    assert desk.scores["left"] == 1


def test_what_changed_since_the_preview_is_shown_anew_and_nothing_is_done(desk: Desk) -> None:
    library = desk.press.library
    seen = preview_upgrade(desk.session, desk.assessment, "2.0.0", library=library).seen
    desk.answer("one", {"score": "1"})
    with pytest.raises(PreviewOutdated):
        upgrade_assessment(
            desk.session, desk.assessment, "2.0.0", seen=seen, library=library, actor=desk.actor, clock=desk.clock
        )
    assert desk.view.framework.version == "1.0.0"
    assert history_of(desk.session, desk.assessment) == ()


def test_open_interviews_go_on_with_the_questionnaire_of_the_new_version(desk: Desk) -> None:
    desk.upgrade()
    sheet = read_sheet(desk.session, desk.interview)
    assert sheet.interview.questionnaire_reference == "small-interview@2.0.0"
    assert [line.element.id for line in sheet.lines] == ["kept", "called", "moved", "left", "right", "both", "fresh"]
    assert sheet.line("moved").score == 2
    desk.answer("fresh", {"score": "4", "ticks": {"paper": "told"}})
    assert desk.scores["fresh"] == 4


def test_a_late_answer_about_a_gone_element_is_kept_and_told(desk: Desk) -> None:
    desk.upgrade()
    saved = desk.answer("gone", {"score": "2", "note": "晚了", "ticks": {"paper": "seen"}})
    assert saved.gone is not None
    assert (saved.gone.former.id, saved.gone.heirs) == ("gone", ())
    row = interviews.answer(desk.session, desk.interview, "gone")
    assert row is not None
    assert row.values.note == "晚了"
    assert "gone" not in desk.scores
    with pytest.raises(NotFound):
        desk.answer("never", {"score": "2"})


def test_a_late_answer_under_the_former_name_reaches_the_new_one_unless_somebody_answered_there(desk: Desk) -> None:
    desk.upgrade()
    first = desk.answer("renamed", {"score": "4"}, base=1)
    assert first.gone is not None
    assert first.gone.followed
    assert read_sheet(desk.session, desk.interview).line("called").score == 4
    desk.answer("called", {"score": "0.5"}, base=2)
    second = desk.answer("renamed", {"score": "5"}, base=2)
    assert second.gone is not None
    assert not second.gone.followed
    assert read_sheet(desk.session, desk.interview).line("called").score == HALF
    kept = interviews.answer(desk.session, desk.interview, "renamed")
    assert kept is not None
    assert kept.values.steps == 10


def test_the_record_shows_the_assessment_in_its_own_version_for_ever(desk: Desk) -> None:
    before = desk.view
    upgrade_id = desk.upgrade()
    desk.agree("kept", "5", base=1)
    desk.answer("renamed", {"score": "0"}, base=1)
    done, recorded = recorded_view(desk.session, upgrade_id)
    assert recorded.scorecard == before.scorecard
    assert recorded.agreed == before.agreed
    assert framework_document(recorded.framework) == framework_document(before.framework)
    assert (done.from_version, done.to_version) == ("1.0.0", "2.0.0")
    assert recorded.interviews == before.interviews


def test_a_reversal_brings_everything_back_and_withdraws_what_nobody_decided(desk: Desk) -> None:
    before, sheet = desk.view, read_sheet(desk.session, desk.interview)
    upgrade_id = desk.upgrade()
    desk.revert(upgrade_id)
    assert desk.view.scorecard == before.scorecard
    assert read_sheet(desk.session, desk.interview) == sheet
    assert waiting(desk.session, desk.assessment) == 0
    assert [one.reverses_id for one in history_of(desk.session, desk.assessment)] == [None, upgrade_id]
    assert reversible(desk.session, desk.assessment) is None
    with pytest.raises(Invalid, match="not the last"):
        desk.revert(upgrade_id)


def test_later_work_stays_after_a_reversal_under_whichever_name_it_was_done(desk: Desk) -> None:
    upgrade_id = desk.upgrade()
    desk.agree("kept", "4.5", base=1)
    desk.agree("called", "0.5", base=1)
    desk.answer("called", {"score": "2.5"}, base=1)
    desk.answer("fresh", {"score": "3"})
    write_finding(desk.session, desk.assessment, "called", Draft(Text("后来")), actor=desk.actor, clock=desk.clock)
    desk.revert(upgrade_id)
    assert desk.scores["kept"] == Fraction(9, 2)
    assert desk.scores["renamed"] == HALF
    assert desk.view.findings["renamed"] == (Text("后来"),)
    assert read_sheet(desk.session, desk.interview).line("renamed").score == Fraction(5, 2)
    assert "fresh" not in desk.scores
    desk.upgrade()
    assert desk.scores["fresh"] == 3  # what was said in the new version comes back with it


def test_taking_it_up_again_is_the_same_as_the_first_time(desk: Desk) -> None:
    desk.revert(desk.upgrade())
    found = preview_upgrade(desk.session, desk.assessment, "2.0.0", library=desk.press.library).impact
    desk.upgrade()
    assert desk.view.scorecard.nodes == found.after.nodes
    assert waiting(desk.session, desk.assessment) == 3


def test_only_consultants_upgrade_and_only_what_takes_changes(desk: Desk) -> None:
    reader = replace(desk.actor, role=Role.READER, part=Part.OBSERVER)
    with pytest.raises(NotPermitted):
        upgrade_assessment(
            desk.session,
            desk.assessment,
            "2.0.0",
            seen="",
            library=desk.press.library,
            actor=reader,
            clock=desk.clock,
        )
    update_assessment(desk.session, desk.assessment, state="published")
    with pytest.raises(Invalid, match="assessment-published"):
        desk.upgrade()


def test_another_scale_makes_a_further_revision_with_a_proposal_for_every_element(rescaled: Desk) -> None:
    desk = rescaled
    preview = preview_upgrade(desk.session, desk.assessment, "2.0.0", library=desk.press.library)
    assert (preview.rescaled, preview.closed) == (True, "interviews-open")
    interviewing.archive_interview(desk.session, desk.interview, desk.clock)
    before = desk.view.scorecard
    upgrade_id = desk.upgrade("2.0.0")
    assert desk.view.scorecard == before
    done, recorded = recorded_view(desk.session, upgrade_id)
    assert done.assessment_id != desk.assessment
    assert recorded.scorecard == before
    view, proposals = proposals_for(desk.session, done.assessment_id)
    assert view.revision == 2
    assert {one.element.id: one.score for one in proposals if not one.empty} == {
        "kept": Fraction(9, 4),
        "called": view.framework.scale.snap(Fraction(23, 5)),
        "left": view.framework.scale.snap(Fraction(29, 5)),
        "right": view.framework.scale.snap(Fraction(29, 5)),
        "both": view.framework.scale.snap(Fraction(17, 5)),
    }
    desk.revert(upgrade_id)
    current = [one for one in list_assessments(desk.session, view.engagement.id) if one.unit.key == "north"]
    assert [(one.id, one.current) for one in current] == [(desk.assessment, True)]


def test_before_publishing_every_unit_s_figures_are_told_and_who_would_change_places(desk: Desk) -> None:
    south = next(one.id for one in list_assessments(desk.session, desk.view.engagement.id) if one.unit.key == "south")
    other = replace(desk, assessment=south)
    for element in ("kept", "renamed", "one", "two", "gone", "cut"):
        other.agree(element, "3")
    (found,) = impact_of_version(desk.session, desk.press.library.framework("small"), library=desk.press.library)
    assert [one.summary.unit.key for one in found.prospects] == ["north", "south"]
    north = found.prospects[0].impact
    assert north is not None
    assert north.before.overall == desk.view.scorecard.overall
    assert found.prospects[0].answers == 7
    assert desk.view.framework.version == "1.0.0"


def test_a_weight_profile_alone_is_foreseen_for_every_unit(desk: Desk) -> None:
    profile = WeightProfile("mine", Text("我的"), {"alpha": Fraction(0)})
    (found,) = impact_of_weights(desk.session, "small", (None, profile), library=desk.press.library)
    north = found.prospects[0].impact
    assert north is not None
    assert north.after.overall.score == desk.view.scorecard.node("beta").score
    assert north.before.overall == desk.view.scorecard.overall
    assert north.walk.opened == ()


def test_states_are_carried_like_scores(desk: Desk) -> None:
    desk.answer("moved", {"state": "not-applicable", "reason": "没有"}, base=1)
    desk.upgrade()
    assert desk.view.scorecard.judgements["moved"].state is State.NOT_APPLICABLE
