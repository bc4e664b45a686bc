"""Kill -9 under writes: nothing acknowledged is missing. `python -m tests.benchmarks.crashing` prints figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.storage import jobs as job_store
from tests.benchmarks.crashing import finish
from tests.crashing import Place


def test_no_acknowledged_save_is_lost_when_the_server_is_killed_again_and_again(tmp_path: Path) -> None:
    place = Place(tmp_path, clients=8, worker=False)
    for _ in range(3):
        before = place.acknowledged
        outcome = place.round(saves=40)
        assert outcome.sound, outcome
        assert outcome.acknowledged >= before + 40


@pytest.mark.nightly
def test_no_acknowledged_save_is_lost_in_twenty_rounds_with_the_worker_beside(tmp_path: Path) -> None:
    place = Place(tmp_path, clients=8)
    for number in range(20):
        outcome = place.round(saves=20 + 10 * number)
        assert outcome.sound, (number, outcome)


@pytest.mark.nightly
def test_a_report_whose_worker_is_killed_is_made_once_all_the_same(tmp_path: Path) -> None:
    place = Place(tmp_path, clients=2)
    outcome = place.round(saves=10, while_job_runs=place.ask_for_report())
    assert outcome.sound, outcome
    ((state, _, result),) = place.jobs()
    assert (state, result) == (job_store.RUNNING, None)
    assert finish(place) == 0
    ((state, attempt, result),) = place.jobs()
    assert (state, attempt) == (job_store.DONE, 2)
    assert [file.relative_to(place.data).as_posix() for file in (place.data / "reports").glob("*.pdf")] == [result]
