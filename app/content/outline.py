"""What references need to know of one framework version: its ids, tree and scale, also while other parts are faulty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.content.faults import Faults
from app.content.located import Place
from app.content.shapes import Record
from app.core.framework import Framework
from app.core.scale import Scale, decimals_of, display


def written(number: Fraction) -> str:
    """Return a number as a reader would write it."""
    return display(number, decimals_of(number))


@dataclass(frozen=True, slots=True)
class Outline:
    """The ids of a framework version (`nodes`: children by id, empty for an element) and its scale where it is valid.

    `complete` is False where a part of the tree could not be read: then an unknown id proves nothing.
    """

    id: str
    version: str
    nodes: Mapping[str, tuple[str, ...]]
    roots: tuple[str, ...]
    weights: Mapping[str, Fraction]
    scale: Scale | None
    complete: bool = True
    leaves: tuple[str, ...] = field(default=())

    @classmethod
    def of(cls, framework: Framework) -> Outline:
        """Return the outline of a valid framework."""
        return cls(
            id=framework.id,
            version=framework.version,
            nodes={node.id: tuple(child.id for child in node.children) for node in framework.walk()},
            roots=tuple(node.id for node in framework.capabilities),
            weights={node.id: node.weight for node in framework.walk()},
            scale=framework.scale,
            leaves=tuple(leaf.id for leaf in framework.leaves),
        )

    @property
    def reference(self) -> str:
        """`id@version`, for messages."""
        return f"{self.id}@{self.version}"


class Pointers:
    """Checks of what points into a framework. Without an outline (it cannot be read) nothing is checked."""

    def __init__(self, outline: Outline | None, faults: Faults) -> None:
        self.outline = outline
        self.faults = faults

    def node(self, node_id: str, place: Place) -> bool:
        """Tell whether the id may be a capability; report it where it is none."""
        outline = self.outline
        if outline is None or node_id in outline.nodes:
            return True
        if outline.complete:
            self.faults.add("E403", place, id=node_id, framework=outline.reference)
        return not outline.complete

    def leaf(self, node_id: str, place: Place) -> bool:
        """Tell whether the id may be an element; report it where it is none."""
        if not self.node(node_id, place):
            return False
        outline = self.outline
        if outline is not None and outline.nodes.get(node_id):
            self.faults.add("E404", place, id=node_id, framework=outline.reference)
            return False
        return True

    def on_grid(self, value: Fraction, place: Place) -> None:
        """Report a score that is not on the grid."""
        scale = self.outline.scale if self.outline else None
        if scale is not None and not scale.on_grid(value):
            low, high, step = written(scale.minimum), written(scale.maximum), written(scale.step)
            self.faults.add("E405", place, value=written(value), low=low, high=high, step=step)

    def within(self, value: Fraction, place: Place) -> None:
        """Report a figure that is outside the scale."""
        scale = self.outline.scale if self.outline else None
        if scale is not None and not scale.contains(value):
            low, high = written(scale.minimum), written(scale.maximum)
            self.faults.add("E406", place, value=written(value), low=low, high=high)

    def figures(self, record: Record | None) -> None:
        """Check a mapping of capabilities of any tier to figures."""
        if record is None:
            return
        for node_id in record.entries:
            if self.node(node_id, record.key_place(node_id)) and node_id in record:
                self.within(record[node_id], record.place(node_id))

    def nodes(self, record: Record | None) -> None:
        """Check that every key of a mapping is a capability."""
        if record is None:
            return
        for node_id in record.entries:
            self.node(node_id, record.key_place(node_id))
