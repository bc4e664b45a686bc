"""Engines and transactions. Knows how SQLite must be opened so that nothing acknowledged is lost; knows no table.

SQLite: writers open with BEGIN IMMEDIATE (a plain BEGIN fails under load, decisions.md), readers with BEGIN on
connections that refuse to write. Writers of one process queue at a fair lock; writers of other processes wait in
SQLite's busy handler. Another database (PostgreSQL) is opened with its own defaults.
"""

from __future__ import annotations

import copy
import errno
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import NullPool

from app.storage import migrating
from app.storage.probing import Probe

try:
    import pysqlite3.dbapi2 as sqlite_module  # bundles a newer SQLite than Debian 12 has
except ImportError:  # no wheel for this machine
    sqlite_module = sqlite3

__all__ = [
    "Busy",
    "Database",
    "FairLock",
    "NoRoom",
    "Session",
    "has_wal_reset_fault",
    "sqlite_module",
    "sqlite_version",
]

BUSY_TIMEOUT_MS = 5000
READERS = 16
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    f"busy_timeout = {BUSY_TIMEOUT_MS}",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "secure_delete = ON",
)


def sqlite_version() -> str:
    """Return the version of the SQLite library in use."""
    return str(sqlite_module.sqlite_version)


def has_wal_reset_fault(version: str) -> bool:
    """Tell whether this SQLite can lose a commit that races a checkpoint (3.7.0 to 3.51.2)."""
    return (3, 7, 0) <= tuple(int(part) for part in version.split(".")) <= (3, 51, 2)


class NoRoom(OSError):  # noqa: N818 - says what there is, not that it is an error
    """The disk is full: nothing of the transaction was stored, what was stored before is whole."""

    def __init__(self, why: str) -> None:
        super().__init__(errno.ENOSPC, why)


class Busy(OSError):  # noqa: N818 - as NoRoom
    """Somebody else kept the database for longer than we wait: nothing of the transaction was stored."""

    def __init__(self, why: str) -> None:
        super().__init__(errno.EAGAIN, why)


class FairLock:
    """A lock that lets waiting threads in by order of arrival (threading.Lock promises no order).

    A thread that holds it already is refused (RuntimeError): it would wait for itself.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._holder: int | None = None
        self._waiting: deque[tuple[int, threading.Event]] = deque()

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._holder == me:
                raise RuntimeError("this thread has a writing transaction open already")
            if self._holder is None:
                self._holder = me
                return
            turn = threading.Event()
            self._waiting.append((me, turn))
        try:
            turn.wait()
        except BaseException:  # interrupted: leave the queue, or pass the turn on
            with self._guard:
                if self._holder == me:
                    self._pass_on()
                else:
                    self._waiting.remove((me, turn))
            raise

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._pass_on()

    def _pass_on(self) -> None:
        self._holder = None
        if self._waiting:
            self._holder, turn = self._waiting.popleft()
            turn.set()


class Database:
    """One database by URL. Nothing is opened before the first use; safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._turn: AbstractContextManager[None] = FairLock() if self.is_sqlite else nullcontext()
        self._writer = _sqlite_engine(url, "BEGIN IMMEDIATE", PRAGMAS) if self.is_sqlite else _engine(url)
        self._reader = _sqlite_engine(url, "BEGIN", (*PRAGMAS, "query_only = ON")) if self.is_sqlite else self._writer
        self._writing = sessionmaker(self._writer, expire_on_commit=False)
        self._reading = sessionmaker(self._reader, expire_on_commit=False)
        self._told: dict[str, Any] = {}
        self._probe = Probe()

    def opened_for(self, **told: object) -> Database:
        """Return this database for one request: its sessions carry in `info` what they are told (asker, request)."""
        view = copy.copy(self)
        view._told = {**self._told, **told}
        return view

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open one writing transaction: committed when the block ends, rolled back when it raises.

        NoRoom where the disk is full, Busy where another process would not let go of the database.
        """
        with _told_apart(), self._turn, self._writing(info=self._told) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one consistent view of the database; SQLite refuses every write in it."""
        with self._reading(info=self._told) as session:
            try:
                yield session
            finally:
                session.rollback()

    def write_failure(self) -> Exception | None:
        """Return what keeps the database from being written, None where nothing does; asks every other second."""
        return self._probe.failure(self._writer, self._turn, self.failures)

    def upgrade(self) -> None:
        """Bring the schema to the newest revision; a failed migration leaves the database as it was."""
        file = self.file
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._migration_connection() as connection:
            migrating.upgrade(connection)

    def revision(self) -> str | None:
        """Return the schema revision of the database, None before the first upgrade; makes no file."""
        file = self.file
        if file is not None and not file.exists():
            return None
        with self._reader.connect() as connection:
            return migrating.revision(connection)

    def is_current(self) -> bool:
        """Tell whether the schema is at the newest revision."""
        return self.revision() == migrating.head()

    def settle(self) -> bool:
        """Bring all that was committed into the database file and empty the journal beside it (SQLite).

        So that what was erased stands in no file any more. False while somebody still reads from the journal.
        """
        return self._settled_after()

    def compact(self) -> bool:
        """Write the database file anew (SQLite), then settle: only what stands in a row is left in it.

        Deleted content is overwritten, but not the copies that moving rows between pages left in unused space. False as
        for `settle`; NoRoom and Busy as for `begin`: the file is as it was.
        """
        return self._settled_after("VACUUM")

    def _settled_after(self, *statements: str) -> bool:
        if not self.is_sqlite:
            return True
        with _told_apart(), self._turn:
            connection = self._writer.raw_connection()  # no transaction is begun: in one nothing can be settled
            try:
                cursor = connection.cursor()
                for statement in statements:
                    cursor.execute(statement)
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                cursor.close()
            finally:
                connection.close()
        return not busy

    def dispose(self) -> None:
        """Close every pooled connection."""
        self._writer.dispose()
        self._reader.dispose()

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """What is raised when the database cannot be reached or used."""
        return (SQLAlchemyError, OSError, sqlite_module.Error)  # the last where a connection is only being opened

    def pragmas(self) -> dict[str, Any]:
        """Return the pragmas in force on a writing connection (SQLite only, else nothing)."""
        if not self.is_sqlite:
            return {}
        names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "trusted_schema", "secure_delete")
        with self._writer.connect() as connection:
            return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    @property
    def file(self) -> Path | None:
        """Where an SQLite database lies; None for any other and for one in memory."""
        name = make_url(self.url).database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @contextmanager
    def _migration_connection(self) -> Iterator[Connection]:
        if not self.is_sqlite:
            with self._writer.begin() as connection:
                yield connection
            return
        # SQLite can only rebuild a table with foreign keys off, and only outside a transaction can they be switched.
        pragmas = (*PRAGMAS, "foreign_keys = OFF")
        engine = _sqlite_engine(self.url, "BEGIN IMMEDIATE", pragmas, poolclass=NullPool)
        with self._turn, engine.begin() as connection:
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration breaks {len(broken)} references between tables; nothing was changed")


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn what SQLite says of a full disk and of a lock that is not let go into what callers can tell apart."""
    try:
        yield
    except (DBAPIError, sqlite_module.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(said, "sqlite_errorcode", 0) & 0xFF  # the lower byte of an extended code
        words = str(said)
        if code == sqlite3.SQLITE_FULL or "disk is full" in words:
            raise NoRoom(words) from error
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy(words) from error
        raise


def _engine(url: str, **options: Any) -> Engine:
    # What is stored stands in no message of a failure: those are logged.
    return create_engine(url, hide_parameters=True, **options)


def _sqlite_engine(url: str, begin: str, pragmas: tuple[str, ...], **options: Any) -> Engine:
    if "poolclass" not in options:
        options |= {"pool_size": READERS, "max_overflow": READERS, "pool_use_lifo": True}  # the warm one first
    # isolation_level None: the driver begins nothing by itself, the event below does.
    engine = _engine(
        url,
        module=sqlite_module,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
        **options,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # the driver's own cursor: a statement through SQLAlchemy costs as much as a whole query
        cursor = connection.connection.cursor()
        cursor.execute(begin)
        cursor.close()

    return engine
