"""What an upgrade proposes for split and merged elements: looked at, confirmed, changed or declined by somebody.

A confirmed one becomes an agreed score by the way of all agreed scores (`agreeing`), with a reason that says where it
came from. Until then it counts nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.core.case import State
from app.core.scale import display
from app.services.agreeing import save_agreed
from app.services.answering import Conflict
from app.services.assessing import AssessmentView, load_assessment
from app.services.findings import refuse_closed
from app.services.permissions import Action, require
from app.services.pinning import pinned_framework
from app.services.refusals import NotFound
from app.storage import agreeing
from app.storage import upgrades as store
from app.storage.upgrades import CHANGED, CONFIRMED, DECLINED, PROPOSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.framework import Capability, Framework
    from app.services.clock import Clock
    from app.services.permissions import Actor
    from app.storage.database import Session
    from app.storage.upgrades import CarriedScore

METHOD = "carried"


@dataclass(frozen=True, slots=True)
class Origin:
    """What the old version said of one element that a proposal comes from; `agreed`: by the team, else computed."""

    element: Capability
    state: State
    score: Fraction | None
    agreed: bool


@dataclass(frozen=True)
class ProposalView:
    """A proposal as somebody decides it. `settled`: something is agreed about the element already, apart from it."""

    row: CarriedScore
    element: Capability
    former: Framework
    origins: tuple[Origin, ...]
    state: State
    score: Fraction | None
    settled: bool

    @property
    def id(self) -> int:
        """Its number."""
        return self.row.id

    @property
    def open(self) -> bool:
        """Tell whether it waits for somebody."""
        return self.row.state == PROPOSED and not self.empty

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to confirm: the element is to be assessed anew."""
        return self.state is State.OPEN


def proposals_for(session: Session, assessment_id: int) -> tuple[AssessmentView, tuple[ProposalView, ...]]:
    """Return an assessment with the proposals of its upgrades, in the order of the framework; raises NotFound.

    Withdrawn ones, and those about elements that the assessment no longer has, are left out.
    """
    view = load_assessment(session, assessment_id)
    former = {one.id: pinned_framework(session, one.from_snapshot_id) for one in store.upgrades_of(session, view.id)}
    rows = [row for row in store.carried_of(session, view.id) if row.state != store.WITHDRAWN]
    newest = {row.element: row for row in rows}  # a later upgrade proposes anew
    found = [
        _view(newest[leaf.id], leaf, former[newest[leaf.id].upgrade_id], view)
        for leaf in view.framework.leaves
        if leaf.id in newest
    ]
    return view, tuple(found)


def waiting(session: Session, assessment_id: int) -> int:
    """Return how many proposals of an assessment wait for somebody."""
    if not any(row.state == PROPOSED for row in store.carried_of(session, assessment_id)):
        return 0
    return sum(one.open for one in proposals_for(session, assessment_id)[1])


def _view(row: CarriedScore, element: Capability, former: Framework, view: AssessmentView) -> ProposalView:
    decided = view.agreed.get(element.id)
    return ProposalView(
        row=row,
        element=element,
        former=former,
        origins=tuple(_origin(one, former) for one in row.origins["elements"]),
        state=State(row.origins["state"]),
        score=None if row.steps is None else view.framework.scale.score_of(row.steps),
        settled=row.state == PROPOSED and decided is not None and decided.state is not State.OPEN,
    )


def _origin(told: Mapping[str, Any], former: Framework) -> Origin:
    score = None if told["score"] is None else Fraction(told["score"])
    return Origin(former.node(told["id"]), State(told["state"]), score, told["agreed"])


def confirm_proposals(
    session: Session, assessment_id: int, ids: tuple[int, ...], *, reason: str, actor: Actor, clock: Clock
) -> int:
    """Agree what is proposed, as it is; return how many were. Those decided or agreed meanwhile are passed over.

    `reason` says where the score comes from, in the words of the user's language. Raises NotPermitted, NotFound, and
    what `agreeing` refuses.
    """
    require(actor, Action.AGREE)
    view, found = proposals_for(session, assessment_id)
    chosen = [one for one in found if one.id in ids and one.open and not one.settled]
    return sum(_agree(session, view, one, _as_proposed(one, view), reason, CONFIRMED, actor, clock) for one in chosen)


def change_proposal(
    session: Session, assessment_id: int, proposal_id: int, score: str, *, reason: str, actor: Actor, clock: Clock
) -> bool:
    """Agree another score (decimal text) than the proposed one; False when it was decided or agreed meanwhile.

    Raises NotPermitted, NotFound, AnswerRefused (`score`).
    """
    require(actor, Action.AGREE)
    view, one = _one(session, assessment_id, proposal_id)
    if one.row.state != PROPOSED or one.settled:
        return False
    return _agree(session, view, one, {"score": score}, reason, CHANGED, actor, clock)


def decline_proposal(session: Session, assessment_id: int, proposal_id: int, *, actor: Actor, clock: Clock) -> bool:
    """Leave the element open; False when the proposal was decided meanwhile. Raises NotPermitted, NotFound."""
    require(actor, Action.AGREE)
    _, one = _one(session, assessment_id, proposal_id)
    refuse_closed(session, assessment_id)
    return store.decide_carried(session, one.id, state=DECLINED, user_id=actor.user_id, at=clock())


def _one(session: Session, assessment_id: int, proposal_id: int) -> tuple[AssessmentView, ProposalView]:
    view, found = proposals_for(session, assessment_id)
    for one in found:
        if one.id == proposal_id:
            return view, one
    raise NotFound("proposal", proposal_id)


def _as_proposed(one: ProposalView, view: AssessmentView) -> dict[str, str]:
    if one.score is None:
        return {"state": one.state.value}
    return {"state": one.state.value, "score": display(one.score, view.framework.scale.decimals)}


def _agree(  # noqa: PLR0917 - one decision: what, about what, why, by whom
    session: Session,
    view: AssessmentView,
    one: ProposalView,
    said: Mapping[str, str],
    reason: str,
    state: str,
    actor: Actor,
    clock: Clock,
) -> bool:
    former = agreeing.decision(session, view.id, one.element.id)
    changes: dict[str, object] = {**said, "reason": reason, "method": METHOD}
    outcome = save_agreed(
        session,
        assessment_id=view.id,
        element=one.element.id,
        mutation_id=f"{METHOD}:{one.id}:{former.version if former else 0}",
        base_version=former.version if former else 0,
        changes=changes,
        actor=actor,
        clock=clock,
    )
    if isinstance(outcome, Conflict):
        return False
    return store.decide_carried(session, one.id, state=state, user_id=actor.user_id, at=clock())
