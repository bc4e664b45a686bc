"""All content of a run: framework folders, questionnaires, reports and files named on their own, checked against
each other.

First everything is read, then checked: what one file says of another holds whatever the order of the files. References
resolve in this collection first, then in the one behind it (the content root).
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Several
from dataclasses import dataclass, field
from functools import cached_property

from app.content.cases import UNITS_FILE, unknown_framework
from app.content.folders import Folder, Reads
from app.content.frameworks import FRAMEWORK_FILE, ReadFramework, read_framework
from app.content.kinds import KINDS
from app.content.kinds.benchmark import BENCHMARK
from app.content.kinds.case import CASE, UNITS
from app.content.kinds.framework import VERSIONS, WEIGHTS
from app.content.kinds.questionnaire import QUESTIONNAIRE
from app.content.kinds.report import REPORT
from app.content.located import Mapping as MappingNode
from app.content.located import Place, Scalar, Sequence, found, shown
from app.content.outline import Outline
from app.content.reports import REPORT_FILE, ReadReport
from app.content.shapes import INVALID, Record
from app.content.versions import Reference
from app.core.benchmark import BenchmarkSet
from app.core.case import Case, UnitTree
from app.core.errors import FaultsFound
from app.core.framework import Framework, WeightProfile
from app.core.questionnaire import Questionnaire
from app.core.report import HOUSE, ReportDefinition

VERSIONS_FILE = "versions.yaml"
SCHEMA_FOLDER = "schema"
PLANS = ("target", "importance", "scenario")


@dataclass
class FrameworkFolder:
    """A framework's folder: its current and earlier versions and what belongs to them."""

    folder: Folder
    current: ReadFramework
    earlier: dict[str, ReadFramework] = field(default_factory=dict)
    published: Record | None = None
    weights: list[Record] = field(default_factory=list)
    benchmarks: list[Record] = field(default_factory=list)
    cases: list[Record] = field(default_factory=list)
    plans: list[Record] = field(default_factory=list)
    units: Record | None = None

    built_weights: list[WeightProfile] = field(default_factory=list)
    built_benchmarks: list[BenchmarkSet] = field(default_factory=list)
    built_cases: list[Case] = field(default_factory=list)
    built_units: UnitTree | None = None

    @property
    def id(self) -> str:
        """The framework's id; the folder's name while the id cannot be read."""
        outline = self.current.outline
        return (outline.id if outline else "") or self.folder.path.name

    def outlines(self) -> dict[str, Outline]:
        """Return the outlines of all versions that could be read, by version."""
        read = (*self.earlier.values(), self.current)
        return {one.outline.version: one.outline for one in read if one.outline is not None}

    def frameworks(self) -> dict[str, Framework]:
        """Return the valid versions."""
        read = (*self.earlier.values(), self.current)
        return {one.framework.version: one.framework for one in read if one.framework is not None}


class Collection:
    """What was read in one run. `behind` answers what cannot be found here."""

    def __init__(self, reads: Reads | None = None, *, behind: Callable[[], Collection] | None = None) -> None:
        self.reads = reads or Reads()
        self.faults = self.reads.faults
        self._behind = behind
        self.published: dict[str, Outline] = {}  # of a draft: every version of its framework, whatever it is called
        self.folders: list[FrameworkFolder] = []
        self.questionnaires: list[Record] = []
        self.reports: list[ReadReport] = []
        self.houses: list[Folder] = []
        self.lone: list[tuple[str, Record]] = []
        self.strays: list[str] = []
        self.together: set[str] = set()  # folders of several content roots that are one shelf
        self.built_questionnaires: list[Questionnaire] = []
        self.built_reports: list[ReportDefinition] = []

    @cached_property
    def behind(self) -> Collection | None:
        """The collection behind this one; read when it is first asked."""
        return self._behind() if self._behind is not None else None

    # reading

    def read_roots(self, roots: Several[Folder], *, cases: bool = True) -> None:
        """Read content roots as one: an id stands once in all of them.

        A folder of a later root that is called like a framework of an earlier one, and has no framework file, adds
        weight profiles, benchmarks and cases to it.
        """
        for root in roots:
            self.together |= {root.call("frameworks"), root.call("questionnaires")}
        for root in roots:
            self.read_root(root, cases=cases)

    def read_root(self, root: Folder, *, cases: bool = True) -> None:
        """Read a content root: frameworks/, questionnaires/, reports/."""
        self.read_frameworks(root.below("frameworks"), cases=cases)
        self.read_questionnaires(root.below("questionnaires"))
        self.read_reports(root.below("reports"))

    def read_frameworks(self, folder: Folder, *, cases: bool = True) -> None:
        """Read every framework folder of a folder; `schema` is none."""
        for one in folder.folders():
            if (one.path / FRAMEWORK_FILE).exists():
                self.read_framework_folder(one, cases=cases)
            elif (known := self._begun_elsewhere(one)) is not None:
                self._read_beside(one, known, set(), cases=cases)
            elif one.path.name != SCHEMA_FOLDER:
                self.faults.add("E322", Place(one.call(FRAMEWORK_FILE)))
        for name in folder.yaml_names():
            self._unreferenced(folder, name)

    def read_framework_folder(self, folder: Folder, *, cases: bool = True) -> FrameworkFolder:
        """Read a framework's folder; without its cases where they are not wanted."""
        read = FrameworkFolder(folder, read_framework(folder, self.reads))
        used = set(read.current.files)
        versions = folder.below("versions")
        for one in versions.folders():
            earlier = read_framework(one, self.reads)
            used.update(earlier.files)
            read.earlier[one.path.name] = earlier
        if (folder.path / VERSIONS_FILE).exists():
            read.published = self.reads.record(folder, VERSIONS_FILE, VERSIONS)
            used.add(folder.call(VERSIONS_FILE))
        self._read_beside(folder, read, used, cases=cases)
        self.folders.append(read)
        return read

    def _begun_elsewhere(self, folder: Folder) -> FrameworkFolder | None:
        """Return the framework of another content root that a folder without a framework file adds to."""
        if folder.above not in self.together:
            return None
        return next((one for one in self.folders if one.folder.path.name == folder.path.name), None)

    def _read_beside(self, folder: Folder, read: FrameworkFolder, used: set[str], *, cases: bool) -> None:
        """Read what belongs to a framework: weight profiles and benchmarks, cases where they are wanted."""
        for name, shape, records in (("weights", WEIGHTS, read.weights), ("benchmarks", BENCHMARK, read.benchmarks)):
            for file in folder.below(name).yaml_names():
                used.add(folder.below(name).call(file))
                record = self.reads.record(folder.below(name), file, shape)
                records.extend([record] if record is not None else [])
        if cases:
            self._read_cases(folder.below("cases"), read, used)
            for one, name in folder.walk():
                if one.call(name) not in used:
                    self._read_stray(one, name, read)

    def _read_cases(self, folder: Folder, read: FrameworkFolder, used: set[str]) -> None:
        for name in folder.yaml_names():
            used.add(folder.call(name))
            if name == UNITS_FILE:
                read.units = self.reads.record(folder, name, UNITS)
                continue
            record = self.reads.record(folder, name, CASE)
            read.cases.extend([record] if record is not None else [])

    def _read_stray(self, folder: Folder, name: str, read: FrameworkFolder) -> None:
        """Read a file of a framework folder that has no place there: plans have, by their kind.

        A list of capabilities is called left over only beside a framework without faults: what a file that is cut off
        fails to say may be the very reference to it.
        """
        sound = read.current.framework is not None
        kind, record = self._by_kind(folder, name, only=PLANS if sound else (*PLANS, "children"))
        if kind in PLANS:
            read.plans.extend([record] if record is not None else [])

    def read_questionnaires(self, folder: Folder) -> None:
        """Read every questionnaire of a folder."""
        for one, name in folder.walk():
            if one.path == folder.path:
                record = self.reads.record(folder, name, QUESTIONNAIRE)
                self.questionnaires.extend([record] if record is not None else [])
            else:
                self._unreferenced(one, name)

    def read_reports(self, folder: Folder) -> None:
        """Read every report of a folder, and the templates that they share."""
        for one in folder.folders():
            if one.path.name == HOUSE:
                self.houses.append(one)
            else:
                self.read_report(one)

    def read_report(self, folder: Folder) -> None:
        """Read the report of a folder."""
        for one, name in folder.walk():
            if one.path == folder.path and name == REPORT_FILE:
                record = self.reads.record(folder, name, REPORT)
                self.reports.extend([ReadReport(folder, record)] if record is not None else [])
            else:
                self._unreferenced(one, name)

    def read_lone(self, folder: Folder, name: str, *, named: bool) -> None:
        """Read a file that stands on its own; its kind says what it is.

        A list is a list of children, and stray unless it was named or a framework read besides refers to it.
        """
        kind, record = self._by_kind(folder, name, only=None, named=named)
        if kind == "framework":
            self.folders.append(FrameworkFolder(folder, read_framework(folder, self.reads, name)))
        elif kind == "children" and not named:
            self.strays.append(folder.call(name))
        elif kind == "questionnaire" and record is not None:
            self.questionnaires.append(record)
        elif kind == "report" and record is not None:
            self.reports.append(ReadReport(folder, record))
        elif kind and record is not None:
            self.lone.append((kind, record))

    def _by_kind(
        self, folder: Folder, name: str, *, only: tuple[str, ...] | None, named: bool = False
    ) -> tuple[str, Record | None]:
        """Read a file by the kind it says it is; one that is not of `only` is reported as unreferenced."""
        document, node = self.reads.node(folder, name, named=named)
        if only is not None and _kind_of(node) not in only:
            document.faults.add("W332", Place(document.file))
        if node is None:
            return "", None
        if isinstance(node, Sequence):
            KINDS["children"].read(node, "", document)
            return "children", None
        if not isinstance(node, MappingNode):
            document.fault(
                "E203", node, "", expected="a mapping that opens with format, kind and id", found=found(node)
            )
            return "", None
        kind = _kind_of(node)
        if kind not in KINDS or kind == "children":
            self._unknown_kind(document.file, node)
            return "", None
        if kind == "framework" and only is None:
            return kind, None  # read again with the files of its tree
        record = KINDS[kind].read(node, "", document)
        return kind, record if record is not INVALID else None

    def _unknown_kind(self, file: str, node: MappingNode) -> None:
        kinds = ", ".join(kind for kind in KINDS if kind != "children")
        entry = next((entry for entry in node.entries if entry.key.text == "kind"), None)
        if entry is None:
            self.faults.add("E202", Place(file, node.line, node.column, "kind"), key="kind")
            return
        value = shown(entry.value.text) if isinstance(entry.value, Scalar) and entry.value.text else found(entry.value)
        place = Place(file, entry.value.line, entry.value.column, "kind")
        self.faults.add("E217", place, expected=f"one of {kinds}", value=value)

    def _unreferenced(self, folder: Folder, name: str) -> None:
        self._by_kind(folder, name, only=())

    # resolving

    def framework_ids(self) -> tuple[str, ...]:
        """Return the ids of all frameworks, here and behind."""
        ids = {folder.id for folder in self.folders}
        return tuple(sorted(ids | set(self.behind.framework_ids() if self.behind else ())))

    def outlines_here(self, framework_id: str) -> dict[str, Outline] | None:
        """Return the outlines of a framework in this collection by version; None when it is not here."""
        here: dict[str, Outline] | None = None
        for folder in self.folders:
            if folder.id == framework_id:
                here = {**folder.outlines(), **(here or {})}
        return here

    def outlines(self, framework_id: str) -> dict[str, Outline] | None:
        """Return the outlines of a framework by version, here before behind; None when there is no such framework."""
        here = self.outlines_here(framework_id)
        known_behind = self.behind.outlines(framework_id) if self.behind else None
        return known_behind if here is None else {**(known_behind or {}), **here}

    def frameworks_here(self, framework_id: str) -> dict[str, Framework]:
        """Return the valid versions of a framework in this collection."""
        known: dict[str, Framework] = {}
        for folder in reversed(self.folders):
            if folder.id == framework_id:
                known.update(folder.frameworks())
        return known

    def frameworks(self, framework_id: str) -> dict[str, Framework]:
        """Return the valid versions of a framework, here before behind."""
        known = self.behind.frameworks(framework_id) if self.behind else {}
        return {**known, **self.frameworks_here(framework_id)}

    def newest(self, wanted: Reference) -> Framework | None:
        """Return the newest version that a reference admits, here before behind; None when there is none."""
        here = self.frameworks_here(wanted.id)
        version = wanted.newest(here)
        if version is not None:
            return here[version]
        return self.behind.newest(wanted) if self.behind else None

    def raise_faults_of(self, framework_id: str) -> None:
        """Raise FaultsFound when a framework of that id is there but cannot be used."""
        for folder in self.folders:
            files = folder.current.files
            if folder.id == framework_id and folder.current.framework is None and self.faults.errors_in(files):
                raise FaultsFound([fault for fault in self.faults.sorted() if fault.file in files])
        if self.behind is not None:
            self.behind.raise_faults_of(framework_id)

    def find_questionnaire(self, reference: str) -> Questionnaire | None:
        """Return the newest questionnaire that a reference admits, None when there is none."""
        wanted = Reference.parse(reference)
        if wanted is None:
            return None
        here = {one.version: one for one in self.built_questionnaires if one.id == wanted.id}
        version = wanted.newest(here)
        if version is not None:
            return here[version]
        return self.behind.find_questionnaire(reference) if self.behind else None

    def resolve(self, record: Record) -> Outline | None:
        """Return the outline of the newest version that a file's `framework` admits; report it when there is none.

        Where only other versions exist their newest stands in, so that other faults are seen too.
        """
        wanted = Reference.parse(record.get("framework", ""))
        if wanted is None:
            return None
        here = self.outlines_here(wanted.id) or {}
        version = wanted.newest(version for version in here if version)
        return here[version] if version is not None else self._resolve_anywhere(record, wanted)

    def _resolve_anywhere(self, record: Record, wanted: Reference) -> Outline | None:
        outlines = self.outlines(wanted.id)
        if outlines is None:
            unknown_framework(record, wanted, versions=(), known=self.framework_ids())
            return None
        if not outlines and self.outlines_here(wanted.id) is None:
            record.value_fault("E410", "framework", id=wanted.id)
        version = wanted.newest(version for version in outlines if version)
        if version is None and outlines and "" not in outlines:  # "": a version that cannot be read, reported there
            unknown_framework(record, wanted, versions=tuple(outlines), known=())
            version = Reference(wanted.id).newest(outlines)
        return outlines.get(version or "")


def _kind_of(node: object) -> str | None:
    """Return the kind that a file says it is; a list, which says nothing, is one of children."""
    if isinstance(node, Sequence):
        return "children"
    if not isinstance(node, MappingNode):
        return None
    values = [entry.value for entry in node.entries if entry.key.text == "kind"]
    return values[0].text if values and isinstance(values[0], Scalar) else None
