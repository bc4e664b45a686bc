"""Content that was published on the web, laid over a content root: read together, checked together.

The files of both are put side by side in a folder that lives as long as the reading, in the layout of formats.md: the
newest version of a framework in its folder, the others in `versions/`. One version has one content: where the root
holds another under the same number, that is a fault (E318).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from app.content.checking import check
from app.content.collection import VERSIONS_FILE, Collection
from app.content.folders import Folder, Reads
from app.content.frameworks import FRAMEWORK_FILE, read_framework
from app.content.library import Library
from app.content.versions import Version


class ContentKind(StrEnum):
    """What can be drafted and published on its own."""

    FRAMEWORK = "framework"
    QUESTIONNAIRE = "questionnaire"
    WEIGHTS = "weights"


@dataclass(frozen=True, slots=True)
class Edition:
    """One published version of content: its files by plain name, and the hash of what they say.

    `key` is an id; of weights `framework/profile`. Weight profiles are numbered `1`, `2`, …
    """

    kind: ContentKind
    key: str
    version: str
    hash: str
    files: Mapping[str, str]


def load_layered_library(root: Path, editions: Sequence[Edition]) -> Library:
    """Read a content root and editions laid over it; raises FaultsFound when anything in them has an error.

    Files are called as if they lay below the root. Reports come from the root alone.
    """
    with tempfile.TemporaryDirectory(prefix="crm-maturity-content-") as scratch:
        target = Path(scratch)
        lay_over(root, editions, target)
        collection = Collection()
        shown = Folder.named(root)
        collection.read_frameworks(Folder(target / "frameworks", shown.call("frameworks")))
        collection.read_questionnaires(Folder(target / "questionnaires", shown.call("questionnaires")))
        collection.read_reports(shown.below("reports"))
        check(collection)
    collection.faults.raise_errors()
    return Library(root, collection)


def lay_over(root: Path, editions: Iterable[Edition], target: Path) -> None:
    """Write the content of a root, and the editions over it, into an empty folder."""
    for part in ("frameworks", "questionnaires"):
        if (root / part).is_dir():
            shutil.copytree(root / part, target / part)
        (target / part).mkdir(exist_ok=True)
    for edition in sorted(editions, key=lambda one: Version.lenient(one.version)):
        _LAY[edition.kind](target, edition)


def _lay_framework(target: Path, edition: Edition) -> None:
    folder = target / "frameworks" / edition.key
    current = _current_version(folder)
    _list_version(folder, edition)
    if current is None:
        _write(folder, edition.files)
    elif Version.lenient(edition.version) > Version.lenient(current):
        _set_aside(folder, current)
        _write(folder, edition.files)
    elif edition.version != current and not (folder / "versions" / edition.version).exists():
        _write(folder / "versions" / edition.version, edition.files)


def _current_version(folder: Path) -> str | None:
    """Return the version that a framework's folder holds, None where there is none to read."""
    if not (folder / FRAMEWORK_FILE).exists():
        return None
    outline = read_framework(Folder.named(folder), Reads()).outline
    return outline.version if outline is not None and outline.version else None


def _set_aside(folder: Path, version: str) -> None:
    """Move the framework that a folder holds into its `versions/`."""
    aside = folder / "versions" / version
    files = [Path(name) for name in read_framework(Folder.named(folder), Reads()).files]
    if not aside.exists():
        aside.mkdir(parents=True)
        for file in files:
            if file.exists():
                shutil.copyfile(file, aside / file.name)
    for file in files:
        file.unlink(missing_ok=True)


def _list_version(folder: Path, edition: Edition) -> None:
    """Add a version and its hash to versions.yaml; what the root says of the same version stands."""
    file = folder / VERSIONS_FILE
    listed = yaml.safe_load(file.read_text("utf-8")) if file.exists() else None
    head = listed if isinstance(listed, dict) else {"format": 1, "kind": "versions", "id": edition.key}
    versions = head.get("versions")
    head["versions"] = {edition.version: edition.hash, **(versions if isinstance(versions, dict) else {})}
    _write(folder, {VERSIONS_FILE: yaml.safe_dump(head, sort_keys=False)})


def _lay_questionnaire(target: Path, edition: Edition) -> None:
    (text,) = edition.files.values()
    _write(target / "questionnaires", {f"{edition.key}-{edition.version}.yaml": text})


def _lay_weights(target: Path, edition: Edition) -> None:
    framework, _, profile = edition.key.partition("/")
    (text,) = edition.files.values()
    _write(target / "frameworks" / framework / "weights", {f"{profile}.yaml": text})


_LAY = {
    ContentKind.FRAMEWORK: _lay_framework,
    ContentKind.QUESTIONNAIRE: _lay_questionnaire,
    ContentKind.WEIGHTS: _lay_weights,
}


def _write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
