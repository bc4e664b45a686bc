"""The capability framework: a tree of capabilities, its tiers, scale and rollup rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from app.core.scale import Scale
from app.core.text import Text


class Method(StrEnum):
    """How scores of children become the score of their parent (formats.md, Scores)."""

    WEIGHTED_MEAN = "weighted-mean"
    WEIGHTED_GEOMETRIC = "weighted-geometric"
    FLAT_MEAN = "flat-mean"


@dataclass(frozen=True, slots=True)
class Source:
    """Where content comes from; plain strings in any language."""

    title: str | None = None
    year: int | None = None
    method: str | None = None
    confidence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """The name of one level of the tree."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Rollup:
    """The rollup method and the coverage shares (0 to 1) from which a score is published or provisional."""

    method: Method
    publish: Fraction
    provisional: Fraction


@dataclass(frozen=True, slots=True)
class AgreementRule:
    """When respondents are to discuss an element; `range` and `role_gap` in points of the scale."""

    range: Fraction
    r_wg: Fraction
    role_gap: Fraction
    minimum_roles: int


@dataclass(frozen=True, slots=True)
class Capability:
    """A node of the tree. A leaf is an element and alone has `levels`, `critical`, `prerequisites` and the rest."""

    id: str
    name: Text
    code: str | None = None
    definition: Text | None = None
    weight: Fraction = Fraction(1)
    children: tuple[Capability, ...] = ()
    levels: Mapping[Fraction, Text] = field(default_factory=dict)
    critical: bool = False
    prerequisites: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_leaf(self) -> bool:
        """Tell whether this capability is scored itself."""
        return not self.children


@dataclass(frozen=True)
class Framework:
    """A complete, valid framework of one version. Node ids are unique in it; every leaf is on the last tier."""

    id: str
    version: str
    name: Text
    tiers: tuple[Tier, ...]
    scale: Scale
    rollup: Rollup
    agreement: AgreementRule
    capabilities: tuple[Capability, ...]
    summary: Text | None = None
    source: Source | None = None

    @property
    def reference(self) -> str:
        """`id@version`, as cases and questionnaires name it."""
        return f"{self.id}@{self.version}"

    @cached_property
    def _parents(self) -> Mapping[str, Capability | None]:
        parents: dict[str, Capability | None] = {root.id: None for root in self.capabilities}
        for node in self.walk():
            parents.update({child.id: node for child in node.children})
        return parents

    @cached_property
    def _by_id(self) -> Mapping[str, Capability]:
        return {node.id: node for node in self.walk()}

    def walk(self) -> Iterator[Capability]:
        """Yield every capability, parents before children, in document order."""
        stack = list(reversed(self.capabilities))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    @cached_property
    def nodes(self) -> tuple[Capability, ...]:
        """Every capability, parents before children, in document order."""
        return tuple(self.walk())

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._by_id

    def node(self, node_id: str) -> Capability:
        """Return the capability with that id; KeyError if there is none."""
        return self._by_id[node_id]

    def parent(self, node_id: str) -> Capability | None:
        """Return the capability above, None for a root."""
        return self._parents[node_id]

    def ancestors(self, node_id: str) -> tuple[Capability, ...]:
        """Return the capabilities above, root first."""
        above: list[Capability] = []
        node = self.parent(node_id)
        while node is not None:
            above.append(node)
            node = self.parent(node.id)
        return tuple(reversed(above))

    @cached_property
    def _tiers(self) -> Mapping[str, Tier]:
        return {node.id: self.tiers[len(self.ancestors(node.id))] for node in self.nodes}

    def tier_of(self, node_id: str) -> Tier:
        """Return the tier on which that capability stands."""
        return self._tiers[node_id]

    @cached_property
    def leaves(self) -> tuple[Capability, ...]:
        """Every element, in document order."""
        return tuple(node for node in self.walk() if node.is_leaf)

    def leaves_below(self, node_id: str | None) -> tuple[Capability, ...]:
        """Return the elements below a capability (itself when it is one), of the whole tree for None."""
        if node_id is None:
            return self.leaves
        found: list[Capability] = []
        stack = [self.node(node_id)]
        while stack:
            node = stack.pop()
            if node.is_leaf:
                found.append(node)
            stack.extend(reversed(node.children))
        return tuple(found)

    def on_tier(self, tier_id: str) -> tuple[Capability, ...]:
        """Return the capabilities of one tier, in document order."""
        return tuple(node for node in self.walk() if self.tier_of(node.id).id == tier_id)


@dataclass(frozen=True, slots=True)
class WeightProfile:
    """Weights that stand in for the framework's; nodes that are not listed keep theirs."""

    id: str
    name: Text
    weights: Mapping[str, Fraction]
    note: str | None = None
    framework: str | None = None
