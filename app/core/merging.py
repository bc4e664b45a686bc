"""Three texts of one origin put together by lines: what only one side changed is taken, the rest is asked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_LINES = 20_000  # beyond, a text is one piece


class Side(StrEnum):
    """Whose lines a piece has: of the origin (nobody changed it), of one side, the same of both, or asked."""

    BASE = "base"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines (line ends included) of the three texts that belong together."""

    side: Side
    base: str
    mine: str
    theirs: str

    @property
    def text(self) -> str:
        """What stands there where nothing needs to be asked; of a conflict mine."""
        return self.theirs if self.side is Side.THEIRS else self.mine


def merge(base: str, mine: str, theirs: str) -> tuple[Piece, ...]:
    """Return the pieces of two revisions of `base`, in order."""
    texts = [_lines(text) for text in (base, mine, theirs)]
    if any(len(lines) > MOST_LINES for lines in texts):
        return tuple(_piece(base, mine, theirs))
    return tuple(_pieces(*texts))


def merged(pieces: Sequence[Piece], choose: Callable[[int, Piece], str]) -> str:
    """Return the text of pieces; `choose` gives that of a conflict, by its number from 0."""
    conflicts = 0
    parts = []
    for piece in pieces:
        if piece.side is Side.CONFLICT:
            parts.append(choose(conflicts, piece))
            conflicts += 1
        else:
            parts.append(piece.text)
    return "".join(parts)


def _lines(text: str) -> list[str]:
    """Split at line feeds, each kept with its line: a last line without one is another line than with it."""
    lines = [f"{line}\n" for line in text.replace("\r\n", "\n").split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _pieces(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Piece]:
    at = (0, 0, 0)
    end_of_all = (len(base), len(base), len(mine), len(theirs))
    for start, end, of_mine, of_theirs in [*_shared(base, mine, theirs), end_of_all]:
        between = (base[at[0] : start], mine[at[1] : of_mine], theirs[at[2] : of_theirs])
        if any(between):
            yield from _piece(*("".join(lines) for lines in between))
        if start < end:
            same = "".join(base[start:end])
            yield Piece(Side.BASE, same, same, same)
        at = (end, of_mine + end - start, of_theirs + end - start)


def _piece(base: str, mine: str, theirs: str) -> Iterator[Piece]:
    if mine == theirs:
        side = Side.BASE if base == mine else Side.BOTH
    elif mine == base:
        side = Side.THEIRS
    else:
        side = Side.MINE if theirs == base else Side.CONFLICT
    yield Piece(side, base, mine, theirs)


def _shared(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches of the origin that stand in both: start, end, and where they begin in each."""
    one, other = _matches(base, mine), _matches(base, theirs)
    first = second = 0
    while first < len(one) and second < len(other):
        (start_one, mine_at, length_one), (start_other, theirs_at, length_other) = one[first], other[second]
        start, end = max(start_one, start_other), min(start_one + length_one, start_other + length_other)
        if start < end:
            yield start, end, mine_at + start - start_one, theirs_at + start - start_other
        if start_one + length_one < start_other + length_other:
            first += 1
        else:
            second += 1


def _matches(base: list[str], other: list[str]) -> list[tuple[int, int, int]]:
    return [
        (one.a, one.b, one.size) for one in SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    ]
