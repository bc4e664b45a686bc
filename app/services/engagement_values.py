"""What may be stored of units, rounds and engagements: ids, names of one line, sizes."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from app.core.text import Text
from app.services.lines import one_line
from app.services.refusals import Invalid
from app.storage.encoding import decimal_text

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ROUND_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 64
LONGEST_NAME = 200


def check_id(key: str, pattern: re.Pattern[str]) -> None:
    """Raise Invalid (`bad-id`) unless `key` is an id of this pattern."""
    if len(key) > LONGEST_ID or not pattern.fullmatch(key):
        message = f"{key!r} is no id: lower-case letters and digits, joined by single hyphens, at most {LONGEST_ID}"
        raise Invalid("key", "bad-id", message, key=key)


def assessment_key(unit: str, round_key: str) -> str:
    """Return the id under which an assessment travels as a case file: made of its unit and round."""
    return f"{unit}-{round_key}"[:LONGEST_ID].rstrip("-")


def checked_name(name: Text) -> Text:
    """Return a name without blanks around it; Invalid unless it is one line in at least one language."""
    checked = Text(_stripped(name.zh), _stripped(name.en))
    if checked.zh is None and checked.en is None:
        raise Invalid("name", "empty", "give a name in at least one language")
    return checked


def _stripped(text: str | None) -> str | None:
    return one_line(text or "", field="name", longest=LONGEST_NAME) or None


def unit_values(name: Text, kind: str | None, size: Fraction | None) -> dict[str, Any]:
    """Return name, kind and size of a unit as its columns; Invalid for what cannot be stored."""
    if kind is not None:
        check_id(kind, ID)
    if size is not None and size < 0:
        raise Invalid("size", "negative", "a size is 0 or more")
    name = checked_name(name)
    return {
        "name_zh": name.zh,
        "name_en": name.en,
        "kind": kind,
        "size": None if size is None else decimal_text(size),
    }
