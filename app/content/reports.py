"""Report definitions -> `ReportDefinition`: which sections, in which order, with which options and texts."""

from __future__ import annotations

from app.content.shapes import Record
from app.core.report import Paper, ReportDefinition, SectionDefinition, SectionKind, Theme

# what each section's builder reads; no other section has options
OPTIONS: dict[str, tuple[str, ...]] = {
    SectionKind.DIMENSIONS: ("elements", "findings"),
    SectionKind.APPENDIX: ("findings",),
    SectionKind.DIFFERENCE: ("items",),
    SectionKind.HEATMAP: ("items",),
}


def build_report(record: Record) -> ReportDefinition | None:
    """Check the definition of a report and build it; None where it has errors."""
    for section in record.get("sections") or ():
        _check_options(section)
    if record.document.faults.errors_in([record.document.file]):
        return None
    theme = record.get("theme") or {}
    return ReportDefinition(
        id=record["id"],
        name=record["name"],
        title=record.get("title"),
        sections=tuple(
            SectionDefinition(
                SectionKind(section["section"]),
                section.get("title"),
                section.get("text"),
                {name: int(count) for name, count in (section.get("options") or {}).items()},
            )
            for section in record["sections"]
        ),
        theme=Theme(
            theme.get("footer"),
            theme.get("confidentiality"),
            Paper(theme.get("paper") or Paper.WIDE),
        ),
    )


def _check_options(section: Record) -> None:
    options: Record | None = section.get("options")
    if options is None or "section" not in section:
        return
    allowed = OPTIONS.get(section["section"], ())
    for name in options.entries:
        if name not in allowed:
            options.fault("E201", name, key=name, allowed=", ".join(allowed) or "none")
