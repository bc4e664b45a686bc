"""A mapping made to say something else by the least change of its text, in block and in flow style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.content.editing.patches import Patch, column, line_break, line_end, line_start
from app.content.editing.sequences import rearranged
from app.content.editing.spans import MappingSpan, PairSpan, ScalarSpan, SequenceSpan
from app.content.editing.writing import Inline, as_before, entry, flow, scalar
from app.core.text import Text

Changes = Mapping[Any, object]  # keys of one file are texts, of level texts numbers


def set_values(text: str, mapping: MappingSpan, changes: Changes, order: Sequence[object] = ()) -> Iterator[Patch]:
    """Yield the patches after which keys have these values; None takes a key away, others stay as they are.

    `order` tells where a new key goes. Values are single ones, `Text`, lists and mappings of them; of a mapping that
    is there already only what differs is touched, and keys that the new one lacks go. One key must be left over.
    """
    known = {_name(pair.key, changes): pair for pair in reversed(mapping.pairs)}
    gone = {known[key].key.start for key, value in changes.items() if value is None and key in known}
    new = [key for key, value in changes.items() if value is not None and key not in known]
    if len(gone) == len(mapping.pairs) and mapping.pairs:
        if not new:
            raise ValueError("a mapping cannot lose its last key")
        yield _rewritten(text, mapping, {key: changes[key] for key in new})
        return
    for key, value in changes.items():
        if value is not None and key in known:
            yield from _conformed(text, mapping, known[key], value)
    kept = [pair for pair in mapping.pairs if pair.key.start not in gone]
    for key in _in_order(new, order):
        before = _preceding(kept, key, order)
        yield _inserted(text, mapping, kept[0] if kept else None, before, (key, changes[key]))
    for position, pair in enumerate(mapping.pairs):
        if pair.key.start in gone:
            yield _removed(text, mapping, position, gone)


def _name(key: ScalarSpan, changes: Changes) -> object:
    """Return a key as the changes name it: a number among numbers, else its text."""
    numbers = any(isinstance(one, Fraction) for one in changes)
    return key.value if numbers and isinstance(key.value, Fraction) else key.text


def _in_order(keys: Sequence[object], order: Sequence[object]) -> list[object]:
    rank = {key: place for place, key in enumerate(order)}
    return sorted(keys, key=lambda key: rank.get(key, len(rank)))


# --- a value that is there -------------------------------------------------------------------------------------------


def _conformed(text: str, mapping: MappingSpan, pair: PairSpan, value: object) -> Iterator[Patch]:
    """Yield the patches after which a key that is there has another value."""
    old = pair.value
    if isinstance(value, Text):
        value = value.zh if value.en is None and isinstance(old, ScalarSpan) else plain(value)
    if isinstance(value, Mapping):
        if isinstance(old, MappingSpan) and old.pairs:
            yield from set_values(text, old, _with_absent(old, value), list(value))
            return
    elif isinstance(value, list | tuple):
        if isinstance(old, SequenceSpan) and all(isinstance(one, ScalarSpan) for one in old.items) and value:
            yield from _relisted(text, old, value)
            return
    elif isinstance(old, ScalarSpan):
        if old.value != value or type(old.value) is not type(value):
            yield _rescalared(text, pair, old, value)
        return
    yield _replaced(text, mapping, pair, value)


def _with_absent(old: MappingSpan, value: Changes) -> Changes:
    changes = dict(value)
    names = [_name(pair.key, value) for pair in old.pairs]
    return {**changes, **{name: None for name in names if name not in changes}}


def _relisted(text: str, old: SequenceSpan, value: Sequence[object]) -> Iterator[Patch]:
    said: list[object] = [one.value if isinstance(one, ScalarSpan) else None for one in old.items]
    if said == list(value):
        return
    margin = "" if old.flow else " " * column(text, old.start) + "- "
    yield rearranged(text, old, [said.index(one) if one in said else margin + scalar(one) for one in value])


def _rescalared(text: str, pair: PairSpan, old: ScalarSpan, value: object) -> Patch:
    if old.style in ("|", ">") and isinstance(value, str):
        written = _block_scalar(text, old, value, column(text, pair.key.start))
    else:
        written = as_before(value, old)
    glued = old.start == old.end and text[old.start - 1 : old.start] == ":"
    return Patch(old.start, old.end, (" " if glued else "") + written)


def _block_scalar(text: str, old: ScalarSpan, value: str, indent: int) -> str:
    """Return a text in the block style that stood there, in quotes where block style cannot hold it."""
    lines = value.split("\n")
    odd = any(not c.isprintable() for c in value.replace("\n", "")) or value != value.strip()
    if odd or any(line != line.strip() for line in lines) or (old.style == ">" and "\n" in value):
        return as_before(value, ScalarSpan(0, 0, "", '"'))
    brk = line_break(text)
    return f"{old.style}-" + "".join(brk + (" " * (indent + 2) + line if line else "") for line in lines)


def _replaced(text: str, mapping: MappingSpan, pair: PairSpan, value: object) -> Patch:
    """Write a value in the place of one that has another form."""
    start = text.index(":", pair.key.end) + 1
    if mapping.flow:
        return Patch(start, pair.value.end, f" {flow(plain(value))}")
    margin = line_break(text) + " " * column(text, pair.key.start)
    lines = entry("k", plain(value))
    return Patch(start, max(pair.value.end, start), margin.join([lines[0][2:], *lines[1:]]))


def _rewritten(text: str, mapping: MappingSpan, values: Mapping[object, object]) -> Patch:
    if mapping.flow:
        return Patch(mapping.start, mapping.end, flow({key: plain(value) for key, value in values.items()}))
    margin = line_break(text) + " " * column(text, mapping.start)
    lines = [line for key, value in values.items() for line in entry(key, plain(value))]
    return Patch(mapping.start, mapping.end, margin.join(lines))


def spoken(text: Text) -> dict[str, object]:
    """Return a text as the mapping of languages that a file holds."""
    return {name: value for name, value in (("zh", text.zh), ("en", text.en)) if value}


def plain(value: object) -> object:
    """Return a new value as it is written: a text on one line where it is short."""
    if isinstance(value, Text):
        languages = spoken(value)
        return Inline(languages) if sum(len(str(one)) for one in languages.values()) <= _SHORT else languages
    if isinstance(value, Inline):
        return Inline({key: plain(one) for key, one in value.items()})
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


_SHORT = 70  # characters of a text in both languages that still stand on one line


# --- a key that is new, or goes --------------------------------------------------------------------------------------


def _inserted(
    text: str, mapping: MappingSpan, first: PairSpan | None, before: PairSpan | None, new: tuple[object, object]
) -> Patch:
    """Write a new key after the pair `before`; in front of `first`, the first that is kept, where that is None."""
    key, value = new
    if mapping.flow:
        return _inserted_in_flow(mapping, first, before, f"{scalar(key)}: {flow(plain(value))}")
    margin, brk = " " * column(text, mapping.start), line_break(text)
    lines = entry(key, plain(value))
    if before is not None:
        at = line_end(text, max(before.value.end, before.key.end + 1))
        return Patch(at, at, "".join(f"{brk}{margin}{line}" for line in lines))
    at = first.key.start if first is not None else mapping.start
    start = line_start(text, at)
    if text[start:at].strip():  # on the line of a dash
        return Patch(at, at, "".join(f"{line}{brk}{margin}" for line in lines))
    return Patch(start, start, "".join(f"{margin}{line}{brk}" for line in lines))


def _inserted_in_flow(mapping: MappingSpan, first: PairSpan | None, before: PairSpan | None, written: str) -> Patch:
    if before is not None:
        return Patch(before.value.end, before.value.end, f", {written}")
    if first is not None:
        return Patch(first.key.start, first.key.start, f"{written}, ")
    return Patch(mapping.start + 1, mapping.start + 1, written)


def _preceding(kept: list[PairSpan], key: object, order: Sequence[object]) -> PairSpan | None:
    """Return the pair after which a new key goes: the last one of those that stand before it in the order."""
    names = list(order)
    if key not in names:
        return kept[-1] if kept else None
    earlier = set(names[: names.index(key)])
    found = [pair for pair in kept if pair.key.text in earlier or pair.key.value in earlier]
    if found:
        return found[-1]
    ordered = any(pair.key.text in names or pair.key.value in names for pair in kept)
    return None if ordered or not kept else kept[-1]


def _removed(text: str, mapping: MappingSpan, position: int, gone: set[int]) -> Patch:
    pairs = mapping.pairs
    pair = pairs[position]
    following = pairs[position + 1].key.start if position + 1 < len(pairs) else None
    if mapping.flow:
        if any(one.key.start not in gone for one in pairs[:position]):
            return Patch(pairs[position - 1].value.end, pair.value.end, "")
        return Patch(pair.key.start, pair.value.end if following is None else following, "")
    start = line_start(text, pair.key.start)
    end = line_end(text, max(pair.value.end, pair.key.end + 1))
    if text[start : pair.key.start].strip():  # on the line of a dash
        return Patch(pair.key.start, end if following is None else following, "")
    brk = len(line_break(text))
    if end == len(text) and start:
        return Patch(start - brk, end, "")
    return Patch(start, min(len(text), end + brk), "")
