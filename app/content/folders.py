"""Files on disk: which ones were read, under what name they are reported, and that none lies outside its folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.content.faults import Document, Faults
from app.content.located import Node, Place
from app.content.reading import read_file
from app.content.shapes import INVALID, Record, Shape

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: where it is, and how its files are called in messages."""

    path: Path
    shown: str

    @classmethod
    def named(cls, path: Path) -> Folder:
        """Return a folder that is called as it was named."""
        return cls(path, _printable(str(path)))

    def below(self, name: str) -> Folder:
        """Return a folder inside this one."""
        return Folder(self.path / name, self.call(name))

    def call(self, name: str) -> str:
        """Return how a file of this folder is called."""
        return os.path.normpath(os.path.join(self.shown, _printable(name)))  # noqa: PTH118 - a name, no path to open

    @property
    def above(self) -> str:
        """How the folder around this one is called."""
        return os.path.dirname(self.shown)  # noqa: PTH120 - a name, no path to open

    def holds(self, name: str) -> bool:
        """Tell whether a file of that name lies in this folder itself, not behind a link out of it."""
        return (self.path / name).resolve().is_relative_to(self.path.resolve())

    def yaml_names(self) -> list[str]:
        """Return the names of the YAML files directly in this folder, sorted; none where it does not exist."""
        if not self.path.is_dir():
            return []
        return sorted(
            entry.name
            for entry in self.path.iterdir()
            if entry.suffix in SUFFIXES and not entry.name.startswith(".") and (entry.is_symlink() or entry.is_file())
        )

    def folders(self) -> list[Folder]:
        """Return the folders directly in this one, sorted; hidden ones are left out."""
        if not self.path.is_dir():
            return []
        names = sorted(entry.name for entry in self.path.iterdir() if entry.is_dir())
        return [self.below(name) for name in names if not name.startswith((".", "__"))]

    def walk(self) -> Iterator[tuple[Folder, str]]:
        """Yield every YAML file of this folder and of those in it; links to folders are not followed."""
        for name in self.yaml_names():
            yield self, name
        for folder in self.folders():
            if not folder.path.is_symlink():
                yield from folder.walk()


def _printable(name: str) -> str:
    """Return a file name for messages; bytes that are no UTF-8 cannot be printed."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Reads:
    """One run of reading: its faults, and the YAML files that were read, each once, with what lies beside them."""

    def __init__(self, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self.files: dict[str, Path] = {}
        self.beside: dict[str, Path] = {}  # templates, style sheets and pictures that belong to one of them

    def node(self, folder: Folder, name: str, *, named: bool = False) -> tuple[Document, Node | None]:
        """Read a file of a folder into a located tree; None when it cannot be read.

        A file that was `named` by the user may be a link; one that was found may not lead out of its folder.
        """
        document = Document(folder.call(name), self.faults)
        self.files[document.file] = (folder.path / name).absolute()
        if not named and not folder.holds(name):
            self.faults.add("E315", Place(document.file), name=name)
            return document, None
        return document, read_file(folder.path / name, document)

    def value(self, folder: Folder, name: str, shape: Shape, *, named: bool = False) -> Any:
        """Read a file in the form of a shape; None when there is nothing to use."""
        document, node = self.node(folder, name, named=named)
        if node is None:
            return None
        value = shape.read(node, "", document)
        return None if value is INVALID else value

    def record(self, folder: Folder, name: str, shape: Shape, *, named: bool = False) -> Record | None:
        """Read a file that holds a mapping."""
        value = self.value(folder, name, shape, named=named)
        return value if isinstance(value, Record) else None
