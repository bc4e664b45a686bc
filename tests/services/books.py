"""Workbooks as people and Excel change them: cells set by element, sheets rewritten as Excel stores them.

Also a small interview with every kind of question, of the tiny framework `interviews`.
"""

from __future__ import annotations

import re
import uuid
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from app.core.text import Locale, Text
from app.document.guide.book import COLUMNS, ELEMENT, PART
from app.services import engagements, interviewing
from app.services.answering import Conflict, Saved, save_answer
from app.services.sheets import Applied, Rehearsal, apply_sheet, export_sheet, rehearse
from tests.services.holding import consultant

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from app.content.library import Library
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Database

HIDDEN_SHEETS = ("meta", "lists")
ROLE, GUIDE = "marketing", "interviews-guide@1.0.0"


@dataclass(frozen=True)
class Small:
    """An open interview of the tiny framework `interviews` and who holds it."""

    database: Database
    clock: Clock
    library: Library
    interview_id: int
    assessment_id: int
    ann: Actor
    bo: Actor

    def save(self, element: str, changes: Mapping[str, object], *, base: int = 0, by: Actor | None = None) -> Any:
        """Save in a transaction of its own."""
        with self.database.begin() as session:
            found: Saved | Conflict = save_answer(
                session,
                interview_id=self.interview_id,
                element=element,
                mutation_id=uuid.uuid4().hex,
                base_version=base,
                changes=changes,
                actor=by or self.ann,
                clock=self.clock,
            )
        return found

    def export(self, locale: Locale = "zh") -> bytes:
        """Take the interview out."""
        with self.database.read() as session:
            return export_sheet(session, self.interview_id, locale=locale, clock=self.clock)

    def rehearse(self, content: bytes) -> Rehearsal:
        """Look at a workbook."""
        with self.database.read() as session:
            return rehearse(session, self.interview_id, content)

    def apply(self, content: bytes, *, keep_mine: Mapping[str, int] | None = None) -> Applied:
        """Take a workbook in."""
        with self.database.begin() as session:
            return apply_sheet(
                session, self.interview_id, content, keep_mine=keep_mine or {}, actor=self.bo, clock=self.clock
            )


def small_interview(database: Database, library: Library, clock: Clock) -> Small:
    """Start an interview that is asked all five elements, with every kind of question."""
    with database.begin() as session:
        ann, bo = consultant(session, "ann", clock), consultant(session, "bo", clock)
        made = engagements.create_engagement(session, key="small", name=Text("小项目"), actor=ann, clock=clock)
        engagements.create_unit(session, made.id, key="branch", name=Text("分公司", "Branch"))
        engagements.create_round(session, made.id, key="2026-03", name=Text("2026年3月"), day=date(2026, 3, 1))
        assessment = engagements.create_assessment(
            session,
            made.id,
            unit="branch",
            round="2026-03",
            framework=library.framework("interviews"),
            actor=ann,
            clock=clock,
        )
        interview_id = interviewing.start_interview(
            session,
            assessment.id,
            questionnaire=GUIDE,
            role=ROLE,
            particulars=interviewing.Particulars("受访者A", "顾问ann", date(2026, 3, 2)),
            library=library,
            actor=ann,
            clock=clock,
        )
    return Small(database, clock, library, interview_id, assessment.id, ann, bo)


# --- changing a workbook ---------------------------------------------------------------------------------------------


def edited(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """Return a workbook after somebody changed it."""
    workbook = load_workbook(BytesIO(content))
    change(workbook)
    saved = BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def cell_of(workbook: Workbook, element: str, column: str, part: str = "answer") -> Any:
    """Return the cell of an element."""
    for sheet in workbook.worksheets:
        if sheet.title in HIDDEN_SHEETS:
            continue
        for row in range(2, sheet.max_row + 1):
            if [_at(sheet, row, name).value for name in (ELEMENT, PART)] == [element, part]:
                return _at(sheet, row, column)
    raise KeyError((element, part))


def place_of(workbook: Workbook, element: str, column: str, part: str = "answer") -> str:
    """Return sheet and cell of an element, as a fault names it."""
    cell = cell_of(workbook, element, column, part)
    return f"{cell.parent.title}!{cell.coordinate}"


def _at(sheet: Worksheet, row: int, column: str) -> Any:
    return sheet.cell(row, COLUMNS.index(column) + 1)


def letter(column: str) -> str:
    """Return the letter of a column."""
    return get_column_letter(COLUMNS.index(column) + 1)


def filled(content: bytes, values: Mapping[tuple[str, str, str], object]) -> bytes:
    """Return a workbook with cells set: by element, part and column."""

    def fill(workbook: Workbook) -> None:
        for (element, part, column), value in values.items():
            cell = cell_of(workbook, element, column, part)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"

    return edited(content, fill)


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return an archive with members changed by name (None drops one)."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            body = change(member.filename, old.read(member))
            if body is not None:
                new.writestr(member.filename, body)
    return made.getvalue()


_INLINE = re.compile(r'<c ([^>]*?)t="inlineStr"([^>]*)><is><t([^>]*)>(.*?)</t></is></c>', re.DOTALL)
_WHOLE = re.compile(r'(<c r="[A-Z]+\d+"(?: s="\d+")?(?: t="n")?)><v>(\d+)</v>')
STRINGS = "xl/sharedStrings.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def as_excel_stores(content: bytes) -> bytes:
    """Return a workbook as Excel writes it: texts in one shared table, some in runs; whole numbers as 3 and as 3.0."""
    texts: list[str] = []

    def shared(found: re.Match[str]) -> str:
        before, after, space, text = found.groups()
        runs = f"<r><t{space}>{text[:1]}</t></r><r><t{space}>{text[1:]}</t></r>" if len(texts) % 3 == 0 else ""
        plain = not runs or "&" in text or len(text) < 2 or text != text.strip()
        texts.append(f"<si><t{space}>{text}</t></si>" if plain else f"<si>{runs}</si>")
        return f'<c {before}t="s"{after}><v>{len(texts) - 1}</v></c>'

    def change(name: str, body: bytes) -> bytes:
        if name.startswith("xl/worksheets/sheet"):
            sheet = _INLINE.sub(shared, body.decode())
            body = _WHOLE.sub(r"\1><v>\2.0</v>", sheet).encode() if name.endswith("2.xml") else sheet.encode()
        if name == "[Content_Types].xml":
            extra = f'<Override PartName="/{STRINGS}" ContentType="{TYPE}"/></Types>'
            body = body.decode().replace("</Types>", extra).encode()
        if name == "xl/_rels/workbook.xml.rels":
            extra = f'<Relationship Id="rIdShared" Type="{RELATION}" Target="sharedStrings.xml"/></Relationships>'
            body = body.decode().replace("</Relationships>", extra).encode()
        return body

    stored = repacked(content, change)
    made = BytesIO(stored)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(STRINGS, f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{MAIN}">{"".join(texts)}</sst>')
    return made.getvalue()
