"""Members of an engagement that is archived: they may go, and nobody comes or rises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.core.text import Text
from app.services import accounts, memberships
from app.services.engagements import archive_engagement, create_engagement, restore_engagement
from app.services.permissions import Actor, Part, Role
from app.services.refusals import Invalid, NotFound
from tests.services.signing import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.storage.database import Session
    from tests.conftest import FixedClock


def added(session: Session, name: str, role: Role, clock: FixedClock) -> Actor:
    user = accounts.add_user(session, name=name, password=PASSWORD, role=role, clock=clock)
    return Actor(user.id, user.name, user.display_name, user.role)


def test_members_of_an_archived_engagement_may_be_removed_and_nothing_else(session: Session, clock: FixedClock) -> None:
    lead = added(session, "ann", Role.CONSULTANT, clock)
    for name in ("bo", "cy"):
        added(session, name, Role.CONSULTANT, clock)
    place = create_engagement(session, key="east", name=Text(en="East"), actor=lead, clock=clock).id
    bo = memberships.add_member(session, place, "bo", Part.CONSULTANT, actor=lead, clock=clock).user_id
    archive_engagement(session, "east", clock)
    refusals: tuple[Callable[[], object], ...] = (
        lambda: memberships.add_member(session, place, "cy", Part.OBSERVER, actor=lead, clock=clock),
        lambda: memberships.take_in(session, place, "cy", Part.OBSERVER, actor=lead, clock=clock),
        lambda: memberships.change_part(session, place, bo, Part.LEAD, actor=lead, clock=clock),
    )
    for what in refusals:
        with pytest.raises(Invalid) as refused:
            what()
        assert (refused.value.field, refused.value.code) == ("engagement", "archived")
    assert {one.name: one.part for one in memberships.list_members(session, place)} == {
        "ann": Part.LEAD,
        "bo": Part.CONSULTANT,
    }
    memberships.remove_member(session, place, bo, actor=lead, clock=clock)
    assert [one.name for one in memberships.list_members(session, place)] == ["ann"]
    restore_engagement(session, "east")
    memberships.add_member(session, place, "cy", Part.OBSERVER, actor=lead, clock=clock)


def test_nobody_becomes_a_member_of_an_engagement_that_is_not_there(session: Session, clock: FixedClock) -> None:
    lead = added(session, "ann", Role.CONSULTANT, clock)
    with pytest.raises(NotFound):
        memberships.add_member(session, 4711, "ann", Part.LEAD, actor=lead, clock=clock)
