"""What a new framework begins as, and whether it can."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from app.content.values import ID_PATTERN
from app.core.text import Locale, Text

FEWEST_TIERS, MOST_TIERS = 1, 6
LONGEST_ID = 64
MOST_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new framework begins as. `comments` is the language in which the files explain themselves."""

    id: str
    name: Text
    tiers: int = 3
    minimum: Fraction = Fraction(0)
    maximum: Fraction = Fraction(5)
    step: Fraction = Fraction(1, 2)
    comments: Locale = "zh"


class PlanRefused(ValueError):  # noqa: N818 - named like the other refusals
    """A framework cannot begin like this; `field` names what to change, `why` is a word for it."""

    def __init__(self, field: str, why: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.why = why


def check_plan(plan: Plan) -> None:
    """Raise PlanRefused where a plan would not make a valid framework."""
    if not is_id(plan.id):
        raise PlanRefused("id", "bad-id", f"{plan.id!r} is not an id: lower-case letters, digits and single hyphens")
    if not FEWEST_TIERS <= plan.tiers <= MOST_TIERS:
        raise PlanRefused("tiers", "bad-tiers", f"a framework has {FEWEST_TIERS} to {MOST_TIERS} tiers")
    if plan.step <= 0 or plan.maximum <= plan.minimum:
        raise PlanRefused("scale", "bad-scale", "a scale runs from a lower to a higher end in steps above 0")
    steps = (plan.maximum - plan.minimum) / plan.step
    if steps.denominator != 1 or steps > MOST_STEPS:
        raise PlanRefused("scale", "bad-steps", f"a scale is a whole number of steps, at most {MOST_STEPS}")


def is_id(text: str) -> bool:
    """Tell whether a text may be the id of a framework."""
    return len(text) <= LONGEST_ID and re.fullmatch(ID_PATTERN[1:-1], text) is not None


def questionnaire_id(framework_id: str) -> str:
    """Return the id of a framework's first questionnaire."""
    return f"{framework_id[: LONGEST_ID - len('-interview')].rstrip('-')}-interview"
