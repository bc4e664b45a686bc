"""The walls between engagements: what is not theirs does not exist for a user. Never "forbidden", always "not found".

The web opens its sessions for whoever asks (`Database.opened_for`). Every way from an id to a thing passes here: the
address of a request in `place_of`, ids in bodies and queries in the accessors of the services (`check_engagement`,
`check_assessment`). A session that nobody asks through (command line, worker, a respondent's link) sees everything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from app.services.permissions import Action, Actor, Part, permitted_in
from app.services.refusals import Hidden, NotFound
from app.storage import memberships as store
from app.storage.database import Session

PUBLISHED = "published"
# part of an address -> kind of thing; what stands in neither names nothing that belongs to an engagement
KINDS: Mapping[str, str] = {
    "key": "engagement",
    "assessment_id": "assessment",
    "interview_id": "interview",
    "finding_id": "finding",
    "attachment_id": "attachment",
    "job_id": "job",
    "report_id": "report",
}


def asker(session: Session) -> Actor | None:
    """Return who asks through this session; None: nobody has to be asked."""
    return cast("Actor | None", session.info.get("asker"))


def sees_engagement(session: Session, engagement_id: int) -> bool:
    """Tell whether an engagement exists for whoever asks."""
    actor = asker(session)
    return actor is None or actor.sees(engagement_id)


def sees_assessment(session: Session, engagement_id: int, state: str) -> bool:
    """Tell whether an assessment in that state exists for whoever asks: executives see published ones."""
    actor = asker(session)
    if actor is None or actor.is_administrator:
        return True
    part = actor.memberships.get(engagement_id)
    return part is not None and (part is not Part.EXECUTIVE or state == PUBLISHED)


def engagements_in_view(session: Session, engagement_id: int | None = None) -> Collection[int] | None:
    """Return the ids of the engagements that exist for whoever asks, of one where given; None: all there are."""
    actor = asker(session)
    if actor is None or actor.is_administrator:
        return None if engagement_id is None else (engagement_id,)
    return [one for one in actor.memberships if engagement_id in (None, one)]


def is_choosy(session: Session) -> bool:
    """Tell whether whoever asks sees but a part of some engagement: then lists have to be looked through."""
    actor = asker(session)
    return actor is not None and not actor.is_administrator and Part.EXECUTIVE in actor.memberships.values()


def sees_made(session: Session, engagement_id: int | None, parameters: Mapping[str, Any]) -> bool:
    """Tell whether what was made in an engagement (a report, a job) exists for whoever asks.

    For executives it does where every assessment that its parameters name is published.
    """
    actor = asker(session)
    if actor is None or actor.is_administrator:
        return True
    if engagement_id is None or not actor.sees(engagement_id):
        return False
    if actor.memberships[engagement_id] is not Part.EXECUTIVE:
        return True
    named = parameters.get("assessments") or ()
    states = store.states_of(session, named)
    return bool(named) and all(states.get(one) == PUBLISHED for one in named)


def hides(session: Session, assessment_ids: Collection[int]) -> bool:
    """Tell whether one of these assessments is there, but not for whoever asks."""
    homes = (store.home_of(session, "assessment", one) for one in assessment_ids)
    return any(
        home is not None
        and home.engagement_id is not None
        and not sees_assessment(session, home.engagement_id, home.assessment_state or "")
        for home in homes
    )


def check_made(
    session: Session, engagement_id: int | None, parameters: Mapping[str, Any], *, what: str, key: object
) -> None:
    """Raise NotFound for `what` unless what was made with these parameters exists for whoever asks."""
    if not sees_made(session, engagement_id, parameters):
        raise Hidden(what, key)


def may(session: Session, engagement_id: int, action: Action) -> bool:
    """Tell whether whoever asks may do `action` in an engagement; yes where nobody has to be asked."""
    actor = asker(session)
    return actor is None or permitted_in(actor, engagement_id, action)


def check_engagement(session: Session, engagement_id: int, *, what: str, key: object) -> None:
    """Raise NotFound for `what` unless its engagement exists for whoever asks."""
    if not sees_engagement(session, engagement_id):
        raise Hidden(what, key)


def check_assessment(session: Session, engagement_id: int, state: str, *, what: str, key: object) -> None:
    """Raise NotFound for `what` unless its assessment exists for whoever asks."""
    if not sees_assessment(session, engagement_id, state):
        raise Hidden(what, key)


def place_of(session: Session, arguments: Mapping[str, object]) -> int | None:
    """Return the id of the engagement that an address is about; None if it is about none.

    Raises NotFound when a thing of the address does not exist for whoever asks, or when its things belong to different
    engagements.
    """
    found: int | None = None
    for name, key in arguments.items():
        kind = KINDS.get(name)
        if kind is None:
            continue
        home = store.home_of(session, kind, key)
        if home is None:
            raise NotFound(kind, key)
        if home.engagement_id is None:
            continue
        check_engagement(session, home.engagement_id, what=kind, key=key)
        if home.parameters is not None:
            check_made(session, home.engagement_id, home.parameters, what=kind, key=key)
        if home.assessment_state is not None:
            check_assessment(session, home.engagement_id, home.assessment_state, what=kind, key=key)
        if found is not None and found != home.engagement_id:
            raise NotFound(kind, key)
        found = home.engagement_id
    return found
