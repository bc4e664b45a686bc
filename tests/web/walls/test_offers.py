"""No page offers what would be refused: every link and form of every page that somebody may open lets them in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from app.services.walls import KINDS
from app.web.access import WITHIN
from tests.web.conftest import Visitor
from tests.web.walls.routes import Call, Verdict, calls, expected
from tests.web.walls.world import ELSEWHERE, FIRM, PEOPLE, Person, World

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.routing import MapAdapter

Enter = Callable[[str], Visitor]
BY_DAY = ("observer", "executive")
LOOKERS = [
    pytest.param(one, id=one.name, marks=() if one.name in BY_DAY else pytest.mark.nightly)
    for one in PEOPLE
    if one.role and one.name != "administrator"
]


class Offers(HTMLParser):
    """The addresses that a page offers: (method, address)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.add(("GET", values["href"] or ""))
        if tag in ("img", "script", "link") and (values.get("src") or values.get("href")):
            self.found.add(("GET", values.get("src") or values.get("href") or ""))
        if tag == "form":
            self.found.add(((values.get("method") or "get").upper(), values.get("action") or ""))


@pytest.mark.parametrize("looker", LOOKERS)
def test_nothing_is_offered_that_would_be_refused(
    application: Flask, world: World, enter: Enter, looker: Person
) -> None:
    visitor, adapter = enter(looker.name), application.url_map.bind("localhost")
    refused: dict[tuple[str, str], str] = {}
    for page, text in pages(application, world, visitor, looker):
        for method, address in Offers(text).found:
            call = called(application, adapter, method, address)
            if call is None or (method, address) in refused or (ELSEWHERE in address and looker.elsewhere):
                continue
            assert ELSEWHERE not in address, f"{address} is offered by {page}"
            published = is_about_published(call, world)
            verdict = expected(looker, call, published=published)
            if verdict is not Verdict.OPEN:
                refused[method, address] = f"{verdict.value}, offered by {page}"
    assert refused == {}


def pages(application: Flask, world: World, visitor: Visitor, looker: Person) -> Iterator[tuple[str, str]]:
    """Open every page that somebody may open; return its address and text."""
    for published, values in ((False, world.open), (True, world.published)):
        for call in calls(application, values):
            if call.changes or (published and not call.in_firm):
                continue
            if expected(looker, call, published=published) is not Verdict.OPEN:
                continue
            with visitor.client.get(call.address) as answer:
                assert answer.status_code < 500 or call.endpoint == "health.readyz", call.address
                if answer.mimetype == "text/html":
                    yield call.address, answer.get_data(as_text=True)


def called(application: Flask, adapter: MapAdapter, method: str, address: str) -> Call | None:
    """Return the route that an address of this site leads to; None elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return None
    try:
        endpoint, arguments = adapter.match(parts.path, method=method)
    except HTTPException:
        raise AssertionError(f"{method} {address} leads nowhere") from None
    within = getattr(application.view_functions[endpoint], WITHIN, None)
    in_firm = bool(KINDS.keys() & arguments.keys()) or bool(within and f"{within}={FIRM}" in parts.query)
    return Call(endpoint, method, parts.path, in_firm)


def is_about_published(call: Call, world: World) -> bool:
    """Tell whether an address is about a thing of the published assessment."""
    numbers = {part for part in call.address.split("/") if part.isdigit()}
    return not numbers or bool(numbers & {str(one) for one in world.published.values() if isinstance(one, int)})
