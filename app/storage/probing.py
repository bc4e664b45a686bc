"""Can the database be written right now? A commit that changes nothing tells. Knows when it last asked, no table."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager

from sqlalchemy import Connection, Engine

PROBE_EVERY = 2.0  # seconds; anybody may ask, and every answer of its own would cost a write


class Probe:
    """Writes to a database now and then, and remembers for a moment how that went. Safe to share between threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._asked: float | None = None
        self._failure: Exception | None = None

    def failure(
        self, writer: Engine, turn: AbstractContextManager[None], failures: tuple[type[Exception], ...]
    ) -> Exception | None:
        """Return what stands in the way of writing, None where nothing does; `turn` is held while it tries."""
        with self._guard:
            if self._asked is None or time.monotonic() - self._asked >= PROBE_EVERY:
                self._failure = _try(writer, turn, failures)
                self._asked = time.monotonic()
            return self._failure


def _try(writer: Engine, turn: AbstractContextManager[None], failures: tuple[type[Exception], ...]) -> Exception | None:
    try:
        with turn, writer.begin() as connection:
            _write_nothing_new(connection)
    except failures as failure:
        return failure
    return None


def _write_nothing_new(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # the number is not used by us; setting it to what it is writes and commits the first page all the same
        number = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")
    else:
        connection.exec_driver_sql("SELECT txid_current()")  # a number is only given to who may write
