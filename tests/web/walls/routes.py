"""Every route of the application with the values of a world, and what somebody should be answered there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from app.services.permissions import Action, Part, Role
from app.services.walls import KINDS
from app.web.access import WITHIN
from tests.web.walls.world import Person
from tests.written_permissions import of_parts, of_roles, routes

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import Rule

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
NAMES = {"draft_id": "draft", "token": "personal link"}


class Verdict(Enum):
    """What somebody is answered: the door opens, or one of the ways in which it does not."""

    OPEN = "open"
    SIGN_IN = "sign in first"
    HIDDEN = "not found"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Call:
    """A method and an address of one route."""

    endpoint: str
    method: str
    address: str
    in_firm: bool

    @property
    def changes(self) -> bool:
        """Tell whether it changes something."""
        return self.method in UNSAFE


def about(application: Flask, rule: Rule) -> str:
    """Return whose things the address of a route names, as the document writes it."""
    named = {KINDS.get(name) or NAMES.get(name) for name in rule.arguments}
    within = getattr(application.view_functions[rule.endpoint], WITHIN, None)
    named.add(f"engagement in `?{within}=`" if within else None)
    return ", ".join(sorted(filter(None, named))) or "–"


def calls(application: Flask, values: Mapping[str, object]) -> list[Call]:
    """Return a call for every rule and method, about the things of `values`."""
    adapter = application.url_map.bind("localhost")
    found = []
    for rule in application.url_map.iter_rules():
        assert rule.arguments & KINDS.keys() <= values.keys(), f"tests/web/walls/world.py needs a thing for {rule}"
        arguments = {name: values.get(name, 1) for name in rule.arguments}
        within = getattr(application.view_functions[rule.endpoint], WITHIN, None)
        if within:
            arguments[within] = values["key"]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            address = adapter.build(rule.endpoint, arguments, method=method)
            in_firm = bool(within) or bool(KINDS.keys() & rule.arguments)
            found.append(Call(rule.endpoint, method, address, in_firm))
    return found


def expected(person: Person, call: Call, *, published: bool) -> Verdict:
    """Return what the document lets somebody do; `published`: the things belong to a published assessment."""
    action = routes()[call.endpoint].action
    if action is Action.ENTER:
        return Verdict.OPEN
    if person.role is None:
        return Verdict.SIGN_IN
    if person.role is Role.ADMINISTRATOR:
        return Verdict.OPEN
    if not call.in_firm:
        parts = [part for part in (person.part, person.elsewhere) if part]
        may = of_roles()[person.role].union(*(of_parts()[part] for part in parts))
        return Verdict.OPEN if action in may else Verdict.FORBIDDEN
    if person.part is None or (person.part is Part.EXECUTIVE and not published and _hangs_on_state(call)):
        return Verdict.HIDDEN
    of_role = of_roles()[person.role] & {Action.CREATE, Action.REVISE, Action.ADMINISTER}
    return Verdict.OPEN if action in of_parts()[person.part] | of_role else Verdict.FORBIDDEN


def _hangs_on_state(call: Call) -> bool:
    return any(part != "engagement" and "?" not in part for part in routes()[call.endpoint].about.split(", "))


def answered(status: int) -> Verdict:
    """Return what a status means."""
    return {401: Verdict.SIGN_IN, 403: Verdict.FORBIDDEN, 404: Verdict.HIDDEN}.get(status, Verdict.OPEN)
