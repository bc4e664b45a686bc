"""The tutorial of the content guide, followed to the letter in both languages: what it says happens, happens."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.content.library import Library, load_library
from app.settings import CHECKOUT
from tests.unit.cli.content import Outcome, crm_maturity

CHAPTERS = {
    "content-guide.md": ("## A framework from nothing", "## A report of one's own"),
    "content-guide.zh.md": ("## 三十分钟，从头写一个框架", "## 做一份自己的报告"),
}
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
FRAMEWORK = Path("ours/frameworks/shop-service/framework.yaml")
GUIDE = Path("ours/questionnaires/shop-service-interview.yaml")
CASE = Path("ours/frameworks/shop-service/cases/east-gate.yaml")


class Reader:
    """Somebody who types what the guide shows."""

    def __init__(self, guide: str) -> None:
        text = (CHECKOUT / "docs" / guide).read_text("utf-8")
        opening, closing = CHAPTERS[guide]
        chapter = text[text.index(opening) : text.index(closing)]
        blocks = FENCE.findall(chapter)
        self.yaml: Iterator[str] = iter([body for language, body in blocks if language == "yaml"])
        self.consoles: Iterator[str] = iter([body for language, body in blocks if language == "console"])

    def next_console(self) -> list[tuple[Outcome, str]]:
        """Run the commands of the next console, each with what is shown below it."""
        done = []
        for part in ("\n" + next(self.consoles)).split("\n$ ")[1:]:
            command, _, shown = part.partition("\n")
            program, *arguments = shlex.split(command)
            assert program == "crm-maturity"
            done.append((crm_maturity(*arguments, library=self._library), shown.strip()))
        return done

    @staticmethod
    def _library(root: object) -> Library:
        return load_library(Path("ours"))

    def replace_from(self, file: Path, key: str) -> None:
        """Replace a file from a key on with the next block."""
        text = file.read_text("utf-8")
        file.write_text(text[: text.index(f"\n{key}") + 1] + next(self.yaml), "utf-8")


@pytest.mark.parametrize("guide", CHAPTERS)
def test_the_tutorial_can_be_followed_step_by_step(guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reader = Reader(guide)
    _begin_and_write(reader)
    _break_and_mend(reader)
    _ask(reader)
    _score(reader)
    _publish_and_change(reader)
    assert next(reader.yaml, None) is None
    assert next(reader.consoles, None) is None


def _begin_and_write(reader: Reader) -> None:
    (begun, files), (checked, summary) = reader.next_console()
    assert begun.out.strip() == files
    assert checked.err.strip() == summary
    reader.replace_from(FRAMEWORK, "capabilities:")


def _break_and_mend(reader: Reader) -> None:
    text = FRAMEWORK.read_text("utf-8")
    quoted = '"One visit is enough, whatever papers or systems it takes."'
    assert quoted in text
    FRAMEWORK.write_text(text.replace(quoted, quoted.strip('"')), "utf-8")
    ((checked, shown),) = reader.next_console()
    assert checked.code == 1
    place = re.compile(r":\d+:\d+:")  # comments are longer in one language
    assert place.sub(":", shown) in place.sub(":", checked.out)
    FRAMEWORK.write_text(text, "utf-8")


def _ask(reader: Reader) -> None:
    asked = crm_maturity("lint", "ours", "--format", "json").document["errors"]
    assert {fault["code"] for fault in asked} == {"E403", "E602"}
    reader.replace_from(GUIDE, "roles:")
    text = next(reader.consoles)
    assert "crm-maturity guide shop-service-interview --root ours" in text  # made in another test: paper takes seconds
    assert crm_maturity("lint", "ours", "--format", "json").document == {"files": 2, "errors": [], "warnings": []}


def _score(reader: Reader) -> None:
    CASE.parent.mkdir()
    CASE.write_text(next(reader.yaml), "utf-8")
    ((scored, _),) = reader.next_console()
    assert scored.code == 0
    assert re.search(r"2\.25\s+67%", scored.out)


def _publish_and_change(reader: Reader) -> None:
    ((published, _),) = reader.next_console()
    assert published.code == 0
    text = FRAMEWORK.read_text("utf-8")
    start, end = text.index("      - id: queueing"), text.index("      - id: first-contact")
    text = text[:start] + next(reader.yaml) + text[end:]
    FRAMEWORK.write_text(text, "utf-8")
    assert "E318" in crm_maturity("lint", "ours/frameworks/shop-service").out
    FRAMEWORK.write_text(text.replace("version: 1.0.0", "version: 2.0.0"), "utf-8")
    asked = GUIDE.read_text("utf-8").replace("version: 1.0.0", "version: 2.0.0").replace(">=1,<2", ">=2,<3")
    start, end = asked.index("  - element: queueing"), asked.index("  - element: first-contact")
    GUIDE.write_text(asked[:start] + "  - element: queue-order\n  - element: queue-time\n" + asked[end:], "utf-8")
    assert crm_maturity("lint", "ours").code == 0
    (compared, _), (raised, _) = reader.next_console()
    assert compared.code == 0
    assert raised.code == 0
    assert set(load_library(Path("ours")).versions("shop-service")) == {"1.0.0", "2.0.0"}
