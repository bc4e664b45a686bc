"""What is archived is read-only: the one question that every service asks before it changes an engagement.

Taking away stays possible (removing members, ending links, erasing), and so do reading, exporting and restoring.
"""

from __future__ import annotations

from app.services.refusals import Invalid, NotFound
from app.storage import engagements as store
from app.storage.database import Session


def is_archived(session: Session, engagement_id: int) -> bool:
    """Tell whether an engagement is archived; NotFound if there is none."""
    record = store.engagement_by_id(session, engagement_id)
    if record is None:
        raise NotFound("engagement", engagement_id)
    return record.archived_at is not None


def check_in_use(session: Session, engagement_id: int) -> None:
    """Raise Invalid (`engagement`: archived) when nothing may be added to an engagement or changed in it; NotFound."""
    if is_archived(session, engagement_id):
        raise Invalid("engagement", "archived", "the engagement is archived; restore it first")
