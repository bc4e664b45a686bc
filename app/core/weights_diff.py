"""What changed between two states of a weight profile. Pure values; a profile is numbered, it has no version."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.diff import Change, Step
from app.core.framework import WeightProfile


@dataclass(frozen=True)
class WeightsDiff:
    """What differs: `reweighted` capabilities (None: the framework's own weight), `reworded` name and note, `whole`
    the framework versions that it is for.
    """

    reweighted: tuple[Change, ...] = ()
    reworded: tuple[Change, ...] = ()
    whole: tuple[Change, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether nothing differs."""
        return self.step is Step.NONE

    @property
    def step(self) -> Step:
        """Minor for weights, patch for words."""
        if self.reweighted or self.whole:
            return Step.MINOR
        return Step.PATCH if self.reworded else Step.NONE


def weights_diff(old: WeightProfile, new: WeightProfile) -> WeightsDiff:
    """Compare two states of a weight profile."""
    nodes = dict.fromkeys((*new.weights, *old.weights))
    words = {"name": (old.name, new.name), "note": (old.note, new.note)}
    return WeightsDiff(
        reweighted=tuple(
            Change(node, old.weights.get(node), new.weights.get(node))
            for node in nodes
            if old.weights.get(node) != new.weights.get(node)
        ),
        reworded=tuple(Change(name, before, after) for name, (before, after) in words.items() if before != after),
        whole=(Change("framework", old.framework, new.framework),) if old.framework != new.framework else (),
    )
