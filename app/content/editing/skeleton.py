"""The tree of a framework as its files write it: every capability with the stretch of text that holds it.

Reads what can be read, also while the framework has faults; knows no rule of frameworks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.content.editing.refusals import EditRefused
from app.content.editing.spans import MappingSpan, ScalarSpan, SequenceSpan, Span, Unreadable, read_spans
from app.content.frameworks import FRAMEWORK_FILE
from app.core.text import Text

Sources = Mapping[str, str]


@dataclass(slots=True)
class Family:
    """The capabilities below one, or the roots: the list that holds them and its file. `holder` None: the roots."""

    file: str
    sequence: SequenceSpan
    holder: Spot | None
    own_file: bool
    spots: list[Spot] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Spot:
    """A capability: its mapping, the family it stands in and its position there; `children` None for an element."""

    id: str
    file: str
    mapping: MappingSpan
    family: Family
    position: int
    depth: int
    children: Family | None = None

    @property
    def parent(self) -> Spot | None:
        """The capability above, None for a root."""
        return self.family.holder

    def text(self, key: str) -> Text | None:
        """Return a text in its languages."""
        return text_of(self.mapping.get(key))

    def line(self, key: str) -> str | None:
        """Return a single value as it is written."""
        found = self.mapping.get(key)
        return found.text if isinstance(found, ScalarSpan) else None

    @property
    def weight(self) -> Fraction | None:
        """The weight, 1 where nothing is said, None where it is no number."""
        found = self.mapping.get("weight")
        if found is None:
            return Fraction(1)
        value = found.value if isinstance(found, ScalarSpan) else None
        return value if isinstance(value, Fraction) else None

    def ids(self, key: str) -> tuple[str, ...]:
        """Return a list of ids (prerequisites, replaces, related)."""
        found = self.mapping.get(key)
        items = found.items if isinstance(found, SequenceSpan) else []
        return tuple(one.text for one in items if isinstance(one, ScalarSpan))

    @property
    def levels(self) -> dict[Fraction, Text]:
        """The texts at values of the scale."""
        found = self.mapping.get("levels")
        pairs = found.pairs if isinstance(found, MappingSpan) else []
        return {pair.key.value: text_of(pair.value) or Text() for pair in pairs if isinstance(pair.key.value, Fraction)}


def text_of(span: Span | None) -> Text | None:
    """Return what a text says; None where it is none."""
    if isinstance(span, ScalarSpan):
        return Text(zh=span.text) if span.text else None
    if not isinstance(span, MappingSpan):
        return None
    zh, en = span.get("zh"), span.get("en")
    said = [one.text or None if isinstance(one, ScalarSpan) else None for one in (zh, en)]
    return Text(*said) if any(said) else None


class Skeleton:
    """A framework's files taken apart. Raises Unreadable when one of them is no YAML, or holds no framework."""

    def __init__(self, files: Sources) -> None:
        self.files = dict(files)
        self.unreadable: list[Unreadable] = []
        if FRAMEWORK_FILE not in files:
            raise Unreadable(FRAMEWORK_FILE, 1, 1, "the file is missing")
        front = read_spans(FRAMEWORK_FILE, files[FRAMEWORK_FILE])
        if not isinstance(front, MappingSpan):
            raise Unreadable(FRAMEWORK_FILE, 1, 1, "the file must be a mapping of keys")
        self.front = front
        self.by_id: dict[str, Spot] = {}
        self.repeated: set[str] = set()
        self.roots = self._family(FRAMEWORK_FILE, front.get("capabilities"), None, 0, (FRAMEWORK_FILE,))

    def _family(
        self, file: str, value: Span | None, holder: Spot | None, depth: int, trail: tuple[str, ...]
    ) -> Family | None:
        own_file = False
        if isinstance(value, ScalarSpan) and value.text in self.files and value.text not in trail:
            file, own_file = value.text, True
            trail = (*trail, file)
            value = read_spans(file, self.files[file])
        if not isinstance(value, SequenceSpan):
            return None
        family = Family(file, value, holder, own_file)
        for position, one in enumerate(value.items):
            if isinstance(one, MappingSpan):
                self._spot(family, one, position, depth, trail)
        return family

    def _spot(self, family: Family, mapping: MappingSpan, position: int, depth: int, trail: tuple[str, ...]) -> None:
        written = mapping.get("id")
        node_id = written.text if isinstance(written, ScalarSpan) else ""
        spot = Spot(node_id, family.file, mapping, family, position, depth)
        family.spots.append(spot)
        if node_id in self.by_id:
            self.repeated.add(node_id)
        elif node_id:
            self.by_id[node_id] = spot
        if mapping.get("children") is not None:
            spot.children = self._family(family.file, mapping.get("children"), spot, depth + 1, trail)
            if spot.children is None:
                spot.children = Family(family.file, SequenceSpan(0, 0, True), spot, own_file=False)

    def walk(self) -> Iterator[Spot]:
        """Yield every capability, parents before children."""
        yield from _walk(self.roots)

    def spot(self, node_id: str) -> Spot:
        """Return a capability; raises EditRefused where there is none, or two of them."""
        if node_id in self.repeated:
            raise EditRefused("repeated-id", id=node_id)
        if node_id not in self.by_id:
            raise EditRefused("unknown-node", id=node_id)
        return self.by_id[node_id]

    @property
    def tiers(self) -> list[tuple[str, Text]]:
        """Ids and names of the tiers, as far as they can be read."""
        value = self.front.get("tiers")
        items = value.items if isinstance(value, SequenceSpan) else []
        mappings = [one for one in items if isinstance(one, MappingSpan)]
        return [(_line(one, "id"), text_of(one.get("name")) or Text()) for one in mappings]

    def leaves(self) -> list[Spot]:
        """Return every element, in document order."""
        return [spot for spot in self.walk() if spot.children is None]

    def below(self, spot: Spot) -> list[Spot]:
        """Return a capability and everything below it."""
        return [spot, *_walk(spot.children)]

    def used_files(self) -> set[str]:
        """Return the names of the files that the framework is made of."""
        return {FRAMEWORK_FILE} | {spot.children.file for spot in self.walk() if spot.children is not None}


def _walk(family: Family | None) -> Iterator[Spot]:
    for spot in family.spots if family else ():
        yield spot
        yield from _walk(spot.children)


def _line(mapping: MappingSpan, key: str) -> str:
    found = mapping.get(key)
    return found.text if isinstance(found, ScalarSpan) else ""


__all__ = ["Family", "Skeleton", "Sources", "Spot", "Unreadable", "text_of"]
