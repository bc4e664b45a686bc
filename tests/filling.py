"""A database that takes no more: as on a full disk, SQLite refuses every page that it would have to add."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from app.storage.database import Database


@contextmanager
def full(database: Database) -> Iterator[None]:
    """Let the database not grow by a single page until the block ends; what is freed may be used again."""
    writer = database._writer

    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # less than there are: as many as there are

    writer.dispose()
    event.listen(writer, "connect", limit)
    try:
        yield
    finally:
        event.remove(writer, "connect", limit)
        writer.dispose()
