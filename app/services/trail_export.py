"""The trail as a file: CSV for spreadsheets, JSON Lines for programs. Times in UTC, no text that reads as a formula."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from io import StringIO
from typing import TYPE_CHECKING, Any

from app.exports.cell_text import plain, reads_as_formula

if TYPE_CHECKING:
    from app.services.trail_reading import Entry

COLUMNS = (
    "at",
    "kind",
    "user_id",
    "user",
    "engagement",
    "engagement_id",
    "assessment_id",
    "unit",
    "round",
    "revision",
    "element",
    "about",
    "about_id",
    "changes",
    "details",
    "request",
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def lines_csv(entries: Iterator[Entry]) -> Iterator[str]:
    """Yield a file of comma-separated values, with a byte order mark and a line of column names."""
    yield "\ufeff" + _row(COLUMNS)
    for entry in entries:
        values = as_document(entry)
        yield _row(tuple(_cell(values[name]) for name in COLUMNS))


def lines_json(entries: Iterator[Entry]) -> Iterator[str]:
    """Yield one JSON object per line."""
    for entry in entries:
        yield json.dumps(as_document(entry), ensure_ascii=False) + "\n"


def as_document(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain values, by COLUMNS."""
    assessment = entry.assessment
    kind, number = entry.about or (None, None)
    return {
        "at": entry.at.astimezone(UTC).isoformat(timespec="seconds"),
        "kind": entry.kind,
        "user_id": entry.user_id,
        "user": entry.user,
        "engagement": entry.engagement.key if entry.engagement else None,
        "engagement_id": entry.engagement_id,
        "assessment_id": entry.assessment_id,
        "unit": assessment.unit.key if assessment else None,
        "round": assessment.round.key if assessment else None,
        "revision": assessment.revision if assessment else None,
        "element": entry.element,
        "about": kind,
        "about_id": number,
        "changes": {one.name: {"before": one.before, "after": one.after} for one in entry.changes},
        "details": dict(entry.details),
        "request": entry.request,
    }


def _row(values: tuple[str, ...]) -> str:
    written = StringIO()
    csv.writer(written).writerow(values)
    return written.getvalue()


def _cell(value: Any) -> str:
    if value is None or value == {}:
        return ""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else plain(str(value))
    return f"'{text}" if reads_as_formula(text) and not _NUMBER.fullmatch(text) else text


FORMATS: Mapping[str, tuple[str, Callable[[Iterator[Entry]], Iterator[str]]]] = {
    "csv": ("text/csv", lines_csv),
    "jsonl": ("application/jsonl", lines_json),
}
