"""What the editor's page is told: files, addresses, schemas, what may be referred to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for

from app.content.fault_words import hint, sentence
from app.content.frameworks import FRAMEWORK_FILE
from app.content.key_words import worded_schema
from app.content.layering import ContentKind
from app.content.mending import Source, ends, mends
from app.core.errors import Fault
from app.web.context import locale
from app.web.editing.wording import mend_label, phrases, script_texts

if TYPE_CHECKING:
    from app.content.library import Library
    from app.content.mending import Mend
    from app.core.framework import Framework
    from app.services.drafting import DraftView

MOST_TOLD = 300  # faults of a draft that a page shows at once; the counts are of all


@dataclass(frozen=True, slots=True)
class FileTab:
    """One file of a draft in the order of the page."""

    name: str
    text: str


def file_tabs(draft: DraftView) -> list[FileTab]:
    """Return the files, that of the framework itself first."""
    names = sorted(draft.files, key=lambda name: (name != FRAMEWORK_FILE, name))
    return [FileTab(name, draft.files[name]) for name in names]


def script_data(draft: DraftView, library: Library, *, first: str, line: int) -> dict[str, Any]:
    """Return what the scripts of the page are told; `first` is the file to open, at `line`."""
    kinds = ("framework", "children") if draft.kind is ContentKind.FRAMEWORK else (draft.kind.value,)
    return {
        "draft": draft.id,
        "kind": draft.kind.value,
        "version": draft.version,
        "savedAt": draft.updated_at.isoformat(),
        "locale": locale(),
        "files": [{"name": tab.name, "text": tab.text} for tab in file_tabs(draft)],
        "first": first,
        "line": line,
        "main": FRAMEWORK_FILE if draft.kind is ContentKind.FRAMEWORK else None,
        "lint": url_for("editing_api.lint", draft_id=draft.id),
        "preview": url_for("editing_api.preview", draft_id=draft.id),
        "state": url_for("editing_api.state", draft_id=draft.id),
        "file": url_for("editing_api.put_file", draft_id=draft.id, name="NAME"),
        "plotly": url_for("static", filename="vendor/plotly.min.js"),
        "schemas": {kind: worded_schema(kind, locale()) for kind in kinds},
        "references": references(draft, library),
        "texts": script_texts(),
        "phrases": phrases() if locale() != "en" else {},
    }


def references(draft: DraftView, library: Library) -> dict[str, list[list[str]]]:
    """Return what the values of some keys may be, as [value, what it is called]; ids of the files are known there."""
    if draft.kind is ContentKind.FRAMEWORK:
        others = [library.framework(one) for one in library.framework_ids() if one != draft.key]
        earlier = [library.framework(f"{draft.key}@{version}") for version in library.versions(draft.key)]
        return {
            "related": [[f"{one.id}/{leaf}", name] for one in others for leaf, name in _named(one, leaves=True)],
            "replaces": _unlike(pair for one in earlier for pair in _named(one, leaves=True)),
        }
    framework = _framework_of(draft, library)
    if framework is None:
        return {}
    if draft.kind is ContentKind.WEIGHTS:
        return {"weights": [list(pair) for pair in _named(framework, leaves=False)]}
    leaves = [list(pair) for pair in _named(framework, leaves=True)]
    return {"element": leaves, "answer": leaves, "omit": leaves}


def known_ids(draft: DraftView, library: Library) -> frozenset[str]:
    """Return the ids of other content that the files may refer to, for mends."""
    return frozenset(pair[0] for pairs in references(draft, library).values() for pair in pairs)


def _framework_of(draft: DraftView, library: Library) -> Framework | None:
    """Return the newest framework that a questionnaire or a weight profile is for, None where it cannot be told."""
    if draft.kind is ContentKind.WEIGHTS:
        wanted = draft.key.partition("/")[0]
    else:
        known = library.find_questionnaire(draft.key)
        wanted = known.framework.partition("@")[0] if known is not None else ""
    return library.framework(wanted) if wanted in library.framework_ids() else None


def _named(framework: Framework, *, leaves: bool) -> list[tuple[str, str]]:
    nodes = framework.leaves if leaves else tuple(framework.walk())
    return [(node.id, node.name.in_locale(locale())) for node in nodes]


def _unlike(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [list(pair) for pair in dict(pairs).items()]


def told_faults(faults: Iterable[Fault], files: dict[str, str], *, ids: frozenset[str]) -> list[dict[str, Any]]:
    """Return faults as the page shows them: worded, marked up to where, with how to mend them."""
    faults = list(faults)[:MOST_TOLD]
    faulty = {fault.file for fault in faults}
    sources = {name: Source(text, tuple(files), ids) for name, text in files.items() if name in faulty}
    offered = mends(faults, sources)
    return [_told(fault, sources.get(fault.file or ""), offered.get(fault, ())) for fault in faults]


def _told(fault: Fault, source: Source | None, offered: tuple[Mend, ...]) -> dict[str, Any]:
    end_line, end_column = ends(fault, source) if source is not None else (1, 1)
    return {
        "file": fault.file,
        "line": fault.line or 1,
        "column": fault.column or 1,
        "endLine": end_line,
        "endColumn": end_column,
        "severity": fault.severity,
        "code": fault.code,
        "message": sentence(fault, locale()),
        "hint": hint(fault.code, locale()),
        "mends": [_told_mend(mend) for mend in offered],
    }


def _told_mend(mend: Mend) -> dict[str, Any]:
    changes = [[one.line, one.column, one.end_line, one.end_column, one.text] for one in mend.changes]
    return {"label": mend_label(mend), "changes": changes, "cursor": mend.cursor, "file": mend.file}
