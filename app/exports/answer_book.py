"""A book of answers -> .xlsx. Knows openpyxl: validation, protection, widths, print set-up; knows no rule of answers.

Every text is written as text: what somebody typed never becomes a formula.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from app.document.guide.book import ANSWER, COLUMNS, DETAIL, HIDDEN, LABEL, LEVELS, NOTE, REASON, RowKind
from app.exports.escaping import escaped
from app.exports.sheet_names import INSTRUCTIONS, LISTS, META
from app.i18n import msgid, translator

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from app.core.text import Locale
    from app.document.guide.book import Book, BookRow, Leaf, Value

WIDTHS = {LABEL: 30, DETAIL: 46, LEVELS: 52, ANSWER: 14, REASON: 22, NOTE: 60}
WIDTH = 11
LONGEST = {NOTE: 10_000, REASON: 1_000}

_INK, _MUTED, _LINE = "1B2430", "5B6673", "D9DEE4"
_THIN = Side(style="thin", color=_LINE)
_BORDER = Border(bottom=_THIN)
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TEXT = Alignment(wrap_text=True, vertical="top")
_MIDDLE = Alignment(wrap_text=True, vertical="top", horizontal="center")
_WASH = PatternFill("solid", fgColor="F5F7F9")
_INPUT = PatternFill("solid", fgColor="FFFBEF")

LIST_ERROR = msgid("请从列表里选；要清除就按 Delete。")
NUMBER_ERROR = msgid("请填一个数。")
LENGTH_ERROR = msgid("文字太长。")
HOW = (
    msgid("每张工作表是一个能力领域。只填浅黄色的格子，其他格子已锁定。"),
    msgid("得分从列表里选；不适用须在后一格写原因；问了但对方不知道，选“不清楚”。没有问到的留空，空白不等于零分。"),
    msgid("证据行选“听说”或“看到”；题目行按列表选，或填数、填文字。"),
    msgid("不要增删、移动行和列，不要改工作表的名字，不要贴公式。"),
    msgid("填好后在系统里打开这次访谈，选“读回表格”：先逐格核对，确认后才写入。别人同时改过的不会被覆盖。"),
)
READ_ME_TITLE = msgid("怎样填写")


def write_book(book: Book) -> bytes:
    """Return the workbook: instructions, a sheet per domain, and two hidden sheets (lists, what it belongs to)."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.security = WorkbookProtection(lockStructure=True)
    _instructions(workbook.create_sheet(INSTRUCTIONS[book.locale]), book)
    ranges = _list_ranges(book.lists)
    for leaf in book.leaves:
        _leaf(workbook.create_sheet(leaf.title), leaf, book, ranges)
    _lists(workbook.create_sheet(LISTS), book.lists)
    _meta(workbook.create_sheet(META), book.meta)
    workbook.active = 1 if book.leaves else 0
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def _font(*, size: int = 10, bold: bool = False, color: str = _INK) -> Font:
    return Font(name="Microsoft YaHei", size=size, bold=bold, color=color)


def _put(cell: Any, value: Value | int) -> None:
    """Write a value: text always as text, a number as a number."""
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
    elif isinstance(value, Fraction):
        cell.value = value.numerator if value.denominator == 1 else float(value)
    elif value is not None:
        cell.value = value


def _instructions(sheet: Worksheet, book: Book) -> None:
    tell = translator(book.locale).gettext
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
    _put(sheet["A1"], tell(READ_ME_TITLE))
    sheet["A1"].font = _font(size=14, bold=True)
    row = 2
    for number, sentence in enumerate(HOW, start=1):
        _put(sheet.cell(row, 1), Fraction(number))
        _put(sheet.cell(row, 2), tell(sentence))
        row += 1
    row += 1
    for name, written in book.facts:
        _put(sheet.cell(row, 1), name)
        _put(sheet.cell(row, 2), written)
        row += 1
    for line in sheet.iter_rows(min_row=2, max_row=row):
        for cell in line:
            cell.font, cell.alignment = _font(), Alignment(wrap_text=True, vertical="top", horizontal="left")
    _protect(sheet)


def _leaf(sheet: Worksheet, leaf: Leaf, book: Book, ranges: Mapping[str, str]) -> None:
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = WIDTHS.get(column, WIDTH)
        dimension.hidden = column in HIDDEN
        head = sheet.cell(1, number)
        _put(head, book.headers[column])
        head.font, head.alignment, head.fill = _font(bold=True), _TEXT, _WASH
    offered: dict[str, list[str]] = {}
    for number, row in enumerate(leaf.rows, start=2):
        _row(sheet, number, row, offered)
    _validate(sheet, leaf.rows, offered, book.locale, ranges)
    sheet.freeze_panes = f"{get_column_letter(len(HIDDEN) + 2)}2"
    sheet.sheet_view.zoomScale = 100
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    footer: Any = sheet.oddFooter
    footer.center.text = "&P / &N"
    _protect(sheet)


def _row(sheet: Worksheet, number: int, row: BookRow, offered: dict[str, list[str]]) -> None:
    fixed: dict[str, Value | int] = {LABEL: row.label, DETAIL: row.detail or None, LEVELS: row.levels or None}
    hidden = (row.element or None, row.part, row.version if row.element else None, row.answer_id)
    fixed |= dict(zip(HIDDEN, hidden, strict=True))
    strong = row.kind in (RowKind.JUDGEMENT, RowKind.HEADING)
    for place, column in enumerate(COLUMNS, start=1):
        cell = sheet.cell(number, place)
        cell.border = _BORDER
        cell.alignment = _TEXT
        if column not in row.filled_in:
            _put(cell, fixed.get(column))
            bold = strong and column == LABEL
            cell.font = _font(bold=bold, color=_INK if column == LABEL else _MUTED)
            continue
        _put(cell, row.filled_in[column])
        cell.protection = Protection(locked=False)
        cell.fill, cell.border, cell.font = _INPUT, _BOX, _font()
        if row.kind is not RowKind.TEXT and column not in (NOTE, REASON):
            cell.alignment = _MIDDLE
        name = (row.offers or {}).get(column)
        if name:
            offered.setdefault(name, []).append(cell.coordinate)


def _validate(
    sheet: Worksheet,
    rows: Sequence[BookRow],
    offered: Mapping[str, Sequence[str]],
    locale: Locale,
    ranges: Mapping[str, str],
) -> None:
    tell = translator(locale).gettext
    for name, cells in offered.items():
        rule = DataValidation(type="list", formula1=ranges[name], allow_blank=True, showErrorMessage=True)
        rule.error = tell(LIST_ERROR)
        _add(sheet, rule, cells)
    answer = get_column_letter(COLUMNS.index(ANSWER) + 1)
    numbers = [f"{answer}{number}" for number, row in enumerate(rows, start=2) if row.kind is RowKind.NUMBER]
    if numbers:
        rule = DataValidation(
            type="decimal", operator="between", formula1="-999999999", formula2="999999999", showErrorMessage=True
        )
        rule.allow_blank, rule.error = True, tell(NUMBER_ERROR)
        _add(sheet, rule, numbers)
    for column, longest in LONGEST.items():
        letter = get_column_letter(COLUMNS.index(column) + 1)
        cells = [f"{letter}{number}" for number, row in enumerate(rows, start=2) if column in row.filled_in]
        rule = DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=str(longest), showErrorMessage=True
        )
        rule.allow_blank, rule.error = True, tell(LENGTH_ERROR)
        _add(sheet, rule, cells)


def _add(sheet: Worksheet, rule: DataValidation, cells: Sequence[str]) -> None:
    if cells:
        rule.sqref = type(rule.sqref)(" ".join(cells))
        sheet.add_data_validation(rule)


def _list_ranges(lists: Mapping[str, Sequence[Value]]) -> dict[str, str]:
    quoted = quote_sheetname(LISTS)
    ranges = {}
    for number, (name, values) in enumerate(lists.items(), start=1):
        letter = get_column_letter(number)
        ranges[name] = f"{quoted}!${letter}$1:${letter}${max(1, len(values))}"
    return ranges


def _lists(sheet: Worksheet, lists: Mapping[str, Sequence[Value]]) -> None:
    for place, values in enumerate(lists.values(), start=1):
        for number, value in enumerate(values, start=1):
            _put(sheet.cell(number, place), value)
    _hide(sheet)


def _meta(sheet: Worksheet, meta: Mapping[str, str]) -> None:
    for number, (name, value) in enumerate(meta.items(), start=1):
        _put(sheet.cell(number, 1), name)
        _put(sheet.cell(number, 2), value)
    _hide(sheet)


def _hide(sheet: Worksheet) -> None:
    sheet.sheet_state = "veryHidden"
    _protect(sheet)


def _protect(sheet: Worksheet) -> None:
    """Lock what is not to be filled in. There is no password: this guards against slips, not against intent."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
