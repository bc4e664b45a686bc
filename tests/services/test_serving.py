"""The shipped server as a process: it listens, has a worker beside it, and both end together."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-m", "app.bootstrap")
PATIENCE = 60


@pytest.fixture
def environment(tmp_path: Path, empty_file: Path) -> dict[str, str]:
    """The environment of an installation in a temporary folder, prepared."""
    return {**os.environ, "CRM_MATURITY_DATA": str(prepared(tmp_path / "data", empty_file))}


def prepared(data: Path, empty_file: Path) -> Path:
    """Make a data folder as `db upgrade` leaves it; return it."""
    data.mkdir(mode=0o700)
    shutil.copy(empty_file, data / "crm-maturity.db")
    return data


@pytest.fixture
def server(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A server on a free port, ended after the test."""
    process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def address(server: subprocess.Popen[str]) -> str:
    """Return the address that the server prints when it listens."""
    assert server.stdout is not None
    return server.stdout.readline().strip()


def worker_of(server: subprocess.Popen[str]) -> int | None:
    """Return the process id of the server's child."""
    tasks = Path(f"/proc/{server.pid}/task").iterdir()
    children = [child for task in tasks for child in (task / "children").read_text().split()]
    return int(children[0]) if children else None


def wait_for_worker(server: subprocess.Popen[str], *, other_than: int | None = None) -> int:
    """Wait until the server has a worker (another one than a former) and return its process id."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = worker_of(server)
        if found is not None and found != other_than:
            return found
        time.sleep(0.1)
    raise AssertionError("no worker")


def alive(process_id: int) -> bool:
    """Tell whether a process still runs (one that ended and was not waited for yet does not)."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(process_id: int) -> None:
    """Wait until a process has ended."""
    until = time.monotonic() + PATIENCE
    while alive(process_id):
        assert time.monotonic() < until, "still running"
        time.sleep(0.1)


def test_the_server_prints_where_it_listens_answers_and_takes_its_worker_along(server: subprocess.Popen[str]) -> None:
    url = address(server)
    assert url.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(url + "healthz", timeout=PATIENCE) as answer:
        assert answer.status == 200
    worker = wait_for_worker(server)
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE) == 0
    wait_until_gone(worker)


def test_a_worker_that_dies_is_replaced_and_a_killed_server_leaves_none(server: subprocess.Popen[str]) -> None:
    address(server)
    first = wait_for_worker(server)
    os.kill(first, signal.SIGKILL)
    second = wait_for_worker(server, other_than=first)
    time.sleep(3)  # long enough for the worker to have read who its parent is
    server.kill()
    server.wait()
    wait_until_gone(second)


def test_a_server_without_a_worker_starts_none(environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--no-worker"], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        address(server)
        time.sleep(0.5)
        assert worker_of(server) is None
        server.terminate()
        assert server.wait(PATIENCE) == 0
