"""`backup`, `verify-backup`, `restore`, `db upgrade`, `doctor`: what an operator types and reads."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from app import bootstrap
from app.cli.checks import backup_check, file_check, is_debugging, shown_checks, worker_check
from app.cli.main import Factories, group
from app.services.backing_up import back_up
from app.services.backup_folders import newest_backup
from app.services.backup_manifest import Kind
from app.services.clock import system_clock
from app.services.heartbeat import FILE, beat, is_alive
from app.settings import read_settings
from app.storage.database import Database

if TYPE_CHECKING:
    from app.content.library import Library
    from app.settings import Settings
    from tests.conftest import FixedClock

Command = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_file: Path) -> Path:
    """The data folder that the environment names, with the engagement of 2003."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(demo_file, folder / "crm-maturity.db")
    monkeypatch.setenv("CRM_MATURITY_DATA", str(folder))
    for name in ("DATABASE_URL", "SECRET_KEY", "CRM_MATURITY_ROOT", "FLASK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def crm(data: Path, library: Library) -> Command:
    """Run `crm-maturity` in this process; the answer has `exit_code`, `stdout`, `stderr`."""
    factories = Factories(
        settings=read_settings,
        library=lambda root: library,
        database=bootstrap.open_database,
        application=bootstrap.create_application,
        worker=bootstrap.create_worker,
        attempt=bootstrap.run_attempt,
        command=bootstrap.COMMAND,
    )

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(group, list(arguments), obj=factories, prog_name="crm-maturity")

    return run


def test_a_backup_is_made_checked_and_restored_with_what_it_cost(crm: Command, data: Path, tmp_path: Path) -> None:
    made = crm("backup", "--format", "json")
    assert made.exit_code == 0, made.stderr
    document = json.loads(made.stdout)
    assert (document["kind"], document["rows"]["assessment"], document["missing"]) == ("asked", 4, [])
    checked = crm("verify-backup")
    assert checked.exit_code == 0
    assert "whole; 1 files" in checked.stdout
    into = tmp_path / "elsewhere"
    restored = crm("restore", document["backup"], "--into", str(into))
    assert restored.exit_code == 0, restored.stderr
    assert "lost at most (RPO)" in restored.stdout
    assert "(RTO)" in restored.stdout
    assert f"CRM_MATURITY_DATA={into} crm-maturity serve" in restored.stdout
    again = json.loads(crm("restore", document["backup"], "--into", str(tmp_path / "third"), "--format", "json").stdout)
    assert again["rows"] == document["rows"]
    assert len([name for name in again if name.startswith(("rpo", "rto"))]) == 2


def test_a_backup_can_go_elsewhere_without_secrets(crm: Command, tmp_path: Path) -> None:
    told = crm("backup", "--to", str(tmp_path / "usb"), "--without-secrets")
    assert told.exit_code == 0
    assert str(tmp_path / "usb") in told.stdout
    assert "no backup in" in crm("verify-backup").stderr


def test_a_damaged_backup_is_told_with_exit_code_1(crm: Command, tmp_path: Path) -> None:
    document = json.loads(crm("backup", "--format", "json").stdout)
    (Path(document["backup"]) / "crm-maturity.db").write_bytes(b"gone")
    checked = crm("verify-backup", document["backup"], "--format", "json")
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["errors"][0]["code"] == "backup-damaged"
    restored = crm("restore", document["backup"], "--into", str(tmp_path / "new"))
    assert restored.exit_code == 1
    assert "was changed" in restored.stderr


def test_a_place_that_cannot_be_written_is_told_in_one_line(crm: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    told = crm("backup", "--to", str(tmp_path / "file" / "below"))
    assert told.exit_code == 1
    assert "no backup was made" in told.stderr


def test_an_older_schema_is_backed_up_before_it_is_changed(crm: Command, data: Path, earlier_file: Path) -> None:
    shutil.copy(earlier_file, data / "crm-maturity.db")
    told = crm("db", "upgrade")
    assert told.exit_code == 0, told.stderr
    assert "backup before the migration" in told.stderr
    (backup,) = (data / "backups").glob("crm-maturity-*")
    assert json.loads((backup / "manifest.json").read_text("utf-8"))["revision"] == "0001"
    assert crm("verify-backup").exit_code == 0
    assert "backup" not in crm("db", "upgrade").stderr
    assert len(list((data / "backups").glob("crm-maturity-*"))) == 1


def test_the_backup_before_a_migration_can_be_left_out(crm: Command, data: Path, earlier_file: Path) -> None:
    shutil.copy(earlier_file, data / "crm-maturity.db")
    assert crm("db", "upgrade", "--no-backup").exit_code == 0
    assert not (data / "backups").exists()


def test_a_migration_does_not_begin_when_its_backup_cannot_be_made(
    crm: Command, data: Path, earlier_file: Path
) -> None:
    shutil.copy(earlier_file, data / "crm-maturity.db")
    (data / "backups").write_text("a file in the way")
    assert crm("db", "upgrade").exit_code == 1
    database = Database(f"sqlite:///{data / 'crm-maturity.db'}")
    assert database.revision() == "0001"
    database.dispose()


def test_a_server_with_debugging_on_serves_nobody_else(crm: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    told = crm("serve", "--host", "0.0.0.0", "--port", "0", "--no-worker")
    assert told.exit_code == 1
    assert "FLASK_DEBUG" in told.stderr
    assert "FLASK_DEBUG" in crm("doctor").stdout


def test_the_worker_makes_scheduled_backups_and_shows_that_it_lives(crm: Command, data: Path) -> None:
    worker = bootstrap.create_worker()
    chores = {chore.name: chore for chore in worker.chores}
    chores["backup"].do()
    newest = newest_backup(data / "backups")
    assert newest is not None
    assert newest.manifest.kind is Kind.SCHEDULED
    chores["backup"].do()
    assert newest_backup(data / "backups") == newest
    worker.beat()
    assert is_alive(data, system_clock())
    worker.database.dispose()


# --- what the doctor looks at ----------------------------------------------------------------------------------------


def test_the_doctor_knows_how_old_the_newest_backup_is(
    demo_database: Database, settings: Settings, clock: FixedClock
) -> None:
    assert backup_check(settings, demo_database, clock()).status == "warning"
    back_up(demo_database, settings, clock)
    good = backup_check(settings, demo_database, clock() + timedelta(hours=30))
    assert (good.status, "same disk" in good.message) == ("ok", True)
    late = backup_check(settings, demo_database, clock() + timedelta(hours=49))
    assert (late.status, "2 days old" in late.message) == ("error", True)
    off = replace(settings, backup_hours=0)
    assert backup_check(off, demo_database, clock()).status == "warning"


def test_the_doctor_sees_a_database_that_everybody_may_read(demo_database: Database, settings: Settings) -> None:
    file = demo_database.file
    assert file is not None
    settings.data.chmod(0o755)
    file.chmod(0o644)
    assert [check.status for check in file_check(demo_database)] == ["warning"]
    settings.data.chmod(0o700)
    assert [check.status for check in file_check(demo_database)] == ["ok"]


def test_the_doctor_tells_whether_the_worker_lives(demo_database: Database, settings: Settings) -> None:
    assert "not run yet" in worker_check(settings, system_clock()).message
    beat(settings.data)
    assert worker_check(settings, system_clock()).message == "runs"
    os.utime(settings.data / FILE, (1_700_000_000, 1_700_000_000))
    assert "last seen 2023-11-14" in worker_check(settings, system_clock()).message


@pytest.mark.parametrize(
    ("changes", "environ", "found"),
    [
        ({}, {}, {"debug": "ok", "hosts": "ok"}),
        ({}, {"FLASK_DEBUG": "1"}, {"debug": "error", "hosts": "ok"}),
        ({"host": "0.0.0.0"}, {}, {"debug": "ok", "hosts": "warning", "https": "error"}),
        (
            {"secure_cookies": True, "trusted_hosts": ("crm.example.com",)},
            {},
            {"debug": "ok", "hosts": "ok", "https": "warning"},
        ),
        (
            {"secure_cookies": True, "trusted_hosts": ("crm.example.com",), "proxy_hops": 1},
            {"FLASK_DEBUG": "0"},
            {"debug": "ok", "hosts": "ok", "https": "ok"},
        ),
        ({"tls": True, "proxy_hops": 1}, {}, {"debug": "ok", "hosts": "warning", "https": "warning"}),
        ({"tls": True, "trusted_hosts": ("room",)}, {}, {"debug": "ok", "hosts": "ok", "https": "ok"}),
    ],
)
def test_the_doctor_looks_at_how_the_site_is_shown_to_others(
    settings: Settings, changes: dict[str, object], environ: dict[str, str], found: dict[str, str]
) -> None:
    checks = shown_checks(replace(settings, **changes), environ)  # type: ignore[arg-type]
    assert {check.name: check.status for check in checks} == found
    assert is_debugging(environ) == (environ.get("FLASK_DEBUG") == "1")
