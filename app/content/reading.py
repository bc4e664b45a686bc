"""Bytes -> located tree, without ever building what must be refused first.

Knows YAML, its dangers and its surprises (formats.md, Rules for every file); does not know what a key means.
Events of the C parser are taken one at a time: depth and number of values are checked before anything is kept, so
nested brackets, bombs of aliases and endless lists end within milliseconds.
"""

from __future__ import annotations

import codecs
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.content.faults import Document
from app.content.located import Entry, Mapping, Node, Place, Refused, Scalar, Sequence, below, found, shown

MOST_BYTES = 2 * 1024 * 1024
DEEPEST = 32
MOST_NODES = 200_000

_MOST_UNREADABLE = 20  # control characters after which the file is taken for something that is no text
_LOADER: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_VALUES = frozenset({yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent, yaml.AliasEvent})
_DEEPER: dict[type[yaml.Event], int] = {
    yaml.MappingStartEvent: 1,
    yaml.SequenceStartEvent: 1,
    yaml.MappingEndEvent: -1,
    yaml.SequenceEndEvent: -1,
}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?\Z")
_NUMBER_OPENS = frozenset("-0123456789")
_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# line separators other than CR and LF are refused: editors and YAML readers count them differently
_UNREADABLE = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


def read_file(path: Path, document: Document) -> Node | None:
    """Read one file into a located tree; None when nothing can be made of it. Faults go to the document."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            document.faults.add("E116", Place(document.file), problem="it is not a regular file")
            return None
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        document.faults.add("E116", Place(document.file), problem=error.strerror or type(error).__name__)
        return None
    if len(data) > MOST_BYTES:
        document.faults.add("E102", Place(document.file), size=status.st_size, limit=MOST_BYTES)
        return None
    return read_bytes(data, document)


def read_bytes(data: bytes, document: Document) -> Node | None:
    """Read a document from bytes, as `read_file` does."""
    if len(data) > MOST_BYTES:
        document.faults.add("E102", Place(document.file), size=len(data), limit=MOST_BYTES)
        return None
    text = _decode(data, document)
    if text is None:
        return None
    text = _without_unreadable(text, document)
    return None if text is None else _Composer(document).compose(text)


def _decode(data: bytes, document: Document) -> str | None:
    for mark in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        if data.startswith(mark):
            document.faults.add("E110", Place(document.file), problem="it looks like UTF-16 or UTF-32")
            return None
    if data.startswith(codecs.BOM_UTF8):
        document.faults.add("E111", Place(document.file))
        data = data[len(codecs.BOM_UTF8) :]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = _position(before, len(before))
        problem = f"the byte 0x{data[error.start]:02x} cannot stand here"
        document.faults.add("E110", Place(document.file, line, column), problem=problem)
        return None


def _position(text: str, index: int) -> tuple[int, int]:
    line, start = 1, 0
    for match in _LINE_BREAK.finditer(text, 0, index):
        line, start = line + 1, match.end()
    return line, index - start + 1


def _without_unreadable(text: str, document: Document) -> str | None:
    """Report characters that cannot be read and put a stand-in in their place; None where there are too many."""
    for number, match in enumerate(_UNREADABLE.finditer(text)):
        line, column = _position(text, match.start())
        document.faults.add("E112", Place(document.file, line, column), character=f"U+{ord(match.group()):04X}")
        if number >= _MOST_UNREADABLE:
            return None
    return _UNREADABLE.sub("\ufffd", text)


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is still open."""

    node: Mapping | Sequence
    key: Scalar | None = None
    seen: dict[object, int] = field(default_factory=dict)
    refused: bool = False  # the place of this node holds nothing that may be used


class _Composer:
    """Builds the tree from events, keeping the open mappings and lists on a stack."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[_Frame] = []
        self.root: Node | None = None
        self.nodes = 0
        self.documents = 0
        self.text = ""
        self.takers: dict[type[yaml.Event], Callable[[Any], bool]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._begin,
        }

    def compose(self, text: str) -> Node | None:
        """Return the tree of a text, None when it cannot be read to its end."""
        self.text = text
        if len(text) > MOST_NODES and self._too_many(text):
            return None
        return self.root if self._take(text) else None

    def _too_many(self, text: str) -> bool:
        """Count the values of a big file before any is kept; tell whether they are too many.

        A value takes at least one character, so a small file need not be counted.
        """
        following = _LOADER(text).get_event
        counted = depth = 0
        try:
            while (event := following()) is not None and type(event) is not yaml.StreamEndEvent:
                depth += _DEEPER.get(type(event), 0)
                counted += type(event) in _VALUES
                if counted > MOST_NODES:
                    self._fault("E104", *_place(event), limit=MOST_NODES)
                    return True
                if depth > DEEPEST:
                    return False  # too deep as well: found again, with its path
        except yaml.YAMLError:
            return False
        return False

    def _take(self, text: str) -> bool:
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                taker = self.takers.get(type(event))
                if taker is not None and not taker(event):
                    return False
        except yaml.MarkedYAMLError as error:
            return self._syntax(error)
        except yaml.YAMLError as error:
            self.document.faults.add("E101", Place(self.document.file), problem=shown(str(error)))
            return False
        if self.root is None:
            self.document.faults.add("E115", Place(self.document.file))
        return True

    def _syntax(self, error: yaml.MarkedYAMLError) -> bool:
        mark = error.problem_mark or error.context_mark
        line, column = self._within(mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = error.problem or "it cannot be read"
        if error.context:
            since = f" that begins in line {error.context_mark.line + 1}" if error.context_mark else ""
            problem = f"{error.context}{since}, {problem}"
        self._fault("E101", line, column, problem=problem)
        return False

    def _within(self, line: int, column: int) -> tuple[int, int]:
        """Return a place, the end of the text for one behind it: where no line break ends it, the parser counts one."""
        last = self.end
        return last if line > last[0] else (line, column)

    @cached_property
    def end(self) -> tuple[int, int]:
        """Line and column of the end of the text."""
        return _position(self.text, len(self.text))

    # events; what they return tells whether to go on

    def _begin(self, event: yaml.DocumentStartEvent) -> bool:
        self.documents += 1
        line, column = _place(event)
        if self.documents > 1:
            self._fault("E109", line, column)
            return False
        for handle in event.tags or ():
            self._fault("E107", line, column, tag=f"%TAG {handle}")
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> bool:
        line, column = _place(event)
        text = event.value
        if not text and not event.style:  # nothing at all may stand behind the end
            line, column = self._within(line, column)
        if (event.anchor is not None or event.tag is not None) and self._marked(event):
            return self._put(Refused(line, column))
        if event.style:
            if control := _CONTROL.search(text):
                self._fault("E112", line, column, character=f"U+{ord(control.group()):04X}")
            return self._put(Scalar(text, False, text, line, column))
        return self._put(Scalar(text, True, self._value(text, line, column), line, column))

    def _alias(self, event: yaml.AliasEvent) -> bool:
        line, column = _place(event)
        self._fault("E106", line, column, name=shown(event.anchor or ""))
        return self._put(Refused(line, column))

    def _open(self, event: yaml.CollectionStartEvent) -> bool:
        line, column = _place(event)
        if len(self.stack) >= DEEPEST:
            self._fault("E103", line, column, limit=DEEPEST)
            return False
        refused = self._marked(event)
        mapping = isinstance(event, yaml.MappingStartEvent)
        node = Mapping(line, column) if mapping else Sequence(line, column)
        self.stack.append(_Frame(node, refused=refused))
        return True

    def _close(self, event: yaml.CollectionEndEvent) -> bool:
        frame = self.stack.pop()
        return self._put(Refused(frame.node.line, frame.node.column) if frame.refused else frame.node)

    def _marked(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> bool:
        """Report an anchor or a tag; tell whether the value must not be used."""
        line, column = _place(event)
        if event.anchor is not None:
            self._fault("E105", line, column, name=shown(event.anchor))
        if event.tag is not None:
            self._fault("E107", line, column, tag=shown(event.tag))
        return event.tag is not None

    def _value(self, text: str, line: int, column: int) -> str | bool | Fraction | None:
        """Return what an unquoted text means: only true, false, null and plain decimal numbers are not text."""
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] not in _NUMBER_OPENS:
            return text
        match = _NUMBER.match(text)
        if match is None:
            return text
        if len(match[1]) > 15 or len(match[2] or "") > 12:
            self._fault("E117", line, column)
            return Fraction(0)
        return _exact(text)

    # the tree

    def _put(self, node: Node) -> bool:
        """Put a finished node where it belongs: into the list, as a key, as a value, or at the root."""
        if not self.stack:
            self.root = node
            return True
        frame = self.stack[-1]
        if type(frame.node) is Sequence:
            frame.node.items.append(node)
        elif frame.key is None:
            frame.key = self._as_key(node)
        else:
            self._enter(frame, frame.key, node)
            frame.key = None
        return True

    def _as_key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        if not isinstance(node, Refused):
            self._fault("E114", node.line, node.column, found=found(node))
        return Scalar("?", plain=False, value=None, line=node.line, column=node.column)

    def _enter(self, frame: _Frame, key: Scalar, value: Node) -> None:
        assert isinstance(frame.node, Mapping)
        if key.value is None and not key.plain:
            return  # not a usable key; reported already
        if key.plain and key.text == "<<":
            self._fault("E108", key.line, key.column)
            return
        same = key.value if isinstance(key.value, Fraction) else key.text  # 0 and 0.0 are one level, "0" and 0 too
        first = frame.seen.get(same) or frame.seen.get(key.text)
        if first is not None:
            self._fault("E113", key.line, key.column, key=shown(key.text), first=first)
        else:
            frame.seen[same] = frame.seen[key.text] = key.line
        frame.node.entries.append(Entry(key, value, first is not None))

    # faults

    def _fault(self, code: str, line: int, column: int, **values: object) -> None:
        if not self.document.faults.is_full(self.document.file):
            self.document.faults.add(code, Place(self.document.file, line, column, self._path()), **values)

    def _path(self) -> str:
        """Return the path of what is being read: from the root through every open list and mapping."""
        path = ""
        for frame in self.stack:
            if isinstance(frame.node, Sequence):
                path = below(path, len(frame.node.items))
            elif frame.key is not None:
                path = below(path, frame.key.text)
        return path


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


@lru_cache(4096)
def _exact(text: str) -> Fraction:
    """Return the number that plain decimal digits write; content repeats few of them many times."""
    return Fraction(text)
