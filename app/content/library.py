"""The content of an installation, read once and checked: every framework by id and version, and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.content.checking import check, content_behind
from app.content.collection import Collection, FrameworkFolder
from app.content.folders import Folder, Reads
from app.content.frameworks import FRAMEWORK_FILE, read_framework
from app.content.roots import Roots, as_roots
from app.content.versions import Reference, Version
from app.core.benchmark import BenchmarkSet
from app.core.case import Case, UnitTree
from app.core.framework import Framework, WeightProfile
from app.core.questionnaire import Questionnaire
from app.core.report import About, ReportDefinition, Theme
from app.core.weights import DEFAULT, EQUAL, default_profile, equal_profile


class UnknownReference(KeyError):  # noqa: N818 - the contract's name
    """No content has that id, or none of its versions fits; `known` lists what there is."""

    def __init__(self, reference: str, known: tuple[str, ...]) -> None:
        super().__init__(reference)
        self.reference = reference
        self.known = known

    def __str__(self) -> str:
        return f"{self.reference} was not found; known are {', '.join(self.known) or 'none'}"


class Library:
    """Content without errors; immutable after loading."""

    def __init__(self, root: Roots, collection: Collection) -> None:
        self.roots = as_roots(root)
        self._collection = collection

    @property
    def root(self) -> Path:
        """The first content root."""
        return self.roots[0]

    @property
    def collection(self) -> Collection:
        """What was read, to check other content against; it is not changed any more."""
        return self._collection

    def _folder(self, framework_id: str) -> FrameworkFolder | None:
        collection: Collection | None = self._collection
        while collection is not None:
            for folder in collection.folders:
                if folder.id == framework_id:
                    return folder
            collection = collection.behind
        return None

    def framework_ids(self) -> tuple[str, ...]:
        """Return the ids of all frameworks, sorted."""
        return self._collection.framework_ids()

    def own_framework(self, reference: str) -> Framework | None:
        """Return the newest framework that a reference admits, of those before the content root; None if none does."""
        wanted = Reference.parse(reference)
        known = self._collection.frameworks_here(wanted.id) if wanted is not None else {}
        version = wanted.newest(known) if wanted is not None else None
        return None if version is None else known[version]

    def versions(self, framework_id: str) -> tuple[str, ...]:
        """Return the versions of a framework, oldest first; none where it is not known."""
        return tuple(sorted(self._collection.frameworks(framework_id), key=Version.lenient))

    def framework(self, reference: str) -> Framework:
        """Return the newest framework that a reference admits (`id`, `id@1.0.0`, `id@>=1,<2`).

        One before the content root wins over a newer one in it. Raises UnknownReference, or FaultsFound when there is
        such a framework but it has errors.
        """
        wanted = Reference.parse(reference)
        framework = self._collection.newest(wanted) if wanted is not None else None
        if framework is None:
            self._collection.raise_faults_of(wanted.id if wanted is not None else "")
            versions = self.versions(wanted.id) if wanted is not None else ()
            known = tuple(f"{reference.partition('@')[0]}@{version}" for version in versions) or self.framework_ids()
            raise UnknownReference(reference, known)
        return framework

    def weight_profiles(self, framework: Framework) -> Mapping[str, WeightProfile]:
        """Return the weight profiles that fit a framework version, `default` and `equal` first."""
        folder = self._folder(framework.id)
        version = Version.lenient(framework.version)
        profiles = {DEFAULT: default_profile(framework), EQUAL: equal_profile(framework)}
        for profile in folder.built_weights if folder is not None else ():
            wanted = Reference.parse(profile.framework or framework.id)
            if wanted is not None and wanted.admits(version) and all(node in framework for node in profile.weights):
                profiles[profile.id] = profile
        return profiles

    def benchmarks(self, framework_id: str) -> tuple[BenchmarkSet, ...]:
        """Return the benchmark sets of a framework."""
        folder = self._folder(framework_id)
        return tuple(folder.built_benchmarks) if folder is not None else ()

    def cases(self, framework_id: str) -> tuple[Case, ...]:
        """Return the cases in a framework's folder."""
        folder = self._folder(framework_id)
        return tuple(folder.built_cases) if folder is not None else ()

    def unit_tree(self, framework_id: str) -> UnitTree | None:
        """Return the units beside a framework's cases, None where there is no such file."""
        folder = self._folder(framework_id)
        return folder.built_units if folder is not None else None

    def questionnaires(self, framework_id: str | None = None) -> tuple[Questionnaire, ...]:
        """Return all questionnaires, or those for one framework."""
        return tuple(
            one
            for one in self._collection.built_questionnaires
            if framework_id is None or one.framework.partition("@")[0] == framework_id
        )

    def find_questionnaire(self, reference: str) -> Questionnaire | None:
        """Return the newest questionnaire that a reference admits, None when there is none."""
        return self._collection.find_questionnaire(reference)

    def questionnaire(self, reference: str) -> Questionnaire:
        """Return the newest questionnaire that a reference admits; UnknownReference."""
        found = self.find_questionnaire(reference)
        if found is None:
            raise UnknownReference(reference, tuple(one.reference for one in self.questionnaires()))
        return found

    def reports(self) -> tuple[ReportDefinition, ...]:
        """Return the reports that can be made of assessments."""
        return tuple(one for one in self._collection.built_reports if one.about is not About.INTERVIEW)

    def report(self, report_id: str) -> ReportDefinition:
        """Return one report that can be made of assessments; UnknownReference."""
        for report in self.reports():
            if report.id == report_id:
                return report
        raise UnknownReference(report_id, tuple(report.id for report in self.reports()))

    def interview_theme(self) -> Theme:
        """Return the look of interview guides; the house's where no report about an interview is defined."""
        return next((one.theme for one in self._collection.built_reports if one.about is About.INTERVIEW), Theme())


def load_library(root: Roots) -> Library:
    """Read everything below a content root, or several as one; raises FaultsFound when anything has an error."""
    collection = Collection()
    collection.read_roots([Folder.named(one) for one in as_roots(root)])
    check(collection)
    collection.faults.raise_errors()
    return Library(root, collection)


def load_library_for(case: Path, *, root: Roots, framework: Path | None = None) -> Library:
    """Read what is needed to judge one case file.

    The framework is that of the folder `framework`; without one, that of the folder above the case's `cases/`; and
    what is not there comes from the content root, which is read only when it is asked. Other cases are not read.
    Raises FaultsFound when the framework's folder has an error.
    """
    folder = framework or framework_folder_of(case)
    collection = Collection(behind=lambda: content_behind([folder] if folder is not None else [], root))
    if folder is not None:
        collection.read_framework_folder(Folder.named(folder), cases=False)
    check(collection, hints=False)
    collection.faults.raise_errors()
    return Library(root, collection)


def load_framework(folder: Path) -> Framework:
    """Read the framework of one folder, and nothing else in it. Raises FaultsFound when it has an error."""
    reads = Reads()
    read = read_framework(Folder.named(folder), reads)
    reads.faults.raise_errors()
    assert read.framework is not None  # without an error it was built
    return read.framework


def framework_folder_of(case: Path) -> Path | None:
    """Return the framework folder above the `cases/` in which a case lies, None where there is none."""
    above = case.absolute().parent
    if above.name == "cases" and (above.parent / FRAMEWORK_FILE).exists():
        return case.parent.parent if case.parent.name == "cases" else above.parent
    return None
