"""Assessments of one unit in one round under several frameworks, and where they tell different stories.

They stand side by side: none is ever counted in the total of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.consistency import Divergence, divergences
from app.services.assessing import load_assessment
from app.services.engagements import list_assessments
from app.services.walls import PUBLISHED

if TYPE_CHECKING:
    from app.services.assessing import AssessmentView
    from app.services.engagements import AssessmentSummary
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
    return _others(session, view, [one for one in _at_its_place(session, view) if one.current])


def published_beside(session: Session, view: AssessmentView) -> tuple[AssessmentView, ...]:
    """Return the same among published assessments, as if there were no others: the newest published revisions."""
    published = [one for one in _at_its_place(session, view) if one.state == PUBLISHED]
    newest = {one.framework_id: one for one in published}  # they come in the order of their revisions
    if not any(one.id == view.id for one in newest.values()):
        return ()
    return _others(session, view, list(newest.values()))


def _at_its_place(session: Session, view: AssessmentView) -> list[AssessmentSummary]:
    listed = list_assessments(session, view.engagement.id)
    return [one for one in listed if (one.unit.id, one.round.id) == (view.unit.id, view.round.id)]


def _others(session: Session, view: AssessmentView, found: Sequence[AssessmentSummary]) -> tuple[AssessmentView, ...]:
    others = [one for one in found if one.framework_id != view.framework.id]
    return tuple(load_assessment(session, one.id) for one in sorted(others, key=lambda one: one.framework_id))


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
