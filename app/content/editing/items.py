"""Items of a list as text that can be carried to another list: re-indented, rewritten, or changed on the way."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.content.editing.mappings import Changes, plain, set_values
from app.content.editing.patches import column, line_break, patched
from app.content.editing.sequences import parts, shifted
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan, Span, read_spans
from app.content.editing.writing import flow, item


def data_of(span: Span) -> object:
    """Return what a stretch of text says, without its form."""
    if isinstance(span, ScalarSpan):
        return "" if span.value is None else span.value
    if isinstance(span, SequenceSpan):
        return [data_of(one) for one in span.items]
    return {_key(pair.key): data_of(pair.value) for pair in span.pairs}


def _key(key: ScalarSpan) -> object:
    return key.value if isinstance(key.value, Fraction) else key.text


def written_item(text: str, target: SequenceSpan, value: Mapping[str, object]) -> str:
    """Return new values as an item of a list, in the list's own style."""
    if target.flow:
        return flow(plain(value))
    margin = " " * column(text, target.start)
    return line_break(text).join(margin + line for line in item(plain(value)))


def carried_item(source: str, family: SequenceSpan, position: int, text: str, target: SequenceSpan) -> str:
    """Return an item of one list as an item of another one, in the same file or another."""
    written = parts(source, family).items[position]
    if target.flow and not family.flow:
        return flow(data_of(family.items[position]))
    if target.flow:
        return written
    brk = line_break(text)
    if family.flow:
        return " " * column(text, target.start) + "- " + written
    moved = shifted(written, column(text, target.start) - column(source, family.start))
    return moved.replace("\r\n", "\n").replace("\n", brk)


def changed_item(
    text: str, family: SequenceSpan, position: int, changes: Changes, order: tuple[str, ...], *, comments: bool = True
) -> str:
    """Return an item of a list with other values, as an item of the same list; its comments may be left out."""
    written = parts(text, family).items[position]
    if family.flow:
        mapping = read_spans("item", written)
        assert isinstance(mapping, MappingSpan)
        return patched(written, set_values(written, mapping, changes, order))
    indent = column(text, family.start)
    alone = shifted(written, -indent)
    if not comments:
        alone = alone[_first_dash(alone) :]
    sequence = read_spans("item", alone)
    assert isinstance(sequence, SequenceSpan)
    mapping = sequence.items[0]
    assert isinstance(mapping, MappingSpan)
    return shifted(patched(alone, set_values(alone, mapping, changes, order)), indent)


def _first_dash(text: str) -> int:
    """Return where the line of the dash begins; the lines above it are comments."""
    at = 0
    while text[at : at + 1] == "#":
        at = text.index("\n", at) + 1
    return at
