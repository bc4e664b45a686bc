"""Texts as workbooks store them: Excel reads `_x0041_` as a character; a text that says so is kept as it is."""

from __future__ import annotations

import re

_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def escaped(text: str) -> str:
    """Return a text so that Excel reads it literally."""
    return _LOOKS_ESCAPED.sub("_x005F_", text)
