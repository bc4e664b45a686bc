"""No cell of the tables of roles and parts can change without being noticed against the written ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from app.services import permissions
from app.services.permissions import ANYBODY, INSTALLATION, OF_PART, OF_ROLE, Action, Part, Role
from tests.services import test_permissions as comparing
from tests.written_permissions import PARTS, ROLES

BELOW_ADMINISTRATOR = [role for role in Role if role is not Role.ADMINISTRATOR]


def notices(comparison: Callable[..., None], *arguments: Any) -> bool:
    """Tell whether a comparison with docs/permissions.md fails."""
    try:
        comparison(*arguments)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", ROLES)
def test_a_changed_cell_of_a_role_is_noticed(
    monkeypatch: pytest.MonkeyPatch, role: Role | None, action: Action
) -> None:
    assert not notices(comparing.test_a_role_may_do_what_the_document_says, role)
    if role is None:
        monkeypatch.setattr(permissions, "ANYBODY", ANYBODY ^ {action})
    else:
        monkeypatch.setitem(cast("dict[Role, frozenset[Action]]", OF_ROLE), role, OF_ROLE[role] ^ {action})
    assert notices(comparing.test_a_role_may_do_what_the_document_says, role)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("part", PARTS)
def test_a_changed_cell_of_a_part_is_noticed(monkeypatch: pytest.MonkeyPatch, part: Part, action: Action) -> None:
    assert not notices(comparing.test_a_part_may_do_what_the_document_says, part)
    monkeypatch.setitem(cast("dict[Part, frozenset[Action]]", OF_PART), part, OF_PART[part] ^ {action})
    assert notices(comparing.test_a_part_may_do_what_the_document_says, part)


@pytest.mark.parametrize("action", Action)
def test_what_a_role_takes_along_into_engagements_cannot_change_unnoticed(
    monkeypatch: pytest.MonkeyPatch, action: Action
) -> None:
    """A change means nothing where no role but the administrator's has the action, or every part has it anyway."""
    monkeypatch.setattr(permissions, "INSTALLATION", INSTALLATION ^ {action})
    noticed = any(
        notices(
            comparing.test_in_an_engagement_the_part_decides_and_the_role_adds_only_what_is_of_no_engagement, role, part
        )
        for role in BELOW_ADMINISTRATOR
        for part in PARTS
    )
    means_something = any(
        action in OF_ROLE[role] and action not in OF_PART[part] for role in BELOW_ADMINISTRATOR for part in PARTS
    )
    assert noticed == means_something
