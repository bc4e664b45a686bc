"""Backups while eight clients save: how long they take, how long a save waits beside them, and what a restore takes.

    .venv/bin/python -m tests.benchmarks.backing_up [--notes 12000] [--files 40] [--backups 5]

First fills a database with `--notes` notes of 3 KB and `--files` evidence files of 1 MB. Prints figures, no verdict.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from sqlalchemy import insert

from app.services.backing_up import back_up
from app.services.checking_backups import check_backup
from app.services.clock import system_clock
from app.services.restoring import restore
from app.settings import read_settings
from app.storage.database import Database
from app.storage.tables import AnswerRevisionRow
from tests.crashing import Place
from tests.services.stored import store_attachment

MEGABYTE = 1_000_000


def main() -> None:
    """Fill, save, back up, restore; print what it took."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--notes", type=int, default=12_000)
    asked.add_argument("--files", type=int, default=40)
    asked.add_argument("--backups", type=int, default=5)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), 8, worker=False)
        settings = replace(read_settings(environ={"CRM_MATURITY_DATA": str(place.data)}), backups_kept=100)
        database = Database(place.url)
        _fill(database, place, chosen.notes)
        for _ in range(chosen.files):
            store_attachment(database, settings, system_clock, os.urandom(MEGABYTE))
        taken: list[tuple[float, float]] = []

        def backups() -> None:
            time.sleep(3)
            for _ in range(chosen.backups):
                begun = time.monotonic()
                back_up(database, settings, system_clock)
                taken.append((begun, time.monotonic()))
                time.sleep(2)

        with place.running() as (port, process):
            beside = threading.Thread(target=backups)
            beside.start()
            asyncio.run(_save_until(place, port, process, beside))
        _print_saves(place, taken)
        newest = max(settings.backups.glob("crm-maturity-*"))
        begun = time.monotonic()
        manifest, faults = check_backup(newest)
        sys.stdout.write(f"checked in {time.monotonic() - begun:.2f} s: {len(faults)} faults\n")
        done = restore(newest, Path(folder) / "elsewhere", system_clock)
        size = (newest / "crm-maturity.db").stat().st_size / MEGABYTE
        sys.stdout.write(
            f"database {size:.1f} MB, {len(manifest.files)} files, {manifest.size / MEGABYTE:.0f} MB in all\n"
        )
        sys.stdout.write(f"restored in {done.seconds:.2f} s (RTO), {done.lost.total_seconds():.0f} s behind (RPO)\n")
        room = subprocess.run(["du", "-sm", str(settings.backups)], capture_output=True, text=True, check=True).stdout
        sys.stdout.write(f"{chosen.backups} backups take {room.split()[0]} MiB together\n")
        database.dispose()


def _fill(database: Database, place: Place, notes: int) -> None:
    client = place.clients[0]
    same = {"interview_id": client.interview, "element": "filling", "base_version": 0, "kind": "normal"}
    row = {**same, "after": {"note": "记" * 1000}, "at": system_clock()}
    with database.begin() as session:
        session.execute(
            insert(AnswerRevisionRow),
            [
                {
                    **row,
                    "mutation_id": f"filling-{n}",
                    "version": n,
                    "after": {"note": "记" * 1000},
                    "at": system_clock(),
                }
                for n in range(1, notes + 1)
            ],
        )


async def _save_until(place: Place, port: int, process: subprocess.Popen[bytes], beside: threading.Thread) -> None:
    tasks = [asyncio.create_task(place.save_one(port, client)) for client in place.clients]
    while beside.is_alive():
        await asyncio.sleep(0.05)
    place.kill(process)
    await asyncio.gather(*tasks)


def _print_saves(place: Place, taken: list[tuple[float, float]]) -> None:
    saves = [one for client in place.clients for one in client.saves]
    during = [s for begun, s in saves if any(start <= begun + s and begun <= end for start, end in taken)]
    other = [s for begun, s in saves if not any(start <= begun + s and begun <= end for start, end in taken)]
    sys.stdout.write("backups: " + ", ".join(f"{end - start:.2f} s" for start, end in taken) + "\n")
    for name, found in (("beside a backup", during), ("otherwise", other)):
        ordered = sorted(found)
        middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        sys.stdout.write(
            f"saves {name}: {len(found)}, median {middle * 1000:.0f} ms, p99 {late * 1000:.0f} ms, "
            f"longest {ordered[-1] * 1000:.0f} ms\n"
        )


if __name__ == "__main__":
    main()
