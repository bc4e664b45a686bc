"""Who else is in an interview."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError

from app.services.presence import STALE_AFTER, Editor, tell_presence
from app.services.refusals import NotFound
from app.storage import presence as store
from tests.services.holding import ELEMENT, Held, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.permissions import Actor
    from app.storage.database import Database
    from tests.conftest import FixedClock


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


def tell(held: Held, actor: Actor, element: str | None = ELEMENT) -> tuple[Editor, ...]:
    return tell_presence(held.database, interview_id=held.interview_id, element=element, actor=actor, clock=held.clock)


def test_others_are_told_with_their_element_and_nobody_is_told_of_oneself(held: Held) -> None:
    assert tell(held, held.ann) == ()
    assert tell(held, held.bo, None) == (Editor("顾问ann", ELEMENT),)
    assert tell(held, held.ann) == (Editor("顾问bo", None),)


def test_who_falls_silent_is_forgotten(held: Held, clock: FixedClock) -> None:
    tell(held, held.ann)
    clock.moment += STALE_AFTER - timedelta(seconds=1)
    assert tell(held, held.bo) == (Editor("顾问ann", ELEMENT),)
    clock.moment += timedelta(seconds=2)
    assert tell(held, held.bo) == ()


def test_a_page_that_was_just_told_of_writes_nothing(held: Held, clock: FixedClock) -> None:
    tell(held, held.ann)
    clock.moment += timedelta(seconds=10)
    tell(held, held.ann)
    with held.database.read() as session:
        (row,) = store.present(session, held.interview_id, clock() - STALE_AFTER)
    assert row.seen_at == clock() - timedelta(seconds=10)
    tell(held, held.ann, "another-element")
    with held.database.read() as session:
        (row,) = store.present(session, held.interview_id, clock() - STALE_AFTER)
    assert (row.element, row.seen_at) == ("another-element", clock())


def test_a_database_that_cannot_be_written_is_no_error(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(held, held.bo)
    monkeypatch.setattr("app.storage.presence.set_presence", locked)
    assert tell(held, held.ann) == (Editor("顾问bo", ELEMENT),)


def locked(*_: object, **__: object) -> None:
    raise OperationalError("UPDATE presence", {}, sqlite3.OperationalError("database is locked"))


def test_there_is_no_presence_in_an_interview_that_does_not_exist(held: Held) -> None:
    with pytest.raises(NotFound):
        tell_presence(held.database, interview_id=999, element=None, actor=held.ann, clock=held.clock)
