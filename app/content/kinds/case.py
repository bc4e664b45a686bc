"""Case files and the unit tree beside them."""

from __future__ import annotations

from fractions import Fraction

from app.content.kinds.header import (
    CONFIDENCE,
    FIGURES,
    ID,
    LINE,
    NOT_NEGATIVE,
    NUMBER,
    ROUND_ID,
    SOURCE_KEY,
    WORDS,
    header,
)
from app.content.shapes import Key, ListOf, MapOf, fields
from app.content.values import REFERENCE_EXACT, Day, Given, Number, OneOf

_UNIT = (
    Key("id", ID, "Id of the unit.", required=True),
    Key("name", WORDS, "Name of the unit.", required=True),
    Key("kind", ID, "What kind of unit it is: a free id."),
    Key("parent", ID, "Id of the unit above."),
)
UNITS = fields(
    *header("units", id_about="Id of the engagement."),
    Key("name", WORDS, "Name of the engagement.", required=True),
    Key(
        "units",
        ListOf(
            fields(
                *_UNIT,
                Key("size", NOT_NEGATIVE, "Customers or revenue: weighs rollups over units."),
                expected="a unit (id, name, …)",
            )
        ),
        "The units; each but the top ones names its parent.",
        required=True,
    ),
)
STATES = ("scored", "not-applicable", "unknown", "illegible", "inferred")
_STATE = Key("state", OneOf(STATES), "What is known; scored where a score stands.")
_JUDGEMENT = (
    Key("score", NUMBER, "Score on the scale's grid."),
    _STATE,
    Key("reason", LINE, "Why: needed for not-applicable."),
    Key("confidence", CONFIDENCE, "low, medium or high."),
    Key("note", LINE, "A note: needed for inferred."),
)
AGREED_SCORE = fields(
    *_JUDGEMENT,
    Key("method", ID, "How the score was agreed, such as consensus."),
    Key("findings", ListOf(WORDS), "What was found."),
    expected="a score with its findings ({score: …, findings: […]})",
)
ANSWER = fields(
    *_JUDGEMENT,
    Key("suggested", NUMBER, "Score that the answers suggested."),
    Key(
        "questions",
        MapOf(
            ID,
            Given(),
        ),
        "Answers to the questions of the item: option id, list of option ids, number or text.",
    ),
    Key("ticks", MapOf(ID, OneOf(("told", "seen"))), "Evidence by id: told or seen."),
    Key(
        "evidence_strength",
        Number(low=Fraction(0), high=Fraction(3), whole=True),
        "0 one voice, 1 two sources agree, 2 document or system shown, 3 data checked.",
    ),
    expected="an answer ({score: …})",
)
CASE = fields(
    *header("case", id_about="Id of the case."),
    Key("framework", REFERENCE_EXACT, "The framework and its exact version.", required=True),
    Key("unit", fields(*_UNIT), "The unit assessed.", required=True),
    Key(
        "round",
        fields(
            Key("id", ROUND_ID, "Id of the round; may begin with a digit.", required=True),
            Key("name", WORDS, "Name of the round.", required=True),
            Key("date", Day(), "Day of the round."),
        ),
        "When it was assessed.",
        required=True,
    ),
    SOURCE_KEY,
    Key("questionnaire", REFERENCE_EXACT, "The questionnaire used."),
    Key("scores", MapOf(ID, AGREED_SCORE), "Agreed scores by element."),
    Key("published", FIGURES, "Figures that the source printed, by capability."),
    Key(
        "published_decimals",
        Number(low=Fraction(0), high=Fraction(12), whole=True),
        "How many decimals the source printed.",
    ),
    Key(
        "interviews",
        ListOf(
            fields(
                Key("id", ID, "Id of the interview.", required=True),
                Key("role", ID, "Role of the respondent.", required=True),
                Key("questionnaire", REFERENCE_EXACT, "The questionnaire used."),
                Key("respondent", LINE, "A label of the respondent."),
                Key("interviewer", LINE, "Who asked."),
                Key("date", Day(), "Day of the interview."),
                Key("answers", MapOf(ID, ANSWER), "Answers by element."),
                expected="an interview (id, role, …)",
            )
        ),
        "Respondents and their own answers.",
    ),
)
