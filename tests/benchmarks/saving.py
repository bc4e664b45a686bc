"""Fifty consultants who save an answer every two seconds: how long a save takes and what it costs, beside an empty
Flask route asked by the same client in the same way. Prints figures, judges nothing.

    .venv/bin/python -m tests.benchmarks.saving [--clients 50] [--seconds 60] [--every 2]

Processor time is the server process's alone (user and system, from /proc), per request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from app.content.library import load_library
from app.services import accounts, interviewing
from app.services.permissions import Role
from app.settings import CHECKOUT
from app.storage.database import Database
from tests.acting import acting, enrol_everybody
from tests.benchmarks.line import Line
from tests.browser.server import PASSWORD, prepare, serving
from tests.services.holding import GUIDE, ROLE, fuzhou

EMPTY = """
from flask import Flask
from waitress import serve
app = Flask("empty")
@app.put("/")
def empty():
    return ""
serve(app, host="127.0.0.1", port={port}, threads=8, ident=None)
"""
SCORES = [f"{half / 2:.1f}" for half in range(11)]


@dataclass
class Talk:
    """One consultant's interview: where to save, with which cookie and token, and the versions known so far."""

    interview: int
    name: str
    cookie: str = ""
    token: str = ""
    elements: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)


@dataclass
class Figures:
    """What one phase measured."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    processor: float = 0.0


def main() -> None:
    """Prepare accounts and interviews, ask the empty route, then save; print both."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--clients", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--every", type=float, default=2)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = prepare(Path(folder) / "data", Path(folder))
        talks = _interviews(data, chosen.clients)
        sys.stdout.write(f"{chosen.clients} clients, one request each every {chosen.every:g} s, {chosen.seconds:g} s\n")
        sys.stdout.write(f"{'':<22}{'requests':>9}{'errors':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'cpu each':>10}\n")
        with _empty_route() as (address, process):
            asyncio.run(_phase("empty Flask route", address, process, [_empty] * chosen.clients, chosen))
        with serving(data) as server:
            asyncio.run(_sign_in_all(server.address, talks))
            process_id = _listener(data)
            asyncio.run(_phase("save an answer", server.address, process_id, [_saver(talk) for talk in talks], chosen))


def _interviews(data: Path, clients: int) -> list[Talk]:
    """Return one fresh interview for each of as many new consultants."""
    from app.services.clock import system_clock

    database = Database(f"sqlite:///{data / 'crm-maturity.db'}")
    library = load_library(CHECKOUT)
    talks = []
    with database.begin() as session:
        assessment_id = fuzhou(session)
        for number in range(clients):
            name = f"consultant-{number:02d}"
            user = accounts.add_user(session, name=name, role=Role.CONSULTANT, password=PASSWORD, clock=system_clock)
            interview_id = interviewing.start_interview(
                session,
                assessment_id,
                questionnaire=GUIDE,
                role=ROLE,
                particulars=interviewing.Particulars(),
                library=library,
                actor=acting(user.id, user.name, user.display_name, user.role),
                clock=system_clock,
            )
            talks.append(Talk(interview_id, name))
        enrol_everybody(session, system_clock)
    database.dispose()
    leaves = [leaf.id for leaf in library.framework("telecom-crm@1.0.0").leaves]
    for talk in talks:
        talk.elements = random.Random(talk.interview).sample(leaves, len(leaves))
    return talks


@contextmanager
def _empty_route() -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-c", EMPTY.format(port=port)])
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def _listener(data: Path) -> int:
    """Return the process that serves this data folder: the oldest whose environment names it and that is no worker."""
    wanted = f"CRM_MATURITY_DATA={data}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                command = (entry / "cmdline").read_bytes().split(b"\0")
                if b"serve" in command:
                    found.append(int(entry.name))
        except OSError:
            continue
    return min(found)


def _processor_seconds(process_id: int) -> float:
    fields = Path(f"/proc/{process_id}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


Asking = Callable[["Line"], Awaitable[int]]


async def _empty(line: Line) -> int:
    status, _, _ = await line.ask("PUT", "/", {"Content-Type": "application/json"}, b"{}")
    return status


def _saver(talk: Talk) -> Asking:
    chance = random.Random(talk.interview)
    turn = 0

    async def save(line: Line) -> int:
        nonlocal turn
        element = talk.elements[turn % len(talk.elements)]
        turn += 1
        changes: dict[str, object] = {"state": "scored", "score": chance.choice(SCORES)}
        if turn % 3 == 0:
            changes["note"] = f"受访者说：第{turn}次记录，系统里有数据，但没有人用。"
        body = {
            "mutation_id": uuid.uuid4().hex,
            "base_version": talk.versions.get(element, 0),
            "set": changes,
        }
        headers = {"Content-Type": "application/json", "X-CSRFToken": talk.token, "Cookie": talk.cookie}
        status, _, said = await line.ask(
            "PUT", f"/api/interviews/{talk.interview}/answers/{element}", headers, json.dumps(body).encode()
        )
        if status == 200:
            talk.versions[element] = json.loads(said)["version"]
        return status

    return save


async def _sign_in_all(address: str, talks: list[Talk]) -> None:
    for talk in talks:
        line = Line(address)
        _, headers, page = await line.ask("GET", "/sign-in", {})
        cookie = headers["set-cookie"].partition(";")[0]
        found = re.search(rb'name="csrf-token" content="([^"]+)"', page)
        assert found
        form = urlencode({"csrf_token": found[1].decode(), "name": talk.name, "password": PASSWORD}).encode()
        _, headers, _ = await line.ask(
            "POST", "/sign-in", {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}, form
        )
        talk.cookie = headers["set-cookie"].partition(";")[0]
        _, headers, said = await line.ask("GET", "/api/ping", {"Cookie": talk.cookie})
        talk.token = json.loads(said)["csrf"]
        if "set-cookie" in headers:
            talk.cookie = headers["set-cookie"].partition(";")[0]
        line.close()


async def _phase(name: str, address: str, process_id: int, asking: list[Asking], chosen: argparse.Namespace) -> None:
    figures = Figures()
    before = _processor_seconds(process_id)
    end = time.monotonic() + chosen.seconds
    await asyncio.gather(
        *(
            _client(address, ask, figures, delay=number * chosen.every / len(asking), every=chosen.every, end=end)
            for number, ask in enumerate(asking)
        )
    )
    figures.processor = _processor_seconds(process_id) - before
    _print(name, figures)


async def _client(address: str, ask: Asking, figures: Figures, *, delay: float, every: float, end: float) -> None:
    line = Line(address)
    turn = time.monotonic() + delay
    while turn < end:
        await asyncio.sleep(max(0.0, turn - time.monotonic()))
        begun = time.perf_counter()
        status = await ask(line)
        figures.seconds.append(time.perf_counter() - begun)
        figures.statuses[status] = figures.statuses.get(status, 0) + 1
        turn += every
    line.close()


def _print(name: str, figures: Figures) -> None:
    cuts = statistics.quantiles(figures.seconds, n=100)
    errors = sum(count for status, count in figures.statuses.items() if status != 200)
    each = figures.processor / len(figures.seconds)
    sys.stdout.write(
        f"{name:<22}{len(figures.seconds):>9}{errors:>8}"
        + "".join(f"{cut * 1000:>6.1f} ms" for cut in (cuts[49], cuts[94], cuts[98]))
        + f"{each * 1000:>7.1f} ms\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
