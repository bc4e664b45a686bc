"""Damaged workbooks: each kind is refused with its cell and its reason, and nothing of it is stored."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook

from app.content.library import load_library
from app.exports.answer_reading import sealed
from app.exports.unpacking import LARGEST_FILE, BookRefused
from app.settings import CHECKOUT
from app.storage.database import Database
from tests.conftest import FixedClock
from tests.services.books import Small, cell_of, edited, filled, letter, place_of, repacked, small_interview

if TYPE_CHECKING:
    from app.content.library import Library

ANSWER = "answer"


@pytest.fixture(scope="module")
def tiny() -> Library:
    return load_library(CHECKOUT / "tests" / "library")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, empty_file: Path, tiny: Library) -> Iterator[Small]:
    """One interview for all tests here: none of them stores anything."""
    path = tmp_path_factory.mktemp("damaged") / "crm-maturity.db"
    shutil.copy(empty_file, path)
    database = Database(f"sqlite:///{path}")
    yield small_interview(database, tiny, FixedClock(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)))
    database.dispose()


def refusal(small: Small, content: bytes) -> tuple[str, str]:
    """Return code and place of the first reason for which a whole file is refused."""
    with pytest.raises(BookRefused) as refused:
        small.rehearse(content)
    first = refused.value.errors[0]
    assert first.message
    return first.code, first.path


def only_fault(small: Small, content: bytes) -> tuple[str, str]:
    """Return code and place of the one fault of a file whose other rows can be used."""
    rehearsal = small.rehearse(content)
    (found,) = rehearsal.faults
    assert found.message
    assert not rehearsal.applicable
    assert small.apply(content).saved == 0
    return found.code, found.path


def place(content: bytes, element: str, column: str, part: str = "answer") -> str:
    return place_of(load_workbook(BytesIO(content)), element, column, part)


# --- the whole file --------------------------------------------------------------------------------------------------


def test_a_changed_head_is_refused(small: Small) -> None:
    def change(workbook: Workbook) -> None:
        workbook["1 数据"][f"{letter(ANSWER)}1"] = "分数"

    assert refusal(small, edited(small.export(), change)) == ("S114", f"1 数据!{letter(ANSWER)}1")


def test_a_hidden_column_that_is_gone_is_refused(small: Small) -> None:
    def change(workbook: Workbook) -> None:
        workbook["2 应用"].delete_cols(3)

    assert refusal(small, edited(small.export(), change)) == ("S115", "2 应用!C1")


def test_an_element_that_stands_twice_is_refused(small: Small) -> None:
    def change(workbook: Workbook) -> None:
        cell_of(workbook, "service", "element_id").value = "campaigns"

    content = small.export()
    second = place(content, "service", "element_id")
    assert refusal(small, edited(content, change)) == ("S116", second)


def test_a_workbook_without_its_hidden_sheet_is_refused(small: Small) -> None:
    assert refusal(small, edited(small.export(), lambda book: book.remove(book["meta"]))) == ("S107", "meta")


def test_a_hidden_sheet_that_was_changed_is_refused(small: Small) -> None:
    def change(workbook: Workbook) -> None:
        workbook["meta"]["B3"] = "99"

    assert refusal(small, edited(small.export(), change)) == ("S108", "meta")


def belonging_to(content: bytes, name: str, value: str) -> bytes:
    """Return a workbook that says it belongs elsewhere, with a checksum that fits."""

    def change(workbook: Workbook) -> None:
        sheet = workbook["meta"]
        told = {str(row[0].value): str(row[1].value or "") for row in sheet.iter_rows()} | {name: value}
        for number, (key, word) in enumerate(sealed(told).items(), start=1):
            sheet.cell(number, 1).value, sheet.cell(number, 2).value = key, word

    return edited(content, change)


@pytest.mark.parametrize(
    ("name", "value", "code", "cell"),
    [
        ("interview_id", "99", "S110", "meta!B3"),
        ("framework_hash", "0" * 64, "S111", "meta!B8"),
        ("questionnaire", "other@1.0.0", "S112", "meta!B9"),
        ("format_version", "2", "S109", "meta"),
    ],
)
def test_a_workbook_of_something_else_is_refused(small: Small, name: str, value: str, code: str, cell: str) -> None:
    assert refusal(small, belonging_to(small.export(), name, value)) == (code, cell)


def test_a_sheet_that_was_renamed_is_refused(small: Small) -> None:
    def change(workbook: Workbook) -> None:
        workbook["2 应用"].title = "x"

    assert refusal(small, edited(small.export(), change)) == ("S113", "2 应用")


def test_a_row_too_far_down_is_refused(small: Small) -> None:
    def change(workbook: Workbook) -> None:
        workbook["2 应用"]["F5001"] = "x"

    assert refusal(small, edited(small.export(), change)) == ("S117", "2 应用")


# --- what is no workbook of ours -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "S101"),
        (b"not a zip at all", "S101"),
        (b"PK\x03\x04 broken", "S101"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "S102"),
        (b"PK" + b"\0" * LARGEST_FILE, "S104"),
    ],
    ids=["empty", "text", "broken", "xls renamed", "too large"],
)
def test_what_is_no_workbook_is_refused(small: Small, content: bytes, code: str) -> None:
    assert refusal(small, content)[0] == code


def packed(members: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return made.getvalue()


def test_a_zip_without_a_workbook_is_refused(small: Small) -> None:
    assert refusal(small, packed({"a.txt": b"x"}))[0] == "S101"


FRAME = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def test_a_zip_bomb_is_refused_before_it_is_parsed(small: Small) -> None:
    assert refusal(small, packed(FRAME | {"xl/worksheets/sheet1.xml": b"0" * (21 * 2**20)}))[0] == "S105"


def test_a_bomb_that_lies_about_its_size_is_refused(small: Small) -> None:
    bomb = bytearray(packed(FRAME | {"xl/worksheets/sheet1.xml": b"0" * 2**20}))
    assert refusal(small, bytes(bomb))[0] == "S105"  # a thousand times its size
    size = (2**20).to_bytes(4, "little")
    lying = bytes(bomb).replace(size, (16).to_bytes(4, "little"))
    assert refusal(small, lying)[0] == "S101"


def test_too_many_members_are_refused(small: Small) -> None:
    assert refusal(small, packed(FRAME | {f"m{number}": b"" for number in range(200)}))[0] == "S105"


def test_macros_are_refused(small: Small) -> None:
    content = BytesIO(small.export())
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert refusal(small, content.getvalue())[0] == "S103"

    def typed(name: str, body: bytes) -> bytes:
        return body.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml") if name.startswith("[") else body

    assert refusal(small, repacked(small.export(), typed))[0] == "S103"


def test_an_entity_bomb_is_refused(small: Small) -> None:
    def infect(name: str, body: bytes) -> bytes:
        if name != "xl/worksheets/sheet2.xml":
            return body
        return b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>' + body

    assert refusal(small, repacked(small.export(), infect))[0] == "S106"


def test_a_sheet_with_broken_markup_is_refused(small: Small) -> None:
    cut: Callable[[str, bytes], bytes] = lambda name, body: body[:-400] if name.endswith("sheet2.xml") else body  # noqa: E731
    assert refusal(small, repacked(small.export(), cut))[0] == "S106"


# --- one cell --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (3.3, "S209"),
        (5.5, "S209"),
        (-0.5, "S209"),
        ("３．３", "S209"),
        (date(2026, 5, 3), "S207"),
        ("三分半", "S208"),
        ("3,5", "S208"),
        (True, "S208"),
        ("#N/A", "S213"),
    ],
    ids=["between", "above", "below", "full width", "date", "text", "comma", "boolean", "error"],
)
def test_a_score_that_is_none_is_refused(small: Small, value: object, code: str) -> None:
    def put(workbook: Workbook) -> None:
        cell_of(workbook, "service", ANSWER).value = value

    content = edited(small.export(), put)
    assert only_fault(small, content) == (code, place(content, "service", ANSWER))


@pytest.mark.parametrize("column", ["answer", "note", "reason", "confidence", "evidence_strength"])
def test_a_formula_is_refused_wherever_it_stands(small: Small, column: str) -> None:
    def put(workbook: Workbook) -> None:
        cell_of(workbook, "service", column).value = "=1+2"

    content = edited(small.export(), put)
    assert only_fault(small, content) == ("S206", place(content, "service", column))


@pytest.mark.parametrize(
    ("element", "part", "column", "value", "code"),
    [
        ("collecting", "answer", "confidence", "sehr", "S210"),
        ("collecting", "answer", "evidence_strength", 4, "A109"),
        ("collecting", "answer", "evidence_strength", "stark", "S212"),
        ("collecting", "answer", "note", "x" * 10_001, "A107"),
        ("collecting", "answer", "note", date(2026, 5, 3), "S207"),
        ("collecting", "evidence:plan-document", "answer", "vielleicht", "S210"),
        ("collecting", "evidence:plan-document", "note", "hier", "S216"),
        ("collecting", "question:plan-exists", "answer", "halb", "S210"),
        ("collecting", "option:parts:owner", "answer", "halb", "S210"),
        ("warehouse", "question:rating", "answer", 3.3, "S209"),
        ("accuracy", "question:share", "answer", "viel", "S211"),
        ("service", "answer", "label", "活动", "S204"),
        ("service", "answer", "base_version", "x", "S205"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused(  # noqa: PLR0917 - one column of the table each
    small: Small, element: str, part: str, column: str, value: object, code: str
) -> None:
    content = filled(small.export(), {(element, part, column): value})
    if column == "label":
        content = filled(content, {(element, part, ANSWER): 3})
    assert only_fault(small, content) == (code, place(content, element, column, part))


@pytest.mark.parametrize(
    ("element", "part", "new", "code"),
    [
        ("service", "answer", ("nowhere", "answer"), "S201"),
        ("collecting", "evidence:plan-document", ("collecting", "evidence:other"), "S202"),
        ("collecting", "question:plan-exists", ("collecting", "question:other"), "S203"),
    ],
)
def test_what_the_interview_does_not_ask_is_refused(
    small: Small, element: str, part: str, new: tuple[str, str], code: str
) -> None:
    content = small.export()
    row = place(content, element, "element_id", part)

    def rename(workbook: Workbook) -> None:
        first, second = (cell_of(workbook, element, name, part) for name in ("element_id", "part"))
        first.value, second.value = new

    assert only_fault(small, edited(content, rename)) == (code, row)


def test_a_row_that_somebody_added_is_listed_with_its_content(small: Small) -> None:
    def add(workbook: Workbook) -> None:
        workbook["2 应用"][f"{letter('note')}9"] = "wichtig"

    assert only_fault(small, edited(small.export(), add)) == ("S214", f"2 应用!{letter('note')}9")


def test_words_beside_the_table_are_listed(small: Small) -> None:
    def add(workbook: Workbook) -> None:
        cell = cell_of(workbook, "service", "note")
        cell.parent.cell(cell.row, cell.column + 2).value = "wichtig"

    assert only_fault(small, edited(small.export(), add))[0] == "S216"
