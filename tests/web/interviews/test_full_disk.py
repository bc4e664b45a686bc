"""When the disk is full: nothing half saved, everything readable, told in words, and saved again once there is room."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.storage.database import Busy, Database
from tests.filling import full
from tests.services.holding import ELEMENT, Held
from tests.services.stored import rows_of
from tests.web.conftest import ENGAGEMENT

if TYPE_CHECKING:
    from tests.conftest import FixedClock
    from tests.web.interviews.conftest import Visitor

LONG = "系统里有数据，但没有人用。" * 300


def saves(ann: Visitor, held: Held, *, most: int = 40) -> tuple[int, dict[str, object], list[tuple[int, str]]]:
    """Save long notes until one is not taken; return its status, what was sent, and what was taken before."""
    token = ann.token()
    taken: list[tuple[int, str]] = []
    for version in range(most):
        sent = {"mutation_id": uuid.uuid4().hex, "base_version": version, "set": {"note": f"{version}{LONG}"}}
        answer = ann.put(f"/api/interviews/{held.interview_id}/answers/{ELEMENT}", sent, token=token)
        if answer.status_code != 200:
            return answer.status_code, sent, taken
        taken.append((answer.json["version"], str(sent["mutation_id"])))  # type: ignore[index]
    return 200, {}, taken


def test_a_save_that_finds_no_room_is_507_and_saved_whole_once_there_is_some(
    ann: Visitor, held: Held, web_database: Database
) -> None:
    address = f"/api/interviews/{held.interview_id}/answers/{ELEMENT}"
    with full(web_database):
        status, sent, taken = saves(ann, held)
        assert status == 507
        again = ann.put(address, sent)
        assert again.json is not None
        assert again.json["error"] == "disk-full"
        assert "没有保存" in again.json["message"]
        told = ann.get(address).json
        assert told is not None
        assert told["version"] == len(taken)
        assert ann.get(ENGAGEMENT).status_code == 200
    file = web_database.file
    assert file is not None
    assert rows_of(file)["answer_revision"] == len(taken)
    answer = ann.put(address, sent)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["version"] == len(taken) + 1


HEADINGS = {"zh": "磁盘已满，没有保存", "en": "The disk is full; nothing was saved"}


@pytest.mark.parametrize("locale", HEADINGS)
def test_a_form_that_finds_no_room_is_told_in_words(
    ann: Visitor, held: Held, web_database: Database, locale: str
) -> None:
    ann.speak(locale)
    with full(web_database):
        saves(ann, held)
        values = ({"key": f"r-{number}", "name_zh": "轮" * 200} for number in range(60))
        answers = (ann.post(f"{ENGAGEMENT}/rounds/new", one) for one in values)
        refused = next(answer for answer in answers if answer.status_code == 507)
    assert HEADINGS[locale] in refused.text


def test_who_only_reads_goes_on_reading_though_the_visit_cannot_be_noted(
    ann: Visitor, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(timedelta(hours=1))
    asked = []

    def kept(_database: Database) -> None:
        asked.append(1)
        raise Busy("database is locked")

    monkeypatch.setattr(Database, "begin", kept)
    assert ann.get(ENGAGEMENT).status_code == 200
    assert asked


def test_a_database_that_others_keep_is_503_with_a_time_to_try_again(
    ann: Visitor, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ann.token()

    def kept(_database: Database) -> None:
        raise Busy("database is locked")

    monkeypatch.setattr(Database, "begin", kept)
    sent = {"mutation_id": uuid.uuid4().hex, "base_version": 0, "set": {"note": "x"}}
    answer = ann.put(f"/api/interviews/{held.interview_id}/answers/{ELEMENT}", sent, token=token)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json is not None
    assert answer.json["error"] == "busy"
