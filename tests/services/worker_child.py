"""The process of one job in tests: `python -m tests.services.worker_child URL DATA MEMORY JOB ATTEMPT`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.jobs import limits
from app.jobs.child import Attempt
from app.services.clock import system_clock
from app.services.jobs import Progress
from app.services.refusals import NotFound
from app.storage.database import Database

URL, DATA, MEMORY = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
JOB, ATTEMPT = int(sys.argv[4]), int(sys.argv[5])


def perform(parameters: Mapping[str, Any], progress: Progress) -> Path:
    """Do what the parameters say."""
    progress(50, "half")
    match parameters["do"]:
        case "write":
            path = DATA / f"{JOB}.txt"
            path.write_text("done", "utf-8")
            return path
        case "refuse":
            raise NotFound("assessment", 4711)
        case "raise":
            raise RuntimeError("a fault of ours")
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "memory":
            return DATA / str(len(bytearray(1024**3)))
        case "spin":
            while True:
                pass
        case "sleep":
            time.sleep(60)
    raise AssertionError(parameters)


limits.apply(limits.Limits(memory=MEMORY, cpu=3))
database = Database(URL)
done = Attempt(database, system_clock, DATA, JOB, ATTEMPT).run({"report": perform})
database.dispose()
sys.exit(0 if done else 1)
