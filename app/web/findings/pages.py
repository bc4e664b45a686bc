"""What the pages of findings show: the list by dimension, one element with what was noted and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.framework import Capability
from app.i18n import msgid
from app.services.attaching import AttachmentView, attachments_of
from app.services.findings import Change, FindingView, findings_of, why_closed
from app.services.interview_notes import Note, Source, notes_of, sources_of
from app.web.context import translate
from app.web.interviews.wording import CONFIDENCES, STRENGTHS

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.storage.database import Session

SHOWN = 3  # findings of an element in the list; its own page has all
FILTERS = {"all": msgid("全部要素"), "without": msgid("没有发现"), "waiting": msgid("有待用的记录")}
CLOSED = {
    "assessment-archived": msgid("这项评估已归档，不再接受修改。"),
    "assessment-published": msgid("这项评估已发布，不再接受修改。"),
}
KINDS = {
    "written": msgid("写下"),
    "changed": msgid("改写"),
    "moved": msgid("换了位置"),
    "archived": msgid("已归档"),
    "restored": msgid("恢复使用"),
    "conflict-lost": msgid("未采用（与他人的修改冲突）"),
}
FIELDS = {
    "zh": msgid("发现（中文）"),
    "en": msgid("发现（英文）"),
    "strength": msgid("证据强度"),
    "sources": msgid("来源"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One element of the list; `waiting` notes and `files` are counted for those who hold interviews."""

    element: Capability
    findings: tuple[FindingView, ...]
    waiting: int
    files: int

    def fits(self, show: str) -> bool:
        """Tell whether a filter lets this row through."""
        return show == "all" or (not self.findings if show == "without" else self.waiting > 0)


@dataclass(frozen=True, slots=True)
class Part:
    """The rows below one capability of the first tier; `node` is None where the framework has a single tier."""

    node: Capability | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ListingPage:
    """All findings of an assessment, as far as the filters let them through."""

    answer: str
    parts: tuple[Part, ...]
    dimensions: tuple[Capability, ...]
    dimension: str | None
    show: str
    counts: Mapping[str, int]
    closed: str | None


@dataclass(frozen=True, slots=True)
class ElementPage:
    """One element: what was noted, what was found, the files. Readers get findings alone."""

    node: Capability
    ancestors: tuple[Capability, ...]
    before: Capability | None
    after: Capability | None
    findings: tuple[FindingView, ...]
    archived: tuple[FindingView, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    files: tuple[AttachmentView, ...]
    archived_files: tuple[AttachmentView, ...]
    closed: str | None

    @property
    def waiting(self) -> int:
        """How many notes no finding refers to."""
        return sum(note.waiting for note in self.notes)

    def files_of(self, finding: FindingView) -> tuple[AttachmentView, ...]:
        """Return the files that show one finding."""
        return tuple(file for file in self.files if file.finding_id == finding.id)

    def speaking(self, chosen: frozenset[int]) -> tuple[Source, ...]:
        """Return the interviews that say something of this element, and those chosen already."""
        spoken = {note.interview_id for note in self.notes} | chosen
        return tuple(source for source in self.sources if source.interview_id in spoken)

    def silent(self, chosen: frozenset[int]) -> tuple[Source, ...]:
        """Return the other interviews."""
        spoken = self.speaking(chosen)
        return tuple(source for source in self.sources if source not in spoken)


def listing_page(
    session: Session, view: AssessmentView, *, show: str, dimension: str | None, hears: bool
) -> ListingPage:
    """Return the list; without `hears` nothing is told of notes, sources and files."""
    found = findings_of(session, view.id, sources=hears)
    notes = notes_of(session, view.id) if hears else {}
    files = attachments_of(session, view.id) if hears else ()
    rows = [_row(leaf, found, notes, files) for leaf in view.framework.leaves]
    show = show if show in FILTERS and (hears or show != "waiting") else "all"
    dimensions = view.framework.capabilities if len(view.framework.tiers) > 1 else ()
    chosen = dimension if dimension in {node.id for node in dimensions} else None
    parts = tuple(
        Part(node, tuple(row for row in rows if row.fits(show) and (node is None or _below(view, row.element, node))))
        for node in dimensions or (None,)
        if chosen is None or (node is not None and node.id == chosen)
    )
    return ListingPage(
        answer=_answer(rows, hears=hears),
        parts=tuple(part for part in parts if part.rows),
        dimensions=dimensions,
        dimension=chosen,
        show=show,
        counts={name: sum(row.fits(name) for row in rows) for name in FILTERS},
        closed=why_closed(session, view.id),
    )


def _row(
    leaf: Capability,
    found: Mapping[str, tuple[FindingView, ...]],
    notes: Mapping[str, tuple[Note, ...]],
    files: Sequence[AttachmentView],
) -> Row:
    return Row(
        leaf,
        found.get(leaf.id, ()),
        sum(note.waiting for note in notes.get(leaf.id, ())),
        sum(file.element == leaf.id for file in files),
    )


def _below(view: AssessmentView, leaf: Capability, node: Capability) -> bool:
    above = view.framework.ancestors(leaf.id)
    return bool(above) and above[0].id == node.id


def _answer(rows: Sequence[Row], *, hears: bool) -> str:
    """Say how far the findings are."""
    findings, worded = sum(len(row.findings) for row in rows), sum(bool(row.findings) for row in rows)
    waiting = sum(row.waiting for row in rows)
    numbers = {"elements": len(rows), "worded": worded, "findings": findings, "waiting": waiting}
    if not findings:
        first = translate("%(elements)s 个要素都还没有发现") % numbers
    else:
        first = translate("%(elements)s 个要素中 %(worded)s 个有发现，共 %(findings)s 条") % numbers
    if not hears:
        return first + translate("。")
    second = translate("访谈记录都已用上") if findings else translate("访谈里还没有记录")
    if waiting:
        second = translate("%(waiting)s 条访谈记录还没有写进发现") % numbers
    return f"{first}{translate('；')}{second}{translate('。')}"


def element_page(session: Session, view: AssessmentView, element: str, *, hears: bool) -> ElementPage:
    """Return one element's page; without `hears` only what was found. KeyError if it is no element."""
    framework = view.framework
    leaves = framework.leaves
    place = [leaf.id for leaf in leaves].index(element)
    found = findings_of(session, view.id, sources=hears, archived=hears).get(element, ())
    files = attachments_of(session, view.id, element, archived=True) if hears else ()
    return ElementPage(
        node=leaves[place],
        ancestors=framework.ancestors(element),
        before=leaves[place - 1] if place else None,
        after=leaves[place + 1] if place + 1 < len(leaves) else None,
        findings=tuple(one for one in found if not one.archived),
        archived=tuple(one for one in found if one.archived),
        notes=notes_of(session, view.id).get(element, ()) if hears else (),
        sources=sources_of(session, view.id) if hears else (),
        files=tuple(file for file in files if not file.archived),
        archived_files=tuple(file for file in files if file.archived),
        closed=why_closed(session, view.id),
    )


def kind_word(change: Change) -> str:
    """Return what happened, in a word."""
    return translate(KINDS[change.kind])


def field_words(change: Change, sources: Mapping[int, str]) -> list[tuple[str, str | None, str]]:
    """Return (field, before, after) of a change in the reader's words; an order says nothing by itself."""
    return [
        (
            translate(label),
            None if change.kind == "written" else _value(name, change.before.get(name), sources),
            _value(name, change.after[name], sources),
        )
        for name, label in FIELDS.items()
        if name in change.after and (change.kind != "written" or change.after[name] not in (None, []))
    ]


def _value(name: str, value: object, sources: Mapping[int, str]) -> str:
    if name == "strength":
        return translate(STRENGTHS[value]) if isinstance(value, int) else translate("未判断")
    if isinstance(value, list):
        named = [sources.get(one, str(one)) for one in value]
        return translate("、").join(named) if named else translate("（空）")
    return str(value) if value else translate("（空）")


def confidence_word(confidence: str) -> str:
    """Return how sure an interviewer was."""
    return translate(CONFIDENCES[confidence])


def file_size(size: int) -> str:
    """Return a size as people read it."""
    return f"{size / 2**20:.1f} MiB" if size >= 2**20 else f"{max(1, round(size / 2**10))} KiB"
