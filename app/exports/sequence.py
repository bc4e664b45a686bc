"""The tables and charts of a document one after the other, as sheets and files of data take them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.report import SectionKind
from app.core.text import Locale
from app.document.values import (
    Block,
    Cell,
    Document,
    Facts,
    Listing,
    Picture,
    Section,
    Sentence,
    Statement,
    Table,
    TableColumn,
    TableRow,
)
from app.exports.chart_figures import figures_of
from app.i18n import translator

FRONT = (SectionKind.COVER, SectionKind.CONTENTS)
_BETWEEN: dict[Locale, str] = {"zh": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the document, in its place. `picture` is set where it tells a chart's numbers; `top` is the part of
    the report that `section` belongs to."""

    top: Section
    section: Section
    table: Table
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the document, in its place; `statement` is the heading above it, None for a headline."""

    section: Section
    sentence: Sentence
    statement: Statement | None = None


def parts_of(document: Document) -> Iterator[Part]:
    """Yield every table, named fact and chart after the cover and the contents, in the order of the pages."""
    for top in document.sections:
        if top.kind in FRONT:
            continue
        for section in top.walk():
            for block in section.blocks:
                table = _as_table(block, document.locale)
                if table is not None:
                    yield Part(top, section, table, block if isinstance(block, Picture) else None)


def sentences_of(document: Document) -> Iterator[Said]:
    """Yield every sentence in the order of the pages: a section's headline before what stands below it."""
    for section in document.walk():
        if section.headline is not None:
            yield Said(section, section.headline)
        for block in section.blocks:
            if isinstance(block, Statement):
                yield from (Said(section, sentence, block) for sentence in block.sentences)


def facts_table(facts: Facts, locale: Locale) -> Table:
    """Return named facts as a table of two columns."""
    _ = translator(locale).gettext
    heads = (TableColumn(_("事项"), "text", 1), TableColumn(_("内容"), "text", 3))
    rows = tuple(TableRow((Cell(item.name), Cell(item.value, language=item.language))) for item in facts.items)
    return Table(facts.id, facts.title, heads, rows)


def _as_table(block: Block, locale: Locale) -> Table | None:
    match block:
        case Table():
            return block
        case Picture():
            return figures_of(block)
        case Facts():
            return facts_table(block, locale)
        case Listing():
            return _listing_table(block, locale)
        case _:
            return None


def _listing_table(listing: Listing, locale: Locale) -> Table:
    _ = translator(locale).gettext
    heads = (TableColumn(_("事项"), "text", 1), TableColumn(_("内容"), "text", 3))
    rows = tuple(TableRow((Cell(name), Cell(_BETWEEN[locale].join(items)))) for name, items in listing.groups)
    return Table(listing.id, listing.title, heads, rows)
