"""Texts as sheets may hold them: no control characters, not too long, and never read as a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.document.values import Cell

LONGEST = 32_767  # characters that a cell of a workbook holds
_FORMULA_STARTS = frozenset("=+-@\t\r\n|＝＋－＠")  # wide forms too: some programs read them as the narrow ones
_KEPT = frozenset("\t\n")


def plain(text: str, longest: int = LONGEST) -> str:
    """Return a text without control characters and broken halves of characters, cut at `longest` with an ellipsis."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if (c >= " " and c != "\x7f") or c in _KEPT)
    kept = kept.encode("utf-8", "ignore").decode("utf-8")
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def reads_as_formula(text: str) -> bool:
    """Tell whether a spreadsheet might take a text for a formula when it is opened, edited or pasted."""
    return bool(text) and (text[0] in _FORMULA_STARTS or text.lstrip(" \u00a0\u3000\ufeff")[:1] in _FORMULA_STARTS)


def words_of(cell: Cell) -> str:
    """Return everything that a cell of the document prints: its text and sign, the paragraphs below them."""
    printed = cell.text + cell.sign
    return "\n".join((*((printed,) if printed else ()), *(line.text for line in cell.lines)))
