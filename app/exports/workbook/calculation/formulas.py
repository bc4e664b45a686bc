"""The rules of scoring as spreadsheet formulas (docs/scoring.md). Knows cells by their letters, no file format.

What has no score holds an empty text, so that no rule ever takes it for 0; a weight of 0 counts nowhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.core.framework import Method
from app.core.scale import Scale, decimals_of, display
from app.core.scoring import Status
from app.exports.workbook.calculation.layout import ENTERED, STATE, WEIGHT, Block, Key, Row, letter

SCALE_MIN, SCALE_MAX, PUBLISH_FROM, PROVISIONAL_FROM = "scale_min", "scale_max", "publish_from", "provisional_from"
_LARGELY, _FULLY = "0.5", "0.85"  # ISO/IEC 33020
_AFTER_LOGARITHMS = "00000001"  # the tolerance of scores that went through logarithms
_PLACES = 12  # to which a share is rounded before it is held against a threshold


def in_formula(text: str) -> str:
    """Return a text as a formula quotes it."""
    return '"' + text.replace('"', '""') + '"'


@dataclass(frozen=True)
class Formulas:
    """The formulas of one method's columns. `words` are the statuses as the report words them."""

    block: Block
    scale: Scale
    words: dict[Status, str]

    def of(self, row: Row) -> dict[int, str]:
        """Return the formulas of a row by column."""
        found = self._leaf(row) if row.is_leaf else self._parent(row)
        found[Key.FILLED] = f"=N({self._at(Key.SCORE, row)})"
        if self.block.checked:
            found[Key.DIFFERENCE] = self._difference(row)
        by_column = {self.block.column(key): formula for key, formula in found.items()}
        if not row.is_leaf:
            by_column |= {self.block.level(level): self._level(row, level) for level in self.block.levels}
        return by_column

    # cells and ranges

    def _at(self, key: Key, row: Row) -> str:
        return f"{letter(self.block.column(key))}{row.number + 1}"

    def _below(self, key: Key, row: Row) -> str:
        return self._range(self.block.column(key), row)

    def _weights(self, row: Row) -> str:
        return self._range(WEIGHT, row)

    @staticmethod
    def _range(column: int, row: Row) -> str:
        name = letter(column)
        return f"${name}{row.first + 1}:${name}{row.last + 1}"

    def _word(self, status: Status) -> str:
        return in_formula(self.words[status])

    # elements

    def _leaf(self, row: Row) -> dict[Key, str]:
        line = row.number + 1
        apart = f"${letter(STATE)}{line}={self._word(Status.NOT_APPLICABLE)}"
        entered, score = f"${letter(ENTERED)}{line}", self._at(Key.SCORE, row)
        found = {
            Key.SCORE: f'=IF({apart},"",IF(ISNUMBER({entered}),{entered},""))',
            Key.COVERAGE: f'=IF({apart},"",IF(ISNUMBER({score}),1,0))',
            Key.LOW: f'=IF({apart},"",IF(ISNUMBER({score}),{score},{SCALE_MIN}))',
            Key.HIGH: f'=IF({apart},"",IF(ISNUMBER({score}),{score},{SCALE_MAX}))',
            Key.STATUS: f"=IF({apart},{self._word(Status.NOT_APPLICABLE)},"
            f"IF(ISNUMBER({score}),{self._word(Status.PUBLISHED)},{self._word(Status.OPEN)}))",
        }
        if self.block.method is Method.FLAT_MEAN:
            found[Key.APPLICABLE] = f"=IF({apart},0,1)"
            found[Key.SCORED] = f"=IF(ISNUMBER({score}),1,0)"
        return found | self._logarithms(row)

    def _logarithms(self, row: Row) -> dict[Key, str]:
        if self.block.method is not Method.WEIGHTED_GEOMETRIC:
            return {}
        pairs = ((Key.LN_SCORE, Key.SCORE), (Key.LN_LOW, Key.LOW), (Key.LN_HIGH, Key.HIGH))
        return {
            key: f'=IF(ISNUMBER({self._at(of, row)}),LN({self._at(of, row)}+1-{SCALE_MIN}),"")' for key, of in pairs
        }

    # what stands above them

    def _parent(self, row: Row) -> dict[Key, str]:
        flat = self.block.method is Method.FLAT_MEAN
        found = self._flat(row) if flat else self._weighted(row)
        coverage, score = self._at(Key.COVERAGE, row), self._at(Key.SCORE, row)
        reached = f"ROUND({coverage},{_PLACES})"
        found[Key.STATUS] = (
            f'=IF({coverage}="",{self._word(Status.NOT_APPLICABLE)},IF({score}="",{self._word(Status.OPEN)},'
            f"IF({reached}>={PUBLISH_FROM},{self._word(Status.PUBLISHED)},"
            f"IF({reached}>={PROVISIONAL_FROM},{self._word(Status.PROVISIONAL)},{self._word(Status.INSUFFICIENT)}))))"
        )
        if self.block.levels:
            found[Key.ATTAINED] = self._attained(row)
        return found | self._logarithms(row)

    def _weighted(self, row: Row) -> dict[Key, str]:
        return {
            Key.SCORE: self._mean(row, Key.SCORE, Key.LN_SCORE),
            Key.COVERAGE: self._share(row, Key.COVERAGE, Key.COVERAGE),
            Key.LOW: self._mean(row, Key.LOW, Key.LN_LOW),
            Key.HIGH: self._mean(row, Key.HIGH, Key.LN_HIGH),
        }

    def _mean(self, row: Row, key: Key, logarithm: Key) -> str:
        if self.block.method is Method.WEIGHTED_GEOMETRIC:
            return self._share(row, key, logarithm, before="EXP(", after=f")-1+{SCALE_MIN}")
        return self._share(row, key, key)

    def _share(self, row: Row, key: Key, averaged: Key, *, before: str = "", after: str = "") -> str:
        """Return the weighted mean of what the children with a number in `key` have in `averaged`."""
        weights, known = self._weights(row), f"--ISNUMBER({self._below(key, row)})"
        whole = f"SUMPRODUCT({weights},{known})"
        mean = f"SUMPRODUCT({weights},{self._below(averaged, row)})/{whole}"
        return f'=IF({whole}>0,{before}{mean}{after},"")'

    def _flat(self, row: Row) -> dict[Key, str]:
        counting = f"--({self._weights(row)}>0)"
        applicable, scored = self._below(Key.APPLICABLE, row), self._below(Key.SCORED, row)
        every, some = self._at(Key.APPLICABLE, row), self._at(Key.SCORED, row)

        def mean(key: Key, shares: str, whole: str) -> str:
            return f'=IF({whole}>0,SUMPRODUCT({counting},{shares},{self._below(key, row)})/{whole},"")'

        return {
            Key.APPLICABLE: f"=SUMPRODUCT({counting},{applicable})",
            Key.SCORED: f"=SUMPRODUCT({counting},{scored})",
            Key.SCORE: mean(Key.SCORE, scored, some),
            Key.COVERAGE: f'=IF({every}>0,{some}/{every},"")',
            Key.LOW: mean(Key.LOW, applicable, every),
            Key.HIGH: mean(Key.HIGH, applicable, every),
        }

    # levels

    def _level(self, row: Row, level: int) -> str:
        """Return how far a level is reached: the weighted share of the children's scores that lies within it."""
        weights, filled = self._weights(row), self._below(Key.FILLED, row)
        counting = f"{weights}*ISNUMBER({self._below(Key.SCORE, row)})"
        foot = level - 1
        within = f"(({filled}>{foot})*({filled}<{level})*({filled}-{foot})+({filled}>={level}))"
        part = f"SUMPRODUCT({counting}*{within})/SUMPRODUCT({counting})"
        return f'=IF({self._at(Key.SCORE, row)}="","",ROUND({part},{_PLACES}))'

    def _attained(self, row: Row) -> str:
        """Return the highest level that is largely reached, every one below it fully: both only fall as levels rise."""
        levels = self.block.levels
        line = row.number + 1
        shares = f"{letter(self.block.level(levels[0]))}{line}:{letter(self.block.level(levels[-1]))}{line}"
        more = _AFTER_LOGARITHMS if self.block.method is Method.WEIGHTED_GEOMETRIC else ""
        largely, fully = (f'COUNTIF({shares},">"&{limit}{more})' for limit in (_LARGELY, _FULLY))
        reached = f"MIN({largely},1+{fully})"
        foot = math.floor(self.scale.minimum)
        whole = f"{foot}+{reached}" if foot else reached
        minimum = display(self.scale.minimum, decimals_of(self.scale.minimum))
        return f'=IF({self._at(Key.SCORE, row)}="","",IF({reached}=0,{minimum},{whole}))'

    def _difference(self, row: Row) -> str:
        score, report = self._at(Key.SCORE, row), self._at(Key.REPORT, row)
        return (
            f"=IF(AND(ISNUMBER({score}),ISNUMBER({report})),ROUND({score}-{report},9),"
            f'IF(OR(ISNUMBER({score}),ISNUMBER({report})),"≠",""))'
        )
