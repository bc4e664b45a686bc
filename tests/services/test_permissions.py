"""The matrix of roles and actions, as docs/permissions.md writes it down."""

from __future__ import annotations

import re

import pytest

from app.services.permissions import MATRIX, Action, Actor, NotPermitted, Role, permitted, require
from app.settings import CHECKOUT

ROW = re.compile(r"^\| `(?P<action>[a-z]+)` \|(?P<cells>.*)\|$", re.MULTILINE)
COLUMNS = [None, Role.READER, Role.EDITOR, Role.CONSULTANT, Role.ADMINISTRATOR]


def written() -> dict[tuple[Role | None, Action], bool]:
    """Return the matrix of the document."""
    text = (CHECKOUT / "docs" / "permissions.md").read_text("utf-8")
    return {
        (role, Action(row["action"])): cell.strip() == "yes"
        for row in ROW.finditer(text)
        for role, cell in zip(COLUMNS, row["cells"].split("|"), strict=False)
    }


def someone(role: Role | None) -> Actor | None:
    """Return an actor of that role, None for nobody."""
    return None if role is None else Actor(1, "x", "X", role)


@pytest.mark.parametrize("role", COLUMNS)
@pytest.mark.parametrize("action", list(Action))
def test_the_predicate_is_what_the_document_says(role: Role | None, action: Action) -> None:
    assert permitted(someone(role), action) is written()[role, action]


def test_every_role_has_a_column() -> None:
    assert set(MATRIX) == set(Role) == set(COLUMNS) - {None}


def test_whoever_may_not_is_stopped() -> None:
    require(someone(Role.ADMINISTRATOR), Action.ADMINISTER)
    with pytest.raises(NotPermitted) as refused:
        require(someone(Role.READER), Action.EDIT)
    assert refused.value.signed_in
    with pytest.raises(NotPermitted) as refused:
        require(None, Action.READ)
    assert not refused.value.signed_in
