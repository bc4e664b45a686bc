"""Content taken out as files and brought in again: complete, the same bytes each time, and nothing strange let in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from app.content.library import load_library
from app.content.proofing import hash_of
from app.content.version_files import read_changelog
from app.core.diff import FrameworkDiff
from app.services.changelog import changelog
from app.services.content_archives import archive, folder_files, version_files
from app.services.content_imports import read_import
from app.services.refusals import Invalid, NotFound
from app.services.shelf import Shelf
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.drafts import FILE, FRAMEWORK, QUESTIONNAIRE, WEIGHTS, Desk, editor_named, small_root

CONTENT = "format: 1\nkind: framework\nid: x\n"


@pytest.fixture
def desk(database: Database, clock: FixedClock, tmp_path: Path) -> Desk:
    root = small_root(tmp_path / "content", "one-tier", "split-children", "interviews", "zero-weight")
    return Desk(database, Shelf(database, root), editor_named(database, clock, "editor"), clock)


def unpack(files: dict[str, str], folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(archive(files))) as packed:
        packed.extractall(folder)
    return folder


def test_everything_published_of_a_framework_stands_in_a_root_of_its_own(desk: Desk, tmp_path: Path) -> None:
    desk.revise("zero-weight/turned", {"note: What": "note: That what"}, kind=WEIGHTS)
    old = desk.shelf.library.framework("one-tier")
    for number, name in (("1.0.1", "一层的框架"), ("1.0.2", "一层之框架")):
        desk.revise("one-tier", {desk.shelf.library.framework("one-tier").name.zh or "": name}, number)
    with desk.database.read() as session:
        files = {
            **folder_files(desk.shelf.library, session, FRAMEWORK, "one-tier"),
            **folder_files(desk.shelf.library, session, FRAMEWORK, "zero-weight"),
        }
    library = load_library(unpack(files, tmp_path / "taken"))
    assert library.versions("one-tier") == ("1.0.0", "1.0.1", "1.0.2")
    assert hash_of(library.framework("one-tier@1.0.0")) == hash_of(old)
    assert not library.collection.faults.sorted()
    assert read_changelog(files["frameworks/one-tier/CHANGELOG.md"])["1.0.2"].text == "why"
    assert "turned" in library.weight_profiles(library.framework("zero-weight"))
    assert archive(files) == archive(dict(reversed(files.items())))


def test_questionnaires_are_taken_out_with_every_version(desk: Desk, tmp_path: Path) -> None:
    desk.revise("interviews-guide", {"收集哪些数据": "收集了哪些数据"}, "1.0.1", QUESTIONNAIRE)
    with desk.database.read() as session:
        files = folder_files(desk.shelf.library, session, QUESTIONNAIRE, "interviews-guide")
        alone = version_files(desk.shelf.library, session, QUESTIONNAIRE, "interviews-guide", "1.0.0")
        with pytest.raises(NotFound):
            version_files(desk.shelf.library, session, QUESTIONNAIRE, "interviews-guide", "9.0.0")
    assert sorted(files) == ["questionnaires/interviews-guide-1.0.0.yaml", "questionnaires/interviews-guide.yaml"]
    assert list(alone) == ["interviews-guide/interviews-guide.yaml"]


def test_the_changelog_tells_who_when_why_and_what(desk: Desk) -> None:
    desk.revise("one-tier", {"weight: 2": "weight: 3"}, "1.1.0")
    with desk.database.read() as session:
        newest, first = changelog(desk.shelf.library, session, FRAMEWORK, "one-tier")
        with pytest.raises(NotFound):
            changelog(desk.shelf.library, session, FRAMEWORK, "unknown")
    assert (newest.version, newest.by, newest.note, newest.step) == ("1.1.0", "editor", "why", "minor")
    assert newest.at == desk.clock()
    assert isinstance(newest.changes, FrameworkDiff)
    assert newest.changes.reweighted[0].id == "first"
    assert (first.on_web, first.step, first.note) == (False, "first", None)


def test_an_archive_of_everything_comes_back_as_the_current_files(desk: Desk) -> None:
    desk.revise("one-tier", {"weight: 2": "weight: 3"}, "1.1.0")
    with desk.database.read() as session:
        files = dict(folder_files(desk.shelf.library, session, FRAMEWORK, "one-tier"))
    files["frameworks/one-tier/cases/alpha.yaml"] = "kind: case\n"
    brought = read_import([("all.zip", archive(files))])
    assert (brought.kind, brought.key, list(brought.files)) == (FRAMEWORK, "one-tier", [FILE])
    assert "weight: 3" in brought.files[FILE]
    assert "frameworks/one-tier/versions/1.0.0/framework.yaml" in brought.left_out
    assert "frameworks/one-tier/cases/alpha.yaml" in brought.left_out


def test_loose_files_are_one_framework_questionnaire_or_profile(desk: Desk) -> None:
    folder = desk.shelf.library.root / "frameworks" / "split-children"
    uploads = [(path.name, path.read_bytes()) for path in folder.glob("*.yaml")]
    assert set(read_import(uploads).files) == {path.name for path in folder.glob("*.yaml")}
    assert read_import([("my.yaml", CONTENT.encode())]).files == {FILE: CONTENT}
    guide = desk.shelf.library.root / "questionnaires" / "interviews-guide.yaml"
    assert read_import([("a.yaml", guide.read_bytes())]).key == "interviews-guide"
    turned = desk.shelf.library.root / "frameworks" / "zero-weight" / "weights" / "turned.yaml"
    assert read_import([("t.yaml", turned.read_bytes())]).key == "zero-weight/turned"


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("framework.yaml", "a" * 40_000_000)
    return stream.getvalue()


def crowd() -> bytes:
    return archive({f"f{number}.yaml": "[]" for number in range(2001)})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"kind: framework", "import-empty"),
        ("a.zip", b"PK\x03\x04 not really", "import-archive"),
        ("a.zip", bomb(), "import-too-large"),
        ("a.zip", crowd(), "import-too-large"),
        ("a.zip", b"x" * (3 * 1024 * 1024 + 1), "import-too-large"),
        ("a.yaml", "kind: framework\nid: 中".encode("gb18030"), "import-encoding"),
        ("a.yaml", b"kind: case\n", "import-unknown"),
        ("a.yaml", b"[not, {read", "import-unknown"),
        ("a.yaml", b"kind: questionnaire\nid: Bad Id\n", "bad-id"),
        ("a.yaml", b"kind: weights\nid: p\nframework: ../x\n", "bad-id"),
        ("a.zip", archive({"a/framework.yaml": CONTENT, "b/framework.yaml": CONTENT}), "import-several"),
        ("a.zip", archive({"x/framework.yaml": CONTENT, "x/con.yaml": "[]"}), "file-name"),
    ],
)
def test_what_cannot_be_taken_in_is_refused_with_its_reason(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_import([(name, content)])
    assert refused.value.code == code


def test_a_draft_takes_only_what_it_is_about() -> None:
    with pytest.raises(Invalid) as refused:
        read_import([("a.yaml", CONTENT.encode())], wanted=(FRAMEWORK, "other"))
    assert refused.value.code == "import-other"


def test_names_that_lead_out_of_an_archive_lead_nowhere() -> None:
    strange = {"../framework.yaml": "kind: other\n", "/abs/framework.yaml": CONTENT, "/abs/a.yaml": "[]"}
    brought = read_import([("a.zip", archive(strange))])
    assert dict(brought.files) == {FILE: CONTENT, "a.yaml": "[]"}
