"""Who acts in tests: accounts with the part in the demo engagement that most tests mean by a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.permissions import Actor, Part, Role

if TYPE_CHECKING:
    from app.services.clock import Clock
    from app.storage.database import Session

PART_OF = {Role.CONSULTANT: Part.LEAD, Role.EDITOR: Part.OBSERVER, Role.READER: Part.OBSERVER}


def acting(user_id: int, name: str, display_name: str, role: Role, *, part: Part | None = None) -> Actor:
    """Return a user as they act in an engagement: consultants as its lead, editors and readers as observers."""
    return Actor(user_id, name, display_name, role, part=part or PART_OF.get(role))


def enrol_everybody(session: Session, clock: Clock) -> None:
    """Make every account a member of every engagement, with the part that `acting` gives it."""
    from app.services.accounts import list_users
    from app.services.engagements import list_engagements
    from app.services.memberships import add_member, list_members

    for engagement in list_engagements(session):
        members = {member.user_id for member in list_members(session, engagement.id)}
        for user in list_users(session):
            if user.role in PART_OF and user.id not in members:
                add_member(session, engagement.id, user.name, PART_OF[user.role], actor=None, clock=clock)
