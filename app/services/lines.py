"""Short texts that people type as names: one line, no control characters, not longer than a screen can show."""

from __future__ import annotations

import unicodedata

from app.services.refusals import Invalid

UNSEEN = ("Cc", "Cs", "Zl", "Zp")  # control characters, lone surrogates, line and paragraph separators


def one_line(text: str, *, field: str, longest: int) -> str:
    """Return `text` without blanks around it; Invalid (`bad-name`) unless it is one line of at most `longest`."""
    line = text.strip()
    if len(line) > longest or any(unicodedata.category(character) in UNSEEN for character in line):
        message = f"{field} is one line of at most {longest} characters"
        raise Invalid(field, "bad-name", message, most=str(longest))
    return line
