"""The file formats a report can be had in: one document, one writer each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.report import ReportDefinition
from app.document.material import Material
from app.document.values import Document
from app.services.jobs import Progress


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
    """A file format: its suffix without the dot, its media type and who writes it."""

    suffix: str
    media_type: str
    write: Callable[[Rendering], bytes]


def _pdf(rendering: Rendering) -> bytes:
    from app.services.reporting import print_document  # noqa: PLC0415 - reporting reads this table

    return print_document(rendering.document, rendering.templates, rendering.progress)


FORMATS: Mapping[str, FileFormat] = {
    "pdf": FileFormat("pdf", "application/pdf", _pdf),
}
