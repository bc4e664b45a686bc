"""From known figures to those above them: one rollup for assessments and carriers. Knows no state and no status.

The rules stand in `docs/scoring.md`. Everything is exact; only the geometric mean goes through logarithms, and its
result is kept to twelve decimals so that what is equal on paper stays equal here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.framework import Capability, Framework, Method

Bounds = tuple[Fraction, Fraction]
Averages = Callable[[Sequence[Fraction], Sequence[Fraction]], Fraction]

_GEOMETRIC_GRID = 10**12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of one capability.

    `score` is None where nothing that counts is scored; `coverage` (0 to 1) and `bounds` are None where nothing is
    applicable. `leaves` are the applicable elements that count for it, `scored` those of them with a score.
    """

    score: Fraction | None
    coverage: Fraction | None
    bounds: Bounds | None
    leaves: int
    scored: int


NOT_APPLICABLE = Outcome(None, None, None, 0, 0)


def settled(figure: Fraction, *, bounds: Bounds | None = None, leaves: int = 1) -> Outcome:
    """Return the outcome of a capability whose figure is known and stands for `leaves` elements."""
    return Outcome(figure, Fraction(1), bounds or (figure, figure), leaves, leaves)


def unsettled(framework: Framework) -> Outcome:
    """Return the outcome of an applicable element without a score: anything on the scale is still possible."""
    return Outcome(None, Fraction(0), (framework.scale.minimum, framework.scale.maximum), 1, 0)


def roll_up(
    framework: Framework, known: Mapping[str, Outcome], *, weights: Mapping[str, Fraction], method: Method
) -> dict[str | None, Outcome]:
    """Return the outcome of every capability, and of the whole under None.

    A capability in `known`, of any tier, is taken as it is; every other element is applicable and without a score;
    everything else is rolled up from its children of weight > 0.
    """
    average = _averages(method, framework.scale.minimum)
    unknown = unsettled(framework)
    outcomes: dict[str | None, Outcome] = {}

    def above(children: Sequence[Capability]) -> Outcome:
        counting = [(weights[child.id], outcomes[child.id]) for child in children if weights[child.id] > 0]
        return _combined([(weight, part) for weight, part in counting if part.coverage is not None], method, average)

    for node in reversed(framework.nodes):
        outcomes[node.id] = known.get(node.id) or (unknown if node.is_leaf else above(node.children))
    outcomes[None] = above(framework.capabilities)
    return outcomes


def _combined(parts: Sequence[tuple[Fraction, Outcome]], method: Method, average: Averages) -> Outcome:
    """Combine applicable children of weight > 0.

    The flat mean is the mean of its children weighted by how many elements each of them stands for.
    """
    if not parts:
        return NOT_APPLICABLE
    flat = method is Method.FLAT_MEAN
    shares = [Fraction(part.leaves) if flat else weight for weight, part in parts]
    scores = [
        (part.score, Fraction(part.scored) if flat else weight) for weight, part in parts if part.score is not None
    ]
    score = average(*zip(*scores, strict=True)) if scores else None
    ends = [part.bounds for _, part in parts if part.bounds is not None]
    if score is not None and all(low == high for low, high in ends):
        bounds = (score, score)
    else:
        bounds = (average([low for low, _ in ends], shares), average([high for _, high in ends], shares))
    return Outcome(
        score=score,
        coverage=weighted_mean([part.coverage for _, part in parts if part.coverage is not None], shares),
        bounds=bounds,
        leaves=sum(part.leaves for _, part in parts),
        scored=sum(part.scored for _, part in parts),
    )


def weighted_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """Return Σ w·v / Σ w exactly. Weights are > 0, values at least one."""
    value_unit, values_whole = in_whole_units(values)
    _, weights_whole = in_whole_units(weights)
    total = sum(weight * value for weight, value in zip(weights_whole, values_whole, strict=True))
    return Fraction(total, sum(weights_whole) * value_unit)


def in_whole_units(numbers: Sequence[Fraction]) -> tuple[int, list[int]]:
    """Return the smallest common denominator and the numbers as multiples of its reciprocal.

    Sums of whole numbers are several times quicker than sums of fractions, and as exact.
    """
    ratios = [number.as_integer_ratio() for number in numbers]
    unit = math.lcm(*[denominator for _, denominator in ratios])
    return unit, [numerator * (unit // denominator) for numerator, denominator in ratios]


def _averages(method: Method, minimum: Fraction) -> Averages:
    if method is not Method.WEIGHTED_GEOMETRIC:
        return weighted_mean
    lift = 1 - minimum

    def geometric_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
        """Return exp(Σ w·ln(v + 1 - min) / Σ w) - 1 + min, within the ends of the values."""
        _, whole = in_whole_units(weights)
        shares = [share // math.gcd(*whole) for share in whole]  # so that scaling all weights changes no digit
        exponent = math.fsum(share * math.log(value + lift) for value, share in zip(values, shares, strict=True))
        mean = math.exp(exponent / sum(shares))
        return min(max(Fraction(round(mean * _GEOMETRIC_GRID), _GEOMETRIC_GRID) - lift, min(values)), max(values))

    return geometric_mean
