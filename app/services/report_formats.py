"""The file formats a report can be had in: one document, one writer each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.report import ReportDefinition
from app.document.material import Material
from app.document.values import Document
from app.exports.report_json import write_json
from app.exports.tables_csv import write_csv
from app.i18n import msgid, translator
from app.reports.enclosing import Enclosure
from app.services.case_files import write_cases
from app.services.jobs import Progress
from app.services.printing import count_pages, print_document

LAID_OUT = frozenset({"pdf", "pptx", "docx"})  # made for a size of paper
HOLDING_DATA = frozenset({"pdf"})  # can carry the report's data inside
HOLDING_ANSWERS = frozenset({"yaml"})  # tell what single respondents said: for those who may take assessments out


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a writer works from. `templates` are the folders of the report's templates, its own before the house's.

    `data_attached` asks for the report's data as a workbook inside the file (PDF/A-3), where the format can hold it.
    """

    material: Material
    definition: ReportDefinition
    document: Document
    templates: tuple[Path, ...]
    progress: Progress | None = None
    data_attached: bool = False


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A file format: its suffix without the dot, its media type, who writes it, who counts its pages if it has any."""

    suffix: str
    media_type: str
    write: Callable[[Rendering], bytes]
    pages: Callable[[bytes], int] | None = None


def _pdf(rendering: Rendering) -> bytes:
    data = _data(rendering) if rendering.data_attached else None
    return print_document(rendering.document, rendering.templates, rendering.progress, enclosure=data)


def _data(rendering: Rendering) -> Enclosure:
    """Return the workbook of the same report as a file to put inside its PDF."""
    book = FORMATS["xlsx"]
    day, words = rendering.document.dated, translator(rendering.document.locale)
    return Enclosure(
        name="data.xlsx",
        media_type=book.media_type,
        content=book.write(rendering),
        description=words.gettext(msgid("报告中全部表格的数据")),
        made_on=day.isoformat() if day else "",
    )


def _xlsx(rendering: Rendering) -> bytes:
    from app.exports.workbook import write_workbook  # noqa: PLC0415 - loaded where it is asked for

    return write_workbook(rendering.document, rendering.material)


def _pptx(rendering: Rendering) -> bytes:
    from app.exports.slides import write_slides  # noqa: PLC0415 - loaded where it is asked for

    return write_slides(rendering.document)


def _docx(rendering: Rendering) -> bytes:
    from app.exports.wordprocessing import write_text_document  # noqa: PLC0415 - loaded where it is asked for

    return write_text_document(rendering.document)


FORMATS: Mapping[str, FileFormat] = {
    "pdf": FileFormat("pdf", "application/pdf", _pdf, count_pages),
    "pptx": FileFormat("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", _pptx),
    "docx": FileFormat("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
    "xlsx": FileFormat("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "csv": FileFormat("csv.zip", "application/zip", lambda one: write_csv(one.document, one.material)),
    "json": FileFormat("json", "application/json", lambda one: write_json(one.document, one.material)),
    "yaml": FileFormat("yaml.zip", "application/zip", lambda one: write_cases(one.material)),
}
