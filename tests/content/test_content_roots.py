"""Several content roots are one shelf: a firm's own frameworks beside the shipped ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.content.layering import ContentKind, Edition, load_layered_library
from app.content.library import load_framework, load_library
from app.content.lint import lint
from app.content.roots import as_roots, root_with
from app.content.snapshot import digest, framework_document
from app.core.errors import FaultsFound
from app.services.printing import templates_of
from app.settings import SettingsFault, read_settings

LIBRARY = Path(__file__).parents[1] / "library"
PROFILE = "format: 1\nkind: weights\nid: ours\nframework: one-tier\nname: 我们的\nweights: {first: 5}\n"
GUIDE = (
    "format: 1\nkind: questionnaire\nid: ours\nframework: one-tier\nversion: 1.0.0\nname: {zh: 我们的, en: Ours}\n"
    "items: [{element: first}, {element: second}, {element: third}]\n"
)


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    root = tmp_path / "shipped"
    shutil.copytree(LIBRARY / "frameworks" / "one-tier", root / "frameworks" / "one-tier")
    return root


@pytest.fixture
def own(tmp_path: Path) -> Path:
    root = tmp_path / "own"
    shutil.copytree(LIBRARY / "frameworks" / "flat", root / "frameworks" / "flat")
    (root / "frameworks" / "one-tier" / "weights").mkdir(parents=True)
    (root / "frameworks" / "one-tier" / "weights" / "ours.yaml").write_text(PROFILE, "utf-8")
    (root / "questionnaires").mkdir()
    (root / "questionnaires" / "ours.yaml").write_text(GUIDE, "utf-8")
    return root


def edition(root: Path, framework_id: str, version: str, old: str = "1.0.0") -> Edition:
    folder = root.parent / "editions" / framework_id
    folder.mkdir(parents=True)
    text = (root / "frameworks" / framework_id / "framework.yaml").read_text("utf-8")
    text = text.replace(f"version: {old}", f"version: {version}")
    (folder / "framework.yaml").write_text(text, "utf-8")
    found = digest(framework_document(load_framework(folder)))
    return Edition(ContentKind.FRAMEWORK, framework_id, version, found, {"framework.yaml": text})


def test_what_stands_in_any_root_is_known(shipped: Path, own: Path) -> None:
    library = load_library([shipped, own])
    assert library.framework_ids() == ("flat", "one-tier")
    assert library.roots == (shipped, own)
    assert library.root == shipped
    assert library.questionnaire("ours").framework == "one-tier"


def test_a_folder_without_a_framework_file_adds_to_the_framework_of_an_earlier_root(shipped: Path, own: Path) -> None:
    library = load_library([shipped, own])
    assert "ours" in library.weight_profiles(library.framework("one-tier"))
    with pytest.raises(FaultsFound) as found:
        load_library(own)
    assert "E322" in {fault.code for fault in found.value.errors}


def test_an_id_stands_once_in_all_roots(shipped: Path, own: Path) -> None:
    shutil.copytree(shipped / "frameworks" / "one-tier", own / "frameworks" / "one-tier", dirs_exist_ok=True)
    with pytest.raises(FaultsFound) as found:
        load_library([shipped, own])
    (fault,) = found.value.errors
    assert fault.code == "E323"
    assert str(own) in (fault.file or "")
    assert str(shipped) in fault.message


def test_lint_checks_all_roots_together(shipped: Path, own: Path) -> None:
    assert lint([], root=[shipped, own]).errors == ()
    assert {fault.code for fault in lint([], root=own).errors} >= {"E322"}
    assert lint([own / "questionnaires" / "ours.yaml"], root=[shipped, own]).errors == ()


def test_publications_lie_over_the_root_that_has_their_framework(shipped: Path, own: Path) -> None:
    editions = [edition(own, "flat", "1.7.0"), edition(shipped, "one-tier", "1.7.0")]
    library = load_layered_library([shipped, own], editions)
    assert library.versions("flat") == ("1.0.0", "1.7.0")
    assert library.versions("one-tier") == ("1.0.0", "1.7.0")
    assert "ours" in library.weight_profiles(library.framework("one-tier"))
    changed = Edition(
        ContentKind.WEIGHTS, "one-tier/ours", "1", "h", {"ours.yaml": PROFILE.replace("first: 5", "first: 7")}
    )
    profiles = load_layered_library([shipped, own], [changed]).weight_profiles(library.framework("one-tier"))
    assert profiles["ours"].weights == {"first": 7}


def test_templates_come_from_the_first_root_that_has_the_report(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one / "reports" / "house", two / "reports" / "ours", two / "reports" / "house"):
        folder.mkdir(parents=True)
    assert templates_of([one, two], "ours") == (two / "reports" / "ours", two / "reports" / "house")
    assert root_with([one, two], "reports", "nowhere") == one
    assert as_roots(one) == (one,)


def test_settings_take_a_list_of_folders(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("content: [shipped, ../own, shipped]\n", "utf-8")
    settings = read_settings(path, {})
    assert settings.content == tmp_path / "shipped"
    assert settings.content_roots == (tmp_path / "shipped", tmp_path.parent / "own")
    assert read_settings(path, {"CRM_MATURITY_ROOT": "/a:/b"}).content_roots == (Path("/a"), Path("/b"))
    for wrong in ("content: []", "content: [1]", "content: {a: b}"):
        path.write_text(wrong, "utf-8")
        with pytest.raises(SettingsFault, match="content"):
            read_settings(path, {})
