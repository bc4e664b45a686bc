"""With which capability of the first tier an interview opens, so that none is always asked first. Pure values.

The first dimension of a talk colours the others (halo), and the last one gets tired answers. Over the interviews of an
assessment every dimension opens equally often; the others follow in their order, round to where it began.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def rotated(items: Sequence[T], first: T | None) -> tuple[T, ...]:
    """Return the items in their order from `first` round to the one before it; as they are if it is not among them."""
    if first is None or first not in items:
        return tuple(items)
    start = items.index(first)
    return (*items[start:], *items[:start])


def propose_opening(dimensions: Sequence[str], openings: Iterable[str]) -> str | None:
    """Return which of `dimensions` (those that a role is asked about) is to open the next interview.

    The one that opened least often among `openings`, those of the interviews so far; among equals the first. None where
    there is nothing to rotate.
    """
    if len(dimensions) < 2:
        return None
    often = Counter(openings)
    return min(dimensions, key=lambda dimension: often[dimension])


def propose_openings(asked: Sequence[Sequence[str]], openings: Iterable[str]) -> tuple[str | None, ...]:
    """Return the opening of several interviews to come, each with the dimensions that its role is asked about."""
    so_far = list(openings)
    proposed: list[str | None] = []
    for dimensions in asked:
        opening = propose_opening(dimensions, so_far)
        proposed.append(opening)
        so_far += [opening] if opening else list(dimensions[:1])
    return tuple(proposed)
