"""How wide a text will be and where it may break; an estimate without font files, good to a few per cent.

Chinese characters are one em wide; Latin letters are counted by class (Noto Sans CJK SC's Latin).
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import east_asian_width

_NARROW = frozenset("iljtfr.,:;'|!()[]/ ")
_WIDE = frozenset("mwMW@%&—…")
_PIECES = re.compile(r"[A-Za-z0-9&'’.+%/-]+|\s+|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：！？）》」』”’…,.;:!?)]}%")
_NOT_LAST = frozenset("（《「『“‘([{")


def _ems(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 1.0
    if character in _NARROW:
        return 0.32
    if character in _WIDE:
        return 0.92
    return 0.66 if character.isupper() else 0.56


@lru_cache(maxsize=4096)
def ems(text: str) -> float:
    """Return the width of a text in ems."""
    return sum(map(_ems, text))


def width(text: str, size: float) -> float:
    """Return the width of a text set in `size`, in the same unit."""
    return ems(text) * size


@lru_cache(maxsize=4096)
def wrap(text: str, limit: float) -> tuple[str, ...]:
    """Break a text into lines of at most `limit` ems: between words, between Chinese characters, never before a stop.

    No line is cut short: a single word wider than the limit stands alone on its line.
    """
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        takes_along = len(line) > 1 and _ems(line[-1]) == 1.0 and line[-1] not in _NOT_FIRST
        if line and ems(line + piece) > limit and (piece not in _NOT_FIRST or takes_along):
            kept = line[-1] if len(line) > 1 and (line[-1] in _NOT_LAST or piece in _NOT_FIRST) else ""
            lines.append(line.removesuffix(kept).rstrip())
            line = kept + piece.lstrip()
        else:
            line += piece
    return (*lines, line.rstrip()) if line.strip() or not lines else tuple(lines)


def balanced(text: str, limit: float) -> tuple[str, ...]:
    """Break a text like `wrap`, but into lines of nearly equal length."""
    lines = wrap(text, limit)
    if len(lines) == 1:
        return lines
    tightest = ems(text) / len(lines)
    while tightest < limit and len(wrap(text, tightest)) > len(lines):
        tightest += 0.5
    return wrap(text, min(tightest, limit))
