"""A framework as a workbook: out and back without a change, edited, and wrong cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.content.editing.refusals import EditRefused
from app.content.editing.skeleton import Skeleton
from app.content.layering import ContentKind
from app.content.library import Library
from app.core.text import Locale
from app.exports.framework_sheets.reading import read_framework_book
from app.exports.unpacking import BookRefused
from app.services.drafting import DraftView
from app.services.framework_sheets import (
    SheetRehearsal,
    apply_framework_sheet,
    export_framework_sheet,
    rehearse_framework_sheet,
)
from app.services.permissions import Actor, Role
from app.services.refusals import Invalid, NotFound
from app.services.tree_editing import TreeDraft, open_tree, undo_step
from app.storage.database import Database
from tests.acting import acting
from tests.conftest import FixedClock
from tests.content.editing.samples import ODD, model, node_of, shipped, siblings_of

FRAMEWORK = "one-to-one-marketing"
Change = Callable[[Any], None]


@pytest.fixture
def draft(database: Database, clock: FixedClock, library: Library) -> tuple[int, Actor]:
    from app.services import accounts
    from app.services.drafting import begin_draft

    with database.begin() as session:
        user = accounts.add_user(
            session,
            name="editor",
            password="seven lamps over Fuzhou harbour",
            role=Role.EDITOR,
            clock=clock,
            display_name="e",
        )
        actor = acting(user.id, "editor", "e", Role.EDITOR)
        begun = begin_draft(session, ContentKind.FRAMEWORK, FRAMEWORK, library=library, actor=actor, clock=clock)
    return begun.id, actor


def edited(content: bytes, change: Change) -> bytes:
    """Return a workbook after somebody worked on it."""
    workbook = load_workbook(BytesIO(content))
    change(workbook)
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def column(sheet: Worksheet, key: str) -> int:
    return [cell.value for cell in sheet[1]].index(key) + 1


def put(sheet: Worksheet, row: int, key: str, value: object) -> None:
    sheet.cell(row, column(sheet, key)).value = value  # type: ignore[assignment]


def row_of(sheet: Worksheet, node_id: str) -> int:
    at = column(sheet, "id")
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, at).value == node_id)


class Desk:
    """A draft and its workbook."""

    def __init__(self, database: Database, library: Library, draft: tuple[int, Actor], clock: FixedClock) -> None:
        self.database, self.library, self.clock = database, library, clock
        self.draft_id, self.actor = draft

    @property
    def opened(self) -> TreeDraft:
        with self.database.read() as session:
            return open_tree(session, self.draft_id, library=self.library, actor=self.actor)

    def book(self, locale: Locale = "zh") -> bytes:
        return export_framework_sheet(self.opened, locale=locale)

    def rehearse(self, content: bytes) -> SheetRehearsal:
        with self.database.read() as session:
            return rehearse_framework_sheet(session, self.draft_id, content, library=self.library, actor=self.actor)

    def apply(self, content: bytes) -> dict[str, str]:
        with self.database.begin() as session:
            apply_framework_sheet(
                session, self.draft_id, content, library=self.library, actor=self.actor, clock=self.clock
            )
        return dict(self.opened.draft.files)

    def faults(self, change: Change) -> list[tuple[str, str]]:
        found = self.rehearse(edited(self.book(), change)).faults
        return [(one.place, one.error.code) for one in found]


@pytest.fixture
def desk(database: Database, library: Library, draft: tuple[int, Actor], clock: FixedClock) -> Desk:
    return Desk(database, library, draft, clock)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_book_that_nobody_touched_changes_nothing(desk: Desk, locale: Locale) -> None:
    rehearsal = desk.rehearse(desk.book(locale))
    assert rehearsal.faults == ()
    assert not rehearsal.changes
    assert not rehearsal.stale


@pytest.mark.parametrize("files", [ODD, shipped("telecom-crm")], ids=["odd", "telecom-crm"])
def test_every_way_of_writing_survives_the_way_through_a_book(files: dict[str, str], library: Library) -> None:
    from app.services.framework_sheets import _rehearse

    now = datetime(2026, 3, 2, tzinfo=UTC)
    key = model(files)["id"]
    view = DraftView(1, ContentKind.FRAMEWORK, key, 1, "e", None, None, 1, files, now, now)
    content = export_framework_sheet(TreeDraft(view, Skeleton(files), None), locale="zh")
    rehearsal = _rehearse(view, read_framework_book(content), library)
    assert rehearsal.faults == ()
    assert rehearsal.shaped is not None
    assert dict(rehearsal.shaped.files) == files


def test_rows_are_added_removed_moved_renamed_and_reworded_in_one_go(desk: Desk) -> None:
    before = dict(desk.opened.draft.files)
    leaves = [spot for spot in desk.opened.tree.walk() if spot.children is None]
    first, second, third = (spot.id for spot in leaves[:3])
    other = next(spot for spot in leaves if spot.parent is not leaves[0].parent)

    def work(workbook: Any) -> None:
        sheet = workbook["能力"]
        put(sheet, row_of(sheet, first), "name.zh", "新名字")
        put(sheet, row_of(sheet, first), "weight", 2.5)
        put(sheet, row_of(sheet, second), "id", "another-id")
        sheet.delete_rows(row_of(sheet, third))
        at = row_of(sheet, other.id) + 1
        sheet.insert_rows(at)
        put(sheet, at, "tier", "能力要素")
        put(sheet, at, "id", "brand-new")
        put(sheet, at, "name.zh", "全新的")
        put(sheet, at, "level.3:zh", "规范的样子")
        workbook["框架"].cell(3, 3).value = "改名的框架"

    content = edited(desk.book(), work)
    rehearsal = desk.rehearse(content)
    assert rehearsal.faults == ()
    assert rehearsal.shaped is not None
    assert (rehearsal.shaped.added, rehearsal.shaped.removed) == (("brand-new",), (third,))
    assert rehearsal.shaped.renamed == ((second, "another-id"),)
    assert rehearsal.front == ("front",)
    assert dict(desk.opened.draft.files) == before
    after = model(desk.apply(content))
    assert after["name"]["zh"] == "改名的框架"
    assert (node_of(after, first)["name"]["zh"], node_of(after, first)["weight"]) == ("新名字", 2.5)
    assert node_of(after, "another-id")["replaces"] == [second]
    assert "brand-new" in [one["id"] for one in siblings_of(after, other.id)]
    assert node_of(after, "brand-new")["levels"] == {3: {"zh": "规范的样子"}}
    with desk.database.begin() as session:
        undo_step(session, desk.draft_id, actor=desk.actor, clock=desk.clock)
    assert dict(desk.opened.draft.files) == before


def test_a_group_that_loses_everything_can_take_others_in(desk: Desk) -> None:
    tree = desk.opened.tree
    groups = [spot for spot in tree.walk() if spot.children is not None and spot.depth == len(tree.tiers) - 2]
    assert groups[0].children is not None
    assert groups[1].children is not None
    one, two = ([spot.id for spot in group.children.spots] for group in groups[:2] if group.children)

    def swap(workbook: Any) -> None:
        sheet = workbook["能力"]
        lines = {
            sheet.cell(row, column(sheet, "id")).value: [cell.value for cell in sheet[row]]
            for row in range(3, sheet.max_row + 1)
        }
        order = []
        for node_id in lines:
            if node_id in one or node_id in two:
                continue
            order.append(node_id)
            order += two if node_id == groups[0].id else one if node_id == groups[1].id else []
        for number, node_id in enumerate(order, start=3):
            for place, value in enumerate(lines[node_id], start=1):
                sheet.cell(number, place).value = value

    files = desk.apply(edited(desk.book(), swap))
    assert [spot["id"] for spot in node_of(model(files), groups[0].id)["children"]] == two
    assert [spot["id"] for spot in node_of(model(files), groups[1].id)["children"]] == one
    assert "stopgap" not in "".join(files.values())


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("id", "Not An Id", "id-form"),
        ("id", None, "id-missing"),
        ("name.zh", "", "name-missing"),
        ("tier", "没有的层", "tier-unknown"),
        ("weight", "heavy", "S211"),
        ("weight", -1, "weight-negative"),
        ("critical", "maybe", "yes-or-nothing"),
        ("definition.zh", "=1+1", "S206"),
        ("known", "never-was", "unknown-node"),
        ("prerequisites", "no-such-element", "E311"),
    ],
)
def test_a_cell_that_is_wrong_is_named(desk: Desk, key: str, value: object, code: str) -> None:
    leaf = next(spot.id for spot in desk.opened.tree.walk() if spot.children is None)
    seen: list[str] = []

    def spoil(workbook: Any) -> None:
        sheet = workbook["能力"]
        row = row_of(sheet, leaf)
        put(sheet, row, key, value)
        seen.append(f"能力!{sheet.cell(row, column(sheet, key)).coordinate}")

    faults = desk.faults(spoil)
    assert faults == [(seen[0], code)]


def test_what_belongs_to_elements_cannot_stand_beside_a_group_and_a_row_needs_its_parent(desk: Desk) -> None:
    group = next(spot for spot in desk.opened.tree.walk() if spot.depth == 1)
    faults = desk.faults(lambda workbook: put(workbook["能力"], row_of(workbook["能力"], group.id), "critical", "是"))
    assert faults[0][1] == "elements-only"
    faults = desk.faults(lambda workbook: workbook["能力"].delete_rows(3))
    assert faults[0][1] == "tier-jumped"


def test_the_scale_is_checked_at_its_cells(desk: Desk) -> None:
    faults = desk.faults(lambda workbook: put(workbook["量表"], 4, "value", 1.3))
    assert faults == [("量表!A4", "level-off-grid")]


def without(title: str, workbook: Any) -> None:
    workbook.remove(workbook[title])


def test_a_book_of_another_framework_or_without_its_seal_is_refused(desk: Desk) -> None:
    def other(workbook: Any) -> None:
        workbook["meta"]["B3"].value = "telecom-crm"

    with pytest.raises(BookRefused) as refused:
        desk.rehearse(edited(desk.book(), other))
    assert refused.value.errors[0].code == "S108"
    for title, code in (("量表", "S113"), ("meta", "S107")):
        with pytest.raises(BookRefused) as refused:
            desk.rehearse(edited(desk.book(), partial(without, title)))
        assert refused.value.errors[0].code == code
    with pytest.raises(BookRefused):
        desk.rehearse(b"PK no workbook")


def test_a_draft_that_changed_since_is_said_and_a_faulty_book_is_not_applied(desk: Desk) -> None:
    from app.services.drafting import save_file

    old = desk.book()
    files = desk.opened.draft.files
    with desk.database.begin() as session:
        text = files["framework.yaml"] + "# a note\n"
        save_file(session, desk.draft_id, "framework.yaml", text, base_version=1, actor=desk.actor, clock=desk.clock)
    assert desk.rehearse(old).stale
    assert not desk.rehearse(old).changes
    spoiled = edited(old, lambda workbook: put(workbook["能力"], 3, "id", ""))
    with pytest.raises(Invalid):
        desk.apply(spoiled)
    with pytest.raises(NotFound), desk.database.read() as session:
        rehearse_framework_sheet(session, 99, old, library=desk.library, actor=desk.actor)


def test_columns_may_change_places_and_go(desk: Desk) -> None:
    def work(workbook: Any) -> None:
        sheet = workbook["能力"]
        sheet.delete_cols(column(sheet, "definition.en"))
        sheet.delete_cols(column(sheet, "related"))
        sheet.insert_cols(2)

    rehearsal = desk.rehearse(edited(desk.book(), work))
    assert rehearsal.faults == ()
    assert not rehearsal.changes


def test_no_text_becomes_a_formula(desk: Desk) -> None:
    from app.services.tree_editing import change_tree

    def work(files: Any) -> dict[str, str]:
        text = files["framework.yaml"].replace("name: {zh: ", "name: {zh: '=1+1', en: x}\nsummary: {zh: ", 1)
        return {**files, "framework.yaml": text.replace("\nsummary:\n", "\nunused:\n", 1)}

    with desk.database.begin() as session:
        change_tree(session, desk.draft_id, work, actor=desk.actor, clock=desk.clock)
    workbook = load_workbook(BytesIO(desk.book()))
    assert workbook["框架"]["C3"].data_type == "s"
    assert workbook["框架"]["C3"].value == "=1+1"


def test_refusals_carry_their_field() -> None:
    assert (EditRefused("a", "b", n=1).field, EditRefused("a", "b", n=1).values) == ("b", {"n": "1"})
