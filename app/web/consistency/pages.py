"""Where the frameworks of one unit and round tell different stories, in the reader's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from app.core.consistency import far
from app.core.framework import Capability, Framework
from app.core.scale import Scale, decimals_of, display
from app.core.text import Text
from app.services.consistency import Hint, beside, hints
from app.web.context import translate

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class ScoredElement:
    """An element with its score, and the assessment that it is of."""

    view: AssessmentView
    node: Capability
    score: Fraction

    @property
    def scale(self) -> Scale:
        """The scale of the score."""
        return self.view.framework.scale

    @property
    def decimals(self) -> int:
        """How many decimals the score is printed with: two where it lies between the points of the scale."""
        return self.scale.decimals if self.scale.on_grid(self.score) else 2


@dataclass(frozen=True, slots=True)
class HintLine:
    """One hint: the element, its relatives, what they would lead to expect, and how far off it is in words."""

    said: ScoredElement
    relatives: tuple[ScoredElement, ...]
    expected: Fraction
    distance: str


@dataclass(frozen=True)
class ConsistencyPage:
    """The assessments beside one of the same unit and round, and where they are far apart.

    `limit`: from which distance on, on the scale of the one in question. `main`: the framework that all or most
    relatives belong to, which need not be said with each.
    """

    beside: tuple[AssessmentView, ...]
    lines: tuple[HintLine, ...]
    limit: str

    @cached_property
    def _main(self) -> Framework | None:
        owners = [one.view.framework for line in self.lines for one in line.relatives]
        counted = Counter(owner.id for owner in owners)
        return next((owner for owner in owners if owner.id == counted.most_common(1)[0][0]), None)

    @property
    def main(self) -> str | None:
        """The id of the framework that most relatives belong to."""
        return self._main.id if self._main else None

    @property
    def main_name(self) -> Text | None:
        """Its name."""
        return self._main.name if self._main else None


def consistency_page(session: Session, view: AssessmentView, element: str | None = None) -> ConsistencyPage:
    """Return the hints about an assessment, or about one of its elements."""
    neighbours = beside(session, view)
    found = hints(view, neighbours)
    limit = far(view.framework.scale)
    return ConsistencyPage(
        beside=neighbours,
        lines=tuple(_line(hint) for hint in found if element is None or hint.concerns(view, element)),
        limit=display(limit, min(decimals_of(limit), 2)),
    )


def _line(hint: Hint) -> HintLine:
    divergence = hint.divergence
    size = display(abs(divergence.difference), 2)
    words = translate("高 %(points)s 分") if divergence.difference > 0 else translate("低 %(points)s 分")
    return HintLine(
        said=_scored(hint.said, divergence.element, divergence.score),
        relatives=tuple(_scored(hint.others[one.framework], one.element, one.score) for one in divergence.relatives),
        expected=divergence.expected,
        distance=words % {"points": size},
    )


def _scored(view: AssessmentView, element: str, score: Fraction) -> ScoredElement:
    return ScoredElement(view, view.framework.node(element), score)
