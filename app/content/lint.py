"""Checks content: a content root, or any files and folders that are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.content.checking import check, content_behind
from app.content.collection import Collection, FrameworkFolder
from app.content.folders import SUFFIXES, Folder
from app.content.frameworks import FRAMEWORK_FILE
from app.content.roots import Roots, as_roots
from app.core.errors import Fault

_PARTS_OF_A_ROOT = ("frameworks", "questionnaires", "reports")
_PARTS_OF_A_FRAMEWORK = ("cases", "weights", "benchmarks")


@dataclass(frozen=True, slots=True)
class LintReport:
    """How many files were checked, and what is wrong with them, by file, line and column."""

    files: int
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that make content unusable."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults that leave content usable."""
        return tuple(fault for fault in self.faults if fault.severity == "warning")


def lint(paths: Sequence[Path], *, root: Roots) -> LintReport:
    """Check the named files and folders, the content root (or roots, as one) when none is named.

    References resolve in what is named first, then in the content root that it lies in, then in `root`; faults of what
    is not named are not reported. Files are called as they were named.
    """
    if paths:
        return _Named(paths, root).check()
    collection = Collection()
    collection.read_roots([_called(one) for one in as_roots(root)])
    check(collection)
    return LintReport(len(collection.reads.files), collection.faults.sorted())


def _called(root: Path) -> Folder:
    """Return the content root under its shortest name: relative where it lies below the current folder."""
    here, absolute = Path.cwd(), root.absolute()
    return Folder(root, str(absolute.relative_to(here)) if absolute.is_relative_to(here) else str(absolute))


class _Named:
    """Reads what is named, whatever it is.

    A file of a framework folder is checked within its folder; then only its own faults are reported.
    """

    def __init__(self, paths: Sequence[Path], root: Roots) -> None:
        self.paths = _outermost(paths)
        self.collection = Collection(behind=lambda: content_behind(self.paths, root))
        self.around: dict[Path, FrameworkFolder] = {}  # folders read for the sake of some of their files
        self.asked: dict[Path, str] = {}  # those files, and how they were named
        self.seen: set[Path] = set()

    def check(self) -> LintReport:
        for path in self.paths:
            if path.is_dir():
                self._folder(Folder.named(path))
            else:
                self._file(path)
        check(self.collection)
        return self._report()

    def _report(self) -> LintReport:
        files = {shown: path for shown, path in self.collection.reads.files.items() if self._wanted(shown, path)}
        names = {shown: self.asked.get(path, shown) for shown, path in files.items()}
        names |= {shown: shown for shown in self.collection.reads.beside}
        faults = [
            replace(fault, file=names[fault.file]) for fault in self.collection.faults.sorted() if fault.file in names
        ]
        return LintReport(len(files), tuple(faults))

    def _wanted(self, shown: str, path: Path) -> bool:
        """Tell whether a file was asked for, or makes one that was asked for impossible to check."""
        around = next((folder for above, folder in self.around.items() if path.is_relative_to(above)), None)
        if around is None or path in self.asked:
            return True
        if shown not in around.current.files:
            return False
        whole = (around.folder.path / FRAMEWORK_FILE).absolute() in self.asked
        return whole or (around.current.framework is None and bool(self.collection.faults.errors_in([shown])))

    def _folder(self, folder: Folder) -> None:
        real = folder.path.resolve()
        if (folder.path / FRAMEWORK_FILE).exists():
            self._framework(folder)
        elif any((folder.path / part).is_dir() for part in _PARTS_OF_A_ROOT):
            self.collection.read_root(folder)
        elif real.name in _PARTS_OF_A_FRAMEWORK and (real.parent / FRAMEWORK_FILE).exists():
            for name in folder.yaml_names():
                self._file(folder.path / name)
        elif real.name == "frameworks":
            self.collection.read_frameworks(folder)
        elif real.name == "questionnaires":
            self.collection.read_questionnaires(folder)
        else:
            self._anything(folder)

    def _anything(self, folder: Folder) -> None:
        for name in folder.yaml_names():
            self.collection.read_lone(folder, name, named=False)
        for one in folder.folders():
            if not one.path.is_symlink():
                self._folder(one)

    def _framework(self, folder: Folder) -> FrameworkFolder | None:
        real = folder.path.resolve()
        if real in self.seen:
            return None
        self.seen.add(real)
        return self.collection.read_framework_folder(folder)

    def _file(self, path: Path) -> None:
        above = _framework_around(path)
        if above is None:
            self.collection.read_lone(Folder.named(path.parent), path.name, named=True)
            return
        self.asked[path.absolute()] = str(path)
        read = self._framework(Folder.named(above))
        if read is not None:
            self.around[above] = read


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """Return the paths without those that lie in another one or stand twice."""
    kept: dict[Path, Path] = {}
    folders = [path.resolve() for path in paths if path.is_dir()]
    for path in paths:
        real = path.resolve()
        if not any(folder in real.parents for folder in folders):
            kept.setdefault(real, path)
    return list(kept.values())


def _framework_around(path: Path) -> Path | None:
    """Return the framework folder that a file belongs to, None for one that stands on its own."""
    above = path.absolute().parent
    if path.suffix not in SUFFIXES:
        return None
    if (above / FRAMEWORK_FILE).exists():
        return above
    return above.parent if above.name in _PARTS_OF_A_FRAMEWORK and (above.parent / FRAMEWORK_FILE).exists() else None
