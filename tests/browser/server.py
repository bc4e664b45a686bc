"""A running product for browser tests: data folder, accounts and `crm-maturity serve`, all through the command line.

Knows the commands an operator types; knows nothing of the code behind them.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(sys.executable).with_name("crm-maturity")
ENGAGEMENT = "china-telecom-2003"
PASSWORD = "seven lamps over Fuzhou harbour"
START_SECONDS = 60
STOP_SECONDS = 10

# account name -> role; every name says what it may do
ACCOUNTS = {"administrator": "administrator", "consultant": "consultant", "reader": "reader"}


@dataclass(frozen=True, slots=True)
class Server:
    """A product that listens: its address (without a slash at the end) and its data folder."""

    address: str
    data: Path

    def url(self, path: str) -> str:
        """Return the full address of a path that begins with a slash."""
        return self.address + path


def prepare(data: Path) -> Path:
    """Make a data folder with the engagement of 2003 and one account per role; return it."""
    _command(data, "db", "upgrade")
    for name, role in ACCOUNTS.items():
        _command(data, "user", "add", name, "--role", role, "--password-stdin", typed=PASSWORD + "\n")
    _command(data, "demo")
    return data


def furnish(data: Path) -> None:
    """Add an assessment of Fuzhou with interviews and answers in every state, all marked as test data."""
    _command(data, "import", str(Path(__file__).with_name("fuzhou-talks.yaml")), "--engagement", ENGAGEMENT)


def copy_of(prepared: Path, to: Path) -> Path:
    """Copy a prepared data folder whose server never ran, so that a test may change what it likes."""
    shutil.copytree(prepared, to)
    return to


@contextmanager
def serving(data: Path, *, worker: bool = True) -> Iterator[Server]:
    """Serve a data folder on a free port until the block ends, with or without the worker that prints.

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

    def __init__(self, data: Path, port: int, content: Path | None = None) -> None:
        self.data = data
        self.port = port
        self.content = {"CRM_MATURITY_ROOT": str(content)} if content else {}
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
                env=_environment(self.data) | self.content,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        _wait_until_up(self.server.address, self.process, self.data / "server.log")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _command(data: Path, *arguments: str, typed: str | None = None) -> None:
    done = subprocess.run(
        [COMMAND, *arguments],
        env=_environment(data),
        input=typed,
        stdin=subprocess.DEVNULL if typed is None else None,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"crm-maturity {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")


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
