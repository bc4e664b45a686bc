"""A framework's draft as a workbook: taken out, filled in, rehearsed, applied through the same edits as forms make.

Nothing is stored by a rehearsal. What has a fault in any cell is not applied at all: a half-read tree is no tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.content.editing.contents import contents_of
from app.content.editing.front import change_front, change_scale, change_tiers
from app.content.editing.refusals import EditRefused
from app.content.editing.reshaping import Reshaped, reshape
from app.content.editing.sequences import TooEntangled
from app.content.editing.skeleton import Skeleton, Sources, text_of
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan
from app.content.proofing import LintResult, lint_draft
from app.core.errors import Fault
from app.core.scale import Level
from app.core.text import Locale, Text
from app.exports.framework_sheets import layout
from app.exports.framework_sheets.layout import FrameworkBook, Page, SheetName
from app.exports.framework_sheets.reading import RawFramework, read_framework_book
from app.exports.unpacking import refuse
from app.i18n import translator
from app.services.drafting import IMPORT, DraftView, Saved
from app.services.framework_cells import Located
from app.services.framework_front import Front, front_value, read_front
from app.services.framework_rows import Rows, read_rows
from app.services.refusals import Invalid
from app.services.tree_editing import TreeDraft, base_of, change_tree, framework_draft

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class SheetRehearsal:
    """What applying a workbook would do. `faults` stand in the way; `warnings` do not.

    `lint` are the faults that the draft would have. `stale`: the draft was changed after the workbook was made, and
    what was changed there would go back.
    """

    draft: DraftView
    shaped: Reshaped | None
    front: tuple[str, ...]
    faults: tuple[Located, ...]
    lint: LintResult | None
    stale: bool

    @property
    def changes(self) -> bool:
        """Tell whether anything would be written."""
        return self.shaped is not None and dict(self.shaped.files) != dict(self.draft.files)


# --- out -------------------------------------------------------------------------------------------------------------


def export_framework_sheet(opened: TreeDraft, *, locale: Locale) -> bytes:
    """Return a draft's framework as .xlsx."""
    tree = opened.tree
    pages = (
        Page(SheetName.FRONT, layout.front_columns(), tuple(_front_rows(tree, locale))),
        Page(SheetName.TIERS, layout.tier_columns(), tuple(_tier_rows(tree))),
        Page(SheetName.SCALE, layout.scale_columns(), tuple(_scale_rows(tree))),
        _tree_page(tree, locale),
    )
    meta = {
        "format": layout.FORMAT,
        "format_version": layout.FORMAT_VERSION,
        "framework": opened.draft.key,
        "draft": str(opened.draft.id),
        "draft_version": str(opened.draft.version),
    }
    from app.exports.framework_sheets import writing  # noqa: PLC0415 - openpyxl, only where somebody wants one

    return writing.write_framework_book(FrameworkBook(pages, meta, locale))


def _texts(key: str, text: Text | None) -> dict[str, layout.Cell]:
    said = text or Text()
    return {layout.in_language(key, layout.ZH): said.zh, layout.in_language(key, layout.EN): said.en}


def _front_rows(tree: Skeleton, locale: Locale) -> list[dict[str, layout.Cell]]:
    tell = translator(locale).gettext
    rows = []
    for key, label in layout.FRONT_ROWS.items():
        row: dict[str, layout.Cell] = {layout.KEY: key, layout.LABEL: tell(label)}
        if key in layout.TEXT_ROWS:
            text = text_of(tree.front.get(key)) or Text()
            row |= {layout.ZH: text.zh, layout.EN: text.en}
        else:
            row[layout.ZH] = front_value(tree, key)
        rows.append(row)
    return rows


def _tier_rows(tree: Skeleton) -> list[dict[str, layout.Cell]]:
    return [{layout.KNOWN: tier_id, **_texts(layout.NAME, name)} for tier_id, name in tree.tiers]


def scale_levels(tree: Skeleton) -> list[Level]:
    """Return the named levels as the file writes them, as far as they can be read."""
    scale = tree.front.get("scale")
    listed = scale.get("levels") if isinstance(scale, MappingSpan) else None
    levels = []
    for one in listed.items if isinstance(listed, SequenceSpan) else []:
        value = one.get("value") if isinstance(one, MappingSpan) else None
        if isinstance(one, MappingSpan) and isinstance(value, ScalarSpan) and isinstance(value.value, Fraction):
            levels.append(Level(value.value, text_of(one.get("name")) or Text(), text_of(one.get("description"))))
    return levels


def _scale_rows(tree: Skeleton) -> list[dict[str, layout.Cell]]:
    return [
        {layout.VALUE: one.value, **_texts(layout.NAME, one.name), **_texts(layout.DESCRIPTION, one.description)}
        for one in scale_levels(tree)
    ]


def _tree_page(tree: Skeleton, locale: Locale) -> Page:
    spots = list(tree.walk())
    values = sorted({one.value for one in scale_levels(tree)} | {value for spot in spots for value in spot.levels})
    tiers = [name.in_locale(locale) or tier_id for tier_id, name in tree.tiers]
    yes = translator(locale).gettext(layout.YES[locale])
    rows = []
    for spot in spots:
        said = contents_of(spot)
        row: dict[str, layout.Cell] = {
            layout.KNOWN: spot.id,
            layout.ID: spot.id,
            layout.TIER: tiers[spot.depth] if spot.depth < len(tiers) else "",
            layout.CODE: said.code,
            layout.WEIGHT: said.weight,
            layout.CRITICAL: yes if said.critical else None,
            layout.PREREQUISITES: ", ".join(said.prerequisites),
            layout.RELATED: ", ".join(said.related),
            layout.REPLACES: ", ".join(said.replaces),
            **_texts(layout.NAME, said.name),
            **_texts(layout.DEFINITION, said.definition),
        }
        for value, words in (said.levels or {}).items():
            row |= {layout.level_column(value, layout.ZH): words.zh, layout.level_column(value, layout.EN): words.en}
        rows.append({key: value for key, value in row.items() if value not in (None, "")})
    return Page(SheetName.TREE, layout.tree_columns(values), tuple(rows))


# --- in --------------------------------------------------------------------------------------------------------------


def rehearse_framework_sheet(
    session: Session, draft_id: int, content: bytes, *, library: Library, actor: Actor
) -> SheetRehearsal:
    """Say what applying a workbook would do; NotFound, NotPermitted, Unreadable, BookRefused (the whole file)."""
    draft = framework_draft(session, draft_id, actor)
    book = read_framework_book(content)
    _refuse_another(book, draft)
    return _rehearse(draft, book, library)


def _refuse_another(book: RawFramework, draft: DraftView) -> None:
    found = book.meta.get("framework", "")
    if found != draft.key:
        raise refuse("S111", f"this book is of {found!r}, not of {draft.key!r}", found=found, wanted=draft.key)


def _rehearse(draft: DraftView, book: RawFramework, library: Library) -> SheetRehearsal:
    tree = Skeleton(draft.files)
    base = base_of(draft, library)
    before = frozenset(leaf.id for leaf in base.leaves) if base is not None else frozenset()
    rows, front = read_rows(book, tree), read_front(book, tree)
    stale = book.meta.get("draft_version") != str(draft.version) or book.meta.get("draft") != str(draft.id)
    faults = (*front.faults, *rows.faults)
    if faults:
        return SheetRehearsal(draft, None, (), faults, None, stale)
    try:
        shaped = reshape(draft.files, rows.roots, before=before)
        files, changed = _with_front(shaped.files, front)
    except EditRefused as refused:
        return SheetRehearsal(draft, None, (), (_located(refused, rows, front),), None, stale)
    except TooEntangled:
        fault = Located("", EditRefused("too-entangled"))
        return SheetRehearsal(draft, None, (), (fault,), None, stale)
    shaped = Reshaped(
        files, shaped.added, shaped.removed, shaped.renamed, shaped.moved, shaped.reordered, shaped.changed
    )
    lint = lint_draft(draft.kind, draft.key, files, library)
    old = lint_draft(draft.kind, draft.key, draft.files, library)
    new = [fault for fault in lint.errors if not _known(fault, old)]
    return SheetRehearsal(draft, shaped, changed, tuple(_placed(fault, files, rows) for fault in new), lint, stale)


def _known(fault: Fault, old: LintResult) -> bool:
    """Tell whether the draft has this fault already, wherever it stands by now."""
    return any((one.code, one.values, one.file) == (fault.code, fault.values, fault.file) for one in old.errors)


def _with_front(files: Sources, front: Front) -> tuple[Sources, tuple[str, ...]]:
    """Write what the sheets say of the framework itself; return which parts of it changed."""
    changed = []
    after = change_front(files, front.changes) if front.changes else files
    if dict(after) != dict(files):
        changed.append("front")
    files = after
    after = change_tiers(files, front.tiers) if front.tiers is not None else files
    if dict(after) != dict(files):
        changed.append("tiers")
    files = after
    after = change_scale(files, front.scale) if front.scale is not None else files
    if dict(after) != dict(files):
        changed.append("scale")
    files = after
    return files, tuple(changed)


def _located(refused: EditRefused, rows: Rows, front: Front) -> Located:
    """Return a refusal at its cell: `field` names a capability, or a part of the scale or the tiers."""
    named = rows.places.get(refused.field) or rows.places.get(refused.values.get("id", ""))
    place = named or front.place_of(refused.field)
    return Located(place, refused)


def _placed(fault: Fault, files: Sources, rows: Rows) -> Located:
    """Return a fault of the files at the cell that it comes from, as near as can be told."""
    text = files.get(fault.file or "", "")
    found = None
    for spot in Skeleton(files).walk():
        if spot.file == fault.file and text.count("\n", 0, spot.mapping.start) + 1 <= (fault.line or 0):
            found = spot
    place = rows.cell(found.id, fault.path) if found is not None else ""
    return Located(place, fault)


def apply_framework_sheet(
    session: Session, draft_id: int, content: bytes, *, library: Library, actor: Actor, clock: Clock
) -> Saved:
    """Write what a workbook says into the draft, as one step that can be undone.

    Invalid (`sheet-faulty`) where the rehearsal has faults; refuses what the rehearsal refuses.
    """
    rehearsal = rehearse_framework_sheet(session, draft_id, content, library=library, actor=actor)
    if rehearsal.shaped is None or rehearsal.faults:
        raise Invalid("file", "sheet-faulty", "the workbook has faults")
    files = rehearsal.shaped.files
    return change_tree(session, draft_id, lambda _: files, actor=actor, clock=clock, kind=IMPORT)
