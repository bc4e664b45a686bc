"""The trail: append-only, everything that happens in one place, filtered, in pages, as files; no words in events."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.services import engagements, handing_over, interviewing
from app.services.agreeing import save_agreed
from app.services.engagements import get_engagement
from app.services.trail import Event, Where, note, record
from app.services.trail_export import COLUMNS, lines_csv, lines_json
from app.services.trail_filter import Filter, Scope
from app.services.trail_reading import PAGE, every_entry, read_trail, users_of
from app.web.trail.codes import EVENTS
from tests.services.holding import ELEMENT, Held, hold
from tests.services.releases import DEMO, bring_to_review

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


def test_events_can_neither_be_changed_nor_removed(demo_database: Database, clock: FixedClock) -> None:
    with demo_database.begin() as session:
        record(session, Event.SIGNED_IN, actor=1, clock=clock)
    for statement in ("UPDATE audit_event SET kind = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError), demo_database.begin() as session:
            session.execute(text(statement))


def test_an_event_is_written_with_what_it_tells_or_not_at_all(demo_database: Database, clock: FixedClock) -> None:
    def fail_after_telling() -> None:
        with demo_database.begin() as session:
            engagements.archive_engagement(session, DEMO, clock)
            raise RuntimeError

    with demo_database.read() as session:
        before = read_trail(session, Scope(), hears=True).total
    with pytest.raises(RuntimeError):
        fail_after_telling()
    with demo_database.read() as session:
        assert read_trail(session, Scope(), hears=True).total == before


def test_who_set_this_when_why_and_what_was_it_before(held: Held) -> None:
    for number, (score, reason) in enumerate((("2", "初评"), ("2.5", "复查了台账"))):
        with held.database.begin() as session:
            save_agreed(
                session,
                assessment_id=held.assessment_id,
                element=ELEMENT,
                mutation_id=f"mutation-{number}",
                base_version=number,
                changes={"score": score, "reason": reason, "method": "consensus"},
                actor=held.bo,
                clock=held.clock,
            )
    held.save({"score": "3"})
    scope = Scope(assessment_id=held.assessment_id, element=ELEMENT)
    with held.database.read() as session:
        everything = read_trail(session, scope, hears=True).entries
        unheard = read_trail(session, scope, hears=False).entries
    newest = next(one for one in everything if one.source == "agreed")
    told = {one.name: (one.before, one.after) for one in newest.changes}
    assert newest.user == held.bo.display_name
    assert told["score"] == ("2.0", "2.5")
    assert told["reason"] == ("初评", "复查了台账")
    assert {one.source for one in everything} >= {"agreed", "answer"}
    assert "answer" not in {one.source for one in unheard}, "what respondents said is for those who may hear it"


def test_states_exports_and_the_unit_tree_are_told(held: Held, clock: FixedClock) -> None:
    held.save({"score": "3"})
    bring_to_review(held.database, held.assessment_id, actor=held.ann, clock=clock)
    with held.database.begin() as session:
        engagement = get_engagement(session, DEMO)
        handing_over.send_back_assessment(session, held.assessment_id, "补一次访谈", actor=held.bo, clock=clock)
        interviewing.archive_interview(session, held.interview_id, clock)
        engagements.archive_unit(session, engagement.id, "fuzhou", clock)
    with held.database.read() as session:
        states = read_trail(session, Scope(engagement.id), Filter(group="states"), hears=True).entries
    told = {(one.kind, str({**one.details}.get("state") or {**one.details}.get("act"))) for one in states}
    assert told >= {
        (Event.ASSESSMENT_STATE.value, "review"),
        (Event.ASSESSMENT_STATE.value, "in-progress"),
        (Event.INTERVIEW_STATE.value, "draft"),
        (Event.INTERVIEW_STATE.value, "archived"),
        (Event.ENGAGEMENT_CHANGED.value, "archived"),
    }
    assert "补一次访谈" not in str(states), "the words of a reviewer stand with the steps, not in the trail"


def test_entries_are_filtered_by_person_unit_day_and_sort(held: Held, clock: FixedClock) -> None:
    held.save({"score": "3"})
    with held.database.read() as session:
        engagement_id = get_engagement(session, DEMO).id

        def count(wanted: Filter) -> int:
            return read_trail(session, Scope(engagement_id), wanted, hears=True).total

        today = clock().astimezone().date()
        assert count(Filter(user_id=held.ann.user_id, group="answers")) == 1
        assert count(Filter(user_id=held.bo.user_id)) == 0
        assert count(Filter(unit="fuzhou", group="answers")) == 1
        assert count(Filter(unit="shenzhen", group="answers")) == 0
        assert count(Filter(since=today, until=today, group="answers")) == 1
        assert count(Filter(until=today.replace(year=2001))) == 0
        assert held.ann.display_name in dict(users_of(session, Scope(engagement_id))).values()


def test_pages_hold_fifty_and_the_last_one_stands_for_those_beyond(demo_database: Database) -> None:
    with demo_database.read() as session:
        scope = Scope(get_engagement(session, DEMO).id)
        first = read_trail(session, scope, hears=True)
        last = read_trail(session, scope, hears=True, page=10_000)
        assert sum(1 for _ in every_entry(session, scope, hears=True)) == first.total
    assert len(first.entries) == PAGE
    assert last.number == last.pages == -(-first.total // PAGE)


def test_files_of_the_trail_can_be_read_again_and_hold_no_formula(held: Held) -> None:
    with held.database.begin() as session:
        save_agreed(
            session,
            assessment_id=held.assessment_id,
            element=ELEMENT,
            mutation_id="mutation-1",
            base_version=0,
            changes={"score": "2", "reason": "=HYPERLINK(1)\n+1"},
            actor=held.bo,
            clock=held.clock,
        )
        note(session, Event.EXPORTED, where=Where(1), details={"format": "=1+1"})
    scope = Scope(assessment_id=held.assessment_id)
    with held.database.read() as session:
        as_csv = "".join(lines_csv(every_entry(session, scope, hears=True)))
        as_lines = "".join(lines_json(every_entry(session, scope, hears=True)))
    rows = list(csv.reader(io.StringIO(as_csv.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS
    assert not [cell for row in rows for cell in row if cell[:1] in "=+@\t\r" and cell]
    documents = [json.loads(line) for line in as_lines.splitlines()]
    assert len(documents) == len(rows) - 1
    assert any(one["changes"].get("reason", {}).get("after", "").startswith("=HYPERLINK") for one in documents)


def test_every_event_has_a_word() -> None:
    assert [event for event in Event if event.value not in EVENTS] == []
