"""The engagement of 2003, exactly as the content tells it. Makes nothing up: what the cases do not say stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.text import Text
from app.services.clock import Clock
from app.services.engagements import create_engagement, get_engagement
from app.services.importing import add_units, import_case
from app.services.permissions import Actor
from app.services.refusals import NotFound
from app.storage import assessments as store
from app.storage.database import Session

if TYPE_CHECKING:
    from app.content.library import Library
    from app.core.case import Case
    from app.services.engagements import EngagementView

FRAMEWORK = "telecom-crm"


def load_demo(session: Session, library: Library, clock: Clock, actor: Actor | None = None) -> str:
    """Store the units and cases of the main framework where they are missing; return the engagement's key.

    What is there already, changed or archived, is left alone.
    """
    tree = library.unit_tree(FRAMEWORK)
    key = tree.id if tree else f"{FRAMEWORK}-demo"
    engagement = _engagement(session, key, tree.name if tree else Text(en=key), clock=clock, actor=actor)
    if engagement.archived:
        return key
    if tree is not None:
        add_units(session, engagement, tree)
    known = {(record.key, record.framework_key) for record in store.assessments(session, engagement.id)}
    for case in library.cases(FRAMEWORK):
        if (case.id, FRAMEWORK) not in known:
            _case(session, case, key, library=library, clock=clock, actor=actor)
    return key


def _engagement(session: Session, key: str, name: Text, *, clock: Clock, actor: Actor | None) -> EngagementView:
    try:
        return get_engagement(session, key)
    except NotFound:
        return create_engagement(session, key=key, name=name, actor=actor, clock=clock)


def _case(session: Session, case: Case, key: str, *, library: Library, clock: Clock, actor: Actor | None) -> None:
    import_case(
        session,
        case,
        framework=library.framework(case.framework),
        engagement_key=key,
        library=library,
        actor=actor,
        clock=clock,
    )
