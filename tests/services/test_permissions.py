"""The matrices of roles, parts and actions, as docs/permissions.md writes them down."""

from __future__ import annotations

import pytest

from app.services.permissions import (
    EVERYTHING,
    INSTALLATION,
    OF_PART,
    OF_ROLE,
    Action,
    Actor,
    NotPermitted,
    Part,
    Role,
    permitted,
    permitted_somewhere,
    require,
)
from tests.written_permissions import PARTS, ROLES, of_parts, of_roles

HERE, ELSEWHERE = 1, 2


def someone(role: Role | None, part: Part | None = None) -> Actor | None:
    """Return an actor of that role with that part in the engagement HERE, None for nobody."""
    return None if role is None else Actor(1, "x", "X", role, {} if part is None else {HERE: part})


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_document_says(role: Role | None) -> None:
    assert {action for action in Action if permitted(someone(role), action)} == of_roles()[role]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_may_do_what_the_document_says(part: Part) -> None:
    reader = Actor(1, "x", "X", Role.READER, {HERE: part}).within(HERE)
    assert reader.actions == of_parts()[part] | {Action.ENTER}
    assert OF_PART[part] == of_parts()[part]


def test_every_role_and_every_part_has_a_column() -> None:
    assert set(OF_ROLE) == set(Role) == set(ROLES) - {None}
    assert set(OF_PART) == set(Part) == set(PARTS)


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR, Role.CONSULTANT])
@pytest.mark.parametrize("part", PARTS)
def test_in_an_engagement_the_part_decides_and_the_role_adds_only_what_is_of_no_engagement(
    role: Role, part: Part
) -> None:
    here = Actor(1, "x", "X", role, {HERE: part}).within(HERE)
    assert here.actions - INSTALLATION == OF_PART[part]
    assert here.actions & INSTALLATION == OF_ROLE[role] & INSTALLATION


def test_nobody_acts_in_an_engagement_that_is_not_theirs() -> None:
    stranger = Actor(1, "x", "X", Role.CONSULTANT, {ELSEWHERE: Part.LEAD})
    assert not stranger.sees(HERE)
    with pytest.raises(ValueError, match="no part"):
        stranger.within(HERE)


def test_an_administrator_may_do_everything_everywhere_whatever_their_part() -> None:
    chief = Actor(1, "x", "X", Role.ADMINISTRATOR, {HERE: Part.EXECUTIVE})
    assert chief.sees(ELSEWHERE)
    assert chief.within(HERE).actions == chief.within(ELSEWHERE).actions == EVERYTHING


def test_pages_outside_of_engagements_open_to_whoever_may_do_it_in_one() -> None:
    lead = someone(Role.READER, Part.LEAD)
    assert not permitted(lead, Action.EDIT)
    assert permitted_somewhere(lead, Action.EDIT)
    assert not permitted_somewhere(someone(Role.READER, Part.OBSERVER), Action.EDIT)
    assert permitted_somewhere(someone(Role.READER), Action.READ)
    assert not permitted_somewhere(None, Action.READ)
    assert permitted_somewhere(None, Action.ENTER)


def test_whoever_may_not_is_stopped() -> None:
    require(someone(Role.ADMINISTRATOR), Action.ADMINISTER)
    with pytest.raises(NotPermitted) as refused:
        require(someone(Role.READER), Action.EDIT)
    assert refused.value.signed_in
    with pytest.raises(NotPermitted) as refused:
        require(None, Action.READ)
    assert not refused.value.signed_in
