"""What the page of a report's sentences shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.text import Text
from app.document.message.rulebook import explained
from app.services.assessing import load_assessment
from app.services.refusals import NotFound
from app.services.rewording import Book, Place, Remnant
from app.web.context import locale, translate, translate_plural

if TYPE_CHECKING:
    from app.content.library import Library
    from app.services.kept_reports import KeptReport
    from app.storage.database import Session


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with why the machine says so, and what is to be looked at again."""

    place: Place
    rule: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences of a section."""

    id: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All sentences. `answer` counts them; `doubtful` are the rows that somebody should look at again."""

    answer: str
    parts: tuple[Part, ...]
    doubtful: tuple[Row, ...]
    left_over: Sequence[Remnant]


def shown(book: Book) -> Page:
    """Return what the page shows."""
    parts = tuple(
        Part(chapter.id, chapter.title, tuple(_row(place) for place in chapter.places)) for chapter in book.chapters
    )
    rows = [row for part in parts for row in part.rows]
    return Page(_answer(rows), parts, tuple(row for row in rows if row.doubts), book.left_over)


def _row(place: Place) -> Row:
    doubts = []
    if place.outdated:
        doubts.append(translate("改写之后，机器的句子变了。请核对数字，再改写或恢复。"))
    if place.foreign_numbers:
        separator = ", " if locale() == "en" else "、"
        numbers = separator.join(place.foreign_numbers)
        doubts.append(translate("机器的句子里没有这些数字：%(numbers)s。请核对。") % {"numbers": numbers})
    if place.without_numbers:
        doubts.append(translate("句中没有数字；读者看不出它依据什么。"))
    return Row(place, explained(place.machine.rule, locale()), tuple(doubts))


def _answer(rows: Sequence[Row]) -> str:
    worded, doubtful = sum(row.place.wording is not None for row in rows), sum(bool(row.doubts) for row in rows)
    total = {"total": len(rows), "n": worded, "doubtful": doubtful}
    if not worded:
        return translate("%(total)s 个句子都是机器按数字写的；每句都可以改写。") % total
    counted = translate_plural(
        "%(total)s 个句子，其中 %(n)s 个由人工改写。", "%(total)s 个句子，其中 %(n)s 个由人工改写。", worded
    )
    if not doubtful:
        return counted % total
    return counted % total + translate("有 %(doubtful)s 个要再看一看。") % total


def about(session: Session, library: Library, kept: KeptReport) -> dict[str, object]:
    """Return what tells one report from the next: its kind, and the units in it."""
    kinds = {one.id: one.name for one in library.reports()}
    names: list[Text] = []
    for assessment_id in kept.parameters["assessments"]:
        try:
            names.append(load_assessment(session, assessment_id).unit.name)
        except NotFound:
            continue
    separator = ", " if locale() == "en" else "、"
    units = separator.join(name.in_locale(locale()) for name in names)
    return {
        "kind": kinds[kept.template].in_locale(locale()) if kept.template in kinds else kept.template,
        "units": units,
    }
