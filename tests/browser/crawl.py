"""Follows links as a visitor would and sorts what it finds by the route that answers. Knows HTTP and HTML, no page."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from playwright.sync_api import APIRequestContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map


@dataclass(frozen=True, slots=True)
class Found:
    """One address that a link leads to, and what came back."""

    path: str  # with its query
    linked_from: str
    endpoint: str
    status: int
    content_type: str

    @property
    def is_page(self) -> bool:
        """Is it something that a browser shows, rather than a file to keep?"""
        return self.content_type.startswith("text/html")


@dataclass(slots=True)
class Crawl:
    """A walk over the links that are reachable from where it starts.

    `most` limits how many pages of a kind are asked for: the elements of one assessment, the selections (which live in
    the query and combine without end) of one comparison.
    """

    routes: Map
    client: APIRequestContext
    address: str  # of the server, without a slash at the end
    most: int
    _seen: set[str] = field(default_factory=set)
    _kinds: dict[Hashable, int] = field(default_factory=lambda: defaultdict(int))

    def run(self, starts: Iterable[str]) -> tuple[Found, ...]:
        """Follow the links from `starts`; every address once, in the order in which a visitor would meet them."""
        waiting = deque((path, "the start") for path in starts)
        found: list[Found] = []
        while waiting:
            path, origin = waiting.popleft()
            if self._is_wanted(path):
                answer = self.client.get(self.address + path)
                content_type = answer.headers.get("content-type", "")
                found.append(Found(path, origin, self._route(path)[0], answer.status, content_type))
                if found[-1].is_page:
                    waiting.extend((link, path) for link in self._local_links(answer.text(), answer.url))
        return tuple(found)

    def _is_wanted(self, path: str) -> bool:
        if path in self._seen:
            return False
        self._seen.add(path)
        kind = self._kind(path)
        self._kinds[kind] += 1
        return self._kinds[kind] <= self.most

    def _kind(self, path: str) -> Hashable:
        """Return what siblings have in common: the route, all but its last argument, the names in its query."""
        endpoint, arguments = self._route(path)
        query = {name for name, _ in parse_qsl(urlsplit(path).query, keep_blank_values=True)}
        return endpoint, tuple(map(str, list(arguments.values())[:-1])), tuple(sorted(query))

    def _route(self, path: str) -> tuple[str, Mapping[str, Any]]:
        try:
            endpoint, arguments = self.routes.bind("").match(urlsplit(path).path, method="GET")
        except HTTPException:
            return "none", {}
        return str(endpoint), arguments

    def _local_links(self, html: str, at: str) -> Iterator[str]:
        for link in _Links.of(html):
            target = urlsplit(urldefrag(urljoin(at, link)).url)
            if f"{target.scheme}://{target.netloc}" == self.address:
                yield target.path + (f"?{target.query}" if target.query else "")


def spread(found: Iterable[Found], *, each: int) -> tuple[Found, ...]:
    """Choose pages for a closer look: `each` of every route, taken evenly from first to last."""
    by_route: dict[str, list[Found]] = defaultdict(list)
    for page in found:
        by_route[page.endpoint].append(page)
    return tuple(page for pages in by_route.values() for page in _evenly(pages, each))


def _evenly(pages: list[Found], number: int) -> list[Found]:
    if len(pages) <= number:
        return pages
    return [pages[index * (len(pages) - 1) // (number - 1)] for index in range(number)]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        return parser.links

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        target = dict(attrs).get("href")
        if tag == "a" and target:
            self.links.append(target)
