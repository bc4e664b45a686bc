"""Everything that was read, checked against each other; what has no errors is built.

Knows what must hold between files: references, versions and their hashes, ids that stand once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from app.content.benchmarks import build_benchmark, build_weights, check_plan
from app.content.cases import build_case, build_units
from app.content.collection import PLANS, Collection, FrameworkFolder
from app.content.folders import Folder
from app.content.frameworks import ReadFramework
from app.content.located import Place
from app.content.outline import Outline
from app.content.questionnaires import build_questionnaire
from app.content.reports import build_report
from app.content.roots import Roots, as_roots
from app.content.shapes import Record
from app.content.snapshot import digest, framework_document
from app.content.templates import Templates
from app.content.versions import Reference, Version

_ONE_SHELF = ""


def check(content: Collection, *, hints: bool = True) -> None:
    """Check everything that a collection holds against each other and build what has no errors.

    Without `hints` what elements say of other frameworks and versions is not looked up.
    """
    _Checks(content).run(hints=hints)


def content_behind(paths: Iterable[Path], root: Roots) -> Collection:
    """Return the content in which references of the named paths are looked up: the content root or roots.

    Before it stand the content roots that the paths lie in (above a `frameworks/` or `questionnaires/`).
    """
    roots = as_roots(root)
    near = {found for path in paths if (found := _root_around(path.resolve())) is not None} - {
        one.resolve() for one in roots
    }
    if not near:
        return _read_behind(Collection(), roots)
    return _read_behind(Collection(behind=lambda: _read_behind(Collection(), roots)), sorted(near))


def _root_around(path: Path) -> Path | None:
    return next((one.parent for one in (path, *path.parents) if one.name in ("frameworks", "questionnaires")), None)


def _read_behind(collection: Collection, roots: Iterable[Path]) -> Collection:
    collection.read_roots([Folder.named(root) for root in roots], cases=False)
    check(collection, hints=False)
    return collection


class _Checks:
    def __init__(self, content: Collection) -> None:
        self.content = content

    def run(self, *, hints: bool) -> None:
        for folder in self.content.folders:
            self._check_versions(folder)
            for framework in (folder.current, *folder.earlier.values()) if hints else ():
                self._check_pointers(folder, framework)
        self._unique([one.current.record for one in self.content.folders], self._shelf_and_version)
        for record in self.content.questionnaires:
            self._check_questionnaire(record)
        self._unique(self.content.questionnaires, lambda record: (self._shelf(record, 1), record.get("version")))
        for folder in self.content.folders:
            self._check_folder(folder)
        for kind, record in self.content.lone:
            self._check_lone(kind, record)
        used = {file for folder in self.content.folders for file in folder.current.files}
        for stray in self.content.strays:
            if stray not in used:
                self.content.faults.add("W332", Place(stray))
        self._check_reports()

    def _check_reports(self) -> None:
        content = self.content
        for house in content.houses:
            Templates(house, house, content.reads).check_alone()
        built = (build_report(read, content.reads) for read in content.reports)
        content.built_reports = [report for report in built if report is not None]
        self._unique([read.record for read in content.reports])

    def _unique(self, records: Iterable[Record | None], key: Callable[[Record], object] | None = None) -> None:
        """Report records that have the id of another one; `key` tells what else must be the same."""
        first: dict[object, str] = {}
        for record in records:
            if record is None or "id" not in record:
                continue
            identity = (record["id"], key(record) if key is not None else None)
            if identity in first:
                record.value_fault("E323", "id", id=record["id"], other=first[identity])
            else:
                first[identity] = record.document.file

    def _check_versions(self, folder: FrameworkFolder) -> None:
        """Check that published versions are there, are what their folder says, and have not changed."""
        published = folder.published
        hashes: Mapping[str, str] = (published.get("versions") or {}) if published is not None else {}
        if published is not None:
            self._must_be(published, "id", folder.id)
        for name, earlier in folder.earlier.items():
            if earlier.record is not None:
                self._must_be(earlier.record, "id", folder.id)
                self._must_be(earlier.record, "version", name)
            if published is None or ("versions" in published and name not in hashes):
                self.content.faults.add("W333", Place(earlier.files[0]), version=name)
        current = folder.current.record.get("version") if folder.current.record is not None else None
        for version in hashes:
            if version not in folder.earlier and version != current and current is not None:
                assert published is not None
                self.content.faults.add("E319", published["versions"].key_place(version), version=version)
        for framework in (folder.current, *folder.earlier.values()):
            self._check_hash(framework, hashes)

    def _shelf(self, record: Record, steps: int) -> str:
        """Return the folder that stands `steps` above a file; content roots that belong together are one shelf."""
        folder = "/".join(record.document.file.split("/")[:-steps])
        return _ONE_SHELF if folder in self.content.together else folder

    def _shelf_and_version(self, record: Record) -> object:
        """Within one shelf an id stands once; folders named side by side may hold versions of one framework."""
        shelf = self._shelf(record, 2)
        alone = shelf == _ONE_SHELF or shelf.split("/")[-1] == "frameworks"
        return shelf, None if alone else record.get("version")

    def _must_be(self, record: Record, key: str, expected: str) -> None:
        if key in record and record[key] != expected:
            record.value_fault("E320", key, expected=expected, value=record[key])

    def _check_hash(self, read: ReadFramework, hashes: Mapping[str, str]) -> None:
        framework = read.framework
        if framework is None or read.record is None or framework.version not in hashes:
            return
        published, now = hashes[framework.version], digest(framework_document(framework))
        if published != now:
            read.record.fault("E318", "version", version=framework.version, published=published, now=now)

    def _check_pointers(self, folder: FrameworkFolder, read: ReadFramework) -> None:
        """Check what elements say of other frameworks (`related`) and of earlier versions (`replaces`)."""
        version = Version.parse(read.outline.version) if read.outline is not None else None
        others = self.content.outlines(folder.id) or {}
        earlier = [
            outline
            for text, outline in others.items()
            if version is not None and text and Version.lenient(text) < version
        ]
        earlier += self.content.published.values()
        for branch in read.walk():
            related, replaces = branch.record.get("related"), branch.record.get("replaces")
            for reference, place in related.placed() if related is not None else ():
                if not self._is_element(reference):
                    self.content.faults.add("W331", place, reference=reference)
            for node_id, place in replaces.placed() if replaces is not None else ():
                if not earlier:
                    self.content.faults.add("W334", place, id=node_id)
                elif not any(node_id in outline.nodes or not outline.complete for outline in earlier):
                    self.content.faults.add("E321", place, id=node_id)

    def _is_element(self, reference: str) -> bool:
        framework_id, _, element = reference.partition("/")
        outlines = self.content.outlines(framework_id)
        if not outlines:
            return outlines is not None
        newest = outlines[Reference(framework_id).newest(version for version in outlines if version) or ""]
        return element in newest.leaves or not newest.complete

    def _check_questionnaire(self, record: Record) -> None:
        outline = self.content.resolve(record)
        built = build_questionnaire(record, outline, first_leaves=self._first_leaves(record, outline))
        if built is not None:
            self.content.built_questionnaires.append(built)

    def _first_leaves(self, record: Record, outline: Outline | None) -> frozenset[str] | None:
        """Return the elements of the oldest version a questionnaire admits, None where it admits one version only.

        Where older versions would do but none is known, every missing element may have been added later.
        """
        wanted = Reference.parse(record.get("framework", ""))
        version = Version.parse(outline.version) if outline is not None else None
        if wanted is None or outline is None or version is None:
            return None
        outlines = self.content.outlines(wanted.id) or {}
        oldest = wanted.oldest(text for text in outlines if text and _same_major(text, version))
        if oldest is not None and oldest != outline.version:
            return frozenset(outlines[oldest].leaves) if outlines[oldest].complete else None
        return frozenset() if _may_have_grown(wanted, version) else None

    def _check_folder(self, folder: FrameworkFolder) -> None:
        for records in (folder.weights, folder.benchmarks, folder.cases):
            self._unique(records)
        for record in folder.weights:
            profile = build_weights(record, self._own(folder, record))
            folder.built_weights.extend([profile] if profile is not None else [])
        for record in folder.benchmarks:
            benchmark = build_benchmark(record, self._own(folder, record))
            folder.built_benchmarks.extend([benchmark] if benchmark is not None else [])
        for record in folder.plans:
            check_plan(record, self._own(folder, record))
        if folder.units is not None:
            folder.built_units = build_units(folder.units)
        for record in folder.cases:
            case = build_case(record, self._own(folder, record), folder.built_units, self.content.find_questionnaire)
            folder.built_cases.extend([case] if case is not None else [])

    def _own(self, folder: FrameworkFolder, record: Record) -> Outline | None:
        """Return the outline that a file of a framework folder refers to; it must be of that framework.

        Where the reference is faulty the folder's own framework stands in, so that other faults are seen too.
        """
        wanted = Reference.parse(record.get("framework", ""))
        own = folder.current.outline
        if wanted is None or own is None or not own.id:
            return own
        if wanted.id == folder.id:
            return self.content.resolve(record)
        record.value_fault("E409", "framework", expected=folder.id, value=record["framework"])
        return own if self.content.outlines(wanted.id) is None else None

    def _check_lone(self, kind: str, record: Record) -> None:
        if kind == "case":
            build_case(record, self.content.resolve(record), None, self.content.find_questionnaire)
        elif kind == "units":
            build_units(record)
        elif kind == "weights":
            build_weights(record, self.content.resolve(record))
        elif kind == "benchmark":
            build_benchmark(record, self.content.resolve(record))
        elif kind in PLANS:
            check_plan(record, self.content.resolve(record))


def _same_major(text: str, version: Version) -> bool:
    return Version.lenient(text).numbers[0] == version.numbers[0]


def _may_have_grown(wanted: Reference, version: Version) -> bool:
    """Tell whether a version older than `version`, of the same major, would do too."""
    return version.numbers[1:] != (0, 0) and wanted.starts_below(version)
