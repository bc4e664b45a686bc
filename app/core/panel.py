"""The panel behind each element: which roles judged it, which are to come, who should be asked next. Pure values.

Independent are different roles: two respondents of one role are one voice. A role of weight 0 is heard, not counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.case import State

if TYPE_CHECKING:
    from app.core.judging import RespondentAnswers


class Asking(StrEnum):
    """How far the asking of one role about one element is, from nothing to a score."""

    NOT_ASKED = "not-asked"  # the questionnaire asks other roles
    ASKED = "asked"  # the questionnaire asks this role, no interview is planned
    PLANNED = "planned"
    BEGUN = "begun"  # the interview is under way, this element still open
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    SCORED = "scored"


class Reach(StrEnum):
    """Whether an element has its minimum of roles."""

    SETTLED = "settled"  # agreed already: nobody needs to be asked
    REACHED = "reached"
    WILL_BE = "will-be"  # by the interviews that are planned or under way
    MISSING = "missing"
    OUT_OF_REACH = "out-of-reach"  # also when everybody is asked whom the questionnaire asks


_STRENGTH = {asking: rank for rank, asking in enumerate(Asking)}


@dataclass(frozen=True, slots=True)
class Panel:
    """The roles behind one element. No role stands in two of the sets.

    `heard` count towards the minimum; `coming` are planned or under way; `askable` are those whom the questionnaire
    asks and nobody has planned to. `settled`: the element is agreed already.
    """

    element: str
    heard: frozenset[str] = frozenset()
    coming: frozenset[str] = frozenset()
    askable: frozenset[str] = frozenset()
    settled: bool = False

    def reach(self, minimum: int) -> Reach:
        """Return how the element stands to a minimum of roles."""
        if self.settled:
            return Reach.SETTLED
        if len(self.heard) >= minimum:
            return Reach.REACHED
        if self.missing(minimum) == 0:
            return Reach.WILL_BE
        return Reach.MISSING if len(self.askable) >= self.missing(minimum) else Reach.OUT_OF_REACH

    def missing(self, minimum: int) -> int:
        """Return how many further roles it takes, with all that is planned; 0 when none."""
        return 0 if self.settled else max(0, minimum - len(self.heard) - len(self.coming))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A role to ask next, and the elements whose gap that closes by one, in the order of the panels."""

    role: str
    elements: tuple[str, ...] = field(default=())


def roles_by_element(respondents: Sequence[RespondentAnswers]) -> dict[str, frozenset[str]]:
    """Return which independent roles gave each element a score; elements without any are absent."""
    found: dict[str, set[str]] = {}
    for one in respondents:
        for element, answer in one.answers.items():
            if one.weight > 0 and answer.state in (State.SCORED, State.INFERRED):
                found.setdefault(element, set()).add(one.role)
    return {element: frozenset(roles) for element, roles in found.items()}


def panel_of(
    element: str, askings: Mapping[str, Asking], *, heard_only: Collection[str] = (), settled: bool = False
) -> Panel:
    """Return the panel of an element from how far the asking of each role is; `heard_only` are roles of weight 0.

    Who gave a score counts; where nobody did, who called the element not applicable. Who did not know does not count
    and is not asked again.
    """
    counted = {role: asking for role, asking in askings.items() if role not in heard_only}

    def roles(*wanted: Asking) -> frozenset[str]:
        return frozenset(role for role, asking in counted.items() if asking in wanted)

    return Panel(
        element,
        heard=roles(Asking.SCORED) or roles(Asking.NOT_APPLICABLE),
        coming=roles(Asking.PLANNED, Asking.BEGUN),
        askable=roles(Asking.ASKED),
        settled=settled,
    )


def strongest(askings: Collection[Asking]) -> Asking:
    """Return how far several interviews of one role have come together; not asked if there is none."""
    return max(askings, key=_STRENGTH.__getitem__, default=Asking.NOT_ASKED)


def who_to_ask(panels: Sequence[Panel], minimum: int, roles: Sequence[str]) -> tuple[Suggestion, ...]:
    """Return roles to ask so that every element within reach gets its minimum, the most useful first.

    Greedy: always the role that closes a gap in the most elements; among equals the one that stands first in `roles`.
    That is not always the shortest list, but it is never longer than ln(elements) + 1 times as long, it can be followed
    by hand, and stopping anywhere in it is a good plan. A role is named once: a second interview is no further voice.
    """
    gaps = {panel.element: panel.missing(minimum) for panel in panels}
    left = list(roles)
    suggestions: list[Suggestion] = []
    while left:
        closing = {
            role: tuple(panel.element for panel in panels if role in panel.askable and gaps[panel.element] > 0)
            for role in left
        }
        best = max(left, key=lambda role: len(closing[role]))
        if not closing[best]:
            break
        suggestions.append(Suggestion(best, closing[best]))
        for element in closing[best]:
            gaps[element] -= 1
        left.remove(best)
    return tuple(suggestions)


def reaches(panels: Sequence[Panel], minimum: int) -> Mapping[Reach, tuple[str, ...]]:
    """Return the elements by how they stand to the minimum, each in the order of the panels."""
    found: dict[Reach, list[str]] = {reach: [] for reach in Reach}
    for panel in panels:
        found[panel.reach(minimum)].append(panel.element)
    return {reach: tuple(elements) for reach, elements in found.items()}
