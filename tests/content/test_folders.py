"""What lies in a framework's folder: children in files, links, strays, published versions (security.md, threat 4.9)."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.content.folders import Folder, Reads
from app.content.frameworks import read_framework
from app.content.lint import lint
from app.content.snapshot import digest, framework_document
from tests.content.writing import (
    CASE,
    FRAMEWORK,
    LIBRARY,
    PATHS,
    QUESTIONNAIRE,
    Seen,
    content,
    found_in,
    lint_root,
    write,
)

FOLDER = "frameworks/tiny"
SPLIT = FRAMEWORK.replace(
    "    children:\n      - {id: selling, name: {zh: 销售, en: Selling}}\n", "    children: use.yaml\n"
)
CHILDREN = "- {id: selling, name: {zh: 销售, en: Selling}}\n"


def test_children_may_stand_in_a_file_beside_and_faults_in_it_are_located_there(tmp_path: Path) -> None:
    root = write(content(tmp_path, framework=SPLIT), {f"{FOLDER}/use.yaml": CHILDREN})
    assert lint_root(root).faults == ()
    write(root, {f"{FOLDER}/use.yaml": "- {id: selling, name: {zh: 销售, en: Selling}, weight: x}\n"})
    assert found_in(lint_root(root), root, f"{FOLDER}/use.yaml") == [Seen("E203", 1, 60 - 6, "[0].weight")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../x", "E216"),
        ("../use.yaml", "E216"),
        ("sub/use.yaml", "E216"),
        ("/etc/passwd", "E216"),
        ("'..'", "E216"),
        ("'.'", "E216"),
        ("'..\\use.yaml'", "E216"),
        ("'C:\\use.yaml'", "E216"),
        ("''", "E216"),
        ('"use\\0.yaml"', "E112"),
        ("5", "E203"),
        ("{a: 1}", "E203"),
        ("gone.yaml", "E314"),
        ("cases", "E314"),
        ("framework.yaml", "E316"),
    ],
)
def test_a_file_name_must_be_that_of_a_file_beside(tmp_path: Path, name: str, code: str) -> None:
    root = content(tmp_path, framework=SPLIT.replace("use.yaml", name))
    faults = found_in(lint_root(root), root, PATHS["framework"])
    assert (faults[0].code, faults[0].path) == (code, "capabilities[1].children")


def test_ids_in_a_part_of_the_tree_that_cannot_be_read_are_not_said_to_be_unknown(tmp_path: Path) -> None:
    text = SPLIT.replace(
        "name: {zh: 收集, en: Collecting}", "name: {zh: 收集, en: Collecting}\n        prerequisites: [selling]"
    )
    root = write(content(tmp_path, framework=text), {f"{FOLDER}/use.yaml": "- {id: selling"})
    report = lint_root(root)
    assert [(Path(fault.file or "").name, fault.code) for fault in report.faults] == [("use.yaml", "E101")]


def test_files_that_contain_each_other_are_refused(tmp_path: Path) -> None:
    one = "- {id: one, name: {zh: 一, en: One}, children: two.yaml}\n"
    two = "- {id: two, name: {zh: 二, en: Two}, children: one.yaml}\n"
    root = write(content(tmp_path, framework=SPLIT.replace("use.yaml", "one.yaml")), {})
    write(root, {f"{FOLDER}/one.yaml": one, f"{FOLDER}/two.yaml": two})
    (fault,) = [fault for fault in lint_root(root).errors if fault.code == "E316"]
    assert (fault.file, fault.path) == (str(root / FOLDER / "two.yaml"), "[0].children")
    assert "one.yaml → two.yaml → one.yaml" in fault.message


def test_a_link_out_of_the_folder_is_refused_and_one_within_is_not(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"use.yaml": CHILDREN})
    root = content(tmp_path / "root", framework=SPLIT)
    (root / FOLDER / "use.yaml").symlink_to(outside / "use.yaml")
    assert [fault.code for fault in lint_root(root).errors] == ["E315"]
    (root / FOLDER / "use.yaml").unlink()
    write(root, {f"{FOLDER}/real.yaml": CHILDREN})
    (root / FOLDER / "use.yaml").symlink_to("real.yaml")
    assert lint_root(root).errors == ()


@pytest.mark.parametrize("name", ["cases/linked.yaml", "weights/linked.yaml", "benchmarks/linked.yaml", "linked.yaml"])
def test_any_file_of_a_folder_that_is_a_link_out_of_it_is_refused(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2\n")
    root = content(tmp_path / "root")
    (root / FOLDER / name).symlink_to(secret)
    report = lint_root(root)
    assert "E315" in {fault.code for fault in report.errors if fault.file == str(root / FOLDER / name)}
    assert "hunter2" not in str(report.faults)
    assert "password" not in str(report.faults)


def test_a_questionnaire_that_is_a_link_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    root = content(tmp_path / "root")
    (tmp_path / "secret.yaml").write_text(QUESTIONNAIRE)
    (root / "questionnaires/linked.yaml").symlink_to(tmp_path / "secret.yaml")
    assert [fault.code for fault in lint_root(root).errors] == ["E315"]


def test_a_file_that_nothing_refers_to_is_a_warning(tmp_path: Path) -> None:
    root = write(
        content(tmp_path),
        {
            f"{FOLDER}/stray.yaml": CHILDREN,
            f"{FOLDER}/old/framework.yaml": FRAMEWORK,
            "frameworks/stray.yaml": CHILDREN,
            "questionnaires/old/guide.yaml": QUESTIONNAIRE,
            "reports/brief/more.yaml": "format: 1\n",
        },
    )
    report = lint_root(root)
    strays = {str(Path(fault.file or "").relative_to(root)) for fault in report.warnings if fault.code == "W332"}
    assert strays == {
        f"{FOLDER}/stray.yaml",
        f"{FOLDER}/old/framework.yaml",
        "frameworks/stray.yaml",
        "questionnaires/old/guide.yaml",
        "reports/brief/more.yaml",
    }


def test_the_folder_schema_is_no_framework_and_any_other_needs_its_file(tmp_path: Path) -> None:
    root = write(content(tmp_path), {"frameworks/schema/case.schema.json": "{}", "frameworks/empty/notes.txt": ""})
    (fault,) = lint_root(root).faults
    assert (fault.code, fault.file, fault.line) == ("E322", str(root / "frameworks/empty/framework.yaml"), 1)


def test_two_files_of_one_id_are_a_fault_at_the_second(tmp_path: Path) -> None:
    root = write(content(tmp_path), {f"{FOLDER}/cases/zeta.yaml": CASE, "questionnaires/zeta.yaml": QUESTIONNAIRE})
    codes = [(Path(fault.file or "").name, fault.code, fault.path) for fault in lint_root(root).errors]
    assert codes == [("zeta.yaml", "E323", "id"), ("zeta.yaml", "E323", "id")]


def published(version: str, text: str, tmp_path: Path) -> str:
    folder = write(tmp_path / f"published-{version}", {"framework.yaml": text})
    framework = read_framework(Folder.named(folder), Reads()).framework
    assert framework is not None
    return digest(framework_document(framework))


def versions(*lines: str) -> str:
    return "format: 1\nkind: versions\nid: tiny\nversions:\n" + "".join(f"  {line}\n" for line in lines)


def test_changed_content_under_a_published_version_is_an_error_that_shows_both_hashes(tmp_path: Path) -> None:
    before, after = published("1", FRAMEWORK, tmp_path), published("2", FRAMEWORK.replace("收集", "采集"), tmp_path)
    root = write(content(tmp_path / "root"), {f"{FOLDER}/versions.yaml": versions(f"1.0.0: {before}")})
    assert lint_root(root).faults == ()
    write(root, {PATHS["framework"]: FRAMEWORK.replace("收集", "采集")})
    (fault,) = lint_root(root).faults
    assert (fault.code, fault.line, fault.column, fault.path) == ("E318", 4, 1, "version")
    assert before in fault.message
    assert after in fault.message
    write(root, {PATHS["framework"]: FRAMEWORK.replace("收集", "采集").replace("1.0.0", "1.1.0")})
    assert {fault.code for fault in lint_root(root).errors} == {"E319", "E402"}


def test_comments_order_and_splitting_into_files_do_not_change_what_was_published(tmp_path: Path) -> None:
    hashed = published("1", FRAMEWORK, tmp_path)
    root = content(tmp_path / "root", framework="# a comment\n" + SPLIT.replace("step: 0.5", "step: 0.50"))
    write(root, {f"{FOLDER}/use.yaml": CHILDREN, f"{FOLDER}/versions.yaml": versions(f"1.0.0: {hashed}")})
    assert lint_root(root).faults == ()


def test_an_earlier_version_must_be_what_its_folder_says_and_be_listed(tmp_path: Path) -> None:
    root = content(tmp_path, framework=FRAMEWORK.replace("version: 1.0.0", "version: 1.1.0"))
    write(root, {f"{FOLDER}/versions/1.0.0/framework.yaml": FRAMEWORK})
    assert [fault.code for fault in lint_root(root).faults] == ["W333"]
    write(root, {f"{FOLDER}/versions/1.0.0/framework.yaml": FRAMEWORK.replace("1.0.0", "1.0.1").replace("tiny", "toy")})
    report = lint_root(root)
    earlier = f"{FOLDER}/versions/1.0.0/framework.yaml"
    assert [(f.code, f.path) for f in found_in(report, root, earlier)] == [
        ("W333", ""),
        ("E320", "id"),
        ("E320", "version"),
    ]


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ("1.10: " + "0" * 64, "E207", "versions.1.10"),
        ("1.0.0: 12", "E203", "versions.1.0.0"),
        ("0.9.0: " + "a" * 64, "E319", "versions.0.9.0"),
    ],
)
def test_faults_in_the_list_of_versions_are_located(tmp_path: Path, line: str, code: str, path: str) -> None:
    root = write(content(tmp_path), {f"{FOLDER}/versions.yaml": versions(line)})
    assert (code, path) in {(f.code, f.path) for f in found_in(lint_root(root), root, f"{FOLDER}/versions.yaml")}


def test_a_case_may_be_of_an_earlier_version_that_is_kept(tmp_path: Path) -> None:
    newer = FRAMEWORK.replace("version: 1.0.0", "version: 1.1.0").replace("id: keeping", "id: storing")
    root = content(tmp_path, framework=newer, questionnaire=QUESTIONNAIRE.replace("keeping", "storing"))
    write(root, {f"{FOLDER}/versions/1.0.0/framework.yaml": FRAMEWORK})
    assert found_in(lint_root(root), root, PATHS["case"]) == []


def test_elements_that_a_later_minor_version_adds_are_a_warning_in_a_questionnaire(tmp_path: Path) -> None:
    more = (
        "      - {id: selling, name: {zh: 销售, en: Selling}}\n      - {id: serving, name: {zh: 服务, en: Serving}}\n"
    )
    newer = FRAMEWORK.replace("version: 1.0.0", "version: 1.1.0").replace(
        "      - {id: selling, name: {zh: 销售, en: Selling}}\n", more
    )
    root = content(tmp_path, framework=newer)
    write(root, {f"{FOLDER}/versions/1.0.0/framework.yaml": FRAMEWORK})
    assert found_in(lint_root(root), root, PATHS["questionnaire"]) == [Seen("W621", 11, 1, "items")]
    write(root, {PATHS["questionnaire"]: QUESTIONNAIRE.replace("  - element: selling\n", "")})
    assert [f.code for f in found_in(lint_root(root), root, PATHS["questionnaire"])] == ["E602", "W621"]
    write(root, {PATHS["questionnaire"]: QUESTIONNAIRE.replace("tiny@>=1,<2", "tiny@>=1.1,<2")})
    assert [f.code for f in found_in(lint_root(root), root, PATHS["questionnaire"])] == ["E602"]


def test_a_replaced_id_must_be_one_of_an_earlier_version(tmp_path: Path) -> None:
    newer = FRAMEWORK.replace("version: 1.0.0", "version: 1.1.0").replace(
        "name: {zh: 收集, en: Collecting}", "name: {zh: 收集, en: Collecting}\n        replaces: [keeping, gone]"
    )
    root = content(tmp_path, framework=newer)
    write(root, {f"{FOLDER}/versions/1.0.0/framework.yaml": FRAMEWORK})
    faults = found_in(lint_root(root), root, PATHS["framework"])
    assert [(fault.code, fault.path) for fault in faults] == [("E321", "capabilities[0].children[0].replaces[1]")]


def test_the_tiny_frameworks_of_the_tests_have_no_fault() -> None:
    report = lint([LIBRARY], root=LIBRARY)
    assert report.faults == ()
    assert report.files > 20
