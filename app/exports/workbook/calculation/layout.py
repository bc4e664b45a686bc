"""Where each capability stands on a calculation sheet, and in which column each of its figures. Knows no file format.

The rows run from the bottom of the tree to its top: first the elements, then each tier above them, last the overall.
So the children of a capability always stand in consecutive rows, and every formula reads one range.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from app.core.framework import Method

if TYPE_CHECKING:
    from app.core.framework import Capability, Framework
    from app.core.scale import Scale

HEAD = 4  # row of the column heads, counted from 0
MOST_LEVELS = 12  # of a scale whose attained level is shown by formulas
ABOVE, NAME, WEIGHT, STATE, ENTERED = range(5)  # columns that every method shares
FIRST_BLOCK = 5


class Key(StrEnum):
    """A column of figures under one method."""

    SCORE = "score"
    COVERAGE = "coverage"
    LOW = "low"
    HIGH = "high"
    STATUS = "status"
    ATTAINED = "attained"
    REPORT = "report"  # the figure that the report was made from
    DIFFERENCE = "difference"
    FILLED = "filled"  # the score, 0 where there is none: a number in every row
    LN_SCORE = "ln-score"
    LN_LOW = "ln-low"
    LN_HIGH = "ln-high"
    APPLICABLE = "applicable"  # elements that apply and count
    SCORED = "scored"  # those of them with a score


MAIN = (Key.SCORE, Key.COVERAGE, Key.LOW, Key.HIGH, Key.STATUS, Key.ATTAINED)
CHECK = (Key.REPORT, Key.DIFFERENCE)
_BEHIND = {
    Method.WEIGHTED_MEAN: (Key.FILLED,),
    Method.WEIGHTED_GEOMETRIC: (Key.FILLED, Key.LN_SCORE, Key.LN_LOW, Key.LN_HIGH),
    Method.FLAT_MEAN: (Key.FILLED, Key.APPLICABLE, Key.SCORED),
}


def levels_of(scale: Scale) -> tuple[int, ...]:
    """Return the whole levels above the minimum that may be attained; none where there are too many to show."""
    found = tuple(range(math.floor(scale.minimum) + 1, math.floor(scale.maximum) + 1))
    return found if len(found) <= MOST_LEVELS else ()


@dataclass(frozen=True, slots=True)
class Row:
    """A capability (None: the overall) in its row, counted from 0; `first` and `last` are the rows of its children."""

    node: Capability | None
    number: int
    first: int = -1
    last: int = -1

    @property
    def is_leaf(self) -> bool:
        """Tell whether this is an element."""
        return self.first < 0

    @property
    def id(self) -> str | None:
        """The capability's id, None for the overall."""
        return self.node.id if self.node else None


@dataclass(frozen=True, slots=True)
class TierRows:
    """The rows of one tier, below a row with its heading; `tier` is its place from the top, None for the overall."""

    tier: int | None
    heading: int
    rows: tuple[Row, ...]


def rows_of(framework: Framework) -> tuple[TierRows, ...]:
    """Return the tiers from the lowest to the overall."""
    found: list[TierRows] = []
    places: dict[str, int] = {}
    number = HEAD + 1
    for tier in reversed(range(len(framework.tiers))):
        nodes = framework.on_tier(framework.tiers[tier].id)
        if not nodes:
            continue
        rows = []
        for offset, node in enumerate(nodes, start=number + 1):
            places[node.id] = offset
            rows.append(_row(node, offset, node.children, places))
        found.append(TierRows(tier, number, tuple(rows)))
        number += len(nodes) + 1
    overall = _row(None, number + 1, framework.capabilities, places)
    return (*found, TierRows(None, number, (overall,)))


def _row(node: Capability | None, number: int, children: Sequence[Capability], places: dict[str, int]) -> Row:
    below = [places[child.id] for child in children]
    return Row(node, number, min(below), max(below)) if below else Row(node, number)


@dataclass(frozen=True)
class Block:
    """The columns of one method. `checked`: the report was made with it, so its figures stand beside the report's."""

    method: Method
    start: int
    levels: tuple[int, ...]
    checked: bool = False

    @cached_property
    def columns(self) -> tuple[Key, ...]:
        """The columns with a key, in order; those of the levels follow."""
        return (*MAIN, *(CHECK if self.checked else ()), *_BEHIND[self.method])

    def column(self, key: Key) -> int:
        """Return the number of a column."""
        return self.start + self.columns.index(key)

    def level(self, level: int) -> int:
        """Return the number of the column that says how far a level is reached."""
        return self.start + len(self.columns) + self.levels.index(level)

    @property
    def end(self) -> int:
        """The number of the column after the last."""
        return self.start + len(self.columns) + len(self.levels)

    @property
    def shown(self) -> int:
        """How many columns stand open; the others are folded away."""
        return len(MAIN) + len(CHECK) if self.checked else 1


def blocks_of(used: Method, scale: Scale) -> tuple[Block, ...]:
    """Return the columns of every method, the one that the report uses first."""
    blocks: list[Block] = []
    start = FIRST_BLOCK
    for method in (used, *(method for method in Method if method is not used)):
        blocks.append(Block(method, start, levels_of(scale), checked=method is used))
        start = blocks[-1].end
    return tuple(blocks)


def letter(column: int) -> str:
    """Return the letters of a column (0: A)."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(ord("A") + rest) + letters
        column -= 1
    return letters
