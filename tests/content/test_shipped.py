"""The content that is shipped: no fault, quick to check, known to editors by its schema."""

from __future__ import annotations

import re
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from app.content import located
from app.content.faults import Document, Faults
from app.content.json_schema import json_schema, schema_files
from app.content.kinds import KINDS
from app.content.library import Library
from app.content.lint import lint
from app.content.reading import read_file
from tests.content.writing import CHECKOUT, FILES, LIBRARY, write

SCHEMAS = CHECKOUT / "frameworks" / "schema"
SHIPPED = sorted(
    path for folder in ("frameworks", "questionnaires", "reports") for path in (CHECKOUT / folder).rglob("*.yaml")
)
EDITOR_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


def plain(node: located.Node | None) -> Any:
    """Return a tree as an editor sees it: plain values, keys as text."""
    if isinstance(node, located.Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    if isinstance(node, located.Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, located.Scalar)
    if isinstance(node.value, Fraction):
        return int(node.value) if node.value.denominator == 1 else float(node.value)
    return node.value


def read(path: Path) -> Any:
    faults = Faults()
    tree = read_file(path, Document(str(path), faults))
    assert faults.sorted() == ()
    return plain(tree)


def test_everything_shipped_has_no_fault_and_no_warning_within_two_seconds() -> None:
    before = time.process_time()
    report = lint([], root=CHECKOUT)
    assert time.process_time() - before < 2
    assert report.faults == ()
    assert report.files == len(SHIPPED)


def test_the_committed_schemas_are_those_that_the_definitions_give() -> None:
    assert {path.name: path.read_text("utf-8") for path in SCHEMAS.iterdir()} == schema_files()


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_valid_draft_7_and_describes_every_key(kind: str) -> None:
    schema = json_schema(kind)
    jsonschema.Draft7Validator.check_schema(schema)

    def described(part: Any) -> None:
        if isinstance(part, dict):
            for name, value in part.get("properties", {}).items():
                assert value.get("description") or name in ("zh", "en")
            for value in part.values():
                described(value)
        elif isinstance(part, list):
            for value in part:
                described(value)

    described(schema)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_shipped_file_names_its_schema_and_is_valid_against_it(path: Path) -> None:
    match = EDITOR_LINE.match(path.read_text("utf-8"))
    assert match, "the first line tells editors the schema"
    schema = (path.parent / match[1]).resolve()
    assert schema.parent == SCHEMAS
    values = read(path)
    kind = values["kind"] if isinstance(values, dict) else "children"
    assert schema.name == f"{kind}.schema.json"
    assert list(jsonschema.Draft7Validator(json_schema(kind)).iter_errors(values)) == []


@pytest.mark.parametrize("path", sorted(LIBRARY.rglob("*.yaml")), ids=lambda path: str(path.relative_to(LIBRARY)))
def test_every_tiny_framework_is_valid_against_the_schemas(path: Path) -> None:
    values = read(path)
    kind = values["kind"] if isinstance(values, dict) else "children"
    assert list(jsonschema.Draft7Validator(json_schema(kind)).iter_errors(values)) == []


def test_the_schemas_know_every_kind_that_lint_knows(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    for name in FILES:
        values = read(tmp_path / name)
        validator = jsonschema.Draft7Validator(json_schema(values["kind"]))
        assert list(validator.iter_errors(values)) == []
        assert list(validator.iter_errors({**values, "colour": "red"})) != []


def test_the_numbers_of_the_content_are_those_of_the_sources(library: Library) -> None:
    framework = library.framework("telecom-crm")
    assert (len(framework.capabilities), len(framework.on_tier("group")), len(framework.leaves)) == (5, 16, 50)
    assert {case.id: (len(case.scores), len(case.published)) for case in library.cases("telecom-crm")} == {
        "china-telecom-2003": (50, 16),
        "fuzhou-2003": (0, 0),
        "guangzhou-2003": (36, 9),
        "shenzhen-2003": (50, 16),
    }


def test_every_evidence_of_an_interview_can_be_ticked(library: Library) -> None:
    for questionnaire in library.questionnaires():
        for item in questionnaire.items:
            ids = [prompt.id for prompt in item.evidence]
            assert all(ids)
            assert len(set(ids)) == len(ids)
