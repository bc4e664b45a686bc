"""Kill -9 of server and worker while clients save: what was acknowledged and is not there. Prints figures.

    .venv/bin/python -m tests.benchmarks.crashing [--rounds 24] [--clients 8] [--saves 120] [--reports 4]

Each round starts the product, saves (between a fifth and twice as often as --saves says), kills all of its processes at
once, and looks into the database. In the rounds with a report the kill comes while the worker prints it; at the end the
product runs until all of them are done.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from app.storage import jobs as job_store
from tests.crashing import Outcome, Place

COLUMNS = ("acknowledged", "unanswered", "missing", "wrong_version", "disagreeing", "refused", "references")


def main() -> None:
    """Kill and look, round after round; exit code 1 when anything was lost or broken."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--rounds", type=int, default=24)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--saves", type=int, default=120)
    asked.add_argument("--reports", type=int, default=4)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), chosen.clients)
        sys.stdout.write(f"{'round':<7}{''.join(f'{name:>15}' for name in COLUMNS)}  integrity\n")
        outcomes = [_round(place, number, chosen) for number in range(1, chosen.rounds + 1)]
        unfinished = finish(place) if chosen.reports else 0
    if unfinished or not all(outcome.sound for outcome in outcomes):
        raise SystemExit(1)


def _round(place: Place, number: int, chosen: argparse.Namespace) -> Outcome:
    with_report = number <= chosen.reports
    job_id = place.ask_for_report() if with_report else None
    outcome = place.round(saves=int(chosen.saves * random.uniform(0.2, 2.0)), while_job_runs=job_id)
    figures = "".join(f"{getattr(outcome, name):>15}" for name in COLUMNS)
    sys.stdout.write(
        f"{number:<7}{figures}  {outcome.integrity}{'  (a report was being printed)' if with_report else ''}\n"
    )
    sys.stdout.flush()
    return outcome


def finish(place: Place, *, patience: float = 400) -> int:
    """Run until every report is done; print how often each was begun; return how many are not done."""
    with place.running():
        end = time.monotonic() + patience
        while time.monotonic() < end and any(state != job_store.DONE for state, _, _ in place.jobs()):
            if any(state == job_store.FAILED for state, _, _ in place.jobs()):
                break
            time.sleep(1)
    for state, attempt, result in place.jobs():
        there = result is not None and (place.data / result).is_file()
        sys.stdout.write(f"report: {state}, attempt {attempt}, {'file there' if there else 'no file'}\n")
    return sum(state != job_store.DONE for state, _, _ in place.jobs())


if __name__ == "__main__":
    main()
