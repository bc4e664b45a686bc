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
from typing import Any

import yaml

from app.content.checking import check
from app.content.collection import VERSIONS_FILE, Collection
from app.content.folders import Folder, Reads
from app.content.frameworks import FRAMEWORK_FILE, read_framework
from app.content.headers import headed_file
from app.content.kinds.framework import VERSIONS
from app.content.library import Library, load_library
from app.content.roots import Roots, as_roots, root_with
from app.content.snapshot import digest, questionnaire_document
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


def load_layered_library(root: Roots, editions: Sequence[Edition]) -> Library:
    """Read content roots and editions laid over them; raises FaultsFound when anything in them has an error.

    Files are called as if they lay below their root. Reports come from the roots alone. An edition lies in the root
    that has its framework or questionnaire, a new one in the first.
    """
    with tempfile.TemporaryDirectory(prefix="crm-maturity-content-") as scratch:
        target = Path(scratch)
        roots = as_roots(root)
        collection = Collection()
        try:
            for number, over in enumerate(_by_root(roots, editions)):
                lay_over(roots[number], over, target / str(number))
        except OSError:
            load_library(root)  # what cannot be copied cannot be read either: it is said with its place
            raise
        laid = [Folder(target / str(number), Folder.named(one).shown) for number, one in enumerate(roots)]
        collection.read_roots(laid)
        for one in roots:
            collection.read_reports(Folder.named(one).below("reports"))
        check(collection)
        _check_questionnaires(collection, editions)
    collection.faults.raise_errors()
    return Library(root, collection)


def _check_questionnaires(collection: Collection, editions: Iterable[Edition]) -> None:
    """Report every questionnaire of a root that says something else than what was published under its version."""
    published = {(one.key, one.version): one.hash for one in editions if one.kind is ContentKind.QUESTIONNAIRE}
    built = {(one.id, one.version): one for one in collection.built_questionnaires}
    for record in collection.questionnaires:
        named = (record.get("id"), record.get("version"))
        if named in published and named in built:
            now = digest(questionnaire_document(built[named]))
            if now != published[named]:
                record.fault("E318", "version", version=named[1], published=published[named], now=now)


def _by_root(roots: Sequence[Path], editions: Iterable[Edition]) -> list[list[Edition]]:
    """Return the editions of every root."""
    found: list[list[Edition]] = [[] for _ in roots]
    for edition in editions:
        found[roots.index(_own_root(edition, roots))].append(edition)
    return found


def _own_root(edition: Edition, roots: Sequence[Path]) -> Path:
    """Return the root that holds what an edition continues, the first where none does.

    Of a questionnaire it is the one that holds the same version, as after publications were taken into Git.
    """
    framework, _, profile = edition.key.partition("/")
    if edition.kind is ContentKind.QUESTIONNAIRE:
        head = {"id": edition.key, "version": edition.version}
        return next((root for root in roots if headed_file(root / "questionnaires", head)), roots[0])
    if profile:
        for root in roots:
            if headed_file(root / "frameworks" / framework / "weights", {"id": profile}):
                return root
    return root_with(roots, "frameworks", framework, FRAMEWORK_FILE)


def lay_over(root: Path, editions: Iterable[Edition], target: Path) -> None:
    """Write the content of a root, and the editions over it, into an empty folder."""
    target.mkdir(parents=True, exist_ok=True)
    for part in ("frameworks", "questionnaires"):
        if (root / part).is_dir():
            shutil.copytree(root / part, target / part, copy_function=_copy)
        (target / part).mkdir(exist_ok=True)
    for edition in sorted(editions, key=lambda one: Version.lenient(one.version)):
        _LAY[edition.kind](target, edition)


def _copy(entry: Any, target: str) -> None:
    """Copy a file; a link out of its folder stays one, so that it is refused as it is without a publication."""
    source = Path(entry)
    if source.is_symlink() and not source.resolve().is_relative_to(source.parent.resolve()):
        Path(target).symlink_to(source.resolve())
    else:
        shutil.copyfile(source, target)


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
    name, listed = edition.key, {edition.version: edition.hash}
    if (folder / VERSIONS_FILE).exists():
        reads = Reads()
        record = reads.record(Folder.named(folder), VERSIONS_FILE, VERSIONS)
        if record is None or reads.faults.sorted():
            return  # its faults are found, at their places, when everything is read
        name, listed = record["id"], listed | dict(record["versions"])
    head = {"format": 1, "kind": "versions", "id": name, "versions": listed}
    _write(folder, {VERSIONS_FILE: yaml.safe_dump(head, sort_keys=False)})


def _lay_questionnaire(target: Path, edition: Edition) -> None:
    """A version that the root holds too stands as it is there; that it says the same is checked later."""
    folder = target / "questionnaires"
    if headed_file(folder, {"id": edition.key, "version": edition.version}) is None:
        (text,) = edition.files.values()
        _write(folder, {f"{edition.key}-{edition.version}.yaml": text})


def _lay_weights(target: Path, edition: Edition) -> None:
    framework, _, profile = edition.key.partition("/")
    folder = target / "frameworks" / framework / "weights"
    known = headed_file(folder, {"id": profile})
    (text,) = edition.files.values()
    _write(folder, {known.name if known is not None else f"{profile}.yaml": text})


_LAY = {
    ContentKind.FRAMEWORK: _lay_framework,
    ContentKind.QUESTIONNAIRE: _lay_questionnaire,
    ContentKind.WEIGHTS: _lay_weights,
}


def _write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
