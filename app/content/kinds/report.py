"""Report files: sections in order, their options and texts, a client's own look and words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from app.content.faults import Document
from app.content.kinds.header import TEXT, WORDS, header
from app.content.located import Node, Scalar, found, shown
from app.content.shapes import INVALID, Definitions, Invalid, JsonSchema, Key, ListOf, Shape, fields
from app.content.values import FileName, Number, OneOf
from app.core.report import About, Paper, SectionKind

COLOUR_PATTERN = r"^#[0-9a-fA-F]{6}$"
FONT_PATTERN = r"^\w[\w .+-]{0,63}$"  # what can stand in a style sheet without meaning anything else


@dataclass(frozen=True)
class Colour(Shape):
    """A colour as `#rrggbb`, in quotes; small letters come out."""

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
        if not re.fullmatch(COLOUR_PATTERN[1:-1], text):
            document.fault("E701", node, path, value=_said(node))
            return INVALID
        return text.lower()

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "string", "pattern": COLOUR_PATTERN}


@dataclass(frozen=True)
class Family(Shape):
    """The name of a font family."""

    def read(self, node: Node, path: str, document: Document) -> str | Invalid:
        text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""
        if not re.fullmatch(FONT_PATTERN[1:-1], text):
            document.fault("E704", node, path, value=_said(node))
            return INVALID
        return text

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"type": "string", "pattern": FONT_PATTERN}


def _said(node: Node) -> str:
    """Return a value for messages; a # outside quotes leaves nothing."""
    if isinstance(node, Scalar) and node.value is not None:
        return shown(node.text) or "an empty text"
    return "nothing (a # outside quotes opens a comment)" if isinstance(node, Scalar) else found(node)


_COUNT = Number(low=Fraction(0), whole=True)
_COLOUR = Colour()

SECTION = fields(
    Key("section", OneOf(tuple(SectionKind)), "Which section.", required=True),
    Key(
        "options",
        fields(
            Key("elements", _COUNT, "How many elements to name at each end."),
            Key("findings", _COUNT, "How many findings to quote."),
            Key("items", _COUNT, "How many contributions, differences or rows to show."),
        ),
        "Options of the section; which ones it reads is in the content guide.",
    ),
    Key("title", TEXT, "Its title, where the section's own will not do; a section of words needs one."),
    Key("text", TEXT, "A text at its head; the text of a section of words."),
    Key("template", FileName(), "A template beside this file, in place of sections/<section>.html."),
    expected="a section ({section: …})",
)

THEME = fields(
    Key("footer", WORDS, "What stands at the head of every page; the report's title where nothing is given."),
    Key("confidentiality", WORDS, "Note of confidentiality at the foot of every page."),
    Key("paper", OneOf(tuple(Paper)), "What it is printed on: wide (16:9, the default) or a4."),
    Key(
        "colours",
        fields(
            Key("accent", _COLOUR, "Rules, references and the one unit in question."),
            Key("ink", _COLOUR, "Text."),
            Key("muted", _COLOUR, "What is said aside."),
            Key("hairline", _COLOUR, "Lines between things."),
            Key("wash", _COLOUR, "Quiet grounds."),
            Key("units", ListOf(_COLOUR, most=24, unique=True), "Colours of the units, in the engagement's order."),
        ),
        'Colours as "#rrggbb", in quotes.',
    ),
    Key(
        "fonts",
        fields(
            Key("text", Family(), "Family of all text."),
            Key("headings", Family(), "Family of titles; that of the text where nothing is given."),
        ),
        "Font families that are installed where reports are printed.",
    ),
    Key(
        "logo",
        fields(
            Key("file", FileName(), "A PNG, JPEG or SVG file beside this one.", required=True),
            Key("name", TEXT, "What it says, for those who cannot see it.", required=True),
        ),
        "A client's logo, on the cover and at the foot of every page.",
    ),
)

REPORT = fields(
    *header("report", id_about="Id of the report: the name of its folder."),
    Key("name", TEXT, "Name of the report.", required=True),
    Key("summary", TEXT, "What it is for, in a sentence; shown where a report is asked for."),
    Key("title", TEXT, "Title on the cover."),
    Key(
        "about",
        OneOf(tuple(About)),
        "What it is of: assessments (the default), rounds (one unit in two rounds) or interview (the guide).",
    ),
    Key(
        "sections",
        ListOf(SECTION, least=1),
        "The sections in order; every report but that of an interview has them.",
    ),
    Key("theme", THEME, "A client's own look and words around every page, and the paper."),
)
