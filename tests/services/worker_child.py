"""The process of one job in tests: `python -m tests.services.worker_child URL DATA MEMORY JOB ATTEMPT`."""

from __future__ import annotations

import atexit
import errno
import os
import signal
import sys
import time
from pathlib import Path

from app.jobs import limits
from app.jobs.child import Attempt
from app.services.clock import system_clock
from app.services.jobs import Product, Work
from app.services.refusals import NotFound
from app.storage.database import Database

URL, DATA, MEMORY = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
JOB, ATTEMPT = int(sys.argv[4]), int(sys.argv[5])


FAULTS: dict[str, Exception] = {
    "disk": OSError(errno.ENOSPC, "no room"),
    "refuse": NotFound("assessment", 4711),
    "raise": RuntimeError("a fault of ours"),
}


def perform(work: Work) -> Product:
    """Do what the parameters say."""
    work.progress(50, "half")
    match work.parameters["do"]:
        case "write":
            path = DATA / f"{JOB}.txt"
            path.write_text("done", "utf-8")
            return Product(path, content_hash="a" * 64, pages=3)
        case "linger":
            atexit.register(leave)
            return Product(DATA / "nothing")
        case "disk" | "refuse" | "raise":
            raise FAULTS[work.parameters["do"]]
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "memory":
            return Product(DATA / str(len(bytearray(1024**3))))
        case "spin":
            while True:
                pass
        case "sleep":
            time.sleep(60)
    raise AssertionError(work.parameters)


def leave() -> None:
    """Take longer to end than the worker takes to look, and tell that nobody hurried it."""
    time.sleep(1.5)
    (DATA / f"{JOB}.left").touch()


limits.apply(limits.Limits(memory=MEMORY, cpu=3))
database = Database(URL)
done = Attempt(database, system_clock, DATA, JOB, ATTEMPT).run({"report": perform})
database.dispose()
sys.exit(0 if done else 1)
