"""A content root with one small framework and its questionnaire, and further versions published over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.content.layering import ContentKind
from app.content.proofing import lint_draft
from app.services.shelf import Shelf
from app.storage.publications import insert_publication

if TYPE_CHECKING:
    from app.content.library import Library
    from app.storage.database import Database
    from tests.conftest import FixedClock

Tree = Mapping[str, Mapping[str, Sequence[str]]]  # groups, their elements, what each of those replaces

FIRST: Tree = {
    "alpha": {"kept": (), "moved": (), "renamed": ()},
    "beta": {"cut": (), "one": (), "two": (), "gone": ()},
}
SECOND: Tree = {
    "alpha": {"kept": (), "called": ("renamed",)},
    "beta": {"moved": (), "left": ("cut",), "right": ("cut",), "both": ("one", "two"), "fresh": ()},
}
HALVES = "{min: 0, max: 5, step: 0.5, levels: [{value: 0, name: 空}, {value: 5, name: 满}]}"
QUARTERS = "{min: 1, max: 7, step: 0.25, levels: [{value: 1, name: 低}, {value: 7, name: 高}]}"


def framework_text(version: str, tree: Tree, *, scale: str = HALVES, weights: Mapping[str, int] | None = None) -> str:
    """Return a framework file."""
    lines = [
        "format: 1",
        "kind: framework",
        "id: small",
        f"version: {version}",
        "name: {zh: 小框架, en: Small}",
        "tiers: [{id: group, name: {zh: 组, en: Group}}, {id: element, name: {zh: 要素, en: Element}}]",
        f"scale: {scale}",
        "rollup: {method: weighted-mean, coverage: {publish: 0.8, provisional: 0.6}}",
        "capabilities:",
    ]
    for group, elements in tree.items():
        lines += [f"- id: {group}", f"  name: {{zh: {group}组, en: {group}}}", "  children:"]
        for element, replaced in elements.items():
            weight = (weights or {}).get(element, 1)
            lines.append(f"  - {{id: {element}, name: {{zh: {element}项, en: {element}}}, weight: {weight}")
            lines[-1] += f", replaces: [{', '.join(replaced)}]}}" if replaced else "}"
    return "\n".join(lines) + "\n"


def questionnaire_text(version: str, admits: str, tree: Tree) -> str:
    """Return a questionnaire file: every element is asked of both roles, with one thing to see and one question."""
    items = [
        f"- {{element: {element}, evidence: [{{id: paper, zh: 文件, en: Paper}}], "
        "questions: [{id: how, type: scale, text: {zh: 几分, en: How}}]}"
        for elements in tree.values()
        for element in elements
    ]
    head = [
        "format: 1",
        "kind: questionnaire",
        "id: small-interview",
        f"framework: small@{admits}",
        f"version: {version}",
        "name: {zh: 小提纲, en: Small guide}",
        "mode: interview",
        "roles: [{id: boss, name: {zh: 头, en: Boss}, weight: 2}, {id: hand, name: {zh: 手, en: Hand}}]",
        "items:",
    ]
    return "\n".join([*head, *items]) + "\n"


@dataclass
class Press:
    """A shelf on a root with `small` 1.0.0, to which further versions are published."""

    database: Database
    root: Path
    clock: FixedClock
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        """Write the root, and read it."""
        _write(self.root / "frameworks" / "small" / "framework.yaml", framework_text("1.0.0", FIRST))
        _write(self.root / "questionnaires" / "small.yaml", questionnaire_text("1.0.0", ">=1,<2", FIRST))
        self.shelf = Shelf(self.database, self.root)

    @property
    def library(self) -> Library:
        """The content of the moment."""
        return self.shelf.library

    def publish(
        self, version: str, tree: Tree, *, scale: str = HALVES, weights: Mapping[str, int] | None = None
    ) -> Library:
        """Publish a version of the framework."""
        text = framework_text(version, tree, scale=scale, weights=weights)
        return self._insert(ContentKind.FRAMEWORK, "small", version, {"framework.yaml": text})

    def publish_questionnaire(self, version: str, admits: str, tree: Tree) -> Library:
        """Publish a version of the questionnaire."""
        text = questionnaire_text(version, admits, tree)
        return self._insert(ContentKind.QUESTIONNAIRE, "small-interview", version, {"q.yaml": text})

    def _insert(self, kind: ContentKind, key: str, version: str, files: Mapping[str, str]) -> Library:
        read = lint_draft(kind, key, files, self.library)
        assert not read.errors, read.errors
        with self.database.begin() as session:
            insert_publication(
                session,
                kind=kind.value,
                key=key,
                version=version,
                hash=read.hash,
                files=files,
                note="试",
                step="major",
                published_at=self.clock(),
            )
        return self.shelf.renew()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
