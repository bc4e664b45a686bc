"""Every figure of every capability, as files of data take them: the scoring function's, in document order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from app.core.scoring import Status

if TYPE_CHECKING:
    from app.charts.spec import Mark
    from app.core.compare import Column
    from app.core.framework import Capability
    from app.document.material import Material
    from app.document.voice import Voice


@dataclass(frozen=True, slots=True)
class NodeFigure:
    """A column's figure of one capability. `text` is what the report prints; `score` stands also where it is withheld.

    `state` is set for elements of units, `published` is a figure printed by the source, `origin` says whether a
    carrier's figure was given, the middle of a range, or computed.
    """

    column: Column
    text: str
    score: Fraction | None
    status: Status | None
    low: Fraction | None = None
    high: Fraction | None = None
    coverage: Fraction | None = None
    attained: Fraction | int | None = None
    state: str | None = None
    published: Fraction | None = None
    origin: str | None = None

    @property
    def withheld(self) -> bool:
        """Tell whether the report prints bounds in place of the score."""
        return self.status is Status.INSUFFICIENT


def nodes_of(material: Material) -> Iterator[Capability | None]:
    """Yield every capability in document order, None for the overall last."""
    yield from material.framework.nodes
    yield None


def figures_at(material: Material, node: Capability | None, voice: Voice) -> Iterator[NodeFigure]:
    """Yield a capability's figure in every column that has one to tell."""
    key = node.id if node else None
    for column in material.comparison.columns:
        mark = voice.figures.mark(column, key)
        if column.scorecard is not None:
            yield _of_unit(column, key, mark)
        elif (figure := column.figures.get(key)) is not None:
            low, high = figure.bounds or (None, None)
            yield NodeFigure(column, mark.short, figure.value, figure.status, low, high, origin=figure.origin)


def _of_unit(column: Column, key: str | None, mark: Mark) -> NodeFigure:
    assert column.scorecard is not None
    score = column.scorecard.node(key)
    low, high = score.bounds or (None, None)
    return NodeFigure(
        column,
        mark.short,
        score.score,
        score.status,
        low,
        high,
        coverage=score.coverage,
        attained=score.attained,
        state=score.state.value if score.state else None,
        published=score.published,
    )
