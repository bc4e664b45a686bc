"""Restoring: the drill from a backup under load to the same report, and everything that must stop a restore."""

from __future__ import annotations

import itertools
import shutil
import stat
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select

from app.document.build import build_document
from app.services.answering import save_answer
from app.services.assessing import load_current
from app.services.backing_up import Made, back_up
from app.services.backup_manifest import DATABASE, MANIFEST, BackupFault, read_manifest
from app.services.disk_room import DiskScarce, Room
from app.services.engagements import get_engagement, list_assessments
from app.services.report_material import gather
from app.services.report_requests import ReportRequest
from app.services.restoring import FromNewerProgram, NotEmpty, restore
from app.settings import SECRET_KEY_FILE, with_secret_key
from app.storage.database import Database
from app.storage.tables import AnswerRevisionRow, AnswerRow, SignInRow, UserRow
from app.storage.trust_tables import AccountLinkRow
from tests.services.holding import Held, hold
from tests.services.stored import events_of, rows_of, store_attachment, store_job_file

if TYPE_CHECKING:
    from app.content.library import Library
    from app.document.values import Document
    from app.settings import Settings
    from tests.conftest import FixedClock

KEY = "china-telecom-2003"


@contextmanager
def saving(held: Held, *, threads: int = 4) -> Iterator[list[str]]:
    """Save answers in the interview from several threads; gives the ids of what was acknowledged."""
    elements = [leaf.id for leaf in held.library.framework("telecom-crm").leaves]
    stop, acknowledged = threading.Event(), []

    def save(own: list[str]) -> None:
        versions: dict[str, int] = {}
        for element in itertools.cycle(own):
            if stop.is_set():
                return
            mutation_id = uuid.uuid4().hex
            with held.database.begin() as session:
                saved = save_answer(
                    session,
                    interview_id=held.interview_id,
                    element=element,
                    mutation_id=mutation_id,
                    base_version=versions.get(element, 0),
                    changes={"state": "scored", "score": f"{versions.get(element, 0) % 6}.0"},
                    actor=held.ann,
                    clock=held.clock,
                )
            versions[element] = saved.version
            acknowledged.append(mutation_id)

    running = [threading.Thread(target=save, args=(elements[number::threads],)) for number in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        for thread in running:
            thread.join()


def worded(database: Database, library: Library, unit: str) -> tuple[Document, Document]:
    """Return the whole words of a unit's report in both languages."""
    with database.read() as session:
        engagement = get_engagement(session, KEY)
        ids = [one.id for one in list_assessments(session, engagement.id) if one.unit.key == unit]
        request = ReportRequest("executive", "zh", tuple(ids), date(2026, 3, 2), benchmark="foreign-carriers-2003")
        found = gather(session, library, request)
    definition = library.report("executive")
    return build_document(found, definition, "zh"), build_document(found, definition, "en")


def revisions(database: Database) -> set[str]:
    """Return the ids of all saves that are stored."""
    with database.read() as session:
        return set(session.execute(select(AnswerRevisionRow.mutation_id)).scalars())


def newest_versions(database: Database) -> list[tuple[object, ...]]:
    """Return where answers and their history disagree about the version."""
    history = (
        select(
            AnswerRevisionRow.interview_id, AnswerRevisionRow.element, func.max(AnswerRevisionRow.version).label("v")
        )
        .group_by(AnswerRevisionRow.interview_id, AnswerRevisionRow.element)
        .subquery()
    )
    differing = (
        select(AnswerRow.interview_id, AnswerRow.element, AnswerRow.version, history.c.v)
        .outerjoin(
            history, (history.c.interview_id == AnswerRow.interview_id) & (history.c.element == AnswerRow.element)
        )
        .where(func.coalesce(history.c.v, -1) != AnswerRow.version)
    )
    with database.read() as session:
        return [tuple(row) for row in session.execute(differing)]


def test_the_drill_a_backup_under_load_becomes_the_same_installation_elsewhere(
    demo_database: Database, settings: Settings, library: Library, clock: FixedClock, tmp_path: Path
) -> None:
    held = hold(demo_database, library, clock)
    key = with_secret_key(settings, {}).secret_key
    evidence = store_attachment(demo_database, settings, clock, b"what was seen", preview=b"small")
    report = store_job_file(demo_database, settings, clock, b"%PDF-1.7")
    with saving(held) as acknowledged:
        while len(acknowledged) < 40:
            pass
        before = set(acknowledged)
        made = back_up(demo_database, settings, clock)
    clock.advance(timedelta(hours=3))

    into = tmp_path / "elsewhere"
    done = restore(made.folder, into, clock)
    assert (done.lost, done.revision) == (timedelta(hours=3), demo_database.revision())
    again = Database(f"sqlite:///{into / DATABASE}")
    counted = {**made.manifest.rows, "audit_event": made.manifest.rows["audit_event"] + 1}
    assert rows_of(into / DATABASE) == counted
    assert before <= revisions(again) <= set(acknowledged)
    assert newest_versions(again) == []
    with demo_database.read() as live, again.read() as restored:
        scores = [
            {view.unit.key: view.scorecard.overall for view in load_current(session, get_engagement(session, KEY).id)}
            for session in (live, restored)
        ]
    assert {**scores[0], "fuzhou": None} == {**scores[1], "fuzhou": None}  # Fuzhou was being written
    assert worded(again, library, "shenzhen") == worded(demo_database, library, "shenzhen")
    assert (into / "attachments" / evidence).read_bytes() == b"what was seen"
    assert (into / report).read_bytes() == b"%PDF-1.7"
    assert with_secret_key(replace(settings, data=into), {}).secret_key == key
    again.dispose()


@pytest.fixture
def made(demo_database: Database, settings: Settings, clock: FixedClock) -> Made:
    """A backup with an evidence file and a key."""
    with_secret_key(settings, {})
    store_attachment(demo_database, settings, clock, b"what was seen")
    return back_up(demo_database, settings, clock)


def test_what_is_restored_is_private(made: Made, clock: FixedClock, tmp_path: Path) -> None:
    into = tmp_path / "elsewhere"
    restore(made.folder, into, clock)
    for path in (into, *into.rglob("*")):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077 or path.suffix in (".db-wal", ".db-shm"), path


def test_everybody_signs_in_again_and_open_links_end(
    demo_database: Database, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    later = clock() + timedelta(days=1)
    with demo_database.begin() as session:
        user = {"name": "ann", "display_name": "Ann", "password_hash": "x", "role": "reader", "created_at": clock()}
        user_id = session.execute(insert(UserRow).values(**user).returning(UserRow.id)).scalar_one()
        times = {"created_at": clock(), "expires_at": later}
        session.execute(insert(SignInRow).values(token_hash="a", user_id=user_id, seen_at=clock(), **times))
        link = insert(AccountLinkRow)
        session.execute(link.values(kind="invitation", token_hash="b", label="Bo", **times))
        session.execute(link.values(kind="reset", token_hash="c", user_id=user_id, used_at=clock(), **times))
    backup = back_up(demo_database, settings, clock)
    done = restore(backup.folder, tmp_path / "elsewhere", clock)
    assert (done.sign_ins, done.links) == (1, 1)
    again = Database(f"sqlite:///{tmp_path / 'elsewhere' / DATABASE}")
    with again.read() as session:
        assert session.execute(select(func.count()).where(SignInRow.ended_at.is_(None))).scalar() == 0
        assert session.execute(select(AccountLinkRow.label, AccountLinkRow.used_at)).all() == [
            (None, None),
            (None, clock()),
        ]
    (event,) = events_of(again, "restore.done")
    assert event["taken_at"] == backup.manifest.taken_at.isoformat()
    again.dispose()


def test_a_backup_of_an_earlier_version_is_brought_to_this_one(
    settings: Settings, clock: FixedClock, earlier_file: Path, tmp_path: Path
) -> None:
    settings.data.mkdir()
    shutil.copy(earlier_file, settings.data / DATABASE)
    database = Database(settings.database_url)
    backup = back_up(database, settings, clock)
    database.dispose()
    kept = restore(backup.folder, tmp_path / "as-it-was", clock, migrate=False)
    assert (kept.revision, kept.sign_ins) == ("0001", None)
    assert rows_of(tmp_path / "as-it-was" / DATABASE) == backup.manifest.rows
    restore(backup.folder, tmp_path / "brought", clock)
    again = Database(f"sqlite:///{tmp_path / 'brought' / DATABASE}")
    assert again.is_current()
    again.dispose()


# --- what stops it ---------------------------------------------------------------------------------------------------


def test_nothing_is_restored_over_anything(made: Made, clock: FixedClock, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "full", tmp_path / "file", made.folder / "inside"):
        with pytest.raises(NotEmpty):
            restore(made.folder, place, clock)
    assert (tmp_path / "full" / "notes.txt").read_text() == "mine"
    assert not (made.folder / "inside").exists()


def test_an_empty_folder_may_be_restored_into(made: Made, clock: FixedClock, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    restore(made.folder, tmp_path / "empty", clock)
    assert (tmp_path / "empty" / DATABASE).exists()


@pytest.mark.parametrize("spoilt", ["attachments", DATABASE, SECRET_KEY_FILE])
@pytest.mark.parametrize("there", [True, False])
def test_a_backup_that_was_changed_is_not_restored_and_leaves_nothing(
    made: Made, clock: FixedClock, tmp_path: Path, spoilt: str, there: bool
) -> None:
    file = made.folder / spoilt
    file = next(file.iterdir()) if file.is_dir() else file
    file.write_bytes(b"changed") if there else file.unlink()
    (tmp_path / "empty").mkdir()
    for into in (tmp_path / "new", tmp_path / "empty"):
        with pytest.raises(BackupFault):
            restore(made.folder, into, clock)
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_link_in_a_backup_is_not_followed(made: Made, clock: FixedClock, tmp_path: Path) -> None:
    file = next((made.folder / "attachments").iterdir())
    (tmp_path / "secret").write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(tmp_path / "secret")
    with pytest.raises(BackupFault, match="not in the backup"):
        restore(made.folder, tmp_path / "new", clock)


def test_other_rows_than_were_counted_stop_it(made: Made, clock: FixedClock, tmp_path: Path) -> None:
    manifest = read_manifest(made.folder)
    replace(manifest, rows={**manifest.rows, "answer": 4711}).write(made.folder)
    with pytest.raises(BackupFault, match="answer has 0 rows, not 4711"):
        restore(made.folder, tmp_path / "new", clock)
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_newer_program_is_refused(made: Made, clock: FixedClock, tmp_path: Path) -> None:
    replace(read_manifest(made.folder), revision="9999").write(made.folder)
    with pytest.raises(FromNewerProgram, match="9999"):
        restore(made.folder, tmp_path / "new", clock)


def test_a_folder_that_is_no_backup_is_refused(made: Made, clock: FixedClock, tmp_path: Path) -> None:
    (made.folder / MANIFEST).unlink()
    with pytest.raises(BackupFault, match="no backup"):
        restore(made.folder, tmp_path / "new", clock)


def test_a_disk_without_room_stops_it_before_it_begins(
    made: Made, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.disk_room.room_at", lambda _: Room(free=500 * 2**20, total=2**40))
    with pytest.raises(DiskScarce):
        restore(made.folder, tmp_path / "new", clock)
    assert not (tmp_path / "new").exists()


def test_a_disk_that_fills_up_leaves_nothing(
    made: Made, clock: FixedClock, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.restoring.ask_room", lambda *_: None)
    (small_disk / "ballast").write_bytes(b"x" * 2_500_000)
    with pytest.raises(OSError, match="No space"):
        restore(made.folder, small_disk / "new", clock)
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]
