"""`crm-maturity lint` and `schema` as a shell sees them: output, exit codes, environment."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.bootstrap import open_library
from app.cli.lint import lint
from app.cli.main import Factories
from app.cli.schema import schema
from app.content.json_schema import schema_files
from app.settings import read_settings
from tests.content.writing import CASE, CHECKOUT, content, write

Run = Callable[..., Result]


def never(*_: object, **__: object) -> object:
    raise AssertionError("lint opens neither a database nor an application")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("CRM_MATURITY_ROOT", raising=False)
    others: dict[str, Any] = {field.name: never for field in fields(Factories)}
    factories = Factories(**{**others, "settings": read_settings, "library": open_library})

    def run(*arguments: object, command: object = lint) -> Result:
        return CliRunner().invoke(command, [str(argument) for argument in arguments], obj=factories)  # type: ignore[arg-type]

    return run


def test_faults_are_one_json_document_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    root = content(tmp_path, case=CASE.replace("1.5", "1.3"), framework="[")
    result = run(root, "--format", "json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert set(document) == {"files", "errors", "warnings"}
    assert document["files"] == 10
    assert all(set(e) == {"file", "line", "column", "code", "path", "message"} for e in document["errors"])
    assert all(isinstance(e["line"], int) and isinstance(e["column"], int) for e in document["errors"])


def test_warnings_alone_leave_the_exit_code_0(run: Run, tmp_path: Path) -> None:
    root = write(content(tmp_path), {"frameworks/stray.yaml": "[]"})
    root = write(root, {"frameworks/stray.yaml": "- {id: a, name: {zh: 甲, en: A}}\n"})
    result = run(root, "--format", "json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["errors"] == []
    assert [warning["code"] for warning in document["warnings"]] == ["W332"]


def test_text_output_names_file_line_and_column(run: Run, tmp_path: Path) -> None:
    root = content(tmp_path, case=CASE.replace("1.5", "1.3"))
    result = run(root)
    assert result.exit_code == 1
    path = root / "frameworks/tiny/cases/alpha.yaml"
    assert result.stdout.startswith(f"{path}:9:23: error E405: 1.3 is not on the scale; ")
    assert result.stderr == "10 files: 1 errors, 0 warnings\n"


def test_a_path_that_does_not_exist_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path / "nothing").exit_code == 2
    assert run("--root", tmp_path / "nothing").exit_code == 2
    assert run("--format", "xml").exit_code == 2


def test_without_a_path_the_content_root_is_checked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = content(tmp_path)
    assert json.loads(run("--root", root, "--format", "json").stdout)["files"] == 10
    monkeypatch.setenv("CRM_MATURITY_ROOT", str(root))
    assert json.loads(run("--format", "json").stdout)["files"] == 10


def test_schemas_are_written_and_then_known_to_be_as_they_should(run: Run, tmp_path: Path) -> None:
    assert run("--check", command=schema).exit_code == 0
    assert run("--out", tmp_path, "--check", command=schema).exit_code == 1
    assert run("--out", tmp_path, command=schema).exit_code == 0
    assert run("--out", tmp_path, "--check", command=schema).exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == set(schema_files())
    assert CHECKOUT not in tmp_path.parents
