"""A text as somebody typed it, with the places of its values: what mends are cut from. Also of a text that is no YAML
to its end: then up to there. Lines and columns count from 1, columns in characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import yaml

_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_ID_LINE = re.compile(r"""(?:^|[\s{,-])(?:id|element):\s*["']?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Change:
    """Puts `text` where now stands what lies from one place up to another (after the last character)."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Mend:
    """What to change. `kind` names it for the wording, with `values`; `cursor`: how far into the first change's text
    somebody goes on typing, None where nothing is left to type. `file` is one to be written that is not there yet.
    """

    kind: str
    changes: tuple[Change, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    cursor: int | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A value: where it begins and ends, and how it is written. `inner`: the place of the first value inside."""

    line: int
    column: int
    end_line: int
    end_column: int
    is_scalar: bool
    value: str = ""
    plain: bool = False
    flow: bool = False
    mapping: bool = False

    @property
    def one_line(self) -> bool:
        """Whether it lies on a single line."""
        return self.line == self.end_line


@dataclass
class Source:
    """One file. `files` are the names beside it, `ids` what may be referred to besides what the files define."""

    text: str
    files: tuple[str, ...] = ()
    ids: frozenset[str] = field(default=frozenset())

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their breaks."""
        return _LINE_BREAK.split(self.text)

    def line(self, number: int) -> str:
        """Return a line; empty where there is none."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    @cached_property
    def own_ids(self) -> frozenset[str]:
        """Every id that the text defines or refers to."""
        return frozenset(_ID_LINE.findall(self.text))

    def span(self, line: int, column: int) -> Span | None:
        """Return the innermost value that begins at a place."""
        return self._spans.get((line, column))

    def after(self, line: int, column: int) -> Span | None:
        """Return the value that begins next after a place: of a key, its value."""
        place = self._order.get((line, column))
        return self._sequence[place + 1] if place is not None and place + 1 < len(self._sequence) else None

    def last_end(self, span: Span) -> tuple[int, int]:
        """Return where the last value inside a block ends: the block's own end lies behind comments and blank lines."""
        inside = [
            (one.end_line, one.end_column)
            for one in self._sequence
            if (one.is_scalar or one.flow)
            and (span.line, span.column) <= (one.line, one.column)
            and (one.end_line, one.end_column) <= (span.end_line, span.end_column)
        ]
        return max(inside, default=(span.line, span.column))

    @cached_property
    def _sequence(self) -> list[Span]:
        return sorted(_spans_of(self.text), key=lambda span: (span.line, span.column, span.is_scalar))

    @cached_property
    def _spans(self) -> dict[tuple[int, int], Span]:
        """The values by place: a mapping and its first key share one; the mapping is asked for by `mapping_at`."""
        return {(span.line, span.column): span for span in self._sequence}

    @cached_property
    def _order(self) -> dict[tuple[int, int], int]:
        return {(span.line, span.column): number for number, span in enumerate(self._sequence)}

    def collection_at(self, line: int, column: int) -> Span | None:
        """Return the innermost mapping or list that begins at a place."""
        found = [span for span in self._sequence if (span.line, span.column) == (line, column) and not span.is_scalar]
        return min(found, key=lambda span: (span.end_line, span.end_column), default=None)


def _spans_of(text: str) -> Iterable[Span]:
    open_ones: list[yaml.CollectionStartEvent] = []
    spans: list[Span] = []
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent):
                spans.append(_span(event, event, value=event.value, plain=event.style in (None, "")))
            elif isinstance(event, yaml.CollectionStartEvent):
                open_ones.append(event)
            elif isinstance(event, yaml.CollectionEndEvent) and open_ones:
                spans.append(_span(open_ones.pop(), event))
    except (yaml.YAMLError, ValueError):
        return spans
    return spans


def _span(start: yaml.Event, end: yaml.Event, *, value: str | None = None, plain: bool = False) -> Span:
    first, last = start.start_mark, end.end_mark
    assert first is not None
    assert last is not None  # the parser gives every event its place
    return Span(
        line=first.line + 1,
        column=first.column + 1,
        end_line=last.line + 1,
        end_column=last.column + 1,
        is_scalar=value is not None,
        value=value or "",
        plain=plain,
        flow=bool(getattr(start, "flow_style", False)),
        mapping=isinstance(start, yaml.MappingStartEvent),
    )


def quoted(text: str) -> str:
    """Return a text in double quotes, as YAML reads it back."""
    return json.dumps(text, ensure_ascii=False)
