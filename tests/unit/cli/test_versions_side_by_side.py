"""Cases of two versions of a framework side by side: in the newer one, and said so in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.content.library import load_framework, load_library
from app.content.snapshot import digest, framework_document
from tests.services.shelves import FIRST, HALVES, QUARTERS, SECOND, framework_text
from tests.unit.cli.content import crm_maturity

BEFORE = {"kept": 1, "moved": 2, "renamed": 3, "cut": 4, "one": 2, "two": 5, "gone": 5}
AFTER = {"kept": 2, "moved": 2, "called": 4, "left": 4, "right": 3, "both": 3}


def laid_out(root: Path, *, scale: str = HALVES) -> tuple[Path, Path]:
    """Write a content root with two versions and a case of each; return the cases."""
    folder = root / "frameworks" / "small"
    texts = {folder / "versions" / "1.0.0": framework_text("1.0.0", FIRST)}
    texts[folder] = framework_text("2.0.0", SECOND, scale=scale)
    hashes = []
    for place, text in texts.items():
        place.mkdir(parents=True, exist_ok=True)
        (place / "framework.yaml").write_text(text, "utf-8")
        found = load_framework(place)
        hashes.append(f"  {found.version}: {digest(framework_document(found))}")
    lines = ["format: 1", "kind: versions", "id: small", "versions:", *hashes]
    (folder / "versions.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    (root / "questionnaires").mkdir()
    old = case(root, "north-2025", "1.0.0", BEFORE)
    new = case(root, "north-2026", "2.0.0", AFTER)
    return old, new


def case(root: Path, name: str, version: str, scores: dict[str, int]) -> Path:
    year = name.rpartition("-")[2]
    lines = [
        "format: 1",
        "kind: case",
        f"id: {name}",
        f"framework: small@{version}",
        "unit: {id: north, name: {zh: 北方, en: North}}",
        f"round: {{id: '{year}', name: {{zh: {year}年, en: '{year}'}}, date: {year}-03-01}}",
        "scores:",
        *(f"  {element}: {{score: {score}}}" for element, score in scores.items()),
    ]
    path = root / f"{name}.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def test_an_older_case_stands_in_the_newer_version_whichever_is_named_first(tmp_path: Path) -> None:
    old, new = laid_out(tmp_path)
    for order in ((old, new), (new, old)):
        done = crm_maturity("compare", *order, "--root", tmp_path, "--format", "json")
        document = json.loads(done.out)
        basis = {column["id"]: column["basis"] for column in document["columns"]}
        assert basis == {
            "north-2025": {"version": "1.0.0", "kept": 2, "mapped": 4, "missing": 1, "lost": 1},
            "north-2026": None,
        }
        both = next(row for row in document["rows"] if row["node"] == "both")
        assert sorted(both["values"]) == [3, 3.5]


def test_the_table_says_what_it_rests_on_in_either_language(tmp_path: Path) -> None:
    cases = laid_out(tmp_path)
    zh = crm_maturity("compare", *cases, "--root", tmp_path, "--locale", "zh").out
    assert "北方是按 1.0.0 版评的，放到 2.0.0 版里比较：2 个要素照旧，4 个按对应关系转来，2 个不可比。" in zh
    en = crm_maturity("compare", *cases, "--root", tmp_path, "--locale", "en").out
    assert "North was assessed in version 1.0.0 and is compared in version 2.0.0" in en


@pytest.mark.parametrize("command", ["compare", "report"])
def test_cases_on_different_scales_are_refused(tmp_path: Path, command: str) -> None:
    cases = laid_out(tmp_path, scale=QUARTERS)
    reports = Path(__file__).parents[3] / "reports"
    (tmp_path / "reports").symlink_to(reports)
    more: list[str | Path] = ["--template", "progress", "--out", tmp_path / "p.json"] if command == "report" else []
    done = crm_maturity(command, *cases, "--root", tmp_path, *more, library=lambda _: load_library(tmp_path))
    assert done.code == 1
    assert "different scales" in done.err


def test_a_report_of_two_rounds_in_two_versions_says_what_its_changes_rest_on(tmp_path: Path) -> None:
    cases = laid_out(tmp_path)
    (tmp_path / "reports").symlink_to(Path(__file__).parents[3] / "reports")
    out = tmp_path / "progress.json"
    asked: list[str | Path] = ["--root", tmp_path, "--template", "progress", "--out", out]
    done = crm_maturity("report", *cases, *asked, library=lambda _: load_library(tmp_path))
    assert done.code == 0, done.err
    assert "2个要素照旧，4个按对应关系转来，2个不可比" in json.dumps(
        json.loads(out.read_text("utf-8")), ensure_ascii=False
    )
