"""What a monitor asks: does the process answer, can the installation do its work?"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.services.disk_room import Room
from app.services.heartbeat import FILE, beat
from app.storage.database import Database, NoRoom

if TYPE_CHECKING:
    from app.settings import Settings
    from tests.conftest import FixedClock
    from tests.web.conftest import Visitor

PLENTY = Room(free=2**40, total=2**41)
LITTLE = Room(free=2**20, total=2**41)


@pytest.fixture(autouse=True)
def disk(monkeypatch: pytest.MonkeyPatch) -> list[Room]:
    """The room that the disk seems to have; the last one counts."""
    rooms = [PLENTY]
    monkeypatch.setattr("app.services.readiness.room_at", lambda _: rooms[-1])
    return rooms


def test_healthz_needs_neither_worker_nor_room(stranger: Visitor, disk: list[Room]) -> None:
    disk.append(LITTLE)
    answer = stranger.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_an_installation_in_order_is_ready(stranger: Visitor, settings: Settings) -> None:
    beat(settings.data)
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.json == {"ready": True, "database": "ok", "worker": "ok", "disk": "ok"}


def test_a_worker_that_never_came_or_is_gone_makes_it_unready(
    stranger: Visitor, settings: Settings, clock: FixedClock
) -> None:
    assert stranger.get("/readyz").status_code == 503
    beat(settings.data)
    long_ago = (clock() - timedelta(minutes=2)).timestamp()
    os.utime(settings.data / FILE, (long_ago, long_ago))
    answer = stranger.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"ready": False, "database": "ok", "worker": "failed", "disk": "ok"}


def test_a_disk_with_little_room_makes_it_unready(stranger: Visitor, settings: Settings, disk: list[Room]) -> None:
    beat(settings.data)
    disk.append(LITTLE)
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json and answer.json["disk"]) == (503, "failed")


def test_a_database_that_cannot_be_written_makes_it_unready_without_saying_why(
    stranger: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(settings.data)
    monkeypatch.setattr(Database, "write_failure", lambda _: NoRoom("/srv/crm: database or disk is full"))
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json and answer.json["database"]) == (503, "failed")
    assert "srv" not in answer.text
