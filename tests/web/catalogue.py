"""Every msgid that the product may show, and every English text that answers it. Knows Babel, no page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from app.i18n import CATALOGUES
from app.settings import CHECKOUT

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "translate": None,
    "translate_plural": (1, 2),
    "msgid": None,
    "pgettext": ((1, "c"), 2),
    "translate_in": ((1, "c"), 2),
}
JINJA = {"extensions": "jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
TEMPLATES = (CHECKOUT / "app", CHECKOUT / "reports")
FILLED_IN = re.compile(r"%\((\w+)\)s")
MAY_BE_FILLED_IN = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Use:
    """A msgid (several for plurals) and where it stands."""

    msgid: tuple[str, ...]
    context: str | None
    place: str


def uses() -> Iterator[Use]:
    """Yield every msgid of the Python files and templates."""
    for path in sorted((CHECKOUT / "app").rglob("*.py")):
        yield from _uses_in(path, "python", {})
    for folder in TEMPLATES:
        for path in sorted(folder.rglob("*.html")):
            yield from _uses_in(path, "jinja2.ext:babel_extract", JINJA)


def _uses_in(path: Path, method: str, options: dict[str, str]) -> Iterator[Use]:
    found = extract_from_file(method, path, keywords=KEYWORDS, options=options)
    for line, message, _comments, context in found:
        ids = message if isinstance(message, tuple) else (message,)
        yield Use(tuple(str(one) for one in ids), context, f"{path.relative_to(CHECKOUT)}:{line}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an English catalogue."""

    msgid: tuple[str, ...]
    context: str | None
    english: tuple[str, ...]
    fuzzy: bool
    place: str


def entries() -> Iterator[Entry]:
    """Yield every entry of the English catalogues."""
    for path in sorted((CATALOGUES / "en" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    yield Entry(
                        _tuple(message.id),
                        message.context,
                        _tuple(message.string),
                        message.fuzzy,
                        f"{path.name}:{message.lineno}",
                    )


def _tuple(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def fills_in(english: str, msgid: str) -> bool:
    """Tell whether a translation names the same `%(values)s`, and no `{value}` that is not there."""
    same = set(FILLED_IN.findall(english)) == set(FILLED_IN.findall(msgid))
    return same and set(MAY_BE_FILLED_IN.findall(english)) <= set(MAY_BE_FILLED_IN.findall(msgid))
