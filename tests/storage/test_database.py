"""Transactions: what is acknowledged stays, what is not leaves nothing, and nobody is refused under load."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.storage.database import PRAGMAS, Busy, Database, FairLock, NoRoom, has_wal_reset_fault, sqlite_version
from app.storage.tables import EngagementRow, UnitRow
from tests.conftest import FixedClock
from tests.filling import full

if TYPE_CHECKING:
    from app.storage.database import Session


def add_engagement(session: Session, key: str, clock: FixedClock) -> int:
    """Store an engagement and return its id."""
    statement = insert(EngagementRow).values(key=key, name_zh=key, created_at=clock()).returning(EngagementRow.id)
    return session.execute(statement).scalar_one()


def keys(database: Database) -> list[str]:
    """Return the keys of all engagements."""
    with database.read() as session:
        return list(session.execute(select(EngagementRow.key).order_by(EngagementRow.id)).scalars())


def test_the_pragmas_that_keep_data_are_in_force(database: Database) -> None:
    assert database.pragmas() == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
    }


def test_a_finished_block_is_committed(database: Database, clock: FixedClock) -> None:
    with database.begin() as session:
        add_engagement(session, "kept", clock)
    assert keys(database) == ["kept"]


def test_a_block_that_raises_leaves_nothing(database: Database, clock: FixedClock) -> None:
    def store_and_stop() -> None:
        with database.begin() as session:
            add_engagement(session, "lost", clock)
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        store_and_stop()
    assert keys(database) == []


def test_a_reader_cannot_write(database: Database, clock: FixedClock) -> None:
    with database.read() as session, pytest.raises(OperationalError, match="readonly"):
        add_engagement(session, "refused", clock)


def test_a_reader_sees_one_moment_and_does_not_hold_up_a_writer(database: Database, clock: FixedClock) -> None:
    with database.read() as reading:
        before = reading.execute(select(EngagementRow.key)).all()
        with database.begin() as writing:
            add_engagement(writing, "later", clock)
        assert reading.execute(select(EngagementRow.key)).all() == before
    assert keys(database) == ["later"]


def test_references_between_tables_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.execute(insert(UnitRow).values(engagement_id=4711, key="nowhere", position=1))


def test_a_failure_does_not_say_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(IntegrityError) as failed, database.begin() as session:
        session.execute(insert(UnitRow).values(engagement_id=4711, key="said-in-confidence", position=1))
    assert "said-in-confidence" not in str(failed.value)


def test_a_time_without_a_zone_is_refused(database: Database, clock: FixedClock) -> None:
    clock.moment = clock.moment.replace(tzinfo=None)
    with pytest.raises(Exception, match="zone"), database.begin() as session:
        add_engagement(session, "naive", clock)


def test_many_threads_write_and_read_without_a_refusal(database: Database, clock: FixedClock) -> None:
    refused: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for number in range(10):
                with database.begin() as session:
                    add_engagement(session, f"e-{worker}-{number}", clock)
                keys(database)
        except BaseException as error:  # the test must see every failure of a thread
            refused.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert len(set(keys(database))) == 160


def test_two_writers_of_two_processes_wait_for_each_other(
    database: Database, settings_url: str, clock: FixedClock
) -> None:
    """Two Database objects share no lock, like two processes: the second waits in SQLite's busy handler."""
    other = Database(settings_url)
    waiting = threading.Event()

    def second() -> None:
        waiting.set()
        with other.begin() as session:
            add_engagement(session, "second", clock)

    with database.begin() as session:
        add_engagement(session, "first", clock)  # the lock is taken with the first statement
        thread = threading.Thread(target=second)
        thread.start()
        waiting.wait()
    thread.join()
    other.dispose()
    assert keys(database) == ["first", "second"]


KILLED = """
import os, signal, sys
from sqlalchemy import text
from app.storage.database import Database
with Database(sys.argv[1]).begin() as session:
    session.execute(text("INSERT INTO engagement (key, created_at) VALUES ('half', '2026-01-01')"))
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_killed_in_mid_transaction_leaves_nothing(
    database: Database, settings_url: str, clock: FixedClock
) -> None:
    with database.begin() as session:
        add_engagement(session, "before", clock)
    ended = subprocess.run([sys.executable, "-c", KILLED, settings_url], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert keys(database) == ["before"]
    with database.begin() as session:
        assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        add_engagement(session, "after", clock)


def test_waiting_writers_are_let_in_by_order_of_arrival() -> None:
    lock, order, arrived = FairLock(), [], []

    def wait(number: int) -> None:
        arrived.append(number)
        with lock:
            order.append(number)

    with lock:
        threads = []
        for number in range(8):
            thread = threading.Thread(target=wait, args=(number,))
            threads.append(thread)
            thread.start()
            while len(lock._waiting) <= number:
                pass
    for thread in threads:
        thread.join()
    assert order == arrived == list(range(8))


def test_a_second_writing_transaction_of_one_thread_is_refused_rather_than_waited_for(
    database: Database, clock: FixedClock
) -> None:
    def nest() -> None:
        with database.begin(), database.begin():
            pass

    with pytest.raises(RuntimeError, match="already"):
        nest()
    with database.begin() as session:
        add_engagement(session, "after", clock)
    assert keys(database) == ["after"]


def test_a_writer_that_is_interrupted_while_waiting_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    lock = FairLock()

    def wait_interrupted() -> None:
        with pytest.raises(KeyboardInterrupt), lock:
            pass

    with lock:
        thread = threading.Thread(target=wait_interrupted)
        monkeypatch.setattr("app.storage.database.threading.Event", Interrupted)
        thread.start()
        thread.join()
    with lock:
        pass


class Interrupted(threading.Event):
    """An event whose waiting ends like Ctrl-C."""

    def wait(self, timeout: float | None = None) -> bool:
        """Raise at once."""
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("version", "faulty"),
    [("3.40.1", True), ("3.51.2", True), ("3.7.0", True), ("3.51.3", False), ("3.53.0", False), ("3.6.23", False)],
)
def test_the_versions_that_can_lose_a_commit_are_known(version: str, faulty: bool) -> None:
    assert has_wal_reset_fault(version) is faulty


def test_this_machine_has_a_version_number() -> None:
    assert sqlite_version().count(".") == 2


def test_the_folder_of_a_new_database_is_private(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'x.db'}")
    database.upgrade()
    database.dispose()
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.fixture
def settings_url(database: Database) -> str:
    """The URL of the test's database."""
    return database.url


def test_the_probe_writes_and_changes_nothing(database: Database) -> None:
    assert database.file is not None
    with database.begin() as session:
        session.execute(text("PRAGMA user_version = 7"))
    journal = database.file.with_name(f"{database.file.name}-wal")
    before = journal.stat().st_size
    assert database.write_failure() is None
    assert journal.stat().st_size > before
    with database.read() as session:
        assert session.execute(text("PRAGMA user_version")).scalar() == 7


def test_the_probe_asks_again_only_after_a_moment(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("app.storage.probing._try", lambda *_: asked.append(1))
    for _ in range(5):
        database.write_failure()
    assert len(asked) == 1
    monkeypatch.setattr("app.storage.probing.PROBE_EVERY", 0.0)
    database.write_failure()
    assert len(asked) == 2


def test_a_database_that_takes_no_more_says_so_and_loses_nothing(database: Database) -> None:
    insert_one = text("INSERT INTO engagement (key, name_zh, created_at) VALUES (:key, :name, '2026-01-01')")
    stored = 0
    with full(database):
        refused = None
        while refused is None:
            try:
                with database.begin() as session:
                    session.execute(insert_one, {"key": f"client-{stored}", "name": "x" * 3000})
                stored += 1
            except NoRoom as error:
                refused = error
    assert refused.errno == errno.ENOSPC
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM engagement")).scalar() == stored
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    with database.begin() as session:
        session.execute(insert_one, {"key": "again", "name": "x" * 3000})


WORD = "only ever said here"


@pytest.fixture
def rewritten(database: Database) -> Database:
    """A database whose rows grew, moved and were deleted without being overwritten, as before secure_delete was on."""
    with database.begin() as session:
        session.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)"))
    connection = database._writer.raw_connection()
    connection.cursor().execute("PRAGMA secure_delete = OFF")
    connection.close()
    with database.begin() as session:
        for number in range(200):
            session.execute(text("INSERT INTO note (words) VALUES (:words)"), {"words": f"{number} {WORD} " * 5})
        session.execute(text("UPDATE note SET words = words || words WHERE id % 3 = 0"))
        session.execute(text("DELETE FROM note WHERE id > 1"))
        session.execute(text("UPDATE note SET words = 'kept'"))
    return database


def on_disk(database: Database) -> int:
    """Return how often the word stands in the files of a database."""
    assert database.file is not None
    return sum(file.read_bytes().count(WORD.encode()) for file in database.file.parent.glob(f"{database.file.name}*"))


def test_a_file_that_is_written_anew_holds_only_what_stands_in_a_row(rewritten: Database) -> None:
    assert rewritten.settle()
    assert on_disk(rewritten) > 0
    assert rewritten.compact()
    assert on_disk(rewritten) == 0
    with rewritten.read() as session:
        assert session.execute(text("SELECT words FROM note")).scalars().all() == ["kept"]


def test_a_file_cannot_be_emptied_of_what_somebody_still_reads(
    rewritten: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.database.PRAGMAS", (*PRAGMAS, "busy_timeout = 50"))
    mine = Database(rewritten.url)
    with rewritten.read() as reading:
        assert reading.execute(text("SELECT count(*) FROM note")).scalar() == 1
        assert not mine.compact()
    assert mine.compact()
    assert on_disk(rewritten) == 0
    mine.dispose()


def test_a_file_that_another_process_keeps_is_not_written_anew(
    rewritten: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.database.PRAGMAS", (*PRAGMAS, "busy_timeout = 50"))
    mine = Database(rewritten.url)
    with rewritten.begin() as writing:
        writing.execute(text("SELECT 1"))
        with pytest.raises(Busy):
            mine.compact()
    mine.dispose()


def test_on_a_full_disk_the_file_is_not_written_anew_and_nothing_is_lost(small_disk: Path) -> None:
    database = Database(f"sqlite:///{small_disk / 'small.db'}")
    with database._migration_connection() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT)"))
        connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": "x" * 500_000})
    assert database.settle()
    ballast = small_disk / "ballast"
    with suppress(OSError), ballast.open("wb") as rest:
        rest.write(b"x" * 3_000_000)
    with pytest.raises(NoRoom):
        database.compact()
    ballast.unlink()
    with database.read() as session:
        assert session.execute(text("SELECT length(words) FROM note")).scalar() == 500_000
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    assert database.compact()
    database.dispose()


def test_a_database_that_another_process_keeps_is_told_apart(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.storage.database.PRAGMAS", (*PRAGMAS, "busy_timeout = 50"))
    mine = Database(database.url)
    with database.begin() as holding:
        holding.execute(text("SELECT 1"))
        with pytest.raises(Busy), mine.begin() as session:
            session.execute(text("SELECT 1"))
    mine.dispose()


def notes_until_refused(database: Database, words: str) -> int:
    """Store notes until one finds no room; return how many were stored."""
    for stored in range(2000):
        try:
            with database.begin() as session:
                session.execute(text("INSERT INTO note VALUES (:words)"), {"words": words})
        except NoRoom:
            return stored
    raise AssertionError("the disk never filled up")


def test_on_a_disk_that_is_really_full_reads_go_on_and_writes_again_once_there_is_room(small_disk: Path) -> None:
    database = Database(f"sqlite:///{small_disk / 'small.db'}")
    with database._migration_connection() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT)"))
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 1_500_000)
    with database.read() as reading:  # who reads keeps the journal from beginning anew
        assert reading.execute(text("SELECT count(*) FROM note")).scalar() == 0
        stored = notes_until_refused(database, "x" * 9000)
        with suppress(OSError), (small_disk / "rest").open("wb") as rest:
            rest.write(b"x" * 3_000_000)
        stored += notes_until_refused(database, "x")
        assert isinstance(database.write_failure(), database.failures)
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM note")).scalar() == stored
    ballast.unlink()
    with database.begin() as session:
        session.execute(text("INSERT INTO note VALUES ('there is room again')"))
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    database.dispose()
