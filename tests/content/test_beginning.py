"""What a new framework begins with: commented files in two languages that have no fault, whatever was asked for."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from app.content.beginning.framework import framework_text
from app.content.beginning.plan import Plan, PlanRefused, questionnaire_id
from app.content.beginning.questionnaire import questionnaire_text
from app.content.library import load_library
from app.content.lint import lint
from app.core.text import LOCALES, Locale, Text
from tests.content.writing import write
from tests.unit.cli.content import crm_maturity

SCALES = [
    ("0", "5", "0.5"),
    ("1", "7", "0.25"),
    ("-2", "2", "1"),
    ("0", "100", "5"),
    ("0", "1", "0.001"),
    ("0.5", "3", "0.5"),
]


def begun(root: Path, plan: Plan) -> Path:
    return write(
        root,
        {
            f"frameworks/{plan.id}/framework.yaml": framework_text(plan),
            f"questionnaires/{questionnaire_id(plan.id)}.yaml": questionnaire_text(plan),
        },
    )


@pytest.mark.parametrize("tiers", range(1, 7))
@pytest.mark.parametrize("comments", LOCALES)
def test_every_depth_lints_without_a_warning(tmp_path: Path, tiers: int, comments: Locale) -> None:
    plan = Plan("shop-floor", Text("门店", "Shop floor"), tiers, comments=comments)
    report = lint([], root=begun(tmp_path, plan))
    assert report.files == 2
    assert report.faults == ()
    framework = load_library(tmp_path).framework("shop-floor")
    assert len(framework.tiers) == tiers
    assert len(framework.leaves) == 3


@pytest.mark.parametrize(("low", "high", "step"), SCALES)
def test_every_scale_lints_without_a_warning(tmp_path: Path, low: str, high: str, step: str) -> None:
    plan = Plan("own", Text("自己的", "Own"), 2, Fraction(low), Fraction(high), Fraction(step))
    assert lint([], root=begun(tmp_path, plan)).faults == ()
    scale = load_library(tmp_path).framework("own").scale
    assert (scale.minimum, scale.maximum, scale.step) == (Fraction(low), Fraction(high), Fraction(step))
    assert 2 <= len(scale.levels) <= 11


@pytest.mark.parametrize(
    "name",
    ["no", "甲：乙，丙", 'a "b" \\ {c}', "true", "2003", "- x", "# 号", "*星", "x: y", "😀", " 前后 ", "中" * 100],
)
def test_any_name_is_written_so_that_it_is_read_again(tmp_path: Path, name: str) -> None:
    plan = Plan("own", Text(name, name))
    assert lint([], root=begun(tmp_path, plan)).errors == ()
    assert load_library(tmp_path).framework("own").name == Text(name, name)


@pytest.mark.parametrize("framework_id", ["no", "on", "y", "a", "x" * 64, "true"])
def test_an_id_that_yaml_could_take_for_something_else_is_quoted(tmp_path: Path, framework_id: str) -> None:
    assert lint([], root=begun(tmp_path, Plan(framework_id, Text("甲", "A")))).faults == ()


@pytest.mark.parametrize("comments", LOCALES)
def test_comments_speak_one_language_and_texts_both(comments: Locale) -> None:
    text = framework_text(Plan("own", Text("甲", "A"), comments=comments))
    remarks = [line for line in text.splitlines() if "# " in line]
    assert len(remarks) > 8
    assert any("一" <= sign <= "鿿" for line in remarks for sign in line) == (comments == "zh")
    assert "能力要素" in text
    assert "Capability element" in text


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan("Own", Text("甲")), "id"),
        (Plan("../own", Text("甲")), "id"),
        (Plan("x" * 65, Text("甲")), "id"),
        (Plan("own", Text("甲"), 0), "tiers"),
        (Plan("own", Text("甲"), 7), "tiers"),
        (Plan("own", Text("甲"), step=Fraction(0)), "scale"),
        (Plan("own", Text("甲"), step=Fraction(2)), "scale"),
        (Plan("own", Text("甲"), maximum=Fraction(0)), "scale"),
        (Plan("own", Text("甲"), step=Fraction(1, 1000)), "scale"),
    ],
)
def test_what_would_not_be_a_framework_is_refused(plan: Plan, field: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        framework_text(plan)
    assert refused.value.field == field


# the command


def test_the_command_writes_files_that_lint_clean(tmp_path: Path) -> None:
    done = crm_maturity("new-framework", "shop-floor", "--dir", tmp_path / "own", "--format", "json")
    assert done.code == 0
    files = [Path(path) for path in done.document["files"]]
    assert [path.relative_to(tmp_path / "own").as_posix() for path in files] == [
        "frameworks/shop-floor/framework.yaml",
        "questionnaires/shop-floor-interview.yaml",
    ]
    checked = crm_maturity("lint", tmp_path / "own", "--format", "json").document
    assert checked == {"files": 2, "errors": [], "warnings": []}


def test_the_command_follows_its_options(tmp_path: Path) -> None:
    options = ["--tiers", "2", "--scale", "1:7:0.25", "--language", "en", "--name-zh", "门店", "--name-en", "Shops"]
    done = crm_maturity("new-framework", "shops", "--dir", tmp_path, "--no-questionnaire", *options)
    assert done.code == 0
    assert "docs/content-guide.md" in done.err
    framework = load_library(tmp_path).framework("shops")
    assert [framework.name, len(framework.tiers), framework.scale.maximum] == [Text("门店", "Shops"), 2, 7]
    assert not (tmp_path / "questionnaires").exists()


def test_the_command_overwrites_nothing(tmp_path: Path) -> None:
    assert crm_maturity("new-framework", "own", "--dir", tmp_path).code == 0
    file = tmp_path / "frameworks/own/framework.yaml"
    file.write_text("mine")
    again = crm_maturity("new-framework", "own", "--dir", tmp_path)
    assert again.code == 1
    assert "already" in again.err
    assert file.read_text() == "mine"


def test_an_id_of_the_content_root_is_taken_in_another_folder_too(tmp_path: Path) -> None:
    done = crm_maturity("new-framework", "telecom-crm", "--dir", tmp_path, "--format", "json")
    assert done.code == 1
    assert [error["code"] for error in done.document["errors"]] == ["exists"]
    assert not list(tmp_path.iterdir())


def test_the_content_root_is_the_usual_place(tmp_path: Path) -> None:
    (tmp_path / "frameworks" / "schema").mkdir(parents=True)
    assert crm_maturity("new-framework", "own", root=tmp_path).code == 0
    text = (tmp_path / "frameworks/own/framework.yaml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/")


@pytest.mark.parametrize(
    "wrong", [["Own"], ["own", "--tiers", "9"], ["own", "--scale", "0-5"], ["own", "--scale", "5:0:1"]]
)
def test_wrong_usage_is_said_and_nothing_written(tmp_path: Path, wrong: list[str]) -> None:
    assert crm_maturity("new-framework", *wrong, "--dir", tmp_path).code == 2
    assert not list(tmp_path.iterdir())
