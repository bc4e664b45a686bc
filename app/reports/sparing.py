"""What WeasyPrint and its parser do for nothing is spared. The pages stay the same: a test compares the files.

Six pseudo-elements that hardly any report has get a style for every element; a page that was laid out again sends all
that refer to it back to layout, because the number of pages is known by then; and the parser of HTML puts together the
same few regular expressions for every tag, as its own store of them is never found again.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cssselect2 import Matcher
from tinyhtml5 import inputstream
from weasyprint import HTML
from weasyprint.css.targets import TargetCollector

# pseudo-elements that WeasyPrint's own sheet gives to all, and the word that a report says which has them
_RARE = {
    "footnote-call": "footnote",
    "footnote-marker": "footnote",
    "note-call": "note(",
    "note-marker": "note(",
    "note-callback": "note(",
    "marker": "list-item",
}
_PAGES = "pages"
_OWN = ("counter()", "counters()")
_TARGETED = ("target-counter()", "target-counters()")


class Source(HTML):  # type: ignore[misc]
    """HTML whose elements have no style for what does not occur in it."""

    def __init__(self, html: str, sheets: Collection[str], **options: Any) -> None:
        super().__init__(string=html, base_url=None, encoding="utf-8", **options)
        said = " ".join((html, *sheets)).lower()
        self._spared = {pseudo for pseudo, word in _RARE.items() if word not in said}

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return [_without(sheet, self._spared) for sheet in super()._ua_stylesheets(forms)]


def _without(sheet: Any, pseudos: Collection[str]) -> Any:
    """Return a sheet without the rules for pseudo-elements of any element whatever; markers are left to lists."""
    matcher: Matcher = copy.copy(sheet.matcher)
    matcher.other_selectors = [entry for entry in matcher.other_selectors if entry[3] not in pseudos]
    markers = [entry for entry in sheet.matcher.other_selectors if entry[3] == "marker" and "marker" in pseudos]
    named = matcher.lower_local_name_selectors
    matcher.lower_local_name_selectors = {**named, "li": [*named.get("li", ()), *markers]}
    lighter = copy.copy(sheet)
    lighter.matcher = matcher
    return lighter


class _Expressions(dict[tuple[Any, bool], "re.Pattern[str]"]):
    """The expression for a run of characters, by the characters and whether they are meant or all others."""

    def __missing__(self, key: tuple[Any, bool]) -> re.Pattern[str]:
        characters, meant = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        self[key] = re.compile(f"[{'' if meant else '^'}{listed}]+")
        return self[key]


def _told_apart(box: Any, own: list[str], others: dict[Any, list[str]]) -> tuple[list[str], dict[Any, list[str]]]:
    """Return the counters that a box wants of its own page, and of those where the anchors stand that it refers to.

    WeasyPrint makes one list of both, and knows no anchor's name that stands in an attribute.
    """
    said = box.style["content"]
    own = own if any(kind in _OWN for kind, _ in said) else []
    unnamed = others.get(None, [])
    named = {name: counters for name, counters in others.items() if name is not None}
    for kind, value in said if unnamed else ():
        if kind in _TARGETED and value[0][0] == "attr()":
            named[(box.element.get(value[0][1][0]) or "").removeprefix("#")] = unnamed
    return own, named


@contextmanager
def sparing() -> Iterator[None]:
    """While this lasts, spare what can be spared in parsing and in laying out."""
    noted, expressions = TargetCollector.cache_target_page_counters, inputstream.characters_until_regex
    collected = TargetCollector.collect_missing_counters

    def note(collector: TargetCollector, anchor: str, counters: Mapping[str, Any], *others: Any) -> None:
        wanted = any(
            _PAGES in missed
            for item in collector.counter_lookup_items.values()
            for missed in item.missing_target_counters.values()
        )
        kept = counters if wanted else {name: value for name, value in counters.items() if name != _PAGES}
        noted(collector, anchor, kept, *others)

    def collect(  # noqa: PLR0917 - WeasyPrint's own parameters
        collector: TargetCollector, box: Any, place: str, again: object, own: list[str], others: dict[Any, list[str]]
    ) -> None:
        if place == "content":
            own, others = _told_apart(box, own, others)
        collected(collector, box, place, again, own, others)

    TargetCollector.cache_target_page_counters = note
    TargetCollector.collect_missing_counters = collect
    inputstream.characters_until_regex = _Expressions()
    try:
        yield
    finally:
        TargetCollector.cache_target_page_counters = noted
        TargetCollector.collect_missing_counters = collected
        inputstream.characters_until_regex = expressions
