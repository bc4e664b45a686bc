"""Items of a list put in, taken out and put in another order; comments above an item go with it.

In block style an item owns its lines: comments directly above its dash, and what is indented deeper below it. Blank
lines and other comments between items are gaps: they stay where they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.content.editing.patches import Patch, column, line_break, line_end, line_start
from app.content.editing.spans import SequenceSpan, Span


class TooEntangled(ValueError):  # noqa: N818 - the contract's name
    """A list that is written so that its items cannot be told apart line by line."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A list taken apart: `items` and the `gaps` between them; together they are the text from `start` to `end`."""

    start: int
    end: int
    items: tuple[str, ...]
    gaps: tuple[str, ...]


def parts(text: str, sequence: SequenceSpan) -> Parts:
    """Take a list apart; raises TooEntangled."""
    return _flow_parts(text, sequence) if sequence.flow else _block_parts(text, sequence)


def put_together(found: Parts, items: Sequence[str], gaps: Sequence[str]) -> Patch:
    """Return the patch that writes a list with other items and gaps."""
    written = [items[0]] if items else []
    for gap, one in zip(gaps, items[1:], strict=True):
        written += (gap, one)
    return Patch(found.start, found.end, "".join(written))


def permuted(text: str, sequence: SequenceSpan, order: Sequence[int]) -> Patch:
    """Return the patch that puts the items of a list in another order."""
    found = parts(text, sequence)
    return put_together(found, [found.items[position] for position in order], found.gaps)


def removed(text: str, sequence: SequenceSpan, position: int) -> Patch:
    """Return the patch that takes one of several items out; comments between items stay."""
    found = parts(text, sequence)
    gaps = list(found.gaps)
    if position == 0:
        near = [gaps.pop(0)]
        rest = gaps
    elif position == len(found.items) - 1:
        near, rest = [gaps.pop()], gaps
    else:
        near = gaps[position - 1 : position + 1]
        kept = near[0] if "#" in near[0] else near[1]
        if all("#" in gap for gap in near):
            kept = near[0] + near[1].lstrip("\r\n")
        rest = [*gaps[: position - 1], kept, *gaps[position + 1 :]]
    items = [*found.items[:position], *found.items[position + 1 :]]
    if len(near) == 1 and "#" in near[0] and not sequence.flow:
        comment = near[0].rstrip("\r\n") if position else near[0].lstrip("\r\n")
        edge = 0 if position == 0 else -1
        items[edge] = comment + items[edge] if position == 0 else items[edge] + comment
    return put_together(found, items, rest)


def inserted(text: str, sequence: SequenceSpan, position: int, written: str) -> Patch:
    """Return the patch that puts an item, written as `parts` gives items, before the one at `position`."""
    found = parts(text, sequence)
    if not found.items:
        return Patch(sequence.start + 1, sequence.end - 1, written)
    usual = _usual_gap(text, sequence, found)
    items = [*found.items[:position], written, *found.items[position:]]
    gaps = [*found.gaps[: max(position - 1, 0)], usual, *found.gaps[max(position - 1, 0) :]]
    return put_together(found, items, gaps)


def rearranged(text: str, sequence: SequenceSpan, wanted: Sequence[int | str]) -> Patch:
    """Return the patch after which a list has these items: positions of those that it has, or new ones as written."""
    found = parts(text, sequence)
    if not found.items:
        return Patch(found.start, found.end, ", ".join(str(one) for one in wanted))
    usual = _usual_gap(text, sequence, found)
    items = [found.items[one] if isinstance(one, int) else one for one in wanted]
    gaps = [
        found.gaps[one] if isinstance(one, int) and isinstance(after, int) and after == one + 1 else usual
        for one, after in pairwise(wanted)
    ]
    return put_together(found, items, gaps)


def shifted(lines: str, by: int) -> str:
    """Return the text of an item indented by `by` characters more, or less."""
    return "\n".join(_shifted(line, by) for line in lines.split("\n"))


def _shifted(line: str, by: int) -> str:
    if not line.strip("\r"):
        return line
    if by >= 0:
        return " " * by + line
    margin = len(line) - len(line.lstrip(" "))
    return line[min(-by, margin) :]


def _usual_gap(text: str, sequence: SequenceSpan, found: Parts) -> str:
    bare = [gap for gap in found.gaps if "#" not in gap]
    if bare:
        return Counter(bare).most_common(1)[0][0]
    return ", " if sequence.flow else line_break(text)


def _flow_parts(text: str, sequence: SequenceSpan) -> Parts:
    if not sequence.items:
        return Parts(sequence.start + 1, sequence.end - 1, (), ())
    items = tuple(text[one.start : one.end] for one in sequence.items)
    gaps = tuple(text[before.end : after.start] for before, after in pairwise(sequence.items))
    return Parts(sequence.items[0].start, sequence.items[-1].end, items, gaps)


def _block_parts(text: str, sequence: SequenceSpan) -> Parts:
    indent = column(text, sequence.start)
    if text[line_start(text, sequence.start) : sequence.start].strip():
        raise TooEntangled("the list begins in the middle of a line")
    dashes = [sequence.start]
    for before, after in pairwise(sequence.items):
        dashes.append(_dash(text, before, after, indent))
    starts = [line_start(text, dashes[0])]
    starts[0] = _head(text, 0, starts[0], indent, first=True)
    ends = []
    for position, one in enumerate(sequence.items):
        following = line_start(text, dashes[position + 1]) if position + 1 < len(dashes) else len(text)
        ends.append(_tail(text, _content_end(text, one, dashes[position]), following, indent))
        if position + 1 < len(dashes):
            starts.append(_head(text, ends[-1], following, indent, first=False))
    items = tuple(text[start:end] for start, end in zip(starts, ends, strict=True))
    gaps = tuple(text[end:start] for end, start in zip(ends, starts[1:], strict=False))
    return Parts(starts[0], ends[-1], items, gaps)


def _dash(text: str, before: Span, after: Span, indent: int) -> int:
    """Return where the dash of the item `after` stands."""
    at = line_start(text, after.start)
    floor = line_start(text, before.end)
    while at > floor or at == floor:
        if text[at : at + indent].strip(" ") == "" and text[at + indent : at + indent + 1] == "-":
            return at + indent
        if at == 0:
            break
        at = line_start(text, at - 1)
    raise TooEntangled("the dash of an item was not found")


def _content_end(text: str, one: Span, dash: int) -> int:
    return line_end(text, max(one.end, dash + 1))


def _lines_between(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return the lines that begin from `start` up to `end`: start, end and text, without line breaks."""
    lines = []
    at = start
    while at < end:
        stop = line_end(text, at)
        lines.append((at, stop, text[at:stop]))
        at = stop + (2 if text[stop : stop + 2] == "\r\n" else 1)
    return lines


def _tail(text: str, content_end: int, following: int, indent: int) -> int:
    """Return where an item ends that has comments below it, indented deeper than its dash."""
    end = content_end
    after = content_end + (2 if text[content_end : content_end + 2] == "\r\n" else 1)
    for _, stop, line in _lines_between(text, after, following):
        bare = line.lstrip(" ")
        if bare.startswith("#") and len(line) - len(bare) > indent:
            end = stop
        elif bare:
            break
    return end


def _head(text: str, floor: int, dash_line: int, indent: int, *, first: bool) -> int:
    """Return where an item begins that has comments directly above its dash, at the dash's column.

    Comments that open the file are the file's.
    """
    start = dash_line
    while start > floor:
        above = line_start(text, start - 1)
        line = text[above : start - 1].rstrip("\r")
        if above < floor or not line.startswith(" " * indent + "#"):
            break
        start = above
    return dash_line if first and start == 0 else start
