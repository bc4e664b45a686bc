"""A running product for browser tests: its data folder with accounts, and what serves it.

`Threads` serve from threads of this process, with the content that is loaded already: the product's own application,
server and database, at a hundredth of the time to start. `serving` is the command that an operator types, a process of
its own, for tests that need the worker; `KillableServer` is for those that end the server.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.settings import Settings, read_settings, with_secret_key
from tests.acting import enrol_everybody
from tests.application import Built
from tests.sharing import shipped_library

if TYPE_CHECKING:
    from flask import Flask

    from app.content.library import Library
    from app.storage.database import Database

COMMAND = Path(sys.executable).with_name("crm-maturity")
ENGAGEMENT = "china-telecom-2003"
PASSWORD = "seven lamps over Fuzhou harbour"
START_SECONDS = 60
STOP_SECONDS = 10

# account name -> role; every name says what it may do
ACCOUNTS = {"administrator": "administrator", "consultant": "consultant", "reader": "reader"}
SIGNED_IN = "signed-in.json"  # in a prepared data folder: account name -> session cookie, valid on every copy of it
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Server:
    """A product that listens: its address (without a slash at the end) and its data folder."""

    address: str
    data: Path

    def url(self, path: str) -> str:
        """Return the full address of a path that begins with a slash."""
        return self.address + path


def prepare(data: Path, compiled: Path | None = None) -> Path:
    """Make a data folder with the engagement of 2003 and one account per role, everybody signed in; return it."""
    from app.services import accounts
    from app.services.clock import system_clock
    from app.services.demo import load_demo
    from app.services.permissions import Role
    from app.storage.database import Database

    settings = settings_of(data)
    database = Database(settings.database_url)
    database.upgrade()
    with database.begin() as session:
        for name, role in ACCOUNTS.items():
            accounts.add_user(
                session, name=name, display_name=name, role=Role(role), password=PASSWORD, clock=system_clock
            )
        load_demo(session, shipped_library(), system_clock)
        enrol_everybody(session, system_clock)
    application = _over(Built(compiled), settings, database, shipped_library())
    signed_in = {name: _sign_in(application, name) for name in ACCOUNTS}
    (data / SIGNED_IN).write_text(json.dumps(signed_in), "utf-8")
    database.dispose()
    return data


def signed_in_cookie(data: Path, name: str) -> str:
    """Return the session cookie of an account in a copy of a prepared data folder."""
    return str(json.loads((data / SIGNED_IN).read_text("utf-8"))[name])


def _sign_in(application: Flask, name: str) -> str:
    """Sign in through the form, as a browser without scripts does; return the session cookie."""
    client = application.test_client()
    token = TOKEN.search(client.get("/sign-in").text)
    assert token
    answer = client.post("/sign-in", data={"csrf_token": token[1], "name": name, "password": PASSWORD})
    cookie = client.get_cookie("session")
    assert answer.status_code == 302, answer.text
    assert cookie
    return cookie.value


def furnish(data: Path) -> None:
    """Add an assessment of Fuzhou with interviews and answers in every state, all marked as test data."""
    _command(data, "import", str(Path(__file__).with_name("fuzhou-talks.yaml")), "--engagement", ENGAGEMENT)


def copy_of(prepared: Path, to: Path) -> Path:
    """Copy a prepared data folder whose server never ran, so that a test may change what it likes."""
    shutil.copytree(prepared, to)
    return to


class Threads:
    """Serves data folders from threads of this process; keeps the applications that are not in use for the next."""

    def __init__(self, compiled: Path) -> None:
        self._compiled = compiled
        self._idle: list[Built] = []

    @contextmanager
    def serving(self, data: Path, library: Library | None = None) -> Iterator[Server]:
        """Serve a data folder on a free port until the block ends, over this content (default: what is shipped)."""
        from app.bootstrap import configure_logging
        from app.cli.listening import listening
        from app.storage.database import Database

        configure_logging()
        settings = settings_of(data)
        database = Database(settings.database_url)
        built = self._idle.pop() if self._idle else Built(self._compiled, logs_requests=True)
        application = _over(built, settings, database, library or shipped_library())
        listener = listening(application, settings.host, 0)
        thread = threading.Thread(target=listener.run, name="server of a test")
        thread.start()
        try:
            yield Server(f"http://127.0.0.1:{listener.effective_port}", data)
        finally:
            end_serving(listener, thread)
            database.dispose()
            self._idle.append(built)


def _over(built: Built, settings: Settings, database: Database, library: Library) -> Flask:
    from app.bootstrap import parts_of

    return built.over(parts_of(settings, database, library))


def end_serving(listener: Any, thread: threading.Thread) -> None:
    """End a waitress server: what it answers now is answered, then its own thread closes every socket."""

    def close() -> None:
        for channel in list(listener.active_channels.values()):
            channel.handle_close()
        listener.close()

    listener.task_dispatcher.shutdown(timeout=STOP_SECONDS)
    listener.trigger.pull_trigger(close)
    thread.join(STOP_SECONDS)
    assert not thread.is_alive(), "the server does not end"


@contextmanager
def serving(data: Path, *, worker: bool = True) -> Iterator[Server]:
    """Serve a data folder by the command until the block ends, with or without the worker that prints.

    RuntimeError if it does not start.
    """
    port = free_port()
    log = data / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [COMMAND, "serve", "--port", str(port), *(() if worker else ("--no-worker",))],
            env=_environment(data),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", process, log)
        yield Server(f"http://127.0.0.1:{port}", data)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class KillableServer:
    """The product on one port, which can be killed like a lost machine and started again."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def server(self) -> Server:
        """Where it listens."""
        return Server(f"http://127.0.0.1:{self.port}", self.data)

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, "serve", "--port", str(self.port), "--no-worker"],
                env=_environment(self.data),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        _wait_until_up(self.server.address, self.process, self.data / "server.log")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _command(data: Path, *arguments: str) -> None:
    done = subprocess.run(
        [COMMAND, *arguments],
        env=_environment(data),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"crm-maturity {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")


def settings_of(data: Path) -> Settings:
    """Return the settings with which a process would serve this folder, its secret key among them."""
    return with_secret_key(read_settings(environ={"CRM_MATURITY_DATA": str(data)}), environ={})


def _environment(data: Path) -> dict[str, str]:
    ours = {"CRM_MATURITY_ROOT", "DATABASE_URL", "SECRET_KEY"}
    return {name: value for name, value in os.environ.items() if name not in ours} | {"CRM_MATURITY_DATA": str(data)}


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}: {log.read_text('utf-8')}")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {START_SECONDS} s: {log.read_text('utf-8')}")
