"""Fault codes: each is reported by some check, tried by some test, and explained to editors in the same words."""

from __future__ import annotations

import re

import pytest

from app.content.faults import SENTENCES
from tests.content.writing import CHECKOUT

ROW = re.compile(r"^\| ([EW]\d{3}) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
SOURCES = "".join(path.read_text("utf-8") for path in (CHECKOUT / "app" / "content").rglob("*.py"))
TESTS = "".join(path.read_text("utf-8") for path in (CHECKOUT / "tests" / "content").glob("test_*.py"))


def test_every_code_is_explained_in_the_words_of_its_message() -> None:
    explained = {
        code: says for code, says, _, _ in ROW.findall((CHECKOUT / "docs" / "fault-codes.md").read_text("utf-8"))
    }
    assert explained == SENTENCES


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_is_reported_and_tried(code: str) -> None:
    made = code in ("E118", "W118")  # made from the severity of what they stand for
    assert made or SOURCES.count(f'"{code}"') >= 2
    assert code in TESTS
