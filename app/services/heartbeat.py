"""The worker's sign of life: a file whose time moves on. Knows neither jobs nor requests."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "worker-alive"  # below the data folder
LATE = timedelta(seconds=60)  # the worker shows itself every few seconds, also during a job


def beat(data: Path) -> None:
    """Say that the worker lives; a disk that is full does not end it."""
    with contextlib.suppress(OSError):
        file = data / FILE
        file.touch(mode=0o600)
        os.utime(file)


def last_beat(data: Path) -> datetime | None:
    """Return when the worker last showed itself, None where none ever did."""
    try:
        return datetime.fromtimestamp((data / FILE).stat().st_mtime, UTC)
    except OSError:
        return None


def is_alive(data: Path, now: datetime) -> bool:
    """Tell whether the worker has shown itself of late."""
    last = last_beat(data)
    return last is not None and now - last <= LATE
