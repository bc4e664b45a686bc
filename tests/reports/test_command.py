"""`crm-maturity report`: a PDF or a fault, with the exit codes of the contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.bootstrap import open_database, open_library
from app.cli.main import Factories, group
from app.settings import CHECKOUT, read_settings

CASES = CHECKOUT / "frameworks" / "telecom-crm" / "cases"
FUZHOU = CASES / "fuzhou-2003.yaml"

OTHER = """format: 1
kind: framework
id: tiny
version: 1.0.0
name: {zh: 小框架, en: Tiny}
tiers: [{id: element, name: {zh: 要素, en: Element}}]
scale:
  min: 1
  max: 7
  step: 0.25
  levels: [{value: 1, name: {zh: 低, en: Low}}, {value: 7, name: {zh: 高, en: High}}]
rollup: {method: weighted-mean, coverage: {publish: 0.8, provisional: 0.6}}
capabilities:
  - {id: one, name: {zh: 第一, en: One}}
  - {id: two, name: {zh: 第二, en: Two}}
"""
CASE = """format: 1
kind: case
id: %s
framework: tiny@1.0.0
unit: {id: %s, name: {zh: 单位, en: Unit}}
round: {id: 2026-03, name: {zh: 2026年3月, en: March 2026}}
scores: {one: {score: 2.25}, two: {score: 6.5}}
"""


def report(*arguments: object) -> Result:
    factories = Factories(**_factories())  # type: ignore[arg-type]
    return CliRunner().invoke(group, ["report", *map(str, arguments)], obj=factories)


def _factories() -> dict[str, object]:
    import dataclasses

    known = {"settings": read_settings, "library": open_library, "database": open_database}
    return {field.name: known.get(field.name) for field in dataclasses.fields(Factories)}


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A framework of one tier on another scale, outside the checkout, with two cases."""
    folder = tmp_path / "tiny"
    (folder / "cases").mkdir(parents=True)
    (folder / "framework.yaml").write_text(OTHER, "utf-8")
    for name in ("first", "second"):
        (folder / "cases" / f"{name}.yaml").write_text(CASE % (name, name), "utf-8")
    return folder / "cases"


def test_a_report_of_an_empty_unit_in_english(tmp_path: Path) -> None:
    out = tmp_path / "fuzhou.pdf"
    done = report(FUZHOU, "--template", "executive", "--out", out, "--locale", "en")
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(b"%PDF-")
    assert done.stdout.strip() == str(out)


def test_a_framework_outside_the_checkout_with_one_tier_and_another_scale(tiny: Path, tmp_path: Path) -> None:
    out = tmp_path / "tiny.pdf"
    done = report(
        tiny / "first.yaml", tiny / "second.yaml", "--template", "executive", "--out", out, "--format", "json"
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told.pop("pages") > 5
    assert told == {"file": str(out), "bytes": out.stat().st_size, "format": "pdf", "untranslated": []}


@pytest.mark.parametrize(
    ("name", "begins"),
    [("x.csv.zip", b"PK"), ("x.yaml.zip", b"PK"), ("x.json", b"{"), ("x.docx", b"PK"), ("X.XLSX", b"PK")],
)
def test_the_suffix_says_which_file_is_written(tiny: Path, tmp_path: Path, name: str, begins: bytes) -> None:
    out = tmp_path / name
    done = report(tiny / "first.yaml", "--template", "executive", "--out", out, "--format", "json")
    assert done.exit_code == 0, done.output
    assert out.read_bytes().startswith(begins)
    told = json.loads(done.stdout)
    assert (told["format"], told["pages"]) == (name.split(".")[1].lower(), None)


@pytest.mark.parametrize("name", ["x.csv", "x.yaml", "x.zip", "x.doc", "x"])
def test_another_suffix_is_answered_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    done = report(FUZHOU, "--template", "executive", "--out", tmp_path / name)
    assert done.exit_code == 2
    known = ".pdf, .pptx, .docx, .xlsx, .csv.zip, .json or .yaml.zip"
    assert f"{name} must end in {known}." in " ".join(done.stderr.split())
    assert not (tmp_path / name).exists()


def test_data_go_into_a_pdf_only(tmp_path: Path) -> None:
    done = report(FUZHOU, "--template", "executive", "--out", tmp_path / "x.json", "--with-data")
    assert done.exit_code == 2
    assert "a .pdf can" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--template", "nope", "--out", "{}/x.pdf"), "--template"),
        (("--template", "executive", "--out", "{}/missing/x.pdf"), "--out"),
        (("--template", "executive", "--out", "{}/x.doc"), "--out"),
        (("--template", "executive", "--out", "{}/x.pdf", "--benchmark", "nope"), "--benchmark"),
        (("--template", "executive", "--out", "{}/x.pdf", "--weights", "nope"), "--weights"),
        (("--template", "executive", "--out", "{}/x.pdf", "--locale", "fr"), "--locale"),
        (("--template", "executive"), "--out"),
        (("--out", "{}/x.pdf"), "--template"),
    ],
)
def test_wrong_usage_is_2(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    done = report(FUZHOU, *(argument.replace("{}", str(tmp_path)) for argument in arguments))
    assert done.exit_code == 2, done.output
    assert word in done.stderr
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_case_that_is_not_there_is_2(tmp_path: Path) -> None:
    assert report(tmp_path / "no.yaml", "--template", "executive", "--out", tmp_path / "x.pdf").exit_code == 2


def test_faults_of_a_case_are_1(tiny: Path, tmp_path: Path) -> None:
    case = tiny / "first.yaml"
    case.write_text(case.read_text("utf-8").replace("2.25", "2.3"), "utf-8")
    done = report(case, "--template", "executive", "--out", tmp_path / "x.pdf", "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["errors"][0]["line"] == 7


def test_cases_of_two_frameworks_are_1(tiny: Path, tmp_path: Path) -> None:
    done = report(FUZHOU, tiny / "first.yaml", "--template", "executive", "--out", tmp_path / "x.pdf")
    assert done.exit_code == 1
    assert "one framework" in done.stderr


def test_the_same_case_twice_is_1(tiny: Path, tmp_path: Path) -> None:
    done = report(tiny / "first.yaml", tiny / "first.yaml", "--template", "executive", "--out", tmp_path / "x.pdf")
    assert done.exit_code == 1
    assert "once" in done.stderr
