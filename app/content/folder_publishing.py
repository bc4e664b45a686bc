"""A framework folder published where it lies: `versions/<version>/` complete, versions.yaml, and a note for readers.

What is published under a version is never changed: a folder that holds something else under it is refused (E318).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from app.content.checking import check, content_behind
from app.content.collection import VERSIONS_FILE, Collection, FrameworkFolder
from app.content.faults import Faults
from app.content.folders import Folder
from app.content.frameworks import FRAMEWORK_FILE
from app.content.located import Place
from app.content.proofing import hash_of
from app.content.root_files import text_of
from app.content.roots import Roots
from app.content.version_files import CHANGELOG, Note, changelog_text, read_changelog, versions_text
from app.content.version_steps import next_version, same_apart_from_version, step_between
from app.content.versions import Version
from app.core.diff import Step, diff
from app.core.errors import Fault
from app.core.framework import Framework


class State(StrEnum):
    """What publishing a folder comes to."""

    NEW = "published"  # is written
    THERE = "unchanged"  # its version is published already, with this content


@dataclass(frozen=True, slots=True)
class FolderPublication:
    """What publishing one folder comes to. `before` is the newest version published earlier, `step` what it needs.

    `reason` says why it is refused, None where nothing stands in its way.
    """

    folder: Path
    framework: Framework
    state: State
    hash: str
    hashes: Mapping[str, str]
    files: tuple[str, ...]
    before: Framework | None = None
    step: Step = Step.NONE
    reason: Fault | None = None


def judge_folder(folder: Path, *, root: Roots) -> FolderPublication:
    """Return what publishing a framework folder comes to; writes nothing.

    Raises FaultsFound where it has errors, among them a published version whose content has changed (both hashes).
    """
    read = _read(folder, root)
    framework = read.current.framework
    assert framework is not None  # without an error it was built
    listed: Mapping[str, str] = (read.published.get("versions") or {}) if read.published is not None else {}
    earlier = {version: one.framework for version, one in read.earlier.items() if one.framework is not None}
    hashes = {version: hash_of(one) for version, one in earlier.items()} | dict(listed)
    own = hash_of(framework)
    _refuse_changed(read, framework.version, published=hashes.get(framework.version, own), now=own)
    files = tuple(Path(name).name for name in dict.fromkeys(read.current.files))
    complete = framework.version in earlier and set(hashes) == set(listed)
    judged = FolderPublication(
        folder=folder,
        framework=framework,
        state=State.THERE if complete else State.NEW,
        hash=own,
        hashes={**hashes, framework.version: own},
        files=files,
    )
    others = [version for version in earlier if version != framework.version]
    if framework.version in hashes or not others:
        return judged
    before = earlier[max(others, key=Version.lenient)]
    least = Step.NONE if same_apart_from_version(before, framework) else Step.PATCH
    step = max(diff(before, framework).step, least)
    return replace(judged, before=before, step=step, reason=_refusal(read, before, framework, step))


def _read(folder: Path, root: Roots) -> FrameworkFolder:
    collection = Collection(behind=lambda: content_behind([folder], root))
    read = collection.read_framework_folder(Folder.named(folder), cases=False)
    check(collection)
    collection.faults.raise_errors()
    return read


def _refuse_changed(read: FrameworkFolder, version: str, *, published: str, now: str) -> None:
    """Raise E318 also where the version lies in `versions/` but is not listed."""
    if published != now:
        faults = Faults()
        place = read.current.record.place("version") if read.current.record is not None else Place(FRAMEWORK_FILE)
        faults.add("E318", place, version=version, published=published, now=now)
        faults.raise_errors()


def _refusal(read: FrameworkFolder, before: Framework, now: Framework, step: Step) -> Fault | None:
    """Return why a version cannot be published: it is not newer than the last, or rises by too little."""
    taken = step_between(before.version, now.version)
    if taken is Step.NONE:
        message = f"version {now.version} is not newer than {before.version}, the newest published one"
    elif step is Step.NONE:
        message = f"version {now.version} says what {before.version} says; there is nothing to publish"
    elif taken < step:
        least = next_version(before.version, step)
        name = step.name.lower()
        message = f"what changed since {before.version} needs a {name} step: give it version {least} or a later one"
    else:
        return None
    place = read.current.record.place("version") if read.current.record is not None else Place(FRAMEWORK_FILE)
    return Fault("publish", message, place.path, place.file, place.line, place.column)


def write_publication(judged: FolderPublication, *, note: str, today: date) -> None:
    """Write what was judged NEW: `versions/<version>/` first, versions.yaml last, each complete or not at all."""
    framework, folder = judged.framework, judged.folder
    _write_version(folder, framework.version, judged.files)
    if note:
        _write_note(folder, framework, note, today)
    _replace(folder / VERSIONS_FILE, versions_text(framework.id, judged.hashes))


def _write_version(folder: Path, version: str, files: tuple[str, ...]) -> None:
    target = folder / "versions" / version
    if target.exists():
        return
    fresh = target.with_name(f".{version}.{os.getpid()}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in files:
        shutil.copyfile(folder / name, fresh / name)
    fresh.replace(target)


def _write_note(folder: Path, framework: Framework, note: str, today: date) -> None:
    file = folder / CHANGELOG
    notes = read_changelog(text_of(file)) if file.exists() else {}
    if framework.version not in notes:
        notes[framework.version] = Note(framework.version, note, today)
        _replace(file, changelog_text(framework.id, notes))


def _replace(file: Path, text: str) -> None:
    fresh = file.with_name(f".{file.name}.{os.getpid()}.new")
    fresh.write_bytes(text.encode("utf-8"))
    fresh.replace(file)
