"""Framework files: the framework itself, a list of its children, its published versions, its weight profiles."""

from __future__ import annotations

from fractions import Fraction

from app.content.kinds.header import (
    FRAMEWORK_RANGE,
    ID,
    IDS,
    LINE,
    NOT_NEGATIVE,
    NUMBER,
    SHARE,
    SOURCE_KEY,
    TEXT,
    WORDS,
    header,
)
from app.content.shapes import ByForm, Fields, Form, Key, ListOf, MapOf, Named, Shape, fields
from app.content.values import RELATED, Anything, FileName, Line, Number, OneOf, Truth, VersionText

_LEVEL_TEXTS = MapOf(NUMBER, TEXT, expected="a mapping of scale values to texts")
CAPABILITY: Fields = fields(
    Key("id", ID, "Permanent id, unique in the framework.", required=True),
    Key("code", Line(empty=False), "Display code, such as CI.1.2; may change."),
    Key("name", TEXT, "Name of the capability.", required=True),
    Key("definition", TEXT, "What the capability is."),
    Key("weight", NOT_NEGATIVE, "Weight among its siblings; 1 where nothing is said, 0 = shown but not counted."),
    Key(
        "children",
        Named("children", lambda: CHILDREN),
        "The capabilities below: a list, or the name of a file beside this one that holds the list.",
    ),
    Key("levels", _LEVEL_TEXTS, "What this element looks like at values of the scale. Elements only."),
    Key("critical", Truth(), "Whether this element is critical. Elements only."),
    Key("prerequisites", IDS, "Elements that must come first. Elements only."),
    Key("replaces", IDS, "Ids this element had in an earlier version. Elements only."),
    Key("related", ListOf(RELATED, unique=True), "Related elements of other frameworks. Elements only."),
    Key("extensions", MapOf(LINE, Anything()), "Free values, kept and shown. Elements only."),
    expected="a capability (id, name, …)",
)

ONLY_ELEMENTS = ("levels", "critical", "prerequisites", "replaces", "related", "extensions")
CAPABILITIES = ListOf(
    Named("capability", lambda: CAPABILITY), least=1, expected="a list of capabilities or the name of a file"
)
CHILDREN: Shape = ByForm(Form(scalar=FileName(), sequence=CAPABILITIES), "a list of capabilities or the name of a file")
CHILDREN_FILE = ListOf(Named("capability", lambda: CAPABILITY), least=1, expected="a list of capabilities")

SCALE = fields(
    Key("min", NUMBER, "Lowest score.", required=True),
    Key("max", NUMBER, "Highest score.", required=True),
    Key("step", Number(above=Fraction(0)), "Distance of two scores; fits a whole number of times.", required=True),
    Key(
        "levels",
        ListOf(
            fields(
                Key("value", NUMBER, "Score of this level.", required=True),
                Key("name", TEXT, "Name of this level.", required=True),
                Key("description", TEXT, "What this level means."),
                expected="a level (value, name)",
            ),
            least=1,
        ),
        "Named points of the scale; min and max are among them.",
        required=True,
    ),
)
FRAMEWORK = fields(
    *header("framework", id_about="Permanent id of the framework."),
    Key("version", VersionText(), "Version of the content, such as 1.2.0.", required=True),
    Key("name", TEXT, "Name of the framework.", required=True),
    Key("summary", TEXT, "What the framework assesses."),
    SOURCE_KEY,
    Key(
        "tiers",
        ListOf(
            fields(
                Key("id", ID, "Id of the tier.", required=True),
                Key("name", TEXT, "Name of the tier.", required=True),
                expected="a tier (id, name)",
            ),
            least=1,
            most=6,
        ),
        "Names of the levels of the tree, the root's children first; 1 to 6.",
        required=True,
    ),
    Key("scale", SCALE, "The scale of scores.", required=True),
    Key(
        "rollup",
        fields(
            Key(
                "method",
                OneOf(("weighted-mean", "weighted-geometric", "flat-mean")),
                "How scores of children become the score of their parent.",
                required=True,
            ),
            Key(
                "coverage",
                fields(
                    Key("publish", SHARE, "Coverage from which a score is shown without a mark.", required=True),
                    Key("provisional", SHARE, "Coverage from which a score is shown as provisional.", required=True),
                ),
                "Shares of elements that must be scored.",
                required=True,
            ),
        ),
        "How scores are rolled up.",
        required=True,
    ),
    Key(
        "agreement",
        fields(
            Key("range", NOT_NEGATIVE, "Range of the respondents' scores from which they must talk."),
            Key("r_wg", SHARE, "Within-group agreement below which they must talk."),
            Key("role_gap", NOT_NEGATIVE, "Distance of two roles' medians from which they must talk."),
            Key("minimum_roles", Number(low=Fraction(1), whole=True), "Roles that must have been asked."),
        ),
        "When respondents are said to disagree.",
    ),
    Key("capabilities", CHILDREN, "The tree of capabilities.", required=True),
)
VERSIONS = fields(
    *header("versions", id_about="The framework's id."),
    Key(
        "versions", MapOf(VersionText(), Line(empty=False)), "Hash of every published version's content.", required=True
    ),
)
WEIGHTS = fields(
    *header("weights", id_about="Id of the weight profile."),
    FRAMEWORK_RANGE,
    Key("name", WORDS, "Name of the profile."),
    Key("note", LINE, "Why these weights."),
    Key(
        "weights",
        MapOf(ID, NOT_NEGATIVE, expected="a mapping of capability ids to weights"),
        "Weights by capability; others keep the framework's.",
        required=True,
    ),
)
