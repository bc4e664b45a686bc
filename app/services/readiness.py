"""Can this installation do its work right now: store what is typed, print what is asked for, keep what comes?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from app.services.disk_room import room_at
from app.services.heartbeat import is_alive

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.settings import Settings
    from app.storage.database import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What works. Says nothing about why: anybody may ask, and the log holds the reason."""

    database: bool  # can be written
    worker: bool  # has shown itself of late
    disk: bool  # has room to spare

    @property
    def ready(self) -> bool:
        """Tell whether everything works."""
        return self.database and self.worker and self.disk


def readiness(database: Database, settings: Settings, clock: Clock) -> Readiness:
    """Look at everything; the database is really written, at most every other second."""
    failure = database.write_failure()
    found = Readiness(
        database=failure is None,
        worker=is_alive(settings.data, clock()),
        disk=not room_at(settings.data).scarce,
    )
    if not found.ready:
        log.warning(
            "not ready",
            database=None if failure is None else str(failure),
            worker=found.worker,
            disk=found.disk,
        )
    return found
