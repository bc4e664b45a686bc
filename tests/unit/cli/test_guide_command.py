"""`crm-maturity guide`: what it refuses, and that it prints a questionnaire without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.bootstrap import open_library
from app.cli.guide import guide
from app.cli.main import Factories
from app.services import guides
from app.settings import CHECKOUT

ROOT = str(CHECKOUT / "tests" / "library")


def run(*arguments: str) -> tuple[int, str]:
    others: dict[str, Any] = dict.fromkeys(set(Factories.__slots__) - {"library"})
    factories = Factories(library=open_library, **others)
    done = CliRunner().invoke(guide, [*arguments, "--root", ROOT], obj=factories)
    return done.exit_code, done.output


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []

    def press(typescript: object, **_: object) -> bytes:
        seen.append(typescript.html)  # type: ignore[attr-defined]
        return b"%PDF-1.7 stand-in"

    monkeypatch.setattr(guides, "print_pdf", press)
    return seen


def test_a_questionnaire_is_printed_for_a_role(tmp_path: Path, pressed: list[str]) -> None:
    out = tmp_path / "guide.pdf"
    code, output = run("interviews-guide", "--role", "billing", "--locale", "en", "--out", str(out), "--format", "json")
    assert (code, json.loads(output)) == (0, {"file": str(out), "bytes": 17, "elements": 4})
    assert out.read_bytes() == b"%PDF-1.7 stand-in"
    assert "Which data is collected?" in pressed[0]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("none", "--out", "g.pdf"), "known are"),
        (("interviews-guide", "--role", "none", "--out", "g.pdf"), "is none of"),
        (("interviews-guide", "--out", "g.txt"), "must end in .pdf"),
        (("interviews-guide", "--out", "/nowhere/at/all/g.pdf"), "does not exist"),
    ],
)
def test_what_is_not_there_is_wrong_usage(arguments: tuple[str, ...], reason: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert reason in " ".join(output.split())
