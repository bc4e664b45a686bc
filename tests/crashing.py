"""Rounds of kill -9: clients save answers through the running product, all its processes are killed at once, and what
was acknowledged is looked for in the database. Judges nothing; `Outcome` says what was found.

    outcome = Place(folder, clients=8).round(saves=50)
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select, text

from app.jobs.queue import DatabaseQueue
from app.services import accounts, interviewing
from app.services.clock import system_clock
from app.services.engagements import get_engagement, list_assessments
from app.services.report_requests import ReportRequest
from app.services.reporting import Press, ask_for_report
from app.settings import read_settings
from app.storage import jobs as job_store
from app.storage.database import Database
from app.storage.memberships import parts_of
from app.storage.report_tables import JobRow
from app.storage.tables import AnswerRevisionRow, AnswerRow
from tests.benchmarks.line import Line
from tests.browser.server import COMMAND, ENGAGEMENT, free_port, prepare, signed_in_cookie
from tests.services.holding import GUIDE, ROLE, fuzhou
from tests.sharing import shipped_library

if TYPE_CHECKING:
    from app.services.permissions import Actor

START_SECONDS = 120
ROUND_SECONDS = 120
LOST = "conflict-lost"
CONSULTANT = "consultant"
Answer = TypeVar("Answer")
SCORES = [f"{half / 2:.1f}" for half in range(11)]


def apart(work: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """Do asynchronous work in a thread of its own: that of the tests may be Playwright's, which runs a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


@dataclass
class Client:
    """One consultant's interview: what it knows, and what the product acknowledged."""

    interview: int
    elements: list[str]
    versions: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)  # mutation -> element and version
    saves: list[tuple[float, float]] = field(default_factory=list)  # when each was begun, how many seconds it took
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one round found; everything but `acknowledged` and `unanswered` should be empty or 0.

    `unanswered`: saves that are stored though the kill came before the answer: kept, and told again when repeated.
    """

    acknowledged: int
    unanswered: int
    missing: int
    wrong_version: int
    disagreeing: int  # answers whose version is not that of their history
    refused: int
    integrity: str
    references: int

    @property
    def sound(self) -> bool:
        """Tell whether nothing was lost and nothing is broken."""
        faults = self.missing + self.wrong_version + self.disagreeing + self.refused + self.references
        return faults == 0 and self.integrity == "ok"


class Place:
    """An installation that is killed again and again."""

    def __init__(self, folder: Path, clients: int, *, worker: bool = True) -> None:
        self._options = () if worker else ("--no-worker",)
        self.data = prepare(folder / "data", folder)
        self.url = f"sqlite:///{self.data / 'crm-maturity.db'}"
        self.clients = self._interviews(clients)
        self._cookie = f"session={signed_in_cookie(self.data, CONSULTANT)}"
        self._environment = {
            name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")
        } | {"CRM_MATURITY_DATA": str(self.data)}

    def _interviews(self, number: int) -> list[Client]:
        database = Database(self.url)
        library = shipped_library()
        leaves = [leaf.id for leaf in library.framework("telecom-crm").leaves]
        with database.begin() as session:
            assessment_id = fuzhou(session)
            found = [
                interviewing.start_interview(
                    session,
                    assessment_id,
                    questionnaire=GUIDE,
                    role=ROLE,
                    particulars=interviewing.Particulars(),
                    library=library,
                    actor=_consultant(session),
                    clock=system_clock,
                )
                for _ in range(number)
            ]
        database.dispose()
        return [Client(one, random.Random(one).sample(leaves, len(leaves))) for one in found]

    def ask_for_report(self) -> int:
        """Ask for a report on paper, as a user does; return the id of its job."""
        settings = read_settings(environ={"CRM_MATURITY_DATA": str(self.data)})
        database = Database(self.url)
        with database.begin() as session:
            engagement = get_engagement(session, ENGAGEMENT)
            ids = {one.unit.key: one.id for one in list_assessments(session, engagement.id)}
            request = ReportRequest("executive", "zh", (ids["shenzhen"],), date.today())  # noqa: DTZ011 - any day
            press = Press(shipped_library(), settings, DatabaseQueue(system_clock), system_clock)
            asked = ask_for_report(
                session, [request], engagement_id=engagement.id, press=press, actor=_consultant(session)
            )
        database.dispose()
        return asked.jobs[0]

    def round(self, *, saves: int, while_job_runs: int | None = None) -> Outcome:
        """Start, wait for so many saves (once a job is being done, if one is named), kill everything, look."""
        with self.running() as (port, process):
            apart(lambda: self._save(port, process, saves, while_job_runs))
        return self._outcome()

    @contextlib.contextmanager
    def running(self) -> Any:
        """Run the product on a free port; kill -9 all of its processes when the block ends."""
        port = free_port()
        with (self.data / "server.log").open("ab") as log:
            process = subprocess.Popen(
                [COMMAND, "serve", "--port", str(port), *self._options],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait(port, process)
            yield port, process
        finally:
            self.kill(process)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill server and worker at once, then the processes of jobs, which are groups of their own."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for other in self._others():
            with contextlib.suppress(ProcessLookupError):
                os.kill(other, signal.SIGKILL)

    def _others(self) -> list[int]:
        """Return the processes of this installation that are left: those with its folder in their environment."""
        wanted, found = f"CRM_MATURITY_DATA={self.data}".encode(), []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                with contextlib.suppress(OSError):
                    if wanted in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
        return found

    def _wait(self, port: int, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            with contextlib.suppress(OSError, EOFError):
                status, _, _ = apart(lambda: _once(port, "GET", "/healthz"))
                if status == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"the server does not start: {(self.data / 'server.log').read_text('utf-8')[-2000:]}")

    async def _save(self, port: int, process: subprocess.Popen[bytes], saves: int, while_job_runs: int | None) -> None:
        tasks = [asyncio.create_task(self.save_one(port, client)) for client in self.clients]
        end = time.monotonic() + ROUND_SECONDS
        while while_job_runs is not None and not self._printing(while_job_runs) and time.monotonic() < end:
            await asyncio.sleep(0.05)
        wanted = self.acknowledged + saves
        while self.acknowledged < wanted and time.monotonic() < end:
            await asyncio.sleep(0.002)
        self.kill(process)  # in the middle of requests: clients are still asking
        await asyncio.gather(*tasks)

    @property
    def acknowledged(self) -> int:
        """How many saves were acknowledged so far."""
        return sum(len(client.acknowledged) for client in self.clients)

    def _printing(self, job_id: int) -> bool:
        database = Database(self.url)
        try:
            with database.read() as session:
                job = job_store.job(session, job_id)
            return job is not None and job.state == job_store.RUNNING and job.progress > 0
        finally:
            database.dispose()

    async def save_one(self, port: int, client: Client) -> None:
        """Save one answer after the other until the line breaks."""
        line, chance, turn = Line(f"http://127.0.0.1:{port}"), random.Random(), 0
        with contextlib.suppress(OSError, EOFError):
            _, headers, said = await line.ask("GET", "/api/ping", {"Cookie": self._cookie})
            cookie = headers["set-cookie"].partition(";")[0] if "set-cookie" in headers else self._cookie
            sent = {
                "Content-Type": "application/json",
                "X-CSRFToken": json.loads(said)["csrf"],
                "Cookie": cookie,
            }
            while True:
                element = client.elements[turn % len(client.elements)]
                turn += 1
                mutation_id = uuid.uuid4().hex
                changes = {"state": "scored", "score": chance.choice(SCORES), "note": f"第{turn}次记录" * 20}
                body = {"mutation_id": mutation_id, "base_version": client.versions.get(element, 0), "set": changes}
                address = f"/api/interviews/{client.interview}/answers/{element}"
                begun = time.monotonic()
                status, _, told = await line.ask("PUT", address, sent, json.dumps(body).encode())
                client.saves.append((begun, time.monotonic() - begun))
                if status == 200:
                    version = json.loads(told)["version"]
                    client.versions[element] = version
                    client.acknowledged[mutation_id] = element, version
                elif status == 409:  # the save before the kill was stored, its answer never came
                    client.versions[element] = json.loads(told)["version"]
                else:
                    client.refused += 1
        line.close()

    def _outcome(self) -> Outcome:
        database = Database(self.url)
        revision = AnswerRevisionRow
        with database.read() as session:
            rows = session.execute(select(revision.mutation_id, revision.element, revision.version, revision.kind))
            stored = {
                mutation: (element, version) for mutation, element, version, kind in rows if kind != "conflict-lost"
            }
            newest = (
                select(revision.interview_id, revision.element, func.max(revision.version).label("version"))
                .group_by(revision.interview_id, revision.element)
                .subquery()
            )
            same = (newest.c.interview_id == AnswerRow.interview_id) & (newest.c.element == AnswerRow.element)
            disagreeing = session.execute(
                select(func.count())
                .select_from(AnswerRow)
                .outerjoin(newest, same)
                .where(func.coalesce(newest.c.version, -1) != AnswerRow.version)
            ).scalar_one()
            integrity = str(session.execute(text("PRAGMA integrity_check")).scalar())
            references = len(session.execute(text("PRAGMA foreign_key_check")).all())
        database.dispose()
        told = {mutation: what for client in self.clients for mutation, what in client.acknowledged.items()}
        return Outcome(
            acknowledged=len(told),
            unanswered=len(stored.keys() - told.keys()),
            missing=len(told.keys() - stored.keys()),
            wrong_version=sum(stored[mutation] != what for mutation, what in told.items() if mutation in stored),
            disagreeing=disagreeing,
            refused=sum(client.refused for client in self.clients),
            integrity=integrity,
            references=references,
        )

    def jobs(self) -> list[tuple[str, int, str | None]]:
        """Return state, attempts and file of every job."""
        database = Database(self.url)
        with database.read() as session:
            rows = session.execute(select(JobRow.state, JobRow.attempt, JobRow.result).order_by(JobRow.id)).all()
        database.dispose()
        return [(state, attempt, result) for state, attempt, result in rows]


def _consultant(session: Any) -> Actor:
    user = accounts._found(session, CONSULTANT)
    found = accounts.acting_as(user, parts_of(session, user.id))
    return found.within(get_engagement(session, ENGAGEMENT).id)


async def _once(port: int, method: str, path: str) -> tuple[int, dict[str, str], bytes]:
    line = Line(f"http://127.0.0.1:{port}")
    try:
        return await line.ask(method, path, {})
    finally:
        line.close()
