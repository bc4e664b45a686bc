"""The save protocol as a law: whatever 24 writers do in whatever order, no value is lost and none overwritten unseen.

The model below knows an answer as fields that changed at versions; it shares no code with the product.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings, target
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.services.answer_fields import fields_of
from app.services.answering import Conflict, Saved, answer_at
from app.storage import answer_revisions
from app.storage import interviews as store
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.holding import ELEMENT, Held, consultant, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.permissions import Actor

WRITERS = 24
FIELDS: dict[str, list[Any]] = {
    "judgement": ["0.0", "2.5", "5.0", "unknown", "not-applicable", "open"],
    "note": ["甲", "乙", None],
    "confidence": ["low", "high", None],
    "reason": ["不归本部门", None],
    "evidence_strength": [0, 3, None],
}
CHANGES = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.integers(0, 5), min_size=1, max_size=3).map(
    lambda drawn: {name: FIELDS[name][index % len(FIELDS[name])] for name, index in drawn.items()}
)


def sent(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes as a client sends them."""
    said = {name: given for name, given in changes.items() if name != "judgement"}
    judgement = changes.get("judgement")
    if judgement is None:
        return said
    scored = judgement[0].isdigit()
    return said | {"state": "scored" if scored else judgement, "score": judgement if scored else None}


def kept(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes as the product keeps them: a judgement is a state and whole steps of half a point."""
    if "judgement" not in changes:
        return dict(changes)
    judgement = changes["judgement"]
    scored = judgement[0].isdigit()
    steps = round(float(judgement) * 2) if scored else None
    return {**changes, "judgement": {"state": "scored" if scored else judgement, "steps": steps}}


@dataclass
class Modelled:
    """What the answer must be: its version, and per field its value and the versions at which it changed."""

    version: int = 0
    values: dict[str, Any] = field(
        default_factory=lambda: dict.fromkeys(FIELDS) | {"judgement": {"state": "open", "steps": None}}
    )
    changed: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in FIELDS})

    def save(self, base: int, changes: Mapping[str, Any]) -> str:
        """Take a save in; return what must be told: saved, merged or conflict."""
        since = {name for name, versions in self.changed.items() if any(version > base for version in versions)}
        touched = {name: given for name, given in changes.items() if self.values[name] != given}
        if since & touched.keys():
            return "conflict"
        if touched or self.version == 0:
            self.version += 1
            self.values |= touched
            for name in touched:
                self.changed[name].add(self.version)
        return "merged" if since - changes.keys() else "saved"


@dataclass
class Writer:
    """One browser: who types, on which version, what it sent last and what it must still decide."""

    actor: Actor
    base: int = 0
    last: tuple[str, int, dict[str, Any]] | None = None
    refused: Conflict | None = None


class Writing(RuleBasedStateMachine):
    """Writers save, repeat what they did not hear about, come back late, and settle conflicts either way."""

    database: Database
    library: Library
    clock: FixedClock
    actors: tuple[Actor, ...]

    @initialize()
    def begin(self) -> None:
        """Start an interview that nobody has touched."""
        self.held: Held = hold(self.database, self.library, self.clock, ann=self.actors[0], bo=self.actors[1])
        self.writers = [Writer(actor) for actor in self.actors]
        self.model = Modelled()
        self.sent: dict[str, dict[str, Any]] = {}
        self.conflicts = 0

    def _save(self, writer: Writer, base: int, changes: dict[str, Any]) -> None:
        mutation_id = f"{self.held.interview_id}-mutation-{len(self.sent)}"
        self.sent[mutation_id] = kept(changes)
        writer.last = (mutation_id, base, changes)
        expected = self.model.save(base, kept(changes))
        outcome = self.held.save(sent(changes), base=base, by=writer.actor, mutation_id=mutation_id)
        assert self._told(outcome) == expected
        assert outcome.version == self.model.version
        if isinstance(outcome, Conflict):
            self.conflicts += 1
            writer.refused = outcome
        else:
            writer.base = outcome.version
            writer.refused = None

    @staticmethod
    def _told(outcome: Saved | Conflict) -> str:
        if isinstance(outcome, Conflict):
            return "conflict"
        return "merged" if outcome.merged else "saved"

    @rule(number=st.integers(0, WRITERS - 1), changes=CHANGES)
    def types(self, number: int, changes: dict[str, Any]) -> None:
        """Somebody saves on top of what they last heard of."""
        writer = self.writers[number]
        self._save(writer, writer.base, changes)

    @rule(number=st.integers(0, WRITERS - 1), changes=CHANGES, late=st.integers(0, 5))
    def comes_back_late(self, number: int, changes: dict[str, Any], late: int) -> None:
        """A tablet that was offline saves on top of an old version."""
        self._save(self.writers[number], max(0, self.model.version - late), changes)

    @rule(number=st.integers(0, WRITERS - 1))
    def repeats(self, number: int) -> None:
        """A response was lost: the same request again tells the same and changes nothing."""
        writer = self.writers[number]
        if writer.last is None:
            return
        mutation_id, base, changes = writer.last
        again = self.held.save(sent(changes), base=base, by=writer.actor, mutation_id=mutation_id)
        assert again.replayed

    @rule(number=st.integers(0, WRITERS - 1))
    def insists(self, number: int) -> None:
        """Whoever met a conflict keeps their own value, knowing the other."""
        writer = self.writers[number]
        if writer.refused is None or writer.last is None:
            return
        self._save(writer, writer.refused.version, writer.last[2])

    @rule(number=st.integers(0, WRITERS - 1))
    def gives_in(self, number: int) -> None:
        """Whoever met a conflict takes the other's value."""
        writer = self.writers[number]
        if writer.refused is not None:
            writer.base, writer.refused = writer.refused.version, None

    @invariant()
    def the_answer_is_what_the_model_says(self) -> None:
        """Fields and version of the stored answer are those of the model."""
        with self.database.read() as session:
            found = store.answer(session, self.held.interview_id, ELEMENT)
            replayed = answer_at(
                session, interview_id=self.held.interview_id, element=ELEMENT, version=self.model.version
            )
        assert (found.version if found else 0) == self.model.version
        if found:
            stored = fields_of(found.values)
            assert {name: stored[name] for name in FIELDS} == self.model.values
            assert fields_of(replayed) == stored

    @invariant()
    def nothing_that_was_sent_is_lost_or_overwritten_unseen(self) -> None:
        """Every value stands in the revisions; a change of a field was made by somebody who knew its last change."""
        with self.database.read() as session:
            revisions = answer_revisions.revisions_of(session, self.held.interview_id, ELEMENT)
        assert {revision.mutation_id for revision in revisions} == self.sent.keys()
        changed_at: dict[str, int] = {}
        current = dict(Modelled().values)
        for revision in revisions:
            said = self.sent[revision.mutation_id]
            if revision.kind == "conflict-lost":
                assert {name: revision.after[name] for name in said} == said
                continue
            assert all(current[name] == said[name] for name in said.keys() - revision.after.keys())
            for name, given in revision.after.items():
                assert given == said[name]
                assert revision.before[name] == current[name]
                assert revision.base_version >= changed_at.get(name, 0)
                changed_at[name], current[name] = revision.version, given
        assert current == self.model.values

    def teardown(self) -> None:
        """Search for histories with many conflicts."""
        target(float(self.conflicts))


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, demo_file: Path) -> Iterator[Database]:
    """A database with the engagement of 2003, shared by all histories: each has an interview of its own."""
    file = tmp_path_factory.mktemp("crowded") / "crm-maturity.db"
    shutil.copy(demo_file, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.dispose()


@pytest.mark.parametrize(
    ("histories", "steps"), [(25, 30), pytest.param(400, 60, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_24_writers_in_any_order_lose_no_update(
    crowded: Database, library: Library, clock: FixedClock, histories: int, steps: int
) -> None:
    with crowded.begin() as session:
        actors = tuple(consultant(session, f"writer-{histories}-{number}", clock) for number in range(WRITERS))

    class Here(Writing):
        pass

    Here.database, Here.library, Here.clock, Here.actors = crowded, library, clock, actors
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
