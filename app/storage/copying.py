"""A consistent copy of the SQLite database while others write, and what such a copy holds. Knows files and rows.

VACUUM INTO: readers and writers go on meanwhile (decisions of what was measured: docs/decisions/0038). A copy is opened
read-only and looked at as a file, whatever revision its schema is of.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.storage.database import BUSY_TIMEOUT_MS, sqlite_module
from app.storage.syncing import sync

MOST_TOLD = 5
REVISION_TABLE = "alembic_version"


class CopyFault(Exception):  # noqa: N818 - named like the other faults
    """The database cannot be copied, or a copy cannot be read as one; the message says why."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database file holds.

    `rows`: how many by table. `faults`: what SQLite finds broken, in its words. `attachments`: names in the folder of
    evidence files; `products`: paths of files that jobs made, below the data folder.
    """

    revision: str | None
    rows: Mapping[str, int]
    faults: tuple[str, ...]
    attachments: frozenset[str]
    products: frozenset[str]


def copy_database(source: Path, target: Path) -> None:
    """Write a consistent copy of a database in use (0600) and bring it to the disk; CopyFault, then nothing is left."""
    connection = sqlite_module.connect(str(source), isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # VACUUM INTO takes an empty file
        connection.execute("VACUUM INTO ?", (str(target),))
        sync(target)
    except sqlite_module.Error as error:
        target.unlink(missing_ok=True)
        raise CopyFault(f"{source} cannot be copied: {error}") from error
    except OSError:
        target.unlink(missing_ok=True)
        raise
    finally:
        connection.close()


def examine(file: Path) -> Contents:
    """Read all of a copy; CopyFault where it is no database that can be read."""
    try:
        connection = sqlite_module.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite_module.Error as error:
        raise CopyFault(f"{file} cannot be opened: {error}") from error
    try:
        return _contents(connection)
    except sqlite_module.Error as error:
        raise CopyFault(f"{file} cannot be read: {error}") from error
    finally:
        connection.close()


def _contents(connection: Any) -> Contents:
    connection.execute("PRAGMA trusted_schema = OFF")
    sound = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
    faults = [] if sound == ["ok"] else sound[:MOST_TOLD]
    loose = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_TOLD)
    faults += [f"row {row} of {table} refers to a row of {other} that is not there" for table, row, other, _ in loose]
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    tables = {
        name: {column[1] for column in connection.execute(f'PRAGMA table_info("{name}")')}
        for (name,) in found
        if not name.startswith("sqlite_")
    }

    def column_of(table: str, column: str) -> frozenset[str]:
        if column not in tables.get(table, ()):
            return frozenset()
        wanted = f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608 - our own names
        return frozenset(str(value) for (value,) in connection.execute(wanted))

    count = 'SELECT count(*) FROM "{}"'
    return Contents(
        revision=min(column_of(REVISION_TABLE, "version_num"), default=None),
        rows={name: int(connection.execute(count.format(name)).fetchone()[0]) for name in tables},
        faults=tuple(faults),
        attachments=column_of("attachment", "stored_as"),
        products=column_of("job", "result"),
    )
