"""What several kinds of file share: the header that opens them, ids, figures, the source."""

from __future__ import annotations

from fractions import Fraction

from app.content.shapes import Key, ListOf, MapOf, fields
from app.content.values import REFERENCE_RANGE, FormatNumber, Id, KindName, Line, Number, OneOf, Words

ID = Id()
ROUND_ID = Id(digits_first=True)
LINE = Line()
TEXT = Words(translated=True)
WORDS = Words(translated=False)
NUMBER = Number()
NOT_NEGATIVE = Number(low=Fraction(0))
SHARE = Number(low=Fraction(0), high=Fraction(1))
CONFIDENCE = OneOf(("low", "medium", "high"))
IDS = ListOf(ID, unique=True, expected="a list of ids")
FIGURES = MapOf(ID, NUMBER, expected="a mapping of capability ids to numbers")


def header(kind: str, *, id_about: str) -> tuple[Key, ...]:
    """Return the keys that open every file."""
    return (
        Key("format", FormatNumber(), "The version of the file format: 1.", required=True),
        Key("kind", KindName(kind), f"What this file holds: {kind}.", required=True),
        Key("id", ID, id_about, required=True),
    )


SOURCE = fields(
    Key("title", LINE, "Title of the source."),
    Key("year", Number(whole=True), "Year of the source."),
    Key("method", LINE, "How the figures came about."),
    Key("confidence", CONFIDENCE, "How far the source can be relied on: low, medium or high."),
    Key("note", LINE, "Anything else a reader should know of the source."),
)
SOURCE_KEY = Key("source", SOURCE, "Where the content comes from.")

FRAMEWORK_RANGE = Key(
    "framework", REFERENCE_RANGE, "The framework, with version comparators where needed.", required=True
)
