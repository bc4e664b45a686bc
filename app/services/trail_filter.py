"""Whose trail, and what of it: scopes, and the filters that pages and exports offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.services.engagements import list_assessments
from app.storage.trail_sources import AGREED, ANSWER, EVENT, FINDING, SENTENCE, SOURCES, UPGRADE, WRITTEN, Asked

if TYPE_CHECKING:
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one sort: from which sources, and for events which beginnings of their kinds."""

    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


# what the filter offers, in its order
GROUPS: Mapping[str, Group] = {
    "scores": Group((AGREED,)),
    "answers": Group((ANSWER,)),
    "words": Group((FINDING, WRITTEN, SENTENCE)),
    "states": Group((UPGRADE,), ("assessment.", "interview.", "engagement.", "respondent.")),
    "files": Group((), ("import.", "export.", "report.")),
    "people": Group((), ("account.", "member.", "link.")),
    "sign-ins": Group((), ("sign-in.", "access.")),
    "content": Group((), ("content.",)),
    "operation": Group((), ("backup.", "restore.", "retention.")),
}
UNHEARD = ("assessment.", "export.", "import.", "report.")  # events that those may read who may not hear respondents


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose trail: of an assessment, of an engagement, or (neither) of the installation."""

    engagement_id: int | None = None
    assessment_id: int | None = None
    element: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted of it; None: everything. `unit` is a key; both days belong to it."""

    group: str | None = None
    user_id: int | None = None
    since: date | None = None
    until: date | None = None
    unit: str | None = None
    element: str | None = None


NO_FILTER = Filter()


def asked_for(session: Session, scope: Scope, wanted: Filter, *, hears: bool) -> Asked:
    """Return the query of what is wanted of a trail; without `hears` nothing that respondents said."""
    sources, kinds = _sources(scope, wanted, hears=hears)
    return Asked(
        engagement_id=scope.engagement_id,
        assessment_ids=_assessments(session, scope, wanted.unit),
        element=scope.element or wanted.element,
        user_id=wanted.user_id,
        since=None if wanted.since is None else _midnight(wanted.since),
        until=None if wanted.until is None else _midnight(wanted.until + timedelta(days=1)),
        sources=sources,
        kinds=kinds,
    )


def _sources(scope: Scope, wanted: Filter, *, hears: bool) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    kinds: tuple[str, ...] | None = None
    group = GROUPS.get(wanted.group or "")
    if group is not None:
        sources, kinds = ((EVENT, *group.sources) if group.kinds else group.sources), group.kinds
    elif scope == Scope():
        sources = (EVENT,)  # what is said of elements belongs to engagements: ask for it there, or by its group
    else:
        sources = SOURCES
    if not hears:
        sources = tuple(source for source in sources if source != ANSWER)
        kinds = UNHEARD if kinds is None else tuple(kind for kind in kinds if kind in UNHEARD)
        if not kinds:
            sources = tuple(source for source in sources if source != EVENT)
    return sources, kinds


def _assessments(session: Session, scope: Scope, unit: str | None) -> tuple[int, ...] | None:
    if scope.assessment_id is not None:
        return (scope.assessment_id,)
    if unit is None or scope.engagement_id is None:
        return None
    listed = list_assessments(session, scope.engagement_id, archived=True)
    return tuple(one.id for one in listed if one.unit.key == unit)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min).astimezone()
