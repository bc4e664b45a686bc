"""Sheets of a framework -> .xlsx. Every text is written as text: what somebody typed never becomes a formula."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.exports.answer_reading import sealed
from app.exports.escaping import escaped
from app.exports.framework_sheets.layout import (
    CRITICAL,
    HIDDEN,
    ID,
    KNOWN,
    TIER,
    TITLES,
    WEIGHT,
    YES,
    FrameworkBook,
    Page,
    SheetName,
    head,
    width,
)
from app.exports.sheet_names import INSTRUCTIONS, META
from app.i18n import msgid, translator

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from app.core.text import Locale

_INK, _MUTED = "1B2430", "5B6673"
_WASH = PatternFill("solid", fgColor="F5F7F9")
_STRONG = PatternFill("solid", fgColor="E7F1F2")
_TEXT = Alignment(wrap_text=True, vertical="top")
_SPARE_ROWS = 200  # lists to choose from reach so far below the last row
HOW = (
    msgid("“能力”表里一行是一项能力；它属于上面最近的、高一层的那一行。层级从列表里选。"),
    msgid("插入一行是加一项，删除一行是删一项，把一行剪切后插到别处是移动。"),
    msgid("“标识”永久不变，评分靠它认得同一项；改了标识，得分仍会跟过去，但问卷要一起改。"),
    msgid("灰色的“原标识”列说明这一行原来是哪一项，请保留；新加的行里空着。"),
    msgid("先决要素、相关要素、代替：写标识，几个之间用逗号隔开。等级描述的列按分值排，不写的一级用量表的说明。"),
    msgid("不要贴公式，不要改第一行（隐藏）和工作表的名字。列可以调换位置。"),
    msgid("改好后在草稿的“表格”里读回：先逐格核对，确认后才写进草稿。"),
)


def write_framework_book(book: FrameworkBook) -> bytes:
    """Return the workbook: instructions, one sheet per page, and a hidden sheet that says what it belongs to."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    _instructions(workbook.create_sheet(INSTRUCTIONS[book.locale]), book.locale)
    tell = translator(book.locale).gettext
    for page in book.pages:
        _page(workbook.create_sheet(tell(TITLES[page.name])), page, book)
    titles = {f"sheet.{page.name}": tell(TITLES[page.name]) for page in book.pages}
    _meta(workbook.create_sheet(META), sealed({**book.meta, **titles}))
    workbook.active = len(book.pages)
    made = BytesIO()
    workbook.save(made)
    return made.getvalue()


def _font(*, bold: bool = False, color: str = _INK, size: int = 10) -> Font:
    return Font(name="Microsoft YaHei", size=size, bold=bold, color=color)


def _put(cell: Any, value: object) -> None:
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
    elif isinstance(value, Fraction):
        cell.value = value.numerator if value.denominator == 1 else float(value)


def _instructions(sheet: Worksheet, locale: Locale) -> None:
    tell = translator(locale).gettext
    sheet.column_dimensions["A"].width = 6
    sheet.column_dimensions["B"].width = 100
    _put(sheet["A1"], tell(msgid("怎样填写")))
    sheet["A1"].font = _font(bold=True, size=14)
    for number, sentence in enumerate(HOW, start=1):
        _put(sheet.cell(number + 1, 1), Fraction(number))
        _put(sheet.cell(number + 1, 2), tell(sentence))
        for place in (1, 2):
            sheet.cell(number + 1, place).alignment = _TEXT
            sheet.cell(number + 1, place).font = _font()


def _page(sheet: Worksheet, page: Page, book: FrameworkBook) -> None:
    for place, column in enumerate(page.columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = width(column, page.name)
        dimension.hidden = column in HIDDEN and page.name is SheetName.FRONT
        _put(sheet.cell(1, place), column)
        _put(sheet.cell(2, place), head(column, book.locale))
        sheet.cell(2, place).font = _font(bold=True, color=_MUTED if column == KNOWN else _INK)
        sheet.cell(2, place).alignment, sheet.cell(2, place).fill = _TEXT, _WASH
    sheet.row_dimensions[1].hidden = True
    first_tier = next((row.get(TIER) for row in page.rows), None)
    for number, row in enumerate(page.rows, start=3):
        strong = page.name is SheetName.TREE and row.get(TIER) == first_tier
        for place, column in enumerate(page.columns, start=1):
            cell = sheet.cell(number, place)
            _put(cell, row.get(column))
            cell.alignment = _TEXT
            cell.font = _font(bold=strong, color=_MUTED if column in (KNOWN, ID) else _INK)
            if strong:
                cell.fill = _STRONG
    frozen = page.columns.index(ID) if ID in page.columns else 1
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    if page.name is SheetName.TREE:
        _choices(sheet, page, book)


def _choices(sheet: Worksheet, page: Page, book: FrameworkBook) -> None:
    """Offer the tiers, and whether an element is critical; keep weights numbers."""
    tiers = dict.fromkeys(str(row[TIER]) for row in page.rows if row.get(TIER))
    offered = ",".join(one.replace('"', "").replace(",", " ") for one in tiers)
    rules = {CRITICAL: DataValidation(type="list", formula1=f'"{translator(book.locale).gettext(YES[book.locale])}"')}
    rules[WEIGHT] = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
    if offered and len(offered) < 250:  # Excel's limit for a list that is written out
        rules[TIER] = DataValidation(type="list", formula1=f'"{offered}"')
    for column, rule in rules.items():
        rule.allow_blank, rule.showErrorMessage = True, True
        letter = get_column_letter(page.columns.index(column) + 1)
        rule.add(f"{letter}3:{letter}{len(page.rows) + 2 + _SPARE_ROWS}")
        sheet.add_data_validation(rule)


def _meta(sheet: Worksheet, meta: dict[str, str]) -> None:
    for number, (name, value) in enumerate(meta.items(), start=1):
        _put(sheet.cell(number, 1), name)
        _put(sheet.cell(number, 2), value)
    sheet.sheet_state = "veryHidden"
