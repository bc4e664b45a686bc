"""Unsent answers out of a file: read strictly, tried without a trace, stored once through the save protocol."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.services import interviewing, unsent
from app.services.unsent import DocumentFault
from app.storage import interviews as store
from tests.services.holding import ELEMENT, Held, hold

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from app.storage.interviews import AnswerRecord
    from tests.conftest import FixedClock

OTHER = "external-data-collection"


@pytest.fixture
def held(demo_database: Database, library: Library, clock: FixedClock) -> Held:
    return hold(demo_database, library, clock)


def entry(changes: dict[str, Any], *, element: str = ELEMENT, base: int = 0, id: str = "a" * 32) -> dict[str, Any]:  # noqa: A002
    return {"id": id, "element": element, "base": base, "set": changes, "state": "waiting", "created": "2026-01-01"}


def exported(held: Held, *entries: dict[str, Any], **more: Any) -> bytes:
    document = {
        "format": unsent.FORMAT,
        "version": 1,
        "exported_at": "2026-01-01T10:00:00Z",
        "interview": held.interview_id,
        "user": {"id": held.bo.user_id, "name": "顾问bo"},
        "entries": list(entries),
    }
    return json.dumps(document | more, ensure_ascii=False).encode()


def read(held: Held, *entries: dict[str, Any]) -> unsent.Document:
    return unsent.read_document(exported(held, *entries), held.interview_id)


def rehearsed(held: Held, document: unsent.Document) -> list[str]:
    outcomes = unsent.rehearse(held.database, document, actor=held.ann, clock=held.clock)
    return [outcome.kind for outcome in outcomes]


def taken_in(held: Held, document: unsent.Document, *, again: frozenset[str] = frozenset()) -> list[str]:
    with held.database.begin() as session:
        outcomes = unsent.take_in(session, document, again=again, actor=held.ann, clock=held.clock)
    return [outcome.kind for outcome in outcomes]


def stored(held: Held, element: str = ELEMENT) -> AnswerRecord | None:
    with held.database.read() as session:
        return store.answer(session, held.interview_id, element)


def test_what_is_tried_leaves_no_trace_and_what_is_taken_in_is_the_importers(held: Held) -> None:
    document = read(held, entry({"score": "3.5", "note": "平板上写的"}))
    assert (document.user_id, document.user_name) == (held.bo.user_id, "顾问bo")
    assert rehearsed(held, document) == ["new"]
    assert stored(held) is None
    assert taken_in(held, document) == ["new"]
    record = stored(held)
    assert record is not None
    assert (record.values.steps, record.values.note, record.updated_by) == (7, "平板上写的", held.ann.user_id)


def test_two_entries_of_one_answer_go_in_their_order(held: Held) -> None:
    document = read(held, entry({"score": "3", "note": "先"}), entry({"note": "先写，后写"}, id="b" * 32))
    assert taken_in(held, document) == ["new", "changed"]
    record = stored(held)
    assert record is not None
    assert (record.values.steps, record.values.note) == (6, "先写，后写")


def test_what_others_changed_between_two_entries_is_never_written_over(held: Held) -> None:
    held.save({"note": "别人写的"}, by=held.bo)
    document = read(held, entry({"score": "3"}), entry({"note": "平板上写的"}, id="b" * 32))
    assert taken_in(held, document) == ["merged", "conflict"]
    record = stored(held)
    assert record is not None
    assert record.values.note == "别人写的"


def test_a_file_brought_in_twice_is_stored_once(held: Held) -> None:
    document = read(held, entry({"score": "3"}))
    taken_in(held, document)
    assert taken_in(held, document) == ["present"]
    record = stored(held)
    assert record is not None
    assert record.version == 1


def test_a_conflict_stores_nothing_until_it_is_asked_for(held: Held) -> None:
    held.save({"score": "2"}, by=held.bo)
    document = read(held, entry({"score": "4"}))
    assert rehearsed(held, document) == ["conflict"]
    assert taken_in(held, document) == ["conflict"]
    record = stored(held)
    assert record is not None
    assert record.values.steps == 4
    assert taken_in(held, document, again=frozenset({"a" * 32})) == ["again"]
    record = stored(held)
    assert record is not None
    assert record.values.steps == 8
    assert taken_in(held, document, again=frozenset({"a" * 32})) == ["present"]


def test_what_cannot_be_stored_is_told_apart_and_the_rest_goes_in(held: Held) -> None:
    document = read(
        held,
        entry({"score": "9"}, id="a" * 32),
        entry({"score": "3"}, element="no-such-element", id="b" * 32),
        entry({"score": "1"}, element=OTHER, id="c" * 32),
    )
    assert taken_in(held, document) == ["refused", "unknown", "new"]
    assert stored(held) is None
    assert stored(held, OTHER) is not None


def test_an_archived_interview_takes_nothing_in(held: Held) -> None:
    with held.database.begin() as session:
        interviewing.archive_interview(session, held.interview_id, held.clock)
    assert rehearsed(held, read(held, entry({"score": "3"}))) == ["closed"]


@pytest.mark.parametrize(
    ("content", "kind", "place"),
    [
        (b"", "size", ""),
        (b"x" * (unsent.LARGEST + 1), "size", ""),
        (b"{", "json", ""),
        (b"[" * 100_000, "json", ""),
        (b"\xff\xfe", "json", ""),
        (b"[]", "format", ""),
        (b'{"format": "else"}', "format", ""),
    ],
)
def test_a_file_that_is_no_export_is_refused(held: Held, content: bytes, kind: str, place: str) -> None:
    with pytest.raises(DocumentFault) as found:
        unsent.read_document(content, held.interview_id)
    assert (found.value.kind, found.value.place) == (kind, place)


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ({"id": 7}, "entries[1].id"),
        ({"id": "short"}, "entries[1].id"),
        ({"element": None}, "entries[1].element"),
        ({"base": -1}, "entries[1].base"),
        ({"base": True}, "entries[1].base"),
        ({"set": []}, "entries[1].set"),
    ],
)
def test_a_damaged_entry_is_named(held: Held, damage: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentFault) as found:
        read(held, entry({"score": "3"}), entry({"score": "3"}, id="b" * 32) | damage)
    assert (found.value.kind, found.value.place) == ("entry", place)


def test_double_ids_too_many_entries_and_another_interview_are_refused(held: Held) -> None:
    with pytest.raises(DocumentFault, match="aaaa"):
        read(held, entry({"score": "3"}), entry({"score": "4"}))
    with pytest.raises(DocumentFault, match="entries"):
        unsent.read_document(exported(held, entries=[1] * (unsent.MOST_ENTRIES + 1)), held.interview_id)
    with pytest.raises(DocumentFault) as found:
        unsent.read_document(exported(held, interview=held.interview_id + 1), held.interview_id)
    assert found.value.kind == "interview"
