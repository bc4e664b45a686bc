"""The table of defences that are switched off by night: whole, and fitting the sources and docs/security.md."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.architecture.sources import ROOT
from tests.security.defences import ROWS
from tests.security.defences.rows import Change, Defence
from tests.security.switching_off import NotSwitchedOff, Told, complaints, switched_off
from tests.security.test_document import NAMED, TEXT, THREATS

ATTACKS = TEXT.partition("## Attacks")[2].partition("\n## ")[0]
# a test that docs/security.md names beside an attack -> why no row of the table switches its defence off
NOT_TRIED = {
    "browser/test_every_page.py::test_every_page_is_accessible_and_fits_the_window": (
        "walks through every page in a browser for minutes; the policy and the templates have rows of their own"
    ),
    "security/test_uploads.py::test_the_costliest_workbook_that_is_let_in_stays_within_its_limits": (
        "measures seconds, and is made as costly as the limit lets it: a higher limit would keep it busy for minutes"
    ),
}
EXAMPLE = Defence("4.0", "nothing", (Change("a.py", "x", "y"),), ("web/test_a.py::test_b",))


def test_what_each_row_replaces_stands_there_once() -> None:
    """Who changes a defence mends its row in tests/security/defences."""
    faults = []
    for row in ROWS:
        try:
            switched_off(ROOT, row.changes)
        except NotSwitchedOff as fault:
            faults.append(f"{row.threat} {row.off}: {fault}")
    assert faults == []


def test_a_row_whose_text_is_gone_says_which() -> None:
    for standing in ("def no_such_thing()", "import"):
        with pytest.raises(NotSwitchedOff, match=r"app/settings.py holds this \d+ times.*\n" + re.escape(standing)):
            switched_off(ROOT, [Change("app/settings.py", standing, "")])


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([], "was not run"),
        ([Told("web/test_a.py::test_b_of_another_name", "failed")], "was not run"),
        ([Told("web/test_a.py::test_b[1]", "passed"), Told("web/test_a.py::test_b[2]", "error")], "does not fail"),
        ([Told("web/test_a.py::test_b", "skipped")], "does not fail"),
        ([Told("web/test_a.py::test_b", "failed", "NameError: name 'x'")], "copy is broken"),
        ([Told("web/test_a.py::test_b[1]", "passed"), Told("web/test_a.py::test_b[2]", "failed", "assert 0")], ""),
    ],
)
def test_only_a_test_that_failed_has_noticed_anything(told: list[Told], said: str) -> None:
    wrong = complaints(EXAMPLE, told, "")
    assert bool(wrong) == bool(said)
    assert said in "".join(wrong)


def test_every_threat_has_a_row() -> None:
    assert THREATS - {row.threat for row in ROWS} == set()


def test_no_defence_has_two_rows() -> None:
    assert [off for off, count in Counter((row.threat, row.off) for row in ROWS).items() if count > 1] == []


def test_every_test_that_is_named_beside_an_attack_fails_without_a_defence() -> None:
    named = {f"{file}::{name}" for file, name in NAMED.findall(ATTACKS)}
    tried = {name.partition("[")[0] for row in ROWS for name in row.noticed_by}
    assert named - tried - NOT_TRIED.keys() == set()
    assert NOT_TRIED.keys() - (named - tried) == set()


def test_the_document_says_how_many_defences_are_switched_off() -> None:
    assert f"{len(ROWS)} defences" in ATTACKS
