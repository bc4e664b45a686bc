"""What the doctor looks at beside tools and files: backups, the worker, and how the site is shown to others."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.services.backup_folders import KeptBackup, newest_backup
from app.services.heartbeat import is_alive, last_beat
from app.settings import Settings
from app.storage.database import Database

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
DEBUG_SWITCH = "FLASK_DEBUG"
OFF = frozenset({"", "0", "false", "no"})


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. An `error` makes the installation unfit, a `warning` does not."""

    name: str
    status: Literal["ok", "warning", "error"]
    message: str


def file_check(database: Database) -> Iterator[Check]:
    """Look at who may read the file of the database; the folder around it protects it as well."""
    file = database.file
    if file is None or not file.exists():
        return
    both = stat.S_IMODE(file.stat().st_mode) & stat.S_IMODE(file.parent.stat().st_mode)
    if both & stat.S_IRWXO:
        yield Check("database-file", "warning", f"{file} can be read by every user of this machine; chmod o-rwx it")
    else:
        yield Check("database-file", "ok", f"{file} is private")


def backup_check(settings: Settings, database: Database, now: datetime) -> Check:
    """Look at how old the newest backup is, and where it lies."""
    if database.file is None:
        return Check("backup", "warning", "this database is not SQLite: see to its backups with its own tools")
    newest = newest_backup(settings.backups)
    if newest is None:
        said = "the worker makes the first one a minute after it starts" if settings.backup_hours else "none is planned"
        return Check("backup", "warning", f"no backup in {settings.backups}; {said}; or run: crm-maturity backup")
    age = now - newest.manifest.taken_at
    said = f"the newest is {_hours(age)} old, in {settings.backups}{_where(newest, database)}"
    if settings.backup_hours == 0:
        return Check("backup", "warning", f"none is planned (backup_hours: 0); {said}")
    if age > 2 * timedelta(hours=settings.backup_hours):
        return Check(
            "backup", "error", f"{said}; one every {settings.backup_hours} hours was wanted: is the worker up?"
        )
    return Check("backup", "ok", said)


def _where(newest: KeptBackup, database: Database) -> str:
    file = database.file
    if file is not None and file.exists() and file.stat().st_dev == newest.folder.stat().st_dev:
        return ", on the same disk as the data: copy backups elsewhere too"
    return ""


def _hours(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.0f} days"


def worker_check(settings: Settings, now: datetime) -> Check:
    """Tell whether the worker lives; a server that does not run is no fault."""
    last = last_beat(settings.data)
    if last is None:
        return Check("worker", "ok", "has not run yet")
    if is_alive(settings.data, now):
        return Check("worker", "ok", "runs")
    return Check("worker", "ok", f"does not run now; was last seen {last:%F %T} UTC")


def is_debugging(environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether the environment switches the web framework's debugging on."""
    environ = os.environ if environ is None else environ
    return environ.get(DEBUG_SWITCH, "").lower() not in OFF


def shown_checks(settings: Settings, environ: Mapping[str, str] | None = None) -> Iterable[Check]:
    """Look at how the site is shown to others: debugging off, hosts named, cookies and proxy that fit together."""
    if is_debugging(environ):
        yield Check("debug", "error", f"{DEBUG_SWITCH} is set in the environment: pages could show what is inside")
    else:
        yield Check("debug", "ok", "off")
    alone = settings.host in LOOPBACK and not settings.tls and not settings.proxy_hops and not settings.secure_cookies
    if alone:
        yield Check("hosts", "ok", "listens on this machine only")
        return
    if settings.trusted_hosts:
        yield Check("hosts", "ok", f"answers to {', '.join(settings.trusted_hosts)}")
    else:
        yield Check(
            "hosts", "warning", "answers to addresses and names of this machine alone; name others in trusted_hosts"
        )
    yield _proxy(settings)


def _proxy(settings: Settings) -> Check:
    if settings.host not in LOOPBACK and not settings.tls and not settings.secure_cookies:
        return Check(
            "https",
            "error",
            f"listens on {settings.host} without HTTPS: serve --tls, or a proxy and secure_cookies: true",
        )
    if settings.secure_cookies and not settings.tls and settings.proxy_hops == 0:
        return Check(
            "https",
            "warning",
            "secure_cookies without proxy_hops: throttling sees the proxy's address, not the visitor's",
        )
    if settings.proxy_hops and settings.tls:
        return Check("https", "warning", "proxy_hops with tls: there is no proxy to be believed; set proxy_hops: 0")
    return Check("https", "ok", "by serve --tls" if settings.tls else "by a proxy")
