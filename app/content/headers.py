"""The header of a content file alone: which file of a folder has an id (and version)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.content.faults import Document, Faults
from app.content.folders import Folder
from app.content.located import Mapping as MappingNode
from app.content.located import Scalar
from app.content.reading import read_bytes, read_file


def headed_file(folder: Path, wanted: Mapping[str, str]) -> Path | None:
    """Return the file of a folder whose header says what is wanted (`id`, `version`); None where none does."""
    for name in Folder(folder, "").yaml_names():
        header = _scalars(read_file(folder / name, Document(name, Faults())))
        if all(header.get(key) == value for key, value in wanted.items()):
            return folder / name
    return None


def header_of(text: str) -> Mapping[str, str]:
    """Return the plain values at the top of a file's text, as written; none where it cannot be read."""
    return _scalars(read_bytes(text.encode("utf-8", "replace"), Document("", Faults())))


def _scalars(node: object) -> dict[str, str]:
    entries = node.entries if isinstance(node, MappingNode) else []
    return {entry.key.text: entry.value.text for entry in entries if isinstance(entry.value, Scalar)}
