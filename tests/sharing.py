"""What is dear to make is made by one process of a test run and read by the others. Knows files and locks only."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that `make` filled once for all processes of this run; look, do not change.

    Whoever comes while it is being made waits. A maker that fails leaves the folder to the next one.
    """
    base = factory.getbasetemp()
    # every process of xdist has a folder of its own below that of the run
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / f"once-{name}", shared / f"once-{name}.done"
    with (shared / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder
