"""The shelf: what was published on the web stands beside the content root, at once here and soon elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.content.layering import ContentKind, Edition
from app.content.library import load_framework, load_library
from app.content.snapshot import digest, framework_document
from app.core.errors import FaultsFound
from app.services.shelf import Shelf
from app.storage.database import Database
from app.storage.publications import insert_publication
from tests.conftest import FixedClock

LIBRARY = Path(__file__).parents[1] / "library"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content root of its own with one framework, `one-tier` 1.0.0."""
    target = tmp_path / "content"
    shutil.copytree(LIBRARY / "frameworks" / "one-tier", target / "frameworks" / "one-tier")
    return target


def edition(root: Path, version: str, change: Callable[[str], str] = str) -> Edition:
    """Return the framework of the root under another version, its text changed."""
    text = (root / "frameworks" / "one-tier" / "framework.yaml").read_text("utf-8")
    text = change(text.replace("version: 1.0.0", f"version: {version}"))
    folder = root.parent / "edition" / version
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "framework.yaml").write_text(text, "utf-8")
    found = digest(framework_document(load_framework(folder)))
    return Edition(ContentKind.FRAMEWORK, "one-tier", version, found, {"framework.yaml": text})


def publish(database: Database, one: Edition, clock: FixedClock) -> None:
    with database.begin() as session:
        insert_publication(
            session,
            kind=one.kind.value,
            key=one.key,
            version=one.version,
            hash=one.hash,
            files=one.files,
            note="n",
            step="minor",
            published_at=clock(),
        )


def test_without_publications_the_content_root_is_the_library(database: Database, root: Path) -> None:
    assert Shelf(database, root).library.versions("one-tier") == ("1.0.0",)


def test_a_publication_becomes_the_newest_version_beside_the_root_s(
    database: Database, root: Path, clock: FixedClock
) -> None:
    shelf = Shelf(database, root)
    publish(database, edition(root, "1.1.0"), clock)
    library = shelf.renew()
    assert library.versions("one-tier") == ("1.0.0", "1.1.0")
    assert library.framework("one-tier").version == "1.1.0"
    assert library.framework("one-tier@1.0.0") == load_library(root).framework("one-tier")
    assert Shelf(database, root).library.versions("one-tier") == ("1.0.0", "1.1.0")


def test_a_publication_older_than_the_root_s_version_is_kept_as_an_earlier_one(
    database: Database, root: Path, clock: FixedClock
) -> None:
    publish(database, edition(root, "0.9.0"), clock)
    assert Shelf(database, root).library.framework("one-tier").version == "1.0.0"
    assert Shelf(database, root).library.versions("one-tier") == ("0.9.0", "1.0.0")


def test_a_root_that_holds_another_content_under_a_published_version_is_refused_with_both_hashes(
    database: Database, root: Path, clock: FixedClock
) -> None:
    one = edition(root, "1.1.0")
    publish(database, one, clock)
    shutil.rmtree(root / "frameworks" / "one-tier" / "cases")
    file = root / "frameworks" / "one-tier" / "framework.yaml"
    text = file.read_text("utf-8").replace("version: 1.0.0", "version: 1.1.0").replace("weight: 2", "weight: 3")
    file.write_text(text, "utf-8")
    changed = digest(framework_document(load_library(root).framework("one-tier")))
    with pytest.raises(FaultsFound) as caught:
        Shelf(database, root)
    (fault,) = caught.value.errors
    assert fault.code == "E318"
    assert one.hash in fault.message
    assert changed in fault.message


def test_a_candidate_with_faults_is_refused_and_nothing_changes(database: Database, root: Path) -> None:
    shelf = Shelf(database, root)
    broken = Edition(
        ContentKind.FRAMEWORK, "one-tier", "2.0.0", "0", {"framework.yaml": "format: 1\nkind: framework\n"}
    )
    with database.read() as session, pytest.raises(FaultsFound):
        shelf.library_with(session, broken)
    assert shelf.library.versions("one-tier") == ("1.0.0",)


def test_a_content_root_damaged_meanwhile_leaves_the_former_library(
    database: Database, root: Path, clock: FixedClock
) -> None:
    shelf = Shelf(database, root)
    one = edition(root, "1.1.0")
    (root / "frameworks" / "one-tier" / "framework.yaml").write_text("nothing: good\n", "utf-8")
    publish(database, one, clock)
    assert shelf.renew().versions("one-tier") == ("1.0.0",)
