"""The files of one version of content as they lie in the content roots, byte for byte: where drafts begin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.content.folders import Folder, Reads
from app.content.frameworks import FRAMEWORK_FILE, read_framework
from app.content.headers import headed_file
from app.content.layering import ContentKind
from app.content.versions import VERSION

LONGEST_VERSION = 64  # beyond it nothing is the name of a folder


def root_files(roots: Sequence[Path], kind: ContentKind, key: str, version: str) -> dict[str, str] | None:
    """Return the files of a version by plain name; None where no root holds that version.

    A weight profile has no version of its own: whatever is asked for, it is the one that lies there.
    """
    for root in roots:
        if kind is ContentKind.FRAMEWORK:
            found = _framework(root / "frameworks" / key, version)
        elif kind is ContentKind.QUESTIONNAIRE:
            found = _headed(root / "questionnaires", {"id": key, "version": version})
        else:
            framework_id, _, profile_id = key.partition("/")
            found = _headed(root / "frameworks" / framework_id / "weights", {"id": profile_id})
        if found is not None:
            return found
    return None


def _framework(folder: Path, version: str) -> dict[str, str] | None:
    if not VERSION.fullmatch(version) or len(version) > LONGEST_VERSION:
        return None
    for candidate in (folder / "versions" / version, folder):
        if not (candidate / FRAMEWORK_FILE).is_file():
            continue
        read = read_framework(Folder(candidate, ""), Reads())
        if read.outline is not None and read.outline.version == version:
            return {name: text_of(candidate / name) for name in dict.fromkeys(read.files)}
    return None


def _headed(folder: Path, wanted: dict[str, str]) -> dict[str, str] | None:
    path = headed_file(folder, wanted)
    return None if path is None else {path.name: text_of(path)}


def text_of(path: Path) -> str:
    """Return a text file as it is, its line ends untouched."""
    return path.read_bytes().decode("utf-8")
