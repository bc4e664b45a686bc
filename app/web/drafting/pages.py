"""What the pages of drafts show: drafts with their state, content with its versions, faults with their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from flask import url_for

from app.content.fault_words import hint, sentence
from app.content.layering import ContentKind
from app.content.proofing import Content, lint_draft
from app.core.framework import Framework
from app.core.text import Text
from app.services import drafting
from app.services.content_files import content_keys, newest_version
from app.services.publishing import published_content
from app.services.translation_progress import progress_of_content, progress_of_version
from app.web.context import locale
from app.web.drafting.base import name_of

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.errors import Fault
    from app.core.translations import Progress
    from app.services.drafting import DraftView, Revision
    from app.services.permissions import Actor
    from app.storage.database import Session

MOST_FAULTS = 100
CONTEXT_LINES = 2


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list; `errors` None where it is somebody else's. `english` None where it cannot be counted."""

    draft: drafting.DraftSummary
    kind: ContentKind
    name: Text
    errors: int | None = None
    overtaken: bool = False
    english: Progress | None = None


@dataclass(frozen=True, slots=True)
class ContentRow:
    """Something that can be drafted; `draft_id` where the reader has a draft of it."""

    kind: ContentKind
    key: str
    name: Text
    version: str
    draft_id: int | None = None
    english: Progress | None = None


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault in the reader's words; `url` leads to its place in the editor."""

    code: str
    severity: str
    place: str
    sentence: str
    hint: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a draft's history: what a file said, and how it differs from what it said before (`+`, `-`, ` `)."""

    revision: Revision
    changed: tuple[tuple[str, str], ...]
    lines: int | None


def draft_rows(session: Session, library: Library, actor: Actor) -> tuple[list[DraftRow], list[DraftRow]]:
    """Return the reader's open drafts with their state, and those of others."""
    mine, others = [], []
    for one in drafting.list_drafts(session, actor):
        kind = ContentKind(one.kind)
        newest = newest_version(library, session, kind, one.key)
        if one.owner_id != actor.user_id:
            others.append(DraftRow(one, kind, _published_name(session, library, kind, one.key, newest)))
            continue
        lint = lint_draft(kind, one.key, drafting.get_draft(session, one.id, actor).files, library)
        name = name_of(lint.content, "") if lint.content else _published_name(session, library, kind, one.key, newest)
        english = progress_of_content(session, library, kind, one.key, lint.content) if lint.content else None
        mine.append(DraftRow(one, kind, name, len(lint.errors), newest != one.base_version, english))
    return mine, others


def content_rows(session: Session, library: Library, actor: Actor) -> list[ContentRow]:
    """Return everything that can be drafted, by kind and key."""
    open_now = {
        (one.kind, one.key): one.id for one in drafting.list_drafts(session, actor) if one.owner_id == actor.user_id
    }
    rows = []
    for kind in ContentKind:
        for key in content_keys(library, session, kind):
            version = newest_version(library, session, kind, key) or ""
            name = _published_name(session, library, kind, key, version)
            english = progress_of_version(session, library, kind, key, version)
            rows.append(ContentRow(kind, key, name, version, open_now.get((kind.value, key)), english))
    return rows


def published_name(session: Session, library: Library, kind: ContentKind, key: str) -> Text:
    """Return the name of the newest version of one content, its key where there is none."""
    return _published_name(session, library, kind, key, newest_version(library, session, kind, key))


def _published_name(session: Session, library: Library, kind: ContentKind, key: str, version: str | None) -> Text:
    content = published_content(library, session, kind, key, version) if version else None
    return name_of(content, key)


def naming_framework(library: Library, content: Content | None, kind: ContentKind, key: str) -> Framework | None:
    """Return the framework whose names the changes of one content use: its own, or that which it refers to."""
    if isinstance(content, Framework):
        return content
    reference = key.partition("/")[0] if kind is ContentKind.WEIGHTS else getattr(content, "framework", None)
    try:
        return library.framework(reference) if reference else None
    except KeyError:
        return None


def fault_lines(faults: Sequence[Fault], draft: DraftView | None = None) -> list[FaultLine]:
    """Return faults in the reader's words, errors first; those of a draft's own files lead into the editor."""
    ordered = sorted(faults, key=lambda fault: fault.severity != "error")[:MOST_FAULTS]
    return [_fault_line(fault, draft) for fault in ordered]


def _fault_line(fault: Fault, draft: DraftView | None) -> FaultLine:
    own = draft is not None and draft.outcome is None and fault.file in draft.files
    return FaultLine(
        code=fault.code,
        severity=fault.severity,
        place=":".join(str(part) for part in (fault.file, fault.line) if part is not None),
        sentence=sentence(fault, locale()),
        hint=hint(fault.code, locale()),
        url=url_for("editing.edit", draft_id=draft.id, file=fault.file, line=fault.line) if own and draft else None,
    )


def history_steps(revisions: Sequence[Revision]) -> list[Step]:
    """Return the steps of a history, the newest first, each against what the file said before."""
    return list(_steps(revisions))


def _steps(revisions: Sequence[Revision]) -> Iterator[Step]:
    for place, revision in enumerate(revisions):
        earlier = (one for one in revisions[place + 1 :] if one.name == revision.name and one.kind != "conflict-lost")
        before = next(earlier, None)
        lines = None if revision.text is None else len(revision.text.splitlines())
        if revision.kind == "begun":
            yield Step(revision, (), lines)
        else:
            yield Step(revision, tuple(line_changes(before.text if before else None, revision.text)), lines)


def line_changes(old: str | None, new: str | None) -> Iterator[tuple[str, str]]:
    """Yield the lines around what differs, each with `+`, `-`, ` `, and `@` between two places."""
    before, after = (old or "").splitlines(), (new or "").splitlines()
    for line in list(unified_diff(before, after, n=CONTEXT_LINES, lineterm=""))[3:]:
        yield ("@", "") if line.startswith("@@") else (line[0], line[1:])
