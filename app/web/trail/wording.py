"""What the lines of the trail are called: events, histories, fields and values. Codes in, words out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.core.text import Text
from app.web.context import locale, translate
from app.web.finishing.wording import ASSESSMENT_STATES
from app.web.interviews.wording import STATES
from app.web.trail.codes import ACTS, CODES, DETAILS, EVENTS, FIELDS, HASHES, JUDGEMENTS, OF_HISTORY, THINGS

if TYPE_CHECKING:
    from app.services.trail_reading import Entry, FieldChange


def event_name(entry: Entry) -> str:
    """Return what a line is called; a kind without a word is shown as it is stored."""
    known = EVENTS.get(entry.kind) or EVENTS.get(entry.source)
    return translate(known) if known else entry.kind


def thing_words(entry: Entry) -> str:
    """Return what an entry is about beside its place: a kind of thing, with its name or its number."""
    if entry.about is None:
        return ""
    kind, number = entry.about
    word = translate(THINGS[kind]) if kind in THINGS else kind
    if isinstance(entry.about_name, Text):
        return f"{word} {entry.about_name.in_locale(locale())}"
    return f"{word} {entry.about_name or number}"


def history_note(entry: Entry) -> str:
    """Return how a revision came about, where it was no plain save."""
    known = OF_HISTORY.get(entry.kind.rpartition(".")[2]) if entry.source != "event" else None
    return translate(known) if known else ""


def field_name(change: FieldChange) -> str:
    """Return what a field is called."""
    known = FIELDS.get(change.name)
    return translate(known) if known else change.name


def value_words(name: str, value: Any) -> str:
    """Return a value of a field or detail as people read it."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return translate("是") if value else translate("否")
    if isinstance(value, str):
        return _code_words(name, value)
    if isinstance(value, Mapping):
        return "；".join(f"{key}: {value_words('', one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return str(len(value)) if name == "sources" else "、".join(value_words(name, one) for one in value)
    return str(value)


def _code_words(name: str, value: str) -> str:
    tables = (JUDGEMENTS, ASSESSMENT_STATES, STATES, ACTS) if name == "state" else (CODES.get(name, {}),)
    known = next((words[value] for words in tables if value in words), None)  # type: ignore[index]
    return translate(known) if known else value


def details_words(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the details of an event in words; a hash by its beginning."""
    told = []
    for name, value in details.items():
        words = value_words(name, value)
        told.append((translate(DETAILS[name]) if name in DETAILS else name, words[:12] if name in HASHES else words))
    return told
