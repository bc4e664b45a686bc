"""Which files a lint of named paths checks, what they are called, and where their references are looked up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.content.lint import lint
from tests.content.writing import (
    BENCHMARK,
    CASE,
    CHECKOUT,
    FRAMEWORK,
    IMPORTANCE,
    PATHS,
    QUESTIONNAIRE,
    REPORT,
    SCENARIO,
    TARGET,
    UNITS,
    WEIGHTS,
    content,
    write,
)

BROKEN = CASE.replace("1.5", "1.3")


def codes(paths: list[Path], root: Path) -> list[tuple[str, str]]:
    return [(fault.file or "", fault.code) for fault in lint(paths, root=root).faults]


def test_a_named_file_of_a_framework_folder_is_checked_within_it_and_alone_reported(tmp_path: Path) -> None:
    root = content(tmp_path, case=BROKEN, weights="[")
    report = lint([root / PATHS["case"]], root=CHECKOUT)
    assert report.files == 1
    assert [(fault.file, fault.code) for fault in report.faults] == [(str(root / PATHS["case"]), "E405")]


def test_files_are_called_as_they_were_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = content(tmp_path, case=BROKEN)
    cases = root / "frameworks/tiny/cases"
    monkeypatch.chdir(cases)
    assert codes([Path("alpha.yaml")], CHECKOUT) == [("alpha.yaml", "E405")]
    assert codes([Path("../cases/alpha.yaml")], CHECKOUT) == [("../cases/alpha.yaml", "E405")]
    monkeypatch.chdir(cases.parent)
    assert codes([Path("cases")], CHECKOUT) == [("cases/alpha.yaml", "E405")]
    assert codes([Path()], CHECKOUT) == [("cases/alpha.yaml", "E405")]
    monkeypatch.chdir(root)
    assert codes([], root) == [("frameworks/tiny/cases/alpha.yaml", "E405")]
    assert codes([Path("questionnaires"), Path("reports")], CHECKOUT) == []
    assert codes([Path("frameworks")], CHECKOUT) == [("frameworks/tiny/cases/alpha.yaml", "E405")]


def test_a_framework_file_is_checked_with_the_files_of_its_tree(tmp_path: Path) -> None:
    text = FRAMEWORK.replace(
        "    children:\n      - {id: selling, name: {zh: 销售, en: Selling}}\n", "    children: use.yaml\n"
    )
    root = write(content(tmp_path, framework=text, case=BROKEN), {"frameworks/tiny/use.yaml": "- {id: Selling}\n"})
    named = root / PATHS["framework"]
    assert codes([named], CHECKOUT) == [
        (str(named.parent / "use.yaml"), "E202"),
        (str(named.parent / "use.yaml"), "E205"),
    ]
    assert codes([named.parent / "use.yaml"], CHECKOUT) == codes([named], CHECKOUT)


def test_a_framework_that_cannot_be_read_is_reported_with_the_case_that_needs_it(tmp_path: Path) -> None:
    root = content(tmp_path, framework="[")
    assert codes([root / PATHS["case"]], CHECKOUT) == [(str(root / PATHS["framework"]), "E101")]


def test_references_resolve_in_the_named_paths_and_then_in_the_content_root(tmp_path: Path) -> None:
    lone = write(tmp_path / "lone", {"case.yaml": CASE})
    assert codes([lone], CHECKOUT) == [(str(lone / "case.yaml"), "E401")]
    root = content(tmp_path / "root")
    assert codes([lone], root) == []
    assert codes([lone, root / "frameworks/tiny"], CHECKOUT) == []
    shipped = CHECKOUT / "frameworks/telecom-crm/cases/shenzhen-2003.yaml"
    copy = write(tmp_path / "copy", {"copied.yaml": shipped.read_text("utf-8")})
    assert codes([copy / "copied.yaml"], CHECKOUT) == []


def test_a_questionnaire_is_checked_against_the_frameworks_beside_it(tmp_path: Path) -> None:
    root = content(tmp_path, questionnaire=QUESTIONNAIRE.replace("element: selling", "element: sold"), framework="[")
    assert codes([root / "questionnaires"], CHECKOUT) == [(str(root / PATHS["questionnaire"]), "E410")]
    write(root, {PATHS["framework"]: FRAMEWORK})
    found = codes([root / PATHS["questionnaire"]], CHECKOUT)
    assert found == codes([root / "questionnaires"], CHECKOUT)
    assert [code for _, code in found] == ["E602", "E403"]


def test_faults_of_the_content_root_are_not_those_of_a_named_path(tmp_path: Path) -> None:
    root = content(tmp_path / "root", weights="[", benchmark="[")
    lone = write(tmp_path / "lone", {"case.yaml": CASE})
    assert codes([lone / "case.yaml"], root) == []


def test_named_content_hides_that_of_the_root(tmp_path: Path) -> None:
    root = content(tmp_path / "root")
    other = content(tmp_path / "other", framework=FRAMEWORK.replace("id: keeping", "id: storing"))
    lone = write(tmp_path / "lone", {"case.yaml": CASE})
    assert codes([lone], root) == []
    assert codes([lone, other / "frameworks/tiny/framework.yaml"], root) == [(str(lone / "case.yaml"), "E403")]


@pytest.mark.parametrize(
    "text", [CASE, BENCHMARK, QUESTIONNAIRE, UNITS, WEIGHTS, TARGET, IMPORTANCE, SCENARIO, REPORT, FRAMEWORK]
)
def test_a_file_of_any_kind_may_be_named_on_its_own(tmp_path: Path, text: str) -> None:
    root = content(tmp_path / "root")
    lone = write(tmp_path / "lone", {"any-name.yaml": text})
    report = lint([lone / "any-name.yaml"], root=root)
    assert (report.files, report.faults) == (1, ())
    assert lint([lone], root=root) == report


def test_a_list_on_its_own_is_read_as_children(tmp_path: Path) -> None:
    lone = write(tmp_path, {"children.yaml": "- {id: a, name: x, colour: red}\n"})
    assert codes([lone / "children.yaml"], CHECKOUT) == [
        (str(lone / "children.yaml"), "W221"),
        (str(lone / "children.yaml"), "E201"),
    ]
    assert "W332" in {code for _, code in codes([lone], CHECKOUT)}


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("format: 1\nkind: frameworks\n", "E217", "kind"),
        ("format: 1\nid: x\n", "E202", "kind"),
        ("just text\n", "E203", ""),
        ("42\n", "E203", ""),
        ("", "E115", ""),
        ("[]\n", "E213", ""),
        ("kind: children\n", "E217", "kind"),
        ("kind: [case]\n", "E217", "kind"),
    ],
)
def test_a_file_that_does_not_say_what_it_is_is_refused(tmp_path: Path, text: str, code: str, path: str) -> None:
    lone = write(tmp_path, {"what.yaml": text})
    (fault,) = lint([lone / "what.yaml"], root=CHECKOUT).faults
    assert (fault.code, fault.path) == (code, path)


def test_a_path_named_twice_or_within_another_is_checked_once(tmp_path: Path) -> None:
    root = content(tmp_path)
    whole = lint([root], root=CHECKOUT)
    assert lint([root, root / "frameworks", root / PATHS["case"], root], root=CHECKOUT) == whole
    assert whole.faults == ()


def test_two_versions_of_a_framework_may_be_named_side_by_side(tmp_path: Path) -> None:
    newer = FRAMEWORK.replace("1.0.0", "1.1.0").replace("id: keeping", "id: storing")
    newer = newer.replace(
        "name: {zh: 收集, en: Collecting}", "name: {zh: 收集, en: Collecting}\n        replaces: [keeping]"
    )
    paths = write(tmp_path, {"a/framework.yaml": FRAMEWORK, "b/framework.yaml": newer})
    assert codes([paths / "a", paths / "b"], CHECKOUT) == []
    assert codes([paths], CHECKOUT) == []


def test_a_named_file_may_be_a_link(tmp_path: Path) -> None:
    root = content(tmp_path / "root")
    link = tmp_path / "link.yaml"
    link.symlink_to(root / PATHS["case"])
    assert codes([link], root) == []


def test_a_file_name_that_is_no_utf8_is_reported_readably(tmp_path: Path) -> None:
    root = content(tmp_path)
    (root / "frameworks/tiny/cases" / os.fsdecode(b"\xff.yaml")).write_text("[")
    ((file, code),) = codes([root], CHECKOUT)
    assert (file.encode(), code) == (f"{root}/frameworks/tiny/cases/\ufffd.yaml".encode(), "E101")


def test_a_chain_of_links_between_folders_ends(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a/case.yaml": CASE})
    (folder / "a" / "again").symlink_to(folder)
    assert lint([folder], root=CHECKOUT).files == 1
