"""Any sequence of edits, publications, upgrades and reversals: every assessment keeps its scores in its own version."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from app.core.scoring import Scorecard
from app.core.text import Text
from app.services import interviewing
from app.services.agreeing import save_agreed
from app.services.answering import Saved, save_answer
from app.services.assessing import load_assessment
from app.services.engagements import create_assessment, create_engagement, create_round, create_unit
from app.services.interviewing import Particulars
from app.services.proposing import confirm_proposals, proposals_for
from app.services.reverting import recorded_view, reversible, revert_upgrade
from app.services.upgrading import preview_upgrade, upgrade_assessment, versions_ahead
from app.storage import interviews
from app.storage.agreeing import decision
from app.storage.database import Database, Session
from tests.conftest import FixedClock
from tests.services.holding import consultant
from tests.services.shelves import FIRST, Press

MOST_VERSIONS = 5
picks = st.integers(0, 10**6)
points = st.sampled_from([f"{half / 2:g}" for half in range(11)])

Growing = dict[str, dict[str, tuple[str, ...]]]


class Living(RuleBasedStateMachine):
    """An editor, a consultant and an interviewer at work on two assessments of one framework."""

    empty: Path

    def __init__(self) -> None:
        """Begin with two assessments in 1.0.0 and an interview in each."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="living-"))
        shutil.copy(self.empty, self.folder / "data.db")
        self.database = Database(f"sqlite:///{self.folder / 'data.db'}")
        self.clock = FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC))
        self.press = Press(self.database, self.folder / "content", self.clock)
        self.tree: Growing = {group: dict.fromkeys(inside, ()) for group, inside in FIRST.items()}
        self.names = count(1)
        self.version = 1
        self.assessments: list[int] = []
        self.interviews: list[int] = []
        self.cards: dict[int, Scorecard] = {}  # of each assessment, since it was last touched
        self.records: dict[int, Scorecard] = {}  # of each upgrade, the assessment before it
        self.said: dict[tuple[int, str], str] = {}  # the last thing that was answered, by interview and element
        with self.database.begin() as session:
            self.actor = consultant(session, "ann", self.clock)
            self._begin(session)
        self._look()

    def _begin(self, session: Session) -> None:
        who: dict[str, Any] = {"actor": self.actor, "clock": self.clock}
        engagement = create_engagement(session, key="firm", name=Text("公司"), **who)
        create_round(session, engagement.id, key="2026", name=Text("2026"))
        for unit in ("north", "south"):
            create_unit(session, engagement.id, key=unit, name=Text(unit))
            framework = self.press.library.framework("small@1.0.0")
            made = create_assessment(session, engagement.id, unit=unit, round="2026", framework=framework, **who)
            held = interviewing.start_interview(
                session,
                made.id,
                questionnaire="small-interview@1.0.0",
                role="boss",
                particulars=Particulars(),
                library=self.press.library,
                **who,
            )
            self.assessments.append(made.id)
            self.interviews.append(held)

    def _look(self) -> None:
        with self.database.read() as session:
            self.cards = {one: load_assessment(session, one).scorecard for one in self.assessments}

    def _touch(self, which: int, act: Callable[[Session, int], None]) -> None:
        """Do something to one assessment; the other must stay what it is."""
        assessment = self.assessments[which % 2]
        with self.database.begin() as session:
            act(session, assessment)
        with self.database.read() as session:
            self.cards[assessment] = load_assessment(session, assessment).scorecard

    @rule(which=picks, pick=picks, score=points)
    def agrees(self, which: int, pick: int, score: str) -> None:
        """Somebody agrees a score."""

        def act(session: Session, assessment: int) -> None:
            leaves = load_assessment(session, assessment).framework.leaves
            element = leaves[pick % len(leaves)].id
            former = decision(session, assessment, element)
            save_agreed(
                session,
                assessment_id=assessment,
                element=element,
                mutation_id=uuid.uuid4().hex,
                base_version=former.version if former else 0,
                changes={"score": score, "reason": "说好了"},
                actor=self.actor,
                clock=self.clock,
            )

        self._touch(which, act)

    @rule(which=picks, pick=picks, score=points)
    def answers(self, which: int, pick: int, score: str) -> None:
        """Somebody answers about an element of 1.0.0, which may be gone by now, or of the version in force."""

        def act(session: Session, assessment: int) -> None:
            held = self.interviews[self.assessments.index(assessment)]
            now = [leaf.id for leaf in load_assessment(session, assessment).framework.leaves]
            first = [one for inside in FIRST.values() for one in inside]
            known = list(dict.fromkeys([*now, *first]))
            element = known[pick % len(known)]
            former = interviews.answer(session, held, element)
            saved = save_answer(
                session,
                interview_id=held,
                element=element,
                mutation_id=uuid.uuid4().hex,
                base_version=former.version if former else 0,
                changes={"score": score},
                actor=self.actor,
                clock=self.clock,
            )
            assert isinstance(saved, Saved)
            self.said[held, element] = score

        self._touch(which, act)

    @precondition(lambda self: self.version < MOST_VERSIONS)
    @rule(pick=picks, how=st.sampled_from(["rename", "split", "merge", "remove", "add", "move", "reweight"]))
    def publishes(self, pick: int, how: str) -> None:
        """An editor changes the tree and publishes it; no assessment changes."""
        places = [(group, element) for group, inside in self.tree.items() for element in inside]
        group, element = places[pick % len(places)]
        tree: Growing = {name: dict.fromkeys(inside, ()) for name, inside in self.tree.items()}
        weights = {element: 3} if how == "reweight" else {}
        if how in ("rename", "split"):
            inside = [((one, ()) if one != element else (None, ())) for one in tree[group]]
            news = [f"n{next(self.names)}" for _ in range(1 if how == "rename" else 2)]
            tree[group] = {}
            for one, _ in inside:
                tree[group].update({one: ()} if one else dict.fromkeys(news, (element,)))
        elif how == "merge" and len(tree[group]) > 1:
            other = next(one for one in tree[group] if one != element)
            tree[group] = {one: () for one in tree[group] if one not in (element, other)}
            tree[group][f"n{next(self.names)}"] = (element, other)
        elif how in ("remove", "move") and len(tree[group]) > 1:
            del tree[group][element]
            if how == "move":
                tree[next(one for one in tree if one != group)][element] = ()
        elif how == "add":
            tree[group][f"n{next(self.names)}"] = ()
        self.version += 1
        self.tree = tree
        self.press.publish(f"{self.version}.0.0", tree, weights=weights)
        self.press.publish_questionnaire(f"{self.version}.0.0", f">={self.version},<{self.version + 1}", tree)

    @rule(which=picks, pick=picks)
    def upgrades(self, which: int, pick: int) -> None:
        """A consultant previews and confirms; the totals are those that were previewed."""

        def act(session: Session, assessment: int) -> None:
            ahead = versions_ahead(session, assessment, self.press.library)
            if not ahead:
                return
            version = ahead[pick % len(ahead)]
            preview = preview_upgrade(session, assessment, version, library=self.press.library)
            assert preview.impact.before.nodes == self.cards[assessment].nodes
            done = upgrade_assessment(
                session,
                assessment,
                version,
                seen=preview.seen,
                library=self.press.library,
                actor=self.actor,
                clock=self.clock,
            )
            self.records[done] = self.cards[assessment]
            assert load_assessment(session, assessment).scorecard.nodes == preview.impact.after.nodes

        self._touch(which, act)

    @rule(which=picks)
    def reverts(self, which: int) -> None:
        """A consultant takes the last upgrade back."""

        def act(session: Session, assessment: int) -> None:
            last = reversible(session, assessment)
            if last is not None:
                done = revert_upgrade(session, last.id, actor=self.actor, clock=self.clock)
                self.records[done] = self.cards[assessment]

        self._touch(which, act)

    @rule(which=picks)
    def goes_there_and_back(self, which: int) -> None:
        """An upgrade that is taken back at once has changed no score at all."""

        def act(session: Session, assessment: int) -> None:
            ahead = versions_ahead(session, assessment, self.press.library)
            if not ahead:
                return
            preview = preview_upgrade(session, assessment, ahead[0], library=self.press.library)
            who: dict[str, Any] = {"actor": self.actor, "clock": self.clock}
            done = upgrade_assessment(
                session, assessment, ahead[0], seen=preview.seen, library=self.press.library, **who
            )
            revert_upgrade(session, done, **who)
            assert load_assessment(session, assessment).scorecard == self.cards[assessment]

        self._touch(which, act)

    @rule(which=picks)
    def confirms(self, which: int) -> None:
        """Somebody confirms everything that is proposed."""

        def act(session: Session, assessment: int) -> None:
            ids = tuple(one.id for one in proposals_for(session, assessment)[1])
            who: dict[str, Any] = {"actor": self.actor, "clock": self.clock}
            confirm_proposals(session, assessment, ids, reason="转入", **who)

        self._touch(which, act)

    @invariant()
    def every_assessment_is_what_it_was_when_it_was_last_touched(self) -> None:
        """Nobody's work on another assessment, and no publication, changes a score."""
        with self.database.read() as session:
            assert {one: load_assessment(session, one).scorecard for one in self.assessments} == self.cards

    @invariant()
    def every_record_has_the_scores_of_its_own_version_bit_for_bit(self) -> None:
        """What an upgrade keeps is what stood before it."""
        with self.database.read() as session:
            assert {one: recorded_view(session, one)[1].scorecard for one in self.records} == self.records

    @invariant()
    def no_answer_is_lost(self) -> None:
        """What was answered about an element stays stored with it, whichever version the assessment stands in."""
        with self.database.read() as session:
            for held, element in self.said:
                assert interviews.answer(session, held, element) is not None

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.database.dispose()
        shutil.rmtree(self.folder)


@pytest.fixture
def living(empty_file: Path) -> type[Living]:
    """The machine, with a database file to begin from."""
    return type("LivingHere", (Living,), {"empty": empty_file})


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_every_assessment_keeps_its_scores_in_its_own_version_whatever_is_edited(living: type[Living]) -> None:
    run_state_machine_as_test(living, settings=_settings(6, 14))


@pytest.mark.nightly
def test_every_assessment_keeps_its_scores_over_long_histories(living: type[Living]) -> None:
    run_state_machine_as_test(living, settings=_settings(120, 40))
