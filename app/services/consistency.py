"""Assessments of one unit in one round under several frameworks, and where they tell different stories.

They stand side by side: none is ever counted in the total of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.consistency import Divergence, divergences
from app.services.assessing import load_assessment
from app.services.engagements import list_assessments

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class Hint:
    """An element of the assessment `said` that stands far from its relatives; `others` by framework id."""

    said: AssessmentView
    divergence: Divergence
    others: dict[str, AssessmentView]

    def concerns(self, view: AssessmentView, element: str) -> bool:
        """Tell whether an element of an assessment is one of those that stand far apart."""
        if self.said.id == view.id:
            return self.divergence.element == element
        return any(one.framework == view.framework.id and one.element == element for one in self.divergence.relatives)


def beside(session: Session, view: AssessmentView) -> tuple[AssessmentView, ...]:
    """Return the current assessments of the same unit and round under other frameworks, by framework id."""
    if view.archived or not view.current:
        return ()
    found = [
        one
        for one in list_assessments(session, view.engagement.id)
        if one.current
        and one.unit.id == view.unit.id
        and one.round.id == view.round.id
        and one.framework_id != view.framework.id
    ]
    return tuple(load_assessment(session, one.id) for one in sorted(found, key=lambda one: one.framework_id))


def hints(view: AssessmentView, neighbours: tuple[AssessmentView, ...]) -> tuple[Hint, ...]:
    """Return where an assessment and those beside it stand far apart, the farthest first.

    Both what its own elements say of related ones, and what elements of the others say of its own.
    """
    everyone = {one.framework.id: one for one in (view, *neighbours)}
    found = []
    for said in everyone.values():
        heard = {key: one for key, one in everyone.items() if one.id != said.id and view.id in (one.id, said.id)}
        cards = {key: one.scorecard for key, one in heard.items()}
        found += [Hint(said, one, heard) for one in divergences(said.scorecard, cards)]
    return tuple(sorted(found, key=lambda hint: -_share(hint)))


def _share(hint: Hint) -> float:
    scale = hint.said.framework.scale
    return float(abs(hint.divergence.difference) / (scale.maximum - scale.minimum))
