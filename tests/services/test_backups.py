"""Backups: whole or not there, made while others write, cleared out when old, checked to the last byte."""

from __future__ import annotations

import json
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services import backup_folders as folders
from app.services.attaching import AttachmentFolder
from app.services.backing_up import Made, OtherDatabase, back_up, back_up_when_due, note
from app.services.backup_manifest import (
    DATABASE,
    MANIFEST,
    BackupFault,
    Kind,
    Manifest,
    Secrets,
    check_of,
    read_manifest,
)
from app.services.checking_backups import check_backup
from app.services.disk_room import DiskScarce, Room
from app.services.engagements import create_engagement
from app.settings import SECRET_KEY_FILE, with_secret_key
from app.storage import copying
from app.storage.database import Database
from tests.services.stored import events_of, rows_of, store_attachment, store_job_file

if TYPE_CHECKING:
    from app.settings import Settings
    from tests.conftest import FixedClock


@contextmanager
def writing(database: Database, clock: FixedClock) -> Iterator[Callable[[], int]]:
    """Let another thread begin engagements as fast as it can; gives what tells how many are stored."""
    stop = threading.Event()
    stored: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with database.begin() as session:
                create_engagement(session, key=f"client-{len(stored)}", name=Text("客户"), actor=None, clock=clock)
            stored.append(1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield lambda: len(stored)
    finally:
        stop.set()
        thread.join()


def test_a_backup_holds_the_database_its_files_and_the_key(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    with_secret_key(settings, {})
    evidence = store_attachment(demo_database, settings, clock, b"what was seen", preview=b"small")
    report = store_job_file(demo_database, settings, clock, b"%PDF")
    made = back_up(demo_database, settings, clock)
    assert made.folder.parent == settings.data / "backups"
    assert {file.path for file in made.manifest.files} == {
        DATABASE,
        SECRET_KEY_FILE,
        report,
        f"attachments/{evidence}",
        f"attachments/{Path(evidence).stem}-small.jpg",
    }
    assert made.manifest.rows == rows_of(made.folder / DATABASE)
    assert made.manifest.rows["agreed_score"] == 136
    assert made.manifest.revision == demo_database.revision()
    assert (made.folder / report).read_bytes() == b"%PDF"
    assert check_backup(made.folder) == (made.manifest, [])


def test_only_the_owner_may_read_a_backup(demo_database: Database, settings: Settings, clock: FixedClock) -> None:
    with_secret_key(settings, {})
    store_attachment(demo_database, settings, clock, b"what was seen")
    made = back_up(demo_database, settings, clock)
    for path in (made.folder, *made.folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_backup_is_entered_into_the_trail(demo_database: Database, settings: Settings, clock: FixedClock) -> None:
    made = back_up(demo_database, settings, clock)
    (event,) = events_of(demo_database, "backup.done")
    assert event["manifest"] == made.manifest_sha256
    assert event["kind"] == "asked"


def test_a_backup_made_while_others_write_is_one_moment_of_the_database(
    database: Database, settings: Settings, clock: FixedClock
) -> None:
    with writing(database, clock) as stored:
        while stored() < 20:
            pass
        before = stored()
        made = back_up(database, settings, clock)
        after = stored() + 1
    assert before <= made.manifest.rows["engagement"] <= after
    assert check_backup(made.folder)[1] == []


def test_secrets_can_be_left_out_and_the_backup_says_so(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    key = with_secret_key(settings, {}).secret_key
    made = back_up(demo_database, settings, clock, with_secrets=False)
    assert made.manifest.secrets is Secrets.LEFT_OUT
    assert made.manifest.key_check == check_of(key)
    assert not (made.folder / SECRET_KEY_FILE).exists()
    assert key not in (made.folder / MANIFEST).read_text("utf-8")


def test_a_key_of_the_environment_stays_there(
    demo_database: Database, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "a key of the environment, long enough")
    made = back_up(demo_database, settings, clock)
    assert made.manifest.secrets is Secrets.ELSEWHERE
    assert made.manifest.key_check == check_of("a key of the environment, long enough")


def test_an_evidence_file_that_was_lost_before_is_named(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    lost = store_attachment(demo_database, settings, clock, b"what was seen")
    AttachmentFolder(settings.data).file(lost).unlink()
    made = back_up(demo_database, settings, clock)
    assert made.manifest.missing == (lost,)
    assert check_backup(made.folder)[1] == []


def test_a_report_that_was_cleared_out_is_no_fault(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    report = store_job_file(demo_database, settings, clock, b"%PDF")
    (settings.data / report).unlink()
    assert [file.path for file in back_up(demo_database, settings, clock).manifest.files] == [DATABASE]


def test_a_path_that_leads_out_of_the_data_folder_is_not_followed(
    demo_database: Database, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("not ours")
    store_job_file(demo_database, settings, clock, b"%PDF", result="../secret.txt")
    assert [file.path for file in back_up(demo_database, settings, clock).manifest.files] == [DATABASE]


# --- the next backup -------------------------------------------------------------------------------------------------


def test_what_an_earlier_backup_holds_is_linked_and_takes_no_room(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    evidence = store_attachment(demo_database, settings, clock, b"what was seen")
    first = back_up(demo_database, settings, clock)
    clock.advance(timedelta(days=1))
    second = back_up(demo_database, settings, clock)
    place = f"attachments/{evidence}"
    assert (second.folder / place).samefile(first.folder / place)
    assert not (second.folder / place).samefile(settings.data / place)
    assert check_backup(second.folder)[1] == []


def test_a_file_that_rotted_in_the_earlier_backup_is_copied_anew(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    evidence = store_attachment(demo_database, settings, clock, b"what was seen")
    first = back_up(demo_database, settings, clock)
    (first.folder / f"attachments/{evidence}").write_bytes(b"what was soon")
    clock.advance(timedelta(days=1))
    second = back_up(demo_database, settings, clock)
    assert (second.folder / f"attachments/{evidence}").read_bytes() == b"what was seen"


def test_a_key_that_was_made_anew_is_not_taken_from_the_earlier_backup(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    key = settings.data / SECRET_KEY_FILE
    with_secret_key(settings, {})
    back_up(demo_database, settings, clock)
    key.write_text("n" * len(key.read_text()))
    clock.advance(timedelta(days=1))
    assert (back_up(demo_database, settings, clock).folder / SECRET_KEY_FILE).read_text() == key.read_text()


def test_two_backups_of_one_second_have_names_of_their_own(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    names = [back_up(demo_database, settings, clock).folder.name for _ in range(3)]
    assert names == [f"crm-maturity-20260302T120000Z{end}" for end in ("", "-2", "-3")]


def test_old_scheduled_backups_go_and_those_asked_for_stay(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    settings = replace(settings, backups_kept=2)
    asked = back_up(demo_database, settings, clock)
    made = []
    for _ in range(4):
        clock.advance(timedelta(days=1))
        made.append(back_up(demo_database, settings, clock, kind=Kind.SCHEDULED))
    assert [one.folder for one in folders.backups_in(settings.backups)] == [
        made[3].folder,
        made[2].folder,
        asked.folder,
    ]
    assert made[3].removed == (made[1].folder,)
    assert check_backup(made[3].folder)[1] == []


def test_a_backup_is_due_once_in_so_many_hours(demo_database: Database, settings: Settings, clock: FixedClock) -> None:
    assert back_up_when_due(demo_database, settings, clock) is not None
    clock.advance(timedelta(hours=23))
    assert back_up_when_due(demo_database, settings, clock) is None
    clock.advance(timedelta(hours=1))
    due = back_up_when_due(demo_database, settings, clock)
    assert due is not None
    assert due.manifest.kind is Kind.SCHEDULED
    assert back_up_when_due(demo_database, replace(settings, backup_hours=0), clock) is None


# --- when it cannot be made ------------------------------------------------------------------------------------------


def nothing_left(settings: Settings) -> bool:
    """Tell whether the folder of backups holds nothing but its lock."""
    return {path.name for path in settings.backups.iterdir()} <= {folders.LOCK}


def test_only_one_backup_is_made_at_a_time(demo_database: Database, settings: Settings, clock: FixedClock) -> None:
    with folders.only_one(settings.backups), pytest.raises(folders.BackupRunning):
        back_up(demo_database, settings, clock)


def test_a_backup_that_fails_leaves_nothing_behind(
    demo_database: Database, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_attachment(demo_database, settings, clock, b"what was seen")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.services.backing_up.copy_file", full)
    with pytest.raises(OSError, match="No space"):
        back_up(demo_database, settings, clock)
    assert nothing_left(settings)


def test_what_a_killed_backup_left_is_cleared_out_by_the_next(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    left = settings.backups / ".crm-maturity-20260301T120000Z.part"
    left.mkdir(parents=True)
    (left / DATABASE).write_bytes(b"half")
    made = back_up(demo_database, settings, clock)
    assert not left.exists()
    assert [one.folder for one in folders.backups_in(settings.backups)] == [made.folder]


def test_a_backup_refuses_before_the_disk_is_full(
    demo_database: Database, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.disk_room.room_at", lambda _: Room(free=500 * 2**20, total=2**40))
    with pytest.raises(DiskScarce, match="make room"):
        back_up(demo_database, settings, clock)
    assert nothing_left(settings)


def test_a_database_that_is_damaged_is_not_backed_up_over_sound_ones(
    demo_database: Database, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = copying.examine

    def broken(file: Path) -> copying.Contents:
        return replace(sound(file), faults=("row 3 missing from index ix_answer",))

    monkeypatch.setattr("app.services.backing_up.examine", broken)
    with pytest.raises(BackupFault, match="damaged"):
        back_up(demo_database, settings, clock)
    assert nothing_left(settings)


def test_another_database_is_left_to_its_own_tools(
    database: Database, settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "file", None)
    with pytest.raises(OtherDatabase, match="pg_dump"):
        back_up(database, settings, clock)
    assert back_up_when_due(database, settings, clock) is None


def test_a_schema_without_a_trail_is_backed_up_too(settings: Settings, clock: FixedClock, earlier_file: Path) -> None:
    settings.data.mkdir()
    shutil.copy(earlier_file, settings.data / DATABASE)
    database = Database(settings.database_url)
    made = back_up(database, settings, clock, kind=Kind.BEFORE_MIGRATION)
    assert made.manifest.revision == "0001"
    database.upgrade()
    note(database, made, clock)
    assert events_of(database, "backup.done")[0]["kind"] == "before-migration"
    database.dispose()


# --- is it whole? ----------------------------------------------------------------------------------------------------


@pytest.fixture
def made(demo_database: Database, settings: Settings, clock: FixedClock) -> Made:
    """A backup with an evidence file."""
    store_attachment(demo_database, settings, clock, b"what was seen")
    return back_up(demo_database, settings, clock)


def evidence_in(backup: Path) -> Path:
    """Return the evidence file of a backup."""
    return next((backup / "attachments").iterdir())


def flip(file: Path, at: int) -> None:
    """Change one bit of a file."""
    content = bytearray(file.read_bytes())
    content[at] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: evidence_in(folder).unlink(), "is not there"),
        (lambda folder: evidence_in(folder).write_bytes(b"x"), "has 1 bytes, not 13"),
        (lambda folder: flip(evidence_in(folder), 3), "was changed"),
        (lambda folder: flip(folder / DATABASE, 60_000), "was changed"),
        (lambda folder: (folder / DATABASE).unlink(), "is not there"),
        (lambda folder: (folder / "reports.pdf").write_bytes(b"x"), "does not belong"),
    ],
)
def test_whatever_was_changed_in_a_backup_is_found(made: Made, spoil: Callable[[Path], object], said: str) -> None:
    spoil(made.folder)
    faults = check_backup(made.folder)[1]
    assert len(faults) == 1
    assert said in faults[0]


def test_a_database_with_other_rows_than_were_counted_is_found(made: Made) -> None:
    manifest = read_manifest(made.folder)
    rows = {**manifest.rows, "answer": 4711, "gone": 1}
    replace(manifest, rows=rows).write(made.folder)
    assert check_backup(made.folder)[1] == [
        f"{DATABASE}: answer has 0 rows, not 4711",
        f"{DATABASE}: gone has None rows, not 1",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"taken_at": "2026-03-02T12:00:00"},
        {"taken_at": "yesterday"},
        {"kind": "other"},
        {"rows": {"answer": "many"}},
        {"files": [{"path": "../../etc/passwd", "size": 1, "sha256": ""}]},
        {"files": [{"path": "/etc/passwd", "size": 1, "sha256": ""}]},
        {"files": [{"size": 1}]},
        {"files": None},
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(
    tmp_path: Path, clock: FixedClock, change: dict[str, object]
) -> None:
    whole = Manifest(Kind.ASKED, "1.0.0", clock(), 0.1, "0005", {"answer": 1}, (), (), Secrets.NONE, None)
    whole.write(tmp_path)
    assert read_manifest(tmp_path) == whole
    file = tmp_path / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(BackupFault, match="damaged"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "\udcff"])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "crm-maturity-20260302T120000Z"
    folder.mkdir()
    (folder / MANIFEST).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BackupFault):
        read_manifest(folder)
    assert folders.backups_in(tmp_path) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a file system")
def test_a_backup_onto_a_disk_that_fills_up_leaves_nothing_behind(
    demo_database: Database, settings: Settings, clock: FixedClock, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.backing_up.ask_room", lambda *_: None)
    store_attachment(demo_database, settings, clock, b"x" * 3_000_000)
    with pytest.raises(OSError, match="No space"):
        back_up(demo_database, settings, clock, to=small_disk / "backups")
    assert [path.name for path in (small_disk / "backups").iterdir()] == [folders.LOCK]
