"""What a framework version, or a weight profile, would make of assessments: all that run on it, or one. Read-only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.content.versions import Version
from app.core.crosswalk import Crosswalk
from app.core.impact import Impact, carried, impact, rescaled
from app.core.judging import RespondentAnswers, judge, respondent
from app.core.rank_changes import RankChange, rank_changes
from app.services.answering import WRITABLE
from app.services.assessing import agreed_score, answer, at_elements
from app.services.bridging import crosswalk_to
from app.services.engagements import (
    AssessmentSummary,
    EngagementView,
    assessment_record,
    get_engagement_by_id,
    list_assessments,
)
from app.services.interviewing import questionnaires_for
from app.services.permissions import Action
from app.services.pinning import pinned_framework, pinned_questionnaire
from app.services.recording import HeldInterview, Holdings, read_holdings
from app.services.walls import may
from app.storage import upgrades as store

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.framework import Framework, WeightProfile
    from app.core.questionnaire import Questionnaire
    from app.core.scoring import Judgement
    from app.storage.database import Session

    Weights = tuple[WeightProfile | None, WeightProfile | None]
    Look = Callable[[AssessmentSummary, EngagementView], "Prospect"]


# --- one assessment --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Foreseen:
    """What an assessment would be. `questionnaires`: what its open interviews would go on with, by interview."""

    impact: Impact
    questionnaires: Mapping[int, Questionnaire]


def foresee(
    session: Session, holdings: Holdings, walk: Crosswalk, *, library: Library, weights: Weights = (None, None)
) -> Foreseen:
    """Return what would become of an assessment that stands in the old version of `walk`."""
    pinned = {one.record.id: _pinned(session, one) for one in holdings.interviews}
    before = _judged(walk.old, Crosswalk(walk.old, walk.old), holdings, pinned)
    if rescaled(walk):
        return Foreseen(impact(walk, before, {}, weights=weights), {})
    moved = {} if walk.old == walk.new else open_interviews(holdings, walk.new, library)
    after = _judged(walk.new, walk, holdings, {**pinned, **moved})
    returning = [element for element in walk.opened if element in after]
    return Foreseen(impact(walk, before, after, weights=weights, returning=returning), moved)


def _pinned(session: Session, held: HeldInterview) -> Questionnaire | None:
    snapshot = held.record.questionnaire_snapshot_id
    return None if snapshot is None else pinned_questionnaire(session, snapshot, held.record.questionnaire_digest)


def _judged(
    framework: Framework, walk: Crosswalk, holdings: Holdings, questionnaires: Mapping[int, Questionnaire | None]
) -> dict[str, Judgement]:
    scale = framework.scale
    agreed = {element: agreed_score(row.values, scale, ()) for element, row in carried(walk, holdings.agreed).items()}
    respondents: list[RespondentAnswers] = []
    for held in holdings.interviews:
        if held.counts:
            said = {one: answer(row.values, scale) for one, row in carried(walk, held.answers).items()}
            guide = questionnaires[held.record.id]
            respondents.append(respondent(held.record.role, said, agreed=agreed, questionnaire=guide))
    return judge(framework, agreed, respondents)


def open_interviews(holdings: Holdings, framework: Framework, library: Library) -> dict[int, Questionnaire]:
    """Return the questionnaire that each interview still held would go on with, where it is another than its own.

    It is the newest version of the interview's own questionnaire that admits the framework version and has the role.
    """
    fitting = questionnaires_for(library, framework)
    found: dict[int, Questionnaire] = {}
    for held in holdings.interviews:
        reference = held.record.questionnaire_reference
        if held.record.state not in WRITABLE or held.record.archived_at is not None or reference is None:
            continue
        newest = _newest(fitting, reference.partition("@")[0], held.record.role)
        if newest is not None and newest.reference != reference:
            found[held.record.id] = newest
    return found


def _newest(fitting: Sequence[Questionnaire], key: str, role: str) -> Questionnaire | None:
    known = [one for one in fitting if one.id == key and role in {its.id for its in one.roles}]
    return max(known, key=lambda one: Version.lenient(one.version), default=None)


def stands_in(session: Session, assessment_id: int) -> tuple[Holdings, Framework]:
    """Return everything that is stored of an assessment, and the framework it stands in; raises NotFound."""
    record = assessment_record(session, assessment_id)
    framework = pinned_framework(session, record.framework_snapshot_id, record.framework_hash)
    return read_holdings(session, record), framework


# --- every assessment ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prospect:
    """One assessment of those a publication concerns. `impact` is None for one that stands in this very version.

    `other_scale`: it cannot be upgraded in its place; a further revision would be made.
    """

    summary: AssessmentSummary
    engagement: EngagementView
    impact: Impact | None
    other_scale: bool = False
    answers: int = 0


@dataclass(frozen=True)
class RoundOfUnits:
    """The current assessments of one round of an engagement; `ranks` are the places that would change."""

    engagement: EngagementView
    round_key: str
    prospects: tuple[Prospect, ...]
    ranks: tuple[RankChange, ...]


def impact_of_version(
    session: Session, new: Framework, *, library: Library, draft: bool = False
) -> tuple[RoundOfUnits, ...]:
    """Return what would become of every current assessment in use of a framework if it went to version `new`.

    Of engagements whose work is shown to whoever asks (see `assessments_out_of_sight`).
    `draft`: it is not published yet.
    """
    walks: dict[int, Crosswalk] = {}

    def look(summary: AssessmentSummary, engagement: EngagementView) -> Prospect:
        holdings, old = stands_in(session, summary.id)
        if old == new:
            return Prospect(summary, engagement, None)
        snapshot = holdings.record.framework_snapshot_id
        walk = walks.setdefault(snapshot, crosswalk_to(library, old, new, draft=draft))
        foreseen = foresee(session, holdings, walk, library=library)
        return Prospect(summary, engagement, foreseen.impact, rescaled(walk), _counted(holdings, old))

    return _by_round(session, new.id, look)


def impact_of_weights(
    session: Session, framework_id: str, weights: Weights, *, library: Library
) -> tuple[RoundOfUnits, ...]:
    """Return what another weight profile would make of every current assessment in use of a framework.

    Of engagements whose work is shown to whoever asks (see `assessments_out_of_sight`).
    """

    def look(summary: AssessmentSummary, engagement: EngagementView) -> Prospect:
        holdings, old = stands_in(session, summary.id)
        foreseen = foresee(session, holdings, Crosswalk(old, old), library=library, weights=weights)
        return Prospect(summary, engagement, foreseen.impact, answers=_counted(holdings, old))

    return _by_round(session, framework_id, look)


def assessments_out_of_sight(session: Session, framework_id: str) -> int:
    """Return how many assessments of a framework are in engagements whose work is not shown to whoever asks.

    They are counted, never named: who publishes a version should know that others run on it.
    """
    hidden = [one for one in store.engagements_on(session, framework_id) if not may(session, one, Action.READ)]
    return store.places_on(session, framework_id, hidden)


def _counted(holdings: Holdings, framework: Framework) -> int:
    """Return how many elements anything is stored about."""
    stored = {*at_elements(framework, holdings.agreed)}
    for held in holdings.interviews:
        stored.update(at_elements(framework, held.answers))
    return len(stored)


def _by_round(session: Session, framework_id: str, look: Look) -> tuple[RoundOfUnits, ...]:
    found: list[RoundOfUnits] = []
    for engagement_id in store.engagements_on(session, framework_id):
        if not may(session, engagement_id, Action.READ):
            continue
        engagement = get_engagement_by_id(session, engagement_id)
        if engagement.archived:
            continue
        rounds: dict[str, list[Prospect]] = {}
        for summary in list_assessments(session, engagement_id):
            if summary.current and summary.framework_id == framework_id:
                rounds.setdefault(summary.round.key, []).append(look(summary, engagement))
        found += [_round(engagement, key, prospects) for key, prospects in rounds.items()]
    return tuple(found)


def _round(engagement: EngagementView, key: str, prospects: Sequence[Prospect]) -> RoundOfUnits:
    """Ranks are told as after every proposal was confirmed, and only where all units would be on one scale."""
    impacts = {str(one.summary.id): one.impact for one in prospects if one.impact and not one.other_scale}
    comparable = len(impacts) == len(prospects)
    before = {unit: found.before for unit, found in impacts.items()}
    after = {unit: found.complete for unit, found in impacts.items()}
    ranks = rank_changes(before, after) if comparable else ()
    return RoundOfUnits(engagement, key, tuple(prospects), ranks)
