"""`crm-maturity publish`: versions on disk are written once, complete, and refused when they change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.content.library import load_library
from app.content.version_files import read_changelog
from tests.unit.cli import content
from tests.unit.cli.content import Outcome

LIBRARY = Path(__file__).parents[2] / "library" / "frameworks"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content root's only framework, which nobody has published yet."""
    return Path(shutil.copytree(LIBRARY / "split-children", tmp_path / "root" / "frameworks" / "split-children"))


def publish(folder: Path, *arguments: str) -> Outcome:
    return content.crm_maturity("publish", folder, *arguments, root=folder.parents[1])


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def lines(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.*")) if path.is_file()
    }


def test_a_first_version_is_written_complete_and_a_second_time_nothing_is(folder: Path) -> None:
    done = publish(folder, "--format", "json")
    assert done.code == 0
    (published,) = done.document["published"]
    assert (published["state"], published["step"], published["version"]) == ("published", "first", "1.0.0")
    written = lines(folder)
    assert {name.rpartition("/")[2] for name in written if name.startswith("versions/1.0.0/")} == {
        "framework.yaml",
        "dimensions.yaml",
        "one.yaml",
        "two-group.yaml",
    }
    assert published["hash"] in written["versions.yaml"]
    assert publish(folder, "--format", "json").document["published"][0]["state"] == "unchanged"
    assert lines(folder) == written
    assert load_library(folder.parents[1]).versions("split-children") == ("1.0.0",)


def test_changed_content_under_a_published_version_is_refused_with_both_hashes(folder: Path) -> None:
    hash_before = publish(folder, "--format", "json").document["published"][0]["hash"]
    change(folder, "one.yaml", "一要素", "第一要素")
    before = lines(folder)
    done = publish(folder, "--note", "why", "--format", "json")
    assert done.code == 1
    (fault,) = done.document["errors"]
    assert fault["code"] == "E318"
    assert hash_before in fault["message"]
    assert lines(folder) == before


def test_the_next_version_needs_a_fitting_step_and_a_note(folder: Path) -> None:
    publish(folder)
    change(folder, "one.yaml", "id: one-element", "id: other-element")
    for version, message in (("0.9.0", "is not newer"), ("1.1.0", "needs a major step: give it version 2.0.0")):
        current = "1.0.0" if version == "0.9.0" else "0.9.0"
        change(folder, "framework.yaml", f"version: {current}", f"version: {version}")
        done = publish(folder, "--note", "why")
        assert done.code == 1
        assert message in done.err
    change(folder, "framework.yaml", "version: 1.1.0", "version: 2.0.0")
    assert "--note" in publish(folder).err
    assert publish(folder, "--note", "第二版：换了要素。").code == 0
    assert (folder / "versions" / "1.0.0" / "one.yaml").read_text("utf-8") != (folder / "one.yaml").read_text("utf-8")
    assert read_changelog((folder / "CHANGELOG.md").read_text("utf-8"))["2.0.0"].text == "第二版：换了要素。"
    assert load_library(folder.parents[1]).versions("split-children") == ("1.0.0", "2.0.0")


def test_another_number_for_the_same_content_is_refused(folder: Path) -> None:
    publish(folder)
    change(folder, "framework.yaml", "version: 1.0.0", "version: 1.0.1")
    assert "nothing to publish" in publish(folder, "--note", "why").err


def test_a_dry_run_says_what_would_be_and_writes_nothing(folder: Path) -> None:
    before = lines(folder)
    assert "would be published" in publish(folder, "--dry-run").out
    assert lines(folder) == before


def test_a_whole_root_is_published_and_one_faulty_folder_keeps_all_from_being_written(folder: Path) -> None:
    other = Path(shutil.copytree(LIBRARY / "one-tier", folder.parent / "one-tier"))
    change(other, "framework.yaml", "weight: 2", "weight: two")
    done = content.crm_maturity("publish", root=folder.parents[1])
    assert done.code == 1
    assert not (folder / "versions.yaml").exists()
    change(other, "framework.yaml", "weight: two", "weight: 2")
    assert content.crm_maturity("publish", root=folder.parents[1]).code == 0
    assert (folder / "versions.yaml").exists()
    assert (other / "versions.yaml").exists()


def test_a_version_that_lies_there_unlisted_is_listed_and_protected(folder: Path) -> None:
    publish(folder)
    (folder / "versions.yaml").unlink()
    assert publish(folder).code == 0
    assert "1.0.0" in (folder / "versions.yaml").read_text("utf-8")
    (folder / "versions.yaml").unlink()
    change(folder, "one.yaml", "一要素", "第一要素")
    assert "E318" in publish(folder).err


def test_a_path_without_a_framework_is_wrong_usage(tmp_path: Path) -> None:
    done = content.crm_maturity("publish", tmp_path, root=tmp_path)
    assert done.code == 2
    assert "framework.yaml" in done.err
