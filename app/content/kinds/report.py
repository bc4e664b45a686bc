"""Report files: sections in order, their options, a client's own words."""

from __future__ import annotations

from fractions import Fraction

from app.content.kinds.header import TEXT, WORDS, header
from app.content.shapes import Key, ListOf, fields
from app.content.values import Number, OneOf
from app.core.report import Paper, SectionKind

_COUNT = Number(low=Fraction(0), whole=True)
REPORT = fields(
    *header("report", id_about="Id of the report."),
    Key("name", TEXT, "Name of the report.", required=True),
    Key("title", TEXT, "Title on the cover."),
    Key(
        "sections",
        ListOf(
            fields(
                Key("section", OneOf(tuple(SectionKind)), "Which section.", required=True),
                Key(
                    "options",
                    fields(
                        Key("elements", _COUNT, "How many elements to name at each end (dimensions)."),
                        Key("findings", _COUNT, "How many findings to quote (dimensions, appendix)."),
                        Key("items", _COUNT, "How many contributions or differences to show (difference, heatmap)."),
                    ),
                    "Options of the section.",
                ),
                Key("title", TEXT, "Its title, where the section's own will not do."),
                Key("text", TEXT, "A text at its head."),
                expected="a section ({section: …})",
            ),
            least=1,
        ),
        "The sections in order.",
        required=True,
    ),
    Key(
        "theme",
        fields(
            Key("footer", WORDS, "Footer of every page."),
            Key("confidentiality", WORDS, "Note of confidentiality."),
            Key("paper", OneOf(tuple(Paper)), "What it is printed on: wide (16:9, the default) or a4."),
        ),
        "A client's own words around every page, and the paper.",
    ),
)
