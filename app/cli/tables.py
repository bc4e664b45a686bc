"""Aligned tables for a terminal. Knows that a Chinese character is two cells wide; knows no figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from unicodedata import combining, east_asian_width

Align = Literal["left", "right"]

_GAP = "  "


def width(text: str) -> int:
    """Return how many cells of a terminal `text` takes: two for wide and full-width characters, none for marks."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, cells: int, align: Align = "left") -> str:
    """Return `text` filled with blanks to `cells`."""
    blanks = " " * (cells - width(text))
    return blanks + text if align == "right" else text + blanks


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, aligns: Sequence[Align]) -> str:
    """Return lines with a head, a rule and rows, every column as wide as its widest cell."""
    widths = [max(width(cell) for cell in column) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        filled = (padded(cell, wide, align) for cell, wide, align in zip(cells, widths, aligns, strict=True))
        return _GAP.join(filled).rstrip()

    rule = _GAP.join("─" * wide for wide in widths)
    return "\n".join([line(head), rule, *map(line, rows)])
