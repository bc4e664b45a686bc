"""A fingerprint is the same for the same values and another one for others, in whatever order they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from app.core.report import Paper
from app.services import fingerprints
from app.services.fingerprints import files_below, fingerprint, program


@dataclass(frozen=True)
class Named:
    name: str
    values: tuple[object, ...] = ()


def test_equal_values_have_one_fingerprint() -> None:
    one = {"a": [1, Fraction(1, 3), None], "b": Named("x", (date(2026, 3, 2), Paper.A4, True))}
    two = {"b": Named("x", (date(2026, 3, 2), Paper.A4, True)), "a": (1, Fraction(2, 6), None)}
    assert fingerprint(one, {3, 1, 2}) == fingerprint(two, {2, 3, 1})


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (1, "1"),
        (None, "None"),
        (("ab", "c"), ("a", "bc")),
        (("a", ("b",)), (("a",), "b")),
        ({"a": "b"}, {"b": "a"}),
        ({}, ()),
        (Named("a"), Named("b")),
        (Fraction(1, 2), Fraction(1, 3)),
        (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, 1, tzinfo=UTC)),
    ],
)
def test_other_values_have_another(one: object, two: object) -> None:
    assert fingerprint(one) != fingerprint(two)


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        fingerprint([object()])


def test_a_changed_renamed_or_new_file_shows(tmp_path: Path) -> None:
    (tmp_path / "report.css").write_text("a")
    seen = {files_below([tmp_path])}
    (tmp_path / "report.css").write_text("b")
    seen.add(files_below([tmp_path]))
    (tmp_path / "report.css").rename(tmp_path / "other.css")
    seen.add(files_below([tmp_path]))
    (tmp_path / "logo.svg").touch()
    seen.add(files_below([tmp_path, tmp_path / "nowhere"]))
    assert len(seen) == 4


def test_the_program_has_one_fingerprint() -> None:
    assert program() == program()
    assert len(program()) == 64


def test_a_program_changed_under_a_running_server_has_another_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprints, "CHECKOUT", tmp_path)
    (tmp_path / "app").mkdir()
    seen = {program()}
    (tmp_path / "app" / "new.py").write_text("ONE = 1\n", encoding="utf-8")
    seen.add(program())
    (tmp_path / "app" / "new.py").write_text("ONE = 100\n", encoding="utf-8")
    seen.add(program())
    (tmp_path / "app" / "page.html").touch()
    seen.add(program())
    assert len(seen) == 3
