"""What single cells of a framework's workbook say, or why they cannot be taken."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from app.content.editing.refusals import EditRefused
from app.core.errors import Fault
from app.exports.raw_cells import RawCell, RawKind
from app.exports.unpacking import fault

_YES = frozenset({"是", "yes", "y", "true", "x", "1", "✓", "√"})
_NO = frozenset({"", "否", "no", "n", "false", "0"})
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?")
_UNREAD = {RawKind.FORMULA: "S206", RawKind.DATE: "S207", RawKind.ERROR: "S213"}


@dataclass(frozen=True, slots=True)
class Located:
    """Why a cell cannot be taken; `place` is sheet and cell."""

    place: str
    error: Fault | EditRefused


class Unfit(Exception):  # noqa: N818 - a fault on its way to the list
    """A cell that cannot be taken."""

    def __init__(self, cell: RawCell, error: Fault | EditRefused) -> None:
        self.located = Located(cell.place, error)


def folded(word: str) -> str:
    """Return a word as words are compared: wide forms narrow, no case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def text_in(cell: RawCell) -> str:
    """Return the text of a cell; Unfit for formulas, dates and errors."""
    if cell.kind in _UNREAD:
        raise Unfit(cell, fault(_UNREAD[cell.kind], "this cell cannot be read", cell.place, found=cell.text[:80]))
    return cell.text.strip()


def number_in(cell: RawCell) -> Fraction | None:
    """Return the number in a cell, also one that was stored as text; Unfit for anything else."""
    if cell.kind is RawKind.NUMBER:
        return cell.number
    written = unicodedata.normalize("NFKC", text_in(cell)).replace("−", "-")
    if not written:
        return None
    if not _NUMBER.fullmatch(written):
        raise Unfit(cell, fault("S211", "a number must stand here", cell.place, found=cell.text[:80]))
    return Fraction(written)


def weight_in(cell: RawCell) -> Fraction | None:
    """Return a weight; Unfit below 0."""
    weight = number_in(cell)
    if weight is not None and weight < 0:
        raise Unfit(cell, EditRefused("weight-negative"))
    return weight


def truth_in(cell: RawCell) -> bool:
    """Tell whether a cell says yes; Unfit for what is neither yes nor nothing."""
    word = folded(text_in(cell))
    if word in _YES or word in _NO:
        return word in _YES
    raise Unfit(cell, EditRefused("yes-or-nothing", found=cell.text[:40]))
