"""Printed numbers in a column: how many decimals each has, so that their points can stand below each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.document.values import TableRow

_NUMBER = re.compile(r"[+\N{MINUS SIGN}]?\d+(?:\.(\d+))?")


def decimals(text: str) -> int | None:
    """Return how many decimals a printed number has; None for anything else."""
    found = _NUMBER.fullmatch(text)
    return len(found[1] or "") if found else None


def deepest(rows: Sequence[TableRow]) -> list[int]:
    """Return, column by column, the most decimals that a number has."""
    return [
        max(decimals(text) or 0 for text in column)
        for column in zip(*([c.text for c in row.cells] for row in rows), strict=True)
    ]
