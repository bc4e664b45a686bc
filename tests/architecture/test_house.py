"""The house around the code: locks, set-up, the two commands, documents that lead somewhere."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, name_of

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ \\;]+)", re.MULTILINE)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_package_host(lock: str) -> None:
    assert re.findall(r"\S*://\S*", (ROOT / lock).read_text("utf-8")) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"^(?=[a-z0-9][a-z0-9._-]*==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_of_the_tests_holds_what_ships_in_the_same_versions() -> None:
    assert _pins("requirements.lock") <= _pins("requirements-dev.lock")


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_the_locks_hold_every_dependency(lock: str, extras: list[str]) -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    wanted = setup["options"]["install_requires"] + "".join("\n" + setup["options.extras_require"][e] for e in extras)
    names = {re.split(r"[\s<>=!~;[]", line)[0].lower() for line in wanted.splitlines() if line.strip()}
    assert names - {name for name, _ in _pins(lock)} == set(), "run `make lock`"


def test_every_package_that_ships_has_its_licence_written_down() -> None:
    listed = (ROOT / "docs" / "third-party-licences.md").read_text("utf-8")
    named = {name for row in re.findall(r"^\| ([a-z][^|]*) \|", listed, re.MULTILINE) for name in row.split(", ")}
    assert {name for name, _ in _pins("requirements.lock")} - named == set()


def test_help_names_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert targets
    assert [name for name in targets[1].split() if f"make {name} " not in listed] == []


@pytest.mark.parametrize("script", ["tools/setup", "tools/lock", ".ci/run"])
def test_scripts_may_be_run_and_are_valid(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    checked = subprocess.run(["bash", "-n", str(ROOT / script)], capture_output=True, text=True, check=False)
    assert checked.stderr == ""
    assert "set -euo pipefail" in (ROOT / script).read_text("utf-8")


def test_ci_runs_what_the_newcomer_runs() -> None:
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_documents_lead_to_files_that_exist() -> None:
    links = [(one, link) for one in DOCUMENTS for link in re.findall(r"\]\(([^)#\s]+)", one.read_text("utf-8"))]
    local = [(one, link) for one, link in links if "://" not in link and not link.startswith("mailto:")]
    assert [(name_of(one), link) for one, link in local if not (one.parent / link).exists()] == []


def test_decisions_say_why_what_and_what_follows() -> None:
    assert [name_of(decision) for decision in DECISIONS if not _is_argued(decision)] == []


def _is_argued(decision: Path) -> bool:
    text = decision.read_text("utf-8")
    parts = [text.find(f"**{part}.**") for part in ("Context", "Decision", "Consequences")]
    return text.startswith(f"# {decision.name[:4]} ") and parts == sorted(parts) and parts[0] > 0


def test_decisions_are_numbered_without_gaps() -> None:
    assert [decision.name[:4] for decision in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]


def _pins(lock: str) -> set[tuple[str, str]]:
    return set(PIN.findall((ROOT / lock).read_text("utf-8")))
