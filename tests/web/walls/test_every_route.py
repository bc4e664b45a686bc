"""Every route is tried as everybody: who has no part in an engagement finds nothing of it, the others their part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from app.services.permissions import Action
from app.web.access import MARK, WITHIN, requires
from tests.web.conftest import Visitor
from tests.web.walls.routes import Call, Verdict, about, answered, calls, expected
from tests.web.walls.world import Person, World
from tests.written_permissions import Route, routes

if TYPE_CHECKING:
    from flask import Flask

Enter = Callable[[str], Visitor]

# what ends the visit itself
ENDS_THE_VISIT = {"signing.sign_out", "responding.leave"}


def test_every_route_has_a_row_in_the_document_and_asks_for_what_it_says(application: Flask) -> None:
    """What fails here tells the rows as they would have to stand in docs/permissions.md."""
    things: dict[str, set[str]] = {}
    for rule in application.url_map.iter_rules():
        things.setdefault(rule.endpoint, set()).add(about(application, rule))
    real = {
        endpoint: Route(getattr(application.view_functions[endpoint], MARK), "; ".join(sorted(named)))
        for endpoint, named in things.items()
    }
    written = routes()
    missing = [
        f"| `{endpoint}` | {route.action} | {route.about} |"
        for endpoint, route in sorted(real.items())
        if written.get(endpoint) != route
    ]
    gone = sorted(set(written) - set(real))
    assert (missing, gone) == ([], [])


@pytest.mark.parametrize(
    "whole",
    [False, pytest.param(True, marks=pytest.mark.nightly)],
    ids=["doors", "whole"],
)
def test_everybody_is_answered_on_every_route_as_the_document_says(  # noqa: PLR0917 - fixtures
    application: Flask, world: World, enter: Enter, person: Person, whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By day only the doors are tried: where one is to open, nothing stands behind it. By night everything does."""
    visitor = enter(person.name)
    token = visitor.token()
    doors, views = doors_of(application), dict(application.view_functions)
    monkeypatch.setattr(application, "view_functions", dict(views))
    wrong = []
    for published, values in ((False, world.open), (True, world.published)):
        for call in calls(application, values):
            if call.endpoint in ENDS_THE_VISIT or (published and not (call.in_firm and person.part)):
                continue
            verdict = expected(person, call, published=published)
            behind = views if whole or verdict is not Verdict.OPEN else doors
            application.view_functions[call.endpoint] = behind[call.endpoint]
            status = ask(visitor, call, token)
            if not agrees(call, verdict, status):
                wrong.append((call.endpoint, call.method, call.address, verdict.value, status))
    assert wrong == []


def doors_of(application: Flask) -> dict[str, Callable[..., Any]]:
    """Return every view of the application with its door and nothing behind it."""

    def nothing(**_: object) -> str:
        return ""

    return {
        endpoint: requires(getattr(view, MARK), within=getattr(view, WITHIN))(nothing)
        for endpoint, view in application.view_functions.items()
    }


def ask(visitor: Visitor, call: Call, token: str) -> int:
    """Return the status of the answer; sent to the sign-in page counts as 401."""
    with visitor.client.open(call.address, method=call.method, headers={"X-CSRFToken": token}) as answer:
        if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in"):
            return 401
        return answer.status_code


def agrees(call: Call, verdict: Verdict, status: int) -> bool:
    """Tell whether an answer is what was expected. What is open may still refuse a bad form."""
    if verdict is not Verdict.OPEN:
        return answered(status) is verdict
    if routes()[call.endpoint].action is Action.ENTER:
        return status < 500 or call.endpoint == "health.readyz"
    if routes()[call.endpoint].about == "draft" and status == 403:
        return True  # behind the door drafts are for whoever writes them; their own tests look at that
    if call.endpoint == "jobs.cancel" and status == 403:
        return True  # so are jobs, for whoever asked for them
    return status < 500 and answered(status) in (Verdict.OPEN, Verdict.HIDDEN)
