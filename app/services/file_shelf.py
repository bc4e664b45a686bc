"""Files that jobs made: put below the data folder under names of their own, fetched, cleared out when old or too many.

A file that was cleared out can be made again: its job stays, with all that was asked for.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from app.services.refusals import NotFound
from app.storage import job_lists as store

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.services.jobs import JobView
    from app.settings import Settings
    from app.storage.database import Database

log = structlog.get_logger(__name__)

FOLDER = "reports"  # below the data folder
FOLDERS = (FOLDER, "guides")  # the second from before guides stood with the others
UNFINISHED = ".part"
GRACE = timedelta(hours=6)  # a file that no job names may still be in the making for so long
MAKER = re.compile(r"[0-9a-f]{32}-(\d+)\.")  # how names begin: unknown to all, then the job


def new_file(settings: Settings, suffix: str, job_id: int | None = None) -> Path:
    """Return a path for a new file, its folder made; nobody can guess it, and nothing stands there.

    It tells its job: when that has ended, nobody waits for a file that no job names.
    """
    folder = settings.data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    maker = "" if job_id is None else f"-{job_id}"
    return folder / f"{uuid4().hex}{maker}.{suffix}"


def put_file(settings: Settings, content: bytes, suffix: str, job_id: int | None = None) -> Path:
    """Keep a file, whole or not at all, and return its path."""
    file = new_file(settings, suffix, job_id)
    unfinished = file.with_name(file.name + UNFINISHED)
    try:
        unfinished.write_bytes(content)
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file


def made_file(job: JobView, settings: Settings) -> Path:
    """Return the file that a job made; NotFound where it is not made yet, cleared out or gone."""
    file = None if job.result is None else kept_path(settings, job.result)
    if file is None:
        raise NotFound("file", job.id)
    return file


def kept_path(settings: Settings, result: str) -> Path | None:
    """Return the path of a file that a job named; None where it is gone, or names a place outside the shelf."""
    file = (settings.data / result).resolve()
    within = any(file.is_relative_to((settings.data / folder).resolve()) for folder in FOLDERS)
    return file if within and file.is_file() else None


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many files were cleared out, and how many bytes they held."""

    files: int
    size: int


def clear_files(database: Database, settings: Settings, clock: Clock) -> Cleared:
    """Clear out files older than the settings allow, then the oldest of those beyond the size; and strays.

    A file's age counts from the last job that came to it.
    """
    found = [file for folder in FOLDERS for file in (settings.data / folder).glob("*")]  # before who is at work
    with database.begin() as session:
        named = store.kept_files(session)
        there = {result: size for result in named if (size := _size(settings, result)) is not None}
        gone = [result for result in named if result not in there]
        in_use = store.files_in_use(session)
        spare = {result: size for result, size in there.items() if result not in in_use}
        unwanted = _unwanted(spare, named, settings, clock())
        store.forget_files(session, [*gone, *unwanted])
        going = store.going(session)
    unnamed = [file for file in found if str(file.relative_to(settings.data)) not in there]
    strays = [file for file in unnamed if _is_stray(file, going, clock())]
    for file in [*(settings.data / result for result in unwanted), *strays]:
        with contextlib.suppress(OSError):
            file.unlink()
    cleared = Cleared(len(unwanted) + len(strays), sum(there[result] for result in unwanted))
    if cleared.files:
        log.info("files cleared out", files=cleared.files, bytes=cleared.size)
    return cleared


def _size(settings: Settings, result: str) -> int | None:
    file = kept_path(settings, result)
    return None if file is None else file.stat().st_size


def _unwanted(there: dict[str, int], last: dict[str, datetime], settings: Settings, now: datetime) -> list[str]:
    oldest_first = sorted(there, key=lambda result: (last[result], result))
    limit = now - timedelta(days=settings.report_days)
    unwanted = [result for result in oldest_first if last[result] < limit]
    size = sum(there.values()) - sum(there[result] for result in unwanted)
    for result in oldest_first[len(unwanted) :]:
        if size <= settings.largest_reports:
            break
        size -= there[result]
        unwanted.append(result)
    return unwanted


def _is_stray(file: Path, going: Collection[int], now: datetime) -> bool:
    """Tell whether nobody waits for a file that no job names: its job was cancelled, erased, or its process died."""
    maker = MAKER.match(file.name)
    if maker is not None and int(maker[1]) not in going:
        return True
    try:
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except FileNotFoundError:  # finished, or removed, meanwhile
        return False
    return now - written > GRACE
