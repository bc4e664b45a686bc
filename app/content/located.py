"""What a YAML file holds, each value with its place: the tree that everything else in this room reads.

Knows lines, columns and paths inside a document; does not know what any key means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file, line and column from 1, path inside the document."""

    file: str
    line: int = 1
    column: int = 1
    path: str = ""


@dataclass(slots=True)
class Scalar:
    """A single value. `value` is text, a boolean, None or an exact number; `plain` tells that no quotes were used."""

    text: str
    plain: bool
    value: str | bool | Fraction | None
    line: int
    column: int


@dataclass(slots=True)
class Entry:
    """A key and its value. `repeated` marks a key that stood before in the same mapping."""

    key: Scalar
    value: Node
    repeated: bool = False


@dataclass(slots=True)
class Mapping:
    """Keys and values in the order of the file."""

    line: int
    column: int
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Sequence:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Refused:
    """Stands where something was refused while reading (an alias, a tag): its fault is already reported."""

    line: int
    column: int


Node = Scalar | Mapping | Sequence | Refused

_LONGEST_SHOWN = 60
_MOST_LISTED = 30


def shown(text: str) -> str:
    """Return `text` on one line and short enough for a message."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else line[: _LONGEST_SHOWN - 1] + "…"


def listed(names: Iterable[object]) -> str:
    """Return names for a message: the first ones where there are many."""
    words = [str(name) for name in names]
    more = f" and {len(words) - _MOST_LISTED} more" if len(words) > _MOST_LISTED else ""
    return ", ".join(words[:_MOST_LISTED]) + more or "none"


def walked(circle: tuple[str, ...]) -> str:
    """Return a circle for a message, its first member again at the end; the middle of a long one is left out."""
    if len(circle) > _MOST_LISTED:
        circle = (*circle[: _MOST_LISTED // 2], "…", *circle[-_MOST_LISTED // 2 :])
    return " → ".join(circle)


def below(path: str, key: str | int) -> str:
    """Return the path of a key or of a list item below `path`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    name = key if len(key) <= _LONGEST_SHOWN else key[: _LONGEST_SHOWN - 1] + "…"
    return f"{path}.{name}" if path else name


def found(node: Node) -> str:
    """Say in words what stands there, for messages."""
    if isinstance(node, Scalar):
        return _found_scalar(node)
    if isinstance(node, Mapping):
        return "a mapping of keys"
    return "a list" if isinstance(node, Sequence) else "something that is not allowed"


def _found_scalar(node: Scalar) -> str:
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return f"the truth value {node.text}"
    if isinstance(node.value, Fraction):
        return f"the number {shown(node.text)}"
    return f'the text "{shown(node.text)}"'
