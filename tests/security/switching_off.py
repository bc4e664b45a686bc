"""A copy of the checkout in which a defence is switched off, and what the tests say to it there.

The copy is made of new files once for a run and of hard links from there, so that nothing that happens in it reaches
the checkout; the file that is changed is written anew. Knows no defence: those stand in `tests.security.defences`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.security.defences.rows import Change, Defence

# what is made, fetched or written by other things than the product and its tests, or is being written just now
LEFT_OUT = shutil.ignore_patterns(".*", "var", "build", "dist", "*.egg-info", "htmlcov", "*.pyc.*")
PATIENCE = 120.0  # seconds, on a machine that is busy with other things
OPTIONS = ["-q", "--tb=line", "-p", "no:cacheprovider", "-n", "0", "-o", "junit_family=xunit1"]
# how a test fails where the copy is broken: that shows nothing about the defence
BROKEN = ("NameError", "SyntaxError", "IndentationError", "ImportError", "ModuleNotFoundError", "UnboundLocalError")


class NotSwitchedOff(Exception):  # noqa: N818 - says what is to be mended in the table
    """The text that a row replaces does not stand in its file once."""


@dataclass(frozen=True, slots=True)
class Told:
    """What pytest said of one case of a test."""

    name: str  # as in the table: `content/test_reading.py::test_x[1]`
    word: str  # passed, failed, error, skipped
    why: str = ""


def fresh_copy(checkout: Path, target: Path) -> None:
    """Copy everything that tests need, as new files."""
    shutil.copytree(checkout, target, ignore=LEFT_OUT, dirs_exist_ok=True)


def linked_copy(fresh: Path, target: Path) -> Path:
    """Return a further copy of a copy, of hard links."""
    shutil.copytree(fresh, target, copy_function=os.link)
    return target


def switched_off(root: Path, changes: Sequence[Change]) -> dict[str, str]:
    """Return files as these changes make them; NotSwitchedOff unless what each replaces stands there exactly once."""
    files: dict[str, str] = {}
    for change in changes:
        path = root / change.file
        text = files.get(change.file) or (path.read_text("utf-8") if path.exists() else "")
        if (found := text.count(change.standing)) != 1:
            raise NotSwitchedOff(f"{change.file} holds this {found} times, not once; mend the row:\n{change.standing}")
        files[change.file] = text.replace(change.standing, change.instead)
    for name, text in files.items():
        if name.endswith(".py"):
            compile(text, name, "exec")
    return files


def switch_off(copy: Path, changes: Sequence[Change]) -> None:
    """Put the changes into a copy; NotSwitchedOff."""
    for name, text in switched_off(copy, changes).items():
        (copy / name).unlink()  # the name of a link: the file behind it stays as it is
        (copy / name).write_text(text, "utf-8")


def run_tests(copy: Path, names: Sequence[str], *, patience: float = PATIENCE) -> tuple[list[Told], str]:
    """Run tests of a copy; return what is said of each case, and what was printed. TimeoutExpired, all killed."""
    report = copy.parent / "junit.xml"
    arguments = [sys.executable, "-m", "pytest", *OPTIONS]
    arguments += [f"--basetemp={copy.parent / 'tmp'}", f"--junitxml={report}", *(f"tests/{name}" for name in names)]
    if len(names) == 1:
        arguments.append("-x")  # one case that fails is enough
    with subprocess.Popen(
        arguments,
        cwd=copy,
        env=environment(copy),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            printed, _ = running.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    return (cases_of(report) if report.exists() else []), printed


def environment(copy: Path) -> dict[str, str]:
    """Return the environment of a run in a copy: nothing of the run that we are in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_", "COVERAGE"))}
    return {**kept, "PYTHONPATH": str(copy)}


def cases_of(report: Path) -> list[Told]:
    """Return what a junit report says of every case."""
    told = []
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname', '').removeprefix('tests.').replace('.', '/')}.py::{case.get('name')}"
        word, why = "passed", ""
        for part in case:
            if part.tag in ("failure", "error", "skipped"):
                word = {"failure": "failed"}.get(part.tag, part.tag)
                why = part.get("message") or (part.text or "")[-300:]
        told.append(Told(name, word, why))
    return told


def complaints(row: Defence, told: Sequence[Told], printed: str) -> list[str]:
    """Return what is wrong with a row after its run: each of its tests must have failed in at least one case."""
    wrong = []
    for name in row.noticed_by:
        cases = [one for one in told if one.name == name or one.name.startswith(f"{name}[")]
        failed = [one for one in cases if one.word == "failed"]
        if not cases:
            wrong.append(f"{name} was not run:\n{printed[-2000:]}")
        elif not failed:
            said = sorted({f"{one.word} {one.why[:300]}".strip() for one in cases})
            wrong.append(f"{name} does not fail without {row.off}: {'; '.join(said)}")
        elif all(one.why.startswith(BROKEN) for one in failed):
            wrong.append(f"{name} fails because the copy is broken, not because of the defence: {failed[0].why[:300]}")
    return wrong


def try_without(row: Defence, copy: Path) -> list[str]:
    """Switch a row's defence off in a copy and run its tests; return what is wrong, nothing if all of them notice."""
    switch_off(copy, row.changes)
    try:
        told, printed = run_tests(copy, row.noticed_by)
    except subprocess.TimeoutExpired as late:
        return [f"not done after {late.timeout:g} seconds"]
    return complaints(row, told, printed)
