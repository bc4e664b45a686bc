"""What becomes of the answers of one framework version in another: kept, merged, split, lost; and what is newly asked.

An element keeps its answers when it keeps its id. Otherwise `replaces` of the new version tells where they went; what
is split or merged is a proposal that somebody confirms.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from app.core.framework import Capability, Framework


class Fate(StrEnum):
    """What becomes of an element of the old version."""

    KEPT = "kept"  # the same id under the same parent
    MOVED = "moved"  # the same id under another parent
    RENAMED = "renamed"  # one new element replaces it, and nothing else
    SPLIT = "split"  # several new elements replace it
    MERGED = "merged"  # a new element replaces it and others
    LOST = "lost"  # nothing replaces it


@dataclass(frozen=True)
class Crosswalk:
    """The way from `old` to `new`. `origins` names for every new element the old ones that its answers come from.

    `between` are the versions published after `old` and before `new`, oldest first: an element may have been renamed
    in each of them.
    """

    old: Framework
    new: Framework
    between: tuple[Framework, ...] = ()

    @cached_property
    def origins(self) -> Mapping[str, tuple[str, ...]]:
        """Old elements by new element, in document order; empty for what is newly asked.

        An id that is kept wins over `replaces`: what is still there is replaced by nothing.
        """
        here = {leaf.id for leaf in self.old.leaves}
        kept = {leaf.id for leaf in self.new.leaves} & here
        found: dict[str, tuple[str, ...]] = {leaf: (leaf,) for leaf in here}
        for version in (*self.between, self.new):
            found = {leaf.id: _origins(leaf, found, here) for leaf in version.leaves}
        return {
            leaf: (leaf,) if leaf in kept else tuple(one for one in olds if one not in kept)
            for leaf, olds in found.items()
        }

    @cached_property
    def heirs(self) -> Mapping[str, tuple[str, ...]]:
        """New elements by old element, in document order; empty for what is lost."""
        found: dict[str, list[str]] = {leaf.id: [] for leaf in self.old.leaves}
        for new, olds in self.origins.items():
            for old in olds:
                found[old].append(new)
        return {old: tuple(news) for old, news in found.items()}

    def fate(self, old_element: str) -> Fate:
        """Return what becomes of an element of the old version; KeyError if there is none."""
        heirs = self.heirs[old_element]
        if not heirs:
            return Fate.LOST
        if heirs == (old_element,):
            return Fate.KEPT if _above(self.old, old_element) == _above(self.new, old_element) else Fate.MOVED
        if any(len(self.origins[heir]) > 1 for heir in heirs):
            return Fate.MERGED
        return Fate.RENAMED if len(heirs) == 1 else Fate.SPLIT

    @cached_property
    def fates(self) -> Mapping[str, Fate]:
        """What becomes of every element of the old version, in its document order."""
        return {leaf.id: self.fate(leaf.id) for leaf in self.old.leaves}

    @cached_property
    def opened(self) -> tuple[str, ...]:
        """The elements that the new version asks and no answer of the old one is carried to."""
        return tuple(new for new, olds in self.origins.items() if not olds)

    def needs_confirming(self, new_element: str) -> bool:
        """Tell whether what is carried to a new element is a proposal only: it was split or merged."""
        return any(self.fate(old) in (Fate.SPLIT, Fate.MERGED) for old in self.origins[new_element])


def _origins(leaf: Capability, before: Mapping[str, tuple[str, ...]], here: Collection[str]) -> tuple[str, ...]:
    """Return where an element of one version comes from, given where those of the version before it do."""
    if before.get(leaf.id):
        return before[leaf.id]
    replaced = (before.get(one, (one,) if one in here else ()) for one in leaf.replaces)
    return tuple(dict.fromkeys(old for olds in replaced for old in olds))


def _above(framework: Framework, node_id: str) -> str | None:
    parent = framework.parent(node_id)
    return parent.id if parent else None
