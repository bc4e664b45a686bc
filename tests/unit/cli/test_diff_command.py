"""`crm-maturity diff`: two framework versions against each other, from folders and from the content root."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.content.library import load_library
from app.settings import CHECKOUT
from tests.unit.cli import content
from tests.unit.cli.content import Outcome, framework_document, written

LISTS = ("added", "removed", "moved", "renamed", "reweighted", "reworded", "rescaled")


def diff(*arguments: str | Path, root: Path = CHECKOUT) -> Outcome:
    return content.crm_maturity("diff", *arguments, library=lambda _: load_library(root))


def capability(node_id: str, **more: object) -> dict[str, object]:
    return {"id": node_id, "name": {"zh": node_id, "en": node_id}, **more}


def sketch(folder: Path, *capabilities: dict[str, object], **overrides: Any) -> Path:
    written(folder / "framework.yaml", framework_document(depth=1, capabilities=list(capabilities), **overrides))
    return folder


def test_a_framework_does_not_differ_from_itself() -> None:
    shipped = CHECKOUT / "frameworks" / "telecom-crm"
    done = diff(shipped, "telecom-crm@1.0.0", "--format", "json")
    assert done.code == 0
    assert done.document["old"] == done.document["new"] == "telecom-crm@1.0.0"
    assert done.document["step"] == "none"
    assert all(done.document[name] == [] for name in LISTS)
    assert "没有差别" in diff(shipped, shipped).out


def test_every_kind_of_change_stands_in_its_list_with_old_and_new(tmp_path: Path) -> None:
    old = sketch(
        tmp_path / "old",
        capability("a"),
        capability("b", weight=1),
        capability("c"),
        capability("d"),
        scale=(0, 5, 0.5),
    )
    new = sketch(
        tmp_path / "new",
        capability("d"),
        capability("a", definition={"zh": "新", "en": "New"}),
        capability("b", weight=2.5),
        capability("e", replaces=["c"], name={"zh": "戊", "en": "Fifth"}),
        version="2.0.0",
        scale=(0, 5, 1),
    )
    found = diff(old, new, "--format", "json").document
    assert [(one["id"], one["new"]["weight"]) for one in found["added"]] == [("e", 1)]
    assert [(one["id"], one["old"]["parent"], one["new"]) for one in found["removed"]] == [("c", None, None)]
    assert [(one["id"], one["old"]["position"], one["new"]["position"]) for one in found["moved"]] == [("d", 4, 1)]
    assert found["reweighted"] == [{"id": "b", "old": 1, "new": 2.5}]
    assert [one["id"] for one in found["reworded"]] == ["a"]
    assert [(one["old"]["step"], one["new"]["step"]) for one in found["rescaled"]] == [(0.5, 1)]
    assert found["carried"] == {"e": ["c"]}
    assert found["step"] == "major"


@pytest.mark.parametrize(
    ("locale", "heading", "needed"),
    [
        ("zh", "改权重 (1)", "版本号至少要升：次版本号"),
        ("en", "Reweighted (1)", "The version must rise by at least: minor"),
    ],
)
def test_the_text_names_what_changed_and_the_step_it_needs(
    tmp_path: Path, locale: str, heading: str, needed: str
) -> None:
    old = sketch(tmp_path / "old", capability("a"), capability("b"))
    new = sketch(tmp_path / "new", capability("a"), capability("b", weight=2))
    lines = diff(old, new, "--locale", locale).out.splitlines()
    assert lines[lines.index(heading) + 1] == "  b  1 → 2"
    assert lines[-1] == needed


def test_a_folder_with_faults_is_told_with_their_places(tmp_path: Path) -> None:
    sound = sketch(tmp_path / "old", capability("a"))
    faulty = sketch(tmp_path / "new", capability("a"), capability("a"))
    done = diff(sound, faulty, "--format", "json")
    assert done.code == 1
    assert [one["file"] for one in done.document["errors"]] == [str(faulty / "framework.yaml")]


@pytest.mark.parametrize("name", ["nowhere", "telecom-crm@9.9.9", "."])
def test_what_is_no_framework_is_wrong_usage(name: str, tmp_path: Path) -> None:
    named = tmp_path if name == "." else name
    done = diff("telecom-crm", named)
    assert done.code == 2
    assert str(named) in done.err.replace("\n", "")
