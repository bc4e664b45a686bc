"""Files that jobs made: found, kept for a while, cleared out, never outside their folder."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.services import jobs
from app.services.file_shelf import clear_files, kept_path, made_file, put_file
from app.services.jobs import JobState, JobView
from app.services.refusals import NotFound
from app.storage import jobs as store
from tests.conftest import FixedClock

if TYPE_CHECKING:
    from app.settings import Settings
    from app.storage.database import Database


def made(database: Database, settings: Settings, clock: FixedClock, size: int, *, parent: int | None = None) -> int:
    """Have a job make a file of `size` bytes; return its id."""
    file = put_file(settings, b"x" * size, "pdf")
    with database.begin() as session:
        if parent is None:
            job_id = store.insert_job(session, store.NewJob("report", {"size": size}), clock())
        else:
            jobs.submit_parts(session, parent, [jobs.Part(None, {})], kind="report", clock=clock)
            job_id = jobs.parts_of(session, parent)[-1].id
        product = jobs.Product(file)
        jobs.finish_at_once(session, job_id, product, data=settings.data, clock=clock)
    return job_id


def there(database: Database, settings: Settings) -> list[int]:
    """Return the jobs whose file can be fetched."""
    with database.read() as session:
        return [job.id for job in reversed(jobs.list_jobs(session)) if job.result and kept_path(settings, job.result)]


def test_a_file_is_written_whole_or_not_at_all(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put_file(settings, b"whole", "pdf")
    assert (file.read_bytes(), file.suffix) == (b"whole", ".pdf")

    def full(*_: object) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="no room"):
        put_file(settings, b"half", "pdf")
    assert list(file.parent.iterdir()) == [file]


def test_files_older_than_the_settings_allow_are_cleared_out_and_their_jobs_stay(
    database: Database, settings: Settings, clock: FixedClock
) -> None:
    old = made(database, settings, clock, 10)
    clock.advance(timedelta(days=60))
    young = made(database, settings, clock, 10)
    clock.advance(timedelta(days=31))
    cleared = clear_files(database, replace(settings, report_days=90), clock)
    assert (cleared.files, cleared.size) == (1, 10)
    assert there(database, settings) == [young]
    with database.read() as session:
        job = jobs.get_job(session, old)
    assert (job.state, job.result, job.kept) == (JobState.DONE, None, False)


def test_beyond_the_size_the_oldest_go_first(database: Database, settings: Settings, clock: FixedClock) -> None:
    made_jobs = []
    for _ in range(4):
        made_jobs.append(made(database, settings, clock, 1000))
        clock.advance(timedelta(hours=1))
    clear_files(database, replace(settings, largest_reports=2500), clock)
    assert there(database, settings) == made_jobs[2:]


def test_a_file_that_two_jobs_name_is_as_young_as_the_second(
    database: Database, settings: Settings, clock: FixedClock
) -> None:
    first = made(database, settings, clock, 10)
    clock.advance(timedelta(days=60))
    with database.begin() as session:
        again = store.insert_job(session, store.NewJob("report", {}), clock())
        product = jobs.Product(made_file(jobs.get_job(session, first), settings))
        jobs.finish_at_once(session, again, product, data=settings.data, clock=clock)
    clock.advance(timedelta(days=60))
    clear_files(database, settings, clock)
    assert there(database, settings) == [first, again]


def test_what_a_batch_still_waits_for_is_not_cleared_out(
    database: Database, settings: Settings, clock: FixedClock
) -> None:
    with database.begin() as session:
        batch = store.insert_job(session, store.NewJob("batch", {}), clock())
    part = made(database, settings, clock, 1000, parent=batch)
    alone = made(database, settings, clock, 1000)
    clear_files(database, replace(settings, largest_reports=1), clock)
    with database.read() as session:
        assert jobs.get_job(session, part).kept
        assert not jobs.get_job(session, alone).kept


def test_strays_are_cleared_out_after_hours(database: Database, settings: Settings, clock: FixedClock) -> None:
    stray, fresh = put_file(settings, b"x", "pdf"), put_file(settings, b"x", "zip.part")
    for file, age in ((stray, 7), (fresh, 5)):
        moment = (clock() - timedelta(hours=age)).timestamp()
        os.utime(file, (moment, moment))
    assert clear_files(database, settings, clock).files == 1
    assert (stray.exists(), fresh.exists()) == (False, True)


@pytest.mark.parametrize(("state", "stays"), [("queued", True), ("cancelled", False), (None, False)])
def test_a_stray_whose_job_has_ended_or_is_gone_is_cleared_out_at_once(
    database: Database, settings: Settings, clock: FixedClock, state: str | None, stays: bool
) -> None:
    number = 4711
    if state is not None:
        with database.begin() as session:
            number = store.insert_job(session, store.NewJob("report", {}), clock())
            if state == "cancelled":
                store.cancel(session, number, at=clock())
    strays = [put_file(settings, b"x", suffix, number) for suffix in ("pdf", "zip.part")]
    clear_files(database, settings, clock)
    assert [file.exists() for file in strays] == [stays, stays]


def test_a_file_that_somebody_removed_is_no_longer_named(
    database: Database, settings: Settings, clock: FixedClock
) -> None:
    job_id = made(database, settings, clock, 10)
    with database.read() as session:
        made_file(jobs.get_job(session, job_id), settings).unlink()
    clear_files(database, settings, clock)
    with database.read() as session:
        assert jobs.get_job(session, job_id).result is None


@pytest.mark.parametrize("result", ["secret-key", "../x", "reports/../secret-key", "/etc/passwd", "reports", None])
def test_nothing_outside_the_shelf_is_a_file_of_a_job(settings: Settings, result: str | None) -> None:
    put_file(settings, b"x", "pdf")
    (settings.data / "secret-key").write_text("x")
    job = JobView(1, "report", None, {}, JobState.DONE, 100, None, None, result, None, None, None)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        made_file(job, settings)
