"""The definition of a report: which sections, in which order, with which options and texts. An editor writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.text import Text

HOUSE = "house"  # the folder of templates that every report uses unless it has its own; no report itself


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a template knows: where printing begins, and the names and filters that typesetting brings."""

    start: str
    names: tuple[str, ...]
    filters: tuple[str, ...]


REPORT_TEMPLATES = Vocabulary(
    "report.html", ("document", "picture", "fitting", "sheets", "logo"), ("spaced", "spoken", "deepest", "padding")
)
GUIDE_TEMPLATES = Vocabulary("guide.html", ("guide", "code", "strip", "sheets", "logo"), ("spaced", "lines"))


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
    WORDS = "words"


class About(StrEnum):
    """What a report is of: assessments side by side, one unit in two rounds, or an interview (its guide)."""

    ASSESSMENTS = "assessments"
    ROUNDS = "rounds"
    INTERVIEW = "interview"


class Paper(StrEnum):
    """What a report is printed on: 16:9 pages for the boardroom's screen, or A4 upright."""

    WIDE = "wide"
    A4 = "a4"


@dataclass(frozen=True, slots=True)
class SectionDefinition:
    """One section of a report, in its place.

    `title` stands in for the built-in one, `text` is printed at its head. `options` are read by the section's
    builder: `findings` (how many to quote), `elements` (how many to name at each end), `items` (how many
    contributions to draw); whole numbers. `template` is a file of the report's own that is used in place of
    `sections/<kind>.html`, empty for none.
    """

    kind: SectionKind
    title: Text | None = None
    text: Text | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    template: str = ""


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a report as `#rrggbb`; what stands here is the house's own look.

    `accent` is for links, rules and the one unit in question, `ink` for text, `muted` for what is said aside,
    `hairline` for lines between things and `wash` for quiet grounds. `units` are the colours of units in the order of
    the engagement; empty: the house's set, which is told apart in grey print and by the colour-blind.
    """

    accent: str = "#0b6e75"
    ink: str = "#1b2430"
    muted: str = "#5b6673"
    hairline: str = "#d9dee4"
    wash: str = "#f5f7f9"
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fonts:
    """The families of a report: `text` for everything, `headings` for titles."""

    text: str = "Noto Sans CJK SC"
    headings: str = "Noto Sans CJK SC"


@dataclass(frozen=True, slots=True)
class Logo:
    """A client's sign: `content` is checked and written anew, `width` and `height` are its proportions.

    `picture` is the same sign as PNG or JPEG for files that hold no SVG; None where there is none. `name` is its
    alternative text.
    """

    file: str
    media_type: str
    content: bytes
    width: float
    height: float
    name: Text
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A client's own look and words around every page, and what they are printed on. Its defaults are the house's."""

    footer: Text | None = None
    confidentiality: Text | None = None
    paper: Paper = Paper.WIDE
    colours: Colours = field(default_factory=Colours)
    fonts: Fonts = field(default_factory=Fonts)
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class ReportDefinition:
    """A kind of report. `title` is printed on the cover; `summary` says what it is for, to who asks for a report."""

    id: str
    name: Text
    sections: tuple[SectionDefinition, ...]
    title: Text | None = None
    theme: Theme = field(default_factory=Theme)
    about: About = About.ASSESSMENTS
    summary: Text | None = None
