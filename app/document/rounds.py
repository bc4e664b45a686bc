"""The same unit in several rounds: what comes before what, and what changed. Values only, no words.

A change below half a step of the scale is none. What is scored in one round only is no change of the unit, but of what
is known about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.core.compare import contributions
from app.core.scoring import Status
from app.document.material import Material, Subject, by_round


class Turn(StrEnum):
    """What became of a figure from one round to another."""

    UP = "up"
    DOWN = "down"
    LEVEL = "level"  # nearer than half a step
    UNKNOWN = "unknown"  # one of the two may not be shown


@dataclass(frozen=True, slots=True)
class Rounds:
    """The assessments of one unit, the earliest first; two at least."""

    subjects: tuple[Subject, ...]

    @property
    def before(self) -> Subject:
        """The earliest."""
        return self.subjects[0]

    @property
    def after(self) -> Subject:
        """The latest."""
        return self.subjects[-1]


@dataclass(frozen=True, slots=True)
class Change:
    """One node from the first round to the last; `shared` of `leaves` elements below it are scored in both.

    `score` and `coverage` are the parts of the change that other scores and other elements make; None where the
    change has no such parts (a figure withheld, the geometric method).
    """

    node: str | None
    before: Fraction | None
    after: Fraction | None
    turn: Turn
    shared: int
    leaves: int
    score: Fraction | None = None
    coverage: Fraction | None = None

    @property
    def points(self) -> Fraction | None:
        """After less before, where both may be shown."""
        return None if self.before is None or self.after is None else self.after - self.before


def rounds_of(subjects: Sequence[Subject]) -> tuple[Rounds, ...]:
    """Return the units that stand in more than one round, in the order of the report, each by date.

    Where a round has no date, the assessments stand in the order in which the report was asked for.
    """
    by_unit: dict[str, list[Subject]] = {}
    for subject in subjects:
        by_unit.setdefault(subject.unit.id, []).append(subject)
    return tuple(Rounds(by_round(found)) for found in by_unit.values() if len(found) > 1)


def in_rounds(subjects: Sequence[Subject]) -> bool:
    """Tell whether a unit stands here more than once, so that subjects are assessments, not units."""
    return len({subject.unit.id for subject in subjects}) < len(subjects)


def change(material: Material, rounds: Rounds, node: str | None) -> Change:
    """Return what became of a node."""
    before, after = (_shown(subject, node) for subject in (rounds.before, rounds.after))
    leaves = [leaf.id for leaf in material.framework.leaves_below(node)]
    cards = (rounds.before.scorecard, rounds.after.scorecard)
    relevant = [leaf for leaf in leaves if any(card.node(leaf).status is not Status.NOT_APPLICABLE for card in cards)]
    shared = sum(all(card.node(leaf).score is not None for card in cards) for leaf in relevant)
    parts = contributions(material.column(rounds.after), material.column(rounds.before), at=node)
    known = before is not None and after is not None and parts is not None
    return Change(
        node=node,
        before=before,
        after=after,
        turn=_turn(before, after, material.half_step),
        shared=shared,
        leaves=len(relevant),
        score=sum((item.score for item in parts.items), Fraction(0)) if known and parts else None,
        coverage=sum((item.coverage for item in parts.items), Fraction(0)) if known and parts else None,
    )


def element_changes(material: Material, rounds: Rounds) -> tuple[Change, ...]:
    """Return the elements that are scored in both rounds and differ, the largest change first."""
    found = [change(material, rounds, leaf.id) for leaf in material.framework.leaves]
    moved = [one for one in found if one.turn in (Turn.UP, Turn.DOWN)]
    return tuple(sorted(moved, key=lambda one: -abs(one.points or Fraction(0))))


def only_in(material: Material, one: Subject, other: Subject) -> tuple[str, ...]:
    """Return the elements that are scored in one round and not in the other."""
    return tuple(
        leaf.id
        for leaf in material.framework.leaves
        if one.scorecard.node(leaf.id).score is not None and other.scorecard.node(leaf.id).score is None
    )


def _shown(subject: Subject, node: str | None) -> Fraction | None:
    found = subject.shown(node)
    return None if found is None else found.score


def _turn(before: Fraction | None, after: Fraction | None, half_step: Fraction) -> Turn:
    if before is None or after is None:
        return Turn.UNKNOWN
    points = after - before
    if abs(points) < half_step:
        return Turn.LEVEL
    return Turn.UP if points > 0 else Turn.DOWN
