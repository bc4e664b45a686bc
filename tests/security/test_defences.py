"""Without its defence every threat is noticed: each defence is switched off in a copy, and its tests must fail there.

Takes minutes, so by night: `.venv/bin/python -m pytest tests/security/test_defences.py -m nightly -n 2`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.security.defences import ROWS
from tests.security.defences.rows import Defence
from tests.security.switching_off import environment, fresh_copy, linked_copy, run_tests, switch_off, try_without
from tests.sharing import made_once

pytestmark = pytest.mark.nightly

# some tests of every folder that rows name: in a copy in which nothing is switched off they pass
CONTROL = (
    "architecture/test_sources.py::test_python_calls_nothing_dangerous",
    "content/test_strict_values.py::test_every_other_word_is_the_text_that_stands_there",
    "reports/test_printing.py::test_a_child_that_takes_too_long_is_stopped_and_said_so",
    "reports/test_untrusted_words.py::test_a_document_type_of_a_drawing_opens_no_file",
    "security/test_slow_clients.py::test_half_open_connections_stop_nobody[silence]",
    "security/test_uploads.py::test_what_a_parser_is_brought_to_do_ends_its_process_alone",
    "services/test_damaged_sheets.py::test_an_entity_bomb_is_refused",
    "services/test_identity_provider.py::test_a_token_that_nobody_signed_is_refused",
    "services/test_walls.py::test_what_is_of_another_engagement_is_not_found",
    "storage/test_migrations.py::test_history_refuses_to_be_changed",
    "unit/test_settings.py::test_a_short_secret_key_is_refused",
    "web/test_security.py::test_nothing_changes_without_the_token",
    "web/walls/test_every_route.py::test_everybody_is_answered_on_every_route_as_the_document_says[outsider-doors]",
)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, from which the others are linked."""
    return made_once(tmp_path_factory, "checkout", lambda folder: fresh_copy(ROOT, folder))


@pytest.fixture
def copy(fresh: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of its own for a test, gone afterwards."""
    yield linked_copy(fresh, tmp_path / "copy")
    for made in tmp_path.iterdir():
        shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.threat} {row.off}" for row in ROWS])
def test_without_its_defence_a_threat_is_noticed(row: Defence, copy: Path) -> None:
    assert try_without(row, copy) == []


def test_in_a_copy_with_every_defence_the_same_tests_pass(copy: Path) -> None:
    told, printed = run_tests(copy, CONTROL)
    assert {one.name.partition("[")[0] for one in told} == {name.partition("[")[0] for name in CONTROL}, printed
    assert [one for one in told if one.word != "passed"] == []


def test_in_a_copy_product_and_tests_are_those_of_the_copy(copy: Path) -> None:
    asked = (
        "import app.web, tests.sharing, app.settings as s; print(app.web.__file__, tests.sharing.__file__, s.CHECKOUT)"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], cwd=copy, env=environment(copy), capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(told) == 3
    assert all(Path(path).is_relative_to(copy) for path in told), told


def test_what_is_switched_off_in_a_copy_stays_as_it_is_in_the_others(fresh: Path, copy: Path) -> None:
    row = ROWS[0]
    before = [(root / row.changes[0].file).read_text("utf-8") for root in (ROOT, fresh)]
    switch_off(copy, row.changes)
    assert [(root / row.changes[0].file).read_text("utf-8") for root in (ROOT, fresh)] == before
    assert (copy / row.changes[0].file).read_text("utf-8") not in before
