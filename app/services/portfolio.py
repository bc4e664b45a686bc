"""An engagement at a glance: its unit tree with rounds, how far each assessment is, and its overall score."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.case import State
from app.core.framework import Method, WeightProfile
from app.core.scale import Scale
from app.core.scoring import NodeScore
from app.core.text import Text
from app.services.assessing import AssessmentView, load_current
from app.services.engagements import (
    EngagementView,
    RoundView,
    UnitView,
    get_engagement,
    list_assessments,
    list_rounds,
    list_units,
)
from app.services.permissions import Action
from app.services.walls import may
from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class Progress:
    """How many elements are scored (or inferred), how many could be, and how many there are with those not applicable.

    `interviews` counts those in use.
    """

    scored: int
    applicable: int
    elements: int
    interviews: int

    @property
    def started(self) -> bool:
        """Tell whether anything is known."""
        return self.scored > 0 or self.interviews > 0 or self.applicable < self.elements


@dataclass(frozen=True, slots=True)
class Entry:
    """The current assessment of a unit in a round: its progress and overall figures."""

    assessment_id: int
    round: RoundView
    framework_id: str
    framework_version: str
    framework_name: Text
    scale: Scale
    revision: int
    state: str
    progress: Progress
    overall: NodeScore


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit with its current assessments (rounds in order) and the units below it."""

    unit: UnitView
    entries: tuple[Entry, ...]
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Portfolio:
    """An engagement: rounds in use and the trees of its units in use."""

    engagement: EngagementView
    rounds: tuple[RoundView, ...]
    branches: tuple[Branch, ...]

    def walk(self) -> tuple[Branch, ...]:
        """Return every branch, parents before children."""
        found: list[Branch] = []
        stack = list(reversed(self.branches))
        while stack:
            branch = stack.pop()
            found.append(branch)
            stack.extend(reversed(branch.branches))
        return tuple(found)


def portfolio(
    session: Session, engagement_key: str, *, weights: WeightProfile | None = None, method: Method | None = None
) -> Portfolio:
    """Return an engagement at a glance, archived units and rounds apart; NotFound if there is none."""
    engagement = get_engagement(session, engagement_key)
    entries: dict[str, list[Entry]] = {}
    for view in load_current(session, engagement.id, weights=weights, method=method):
        entries.setdefault(view.unit.key, []).append(entry(view))
    units = shown_units(session, engagement.id)
    return Portfolio(engagement, list_rounds(session, engagement.id), _branches(units, None, entries))


def shown_units(session: Session, engagement_id: int) -> tuple[UnitView, ...]:
    """Return the units in use; to executives those of which a result is published, and the units above these."""
    units = list_units(session, engagement_id)
    if may(session, engagement_id, Action.READ):
        return units
    parents = {unit.key: unit.parent for unit in units}
    shown: set[str | None] = {None}
    for one in list_assessments(session, engagement_id):
        key: str | None = one.unit.key
        while key not in shown:
            shown.add(key)
            key = parents.get(key or "")
    return tuple(unit for unit in units if unit.key in shown)


def entry(view: AssessmentView) -> Entry:
    """Return a loaded assessment at a glance."""
    return Entry(
        assessment_id=view.id,
        round=view.round,
        framework_id=view.framework.id,
        framework_version=view.framework.version,
        framework_name=view.framework.name,
        scale=view.framework.scale,
        revision=view.revision,
        state=view.state,
        progress=progress(view),
        overall=view.scorecard.overall,
    )


def progress(view: AssessmentView) -> Progress:
    """Return how far an assessment is."""
    states = [judgement.state for judgement in view.scorecard.judgements.values()]
    elements = len(view.framework.leaves)
    return Progress(
        scored=sum(state.has_score for state in states),
        applicable=elements - states.count(State.NOT_APPLICABLE),
        elements=elements,
        interviews=len(view.interviews),
    )


def _branches(units: tuple[UnitView, ...], parent: str | None, entries: dict[str, list[Entry]]) -> tuple[Branch, ...]:
    return tuple(
        Branch(unit, tuple(entries.get(unit.key, ())), _branches(units, unit.key, entries))
        for unit in units
        if unit.parent == parent
    )
