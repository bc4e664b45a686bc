"""Questionnaire files: roles, items, questions and the conditions under which they are asked."""

from __future__ import annotations

from app.content.kinds.header import FRAMEWORK_RANGE, ID, IDS, NOT_NEGATIVE, NUMBER, TEXT, header
from app.content.shapes import ByForm, Exactly, Fields, Form, Key, ListOf, Named, Shape, Tagged, fields
from app.content.values import KindName, Line, OneOf, OnlyTrue, VersionText

CONDITION = Named("condition", lambda: _CONDITION)
RELATIONS = ("gte", "lte", "eq", "scored")
_PARTS = ListOf(CONDITION, least=1)
_CONDITION: Shape = Exactly(
    (
        fields(Key("all", _PARTS, "True when every part is.", required=True)),
        fields(Key("any", _PARTS, "True when a part is.", required=True)),
        fields(Key("not", CONDITION, "True when the part is not.", required=True)),
        fields(
            Key("answer", ID, "The element whose answer counts.", required=True),
            Key("gte", NUMBER, "True from this score."),
            Key("lte", NUMBER, "True up to this score."),
            Key("eq", NUMBER, "True at this score."),
            Key("scored", OnlyTrue(), "True when there is a score."),
        ),
    ),
    "all, any, not, answer",
)
_QUESTION_TEXT = Key("text", TEXT, "The question.", required=True)
_QUESTION_ID = Key("id", ID, "Id of the question, unique in its item.", required=True)
_QUESTION_WEIGHT = Key("weight", NOT_NEGATIVE, "Weight among the item's questions; 1 where nothing is said.")


def _question(kind: str, *keys: Key) -> Fields:
    about = "How it is answered: choice, checklist, number, scale or text."
    return fields(_QUESTION_ID, Key("type", KindName(kind), about, required=True), _QUESTION_TEXT, *keys)


def _options(*keys: Key) -> Key:
    option = fields(
        Key("id", ID, "Id of the option.", required=True),
        Key("text", TEXT, "The option.", required=True),
        *keys,
        expected="an option (id, text, …)",
    )
    return Key("options", ListOf(option, least=1), "What can be chosen.", required=True)


QUESTION = Tagged(
    "type",
    OneOf(("choice", "checklist", "number", "scale", "text")),
    {
        "choice": _question(
            "choice", _QUESTION_WEIGHT, _options(Key("value", NUMBER, "Score of this option.", required=True))
        ),
        "checklist": _question(
            "checklist",
            _QUESTION_WEIGHT,
            _options(Key("weight", NOT_NEGATIVE, "Weight among the options; 1 where nothing is said.")),
        ),
        "number": _question(
            "number",
            _QUESTION_WEIGHT,
            Key("unit", Line(empty=False), "Unit of the number."),
            Key(
                "bands",
                ListOf(
                    fields(
                        Key("upto", NUMBER, "Numbers up to this one; the last band has none."),
                        Key("value", NUMBER, "Score of this band.", required=True),
                    ),
                    least=1,
                ),
                "Scores by size of the number, rising.",
                required=True,
            ),
        ),
        "scale": _question("scale", _QUESTION_WEIGHT),
        "text": _question("text", _QUESTION_WEIGHT),
    },
)
EVIDENCE = fields(
    Key("id", ID, "Id of the evidence; needed so that it can be ticked."),
    Key("zh", Line(empty=False), "The Chinese text.", required=True),
    Key("en", Line(empty=False), "The English text."),
    expected="evidence ({id: …, zh: …, en: …})",
)
ITEM = fields(
    Key("element", ID, "The element asked about.", required=True),
    Key("roles", IDS, "Whom to ask; everybody where nothing is said."),
    Key("prompts", ListOf(TEXT), "What to ask aloud."),
    Key(
        "evidence",
        ListOf(ByForm(Form(scalar=TEXT, mapping=EVIDENCE), "evidence ({id: …, zh: …, en: …})")),
        "What to ask to see.",
    ),
    Key("questions", ListOf(QUESTION), "Scored questions; one question on the scale where nothing is said."),
    Key("when", CONDITION, "When to ask."),
    expected="an item (element, …)",
)
QUESTIONNAIRE = fields(
    *header("questionnaire", id_about="Id of the questionnaire."),
    FRAMEWORK_RANGE,
    Key("version", VersionText(), "Version of the content, such as 1.2.0.", required=True),
    Key("name", TEXT, "Name of the questionnaire.", required=True),
    Key("mode", OneOf(("interview", "self-assessment")), "Who scores: the consultant, or the respondent."),
    Key(
        "roles",
        ListOf(
            fields(
                Key("id", ID, "Id of the role.", required=True),
                Key("name", TEXT, "Name of the role.", required=True),
                Key("level", ID, "Id of the organisation's level."),
                Key("weight", NOT_NEGATIVE, "Weight among respondents; 1 where nothing is said."),
                expected="a role (id, name, …)",
            )
        ),
        "Roles that respondents speak for.",
    ),
    Key("items", ListOf(ITEM), "What to ask, one item for every element.", required=True),
    Key("omit", IDS, "Elements that are left out on purpose."),
)
