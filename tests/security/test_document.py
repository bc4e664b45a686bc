"""docs/security.md tells the truth: every row has its tests, and every test that it names is there."""

from __future__ import annotations

import ast
import re

from tests.architecture.sources import ROOT, tree_of

TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")] for line in TEXT.splitlines() if re.match(r"\| \d", line)
]
NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
THREATS = {f"4.{number}" for number in range(1, 17)}


def test_every_attack_of_the_design_has_its_row() -> None:
    begun = TEXT.index("## Attacks")
    assert set(re.findall(r"^\| (4\.\d+) ", TEXT[begun:], re.MULTILINE)) >= THREATS
    assert len(ROWS) >= 47 + 16


def test_every_row_says_how_far_it_is_and_what_shows_it() -> None:
    for row in ROWS:
        state = row[-1]
        assert state == "met" or state.startswith(("partly: ", "not met: ")), row[0]
        assert NAMED.search(row[-2]) or state != "met", row[0]


def test_every_test_that_is_named_is_there() -> None:
    gone = []
    for file, name in NAMED.findall(TEXT):
        path = ROOT / "tests" / file
        names = {node.name for node in tree_of(path).body if isinstance(node, ast.FunctionDef)} if path.exists() else ()
        if name not in names:
            gone.append(f"{file}::{name}")
    assert gone == []


def test_every_file_that_is_named_is_there() -> None:
    files = set(re.findall(r"`(app/[\w/]+(?:\.py)?)", TEXT))
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []
