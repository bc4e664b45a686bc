"""What changed between two versions of a framework, and by how much its version has to rise. Pure values."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TypedDict

from app.core.framework import Capability, Framework
from app.core.text import Text


class Step(IntEnum):
    """By which part of its number a version rises; a greater step may always be taken instead of a smaller one."""

    NONE = 0
    PATCH = 1  # wording
    MINOR = 2  # additions, weights, order
    MAJOR = 3  # removed, merged or split elements, another scale or method


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs. `old` and `new` are plain values (None: it was not there); `id` is a node or None."""

    id: str | None
    old: object
    new: object


@dataclass(frozen=True)
class FrameworkDiff:
    """What differs between an `old` and a `new` version, in the new one's document order, the removed at the end.

    `added` and `removed` are nodes; `moved` ones have another parent, or another place among the siblings that both
    versions have; `renamed` another name, `reweighted` another weight; `reworded` another definition, level text,
    summary or name of a level or tier; `rescaled` another scale; `rerolled` another rollup or agreement rule;
    `related` other marks of an element: code, critical, prerequisites, related. `carried` tells of every new element
    that says so which old ones it replaces.
    """

    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    renamed: tuple[Change, ...] = ()
    reweighted: tuple[Change, ...] = ()
    reworded: tuple[Change, ...] = ()
    rescaled: tuple[Change, ...] = ()
    rerolled: tuple[Change, ...] = ()
    related: tuple[Change, ...] = ()
    carried: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Tell whether nothing differs."""
        return self.step is Step.NONE

    @cached_property
    def step(self) -> Step:
        """The least step of the version that this change needs."""
        if self.rescaled or self._loses_elements or any(c.id == "method" for c in self.rerolled):
            return Step.MAJOR
        if self.added or self.removed or self.moved or self.reweighted or self.rerolled or self.related:
            return Step.MINOR
        return Step.PATCH if self.renamed or self.reworded else Step.NONE

    @property
    def _loses_elements(self) -> bool:
        """An element that is gone takes its scores along, also where others replace it: they are confirmed anew."""
        return any(_was_element(change) for change in (*self.removed, *self.moved))


def _was_element(change: Change) -> bool:
    """Tell whether an element is none any more: gone, or divided into capabilities below it."""
    was = isinstance(change.old, Mapping) and bool(change.old.get("leaf"))
    return was and not (isinstance(change.new, Mapping) and bool(change.new.get("leaf")))


def diff(old: Framework, new: Framework) -> FrameworkDiff:
    """Compare two versions of a framework by the ids of their nodes."""
    both = [node for node in new.walk() if node.id in old]
    return FrameworkDiff(
        added=tuple(Change(node.id, None, _place(new, node)) for node in new.walk() if node.id not in old),
        removed=tuple(Change(node.id, _place(old, node), None) for node in old.walk() if node.id not in new),
        moved=tuple(_moved(old, new, both)),
        renamed=tuple(_differing(both, old, lambda node: _words(node.name))),
        reweighted=tuple(_differing(both, old, lambda node: node.weight)),
        reworded=tuple(_reworded(old, new, both)),
        rescaled=tuple(_of_whole({"scale": _scale(old)}, {"scale": _scale(new)})),
        rerolled=tuple(_of_whole(_rules(old), _rules(new))),
        related=tuple(_differing(both, old, _marks)),
        carried={leaf.id: leaf.replaces for leaf in new.leaves if leaf.id not in old and leaf.replaces},
    )


def _differing(both: Iterable[Capability], old: Framework, read: Callable[[Capability], object]) -> Iterator[Change]:
    for node in both:
        before, after = read(old.node(node.id)), read(node)
        if before != after:
            yield Change(node.id, before, after)


def _of_whole(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[Change]:
    for name, value in after.items():
        if before[name] != value:
            yield Change(name, before[name], value)


def _place(framework: Framework, node: Capability) -> dict[str, object]:
    parent = framework.parent(node.id)
    return {
        "parent": parent.id if parent else None,
        "tier": framework.tier_of(node.id).id,
        "leaf": node.is_leaf,
        "name": _words(node.name),
        "weight": node.weight,
    }


def _moved(old: Framework, new: Framework, both: Sequence[Capability]) -> Iterator[Change]:
    before, after = _addresses(old), _addresses(new)
    shuffled = _shuffled(before, after)
    for node in both:
        was, stands = before[node.id], after[node.id]
        if node.id in shuffled or any(was[name] != stands[name] for name in ("parent", "tier", "leaf")):
            yield Change(node.id, was, stands)


def _shuffled(before: Mapping[str, _Address], after: Mapping[str, _Address]) -> set[str]:
    """Return the fewest nodes that must have changed places among siblings to make the old order the new one."""
    families: dict[object, list[str]] = {}
    for node_id, stands in after.items():
        if node_id in before and before[node_id]["parent"] == stands["parent"]:
            families.setdefault(stands["parent"], []).append(node_id)
    found: set[str] = set()
    for stayed in families.values():
        kept = _longest_rising([before[node_id]["position"] for node_id in stayed])
        found.update(node_id for place, node_id in enumerate(stayed) if place not in kept)
    return found


def _longest_rising(ranks: Sequence[int]) -> set[int]:
    """Return the positions of a longest rising subsequence (patience sorting)."""
    tails: list[int] = []  # ranks at the ends of the best sequences of each length
    ends: list[int] = []  # their positions
    before: list[int | None] = []
    for position, rank in enumerate(ranks):
        length = bisect_left(tails, rank)
        before.append(ends[length - 1] if length else None)
        tails[length : length + 1] = [rank]
        ends[length : length + 1] = [position]
    found: set[int] = set()
    at = ends[-1] if ends else None
    while at is not None:
        found.add(at)
        at = before[at]
    return found


class _Address(TypedDict):
    parent: str | None
    position: int
    tier: str
    leaf: bool


def _addresses(framework: Framework) -> dict[str, _Address]:
    """Return where every node stands; `position` counts from 1 among its siblings."""
    families: list[tuple[str | None, Sequence[Capability]]] = [(None, framework.capabilities)]
    families += [(node.id, node.children) for node in framework.walk()]
    return {
        node.id: {
            "parent": parent,
            "position": position,
            "tier": framework.tier_of(node.id).id,
            "leaf": node.is_leaf,
        }
        for parent, family in families
        for position, node in enumerate(family, 1)
    }


def _reworded(old: Framework, new: Framework, both: Sequence[Capability]) -> Iterator[Change]:
    if _front(old) != _front(new):
        yield Change(None, _front(old), _front(new))
    yield from _differing(both, old, _body)


def _front(framework: Framework) -> dict[str, object]:
    return {
        "name": _words(framework.name),
        "summary": _words(framework.summary),
        "source": framework.source,
        "tiers": [_words(tier.name) for tier in framework.tiers],
        "levels": {str(one.value): (_words(one.name), _words(one.description)) for one in framework.scale.levels},
    }


def _body(node: Capability) -> dict[str, object]:
    return {
        "definition": _words(node.definition),
        "levels": {str(value): _words(text) for value, text in sorted(node.levels.items())},
        "extensions": node.extensions,
    }


def _marks(node: Capability) -> dict[str, object]:
    return {
        "code": node.code,
        "critical": node.critical,
        "prerequisites": list(node.prerequisites),
        "related": list(node.related),
    }


def _scale(framework: Framework) -> dict[str, object]:
    scale = framework.scale
    return {
        "min": scale.minimum,
        "max": scale.maximum,
        "step": scale.step,
        "levels": [level.value for level in scale.levels],
        "tiers": [tier.id for tier in framework.tiers],
    }


def _rules(framework: Framework) -> dict[str, object]:
    rollup, agreement = framework.rollup, framework.agreement
    return {
        "method": rollup.method.value,
        "coverage": {"publish": rollup.publish, "provisional": rollup.provisional},
        "agreement": {
            "range": agreement.range,
            "r_wg": agreement.r_wg,
            "role_gap": agreement.role_gap,
            "minimum_roles": agreement.minimum_roles,
        },
    }


def _words(text: Text | None) -> dict[str, str | None] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}
