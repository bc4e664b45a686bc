"""Finding units, elements and findings by words. Substrings, so that Chinese needs no word boundaries."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.framework import Capability, Framework
from app.core.text import Text
from app.services.engagements import (
    AssessmentSummary,
    EngagementView,
    UnitView,
    assessment_record,
    list_assessments,
    list_engagements,
    list_units,
)
from app.services.permissions import Action
from app.services.pinning import pinned_framework
from app.services.walls import may
from app.storage import search as store
from app.storage.database import Session

LONGEST_QUERY = 100
MOST_WORDS = 8
MOST_HITS = 100  # of each kind


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found.

    `unit`: a unit. `capability`: a node of a framework that the engagement uses; `assessment` is one that uses it.
    `finding`: what was found out about `element` in `assessment`. `text` is what matched, `title` what it belongs to.
    """

    kind: Literal["unit", "capability", "finding"]
    engagement: EngagementView
    title: Text
    text: Text
    unit: UnitView | None = None
    assessment: AssessmentSummary | None = None
    element: str | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found; `cut` tells that there is more than was asked for."""

    units: tuple[Hit, ...] = ()
    capabilities: tuple[Hit, ...] = ()
    findings: tuple[Hit, ...] = ()
    cut: bool = False

    def __len__(self) -> int:
        return len(self.units) + len(self.capabilities) + len(self.findings)


def search(
    session: Session,
    query: str,
    *,
    engagement: EngagementView | None = None,
    limit: int = MOST_HITS,
) -> Hits:
    """Find what holds every word of `query`, in one engagement or all that are in use; nothing for an empty query.

    Case is ignored, full-width letters and digits in `query` match ordinary ones; `%` and `_` are ordinary characters.
    Archived units, rounds, assessments and findings are passed over. Everything found first stands first. Who does not
    read the work there finds the units of results that they see and no others, and of agreed scores what explains them.
    Other notes at agreed scores are looked at only for those who read the work there, what was noted in interviews only
    for those who hold interviews there.
    """
    written = query[:LONGEST_QUERY].casefold().split()[:MOST_WORDS]
    words = [_folded(word) for word in written]
    if not words:
        return Hits()
    engagements = [engagement] if engagement else list(list_engagements(session))
    current = {one.id: [a for a in list_assessments(session, one.id) if a.current] for one in engagements}
    spellings = [sorted({word, _folded(word)}) for word in written]
    units = _units(session, spellings, engagements, current)[: limit + 1]
    capabilities = _capabilities(session, words, engagements, current)[: limit + 1]
    findings = _findings(session, spellings, engagements, current, limit=limit + 1)
    cut = any(len(found) > limit for found in (units, capabilities, findings))
    return Hits(tuple(units[:limit]), tuple(capabilities[:limit]), tuple(findings[:limit]), cut)


def _units(
    session: Session,
    words: store.Words,
    engagements: Sequence[EngagementView],
    current: dict[int, list[AssessmentSummary]],
) -> list[Hit]:
    by_engagement = {engagement.id: engagement for engagement in engagements}
    views: dict[int, UnitView] = {}
    for engagement in engagements:
        assessed = {one.unit.id for one in current[engagement.id]}
        everything = may(session, engagement.id, Action.READ)
        views |= {unit.id: unit for unit in list_units(session, engagement.id) if everything or unit.id in assessed}
    return [
        Hit("unit", by_engagement[found.engagement_id], unit.name, unit.name, unit=unit)
        for found in store.units(session, words, engagement_ids=list(by_engagement))
        for unit in [views.get(found.unit_id)]
        if unit is not None
    ]


def _capabilities(
    session: Session,
    words: Sequence[str],
    engagements: Sequence[EngagementView],
    current: dict[int, list[AssessmentSummary]],
) -> list[Hit]:
    hits = []
    for engagement in engagements:
        seen: set[str] = set()
        for assessment in current[engagement.id]:
            if assessment.framework_reference not in seen:
                seen.add(assessment.framework_reference)
                framework = _framework(session, assessment)
                hits += [
                    Hit("capability", engagement, node.name, text, assessment=assessment, element=node.id)
                    for node in framework.walk()
                    for text in [_matching(node, words)]
                    if text is not None
                ]
    return hits


def _framework(session: Session, assessment: AssessmentSummary) -> Framework:
    return pinned_framework(session, assessment_record(session, assessment.id).framework_snapshot_id)


def _matching(node: Capability, words: Sequence[str]) -> Text | None:
    """Return the name, else the definition, that holds every word; the code and id count with the name."""
    name = f"{node.id} {node.code or ''} {node.name.zh or ''} {node.name.en or ''}"
    if _holds(name, words):
        return node.name
    definition = node.definition
    if definition and _holds(f"{name} {definition.zh or ''} {definition.en or ''}", words):
        return definition
    return None


def _holds(text: str, words: Sequence[str]) -> bool:
    folded = _folded(text)
    return all(word in folded for word in words)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _findings(
    session: Session,
    words: store.Words,
    engagements: Sequence[EngagementView],
    current: dict[int, list[AssessmentSummary]],
    *,
    limit: int,
) -> list[Hit]:
    of = {a.id: (engagement, a) for engagement in engagements for a in current[engagement.id]}
    reads, hears = (
        [a for a, (engagement, _) in of.items() if may(session, engagement.id, action)]
        for action in (Action.READ, Action.ANSWER)
    )
    within = store.Within(found=list(of), agreed=reads, said=hears)
    hits = []
    for found in store.findings(session, words, within=within, limit=limit):
        engagement, assessment = of[found.assessment_id]
        framework = _framework(session, assessment)
        if found.element not in framework:
            continue  # of an element that another version had: it stands in that version's record
        title = framework.node(found.element).name
        hits.append(
            Hit(
                "finding",
                engagement,
                title,
                found.text,
                unit=assessment.unit,
                assessment=assessment,
                element=found.element,
            )
        )
    return hits
