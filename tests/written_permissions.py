"""What docs/permissions.md says: the tables of roles and parts, and a row for every route."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.services.permissions import Action, Part, Role
from app.settings import CHECKOUT

SECTION = r"^## {}.*?$(.*?)(?=^## |\Z)"
OF_ACTION = re.compile(r"^\| `(?P<action>[a-z]+)` \|(?P<cells>.*)\|$", re.MULTILINE)
OF_ROUTE = re.compile(r"^\| `(?P<endpoint>[\w.]+)` \| (?P<action>\w+) \| (?P<about>[^|]*?) \|$", re.MULTILINE)
ROLES = (None, Role.READER, Role.EDITOR, Role.CONSULTANT, Role.ADMINISTRATOR)
PARTS = (Part.EXECUTIVE, Part.OBSERVER, Part.CONSULTANT, Part.LEAD)


@dataclass(frozen=True, slots=True)
class Route:
    """The row of a route: the action that it asks for, and whose things its address names."""

    action: Action
    about: str


def _section(title: str) -> str:
    text = (CHECKOUT / "docs" / "permissions.md").read_text("utf-8")
    found = re.search(SECTION.format(title), text, re.MULTILINE | re.DOTALL)
    assert found, f"docs/permissions.md has no section {title}"
    return found[1]


def _table(title: str, columns: Sequence[str | None]) -> dict[str | None, frozenset[Action]]:
    cells = {Action(row["action"]): row["cells"].split("|") for row in OF_ACTION.finditer(_section(title))}
    return {
        column: frozenset(action for action, said in cells.items() if said[place].strip() == "yes")
        for place, column in enumerate(columns)
    }


@cache
def of_roles() -> dict[str | None, frozenset[Action]]:
    """Return what each role may do outside of engagements; None: nobody signed in."""
    return _table("Roles", ROLES)


@cache
def of_parts() -> dict[str | None, frozenset[Action]]:
    """Return what each part may do in its engagement."""
    return _table("Parts", PARTS)


@cache
def routes() -> dict[str, Route]:
    """Return the rows of the routes by endpoint."""
    found = [
        (row["endpoint"], Route(Action(row["action"]), row["about"])) for row in OF_ROUTE.finditer(_section("Routes"))
    ]
    names = [name for name, _ in found]
    assert len(names) == len(set(names)), "a route has two rows in docs/permissions.md"
    return dict(found)
