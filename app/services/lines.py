"""Texts that people type: names of one line, reasons of several. No control characters, not longer than is allowed."""

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


def paragraph(text: str, *, field: str, longest: int, required: bool = False) -> str:
    """Return `text` without blanks around it; lines are kept.

    Invalid: `text-too-long`, `control-characters`, and `text-missing` where it is `required`.
    """
    words = text.replace("\r\n", "\n").strip()
    if required and not words:
        raise Invalid(field, "text-missing", f"{field} must be filled in")
    if len(words) > longest:
        raise Invalid(field, "text-too-long", f"{field} has at most {longest} characters", most=str(longest))
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t" for one in words):
        raise Invalid(field, "control-characters", f"{field} must not hold control characters")
    return words
