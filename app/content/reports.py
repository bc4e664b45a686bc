"""Report definitions -> `ReportDefinition`: which sections, in which order, with which options, texts and look."""

from __future__ import annotations

from dataclasses import dataclass

from app.content.folders import Folder, Reads
from app.content.located import below
from app.content.shapes import Items, Record
from app.content.templates import Templates
from app.content.themes import build_theme
from app.core.report import GUIDE_TEMPLATES, HOUSE, About, ReportDefinition, SectionDefinition, SectionKind
from app.settings import CHECKOUT

REPORT_FILE = "report.yaml"
# what each section's builder reads; no other section has options
OPTIONS: dict[str, tuple[str, ...]] = {
    SectionKind.DIMENSIONS: ("elements", "findings"),
    SectionKind.APPENDIX: ("findings",),
    SectionKind.DIFFERENCE: ("items",),
    SectionKind.HEATMAP: ("items",),
    SectionKind.CARRIERS: ("findings",),
    SectionKind.UNITS: ("elements", "findings"),
    SectionKind.STRENGTHS: ("elements", "findings"),
    SectionKind.CONFIDENCE: ("elements",),
    SectionKind.CHANGES: ("elements", "findings"),
}


@dataclass(frozen=True, slots=True)
class ReadReport:
    """The definition of a report as it was read, and the folder that it and its templates lie in."""

    folder: Folder
    record: Record


def build_report(read: ReadReport, reads: Reads) -> ReportDefinition | None:
    """Check the definition of a report with everything beside it and build it; None where any of it has errors."""
    record = read.record
    if "id" in record and record.document.file == read.folder.call(REPORT_FILE):
        _named_as_its_folder(record, read.folder)
    about = About(record.get("about") or About.ASSESSMENTS)
    _check_sections(record, about)
    templates = (
        Templates(read.folder, None, reads, GUIDE_TEMPLATES)
        if about is About.INTERVIEW
        else Templates(read.folder, house_beside(read.folder), reads)
    )
    templates.check(record)
    theme = build_theme(record.get("theme"), read.folder, reads)
    if reads.faults.errors_in([record.document.file, *templates.files]) or theme is None:
        return None
    return ReportDefinition(
        id=record["id"],
        name=record["name"],
        title=record.get("title"),
        sections=tuple(map(_section, record.get("sections") or ())),
        theme=theme,
        about=about,
        summary=record.get("summary"),
    )


def house_beside(folder: Folder) -> Folder:
    """Return the folder of the house's templates: the one beside a report, else the shipped one."""
    beside = folder.path.parent / HOUSE
    if beside.is_dir():
        return Folder(beside, str(beside))
    shipped = CHECKOUT / "reports" / HOUSE
    return Folder(shipped, str(shipped))


def _section(section: Record) -> SectionDefinition:
    return SectionDefinition(
        SectionKind(section["section"]),
        section.get("title"),
        section.get("text"),
        {name: int(count) for name, count in (section.get("options") or {}).items()},
        section.get("template") or "",
    )


def _named_as_its_folder(record: Record, folder: Folder) -> None:
    name = folder.path.resolve().name
    if record["id"] != name:
        record.value_fault("E320", "id", expected=name, value=record["id"])


def _check_sections(record: Record, about: About) -> None:
    """Check what must hold between sections: each once, with the options that it reads and the words that it needs."""
    if about is About.INTERVIEW:
        if record.has("sections"):
            record.fault("E717", "sections", about=about)
        return
    if not record.has("sections"):
        _missing(record, "sections")
    sections: Items | None = record.get("sections")
    seen: set[str] = set()
    for section in sections or ():
        kind = section.get("section")
        if kind in seen:
            section.value_fault("E214", "section", value=kind)
        if kind == SectionKind.WORDS:
            for key in ("title", "text"):
                if not section.has(key):
                    _missing(section, key)
        elif kind:
            seen.add(kind)
        _check_options(section)


def _missing(record: Record, key: str) -> None:
    record.document.fault("E202", record.node, below(record.path, key), key=key)


def _check_options(section: Record) -> None:
    options: Record | None = section.get("options")
    if options is None or "section" not in section:
        return
    allowed = OPTIONS.get(section["section"], ())
    for name in options.entries:
        if name not in allowed:
            options.fault("E201", name, key=name, allowed=", ".join(allowed) or "none")
