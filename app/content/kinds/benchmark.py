"""Benchmark files: published figures of other carriers."""

from __future__ import annotations

from app.content.kinds.header import FIGURES, FRAMEWORK_RANGE, ID, LINE, NUMBER, SOURCE_KEY, WORDS, header
from app.content.shapes import Key, ListOf, MapOf, fields
from app.content.values import Line

ENTRY = fields(
    Key("id", ID, "Id of the carrier.", required=True),
    Key("name", WORDS, "Name of the carrier.", required=True),
    Key("region", ID, "Id of its region."),
    Key("overview", WORDS, "The carrier in a few words."),
    Key("scores", FIGURES, "Figures by capability of any tier."),
    Key(
        "ranges",
        MapOf(
            ID,
            fields(
                Key("low", NUMBER, "Lower end.", required=True),
                Key("high", NUMBER, "Upper end.", required=True),
                Key("note", LINE, "Why only a range is known."),
            ),
        ),
        "Figures that are known as a range only.",
    ),
    Key("findings", MapOf(ID, ListOf(WORDS)), "What is known of a capability."),
    Key(
        "unmapped",
        ListOf(
            fields(
                Key("name", Line(empty=False), "Name as printed.", required=True),
                Key("parent", ID, "The capability under which it was printed."),
                Key("score", NUMBER, "Figure as printed."),
                Key("note", LINE, "Why it has no place here."),
            )
        ),
        "Printed figures that have no capability in this framework.",
    ),
    expected="a carrier (id, name, …)",
)
BENCHMARK = fields(
    *header("benchmark", id_about="Id of the set."),
    FRAMEWORK_RANGE,
    Key("name", WORDS, "Name of the set.", required=True),
    SOURCE_KEY,
    Key("entries", ListOf(ENTRY), "The carriers.", required=True),
)
