"""Text of a YAML file -> the same values as everywhere, each with the stretch of text that it is written in.

Offsets count characters of the text. Where a collection ends is where its last value ends: comments and blank lines
after it are not part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import yaml

from app.content.faults import Document, Faults
from app.content.located import Scalar as LocatedScalar
from app.content.reading import DEEPEST, read_bytes

_NO_TEXT = re.compile(r"(?:~|null|true|false|-?[0-9.]+)?")  # what may mean something else than its characters
_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Unreadable(ValueError):  # noqa: N818 - the contract's name
    """A file that no change can be made to: its YAML cannot be read to the end. `line` counts from 1."""

    def __init__(self, file: str, line: int, column: int, problem: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {problem}")
        self.file, self.line, self.column, self.problem = file, line, column, problem


@dataclass(slots=True)
class ScalarSpan:
    """A single value. `style` is how it is written: '' (plain), ', ", | or >."""

    start: int
    end: int
    text: str
    style: str = ""

    @property
    def value(self) -> str | bool | Fraction | None:
        """What it means to the readers of content."""
        return self.text if self.style else _meaning(self.text)


@dataclass(slots=True)
class PairSpan:
    """A key and its value."""

    key: ScalarSpan
    value: Span


@dataclass(slots=True)
class MappingSpan:
    """Keys and values in the order of the file; `flow` tells whether it is written in braces."""

    start: int
    end: int
    flow: bool
    pairs: list[PairSpan] = field(default_factory=list)

    def pair(self, key: str) -> PairSpan | None:
        """Return the first pair with that key."""
        return next((pair for pair in self.pairs if pair.key.text == key), None)

    def get(self, key: str) -> Span | None:
        """Return the value of a key, None where it is not there."""
        found = self.pair(key)
        return found.value if found else None


@dataclass(slots=True)
class SequenceSpan:
    """A list; `flow` tells whether it is written in brackets."""

    start: int
    end: int
    flow: bool
    items: list[Span] = field(default_factory=list)


Span = ScalarSpan | MappingSpan | SequenceSpan


def _meaning(text: str) -> str | bool | Fraction | None:
    if not _NO_TEXT.fullmatch(text):
        return text
    node = read_bytes(text.encode(), Document("", Faults())) if text else None
    return node.value if isinstance(node, LocatedScalar) else None


@lru_cache(64)
def read_spans(file: str, text: str) -> Span:
    """Return the values of a file with their stretches of text; raises Unreadable. They are for reading only.

    What the readers of content refuse as a whole (anchors, too deep, too large, not YAML) is refused here too.
    """
    faults = Faults()
    if read_bytes(text.encode("utf-8", "replace"), Document(file, faults)) is None or _stops(faults):
        fault = next((one for one in faults.sorted() if one.code.startswith("E1")), None)
        raise Unreadable(file, (fault.line if fault else 1) or 1, (fault.column if fault else 1) or 1, str(fault))
    builder = _Builder(text)
    for event in yaml.parse(text, Loader=_LOADER):
        builder.take(event)
    if builder.root is None:
        raise Unreadable(file, 1, 1, "the file is empty")
    return builder.root


def _stops(faults: Faults) -> bool:
    stopping = {"E101", "E102", "E103", "E104", "E105", "E106", "E107", "E108", "E109", "E110", "E112", "E114", "E115"}
    return any(fault.code in stopping for fault in faults.sorted())


class _Builder:
    """Builds spans from events; what was read before has no anchors, no tags and is not deep."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Span | None = None
        self.open: list[MappingSpan | SequenceSpan] = []
        self.keys: list[ScalarSpan | None] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            kind = MappingSpan if isinstance(event, yaml.MappingStartEvent) else SequenceSpan
            assert len(self.open) < DEEPEST
            self.open.append(kind(*_stretch(event), bool(event.flow_style)))
            self.keys.append(None)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = self.open.pop()
            self.keys.pop()
            node.end = _stretch(event)[1] if node.flow else _last_end(node)
            self._put(node)

    def _scalar(self, event: yaml.ScalarEvent) -> ScalarSpan:
        start, end = _stretch(event)
        style = event.style or ""
        if style in ("|", ">") and "+" not in self.text[start : self.text.find("\n", start)]:
            end = start + len(self.text[start:end].rstrip())
        return ScalarSpan(start, end, event.value, style)

    def _put(self, node: Span) -> None:
        if not self.open:
            self.root = node
            return
        holder = self.open[-1]
        if isinstance(holder, SequenceSpan):
            holder.items.append(node)
            return
        key = self.keys[-1]
        if key is None:
            assert isinstance(node, ScalarSpan)
            self.keys[-1] = node
        else:
            holder.pairs.append(PairSpan(key, node))
            self.keys[-1] = None


def _stretch(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index


def _last_end(node: MappingSpan | SequenceSpan) -> int:
    if isinstance(node, MappingSpan):
        return node.pairs[-1].value.end if node.pairs else node.end
    return node.items[-1].end if node.items else node.end


def scalars(node: Span) -> Iterator[ScalarSpan]:
    """Yield every single value below a node, keys too."""
    if isinstance(node, ScalarSpan):
        yield node
    elif isinstance(node, SequenceSpan):
        for item in node.items:
            yield from scalars(item)
    else:
        for pair in node.pairs:
            yield pair.key
            yield from scalars(pair.value)
