"""`crm-maturity doctor`: is this installation fit to be relied on? Looks, changes nothing but a probe file."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import click

from app.cli.checks import Check, backup_check, file_check, shown_checks, worker_check
from app.cli.main import Factories
from app.cli.operating import pass_factories
from app.cli.output import FAULTY, emit_json, fault_document, format_option
from app.cli.provider_check import provider_check
from app.core.errors import Fault, FaultsFound
from app.services.certificates import AUTHORITY, FOLDER, SERVER, CertificateFault, kept
from app.services.clock import system_clock
from app.services.disk_room import room_at
from app.settings import SECRET_KEY_FILE, Settings, SettingsFault
from app.storage.attachment_files import AttachmentFolder
from app.storage.attachments import stored_names
from app.storage.database import Database, has_wal_reset_fault, sqlite_version

PAPER_FONT = "Noto Sans CJK SC"
PAPER_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
AUTHORITY_ENDS_SOON = timedelta(days=90)  # every device must trust the next one: that takes planning
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "busy_timeout": 5000,
    "foreign_keys": 1,
    "trusted_schema": 0,
    "secure_delete": 1,
}


@click.command()
@format_option
@pass_factories
def doctor(factories: Factories, output: str) -> None:
    """Check this installation; exit code 1 when something has to be mended."""
    checks = list(examine(factories))
    if output == "json":
        emit_json(
            {
                "checks": [{"name": c.name, "status": c.status, "message": c.message} for c in checks],
                "errors": [fault_document(Fault(c.name, c.message)) for c in checks if c.status == "error"],
                "warnings": [fault_document(Fault(c.name, c.message)) for c in checks if c.status == "warning"],
            }
        )
    else:
        for check in checks:
            click.echo(f"{check.status:8}{check.name:18}{check.message}")
    if any(check.status == "error" for check in checks):
        raise SystemExit(FAULTY)


def examine(factories: Factories) -> Iterator[Check]:
    """Look at settings, data folder, key, database, content and what paper needs; later checks need the settings."""
    try:
        settings = factories.settings()
    except SettingsFault as fault:
        yield Check("settings", "error", str(fault))
        return
    yield Check("settings", "ok", f"data in {settings.data}, content in {', '.join(map(str, settings.content_roots))}")
    yield from _data(settings)
    yield _secret_key(settings.data / SECRET_KEY_FILE)
    yield _certificate(settings)
    database = factories.database()
    try:
        yield from _database(database)
        yield from file_check(database)
        yield from _attachments(database, AttachmentFolder(settings.data))
        yield backup_check(settings, database, system_clock())
    finally:
        database.dispose()
    yield worker_check(settings, system_clock())
    yield from shown_checks(settings)
    yield from provider_check(settings)
    yield _content(factories)
    yield from (_library(name) for name in PAPER_LIBRARIES)
    yield _font()


def _data(settings: Settings) -> Iterable[Check]:
    folder = settings.data
    if not folder.is_dir():
        yield Check("data", "error", f"{folder} does not exist; run: crm-maturity db upgrade")
        return
    try:
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Check("data", "error", f"{folder} cannot be written: {error.strerror}")
        return
    if stat.S_IMODE(folder.stat().st_mode) & stat.S_IRWXO:
        yield Check("data", "warning", f"{folder} is open to every user of this machine; chmod o-rwx it")
    else:
        yield Check("data", "ok", f"{folder} can be written")
    room = room_at(folder)
    said = f"{room.free_mebibytes} MiB free"
    if room.scarce:
        said += f"; below {room.reserved // 2**20} MiB reports and backups wait: make room"
    yield Check("disk", "warning" if room.scarce else "ok", said)


def _secret_key(path: Path) -> Check:
    if os.environ.get("SECRET_KEY"):
        return Check("secret-key", "ok", "from the environment")
    if not path.exists():
        return Check("secret-key", "ok", f"{path} will be made at the first start")
    if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        return Check(
            "secret-key", "error", f"{path} can be read by others; delete it (signs everybody out) or chmod 600"
        )
    return Check("secret-key", "ok", f"{path}")


def _certificate(settings: Settings) -> Check:
    folder = settings.data / FOLDER
    try:
        pair = kept(folder)
    except CertificateFault as fault:
        return Check("certificate", "error", str(fault))
    if pair is None:
        return Check("certificate", "ok", "none; serve --tls makes one")
    for path in (folder / AUTHORITY, folder / SERVER):
        if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            return Check("certificate", "error", f"{path} holds a key and can be read by others; chmod 600")
    left = pair.authority.ends_at - system_clock()
    said = (
        f"for {', '.join(pair.server.names)} until {pair.server.ends_at:%Y-%m-%d}, renewed by serve --tls; "
        f"its authority ends on {pair.authority.ends_at:%Y-%m-%d}"
    )
    return Check("certificate", "warning" if left < AUTHORITY_ENDS_SOON else "ok", said)


def _database(database: Database) -> Iterable[Check]:
    if database.is_sqlite:
        yield _sqlite_version()
    try:
        revision, current, pragmas = database.revision(), database.is_current(), database.pragmas()
    except database.failures as error:
        yield Check("database", "error", f"cannot be opened: {error}")
        return
    if not current:
        yield Check("database", "error", f"schema at revision {revision}; run: crm-maturity db upgrade")
    else:
        yield Check("database", "ok", f"schema at revision {revision}")
    wrong = [f"{name} = {pragmas[name]}" for name, wanted in PRAGMAS.items() if pragmas and pragmas[name] != wanted]
    yield Check("pragmas", "error" if wrong else "ok", ", ".join(wrong) or "as they should be")


def _attachments(database: Database, folder: AttachmentFolder) -> Iterable[Check]:
    """Compare the rows of evidence files with the files: a row without a file is a loss, a file without a row none."""
    try:
        if not database.is_current():
            return
        with database.read() as session:
            known = stored_names(session)
    except database.failures:
        return  # said already
    lost, spare = folder.missing(known), folder.without_row(known)
    if lost:
        yield Check(
            "attachments", "error", f"{len(lost)} of {len(known)} files are missing in {folder.path}: {lost[0]}, …"
        )
    elif spare:
        yield Check("attachments", "warning", f"{len(spare)} files in {folder.path} belong to no row: {spare[0]}, …")
    else:
        yield Check("attachments", "ok", f"{len(known)} evidence files")


def _sqlite_version() -> Check:
    version = sqlite_version()
    if has_wal_reset_fault(version):
        message = (
            f"SQLite {version} can lose a committed write when a commit meets a checkpoint (versions 3.7.0 to 3.51.2); "
            "install pysqlite3, which brings a newer one, or keep backups close together"
        )
        return Check("sqlite", "warning", message)
    return Check("sqlite", "ok", f"SQLite {version}")


def _content(factories: Factories) -> Check:
    try:
        library = factories.library(None)
    except FaultsFound as found:
        return Check("content", "error", f"{len(found.errors)} errors; run: crm-maturity lint")
    return Check("content", "ok", f"{len(library.framework_ids())} frameworks")


def _library(name: str, find: Callable[[str], str | None] = ctypes.util.find_library) -> Check:
    if find(name) is None:
        return Check(
            name, "error", f"lib{name} is missing: reports cannot be made, or only slowly (README, system packages)"
        )
    return Check(name, "ok", "present")


def _font() -> Check:
    program = shutil.which("fc-match")
    if program is None:
        return Check("font", "warning", "fc-match is missing (package fontconfig): fonts not checked")
    found = subprocess.run([program, "-f", "%{family}", PAPER_FONT], capture_output=True, text=True, check=False).stdout  # noqa: S603
    if PAPER_FONT not in found:
        return Check(
            "font", "error", f"{PAPER_FONT} is missing (package fonts-noto-cjk): Chinese reports would be garbled"
        )
    return Check("font", "ok", PAPER_FONT)
