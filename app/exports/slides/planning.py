"""A document as slides, before any file is written: which stand in which order, what is on each, which anchor is where.

Every section begins a slide of its own, and every child of a section; a section without anything of its own is a name
in the contents only, as on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.core.report import SectionKind
from app.document.values import Document, Facts, Section, Sentence, Statement, Words
from app.exports import measuring
from app.exports.measuring import Contents, Item, Message
from app.exports.office_look import HEADLINE, POINT, TITLE, leading
from app.exports.slides.arranging import BOTTOM, FULL, GUTTER, LEFT, RIGHT, Placed, arrange
from app.exports.slides.splitting import split

TITLE_TOP = 15.0
TEXT_WIDTH = 240.0  # the longest line of running text
_LEGEND = 104.0  # width of the legend beside the contents
_AIR = 4.0
_MESSAGE_SIZES = (16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0)


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide. `part` is the name of the top section where the slide belongs to a child; `number` counts from 1.

    `turn` counts the slides of one section, from 1; only the first has headline and editor's text.
    """

    number: int
    section: Section
    top: Section
    turn: int
    headline: Sentence | None
    headline_top: float
    placed: tuple[Placed, ...]
    anchors: tuple[str, ...]

    @property
    def part(self) -> str:
        """The name of the section above, empty where the slide is the section's own."""
        return "" if self.section is self.top else self.top.title


@dataclass(frozen=True, slots=True)
class Plan:
    """All slides, and on which each anchor stands."""

    slides: tuple[Slide, ...]
    places: Mapping[str, int]


def plan(document: Document) -> Plan:
    """Return the slides of a document."""
    slides: list[Slide] = []
    places: dict[str, int] = {}
    for top in map(_remark_below, document.sections):
        for section in top.walk():
            number = len(slides) + 1
            for anchor in _anchors(section):
                places.setdefault(anchor, number)
            slides += _slides(document, section, top, number)
    last = max(1, len(slides))
    return Plan(tuple(slides), {anchor: min(number, last) for anchor, number in places.items()})


def _remark_below(top: Section) -> Section:
    """Put what is only remarked on a section below its first part, as on paper, and not on a slide of its own."""
    remarked = top.blocks and all(isinstance(block, Statement) for block in top.blocks)
    if not remarked or not top.children or top.headline or top.text:
        return top
    first, *others = top.children
    first = replace(first, blocks=(*first.blocks, *top.blocks))
    return replace(top, blocks=(), children=(first, *others))


def _anchors(section: Section) -> Iterator[str]:
    yield section.id
    for block in section.blocks:
        yield block.id


def _slides(document: Document, section: Section, top: Section, number: int) -> Iterator[Slide]:
    if section.kind is not SectionKind.CONTENTS and not (section.blocks or section.headline or section.text):
        return
    title_bottom = TITLE_TOP + title_lines(section.title) * leading(TITLE) * POINT + 1
    start = title_bottom
    if section.headline:
        start += measuring.text_height(section.headline.text, FULL, HEADLINE) + 1
    pages = _pages(document, section, start + _AIR, title_bottom + _AIR)
    for turn, placed in enumerate(pages, start=1):
        yield Slide(
            number=number + turn - 1,
            section=section,
            top=top,
            turn=turn,
            headline=section.headline if turn == 1 else None,
            headline_top=title_bottom,
            placed=tuple(placed),
            anchors=tuple(dict.fromkeys(_ids(placed))),
        )


def title_lines(title: str) -> int:
    """Return how many lines a slide's title takes."""
    return measuring.line_count(title, FULL, TITLE)


def _ids(placed: list[Placed]) -> Iterator[str]:
    for one in placed:
        if not isinstance(one.item, (Words, Contents)):
            yield one.item.id


def _pages(document: Document, section: Section, first: float, top: float) -> list[list[Placed]]:
    if section.kind is SectionKind.COVER:
        return [[Placed(block, LEFT, 0.0, FULL, 0.0) for block in section.blocks]]  # the cover has its own places
    if section.kind is SectionKind.CONTENTS:
        return _contents(document, section, first)
    items: list[Item] = [section.text] if section.text else []
    for block in section.blocks:
        spoken = section.kind is SectionKind.MESSAGE and isinstance(block, Statement)
        items.append(_message(block, BOTTOM - first) if spoken and isinstance(block, Statement) else block)
    return arrange(items, first, top)


def _message(block: Statement, room: float) -> Message:
    """Return the sentences of the message page as large as they can stand together on one slide."""
    for size in _MESSAGE_SIZES:
        found = Message(block.id, block.sentences, 1, size)
        if measuring.heights(found, FULL)[0] <= room:
            return found
    return found


def _contents(document: Document, section: Section, top: float) -> list[list[Placed]]:
    """Return the lines of the contents in two columns, with the legend on the right of the first slide."""
    rest: Item | None = Contents(tuple((entry.target, entry.title, entry.depth) for entry in document.contents))
    facts = [block for block in section.blocks if isinstance(block, Facts)]
    pages: list[list[Placed]] = []
    while rest is not None or not pages:
        placed: list[Placed] = []
        beside = facts if not pages else []
        width = (FULL - (_LEGEND + GUTTER if beside else 0) - GUTTER) / 2
        for column in range(2):
            if rest is None:
                break
            parts = split(rest, width, BOTTOM - top)
            item, rest = parts if parts else (rest, None)
            placed.append(Placed(item, LEFT + column * (width + GUTTER), top, width, BOTTOM - top))
        at = top
        for block in beside:
            high = measuring.heights(block, _LEGEND)[0]
            placed.append(Placed(block, RIGHT - _LEGEND, at, _LEGEND, high))
            at += high + measuring.GAP
        pages.append(placed)
    return pages
