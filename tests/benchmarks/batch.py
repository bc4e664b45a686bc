"""One report for each of many units, in one batch: how long, and how much memory the worker and its children take.

    .venv/bin/python -m tests.benchmarks.batch [--units 50] [--formats pdf]

The units are copies of the shipped Shenzhen case. The second run of the same batch finds every file made. Prints
figures, judges nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from app import bootstrap
from app.content.library import Library
from app.core.text import Text
from app.jobs.queue import DatabaseQueue
from app.services import accounts
from app.services.batches import ask_for_batch
from app.services.clock import system_clock
from app.services.engagements import create_engagement, list_assessments
from app.services.importing import import_case
from app.services.jobs import JobState, get_job, parts_of
from app.services.permissions import Actor, Role
from app.services.report_requests import ReportRequest
from app.services.reporting import Press
from app.settings import read_settings
from app.storage.database import Database
from tests.acting import acting

KEY = "many-units"
PASSWORD = "seven lamps over Fuzhou harbour"


def furnish(database: Database, library: Library, units: int) -> int:
    """Make an engagement with `units` copies of one case; return its id."""
    with database.begin() as session:
        name = Text(zh="多单位", en="Many units")
        engagement = create_engagement(session, key=KEY, name=name, actor=None, clock=system_clock)
        case = next(one for one in library.cases("telecom-crm") if one.unit.id == "shenzhen")
        framework = library.framework("telecom-crm")
        for number in range(units):
            copied = replace(case.unit, id=f"unit-{number}", parent=None, name=Text(f"单位{number}", f"Unit {number}"))
            import_case(
                session,
                replace(case, id=f"unit-{number}-2003", unit=copied),
                framework=framework,
                engagement_key=KEY,
                library=library,
                actor=None,
                clock=system_clock,
            )
        return engagement.id


def somebody(database: Database) -> Actor:
    """Make a user who may ask for reports."""
    with database.begin() as session:
        accounts.add_user(
            session, name="ann", password=PASSWORD, role=Role.CONSULTANT, clock=system_clock, display_name="Ann"
        )
        return acting(accounts.get_user(session, "ann").id, "ann", "Ann", Role.CONSULTANT)


def resident() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def run(database: Database, press: Press, engagement_id: int, formats: list[str], asker: Actor) -> None:
    """Ask for the batch, do every job of it, and print what that took."""
    with database.begin() as session:
        assessments = tuple(one.id for one in list_assessments(session, engagement_id))
        first = ReportRequest("executive", "zh", assessments, system_clock().date(), benchmark="foreign-carriers-2003")
        requests = [replace(first, format=name) for name in formats]
        began = time.perf_counter()
        job_id = ask_for_batch(session, requests, engagement_id=engagement_id, press=press, actor=asker)
    tell(f"asked for {len(assessments) * len(formats)} files in {time.perf_counter() - began:.2f} s")
    worker, done, before = bootstrap.create_worker(), 0, resident()
    began = time.perf_counter()
    while worker.run_next():
        done += 1
        if done % 10 == 0:
            largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            passed = time.perf_counter() - began
            tell(f"{done:4} jobs {passed:7.0f} s, worker {resident():.1f} MB, largest child so far {largest:.0f} MB")
    with database.read() as session:
        batch, parts = get_job(session, job_id), parts_of(session, job_id)
    size = (press.settings.data / str(batch.result)).stat().st_size / 2**20
    made = sum(1 for part in parts if part.state is JobState.DONE)
    tell(f"{made} of {len(parts)} files, {size:.1f} MB, {time.perf_counter() - began:.0f} s")
    tell(f"the worker grew by {resident() - before:.1f} MB")


def tell(line: str) -> None:
    """Print a figure at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the arguments and measure."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--units", type=int, default=50)
    arguments.add_argument("--formats", default="pdf")
    wanted = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CRM_MATURITY_DATA"] = folder
        settings = read_settings()
        database = bootstrap.open_database(settings)
        database.upgrade()
        library = bootstrap.open_library()
        engagement_id = furnish(database, library, wanted.units)
        asker = somebody(database)
        press = Press(library, settings, DatabaseQueue(system_clock), system_clock)
        for _ in range(2):
            run(database, press, engagement_id, wanted.formats.split(","), asker)
        database.dispose()


if __name__ == "__main__":
    main()
