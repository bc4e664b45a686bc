"""What the sheets of an exported workbook are called. Knows Excel's rules for names, nothing of what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.core.text import Locale

META, LISTS = "meta", "lists"
INSTRUCTIONS: dict[Locale, str] = {"zh": "填写说明", "en": "Read me"}
LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_titles(names: Iterable[str]) -> tuple[str, ...]:
    """Return a title for each name, numbered, none alike, as Excel allows them: at most 31 UTF-16 units."""
    return tuple(_shortened(f"{number} {_plain(name)}") for number, name in enumerate(names, start=1))


def _plain(name: str) -> str:
    return " ".join(_FORBIDDEN.sub(" ", name).split()).strip("' ")


def _shortened(title: str) -> str:
    while len(title.encode("utf-16-le")) // 2 > LONGEST:
        title = title[:-1]
    return title.strip("' ")
