"""The files of one content, checked alone with the library of the moment behind them: what an editor is typing.

Nothing but these files is read. What other content says of this one (a questionnaire of a changed framework) is found
when it is published, not here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.content.benchmarks import build_weights
from app.content.checking import check
from app.content.collection import Collection
from app.content.folders import Folder
from app.content.frameworks import FRAMEWORK_FILE
from app.content.kinds.framework import WEIGHTS
from app.content.kinds.questionnaire import QUESTIONNAIRE
from app.content.layering import ContentKind
from app.content.library import Library
from app.content.located import Place
from app.content.shapes import Record, Shape
from app.content.snapshot import digest, framework_document, questionnaire_document, weights_document
from app.core.errors import Fault
from app.core.framework import Framework, WeightProfile
from app.core.questionnaire import Questionnaire

Content = Framework | Questionnaire | WeightProfile


@dataclass(frozen=True, slots=True)
class LintResult:
    """Every fault by file, line and column; what was built when there is no error among them.

    `used` are the files that belong to it: of a framework those that its tree names, framework.yaml first.
    """

    faults: tuple[Fault, ...]
    framework: Framework | None = None
    questionnaire: Questionnaire | None = None
    profile: WeightProfile | None = None
    used: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that stand in the way of publishing."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults that do not."""
        return tuple(fault for fault in self.faults if fault.severity == "warning")

    @property
    def content(self) -> Content | None:
        """What was built, whichever kind it is; None where there are errors."""
        return self.framework or self.questionnaire or self.profile

    @property
    def hash(self) -> str | None:
        """The hash of what the files say; None where there are errors."""
        return None if self.content is None else hash_of(self.content)


def hash_of(content: Content) -> str:
    """Return the hash of what content says; comments, order of keys and quoting do not change it."""
    if isinstance(content, Framework):
        return digest(framework_document(content))
    if isinstance(content, Questionnaire):
        return digest(questionnaire_document(content))
    return digest(weights_document(content))


def lint_draft(kind: ContentKind, key: str, files: Mapping[str, str], library: Library) -> LintResult:
    """Check the files of one content (plain names -> text as typed); faults name files by these names.

    The id in them must be the one of `key`. References resolve in the files first, then in `library`.
    """
    with tempfile.TemporaryDirectory(prefix="crm-maturity-draft-") as scratch:
        folder = Folder(Path(scratch), "")
        for name, text in files.items():
            (folder.path / name).write_bytes(text.encode("utf-8", "replace"))
        return _LINT[kind](key, files, folder, Collection(behind=lambda: library.collection))


def _framework(key: str, files: Mapping[str, str], folder: Folder, collection: Collection) -> LintResult:
    if FRAMEWORK_FILE not in files:
        collection.faults.add("E322", Place(FRAMEWORK_FILE))
        return LintResult(collection.faults.sorted())
    collection.published = (collection.behind.outlines(key) if collection.behind else None) or {}
    read = collection.read_framework_folder(folder)
    _must_be(read.current.record, key)
    check(collection)
    result = LintResult(collection.faults.sorted(), used=tuple(name for name in read.current.files if name in files))
    return result if result.errors else LintResult(result.faults, framework=read.current.framework, used=result.used)


def _questionnaire(key: str, files: Mapping[str, str], folder: Folder, collection: Collection) -> LintResult:
    record = _only_record(files, folder, collection, QUESTIONNAIRE)
    _must_be(record, key)
    collection.questionnaires.extend([record] if record is not None else [])
    check(collection)
    result = LintResult(collection.faults.sorted(), used=tuple(files))
    if result.errors or not collection.built_questionnaires:
        return result
    return LintResult(result.faults, questionnaire=collection.built_questionnaires[0], used=result.used)


def _weights(key: str, files: Mapping[str, str], folder: Folder, collection: Collection) -> LintResult:
    framework_id, _, profile_id = key.partition("/")
    record = _only_record(files, folder, collection, WEIGHTS)
    _must_be(record, profile_id)
    profile = None
    if record is not None:
        if "framework" in record and record["framework"].partition("@")[0] != framework_id:
            record.value_fault("E409", "framework", expected=framework_id, value=record["framework"])
        profile = build_weights(record, collection.resolve(record))
    result = LintResult(collection.faults.sorted(), used=tuple(files))
    return result if result.errors else LintResult(result.faults, profile=profile, used=result.used)


def _only_record(files: Mapping[str, str], folder: Folder, collection: Collection, shape: Shape) -> Record | None:
    """Read the first file; a further one is not referred to by anything."""
    first, *others = files or {"": ""}
    for name in others:
        collection.faults.add("W332", Place(name))
    return collection.reads.record(folder, first, shape) if first else None


def _must_be(record: Record | None, key: str) -> None:
    if record is not None and "id" in record and record["id"] != key:
        record.value_fault("E320", "id", expected=key, value=record["id"])


_LINT = {
    ContentKind.FRAMEWORK: _framework,
    ContentKind.QUESTIONNAIRE: _questionnaire,
    ContentKind.WEIGHTS: _weights,
}
