"""The forms that content files can take. One definition both reads a value and describes it to editors.

A shape reads a node into a plain value (text, exact number, `Text`, `Record`, `Items`), reporting every fault with its
place, and writes itself as JSON Schema (draft-07, which editors such as VS Code understand best). Here stand the forms
that hold others: lists and mappings. Knows no kind of file and no key: those stand in `kinds`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.content import located
from app.content.faults import Document
from app.content.located import Entry, Node, Place, Scalar, below, found, shown

JsonSchema = dict[str, Any]


class Invalid:
    """What reading returns where a fault was reported: there is no value."""

    def __bool__(self) -> bool:
        return False


INVALID = Invalid()


class Definitions:
    """Collects the named parts of one JSON Schema."""

    def __init__(self) -> None:
        self.parts: dict[str, JsonSchema] = {}


class Shape(ABC):
    """A form of a value."""

    @abstractmethod
    def read(self, node: Node, path: str, document: Document) -> Any:
        """Return the value, or INVALID after reporting what is wrong."""

    @abstractmethod
    def schema(self, definitions: Definitions) -> JsonSchema:
        """Return the JSON Schema of this form."""

    def key_schema(self, definitions: Definitions) -> JsonSchema:
        """Return the JSON Schema of this form as the key of a mapping."""
        return self.schema(definitions)


class Record(dict[Any, Any]):
    """The valid values of a mapping by key, each with its place. Keys with a fault are left out."""

    def __init__(self, node: located.Mapping, path: str, document: Document) -> None:
        super().__init__()
        self.node = node
        self.path = path
        self.document = document
        self.entries: dict[Any, Entry] = {}

    def here(self) -> Place:
        """Return the place of the mapping itself."""
        return self.document.place(self.node, self.path)

    def has(self, key: object) -> bool:
        """Tell whether the key was written at all, be its value valid or not."""
        return key in self.entries

    def place(self, key: object) -> Place:
        """Return the place of a value; of the mapping when the key is not there."""
        entry = self.entries.get(key)
        return self.here() if entry is None else self.document.place(entry.value, below(self.path, entry.key.text))

    def key_place(self, key: object) -> Place:
        """Return the place of a key; of the mapping when it is not there."""
        entry = self.entries.get(key)
        return self.here() if entry is None else self.document.place(entry.key, below(self.path, entry.key.text))

    def fault(self, code: str, key: object = None, /, **values: object) -> None:
        """Report a fault at a key, at the mapping for None."""
        place = self.here() if key is None else self.key_place(key)
        self.document.faults.add(code, place, **values)

    def value_fault(self, code: str, key: object, /, **values: object) -> None:
        """Report a fault at a value."""
        self.document.faults.add(code, self.place(key), **values)


class Items(list[Any]):
    """The valid values of a list, each with its place."""

    def __init__(self, node: located.Sequence, path: str, document: Document) -> None:
        super().__init__()
        self.node = node
        self.path = path
        self.document = document
        self.positions: list[int] = []

    def place(self, index: int) -> Place:
        """Return the place of the value at `index` (of this list, not of the file)."""
        position = self.positions[index]
        return self.document.place(self.node.items[position], below(self.path, position))

    def placed(self) -> Iterator[tuple[Any, Place]]:
        """Yield every value with its place."""
        for index, value in enumerate(self):
            yield value, self.place(index)


def wrong(expected: str, node: Node, path: str, document: Document) -> Invalid:
    """Report a value of another form than expected."""
    if not isinstance(node, located.Refused):
        document.fault("E203", node, path, expected=expected, found=found(node))
    return INVALID


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of values of one form."""

    item: Shape
    least: int = 0
    most: int | None = None
    unique: bool = False
    expected: str = "a list"

    def read(self, node: Node, path: str, document: Document) -> Items | Invalid:
        if not isinstance(node, located.Sequence):
            return wrong(self.expected, node, path, document)
        items = Items(node, path, document)
        seen: set[object] = set()
        for position, item in enumerate(node.items):
            value = self.item.read(item, below(path, position), document)
            if value is INVALID:
                continue
            if self.unique and value in seen:
                document.fault("E214", item, below(path, position), value=value)
                continue
            if self.unique:
                seen.add(value)
            items.append(value)
            items.positions.append(position)
        if len(node.items) < self.least or (self.most is not None and len(node.items) > self.most):
            document.fault("E213", node, path, count=len(node.items), expected=self._count())
        return items

    def _count(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return f"{self.least} to {self.most}"

    def schema(self, definitions: Definitions) -> JsonSchema:
        written: JsonSchema = {"type": "array", "items": self.item.schema(definitions)}
        if self.least:
            written["minItems"] = self.least
        if self.most is not None:
            written["maxItems"] = self.most
        if self.unique:
            written["uniqueItems"] = True
        return written


@dataclass(frozen=True)
class MapOf(Shape):
    """Values of one form by key, all keys of one form."""

    key: Shape
    value: Shape
    expected: str = "a mapping of keys"

    def read(self, node: Node, path: str, document: Document) -> Record | Invalid:
        if not isinstance(node, located.Mapping):
            return wrong(self.expected, node, path, document)
        record = Record(node, path, document)
        for entry in node.entries:
            at = below(path, entry.key.text)
            key = self.key.read(entry.key, at, document)
            value = self.value.read(entry.value, at, document)
            if key is INVALID or entry.repeated:
                continue
            record.entries[key] = entry
            if value is not INVALID:
                record[key] = value
        return record

    def schema(self, definitions: Definitions) -> JsonSchema:
        key = self.key.key_schema(definitions)
        return {"type": "object", "propertyNames": key, "additionalProperties": self.value.schema(definitions)}


@dataclass(frozen=True)
class Key:
    """One key of a mapping: its name, form, whether it must be there, and what it is for (shown by editors)."""

    name: str
    shape: Shape
    about: str
    required: bool = False


@dataclass(frozen=True)
class Fields(Shape):
    """A mapping with known keys; any other key is a fault."""

    keys: tuple[Key, ...]
    expected: str = "a mapping of keys"
    by_name: dict[str, Key] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {key.name: key for key in self.keys})

    def read(self, node: Node, path: str, document: Document) -> Record | Invalid:
        if not isinstance(node, located.Mapping):
            return wrong(self.expected, node, path, document)
        record = Record(node, path, document)
        for entry in node.entries:
            name = entry.key.text
            key = self.by_name.get(name)
            if key is None:
                allowed = ", ".join(self.by_name)
                document.fault("E201", entry.key, below(path, name), key=shown(name) or "(empty)", allowed=allowed)
                continue
            value = key.shape.read(entry.value, below(path, name), document)
            if entry.repeated:
                continue
            record.entries[name] = entry
            if value is not INVALID:
                record[name] = value
        for key in self.keys:
            if key.required and key.name not in record.entries:
                document.fault("E202", node, below(path, key.name), key=key.name)
        return record

    def schema(self, definitions: Definitions) -> JsonSchema:
        properties = {}
        for key in self.keys:
            written = key.shape.schema(definitions)
            # beside $ref draft-07 ignores other words, so the description goes around it
            described = {"allOf": [written]} if "$ref" in written else written
            properties[key.name] = {"description": key.about, **described}
        written = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [key.name for key in self.keys if key.required]
        return {**written, "required": required} if required else written


@dataclass(frozen=True)
class Form:
    """A branch of `ByForm`: how a scalar, a list or a mapping is read."""

    scalar: Shape | None = None
    sequence: Shape | None = None
    mapping: Shape | None = None


@dataclass(frozen=True)
class ByForm(Shape):
    """A value that may be written as a single value, a list or a mapping."""

    form: Form
    expected: str

    def read(self, node: Node, path: str, document: Document) -> Any:
        shape = None
        if isinstance(node, Scalar) and node.value is not None:
            shape = self.form.scalar
        elif isinstance(node, located.Sequence):
            shape = self.form.sequence
        elif isinstance(node, located.Mapping):
            shape = self.form.mapping
        return wrong(self.expected, node, path, document) if shape is None else shape.read(node, path, document)

    def schema(self, definitions: Definitions) -> JsonSchema:
        shapes = (self.form.scalar, self.form.sequence, self.form.mapping)
        return {"anyOf": [shape.schema(definitions) for shape in shapes if shape is not None]}


@dataclass(frozen=True)
class Named(Shape):
    """A form with a name, so that it can stand inside itself."""

    name: str
    shape: Callable[[], Shape]

    def read(self, node: Node, path: str, document: Document) -> Any:
        return self.shape().read(node, path, document)

    def schema(self, definitions: Definitions) -> JsonSchema:
        if self.name not in definitions.parts:
            definitions.parts[self.name] = {}
            definitions.parts[self.name] = self.shape().schema(definitions)
        return {"$ref": f"#/definitions/{self.name}"}


@dataclass(frozen=True)
class Tagged(Shape):
    """A mapping whose other keys depend on one key (a question and its type)."""

    tag: str
    names: Shape
    cases: dict[str, Fields]

    def read(self, node: Node, path: str, document: Document) -> Record | Invalid:
        if not isinstance(node, located.Mapping):
            return wrong("a mapping of keys", node, path, document)
        word = next((e.value for e in node.entries if e.key.text == self.tag and not e.repeated), None)
        if word is None:
            document.fault("E202", node, below(path, self.tag), key=self.tag)
            return INVALID
        name = self.names.read(word, below(path, self.tag), document)
        return INVALID if isinstance(name, Invalid) else self.cases[name].read(node, path, document)

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"anyOf": [fields.schema(definitions) for fields in self.cases.values()]}


@dataclass(frozen=True)
class Exactly(Shape):
    """A mapping with exactly one of several sets of keys (a condition)."""

    choices: tuple[Fields, ...]
    allowed: str

    def read(self, node: Node, path: str, document: Document) -> Record | Invalid:
        if not isinstance(node, located.Mapping):
            return wrong("a condition", node, path, document)
        keys = {entry.key.text for entry in node.entries}
        fitting = [fields for fields in self.choices if fields.keys[0].name in keys]
        if len(fitting) != 1:
            document.fault("E610", node, path, allowed=self.allowed)
            return INVALID
        return fitting[0].read(node, path, document)

    def schema(self, definitions: Definitions) -> JsonSchema:
        return {"anyOf": [fields.schema(definitions) for fields in self.choices]}


def fields(*keys: Key, expected: str = "a mapping of keys") -> Fields:
    """Write a mapping with these keys."""
    return Fields(tuple(keys), expected)
