"""Why an item of a questionnaire is asked or not: its condition part by part, each operand with what it stands at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product
from math import prod

from app.core.case import AgreedScore, Answer, State
from app.core.questionnaire import Comparison, Condition, Questionnaire, When
from app.core.relevance import asked_elements, holds
from app.core.scale import Scale

MOST_COMBINATIONS = 20_000  # of operands' scores that are tried to tell that a rule can only go one way


class Origin(StrEnum):
    """Where the score of an operand comes from, or why there is none."""

    ANSWER = "answer"
    AGREED = "agreed"
    OPEN = "open"
    UNASKED = "unasked"  # it was answered, but its own item is not asked
    UNSCORED = "unscored"  # answered without a score: not applicable, unknown


@dataclass(frozen=True, slots=True)
class Operand:
    """What a comparison looks at."""

    element: str
    score: Fraction | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Trace:
    """A condition, whether it is true, and the same of its parts; `operand` of a comparison."""

    when: When
    true: bool
    parts: tuple[Trace, ...] = ()
    operand: Operand | None = None


@dataclass(frozen=True, slots=True)
class TracedItem:
    """An item: whether it is asked, and why (None: it has no condition)."""

    element: str
    asked: bool
    why: Trace | None


def trace(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], *, agreed: Mapping[str, AgreedScore]
) -> list[TracedItem]:
    """Return for every item, in order, whether and why it is asked; it says the same as `asked_elements`."""
    asked = asked_elements(questionnaire, answers, agreed=agreed)
    governed = {item.element for item in questionnaire.items}

    def operand(element: str) -> Operand:
        answer, decided = answers.get(element), agreed.get(element)
        answered = answer is not None and answer.state is not State.OPEN
        if answered and answer is not None and element in asked | ({element} - governed):
            return Operand(element, answer.score, Origin.UNSCORED if answer.score is None else Origin.ANSWER)
        if decided is not None and decided.score is not None:
            return Operand(element, decided.score, Origin.AGREED)
        return Operand(element, None, Origin.UNASKED if answered else Origin.OPEN)

    def traced(when: When) -> Trace:
        if isinstance(when, Comparison):
            found = operand(when.answer)
            return Trace(when, holds(when, lambda _: found.score), operand=found)
        parts = tuple(traced(part) for part in when.parts)
        true = holds(when, lambda element: operand(element).score)
        return Trace(when, true, parts)

    return [
        TracedItem(item.element, item.element in asked, traced(item.when) if item.when is not None else None)
        for item in questionnaire.items
    ]


def operands(when: When | None) -> tuple[str, ...]:
    """Return the elements that a condition looks at, each once, in order."""
    if when is None:
        return ()
    if isinstance(when, Comparison):
        return (when.answer,)
    return tuple(dict.fromkeys(element for part in when.parts for element in operands(part)))


def all_operands(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the elements that any condition of a questionnaire looks at, in the order of its items."""
    looked_at = {element for item in questionnaire.items for element in operands(item.when)}
    known = [item.element for item in questionnaire.items if item.element in looked_at]
    return (*known, *sorted(looked_at - set(known)))


def only_way(when: When, scale: Scale) -> bool | None:
    """Return what a condition comes to whatever is answered; None where answers decide it, or it is too long."""
    looked_at = operands(when)
    values: list[tuple[Fraction | None, ...]] = [(None, *scale.grid) for _ in looked_at]
    if prod(len(one) for one in values) > MOST_COMBINATIONS:
        return None
    found: set[bool] = set()
    for combination in product(*values):
        scores = dict(zip(looked_at, combination, strict=True))
        found.add(holds(when, scores.__getitem__))
        if len(found) > 1:
            return None
    return found.pop()


def flat(when: When | None) -> tuple[str, tuple[tuple[bool, Comparison], ...]] | None:
    """Return a condition as `all` or `any` of comparisons, each with whether it is negated; None where it is deeper."""
    if when is None:
        return "all", ()
    if isinstance(when, Condition) and when.operator in ("all", "any"):
        parts = [_single(part) for part in when.parts]
        found = tuple(part for part in parts if part is not None)
        return (when.operator, found) if len(found) == len(parts) else None
    single = _single(when)
    return None if single is None else ("all", (single,))


def _single(when: When) -> tuple[bool, Comparison] | None:
    if isinstance(when, Comparison):
        return False, when
    if when.operator == "not" and isinstance(when.parts[0], Comparison):
        return True, when.parts[0]
    return None
