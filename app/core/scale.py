"""The scale of scores: its ends, its grid, its named levels, and the one place where a score is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from app.core.text import Text


def decimals_of(number: Fraction) -> int:
    """Return how many decimals `number` needs in plain decimal notation (0 for whole numbers, at most 12)."""
    for decimals in range(13):
        if (number * 10**decimals).denominator == 1:
            return decimals
    raise ValueError(f"{number} has no plain decimal form of 12 digits or fewer")


def display(number: Fraction, decimals: int) -> str:
    """Return `number` in plain decimal notation, rounded half up, once, at display.

    Half up as in DIN 1333: a tie goes away from zero, so that a difference and its opposite show the same digits.
    What rounds to zero has no sign.
    """
    whole = (abs(number) * 10**decimals + Fraction(1, 2)).__floor__()
    sign, digits = ("-" if number < 0 < whole else ""), str(whole).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"


@dataclass(frozen=True, slots=True)
class Level:
    """A named point of the scale."""

    value: Fraction
    name: Text
    description: Text | None = None


@dataclass(frozen=True)
class Scale:
    """Scores from `minimum` to `maximum` in whole steps of `step`; `levels` ascend and include both ends."""

    minimum: Fraction
    maximum: Fraction
    step: Fraction
    levels: tuple[Level, ...]

    @cached_property
    def decimals(self) -> int:
        """Decimals of a point of the grid (an element's score)."""
        return max(decimals_of(self.step), decimals_of(self.minimum))

    @cached_property
    def steps(self) -> int:
        """How many steps lead from the minimum to the maximum."""
        return int((self.maximum - self.minimum) / self.step)

    @cached_property
    def grid(self) -> tuple[Fraction, ...]:
        """Every score that an element may have, ascending."""
        return tuple(self.minimum + self.step * n for n in range(self.steps + 1))

    def contains(self, score: Fraction) -> bool:
        """Tell whether `score` lies between the ends."""
        return self.minimum <= score <= self.maximum

    def on_grid(self, score: Fraction) -> bool:
        """Tell whether `score` is a point of the grid."""
        return self.contains(score) and ((score - self.minimum) / self.step).denominator == 1

    def steps_of(self, score: Fraction) -> int:
        """Return how many steps above the minimum `score` stands; ValueError off the grid."""
        if not self.on_grid(score):
            raise ValueError(f"{score} is not on the grid from {self.minimum} to {self.maximum} by {self.step}")
        return int((score - self.minimum) / self.step)

    def score_of(self, steps: int) -> Fraction:
        """Return the score that stands `steps` above the minimum; ValueError outside the scale."""
        if not 0 <= steps <= self.steps:
            raise ValueError(f"{steps} steps is outside 0 to {self.steps}")
        return self.minimum + self.step * steps

    def snap(self, score: Fraction) -> Fraction:
        """Return the point of the grid nearest to `score`, half up, within the ends."""
        steps = ((score - self.minimum) / self.step + Fraction(1, 2)).__floor__()
        return self.score_of(min(max(steps, 0), self.steps))

    def level_at(self, value: Fraction) -> Level | None:
        """Return the named level exactly at `value`, if there is one."""
        return next((level for level in self.levels if level.value == value), None)

    def neighbours(self, score: Fraction) -> tuple[Level, Level]:
        """Return the named levels just at or below, and just at or above `score` (the same one when it is named)."""
        below = max((level for level in self.levels if level.value <= score), key=lambda level: level.value)
        above = min((level for level in self.levels if level.value >= score), key=lambda level: level.value)
        return below, above
