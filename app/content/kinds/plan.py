"""Target profiles, importance votes and scenarios."""

from __future__ import annotations

from fractions import Fraction

from app.content.kinds.header import FIGURES, FRAMEWORK_RANGE, ID, NOT_NEGATIVE, header
from app.content.shapes import Key, MapOf, fields
from app.content.values import Number

_ONE_TO_FIVE = MapOf(ID, Number(low=Fraction(1), high=Fraction(5)))
TARGET = fields(
    *header("target", id_about="Id of the target profile."),
    FRAMEWORK_RANGE,
    Key("horizon_months", Number(low=Fraction(1), whole=True), "Months until the targets are to be reached."),
    Key("targets", FIGURES, "Target scores by capability.", required=True),
)
IMPORTANCE = fields(
    *header("importance", id_about="Id of the vote."),
    FRAMEWORK_RANGE,
    Key("importance", _ONE_TO_FIVE, "Importance by capability, 1 to 5.", required=True),
    Key("effort", _ONE_TO_FIVE, "Effort by capability, 1 to 5."),
)
SCENARIO = fields(
    *header("scenario", id_about="Id of the scenario."),
    FRAMEWORK_RANGE,
    Key("weights", MapOf(ID, NOT_NEGATIVE), "Changed weights by capability."),
    Key("scores", FIGURES, "Changed scores by element."),
    Key("targets", FIGURES, "Changed targets by capability."),
)
