"""The definition of a report: which sections, in which order, with which options and texts. An editor writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.text import Text

HOUSE = "house"  # the folder of templates that every report uses unless it has its own; no report itself


class SectionKind(StrEnum):
    """What a section shows. Every kind has a builder in `document` and a template of that name in `reports/house`."""

    COVER = "cover"
    MESSAGE = "message"
    CONTENTS = "contents"
    OVERVIEW = "overview"
    COMPARISON = "comparison"
    HEATMAP = "heatmap"
    DIFFERENCE = "difference"
    DIMENSIONS = "dimensions"
    COVERAGE = "coverage"
    APPENDIX = "appendix"
    PUBLISHED = "published"
    METHOD = "method"
    SOURCES = "sources"
    RANKING = "ranking"
    PROFILE = "profile"
    MULTIPLES = "multiples"
    STRENGTHS = "strengths"
    CONFIDENCE = "confidence"
    CHANGES = "changes"
    CARRIERS = "carriers"
    UNITS = "units"
    GLOSSARY = "glossary"


class Paper(StrEnum):
    """What a report is printed on: 16:9 pages for the boardroom's screen, or A4 upright."""

    WIDE = "wide"
    A4 = "a4"


@dataclass(frozen=True, slots=True)
class SectionDefinition:
    """One section of a report, in its place.

    `title` stands in for the built-in one, `text` is printed at its head. `options` are read by the section's
    builder: `findings` (how many to quote), `elements` (how many to name at each end), `items` (how many
    contributions to draw); whole numbers.
    """

    kind: SectionKind
    title: Text | None = None
    text: Text | None = None
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """A client's own words around every page, and what they are printed on."""

    footer: Text | None = None
    confidentiality: Text | None = None
    paper: Paper = Paper.WIDE


@dataclass(frozen=True, slots=True)
class ReportDefinition:
    """A kind of report. `title` is printed on the cover."""

    id: str
    name: Text
    sections: tuple[SectionDefinition, ...]
    title: Text | None = None
    theme: Theme = field(default_factory=Theme)
